"""Signing on line: a personal link, a code sent to the same address, and nothing that a stranger could do."""

import re
from datetime import date, datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import hash_sign

from .agreement import AgreementCase
from .test_attendance import drawing
from .test_attendance_page import HOSTILE


@tagged("post_install", "-at_install")
class TestAgreementPage(AgreementCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.deal = self.contract(signed=None)
        self.deal.action_send()
        self.link = self.deal._signing_token()

    def page(self, token=None, **form):
        address = f"/pope/signature/{token or self.link}"
        if form:
            form.setdefault("text", self.deal.document_id.fingerprint)
        page = self.url_open(address, data=form) if form else self.url_open(address)
        self.env.invalidate_all()
        return page

    def text(self, page):
        return re.sub(r"\s+", " ", page.text.replace("’", "'").replace("&#39;", "'").replace("\xa0", " "))

    def code(self):
        self.page(do="code")
        return self.deal.sudo()._codes(self.env.cr.now() - timedelta(minutes=5))[:1]._code()

    def test_the_link_leaves_by_e_mail_to_who_signs(self):
        self.dispatch()
        row = self.env["pope.notification"].search([("agreement_id", "=", self.deal.id)])
        self.assertEqual((row.partner_id, row.state), (self.holders[0], "queued"))
        self.assertIn("/pope/signature/", row.mail_id.body_html)
        self.assertIn("14 jours", row.mail_id.body_html.replace("\xa0", " "))

    def test_the_page_shows_the_text_and_its_file(self):
        page = self.page()
        self.assertEqual(page.status_code, 200)
        text = self.text(page)
        for words in ("Contrat", "Vie commune", "Texte : trainer_profile", "14 jours", "L6353-6"):
            self.assertIn(words, text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        file = self.url_open(f"/pope/signature/{self.link}/document")
        self.assertEqual(file.headers["Content-Type"], "application/pdf")
        self.assertTrue(file.content.startswith(b"%PDF"))
        self.assertEqual(file.headers["X-Content-Type-Options"], "nosniff")
        self.deal.document_id.sudo().attachment_id = False
        self.env.flush_all()
        self.assertEqual(self.url_open(f"/pope/signature/{self.link}/document").status_code, 404)

    def test_a_drawing_and_the_code_sign_and_the_proof_stays(self):
        code = self.code()
        page = self.page(do="sign", code=code, image=drawing(), key="key-of-this-page", format="json", row="")
        self.assertEqual(page.json()["state"], "signed")
        self.assertEqual((self.deal.state, self.deal.date_signed), ("signed", date(2026, 3, 10)))
        self.assertEqual(self.deal.date_withdrawal_end, date(2026, 3, 24))
        proof = self.deal.signature_ids
        self.assertEqual((proof.act, proof.channel, proof.method), ("signed", "online", "drawn"))
        self.assertEqual((proof.signer, proof.email), ("Awa Diallo", "awa.diallo@example.org"))
        self.assertTrue(proof.stands)
        self.assertFalse({"ip", "user_agent"}.intersection(proof._fields))
        self.page(do="sign", code=code, image=drawing())
        self.assertEqual(len(self.deal.signature_ids), 1)

    def test_what_is_signed_after_midnight_in_paris_is_signed_on_that_day(self):
        self.at(datetime(2026, 3, 10, 23, 30))  # 00:30 on the 11th
        self.page(do="sign", code=self.code(), name="Awa Diallo")
        self.assertEqual((self.deal.date_signed, self.deal.date_withdrawal_end), (date(2026, 3, 11), date(2026, 3, 25)))

    def test_a_name_typed_is_consent(self):
        self.page(do="sign", code=self.code(), name="awa  diallo")
        self.assertEqual((self.deal.state, self.deal.signature_ids.method), ("signed", "name"))

    def test_without_the_right_code_nothing_is_signed(self):
        page = self.page(do="sign", code="000000", name="Awa Diallo")
        self.assertIn("Ce code", self.text(page))
        code = self.code()
        for _try in range(5):
            self.page(do="sign", code="abc", name="Awa Diallo")
        self.page(do="sign", code=code, name="Awa Diallo")
        self.assertEqual(self.deal.state, "sent", "five wrong codes close the one that was sent")
        self.at(self.now + timedelta(minutes=30))
        self.page(do="sign", code=code, name="Awa Diallo")
        self.assertEqual(self.deal.state, "sent")

    def test_too_many_codes_and_too_many_tries_wait(self):
        for _time in range(5):
            self.page(do="code")
        self.assertEqual(self.page(do="code").status_code, 429)
        for _try in range(40):
            page = self.page(do="sign", code="1", name="x")
        self.assertEqual(page.status_code, 429)

    def test_it_is_refused_with_a_reason(self):
        self.page(do="refuse", code=self.code(), reason="Trop loin")
        self.assertEqual((self.deal.state, self.deal.refusal), ("refused", "Trop loin"))
        self.assertTrue(self.deal.activity_ids)

    def test_who_signed_changes_their_mind_on_the_same_page_in_time(self):
        self.page(do="sign", code=self.code(), name="Awa Diallo")
        self.at(self.now + timedelta(days=14))
        self.assertIn("Je change d'avis", self.text(self.page()))
        self.page(do="withdraw", code=self.code())
        self.assertEqual((self.deal.state, self.awa_enrolment.state), ("withdrawn", "cancel"))

    def test_after_the_period_the_page_withdraws_nothing(self):
        self.page(do="sign", code=self.code(), name="Awa Diallo")
        self.at(self.now + timedelta(days=15))
        self.assertNotIn("Je change d'avis", self.text(self.page()))
        self.page(do="withdraw", code=self.code())
        self.assertEqual(self.deal.state, "signed")

    def test_what_is_signed_is_what_was_read(self):
        code, read = self.code(), self.deal.document_id.fingerprint
        self.assertIn(f'name="text" value="{read}"', self.page().text)
        self.at(self.now + timedelta(minutes=1))
        self.deal.action_issue_again()
        self.deal.amount = 2000
        self.deal.action_send()
        page = self.page(do="sign", code=code, name="Awa Diallo", text=read)
        self.assertIn("Le texte a changé", self.text(page))
        self.assertIn("2 000,00 €", self.text(page))
        for again in (code, ""):
            self.page(do="sign", code=again, name="Awa Diallo")
            self.assertEqual(self.deal.state, "sent", "a code asked for before is not one for the new text")
        self.page(do="refuse", code=self.code(), text=read)
        self.assertEqual(self.deal.state, "sent")
        self.page(do="sign", code=self.code(), name="Awa Diallo")
        self.assertEqual(self.deal.signature_ids.text_hash, self.deal.document_id.fingerprint)

    def test_a_stranger_s_link_opens_nothing(self):
        old = hash_sign(
            self.env, "pope.training.agreement", [self.deal.id, self.holders[0].id], expiration=self.now - timedelta(1)
        )
        other = hash_sign(self.env, "pope.training.agreement", [self.deal.id, self.holders[1].id])
        for token in (*HOSTILE, old, other, self.awa_enrolment._sign_token()):
            page = self.page(token)
            self.assertEqual(page.status_code, 404, token)
            self.assertNotIn("Traceback", page.text)
        self.assertEqual(self.url_open(f"/pope/signature/{old}/document").status_code, 404)
        self.deal.action_cancel()
        self.env.flush_all()
        self.assertEqual(self.page().status_code, 404)
