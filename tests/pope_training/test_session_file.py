"""For whom a session is held, who waits for a seat, and a file that ticks itself."""

from odoo.tests import tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestWaiting(MeetingCase):
    def setUp(self):
        super().setUp()
        self.session = self.create_event("training", name="Vie commune", seats_limited=True, seats_max=1)
        self.first, self.second, self.third = self.register(self.session, *self.holders)

    def told(self):
        return self.env["pope.notification"].search(
            [("rule_id.trigger", "=", "session_seat"), ("event_id", "=", self.session.id)]
        )

    def test_who_comes_to_a_full_session_waits(self):
        self.assertEqual((self.first | self.second | self.third).mapped("state"), ["open", "draft", "draft"])
        self.assertEqual(self.session.pope_waiting_count, 2)
        self.assertFalse(self.told())

    def test_a_free_seat_goes_to_who_waits_longest_and_they_are_told(self):
        self.first.with_user(self.user_pope).action_cancel()
        self.assertEqual((self.first | self.second | self.third).mapped("state"), ["cancel", "open", "draft"])
        self.assertEqual(self.told().partner_id, self.holders[1])
        self.dispatch()
        self.assertIn("Vie commune", self.told().mail_id.body_html)

    def test_more_seats_or_none_counted_let_everybody_in(self):
        self.session.with_user(self.user_pope).seats_max = 2
        self.assertEqual(self.third.state, "draft")
        self.session.with_user(self.user_pope).seats_limited = False
        self.assertEqual(self.third.state, "open")
        self.assertEqual(self.told().partner_id, self.holders[1:3])

    def test_a_registration_that_is_deleted_or_moved_frees_its_seat(self):
        self.first.event_id = self.create_event("training")
        self.assertEqual(self.second.state, "open")
        self.second.unlink()
        self.assertEqual(self.third.state, "open")

    def test_who_gave_up_waiting_does_not_come_in(self):
        self.second.action_cancel()
        self.first.action_cancel()
        self.assertEqual((self.second | self.third).mapped("state"), ["cancel", "open"])

    def test_nobody_comes_in_to_a_cancelled_session(self):
        self.session.kanban_state = "cancel"
        self.first.action_cancel()
        self.assertEqual(self.second.state, "draft")

    def test_an_event_of_others_has_no_waiting_list(self):
        stock = self.create_event(False, seats_limited=True, seats_max=5)
        registration = self.register(stock, self.holders[0])
        self.assertEqual(registration.state, "open")
        self.assertFalse(stock.pope_session_type)


@tagged("post_install", "-at_install")
class TestFile(MeetingCase):
    def setUp(self):
        super().setUp()
        self.program = self.env["pope.training.program"].create({"name": "Vie commune", "duration_hours": 7})
        self.session = self.create_event("training", pope_program_id=self.program.id)
        self.trainer = self.env["res.partner"].create(
            {"name": "Maïa Ollivier", "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids}
        )

    def done(self, event=None):
        """The codes of the lines that are ticked."""
        facts = (event or self.session)._pope_file_facts()
        return {
            code
            for code, by_event in facts.items()
            for done, total in [by_event.get(event or self.session, (0, 0))]
            if total and done >= total
        }

    def lay_out(self, halves=("morning", "afternoon"), **values):
        return self.session._pope_lay_out([{"date": "2026-03-26", "half": half, **values} for half in halves])

    def test_the_file_ticks_itself(self):
        self.assertFalse(self.done() & {"hours", "trainers", "papers"})
        slots = self.lay_out(["morning"], trainer_id=self.trainer.id)
        self.assertEqual(self.done() & {"hours", "trainers", "papers"}, {"trainers"})
        slots |= self.lay_out(["afternoon"])
        self.assertEqual(self.done() & {"hours", "trainers", "papers"}, {"hours"})
        slots.trainer_id = self.trainer
        self.env["pope.trainer.paper"].create({"partner_id": self.trainer.id, "kind": "cv"})
        self.assertLessEqual({"hours", "trainers", "papers"}, self.done())

    def test_the_file_is_shown_with_the_numbers_of_the_indicators(self):
        session = self.session.with_user(self.user_pope)
        self.assertIn("Qualiopi 6", session.pope_file)
        gaps = session.pope_file_gaps
        self.lay_out(trainer_id=self.trainer.id)
        session.invalidate_recordset()
        self.assertLess(session.pope_file_gaps, gaps)
        self.assertFalse(self.meeting.with_user(self.user_pope).pope_file)

    def test_the_list_of_sessions_costs_the_same_for_ten_and_for_sixty(self):
        sessions = self.env["event.event"].create(
            [
                {
                    "name": f"Session {number}",
                    "event_type_id": self.session.event_type_id.id,
                    "pope_program_id": self.program.id,
                    "date_begin": self.now,
                    "date_end": self.now,
                }
                for number in range(60)
            ]
        )
        self.env["pope.training.slot"].create(
            [{"event_id": session.id, "date": "2026-03-26", "trainer_id": self.trainer.id} for session in sessions]
        )
        self.register(sessions[0], *self.holders)
        counts = []
        for lot in (sessions[:1], sessions[:10], sessions):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lot.with_user(self.user_pope).web_read({"pope_file_gaps": {}})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
