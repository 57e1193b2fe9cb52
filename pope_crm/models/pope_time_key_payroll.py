from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import float_compare, float_round, formatLang

from ..core import person_names
from .pope_time_key import PAYROLL_ACCOUNTS, percent

GROSS_ACCOUNT = "641"  # pay; the other accounts of the payroll are what is due on it
DIGITS = 2  # of a percentage in Odoo's analytic distribution


class Pay(NamedTuple):
    """A line of the payroll, whichever books tell it."""

    line: models.BaseModel  # a journal item, or a line of imported books
    date: date
    code: str
    balance: float
    employee: models.BaseModel  # empty for a line in nobody's name

    def is_gross(self):
        return self.code.startswith(GROSS_ACCOUNT)


class TimeKey(models.Model):
    """What the keys make of the payroll: a share of each line for each file."""

    _inherit = "pope.time.key"

    @api.model
    @api.private
    def _proposals(self, company, date_from, date_to):
        """What the keys say of the payroll, where the books do not say it yet.

        A line in the name of an employee follows their key. A line for everybody follows the yearly pay typed on the
        keys: a twelfth for each month since the entry before it, over the whole of the entry.

        :return: (list of dict line, keys, computation, wanted and now: file → percentage), (sentences on what is left
            out)
        """
        start = date_from.replace(month=1, day=1)
        valid = self._valid_keys(company, start.year, date_to.year)
        pays, told = self._payroll(company, start, date_to, valid)
        chosen, sentences = self._split_closed(company, [pay for pay in pays if pay.date >= date_from])
        told += sentences
        proposals, sentences = self._named_proposals([pay for pay in pays if pay.employee and pay in chosen], valid)
        told += sentences
        for field in ("gross", "charges"):
            of_kind = [pay for pay in pays if pay.is_gross() == (field == "gross")]
            shared, sentences = self._shared_proposals(
                field,
                [pay for pay in of_kind if not pay.employee],
                [pay for pay in of_kind if pay.employee],
                chosen,
                valid,
            )
            proposals += shared
            told += sentences
        told += self._without_account(proposals)
        return self._only_changes(company, proposals), told

    def _split_closed(self, company, pays):
        """The lines of open days, and what is told of the others: figures of closed books stay as they were sent."""
        closed = {
            pay
            for pay in pays
            if pay.line._name == "account.move.line"
            and company._get_violated_lock_dates(pay.date, False, pay.line.journal_id)
        }
        told = []
        if closed:
            told.append(self.env._("Lines of closed periods, left as they are: %(count)s.", count=str(len(closed))))
        return {pay for pay in pays if pay not in closed}, told

    # --- The payroll, of Odoo's entries and of imported books ---

    def _payroll(self, company, date_from, date_to, valid):
        """(lines of the payroll by date, sentences). The days that imported books tell are theirs alone."""
        role = self.env.ref("pope_crm.role_employee", raise_if_not_found=False)
        employees = self.env["res.partner"].union(*(partner for keys in valid.values() for partner in keys))
        if role:
            employees |= employees.search([("pope_role_ids", "in", role.ids)])
        books, told = self._telling_books(company, date_from, date_to), []
        pays = self._books_payroll(books, date_from, date_to, employees)
        if self.env["account.move.line"].has_access("read"):
            items = self._items_payroll(company, date_from, date_to, employees)
            own = [pay for pay in items if not any(book.date_from <= pay.date <= book.date_to for book in books)]
            if beside := len(items) - len(own):
                told.append(
                    self.env._("Entries of Odoo on days that imported books tell: %(count)s.", count=str(beside))
                )
            pays += own
        else:
            told.append(self.env._("You may not read Odoo's entries: only imported books are told here."))
        return sorted(pays, key=lambda pay: (pay.date, pay.line.id)), told

    def _items_payroll(self, company, date_from, date_to, employees):
        items = (
            self.env["account.move.line"]
            .with_company(company)
            .search(self._payroll_domain(company, date_from, date_to), order="date, move_id, id")
        )
        return [Pay(item, item.date, item.account_id.code, item.balance, item.partner_id & employees) for item in items]

    def _telling_books(self, company, date_from, date_to):
        Books = self.env["pope.books"]
        if not Books.has_access("read"):
            return Books
        return Books.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "accepted"),
                ("date_from", "<=", date_to),
                ("date_to", ">=", date_from),
            ]
        )

    def _books_payroll(self, books, date_from, date_to, employees):
        lines = self.env["pope.books.line"]
        if books:
            lines = lines.search(
                [
                    ("books_id", "in", books.ids),
                    ("date", ">=", date_from),
                    ("date", "<=", date_to),
                    *["|"] * (len(PAYROLL_ACCOUNTS) - 1),
                    *(("account_code", "=like", f"{prefix}%") for prefix in PAYROLL_ACCOUNTS),
                ]
            )
        names = {employee: set(person_names.sort_key(employee.name)) for employee in employees}
        return [
            Pay(line, line.date, line.account_code, line.balance, self._named_on(line, employees, names))
            for line in lines
        ]

    def _named_on(self, line, employees, names):
        """The one employee whose whole name is on a line of imported books, as third party or in its words."""
        for text in (line.partner_label, line.label, line.account_name):
            words = set(person_names.sort_key(text))
            found = employees.filtered(lambda employee, words=words: names[employee] and names[employee] <= words)
            if len(found) == 1:
                return found
        return employees.browse()

    # --- Lines in the name of an employee ---

    def _named_proposals(self, pays, valid):
        proposals, told = [], []
        for pay in pays:
            key = valid[pay.date.year, pay.date.month].get(pay.employee)
            if key:
                shares = {line.funding_id: line.percentage for line in key.line_ids}
                proposals.append({"line": pay.line, "keys": key, "shares": shares, "computation": key._words()})
            else:
                told.append(
                    self.env._(
                        "%(name)s has no time key in %(month)s: the lines in this name stay as they are.",
                        name=pay.employee.name,
                        month=pay.date.strftime("%m/%Y"),
                    )
                )
        return proposals, told

    def _words(self):
        shares = ", ".join(f"{percent(self.env, line.percentage)} % {line.funding_id.name}" for line in self.line_ids)
        return f"{self.partner_id.name}: {shares}" if shares else self.partner_id.name

    # --- Lines for everybody ---

    def _shared_proposals(self, field, pays, named, chosen, valid):
        """(proposals, sentences) for the lines in nobody's name, of pay or of what is due on it.

        :param field: what an employee costs in a year of this sort, on the key
        :param named: lines of the same sort in the name of employees, whose cost is there
        :param chosen: lines that may change
        """
        by_month = defaultdict(list)
        for pay in pays:
            by_month[pay.date.year, pay.date.month].append(pay)
        proposals, told, done = [], [], {}
        for (year, month), of_month in by_month.items():
            months = [(year, other) for other in range(done.get(year, 0) + 1, month + 1)]
            done[year] = month
            changing = [pay for pay in of_month if pay in chosen]
            if not changing:
                continue
            booked = {pay.employee for pay in named if (pay.date.year, pay.date.month) in months}
            counts = Counter(
                key for one in months for key in valid[one].values() if key.partner_id not in booked and key.line_ids
            )
            shares, words, sentences = self._shared_shares(field, of_month, counts, f"{month:02}/{year}")
            told += sentences
            if shares:
                keys = self.browse([key.id for key in counts if key[field]])
                proposals += [
                    {"line": pay.line, "keys": keys, "shares": shares, "computation": words} for pay in changing
                ]
        return proposals, told

    def _shared_shares(self, field, pays, counts, month):
        """(file → percentage of each of these lines, computation, sentences).

        :param counts: key → months that the entry stands for
        """
        told = [
            self.env._(
                "%(name)s: no line of %(month)s bears this name, and “%(field)s” is not typed on the key.",
                name=key.partner_id.name,
                month=month,
                field=self._fields[field]._description_string(self.env),
            )
            for key in counts
            if not key[field]
        ]
        typed = {key: key[field] / 12 * count for key, count in counts.items() if key[field]}
        whole, currency = sum(pay.balance for pay in pays), pays[0].line.company_id.currency_id
        if currency.compare_amounts(sum(typed.values()), whole) > 0:
            told.append(
                self.env._(
                    "%(month)s: the keys count %(typed)s of pay (months: %(months)s), the entries bear %(whole)s: "
                    "nothing is charged.",
                    month=month,
                    months=str(max(counts.values())),
                    typed=self._money(sum(typed.values()), currency),
                    whole=self._money(whole, currency),
                )
            )
            return {}, "", told
        shares, words = defaultdict(float), []
        for key, amount in typed.items():
            for line in key.line_ids:
                shares[line.funding_id] += amount / whole * line.percentage
            words.append(f"{self._money(amount, currency)} / {self._money(whole, currency)} × {key._words()}")
        return dict(shares), "\n".join(words), told

    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    # --- What changes ---

    def _without_account(self, proposals):
        """Files that have no analytic account yet: said, and left out of Odoo's entries."""
        waiting = {
            funding
            for row in proposals
            for funding in row["shares"]
            if row["line"]._name == "account.move.line" and not funding.analytic_account_id
        }
        return [
            self.env._("“%(name)s” is not awarded and its expenses are not followed yet: left out.", name=funding.name)
            for funding in sorted(waiting, key=lambda funding: funding.id)
        ]

    def _only_changes(self, company, proposals):
        """Those that say something else than the books, with the shares by file beside."""
        files = self.env["pope.funding"].search([("company_id", "=", company.id), ("analytic_account_id", "!=", False)])
        owner = {funding.analytic_account_id.id: funding for funding in files}
        changes = []
        for row in proposals:
            in_odoo = row["line"]._name == "account.move.line"
            wanted = {
                funding: float_round(share, DIGITS) if in_odoo else share
                for funding, share in row["shares"].items()
                if funding.analytic_account_id or not in_odoo
            }
            now = self._item_shares(row["line"], owner) if in_odoo else self._books_shares(row["line"])
            if any(float_compare(wanted.get(file, 0.0), now.get(file, 0.0), DIGITS) for file in {*wanted, *now}):
                changes.append({**row, "wanted": wanted, "now": now})
        return changes

    def _item_shares(self, item, owner):
        """File → percentage that it bears of a journal item."""
        now = defaultdict(float)
        for ids, share in (item.analytic_distribution or {}).items():
            for account in owner.keys() & set(map(int, ids.split(","))):
                now[owner[account]] += share
        return dict(now)

    def _books_shares(self, line):
        return {charge.funding_id: 100 * charge.share for charge in line.charge_ids}

    @api.model
    @api.private
    def _apply(self, company, date_from, date_to):
        """Spread the payroll lines as the keys say, on the fundings only: other plans keep their shares.

        :return: how many lines changed
        """
        changes, _told = self._proposals(company, date_from, date_to)
        self._spread_items([row for row in changes if row["line"]._name == "account.move.line"])
        self._charge_books([row for row in changes if row["line"]._name == "pope.books.line"])
        self.browse({key.id for row in changes for key in row["keys"]}).date_applied = fields.Date.context_today(self)
        return len(changes)

    def _spread_items(self, changes):
        alike = defaultdict(list)
        for row in changes:
            # sudo: plans are for accountants to configure; the name of their column is no secret
            plans = self.env["pope.funding"].union(*row["wanted"], *row["now"]).analytic_account_id.sudo().root_plan_id
            columns = sorted(plan._column_name() for plan in plans)
            shares = sorted((file.analytic_account_id.id, share) for file, share in row["wanted"].items())
            alike[tuple(shares), tuple(columns)].append(row["line"].id)
        for (shares, columns), ids in alike.items():
            self.env["account.move.line"].browse(ids).analytic_distribution = {
                **{str(account): share for account, share in shares},
                "__update__": list(columns),
            }

    def _charge_books(self, changes):
        """The shares of lines of imported books, as a whole: what the keys no longer say goes."""
        self.env["pope.books.line"].union(*(row["line"] for row in changes)).charge_ids.unlink()
        self.env["pope.books.charge"].create(
            [
                {"line_id": row["line"].id, "funding_id": file.id, "share": share / 100}
                for row in changes
                for file, share in row["wanted"].items()
            ]
        )
