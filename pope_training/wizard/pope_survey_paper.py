from odoo import api, fields, models

KINDS = ("needs", "placement", "assessment", "end", "followup", "employer", "insertion")


class SurveyPaper(models.TransientModel):
    """Which survey a trainee, or their employer, answered on paper."""

    _name = "pope.survey.paper"
    _description = "Paper Answer to Type"

    enrolment_id = fields.Many2one("pope.training.enrolment", string="Trainee", required=True, readonly=True)
    kind = fields.Selection(selection="_kinds", string="What It Asks", required=True, default="end")

    @api.model
    def _kinds(self):
        labels = dict(self.env["survey.survey"]._fields["pope_kind"]._description_selection(self.env))
        return [(kind, labels[kind]) for kind in KINDS]

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        values.setdefault("enrolment_id", self.env.context.get("active_id"))
        return values

    def action_type(self):
        self.ensure_one()
        self.enrolment_id.check_access("write")
        return self.enrolment_id._answer_to_type(self.kind).action_pope_enter()
