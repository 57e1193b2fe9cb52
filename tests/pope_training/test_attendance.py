"""What is signed and noted at the half-days of a session, and what comes out of it."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from PIL import Image, ImageDraw
from psycopg2.errors import ForeignKeyViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MeetingCase


def drawing():
    """What a phone sends of a signature."""
    image = Image.new("RGBA", (600, 240))
    ImageDraw.Draw(image).line([(20, 200), (180, 40), (320, 190), (560, 60)], fill=(0, 0, 0, 255), width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


class AttendanceCase(MeetingCase):
    def setUp(self):
        super().setUp()
        self.trainer = self.env["res.partner"].create({"name": "Odile Renard", "email": "odile@example.org"})
        self.session = self.create_event("training", name="Vie d'équipe", user_id=self.user_pope.id)
        self.session.pope_program_id = self.env["pope.training.program"].create({"name": "Vie d'équipe"})
        day = {"event_id": self.session.id, "date": "2026-03-26", "trainer_id": self.trainer.id}
        self.morning, self.afternoon = self.env["pope.training.slot"].create(
            [{**day, "half": "morning"}, {**day, "half": "afternoon"}]
        )
        self.awa, self.nadia = self.enrolments(self.register(self.session, *self.holders[:2]))
        self.at_nine = self.morning.date_begin

    def row(self, enrolment, slot=None):
        return enrolment.attendance_ids.filtered(lambda row: row.slot_id == (slot or self.morning))

    def sign(self, enrolment, slot=None, mode="phone", **form):
        """As a page sends it."""
        form = {"key": f"key-{enrolment.id}-{(slot or self.morning).id}", "image": drawing(), **form}
        return self.row(enrolment, slot)._sign(form, mode, ip="192.0.2.7", user_agent="Téléphone")

    def certify(self, slot=None):
        return (slot or self.morning)._certify({"method": "name", "name_typed": "Odile Renard"}, "Odile Renard")


@tagged("post_install", "-at_install")
class TestAttendance(AttendanceCase):
    def test_each_person_is_awaited_at_each_half_day(self):
        rows = self.env["pope.attendance"].search([("event_id", "=", self.session.id)])
        self.assertEqual(
            {(row.slot_id, row.enrolment_id) for row in rows},
            {(slot, person) for slot in (self.morning, self.afternoon) for person in (self.awa, self.nadia)},
        )
        self.assertEqual(set(rows.mapped("status")), {"todo"})
        chloe = self.enrolments(self.register(self.session, self.holders[2]))
        self.assertEqual(chloe.attendance_ids.slot_id, self.morning | self.afternoon)
        chloe.registration_id.action_cancel()
        self.assertFalse(chloe.attendance_ids)
        chloe.registration_id.action_confirm()
        self.assertEqual(len(chloe.attendance_ids), 2)
        self.afternoon.write({"state": "cancelled", "cancel_reason": "Grève"})
        self.assertEqual(chloe.attendance_ids.slot_id, self.morning)

    def test_an_event_that_is_not_ours_gets_nothing(self):
        stock = self.create_event(False)
        registration = self.register(stock, self.holders[0])
        stock._pope_ready_to_sign()
        registration.action_set_done()
        self.assertFalse(self.env["pope.training.slot"].search([("event_id", "=", stock.id)]))
        self.assertFalse(self.env["pope.attendance"].search([("event_id", "=", stock.id)]))

    def test_the_rows_of_thirty_people_and_twenty_half_days_take_few_queries(self):
        session = self.create_event("training", name="Longue formation", days=40)
        self.register(session, *[(f"Personne {n}", f"p{n}@example.org") for n in range(30)])
        first = self.now.date() + timedelta(days=40)
        values = [
            {"event_id": session.id, "date": first + timedelta(days=n // 2), "half": ("morning", "afternoon")[n % 2]}
            for n in range(20)
        ]
        with patch.object(self.env.registry["pope.attendance"], "_follow", lambda *a: None):
            self.env["pope.training.slot"].create(values)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = self.env["pope.attendance"]._follow(session)
        self.env.flush_all()
        self.assertEqual(len(rows), 600)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 25)
        self.assertFalse(self.env["pope.attendance"]._follow(session))

    def test_a_signature_makes_somebody_present_and_keeps_how_it_was_made(self):
        self.at(self.at_nine)
        self.assertTrue(self.sign(self.awa, signed_at="2026-03-26T08:00:05.123Z"))
        row = self.row(self.awa)
        self.assertEqual((row.status, row.is_signed, row.mode, row.is_late), ("present", True, "phone", False))
        self.assertEqual(row.minutes_attended, 210)
        self.assertEqual((self.awa.hours_attended, self.nadia.hours_attended), (3.5, 0))
        signature = row.signature_ids
        self.assertEqual((signature.date, str(signature.date_device)), (self.at_nine, "2026-03-26 08:00:05"))
        self.assertEqual((signature.ip, signature.user_agent, signature.method), ("192.0.2.7", "Téléphone", "drawn"))
        self.assertTrue(base64.b64decode(signature.image).startswith(b"\x89PNG"))
        self.assertEqual(len(signature.row_hash), 64)

    def test_sent_twice_it_is_signed_once(self):
        self.at(self.at_nine)
        self.assertTrue(self.sign(self.awa))
        self.assertFalse(self.sign(self.awa))
        self.assertFalse(self.sign(self.awa, key="another-phone"))
        self.assertEqual(len(self.row(self.awa).signature_ids), 1)

    def test_the_database_itself_takes_one_signature_of_a_half_day(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        row = self.row(self.awa)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            row._note([{"kind": "signature", "mode": "phone", "key": "other"}])

    def test_somebody_who_cannot_draw_types_their_name(self):
        self.at(self.at_nine)
        for wrong in ("Awa", "Nadia Benali", "Awa Diallo Diop"):
            with self.assertRaises(ValidationError):
                self.sign(self.awa, image="", name=wrong)
        self.assertTrue(self.sign(self.awa, image="", name="  DIALLO  awa "))
        self.assertEqual(self.row(self.awa).signature_ids.method, "name")

    def test_nothing_is_signed_before_the_window_and_later_needs_a_reason(self):
        self.at(self.at_nine - timedelta(minutes=31))
        with self.assertRaises(ValidationError):
            self.sign(self.awa)
        self.at(self.at_nine - timedelta(minutes=29))
        self.assertTrue(self.sign(self.awa))
        self.at(self.morning.date_end + timedelta(minutes=31))
        with self.assertRaises(ValidationError):
            self.sign(self.nadia)
        self.assertTrue(self.sign(self.nadia, reason="J'ai oublié"))
        row = self.row(self.nadia)
        self.assertEqual((row.is_late, row.is_network, row.reason), (True, False, "J'ai oublié"))

    def test_the_window_is_a_setting_of_the_pole(self):
        self.company.pope_sign_grace = 60
        self.at(self.at_nine - timedelta(minutes=59))
        self.assertTrue(self.sign(self.awa))

    def test_what_a_phone_without_network_sends_later_says_so_by_itself(self):
        self.at(self.morning.date_end + timedelta(hours=5))
        form = {"queued": "1", "signed_at": "2026-03-26T08:10:00Z"}
        self.assertTrue(
            self.row(self.awa)
            .with_context(lang="fr_FR")
            ._sign({"key": "key-late-1", "image": drawing(), **form}, "phone")
        )
        row = self.row(self.awa)
        self.assertEqual((row.status, row.is_late, row.is_network, row.reason), ("present", True, True, "réseau"))
        signature = row.signature_ids
        self.assertEqual(str(signature.date_device), "2026-03-26 08:10:00")
        self.assertEqual(signature.date, self.morning.date_end + timedelta(hours=5))

    def test_the_hour_of_a_phone_is_believed_for_the_network_only_within_the_window(self):
        self.at(self.morning.date_end + timedelta(hours=5))
        for hour in ("2026-03-26T12:30:00Z", "2026-03-25T08:10:00Z", "2026-03-27T08:10:00Z", "demain", "", "9" * 400):
            with self.assertRaises(ValidationError, msg=hour):
                self.sign(self.awa, queued="1", signed_at=hour)

    def test_what_was_noted_of_who_came_late_is_not_lost_when_they_sign(self):
        self.at(self.at_nine + timedelta(minutes=20))
        self.row(self.awa)._set_status("late", 20, author="Odile Renard")
        self.assertEqual(self.row(self.awa).minutes_attended, 190)
        self.sign(self.awa)
        self.assertEqual((self.row(self.awa).status, self.row(self.awa).minutes_attended), ("late", 190))

    def test_who_is_noted_absent_speaks_to_the_trainer_first(self):
        self.at(self.at_nine)
        self.row(self.awa)._set_status("absent", author="Odile Renard")
        with self.assertRaises(ValidationError):
            self.sign(self.awa)
        self.row(self.awa)._set_status("present", author="Odile Renard")
        self.assertTrue(self.sign(self.awa))

    def test_statuses_are_noted_by_the_team_and_each_leaves_a_row(self):
        self.at(self.at_nine)
        row = self.row(self.awa).with_user(self.user_pope)
        row.action_absent()
        row.action_absent()
        row.action_excused()
        self.assertEqual(row.signature_ids.mapped("status"), ["absent", "excused"])
        self.assertEqual(set(row.signature_ids.mapped("author")), {self.user_pope.name})
        for status, minutes in (("late", 0), ("late", 211), ("left_early", -5)):
            with self.assertRaises(UserError):
                self.row(self.awa)._set_status(status, minutes)
        self.row(self.awa)._set_status("left_early", 45)
        self.assertEqual(self.awa.hours_attended, 2.75)
        with self.assertRaises(UserError):
            self.row(self.awa, self.afternoon)._set_status("present")
        self.row(self.awa, self.afternoon)._set_status("excused")

    def test_nobody_changes_or_deletes_what_was_signed(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        signature, row = self.row(self.awa).signature_ids, self.row(self.awa)
        seal = self.certify()
        for user in (self.user_pope, self.user_manager):
            for record in (signature, seal, row):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"company_id": False})
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
        for record in (signature, seal):
            with self.assertRaisesRegex(UserError, "jamais|never"):
                record.sudo().write({"row_hash": "0"})
            with self.assertRaisesRegex(UserError, "jamais|never"):
                record.sudo().unlink()

    def test_what_was_signed_holds_the_half_day_the_registration_the_event_and_the_person(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        person, registration = self.awa.partner_id, self.awa.registration_id
        for record in (self.row(self.awa), self.awa, registration, self.morning, self.session, person):
            with self.assertRaises(UserError, msg=record._name) as caught:
                record.sudo().unlink()
            self.assertRegex(str(caught.exception), r"sign|noted|attendance|émarg", record._name)
        for values in ({"date": "2026-03-27"}, {"hour_from": 10}, {"hours": 2}):
            with self.assertRaises(UserError):
                self.morning.write(values)
        registration.action_cancel()
        self.assertEqual(self.row(self.awa).status, "present", "cancelled, what was signed stays")
        self.assertFalse(self.row(self.awa, self.afternoon), "what was to come does not")
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation), self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM event_registration WHERE id = %s", [registration.id])

    def test_a_change_of_session_keeps_what_was_signed(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        other = self.create_event("training", name="Autre session", days=30)
        slot = self.env["pope.training.slot"].create({"event_id": other.id, "date": "2026-04-09", "half": "morning"})
        self.awa.registration_id.event_id = other
        self.assertEqual(self.awa.attendance_ids.slot_id, self.morning | slot)
        self.assertEqual(self.awa.hours_attended, 3.5)

    def test_the_trainer_certifies_and_who_did_not_sign_was_absent(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        seal = self.certify()
        self.assertEqual((self.row(self.awa).status, self.row(self.nadia).status), ("present", "absent"))
        self.assertEqual((seal.number, seal.kind, len(seal.signature_ids)), (1, "trainer", 3))
        self.assertTrue(self.morning._is_held())
        self.assertEqual(self.awa.state, "done")
        self.assertEqual(self.nadia.state, "open")
        with self.assertRaises(UserError):
            self.certify(self.afternoon)

    def test_what_comes_after_the_seal_opens_a_new_one(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        first = self.certify()
        self.at(self.morning.date_end + timedelta(hours=2))
        self.sign(self.nadia, queued="1", signed_at="2026-03-26T08:01:00Z")
        self.assertEqual(self.row(self.nadia).status, "present")
        self.seal()
        second = self.morning.seal_ids - first
        self.assertEqual((second.number, second.kind, second.former_hash), (2, "window", first.row_hash))
        self.assertEqual(second.signature_ids.attendance_id, self.row(self.nadia))
        self.seal()
        self.assertEqual(len(self.morning.seal_ids), 2, "nothing new, no seal")
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def seal(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1):
            self.env["pope.attendance.seal"]._cron_seal()

    def test_the_end_of_the_window_seals_what_was_signed(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        self.seal()
        self.assertFalse(self.morning.seal_ids, "people may still sign")
        self.at(self.morning.date_end + timedelta(minutes=31))
        self.seal()
        self.assertEqual(self.morning.seal_ids.signature_ids, self.row(self.awa).signature_ids)
        self.assertEqual(self.row(self.nadia).status, "todo", "nobody said that she was absent")

    def test_a_meeting_is_signed_once(self):
        self.register(self.meeting, *self.holders)
        slot = self.meeting._pope_ready_to_sign()
        self.assertEqual(slot, self.meeting._pope_ready_to_sign())
        self.assertEqual((slot.date_begin, slot.date_end), (self.meeting.date_begin, self.meeting.date_end))
        self.assertEqual(len(slot.attendance_ids), 3)
        self.meeting.write(
            {
                "date_begin": self.meeting.date_begin + timedelta(days=1),
                "date_end": self.meeting.date_end + timedelta(days=1),
            }
        )
        self.assertEqual(slot.date_begin, self.meeting.date_begin)
        self.at(self.meeting.date_begin)
        self.sign(self.enrolments(self.meeting)[0], slot)
        with self.assertRaises(UserError):
            self.meeting.date_begin += timedelta(hours=1)

    def test_of_somebody_anonymised_the_drawing_goes_and_the_proof_stays(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        self.certify()
        signature = self.row(self.awa).signature_ids
        self.awa.partner_id._pope_anonymise()
        self.assertFalse(signature.image or signature.ip or signature.user_agent)
        self.assertEqual(self.session._pope_attendance_faults(), [])


@tagged("post_install", "-at_install")
class TestAttendanceCheck(AttendanceCase):
    def setUp(self):
        super().setUp()
        self.at(self.at_nine)
        self.sign(self.awa)
        self.sign(self.nadia)
        self.certify()
        self.at(self.afternoon.date_begin)
        self.sign(self.awa, self.afternoon)
        self.certify(self.afternoon)
        self.signature = self.row(self.awa).signature_ids
        self.env.flush_all()

    def tamper(self, query, *parameters):
        self.env.flush_all()
        self.env.cr.execute(query, parameters)
        self.env.invalidate_all()
        return self.session._pope_attendance_faults()

    def test_untouched_there_is_nothing_to_tell(self):
        self.assertEqual(self.session._pope_attendance_faults(), [])
        said = self.session.with_user(self.user_pope).action_pope_check_attendance()["params"]
        self.assertEqual(said["type"], "success")

    def test_any_changed_column_is_found_with_its_person(self):
        for column, value in (
            ("date", "2026-03-26 07:00:00"),
            ("date_device", "2026-03-26 07:00:00"),
            ("ip", "192.0.2.8"),
            ("user_agent", "Autre"),
            ("image", b"iVBORw0KGgo="),
            ("method", "name"),
            ("mode", "paper"),
            ("reason", "autre"),
            ("is_late", True),
            ("is_network", True),
            ("key", "other"),
            ("row_hash", "0" * 64),
            ("proof_hash", "0" * 64),
            ("attendance_id", self.row(self.nadia, self.afternoon).id),
        ):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                faults = self.tamper(
                    f"UPDATE pope_attendance_signature SET {column} = %s WHERE id = %s", value, self.signature.id
                )
                self.assertIn("Awa Diallo", " ".join(faults))
                said = self.session.with_user(self.user_pope).action_pope_check_attendance()["params"]
                self.assertEqual(said["type"], "warning")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_half_day_moved_behind_our_back_is_found(self):
        faults = self.tamper(
            "UPDATE pope_training_slot SET date_begin = date_begin - interval '1 hour' WHERE id = %s", self.morning.id
        )
        self.assertIn("Nadia Benali", " ".join(faults))

    def test_a_deleted_row_is_found_with_its_person(self):
        self.env.cr.execute(
            "DELETE FROM pope_attendance_seal_pope_attendance_signature_rel WHERE pope_attendance_signature_id = %s",
            [self.signature.id],
        )
        faults = self.tamper("DELETE FROM pope_attendance_signature WHERE id = %s", self.signature.id)
        self.assertIn("Awa Diallo", " ".join(faults))

    def test_an_inserted_row_is_found_with_its_person(self):
        ghost = self.row(self.nadia, self.afternoon)
        faults = self.tamper(
            """
            INSERT INTO pope_attendance_signature
                (slot_id, event_id, attendance_id, kind, status, mode, date, proof_hash, row_hash)
            SELECT slot_id, event_id, %s, 'status', 'present', 'typed', date, proof_hash, row_hash
              FROM pope_attendance_signature WHERE id = %s
            """,
            ghost.id,
            self.signature.id,
        )
        self.assertIn("Nadia Benali", " ".join(faults))

    def test_rows_put_in_another_order_are_found_with_their_people(self):
        seal = self.morning.seal_ids
        lines = seal._found().lines
        content = self.env["pope.attendance.seal"]._values(self.morning, self.morning.signature_ids, 1, "")["content"]
        self.assertEqual(content, seal.content)
        moved = str([list(lines[1]), list(lines[0]), *map(list, lines[2:])]).replace("'", '"')
        faults = self.tamper("UPDATE pope_attendance_seal SET content = %s WHERE id = %s", moved, seal.id)
        self.assertIn("Awa Diallo", " ".join(faults))
        self.assertIn("Nadia Benali", " ".join(faults))

    def test_a_status_written_without_a_row_is_found(self):
        row = self.row(self.nadia, self.afternoon)
        faults = self.tamper("UPDATE pope_attendance SET status = 'present' WHERE id = %s", row.id)
        self.assertEqual(len(faults), 1)
        self.assertIn("Nadia Benali", faults[0])

    def test_a_seal_taken_away_is_found(self):
        seal = self.morning.seal_ids
        self.env.cr.execute(
            "DELETE FROM pope_attendance_seal_pope_attendance_signature_rel WHERE pope_attendance_seal_id = %s",
            [seal.id],
        )
        self.assertTrue(self.tamper("DELETE FROM pope_attendance_seal WHERE id = %s", seal.id))

    def test_a_drawing_erased_of_somebody_who_is_known_is_found(self):
        self.signature._forget()
        self.assertIn("Awa Diallo", " ".join(self.session._pope_attendance_faults()))
