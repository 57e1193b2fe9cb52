"""The nine surveys: shipped in French, each asked of its person, once, with one reminder to who stays silent."""

from datetime import datetime

from odoo.tests import tagged

from odoo.addons.pope_training.models.survey_survey import KINDS

from .test_survey import SurveyCase

NINE = [kind for kind, _label in KINDS]
# working days, after the trainee was there: each with what leaves on it
LATER = ("2026-05-06", "2026-05-12", "2026-08-03", "2026-08-17", "2026-11-02", "2026-11-16", "2027-05-04")


@tagged("post_install", "-at_install")
class TestNineSurveys(SurveyCase):
    def run_year(self, answers=False):
        """A trainee of an employer, their trainer and a funder live a year of mails.

        :param answers: whether they answer all that they are asked
        :return: dict kind → how many e-mails asked for it
        """
        boss = {"name": "Crèche des Lilas", "is_company": True, "email": "lilas@example.org"}
        opco = {"name": "OPCO Test", "is_company": True, "email": "opco@example.org"}
        boss, opco = self.env["res.partner"].create([boss, opco])
        enrolment = self.enrol(self.holders[0])
        enrolment.write({"employer_id": boss.id, "bpf_status": "c"})
        funder = self.env["pope.survey.funder"].create({"year": 2026, "partner_id": opco.id})
        self.live("2026-04-09", answers)
        self.live("2026-04-23", answers)
        self.attend(enrolment)
        for day in LATER[:2]:
            self.live(day, answers)
        funder.action_ask()
        for day in ("2026-05-13", "2026-06-08", *LATER[2:]):
            self.live(day, answers)
        rows = self.env["pope.notification"].search(
            [
                ("state", "in", ("queued", "sending", "sent")),
                "|",
                "|",
                ("enrolment_id", "=", enrolment.id),
                ("session_id", "=", self.training.id),
                ("funder_survey_id", "=", funder.id),
            ]
        )
        asked = dict.fromkeys(NINE, 0)
        for row in rows.filtered(lambda row: row.rule_id.survey_kind or row.funder_survey_id):
            for kind in row._kinds():
                asked[kind] += 1
        return asked

    def live(self, day, answers):
        self.dispatch(datetime.fromisoformat(f"{day} 09:00:00"))
        if answers:
            own = [("pope_kind", "!=", False), ("pope_event_id", "in", (self.training.id, False))]
            for answer in self.env["survey.user_input"].search([*own, ("state", "=", "new")]):
                self.answer(answer)

    def test_who_stays_silent_is_asked_and_reminded_once(self):
        self.assertEqual(self.run_year(), dict.fromkeys(NINE, 2))

    def test_who_answers_is_not_reminded(self):
        self.assertEqual(self.run_year(answers=True), dict.fromkeys(NINE, 1))

    def test_each_is_shipped_in_french(self):
        surveys = self.env["survey.survey"].search([("pope_kind", "!=", False), ("pope_program_ids", "=", False)])
        shipped = surveys.filtered(lambda survey: survey.get_external_id()[survey.id].startswith("pope_training."))
        self.assertEqual(sorted(shipped.mapped("pope_kind")), sorted(NINE))
        for survey in shipped:
            french, english = survey.with_context(lang="fr_FR"), survey.with_context(lang="en_US")
            for words in (
                lambda told: told.mapped("title"),
                lambda told: told.mapped("description"),
                lambda told: told.mapped("description_done"),
                lambda told: told.question_ids.mapped("title"),
                lambda told: told.question_ids.suggested_answer_ids.mapped("value"),
                lambda told: told.question_ids.matrix_row_ids.mapped("value"),
                lambda told: [text for text in told.question_ids.mapped("scale_min_label") if text],
                lambda told: [text for text in told.question_ids.mapped("scale_max_label") if text],
            ):
                for said, source in zip(words(french), words(english), strict=True):
                    self.assertNotEqual(said, source, survey.pope_kind)
                    self.assertTrue(said, survey.pope_kind)
