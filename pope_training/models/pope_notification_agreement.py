from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.pope_crm.models.pope_notification import BUTTON

TRIGGERS = ("agreement_link", "agreement_code", "agreement_signed", "agreement_withdrawn")


class NotificationRule(models.Model):
    """Agreements and contracts are a source of e-mails: to who signs them."""

    _inherit = "pope.notification.rule"

    source = fields.Selection(
        selection_add=[("agreement", "Agreement or training contract")], ondelete={"agreement": "cascade"}
    )
    trigger = fields.Selection(
        selection_add=[
            ("agreement_link", "An agreement is sent to be signed"),
            ("agreement_code", "A code to sign an agreement is asked for"),
            ("agreement_signed", "An agreement is signed"),
            ("agreement_withdrawn", "A contract is withdrawn from"),
        ],
        ondelete=dict.fromkeys(TRIGGERS, "cascade"),
    )
    recipients = fields.Selection(selection_add=[("signatory", "Who signs")], ondelete={"signatory": "cascade"})

    @api.constrains("source", "trigger", "recipients", "stage_id")
    def _check_agreement(self):
        for rule in self:
            about = rule.source == "agreement"
            fits = rule.recipients == "signatory" and rule.trigger in TRIGGERS and not rule.stage_id
            if not fits if about else rule.recipients == "signatory" or rule.trigger in TRIGGERS:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: what happens to an agreement is told to who signs it, whatever the stage.",
                        name=rule.name,
                    )
                )

    @api.model
    def _source_dates(self):
        return {**super()._source_dates(), "agreement": ("pope.training.agreement", [])}

    def _source_field(self):
        return "agreement_id" if self.source == "agreement" else super()._source_field()

    def _source_values(self, record):
        return {"agreement_id": record.id} if self.source == "agreement" else super()._source_values(record)

    def _recipients(self, records):
        if self.source == "agreement":
            return {record: record.signatory_id for record in records}
        return super()._recipients(records)

    def _record_of(self, lead):
        return self.env["pope.training.agreement"] if self.source == "agreement" else super()._record_of(lead)


class Notification(models.Model):
    _inherit = "pope.notification"

    agreement_id = fields.Many2one("pope.training.agreement", ondelete="set null", index="btree_not_null")
    agreement_name = fields.Char(compute="_compute_agreement_words")
    agreement_link = fields.Html(string="Link to the Agreement", compute="_compute_agreement_words", sanitize=False)
    agreement_code = fields.Char(string="Code for the Agreement", compute="_compute_agreement_words")
    agreement_delay = fields.Char(string="Withdrawal Period", compute="_compute_agreement_words")

    @api.model
    def mail_allowed_qweb_expressions(self):
        words = ("agreement_name", "agreement_link", "agreement_code", "agreement_delay")
        return (*super().mail_allowed_qweb_expressions(), *(f"object.{word}" for word in words))

    @api.depends("agreement_id", "lang", "partner_id")
    def _compute_agreement_words(self):
        for row in self:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            # sudo: whoever reads an e-mail reads what it says of the agreement
            agreement = told.agreement_id.sudo()
            row.agreement_name = agreement and told.env._(
                "%(title)s %(number)s, %(session)s",
                title=agreement._title(),
                number=agreement.number or "",
                session=agreement.event_id.name,
            )
            saved = row._origin and agreement
            label = told.env._("Read and sign") if agreement.state == "sent" else told.env._("Read it again")
            row.agreement_link = BUTTON % (agreement._sign_url(), label) if saved else False
            row.agreement_code = saved and row.rule_id.trigger == "agreement_code" and row._origin._code()
            row.agreement_delay = agreement and agreement._delay_sentence()

    def _still_valid(self):
        if self.agreement_id and not self.is_manual and not self.agreement_id._still_wants(self.rule_id.trigger):
            return False, "obsolete"
        return super()._still_valid()

    def _thread(self):
        return self.agreement_id or super()._thread()
