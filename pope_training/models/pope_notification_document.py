from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

# the documents that the house rules go with (Code du travail, L6352-3)
WITH_RULES = ("information", "convocation")


class Notification(models.Model):
    """E-mails that bring a document."""

    _inherit = "pope.notification"

    document_ids = fields.Many2many("pope.training.document", string="Documents", readonly=True)
    documents_list = fields.Html(compute="_compute_documents_list", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), "object.documents_list")

    @api.depends("document_ids", "enrolment_id")
    def _compute_documents_list(self):
        for row in self:
            # sudo: whoever reads the e-mail reads what it brings
            items = Markup().join(
                Markup("<li><b>%s</b> (%s)</li>") % (document.kind_id.title, document.number)
                for document in row.sudo().document_ids
            )
            row.documents_list = items and Markup("<ul>%s</ul>") % items

    def _attachments(self):
        # sudo: the file goes with the e-mail that brings it
        return super()._attachments() | self.sudo().document_ids.attachment_id

    def _set_sent(self):
        super()._set_sent()
        for row in self:
            # sudo: what left is noted, whoever sends
            informed = row.sudo().document_ids.filtered(lambda document: document.kind_id.code == "information")
            for enrolment in informed.enrolment_id.filtered(lambda enrolment: not enrolment.date_information):
                enrolment.date_information = row.company_id._pope_day_of(self.env.cr.now())


class TrainingDocument(models.Model):
    """A document leaves by the mail engine, or is handed over."""

    _inherit = "pope.training.document"

    notification_ids = fields.Many2many("pope.notification", string="E-mails", readonly=True)
    date_sent = fields.Datetime(string="Sent On", compute="_compute_date_sent", store=True)
    date_given = fields.Date(string="Handed Over On", readonly=True, help="On paper, by hand or by post.")

    @api.depends("notification_ids.state", "notification_ids.date_sent")
    def _compute_date_sent(self):
        """When it left, the last time."""
        for document in self:
            # sudo: e-mails count wherever the user may look
            sent = document.sudo().notification_ids.filtered(lambda row: row.state == "sent")
            document.date_sent = max(filter(None, sent.mapped("date_sent")), default=False)

    def action_send(self):
        """Each trainee receives their documents, in one e-mail."""
        documents = self._ours().filtered(lambda document: document.state == "issued" and document.enrolment_id)
        if not documents:
            raise UserError(self.env._("Choose documents of trainees, in force."))
        rows = documents._send()
        unreached = rows.filtered(lambda row: not row.email)
        message = self.env._("E-mails that leave now: %(count)s.", count=len(rows - unreached))
        if unreached:
            names = ", ".join(unreached.partner_id.mapped("name"))
            message += " " + self.env._("Without an e-mail address: %(names)s.", names=names)
        return self.env["event.event"]._pope_said(message, warning=bool(unreached))

    @api.private
    def _send(self):
        """Plan an e-mail to each trainee with these documents; the house rules go with those that need them.

        :return: the e-mails
        """
        rows = self.enrolment_id._tell("document")
        self._go_with(rows)
        return rows

    @api.private
    def _go_with(self, rows):
        """Attach to each e-mail about an enrolment the documents of that enrolment."""
        # sudo: the mail engine writes its own rows, and the file of a document goes with its e-mail, whoever asks
        by_enrolment = self.sudo().grouped("enrolment_id")
        for row in rows.sudo():
            documents = by_enrolment.get(row.enrolment_id, self.sudo().browse())
            if set(documents.kind_id.mapped("code")).intersection(WITH_RULES):
                documents |= documents.company_id.pope_house_rules_id
            row.document_ids |= documents

    def action_given(self):
        """Handed over on paper today."""
        self._ours().date_given = fields.Date.context_today(self)
        for document in self._ours().filtered(lambda document: document.kind_id.code == "information"):
            document.enrolment_id.date_information = document.enrolment_id.date_information or document.date_given


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    def _still_wants(self, trigger):
        if trigger == "document":
            return self.registration_id.active and self.state in ("open", "done")
        return super()._still_wants(trigger)
