"""Small counts that are hidden cannot be found again: every table that agrees with what is shown is counted."""

import itertools
import random
import unittest

from odoo.addons.pope_crm.core.suppression import THRESHOLD, hide_small


def with_totals(table):
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def agrees(table, shown):
    return all(
        seen is None or value == seen
        for row, shown_row in zip(with_totals(table), shown, strict=True)
        for value, seen in zip(row, shown_row, strict=True)
    )


def possible_values(table, shown, reach):
    """The values that each hidden count may have, among tables near the true one."""
    height, width = len(table), len(table[0])
    choices = [
        [shown[i][j]] if shown[i][j] is not None else range(max(0, table[i][j] - reach), table[i][j] + reach + 1)
        for i, j in itertools.product(range(height), range(width))
    ]
    found = {}
    for numbers in itertools.product(*choices):
        other = [list(numbers[i * width : (i + 1) * width]) for i in range(height)]
        if agrees(other, shown):
            full = with_totals(other)
            for i, row in enumerate(shown):
                for j, seen in enumerate(row):
                    if seen is None:
                        found.setdefault((i, j), set()).add(full[i][j])
    return found


class TestSuppression(unittest.TestCase):
    def test_large_counts_stay(self):
        table = [[5, 6], [7, 8]]
        self.assertEqual(hide_small(table), with_totals(table))

    def test_one_small_count_takes_a_square_with_it(self):
        shown = hide_small([[3, 20, 30], [40, 9, 60], [70, 80, 90]])
        hidden = {(i, j) for i, row in enumerate(shown) for j, value in enumerate(row) if value is None}
        self.assertIn((0, 0), hidden)
        self.assertEqual(hidden, {(0, 0), (0, 1), (1, 0), (1, 1)}, "no more than it takes")

    def test_two_zeros_alone_in_their_line_do_not_tell_each_other(self):
        shown = hide_small([[0, 0, 30], [40, 50, 60], [70, 80, 90]])
        self.assertIsNone(shown[0][2], "a total of thirty beside thirty would tell two zeros")

    def test_an_empty_table_shows_nothing(self):
        self.assertEqual(hide_small([]), [[None]])

    def test_no_hidden_count_can_be_recomputed(self):
        """Random tables: every hidden count has at least two values that agree with all that is shown."""
        chance = random.Random(20260310)
        hidden_seen = 0
        for _round in range(400):
            height, width = chance.choice([(1, 2), (1, 3), (2, 2), (2, 2), (3, 1), (4, 1), (2, 3), (3, 2)])
            table = [[chance.choice([0, 0, 1, 2, 3, 4, 5, 6, 9, 12]) for _j in range(width)] for _i in range(height)]
            shown = hide_small(table)
            for seen_row, row in zip(shown, with_totals(table), strict=True):
                for seen, value in zip(seen_row, row, strict=True):
                    self.assertIn(seen, (None, value))
                    self.assertFalse(seen is not None and value < THRESHOLD, table)
            for place, values in possible_values(table, shown, reach=1).items():
                hidden_seen += 1
                self.assertGreater(len(values), 1, (table, shown, place))
        self.assertGreater(hidden_seen, 1000)

    def test_large_tables_end(self):
        chance = random.Random(3)
        for _round in range(20):
            table = [[chance.choice([0, 1, 4, 5, 7, 40]) for _j in range(3)] for _i in range(40)]
            shown = hide_small(table)
            self.assertTrue(any(value is not None for row in shown for value in row))
