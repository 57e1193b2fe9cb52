"""Surveys of a training: asked by themselves, answered without a log-in, counted, and forgotten with their person."""

from datetime import datetime
from inspect import signature

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.pope_training.controllers.survey import SurveyPage
from odoo.addons.pope_training.hooks import uninstall_hook
from odoo.addons.survey.controllers.main import Survey

from .test_session_mail import SessionMailCase


class SurveyCase(SessionMailCase):
    def ask(self, *people, day=datetime(2026, 4, 9, 9, 0)):
        """Their surveys leave on that day.

        :return: the enrolments
        """
        enrolments = self.enrol(*people)
        self.dispatch(day)
        return enrolments

    def answer(self, answer, **texts):
        """What the person fills in: the highest mark, the first choice, and these texts by number of question."""
        answer._mark_in_progress()
        for number, question in enumerate(answer.survey_id.question_ids, 1):
            if question.question_type == "scale":
                answer._save_lines(question, str(question.scale_max))
            elif question.question_type == "matrix":
                first = question.suggested_answer_ids[0].id
                answer._save_lines(question, {str(row.id): [str(first)] for row in question.matrix_row_ids})
            elif question.question_type == "simple_choice":
                answer._save_lines(question, str(question.suggested_answer_ids[0].id))
            elif text := texts.get(f"text_{number}"):
                answer._save_lines(question, text)
        answer._mark_done()
        return answer

    def of_kind(self, enrolments, kind):
        return enrolments.answer_ids.filtered(lambda answer: answer.pope_kind == kind)


@tagged("post_install", "-at_install")
class TestSurveyAsked(SurveyCase):
    def test_needs_and_placement_are_asked_in_one_mail(self):
        enrolment = self.ask(self.holders[0])
        self.assertEqual(sorted(enrolment.answer_ids.mapped("pope_kind")), ["needs", "placement"])
        body = self.steps(enrolment, "queued").mail_id.body_html
        for answer in enrolment.answer_ids:
            self.assertIn(answer.access_token, body)
        self.assertEqual(enrolment.answer_ids.partner_id, self.holders[0])
        self.assertEqual(set(enrolment.answer_ids.mapped("lang_id.code")), {"fr_FR"})

    def test_one_reminder_to_who_did_not_answer(self):
        answered, silent = self.ask(*self.holders[:2])
        for answer in answered.answer_ids:
            self.answer(answer)
        self.dispatch(datetime(2026, 4, 23, 9, 0))
        again = self.steps(answered | silent).filtered(lambda row: row.rule_id.is_again and row.step == "placement")
        by_person = {row.enrolment_id: row for row in again}
        self.assertEqual(by_person[answered].reason, "answered")
        self.assertEqual(by_person[silent].state, "queued")
        token = self.of_kind(silent, "placement").access_token
        self.assertIn(token, by_person[silent].mail_id.body_html)
        self.assertEqual(len(silent.answer_ids), 2)

    def test_the_reminder_carries_only_what_is_left(self):
        enrolment = self.ask(self.holders[0])
        needs = self.answer(self.of_kind(enrolment, "needs"))
        self.dispatch(datetime(2026, 4, 23, 9, 0))
        rows = self.steps(enrolment, "queued").filtered(lambda row: row.rule_id.is_again)
        self.assertNotIn(needs.access_token, rows.mail_id.body_html)

    def test_answers_of_thirty_are_made_in_one_batch(self):
        def ask(count):
            people = self.env["res.partner"].create(
                [{"name": f"Stagiaire {n}", "email": f"stagiaire.{n}@example.org"} for n in range(count)]
            )
            enrolments = self.enrol(*people, session=self.create_session())
            rows = self.steps(enrolments).filtered(lambda row: row.step == "placement" and not row.rule_id.is_again)
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            rows._make_answers()
            self.env.flush_all()
            self.assertEqual(len(enrolments.answer_ids), 2 * count)
            return self.env.cr.sql_log_count - start

        ask(2)
        self.assertLessEqual(ask(100), ask(10) + 10)

    def test_who_looks_for_a_job_is_asked_after_six_months(self):
        seeker, employee = self.enrol(*self.holders[:2])
        seeker.bpf_status, employee.bpf_status = "c", "a"
        self.attend(seeker | employee)
        self.dispatch(datetime(2026, 11, 2, 9, 0))
        rows = self.steps(seeker | employee).filtered(lambda row: row.step == "insertion" and not row.rule_id.is_again)
        states = {row.enrolment_id: (row.state, row.reason) for row in rows}
        self.assertEqual(states[seeker][0], "queued")
        self.assertEqual(states[employee], ("cancelled", "not_asked"))

    def test_a_survey_that_was_archived_is_not_asked(self):
        self.env.ref("pope_training.survey_placement").active = False
        enrolment = self.enrol(self.holders[0])
        self.assertNotIn("placement", self.steps(enrolment).mapped("step"))

    def test_funders_are_asked_once_a_year(self):
        opco = self.env["res.partner"].create({"name": "OPCO Test", "is_company": True, "email": "opco@example.org"})
        enrolment = self.enrol(self.holders[0])
        scheme = self.env.ref("pope_training.scheme_aif")
        values = {"enrolment_id": enrolment.id, "scheme_id": scheme.id, "partner_id": opco.id}
        self.env["pope.training.financing"].create(values)
        Funder = self.env["pope.survey.funder"].with_user(self.user_pope)
        rows = Funder._list_of(self.company, 2026).filtered(lambda row: row.partner_id == opco)  # not those of the demo
        self.assertEqual(len(rows), 1)
        self.assertFalse(Funder._list_of(self.company, 2026))
        rows.action_ask()
        self.dispatch()
        sent = self.env["pope.notification"].search([("funder_survey_id", "in", rows.ids)])
        self.assertEqual(sorted(sent.mapped("state")), ["planned", "queued"])
        row = sent.filtered(lambda row: row.state == "queued")
        self.assertIn(rows.sudo().answer_id.access_token, row.mail_id.body_html)
        self.assertIn("2026", row.subject)
        self.answer(rows.sudo().answer_id)
        self.dispatch(datetime(2026, 4, 3, 9, 0))
        self.assertEqual((sent - row).reason, "answered")
        with self.assertRaises(UserError):
            Funder.create({"year": 2026, "partner_id": opco.id})


@tagged("post_install", "-at_install")
class TestSurveyAnswered(SurveyCase):
    def test_marks_and_comments_are_counted_by_session_and_programme(self):
        first, second = self.enrol(*self.holders[:2])
        self.attend(first | second)
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        end = self.answer(self.of_kind(first, "end"), text_9="Plus de pauses")
        self.assertEqual(end.pope_score, 100)
        self.assertEqual(end.pope_comments, "Plus de pauses")
        # two trainees, each asked for their opinion and for what they learned; and the trainer
        session = self.training.with_user(self.user_pope)
        self.assertEqual((session.pope_answer_count, session.pope_answer_rate), (5, 20))
        program = self.program.with_user(self.user_pope)
        self.assertEqual((program.answer_count, program.answer_rate), (5, 20))
        found = (
            self.env["survey.user_input"]
            .with_user(self.user_pope)
            ._read_group(session.action_pope_answers()["domain"], ["pope_kind", "pope_date:year"], ["pope_rate:avg"])
        )
        rates = {kind: rate for kind, _year, rate in found}
        self.assertEqual((rates["end"], rates["assessment"], rates["trainer"]), (50, 0, 0))

    def test_what_was_learned_lands_on_the_enrolment(self):
        self.program.objectives = "<ul><li>Décider à plusieurs</li><li>Tenir le budget</li></ul>"
        self.program.with_user(self.user_manager).action_make_assessment()
        enrolment = self.enrol(self.holders[0])
        self.attend(enrolment)
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        self.answer(self.of_kind(enrolment, "assessment"))
        results = enrolment.with_user(self.user_pope).assessment_ids
        self.assertEqual(
            results.mapped(lambda row: (row.name, row.result, row.is_declared)),
            [("Décider à plusieurs", "acquired", True), ("Tenir le budget", "acquired", True)],
        )
        results[0].result = "in_progress"
        self.assertFalse(results[0].is_declared)
        enrolment._note_results()
        self.assertEqual(results.mapped("result"), ["in_progress", "acquired"])

    def test_the_file_of_the_session_counts_who_answered(self):
        first, _second = self.ask(*self.holders[:2])
        self.answer(self.of_kind(first, "placement"))
        self.assertEqual(self.training._pope_file_facts()["placed"][self.training], (1, 2))
        self.assertIn("Qualiopi 4, 8", self.training.with_user(self.user_pope).with_context(lang="fr_FR").pope_file)

    def test_arrangements_are_for_the_small_group(self):
        enrolment = self.ask(self.holders[0])
        needs = self.answer(self.of_kind(enrolment, "needs"), text_5="Une place près de la porte")
        self.assertTrue(enrolment.is_asked_needs)
        self.assertEqual(enrolment.with_user(self.user_sensitive).arrangements, "Une place près de la porte")
        self.assertNotIn("porte", needs.pope_comments)
        lines = self.env["survey.user_input.line"].search([("user_input_id", "=", needs.id)])
        hidden = lines.filtered("question_id.pope_is_sensitive")
        self.assertTrue(hidden)
        Line = self.env["survey.user_input.line"]
        self.assertFalse(Line.with_user(self.user_pope).search([("id", "in", hidden.ids)]))
        self.assertEqual(len(Line.with_user(self.user_sensitive).search([("id", "in", hidden.ids)])), len(hidden))

    def test_placement_reaches_the_trainer_without_what_is_private(self):
        enrolment = self.ask(self.holders[0])
        self.answer(self.of_kind(enrolment, "placement"), text_4="J'ai gardé trois enfants")
        self.answer(self.of_kind(enrolment, "needs"), text_5="Une place près de la porte")
        page = self.training._pope_trainer_page(self.trainer, {})
        [(name, said)] = page["placement"]
        self.assertEqual(name, "Awa Diallo")
        told = " ".join(text for _question, text in said)
        self.assertIn("J'ai gardé trois enfants", told)
        self.assertNotIn("porte", told)

    def test_who_is_forgotten_is_in_no_answer(self):
        enrolment = self.ask(self.holders[0])
        answer = self.answer(self.of_kind(enrolment, "placement"), text_4="Je suis Awa, de Bobigny")
        token = answer.access_token
        self.holders[0]._pope_anonymise()
        self.assertFalse(answer.partner_id or answer.email or answer.nickname or answer.pope_comments)
        self.assertNotIn("Bobigny", str(answer.user_input_line_ids.mapped("value_text_box")))
        self.assertNotEqual(answer.access_token, token)
        self.assertEqual((answer.pope_score, answer.state), (100, "done"))


@tagged("post_install", "-at_install")
class TestSurveyRights(SurveyCase):
    def test_each_reads_what_is_theirs(self):
        enrolment = self.ask(self.holders[0])
        answers = enrolment.answer_ids
        stock = self.env["survey.survey"].create({"title": "Enquête de quelqu'un d'autre", "access_mode": "token"})
        other = stock._create_answer(partner=self.holders[1])
        user_survey = self._new_user("survey_user", "survey.group_survey_user")
        Answer = self.env["survey.user_input"]
        everything = [("id", "in", (answers | other).ids)]
        self.assertEqual(Answer.with_user(self.user_pope).search(everything), answers)
        self.assertEqual(Answer.with_user(user_survey).search(everything), other)
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            user = self._new_user(f"other_{group[11:]}", group)
            with self.assertRaises(AccessError):
                Answer.with_user(user).search(everything)
        with self.assertRaises(AccessError):
            answers.with_user(self.user_manager).write({"pope_comments": "x"})
        with self.assertRaises(AccessError):
            stock.with_user(self.user_manager).title = "x"
        self.env.ref("pope_training.survey_end").with_user(self.user_manager).title = "Votre avis"
        with self.assertRaises(AccessError):
            self.env.ref("pope_training.survey_end").with_user(self.user_pope).title = "x"

    def test_two_companies_see_their_own_answers(self):
        answers = self.ask(self.holders[0]).answer_ids
        other = self.env["res.company"].create({"name": "Autre pôle"})
        user = self._new_user("other_pole", "pope_crm.group_pope_manager")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["survey.user_input"].with_user(user).search([("id", "in", answers.ids)]))
        row = self.env["pope.survey.funder"].create({"partner_id": self.holders[0].id, "year": 2025})
        self.assertFalse(row.with_user(user).search([("id", "=", row.id)]))
        self.assertEqual(row.with_user(self.user_pope).search([("id", "=", row.id)]), row)
        self.assertFalse(
            self.env["survey.user_input.line"].with_user(user).search([("user_input_id", "in", answers.ids)])
        )

    def test_a_survey_of_others_is_as_it_was(self):
        survey = self.env["survey.survey"].create({"title": "Autre", "survey_type": "survey"})
        question = {"survey_id": survey.id, "title": "Note", "question_type": "scale", "scale_max": 5}
        question = self.env["survey.question"].create(question)
        answer = survey._create_answer(partner=self.holders[0])
        before = self.env["pope.notification"].search_count([])
        answer._save_lines(question, "5")
        answer._mark_done()
        self.assertFalse(answer.pope_kind or answer.pope_has_score or answer.pope_rate or answer.pope_event_id)
        self.assertEqual(self.env["pope.notification"].search_count([]), before)
        self.assertNotIn("pope", survey.allowed_survey_types)

    def test_surveys_with_answers_outlive_the_addon(self):
        answers = self.ask(self.holders[0]).answer_ids
        uninstall_hook(self.env)
        data = self.env["ir.model.data"].search([("module", "=", "pope_training")])
        owned = {(row.model, row.res_id) for row in data}
        for record in (
            answers.survey_id,
            answers.survey_id.question_ids,
            answers.survey_id.question_ids.suggested_answer_ids,
        ):
            self.assertFalse({(record._name, res_id) for res_id in record.ids} & owned)
        self.assertIn(("survey.survey", self.env.ref("pope_training.survey_funder").id), owned)


@tagged("post_install", "-at_install")
class TestSurveyPage(SurveyCase, HttpCase):
    def test_the_override_keeps_the_signature_of_odoo(self):
        self.assertEqual(str(signature(SurveyPage._check_validity)), str(signature(Survey._check_validity)))

    def test_the_link_lets_in_without_a_log_in_and_on_anybodys_device(self):
        answer = self.of_kind(self.ask(self.holders[0]), "placement")
        self.assertIn(answer.access_token, self.url_open(answer.get_start_url()).text)
        for login in ("pope_user", "pope_sensitive"):
            self.authenticate(login, login)
            self.assertIn("o_survey-fill-form", self.url_open(answer.get_start_url()).text)

    def test_a_guessed_or_foreign_token_shows_nothing(self):
        answer = self.of_kind(self.ask(self.holders[0]), "placement")
        url = f"/survey/start/{answer.survey_id.access_token}"
        for token in ("x", "0" * 36, self.env.ref("pope_training.survey_end").access_token):
            text = self.url_open(f"{url}?answer_token={token}").text
            self.assertNotIn("Awa", text)
            self.assertNotIn("question_", text)
        # without a token nobody makes an answer
        before = self.env["survey.user_input"].search_count([])
        self.url_open(url)
        self.assertEqual(self.env["survey.user_input"].search_count([]), before)

    def test_a_survey_of_others_still_tells_people_apart(self):
        survey = self.env["survey.survey"].create({"title": "Autre", "access_mode": "token"})
        self.env["survey.question"].create({"survey_id": survey.id, "title": "Nom", "question_type": "char_box"})
        answer = survey._create_answer(partner=self.holders[0])
        self.authenticate("pope_user", "pope_user")
        self.assertNotIn("o_survey-fill-form", self.url_open(answer.get_start_url()).text)
