from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import models


class ResCompany(models.Model):
    """What the pole's own budgets plan, for summaries and for the cash plan.

    The budget of a year is the last one voted, else the last draft. Those of files and of projects are no part of it.
    """

    _inherit = "res.company"

    def _pope_year_budgets(self, domain):
        """The budget that counts for each year: dict (first day, last day) → budget."""
        self.ensure_one()
        budgets = self.env["pope.budget"].search([("kind", "=", "year"), ("company_id", "=", self.id), *domain])
        ranked = budgets.sorted(
            lambda budget: (budget.state == "voted", str(budget.date_voted or ""), budget.version, budget.id)
        )
        return {(budget.date_from, budget.date_to): budget for budget in ranked}

    def _pope_budget_amounts(self, date_from, date_to):
        """What the budget of that very year plans: dict code of a summary line → amount; empty without one."""
        budget = self._pope_year_budgets([("date_from", "=", date_from), ("date_to", "=", date_to)])
        amounts = defaultdict(float)
        for line in budget[date_from, date_to].line_ids if budget else ():
            amounts[line.code] += line.amount
        return {code: self.currency_id.round(amount) for code, amount in amounts.items()}

    def _pope_budget_months(self, date_from, date_to):
        """What the lines spread by month plan for each month that begins between two days.

        :return: dict summary line → dict first day of the month → amount; the months of a year add up to it
        """
        months = defaultdict(dict)
        budgets = self._pope_year_budgets([("date_from", "<=", date_to), ("date_to", ">=", date_from)])
        for (first, last), budget in budgets.items():
            amounts = defaultdict(float)
            for line in budget.line_ids.filtered("is_monthly"):
                amounts[line.line_id] += line.amount
            days = [first.replace(day=1)]
            while days[-1] + relativedelta(months=1) <= last:
                days.append(days[-1] + relativedelta(months=1))
            for line, amount in amounts.items():
                for day, share in zip(days, self._pope_month_shares(amount, len(days)), strict=True):
                    if date_from <= day <= date_to:
                        months[line][day] = share
        return dict(months)

    def _pope_month_shares(self, amount, count):
        """Equal months; the last one takes what rounding leaves."""
        share = self.currency_id.round(amount / count)
        return [*[share] * (count - 1), self.currency_id.round(amount - share * (count - 1))]
