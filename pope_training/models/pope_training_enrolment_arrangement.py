from odoo import fields, models


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
        written = self.env["pope.quality.feedback"].search([("partner_id", "in", self.ids)])
        self._pope_blank_texts(written, ("author_name", "author_email", "author_phone"), neutral)
        self._pope_blank_threads(written, written, neutral)
