"""The sheet that people sign at an information meeting, as it is printed."""

import io
import re

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import OdooPdfFileReader

from .test_meeting_mail import MeetingMailCase


@tagged("post_install", "-at_install")
class TestAttendanceSheet(MeetingMailCase, HttpCase):
    def pages(self, meeting):
        report = self.env["ir.actions.report"].with_user(self.user_pope).with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("pope_training.action_report_attendance_sheet", meeting.ids)
        self.assertEqual(kind, "pdf")
        reader = OdooPdfFileReader(io.BytesIO(content))
        return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages], reader

    def test_what_is_printed(self):
        project = self.create_project("MAM Les Petits Pas")
        self.meeting.user_id = self.user_pope
        self.register(self.meeting, *self.holders)
        self.register(self.meeting, ("Zoé Absente", "zoe@example.org")).action_cancel()
        [text], reader = self.pages(self.meeting)
        for words in (
            self.company.name,
            "Feuille d'émargement",
            "Réunion d'information",
            "jeudi 26 mars 2026 à 10 h",
            "12 h",
            "Maison des associations, 3 rue du Cygne, 93200 Saint-Denis",
            "Animation :",
            *("Nom", "E-mail", "Téléphone", "Projet", "Signature"),
            "Awa Diallo",
            "awa.diallo@example.org",
            "06 12 34 56 01",
            project.name,
            "Chloé Martin",
            "Nadia Benali",
        ):
            self.assertIn(words, text.replace("’", "'"))
        self.assertNotIn("Zoé", text, "who gave up is not awaited")
        self.assertLess(text.index("Awa"), text.index("Chloé"))
        page = reader.pages[0].mediabox
        self.assertGreater(page.width, page.height, "signatures need room")

    def test_many_people_take_several_pages_with_their_headings(self):
        self.register(self.meeting, *[(f"Personne {n:02}", f"personne{n}@example.org") for n in range(40)])
        pages, _reader = self.pages(self.meeting)
        self.assertGreater(len(pages), 1)
        whole = " ".join(pages)
        for number in range(40):
            self.assertEqual(whole.count(f"Personne {number:02}"), 1)
        for text in pages:
            self.assertIn("Signature", text)

    def test_a_sheet_of_another_company_is_not_printed(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        theirs = self.create_event("information_meeting", company_id=other.id, organizer_id=False)
        stock = self.create_event(False)
        for user, meeting in ((self.user_pope, theirs), (self.user_pope, stock)):
            with self.assertRaises(Exception):  # noqa: B017 - an access error, wrapped by the report or not
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(
                    "pope_training.action_report_attendance_sheet", meeting.ids
                )
