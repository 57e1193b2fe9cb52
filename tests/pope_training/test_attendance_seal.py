"""The arithmetic of the seals: whatever is changed in the past is found, and named."""

from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.pope_training.core import attendance_seal
from odoo.addons.pope_training.core.attendance_seal import Row, Seal

NOON = datetime(2026, 3, 10, 12, 0)


@tagged("post_install", "-at_install")
class TestAttendanceSeal(BaseCase):
    def setUp(self):
        super().setUp()
        self.rows, self.seals, former = {}, [], attendance_seal.FIRST
        for number in (1, 2):
            moment = NOON + timedelta(days=number)
            rows = [self.row(10 * number + place, number, moment) for place in range(3)]
            lines = [(row.id, row.stored, row.label) for row in rows]
            stored = attendance_seal.seal_hash(former, lines)
            self.seals.append(Seal(number, number, moment, former, lines, stored, {row.id for row in rows}))
            former = stored
            self.rows.update({row.id: row for row in rows})

    def row(self, number, group, moment, name=""):
        content = attendance_seal.row_hash({"id": number, "name": name})
        return Row(number, f"Personne {number}", group, moment, content, content)

    def found(self):
        return attendance_seal.check(list(self.rows.values()), self.seals)

    def told(self):
        return [(fault.kind, fault.label, fault.seal) for fault in self.found()]

    def test_what_was_left_alone_has_no_fault(self):
        self.assertEqual(self.told(), [])

    def test_a_changed_row_is_named_even_with_a_new_hash(self):
        other = attendance_seal.row_hash({"id": 11, "name": "x"})
        self.rows[11] = self.rows[11]._replace(computed=other)
        self.assertEqual(self.told(), [("changed", "Personne 11", 1)])
        self.rows[11] = self.rows[11]._replace(stored=other)
        self.assertEqual(self.told(), [("changed", "Personne 11", 1)])

    def test_a_deleted_row_is_named(self):
        del self.rows[20]
        self.assertEqual(self.told(), [("deleted", "Personne 20", 2)])

    def test_a_row_deleted_with_its_line_breaks_the_seal_and_what_follows(self):
        del self.rows[11]
        first = self.seals[0]
        lines = [line for line in first.lines if line[0] != 11]
        self.seals[0] = first._replace(lines=lines, linked={10, 12})
        self.assertEqual(self.told(), [("seal", "", 1)])
        self.seals[0] = self.seals[0]._replace(stored=attendance_seal.seal_hash(first.former, lines))
        self.assertEqual(self.told(), [("chain", "", 2)])

    def test_a_row_put_under_a_seal_is_named(self):
        self.rows[13] = self.row(13, 1, NOON)
        self.seals[0] = self.seals[0]._replace(linked={10, 11, 12, 13})
        self.assertEqual(self.told(), [("inserted", "Personne 13", 1)])

    def test_a_row_dated_before_the_seal_of_its_half_day_is_named(self):
        self.rows[30] = self.row(30, 1, NOON)
        self.assertEqual(self.told(), [("inserted", "Personne 30", 1)])

    def test_a_row_that_came_after_the_seal_waits_for_the_next_one(self):
        self.rows[30] = self.row(30, 1, NOON + timedelta(days=3))
        self.assertEqual(self.told(), [])

    def test_rows_in_another_order_are_named(self):
        first = self.seals[0]
        self.seals[0] = first._replace(lines=[first.lines[1], first.lines[0], first.lines[2]])
        self.assertEqual(self.told(), [("reordered", "Personne 11", 1), ("reordered", "Personne 10", 1)])

    def test_a_seal_taken_away_is_told_by_the_next_one(self):
        del self.seals[0]
        self.assertIn(("chain", "", 2), self.told())

    def test_the_order_of_what_is_hashed_does_not_count(self):
        self.assertEqual(
            attendance_seal.row_hash({"a": "é", "b": None}), attendance_seal.row_hash({"b": None, "a": "é"})
        )
