from odoo import api, fields, models

from .survey_user_input import TEXTS


class TrainingAssessment(models.Model):
    """What a trainee says of an objective is kept as such, until the team or the trainer says it."""

    _inherit = "pope.training.assessment"

    is_declared = fields.Boolean(
        string="Said by the Trainee", readonly=True, help="From the survey; the team or the trainer may correct it."
    )

    def write(self, vals):
        if "result" in vals and "is_declared" not in vals:
            vals = {**vals, "is_declared": False}
        return super().write(vals)


class TrainingEnrolment(models.Model):
    """What the surveys bring to an enrolment."""

    _inherit = "pope.training.enrolment"

    answer_ids = fields.One2many("survey.user_input", "pope_enrolment_id", string="Surveys")

    @api.private
    def _note_results(self):
        """The grid of the survey, for the objectives that it names; what the team noted stays."""
        self._list_objectives()
        for enrolment in self:
            answers = enrolment.answer_ids.filtered(lambda row: row.pope_kind == "assessment" and row.state == "done")
            said = {
                line.matrix_row_id.value: line._pope_result()
                for line in answers[:1].user_input_line_ids
                if line.matrix_row_id and not line.skipped
            }
            for objective in enrolment.assessment_ids.filtered(lambda row: row.is_declared or not row.result):
                if result := said.get(objective.name):
                    objective.write({"result": result, "is_declared": True})

    @api.private
    def _note_needs(self):
        """They were asked about arrangements; what they asked for is kept for the small group."""
        for enrolment in self:
            answers = enrolment.answer_ids.filtered(lambda row: row.pope_kind == "needs" and row.state == "done")
            lines = answers.user_input_line_ids.filtered(
                lambda line: line.question_id.pope_is_sensitive and line.answer_type in TEXTS and not line.skipped
            )
            enrolment.is_asked_needs = True
            if lines and not enrolment.arrangements:
                enrolment.arrangements = "\n".join(line.value_text_box or line.value_char_box for line in lines)


class SurveyUserInputLine(models.Model):
    _inherit = "survey.user_input.line"

    def _pope_result(self):
        """The columns of the grid are results, best first."""
        results = [code for code, _label in self.env["pope.training.assessment"]._fields["result"].selection]
        place = self.question_id.suggested_answer_ids.sorted("sequence").ids.index(self.suggested_answer_id.id)
        return results[min(place, len(results) - 1)]
