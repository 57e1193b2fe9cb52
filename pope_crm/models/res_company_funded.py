from collections import defaultdict

from odoo import models


class ResCompany(models.Model):
    """What the books of a company charge to its funding files: analytic lines of posted entries, or lines of imported
    books charged by share."""

    _inherit = "res.company"

    def _pope_funded_months(self, source, date_from, date_to, fundings=None, codes=None):
        """Debit less credit of what is charged to funding files, of the books that tell the period.

        :param source: what `_pope_source` tells
        :param fundings: these files only; all of the company when None
        :param codes: these accounts only; all when None
        :return: (dict funding → code → first day of the month → balance, dict code → {id, name, is_result})
        """
        read = self._pope_funded_books if source["kind"] == "books" else self._pope_funded_items
        months, accounts = defaultdict(lambda: defaultdict(lambda: defaultdict(float))), {}
        for funding, code, month, balance, account in read(source, date_from, date_to, fundings, codes):
            months[funding][code][month] += balance
            accounts[code] = account
        return months, accounts

    def _pope_funded_domain(self, date_from, date_to, column, fundings):
        """Analytic lines that count for these files: of posted entries of this company."""
        return [
            (column, "in", fundings.analytic_account_id.ids),
            ("company_id", "=", self.id),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
            # those that somebody typed without an entry are in no account
            ("move_line_id.parent_state", "=", "posted"),
        ]

    def _pope_charged_fundings(self, fundings=None):
        """Files of the company that entries are charged to, by the column of their analytic plan."""
        # sudo: people of the pole read totals by file, never an entry
        Funding = self.env["pope.funding"].sudo()
        if fundings is None:
            fundings = Funding.search([("company_id", "=", self.id), ("analytic_account_id", "!=", False)])
        return {
            plan._column_name(): own
            for plan, own in fundings.sudo().grouped(lambda file: file.analytic_account_id.root_plan_id).items()
            if plan
        }

    def _pope_funded_items(self, _source, date_from, date_to, fundings, codes):
        # sudo: totals by file, as above; account codes are those of this company
        Line = self.env["account.analytic.line"].sudo().with_company(self)
        for column, files in self._pope_charged_fundings(fundings).items():
            by_account = {file.analytic_account_id: file.sudo(False) for file in files}
            domain = self._pope_funded_domain(date_from, date_to, column, files)
            if codes is not None:
                domain.append(("general_account_id", "in", self._pope_account_ids(codes)))
            for spread, account, month, amount in Line._read_group(
                domain, [column, "general_account_id", "date:month"], ["amount:sum"]
            ):
                facts = {
                    "id": account.id,
                    "name": account.name,
                    "is_result": account.internal_group in ("income", "expense"),
                }
                # an analytic line says credit less debit
                yield by_account[spread], account.code or account.name, month, -amount, facts

    def _pope_account_ids(self, codes):
        # sudo: charts are for accountants to read; these ids only restrict what is added up
        accounts = self.env["account.account"].sudo().with_company(self).with_context(active_test=False)
        return accounts.search([*accounts._check_company_domain(self), ("code", "in", list(codes))]).ids

    def _pope_funded_books(self, source, date_from, date_to, fundings, codes):
        domain = [
            ("books_id", "in", [book["id"] for book in source["books"]]),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
        ]
        if fundings is not None:
            domain.append(("funding_id", "in", fundings.ids))
        if codes is not None:
            domain.append(("line_id.account_code", "in", list(codes)))
        # sudo: totals by file, as above
        Charge = self.env["pope.books.charge"].sudo()
        for funding, code, month, amount, name in Charge._read_group(
            domain, ["funding_id", "account_code", "date:month"], ["amount:sum", "account_name:max"]
        ):
            yield funding.sudo(False), code, month, amount, {"id": False, "name": name or "", "is_result": False}
