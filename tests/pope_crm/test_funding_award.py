"""From the funder's letter to the books: instalments, suspensive condition, one entry, and who may make it."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_members import MemberCase


class GrantCase(MemberCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complete_chart()
        cls.funder = cls.env["res.partner"].create(
            {
                "name": "Région des Vallées",
                "is_company": True,
                "pope_role_ids": [Command.set(cls.env.ref("pope_crm.role_region").ids)],
            }
        )
        cls.day = cls.today()

    def funding(self, user=None, **values):
        """A file of the pole, filed some time ago."""
        return self.own("pope.funding", user or self.user_pope).create(
            {
                "name": "Crèche des Vallées",
                "partner_id": self.funder.id,
                "state": "filed",
                "nature": "project",
                **values,
            }
        )

    def awarded(self, *amounts, user=None, **values):
        """A file of the pole that was awarded in instalments of these amounts, a month after each other."""
        rows = [
            Command.create({"amount": amount, "date_expected": self.day + timedelta(days=30 * number)})
            for number, amount in enumerate(amounts)
        ]
        values = {"state": "awarded", "amount_awarded": sum(amounts), "instalment_ids": rows, **values}
        return self.funding(user, **values)

    def project(self):
        """A holder's project of the pole."""
        team = self.env["crm.team"].create(
            {"name": "Incubateur", "company_id": self.pole.id, "pope_lead_type": "project", "use_opportunities": False}
        )
        self.env["crm.stage"].create({"name": "Accueil", "team_ids": [Command.set(team.ids)]})
        return self.create_project(company_id=self.pole.id, team_id=team.id, user_id=False)

    def booked(self, *amounts, post=True, **values):
        """The same, in the books."""
        funding = self.awarded(*amounts, user=self.accountant, **values)
        move = funding._book_award(self.day)
        if post:
            move.action_post()
        return funding


@tagged("post_install", "-at_install")
class TestAward(GrantCase):
    def test_an_award_is_one_balanced_entry_with_a_line_an_instalment(self):
        funding = self.awarded(6000, 4000, user=self.accountant)
        self.assertEqual(funding.book_state, "to_book")
        move = funding._book_award(self.day)
        self.assertEqual((move.state, move.date, move.journal_id.type), ("draft", self.day, "general"))
        self.assertEqual(funding.award_move_ids, move)
        lines = move.line_ids.sorted("id")
        self.assertEqual(lines.mapped("balance"), [6000, 4000, -10000])
        self.assertEqual([line.account_id.code[:4] for line in lines], ["4417", "4417", "7412"])
        self.assertEqual(lines.partner_id, self.funder)
        self.assertEqual(lines[:2].mapped("date_maturity"), funding.instalment_ids.mapped("date_expected"))
        self.assertEqual(funding.instalment_ids.move_line_id, lines[:2])
        self.assertEqual((funding.book_state, sum(move.line_ids.mapped("balance"))), ("draft", 0))
        self.assertEqual(lines[2].analytic_distribution, {str(funding.analytic_account_id.id): 100})
        self.assertFalse(funding._book_award(self.day), "twice is once")
        move.action_post()
        self.assertEqual(funding.book_state, "posted")

    def test_the_grant_is_booked_by_kind_of_funder_and_nature(self):
        def accounts(role, **values):
            self.funder.pope_role_ids = [Command.set(self.env.ref(f"pope_crm.role_{role}").ids if role else [])]
            move = self.booked(500, post=False, **values).award_move_ids
            return [line.account_id.code for line in move.line_ids.sorted("id")]

        self.assertEqual(accounts("state"), ["441700", "741100"])
        self.assertEqual(accounts("department"), ["441700", "741300"])
        self.assertEqual(accounts("municipal"), ["441700", "741400"])
        self.assertEqual(accounts("inter_municipal"), ["441700", "741400"])
        self.assertEqual(accounts("family_fund"), ["441700", "741500"])
        self.assertEqual(accounts("europe"), ["441700", "741600"])
        self.assertEqual(accounts("paying_agency"), ["441700", "741700"])
        self.assertEqual(accounts("foundation"), ["441700", "755110"])
        self.assertEqual(accounts(None), ["441700", "741800"])
        self.assertEqual(accounts("region", nature="investment"), ["441100", "131200"])
        self.assertEqual(accounts("foundation", nature="investment"), ["441100", "131700"])

    def test_without_the_sub_account_the_grant_is_on_the_plain_one(self):
        self.account("741200").active = False
        move = self.booked(500, post=False).award_move_ids
        self.assertEqual(move.line_ids.account_id.mapped("code"), ["441700", "741000"])

    def test_an_awaited_account_that_takes_no_payment_is_told(self):
        for account in self.account("441700") | self.account("441100"):
            account.active = False
        funding = self.awarded(500, user=self.accountant)
        with self.assertRaises(UserError) as refused:
            funding._book_award(self.day)
        self.assertIn("Compléter le plan comptable", str(refused.exception))
        self.assertFalse(funding.award_move_ids)

    def test_what_is_not_a_grant_of_the_pole_makes_no_entry(self):
        project = self.project()
        without_money = self.env["pope.funding.scheme"].create({"name": "Label", "without_money": True})
        for values in (
            {"lead_id": project.id},
            {"person_id": self.awa.id},
            {"nature": "loan"},
            {"nature": "guarantee"},
            {"nature": "in_kind"},
            {"scheme_id": without_money.id},
        ):
            funding = self.awarded(500, user=self.accountant, **values)
            self.assertFalse(funding._book_award(self.day), values)
            self.assertEqual((funding.makes_entry, funding.book_state), (False, "none"), values)
            self.assertEqual(funding.amount_left, 500)

    def test_nothing_is_booked_while_the_condition_stands(self):
        funding = self.awarded(500, user=self.accountant, condition_pending=True, condition_text="Bail signé")
        self.assertEqual(funding.book_state, "condition")
        self.assertFalse(funding._book_award(self.day))
        with self.assertRaises(UserError):
            funding.instalment_ids._receive(500, {funding.instalment_ids: 500}, self.day, self.bank)
        window = funding.action_condition_met()
        self.assertEqual((funding.book_state, funding.date_condition), ("to_book", self.day))
        booking = self.own(window["res_model"]).browse(window["res_id"])
        self.assertEqual((booking.date, booking.income_account_id.code), (self.day, "741200"))
        booking.income_account_id = self.account("741800")
        booking.action_book()
        self.assertEqual(funding.award_move_ids.line_ids.account_id.mapped("code"), ["441700", "741800"])

    def test_instalments_that_do_not_add_up_are_told_and_not_booked(self):
        funding = self.awarded(500, 300, user=self.accountant, amount_awarded=1000)
        self.assertIn("Les versements font 800", funding.alert_note)
        with self.assertRaises(UserError) as refused:
            funding._book_award(self.day)
        self.assertIn("Rien n", str(refused.exception))
        funding.amount_awarded = 800
        self.assertFalse(funding.alert_note)
        self.assertTrue(funding._book_award(self.day))

    def test_an_amendment_brings_an_entry_of_its_own(self):
        funding = self.booked(500)
        funding.write({"amount_awarded": 700, "instalment_ids": [Command.create({"amount": 200})]})
        self.assertEqual(funding.book_state, "to_book")
        move = funding._book_award(self.day)
        self.assertEqual(sum(move.line_ids.mapped("debit")), 200)
        self.assertEqual(len(funding.award_move_ids), 2)

    def test_an_amount_that_is_booked_changes_in_the_books_first(self):
        funding = self.booked(500)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            funding.instalment_ids.amount = 400
        with self.assertRaises(UserError):
            funding.instalment_ids.action_cancel()
        with self.assertRaises(UserError):
            funding.instalment_ids.unlink()

    def test_an_entry_thrown_away_is_to_book_again(self):
        funding = self.booked(500, post=False)
        funding.award_move_ids.unlink()
        self.assertEqual((funding.book_state, funding.instalment_ids.is_booked), ("to_book", False))
        self.assertTrue(funding._book_award(self.day))
        funding.award_move_ids.button_cancel()
        self.assertEqual(funding.book_state, "to_book")

    def test_closed_books_take_no_award(self):
        funding = self.awarded(500, user=self.accountant)
        self.pole.fiscalyear_lock_date = self.day
        with self.assertRaises(UserError) as refused:
            funding._book_award(self.day)
        self.assertIn("clos", str(refused.exception))
        self.assertFalse(funding.award_move_ids)

    def test_a_file_with_entries_is_not_deleted(self):
        funding = self.booked(500, post=False)
        with self.assertRaises(UserError):
            funding.with_user(self.user_manager).unlink()
        plain = self.awarded(500)
        plain.with_user(self.user_manager).unlink()
        self.assertFalse(plain.exists())

    def test_days_out_of_order_are_told(self):
        funding = self.awarded(500, 300, date_decision=self.day + timedelta(days=3))
        self.assertIn("avant l'attribution", funding.alert_note)
        funding.date_decision = self.day
        self.assertFalse(funding.alert_note)
        first, last = funding.instalment_ids
        first.kind, last.kind = "balance", "advance"
        self.assertIn("ne sont pas dans l'ordre", funding.alert_note)

    def test_only_accountants_read_entries_and_book(self):
        funding = self.booked(500)
        own = funding.with_user(self.user_pope)
        self.assertEqual((own.amount_left, own.book_state, own.instalment_ids.is_booked), (500, "posted", True))
        for record, field in ((own, "award_move_ids"), (own.instalment_ids, "move_line_id")):
            with self.assertRaises(AccessError):
                record.read([field])
        with self.assertRaises(AccessError):
            self.awarded(500)._book_award(self.day)


@tagged("post_install", "-at_install")
class TestAwardReceived(GrantCase):
    def window(self, funding, user=None, **values):
        action = funding.with_user(user or self.accountant).action_award()
        wizard = self.own(action["res_model"], user).browse(action["res_id"])
        wizard.write(values)
        return wizard

    def test_one_screen_makes_all_that_an_award_brings(self):
        scheme = self.env["pope.funding.scheme"].create(
            {
                "name": "Appel des Vallées",
                "advance_rate": 0.7,
                "obligation_ids": [Command.create({"name": "Compte rendu financier", "months": 6})],
            }
        )
        funding = self.funding(scheme_id=scheme.id, amount_asked=10000, date_to=self.day)
        wizard = self.window(funding)
        self.assertEqual(wizard.amount, 10000)
        wizard.amount = 9000
        self.assertEqual(wizard.line_ids.mapped("amount"), [6300, 2700])
        self.assertEqual(wizard.line_ids.mapped("kind"), ["advance", "balance"])
        wizard.write({"file_number": "VAL-12", "file": "JVBERi0=", "file_name": "notification.pdf"})
        wizard.action_confirm()
        self.assertEqual(
            (funding.state, funding.amount_awarded, funding.file_number, funding.date_decision),
            ("awarded", 9000, "VAL-12", self.day),
        )
        self.assertEqual(funding.obligation_ids.name, "Compte rendu financier")
        self.assertEqual(funding.instalment_ids.mapped("amount"), [6300, 2700])
        self.assertEqual(funding.message_attachment_count, 1)
        self.assertEqual(funding.book_state, "draft")
        self.assertEqual(funding.sudo().award_move_ids.date, self.day)

    def test_an_award_without_a_scheme(self):
        funding = self.funding(amount_asked=1000)
        self.window(funding).action_confirm()
        self.assertEqual((funding.instalment_ids.kind, funding.instalment_ids.amount), ("single", 1000))

    def test_who_keeps_no_books_records_it_and_leaves_it_to_book(self):
        funding = self.funding(amount_asked=1000)
        self.window(funding, self.user_pope).action_confirm()
        self.assertEqual((funding.state, funding.book_state), ("awarded", "to_book"))
        window = funding.with_user(self.accountant).action_book()
        self.own(window["res_model"]).browse(window["res_id"]).action_book()
        self.assertEqual(funding.book_state, "draft")

    def test_the_accountant_chooses_the_accounts_or_books_later(self):
        first, later = self.funding(amount_asked=1000), self.funding(amount_asked=1000)
        self.window(first, income_account_id=self.account("741800").id).action_confirm()
        self.assertIn(self.account("741800"), first.sudo().award_move_ids.line_ids.account_id)
        self.window(later, book_now=False).action_confirm()
        self.assertEqual(later.book_state, "to_book")

    def test_a_suspensive_condition_is_kept_and_nothing_booked(self):
        funding = self.funding(amount_asked=1000)
        self.window(funding, condition_pending=True, condition_text="Bail signé").action_confirm()
        self.assertEqual((funding.book_state, funding.condition_text), ("condition", "Bail signé"))

    def test_what_does_not_add_up_or_comes_too_early_is_told_on_the_screen(self):
        wizard = self.window(self.funding(amount_asked=1000))
        self.assertFalse(wizard.note)
        wizard.line_ids.write({"amount": 800, "date_expected": self.day - timedelta(days=1)})
        self.assertIn("Les versements font 800", wizard.note)
        self.assertIn("avant la date de la lettre", wizard.note)

    def test_a_second_award_is_refused(self):
        funding = self.awarded(500)
        with self.assertRaises(UserError) as refused:
            funding.action_award()
        self.assertIn("déjà", str(refused.exception))

    def test_an_award_without_money_has_no_instalment(self):
        scheme = self.env["pope.funding.scheme"].create({"name": "Label", "without_money": True})
        funding = self.funding(scheme_id=scheme.id)
        self.window(funding).action_confirm()
        self.assertEqual((funding.state, funding.instalment_ids.ids, funding.book_state), ("awarded", [], "none"))
