"""The schedule of a loan, to the cent. Pure Python.

Rules, told to who reads the schedule:
- interest is proportional: the yearly rate times the months of the period over twelve, on the capital still owed; when
  capital is drawn or paid back within a period, the interest of that period is counted by its days;
- a loan that comes in several draws is paid back as it is drawn: each due spreads what was drawn before it, and not yet
  paid back, over the dues that are left;
- partial grace: only interest (and insurance) is paid; total grace: nothing is paid, and the interest of these months,
  simple and never added to the capital, is paid with the first due after them;
- an amount is rounded to the cent, half a cent up; the last due takes what roundings left, so that the capital of the
  dues is always the capital of the loan.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from .due_date import shift

CENT = Decimal("0.01")
METHODS = ("constant_capital", "annuity", "in_fine", "on_grants")
PERIODS = (1, 3, 6, 12)
MOST_MONTHS, MOST_RATE, MOST_AMOUNT = 600, 100, 10**10


class InvalidTerms(ValueError):
    """Terms that make no loan; `code` says which one is wrong."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Terms(NamedTuple):
    capital: Decimal
    rate: Decimal  # a year, in per cent
    start: date  # the money is there
    months: int
    method: str  # on_grants: in fine, and sooner as the grants that it waits for are received
    period: int = 1  # months from a due to the next
    grace: int = 0  # months without capital
    grace_kind: str = "partial"  # or total
    insurance: Decimal = Decimal(0)  # with each due


class Due(NamedTuple):
    date: date
    opening: Decimal  # capital owed before
    capital: Decimal
    interest: Decimal
    insurance: Decimal
    is_early: bool = False  # paid back sooner, for a grant came

    @property
    def total(self):
        return self.capital + self.interest + self.insurance

    @property
    def closing(self):
        return self.opening - self.capital


class Repaid(NamedTuple):
    """Capital that was paid back."""

    date: date  # when it was due, or when it was paid where it was early
    capital: Decimal
    is_early: bool = False


def number(value, code):
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise InvalidTerms(code) from None
    if not amount.is_finite():
        raise InvalidTerms(code)
    return amount


def cents(value):
    return value.quantize(CENT, ROUND_HALF_UP)


def checked(terms):
    """The same terms with exact numbers.

    :raise InvalidTerms: when they make no loan
    """
    capital, rate = number(terms.capital, "capital"), number(terms.rate, "rate")
    insurance = number(terms.insurance, "insurance")
    if not 0 < capital < MOST_AMOUNT or capital != cents(capital):
        raise InvalidTerms("capital")
    if not 0 <= rate <= MOST_RATE:
        raise InvalidTerms("rate")
    if not 0 <= insurance < MOST_AMOUNT or insurance != cents(insurance):
        raise InvalidTerms("insurance")
    if not isinstance(terms.start, date) or isinstance(terms.start, datetime) or terms.start.year > 2900:
        raise InvalidTerms("start")
    if terms.method not in METHODS:
        raise InvalidTerms("method")
    if terms.period not in PERIODS:
        raise InvalidTerms("period")
    if type(terms.months) is not int or not 0 < terms.months <= MOST_MONTHS or terms.months % terms.period:
        raise InvalidTerms("months")
    if type(terms.grace) is not int or not 0 <= terms.grace < terms.months or terms.grace % terms.period:
        raise InvalidTerms("grace")
    if terms.grace_kind not in ("partial", "total"):
        raise InvalidTerms("grace_kind")
    return terms._replace(capital=capital, rate=rate, insurance=insurance)


def due_dates(terms):
    """Days of the dues: from the last day of a month one comes to the last day of a month."""
    return [shift(terms.start, months) for months in range(terms.period, terms.months + 1, terms.period)]


def schedule(terms, repaid: Sequence[Repaid] = (), receipts=(), draws=()):
    """What is still to pay.

    :param Terms terms: of the loan
    :param repaid: what was paid back already: its dues are left out, and the rest is spread over those that remain
    :param receipts: (day, amount) of the grants that pay a loan back when they come; for the method on_grants only
    :param draws: (day, amount) of the money when it does not all come at the start; it then is the capital of the loan
    :return: list of Due, in the order of their dates; their capital and what was repaid make the capital of the loan
    :raise InvalidTerms: when the terms make no loan, or more was repaid than was lent
    """
    terms = checked(terms)
    draws = _draws(terms, draws)
    if draws:
        terms = terms._replace(capital=sum(amount for _day, amount in draws))
    repaid = [row._replace(capital=number(row.capital, "repaid")) for row in repaid]
    rest = terms.capital - sum(row.capital for row in repaid)
    if rest < 0 or any(row.capital < 0 for row in repaid):
        raise InvalidTerms("repaid")
    early = _early(terms, rest, receipts, draws)
    return _Spread(terms, repaid, rest, early, draws).dues()


def _draws(terms, draws):
    """The draws in their order, none of them before the loan starts.

    :raise InvalidTerms: when one of them is no amount, comes when the last due is paid, or exceeds what is lent
    """
    checked_draws = [(max(day, terms.start), number(amount, "draws")) for day, amount in sorted(draws)]
    last = shift(terms.start, terms.months)
    if any(amount <= 0 or amount != cents(amount) or day >= last for day, amount in checked_draws):
        raise InvalidTerms("draws")
    if sum(amount for _day, amount in checked_draws) > terms.capital:
        raise InvalidTerms("draws")
    return checked_draws


def _early(terms, rest, receipts, draws):
    """The part of the grants to come that pays the loan back before its term: of what was drawn by then."""
    if terms.method != "on_grants":
        return []
    last = shift(terms.start, terms.months)
    early = []
    for day, amount in sorted(receipts):
        undrawn = sum(drawn for drawn_on, drawn in draws if drawn_on > day)
        share = min(cents(number(amount, "receipts")), rest - undrawn - sum(row.capital for row in early))
        if share > 0 and day < last:
            early.append(Repaid(max(day, terms.start), share, True))
    return early


class _Spread:
    """What is left of a loan, over the dues that are left."""

    def __init__(self, terms, repaid, rest, early, draws):
        paid = {row.date for row in repaid if not row.is_early}
        self.terms, self.early, self.draws = terms, early, draws
        self.dates = due_dates(terms)
        if not paid <= set(self.dates):
            raise InvalidTerms("paid_dates")
        self.left = [day for day in self.dates if day not in paid]
        self.rest = rest - sum(row.capital for row in early)  # what the regular dues pay back
        self.moves = sorted(
            [*((row.date, row.capital) for row in [*repaid, *early]), *((day, -amount) for day, amount in draws)]
        )
        self.grace_end = shift(terms.start, terms.grace)
        self.paying = [day for day in self.left if day > self.grace_end]
        if rest and not self.left:
            raise InvalidTerms("repaid")

    def dues(self):
        dues = [Due(row.date, Decimal(0), row.capital, Decimal(0), Decimal(0), True) for row in self.early]
        waiting, before = Decimal(0), self.terms.start
        todo = set(self.left)
        for day in self.dates:
            interest = self._interest(before, day)
            before = day
            if day not in todo:
                waiting = Decimal(0)
                continue
            if self.terms.grace_kind == "total" and day <= self.grace_end:
                waiting += interest
                continue
            dues.append(self._due(day, interest, waiting))
            waiting = Decimal(0)
        return self._opened(due for due in dues if due.total)

    def _due(self, day, interest, waiting):
        capital = self._capital(day, interest)
        if capital:
            self.rest -= capital
            self.moves.append((day, capital))
        owed = self._owed(day) + capital
        insurance = self.terms.insurance if owed > 0 else Decimal(0)
        return Due(day, Decimal(0), capital, cents(interest + waiting), insurance)

    def _opened(self, dues):
        dues = sorted(dues, key=lambda due: (due.date, not due.is_early))
        opening, opened = sum((due.capital for due in dues), Decimal(0)), []
        for due in dues:
            undrawn = sum(amount for day, amount in self.draws if day > due.date)
            opened.append(due._replace(opening=opening - undrawn))
            opening -= due.capital
        return opened

    def _owed(self, day):
        """Capital owed at the end of a day."""
        start = Decimal(0) if self.draws else self.terms.capital
        return start - sum(capital for moved, capital in self.moves if moved <= day)

    def _interest(self, first, last):
        """Interest of the period from a due to the next, not rounded."""
        whole = self.terms.rate * self.terms.period / 1200
        days = sorted({day for day, _capital in self.moves if first < day < last})
        total = Decimal(0)
        for start, end in zip([first, *days], [*days, last], strict=True):
            total += max(self._owed(start), Decimal(0)) * whole * (end - start).days / (last - first).days
        return total

    def _capital(self, day, interest):
        """Capital of a due; all that is left on the last one."""
        if day == self.left[-1]:
            return self.rest
        if day not in self.paying or self.terms.method in ("in_fine", "on_grants"):
            return Decimal(0)
        count = len([other for other in self.paying if other >= day])
        # a draw of that day is spread over the next dues
        rest = max(self.rest - sum(amount for drawn, amount in self.draws if drawn >= day), Decimal(0))
        rate = self.terms.rate * self.terms.period / 1200
        if self.terms.method == "constant_capital" or not rate:
            share = cents(rest / count)
        else:
            share = cents(cents(rest * rate / (1 - (1 + rate) ** -count)) - interest)
        return min(max(share, Decimal(0)), rest)
