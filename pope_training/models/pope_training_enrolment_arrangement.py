from odoo import api, fields, models
from odoo.fields import Domain


class TrainingEnrolment(models.Model):
    """The register of what was arranged for people with a disability or another need (RNQ, indicators 10 and 26)."""

    _inherit = "pope.training.enrolment"

    arrangements_made = fields.Text(
        string="Arranged", groups="pope_crm.group_pope_sensitive", help="What was done, or why it could not be."
    )
    date_arranged = fields.Date(string="Arranged On", groups="pope_crm.group_pope_sensitive")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _pope_blank_related(self, neutral):
        super()._pope_blank_related(neutral)
        # sudo: the small group alone reads it, whoever anonymises
        self.pope_enrolment_ids.sudo().write({"arrangements_made": False, "date_arranged": False})
        self._pope_blank_registers(neutral)

    def _pope_blank_registers(self, neutral):
        """Complaints and reports say who wrote, as the public page took it, and may name anybody."""
        Feedback = self.env["pope.quality.feedback"]
        written = Feedback.search([("partner_id", "in", self.ids)])
        written.write({"author_email": False, "author_phone": False})
        told = written | Feedback.search([("partner_id", "=", False)]) | self.pope_enrolment_ids.event_id._pope_told()
        self._pope_blank_texts(told, (*AUTHOR, "name", "description", "analysis", "answer"), neutral)
        self._pope_blank_threads(told, written, neutral)
        # sudo: the small group alone reads the reports, whoever anonymises
        Report, texts = self.env["pope.quality.report"].sudo(), (*AUTHOR, "description", "measures")
        reports = Report.search(Domain.OR([(name, "!=", False)] for name in texts))
        self._pope_blank_texts(reports, texts, neutral)


class EventEvent(models.Model):
    _inherit = "event.event"

    @api.private
    def _pope_told(self):
        """The complaints about these sessions."""
        return self.env["pope.quality.feedback"].search([("event_id", "in", self.ids)])


# who wrote, in the registers
AUTHOR = ("author_name", "author_email", "author_phone")
