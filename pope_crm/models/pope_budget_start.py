from odoo import models
from odoo.tools import formatLang

from ..core import account_prefixes


class Budget(models.Model):
    """Where the amounts of a budget begin: last year's books, another budget, a template."""

    _inherit = "pope.budget"

    def _replace_lines(self, values):
        """These lines, and the other lines of the form with nothing on them."""
        self.ensure_one()
        given = {line["line_id"] for line in values}
        blank = [{"line_id": line.id} for line in self._blank_lines(self.kind) if line.id not in given]
        self.line_ids.unlink()
        self.env["pope.budget.line"].create([{"budget_id": self.id, **line} for line in (*values, *blank)])

    def _start_from_actuals(self, date_from, date_to, rise=0.0):
        """What the books of the pole say of a period, more or less so many percent, in whole euros."""
        balances = {
            code: balance
            for code, balance in self.company_id._pope_balances(date_from, date_to).by_code().items()
            if code[:1] in "67" or code[:2] in ("86", "87")
        }
        lines = self.env["pope.summary.line"]._valid_on(date_to).filtered(lambda line: line._is_written())
        totals, _alone = account_prefixes.totals(
            balances,
            [(line, line.prefixes) for line in lines if line.kind == "line" and line.prefixes],
            {line: line._sign() for line in lines},
        )
        year = self.env["pope.financial.summary"]._year_label(date_from, date_to)
        self._replace_lines(
            [
                {
                    "line_id": line.id,
                    # a line that the books have turned over is told, and planned at nothing
                    "amount": max(0, round(amount * (1 + rise / 100))),
                    "note": self.env._(
                        "%(year)s: %(amount)s",
                        year=year,
                        amount=formatLang(self.env, amount, currency_obj=self.currency_id),
                    ),
                }
                for line, amount in totals.items()
                if not self.currency_id.is_zero(amount)
            ]
        )

    def _start_from_budget(self, other, rise=0.0):
        """The lines of another budget that this one may have; its first amount where the columns differ."""
        own, theirs = self._columns(), other._columns()
        allowed = other.line_ids.filtered(
            lambda line: (
                (line.section in ("need", "resource")) == (self.kind == "plan")
                and (self.kind == "funding" or line.line_id.kind != "key")
            )
        )

        def raised(amount):
            return round(amount * (1 + rise / 100)) if rise else amount

        self._replace_lines(
            [
                {
                    "line_id": line.line_id.id,
                    "note": line.note,
                    "is_monthly": line.is_monthly,
                    **{column: raised(line[column if column in theirs else theirs[0]]) for column in own},
                }
                for line in allowed
            ]
        )

    def _start_from_template(self, template):
        self._replace_lines(template.line_ids._budget_values(self._columns()))
        if template.note and not self.notes:
            self.notes = template.note
