"""The catalogue: what a programme must say, the versions that were published, and what strangers see of it."""

from datetime import UTC, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .common import MeetingCase

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} <t t-out='request'/>"


@tagged("post_install", "-at_install")
class TestProgramme(MeetingCase):
    def setUp(self):
        super().setUp()
        self.program = self.create_program()

    def test_a_session_begins_with_what_its_programme_says(self):
        self.program.write({"seats_min": 4, "seats_max": 12})
        program = self.program.with_user(self.user_pope)
        action = program.action_new_session()
        form = Form(
            self.env["event.event"].with_user(self.user_pope).with_context(action["context"]),
            view=action["views"][0][0],
        )
        form.date_begin, form.date_end = "2026-04-27 07:00:00", "2026-04-28 15:00:00"
        session = form.save()
        self.assertEqual((session.pope_kind, session.pope_program_id), ("training", self.program))
        self.assertEqual((session.name, session.seats_max), (self.program.name, 12))

    def test_what_is_missing_is_named(self):
        program = self.env["pope.training.program"].create({"name": "Vide"}).with_context(lang="fr_FR")
        self.assertIn("Prérequis", program.gaps)
        self.assertLess(program.completeness, 20)
        self.assertEqual((self.program.gaps, self.program.completeness), ("", 100))
        self.program.objectives = "<p><br></p>"
        self.assertIn("Objectifs", self.program.with_context(lang="fr_FR").gaps)

    def test_a_certification_and_a_remote_training_say_more(self):
        for values, gap in (
            ({"recognition": "rncp"}, "cert_code"),
            ({"mode": "remote"}, "remote_terms"),
            ({"bpf_objective": "a"}, "bpf_level"),
        ):
            self.program.write(values)
            self.assertIn(self.program.fields_get([gap])[gap]["string"], self.program.gaps)
        self.program.write({"recognition": "statement", "mode": "on_site", "outside_bpf": True, "nsf_id": False})
        self.assertFalse(self.program.gaps)

    def test_what_is_not_complete_is_not_published(self):
        self.program.public = " "
        with self.assertRaises(UserError):
            self.program.with_user(self.user_pope).action_publish()

    def test_a_published_version_is_frozen_and_the_session_keeps_it(self):
        before = self.create_event("training", pope_program_id=self.program.id)
        self.env.flush_all()
        self.program.with_user(self.user_pope).action_publish()
        first = self.program.version_ids
        session = self.create_event("training", pope_program_id=self.program.id)
        self.assertEqual((before.pope_version_id, session.pope_version_id), (first.browse(), first))
        self.assertFalse(self.program.is_changed)
        self.program.methods = "Jeux de rôle"
        self.program.invalidate_recordset(["is_changed"])
        self.assertTrue(self.program.is_changed)
        self.program.with_user(self.user_pope).action_publish()
        second = self.program.version_ids - first
        self.assertEqual((second.number, session.pope_version_id), (2, first))
        self.assertEqual(self.create_event("training", pope_program_id=self.program.id).pope_version_id, second)
        self.assertIn("Jeux de rôle", second.sheet)
        self.assertNotIn("Jeux de rôle", first.sheet)
        with self.assertRaises(UserError):
            first.sheet = "Autre"
        with self.assertRaises(AccessError):
            first.with_user(self.user_manager).unlink()

    def test_the_file_of_a_session_knows_its_programme(self):
        session = self.create_event("training", pope_program_id=self.program.id)
        self.assertEqual(session._pope_file_facts()["programme"][session], (0, 1))
        self.program.action_publish()
        session.pope_version_id = self.program.version_ids
        self.assertEqual(session._pope_file_facts()["programme"][session], (1, 1))

    def test_an_event_user_makes_sessions_without_reading_the_catalogue(self):
        self.program.action_publish()
        desk = self._new_user("catalogue_desk", "event.group_event_user")
        event = (
            self.env["event.event"]
            .with_user(desk)
            .create({"name": "Salon", "date_begin": self.now, "date_end": self.now})
        )
        self.assertFalse(event.sudo().pope_version_id)

    def test_the_sheet_is_printed_with_all_it_says(self):
        self.program.action_publish()
        report = self.env["ir.actions.report"]
        html, _type = report._render_qweb_html(
            "pope_training.report_version", self.program.version_ids.ids, {"report_type": "html"}
        )
        for words in ("Vie commune", "Décider à plusieurs", "14", "Awa Diallo", "Texte : access_terms"):
            self.assertIn(words, html.decode())

    def test_the_specialities_are_those_of_the_national_list(self):
        self.assertEqual(len(self.env["pope.training.nsf"].search([])), 93)


@tagged("post_install", "-at_install")
class TestPage(HttpCase, MeetingCase):
    def setUp(self):
        super().setUp()
        # the server keeps its own clock
        self.at(datetime.now(UTC).replace(microsecond=0, tzinfo=None))
        self.program = self.create_program("Vie commune", public=HOSTILE, methods=HOSTILE)
        self.program.name = f"Vie commune {HOSTILE}"
        self.program.action_publish()
        self.draft = self.create_program("Brouillon secret")
        self.other_company = self.env["res.company"].create({"name": "Autre pôle", "pope_catalogue_public": True})
        self.foreign = self.create_program("Formation du voisin", company_id=self.other_company.id)
        self.foreign.action_publish()
        self.address = f"/pope/formations/{self.company.id}"

    def open(self):
        self.company.pope_catalogue_public = True

    def test_it_is_closed_until_somebody_opens_it(self):
        self.assertEqual(self.url_open(self.address).status_code, 404)
        self.assertFalse(self.program.public_url)
        opened = {"catalogue_public": True, "enrolment_public": True}
        settings = self.env["pope.training.settings"].with_user(self.user_manager).create(opened)
        settings.action_save()
        self.assertTrue(self.company.pope_enrolment_public)
        self.assertEqual(self.url_open(self.address).status_code, 200)
        self.program.invalidate_recordset()
        self.assertTrue(self.program.public_url.endswith(f"{self.address}/{self.program.id}"))

    def test_strangers_read_what_is_published_and_nothing_of_others(self):
        self.open()
        text = self.url_open(self.address).text
        self.assertIn("Vie commune", text)
        self.assertNotIn("Brouillon secret", text)
        self.assertNotIn("Formation du voisin", text)
        for program in (self.draft, self.foreign):
            self.assertEqual(self.url_open(f"{self.address}/{program.id}").status_code, 404)
        self.program.is_public = False
        self.assertEqual(self.url_open(f"{self.address}/{self.program.id}").status_code, 404)
        for path in ("/pope/formations/0", "/pope/formations/99999999", f"{self.address}/99999999"):
            self.assertEqual(self.url_open(path).status_code, 404)

    def test_what_was_typed_does_nothing_on_the_page(self):
        self.open()
        for path in (self.address, f"{self.address}/{self.program.id}"):
            text = self.url_open(path).text
            self.assertNotIn("<script>alert(1)", text)
            self.assertNotIn("<img src=x", text)
            self.assertNotIn("49", text.split("Vie commune", 1)[1][:200])

    def test_next_sessions_are_those_that_anybody_may_join(self):
        self.open()
        begin = self.env.cr.now() + timedelta(days=20)
        place = self.env["res.partner"].create({"name": "Salle des Lilas"})
        values = {"pope_program_id": self.program.id, "date_begin": begin, "date_end": begin + timedelta(hours=7)}
        self.create_event("training", address_id=place.id, **values)
        closed = self.env["res.partner"].create({"name": "Salle fermée"})
        self.create_event("training", address_id=closed.id, pope_session_type="intra", **values)
        text = self.url_open(f"{self.address}/{self.program.id}").text
        self.assertIn("Salle des Lilas", text)
        self.assertNotIn("Salle fermée", text)
