"""The arithmetic of a year's end: what an award owes to later years, what is left to spend, what an asset uses up.

Pure Python. Times are counted in months of thirty days, as accountants do: a month is a month whatever its length, and
the parts of a period that is cut always add up to the whole.
"""

from datetime import timedelta
from typing import NamedTuple

MONTH, YEAR = 30, 360


def position(day):
    """Days since year 0 in years of 360 days; the last day of a month is its thirtieth."""
    last = (day + timedelta(days=1)).day == 1
    return day.year * YEAR + day.month * MONTH + (MONTH if last else min(day.day, MONTH))


def days(first, last):
    """Days from one day to another, both counted; 0 when the second comes before the first."""
    return max(0, position(last) - position(first - timedelta(days=1)))


def part(amount, taken, whole, digits=2):
    """The part of an amount that `taken` is of `whole`, to the cent: half a cent is rounded up."""
    unit = 10**digits
    cents = round(amount * unit)
    return (2 * cents * min(taken, whole) + whole) // (2 * whole) / unit


class Later(NamedTuple):
    amount: float  # what belongs to later years
    after: int  # days of the action after the closing
    whole: int  # days of the action


def later(amount, first, last, closing, digits=2):
    """What of an award belongs to the years after a closing, by the dates of the action."""
    whole = days(first, last)
    after = days(max(first, closing + timedelta(days=1)), last)
    if not whole:  # a single day, the 31st, which months of thirty days do not count: wholly of its year
        return Later(amount if closing < first <= last else 0.0, 0, 0)
    return Later(part(amount, after, whole, digits), after, whole)


def later_by_split(amount, split, year):
    """The same by the agreement's own split, never over what is in the books.

    :param dict split: amount by year
    :param year: the year that closes
    """
    return min(amount, sum(share for other, share in split.items() if other > year))


class Dedicated(NamedTuple):
    report: float  # of the year's income, what is left to spend
    use: float  # of what was left before, what the year spent or gave back
    refund: float  # what of this use was given back


def dedicated(opening, income, spent):
    """Dedicated funds of a project, for a year.

    :param opening: what was left to spend before the year
    :param income: of the year, less what belongs to later years; below zero when money was given back
    :param spent: what was charged to the project in the year
    """
    left = income - spent
    report = max(0.0, left)
    use = min(max(0.0, opening), max(0.0, -left))
    return Dedicated(report, use, min(use, max(0.0, -income)))


def used_up(amount, start, years, closing, digits=2):
    """What an asset's grant has given to the result at a closing: evenly over its life, never over the grant."""
    taken = days(start, closing)
    return part(amount, taken, years * YEAR, digits)
