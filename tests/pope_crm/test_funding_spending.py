"""What is spent for a file: the analytic lines of posted entries, on accounts of charges, told by number."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

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

    def test_an_account_that_people_had_keeps_its_name(self):
        plan = self.env["account.analytic.plan"].create({"name": "Actions"})
        theirs = self.env["account.analytic.account"].create({"name": "Action 12", "plan_id": plan.id})
        funding = self.fund(analytic_account_id=theirs.id)
        funding.name = "Autre nom"
        self.assertEqual(theirs.name, "Action 12")
        self.spend(80, (funding, 50))
        self.assertEqual(funding._spent(), {funding: 40})

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
        with self.assertRaises(ValidationError):
            funding.lead_id = project
