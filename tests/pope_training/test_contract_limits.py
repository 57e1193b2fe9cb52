"""What the law lets a person who pays for themselves be asked for, tried from every side of the accounts."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .agreement import AgreementCase


class LimitCase(AgreementCase):
    def setUp(self):
        super().setUp()
        self.pole.pope_exemption_date = "2025-01-01"

    @contextmanager
    def refused(self, *words):
        with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
            yield
            self.env.flush_all()
        self.env.invalidate_all()
        text = str(refused.exception).replace("\xa0", " ").replace("\u202f", " ")
        for word in words:
            self.assertIn(word, text)

    def payment(self, amount, partner=None, **values):
        return self.own("account.payment").create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.holders[0]).id,
                "amount": amount,
                "journal_id": self.bank.id,
                **values,
            }
        )

    def register_payment(self, invoice, **values):
        wizard = self.own("account.payment.register").with_context(active_model="account.move", active_ids=invoice.ids)
        return wizard.create({"journal_id": self.bank.id, **values})._create_payments()


@tagged("post_install", "-at_install")
class TestInvoiceLimits(LimitCase):
    def test_nothing_is_invoiced_before_the_contract_is_signed(self):
        self.contract(signed=None)
        invoice = self.invoice(self.line, 300)
        with self.refused("L6353-3"):
            invoice.action_post()

    def test_nothing_is_invoiced_to_who_has_no_contract(self):
        line = self.pay(self.awa_enrolment, "particulier")
        invoice = self.invoice(line, 300)
        with self.refused("Awa Diallo", "L6353-3"):
            invoice.action_post()

    def test_nothing_is_invoiced_before_the_period_is_over(self):
        self.contract()
        invoice = self.invoice(self.line, 300)
        self.day("2026-03-24")
        with self.refused("L6353-5", "L6353-6", "25/03/2026", "300,00 €"):
            invoice.action_post()
        self.day("2026-03-25")
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 300))

    def test_then_thirty_per_cent_at_most_until_the_training_goes_on(self):
        self.contract()
        self.day("2026-03-25")
        with self.refused("L6353-6", "300,00 €", "301,00 €", "27/04/2026"):
            self.invoice(self.line, 301).action_post()
        self.invoice(self.line, 300).action_post()
        rest = self.invoice(self.line, 700)
        with self.refused("L6353-6", "28/04/2026"):
            rest.action_post()
        self.day("2026-04-27")
        with self.refused("650,00 €"):
            rest.action_post()
        self.day("2026-04-28")
        rest.action_post()

    def test_what_is_proposed_is_what_the_law_lets_be_asked_for_that_day(self):
        self.contract()
        self.assertEqual(self.line._amount_due(), 0)
        self.day("2026-03-25")
        self.assertEqual(self.line._amount_due(), 300)
        self.invoice(self.line, 300).action_post()
        self.assertEqual((self.line._amount_due(), self.line.invoice_state), (0, "partly"))
        self.day("2026-04-28")
        self.assertEqual(self.line._amount_due(), 700)

    def test_a_date_to_come_puts_off_nothing(self):
        self.contract()
        invoice = self.invoice(self.line, 300)
        invoice.invoice_date = "2026-04-30"
        with self.refused("L6353-5"):
            invoice.action_post()
        with self.refused("L6353-5"):
            invoice.state = "posted"

    def test_a_credit_note_is_never_kept_back_and_gives_room(self):
        self.contract()
        self.day("2026-03-25")
        invoice = self.invoice(self.line, 300)
        invoice.action_post()
        note = invoice._reverse_moves(cancel=True)
        self.assertEqual((note.state, note.pope_session_id), ("posted", self.course))
        self.assertEqual(self.line.amount_invoiced, 0)
        self.invoice(self.line, 300).action_post()

    def test_who_pays_a_part_beside_their_employer_has_the_same_limits(self):
        self.awa_enrolment.employer_id = self.employer
        bought = self.pay(self.awa_enrolment, "employeur_prive", amount_granted=700)
        own = self.pay(self.awa_enrolment, "particulier", amount_granted=300)
        agreements = self.propose()
        agreements._issue()
        for agreement in agreements:
            agreement._sign(self.now.date(), is_remote=True, channel="paper")
        self.invoice(bought, 700).action_post()
        with self.refused("L6353-5", "90,00 €"):
            self.invoice(own, 90).action_post()


@tagged("post_install", "-at_install")
class TestPaymentLimits(LimitCase):
    def test_a_payment_alone_waits_for_the_end_of_the_period(self):
        self.contract()
        payment = self.payment(100)
        with self.refused("L6353-5", "25/03/2026"):
            payment.action_post()
        self.day("2026-03-25")
        self.payment(300).action_post()
        with self.refused("L6353-6"):
            self.payment(1).action_post()

    def test_a_payment_alone_before_the_contract_is_signed(self):
        self.contract(signed=None)
        with self.refused("L6353-3"):
            self.payment(100).action_post()

    def test_a_payment_dated_after_the_period_is_not_taken_before(self):
        self.contract()
        with self.refused("L6353-5"):
            self.payment(100, date="2026-04-30").action_post()

    def test_register_payment_stands_within_the_contract(self):
        self.contract()
        self.day("2026-03-25")
        invoice = self.invoice(self.line, 300)
        invoice.action_post()
        with self.refused("L6353-5", "25/03/2026"):
            self.register_payment(invoice, payment_date="2026-03-12")
        self.register_payment(invoice, payment_date="2026-03-25")
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self.line.invoice_state, "partly", "the balance is still to be invoiced")

    def test_money_of_another_invoice_is_not_money_of_the_contract(self):
        self.contract()
        fee = self.own("account.move").create(
            {
                "move_type": "out_invoice",
                "partner_id": self.holders[0].id,
                "invoice_line_ids": [Command.create({"name": "Adhésion", "price_unit": 15, "tax_ids": []})],
            }
        )
        fee.action_post()
        self.register_payment(fee)
        self.assertIn(fee.payment_state, ("paid", "in_payment"))

    def test_a_line_of_the_bank_that_meets_the_invoice_is_looked_at(self):
        self.contract()
        self.day("2026-03-25")
        invoice = self.invoice(self.line, 300)
        invoice.action_post()
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-03-12",
                "payment_ref": "Virement",
                "partner_id": self.holders[1].id,
                "amount": 300,
            }
        )
        owed = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        _liquidity, suspense, _other = statement._seek_for_lines()
        suspense.write({"account_id": owed.account_id.id})
        with self.refused("L6353-5"):
            (suspense | owed).reconcile()
        statement.move_id.button_draft()
        statement.date = "2026-03-25"
        statement.move_id.action_post()
        (suspense | owed).reconcile()
        self.assertTrue(owed.reconciled)

    def bank_line(self, day, amount, partner=False):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day,
                "payment_ref": "Virement",
                "partner_id": partner and partner.id,
                "amount": amount,
            }
        )
        return line._seek_for_lines()[1]

    def entry(self, amount, account=None):
        """Typed by hand: owed by Awa no more, against the bank unless told otherwise."""
        owed = self.holders[0].with_company(self.pole).property_account_receivable_id
        both = [(account or self.bank.default_account_id, amount), (owed, -amount)]
        return self.own("account.move").create(
            {
                "move_type": "entry",
                "date": self.today(),
                "journal_id": self.env["account.journal"]
                .search([("type", "=", "general"), ("company_id", "=", self.pole.id)], limit=1)
                .id,
                "line_ids": [
                    Command.create({"account_id": side.id, "balance": balance, "partner_id": self.holders[0].id})
                    for side, balance in both
                ],
            }
        )

    def test_a_line_of_the_bank_without_anybody_waits_and_meets_nothing_too_early(self):
        self.contract()
        self.day("2026-03-25")
        invoice = self.invoice(self.line, 300)
        invoice.action_post()
        suspense = self.bank_line("2026-03-12", 300)
        owed = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        suspense.account_id = owed.account_id
        with self.refused("L6353-5"):
            (suspense | owed).reconcile()

    def test_a_line_of_the_bank_is_written_as_it_came_and_is_money_of_the_contract_once_it_is_said_so(self):
        self.contract()
        suspense = self.bank_line("2026-03-10", 300, self.holders[0])
        owed = self.holders[0].with_company(self.pole).property_account_receivable_id
        with self.refused("L6353-5", "25/03/2026"):
            suspense.account_id = owed
        other = self.bank_line("2026-03-10", 300)
        with self.refused("L6353-5"):
            other.write({"account_id": owed.id, "partner_id": self.holders[0].id})
        self.day("2026-03-25")
        late = self.bank_line("2026-03-25", 300, self.holders[0])
        late.account_id = owed
        with self.refused("L6353-6"):
            self.payment(1).action_post()

    def test_an_entry_typed_by_hand_that_moves_the_bank_is_money_too(self):
        self.contract()
        with self.refused("L6353-5"):
            self.entry(300).action_post()
        self.day("2026-03-25")
        self.entry(300).action_post()
        with self.refused("L6353-6"):
            self.entry(1).action_post()

    def test_an_entry_that_moves_no_money_is_not_kept_back(self):
        self.contract()
        entry = self.entry(300, self.account("658000"))
        entry.action_post()
        self.assertEqual(entry.state, "posted")

    def test_a_payment_that_is_cancelled_gives_room_again(self):
        self.contract()
        self.day("2026-03-25")
        payment = self.payment(300)
        payment.action_post()
        payment.action_draft()
        self.payment(300).action_post()
        with self.refused("L6353-6"):
            payment.action_post()

    def test_one_payment_for_two_invoices_of_one_contract_stands_within_it(self):
        self.contract()
        self.day("2026-03-25")
        first = self.invoice(self.line, 300)
        first.action_post()
        self.day("2026-04-28")
        both = first | self.invoice(self.line, 700)
        both[1].action_post()
        with self.refused("L6353-6", "28/04/2026"):
            self.register_payment(both, group_payment=True, payment_date="2026-03-25")
        self.register_payment(both, group_payment=True)
        self.assertEqual(set(both.mapped("payment_state")) - {"paid", "in_payment"}, set())

    def test_a_credit_note_meets_the_invoice_whenever(self):
        self.contract()
        self.day("2026-03-25")
        invoice = self.invoice(self.line, 300)
        invoice.action_post()
        invoice._reverse_moves([{"invoice_date": "2026-03-25"}], cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")

    def test_what_is_refunded_to_them_is_not_kept_back(self):
        self.contract()
        self.payment(50, payment_type="outbound").action_post()


@tagged("post_install", "-at_install")
class TestNotOurs(LimitCase):
    def test_an_invoice_and_a_payment_that_are_not_ours_cost_no_query(self):
        self.contract()
        self.env["pope.training.agreement"]._watched_partners()
        stranger = self.env["res.partner"].create({"name": "Boulangerie", "is_company": True})

        def spend():
            invoice = self.own("account.move").create(
                {
                    "move_type": "out_invoice",
                    "partner_id": stranger.id,
                    "invoice_line_ids": [Command.create({"name": "Salle", "price_unit": 15, "tax_ids": []})],
                }
            )
            invoice.action_post()
            self.register_payment(invoice)
            self.payment(10, stranger).action_post()
            self.env.flush_all()

        spend()
        counts = {True: [], False: []}
        for watched in (False, True, False, True):
            self.env.invalidate_all()
            self.env["pope.training.agreement"]._watched_partners()
            before = self.env.cr.sql_log_count
            if watched:
                spend()
            else:
                nothing = dict.fromkeys(("_pope_check_invoiced", "_pope_check_paid_alone"), lambda move: None)
                with patch.multiple(self.env.registry["account.move"], **nothing):
                    spend()
            counts[watched].append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(min(counts[True]), min(counts[False]))
