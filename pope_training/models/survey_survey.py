from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("needs", "Needs"),
    ("placement", "Placement"),
    ("assessment", "Assessment of learning"),
    ("end", "End of course"),
    ("trainer", "Trainer"),
    ("followup", "Follow-up of the trainee"),
    ("employer", "Follow-up of the employer"),
    ("insertion", "Job found"),
    ("funder", "Funder, once a year"),
]


class Survey(models.Model):
    """Surveys of ours have a kind; the others stay Odoo's own."""

    _inherit = "survey.survey"

    survey_type = fields.Selection(selection_add=[("pope", "PôPE")], ondelete={"pope": "set default"})
    pope_kind = fields.Selection(KINDS, string="What It Asks", index="btree_not_null", copy=True)
    pope_program_ids = fields.Many2many(
        "pope.training.program",
        "pope_survey_program_rel",
        string="Training Programmes",
        copy=False,
        help="Empty: for every programme that has none of its own.",
    )

    @api.depends("survey_type")
    @api.depends_context("uid")
    def _compute_allowed_survey_types(self):
        """The kinds of Odoo's surveys are offered as before; ours only has its own."""
        super()._compute_allowed_survey_types()
        self.filtered(lambda survey: survey.survey_type == "pope").allowed_survey_types = False

    @api.model
    @api.private
    def _pope_for(self, kinds, programs):
        """The survey of each kind that a programme uses: its own, or the one of all.

        :return: dict (kind, programme) → survey, where there is one
        """
        # sudo: whoever sends, without reading surveys
        surveys = self.sudo().search([("pope_kind", "in", list(kinds))], order="id")
        found = {}
        for kind in kinds:
            of_kind = surveys.filtered(lambda survey, kind=kind: survey.pope_kind == kind and survey.question_ids)
            for program in programs:
                own = of_kind.filtered(lambda survey, program=program: program in survey.pope_program_ids)
                common = of_kind.filtered(lambda survey: not survey.pope_program_ids)
                if survey := (own or common)[:1]:
                    found[kind, program] = survey
        return found

    @api.private
    def _pope_ask_objectives(self, objectives):
        """The rows of its grid are those objectives."""
        grid = self.question_ids.filtered(lambda question: question.question_type == "matrix")[:1]
        grid.matrix_row_ids.unlink()
        rows = [(0, 0, {"value": text, "sequence": number}) for number, text in enumerate(objectives, 1)]
        grid.matrix_row_ids = rows

    def _pope_action_open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "survey.survey",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("pope_training.survey_survey_view_form").id, "form")],
        }


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    pope_is_sensitive = fields.Boolean(
        string="Only for the Small Group", help="What is answered is read by those who read sensitive data only."
    )


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    def action_make_assessment(self):
        """A survey of its own that asks about each of its objectives."""
        self.ensure_one()
        self.check_access("write")
        objectives = self._objective_names()
        if not objectives:
            raise UserError(self.env._("Write the objectives of the programme first, one a line."))
        Survey = self.env["survey.survey"].sudo()  # sudo: surveys belong to who makes them; this one is made here only
        own = Survey.search([("pope_kind", "=", "assessment"), ("pope_program_ids", "in", self.ids)], limit=1)
        if not own:
            model = Survey._pope_for(["assessment"], self).get(("assessment", self))
            if not model:
                raise UserError(self.env._("The survey that assesses learning is archived: bring it back first."))
            title = self.env._("Assessment: %(program)s", program=self.name)
            own = model.copy({"title": title, "pope_program_ids": self.ids})
            own._pope_ask_objectives(objectives)
        return own.sudo(False)._pope_action_open()
