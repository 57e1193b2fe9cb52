import unittest

from odoo.addons.pope_crm.core import page_limit
from odoo.addons.pope_crm.core.page_limit import PageLimit


class TestPageLimit(unittest.TestCase):
    def test_a_link_waits_until_its_time_is_over(self):
        limit = PageLimit(3, 60)
        for second in (0, 10, 20):
            self.assertFalse(limit.is_over("one", second))
            limit.note("one", second)
        self.assertTrue(limit.is_over("one", 59))
        self.assertFalse(limit.is_over("other", 59))
        self.assertFalse(limit.is_over("one", 60))
        limit.note("one", 61)
        self.assertFalse(limit.is_over("one", 62))

    def test_what_is_remembered_does_not_grow_for_ever(self):
        limit = PageLimit(1, 60)
        for number in range(page_limit.MOST_LINKS + 10):
            limit.note(number, 1)
        self.assertLessEqual(len(limit._openings), page_limit.MOST_LINKS)
        self.assertTrue(limit.is_over(page_limit.MOST_LINKS + 9, 2), "the last ones are kept")
        for number in range(page_limit.MOST_LINKS):
            limit.note(-number, 100)
        self.assertLessEqual(len(limit._openings), page_limit.MOST_LINKS)
