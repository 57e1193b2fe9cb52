"""What was invoiced beyond what is owed: a draft credit note, proposed once, by the gesture that makes the invoices."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_contract_limits import LimitCase


class CreditCase(LimitCase):
    def window(self, user=None):
        event = self.own("event.event", user or self.accountant).browse(self.course.id)
        action = event.action_pope_invoice()
        return self.own(action["res_model"], user or self.accountant).browse(action["res_id"])

    def bought(self, *enrolments, code="employeur_prive", amount=700, **values):
        """Agreed with the employer and invoiced whole before the session."""
        (self.awa_enrolment | self.nadia_enrolment).employer_id = self.employer
        lines = self.env["pope.training.financing"]
        for enrolment in enrolments:
            lines |= self.pay(enrolment, code, amount_granted=amount, **values)
        agreement = self.propose()
        agreement._issue()
        agreement._sign(self.now.date(), is_remote=True, channel="paper")
        invoices = (
            self.own("pope.training.financing")
            .browse(lines.ids)
            ._invoice({line: (line.amount_agreed, line._hours_agreed()) for line in lines})
        )
        invoices.action_post()
        return lines

    def paid_whole(self):
        """The contract of Awa, invoiced and paid as the training goes on."""
        contract = self.contract()
        self.day("2026-03-25")
        deposit = self.invoice(self.line, 300)
        deposit.action_post()
        self.register_payment(deposit)
        self.day("2026-04-28")
        balance = self.invoice(self.line, 700)
        balance.action_post()
        return contract, deposit, balance

    def notes(self):
        return self.own("account.move").search(
            [("pope_session_id", "=", self.course.id), ("move_type", "=", "out_refund")], order="id"
        )

    def said(self, line):
        return ", ".join(line.with_context(lang="fr_FR")._mismatches()).replace("\xa0", " ")


@tagged("post_install", "-at_install")
class TestCredit(CreditCase):
    def test_force_majeure_leaves_due_what_was_given_in_proportion_and_the_rest_is_credited(self):
        contract, deposit, balance = self.paid_whole()
        self.attend(self.awa_enrolment, "present", "present")
        self.awa_enrolment._leave(self.slots[0].date, "force_majeure")
        self.assertEqual((self.line.amount_excess, self.line.excess_reason), (500, "force_majeure"))
        self.assertIn("500,00 € facturés en trop", self.said(self.line))
        self.assertIn("L6353-7", self.said(self.line))
        window = self.window()
        self.assertEqual(window.line_ids.amount, -500)
        window.action_invoice()
        note = self.notes()
        self.assertEqual((note.state, note.reversed_entry_id, note.amount_total), ("draft", balance, 500))
        self.assertEqual((note.partner_id, note.invoice_line_ids.pope_financing_id), (self.holders[0], self.line))
        self.assertIn("L6353-7", note.invoice_line_ids.name)
        self.assertIn("7 h sur 14 h", note.invoice_line_ids.name.replace("\xa0", " "))
        self.assertEqual((self.line.invoice_state, self.line.amount_excess), ("credit", 0))
        note.action_post()
        self.assertEqual((self.line.amount_invoiced, self.line._amount_due()), (500, 0))
        self.assertEqual(balance.amount_residual, 200, "what is still owed of it")
        self.assertTrue(all(contract.instalment_ids.mapped("is_asked")), "nothing more is to be asked for")
        self.register_payment(balance)
        self.assertEqual(self.line.invoice_state, "paid")
        self.assertEqual(deposit.payment_state, balance.payment_state)

    def test_it_is_proposed_once_and_again_when_the_draft_is_deleted(self):
        self.paid_whole()
        self.attend(self.awa_enrolment, "present", "present")
        self.awa_enrolment._leave(self.slots[0].date, "job")
        self.window().action_invoice()
        again = self.window()
        self.assertEqual(again.line_ids.amount, 0)
        with self.assertRaises(UserError):
            again.action_invoice()
        again.line_ids.amount = -501
        with self.assertRaisesRegex(UserError, "500,00"):
            again.action_invoice()
        self.notes().unlink()
        self.assertEqual((self.window().line_ids.amount, self.line.amount_excess), (-500, 500))

    def test_more_than_the_last_invoice_is_credited_on_the_one_before(self):
        _contract, deposit, balance = self.paid_whole()
        self.attend(self.awa_enrolment, "50", "absent")
        self.awa_enrolment._leave(self.slots[0].date, "job")
        owed = round(1000 * self.awa_enrolment.hours_attended / 14, 2)
        self.window().action_invoice()
        notes = self.notes()
        self.assertEqual(notes.reversed_entry_id, deposit | balance)
        self.assertEqual(sorted(notes.mapped("amount_total")), [round(300 - owed, 2), 700])

    def test_withdrawal_gives_everything_back_and_who_keeps_no_books_hands_it_over(self):
        contract = self.contract()
        self.day("2026-03-25")
        self.invoice(self.line, 300).action_post()
        contract.sudo().date_withdrawal_end = "2026-03-26"
        contract.with_user(self.user_pope)._withdraw(self.today(), "Change d'avis", channel="paper")
        self.assertEqual((self.line.amount_proposed, self.line.excess_reason), (-300, "withdrawn"))
        self.assertFalse(self.notes())
        self.own("pope.training.financing").browse(self.line.id).action_make_invoices()
        note = self.notes()
        self.assertEqual((note.state, note.amount_total, self.line.amount_proposed), ("draft", 300, 0))
        self.assertIn("L6353-5", note.invoice_line_ids.name)

    def test_a_session_that_is_cancelled_gives_back_what_was_not_held(self):
        line = self.bought(self.awa_enrolment)
        self.slots[2:].write({"date": "2026-05-04"})
        self.day("2026-04-28")
        self.assertFalse(line.amount_excess, "the session goes on")
        self.attend(self.awa_enrolment, "present", "present")
        self.course._pope_cancel_session("Trop peu d'inscrits")
        self.assertEqual((line.amount_excess, line.excess_reason), (350, "called_off"))
        self.window(self.user_pope).action_propose()
        self.assertEqual((line.amount_proposed, line.invoice_state), (-350, "proposed"))
        self.own("pope.training.financing").browse(line.id).action_make_invoices()
        self.notes().action_post()
        self.assertEqual((line.amount_invoiced, line.hours_invoiced, line.amount_excess), (350, 7, 0))

    def test_what_was_invoiced_whole_and_not_followed_whole_is_told_once_everything_is_noted(self):
        lines = self.bought(self.awa_enrolment, self.nadia_enrolment)
        self.day("2026-04-29")
        self.attend(self.awa_enrolment, "present", "30", "present", "present")
        self.attend(self.nadia_enrolment, "present", "present", "present")
        awa, nadia = lines
        self.assertEqual((awa.amount_excess, nadia.amount_excess), (25, 0), "an afternoon of Nadia is not noted")
        self.attend(self.nadia_enrolment, "present", "present", "present", "absent")
        self.assertEqual((awa.amount_excess, nadia.amount_excess), (25, 175))
        self.window().action_invoice()
        note = self.notes()
        self.assertEqual((len(note), note.amount_total, len(note.invoice_line_ids)), (1, 200, 2))
        note.action_post()
        self.assertEqual((awa.hours_invoiced, nadia.hours_invoiced), (13.5, 10.5))
        self.assertEqual(self.course._pope_file_facts()["invoices"][self.course], (2, 2))

    def test_somebody_whose_registration_is_cancelled_is_credited_of_everything(self):
        line = self.bought(self.awa_enrolment)
        self.awa_enrolment.registration_id.action_cancel()
        self.assertEqual(self.window().line_ids.amount, -700)
        self.assertIn("700,00", self.awa_enrolment.excess_note)
        listed = self.own("pope.training.financing", self.user_pope).search([("amount_excess", ">", 0)])
        self.assertEqual(listed, line)
        listed.action_credit()
        with self.assertRaises(UserError):
            listed.action_credit()
        with self.assertRaises(AccessError):
            listed.action_make_invoices()

    def test_the_instalments_propose_what_is_too_much_too(self):
        contract, _deposit, _balance = self.paid_whole()
        self.attend(self.awa_enrolment, "present", "present")
        self.awa_enrolment._leave(self.slots[0].date, "personal")
        contract.instalment_ids.with_user(self.user_pope).action_propose()
        self.assertEqual(self.line.amount_proposed, -500)
        self.assertTrue(all(contract.instalment_ids.mapped("is_asked")))
        with self.assertRaises(UserError):
            contract.instalment_ids.with_user(self.user_pope).action_propose()

    def test_who_gives_up_is_still_asked_for_what_they_followed(self):
        contract = self.contract()
        self.day("2026-03-25")
        self.invoice(self.line, 300).action_post()
        self.day("2026-04-28")
        self.attend(self.awa_enrolment, "present", "present")
        self.awa_enrolment._leave(self.slots[0].date, "personal")
        self.assertEqual(contract.instalment_ids.mapped("is_asked"), [True, False])
        self.assertEqual((self.line._amount_due(), self.line.invoice_state), (200, "partly"))
        self.invoice(self.line, 200).action_post()
        self.assertEqual(contract.instalment_ids.mapped("is_asked"), [True, True])
        self.assertEqual((self.line.amount_excess, self.line.invoice_state), (0, "invoiced"))
        # the trainer corrects the afternoon: what is owed goes by it
        self.attend(self.awa_enrolment, "present", "absent")
        self.assertEqual((self.line.amount_excess, self.line.invoice_state), (250, "invoiced"))

    def test_taxes_and_account_are_those_of_the_invoice_whatever_is_configured_since(self):
        self.pole.pope_exemption_date = False
        tax = self.env["account.tax"].create(
            {
                "name": "20 % incluse",
                "amount": 20,
                "type_tax_use": "sale",
                "company_id": self.pole.id,
                "price_include_override": "tax_included",
            }
        )
        self.pole.pope_training_product_id = self.env["product.product"].create(
            {"name": "Formation", "type": "service", "taxes_id": [Command.set(tax.ids)]}
        )
        line = self.bought(self.awa_enrolment, amount=840)
        self.assertEqual(line.amount_invoiced, 700)
        self.pole.write({"pope_training_product_id": False, "pope_exemption_date": "2025-01-01"})
        self.awa_enrolment.registration_id.action_cancel()
        self.window().action_invoice()
        note = self.notes()
        self.assertEqual((note.amount_untaxed, note.amount_tax, note.amount_total), (700, 140, 840))
        self.assertEqual(note.invoice_line_ids.account_id, note.reversed_entry_id.invoice_line_ids.account_id)

    def test_a_draft_invoice_beyond_what_is_owed_is_told_not_credited(self):
        self.contract()
        self.day("2026-03-25")
        self.invoice(self.line, 300)
        self.awa_enrolment.registration_id.action_cancel()
        self.assertFalse(self.line.amount_excess)
        self.assertIn("300,00 € dans une facture en brouillon", self.said(self.line))

    def test_what_an_award_pays_proposes_nothing(self):
        funder = self.env["res.partner"].create({"name": "Département", "is_company": True})
        award = self.env["pope.funding"].create(
            {"partner_id": funder.id, "state": "awarded", "company_id": self.pole.id}
        )
        line = self.pay(self.awa_enrolment, "caf_commune", funding_id=award.id)
        self.awa_enrolment.registration_id.action_cancel()
        self.assertEqual((line.amount_excess, line._credits(), line.invoice_state), (0, {}, "award"))

    def test_the_return_counts_what_is_left_once_the_credit_note_is_posted(self):
        line = self.bought(self.awa_enrolment)
        self.awa_enrolment.registration_id.action_cancel()
        self.window().action_invoice()
        self.notes().action_post()
        self.env.flush_all()
        dates = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        year = self.env["pope.bpf"].create({"company_id": self.pole.id, **dates})
        paid = [amount for _code, place, amount in year._read_invoices()[0] if place == line.scheme_id.bpf_line]
        self.assertEqual(sum(paid), 0)


@tagged("post_install", "-at_install")
class TestCreditCost(CreditCase):
    def test_what_is_too_much_costs_as_many_queries_for_ten_as_for_a_hundred(self):
        (self.awa_enrolment | self.nadia_enrolment).employer_id = self.employer
        people = self.env["res.partner"].create([{"name": f"Stagiaire {number}"} for number in range(40)])
        enrolments = self.enrolments(self.register(self.course, *people))
        lines = self.env["pope.training.financing"].create(
            [
                {
                    "enrolment_id": enrolment.id,
                    "scheme_id": self.env.ref("pope_training.scheme_employeur_prive").id,
                    "partner_id": self.employer.id,
                    "amount_granted": 100,
                    "hours_granted": 14,
                }
                for enrolment in enrolments
            ]
        )
        self.own("pope.training.financing").browse(lines.ids)._invoice(dict.fromkeys(lines, (100, 14))).action_post()
        enrolments.registration_id.action_cancel()
        counts = []
        for count in (40, 4, 40):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.own("pope.training.financing", self.user_pope).browse(lines[:count].ids)._credits()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual([amount for amount, _hours in found.values()], [-100] * count)
        self.assertEqual(counts[1], counts[2])
