"""What the entries of one award say, by kind of account. Pure Python: balances in, totals out.

Balances are debit less credit. An entry is looked at whole: income that an entry moves to or from 487 was not earned or
lost, and a grant that is closed against what was transferred of it (131 against 139) was not given back.
"""

from collections import Counter

# Kinds of accounts by the beginning of their code, never by their type: charts differ.
FAMILIES = [
    ("income", "74 754 755 -747"),
    ("later", "487"),
    ("grant", "131"),
    ("quota", "139"),
    ("share", "747"),
    ("fund", "194 195 196"),
    ("report", "6894 6895 6896"),
    ("use", "7894 7895 7896"),
]
# An entry of the year's end counts as soon as it is proposed, another one when it is posted.
CLOSING = {"later", "quota", "share", "fund", "report", "use"}


class Ledger:
    def __init__(self):
        self._entries = {}

    def add(self, entry, family, balance, before=False, posted=True):
        """An item.

        :param entry: what the items of one entry have in common
        :param before: whether it is of an earlier year
        """
        self._entries.setdefault(entry, (before, posted, Counter()))[2][family] += balance

    def totals(self):
        """Totals, income and funds above zero.

        gross: income, with what of it was moved to 487 (gross_before: of earlier years);
        later, later_before: balance of 487; grant: investment grant; quota, quota_before: what of it was transferred;
        settled: of both, what was closed; fund_before, fund: balance of 19; report, use: of the year;
        transfer: what moved on 19 otherwise
        """
        now, before = Counter(), Counter()
        for is_before, posted, balances in self._entries.values():
            if not posted and not CLOSING.intersection(balances):
                continue
            totals = before if is_before else now
            totals["gross"] -= balances["income"] + balances["later"]
            totals["later"] -= balances["later"]
            if balances["grant"] > 0 > balances["quota"]:
                totals["settled"] += balances["grant"]
            else:
                totals["grant"] -= balances["grant"]
                totals["quota"] += balances["quota"]
            totals["fund"] -= balances["fund"]
            totals["report"] += balances["report"]
            totals["use"] -= balances["use"]
        return {
            "gross": now["gross"],
            "gross_total": before["gross"] + now["gross"],
            "later": now["later"],
            "later_before": before["later"],
            "grant": before["grant"] + now["grant"],
            "quota": now["quota"],
            "quota_before": before["quota"],
            "settled": now["settled"],
            "settled_before": before["settled"],
            "fund_before": before["fund"],
            "report": now["report"],
            "use": now["use"],
            "transfer": now["fund"] - now["report"] + now["use"],
        }
