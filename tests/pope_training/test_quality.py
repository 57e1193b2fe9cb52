"""The quality standard by its dates, what proves each indicator, and the results that are published."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from .test_bpf import BpfCase
from .test_survey import SurveyCase


class QualityCase(BpfCase):
    def board(self, day="2026-03-10", **values):
        board = self.env["pope.quality.board"].create({"date": day, "date_since": "2025-03-10", **values})
        board.action_refresh()
        return board

    def tile(self, board, number):
        return board.tile_ids.filtered(lambda tile: tile.number == number)

    def row(self, board, rule):
        rule = self.env.ref(f"pope_training.evidence_rule_{rule}")
        return board.tile_ids.row_ids.filtered(lambda row: row.rule_id == rule)

    def attach(self, rule, **values):
        return self.env["pope.quality.evidence"].create(
            {
                "name": "Preuve",
                "rule_id": self.env.ref(f"pope_training.evidence_rule_{rule}").id,
                "date": "2026-01-10",
                "url": "https://example.org/preuve",
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestStandard(QualityCase):
    def test_an_audit_uses_the_version_of_its_day(self):
        Standard = self.env["pope.quality.standard"]
        before, after = (Standard._of(date.fromisoformat(day)) for day in ("2026-10-31", "2026-11-01"))
        self.assertEqual((before.name, len(before.criterion_ids.indicator_ids)), ("RNQ V9", 32))
        self.assertEqual((after.name, len(after.criterion_ids.indicator_ids)), ("RNQ V10", 33))
        self.assertEqual(len(after.criterion_ids), 7)
        self.assertFalse(Standard._of(date(2018, 1, 1)))

    def test_the_board_changes_version_by_its_date(self):
        self.assertEqual(len(self.board("2026-10-31").tile_ids), 32)
        board = self.board("2026-11-01")
        self.assertEqual(len(board.tile_ids), 33)
        self.assertEqual(self.tile(board, 33).standing, "out")

    def test_what_applies_is_computed_from_what_is_delivered_and_says_why(self):
        plain = self.create_session(self.at_class, [("2026-02-10", "morning")], self.odile, self.holders[:1])
        board = self.board(event_ids=plain.ids)
        applied = set(board.tile_ids.filtered(lambda tile: tile.standing != "out").mapped("number"))
        # the 22 common ones less 12 (two days) and 27 (subcontractors), and 8
        self.assertEqual(applied, {1, 2, 4, 5, 6, 8, 9, 10, 11, 17, 18, 19, 21, 22, 23, 24, 25, 26, 30, 31, 32})
        self.assertIn(12, self.board("2026-11-02", event_ids=plain.ids).tile_ids.filtered("row_ids").mapped("number"))
        self.cap.write({"recognition": "rncp", "has_workplace": True})
        cap = self.create_session(self.cap, [("2026-02-11", "morning")], self.karim, self.holders[:1])
        board = self.board(event_ids=(plain | cap).ids)
        applied = set(board.tile_ids.filtered(lambda tile: tile.standing != "out").mapped("number"))
        self.assertLessEqual({3, 7, 16, 27, 28}, applied)
        self.assertIn("CAP AEPE", self.tile(board, 7).applies_reason)
        self.assertIn("Karim Haddad", self.tile(board, 27).applies_reason)
        self.assertNotIn(20, applied)

    def test_work_for_other_bodies_alone_is_not_looked_at_for_the_public(self):
        session = self.create_session(
            self.at_class, [("2026-02-10", "morning")], self.odile, pope_session_type="other_body"
        )
        board = self.board(event_ids=session.ids)
        self.assertEqual({self.tile(board, number).standing for number in (1, 2)}, {"out"})

    def test_gradings_are_of_the_guide_that_is_known_and_are_corrected_by_hand(self):
        grading = self.env.ref("pope_training.grading_19")
        self.assertEqual((grading.severity, grading.source[:10]), ("both", "Repères V9"))
        grading.with_user(self.user_manager).severity = "major"
        self.assertEqual(self.tile(self.board(), 19).severity, "major")


@tagged("post_install", "-at_install")
class TestBoard(QualityCase):
    def setUp(self):
        super().setUp()
        self.session = self.create_session(
            self.at_class, [("2026-02-10", "morning"), ("2026-02-10", "afternoon")], self.odile, self.holders[:2]
        )

    def test_evidence_is_found_in_the_records(self):
        board = self.board()
        self.assertEqual(self.row(board, "4_needs").standing, "missing")
        self.assertEqual(self.row(board, "10_attendance").standing, "missing")
        self.assertEqual(self.row(board, "21_cv").standing, "missing")
        awa, nadia = (self.enrolment(self.session, person) for person in self.holders[:2])
        awa.is_asked_needs = True
        self.attend(self.session, self.holders[0], "present", "present")
        self.attend(self.session, self.holders[1], "present")
        self.env["pope.trainer.paper"].create(
            {"partner_id": self.odile.id, "kind": "cv", "date": "2026-01-01", "company_id": self.body.id}
        )
        board.action_refresh()
        self.assertEqual(self.row(board, "4_needs").standing, "thin")
        self.assertEqual(self.row(board, "10_attendance").standing, "thin")
        self.assertEqual(self.row(board, "21_cv").standing, "covered")
        action = self.row(board, "4_needs").action_missing()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), nadia)
        action = self.row(board, "10_attendance").action_found()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.session.pope_slot_ids[0])

    def test_objectives_are_assessed_once_the_session_is_over(self):
        awa, nadia = (self.enrolment(self.session, person) for person in self.holders[:2])
        board = self.board()
        self.assertEqual(self.row(board, "11_assessment").standing, "missing")
        values = {"enrolment_id": awa.id, "name": "Décider à plusieurs"}
        self.env["pope.training.assessment"].create([{**values, "result": "acquired"}, values])
        board.action_refresh()
        self.assertEqual(self.row(board, "11_assessment").standing, "missing")
        awa.assessment_ids.result = "in_progress"
        board.action_refresh()
        self.assertEqual(self.row(board, "11_assessment").missing_ids, nadia.ids)
        self.assertEqual(self.row(self.board("2026-02-09"), "11_assessment").standing, "out")

    def test_a_convocation_is_found_among_the_documents(self):
        awa, nadia = (self.enrolment(self.session, person) for person in self.holders[:2])
        self.env["pope.training.document"].create(
            {
                "name": "Convocation",
                "kind_id": self.env.ref("pope_training.document_kind_convocation").id,
                "number": "CV-1",
                "date": "2026-02-01",
                "company_id": self.body.id,
                "enrolment_id": awa.id,
                "event_id": self.session.id,
            }
        )
        row = self.row(self.board(), "9_convocation")
        self.assertEqual((row.standing, row.found_ids, row.missing_ids), ("thin", awa.ids, nadia.ids))
        self.assertEqual(self.row(self.board("2026-01-31"), "9_convocation").standing, "out")

    def test_a_paper_that_expired_proves_nothing_on_that_day(self):
        self.session.pope_slot_ids.trainer_id = self.karim
        for kind in ("contract", "declaration", "insurance", "vigilance"):
            self.env["pope.trainer.paper"].create(
                {"partner_id": self.karim.id, "kind": kind, "date": "2026-01-01", "company_id": self.body.id}
            )
        self.assertEqual(self.row(self.board(), "27_papers").standing, "covered")
        self.assertEqual(self.row(self.board("2026-08-01"), "27_papers").standing, "missing")

    def test_attached_evidence_is_good_until_its_day(self):
        evidence = self.attach("9_rules")
        self.assertEqual(str(evidence.date_expiry), "2027-01-10")
        self.assertEqual(self.row(self.board(), "9_rules").standing, "covered")
        self.assertEqual(self.row(self.board("2026-12-01", date_since="2026-01-01"), "9_rules").standing, "soon")
        self.assertEqual(self.row(self.board("2027-01-11", date_since="2026-01-01"), "9_rules").standing, "missing")
        self.assertEqual(self.row(self.board("2026-01-09"), "9_rules").standing, "missing")
        with self.assertRaises(ValidationError):
            evidence.date_expiry = "2025-01-01"

    def test_nobody_attaches_a_file_that_they_may_not_open(self):
        """The file for an audit gives what is attached: it would give any file to whoever knows its number."""
        other = self.env["res.company"].create({"name": "Autre pôle"})
        secret = self.env["ir.attachment"].create(
            {"name": "secret.pdf", "raw": b"secret", "res_model": "res.company", "res_id": other.id}
        )
        files = {"attachment_ids": [Command.link(secret.id)]}
        evidence = self.attach("9_rules").with_user(self.user_pope)
        paper = self.env["pope.trainer.paper"].with_user(self.user_pope).create({"partner_id": self.odile.id})
        for change in (
            lambda: evidence.write(files),
            lambda: paper.write(files),
            lambda: paper.create({**files, "partner_id": self.odile.id}),
        ):
            with self.assertRaises(AccessError):
                change()
        evidence.attachment_ids |= self.env["ir.attachment"].with_user(self.user_pope).create({"name": "regles.pdf"})
        self.assertIn("regles.pdf", evidence.attachment_ids.mapped("name"))

    def test_evidence_of_a_session_proves_nothing_of_another(self):
        other = self.create_session(self.at_class, [("2026-02-12", "morning")], self.odile)
        self.attach("9_rules", event_ids=[Command.set(other.ids)])
        self.assertEqual(self.row(self.board(event_ids=self.session.ids), "9_rules").standing, "missing")
        self.assertEqual(self.row(self.board(event_ids=other.ids), "9_rules").standing, "covered")

    # --- The pitfalls that auditors know, each provoked ---

    def test_a_survey_that_led_to_nothing_is_thin(self):
        self.assertEqual(self.row(self.board(), "32_surveys").standing, "missing", "nobody was asked")
        answer = self.ask("end")
        self.assertEqual(self.row(self.board(), "32_surveys").standing, "missing", "nobody answered")
        answer.state = "done"
        self.assertEqual(self.row(self.board(), "32_surveys").standing, "thin")
        action = self.env["pope.quality.action"].create(
            {"name": "Plus de pauses", "source": "survey", "date_begin": "2026-03-01", "program_id": self.cap.id}
        )
        self.assertEqual(self.row(self.board(), "32_surveys").standing, "thin", "of another programme")
        action.program_id = self.at_class
        self.assertEqual(self.row(self.board(), "32_surveys").standing, "covered")
        self.assertEqual(self.row(self.board("2026-02-28"), "32_surveys").standing, "thin", "not decided yet")

    def test_an_action_whose_effect_nobody_looked_at_is_thin(self):
        action = self.env["pope.quality.action"].create({"name": "Salle", "date_begin": "2026-01-10"})
        self.assertEqual(self.row(self.board(), "32_plan").standing, "thin")
        action.write({"effect": "yes", "effect_note": "Plus de remarque"})
        action.action_review()
        self.assertEqual(self.row(self.board(str(self.today())), "32_plan").standing, "covered")

    def test_a_placement_that_nobody_used_proves_nothing(self):
        awa, nadia = (self.enrolment(self.session, person) for person in self.holders[:2])
        early, late = self.ask("placement", awa), self.ask("placement", nadia)
        early.write({"state": "done", "end_datetime": "2026-02-08 10:00:00"})
        late.write({"state": "done", "end_datetime": "2026-02-10 20:00:00"})
        self.session.date_begin = "2026-02-10 08:00:00"
        self.assertEqual(self.row(self.board(), "8_placement_used").standing, "missing")
        with freeze_time("2026-02-09"):
            self.session.with_user(self.user_pope).pope_placement_use = "Deux groupes le premier matin"
            self.env.flush_all()
        row = self.row(self.board(), "8_placement_used")
        self.assertEqual((row.standing, row.found_ids, row.missing_ids), ("thin", awa.ids, nadia.ids))
        late.end_datetime = "2026-02-09 20:00:00"
        self.assertEqual(self.row(self.board(), "8_placement_used").standing, "covered")
        self.assertFalse(self.session.copy().pope_placement_use)

    def test_whoever_trains_says_on_their_page_what_they_adapt(self):
        with self.assertRaises(ValidationError):
            self.session._pope_trainer_answer(self.odile, {"adapted": "  "})
        self.session._pope_trainer_answer(self.odile, {"adapted": " <b>Deux groupes</b> " + "x" * 3000})
        self.assertTrue(self.session.pope_placement_use.startswith("<b>Deux groupes</b>"))
        self.assertEqual((len(self.session.pope_placement_use), self.session.pope_placement_date), (2000, self.today()))

    def test_a_watch_note_without_use_proves_nothing(self):
        for rule, domain in (("23_law", "law"), ("24_jobs", "jobs"), ("25_teaching", "teaching")):
            self.assertEqual(self.row(self.board(), rule).standing, "missing", rule)
            note = self.env["pope.quality.watch"].create({"name": "Décret", "domain": domain, "date": "2026-01-10"})
            self.assertEqual(self.row(self.board(), rule).standing, "missing", rule)
            note.analysis = "Module sur l'hygiène réécrit"
            self.assertEqual(self.row(self.board(), rule).standing, "covered", rule)
            note.copy({"date": "2026-01-11", "analysis": False})
            self.assertEqual(self.row(self.board(), rule).standing, "thin", rule)
            self.assertEqual(self.row(self.board("2027-02-01", date_since="2026-01-01"), rule).standing, "missing")

    def test_a_rate_that_was_only_typed_proves_nothing(self):
        self.at_class.results = "98 % de satisfaction"
        row = self.row(self.board(event_ids=self.session.ids), "2_results")
        self.assertEqual((row.standing, row.missing_ids), ("missing", self.at_class.ids))

    def test_asking_trainees_alone_is_thin(self):
        self.ask("end").state = "done"
        self.assertEqual(self.row(self.board(), "30_trainees").standing, "covered")
        self.assertEqual(self.tile(self.board(), 30).standing, "thin")
        for kind in ("trainer", "employer", "funder"):
            self.ask(kind).state = "done"
        self.assertEqual(self.tile(self.board(), 30).standing, "covered")

    def test_evidence_with_neither_a_file_nor_a_link_is_thin(self):
        self.attach("31_page", url=False)
        self.assertEqual(self.row(self.board(), "31_page").standing, "thin")

    def ask(self, kind, enrolment=None):
        survey = self.env.ref(f"pope_training.survey_{kind}")
        values = {"survey": survey, "partner": self.holders[0], "company": self.env.company, "event": self.session}
        if enrolment:
            values |= {"partner": enrolment.partner_id, "enrolment": enrolment}
        answer = self.env["survey.user_input"]._pope_ask([values])
        answer.pope_date = "2026-02-20"
        return answer

    def test_what_the_team_keeps_all_year_is_found(self):
        self.assertEqual(self.row(self.board(), "32_risks").standing, "missing")
        risk = self.env["pope.quality.risk"].create({"name": "Salle prise"})
        self.assertEqual(self.row(self.board(), "32_risks").standing, "missing")
        risk.write({"measure": "Deux salles", "date_review": "2026-09-01"})
        self.assertEqual(self.row(self.board(), "32_risks").standing, "covered")
        self.assertEqual(self.row(self.board("2026-10-01"), "32_risks").standing, "missing", "its review is late")
        self.assertEqual(self.row(self.board(), "31_complaints").standing, "out", "nobody complained")
        Feedback = self.env["pope.quality.feedback"]
        feedback = Feedback.create({"name": "Froid", "date": "2026-03-01", "kind": "difficulty"})
        self.assertEqual(self.row(self.board(), "31_complaints").standing, "missing")
        feedback.write({"analysis": "Panne", "answer": "Réparée"})
        feedback.action_close()
        row = self.row(self.board(), "31_complaints")
        self.assertEqual((row.standing, row.action_found()["res_model"]), ("covered", "pope.quality.feedback"))
        skill = self.env["pope.staff.skill"].create({"partner_id": self.odile.id, "name": "SST"})
        self.assertEqual(self.row(self.board(), "22_plan").standing, "missing")
        skill.date_done = "2026-02-01"
        self.assertEqual(self.row(self.board(), "22_plan").standing, "covered")
        self.assertEqual(self.row(self.board(), "26_network").standing, "missing")
        self.holders[1].pope_role_ids += self.env.ref("pope_training.role_disability_partner")
        self.assertEqual(self.row(self.board(), "26_network").standing, "covered")
        self.ask("funder")
        self.assertEqual(self.row(self.board(), "30_funders").standing, "thin", "asked, not answered yet")

    def test_a_rule_asks_what_the_records_can_tell(self):
        with self.assertRaises(ValidationError):
            self.env.ref("pope_training.evidence_rule_5_objectives").asked = "objectives,couleur"
        with self.assertRaises(ValidationError):
            self.env.ref("pope_training.evidence_rule_21_cv").asked = ""
        with self.assertRaises(ValidationError):
            self.env.ref("pope_training.evidence_rule_23_law").asked = "law, météo"

    def test_it_is_recalled_before_it_expires(self):
        evidence = self.attach("9_rules", user_id=self.user_pope.id)
        self.at(self.now.replace(year=2026, month=12, day=20))
        self.env["pope.quality.evidence"]._cron_remind()
        self.assertEqual(evidence.activity_ids.user_id, self.user_pope)
        evidence.active = False
        self.env["pope.quality.evidence"]._cron_remind()
        self.assertFalse(evidence.activity_ids)

    def test_a_member_of_the_team_opens_the_board(self):
        action = self.env["pope.quality.board"].with_user(self.user_pope).action_open()
        board = self.env["pope.quality.board"].with_user(self.user_pope).browse(action["res_id"])
        self.assertIn("Information du public", board.tiles_html)
        self.assertEqual(board.session_count, 1)

    def test_queries_do_not_grow_with_sessions(self):
        rules = self.env["pope.quality.evidence.rule"].search_count([])

        def queries():
            board = self.env["pope.quality.board"].create({"date": "2026-03-10", "date_since": "2025-03-10"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            board.action_refresh()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for n in range(9):
            self.create_session(self.at_class, [(f"2026-02-{12 + n}", "morning")], self.odile, self.holders)
        self.assertLessEqual(queries(), few + 1)
        self.assertLessEqual(few, rules + 15)


@tagged("post_install", "-at_install")
class TestResults(QualityCase):
    def test_a_rate_is_never_told_alone(self):
        values = {
            "program_id": self.at_class.id,
            "kind": "satisfaction",
            "date_from": "2025-01-01",
            "date_to": "2025-12-31",
            "headcount": 20,
            "answer_count": 16,
            "positive_count": 12,
            "method": "Réponses « satisfait » sur les réponses.",
        }
        result = self.env["pope.training.result"].create(values)
        self.assertEqual((result.rate, result.answer_rate), (75, 80))
        with self.assertRaises(ValidationError):
            result.answer_count = 21
        self.assertEqual(self.row(self.board(), "2_results").standing, "missing")
        result.action_publish()
        self.assertEqual(result.date_published, self.today())
        row = self.row(self.board(), "2_results")
        self.assertEqual((row.standing, row.found_ids), ("thin", self.at_class.ids))  # the other programme has none
        told = self.at_class.with_context(lang="fr_FR").results
        for words in ("75", "16", "20", "Réponses"):
            self.assertIn(words, told)

    def test_the_records_propose_who_followed_to_the_end(self):
        session = self.create_session(
            self.at_class, [("2026-02-10", "morning"), ("2026-02-10", "afternoon")], self.odile, self.holders
        )
        self.attend(session, self.holders[0], "present", "present")
        self.attend(session, self.holders[1], "present", "absent")
        self.at_class.action_propose_results()
        result = self.at_class.result_ids.filtered(lambda result: result.kind == "completion")
        self.assertEqual((result.headcount, result.positive_count), (3, 1))
        self.assertFalse(result.date_published)


@tagged("post_install", "-at_install")
class TestResultsOfSurveys(SurveyCase):
    def test_surveys_and_assessments_propose_results_with_their_answers(self):
        first, second, third = people = self.enrol(*self.holders)
        people.bpf_status = "c"
        self.attend(people)
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        self.answer(self.of_kind(first, "end"))
        disappointed = self.answer(self.of_kind(second, "end"))
        disappointed.pope_score = 74.9
        self.of_kind(third, "end").write(
            {"state": "done", "pope_score": 100, "pope_has_score": True, "test_entry": True}
        )
        people._list_objectives()
        first.assessment_ids.result = "acquired"
        second.assessment_ids.result = "in_progress"
        self.dispatch(datetime(2026, 11, 2, 9, 0))
        self.answer(self.of_kind(first, "insertion"))  # in a lasting job
        unemployed = self.of_kind(second, "insertion")
        unemployed._mark_in_progress()
        question = unemployed.survey_id.question_ids[0]
        unemployed._save_lines(question, str(self.env.ref("pope_training.answer_insertion_1_5").id))
        unemployed._mark_done()
        program = self.program.with_user(self.user_pope)
        program.action_propose_results()
        told = {
            result.kind: (result.headcount, result.answer_count, result.positive_count) for result in program.result_ids
        }
        self.assertEqual(told["satisfaction"], (3, 2, 1))
        self.assertEqual(told["assessment"], (3, 2, 1))
        self.assertEqual(told["insertion"], (3, 2, 1))
        self.assertTrue(all(program.result_ids.mapped("method")))
        self.of_kind(third, "end").test_entry = False
        typed = program.result_ids.filtered(lambda result: result.kind == "satisfaction").copy({"method": "Papier"})
        program.action_propose_results()
        satisfaction = program.result_ids.filtered(lambda result: result.kind == "satisfaction")
        self.assertEqual(
            {(result.answer_count, result.method == "Papier") for result in satisfaction}, {(3, False), (2, True)}
        )
        self.assertIn(typed, satisfaction)

    def test_a_choice_that_counts_as_a_job_is_the_teams_to_say(self):
        enrolment = self.enrol(self.holders[0])
        enrolment.bpf_status = "c"
        self.attend(enrolment)
        self.dispatch(datetime(2026, 11, 2, 9, 0))
        answer = self.answer(self.of_kind(enrolment, "insertion"))
        answer.survey_id.question_ids.suggested_answer_ids.pope_is_job = False
        self.program.action_propose_results()
        self.assertNotIn("insertion", self.program.result_ids.mapped("kind"), "nothing is guessed")


@tagged("post_install", "-at_install")
class TestResultsOnThePage(HttpCase, QualityCase):
    def test_the_catalogue_says_the_last_results_with_their_day(self):
        self.body.pope_catalogue_public = True
        self.body.partner_id.lang = "fr_FR"
        self.at_class.action_publish()
        values = {"program_id": self.at_class.id, "headcount": 20, "answer_count": 16, "method": "Réponses oui."}
        for year, yes in ((2024, 8), (2025, 12)):
            period = {"date_from": f"{year}-01-01", "date_to": f"{year}-12-31", "positive_count": yes}
            self.env["pope.training.result"].create({**values, **period}).action_publish()
        address = f"/pope/formations/{self.body.id}"
        for page in (address, f"{address}/{self.at_class.id}"):
            text = " ".join(self.url_open(page).text.split())
            self.assertIn("75 % (16 réponses de 20 personnes, soit 80 %, du 01/01/2025 au 31/12/2025)", text)
            self.assertIn("Réponses oui. Publié le", text)
            self.assertNotIn("2024", text, "the last of each kind")
        self.at_class.action_publish()
        text = self.url_open(f"{address}/{self.at_class.id}").text
        self.assertEqual(text.count("Réponses oui."), 1, "the sheet says them now")
