from datetime import date, timedelta

from odoo import api, models

from ..core import account_prefixes
from .pope_summary_line import BALANCE


class ResCompany(models.Model):
    """The simplified balance sheet of a company on a day, whatever its books."""

    _inherit = "res.company"

    def _pope_balance_sheet(self, day):
        """What the company owns and owes when a day ends, in the lines of the simplified balance sheet.

        :return: plain data: source, rows (line_id, code, name, section, kind, amount, plus), codes (code of a line → of
            its accounts), alone (accounts that no line takes) and gap (assets less liabilities: not zero with such
            accounts, and where imported books open without their balances)
        """
        self.ensure_one()
        start = self.compute_fiscalyear_dates(day)["date_from"]
        source = self._pope_source(start, day)
        if source["kind"] == "books":
            year, former = self._pope_books_balances(source, start, day)[0], {}
        else:
            year, former = (self._pope_items_balances(*period)[0] for period in self._sheet_periods(start, day))
        now = {code: sum(months.values()) for code, months in year.items()}
        before = {code: sum(months.values()) for code, months in former.items()}
        lines = self.env["pope.summary.line"]._valid_on(day, BALANCE)
        amounts, owned, alone = self._sheet_amounts(lines, self._sheet_balances(now, before))
        amounts |= self._sheet_results(lines, now, before)
        rows = self._sheet_rows(lines, amounts)
        totals = {row["section"]: row["amount"] for row in rows if row["kind"] == "total"}
        gap = self.currency_id.round(totals.get("asset", 0.0) - totals.get("liability", 0.0))
        return {"source": source, "rows": rows, "codes": owned, "alone": alone, "gap": gap}

    @api.model
    def _sheet_periods(self, start, day):
        """The year so far, and all that was booked before it."""
        return (start, day), (date.min, start - timedelta(days=1))

    @api.model
    def _sheet_balances(self, now, before):
        """What stands in the accounts of the balance sheet: all but charges, income and contributions in kind."""
        balances = dict(now)
        for code, amount in before.items():
            balances[code] = balances.get(code, 0.0) + amount
        return {code: amount for code, amount in balances.items() if not code.startswith(("6", "7", "8"))}

    def _sheet_amounts(self, lines, balances):
        """Amount of each line of accounts, the accounts that it takes, and those that no line takes."""
        # third parties and banks are owed money or owe it, by what the account says
        owing = {code for code, amount in balances.items() if code.startswith(("4", "5")) and amount < 0}
        owing |= {code for code in balances if not code.startswith(("2", "3", "4", "5"))}
        amounts, owned, without = {}, {}, []
        for section, codes in (("asset", balances.keys() - owing), ("liability", owing)):
            taking = lines.filtered(lambda line, section=section: line.section == section and line.prefixes)
            owners, alone = account_prefixes.attribute(codes, [(line, line.prefixes) for line in taking])
            without += [code for code in alone if not self.currency_id.is_zero(balances[code])]
            for code, line in owners.items():
                amounts[line] = amounts.get(line, 0.0) + line._sign() * balances[code]
                owned.setdefault(line.code, []).append(code)
        return amounts, {code: sorted(codes) for code, codes in owned.items()}, sorted(without)

    def _sheet_results(self, lines, now, before):
        """Income less charges, of the year so far and of those before it that nobody allocated."""
        told = {"result_year": now, "result_former": before}
        return {
            line: sum(account_prefixes.under(told[line.kind], prefix, -1) for prefix in "67")
            for line in lines
            if line.kind in told
        }

    def _sheet_rows(self, lines, amounts):
        components = lines._components()
        rows = []
        for line in lines:
            plus = components[line][0]
            amount = sum(amounts.get(other, 0.0) for other in plus) if plus else amounts.get(line, 0.0)
            rows.append(
                {
                    "line_id": line.id,
                    "code": line.code,
                    "name": line.name,
                    "section": line.section,
                    "kind": line.kind,
                    "amount": self.currency_id.round(amount),
                    "plus": plus.mapped("code"),
                }
            )
        return rows
