import uuid

from odoo import api, fields, models

TEXTS = ("text_box", "char_box")


class SurveyUserInput(models.Model):
    """The answer of somebody enrolled, an employer, a trainer or a funder to a survey of ours."""

    _inherit = "survey.user_input"

    pope_enrolment_id = fields.Many2one(
        "pope.training.enrolment", string="Trainee", ondelete="set null", index="btree_not_null", readonly=True
    )
    pope_event_id = fields.Many2one(
        "event.event", string="Session", ondelete="set null", index="btree_not_null", readonly=True
    )
    pope_program_id = fields.Many2one(related="pope_event_id.pope_program_id", string="Programme", store=True)
    pope_company_id = fields.Many2one("res.company", string="Pole", readonly=True, index="btree_not_null")
    pope_kind = fields.Selection(related="survey_id.pope_kind", store=True)
    pope_date = fields.Date(string="Asked On", readonly=True)
    pope_rate = fields.Float(
        string="Response Rate (%)", compute="_compute_pope_rate", store=True, aggregator="avg", digits=(5, 1)
    )
    pope_score = fields.Float(
        string="Mean Mark (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Mean of the marks given, from 0 to 100.",
    )
    pope_has_score = fields.Boolean(string="Marked", readonly=True)
    pope_comments = fields.Text(string="Comments", readonly=True)

    @api.depends("state", "pope_kind")
    def _compute_pope_rate(self):
        for answer in self:
            answer.pope_rate = 100 if answer.pope_kind and answer.state == "done" else 0

    @api.model
    @api.private
    def _pope_ask(self, values_list):
        """Make the answers that people are about to be asked for, all at once.

        :param values_list: for each of them survey, partner, company, and enrolment or session where there is one
        """
        Langs = self.env["res.lang"]
        questions = {
            survey: survey._prepare_user_input_predefined_questions().ids
            for survey in {values["survey"] for values in values_list}
        }
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True, tracking_disable=True)
        return quiet.create(
            [
                {
                    "survey_id": values["survey"].id,
                    "partner_id": values["partner"].id,
                    "email": values["partner"].email,
                    "nickname": values["partner"].name,
                    "lang_id": Langs._get_data(code=values["partner"].lang).id,
                    # each answer has tries of its own
                    "invite_token": str(uuid.uuid4()),
                    "predefined_question_ids": [fields.Command.set(questions[values["survey"]])],
                    "pope_enrolment_id": values["enrolment"].id if values.get("enrolment") else False,
                    "pope_event_id": values["event"].id if values.get("event") else False,
                    "pope_company_id": values["company"].id,
                    "pope_date": fields.Date.context_today(self),
                }
                for values in values_list
            ]
        )

    def _mark_done(self):
        result = super()._mark_done()
        if own := self.filtered("pope_kind"):
            own._pope_collect()
        return result

    def _pope_collect(self):
        """What an answer tells: marks, comments, arrangements needed, what was learned."""
        for answer in self:
            lines = answer.user_input_line_ids.filtered(lambda line: not line.skipped)
            marks = [
                100 * (line.value_scale - question.scale_min) / (question.scale_max - question.scale_min)
                for line in lines
                if (question := line.question_id).question_type == "scale" and question.scale_max > question.scale_min
            ]
            open_lines = lines.filtered(
                lambda line: line.answer_type in TEXTS and not line.question_id.pope_is_sensitive
            )
            answer.write(
                {
                    "pope_score": sum(marks) / len(marks) if marks else 0,
                    "pope_has_score": bool(marks),
                    "pope_comments": "\n".join(line.value_text_box or line.value_char_box for line in open_lines),
                }
            )
        self.filtered(lambda answer: answer.pope_kind == "needs").pope_enrolment_id._note_needs()
        self.filtered(lambda answer: answer.pope_kind == "assessment").pope_enrolment_id._note_results()

    def _pope_said(self):
        """Question and answer, in words, without what only the small group reads.

        :return: list of (question, answer)
        """
        lines = self.user_input_line_ids.filtered(lambda line: not line.skipped)
        said = {}
        for line in lines.filtered(lambda line: not line.question_id.pope_is_sensitive):
            text = line.value_text_box or line.display_name
            if line.matrix_row_id:
                text = f"{line.matrix_row_id.value} – {line.suggested_answer_id.value}"
            said.setdefault(line.question_id, []).append(str(text))
        return [(question.title, " · ".join(texts)) for question, texts in said.items()]


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _pope_blank_related(self, neutral):
        """What somebody answered stays counted, and is nobody's any more: who, the words, and the link."""
        super()._pope_blank_related(neutral)
        # sudo: whoever anonymises, without reading surveys
        answers = (
            self.env["survey.user_input"]
            .sudo()
            .search(
                [
                    ("pope_kind", "!=", False),
                    "|",
                    ("partner_id", "in", self.ids),
                    ("pope_enrolment_id.partner_id", "in", self.ids),
                ]
            )
        )
        texts = answers.user_input_line_ids.filtered(lambda line: line.answer_type in TEXTS)
        texts.filtered(lambda line: line.answer_type == "text_box").value_text_box = "…"
        texts.filtered(lambda line: line.answer_type == "char_box").value_char_box = "…"
        for answer in answers:  # the link that was sent opens nothing any more
            answer.write({"pope_comments": False, "access_token": str(uuid.uuid4())})
        own = answers.filtered(lambda answer: answer.partner_id in self)
        own.write({"partner_id": False, "email": False, "nickname": False})
