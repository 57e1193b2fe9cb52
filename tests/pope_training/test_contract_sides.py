"""Other sides of the accounts from which the limits of a contract could be passed, and the clock that they go by."""

from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from .test_contract_limits import LimitCase


@tagged("post_install", "-at_install")
class TestSides(LimitCase):
    def owed_account(self):
        return self.holders[0].with_company(self.pole).property_account_receivable_id

    def test_a_line_of_the_bank_that_a_model_books_on_the_person_is_money_of_the_contract(self):
        self.contract()
        statement = self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-03-10", "payment_ref": "Virement", "amount": 300}
        )
        model = self.env["account.reconcile.model"].create(
            {"name": "Virements de stagiaires", "company_id": self.pole.id, "line_ids": [Command.clear()]}
        )
        suspense = statement._seek_for_lines()[1]
        booked = {
            "account_id": self.owed_account().id,
            "partner_id": self.holders[0].id,
            "balance": -300,
            "amount_currency": -300,
            "reconcile_model_id": model.id,
        }
        with self.refused("L6353-5", "25/03/2026"):
            statement.move_id.with_context(force_delete=True, skip_readonly_check=True).write(
                {"line_ids": [Command.delete(suspense.id), Command.create(booked)]}
            )

    def test_money_in_another_currency_counts_at_its_worth(self):
        self.contract()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2026-01-01", "rate": 2, "company_id": self.pole.id}
        )
        self.day("2026-03-25")
        with self.refused("L6353-6", "300,00 €", "301,00 €"):
            self.payment(602, currency_id=dollar.id).action_post()
        payment = self.payment(600, currency_id=dollar.id)
        payment.action_post()
        invoice = self.invoice(self.line, 300)
        invoice.action_post()
        lines = (payment.move_id | invoice).line_ids
        lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        with self.refused("L6353-6"):
            self.payment(2, currency_id=dollar.id).action_post()

    def test_what_was_given_back_may_be_asked_for_and_paid_again(self):
        self.contract()
        self.day("2026-03-25")
        first = self.invoice(self.line, 300)
        first.action_post()
        self.register_payment(first)
        note = first._reverse_moves([{"invoice_date": self.today()}])
        note.action_post()
        self.register_payment(note)
        self.assertIn(note.payment_state, ("paid", "in_payment"))
        again = self.invoice(self.line, 300)
        again.action_post()
        self.register_payment(again)
        self.assertIn(again.payment_state, ("paid", "in_payment"))
        with self.refused("L6353-6"):
            self.payment(1).action_post()

    def test_two_contracts_of_one_person_each_have_their_own_room(self):
        self.contract()
        course = self.create_event("training", name="Premiers secours", organizer_id=False)
        course.pope_program_id = self.program
        self.env["pope.training.slot"].create({"event_id": course.id, "date": "2026-05-04", "half": "morning"})
        enrolment = self.enrolments(self.register(course, self.holders[0]))
        other = self.pay(enrolment, "particulier", amount_granted=500)
        self.own("event.event", self.user_pope).browse(course.id).action_pope_propose_agreements()
        second = other.agreement_id
        second._issue()
        self.day("2026-03-20")
        second._sign(self.today(), is_remote=True, channel="paper")
        self.day("2026-03-25")
        # the first one may be asked for 300, the second one for nothing yet
        self.payment(300).action_post()
        with self.refused("L6353-5", "04/04/2026"):
            self.payment(1).action_post()
        with self.refused("L6353-5"):
            self.invoice(other, 150).action_post()
        self.day("2026-04-04")
        self.payment(150).action_post()
        with self.refused("L6353-6"):
            self.payment(1).action_post()

    def test_money_of_an_address_of_the_person_is_theirs(self):
        self.contract()
        address = self.env["res.partner"].create(
            {"name": "Compte joint", "parent_id": self.holders[0].id, "type": "invoice"}
        )
        with self.refused("L6353-5"):
            self.payment(100, address).action_post()

    def test_days_are_those_of_the_pole_whatever_the_clock_of_the_server(self):
        self.accountant.tz = "Europe/Paris"
        contract = self.contract()
        invoice = self.invoice(self.line, 300)
        self.at(datetime(2026, 3, 24, 22, 59))  # 23:59 in Paris
        with self.refused("L6353-5"):
            invoice.action_post()
        self.assertEqual((self.line._amount_due(), contract.with_context(tz="UTC")._today().day), (0, 24))
        self.at(datetime(2026, 3, 24, 23, 1))
        self.assertEqual(contract.with_context(tz="UTC")._today().day, 25)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
