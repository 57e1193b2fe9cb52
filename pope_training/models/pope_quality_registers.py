from dateutil.relativedelta import relativedelta

from odoo import fields, models

YEAR = relativedelta(years=1)
TWO_YEARS = relativedelta(years=2)
ONE_IS_ENOUGH = ("attached", "survey", "survey_used", "network", "improvement")
NONE_IS_A_LACK = ("watch", "risk", "skill")  # elsewhere, a rule without object


class QualityEvidenceRule(models.Model):
    """What the team keeps all year proves the indicators 22 to 32: the auditor looks at what was made of it."""

    _inherit = "pope.quality.evidence.rule"

    check = fields.Selection(
        selection_add=[
            ("feedback", "Complaints, difficulties and hazards of the year are closed"),
            ("watch", "Watch notes of the year were used, of these fields"),
            ("improvement", "Improvement actions had their effect reviewed"),
            ("risk", "Risks have a measure and a review to come"),
            ("skill", "Lines of the skills plan were done"),
            ("review", "Subcontractors were reviewed"),
            ("survey", "Surveys of the year were answered, of these kinds"),
            ("survey_used", "Answers of the year led to an improvement action"),
            ("network", "Partners have a role, of these codes"),
        ],
        ondelete=dict.fromkeys(
            ("feedback", "watch", "improvement", "risk", "skill", "review", "survey", "survey_used", "network"),
            "cascade",
        ),
    )

    def _known_asked(self):
        """The words that a rule may ask for, where they are not fields: None where it asks for none of ours."""
        if self.check == "watch":
            return self.env["pope.quality.watch"]._fields["domain"].get_values(self.env)
        if self.check == "survey":
            return self.env["survey.survey"]._fields["pope_kind"].get_values(self.env)
        if self.check == "network":
            return self.env["pope.partner.role"].search([("code", "!=", False)]).mapped("code")
        return None

    def _of_company(self, model, facts, domain, names):
        """The records with what is looked at of them, in one query."""
        return self.env[model].search_fetch([("company_id", "=", facts["company"].id), *domain], names)

    def _look_feedback(self, facts):
        day = facts["day"]
        asked = self._of_company(
            "pope.quality.feedback", facts, [("date", "<=", day), ("date", ">", day - YEAR)], ["state"]
        )
        return asked.filtered(lambda feedback: feedback.state == "closed"), asked

    def _look_watch(self, facts):
        day, names = facts["day"], self._asked_names()
        if "watch" not in facts:
            year = [("date", "<=", day), ("date", ">", day - YEAR)]
            facts["watch"] = self._of_company("pope.quality.watch", facts, year, ["domain", "use"])
        asked = facts["watch"].filtered(lambda note: note.domain in names)
        return asked.filtered(lambda note: note.use != "noted"), asked

    def _look_improvement(self, facts):
        day = facts["day"]
        own = [("date_begin", "<=", day), ("date_begin", ">", day - TWO_YEARS), ("state", "!=", "dropped")]
        asked = self._of_company("pope.quality.action", facts, own, ["date_reviewed"])
        return asked.filtered(lambda action: action.date_reviewed and action.date_reviewed <= day), asked

    def _look_risk(self, facts):
        asked = self._of_company("pope.quality.risk", facts, [], ["measure", "date_review"])
        held = asked.filtered(lambda risk: risk.measure and risk.date_review and risk.date_review >= facts["day"])
        return held, asked

    def _look_skill(self, facts):
        day = facts["day"]
        due = ["&", ("date_done", "=", False), ("date_planned", "<=", day)]
        done = ("date_done", ">", day - TWO_YEARS)
        asked = self._of_company("pope.staff.skill", facts, ["|", *due, done], ["date_done"])
        return asked.filtered(lambda line: line.date_done and line.date_done <= day), asked

    def _look_review(self, facts):
        day = facts["day"]
        asked = facts["trainers"].filtered("pope_is_subcontractor")
        own = [("partner_id", "in", asked.ids), ("date", "<=", day), ("date", ">", day - TWO_YEARS)]
        return self._of_company("pope.trainer.review", facts, own, ["partner_id"]).partner_id, asked

    def _surveys(self, facts):
        """What was asked in the year, read once for all rules."""
        day = facts["day"]
        if "surveys" not in facts:
            facts["surveys"] = self.env["survey.user_input"].search_fetch(
                [
                    ("pope_company_id", "=", facts["company"].id),
                    ("pope_kind", "!=", False),
                    ("pope_date", "<=", day),
                    ("pope_date", ">", day - YEAR),
                ],
                ["pope_kind", "state", "pope_event_id", "pope_program_id"],
            )
        return facts["surveys"]

    def _look_survey(self, facts):
        names = self._asked_names()
        asked = self._surveys(facts).filtered(lambda answer: answer.pope_kind in names)
        return asked.filtered(lambda answer: answer.state == "done"), asked

    def _look_survey_used(self, facts):
        """Answers about a session, a programme or the whole year that an action came from."""
        day = facts["day"]
        asked = self._surveys(facts).filtered(lambda answer: answer.state == "done")
        own = [("source", "=", "survey"), ("date_begin", "<=", day), ("date_begin", ">", day - YEAR)]
        own.append(("state", "!=", "dropped"))
        actions = self._of_company("pope.quality.action", facts, own, ["event_id", "program_id"])
        if any(not action.event_id and not action.program_id for action in actions):
            return asked, asked
        return asked.filtered(
            lambda answer: answer.pope_event_id in actions.event_id or answer.pope_program_id in actions.program_id
        ), asked

    def _look_network(self, facts):
        own = [("pope_role_ids.code", "in", self._asked_names()), ("company_id", "in", (facts["company"].id, False))]
        found = self.env["res.partner"].search(own)
        return found, found
