from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..core import account_prefixes
from .pope_financial_summary import YEARS

FAR = 0.1  # a variance above it asks for a comment
COLUMNS = (*YEARS, "budget")


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
        planned = self._planned_amounts()
        rows, alone = self._rows(lines, balances, self._funder_amounts(lines, found, balances), planned)
        compared = self._compare(rows, bool(planned))
        return {
            "compared": compared,
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

    def _owners(self, lines, codes):
        """Line of each account code, and the codes that no line takes."""
        taking = lines.filtered(lambda line: line.kind == "line" and line.prefixes)
        return account_prefixes.attribute(codes, [(line, line.prefixes) for line in taking])

    def _funder_moves(self, lines, codes):
        """Accounts that the lines share by funder: dict line of funders → codes whose files it takes."""
        owners, _alone = self._owners(lines, codes)
        return {
            line: [code for code, owner in owners.items() if line._takes_of_funder(code, owner)]
            for line in lines.filtered(lambda line: line.kind == "line" and line.funder_role_ids)
        }, owners

    def _lines_by_funder(self, lines):
        """Line of each kind of funder, by its code."""
        return lines._by_funder()

    def _funder_amounts(self, lines, found, balances):
        """What the kind of funder moves from the line of the account to that of the funder, in each year.

        :return: dict year → dict line → amount, which add up to zero
        """
        codes = {code for year in YEARS for code in balances[year]}
        moves, owners = self._funder_moves(lines, codes)
        shared = {code for taken in moves.values() for code in taken}
        by_kind, amounts = self._lines_by_funder(lines), {}
        for year, period in zip(YEARS, self._periods(), strict=True):
            amounts[year] = defaultdict(float)
            files = self.funding_id if self.scope == "funding" else None
            funded = shared and self.company_id._pope_funded_months(found[year].source, *period, files, shared)[0]
            for funding, months in (funded or {}).items():
                # sudo: who the funder is, which the summary tells
                line = by_kind.get(funding.sudo()._funder_kind())
                for code in set(months).intersection(moves.get(line, ())):
                    amount = -sum(months[code].values())
                    amounts[year][line] += amount
                    amounts[year][owners[code]] -= amount
        return amounts

    def _budgets(self):
        """The budget of the period, or of the file."""
        if self.scope == "company":
            period = (self.date_from, self.date_to)
            domain = [("date_from", "=", period[0]), ("date_to", "=", period[1])]
            return self.company_id._pope_year_budgets(domain).get(period, self.env["pope.budget"])
        return self.funding_id.budget_ids

    def _planned_amounts(self):
        """The budget of the period: dict code of a line → amount; empty without one."""
        if self.scope == "company":
            return self.company_id._pope_budget_amounts(self.date_from, self.date_to)
        amounts = defaultdict(float)
        for line in self.funding_id.budget_ids.line_ids:
            amounts[line.code] += line.amount
        return amounts

    def _rows(self, lines, balances, moved, planned):
        """Amounts of the lines, both years and budget, and the codes that no line takes."""
        taking = lines.filtered(lambda line: line.kind == "line" and line.prefixes)
        pairs = [(line, line.prefixes) for line in taking]
        signs = {line: line._sign() for line in taking}
        components = lines._components()
        amounts, alone = {}, set()
        for year in YEARS:
            totals, left = account_prefixes.totals(balances[year], pairs, signs)
            alone.update(code for code in left if not self.currency_id.is_zero(balances[year][code]))
            told = moved[year]
            amounts[year] = {
                line: self.currency_id.round(totals.get(line, 0.0) + told.get(line, 0.0))
                for line in lines
                if line in totals or line in told
            }
        amounts["budget"] = {line: self.currency_id.round(planned.get(line.code, 0.0)) for line in components}
        for column in COLUMNS:
            self._add_up(components, amounts[column])
        return [self._row(line, amounts, *components[line]) for line in components], sorted(alone)

    def _add_up(self, components, amounts):
        """Totals of one column, on top of what is written on them."""
        for kind in ("class", "total", "result"):
            for line, (plus, minus) in components.items():
                if line.kind == kind and (plus or minus):
                    added = sum(amounts.get(other, 0.0) for other in plus)
                    amounts[line] = self.currency_id.round(added - sum(amounts.get(other, 0.0) for other in minus))

    def _row(self, line, amounts, plus, minus):
        """One line of the statement, as plain data."""
        this_year, last_year, budget = (amounts[column].get(line, 0.0) for column in COLUMNS)
        used = bool(this_year or last_year or budget)
        return {
            "line_id": line.id,
            "code": line.code,
            "account": self._account_words(line),
            "name": line.name,
            "section": line.section,
            "kind": line.kind,
            "heading": line.kind != "line" or not line.parent_id,
            "this_year": this_year,
            "last_year": last_year,
            "budget": budget,
            "plus": plus.mapped("code"),
            "minus": minus.mapped("code"),
            "shown": bool(used or not line.hide_if_zero),
            "missing": bool(line.is_missing_data and (this_year or last_year)),
        }

    def _account_words(self, line):
        """The accounts of a line as a funder reads them; the digits of its code when the funder tells it."""
        return line.prefixes or "".join(filter(str.isdigit, line.code.split("_")[0]))

    def _compare(self, rows, has_budget):
        """Tell each row how far it is from the budget, from last year without one, and whether that asks for a comment.

        Asked where a funder reads it, by two-digit account: totals follow, details explain.

        :return: what rows are compared with: budget, last_year, or False when there is nothing to compare with
        """
        told = any(row["last_year"] for row in rows)
        compared = "budget" if has_budget else "last_year"
        far = self._asks_comments() and (has_budget or told)
        for row in rows:
            other = row[compared]
            row["variance"] = self.currency_id.round(row["this_year"] - other)
            row["rate"] = row["variance"] / abs(other) if other else None
            beyond = self.currency_id.compare_amounts(abs(row["variance"]), abs(other) * FAR) > 0
            row["asked"] = bool(far and beyond and row["heading"] and row["kind"] in ("line", "class"))
        return compared if has_budget or told else False

    def _asks_comments(self):
        """Whether a summary of this kind explains its variances. Each kind has its own rule."""
        return False

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
        for year in YEARS:
            row = by_code.get("result")
            ledger = -self.currency_id.round(sum(account_prefixes.under(balances[year], prefix) for prefix in "67"))
            statement = row[year] if row else 0.0
            controls.append(
                {
                    "check": "result",
                    "year": year,
                    "code": "result",
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

    def _lines_of(self, codes):
        """Codes of the lines of these codes, with those of the lines they add up."""
        rows = {row["code"]: row for row in self._figures()["rows"]}
        wanted, queue = set(), list(codes)
        while queue:
            code = queue.pop()
            if code not in wanted and code in rows:
                wanted.add(code)
                queue += rows[code]["plus"] + rows[code]["minus"]
        return wanted

    def _behind(self, codes):
        """What is behind the lines of these codes.

        :return: (codes of the accounts they take, dict of what their funders add to them or take away: `more` and
            `less`, each a list of (account codes, fundings))
        """
        wanted = self._lines_of(codes)
        balances, _accounts = self._statement_balances(self._balances())
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        moves, owners = self._funder_moves(lines, balances["this_year"] | balances["last_year"])
        by_funder = {"more": [], "less": []}
        fundings = self._fundings_by_line(lines) if moves else {}
        for line, taken in moves.items():
            if taken and fundings.get(line):
                by_funder["more" if line.code in wanted else "less"].append((taken, fundings[line]))
        return [code for code, line in owners.items() if line.code in wanted], by_funder

    def _fundings_by_line(self, lines):
        """Files of the pole by the line of the kind of their funder."""
        by_kind = self._lines_by_funder(lines)
        # sudo: who the funders are, which the summary tells
        Funding = self.env["pope.funding"].sudo()
        ours = [("company_id", "=", self.company_id.id), ("beneficiary", "=", "pole")]
        files = self.funding_id.sudo() if self.scope == "funding" else Funding.search(ours)
        return files.grouped(lambda file: by_kind.get(file._funder_kind(), lines.browse()))

    def _items_behind(self, codes, by_funder, period):
        """Journal items behind accounts and funders: an item that is charged in part is behind both."""
        # an account without a code in this company is known by its name
        accounts = self.company_id._pope_items_balances(*period)[1]
        domain = Domain("account_id", "in", [accounts[code]["id"] for code in codes if code in accounts])
        for taken, fundings in by_funder["less"]:
            whole = self._items_charged(taken, fundings, period, whole=True)
            domain &= Domain("id", "not in", whole)
        for taken, fundings in by_funder["more"]:
            domain |= Domain("id", "in", self._items_charged(taken, fundings, period))
        return domain

    def _items_charged(self, codes, fundings, period, whole=False):
        """Journal items of these accounts that are charged to these files, or to nothing else."""
        found = {}
        for column, files in self.company_id._pope_charged_fundings(fundings).items():
            # sudo: ids that restrict what is opened, which the reader's own rights decide
            Line = self.env["account.analytic.line"].sudo()
            domain = [
                *self.company_id._pope_funded_domain(*period, column, files),
                ("general_account_id", "in", self.company_id._pope_account_ids(codes)),
            ]
            for item, amount in Line._read_group(domain, ["move_line_id"], ["amount:sum"]):
                found[item] = found.get(item, 0.0) + amount
        if whole:
            return [item.id for item, amount in found.items() if self.currency_id.is_zero(item.balance + amount)]
        return [item.id for item in found]

    def _books_lines_behind(self, codes, by_funder):
        """The same of imported books."""
        domain = Domain("account_code", "in", codes)
        for taken, fundings in by_funder["less"]:
            whole = Domain("funding_id", "in", fundings.ids) & Domain("share", ">=", 1)
            domain &= ~(Domain("account_code", "in", taken) & Domain("charge_ids", "any", whole))
        for taken, fundings in by_funder["more"]:
            charged = Domain("charge_ids", "any", Domain("funding_id", "in", fundings.ids))
            domain |= Domain("account_code", "in", taken) & charged
        return domain
