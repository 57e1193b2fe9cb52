from odoo.tests import BaseCase, tagged

from odoo.addons.pope_crm.core import account_prefixes


@tagged("post_install", "-at_install")
class TestAccountPrefixes(BaseCase):
    LINES = [("wages", "641 644"), ("charges", "645, 646"), ("other", "64"), ("purchases", "60")]

    def owner(self, code, lines=None):
        return account_prefixes.attribute([code], lines or self.LINES)[0].get(code)

    def test_the_longest_prefix_wins_whatever_the_order(self):
        for lines in (self.LINES, self.LINES[::-1]):
            self.assertEqual(self.owner("641100", lines), "wages")
            self.assertEqual(self.owner("647000", lines), "other")

    def test_prefixes_are_apart_by_commas_or_spaces(self):
        self.assertEqual(account_prefixes.parse("641, 644  646;-6411"), (["641", "644", "646"], ["6411"]))
        self.assertEqual(account_prefixes.parse(False), ([], []))

    def test_what_is_no_prefix_is_named(self):
        with self.assertRaisesRegex(ValueError, "64%"):
            account_prefixes.parse("601 64%")

    def test_an_excluded_account_goes_to_the_next_line(self):
        lines = [("wages", "641 -6411"), ("other", "64")]
        self.assertEqual(self.owner("641200", lines), "wages")
        self.assertEqual(self.owner("641100", lines), "other")

    def test_an_exclusion_gives_way_to_a_longer_prefix(self):
        self.assertEqual(self.owner("641198", [("wages", "64 -6411 641198")]), "wages")

    def test_accounts_of_no_line_are_told(self):
        amounts, alone = account_prefixes.totals({"641100": 10.0, "708000": -4.0}, self.LINES)
        self.assertEqual(alone, ["708000"])
        self.assertEqual(amounts, {"wages": 10.0, "charges": 0.0, "other": 0.0, "purchases": 0.0})

    def test_income_is_credit_less_debit(self):
        lines = [("grants", "74"), ("wages", "64")]
        amounts, _alone = account_prefixes.totals(
            {"741000": -1000.0, "749000": 50.0, "641000": 300.0}, lines, {"grants": -1, "wages": 1}
        )
        self.assertEqual(amounts, {"grants": 950.0, "wages": 300.0})

    def test_no_account_is_counted_twice(self):
        codes = [f"{number}00" for number in range(600, 700)]
        amounts, alone = account_prefixes.totals(dict.fromkeys(codes, 1.0), self.LINES)
        self.assertEqual(sum(amounts.values()) + len(alone), len(codes))
