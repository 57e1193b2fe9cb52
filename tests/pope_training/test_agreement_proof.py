"""What was agreed is what was signed: nobody writes it by hand, and nothing beside the contract goes round it."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .agreement import AgreementCase
from .test_contract_limits import LimitCase


@tagged("post_install", "-at_install")
class TestProof(AgreementCase):
    def test_nobody_writes_that_an_agreement_was_sent_or_signed(self):
        self.pay(self.awa_enrolment, "particulier", amount_granted=1000)
        contract = self.propose()
        scan = self.env["ir.attachment"].create({"name": "contrat.pdf", "raw": b"%PDF-"})
        for values in (
            {"state": "signed", "date_signed": "2020-01-01"},
            {"state": "cancelled"},
            {"number": "CONT-2020-0001"},
            {"date_sent": "2020-01-01"},
            {"is_remote": False},
            {"scan_ids": [Command.link(scan.id)]},
            {"date_withdrawal_end": "2020-01-01"},
            {"news_count": 9},
        ):
            with self.assertRaises(AccessError, msg=values), self.env.cr.savepoint():
                contract.write(values)
        self.assertEqual((contract.state, contract.number, contract.is_remote), ("draft", False, True))

    def test_nobody_makes_one_that_is_signed(self):
        Agreement = self.own("pope.training.agreement", self.user_pope)
        values = {"event_id": self.course.id, "company_id": self.pole.id, "partner_id": self.employer.id}
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            Agreement.create({**values, "state": "signed"})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            Agreement.with_context(default_state="signed").create(values)
        self.assertEqual(Agreement.create(values).state, "draft")

    def test_a_contract_that_was_signed_keeps_its_day_and_its_period(self):
        contract = self.contract()
        for values in ({"is_remote": False}, {"date_signed": "2026-01-01"}, {"state": "draft"}):
            with self.assertRaises(AccessError, msg=values), self.env.cr.savepoint():
                contract.write(values)
        self.assertEqual((contract.state, contract.withdrawal_days), ("signed", 14))

    def test_who_pays_does_not_change_under_an_agreement_that_was_signed(self):
        self.contract()
        with self.assertRaises(UserError):
            self.line.partner_id = self.employer

    def test_the_hours_agreed_are_those_that_were_signed(self):
        self.awa_enrolment.employer_id = self.employer
        line = self.pay(self.awa_enrolment, "employeur_prive", amount_granted=1000)
        agreement = self.propose()
        line.hours_granted = 7
        self.assertEqual(line._hours_agreed(), 7)
        agreement._issue()
        agreement._sign(date(2026, 3, 10), is_remote=True, channel="paper")
        line.hours_granted = 3.5
        self.at(self.slots[0].date_end)
        self.attend(self.awa_enrolment, "present")
        self.assertEqual((line._hours_agreed(), line._amount_due()), (14, 250))


@tagged("post_install", "-at_install")
class TestWayRound(LimitCase):
    def cancel(self, slots):
        slots.write({"state": "cancelled", "cancel_reason": "Salle inondée"})

    def test_a_training_whose_half_days_are_all_cancelled_has_not_been_given(self):
        contract = self.contract()
        self.cancel(self.slots)
        self.assertEqual(contract._progress(date(2026, 6, 1)), 0)
        self.day("2026-06-01")
        with self.refused("L6353-6"):
            self.invoice(self.line, 1000).action_post()

    def test_what_is_cancelled_counts_for_nothing_and_what_takes_its_place_does(self):
        contract = self.contract()
        self.cancel(self.slots[2:])
        self.assertEqual(contract._progress(date(2026, 6, 1)), 0.5)
        self.slots.create(
            [{"event_id": self.course.id, "date": "2026-05-04", "half": half} for half in ("morning", "afternoon")]
        )
        self.assertEqual(contract._progress(date(2026, 4, 30)), 0.5)
        self.assertEqual(contract._progress(date(2026, 6, 1)), 1)

    def test_of_a_session_that_is_called_off_only_what_was_held_is_given(self):
        contract = self.contract()
        self.at(self.slots[0].date_end)
        self.slots[0]._certify({"method": "name", "name_typed": "Odile"}, "Odile")
        self.course.kanban_state = "cancel"
        self.assertEqual(contract._progress(date(2026, 6, 1)), 0.25)

    def test_a_session_without_half_days_that_is_called_off_has_not_been_given(self):
        contract = self.contract()
        self.slots.unlink()
        self.assertEqual(contract._progress(date(2026, 6, 1)), 1)
        self.course.kanban_state = "cancel"
        self.assertEqual(contract._progress(date(2026, 6, 1)), 0)

    def test_no_context_of_a_client_takes_a_payment_before_its_time(self):
        self.contract()
        payment = self.payment(100)
        with self.refused("L6353-5"):
            payment.with_context(pope_pays_moves=True).action_post()

    def test_an_invoice_of_ours_stays_one(self):
        self.contract()
        invoice = self.invoice(self.line, 300)
        with self.refused("session"):
            invoice.pope_session_id = False
        other = self.own("account.move").create({"move_type": "out_invoice", "partner_id": self.holders[0].id})
        with self.refused("session"), mute_logger("odoo.sql_db"):
            other.invoice_line_ids = [
                Command.create({"name": "Formation", "price_unit": 300, "pope_financing_id": self.line.id})
            ]

    def test_a_financing_is_not_put_on_an_invoice_that_bears_no_session(self):
        line = self.pay(self.awa_enrolment, "particulier")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.own("account.move").create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.holders[0].id,
                    "invoice_line_ids": [
                        Command.create({"name": "Formation", "price_unit": 9, "pope_financing_id": line.id})
                    ],
                }
            )
