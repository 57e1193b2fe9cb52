"""A session is laid out in one gesture, and postponed or cancelled in one."""

from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.pope_training.core.public_holidays import public_holidays
from odoo.addons.pope_training.models.pope_training_slot import TrainingSlot

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestLayout(MeetingCase):
    def setUp(self):
        super().setUp()
        self.place = self.env["res.partner"].create({"name": "Salle des Lilas", "is_company": True})
        self.program = self.env["pope.training.program"].create({"name": "Vie d'équipe", "duration_hours": 21})
        self.session = self.create_event("training", address_id=self.place.id, pope_program_id=self.program.id)

    def layout(self, date_from, date_to, **values):
        form = Form(
            self.env["pope.training.layout"].with_user(self.user_pope).with_context(default_event_id=self.session.id)
        )
        form.date_from, form.date_to = date_from, date_to
        for name, value in values.items():
            form[name] = value
        return form

    def test_the_eleven_public_holidays(self):
        days = public_holidays(2027)
        self.assertEqual(len(days), 11)
        for day in ("2027-03-29", "2027-05-06", "2027-05-17", "2027-07-14", "2027-11-11"):
            self.assertIn(date.fromisoformat(day), days)

    def test_days_and_half_days_are_laid_out_without_public_holidays(self):
        trainer = self.env["res.partner"].create(
            {"name": "Léa Roux", "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids}
        )
        form = self.layout(date(2026, 4, 30), date(2026, 5, 12), trainer_id=trainer)
        for day in ("monday", "wednesday"):
            form[day] = False
        # Tuesdays, Thursdays and Fridays but 1 May and 8 May
        self.assertIn("1 mai", form.holidays_skipped)
        self.assertIn("8 mai", form.holidays_skipped)
        self.assertEqual((form.hours, form.hours_announced), (28, 21))
        form.line_ids.remove(7)
        form.save().action_lay_out()
        slots = self.session.pope_slot_ids
        self.assertEqual(
            slots.mapped(lambda slot: (slot.date.isoformat(), slot.half)),
            [
                ("2026-04-30", "morning"),
                ("2026-04-30", "afternoon"),
                ("2026-05-05", "morning"),
                ("2026-05-05", "afternoon"),
                ("2026-05-07", "morning"),
                ("2026-05-07", "afternoon"),
                ("2026-05-12", "morning"),
            ],
        )
        self.assertEqual((slots.trainer_id, slots.address_id), (trainer, self.place))
        self.assertEqual(self.session.pope_hours_planned, 24.5)
        self.assertIn("24 h 30", self.session.with_user(self.user_pope).pope_hours_warning)
        self.assertEqual(self.session.date_end, datetime(2026, 5, 12, 10, 30))

    def test_a_date_may_be_added_to_the_list(self):
        form = self.layout(date(2026, 4, 2), date(2026, 4, 2), has_afternoon=False, is_remote=True)
        with form.line_ids.new() as line:
            line.date = date(2026, 4, 11)
            line.half = "evening"
        form.save().action_lay_out()
        self.assertEqual(self.session.pope_slot_ids.mapped("hour_from"), [9, 18])
        self.assertFalse(self.session.pope_slot_ids.address_id)

    def test_laying_out_twice_is_once(self):
        self.layout(date(2026, 4, 2), date(2026, 4, 3)).save().action_lay_out()
        slots = self.session.pope_slot_ids
        slots[0].hour_from = 9.5
        self.layout(date(2026, 4, 2), date(2026, 4, 7)).save().action_lay_out()
        self.assertEqual(len(self.session.pope_slot_ids), 6)  # the 6th is Easter Monday
        self.assertEqual(slots[0].hour_from, 9.5)
        self.assertIn("20 h 30", self.session.pope_hours_warning)
        slots[0].hour_from = 9
        self.assertFalse(self.session.pope_hours_warning)

    def test_nothing_to_add_is_said(self):
        with self.assertRaises(UserError):
            self.layout(date(2026, 4, 4), date(2026, 4, 5)).save().action_lay_out()

    def test_the_usual_hours_belong_to_the_manager(self):
        settings = self.env["pope.training.settings"].with_user(self.user_manager).create({"morning_from": 8.5})
        settings.action_save()
        self.assertEqual(self.layout(date(2026, 4, 2), date(2026, 4, 2)).hours, 7.5)


@tagged("post_install", "-at_install")
class TestPostpone(MeetingCase):
    def setUp(self):
        super().setUp()
        self.session = self.create_event("training", name="Vie commune")
        Slot = self.env["pope.training.slot"]
        self.slots = Slot.create(
            [
                {"event_id": self.session.id, "date": day, "half": half}
                for day in ("2026-03-09", "2026-03-26", "2026-03-27")
                for half in ("morning", "afternoon")
            ]
        )
        self.held, self.to_come = self.slots[:2], self.slots[2:]
        self.registrations = self.register(self.session, *self.holders[:2])

    def wizard(self, **values):
        form = Form(
            self.env["pope.training.postpone"].with_user(self.user_pope).with_context(default_event_id=self.session.id)
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def told(self):
        return self.env["pope.notification"].search(
            [("enrolment_id", "in", self.enrolments(self.session).ids), ("state", "!=", "cancelled")]
        )

    def test_half_days_to_come_move_together_and_people_are_told(self):
        wizard = self.wizard(date_first=date(2026, 4, 2), reason="La salle est fermée.")
        self.assertEqual(wizard.people, "Awa Diallo, Nadia Benali")
        wizard.action_apply()
        self.assertEqual(
            self.slots.mapped("date"), [date(2026, 3, 9)] * 2 + [date(2026, 4, 2)] * 2 + [date(2026, 4, 3)] * 2
        )
        self.assertEqual(self.session.date_end, datetime(2026, 4, 3, 15, 0))
        self.assertEqual(self.registrations.mapped("state"), ["open", "open"])
        self.dispatch()
        rows = self.told()
        self.assertEqual(rows.mapped("state"), ["queued", "queued"])
        body = rows[0].mail_id.body_html
        for words in (
            "La salle est fermée.",
            "Vie commune",
            "jeudi 2 avril 2026",
            "vendredi 3 avril 2026",
            "13\xa0h\xa030",
        ):
            self.assertIn(words, body)
        self.assertNotIn("26 mars", body)

    def test_by_one_day_a_half_day_takes_the_place_of_the_next(self):
        self.wizard(date_first=date(2026, 3, 27)).action_apply()
        self.assertEqual(self.to_come.mapped("date"), [date(2026, 3, 27)] * 2 + [date(2026, 3, 28)] * 2)

    def test_the_mail_is_read_before_anything_is_done(self):
        wizard = self.wizard(date_first=date(2026, 4, 2), reason="Travaux")
        wizard.action_preview()
        self.assertIn("2 avril 2026", wizard.body)
        self.assertTrue(wizard.subject)
        self.assertEqual(self.to_come[0].date, date(2026, 3, 26))
        self.assertFalse(self.told())
        wizard.action_apply()
        self.assertEqual(len(self.told()), 2)

    def test_postponed_twice_people_are_told_once_from_what_they_knew(self):
        self.slots[:2].unlink()
        self.wizard(date_first=date(2026, 4, 2)).action_apply()
        self.wizard(date_first=date(2026, 4, 9)).action_apply()
        rows = self.told()
        self.assertEqual(len(rows), 2)
        self.assertEqual(set(rows.mapped("date_former")), {datetime(2026, 3, 26, 8, 0)})
        self.wizard(date_first=date(2026, 3, 26)).action_apply()
        self.assertFalse(self.told())

    def test_a_signed_half_day_stays_where_it_is(self):
        with (
            patch.object(TrainingSlot, "_has_attendance", lambda self: self.to_come_id in self.ids, create=True),
            patch.object(TrainingSlot, "to_come_id", self.to_come[0].id, create=True),
        ):
            self.wizard(date_first=date(2026, 4, 2)).action_apply()
        self.assertEqual(self.to_come[0].date, date(2026, 3, 26))
        self.assertEqual(self.to_come[1].date, date(2026, 4, 2))

    def test_not_on_a_public_holiday(self):
        wizard = self.wizard(date_first=date(2026, 5, 1))
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_a_cancelled_session_keeps_enrolments_and_says_so(self):
        with self.assertRaises(UserError):
            self.env["pope.training.postpone"].create({"event_id": self.session.id, "gesture": "cancel"}).action_apply()
        self.wizard(gesture="cancel", reason="Trop peu de monde").action_apply()
        self.assertEqual(self.session.kanban_state, "cancel")
        self.assertEqual(set(self.to_come.mapped("state")), {"cancelled"})
        self.assertEqual(set(self.held.mapped("state")), {"planned"})
        self.assertEqual(set(self.registrations.mapped("state")), {"open"})
        self.dispatch()
        body = self.told()[0].mail_id.body_html
        self.assertIn("Trop peu de monde", body)
        self.assertIn("annulée", body)

    def test_who_cannot_be_written_to_is_named(self):
        self.holders[1].email = False
        self.assertEqual(self.wizard().unreached, "Nadia Benali")

    def test_who_gave_up_is_not_told(self):
        self.registrations[0].action_cancel()
        self.wizard(date_first=date(2026, 4, 2)).action_apply()
        self.assertEqual(self.told().partner_id, self.holders[1])
