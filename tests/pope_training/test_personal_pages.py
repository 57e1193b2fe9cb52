"""What an attacker of the pages tries with a link in hand, and what a phone that was long without network sends."""

import base64
import io
import re
from datetime import timedelta

from PIL import Image

from odoo.tests import tagged

from odoo.addons.pope_crm.controllers import personal_link

from .test_attendance import drawing
from .test_attendance_page import PageCase


@tagged("post_install", "-at_install")
class TestLink(PageCase):
    def test_one_link_written_in_other_ways_is_one_link(self):
        """Signs that reading a token passes over make no new link, which would be opened without an end."""
        self.patch(personal_link.opened, "most", 3)
        for token in (self.link, self.link + "=", self.link[:5] + "." + self.link[5:]):
            self.assertEqual(self.page(token).status_code, 200)
        for token in (self.link, self.link + "==", "!" + self.link, self.link + "%20"):
            self.assertEqual(self.page(token).status_code, 429, token)

    def test_the_digits_that_follow_a_code_make_it_another(self):
        self.page(self.door(), email="awa.diallo@example.org")
        code = self.awa.notification_ids.filtered(lambda row: row.rule_id.trigger == "sign_code")._code()
        for text in (code + "0", "0" + code, code * 2, code[:5]):
            self.assertNotIn("Je signe", self.page(self.door(), email="awa.diallo@example.org", code=text).text, text)
        self.assertIn("Je signe", self.page(self.door(), email="awa.diallo@example.org", code=code).text)

    def test_whatever_a_browser_says_of_itself_is_kept_as_a_text(self):
        address = f"/pope/emargement/{self.link}"
        agent = {"User-Agent": "Téléphone <script>\x01\x7f".encode().decode("latin-1") + "x" * 5000}
        self.assertEqual(self.url_open(address, data=self.form(image=drawing()), headers=agent).status_code, 200)
        [row] = self.row(self.awa).signature_ids
        self.assertLessEqual(len(row.user_agent), 250)
        self.assertNotIn("\x01", row.user_agent)
        self.assertEqual(self.session._pope_attendance_faults(), [])

    def test_no_method_no_body_and_no_kind_of_content_breaks_a_page(self):
        links = (self.link, self.door(), self.trainer_link(), f"{self.trainer_link()}/{self.row(self.awa).id}")
        picture = {"image": ("x.png", io.BytesIO(b"x"), "image/png"), "row": ("y", io.BytesIO(b"1"), "text/plain")}
        kinds = (
            {"data": b"{}", "headers": {"Content-Type": "application/json"}},
            {"data": b"\x00\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            {"data": b"%00=%ff&row=%00&key=%zz", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            {"data": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            {"data": b"<a/>", "headers": {"Content-Type": "text/xml"}},
            {"data": {"image": "A" * 3_000_000, "key": "key-of-a-page", "row": "1"}},
            {"data": {f"field{number}": "x" for number in range(1500)}},
            {"files": picture},
        )
        for link in links:
            address = f"{self.base_url()}/pope/emargement/{link}"
            for kind in kinds:
                answer = self.opener.post(address, timeout=20, allow_redirects=False, **kind)
                self.assertLess(answer.status_code, 500, (link, str(kind)[:60]))
                self.assertNotIn("Traceback", answer.text)
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
                answer = self.opener.request(method, address, timeout=20)
                self.assertIn(answer.status_code, (200, 204, 405), (link, method))
        self.assertFalse(self.env["pope.attendance.signature"].search([("event_id", "=", self.session.id)]))

    def test_a_page_of_one_person_opens_no_session_and_leads_nowhere_else(self):
        """Nobody is led elsewhere by a word behind an address, nor given a session that somebody else knows."""
        before = self.opener.cookies.get("session_id")
        for link in (self.link, self.door(), self.trainer_link()):
            answer = self.page(f"{link}?redirect=https://evil.example.org&next=//evil.example.org&session_id=x")
            self.assertEqual(answer.status_code, 200)
            self.assertNotIn("evil.example.org", answer.text)
            self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(self.opener.cookies.get("session_id"), before)

    def test_a_drawing_serves_for_its_half_day_alone(self):
        """The same message sent again for another half-day signs that one at its own hour, or not at all."""
        self.page(self.link, **self.form(image=drawing()))
        again = self.form(slot=self.afternoon, image=drawing())
        self.page(self.link, **again)
        self.assertFalse(self.row(self.awa, self.afternoon).is_signed, "it has not begun")
        self.at(self.afternoon.date_end + timedelta(hours=1))
        late = {**again, "queued": "1", "signed_at": "2026-03-26T08:10:00Z"}
        self.assertIn("pourquoi", self.text(self.page(self.link, **late)).lower())
        self.assertFalse(self.row(self.awa, self.afternoon).is_signed)


@tagged("post_install", "-at_install")
class TestQueue(PageCase):
    """What a phone kept without network, however late it comes."""

    def kept(self, **values):
        at_nine = self.at_nine.isoformat() + "Z"
        return {**self.form(image=drawing()), "queued": "1", "signed_at": at_nine, "format": "json", **values}

    def test_a_link_that_is_over_keeps_what_was_signed_on_the_phone_for_the_next_one(self):
        self.at(self.session.date_end + timedelta(days=30))
        answer = self.page(self.link, **self.kept())
        self.assertEqual((answer.status_code, answer.json()["state"]), (404, "unknown"))
        self.assertIn("encore sur votre téléphone", self.text(answer).replace("\\u00e9", "é"))
        new = self.awa._sign_token()
        self.assertIn(f'data-who="{self.awa.id}"', self.page(new).text, "by what the phone knows whose it is")
        self.assertEqual(self.page(new, **self.kept()).json()["state"], "signed")
        row = self.row(self.awa)
        self.assertEqual((row.status, row.is_network, row.signature_ids.date_device), ("present", True, self.at_nine))
        self.assertEqual(self.page(new, **self.kept()).json()["state"], "signed", "twice is once")
        self.assertEqual(len(row.signature_ids), 1)

    def test_what_comes_after_the_enrolment_was_moved_is_told_to_the_team(self):
        row = self.kept()
        other = self.create_event("training", name="Autre session", days=30, user_id=self.user_pope.id)
        self.awa.registration_id.event_id = other
        self.at(self.at_nine + timedelta(hours=6))
        for _time in range(2):
            answer = self.page(self.link, **row)
            self.assertEqual((answer.status_code, answer.json()["state"]), (200, "signed"))
        self.assertIn("prévenu", answer.json()["message"])
        [activity] = other.activity_ids
        self.assertIn("Awa Diallo", activity.summary)
        self.assertIn("jeudi 26 mars", activity.summary.replace("\xa0", " "))
        self.assertEqual(activity.user_id, self.user_pope)
        self.assertFalse(
            self.env["pope.attendance.signature"].search([("attendance_id.enrolment_id", "=", self.awa.id)])
        )

    def test_a_trainer_s_device_that_had_no_answer_certifies_once(self):
        form = {"slot": str(self.morning.id), "image": drawing(), "key": "key-of-the-trainer", "format": "json"}
        for _time in range(2):
            self.assertEqual(self.page(self.trainer_link(), **form).json()["state"], "signed")
        self.assertEqual(len(self.morning.seal_ids), 1)
        self.assertEqual(len(self.morning._countersignature()), 1)
        self.assertEqual(len(self.morning.signature_ids.filtered(lambda row: row.kind == "countersign")), 1)
        self.page(self.trainer_link(), **{**form, "key": "another-key"})
        self.assertEqual(len(self.morning.seal_ids), 2, "certified again by a person")


@tagged("post_install", "-at_install")
class TestWeight(PageCase):
    def logo(self):
        """A logo as heavy as they come: a photograph."""
        noise = Image.effect_noise((900, 450), 80).convert("RGB")
        out = io.BytesIO()
        noise.save(out, "PNG")
        return base64.b64encode(out.getvalue())

    def test_each_page_to_sign_is_light_with_all_that_it_loads(self):
        self.company.logo = self.logo()
        for link in (self.link, self.door(), self.trainer_link(), f"{self.trainer_link()}/{self.row(self.awa).id}"):
            page = self.page(link)
            self.assertIn("/web/binary/company_logo", page.text)
            weight, seen = len(page.content), set()
            for found in re.findall(r"""(?:src|href)="(/[^"]+)"|url\(["']?(/[^"')]+)""", page.text):
                address = next(filter(None, found)).replace("&amp;", "&")
                if address.startswith("/pope/") or address in seen:
                    continue  # another page, that a person opens
                seen.add(address)
                answer = self.url_open(address)
                self.assertEqual(answer.status_code, 200, address)
                weight += len(answer.content)
            self.assertIn(
                "/pope_training/static/src/attendance/sign.js", seen | {"/pope_training/static/src/attendance/sign.js"}
            )
            self.assertLessEqual(weight, 150_000, link)
            self.assertNotRegex(
                page.text, r"""(?:src|href)=["'](?:https?:)?//(?!127|localhost)""", "nothing from elsewhere"
            )


@tagged("post_install", "-at_install")
class TestShown(PageCase):
    def test_what_was_signed_late_or_without_network_shows_on_pages_and_paper(self):
        self.at(self.morning.date_end + timedelta(hours=2))
        self.sign(self.awa, reason="Téléphone déchargé")
        self.sign(self.nadia, queued="1", signed_at="2026-03-26T08:10:00Z")
        text = self.text(self.page(f"{self.trainer_link()}?slot={self.morning.id}"))
        for words in ("Signé en retard", "Réseau"):
            self.assertIn(words, text)
        html = self.env["ir.actions.report"]._render_qweb_html("pope_training.report_attendance", self.session.ids)[0]
        for words in ("Signé en retard", "Réseau"):
            self.assertIn(words, html.decode())

    def test_a_discovery_day_is_signed_once_by_the_same_page(self):
        day = self.create_event("discovery_day", days=3, user_id=self.user_pope.id)
        [person] = self.enrolments(self.register(day, self.holders[0]))
        slot = day._pope_ready_to_sign()
        self.at(slot.date_begin)
        form = {"row": str(person.attendance_ids.id), "key": "key-of-this-day", "image": drawing(), "format": "json"}
        link = person._sign_token()
        self.assertEqual([self.page(link, **form).json()["state"] for _time in range(2)], ["signed"] * 2)
        self.assertEqual((len(slot), len(person.attendance_ids.signature_ids)), (1, 1))
