from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.pope_crm.models.pope_notification import BUTTON

FILED = {"placement": "placed", "end": "opinion", "trainer": "trainer_opinion"}  # lines of the file of a session


class Notification(models.Model):
    """E-mails that ask a survey: each carries the link of its person."""

    _inherit = "pope.notification"

    survey_links = fields.Html(string="Links to the Surveys", compute="_compute_survey_links", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), "object.survey_links")

    @api.depends("enrolment_id.answer_ids.state", "session_id.pope_answer_ids.state", "partner_id", "lang", "rule_id")
    def _compute_survey_links(self):
        for row in self:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            answers = {answer.pope_kind: answer for answer in row._answers()}
            buttons = Markup()
            for kind in row._kinds():
                # sudo: the address of the page of whoever receives the e-mail
                answer = answers.get(kind, row.env["survey.user_input"]).sudo()
                if answer.state != "done":
                    url = f"{row.get_base_url()}{answer.get_start_url()}" if answer else "#"
                    buttons += Markup("<p>%s</p>") % (BUTTON % (url, told._survey_label(kind)))
            row.survey_links = buttons or False

    def _survey_label(self, kind):
        """What the button says, in the language of the context."""
        return {
            "needs": self.env._("I say what I expect"),
            "placement": self.env._("I say what I know already"),
            "assessment": self.env._("I say what I learned"),
            "end": self.env._("I give my opinion"),
            "trainer": self.env._("I give my opinion on the session"),
            "followup": self.env._("I say what changed since"),
            "employer": self.env._("I give my opinion on the training"),
            "insertion": self.env._("I say where I am now"),
            "funder": self.env._("I give my opinion of the year"),
        }[kind]

    def _kinds(self):
        """The surveys that the row asks: a half-day has one, and the programme says whether learning is assessed."""
        first, too = self.rule_id.survey_kind, self.rule_id.survey_kind_too
        event = self.event_id
        if too and (event._pope_is_half_day() or (too == "assessment" and not event.pope_program_id.mail_assessment)):
            too = False
        return [kind for kind in (first, too) if kind]

    def _answers(self):
        """The answers that the row's person is asked for."""
        # sudo: whoever reads the e-mail reads the links that it carries
        row = self.sudo()
        kinds = row._kinds()
        if row.session_id:
            rows = row.session_id.pope_answer_ids
            return rows.filtered(lambda answer: answer.pope_kind in kinds and answer.partner_id == row.partner_id)
        return row.enrolment_id.answer_ids.filtered(lambda answer: answer.pope_kind in kinds)

    def _leaving_reason(self):
        reason, rule = super()._leaving_reason(), self.rule_id
        if reason or not rule.survey_kind:
            return reason
        answers = self._answers()
        if len(answers.filtered(lambda answer: answer.state == "done")) == len(self._kinds()):
            return "answered"
        if rule.is_again and not answers:
            return "obsolete"  # nothing was asked
        if rule.survey_kind == "insertion" and self.enrolment_id.bpf_status != "c":
            return "not_asked"
        return False

    def _drop_obsolete(self):
        """A survey that was archived since is not asked."""
        kept = super()._drop_obsolete()
        asking = kept.filtered(lambda row: row.rule_id.survey_kind)
        kinds = set(asking.rule_id.mapped("survey_kind"))
        found = self.env["survey.survey"]._pope_for(kinds, asking.event_id.pope_program_id) if asking else {}
        lost = asking.filtered(lambda row: (row.rule_id.survey_kind, row.event_id.pope_program_id) not in found)
        if lost:
            lost._cancel("obsolete")
        return kept - lost

    def _queue(self):
        self._make_answers()
        return super()._queue()

    def _make_answers(self):
        """The answers that these rows ask for and that nobody was asked for yet, in one batch."""
        asking = self.filtered(lambda row: row.rule_id.survey_kind)
        kinds = {kind for rule in asking.rule_id for kind in rule._survey_kinds()}
        surveys = self.env["survey.survey"]._pope_for(kinds, asking.event_id.pope_program_id)
        values_list = []
        for row in asking:
            known = set(row._answers().mapped("pope_kind"))
            for kind in row._kinds():
                survey = surveys.get((kind, row.event_id.pope_program_id))
                if survey and kind not in known:
                    values_list.append(
                        {
                            "survey": survey,
                            "partner": row.partner_id,
                            "enrolment": row.enrolment_id,
                            "event": row.event_id,
                            "company": row.company_id,
                        }
                    )
        if values_list:
            # sudo: answers are made by the mail engine only
            self.env["survey.user_input"].sudo()._pope_ask(values_list)


class NotificationRule(models.Model):
    _inherit = "pope.notification.rule"

    def _survey_kinds(self):
        return tuple(filter(None, (self.survey_kind, self.survey_kind_too)))

    def _applies_to(self, records):
        """A survey that nobody keeps any more is not asked."""
        kept = super()._applies_to(records)
        if not self.survey_kind or not kept:
            return kept
        events = kept if kept._name == "event.event" else kept.event_id
        found = self.env["survey.survey"]._pope_for((self.survey_kind,), events.pope_program_id)
        asked = events.filtered(lambda event: (self.survey_kind, event.pope_program_id) in found)
        return kept.filtered(lambda record: (record if record._name == "event.event" else record.event_id) in asked)


class EventEvent(models.Model):
    _inherit = "event.event"

    pope_answer_ids = fields.One2many(
        "survey.user_input", "pope_event_id", string="Surveys", groups="pope_crm.group_pope_user"
    )
    pope_answer_count = fields.Integer(
        string="Number of Surveys", compute="_compute_pope_answer_count", groups="pope_crm.group_pope_user"
    )
    pope_answer_rate = fields.Integer(
        string="Answered (%)", compute="_compute_pope_answer_count", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_answer_count(self):
        figures = self.env["survey.user_input"]._pope_figures([("pope_event_id", "in", self.ids)], "pope_event_id")
        for event in self:
            event.pope_answer_count, event.pope_answer_rate = figures.get(event._origin, (0, 0))

    def action_pope_answers(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.survey_user_input_action")
        action["domain"] = [("pope_event_id", "in", self.ids)]
        action["context"] = {}
        return action

    @api.model
    def _pope_file_lines(self):
        return {
            **super()._pope_file_lines(),
            "placed": [self.env._("Needs and level of each trainee known before the first day"), "4, 8"],
            "opinion": [self.env._("Opinion of the trainees at the end"), "30"],
            "trainer_opinion": [self.env._("Opinion of the trainers at the end"), "30"],
        }

    def _pope_file_facts(self):
        """Of those who are enrolled today, and of the trainers, who answered: also where nothing could be sent."""
        facts = super()._pope_file_facts()
        # sudo: the file is counted wherever the user may look
        sessions, Enrolment = self.sudo(), self.env["pope.training.enrolment"].sudo()
        held = [("state", "in", ("open", "done")), ("registration_id.active", "=", True)]
        enrolled = Enrolment.search_fetch([("event_id", "in", self.ids), *held], ["event_id", "hours_attended"])
        answers = self.env["survey.user_input"].sudo()  # sudo: as above
        answers = answers.search_fetch(
            [("pope_event_id", "in", self.ids), ("pope_kind", "in", list(FILED)), ("test_entry", "=", False)],
            ["pope_event_id", "pope_kind", "pope_enrolment_id", "partner_id", "state"],
        )
        people = enrolled.grouped(lambda row: row.event_id.id)
        asked = answers.grouped(lambda row: (row.pope_event_id.id, row.pope_kind))
        for kind, code in FILED.items():
            facts[code] = {}
            for event, session in zip(self, sessions, strict=True):
                own = asked.get((event.id, kind), answers.browse())
                who = session._pope_to_answer(kind, people.get(event.id, Enrolment), own)
                if who:
                    by = "partner_id" if kind == "trainer" else "pope_enrolment_id"
                    done = own.filtered(lambda answer: answer.state == "done")[by]
                    facts[code][event] = (len(done & who), len(who))
        return facts

    @api.private
    def _pope_to_answer(self, kind, enrolled, asked):
        """Who must have answered: enrolments, or trainers.

        :param asked: the answers that were asked for
        """
        over = bool(self.date_end) and self.date_end <= self.env.cr.now()
        program, whole = self.pope_program_id, not self._pope_is_half_day()
        if kind == "trainer":
            due = over and whole and program.mail_trainer_survey
            return (self._pope_trainers() if due else asked.partner_id.browse()) | asked.partner_id
        if kind == "placement":
            return enrolled if whole and program.mail_placement else asked.pope_enrolment_id & enrolled
        came = enrolled.filtered("hours_attended") if over and program.mail_survey else enrolled.browse()
        return came | (asked.pope_enrolment_id & enrolled)

    @api.private
    def _pope_placement(self):
        """What trainees said before the first day, for who trains: nothing that only the small group reads.

        :return: list of (name, list of (question, answer))
        """
        answers = self.pope_answer_ids.filtered(
            lambda answer: answer.pope_kind in ("needs", "placement") and answer.state == "done"
        )
        trainees = answers.pope_enrolment_id.filtered(lambda enrolment: enrolment._is_enrolled())
        return [
            (
                enrolment.display_name,
                [said for answer in answers if answer.pope_enrolment_id == enrolment for said in answer._pope_said()],
            )
            for enrolment in trainees.sorted(lambda row: (row.display_name or "").casefold())
        ]

    @api.private
    def _pope_trainer_page(self, partner, form):
        return {**super()._pope_trainer_page(partner, form), "placement": self._pope_placement()}


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    answer_count = fields.Integer(string="Number of Surveys", compute="_compute_answer_count")
    answer_rate = fields.Integer(string="Answered (%)", compute="_compute_answer_count")

    def _compute_answer_count(self):
        figures = self.env["survey.user_input"]._pope_figures([("pope_program_id", "in", self.ids)], "pope_program_id")
        for program in self:
            program.answer_count, program.answer_rate = figures.get(program._origin, (0, 0))

    def action_answers(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.survey_user_input_action")
        action["domain"] = [("pope_program_id", "in", self.ids)]
        action["context"] = {"search_default_group_kind": 1, "search_default_group_year": 1}
        return action


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    @api.model
    @api.private
    def _pope_figures(self, domain, name):
        """
        :return: dict record → (answers asked for, rate of those that came)
        """
        asked = [("pope_kind", "!=", False), ("test_entry", "=", False), *domain]
        groups = self._read_group(asked, [name], ["__count", "pope_rate:avg"])
        return {record: (count, round(rate or 0)) for record, count, rate in groups}
