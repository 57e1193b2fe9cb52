from itertools import pairwise

from odoo import api, models
from odoo.tools import format_date, formatLang

from .pope_funding import WON

ORDER = ("advance", "interim", "balance")


class Funding(models.Model):
    """What an award tells at its place: amounts that do not add up, days out of order, money that is too much."""

    _inherit = "pope.funding"

    @api.depends("instalment_ids.date_expected", "amount_over")
    def _compute_missing_note(self):
        return super()._compute_missing_note()

    @api.depends(
        *("instalment_ids.amount", "instalment_ids.date_expected", "instalment_ids.kind", "instalment_ids.state"),
        *("amount_received", "amount_over", "book_state", "condition_pending"),
    )
    def _compute_alert_note(self):
        return super()._compute_alert_note()

    def _missing(self):
        told = super()._missing()
        if self.state == "awarded" and self.amount_awarded and not self.scheme_id.without_money:
            awaited = self.instalment_ids.filtered(lambda row: row.state not in ("received", "cancelled"))
            if not self.instalment_ids:
                told.append(self.env._("When the funder pays: its instalments."))
            elif not all(awaited.mapped("date_expected")):
                told.append(self.env._("The day when each instalment is expected."))
        return told

    def _date_alerts(self, today):
        told, rows = super()._date_alerts(today), self._live_instalments()
        if self.date_decision and any(row.date_expected and row.date_expected < self.date_decision for row in rows):
            told.append(
                self.env._(
                    "An instalment is expected before the award, of %(day)s.",
                    day=format_date(self.env, self.date_decision),
                )
            )
        days = [
            [row.date_expected for row in rows if row.kind == kind and row.date_expected]
            for kind in ORDER
            if any(row.kind == kind and row.date_expected for row in rows)
        ]
        if any(max(first) > min(then) for first, then in pairwise(days)):
            told.append(self.env._("The instalments are out of order: advance, interim payments, then the balance."))
        return told

    def _amount_alerts(self):
        told, rows, currency = super()._amount_alerts(), self._live_instalments(), self.currency_id

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        planned = sum(rows.mapped("amount"))
        if rows and self.state in WON and currency.compare_amounts(planned, self.amount_awarded):
            told.append(
                self.env._(
                    "The instalments add up to %(planned)s, and %(awarded)s is awarded.",
                    planned=money(planned),
                    awarded=money(self.amount_awarded),
                )
            )
        cost = self.amount_eligible
        if cost and currency.compare_amounts(self.amount_received, cost) > 0:
            told.append(
                self.env._(
                    "%(received)s received, more than the eligible cost, %(cost)s: over 100 %%.",
                    received=money(self.amount_received),
                    cost=money(cost),
                )
            )
        for row in rows:
            if currency.compare_amounts(row.amount_received, row.amount) > 0:
                told.append(
                    self.env._(
                        "%(received)s received, and %(amount)s was expected: more than the instalment.",
                        received=money(row.amount_received),
                        amount=money(row.amount),
                    )
                )
        if not currency.is_zero(self.amount_over):
            told.append(
                self.env._(
                    "%(amount)s was paid too much: to be paid back, or for a later award.",
                    amount=money(self.amount_over),
                )
            )
        if self.state not in WON and self.book_state in ("draft", "posted"):
            told.append(
                self.env._("The award is in the books, and the file is not awarded any more: reverse the entry.")
            )
        return told

    def _live_instalments(self):
        return self.instalment_ids.filtered(lambda row: not row.date_cancelled)
