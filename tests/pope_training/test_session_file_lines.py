"""The file of a session, line by line: each ticks itself from a fact, and unticks when the fact is no more."""

from datetime import date

from odoo.tests import tagged

from .agreement import AgreementCase

# each line and the indicators of the quality standard that it proves; what only the law or the return asks has none
LINES = {
    "programme": "1, 5, 6",
    "hours": "6",
    "trainers": "18",
    "papers": "21, 27",
    "status": "",
    "financing": "",
    "needs": "4, 26",
    "information": "9",
    "rules": "9",
    "placed": "4, 8",
    "agreements": "9",
    "convocation": "9",
    "attendance": "10",
    "attendance_sheet": "10",
    "opinion": "30",
    "trainer_opinion": "30",
    "certificate": "",
    "statement": "11",
    "invoices": "",
}


@tagged("post_install", "-at_install")
class TestFileLines(AgreementCase):
    def setUp(self):
        super().setUp()
        self.people = self.awa_enrolment | self.nadia_enrolment
        self.trainer = self.env["res.partner"].create(
            {"name": "Maïa Ollivier", "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids}
        )
        self.pole.pope_exemption_date = "2025-01-01"
        self.program.duration_hours = 21

    def ticked(self, code):
        self.env.invalidate_all()
        done, total = self.course._pope_file_facts()[code].get(self.course, (0, 0))
        return bool(total) and done >= total

    def test_each_line_ticks_and_unticks_by_itself(self):
        lines = self.course._pope_file_lines()
        self.assertEqual({code: numbers for code, (_words, numbers) in lines.items()}, LINES)
        for code in LINES:
            with self.subTest(code), self.env.cr.savepoint() as point:
                self.day("2026-03-10")
                self.assertFalse(self.ticked(code), f"{code} before")
                getattr(self, f"tick_{code}")()
                self.assertTrue(self.ticked(code), f"{code}: the fact is there")
                getattr(self, f"untick_{code}")()
                self.assertFalse(self.ticked(code), f"{code}: the fact is gone")
                self.env.invalidate_all()
                self.env.transaction.clear()
                point.rollback()

    # --- Before the session ---

    def tick_programme(self):
        self.program.action_publish()
        self.course.pope_version_id = self.program.version_ids

    def untick_programme(self):
        self.course.pope_program_id = self.create_program("Autre", company_id=self.pole.id)

    def tick_hours(self):
        self.program.duration_hours = sum(self.slots.mapped("hours"))

    def untick_hours(self):
        self.program.duration_hours = 21

    def tick_trainers(self):
        self.slots.trainer_id = self.trainer

    def untick_trainers(self):
        self.slots[0].trainer_id = False

    def tick_papers(self):
        self.slots.trainer_id = self.trainer
        paper = {"partner_id": self.trainer.id, "kind": "cv", "date": "2026-01-01", "company_id": self.pole.id}
        self.paper = self.env["pope.trainer.paper"].create(paper)

    def untick_papers(self):
        self.paper.unlink()

    def tick_status(self):
        self.people.bpf_status = "a"

    def untick_status(self):
        self.awa_enrolment.bpf_status = False

    def tick_financing(self):
        self.paid = [self.pay(enrolment, "cpf") for enrolment in self.people]

    def untick_financing(self):
        self.paid[0].unlink()

    def tick_needs(self):
        self.people.is_asked_needs = True

    def untick_needs(self):
        self.register(self.course, self.holders[2])  # who comes later is to be asked

    def tick_information(self):
        self.people.date_information = "2026-03-10"

    def untick_information(self):
        self.awa_enrolment.date_information = False

    def tick_rules(self):
        self.pole._pope_issue("house_rules")

    def untick_rules(self):
        self.pole.pope_house_rules_id.sudo().state = "replaced"

    def ask(self, kind, partner, enrolment=False):
        survey = self.env["survey.survey"]._pope_for([kind], self.program)[kind, self.program]
        values = {"survey": survey, "partner": partner, "enrolment": enrolment, "event": self.course}
        return self.env["survey.user_input"]._pope_ask([{**values, "company": self.pole}])

    def tick_placed(self, kind="placement"):
        for enrolment in self.people:
            self.ask(kind, enrolment.partner_id, enrolment)._mark_done()

    def untick_placed(self):
        self.register(self.course, self.holders[2])

    def tick_agreements(self):
        self.contract()

    def untick_agreements(self):
        self.pay(self.nadia_enrolment, "particulier", amount_granted=500)  # who pays too has signed nothing

    def tick_convocation(self):
        self.people._pope_issue("convocation").action_given()

    def untick_convocation(self):
        self.awa_enrolment.document_ids.action_issue_again()  # replaced, and not told yet

    # --- Once it is over ---

    def hold(self):
        self.day("2026-04-30")
        self.people.attendance_ids._set_status("present", author="Odile Renard")

    def tick_attendance(self):
        self.hold()

    def untick_attendance(self):
        late = self.enrolments(self.register(self.course, self.holders[2]))
        self.assertTrue(late.attendance_ids)

    def tick_attendance_sheet(self):
        self.hold()
        self.sheet = self.course._pope_issue("attendance_sheet")

    def untick_attendance_sheet(self):
        self.sheet.sudo().state = "replaced"

    def tick_opinion(self):
        self.hold()
        self.assertFalse(self.ticked("opinion"), "nobody was asked")
        self.tick_placed("end")

    def untick_opinion(self):
        late = self.enrolments(self.register(self.course, self.holders[2]))
        late.attendance_ids._set_status("present", author="Odile Renard")

    def tick_trainer_opinion(self):
        self.slots.trainer_id = self.trainer
        self.hold()
        self.assertFalse(self.ticked("trainer_opinion"), "nobody was asked")
        self.ask("trainer", self.trainer)._mark_done()

    def untick_trainer_opinion(self):
        self.slots[0].trainer_id = self.holders[2]  # whose opinion is to be asked too

    def tick_certificate(self):
        self.hold()
        self.people.bpf_status = "c"
        self.people._pope_issue("certificate")

    def untick_certificate(self):
        self.awa_enrolment.document_ids.sudo().state = "replaced"

    def tick_statement(self):
        self.hold()
        self.people._list_objectives()
        self.people.assessment_ids.result = "acquired"
        self.people._pope_issue("statement")

    def untick_statement(self):
        self.untick_certificate()

    def tick_invoices(self):
        self.people.employer_id = self.employer
        self.sold = self.pay(self.awa_enrolment, "employeur_prive", amount_granted=700)
        agreement = self.propose()
        agreement._issue()
        agreement._sign(date(2026, 3, 10), is_remote=True, channel="paper")
        self.hold()
        self.bill = self.invoice(self.sold, 700, 14)
        self.bill.action_post()

    def untick_invoices(self):
        self.bill.button_draft()
        self.bill.button_cancel()

    def test_who_left_before_the_session_is_awaited_for_no_answer(self):
        self.ask("placement", self.awa_enrolment.partner_id, self.awa_enrolment)._mark_done()
        self.ask("placement", self.nadia_enrolment.partner_id, self.nadia_enrolment)
        self.assertEqual(self.course._pope_file_facts()["placed"][self.course], (1, 2))
        self.nadia_enrolment.registration_id.action_cancel()
        self.assertTrue(self.ticked("placed"))
        self.program.mail_placement = False
        self.assertTrue(self.ticked("placed"), "what was asked stays")


@tagged("post_install", "-at_install")
class TestPaidByAnAward(AgreementCase):
    def test_a_session_paid_wholly_by_an_award_asks_for_no_paper_of_sale_and_counts_on_its_report(self):
        funder = self.env["res.partner"].create({"name": "Département", "is_company": True})
        award = self.env["pope.funding"].create(
            {"partner_id": funder.id, "state": "awarded", "company_id": self.pole.id}
        )
        for enrolment in (self.awa_enrolment, self.nadia_enrolment):
            self.pay(enrolment, "caf_commune", funding_id=award.id)
        people = self.awa_enrolment | self.nadia_enrolment
        self.assertTrue(all(people.mapped("is_award_paid")))
        self.assertFalse(self.propose(), "neither quotation nor agreement")
        self.day("2026-04-30")
        self.awa_enrolment.attendance_ids._set_status("present", author="Odile Renard")
        self.nadia_enrolment.attendance_ids._set_status("absent", author="Odile Renard")
        for slot in self.slots:
            slot._close("window")
        facts = self.course._pope_file_facts()
        for code in ("agreements", "invoices"):
            self.assertNotIn(self.course, facts[code], code)
        self.assertEqual(facts["financing"][self.course], (2, 2))
        self.assertFalse(self.course.activity_ids.filtered(lambda activity: activity.automated))
        user = award.with_user(self.user_pope)
        found = self.own("pope.training.enrolment", self.user_pope).search(user.action_pope_persons()["domain"])
        self.assertEqual(found, self.awa_enrolment, "who never came is not counted")
        self.assertEqual(found.hours_attended, 14)
        events = self.own("event.event", self.user_pope).search(user.action_pope_events()["domain"])
        self.assertEqual((events, events.pope_hours_given), (self.course, 14))
        # who pays a part themselves has a contract for it
        self.pay(self.awa_enrolment, "particulier", amount_granted=100)
        self.assertFalse(self.awa_enrolment.is_award_paid)
        self.assertIn(self.course, self.course._pope_file_facts()["agreements"])
