"""What a person who pays for themselves is to pay, and when: agreed in the contract, asked for when it is due."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .agreement import AgreementCase


class InstalmentCase(AgreementCase):
    def schedule(self, contract):
        return [(row.date and str(row.date), row.amount) for row in contract.instalment_ids._in_order()]

    def draft(self, amount=1000):
        self.line = self.pay(self.awa_enrolment, "particulier", amount_granted=amount)
        return self.propose()

    def agree(self, contract, *instalments):
        contract.instalment_ids = [
            Command.clear(),
            *(Command.create({"date": day, "amount": amount}) for day, amount in instalments),
        ]

    def sign(self, contract, day="2026-03-10"):
        contract._issue()
        contract._sign(date.fromisoformat(day), is_remote=True, channel="paper")


@tagged("post_install", "-at_install")
class TestSchedule(InstalmentCase):
    def test_the_usual_one_is_thirty_per_cent_then_the_balance_month_by_month_with_the_training(self):
        contract = self.draft()
        self.assertEqual(self.schedule(contract), [(False, 300), ("2026-04-28", 700)])
        self.env["pope.training.slot"].create(
            [{"event_id": self.course.id, "date": day, "half": "morning"} for day in ("2026-05-04", "2026-05-11")]
        )
        # 14 hours in April, 7 in May
        self.assertEqual(self.schedule(contract), [(False, 300), ("2026-04-28", 466.67), ("2026-05-11", 233.33)])
        self.assertAlmostEqual(sum(contract.instalment_ids.mapped("amount")), contract.amount)

    def test_where_the_training_is_soon_the_balance_waits_for_the_end_of_the_period(self):
        self.day("2026-04-21")
        contract = self.draft()
        self.assertEqual(self.schedule(contract), [(False, 300), ("2026-05-06", 700)])
        self.assertFalse(contract.gaps)

    def test_what_people_write_stays_and_the_usual_one_can_be_asked_for_again(self):
        contract = self.draft()
        with Form(contract) as form, form.instalment_ids.edit(0) as row:
            row.amount = 100
        self.assertIn("800,00 €", contract.with_context(lang="fr_FR").gaps.replace("\xa0", " "))
        with Form(contract) as form, form.instalment_ids.edit(1) as row:
            row.amount = 900
        self.slots[0].hours = 3
        self.assertEqual(self.schedule(contract), [(False, 100), ("2026-04-28", 900)])
        contract.action_usual_schedule()
        self.assertEqual(self.schedule(contract), [(False, 300), ("2026-04-28", 700)])

    def test_a_schedule_that_the_law_does_not_allow_is_not_sent(self):
        contract = self.draft()
        for words, instalments in (
            ("prix", [(False, 300)]),
            ("300,00 €", [(False, 301), ("2026-04-28", 699)]),
            ("300,00 €", [("2026-04-01", 500), ("2026-04-28", 500)]),
            ("650,00 €", [(False, 300), ("2026-04-27", 700)]),
            ("L6353-6", [("2026-03-20", 300), ("2026-04-28", 700)]),
            ("échéancier", []),
        ):
            self.agree(contract, *instalments)
            with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                contract.action_send()
            self.assertIn(words, str(refused.exception).replace("\xa0", " ").replace("\u202f", " "))
        self.agree(contract, (False, 100), ("2026-04-27", 500), ("2026-04-28", 400))
        contract.action_send()
        self.assertEqual(contract.state, "sent")

    def test_what_was_sent_does_not_change(self):
        contract = self.draft()
        self.sign(contract)
        rows = contract.instalment_ids
        for change in (
            lambda: rows[0].write({"amount": 5}),
            rows[0].unlink,
            lambda: rows.create({"agreement_id": contract.id, "amount": 5}),
            lambda: contract.write({"instalment_ids": [Command.clear()]}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.slots[0].date = "2026-04-20"
        self.assertEqual(self.schedule(contract), [(False, 300), ("2026-04-28", 700)])

    def test_an_agreement_with_an_employer_has_none(self):
        self.awa_enrolment.employer_id = self.employer
        self.pay(self.awa_enrolment, "employeur_prive", amount_granted=700)
        self.assertFalse(self.propose().instalment_ids)

    def test_it_is_printed_in_the_contract_with_the_mediator(self):
        self.pole.pope_exemption_date = "2025-01-01"
        contract = self.draft()
        self.sign(contract)
        text = self.pdf_words(contract.document_id)
        for words in (
            "À l'issue du délai de rétractation 300,00 € 30,0 %",
            "28 avril 2026 700,00 € 70,0 %",
            "Médiation de la consommation, 1 place des Litiges, 75000 Paris, https://mediation.example.org",
        ):
            self.assertIn(words, text)

    def test_no_contract_leaves_without_its_mediator(self):
        contract = self.draft()
        self.pole.pope_mediator_website = False
        with self.assertRaises(UserError) as refused:
            contract.action_send()
        self.assertIn("médiateur", str(refused.exception))
        self.assertEqual(contract.state, "draft")


@tagged("post_install", "-at_install")
class TestDue(InstalmentCase):
    def setUp(self):
        super().setUp()
        self.pole.pope_exemption_date = "2025-01-01"

    def due(self):
        return self.own("pope.training.instalment", self.user_pope).search(
            [
                ("agreement_id.state", "=", "signed"),
                ("is_asked", "=", False),
                ("date_due", "<=", self.today()),
                ("event_id", "=", self.course.id),
            ]
        )

    def test_each_is_due_on_its_day_and_never_before_the_period_is_over(self):
        contract = self.draft()
        self.agree(contract, ("2026-03-26", 300), ("2026-04-28", 700))
        self.assertFalse(contract.instalment_ids[0].date_due)
        self.sign(contract, "2026-03-20")
        self.assertEqual(
            [str(row.date_due) for row in contract.instalment_ids._in_order()], ["2026-04-04", "2026-04-28"]
        )

    def test_what_is_due_is_handed_to_the_accountant_who_makes_the_draft_invoice(self):
        contract = self.draft()
        self.agree(contract, (False, 100), ("2026-04-27", 400), ("2026-04-28", 500))
        self.sign(contract)
        self.assertFalse(self.due())
        self.day("2026-03-25")
        first = self.due()
        self.assertEqual(first.amount, 100)
        cards = self.own("pope.todo", self.user_pope).with_context(lang="fr_FR").get_cards()["cards"]
        lines = {line["title"]: line for card in cards for line in card.get("lines", ())}
        waiting = self.env["pope.training.instalment"].search(
            lines["Échéances de contrats à demander"]["action"]["domain"]
        )
        self.assertIn(first, waiting)
        first.action_propose()
        self.assertEqual((self.line.amount_proposed, self.line.invoice_state), (100, "proposed"))
        self.assertFalse(self.due(), "handed over once")
        self.own("pope.training.financing").browse(self.line.id).action_make_invoices()
        invoice = self.own("account.move").search([("pope_session_id", "=", self.course.id)])
        invoice.action_post()
        self.assertEqual((invoice.amount_total, self.line.invoice_state), (100, "partly"))
        self.day("2026-04-27")
        self.assertEqual((self.due().amount, self.line._amount_due()), (400, 400))
        self.day("2026-04-28")
        self.assertEqual((len(self.due()), self.line._amount_due()), (2, 900))

    def test_the_window_of_the_session_proposes_what_is_due_that_day(self):
        contract = self.draft()
        self.agree(contract, (False, 100), ("2026-04-28", 900))
        self.sign(contract)
        self.day("2026-04-27")
        action = self.own("event.event", self.user_pope).browse(self.course.id).action_pope_invoice()
        window = self.own(action["res_model"], self.user_pope).browse(action["res_id"])
        self.assertEqual(window.line_ids.amount, 100, "the law would let 650 be asked for, the contract does not")

    def test_nothing_due_is_said(self):
        contract = self.draft()
        self.sign(contract)
        with self.assertRaises(UserError):
            contract.instalment_ids.with_user(self.user_pope).action_propose()

    def test_a_credit_note_makes_it_due_again(self):
        self.sign(self.draft())
        self.day("2026-03-25")
        invoice = self.invoice(self.line, 300)
        invoice.action_post()
        self.assertFalse(self.due())
        invoice._reverse_moves(cancel=True)
        self.assertEqual(self.due().amount, 300)

    def test_a_contract_concluded_before_there_were_schedules_goes_by_the_law(self):
        contract = self.contract()
        self.env.cr.execute("DELETE FROM pope_training_instalment")
        self.env.invalidate_all()
        self.day("2026-04-27")
        self.assertEqual((contract.instalment_ids.ids, self.line._amount_due()), ([], 650))
