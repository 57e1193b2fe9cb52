"""From the funder's letter to the books: instalments, suspensive condition, one entry, and who may make it."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .test_members import MemberCase


class GrantCase(MemberCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complete_chart()
        cls.funder = cls.env["res.partner"].create(
            {
                "name": "Région des Vallées",
                "is_company": True,
                "pope_role_ids": [Command.set(cls.env.ref("pope_crm.role_region").ids)],
            }
        )
        cls.day = cls.today()

    def funding(self, user=None, **values):
        """A file of the pole, filed some time ago."""
        return self.own("pope.funding", user or self.user_pope).create(
            {
                "name": "Crèche des Vallées",
                "partner_id": self.funder.id,
                "state": "filed",
                "nature": "project",
                **values,
            }
        )

    def awarded(self, *amounts, user=None, **values):
        """A file of the pole that was awarded in instalments of these amounts, a month after each other."""
        rows = [
            Command.create({"amount": amount, "date_expected": self.day + timedelta(days=30 * number)})
            for number, amount in enumerate(amounts)
        ]
        values = {"state": "awarded", "amount_awarded": sum(amounts), "instalment_ids": rows, **values}
        return self.funding(user, **values)

    def booked(self, *amounts, post=True, **values):
        """The same, in the books."""
        funding = self.awarded(*amounts, user=self.accountant, **values)
        move = funding._book_award(self.day)
        if post:
            move.action_post()
        return funding


@tagged("post_install", "-at_install")
class TestAward(GrantCase):
    def test_an_award_is_one_balanced_entry_with_a_line_an_instalment(self):
        funding = self.awarded(6000, 4000, user=self.accountant)
        self.assertEqual(funding.book_state, "to_book")
        move = funding._book_award(self.day)
        self.assertEqual((move.state, move.date, move.journal_id.type), ("draft", self.day, "general"))
        self.assertEqual(funding.award_move_ids, move)
        lines = move.line_ids.sorted("id")
        self.assertEqual(lines.mapped("balance"), [6000, 4000, -10000])
        self.assertEqual([line.account_id.code[:4] for line in lines], ["4417", "4417", "7412"])
        self.assertEqual(lines.partner_id, self.funder)
        self.assertEqual(lines[:2].mapped("date_maturity"), funding.instalment_ids.mapped("date_expected"))
        self.assertEqual(funding.instalment_ids.move_line_id, lines[:2])
        self.assertEqual((funding.book_state, sum(move.line_ids.mapped("balance"))), ("draft", 0))
        self.assertFalse(funding._book_award(self.day), "twice is once")
        move.action_post()
        self.assertEqual(funding.book_state, "posted")
