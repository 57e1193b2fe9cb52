"""What an attacker of the attendance tries, by every way that is open to them: nothing of the past changes unseen."""

import base64
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.pope_training.core import attendance_seal

from .test_attendance import AttendanceCase

PDF = base64.b64encode(b"%PDF-1.4 feuille")
# what no check looks at: who wrote the row in the database and when, and what only repeats its half-day
ASIDE = {"id", "create_uid", "create_date", "write_uid", "write_date", "company_id", "date_forgotten"}
WRONG = {"integer": 7, "float": 99, "datetime": "2020-01-01 00:00:00", "binary": b"zz"}


class SignedCase(AttendanceCase):
    def setUp(self):
        super().setUp()
        self.at(self.at_nine)
        self.sign(self.awa)
        self.certify()
        self.at(self.afternoon.date_begin)
        self.sign(self.awa, self.afternoon)
        self.certify(self.afternoon)
        self.signature = self.row(self.awa).signature_ids
        self.other = self.create_event("training", name="Autre session")


@tagged("post_install", "-at_install")
class TestTamper(SignedCase):
    def faults_after(self, query, *parameters):
        """What the check finds once somebody wrote in the database behind our back."""
        with self.env.cr.savepoint() as savepoint:
            self.env.flush_all()
            self.env.cr.execute(query, parameters)
            self.env.invalidate_all()
            faults = self.session._pope_attendance_faults()
            savepoint.rollback()
        self.env.invalidate_all()
        return faults

    def wrong(self, record, name):
        """Another value than the one that stands."""
        other = {
            "slot_id": self.afternoon.id,
            "event_id": self.other.id,
            "attendance_id": self.row(self.nadia, self.afternoon).id,
            "kind": "window" if record._name.endswith("seal") else "status",
            "status": "excused",
            "mode": "paper",
        }
        if record._fields[name].type == "boolean":
            return not record[name]
        return other.get(name) or WRONG.get(record._fields[name].type, "zz")

    def test_each_column_of_what_was_signed_noted_and_sealed_is_looked_at(self):
        row, seal = self.row(self.awa), self.morning.seal_ids
        once = {"pope.attendance": {"slot_id", "enrolment_id"}}  # the database itself refuses
        for record in (self.signature, seal, row):
            columns = {name for name, field in record._fields.items() if field.store and field.column_type}
            for name in sorted(columns - ASIDE - once.get(record._name, set())):
                query = f"UPDATE {record._table} SET {name} = %s WHERE id = %s"
                faults = self.faults_after(query, self.wrong(record, name), record.id)
                self.assertTrue(faults, (record._name, name))
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def test_hours_that_do_not_come_from_what_was_signed_are_found(self):
        for query, record in (
            ("UPDATE pope_training_slot SET hours = 99 WHERE id = %s", self.morning),
            ("UPDATE pope_training_enrolment SET hours_attended = 99 WHERE id = %s", self.awa),
        ):
            self.assertTrue(self.faults_after(query, record.id), record)

    def test_a_signature_given_to_somebody_else_is_found_and_a_marriage_is_none(self):
        query = "UPDATE pope_training_enrolment SET partner_id = %s WHERE id = %s"
        [fault] = self.faults_after(query, self.holders[2].id, self.awa.id)[:1]
        self.assertIn("Awa Diallo", fault)
        self.awa.partner_id.name = "Awa Marchand"
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def test_of_who_is_forgotten_the_name_goes_with_the_drawing_and_the_proof_stands(self):
        self.assertEqual(self.signature.person_name, "Awa Diallo")
        self.awa.partner_id._pope_anonymise()
        self.assertFalse(self.signature.person_name or self.signature.image)
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def test_a_seal_taken_away_is_found_even_when_it_is_the_last_one(self):
        last = self.afternoon.seal_ids
        relation = "pope_attendance_seal_pope_attendance_signature_rel"
        self.env.cr.execute(f"DELETE FROM {relation} WHERE pope_attendance_seal_id = %s", [last.id])
        self.assertTrue(self.faults_after("DELETE FROM pope_attendance_seal WHERE id = %s", last.id))

    def test_what_was_signed_before_hashes_said_more_still_stands(self):
        """Rows of a database that was there before, whose hash is of what it was then."""
        self.env.flush_all()
        signature = self.signature
        values = {name: signature[name] for name in ("kind", "status", "mode", "method", "reason", "author", "key")}
        values |= {name: signature[name] for name in ("date", "date_device", "minutes_missed", "is_late", "is_network")}
        image = signature.with_context(bin_size=False).image
        proof = {"image": image, **{name: signature[name] for name in ("name_typed", "ip", "user_agent")}}
        values["proof_hash"] = attendance_seal.row_hash(signature._proof(proof))
        content = signature._content({**values, "attendance_id": signature.attendance_id.id}, self.morning)
        self.assertNotIn("hours", content)
        self.env.cr.execute(
            "UPDATE pope_attendance_signature SET hash_form = NULL, person_name = NULL, proof_hash = %s, row_hash = %s"
            " WHERE id = %s",
            [values["proof_hash"], attendance_seal.row_hash(content), signature.id],
        )
        self.env.invalidate_all()
        found = signature._found()
        self.assertEqual(found.computed, found.stored)


@tagged("post_install", "-at_install")
class TestOurOwnUsers(SignedCase):
    def refused(self, record, values, error=UserError):
        for user in (self.user_pope, self.user_manager):
            with self.assertRaises(error, msg=f"{record} {values}"), self.env.cr.savepoint():
                record.with_user(user).write(values)
        self.env.invalidate_all()

    def test_hours_followed_are_not_typed_even_by_a_client_of_the_api(self):
        self.refused(self.awa, {"hours_attended": 99}, AccessError)
        self.assertEqual(self.awa.hours_attended, 7)
        line = self.env["pope.training.financing"].with_user(self.user_pope)
        scheme = self.env.ref("pope_training.scheme_particulier")
        own = line.create({"enrolment_id": self.awa.id, "scheme_id": scheme.id})
        self.refused(own, {"amount_invoiced": 5}, AccessError)
        self.refused(own, {"hours_invoiced": 5}, AccessError)
        with self.assertRaises(AccessError):
            line.create({"enrolment_id": self.nadia.id, "scheme_id": scheme.id, "amount_invoiced": 5})

    def test_a_session_that_is_copied_takes_none_of_its_attendance(self):
        copy = self.session.with_user(self.user_pope).copy()
        self.assertEqual((copy.pope_kind, copy.pope_program_id), ("training", self.session.pope_program_id))
        self.assertFalse(copy.pope_slot_ids or copy.pope_attendance_ids)

    def test_lines_of_a_form_change_nothing_that_was_signed(self):
        row = self.row(self.awa)
        for record, values in (
            (self.morning, {"signature_ids": [Command.clear()]}),
            (self.morning, {"attendance_ids": [Command.delete(row.id)]}),
            (self.morning, {"attendance_ids": [Command.update(row.id, {"status": "absent"})]}),
            (self.awa, {"attendance_ids": [Command.unlink(row.id)]}),
            (self.session, {"pope_attendance_ids": [Command.clear()]}),
        ):
            self.refused(record, values, AccessError)

    def test_no_file_and_no_copy_makes_a_signature(self):
        row, signature = self.row(self.awa), self.signature
        for record in (row, signature, self.morning.seal_ids):
            own = record.with_user(self.user_manager)
            with self.assertRaises(AccessError):
                own.copy()
            said = own.load([".id", "company_id/.id"], [[str(record.id), str(self.company.id)]])
            self.assertFalse(said["ids"])
            self.assertEqual(said["messages"][0]["type"], "error")

    def test_a_session_that_was_signed_stays_with_its_organisation_and_stays_a_training(self):
        self.refused(self.session, {"company_id": False})
        self.refused(self.session, {"pope_kind": "information_meeting"})
        meeting = self.env.ref("pope_training.event_type_information_meeting")
        self.refused(self.session, {"event_type_id": meeting.id})
        self.session.name = "Vie d'équipe, mars"
        self.other.with_user(self.user_pope).company_id = False

    def test_another_clock_moves_nothing_that_was_signed(self):
        before = self.morning.date_begin, self.afternoon.date_end
        self.session.with_user(self.user_pope).date_tz = "Asia/Tokyo"
        self.assertEqual((self.morning.date_begin, self.afternoon.date_end), before)
        self.assertEqual(self.session._pope_attendance_faults(), [])


@tagged("post_install", "-at_install")
class TestScan(SignedCase):
    def keep(self, content=PDF, name="feuille.pdf"):
        values = {"attendance_ids": [Command.set(self.row(self.nadia).ids)], "status": "excused"}
        typing = self.env["pope.attendance.status"].with_user(self.user_pope)
        typing.create({**values, "scan": content, "scan_name": name}).action_save()
        return self.morning.scan_ids

    def test_a_signed_sheet_is_not_taken_away_changed_or_put_elsewhere(self):
        scan = self.keep()
        for user in (self.user_pope, self.user_manager):
            own, half_day = scan.with_user(user), self.morning.with_user(user)
            self.assertEqual(own.raw, b"%PDF-1.4 feuille")
            self.assertEqual(self.session.with_user(user).pope_scan_ids, scan, "on the screen of the session")
            for command in (Command.clear(), Command.delete(scan.id), Command.unlink(scan.id), Command.set([])):
                with self.assertRaises(UserError):
                    half_day.scan_ids = [command]
            for do in (
                own.unlink,
                lambda own=own: own.write({"raw": b"%PDF-1.4 x"}),
                lambda own=own: own.write({"res_model": "res.partner", "res_id": self.holders[2].id}),
            ):
                with self.assertRaises(AccessError):
                    do()
        self.assertEqual(self.morning.scan_ids, scan)

    def test_nobody_links_a_file_of_others_to_a_half_day(self):
        other = self.env["ir.attachment"].create({"name": "paie.pdf", "raw": b"%PDF-1.4"})
        with self.assertRaises(UserError):
            self.morning.with_user(self.user_pope).scan_ids = [Command.link(other.id)]

    def test_what_a_browser_would_run_is_no_scan(self):
        page = b"<html><script>alert(1)</script></html>"
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        for content in (page, drawing, b"\n" + page, b"%!PS", b"PK\x03\x04", b"x"):
            for name in ("feuille.pdf", "feuille.html", "feuille.svg"):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self.keep(base64.b64encode(content), name)
        self.assertFalse(self.morning.scan_ids)
        for content in (b"\xff\xd8\xff\xe0 photo", b"\x89PNG\r\n\x1a\n photo", b"\x00\x00\x00\x18ftypheic photo"):
            self.keep(base64.b64encode(content), "photo")
        self.assertEqual(len(self.morning.scan_ids), 3)


@tagged("post_install", "-at_install")
class TestClock(AttendanceCase):
    def test_half_days_of_the_night_when_clocks_change_last_as_long_as_planned(self):
        for day, offset in (("2026-03-29", 2), ("2026-10-25", 1), ("2026-03-28", 1), ("2026-10-24", 2)):
            slot = self.env["pope.training.slot"].create({"event_id": self.session.id, "date": day, "half": "morning"})
            self.assertEqual((slot.date_begin.hour + offset, slot.hours), (9, 3.5), day)
            row = slot.attendance_ids.filtered(lambda row: row.enrolment_id == self.awa)
            self.at(slot.date_begin - timedelta(minutes=29))
            self.assertTrue(self.sign(self.awa, slot), day)
            self.assertEqual(row.minutes_attended, 210, day)
            self.assertIn("9", slot._label())
        self.assertEqual(self.session._pope_attendance_faults(), [])
