"""What the team sees and types of attendance: the grid, the code of the day, the sheet."""

import base64
import io
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import OdooPdfFileReader

from .test_attendance import AttendanceCase


@tagged("post_install", "-at_install")
class TestAttendanceScreen(AttendanceCase, HttpCase):
    def as_user(self, record):
        return record.with_user(self.user_pope).with_context(lang="fr_FR")

    def type(self, rows, **values):
        wizard = (
            self.env["pope.attendance.status"]
            .with_user(self.user_pope)
            .with_context(active_model="pope.attendance", active_ids=rows.ids)
            .create(values)
        )
        return wizard.action_save()

    def test_the_grid_tells_in_colours_and_in_words(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        self.row(self.nadia)._set_status("absent")
        grid = self.as_user(self.session).pope_attendance_grid
        cells = re.findall(r"data-attendance='(\d+)' title='([^']*)'.*?background: (#\w+)", grid)
        self.assertEqual(len(cells), 4)
        told = {int(number): (title.split(": ")[-1], color) for number, title, color in cells}
        self.assertEqual(told[self.row(self.awa).id], ("Signé", "#2e7d32"))
        self.assertEqual(told[self.row(self.nadia).id], ("Absent·e", "#c62828"))
        self.assertEqual(told[self.row(self.awa, self.afternoon).id], ("Pas encore noté", "#e0e0e0"))
        self.assertIn("Nadia Benali", grid)

    def test_a_name_in_the_grid_is_a_text(self):
        self.awa.partner_id.name = "<b>Awa' onmouseover='x</b>"
        self.assertNotIn("<b>Awa", self.as_user(self.session).pope_attendance_grid)
        self.assertNotIn("' onmouseover='", self.as_user(self.session).pope_attendance_grid)

    def test_the_code_of_the_day_is_ready_for_a_meeting_too(self):
        self.register(self.meeting, *self.holders)
        action = self.as_user(self.meeting).action_pope_today()
        self.assertEqual(action["res_id"], self.meeting.id)
        self.assertEqual(len(self.meeting.pope_attendance_ids), 3)
        event = self.as_user(self.meeting)
        self.assertTrue(base64.b64decode(event.pope_door_image).startswith(b"\x89PNG"))
        self.assertIn("/pope/emargement/seance/", event.pope_door_address)
        self.assertIn("/pope/emargement/animation/", event.action_pope_call_roll()["url"])
        empty = self.create_event("training", name="Sans demi-journée")
        with self.assertRaises(UserError):
            self.as_user(empty).action_pope_today()

    def test_each_person_receives_their_own_link(self):
        said = self.as_user(self.session).action_pope_send_sign_links()["params"]["message"]
        self.assertIn("2", said)
        rows = self.env["pope.notification"].search(
            [("enrolment_id", "in", (self.awa | self.nadia).ids), ("rule_id.trigger", "=", "sign_link")]
        )
        self.dispatch()
        self.assertEqual(set(rows.mapped("state")), {"queued"})
        for row in rows:
            link = re.search(r"/pope/emargement/([\w-]+)", row.mail_id.body_html)[1]
            self.assertEqual(self.env["pope.training.enrolment"]._find_by_sign_token(link), row.enrolment_id)
            self.assertIn("Vie d'équipe", row.mail_id.body_html.replace("&#39;", "'"))

    def test_a_sheet_signed_on_paper_is_typed_and_its_scan_kept(self):
        self.at(self.morning.date_end)
        rows = self.row(self.awa) | self.row(self.nadia)
        self.type(rows, status="present", mode="paper", scan=base64.b64encode(b"%PDF-1.4 x"), scan_name="feuille.pdf")
        self.assertEqual(set(rows.mapped("mode")), {"paper"})
        self.assertEqual(set(rows.mapped("status")), {"present"})
        self.assertEqual(self.morning.scan_ids.mapped("name"), ["feuille.pdf"])
        self.assertEqual(self.as_user(self.morning).scan_ids.raw, b"%PDF-1.4 x")
        self.type(self.row(self.nadia), status="late", minutes_missed=20, mode="typed", reason="Train")
        row = self.row(self.nadia)
        self.assertEqual((row.status, row.minutes_missed, row.reason), ("late", 20, "Train"))
        self.assertEqual(row.signature_ids.mapped("status"), ["present", "late"])

    def test_the_window_is_set_by_a_manager(self):
        window = self.env["pope.sign.window"].with_user(self.user_manager).create({"grace": 45})
        window.action_save()
        self.assertEqual(self.company.pope_sign_grace, 45)
        with self.assertRaises(AccessError):
            self.env["pope.sign.window"].with_user(self.user_pope).create({"grace": 45})

    def words(self, session):
        report = self.env["ir.actions.report"].with_user(self.user_pope).with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("pope_training.action_report_attendance", session.ids)
        self.assertEqual(kind, "pdf")
        pages = OdooPdfFileReader(io.BytesIO(content), strict=False).pages
        images = sum(len(page["/Resources"].get("/XObject", {})) for page in pages)
        text = " ".join(page.extract_text() for page in pages)
        return re.sub(r"\s+", " ", text.replace("’", "'").replace("\xa0", " ")), images, len(pages)

    def test_the_sheet_is_printed_to_be_signed_and_then_with_what_was_signed(self):
        text, images, _pages = self.words(self.session)
        for word in ("Feuille d'émargement", "Vie d'équipe", "Awa Diallo", "Nadia Benali", "Odile Renard", "9 h"):
            self.assertIn(word, text)
        self.assertNotIn("Sceau", text)
        self.assertEqual(images, 0)
        self.at(self.at_nine)
        self.sign(self.awa)
        self.row(self.nadia)._set_status("excused")
        seal = self.certify()
        text, images, _pages = self.words(self.session)
        self.assertEqual(images, 1)
        self.assertIn("Excusé", text)
        self.assertIn(seal.row_hash, text.replace(" ", ""))

    def test_a_large_sheet_takes_several_pages(self):
        self.register(self.session, *[(f"Personne {n:02}", f"p{n}@example.org") for n in range(25)])
        text, _images, pages = self.words(self.session)
        self.assertEqual(pages, 3)
        for number in range(25):
            self.assertEqual(text.count(f"Personne {number:02}"), 1)

    def test_who_may_read_attendance(self):
        self.at(self.at_nine)
        self.sign(self.awa)
        event_user = self._new_user("event_only", "event.group_event_user")
        row = self.row(self.awa)
        for record in (row, row.signature_ids):
            with self.assertRaises(AccessError):
                record.with_user(event_user).read(["status"])
            record.with_user(self.user_pope).read(["status"])
        for field in ("pope_attendance_ids", "pope_attendance_grid", "pope_door_address"):
            with self.assertRaises(AccessError):
                self.session.with_user(event_user).read([field])
        with self.assertRaises(AccessError):
            self.session.with_user(event_user).action_pope_check_attendance()
        with self.assertRaises(AccessError):
            self.session.with_user(event_user).action_pope_send_sign_links()

    def test_an_event_user_who_calls_a_registration_off_does_not_need_to_see_attendance(self):
        event_user = self._new_user("event_only", "event.group_event_user")
        registration = self.awa.registration_id.with_user(event_user)
        registration.action_cancel()
        self.assertFalse(self.awa.attendance_ids)
        registration.action_confirm()
        self.assertEqual(len(self.awa.attendance_ids), 2)

    def test_two_companies_see_their_own_attendance(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        user = self._new_user("other_pole", "pope_crm.group_pope_user")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        session = self.create_event("training", name="Ailleurs", company_id=other.id, organizer_id=False)
        self.env["pope.training.slot"].create({"event_id": session.id, "date": "2026-03-26"})
        self.register(session, self.holders[2])
        self.at(self.at_nine)
        for event in (self.session, session):
            self.certify(event.pope_slot_ids[0])
        for model in ("pope.attendance", "pope.attendance.signature", "pope.attendance.seal"):
            records = self.env[model].search([("slot_id.event_id", "in", (self.session | session).ids)])
            own = records.filtered(lambda record: record.company_id == other)
            self.assertTrue(own and records - own, model)
            self.assertEqual(records.with_user(user).search([("id", "in", records.ids)]), own)
            self.assertEqual(records.with_user(self.user_pope).search([("id", "in", records.ids)]), records - own)
