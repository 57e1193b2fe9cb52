"""Presence is what was seen: no link, no date and no other person changes what was noted and sealed."""

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_attendance import AttendanceCase
from .test_attendance_page import PageCase


@tagged("post_install", "-at_install")
class TestPresence(AttendanceCase):
    def network(self, enrolment):
        self.at(self.morning.date_end + timedelta(hours=5))
        return self.sign(enrolment, queued="1", signed_at="2026-03-26T08:10:00Z")

    def todo(self):
        return self.session.activity_ids.mapped("summary")

    def test_who_was_noted_absent_does_not_make_themselves_present(self):
        self.at(self.at_nine)
        self.row(self.awa)._set_status("absent", author="Odile Renard")
        self.certify()
        self.assertTrue(self.network(self.awa))
        row = self.row(self.awa)
        self.assertEqual((row.status, row.minutes_attended, row.is_signed), ("absent", 0, True))
        self.assertEqual(self.session._pope_attendance_faults(), [])
        [summary] = self.todo()
        self.assertIn("Awa", summary)
        self.assertEqual(self.session.activity_ids.user_id, self.user_pope)
        row._set_status("present", author="Odile Renard")
        self.assertEqual((row.status, self.session._pope_attendance_faults()), ("present", []))

    def test_an_excuse_is_not_overruled_either(self):
        self.at(self.at_nine)
        self.row(self.awa)._set_status("excused", author="Odile Renard")
        self.network(self.awa)
        self.assertEqual(self.row(self.awa).status, "excused")

    def test_who_had_only_not_signed_yet_is_present_and_the_team_is_told(self):
        self.at(self.at_nine)
        self.certify()
        self.network(self.awa)
        self.assertEqual(self.row(self.awa).status, "present")
        self.assertEqual(len(self.todo()), 1)
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def test_an_absence_that_was_confirmed_since_is_somebody_s_word(self):
        self.at(self.at_nine)
        self.certify()
        self.row(self.awa)._set_status("excused", author="Odile Renard")
        self.network(self.awa)
        self.assertEqual(self.row(self.awa).status, "excused")

    def test_what_was_signed_does_not_pass_to_somebody_else(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        other = self.env["res.partner"].create({"name": "Zoé Marchand"})
        for enrolments in (self.awa.with_user(self.user_pope), self.awa | self.nadia):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                enrolments.partner_id = other
        self.awa.partner_id = self.awa.partner_id
        self.nadia.partner_id = other
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.awa.partner_id | other).ids, other, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(self.awa.partner_id, other)

    def test_a_signed_half_day_does_not_move_by_seconds(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        self.certify()
        for name in ("date_begin", "date_end"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.morning[name] += timedelta(seconds=30)
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def test_what_took_place_and_is_sealed_is_not_cancelled(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        self.certify()
        with self.assertRaises(ValidationError):
            self.morning.write({"state": "cancelled", "cancel_reason": "Erreur"})

    def test_nothing_counts_of_a_half_day_cancelled_before_its_seal(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        self.assertEqual(self.awa.hours_attended, 3.5)
        self.morning.write({"state": "cancelled", "cancel_reason": "Salle inondée"})
        self.assertEqual((self.awa.hours_attended, self.row(self.awa).status), (0, "present"))

    def test_no_context_of_a_client_switches_a_rule_off(self):
        slots = self.env["pope.training.slot"].with_context(pope_slots_moving=True)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            slots.create({"event_id": self.session.id, "date": "2026-03-26", "half": "morning"})
        self.session.write({"seats_limited": True, "seats_max": 2})
        waiting = self.register(self.session, self.holders[2])
        self.assertEqual(waiting.state, "draft")
        self.awa.registration_id.with_context(pope_seat_kept=True).action_cancel()
        self.assertEqual(waiting.state, "open")


@tagged("post_install", "-at_install")
class TestWhoCallsTheRoll(PageCase):
    def test_who_trains_in_nothing_any_more_calls_no_roll(self):
        link = self.trainer_link()
        self.afternoon.trainer_id = self.env["res.partner"].create({"name": "Paul Roy"})
        self.morning.write({"state": "cancelled", "cancel_reason": "Grève"})
        page = self.page(link)
        self.assertEqual(page.status_code, 404)
        self.assertNotIn("Awa", page.text)

    def test_an_outside_trainer_with_a_log_in_has_their_own_half_days(self):
        portal = new_test_user(self.env, "odile.portail", groups="base.group_portal", partner_id=self.trainer.id)
        self.afternoon.trainer_id = self.env["res.partner"].create({"name": "Paul Roy"})
        self.assertEqual(self.session._pope_slots_of(portal.partner_id), self.morning)
        self.assertEqual(self.session._pope_slots_of(self.user_pope.partner_id), self.morning | self.afternoon)
        self.page(self.trainer_link(), slot=str(self.afternoon.id), name="Odile Renard")
        self.assertFalse(self.afternoon.signature_ids)

    def test_the_digits_of_any_keyboard_are_digits(self):
        self.page(self.door(), email="awa.diallo@example.org")
        sent = self.awa.notification_ids.filtered(lambda row: row.rule_id.trigger == "sign_code")
        code = sent._code()
        eastern = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
        wrong = f"{(int(code) + 1) % 10**6:06}".translate(eastern)
        for text in (wrong, "²" * 6, "٩" * 7):
            page = self.page(self.door(), email="awa.diallo@example.org", code=text)
            self.assertIn("pas bon", self.text(page), text)
        self.assertEqual(self.awa.code_tries, 3)
        page = self.page(self.door(), email="awa.diallo@example.org", code=code.translate(eastern))
        self.assertIn("Je signe", page.text)
