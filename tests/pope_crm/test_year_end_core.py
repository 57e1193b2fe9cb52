import unittest
from datetime import date

from odoo.addons.pope_crm.core import year_end
from odoo.addons.pope_crm.core.year_end_ledger import Ledger


class TestYearEndArithmetic(unittest.TestCase):
    def test_a_month_counts_as_a_month_whatever_its_length(self):
        for first, last, months in (
            (date(2026, 6, 1), date(2027, 5, 31), 12),
            (date(2026, 2, 1), date(2026, 2, 28), 1),
            (date(2028, 2, 1), date(2028, 2, 29), 1),
            (date(2026, 1, 15), date(2027, 1, 14), 12),
            (date(2026, 1, 16), date(2026, 1, 31), 0.5),
            (date(2026, 1, 2), date(2026, 1, 1), 0),
        ):
            self.assertEqual(year_end.days(first, last), months * 30, (first, last))

    def test_a_period_cut_in_two_adds_up_wherever_it_is_cut(self):
        first, last = date(2026, 1, 17), date(2028, 3, 30)
        whole = year_end.days(first, last)
        for cut in (date(2026, 2, 28), date(2026, 3, 31), date(2027, 6, 15), date(2028, 2, 29)):
            after = date.fromordinal(cut.toordinal() + 1)
            self.assertEqual(year_end.days(first, cut) + year_end.days(after, last), whole, cut)

    def test_the_part_of_later_years_is_pro_rata_of_the_months(self):
        action = date(2026, 6, 1), date(2027, 5, 31)
        self.assertEqual(year_end.later(12000, *action, date(2026, 12, 31)), (5000, 150, 360))
        self.assertEqual(year_end.later(12000, *action, date(2027, 12, 31)), (0, 0, 360))
        self.assertEqual(year_end.later(12000, *action, date(2025, 12, 31)), (12000, 360, 360))
        self.assertEqual(year_end.later(100, *action, date(2026, 9, 30)).amount, 66.67)
        self.assertEqual(year_end.later(100, date(2026, 2, 1), date(2026, 1, 1), date(2026, 9, 30)).amount, 0)

    def test_a_single_day_that_is_the_31st_is_of_its_year(self):
        day = date(2026, 3, 31)
        self.assertEqual(year_end.later(900, day, day, date(2025, 12, 31)).amount, 900)
        self.assertEqual(year_end.later(900, day, day, date(2026, 12, 31)).amount, 0)

    def test_the_agreement_s_split_goes_before_the_months_and_never_over_the_books(self):
        split = {2026: 3000, 2027: 5000, 2028: 4000}
        self.assertEqual(year_end.later_by_split(12000, split, 2026), 9000)
        self.assertEqual(year_end.later_by_split(12000, split, 2027), 4000)
        self.assertEqual(year_end.later_by_split(12000, split, 2028), 0)
        self.assertEqual(year_end.later_by_split(2500, split, 2026), 2500)

    def test_dedicated_funds_are_what_is_left_and_are_used_up_to_what_was_left(self):
        for (opening, income, spent), expected in (
            ((0, 10000, 6000), (4000, 0, 0)),
            ((0, 10000, 12000), (0, 0, 0)),
            ((4000, 0, 3000), (0, 3000, 0)),
            ((4000, 2000, 7000), (0, 4000, 0)),
            ((4000, 5000, 2000), (3000, 0, 0)),
            ((4000, -1500, 0), (0, 1500, 1500)),  # given back to the funder
            ((4000, -1500, 3000), (0, 4000, 1500)),
            ((0, -1500, 0), (0, 0, 0)),
        ):
            self.assertEqual(year_end.dedicated(opening, income, spent), expected, (opening, income, spent))

    def test_an_asset_s_grant_is_used_up_to_the_cent_and_stops(self):
        start = date(2026, 7, 1)
        years = [date(year, 12, 31) for year in range(2025, 2034)]
        totals = [year_end.used_up(10000, start, 3, closing) for closing in years]
        self.assertEqual(totals, [0, 1666.67, 5000, 8333.33, 10000, 10000, 10000, 10000, 10000])
        self.assertEqual(year_end.used_up(999.99, date(2026, 3, 15), 7, date(2040, 12, 31)), 999.99)


class TestLedger(unittest.TestCase):
    def totals(self, *items):
        ledger = Ledger()
        for item in items:
            ledger.add(*item[:3], **(item[3] if len(item) > 3 else {}))
        return {name: amount for name, amount in ledger.totals().items() if amount}

    def test_income_moved_to_later_years_is_still_that_of_the_award(self):
        award, closing = ("award", "income", -12000), [("closing", "income", 5000), ("closing", "later", -5000)]
        self.assertEqual(self.totals(award, *closing), {"gross": 12000, "gross_total": 12000, "later": 5000})
        split = [("award", "income", -7000), ("award", "later", -5000)]
        self.assertEqual(self.totals(*split), {"gross": 12000, "gross_total": 12000, "later": 5000})

    def test_what_closes_a_grant_is_neither_given_back_nor_transferred_twice(self):
        before = {"before": True}
        items = [
            ("award", "grant", -900, before),
            ("year 1", "quota", 600, before),
            ("year 1", "share", -600, before),
            ("year 2", "quota", 300),
            ("year 2", "share", -300),
            ("end", "grant", 900),
            ("end", "quota", -900),
        ]
        self.assertEqual(self.totals(*items), {"grant": 900, "quota": 300, "quota_before": 600, "settled": 900})

    def test_funds_taken_over_are_no_settlement_and_others_moves_are_transfers(self):
        taken_over = [("opening", "grant", -900, {"before": True}), ("opening", "quota", 600, {"before": True})]
        self.assertEqual(self.totals(*taken_over), {"grant": 900, "quota_before": 600})
        moves = [
            ("old", "fund", -700, {"before": True}),
            ("closing", "report", 400),
            ("closing", "fund", -400),
            ("to another project", "fund", 100),
        ]
        self.assertEqual(self.totals(*moves), {"fund_before": 700, "report": 400, "transfer": -100})

    def test_drafts_count_once_they_are_of_the_year_s_end(self):
        draft = {"posted": False}
        items = [
            ("award", "income", -900, draft),
            ("closing", "report", 400, draft),
            ("closing", "fund", -400, draft),
        ]
        self.assertEqual(self.totals(*items), {"report": 400})
