"""The public holidays of France (Code du travail, L3133-1), without those of Alsace, Moselle and overseas."""

from datetime import date, timedelta

from dateutil.easter import easter

FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension Day, Whit Monday


def public_holidays(year):
    """The eleven days of a year."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in AFTER_EASTER}
    return moving | {date(year, month, day) for month, day in FIXED}


def is_public_holiday(day):
    return day in public_holidays(day.year)
