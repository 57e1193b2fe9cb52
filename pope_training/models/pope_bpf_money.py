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
        files = self._pole_files()
        filed, moves = self._read_filed(balances.source, files)
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
            "awards": self._read_awards(files),
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
                *("pope_financing_id.scheme_id", "pope_financing_id.scheme_id.code"),
                "pope_financing_id.scheme_id.bpf_line",
                "pope_financing_id.event_id.pope_program_id.outside_bpf",
            ],
            ["balance:sum"],
        )
        paid, unset = [], self.env["pope.training.scheme"]
        for account, scheme, code, line, is_outside, balance in rows:
            place = OUTSIDE if is_outside or code == NOT_TRAINING else line or None
            paid.append((account.code or account.name, place, -balance))
            if not place:
                unset |= scheme
        return paid, unset

    def _read_filed(self, source, files):
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
        closings = self.env["pope.year.end"].search([("company_id", "=", company.id), ("move_ids", "!=", False)])
        moves = files.award_move_ids | closings.move_ids
        if not moves:
            return {}, []
        Item = self.env["account.move.line"].with_company(company)
        rows = Item._read_group(
            self._items_domain() & Domain("move_id", "in", moves.ids), ["account_id"], ["balance:sum"]
        )
        return {account.code or account.name: -balance for account, balance in rows}, moves.ids

    def _pole_files(self):
        """Awards to the pole; the money of a holder's project is not the pole's."""
        return self.env["pope.funding"].search_fetch(
            [
                ("company_id", "=", self.company_id.id),
                ("beneficiary", "=", "pole"),
                ("state", "in", WON),
                ("nature", "not in", WITHOUT_ENTRY),
            ],
            ["training_rate", "bpf_line", "amount_awarded", "date_from", "date_to", "date_decision"],
        )

    def _read_awards(self, files):
        """The part of each award that is of the year and of training.

        :return: dict line, or "" when it is not known, → list of id, amount, of_year, rate
        """
        awards, period = {}, (self.date_from, self.date_to)
        for funding in files.filtered("training_rate"):
            first = funding.date_from or funding.date_decision
            split = {share.year: share.amount for share in funding.share_ids}
            row = {"id": funding.id, "rate": funding.training_rate}
            if not first and not split:
                awards.setdefault("", []).append({**row, "amount": 0.0, "of_year": 0.0})
                continue
            of_year = arithmetic.award_part(
                funding.amount_awarded, (first, funding.date_to), period, split, self.date_to.year
            )
            amount = round(of_year * funding.training_rate / 100, 2)
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

    def _money_out(self, balances, gaps):
        """Frame D: each account under one key."""
        Key = self.env["pope.bpf.key"]
        keys = Key.search_fetch([("bpf_id", "=", self.id)], ["name", "prefixes", "line", "rate", "rule"])
        rows = [(str(key.id), key.prefixes, key.line, key.rate) for key in keys]
        lines, told = arithmetic.charges(balances["codes"], rows)
        undecided = keys.filtered(lambda key: told[str(key.id)][0] and not key._is_decided())
        if undecided:
            gaps.append(self._key_gap(undecided))
        return {line: arithmetic.figure(amount=amount) for line, amount in lines.items()}, told

    def _key_gap(self, keys):
        words = self.env._("Charges whose share for training is not decided, or not explained")
        gap = self._gap("key", "D", words, keys, detail=lambda key: key.name)
        return {**gap, "records": [{**row, "model": self._name, "id": self.id} for row in gap["records"]]}
