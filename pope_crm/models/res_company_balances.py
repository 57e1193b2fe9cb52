from datetime import timedelta
from typing import NamedTuple

from odoo import models

STATUSES = ("provisional", "closed", "approved")


class Balances(NamedTuple):
    """Debit less credit by account code and month, and where they come from."""

    source: dict  # what `_pope_source` tells
    months: dict  # code → first day of the month → balance
    accounts: dict  # code → {id (of journal items only), name, is_result}

    def by_code(self):
        return {code: sum(months.values()) for code, months in self.months.items()}


class ResCompany(models.Model):
    """Balances of a company, whatever its books: accepted books kept elsewhere where they cover the whole period, else
    posted journal items."""

    _inherit = "res.company"

    def _pope_items_domain(self, date_from, date_to):
        """Journal items that count: posted, of this company only."""
        return [
            ("company_id", "=", self.id),
            ("parent_state", "=", "posted"),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
        ]

    def _pope_source(self, date_from, date_to):
        """Which books tell a period.

        :return: plain data: kind (books or items), status and day of approval, id, name and kind of the books; `beside`
            counts the journal items that the books leave out, `partial` is True when some books tell a part only
        """
        self.ensure_one()
        # sudo: people of the pole read where totals come from, never a line
        books = (
            self.env["pope.books"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.id),
                    ("state", "=", "accepted"),
                    ("date_from", "<=", date_to),
                    ("date_to", ">=", date_from),
                ],
                order="date_from",
            )
        )
        # a trial balance tells its year as a whole, never a part of it
        telling = books.filtered(
            lambda book: book.source == "fec" or (book.date_from >= date_from and book.date_to <= date_to)
        )
        days = sum((min(book.date_to, date_to) - max(book.date_from, date_from)).days + 1 for book in telling)
        if days < (date_to - date_from).days + 1:
            status, approved = self._pope_year_status(date_from, date_to)
            return {
                "kind": "items",
                "status": status,
                "date_approved": approved,
                "books": [],
                "beside": 0,
                "partial": bool(books),
            }
        least = min(telling, key=lambda book: STATUSES.index(book.status))
        # sudo: how many they are, nothing of what they say
        beside = self.env["account.move.line"].sudo().search_count(self._pope_items_domain(date_from, date_to))
        return {
            "kind": "books",
            "status": least.status,
            "date_approved": least.date_approved and str(least.date_approved),
            "books": [{"id": book.id, "file": book.file_name or book.name, "source": book.source} for book in telling],
            "beside": beside,
            "partial": False,
        }

    def _pope_is_closed(self, day):
        """Whether nothing more is booked up to that day."""
        # sudo: a date that everybody of the pole may know
        company = self.sudo()
        return any(lock and lock >= day for lock in (company.fiscalyear_lock_date, company.hard_lock_date))

    def _pope_balances(self, date_from, date_to, funding=None):
        """Balances of a period, by account code and month; an account without a code in this company is keyed by its
        name.

        :param funding: only what is charged to this file
        """
        source = self._pope_source(date_from, date_to)
        if funding:
            months, accounts = self._pope_funded_months(source, date_from, date_to, funding)
            return Balances(source, months.get(funding, {}), accounts)
        if source["kind"] == "books":
            return Balances(source, *self._pope_books_balances(source, date_from, date_to))
        return Balances(source, *self._pope_items_balances(date_from, date_to))

    def _pope_balances_of(self, periods, funding=None):
        """Balances of a year and of the one before it: read at once where journal items tell both.

        :param periods: (first day, last day) of the year, then of the year before
        """
        (start, end), (before, last) = periods
        sources = [self._pope_source(*period) for period in periods]
        together = last + timedelta(days=1) == start and start.day == 1
        if funding or not together or any(source["kind"] == "books" for source in sources):
            return [self._pope_balances(*period, funding) for period in periods]
        months, accounts = self._pope_items_balances(before, end)
        told = []
        for source, is_of_year in zip(
            sources, (lambda month: month >= start, lambda month: month < start), strict=True
        ):
            own = {
                code: {month: balance for month, balance in by_month.items() if is_of_year(month)}
                for code, by_month in months.items()
            }
            told.append(Balances(source, {code: by_month for code, by_month in own.items() if by_month}, accounts))
        return told

    def _pope_items_balances(self, date_from, date_to):
        # sudo: people of the pole read totals by account without the rights of an accountant, never an entry; account
        # codes are those of this company, whatever the company at work
        Item = self.env["account.move.line"].sudo().with_company(self)
        groups = Item._read_group(
            self._pope_items_domain(date_from, date_to), ["account_id", "date:month"], ["balance:sum"]
        )
        months, accounts = {}, {}
        for account, month, balance in groups:
            code = account.code or account.name
            by_month = months.setdefault(code, {})
            by_month[month] = by_month.get(month, 0.0) + balance
            accounts[code] = {
                "id": account.id,
                "name": account.name,
                "is_result": account.internal_group in ("income", "expense"),
            }
        return months, accounts

    def _pope_books_domain(self, source, date_from, date_to):
        return [
            ("books_id", "in", [book["id"] for book in source["books"]]),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
        ]

    def _pope_books_balances(self, source, date_from, date_to):
        # sudo: totals by account, as above
        Line = self.env["pope.books.line"].sudo()
        groups = Line._read_group(
            self._pope_books_domain(source, date_from, date_to),
            ["account_code", "date:month"],
            ["balance:sum", "account_name:max"],
        )
        months, accounts = {}, {}
        for code, month, balance, name in groups:
            months.setdefault(code, {})[month] = balance
            accounts[code] = {"id": False, "name": name or "", "is_result": False}
        return months, accounts
