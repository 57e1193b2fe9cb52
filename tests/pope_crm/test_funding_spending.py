"""What is spent for a file: the analytic lines of posted entries, on accounts of charges, told by number."""

from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_members import MemberCase


class SpendingCase(MemberCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.funder = cls.env["res.partner"].create({"name": "Ville de Stains", "is_company": True})
        cls.misc = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.pole.id)], limit=1
        )
        team = cls.env["crm.team"].create(
            {"name": "Incubateur voisin", "company_id": cls.pole.id, "pope_lead_type": "project"}
        )
        cls.env["crm.stage"].create({"name": "Accueil", "team_ids": [Command.set(team.ids)]})

    def project(self):
        return self.own("crm.lead", self.user_pope).create({"type": "project", "name": "MAM voisine"})

    def fund(self, name="Ateliers parents", state="awarded", user=None, **values):
        return self.own("pope.funding", user or self.user_pope).create(
            {"name": name, "partner_id": self.funder.id, "state": state, **values}
        )

    def spend(self, amount, *shares, code="606", day=None, partner=None, post=True):
        """An entry of that amount on the account, spread over files: (file, percentage)."""
        distribution = {str(funding.analytic_account_id.id): percentage for funding, percentage in shares}
        accounts = self.env["account.account"].with_company(self.pole)
        own = accounts._check_company_domain(self.pole)
        lines = [
            (accounts.search([*own, ("code", "=like", f"{code}%")], limit=1), amount, distribution),
            (accounts.search([*own, ("code", "=like", "512%")], limit=1), -amount, False),
        ]
        move = self.env["account.move"].create(
            {
                "journal_id": self.misc.id,
                "date": day or date(self.year, 3, 15),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": balance,
                            "analytic_distribution": spread,
                            "partner_id": partner and partner.id,
                            "name": "Achat",
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for account, balance, spread in lines
                ],
            }
        )
        if post:
            move.action_post()
        self.env.invalidate_all()
        return move


@tagged("post_install", "-at_install")
class TestFundingSpending(SpendingCase):
    def test_an_awarded_file_of_the_pole_has_its_account_and_nobody_else(self):
        funding = self.fund(state="filed")
        self.assertFalse(funding.analytic_account_id)
        funding.state = "awarded"
        account = funding.analytic_account_id
        self.assertEqual(account.name, "Ateliers parents")
        self.assertEqual(account.company_id, self.pole)
        self.assertEqual(account.sudo().plan_id, self.env.ref("pope_crm.analytic_plan_funding"))
        funding.state = "closed"
        self.assertEqual(funding.analytic_account_id, account)
        self.assertTrue(account.active)
        self.assertFalse(self.fund(lead_id=self.project().id).analytic_account_id)
        self.assertFalse(self.fund(person_id=self.awa.id).analytic_account_id)

    def test_the_account_follows_the_name_of_the_file_and_goes_with_it(self):
        funding = self.fund()
        account = funding.analytic_account_id
        funding.name = "Ateliers parents-enfants"
        self.assertEqual(account.name, "Ateliers parents-enfants")
        funding.state = "dropped"
        self.assertFalse(account.active)
        funding.with_user(self.user_manager).unlink()
        self.assertFalse(account.exists())

    def test_our_plan_is_optional_and_out_of_sight_without_a_file(self):
        plan = self.env.ref("pope_crm.analytic_plan_funding")
        for company in (self.pole, self.company):
            self.assertEqual(plan.with_company(company).default_applicability, "optional")
        self.fund()
        self.spend(10)  # posts without any distribution

    def test_a_file_takes_its_account_to_another_company_as_long_as_nothing_is_spent(self):
        funding = self.fund().sudo().with_context(allowed_company_ids=(self.pole | self.company).ids)
        funding.company_id = self.company
        self.assertEqual(funding.analytic_account_id.company_id, self.company)
        funding.company_id = self.pole
        self.spend(10, (funding, 100))
        with self.assertRaises(UserError):
            funding.company_id = self.company

    def test_spent_is_the_share_of_posted_charges(self):
        one, two = self.fund("Ateliers"), self.fund("Accueil")
        self.spend(100, (one, 60), (two, 40))
        self.spend(50, (one, 100), code="641")
        self.spend(-20, (one, 100))
        self.spend(1000, (one, 100), post=False)
        self.spend(700, (one, 100), code="741")
        self.spend(300, (one, 100), code="218")
        both = one | two
        self.assertEqual(both._spent(), {one: 90, two: 40})

    def test_spent_between_two_days(self):
        funding = self.fund()
        for month in (2, 3, 4):
            self.spend(10, (funding, 100), day=date(self.year, month, 28))
        self.assertEqual(funding._spent(date(self.year, 3, 1)), {funding: 20})
        self.assertEqual(funding._spent(None, date(self.year, 2, 28)), {funding: 10})
        self.assertEqual(funding._spent(date(self.year, 2, 28), date(self.year, 3, 28)), {funding: 20})

    def test_an_investment_is_spent_in_class_2_and_its_depreciation_is_not(self):
        funding = self.fund(nature="investment")
        self.spend(300, (funding, 100), code="218")
        self.spend(60, (funding, 100), code="681")
        self.assertEqual(funding._spent(), {funding: 300})

    def test_a_file_with_expenses_is_not_deleted_nor_given_to_a_project(self):
        funding = self.fund()
        project = self.project()
        other = self.fund("Autre")
        other.lead_id = project
        self.assertFalse(other.analytic_account_id)
        self.spend(10, (funding, 100))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            funding.with_user(self.user_manager).unlink()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            funding.lead_id = project
        planned = self.fund("Prévu")
        self.spend(10, (planned, 100), post=False)
        with self.assertRaises(UserError):
            planned.with_user(self.user_manager).unlink()

    def test_the_file_says_what_is_spent_left_and_until_when(self):
        funding = self.fund(amount_awarded=100, date_to=date(self.year, 6, 30))
        self.assertEqual((funding.amount_spent, funding.amount_to_spend), (0, 100))
        self.spend(70, (funding, 100))
        self.assertEqual((funding.amount_spent, funding.amount_to_spend), (70, 30))
        self.assertFalse(funding.alert_note)
        self.spend(40, (funding, 100), day=date(self.year, 7, 1))
        funding.amount_eligible = 105
        self.assertEqual((funding.amount_spent, funding.amount_to_spend, funding.amount_outside), (110, 0, 40))
        self.assertIn("plus que le coût éligible", funding.alert_note)
        self.assertIn("hors des dates", funding.alert_note)

    def test_expenses_are_told_by_account_and_open_their_entries(self):
        funding = self.fund().with_user(self.accountant)
        self.spend(30, (funding, 100), code="606")
        self.spend(20, (funding, 50), code="606")
        self.spend(1000, (funding, 80), code="641")
        purchases, wages = funding.expense_ids
        self.assertEqual([purchases.amount, wages.amount], [40, 800])
        self.assertEqual(wages.line_id, self.env.ref("pope_crm.summary_line_c64_rem"))
        for row, amount in ((purchases, -40), (wages, -800)):
            action = row.action_open()
            lines = self.own(action["res_model"]).search(action["domain"])
            self.assertEqual(sum(lines.mapped("amount")), amount)
        action = funding.action_expenses()
        self.assertEqual(sum(self.own(action["res_model"]).search(action["domain"]).mapped("amount")), -840)

    def test_the_pole_reads_figures_and_accountants_the_entries(self):
        funding = self.fund()
        self.spend(30, (funding, 100))
        self.assertEqual((funding.amount_spent, funding.expense_ids.amount), (30, 30))
        with self.assertRaises(UserError) as refused:
            funding.expense_ids.action_open()
        self.assertIn("les écritures", str(refused.exception))
        self.assertEqual(self.env["pope.funding.expense"].search([("funding_id", "=", funding.id)]).amount, 30)

    def test_lines_typed_without_entry_are_left_out_and_told_apart(self):
        funding = self.fund()
        self.env["account.analytic.line"].create(
            {
                "name": "Estimation",
                funding.analytic_account_id.sudo().plan_id._column_name(): funding.analytic_account_id.id,
                "amount": -500,
                "general_account_id": self.account("606000").id,
            }
        )
        self.assertEqual((funding.amount_spent, funding.amount_typed), (0, 500))
        action = funding.with_user(self.accountant).action_typed_lines()
        self.assertEqual(self.own(action["res_model"]).search(action["domain"]).amount, -500)

    def test_an_expense_borne_for_more_than_its_amount_is_told_and_not_refused(self):
        one, two, other = self.fund("Ateliers"), self.fund("Accueil"), self.fund("Formation")
        self.spend(100, (one, 60), (two, 40))
        self.spend(99.99, (one, 33.33), (two, 33.33), (other, 33.34))
        self.spend(50, (other, 100))
        self.assertFalse((one | two | other).filtered("alert_note"))
        over = self.spend(100, (one, 80), (two, 70))
        credit = self.spend(-10, (one, 150))
        self.assertEqual((one | two | other).mapped("overcharged_count"), [2, 1, 0])
        self.assertIn("à plus de 100", two.alert_note)
        self.assertFalse(other.alert_note)
        action = one.with_user(self.accountant).action_overcharged()
        found = self.own("account.move.line").search(action["domain"])
        self.assertEqual(found.move_id, over | credit)
        everything = self.own("pope.funding").action_overcharged()
        self.assertEqual(self.own("account.move.line").search(everything["domain"]), found)

    def test_a_credit_note_or_a_cancelled_entry_is_no_longer_spent(self):
        funding = self.fund()
        move = self.spend(100, (funding, 100))
        move._reverse_moves([{"date": move.date}], cancel=True)
        self.assertEqual(funding._spent(), {funding: 0})
        move = self.spend(70, (funding, 100))
        self.assertEqual(funding._spent(), {funding: 70})
        move.button_draft()
        self.assertEqual(funding._spent(), {funding: 0})

    def test_the_same_account_for_two_files_is_refused(self):
        funding = self.fund()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.fund(analytic_account_id=funding.analytic_account_id.id)

    def test_expenses_may_be_followed_before_the_award(self):
        funding = self.fund(state="filed")
        funding.action_follow_expenses()
        account = funding.analytic_account_id
        funding.state = "awarded"
        self.assertEqual(funding.analytic_account_id, account)
        other = self.fund(lead_id=self.project().id, state="filed")
        other.action_follow_expenses()
        self.assertFalse(other.analytic_account_id)

    def test_the_figures_of_one_company_are_not_those_of_another(self):
        funding = self.fund()
        self.spend(30, (funding, 100))
        theirs = self.env(user=self._new_user("stranger", "pope_crm.group_pope_manager"), context={})
        self.assertNotIn(funding.id, theirs["pope.funding.expense"].search([]).funding_id.ids)

    def test_a_hundred_files_tell_their_expenses_in_as_many_queries_as_ten(self):
        fundings = self.own("pope.funding", self.user_pope).create(
            [{"name": f"Dossier {n}", "partner_id": self.funder.id, "state": "awarded"} for n in range(100)]
        )
        for funding in fundings[:3]:
            self.spend(10, (funding, 100))

        def cost(files):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            files.read(["amount_spent", "amount_to_spend", "amount_outside", "alert_note"])
            return self.env.cr.sql_log_count - before

        cost(fundings[:10])
        self.assertEqual(cost(fundings), cost(fundings[:10]))


# A plan has its column, in the registry too, which a class gives back when it ends: one of these tests a class.
@tagged("post_install", "-at_install")
class TestPlanOfPeople(SpendingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Actions"})

    def test_an_account_that_people_had_keeps_its_name(self):
        theirs = self.env["account.analytic.account"].create({"name": "Action 12", "plan_id": self.plan.id})
        funding = self.fund(analytic_account_id=theirs.id)
        funding.name = "Autre nom"
        self.assertEqual(theirs.name, "Action 12")
        self.spend(80, (funding, 50))
        self.assertEqual(funding._spent(), {funding: 40})


@tagged("post_install", "-at_install")
class TestPlanDeleted(SpendingCase):
    def test_the_plan_is_made_again_when_somebody_deleted_it(self):
        plan = self.env.ref("pope_crm.analytic_plan_funding")
        self.forget_fundings()
        plan.account_ids.unlink()
        plan.unlink()
        funding = self.fund()
        self.spend(10, (funding, 100))
        self.assertEqual(funding.amount_spent, 10)
