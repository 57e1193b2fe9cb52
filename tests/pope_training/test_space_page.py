"""The page of a trainee and the page of an employer: what is theirs, and nothing of others."""

import re
from datetime import timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import hash_sign

from .test_attendance_page import HOSTILE
from .test_document import DocumentCase


@tagged("post_install", "-at_install")
class TestSpacePage(DocumentCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.employer = self.env["res.partner"].create({"name": "Crèche Les Lilas", "is_company": True})
        self.awa.employer_id = self.employer
        [self.rules] = self.company._pope_issue("house_rules")
        self.env.invalidate_all()
        (self.awa | self.nadia)._pope_issue("convocation")
        self.own, self.other = self.awa.document_ids, self.nadia.document_ids
        self.link = self.path(self.awa.space_url)
        self.boss = self.path(self.awa.employer_url)

    def path(self, url):
        return url.removeprefix(self.awa.get_base_url())

    def text(self, page):
        return re.sub(r"\s+", " ", page.text.replace("’", "'").replace("&#39;", "'").replace("\xa0", " "))

    def test_who_has_no_employer_has_no_page_for_one(self):
        self.assertFalse(self.nadia.employer_id)
        self.assertIs(self.nadia.employer_url, False)

    def test_a_trainee_reads_their_dates_and_their_documents(self):
        page = self.url_open(self.link)
        text = self.text(page)
        for words in (
            "Vie commune, mars",
            "Awa",
            "jeudi 12 mars",
            "Convocation",
            self.own.number,
            "Règlement intérieur",
        ):
            self.assertIn(words, text)
        for words in ("Nadia", self.other.number):
            self.assertNotIn(words, page.text)
        self.assertEqual((page.headers["Cache-Control"], page.headers["Referrer-Policy"]), ("no-store", "no-referrer"))
        self.assertLess(len(page.content), 150_000)

    def test_surveys_that_wait_are_on_the_page_of_who_is_asked(self):
        survey = self.env.ref("pope_training.survey_end")
        asked = {"survey": survey, "company": self.company, "event": self.awa.event_id}
        people = (self.awa, self.awa.partner_id), (self.nadia, self.nadia.partner_id), (self.awa, self.employer)
        mine, other, boss = self.env["survey.user_input"]._pope_ask(
            [{**asked, "enrolment": enrolment, "partner": partner} for enrolment, partner in people]
        )
        page = self.url_open(self.link).text
        self.assertIn(mine.access_token, page)
        for token in (other.access_token, boss.access_token):
            self.assertNotIn(token, page)
        self.assertEqual(self.url_open(mine.get_start_url()).status_code, 200)
        mine._mark_done()
        self.assertNotIn(mine.access_token, self.url_open(self.link).text)

    def test_they_download_what_is_theirs_only(self):
        for document in (self.own, self.rules):
            answer = self.url_open(f"{self.link}/{document.id}")
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertEqual(answer.content, document.attachment_id.raw)
        for number in (self.other.id, 0, 10**9):
            answer = self.url_open(f"{self.link}/{number}")
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn(b"%PDF", answer.content)

    def test_a_document_that_was_replaced_is_not_there_any_more(self):
        self.own.action_issue_again()
        self.assertEqual(self.url_open(f"{self.link}/{self.own.id}").status_code, 404)
        self.assertIn("version 2", self.text(self.url_open(self.link)))

    def test_they_confirm_the_prior_information(self):
        self.assertNotIn("csrf_token", self.url_open(self.link).text)
        self.awa.date_information = self.today()
        page = self.url_open(self.link)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        for _time in range(2):
            self.assertEqual(self.url_open(self.link, data={"csrf_token": token}).status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.awa.date_acknowledged, self.today())
        self.assertEqual(self.url_open(self.link, data={"csrf_token": "x"}).status_code, 400)

    def test_an_employer_reads_of_their_own_people_what_is_for_employers(self):
        self.hold()
        self.env["pope.training.assessment"].create(
            {"enrolment_id": self.awa.id, "name": "Décider à plusieurs", "result": "not_acquired"}
        )
        [certificate] = self.awa._pope_issue("certificate")
        [statement] = self.awa._pope_issue("statement")
        page = self.url_open(self.boss)
        text = self.text(page)
        for words in ("Crèche Les Lilas", "Awa Diallo", "Certificat de réalisation", "7 h", "jeudi 12 mars"):
            self.assertIn(words, text)
        for words in ("Nadia", "Attestation de fin de formation", "awa.diallo", "06 12"):
            self.assertNotIn(words, page.text)
        self.assertEqual(self.url_open(f"{self.boss}/{certificate.id}").content, certificate.attachment_id.raw)
        for document in (statement, self.other, self.rules):
            self.assertEqual(self.url_open(f"{self.boss}/{document.id}").status_code, 404)

    def test_links_that_are_not_ours_lead_to_a_plain_page(self):
        env = self.env(su=True)
        mine = self.link.rsplit("/", 1)[1]
        scopes = ("pope.training.space", "pope.training.employer", "pope.training.sign")
        foreign = [
            mine[:-2] + ("AA" if mine[-2:] != "AA" else "BB"),
            self.awa._sign_token(),
            hash_sign(env, scopes[0], [self.awa.id], expiration=self.now - timedelta(days=1)),
            *(hash_sign(env, scope, [10**9], expiration_hours=5) for scope in scopes),
            *(hash_sign(env, scope, [10**9, 1], expiration_hours=5) for scope in scopes),
            *(hash_sign(env, scope, ["x"], expiration_hours=5) for scope in scopes),
            *(hash_sign(env, scope, {"a": 1}, expiration_hours=5) for scope in scopes),
            hash_sign(env, scopes[1], [self.session.id, self.holders[0].id], expiration_hours=5),
        ]
        for place in ("stagiaire", "employeur"):
            for token in (*HOSTILE, *foreign):
                for end in ("", f"/{self.own.id}", "/0"):
                    page = self.url_open(f"/pope/{place}/{token}{end}")
                    self.assertEqual(page.status_code, 404, (place, token, end))
                    self.assertNotIn("Traceback", page.text)
                    self.assertNotIn("Awa", page.text)
        self.assertEqual(self.url_open(f"/pope/employeur/{mine}").status_code, 404)
        self.assertEqual(self.url_open(f"/pope/stagiaire/{self.boss.rsplit('/', 1)[1]}").status_code, 404)

    def test_a_link_ends_and_who_left_or_is_forgotten_has_none(self):
        self.assertEqual(self.url_open(self.link).status_code, 200)
        self.awa.registration_id.action_cancel()
        self.assertEqual({self.url_open(link).status_code for link in (self.link, self.boss)}, {404})
        self.awa.registration_id.action_confirm()
        self.awa.partner_id.active = False
        self.assertEqual({self.url_open(link).status_code for link in (self.link, self.boss)}, {404})
        self.awa.partner_id.active = True
        self.at(self.session.date_end + timedelta(days=181))
        self.assertEqual({self.url_open(link).status_code for link in (self.link, self.boss)}, {404})

    def test_the_link_goes_with_the_documents(self):
        self.own.with_user(self.user_pope).action_send()
        self.dispatch()
        [row] = self.own.notification_ids.filtered(lambda row: row.rule_id.trigger == "document")
        self.assertIn("/pope/stagiaire/", row.mail_id.body_html)
