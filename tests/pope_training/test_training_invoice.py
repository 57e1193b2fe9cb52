"""Invoices of a session, one for each payer: looked at first, never twice, for the hours followed."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .agreement import AgreementCase


@tagged("post_install", "-at_install")
class TestTrainingInvoice(AgreementCase):
    def setUp(self):
        super().setUp()
        self.pole.pope_exemption_date = "2025-01-01"
        self.opco = self.env["res.partner"].create({"name": "OPCO des Canaux", "is_company": True})
        (self.awa_enrolment | self.nadia_enrolment).employer_id = self.employer
        self.funded = self.pay(
            self.awa_enrolment,
            "opco_pdc",
            partner_id=self.opco.id,
            amount_granted=700,
            hours_granted=14,
            number="D-2026-17",
            is_subrogated=True,
        )
        self.bought = self.pay(self.nadia_enrolment, "employeur_prive", amount_granted=700)
        agreement = self.propose()
        agreement._issue()
        agreement._sign(self.now.date(), is_remote=True, channel="paper")
        self.day("2026-04-29")
        self.attend(self.awa_enrolment, "present", "30", "present", "present")
        self.attend(self.nadia_enrolment, "present", "present", "present", "present")

    def window(self, user=None):
        event = self.own("event.event", user or self.accountant).browse(self.course.id)
        action = event.action_pope_invoice()
        return self.own(action["res_model"], user or self.accountant).browse(action["res_id"])

    def invoices(self, window):
        window.action_invoice()
        invoices = self.own("account.move").search([("pope_session_id", "=", self.course.id)])
        return invoices.sorted(lambda invoice: invoice.partner_id != self.opco)

    def test_a_mismatch_is_told_before_anything_is_made(self):
        window = self.window()
        told = window.warnings.replace("\xa0", " ")
        self.assertIn("Awa Diallo: 14 h accordées, 13 h 30 suivies", told)
        self.assertNotIn("Nadia", told)
        awa, nadia = window.line_ids.sorted(lambda line: line.trainee)
        self.assertEqual((awa.amount_agreed, awa.amount, awa.hours), (700, 675, 13.5))
        self.assertEqual((nadia.amount, nadia.hours), (700, 14))
        self.assertFalse(self.own("account.move").search([("pope_session_id", "=", self.course.id)]))

    def test_one_draft_invoice_for_each_payer_with_the_words_of_the_law(self):
        funded, bought = self.invoices(self.window())
        self.assertEqual((funded.partner_id, bought.partner_id), (self.opco, self.employer))
        self.assertEqual((funded.state, funded.move_type, funded.amount_total), ("draft", "out_invoice", 675))
        self.assertEqual((funded.amount_tax, bought.amount_tax), (0, 0))
        self.assertIn("261, 4, 4° a", funded.narration)
        label = funded.invoice_line_ids.name.replace("\xa0", " ")
        for words in ("Vie commune", "27/04/2026", "Awa Diallo", "Crèche du Canal", "13 h 30", "D-2026-17"):
            self.assertIn(words, label)
        self.assertEqual(funded.ref, "D-2026-17")
        self.assertEqual(self.funded.invoice_state, "draft")
        funded.action_post()
        self.assertEqual((self.funded.amount_invoiced, self.funded.hours_invoiced), (675, 13.5))
        self.assertEqual(self.funded.invoice_state, "invoiced")

    def test_nothing_is_invoiced_twice(self):
        self.invoices(self.window())
        again = self.window()
        nadia = again.line_ids.filtered(lambda line: line.trainee == "Nadia Benali")
        self.assertEqual(nadia.amount, 0)
        nadia.amount = 10
        with self.assertRaises(UserError):
            again.action_invoice()

    def test_a_credit_note_gives_the_line_back(self):
        invoice = self.invoices(self.window())[1]
        invoice.action_post()
        self.assertEqual(self.bought.amount_invoiced, 700)
        invoice._reverse_moves(cancel=True)
        self.assertEqual((self.bought.amount_invoiced, self.bought.invoice_state), (0, "none"))
        self.assertEqual(self.bought.hours_invoiced, 0)
        self.assertEqual(self.window().line_ids.filtered(lambda line: line.trainee == "Nadia Benali").amount, 700)

    def test_who_keeps_no_books_hands_over_and_the_accountant_makes_them(self):
        window = self.window(self.user_pope)
        with self.assertRaises(AccessError):
            window.action_invoice()
        window.action_propose()
        self.assertEqual((self.funded.invoice_state, self.funded.amount_proposed), ("proposed", 675))
        with self.assertRaises(AccessError):
            self.funded.action_make_invoices()
        lines = self.own("pope.training.financing").browse((self.funded | self.bought).ids)
        lines.action_make_invoices()
        self.assertEqual(set(lines.mapped("invoice_state")), {"draft"})
        self.assertEqual(set(lines.mapped("amount_proposed")), {0})

    def test_without_the_attestation_taxes_are_those_configured(self):
        self.pole.pope_exemption_date = False
        tax = self.env["account.tax"].create(
            {"name": "20 %", "amount": 20, "type_tax_use": "sale", "company_id": self.pole.id}
        )
        self.pole.pope_training_product_id = self.env["product.product"].create(
            {"name": "Formation", "type": "service", "taxes_id": [Command.set(tax.ids)]}
        )
        invoice = self.invoices(self.window())[1]
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (700, 840))
        self.assertFalse(invoice.narration)
        self.assertEqual(invoice.invoice_line_ids.product_id, self.pole.pope_training_product_id)

    def test_the_account_and_the_analytic_account_are_those_configured(self):
        account = self.account("706000")
        self.pole.pope_training_account_id = account
        plan = self.env["account.analytic.plan"].create({"name": "Actions"})
        analytic = self.env["account.analytic.account"].create({"name": "Formation", "plan_id": plan.id})
        self.program.analytic_account_id = analytic
        line = self.invoices(self.window())[0].invoice_line_ids
        self.assertEqual((line.account_id, line.analytic_distribution), (account, {str(analytic.id): 100}))

    def test_what_an_award_pays_is_not_invoiced(self):
        funder = self.env["res.partner"].create({"name": "Département", "is_company": True})
        award = self.env["pope.funding"].create(
            {"partner_id": funder.id, "state": "awarded", "company_id": self.pole.id}
        )
        chloe = self.enrolments(self.register(self.course, self.holders[2]))
        line = self.pay(chloe, "caf_commune", funding_id=award.id)
        window = self.window()
        self.assertNotIn(line, window.line_ids.financing_id)
        self.assertEqual((window.award_count, line.invoice_state), (1, "award"))

    def test_the_file_ticks_itself_once_each_payer_is_invoiced(self):
        self.assertEqual(self.course._pope_file_facts()["invoices"], {self.course: (0, 2)})
        self.invoices(self.window()).action_post()
        self.assertEqual(self.course._pope_file_facts()["invoices"], {self.course: (2, 2)})

    def test_who_is_invoiced_stays_registered(self):
        self.invoices(self.window())
        with self.assertRaises(UserError):
            self.awa_enrolment.registration_id.unlink()
