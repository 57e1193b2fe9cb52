from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..core import cash_plan
from ..core.cash_plan import CASH, NOT_CASH, Flow
from .account_move import ACCOUNTANTS


class ResCompany(models.Model):
    """The money that moved: of the books that tell each financial year, what stands against banks and cash."""

    _inherit = "res.company"

    def _pope_cash_plan(self, date_from=None):
        """Twelve months of cash, as plain data: see `pope.cash.plan`."""
        self.ensure_one()
        return self.env["pope.cash.plan"]._plan_of_company(self, date_from)

    def _pope_cash_actual(self, date_from, today):
        """What moved from a day on.

        :return: (flows, last day that the books tell, cash that day, sentences about it)
        """
        flows, told = [], []
        known, cash = self._pope_cash_known(today)
        for first, last in self._pope_cash_years(date_from, min(today, known)) if known else ():
            source = self._pope_source(first, last)
            if source["kind"] == "books":
                flows += self._pope_cash_books_flows(source, first, last)
                names = ", ".join(self._pope_cash_books_name(book) for book in source["books"])
            else:
                flows += self._pope_cash_items_flows(first, last)
                names = self.env._("entries of the pole")
            told.append(
                self.env._(
                    "%(start)s – %(end)s: %(told)s",
                    start=format_date(self.env, first),
                    end=format_date(self.env, last),
                    told=names,
                )
            )
        return flows, known, cash, told

    def _pope_cash_books_name(self, book):
        """A trial balance tells the cash of a year's end, and nothing of its months."""
        if book["source"] == "fec":
            return book["file"]
        return self.env._("%(name)s, which tells no month", name=book["file"])

    def _pope_cash_years(self, first, last):
        """A period cut at the closings, since each year has its own books."""
        while first <= last:
            closing = self.compute_fiscalyear_dates(first)["date_to"]
            yield first, min(closing, last)
            first = closing + timedelta(days=1)

    def _pope_cash_known(self, today):
        """The last day that something tells the cash of, and that cash.

        Books kept elsewhere or a bank statement, the later of the two, then what the pole's own entries moved since;
        those entries alone where there is neither.
        """
        told = [row for row in (self._pope_cash_told_by_books(today), self._pope_cash_typed()) if row]
        day, cash = max(told, key=lambda row: row[0], default=(None, 0.0))
        moved, last = self._pope_cash_items_balance(day, today)
        if not last or (not day and last < today - timedelta(days=365)):
            return day, cash
        return today, cash + moved

    def _pope_cash_typed(self):
        typed = self.env["pope.cash.forecast"].search(
            [("company_id", "=", self.id), ("lead_id", "=", False), ("kind", "=", "balance")],
            order="date desc, id desc",
            limit=1,
        )
        return (typed.date, typed.amount) if typed else None

    def _pope_cash_told_by_books(self, today):
        """The cash at the end of the last books; of a year under way, on the day of their last line."""
        # sudo: people of the pole read totals and where they come from, never a line
        books = (
            self.env["pope.books"]
            .sudo()
            .search(
                [("company_id", "=", self.id), ("state", "=", "accepted"), ("date_from", "<=", today)],
                order="date_to desc",
                limit=1,
            )
        )
        if not books or (books.date_to > today and books.source != "fec"):
            return None
        domain = [("books_id", "=", books.id), ("account_code", "=like", f"{CASH}%"), ("date", "<=", today)]
        # sudo: a total, as above
        Line = self.env["pope.books.line"].sudo()
        groups = Line._read_group(domain, ["account_code"], ["balance:sum", "date:max"])
        if not groups:
            return None
        cash = sum(balance for code, balance, _last in groups if not code.startswith(NOT_CASH))
        return (books.date_to if books.date_to <= today else max(last for *_rest, last in groups)), cash

    # --- Journal items ---

    def _pope_cash_accounts(self):
        # sudo: which accounts are cash, for totals
        accounts = self.env["account.account"].sudo().with_company(self).with_context(active_test=False)
        found = accounts.search([*accounts._check_company_domain(self), ("code", "=like", f"{CASH}%")])
        return found.filtered(lambda account: not account.code.startswith(NOT_CASH))

    def _pope_cash_accounts_of(self, kind):
        """Accounts whose money is of this kind."""
        # sudo: which accounts they are, for totals
        accounts = self.env["account.account"].sudo().with_company(self).with_context(active_test=False)
        found = accounts.search(accounts._check_company_domain(self))
        kinds = self.env["pope.cash.account"]._kinds_of({account.code or "" for account in found})
        return found.filtered(lambda account: kinds.get(account.code) == kind)

    def _pope_cash_items_balance(self, since, today):
        """What the pole's own entries say of cash: (all of it, or what moved since a day; the day of the last one)."""
        # sudo: a total, as above
        Item = self.env["account.move.line"].sudo().with_company(self)
        domain = Domain([("company_id", "=", self.id), ("parent_state", "=", "posted"), ("date", "<=", today)])
        domain &= Domain("account_id", "in", self._pope_cash_accounts().ids)
        if since:
            first = since + timedelta(days=1)
            opening = self._pope_cash_opening_moves(first, today)
            domain &= Domain("date", ">=", first) & Domain("move_id", "not in", opening)
        [(balance, last)] = Item._read_group(domain, [], ["balance:sum", "date:max"])
        return balance or 0.0, last

    def _pope_cash_opening_moves(self, first, last):
        """Ids of the entries that open the books of a year: cash against what earlier years left."""
        # sudo: entries left out of totals, never shown
        Item = self.env["account.move.line"].sudo().with_company(self)
        opens = Domain("account_id", "in", self._pope_cash_accounts_of("opening").ids)
        [(moves,)] = Item._read_group(self._pope_cash_moves_domain(first, last) & opens, [], ["move_id:array_agg"])
        return moves or []

    def _pope_cash_moves_domain(self, first, last):
        """Items of the entries that move cash."""
        cash = self._pope_cash_accounts()
        return Domain(self._pope_items_domain(first, last)) & Domain("move_id.line_ids.account_id", "in", cash.ids)

    def _pope_cash_items_domain(self, first, last):
        """What stands against cash; entries that open the books move no money."""
        against = Domain("account_id", "not in", self._pope_cash_accounts().ids)
        opening = self._pope_cash_opening_moves(first, last)
        return self._pope_cash_moves_domain(first, last) & against & Domain("move_id", "not in", opening)

    def _pope_cash_items_flows(self, first, last):
        domain = self._pope_cash_items_domain(first, last)
        # sudo: totals by account and month, never an entry
        Item = self.env["account.move.line"].sudo().with_company(self)
        groups = Item._read_group(domain, ["account_id", "partner_id", "date:month"], ["balance:sum"])
        kinds = self.env["pope.cash.account"]._kinds_of({account.code or "" for account, *_rest in groups})
        may_open = self.env.user.has_groups(ACCOUNTANTS)
        flows = []
        for account, partner, month, balance in groups:
            kind = cash_plan.sided(kinds.get(account.code or ""), -balance)
            part = {"label": self.env._("In the books: %(account)s", account=account.display_name)}
            if may_open:
                span = Domain("date", ">=", month) & Domain("date", "<", cash_plan.months_from(month, 2)[1])
                own = domain & span & Domain("account_id", "=", account.id) & Domain("partner_id", "=", partner.id)
                part |= {"model": "account.move.line", "domain": list(own)}
            label = partner.name if kind == "grant" else ""
            flows.append(Flow(kind, month, -balance, True, label or "", part))
        return flows + self._pope_cash_items_rents(domain & Domain("account_id.code", "=like", "401%"))

    def _pope_cash_items_rents(self, domain):
        """Of the bills that were paid, what is rent goes from purchases to rents."""
        # sudo: what paid bills were about, as totals by month
        Partial = self.env["account.partial.reconcile"].sudo()
        paid = self.env["account.move.line"].sudo().with_company(self).search(domain)
        partials = Partial.search([("debit_move_id", "in", paid.ids)])
        shares = self._pope_rent_shares(partials.credit_move_id.move_id)
        flows = []
        for partial in partials:
            line, bill = partial.debit_move_id, partial.credit_move_id.move_id
            if rent := self.currency_id.round(partial.amount * shares.get(bill, 0.0)):
                part, month = {"label": bill.name}, cash_plan.first_of(line.date)
                flows.append(Flow("rent", month, -rent, True, "", part))
                flows.append(Flow("purchase", month, rent, True, "", part))
        return flows

    def _pope_rent_shares(self, moves):
        """Of bills, the part that is rent: dict move → share."""
        # sudo: what a bill is about, for its row of the plan
        Item = self.env["account.move.line"].sudo().with_company(self)
        groups = Item._read_group(
            [("move_id", "in", moves.ids), ("display_type", "=", "product")], ["move_id", "account_id"], ["balance:sum"]
        )
        kinds = self.env["pope.cash.account"]._kinds_of({account.code or "" for _move, account, _balance in groups})
        whole, rent = defaultdict(float), defaultdict(float)
        for move, account, balance in groups:
            whole[move] += balance
            rent[move] += balance if kinds.get(account.code or "") == "rent" else 0.0
        return {move: rent[move] / whole[move] for move in whole if whole[move] and rent[move]}

    # --- Books kept elsewhere ---

    def _pope_cash_books_flows(self, source, first, last):
        """By entry, since an entry says what stands against cash; a trial balance has none, and tells no month."""
        # sudo: totals by account and month, never a line
        Line = self.env["pope.books.line"].sudo()
        domain = [*self._pope_books_domain(source, first, last), ("entry", "!=", False)]
        groups = Line._read_group(
            domain,
            ["books_id", "journal", "entry", "account_code", "partner_label", "date:month", "letter"],
            ["balance:sum"],
        )
        kinds = self.env["pope.cash.account"]._kinds_of({group[3] for group in groups})
        entries, opening = set(), set()
        for books, journal, entry, code, *_rest in groups:
            if code.startswith(CASH) and not code.startswith(NOT_CASH):
                entries.add((books, journal, entry))
            elif kinds.get(code) == "opening":
                opening.add((books, journal, entry))
        moved = entries - opening
        may_open = self.env["pope.books.line"].has_access("read")
        rents = self._pope_cash_books_rents(source)
        flows = []
        for books, journal, entry, code, partner, month, letter, balance in groups:
            is_cash = code.startswith(CASH) and not code.startswith(NOT_CASH)
            if (books, journal, entry) not in moved or is_cash or not balance:
                continue
            kind = cash_plan.sided(kinds.get(code), -balance)
            part = {"label": self.env._("In the books kept elsewhere: %(account)s", account=code)}
            if may_open:
                own = [("books_id", "=", books.id), ("journal", "=", journal), ("entry", "=", entry)]
                part |= {"model": "pope.books.line", "domain": own}
            label = partner if kind == "grant" else ""
            flow = Flow(kind, fields.Date.to_date(month), -balance, True, label or "", part)
            flows += self._pope_cash_split(flow, code, self._pope_cash_rent_share(rents, books, partner, letter))
        return flows
