from odoo import models

from .pope_funding import WON


class FundingInstalment(models.Model):
    """What an instalment was on a day: money that came later had not come yet."""

    _inherit = "pope.funding.instalment"

    def _credits_on(self, day):
        """Reconciliations of the line of the award that were made with an entry of that day or before."""
        # sudo: sums of what funders paid, which the team reads; never the entries
        partials = self.sudo().move_line_id.matched_credit_ids
        return partials.filtered(lambda partial: partial.credit_move_id.date <= day)

    def _received_on(self, day):
        """Of money that is typed, all of it came on the last day that was typed."""
        self.ensure_one()
        if not self.makes_entry:
            return self.amount_typed if self.date_typed and self.date_typed <= day else 0.0
        return sum(partial.amount for partial in self._credits_on(day) if partial._pope_is_money())

    def _left_on(self, day):
        self.ensure_one()
        if self.date_cancelled and self.date_cancelled <= day:
            return 0.0
        credited = sum(partial.amount for partial in self._credits_on(day) if not partial._pope_is_money())
        return self.currency_id.round(max(self.amount - self._received_on(day) - credited, 0.0))


class PartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _pope_is_money(self):
        """Whether what pays is money of a bank or of the cash; any other credit is not."""
        return self.credit_move_id.journal_id.type in ("bank", "cash")


class Funding(models.Model):
    _inherit = "pope.funding"

    def _money_on(self, day):
        """What was awarded, received and left on a day; without instalments, all that is left is that of now.

        The funder had said yes when it decided, or when it paid first; a decision without a date is an old one.
        """
        self.ensure_one()
        rows = self.instalment_ids
        received = sum(row._received_on(day) for row in rows)
        decided = not self.date_decision or self.date_decision <= day or received
        if self.state not in WON or not decided:
            return {"awarded": 0.0, "received": 0.0, "left": 0.0}
        return {
            "awarded": self.amount_awarded,
            "received": self.currency_id.round(received),
            "left": self.currency_id.round(sum(row._left_on(day) for row in rows)) if rows else self.amount_left,
        }
