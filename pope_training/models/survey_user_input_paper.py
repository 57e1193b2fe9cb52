from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SurveyUserInput(models.Model):
    """An answer written on paper is typed by the team on the page of its person: it counts once, like those given on
    line, and says that it was on paper."""

    _inherit = "survey.user_input"

    pope_is_paper = fields.Boolean(string="On Paper", readonly=True, copy=False)
    pope_typist_id = fields.Many2one(
        "res.users", string="Typed By", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )

    @api.private
    def _pope_note_paper(self, user):
        self.write({"pope_is_paper": True, "pope_typist_id": user.id})

    @api.private
    def _pope_answered_words(self):
        """How and when it was answered, in the language of the context."""
        day = format_date(self.env, fields.Datetime.context_timestamp(self, self.end_datetime).date())
        if self.pope_is_paper:
            return self.env._("The team typed on %(day)s what was written on paper: nothing more is to do.", day=day)
        return self.env._("This survey was answered on line on %(day)s.", day=day)

    @api.private
    def _pope_done_note(self, too_late):
        """What the page says of an answer that counts already; nothing to who has just answered on line.

        :param too_late: whether somebody has just filled it in again
        """
        if too_late:
            kept = self.env._("What has just been filled in is not kept: an answer counts once.")
            return f"{self._pope_answered_words()} {kept}"
        return self._pope_answered_words() if self.pope_is_paper else False

    def action_pope_enter(self):
        """Type what somebody wrote on paper, or said."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "done":
            raise UserError(self._pope_answered_words())
        return {"type": "ir.actions.act_url", "url": f"/pope/enquete/papier/{self.id}", "target": "self"}


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    @api.private
    def _answer_to_type(self, kind):
        """The answer of the trainee, or of their employer, to a survey: the one that was asked for, or a new one where
        nothing was sent, as to who has no address."""
        self.ensure_one()
        person = self.employer_id if kind == "employer" else self.partner_id
        if not person:
            raise UserError(self.env._("%(name)s has no employer here.", name=self.display_name))
        asked = self.answer_ids.filtered(lambda answer: answer.pope_kind == kind and answer.partner_id == person)
        if asked:
            return asked.sorted("id")[:1]
        survey = self.env["survey.survey"]._pope_for([kind], self.program_id).get((kind, self.program_id))
        if not survey:
            raise UserError(self.env._("This survey is archived: bring it back first."))
        values = {"survey": survey, "partner": person, "enrolment": self, "event": self.event_id}
        # sudo: answers are made by the engine only; who may write on the enrolment types what was written on paper
        answers = self.env["survey.user_input"].sudo()
        return answers._pope_ask([{**values, "company": self.company_id}]).sudo(False)
