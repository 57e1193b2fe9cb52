"""How many of those who began left on the way, and why: counted from the records, published, opened on its people."""

from odoo.tests import HttpCase, tagged

from .test_quality import QualityCase

CAUSES = ["job"] * 5 + ["personal"]


class InterruptionCase(QualityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = cls.env["res.partner"].create([{"name": f"Stagiaire {n}"} for n in range(12)])
        days = [("2026-02-10", "morning"), ("2026-02-10", "afternoon")]
        cls.session = cls.create_session(cls.at_class, days, cls.odile, people)
        cls.trainees = cls.env["pope.training.enrolment"].search([("event_id", "=", cls.session.id)], order="id")
        rows = cls.trainees[:11].attendance_ids  # the twelfth never came
        rows.filtered(lambda row: row.slot_id.half == "morning")._set_status("present")
        for trainee, cause in zip(cls.trainees, CAUSES, strict=False):
            trainee._leave(cls.session.pope_slot_ids[0].date, cause)

    def propose(self):
        self.at_class.with_user(self.user_pope).with_context(lang="fr_FR").action_propose_results()
        return self.at_class.with_context(lang="fr_FR").result_ids.filtered(lambda row: row.kind == "interruption")


@tagged("post_install", "-at_install")
class TestInterruption(InterruptionCase):
    def test_who_left_is_counted_over_who_began(self):
        result = self.propose()
        self.assertEqual((result.headcount, result.answer_count, result.positive_count), (11, 11, 6))
        self.assertEqual(result.cause_counts, {"job": 5, "personal": 1})
        self.assertFalse(result.date_published)

    def test_a_cause_that_few_gave_is_not_told(self):
        result = self.propose()
        self.assertEqual(result.causes, "A trouvé un emploi ou une autre formation\xa05")
        self.trainees[0].action_come_back()
        result = self.propose()
        self.assertEqual((result.positive_count, result.causes), (5, ""))
        result.action_publish()
        self.assertIn("trop peu", result._sentence())
        self.trainees.action_come_back()
        result = self.propose() - result
        self.assertEqual((result.positive_count, result.rate), (0, 0))
        self.assertNotIn("trop peu", result._sentence())

    def test_it_opens_on_the_persons_behind(self):
        result = self.propose().with_user(self.user_pope)
        action = result.action_open_people()
        Trainee = self.env["pope.training.enrolment"].with_user(self.user_pope)
        self.assertEqual(Trainee.search(action["domain"]), self.trainees[:11].sorted())
        self.assertTrue(action["context"]["search_default_left"])
        typed = result.copy({"method": "Registre papier"})
        self.assertEqual((result.is_counted, typed.is_counted), (True, False))

    def test_it_is_counted_by_session_programme_and_year(self):
        session, program = self.session.with_user(self.user_pope), self.at_class.with_user(self.user_pope)
        self.assertEqual((session.pope_left_count, session.pope_left_rate), (6, 55))
        self.assertEqual((program.left_count, program.left_rate), (6, 55))
        Trainee = self.env["pope.training.enrolment"].with_user(self.user_pope)
        for action in (session.action_pope_left(), program.action_left()):
            [(year, rate)] = Trainee._read_group(action["domain"], ["date_begin:year"], ["left_rate:avg"])
            self.assertEqual((year.year, round(rate, 1)), (2026, 54.5))

    def test_many_sessions_cost_no_more_queries(self):
        sessions = self.session
        sessions |= sessions.create([{"name": f"Session {n}", "pope_kind": "training"} for n in range(20)])
        for event in (sessions[:2], sessions):
            event.invalidate_recordset()
            with self.assertQueryCount(4):
                event.mapped("pope_left_rate")

    def test_the_cause_of_each_leaving_proves_the_twelfth_indicator(self):
        row = self.row(self.board("2026-11-02"), "12_causes")
        self.assertEqual((row.standing, len(row.found_ids)), ("covered", 6))
        self.trainees[5].left_cause = "unknown"
        row = self.row(self.board("2026-11-02"), "12_causes")
        self.assertEqual((row.standing, row.missing_ids), ("thin", self.trainees[5].ids))
        self.trainees.action_come_back()
        self.assertEqual(self.row(self.board("2026-11-02"), "12_causes").standing, "out", "nobody left")


@tagged("post_install", "-at_install")
class TestInterruptionPublished(HttpCase, InterruptionCase):
    def test_the_public_page_and_the_sheet_of_the_programme_say_it(self):
        self.body.pope_catalogue_public = True
        self.body.partner_id.lang = "fr_FR"
        self.at_class.action_publish()
        self.propose().action_publish()
        told = "54,5 % des 11 personnes ayant commencé"
        address = f"/pope/formations/{self.body.id}"
        for page in (address, f"{address}/{self.at_class.id}"):
            text = " ".join(self.url_open(page).text.split())
            self.assertIn(told, text)
            self.assertIn("A trouvé un emploi ou une autre formation 5", text)
            self.assertNotIn("Raisons personnelles", text)
            self.assertNotIn("Stagiaire 1", text)
        self.at_class.action_publish()
        sheet = " ".join(str(self.at_class._last_version().sheet).replace("\xa0", " ").split())
        self.assertIn(told, sheet)
