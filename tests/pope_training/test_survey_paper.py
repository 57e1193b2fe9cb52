"""What was written on paper is typed by the team: it counts once, is said to be on paper, and nobody answers twice."""

from datetime import datetime
from inspect import signature

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.pope_training.controllers.survey import SurveyPage
from odoo.addons.survey.controllers.main import Survey

from .test_survey import SurveyCase


class PaperCase(SurveyCase):
    def type_paper(self, enrolment, kind):
        """The window of the team.

        :return: the action that opens the page
        """
        Paper = self.env["pope.survey.paper"].with_user(self.user_pope)
        form = Form(Paper.with_context(active_id=enrolment.id))
        form.kind = kind
        return form.save().action_type()


@tagged("post_install", "-at_install")
class TestPaperPage(HttpCase, PaperCase):
    def call(self, address, answer, **values):
        """What the page of the survey asks of the server."""
        url = f"/survey/{address}/{answer.survey_id.access_token}/{answer.access_token}"
        result = self.url_open(url, json={"jsonrpc": "2.0", "method": "call", "params": values}).json()["result"]
        self.env.invalidate_all()
        return result[1]

    def filled(self, answer):
        """The highest mark and the first choice everywhere."""
        values = {}
        for question in answer.survey_id.question_ids:
            if question.question_type == "scale":
                values[question.id] = str(question.scale_max)
            elif question.question_type == "simple_choice":
                values[question.id] = str(question.suggested_answer_ids[0].id)
        return {str(question): value for question, value in values.items()}

    def fill(self, answer):
        self.call("begin", answer)
        return self.call("submit", answer, **self.filled(answer))

    def ended(self):
        """Two trainees were asked for their opinion."""
        first, second = self.enrol(*self.holders[:2])
        self.attend(first | second)
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        return self.of_kind(first, "end"), self.of_kind(second, "end")

    def test_a_paper_answer_counts_once_is_said_so_and_is_in_the_rates(self):
        answer, silent = self.ended()
        self.authenticate("pope_user", "pope_user")
        url = self.type_paper(answer.pope_enrolment_id, "end")["url"]
        self.assertIn("o_survey-fill-form", self.url_open(url).text)
        page = self.fill(answer)["survey_content"]
        self.assertIn("a été saisi par", page)
        self.assertEqual((answer.state, answer.pope_score), ("done", 100))
        self.assertEqual((answer.pope_is_paper, answer.pope_typist_id), (True, self.user_pope))
        self.assertEqual(len(self.of_kind(answer.pope_enrolment_id, "end")), 1)
        session, program = self.training.with_user(self.user_pope), self.program.with_user(self.user_pope)
        asked = self.env["survey.user_input"].search_count([("pope_event_id", "=", self.training.id)])
        self.assertEqual((session.pope_answer_count, session.pope_answer_rate), (asked, round(100 / asked)))
        self.assertEqual((program.answer_count, program.answer_rate), (asked, round(100 / asked)))
        Answer = self.env["survey.user_input"].with_user(self.user_pope)
        of_end = [("pope_event_id", "=", self.training.id), ("pope_kind", "=", "end")]
        [(year, rate)] = Answer._read_group(of_end, ["pope_date:year"], ["pope_rate:avg"])
        self.assertEqual((year.year, rate), (2026, 50))
        self.assertEqual(self.training._pope_file_facts()["opinion"][self.training], (1, 2))
        # nobody is reminded of what they wrote on paper
        self.dispatch(datetime(2026, 5, 12, 9, 0))
        again = self.steps((answer | silent).pope_enrolment_id, "queued").filtered(
            lambda row: row.rule_id.is_again and row.rule_id.survey_kind == "end"
        )
        bodies = {row.enrolment_id: row.mail_id.body_html for row in again}
        self.assertIn(silent.access_token, bodies[silent.pope_enrolment_id])
        self.assertNotIn(answer.access_token, bodies[answer.pope_enrolment_id], "their other survey alone")

    def test_on_line_after_paper_is_refused_and_says_why(self):
        answer, _silent = self.ended()
        self.authenticate("pope_user", "pope_user")
        self.url_open(self.type_paper(answer.pope_enrolment_id, "end")["url"])
        self.fill(answer)
        self.authenticate(None, None)
        before = answer.user_input_line_ids.ids
        page = self.url_open(answer.get_start_url()).text
        self.assertIn("a été saisi par", page)
        self.assertNotIn("o_survey-fill-form-submit", page)
        page = self.call("submit", answer, **self.filled(answer))["survey_content"]
        self.assertIn("est pas conservé", page)
        self.assertEqual(answer.user_input_line_ids.ids, before)

    def test_paper_after_on_line_is_refused_and_says_why(self):
        answer, _silent = self.ended()
        self.authenticate("pope_user", "pope_user")
        self.url_open(self.type_paper(answer.pope_enrolment_id, "end")["url"])  # opened, and not sent yet
        self.authenticate(None, None)
        self.fill(answer)
        self.assertEqual((answer.state, answer.pope_is_paper), ("done", False))
        self.assertNotIn("en ligne", self.url_open(answer.get_start_url()).text, "they are thanked as before")
        self.authenticate("pope_user", "pope_user")
        page = self.call("submit", answer, **self.filled(answer))["survey_content"]
        self.assertIn("en ligne", page)
        self.assertIn("est pas conservé", page)
        self.assertFalse(answer.pope_is_paper)
        with self.assertRaisesRegex(UserError, "en ligne"):
            answer.with_user(self.user_pope).with_context(lang="fr_FR").action_pope_enter()

    def test_who_answers_on_a_device_of_the_team_answers_on_line(self):
        answer, _silent = self.ended()
        self.authenticate("pope_user", "pope_user")
        self.url_open(answer.get_start_url())
        self.fill(answer)
        self.assertEqual((answer.state, answer.pope_is_paper), ("done", False))

    def test_who_has_no_address_answers_on_paper_too(self):
        person = self.env["res.partner"].create({"name": "Fatou Sarr"})
        enrolment = self.enrol(person)
        self.assertFalse(enrolment.answer_ids)
        self.authenticate("pope_user", "pope_user")
        self.url_open(self.type_paper(enrolment, "placement")["url"])
        answer = enrolment.answer_ids
        self.fill(answer)
        self.assertEqual((answer.pope_kind, answer.state, answer.pope_is_paper), ("placement", "done", True))
        self.assertEqual(self.training._pope_file_facts()["placed"][self.training], (1, 1))
        self.assertEqual(self.training._pope_trainer_page(self.trainer, {})["placement"][0][0], "Fatou Sarr")
        with self.assertRaises(UserError):
            self.type_paper(enrolment, "employer")

    def test_only_the_team_opens_it(self):
        answer, _silent = self.ended()
        url = f"/pope/enquete/papier/{answer.id}"
        self.assertIn("/web/login", self.url_open(url).url)
        self._new_user("survey_boss", "survey.group_survey_manager")
        for login in ("survey_boss", "pope_user"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(f"{url}00").status_code, 404)
        stock = self.env["survey.survey"].create({"title": "Autre", "access_mode": "token"})
        other = stock._create_answer(partner=self.holders[1])
        self.assertEqual(self.url_open(f"/pope/enquete/papier/{other.id}").status_code, 404)
        with self.assertRaises(AccessError):
            answer.with_user(self.user_pope).pope_is_paper = True

    def test_a_survey_of_others_is_filled_in_as_before(self):
        survey = self.env["survey.survey"].create({"title": "Autre", "questions_layout": "one_page"})
        question = {"survey_id": survey.id, "title": "Nom", "question_type": "char_box"}
        question = self.env["survey.question"].create(question)
        answer = survey._create_answer(email="passant@example.org")
        self.call("begin", answer)
        self.call("submit", answer, **{str(question.id): "Inès"})
        self.assertEqual((answer.state, answer.pope_is_paper), ("done", False))
        self.assertEqual(self.call("submit", answer)["error"], "unauthorized")

    def test_the_overrides_keep_the_signatures_of_odoo(self):
        for name in ("survey_submit", "_prepare_survey_finished_values"):
            self.assertEqual(str(signature(getattr(SurveyPage, name))), str(signature(getattr(Survey, name))))
