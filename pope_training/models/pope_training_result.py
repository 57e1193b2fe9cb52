from odoo import api, fields, models
from odoo.exceptions import UserError

LEVELS = [("acquired", "Acquired"), ("in_progress", "Being acquired"), ("not_acquired", "Not acquired")]


class TrainingResult(models.Model):
    """What somebody learned, objective by objective: for the statement at the end of the training."""

    _name = "pope.training.result"
    _description = "Result of an Assessment"
    _order = "enrolment_id, sequence, id"
    _rec_name = "objective"

    enrolment_id = fields.Many2one(
        "pope.training.enrolment", string="Trainee", required=True, ondelete="cascade", index=True
    )
    event_id = fields.Many2one(related="enrolment_id.event_id", string="Session", store=True)
    company_id = fields.Many2one(related="enrolment_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    objective = fields.Char(required=True)
    level = fields.Selection(LEVELS)
    is_declared = fields.Boolean(
        string="Said by the Trainee", readonly=True, help="From the survey; the team or the trainer may correct it."
    )

    _objective_unique = models.UniqueIndex("(enrolment_id, objective)", "This objective is in the list already.")

    def write(self, vals):
        """What a person of the team writes is theirs."""
        if "level" in vals and "is_declared" not in vals:
            vals = {**vals, "is_declared": False}
        return super().write(vals)


class TrainingEnrolment(models.Model):
    """What the surveys bring to an enrolment."""

    _inherit = "pope.training.enrolment"

    answer_ids = fields.One2many("survey.user_input", "pope_enrolment_id", string="Surveys")
    result_ids = fields.One2many("pope.training.result", "enrolment_id", string="What Was Learned")
    result_summary = fields.Char(string="Results", compute="_compute_result_summary")

    @api.depends("result_ids.level")
    @api.depends_context("lang")
    def _compute_result_summary(self):
        for enrolment in self:
            known = enrolment.result_ids.filtered("level")
            acquired = known.filtered(lambda result: result.level == "acquired")
            enrolment.result_summary = known and self.env._(
                "%(acquired)s of %(total)s objectives acquired", acquired=len(acquired), total=len(enrolment.result_ids)
            )

    def action_list_objectives(self):
        """The objectives of the programme, to be noted one by one."""
        self.check_access("write")
        for enrolment in self:
            objectives = enrolment.program_id._objective_texts()
            if not objectives:
                raise UserError(self.env._("Write the objectives of the programme first, one a line."))
            known = set(enrolment.result_ids.mapped("objective"))
            self.env["pope.training.result"].create(
                [
                    {"enrolment_id": enrolment.id, "objective": text, "sequence": number}
                    for number, text in enumerate(objectives, 1)
                    if text not in known
                ]
            )

    @api.private
    def _note_results(self):
        """The grid of the survey, row by row; a row that the team noted stays."""
        Result = self.env["pope.training.result"]
        values_list = []
        for enrolment in self:
            answers = enrolment.answer_ids.filtered(lambda row: row.pope_kind == "assessment" and row.state == "done")
            lines = answers[:1].user_input_line_ids.filtered(lambda line: line.matrix_row_id and not line.skipped)
            known = {result.objective: result for result in enrolment.result_ids}
            for line in lines:
                choices = line.question_id.suggested_answer_ids.sorted("sequence")
                place = list(choices).index(line.suggested_answer_id)
                level = LEVELS[min(place, len(LEVELS) - 1)][0]
                result = known.get(line.matrix_row_id.value, Result)
                if result and (result.is_declared or not result.level):
                    result.write({"level": level, "is_declared": True})
                elif not result:
                    values_list.append(
                        {
                            "enrolment_id": enrolment.id,
                            "objective": line.matrix_row_id.value,
                            "sequence": line.matrix_row_id.sequence,
                            "level": level,
                            "is_declared": True,
                        }
                    )
        Result.create(values_list)

    @api.private
    def _note_needs(self):
        """They were asked about arrangements; what they asked for is kept for the small group."""
        for enrolment in self:
            answers = enrolment.answer_ids.filtered(lambda row: row.pope_kind == "needs" and row.state == "done")
            lines = answers.user_input_line_ids.filtered(
                lambda line: line.question_id.pope_is_sensitive and line.answer_type in ("text_box", "char_box")
            )
            enrolment.is_asked_needs = True
            text = "\n".join(line.value_text_box or line.value_char_box for line in lines if not line.skipped)
            if text and not enrolment.arrangements:
                enrolment.arrangements = text
