"""The accounts of an association, added to one company's chart; what the company had stays as it was."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestChartComplete(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france = cls.env.ref("base.fr").id
        cls.pole, cls.other, cls.bare = cls.env["res.company"].create(
            [{"name": name, "country_id": france} for name in ("Pôle", "Autre association", "Sans comptes")]
        )
        for company in (cls.pole, cls.other):
            cls.env["account.chart.template"].try_loading("fr", company, install_demo=False)
        cls.accountant = cls._new_user("accountant", "pope_crm.group_pope_user,account.group_account_manager")
        cls.accountant.write(
            {"company_ids": [Command.set((cls.pole | cls.bare).ids)], "company_id": cls.pole.id, "lang": "fr_FR"}
        )

    def accounts(self, company=None):
        company = company or self.pole
        accounts = self.env["account.account"].with_company(company)
        return accounts.search(accounts._check_company_domain(company))

    def account(self, code, company=None):
        return self.accounts(company).filtered(lambda account: account.code == code)

    def create_account(self, code, account_type, **values):
        return (
            self.env["account.account"]
            .with_company(self.pole)
            .create({"code": code, "name": f"Compte {code}", "account_type": account_type, **values})
        )

    def complete(self, company=None):
        company = company or self.pole
        wizard = self.env(user=self.accountant, context={"lang": "fr_FR"})["pope.chart.complete"].with_company(company)
        wizard = wizard.create({"company_id": company.id})
        wizard.action_complete()
        return wizard

    def told(self, wizard, outcome):
        return set(wizard.line_ids.filtered(lambda line: line.outcome == outcome).mapped("code"))

    def test_what_the_french_chart_lacks_is_added_and_nothing_else_moves(self):
        before = {account: (account.code, account.name, account.account_type) for account in self.accounts()}
        theirs = set(self.accounts(self.other).ids)
        preview = self.env["pope.chart.complete"].with_user(self.accountant).create({"company_id": self.pole.id})
        proposed = self.told(preview, "add")
        self.assertIn("194000", proposed)
        self.assertEqual(len(self.accounts()), len(before), "nothing before the button")
        wizard = self.complete()
        self.assertEqual(self.told(wizard, "added"), proposed)
        self.assertLess({"131000", "487000", "741000", "747000"}, self.told(wizard, "present"))
        for account, values in before.items():
            self.assertEqual((account.code, account.name, account.account_type), values)
        added = self.accounts().filtered(lambda account: account not in before)
        self.assertEqual(set(added.mapped("code")), proposed)
        expected = {
            "194000": ("liability_non_current", "Fonds dédiés sur subventions d'exploitation"),
            "689400": ("expense", "Reports en fonds dédiés sur subventions d'exploitation"),
            "741500": ("income", "Subventions d'exploitation – CAF et organismes sociaux"),
            "755110": ("income", "Contributions financières d'autres organismes"),
            "864000": ("off_balance", "Personnel bénévole"),
            "875000": ("off_balance", "Bénévolat"),
        }
        for code, values in expected.items():
            self.assertEqual((self.account(code).account_type, self.account(code).name), values)
        self.assertEqual(set(self.accounts(self.other).ids), theirs)
        self.assertEqual(added.company_ids, self.pole)

    def test_again_adds_nothing(self):
        self.complete()
        count = len(self.accounts())
        again = self.complete()
        self.assertFalse(self.told(again, "added") | self.told(again, "add"))
        self.assertEqual((again.add_count, len(self.accounts())), (0, count))

    def test_awards_have_accounts_that_take_a_payment(self):
        self.complete()
        for code in ("441100", "441700"):
            self.assertEqual(
                (self.account(code).account_type, self.account(code).reconcile), ("asset_receivable", True)
            )

    def test_a_grant_account_of_another_type_gets_a_free_one_beside_it(self):
        kept = self.create_account("441700", "asset_current", reconcile=True)
        self.create_account("441701", "asset_current")
        wizard = self.complete()
        self.assertEqual((kept.account_type, kept.name), ("asset_current", "Compte 441700"))
        self.assertIn("441700", self.told(wizard, "other"))
        beside = self.account("441702")
        self.assertEqual((beside.account_type, beside.reconcile), ("asset_receivable", True))
        again = self.complete()
        self.assertIn("441702", self.told(again, "present"))
        self.assertFalse(self.account("441703"))

    def test_a_receivable_account_that_is_archived_or_cannot_be_reconciled_takes_no_payment(self):
        self.create_account("441700", "asset_receivable", reconcile=True).active = False
        self.complete()
        self.assertEqual(self.account("441701").account_type, "asset_receivable")

    def test_an_association_chart_with_other_types_keeps_them(self):
        equity = {code: self.create_account(code, "equity") for code in ("689400", "789400", "864000", "875000")}
        wizard = self.complete()
        for code, account in equity.items():
            self.assertEqual((account.account_type, account.code), ("equity", code))
            self.assertEqual(self.account(code), account)
        self.assertLessEqual(set(equity), self.told(wizard, "other"))

    def test_a_chart_of_eight_digits_keeps_its_width(self):
        accounts = self.env["account.account"].with_company(self.bare)
        accounts.create(
            [
                {"code": code, "name": f"Compte {code}", "account_type": "income"}
                for code in ("74100000", "70600000", "7085")
            ]
        )
        wizard = self.complete(self.bare)
        self.assertTrue(self.account("44170000", self.bare))
        self.assertIn("74100000", self.told(wizard, "present"))
        self.assertFalse([code for code in self.told(wizard, "added") if len(code) != 8])

    def test_a_company_without_accounts_is_told_to_choose_its_chart_first(self):
        with self.assertRaises(UserError) as refused:
            self.complete(self.bare)
        self.assertIn("Sans comptes n'a pas encore de plan comptable", str(refused.exception))
        self.assertFalse(self.accounts(self.bare))

    def test_for_accountants_and_their_companies_only(self):
        with self.assertRaises(AccessError):
            self.env["pope.chart.complete"].with_user(self.user_manager).create({})
        wizard = self.env["pope.chart.complete"].with_user(self.accountant).create({"company_id": self.other.id})
        with self.assertRaises(AccessError):
            wizard.action_complete()
        self.assertEqual(self.account("194000", self.other), self.env["account.account"])

    def test_the_accounts_stay_when_the_add_on_goes(self):
        self.complete()
        names = self.env["ir.model.data"].search(
            [("model", "=", "account.account"), ("res_id", "in", self.account("194000").ids)]
        )
        self.assertEqual(names.mapped("module"), ["account"])
