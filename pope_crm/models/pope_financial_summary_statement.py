from odoo import models

from ..core import account_prefixes
from .pope_financial_summary import YEARS


class FinancialSummary(models.Model):
    """The statement of a summary: what the books of both years say, in the lines of the form, and its controls.

    Shared by the kinds that show one: `_statement_figures()`.
    """

    _inherit = "pope.financial.summary"

    def _statement_figures(self):
        """The statement as plain data: where it comes from, its lines, what no line takes, and its controls."""
        found = self._balances()
        balances, accounts = self._statement_balances(found)
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        rows, alone = self._rows(lines, balances)
        return {
            "sources": {year: books.source for year, books in found.items()},
            "rows": rows,
            "unmapped": [
                {"account_id": accounts[key]["id"], "code": key, "name": accounts[key]["name"]}
                | {year: self.currency_id.round(balances[year].get(key, 0.0)) for year in YEARS}
                for key in alone
            ],
            "controls": self._controls(rows, balances),
            "drafts": self._draft_entry_count(),
        }

    def _statement_balances(self, found):
        """Debit less credit of the accounts of charges, income and contributions in kind.

        :return: (dict year → dict code → balance, dict code → {id, name})
        """
        balances, accounts = {}, {}
        for year, books in found.items():
            balances[year] = {
                code: balance
                for code, balance in books.by_code().items()
                if code[:1] in "67" or code[:2] in ("86", "87") or books.accounts[code]["is_result"]
            }
            accounts |= {code: books.accounts[code] for code in balances[year]}
        return balances, accounts

    def _rows(self, lines, balances):
        """Amounts of the lines, both years, and the codes that no line takes."""
        taking = lines.filtered(lambda line: line.kind == "line" and line.prefixes)
        pairs = [(line, line.prefixes) for line in taking]
        signs = {line: line._sign() for line in taking}
        components = lines._components()
        amounts, alone = {}, set()
        for year in YEARS:
            totals, left = account_prefixes.totals(balances[year], pairs, signs)
            alone.update(code for code in left if not self.currency_id.is_zero(balances[year][code]))
            amounts[year] = {line: self.currency_id.round(amount) for line, amount in totals.items()}
            for kind in ("class", "total", "result"):
                for line in components:
                    if line.kind == kind:
                        plus, minus = components[line]
                        amounts[year][line] = self.currency_id.round(
                            sum(amounts[year].get(other, 0.0) for other in plus)
                            - sum(amounts[year].get(other, 0.0) for other in minus)
                        )
        rows = []
        for line, (plus, minus) in components.items():
            this_year, last_year = (amounts[year].get(line, 0.0) for year in YEARS)
            rows.append(
                {
                    "line_id": line.id,
                    "code": line.code,
                    "name": line.name,
                    "section": line.section,
                    "kind": line.kind,
                    "heading": line.kind != "line" or not line.parent_id,
                    "this_year": this_year,
                    "last_year": last_year,
                    "plus": plus.mapped("code"),
                    "minus": minus.mapped("code"),
                    "shown": bool(this_year or last_year or not line.hide_if_zero),
                    "missing": bool(line.is_missing_data and (this_year or last_year)),
                }
            )
        return rows, sorted(alone)

    def _controls(self, rows, balances):
        """Each total beside what the general ledger says of it."""
        by_code = {row["code"]: row for row in rows}
        controls = []
        for year in YEARS:
            for section, prefix, sign in (("expense", "6", 1), ("income", "7", -1)):
                row = next((row for row in rows if row["kind"] == "total" and row["section"] == section), None)
                ledger = self.currency_id.round(account_prefixes.under(balances[year], prefix, sign))
                statement = row[year] if row else 0.0
                controls.append(
                    {
                        "check": section,
                        "year": year,
                        "code": row["code"] if row else False,
                        "statement": statement,
                        "ledger": ledger,
                        "ok": self.currency_id.is_zero(statement - ledger),
                    }
                )
        uses, resources = (
            self.currency_id.round(account_prefixes.under(balances["this_year"], prefix, sign))
            for prefix, sign in (("86", 1), ("87", -1))
        )
        controls.append(
            {
                "check": "in_kind",
                "year": "this_year",
                "code": "k86" if "k86" in by_code else False,
                "statement": uses,
                "ledger": resources,
                "ok": self.currency_id.is_zero(uses - resources),
            }
        )
        return controls

    # --- Behind the figures ---

    def action_unmapped(self):
        """The journal items of the accounts that no line takes: of both years, where the same books tell them."""
        self.ensure_one()
        codes = [account["code"] for account in self._figures()["unmapped"]]
        kinds = {self.company_id._pope_source(*period)["kind"] for period in self._periods()}
        start = self.previous_from if len(kinds) == 1 else self.date_from
        return self._open_items(self.env._("Accounts without a line"), codes, start, self.date_to)

    def _account_codes_of(self, codes):
        """Codes of the accounts that the lines of these codes take, with those of the lines they add up."""
        rows = {row["code"]: row for row in self._figures()["rows"]}
        wanted, queue = set(), list(codes)
        while queue:
            code = queue.pop()
            if code not in wanted and code in rows:
                wanted.add(code)
                queue += rows[code]["plus"] + rows[code]["minus"]
        balances, _accounts = self._statement_balances(self._balances())
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        pairs = [(line.code, line.prefixes) for line in lines if line.kind == "line" and line.prefixes]
        owner, _alone = account_prefixes.attribute(balances["this_year"] | balances["last_year"], pairs)
        return [code for code, line in owner.items() if line in wanted]
