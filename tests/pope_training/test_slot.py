"""A session is made of half-days."""

from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.pope_training.models.pope_training_slot import TrainingSlot

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestSlot(MeetingCase):
    def setUp(self):
        super().setUp()
        self.place = self.env["res.partner"].create({"name": "Salle des Lilas", "is_company": True})
        self.session = self.create_event("training", name="Vie d'équipe", address_id=self.place.id)
        self.session.pope_program_id = self.env["pope.training.program"].create({"name": "Vie d'équipe"})

    def add(self, day, half="morning", **values):
        return (
            self.env["pope.training.slot"]
            .with_user(self.user_pope)
            .create({"event_id": self.session.id, "date": day, "half": half, **values})
        )

    def signed(self, *slots):
        """As if people had signed in these half-days."""
        return patch.object(TrainingSlot, "_has_attendance", lambda self: any(slot.id in self.ids for slot in slots))

    def test_a_half_day_has_the_usual_hours_of_the_pole(self):
        morning, afternoon = self.add("2026-03-30"), self.add("2026-03-31", "afternoon")
        # summer time began on the 29th
        self.assertEqual(morning.date_begin, datetime(2026, 3, 30, 7, 0))
        self.assertEqual(morning.date_end, datetime(2026, 3, 30, 10, 30))
        self.assertEqual(afternoon.date_begin, datetime(2026, 3, 31, 11, 30))
        self.assertEqual((morning.hours, afternoon.hours), (3.5, 3.5))
        self.assertEqual((morning.address_id, morning.company_id), (self.place, self.company))
        self.company.pope_morning_from = 8.5
        self.assertEqual(self.add("2026-04-01").hour_from, 8.5)
        self.assertEqual(morning.hour_from, 9)

    def test_the_session_begins_and_ends_with_its_half_days(self):
        first, last = self.add("2026-03-27"), self.add("2026-03-31", "afternoon")
        self.assertEqual(self.session.date_begin, datetime(2026, 3, 27, 8, 0))
        self.assertEqual(self.session.date_end, datetime(2026, 3, 31, 15, 0))
        last.write({"state": "cancelled", "cancel_reason": "Grève"})
        self.assertEqual(self.session.date_end, first.date_end)
        first.date = "2026-03-26"
        self.assertEqual(self.session.date_begin, datetime(2026, 3, 26, 8, 0))

    def test_a_half_day_dragged_in_a_calendar_is_at_its_new_hours(self):
        slot = self.add("2026-03-27")
        slot.write({"date_begin": datetime(2026, 3, 30, 8, 0), "date_end": datetime(2026, 3, 30, 10, 0)})
        self.assertEqual((slot.date, slot.hour_from, slot.hour_to, slot.hours), (date(2026, 3, 30), 10, 12, 2))

    def test_the_half_days_follow_the_clock_of_the_session(self):
        slot = self.add("2026-03-27")
        self.session.date_tz = "America/Martinique"
        self.assertEqual(slot.date_begin, datetime(2026, 3, 27, 13, 0))
        with self.signed(slot):
            self.session.date_tz = "Europe/Paris"
            self.assertEqual(slot.date_begin, datetime(2026, 3, 27, 13, 0))

    def test_what_has_attendance_does_not_move(self):
        slot, other = self.add("2026-03-27"), self.add("2026-03-30")
        elsewhere = self.create_event("training")
        with self.signed(slot):
            for values in (
                {"date": "2026-03-28"},
                {"hour_from": 8},
                {"hours": 2},
                {"half": "afternoon"},
                {"event_id": elsewhere.id},
            ):
                with self.assertRaisesRegex(UserError, "ne bouge pas|does not move"), self.cr.savepoint():
                    slot.write(values)
            with self.assertRaises(UserError), self.cr.savepoint():
                (slot | other).unlink()
            with self.assertRaises(UserError), self.cr.savepoint():
                self.session.unlink()
            slot.write({"state": "cancelled", "cancel_reason": "Salle inondée"})
            other.date = "2026-03-31"
        self.assertEqual(slot.date, date(2026, 3, 27))

    def test_a_cancelled_half_day_says_why(self):
        slot = self.add("2026-03-27")
        with self.assertRaises(ValidationError):
            slot.state = "cancelled"

    def test_hours_are_within_the_day_and_not_twice(self):
        slot = self.add("2026-03-27")
        for values in ({"hour_from": 13}, {"hour_to": 25}, {"hours": 4}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                slot.write(values)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.add("2026-03-27", "afternoon", hour_from=12, hour_to=14)
        slot.write({"state": "cancelled", "cancel_reason": "Grève"})
        self.assertTrue(self.add("2026-03-27", "afternoon", hour_from=12, hour_to=14))

    def test_a_remote_half_day_has_no_place(self):
        slot = self.add("2026-03-27", is_remote=True)
        self.assertFalse(slot.address_id)
        slot.is_remote = False
        self.assertEqual(slot.address_id, self.place)

    def test_an_event_of_others_has_no_half_day(self):
        stock = self.create_event(False)
        with self.assertRaises(UserError):
            self.env["pope.training.slot"].create({"event_id": stock.id, "date": "2026-03-27"})
        self.add("2026-03-27")
        with self.assertRaises(UserError):
            self.session.pope_kind = False

    def test_event_users_see_no_half_day(self):
        slot = self.add("2026-03-27")
        desk = self._new_user("slot_desk", "event.group_event_user")
        with self.assertRaises(AccessError):
            slot.with_user(desk).read(["date"])
        with self.assertRaises(AccessError):
            self.session.with_user(desk).read(["pope_slot_ids"])
        self.session.with_user(desk).date_tz = "America/Martinique"
        self.assertEqual(slot.date_begin, datetime(2026, 3, 27, 13, 0))

    def test_half_days_are_typed_in_the_session(self):
        form = Form(self.session.with_user(self.user_pope), "pope_training.event_event_view_form")
        with form.pope_slot_ids.new() as line:
            line.date = date(2026, 3, 27)
            line.half = "afternoon"
            self.assertEqual((line.hour_from, line.hours), (13.5, 3.5))
        form.save()
        self.assertEqual(self.session.pope_slot_ids.date_begin, datetime(2026, 3, 27, 12, 30))
