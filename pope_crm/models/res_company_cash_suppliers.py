from collections import defaultdict

from odoo import models

from ..core.cash_plan import Flow

SUPPLIERS = "401"


class ResCompany(models.Model):
    """What a payment to a supplier was for, in books kept elsewhere: the bill that is matched with it, else all the
    bills of that supplier in the same books."""

    _inherit = "res.company"

    def _pope_cash_books_rents(self, source):
        """Of what is paid to suppliers, the part that is rent: dict (books, supplier, letter or None) → share."""
        # sudo: what bills are about, as shares; never a line
        Line = self.env["pope.books.line"].sudo()
        domain = [("books_id", "in", [book["id"] for book in source["books"]]), ("entry", "!=", False)]
        accounts = ["|", "|"] + [("account_code", "=like", f"{start}%") for start in (SUPPLIERS, "6", "2")]
        groups = Line._read_group(
            domain + accounts,
            ["books_id", "journal", "entry", "account_code", "partner_label", "letter"],
            ["balance:sum"],
        )
        kinds = self.env["pope.cash.account"]._kinds_of({group[3] for group in groups})
        cost, rent, owed = defaultdict(float), defaultdict(float), defaultdict(list)
        for books, journal, entry, code, partner, letter, balance in groups:
            bill = (books, journal, entry)
            if not code.startswith(SUPPLIERS):
                cost[bill] += balance
                rent[bill] += balance if kinds.get(code) == "rent" else 0.0
            elif balance < 0:
                owed[bill].append(((books, partner or False, letter or None), -balance))
        return self._pope_cash_shares(cost, rent, owed)

    def _pope_cash_shares(self, cost, rent, owed):
        whole, part = defaultdict(float), defaultdict(float)
        for bill, sums in owed.items():
            share = min(max(rent[bill] / cost[bill], 0.0), 1.0) if cost[bill] else 0.0
            for (books, partner, letter), amount in sums:
                for key in {(books, partner, letter), (books, partner, None)}:
                    whole[key] += amount
                    part[key] += amount * share
        return {key: part[key] / whole[key] for key in whole if part[key]}

    def _pope_cash_rent_share(self, shares, books, partner, letter):
        """Of a payment: of the bills of its letter, else of its supplier; nothing where the books name neither."""
        matched = shares.get((books, partner or False, letter)) if letter else None
        named = shares.get((books, partner, None), 0.0) if partner and not letter else 0.0
        return named if matched is None else matched

    def _pope_cash_split(self, flow, code, share):
        """A payment to a supplier, what is rent apart."""
        rent = self.currency_id.round(flow.amount * share) if code.startswith(SUPPLIERS) else 0.0
        parts = [
            Flow("rent", flow.month, rent, flow.is_actual, "", flow.part),
            flow._replace(amount=flow.amount - rent),
        ]
        return [part for part in parts if part.amount]
