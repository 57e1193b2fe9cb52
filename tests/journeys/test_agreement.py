"""From the quotation to the contract signed on a phone; an invoice that the law refuses; the invoices of a session."""

import json
from datetime import timedelta

from odoo.tests import tagged

from .agreement_journey import AgreementJourney
from .test_attendance import Phone


@tagged("post_install", "-at_install")
class TestContractJourney(AgreementJourney):
    browser_size = "360x740"
    touch_enabled = True

    def test_a_person_reads_and_signs_their_contract_on_a_phone(self):
        self.move_session(40)
        self.pay(self.awa_enrolment, "particulier", amount_granted=1000)
        deal = self.propose()
        deal.action_send()
        address = deal._sign_url()[len(deal.get_base_url()) :]
        self.env.flush_all()
        self.cr.clear()
        phone = Phone(self)
        self.addCleanup(phone.browser.stop)
        allowed = self.allow_requests(browser=phone.browser)
        allowed.__enter__()
        self.addCleanup(allowed.__exit__, None, None, None)
        phone.open(address)
        phone.wait_for("14 jours pour changer d'avis")
        self.assertLessEqual(phone.run("document.documentElement.scrollWidth"), 360)
        phone.picture("contract")
        phone.tap("form.ask button")
        phone.wait_for("Le code vient de partir")
        code = deal.sudo()._codes(self.env.cr.now() - timedelta(hours=1))[:1]._code()
        phone.run(f"document.getElementById('code').value = {json.dumps(code)}")
        phone.draw()
        phone.picture("contract-sign")
        phone.tap("form.sign button[type=submit]")
        phone.wait_for("C'est signé")
        phone.picture("contract-signed")
        self.env.invalidate_all()
        self.assertEqual((deal.state, deal.signature_ids.method), ("signed", "drawn"))
        self.assertGreaterEqual(deal.date_withdrawal_end, self.today() + timedelta(days=14))


@tagged("post_install", "-at_install")
class TestInvoiceJourney(AgreementJourney):
    def setUp(self):
        super().setUp()
        self.move_session(-4)
        (self.awa_enrolment | self.nadia_enrolment).employer_id = self.employer

    def test_the_team_proposes_sends_and_hands_the_invoices_over(self):
        for enrolment in (self.awa_enrolment, self.nadia_enrolment):
            self.pay(enrolment, "employeur_prive", amount_granted=700)
        self.attend(self.awa_enrolment, "present", "30", "present", "present")
        self.attend(self.nadia_enrolment, *["present"] * 4)
        self.walk(
            f"/odoo/sessions/{self.course.id}",
            """
            await click(".o_form_view button", "Proposer les conventions");
            await click(".o_data_cell", "Crèche du Canal");
            await find(".o_form_view h1", "Devis");
            await click(".o_form_view button", "Envoyer à signer");
            await find(".o_arrow_button_current, .o_statusbar_status", "Envoyé");
            """,
        )
        deal = self.course.pope_agreement_ids
        self.assertEqual((deal.state, deal.amount, deal.signatory_id.name), ("sent", 1400, "Inès Moreau"))
        self.walk(
            f"/odoo/sessions/{self.course.id}",
            """
            await click(".o_form_view button", "Facturer");
            await find(".modal .alert", "Awa Diallo");
            await find(".modal .alert", "suivies");
            await click(".modal button", "Transmettre à la comptabilité");
            await gone(".modal");
            """,
        )
        lines = self.env["pope.training.financing"].search([("event_id", "=", self.course.id)])
        self.assertEqual(set(lines.mapped("invoice_state")), {"proposed"})
        self.walk(
            "/odoo/factures-formation",
            """
            await find(".o_list_view", "Crèche du Canal");
            await click(".o_list_record_selector input[type=checkbox]");
            await click("button", "Créer les factures en brouillon");
            await find(".o_form_view, .o_list_view", "Crèche du Canal");
            """,
            login="accountant",
        )
        self.assertEqual(set(lines.mapped("invoice_state")), {"draft"})

    def test_an_invoice_before_its_time_is_refused_with_the_article(self):
        self.line = self.pay(self.nadia_enrolment, "particulier", amount_granted=1000)
        contract = self.propose()
        contract._issue()
        contract._sign(self.today(), is_remote=True, channel="paper")
        invoice = self.invoice(self.line, 300)
        self.walk(
            f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}",
            """
            await click(".o_form_view button[name=action_post]");
            await find(".modal, .o_notification", "L6353-5");
            """,
            login="accountant",
        )
        self.assertEqual(invoice.state, "draft")
