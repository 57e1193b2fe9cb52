from odoo import api, fields, models
from odoo.fields import Command

SENDING = "pope_sending_obligations"  # key of the context: ids of what the mail being written hands over


class Funding(models.Model):
    """The mail to the funder is written and logged on the file; what it hands over is then done."""

    _inherit = "pope.funding"

    contact_id = fields.Many2one(
        "res.partner",
        string="Contact at the Funder",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
        tracking=True,
        help="The person who handles the file; mail to the funder goes to them.",
    )
    sending_label = fields.Char(
        string="What the Mail Hands Over",
        compute="_compute_sending_label",
        help="For the text of the mail: the reports that it carries, or the name of the file.",
    )

    @api.depends("partner_id")
    def _compute_contact_id(self):
        """The contact of another funder is none of this one."""
        for funding in self:
            if funding.contact_id.commercial_partner_id != funding.partner_id.commercial_partner_id:
                funding.contact_id = False

    @api.depends("name", "obligation_ids.name")
    @api.depends_context(SENDING)
    def _compute_sending_label(self):
        for funding in self:
            funding.sending_label = ", ".join(funding._sending().mapped("name")) or funding.name

    def _sending(self):
        """The obligations of this file that the mail being written hands over."""
        ids = self.env.context.get(SENDING) or []
        return self.obligation_ids.filtered(lambda obligation: obligation.id in ids)

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["contact_id", "partner_id"]

    def action_send(self):
        """A mail to the funder, with all that is due to it and ready: the reports to do that have a file."""
        self.ensure_one()
        return self._compose(
            self.obligation_ids.filtered(lambda obligation: obligation.state == "to_do" and obligation.attachment_ids)
        )

    def _compose(self, obligations):
        """The usual window to write an e-mail. Nothing is done before it is sent."""
        template = self.env.ref("pope_crm.mail_template_funding", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send to the Funder"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template and template.id,
                "default_composition_mode": "comment",
                "default_attachment_ids": obligations.attachment_ids.ids,
                "force_email": True,
                SENDING: obligations.ids,
            },
        }

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        # a note for colleagues, or a message to nobody, hands over nothing
        if message.partner_ids and not message.subtype_id.internal:
            self._sending()._handed_over(message)
        return result


class FundingObligation(models.Model):
    _inherit = "pope.funding.obligation"

    def action_send(self):
        """A mail to the funder with the files of this report."""
        self.ensure_one()
        return self.funding_id._compose(self)

    def _handed_over(self, message):
        """Sent with the files of the message, once; among several, each with its own files. Without a file: to do."""
        for obligation in self.filtered(lambda obligation: obligation.state == "to_do"):
            files = message.attachment_ids
            if len(self) > 1:
                files &= obligation.attachment_ids
            if not files:
                obligation._tell_without_file()
                continue
            obligation.attachment_ids = [Command.link(file.id) for file in files]
            obligation.action_sent()
            obligation._message_log(
                body=self.env._("Sent to the funder: %(link)s", link=obligation.funding_id._get_html_link())
            )

    def _tell_without_file(self):
        text = self.env._(
            "The message left without a file: “%(name)s” stays to do. Attach its document and send it, "
            "or say that it is sent.",
            name=self.name,
        )
        self.funding_id._message_log(body=text)
        self.env.user._bus_send("simple_notification", {"type": "warning", "sticky": True, "message": text})


class FundingDeadline(models.Model):
    _inherit = "pope.funding.deadline"

    def action_send(self):
        self.ensure_one()
        return (self.obligation_id or self.funding_id).action_send()
