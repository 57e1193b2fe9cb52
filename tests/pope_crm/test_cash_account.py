"""What an account says of the money: records that the team may change."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestCashAccount(PopeCase):
    def kinds_of(self, codes):
        return self.env["pope.cash.account"].with_user(self.user_pope)._kinds_of(codes)

    def test_accounts_say_what_the_money_is(self):
        codes = {
            "441700": "grant",
            "741200": "grant",
            "411100": "service",
            "706000": "service",
            "756100": "fee",
            "421000": "wage",
            "431000": "social",
            "442100": "social",
            "613200": "rent",
            "401100": "purchase",
            "626000": "purchase",
            "218300": "purchase",
            "445510": "tax",
            "164000": "loan",
            "168100": "loan",
            "519100": "loan",
            "661160": "loan",
        }
        self.assertEqual(self.kinds_of(codes), codes)
        self.assertNotIn("471000", self.kinds_of(["471000"]))

    def test_a_manager_gives_an_account_another_row(self):
        Account = self.env["pope.cash.account"].with_user(self.user_manager)
        Account.create({"kind": "other_out", "prefixes": "6132 -61321"})
        self.assertEqual(
            self.kinds_of(["613200", "613210", "613500"]), {"613200": "other_out", "613210": "rent", "613500": "rent"}
        )
        self.env.ref("pope_crm.cash_account_rent").with_user(self.user_manager).active = False
        self.assertEqual(self.kinds_of(["613500"]), {"613500": "purchase"})

    def test_what_opens_the_books_is_no_money_but_loans_are(self):
        codes = {"101000": "opening", "110000": "opening", "120000": "opening", "103400": "loan"}
        self.assertEqual(self.kinds_of(codes), codes)

    def test_lines_of_a_budget_that_are_money(self):
        for code, kind in {
            "c64_rem": "wage",
            "c64_soc": "social",
            "c61_loc": "rent",
            "c61_ass": "purchase",
            "c68": False,
            "c66": False,
            "p74_region": "grant",
            "p75_cotis": "fee",
            "p78": False,
            "n_works": "purchase",
            "n_wc": False,
            "r_loans": False,
        }.items():
            line = self.env["pope.summary.line"].search([("code", "=", code)], limit=1)
            self.assertTrue(line, code)
            self.assertEqual(line._cash_kind(), kind, code)

    def test_a_code_that_is_none_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["pope.cash.account"].create({"kind": "rent", "prefixes": "613;loyer !"})
