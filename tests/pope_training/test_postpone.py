"""A session that began is postponed or called off: what was signed stays, who is on the way is told, once."""

from datetime import date, datetime

from odoo.tests import tagged

from . import test_session
from .test_session_mail import SessionMailCase


@tagged("post_install", "-at_install")
class TestPostponeOnTheWay(SessionMailCase):
    wizard = test_session.TestPostpone.wizard

    def setUp(self):
        super().setUp()
        self.session = self.training
        self.people = self.enrol(*self.holders[:2])
        self.first, self.last = self.training.pope_slot_ids[:2], self.training.pope_slot_ids[2:]

    def begin(self):
        """The first day was held, signed and sealed."""
        self.at(datetime(2026, 4, 30, 18, 0))
        self.people.attendance_ids.filtered(lambda row: row.slot_id in self.first)._set_status("present")
        for slot in self.first:
            slot._close("window")
        self.assertEqual(set(self.people.mapped("state")), {"done"})

    def told(self):
        rows = self.env["pope.notification"].search([("enrolment_id", "in", self.people.ids)])
        return rows.filtered(
            lambda row: (
                row.rule_id.trigger in ("session_moved", "session_called_off")
                and row.rule_id.recipients != "buyer"
                and row.state != "cancelled"
            )
        )

    def test_what_is_sealed_stays_and_who_followed_it_is_told_of_the_rest(self):
        self.begin()
        kept, former = self.people.attendance_ids.signature_ids, self.last[0].date_begin
        wizard = self.wizard(date_first=date(2026, 5, 12), reason="La salle est fermée.")
        self.assertEqual(wizard.people, "Awa Diallo, Nadia Benali")
        wizard.action_apply()
        self.assertEqual(self.first.mapped("date"), [date(2026, 4, 30)] * 2)
        self.assertEqual(self.last.mapped("date"), [date(2026, 5, 12)] * 2)
        self.assertEqual(self.people.attendance_ids.signature_ids, kept)
        self.assertEqual(self.people.mapped("hours_attended"), [sum(self.first.mapped("hours"))] * 2)
        self.assertEqual(self.told().enrolment_id, self.people)
        self.assertEqual(set(self.told().mapped("date_former")), {former})
        self.dispatch(datetime(2026, 5, 4, 9, 0))
        self.assertEqual(set(self.told().mapped("state")), {"queued"})
        self.assertIn("mardi 12 mai", self.told()[0].mail_id.body_html.replace("\xa0", " "))

    def test_postponed_twice_on_the_way_is_told_once_and_moved_back_not_at_all(self):
        self.begin()
        self.wizard(date_first=date(2026, 5, 12)).action_apply()
        self.wizard(date_first=date(2026, 5, 19)).action_apply()
        self.assertEqual(len(self.told()), 2)
        self.wizard(date_first=date(2026, 5, 5)).action_apply()
        self.assertFalse(self.told())

    def test_called_off_on_the_way_tells_who_is_there_and_not_who_left(self):
        self.begin()
        self.people[0]._leave(date(2026, 4, 30), "job")
        self.wizard(gesture="cancel", reason="Trop peu de monde").action_apply()
        self.assertEqual(self.told().enrolment_id, self.people[1])
        self.assertEqual(set(self.first.mapped("state")), {"planned"})
        self.assertEqual(set(self.last.mapped("state")), {"cancelled"})
        self.assertEqual(self.people[1].hours_attended, sum(self.first.mapped("hours")))

    def test_the_waiting_list_is_kept_in_its_order(self):
        self.training.write({"seats_limited": True, "seats_max": 2})
        waiting = self.enrol(self.holders[2])
        wizard = self.wizard(date_first=date(2026, 5, 12))
        self.assertEqual((wizard.people, wizard.waiting), ("Awa Diallo, Nadia Benali", self.holders[2].name))
        wizard.action_apply()
        self.assertEqual((waiting.state, waiting.is_waiting), ("draft", True))
        self.people[0].registration_id.action_cancel()
        self.assertEqual(waiting.state, "open")

    def test_the_public_page_says_the_new_days_and_nothing_of_a_session_called_off(self):
        self.company.pope_catalogue_public = True
        self.program.action_publish()
        self.training.pope_session_type = "inter"
        public = self.program._public_sessions
        self.wizard(date_first=date(2026, 5, 12)).action_apply()
        [session] = public(self.company)[self.program]
        self.assertEqual(session.date_begin.date(), date(2026, 5, 12))
        self.wizard(gesture="cancel", reason="Trop peu de monde").action_apply()
        self.assertFalse(public(self.company))
