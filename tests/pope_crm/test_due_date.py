import unittest
from datetime import date

from odoo.addons.pope_crm.core import due_date


class TestDueDate(unittest.TestCase):
    def test_from_a_month_s_last_day_to_a_month_s_last_day(self):
        for day, months, expected in (
            (date(2026, 12, 31), 6, date(2027, 6, 30)),
            (date(2026, 6, 30), 6, date(2026, 12, 31)),
            (date(2027, 12, 31), -6, date(2027, 6, 30)),
            (date(2027, 2, 28), 6, date(2027, 8, 31)),
            (date(2026, 3, 15), 1, date(2026, 4, 15)),
            (date(2027, 1, 30), 1, date(2027, 2, 28)),
        ):
            self.assertEqual(due_date.shift(day, months), expected, (day, months))

    def test_days_come_after_months(self):
        self.assertEqual(due_date.shift(date(2026, 1, 31), 1, 15), date(2026, 3, 15))
        self.assertEqual(due_date.shift(date(2026, 5, 10), days=-10), date(2026, 4, 30))

    def test_a_day_of_the_year_comes_back_each_year(self):
        self.assertEqual(due_date.next_yearly(1, 31, date(2026, 1, 31)), date(2026, 1, 31))
        self.assertEqual(due_date.next_yearly(1, 31, date(2026, 2, 1)), date(2027, 1, 31))
        self.assertEqual(due_date.next_yearly(2, 29, date(2026, 3, 1)), date(2027, 2, 28))
