import random
import unittest

from odoo.addons.pope_crm.core import whole_euros


class TestWholeEuros(unittest.TestCase):
    def test_printed_lines_add_up_to_the_printed_total(self):
        self.assertEqual(whole_euros.rounded([33.4, 33.4, 33.2]), [34, 33, 33])
        self.assertEqual(whole_euros.rounded([0.5]), [1])
        self.assertEqual(whole_euros.rounded([]), [])

    def test_no_line_is_further_than_a_euro_and_nothing_comes_on_an_empty_one(self):
        chance = random.Random(6)
        for _try in range(500):
            amounts = [chance.choice((0, chance.randrange(10**6) / 100)) for _line in range(chance.randrange(1, 30))]
            whole = whole_euros.rounded(amounts)
            self.assertEqual(sum(whole), whole_euros.total(amounts))
            self.assertTrue(all(abs(told - amount) < 1 for told, amount in zip(whole, amounts, strict=True)))
            self.assertTrue(all(told == amount for told, amount in zip(whole, amounts, strict=True) if amount % 1 == 0))

    def test_equal_sums_have_equal_totals(self):
        self.assertEqual(whole_euros.total([10.25, 10.25]), whole_euros.total([20.5]))


if __name__ == "__main__":
    unittest.main()
