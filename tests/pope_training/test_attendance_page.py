"""Where attendance is signed: the page of each person, the door of the session, the page of who trains."""

import re
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import hash_sign

from odoo.addons.pope_crm.controllers import personal_link

from .test_attendance import AttendanceCase, drawing

HOSTILE = (
    "x",
    "a" * 3000,
    "..%2F..%2Fetc",
    "%00",
    "AQ",
    "AQAAAAAAAAAA" + "A" * 60,
    "%27%20OR%201=1--",
    "<script>alert(1)</script>",
    "é",
)


class PageCase(AttendanceCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.at(self.at_nine)
        self.link = self.awa._sign_token()

    def page(self, path, **form):
        if form:
            return self.url_open(f"/pope/emargement/{path}", data=form)
        return self.url_open(f"/pope/emargement/{path}")

    def text(self, page):
        return re.sub(r"\s+", " ", page.text.replace("’", "'").replace("&#39;", "'").replace("\xa0", " "))

    def form(self, enrolment=None, slot=None, **values):
        return {"row": str(self.row(enrolment or self.awa, slot).id), "key": "key-of-this-page", **values}

    def trainer_link(self, partner=None):
        return self.session._pope_trainer_url(partner or self.trainer).split("/emargement/")[1]

    def door(self):
        return self.session._pope_door_url().split("/emargement/")[1]


@tagged("post_install", "-at_install")
class TestTraineePage(PageCase):
    def test_the_page_shows_the_half_day_and_nothing_of_others(self):
        page = self.page(self.link)
        self.assertEqual(page.status_code, 200)
        text = self.text(page)
        for words in ("Vie d'équipe", "jeudi 26 mars, matin", "9 h", "12 h 30", "Awa", "Je signe", "Effacer"):
            self.assertIn(words, text)
        for words in ("Nadia", "nadia.benali"):
            self.assertNotIn(words, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")

    def test_a_cold_load_is_light(self):
        page = self.page(self.link)
        self.assertEqual(page.status_code, 200)
        weight = len(page.content)
        addresses = set(re.findall(r'(?:src|href)="(/[^"]+)"', page.text))
        self.assertIn("/pope_training/static/src/attendance/sign.js", addresses)
        for address in addresses:
            weight += len(self.url_open(address).content)
        self.assertLessEqual(weight, 150_000)

    def test_a_drawing_signs(self):
        page = self.page(self.link, **self.form(image=drawing()))
        self.assertIn("c'est signé", self.text(page))
        row = self.row(self.awa)
        self.assertEqual((row.status, row.mode), ("present", "phone"))
        self.assertTrue(row.signature_ids.ip and row.signature_ids.user_agent)
        self.assertNotIn("<canvas", self.page(self.link).text)

    def test_without_a_script_the_name_typed_signs(self):
        self.assertIn("Awa Diallo", self.text(self.page(self.link, **self.form(name="Awa"))))
        self.assertFalse(self.row(self.awa).is_signed)
        self.page(self.link, **self.form(name="Awa Diallo"))
        self.assertTrue(self.row(self.awa).is_signed)

    def test_what_the_script_sends_is_answered_as_data_and_taken_once(self):
        answers = [self.page(self.link, **self.form(image=drawing(), format="json")).json() for _time in range(2)]
        self.assertEqual([answer["state"] for answer in answers], ["signed", "signed"])
        self.assertEqual(len(self.row(self.awa).signature_ids), 1)
        refused = self.page(self.link, **self.form(slot=self.afternoon, image=drawing(), format="json")).json()
        self.assertEqual(refused["state"], "refused")
        self.assertIn("trop tôt", refused["message"])

    def test_late_it_asks_why(self):
        self.at(self.morning.date_end + timedelta(minutes=45))
        address = f"{self.link}?row={self.row(self.awa).id}"
        self.assertIn("Pourquoi", self.text(self.page(address)))
        self.page(address, **self.form(image=drawing()))
        self.assertFalse(self.row(self.awa).is_signed)
        self.page(address, **self.form(image=drawing(), reason="Téléphone déchargé"))
        self.assertEqual(self.row(self.awa).reason, "Téléphone déchargé")

    def test_nobody_signs_for_another_person_with_their_own_link(self):
        page = self.page(self.link, **self.form(self.nadia, image=drawing()))
        self.assertNotIn("Nadia", page.text)
        self.assertFalse(self.row(self.nadia).is_signed)
        for row in ("0", "-1", "x", str(10**30), ""):
            self.assertEqual(self.page(self.link, **{**self.form(image=drawing()), "row": row}).status_code, 200)
        self.assertFalse(self.env["pope.attendance.signature"].search([("event_id", "=", self.session.id)]))

    def test_links_that_are_not_ours_lead_to_a_plain_page(self):
        env = self.env(su=True)
        old = hash_sign(env, "pope.training.sign", [self.awa.id], expiration=self.now - timedelta(days=1))
        foreign = [
            old,
            self.link[:-2] + ("AA" if self.link[-2:] != "AA" else "BB"),
            hash_sign(env, "pope.training.meeting", [self.awa.id], expiration_hours=5),
            hash_sign(env, "pope.training.sign", [self.awa.id, 1], expiration_hours=5),
            hash_sign(env, "pope.training.sign", ["x"], expiration_hours=5),
            hash_sign(env, "pope.training.sign", [10**9], expiration_hours=5),
            hash_sign(env, "pope.training.sign", {"a": 1}, expiration_hours=5),
        ]
        for prefix in ("", "seance/", "animation/"):
            for token in (*HOSTILE, *foreign):
                for form in ({}, {"row": "1", "image": "x", "format": "json"}):
                    page = self.page(prefix + token, **form)
                    self.assertEqual(page.status_code, 404, (prefix, token))
                    self.assertNotIn("Traceback", page.text)
                    self.assertNotIn("Awa", page.text)
        self.assertEqual(self.page(f"animation/{self.link}/1").status_code, 404)
        self.assertEqual(self.page(f"animation/{self.trainer_link().split('/')[1]}/999999").status_code, 404)

    def test_the_link_of_who_is_not_enrolled_any_more_opens_nothing(self):
        self.awa.registration_id.action_cancel()
        self.assertEqual(self.page(self.link).status_code, 404)
        self.awa.registration_id.action_confirm()
        self.assertEqual(self.page(self.link).status_code, 200)
        self.awa.partner_id.active = False
        self.assertEqual(self.page(self.link).status_code, 404)

    def test_a_link_ends_with_its_session(self):
        token = self.awa._sign_token()
        self.at(self.session.date_end + timedelta(days=6))
        self.assertEqual(self.page(token).status_code, 200)
        self.at(self.session.date_end + timedelta(days=8))
        self.assertEqual(self.page(token).status_code, 404)

    def test_a_link_that_is_opened_all_the_time_waits_and_holds_nobody_else_up(self):
        self.patch(personal_link.opened, "most", 3)
        for _time in range(3):
            self.assertEqual(self.page(self.link).status_code, 200)
        page = self.page(self.link)
        self.assertEqual(page.status_code, 429)
        self.assertIn("patienter une heure", self.text(page))
        self.assertEqual(self.page(self.link, **self.form(image=drawing())).status_code, 429)
        self.assertEqual(self.page(self.nadia._sign_token()).status_code, 200)
        for _time in range(4):
            self.assertEqual(self.page("seance/nothing-of-ours").status_code, 404)

    def test_hostile_texts_are_refused_in_plain_words(self):
        for values in (
            {"key": "../../x"},
            {"key": ""},
            {"image": "data:image/png;base64,AAAA"},
            {"image": "data:image/svg+xml;base64,PHN2Zy8+"},
            {"image": "x" * 400_000},
            {"image": "", "name": "<script>alert(1)</script>"},
            {"image": "", "name": "x" * 5000},
            {"signed_at": "9999-99-99"},
        ):
            page = self.page(self.link, **{**self.form(image=drawing()), **values})
            self.assertEqual(page.status_code, 200, values)
            self.assertNotIn("<script>alert", page.text)
            if "signed_at" not in values:
                self.assertFalse(self.row(self.awa).is_signed, str(values)[:80])

    def test_a_link_that_sends_nonsense_all_the_time_waits(self):
        with patch("odoo.addons.pope_training.models.pope_training_enrolment_sign.HOURLY_REFUSALS", 3):
            for _time in range(3):
                self.assertEqual(self.page(self.link, **self.form(name="x")).status_code, 200)
            answer = self.page(self.link, **self.form(image=drawing(), format="json"))
            self.assertEqual((answer.status_code, answer.json()["state"]), (429, "refused"))
            self.at(self.at_nine + timedelta(minutes=61))
            self.assertEqual(self.page(self.link, **self.form(image=drawing(), format="json")).status_code, 200)
        self.assertTrue(self.row(self.awa).is_signed)


@tagged("post_install", "-at_install")
class TestDoorPage(PageCase):
    def codes(self):
        return self.env["pope.notification"].search(
            [("enrolment_id", "in", (self.awa | self.nadia).ids), ("rule_id.trigger", "=", "sign_code")], order="id"
        )

    def test_who_scans_the_code_is_asked_who_they_are(self):
        page = self.page(self.door())
        self.assertIn("adresse e-mail", self.text(page))
        for words in ("Awa", "Nadia", "<canvas"):
            self.assertNotIn(words, page.text)

    def test_an_address_that_is_not_enrolled_is_answered_as_one_that_is(self):
        known = self.text(self.page(self.door(), email="Awa.Diallo@example.org "))
        unknown = self.text(self.page(self.door(), email="zoe@example.org"))
        self.assertEqual(known.replace("Awa.Diallo@example.org", "…"), unknown.replace("zoe@example.org", "…"))
        self.assertEqual(self.codes().enrolment_id, self.awa)

    def test_the_code_leaves_at_once_and_opens_the_page_of_its_person(self):
        self.page(self.door(), email="awa.diallo@example.org")
        row = self.codes()
        code = row._code()
        self.dispatch(self.at_nine + timedelta(seconds=5))
        self.assertEqual(row.state, "queued")
        body = row.mail_id.body_html
        self.assertIn(code, body)
        self.assertIn("/pope/emargement/", body)
        wrong = f"{(int(code) + 1) % 10**6:06}"
        self.assertIn("pas bon", self.text(self.page(self.door(), email="awa.diallo@example.org", code=wrong)))
        page = self.page(self.door(), email="awa.diallo@example.org", code=f" {code[:3]} {code[3:]}")
        self.assertIn("Je signe", page.text)
        self.assertIn("Awa", page.text)
        self.assertNotIn("Nadia", page.text)

    def test_a_code_is_for_its_person_for_twenty_minutes_and_five_tries(self):
        self.page(self.door(), email="awa.diallo@example.org")
        self.page(self.door(), email="nadia.benali@example.org")
        code = self.codes().filtered(lambda row: row.enrolment_id == self.awa)._code()

        def opened():
            return "Je signe" in self.page(self.door(), email="awa.diallo@example.org", code=code).text

        self.assertNotIn("Je signe", self.page(self.door(), email="nadia.benali@example.org", code=code).text)
        self.assertTrue(opened())
        for _time in range(5):
            self.page(self.door(), email="awa.diallo@example.org", code="000000" if code != "000000" else "1")
        self.assertFalse(opened())
        self.awa.code_tries = 0
        self.env.cr.execute(
            "UPDATE pope_notification SET create_date = %s WHERE id IN %s",
            [self.at_nine - timedelta(minutes=21), tuple(self.codes().ids)],
        )
        self.env.invalidate_all()
        self.assertFalse(opened())

    def test_five_codes_a_day_are_enough(self):
        for _time in range(7):
            self.page(self.door(), email="awa.diallo@example.org")
        self.assertEqual(len(self.codes()), 5)


@tagged("post_install", "-at_install")
class TestTrainerPage(PageCase):
    def post(self, path, **form):
        return self.page(path, slot=str(self.morning.id), **form)

    def test_the_page_has_the_code_to_scan_and_the_roll(self):
        page = self.page(self.trainer_link())
        for words in ("Awa Diallo", "Nadia Benali", "data:image/png;base64", "Je certifie"):
            self.assertIn(words, page.text)

    def test_the_trainer_notes_statuses(self):
        row = self.row(self.awa)
        self.post(self.trainer_link(), row=str(row.id), status="late", minutes="15")
        self.assertEqual((row.status, row.minutes_missed, row.mode), ("late", 15, "device"))
        self.assertEqual(row.signature_ids.author, "Odile Renard")
        for values in (
            {"status": "late", "minutes": "x"},
            {"status": "late", "minutes": "9999"},
            {"status": "todo"},
            {"status": "x"},
        ):
            self.assertEqual(self.post(self.trainer_link(), row=str(row.id), **values).status_code, 200)
        self.assertEqual((row.status, row.minutes_missed), ("late", 15))

    def test_a_person_signs_on_the_trainer_s_device_without_seeing_the_others(self):
        path = f"{self.trainer_link()}/{self.row(self.awa).id}"
        page = self.page(path)
        self.assertIn("Awa Diallo", page.text)
        self.assertNotIn("Nadia", page.text)
        self.page(path, **self.form(image=drawing()))
        self.assertEqual(self.row(self.awa).mode, "device")

    def test_the_trainer_certifies_and_the_seal_is_shown(self):
        self.post(self.trainer_link(), name="Zoé")
        self.assertFalse(self.morning.seal_ids)
        self.page(self.link, **self.form(image=drawing()))
        page = self.post(self.trainer_link(), image=drawing(), format="json")
        self.assertEqual(page.json()["state"], "signed")
        self.assertIn(self.morning.seal_ids.short_hash, self.page(self.trainer_link()).text)
        self.assertEqual(self.row(self.nadia).status, "absent")
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def test_the_trainer_says_what_they_adapt_after_reading_the_placement(self):
        self.assertNotIn("adapted", self.page(self.trainer_link()).text, "nobody said anything yet")
        survey = self.env.ref("pope_training.survey_placement")
        asked = {"survey": survey, "partner": self.awa.partner_id, "company": self.company, "enrolment": self.awa}
        self.env["survey.user_input"]._pope_ask([{**asked, "event": self.session}]).state = "done"
        self.assertIn("Enregistrer ce que j'adapte", self.text(self.page(self.trainer_link())))
        page = self.page(self.trainer_link(), adapted="Deux groupes <script>alert(1)</script>")
        self.assertIn("Deux groupes &lt;script&gt;", page.text)
        self.assertEqual(self.session.pope_placement_use, "Deux groupes <script>alert(1)</script>")
        self.page(self.trainer_link(), adapted=" ")
        self.assertTrue(self.session.pope_placement_use)

    def test_only_who_trains_is_in_charge_or_of_the_team_may_call_the_roll(self):
        stranger = self.env["res.partner"].create({"name": "Zoé"})
        former = self.trainer_link()
        self.assertEqual(self.page(self.trainer_link(stranger)).status_code, 404)
        self.assertEqual(self.page(self.trainer_link(self.user_manager.partner_id)).status_code, 200)
        (self.morning | self.afternoon).trainer_id = False
        self.assertEqual(self.page(former).status_code, 404, "who does not train any more")

    def test_a_trainer_sees_their_own_half_days_only(self):
        other = self.env["res.partner"].create({"name": "Paul Roy"})
        self.afternoon.trainer_id = other
        self.assertNotIn(f"slot={self.afternoon.id}", self.page(self.trainer_link()).text)
        page = self.page(self.trainer_link(), slot=str(self.afternoon.id), name="Odile Renard")
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self.afternoon.signature_ids)
