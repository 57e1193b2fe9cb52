"""Days by which a thing is due, counted from another day. Pure Python."""

from calendar import monthrange
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


def is_month_end(day):
    return (day + timedelta(days=1)).day == 1


def shift(day, months=0, days=0):
    """A number of months, then of days, after a day (before it, below zero).

    From the last day of a month one comes to the last day of a month: six months after 30 June is 31 December.
    """
    moved = day + (relativedelta(months=months, day=31) if is_month_end(day) else relativedelta(months=months))
    return moved + timedelta(days=days)


def next_yearly(month, day, since):
    """The first day on or after `since` that falls on this day of the year; in a shorter month, its last day."""
    found = (date(year, month, min(day, monthrange(year, month)[1])) for year in (since.year, since.year + 1))
    return next(day for day in found if day >= since)
