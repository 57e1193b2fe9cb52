"""A session writes by itself: who gets what and when, what is too late, what no longer holds."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import MeetingCase

# The session: Thursday 30 April and Tuesday 5 May 2026 (Friday is 1 May); today is Tuesday 10 March.
DAYS = ("2026-04-30", "2026-05-05")


class SessionMailCase(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trainer = cls.env["res.partner"].create(
            {
                "name": "Léa Roux",
                "email": "lea.roux@example.org",
                "lang": "fr_FR",
                "pope_role_ids": cls.env.ref("pope_crm.role_trainer").ids,
            }
        )
        cls.place = cls.env["res.partner"].create(
            {"name": "Salle des Lilas", "is_company": True, "street": "4 rue du Cygne", "city": "Bobigny"}
        )
        cls.program = cls.create_program("Vie commune")
        cls.company.write(
            {
                "pope_signatory_id": cls.trainer.id,
                "pope_signatory_title": "directrice",
                "pope_declaration_number": "11 93 00000 93",
                "company_registry": "123 456 789 00012",
            }
        )

    def setUp(self):
        super().setUp()
        self.training = self.create_session()

    def create_session(self, days=DAYS, halves=("morning", "afternoon"), **values):
        session = self.create_event("training", name="Vie commune", pope_program_id=self.program.id, days=51, **values)
        self.env["pope.training.slot"].create(
            [
                {"event_id": session.id, "date": day, "half": half, "trainer_id": self.trainer.id}
                | {"address_id": self.place.id}
                for day in days
                for half in halves
            ]
        )
        return session

    def enrol(self, *people, session=None):
        return self.enrolments(self.register(session or self.training, *people))

    def steps(self, records, *states):
        """The e-mails of enrolments, or of sessions: (step, local day, state, reason) by date."""
        field = "enrolment_id" if records._name == "pope.training.enrolment" else "session_id"
        rows = self.env["pope.notification"].search([(field, "in", records.ids)], order="date_planned, id")
        if states:
            rows = rows.filtered(lambda row: row.state in states)
        return rows

    def said(self, rows):
        return [
            (row.rule_id.step + ("*" if row.rule_id.is_again else ""), str(self.company._pope_day_of(row.date_planned)))
            for row in rows
        ]

    def attend(self, enrolments, status="present"):
        """Everybody's half-days are noted, the day after the session."""
        self.at(datetime(2026, 5, 6, 8, 0))
        enrolments.attendance_ids._set_status(status, author="Odile Renard")


@tagged("post_install", "-at_install")
class TestSessionPlan(SessionMailCase):
    def test_each_step_has_its_day(self):
        enrolment = self.enrol(self.holders[0])
        self.assertEqual(
            self.said(self.steps(enrolment, "planned")),
            [
                ("placement", "2026-04-09"),
                ("convocation", "2026-04-20"),
                ("placement*", "2026-04-23"),
                ("reminder", "2026-04-29"),
                ("survey", "2026-05-05"),
                ("certificate", "2026-05-06"),
                ("survey*", "2026-05-12"),
                ("followup", "2026-08-03"),
                ("followup*", "2026-08-17"),
                ("insertion", "2026-11-02"),
                ("insertion*", "2026-11-16"),
            ],
        )
        survey = self.steps(enrolment).filtered(lambda row: row.step == "survey" and not row.rule_id.is_again)
        self.assertGreaterEqual(survey.date_planned, self.training.date_end)

    def test_the_employer_is_asked_where_there_is_one(self):
        enrolment = self.enrol(self.holders[0])
        employer = self.env["res.partner"].create(
            {"name": "Crèche des Lilas", "is_company": True, "email": "lilas@example.org"}
        )
        enrolment.with_user(self.user_pope).employer_id = employer
        rows = self.steps(enrolment, "planned").filtered(lambda row: row.partner_id == employer)
        self.assertEqual(self.said(rows), [("followup", "2026-08-03"), ("followup*", "2026-08-17")])
        enrolment.employer_id = False
        self.assertEqual(rows.mapped("state"), ["cancelled", "cancelled"])

    def test_a_programme_says_which_steps_apply(self):
        enrolment = self.enrol(self.holders[0])
        self.program.with_user(self.user_pope).write({"mail_followup": False, "mail_insertion": False})
        self.assertNotIn("followup", self.steps(enrolment, "planned").mapped("step"))
        gone = self.steps(enrolment, "cancelled")
        self.assertEqual(set(gone.mapped("reason")), {"program"})
        self.program.mail_followup = True
        self.assertIn("followup", self.steps(enrolment, "planned").mapped("step"))

    def test_a_half_day_has_a_convocation_and_one_survey(self):
        half_day = self.create_session(days=DAYS[:1], halves=("morning",))
        enrolment = self.enrol(self.holders[0], session=half_day)
        self.assertEqual(
            [name for name, _day in self.said(self.steps(enrolment, "planned"))], ["convocation", "survey", "survey*"]
        )

    def test_a_session_without_a_programme_writes_nothing(self):
        enrolment = self.enrol(self.holders[0], session=self.create_event("training"))
        self.assertFalse(self.steps(enrolment))

    def test_meetings_keep_their_own_mails(self):
        rows = self.steps(self.enrol(self.holders[0], session=self.meeting))
        self.assertTrue(rows)
        self.assertFalse(rows.filtered("step"))

    def test_a_late_enrolment_gets_at_once_what_is_still_useful(self):
        self.at(datetime(2026, 4, 29, 8, 0))
        enrolment = self.enrol(self.holders[0])
        rows = self.steps(enrolment)
        self.assertEqual(
            self.said(rows.filtered(lambda row: row.state == "planned"))[:2],
            [("placement", "2026-04-29"), ("convocation", "2026-04-29")],
        )
        late = rows.filtered(lambda row: row.state == "skipped")
        self.assertEqual(sorted(name for name, _day in self.said(late)), ["placement*", "reminder"])
        self.assertEqual(set(late.mapped("reason")), {"late"})

    def test_it_is_said_once_that_it_was_too_late(self):
        self.at(datetime(2026, 4, 29, 8, 0))
        enrolment = self.enrol(self.holders[0])
        self.training.pope_slot_ids[-1].hour_to = 18
        self.training.pope_slot_ids[-1].with_context(pope_slots_moving=False).date = "2026-05-06"
        late = self.steps(enrolment, "skipped")
        self.assertEqual(sorted(late.mapped("step")), ["placement", "reminder"])

    def test_a_postponed_session_replans_what_was_not_sent(self):
        enrolment = self.enrol(self.holders[0])
        self.dispatch(datetime(2026, 4, 20, 9, 0))
        convocation = self.steps(enrolment, "queued").filtered(lambda row: row.step == "convocation")
        self.assertFalse(convocation.replaces_sentence)
        slots = self.training.pope_slot_ids
        self.training._pope_postpone({slot: slot.date + timedelta(days=28) for slot in slots}, "La salle est fermée.")
        rows = self.steps(enrolment, "planned").filtered("step")
        self.assertEqual(
            self.said(rows)[:3],
            [("convocation", "2026-05-18"), ("placement*", "2026-05-21"), ("reminder", "2026-05-27")],
        )
        self.assertNotIn("2026-05-05", [day for _name, day in self.said(rows)])
        again = rows.filtered(lambda row: row.step == "convocation")
        self.dispatch(datetime(2026, 5, 18, 9, 0))
        self.assertIn("annule et remplace", again.mail_id.body_html)
        self.assertEqual(again.document_ids.former_id, convocation.document_ids)
        self.assertTrue(again.document_ids)

    def test_a_cancelled_session_writes_nothing_more(self):
        enrolment = self.enrol(self.holders[0])
        self.training._pope_cancel_session("Trop peu de monde")
        rows = self.steps(enrolment).filtered("step")
        self.assertEqual(set(rows.mapped("state")), {"cancelled"})
        self.assertEqual(set(rows.mapped("reason")), {"session_off"})
        self.assertFalse(self.steps(self.training, "planned"))

    def test_who_comes_instead_gets_theirs(self):
        enrolment = self.enrol(self.holders[0])
        new = enrolment._replace_by(self.holders[1])
        self.assertEqual(set(self.steps(enrolment).mapped("reason")), {"withdrawn"})
        self.assertEqual(len(self.steps(new, "planned")), 11)

    def test_who_waits_gets_nothing_until_a_seat_is_free(self):
        self.training.write({"seats_limited": True, "seats_max": 1})
        first, second = self.enrol(*self.holders[:2])
        self.assertFalse(self.steps(second).filtered("step"))
        first.registration_id.action_cancel()
        self.assertIn("convocation", self.steps(second, "planned").mapped("step"))

    def test_a_session_that_was_there_before_is_planned_by_a_button(self):
        enrolment = self.enrol(self.holders[0])
        (self.steps(enrolment) | self.steps(self.training))._cancel()
        session = self.training.with_user(self.user_pope)
        self.assertFalse(session.pope_mail_count)
        session.action_pope_plan_mails()
        self.assertEqual((len(self.steps(enrolment, "planned")), len(self.steps(session, "planned"))), (11, 3))
        session.action_pope_plan_mails()
        self.assertEqual(len(self.steps(enrolment, "planned")), 11)

    def test_thirty_are_planned_with_the_queries_of_three_hundred(self):
        def plan(count):
            people = self.env["res.partner"].create(
                [{"name": f"Stagiaire {n}", "email": f"stagiaire.{n}@example.org"} for n in range(count)]
            )
            enrolments = self.enrol(*people, session=self.create_session())
            rows = self.steps(enrolments)
            self.assertEqual(len(rows), 11 * count)
            rows._cancel()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            enrolments._replan()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        plan(5)
        few, many = plan(30), plan(300)
        # rows are inserted by lots of the ORM; nothing else grows
        self.assertLessEqual(many / 300, few / 30)
        self.assertLess(many, few * 3)


@tagged("post_install", "-at_install")
class TestSessionLeaves(SessionMailCase):
    def test_the_convocation_says_when_where_and_carries_the_link_to_sign(self):
        enrolment = self.enrol(self.holders[0])
        self.dispatch(datetime(2026, 4, 20, 9, 0))
        mail = self.steps(enrolment, "queued").filtered(lambda row: row.step == "convocation").mail_id
        for words in ("Vie commune", "jeudi 30 avril 2026", "Salle des Lilas", "/pope/emargement/", "Bonjour"):
            self.assertIn(words, mail.body_html)
        self.assertIn("convocation", mail.subject)

    def test_who_was_absent_is_asked_nothing_and_gets_no_certificate(self):
        came, away = self.enrol(*self.holders[:2])
        self.attend(came)
        self.attend(away, "absent")
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        self.assertLessEqual({"survey", "certificate"}, set(self.steps(came, "queued").mapped("step")))
        rows = self.steps(away, "cancelled").filtered(lambda row: row.step in ("survey", "certificate"))
        self.assertEqual(rows.mapped("reason"), ["away", "away"])

    def test_a_certificate_waits_until_attendance_is_noted(self):
        enrolment = self.enrol(self.holders[0])
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        certificate = self.steps(enrolment).filtered(lambda row: row.step == "certificate")
        self.assertEqual((certificate.state, certificate.reason), ("planned", "no_hours"))
        self.attend(enrolment)
        self.dispatch(datetime(2026, 5, 7, 9, 0))
        self.assertEqual((certificate.state, certificate.reason), ("queued", False))
        self.assertEqual(certificate.document_ids.kind_id.code, "certificate")
        self.assertEqual(certificate.mail_id.attachment_ids, certificate.document_ids.attachment_id)

    def test_a_certificate_says_what_it_lacks(self):
        enrolment = self.enrol(self.holders[0])
        self.company.pope_signatory_id = False
        self.attend(enrolment)
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        certificate = self.steps(enrolment).filtered(lambda row: row.step == "certificate")
        self.assertEqual((certificate.state, certificate.reason), ("planned", "no_document"))
        self.assertTrue(certificate.reason_detail)

    def test_what_is_held_does_not_leave(self):
        enrolment = self.enrol(self.holders[0])
        self.training.with_user(self.user_pope).action_pope_hold_mails()
        self.dispatch(datetime(2026, 4, 9, 9, 0))
        placement = self.steps(enrolment)[0]
        self.assertEqual(placement.state, "planned")
        self.training.with_user(self.user_pope).action_pope_free_mails()
        self.dispatch(datetime(2026, 4, 9, 9, 0))
        self.assertEqual(placement.state, "queued")

    def test_a_row_leaves_now_when_a_person_says_so(self):
        enrolment = self.enrol(self.holders[0])
        self.training.pope_mail_hold = True
        convocation = self.steps(enrolment).filtered(lambda row: row.step == "convocation")
        convocation.with_user(self.user_pope).action_send_now()
        self.dispatch()
        self.assertEqual(convocation.state, "queued")
        self.assertEqual(self.training.with_user(self.user_pope).pope_mail_count, 14)
        action = self.training.with_user(self.user_pope).action_pope_mails()
        self.assertIn(convocation, self.env["pope.notification"].search(action["domain"]))

    def test_the_trainer_gets_their_page_before_the_first_day(self):
        rows = self.steps(self.training, "planned")
        self.assertEqual(
            self.said(rows),
            [("trainer", "2026-04-27"), ("trainer_survey", "2026-05-05"), ("trainer_survey*", "2026-05-12")],
        )
        self.dispatch(datetime(2026, 4, 27, 9, 0))
        self.assertIn("/pope/emargement/animation/", rows[0].mail_id.body_html)

    def test_another_trainer_gets_theirs_instead(self):
        other = self.trainer.copy({"name": "Odile Renard", "email": "odile.renard@example.org"})
        former = self.steps(self.training)
        self.training.pope_slot_ids.trainer_id = other
        self.assertEqual(set(former.mapped("state")), {"cancelled"})
        self.assertEqual(self.steps(self.training, "planned").partner_id, other)

    def test_who_signed_is_told_the_seal_once_a_day(self):
        came, away = self.enrol(*self.holders[:2])
        morning, afternoon = self.training.pope_slot_ids[:2]
        self.at(datetime(2026, 4, 30, 15, 0))
        for slot in (morning, afternoon):
            slot.attendance_ids.filtered(lambda row: row.enrolment_id == came)._set_status("present", author="Léa")
            slot._certify({"method": "name", "name_typed": "Léa Roux"}, "Léa Roux")
        rows = self.steps(came | away).filtered(lambda row: row.step == "seal")
        self.assertEqual(rows.enrolment_id, came)
        [row] = rows
        self.dispatch(datetime(2026, 5, 4, 8, 0))
        body = row.mail_id.body_html
        for seal in (morning | afternoon).seal_ids:
            self.assertIn(seal.short_hash, body)

    def test_two_trainees_of_one_employer_are_two_questions(self):
        employer = self.env["res.partner"].create(
            {"name": "Crèche des Lilas", "is_company": True, "email": "lilas@example.org"}
        )
        enrolments = self.enrol(*self.holders[:2])
        enrolments.employer_id = employer
        self.attend(enrolments)
        self.dispatch(datetime(2026, 8, 3, 9, 0))
        rows = self.steps(enrolments, "queued").filtered(lambda row: row.partner_id == employer)
        self.assertEqual(rows.enrolment_id, enrolments)

    def test_once_over_somebody_is_asked_to_prepare_invoices(self):
        self.training.user_id = self.user_pope
        enrolment = self.enrol(self.holders[0])
        self.env["pope.training.financing"].create(
            {"enrolment_id": enrolment.id, "scheme_id": self.env.ref("pope_training.scheme_particulier").id}
        )
        self.attend(enrolment)
        self.training._pope_propose_billing()
        activity = self.training.activity_ids
        self.assertEqual(activity.user_id, self.user_pope)
        self.assertIn("Awa Diallo", activity.note)
        self.assertIn("14\N{NO-BREAK SPACE}h", activity.note.replace("&nbsp;", "\N{NO-BREAK SPACE}"))
        self.assertTrue(self.training.pope_date_billing)

    def test_a_session_that_an_award_pays_asks_for_no_invoice(self):
        self.enrol(self.holders[0])
        self.training._pope_propose_billing()
        self.assertFalse(self.training.activity_ids)
