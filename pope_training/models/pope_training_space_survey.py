from odoo import models


class TrainingEnrolment(models.Model):
    """The surveys that wait for the trainee, on their page."""

    _inherit = "pope.training.enrolment"

    def _space_links(self):
        waiting = self.env["survey.user_input"].search(
            [
                ("pope_enrolment_id", "=", self.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "!=", "done"),
                ("survey_id.active", "=", True),
            ],
            order="id",
        )
        return super()._space_links() + [(answer.survey_id.title, answer.get_start_url()) for answer in waiting]
