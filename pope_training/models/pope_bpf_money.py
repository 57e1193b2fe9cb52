from odoo import models
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.pope_crm.core import account_prefixes

from ..core import bpf as arithmetic
from ..core.bpf import OUTSIDE
from .pope_training_financing import LINES

WON = ("awarded", "closed")
NOT_TRAINING = "hors"  # code of the way to pay of what is no vocational training
WITHOUT_ENTRY = ("loan", "guarantee", "in_kind")


class Bpf(models.Model):
    """Frames C and D: invoices by their payer, awards charged to training, income and charges by account."""

    _inherit = "pope.bpf"

    def _read_balances(self):
        """What the books and the files say of the year.

        :return: dict codes (account → debit less credit), items (account, place or None, income), income (of the whole
            body), awards (line → list of parts), source
        """
        company = self.company_id
        balances = company._pope_balances(self.date_from, self.date_to)
        codes = balances.by_code()
        income = sum(-codes[code] for code in codes if account_prefixes.matching(code, self.income_prefixes))
        paid, unset = self._read_invoices()
        filed, moves = self._read_filed(balances.source)
        left = {code: -codes[code] for code in codes if code.startswith("7")}
        for code, _place, amount in paid:
            left[code] = left.get(code, 0.0) - amount
        for code, amount in filed.items():
            left[code] = left.get(code, 0.0) - amount
        return {
            "codes": codes,
            "items": [*paid, *((code, None, amount) for code, amount in left.items())],
            "unset": unset,
            "filed_moves": moves,
            "income": round(income, 2),
            "awards": self._read_awards(),
            "source": balances.source["kind"],
        }

    def _items_domain(self):
        return Domain(self.company_id._pope_items_domain(self.date_from, self.date_to)) & Domain(
            "account_id.internal_group", "=", "income"
        )

    def _read_invoices(self):
        """Income of posted entries by account and by what the way to pay says; refunds are below zero.

        :return: (list of account code, place, income; the ways to pay that say no line)
        """
        Item = self.env["account.move.line"].with_company(self.company_id)
        rows = Item._read_group(
            self._items_domain() & Domain("pope_financing_id", "!=", False),
            [
                "account_id",
                "pope_financing_id.scheme_id",
                "pope_financing_id.event_id.pope_program_id.outside_bpf",
            ],
            ["balance:sum"],
        )
        paid, unset = [], self.env["pope.training.scheme"]
        for account, scheme, is_outside, balance in rows:
            place = OUTSIDE if is_outside or scheme.code == NOT_TRAINING else scheme.bpf_line or None
            paid.append((account.code or account.name, place, -balance))
            if not place:
                unset |= scheme
        return paid, unset

    def _read_filed(self, source):
        """Income of the entries of awards, and of the year's end on them: the files tell it.

        :return: (dict account code → income, ids of these entries)
        """
        if source["kind"] == "books":
            rows = self.env["pope.books.charge"]._read_group(
                [
                    ("books_id", "in", [book["id"] for book in source["books"]]),
                    ("date", ">=", self.date_from),
                    ("date", "<=", self.date_to),
                    ("account_code", "=like", "7%"),
                ],
                ["account_code"],
                ["amount:sum"],
            )
            return {code: -amount for code, amount in rows}, []
        company = self.company_id
        awards = self.env["pope.funding"].search([("company_id", "=", company.id), ("award_move_ids", "!=", False)])
        closings = self.env["pope.year.end"].search([("company_id", "=", company.id), ("move_ids", "!=", False)])
        moves = awards.award_move_ids | closings.move_ids
        if not moves:
            return {}, []
        Item = self.env["account.move.line"].with_company(company)
        rows = Item._read_group(
            self._items_domain() & Domain("move_id", "in", moves.ids), ["account_id"], ["balance:sum"]
        )
        return {account.code or account.name: -balance for account, balance in rows}, moves.ids

    def _award_files(self):
        """Awards to the pole that pay for trainings; the money of a holder's project is not the pole's."""
        return self.env["pope.funding"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("beneficiary", "=", "pole"),
                ("state", "in", WON),
                ("nature", "not in", WITHOUT_ENTRY),
                ("training_rate", ">", 0),
            ]
        )

    def _read_awards(self):
        """The part of each award that is of the year and of training.

        :return: dict line, or "" when it is not known, → list of id, name, amount, of_year, rate
        """
        awards, period = {}, (self.date_from, self.date_to)
        for funding in self._award_files():
            first = funding.date_from or funding.date_decision
            split = {share.year: share.amount for share in funding.share_ids}
            row = {"id": funding.id, "name": funding.display_name, "rate": funding.training_rate}
            if not first and not split:
                awards.setdefault("", []).append({**row, "amount": 0.0, "of_year": 0.0})
                continue
            of_year = arithmetic.award_part(
                funding.amount_awarded, (first, funding.date_to), period, split, self.date_to.year
            )
            amount = self.currency_id.round(of_year * funding.training_rate / 100)
            if amount:
                line = funding.bpf_line or ""
                awards.setdefault(line, []).append({**row, "amount": amount, "of_year": of_year})
        return awards

    def _money_in(self, balances, gaps):
        """Frame C; what has no place is told among what is missing."""
        rules = [(rule.line, rule.prefixes) for rule in self.account_ids]
        places, nowhere = arithmetic.revenue(balances["items"], rules, self.revenue_prefixes)
        awards = balances["awards"]
        for line, rows in awards.items():
            places[line] = places.get(line, 0.0) + sum(row["amount"] for row in rows)
        if nowhere:
            gaps.append(self._unplaced_gap(nowhere, balances["unset"], balances["filed_moves"]))
        if balances["unset"]:
            words = self.env._("Ways to pay without a line of frame C")
            gaps.append(self._gap("scheme", "C", words, balances["unset"]))
        if rows := awards.get(""):
            words = self.env._("Awards without a line of frame C, or without dates")
            files = self.env["pope.funding"].browse(row["id"] for row in rows)
            gaps.append(self._gap("award", "C", words, files))
        return {line: arithmetic.figure(amount=round(places.get(line, 0.0), 2)) for line, _label in LINES}

    def _unplaced_gap(self, nowhere, unset, filed):
        """Income that nobody said the origin of: the entries behind it, each with its link.

        :param dict nowhere: account code → income
        :param unset: ways to pay that say no line
        :param filed: entries that files tell
        """
        sums = ", ".join(
            f"{code} {format_amount(self.env, amount, self.currency_id)}" for code, amount in sorted(nowhere.items())
        )
        words = self.env._("Income whose origin is not known (%(sums)s)", sums=sums)
        Item = self.env["account.move.line"].with_company(self.company_id)
        items = Item.search(
            self._items_domain()
            & (Domain("pope_financing_id", "=", False) | Domain("pope_financing_id.scheme_id", "in", unset.ids))
            & Domain("account_id.code", "in", list(nowhere))
            & Domain("move_id", "not in", filed)
        )
        if not items:
            # books kept elsewhere: an account is placed on the return itself
            gap = self._gap("revenue", "C", words, self, count=len(nowhere))
            return {**gap, "records": [{**gap["records"][0], "name": code} for code in sorted(nowhere)]}
        return self._gap("revenue", "C", words, items.move_id, count=len(items.move_id))

    def _money_out(self, balances):
        """Frame D: each account under one key."""
        keys = [(str(key.id), key.prefixes, key.line, key.rate) for key in self.key_ids]
        lines, told = arithmetic.charges(balances["codes"], keys)
        return {line: arithmetic.figure(amount=amount) for line, amount in lines.items()}, told
