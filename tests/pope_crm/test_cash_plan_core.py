import random
import unittest
from datetime import date

from odoo.addons.pope_crm.core import cash_plan
from odoo.addons.pope_crm.core.cash_plan import PAYMENTS, RECEIPTS, Flow

MONTHS = cash_plan.months_from(date(2026, 11, 26), 3)


class TestCashPlanCore(unittest.TestCase):
    def test_months_follow_each_other_over_the_year(self):
        self.assertEqual(MONTHS, [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)])
        self.assertEqual(cash_plan.months_between(MONTHS[0], date(2027, 10, 31)), 12)

    def test_what_is_left_and_the_lowest_point(self):
        told = cash_plan.assemble(
            [
                Flow("grant", MONTHS[2], 5000, label="Région"),
                Flow("wage", MONTHS[0], -700.1, is_actual=True),
                Flow("wage", MONTHS[0], -300, part="budget"),
                Flow("wage", MONTHS[1], -1000),
                Flow("wage", date(2030, 1, 1), -9),
            ],
            MONTHS,
            500.5,
        )
        self.assertEqual(told["opening"], [500.5, -499.6, -1499.6])
        self.assertEqual(told["closing"], [-499.6, -1499.6, 3500.4])
        self.assertEqual(told["net"], [-1000.1, -1000, 5000])
        self.assertEqual(told["minimum"], {"index": 1, "amount": -1499.6})
        receipts, payments = told["sections"]
        self.assertEqual([(row["kind"], row["label"]) for row in receipts["rows"]], [("grant", "Région")])
        self.assertEqual(payments["totals"], [1000.1, 1000, 0])
        cell = payments["rows"][0]["cells"][0]
        self.assertEqual((cell["actual"], cell["forecast"], cell["parts"]), (700.1, 300, [(300, False, "budget")]))

    def test_each_month_closes_with_what_it_opened_with_and_what_moved(self):
        chance = random.Random(93)
        for _plan in range(200):
            flows = [
                Flow(
                    chance.choice(RECEIPTS + PAYMENTS),
                    chance.choice(MONTHS),
                    chance.randint(-99999, 99999) / 100,
                    chance.random() < 0.5,
                    chance.choice(("", "Région", "Caf")),
                )
                for _flow in range(chance.randint(0, 40))
            ]
            opening = chance.randint(-99999, 99999) / 100
            told = cash_plan.assemble(flows, MONTHS, opening)
            for index, _month in enumerate(MONTHS):
                moved = sum(flow.amount for flow in flows if flow.month == _month)
                self.assertAlmostEqual(told["closing"][index] - told["opening"][index], moved, 2)
            self.assertAlmostEqual(told["closing"][-1], opening + sum(flow.amount for flow in flows), 2)
            self.assertEqual(told["minimum"]["amount"], min(told["closing"]))

    def test_an_amount_goes_to_the_row_of_its_sign(self):
        self.assertEqual(cash_plan.sided("loan", 10), "loan_in")
        self.assertEqual(cash_plan.sided("loan", -10), "loan_out")
        self.assertEqual(cash_plan.sided(None, -10), "other_out")
        self.assertEqual(cash_plan.sided("grant", -10), "grant")

    def test_a_budget_foresees_what_is_not_known_yet(self):
        planned = {("purchase", month): 500 for month in MONTHS} | {("grant", MONTHS[0]): 100}
        known = [
            Flow("purchase", MONTHS[0], -120),
            Flow("purchase", MONTHS[1], -700),
            Flow("purchase", MONTHS[2], 40),
            Flow("grant", MONTHS[0], 100),
        ]
        self.assertEqual(
            cash_plan.left_of_budget(planned, known),
            {("purchase", MONTHS[0]): -380, ("purchase", MONTHS[2]): -500},
        )
