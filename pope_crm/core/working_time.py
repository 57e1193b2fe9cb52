"""When a mail of the pole may leave: on working days, between two hours of the pole's own time zone. Pure Python."""

from datetime import datetime, time, timedelta

import pytz


def _clock(hour):
    """The time of day of a number of hours: 9.5 is 9:30, and 24 the end of the day."""
    hours, minutes = divmod(round(hour * 60), 60)
    return time(hours, minutes) if hours < 24 else time.max


def next_opening(moment, zone, start, end, days):
    """First moment from `moment` on when mail may leave.

    :param datetime moment: naive UTC
    :param str zone: name of a time zone
    :param float start: opening hour, in local time
    :param float end: closing hour, in local time
    :param days: working days, Monday is 0
    :return: naive UTC; `moment` itself within working hours
    """
    zone = pytz.timezone(zone)
    local = pytz.utc.localize(moment).astimezone(zone)
    day = local.date()
    if day.weekday() in days and local.time() < _clock(end):
        if local.time() >= _clock(start):
            return moment
    else:
        day = next_working_day(day, days)
    return opening_of(day, zone.zone, start)


def opening_of(day, zone, start):
    """Opening hour of a day, as naive UTC."""
    local = pytz.timezone(zone).localize(datetime.combine(day, _clock(start)))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


def next_working_day(day, days):
    day += timedelta(days=1)
    while day.weekday() not in days:
        day += timedelta(days=1)
    return day


def last_working_day(day, days):
    """The day itself when it is worked, else the last worked one before it."""
    while day.weekday() not in days:
        day -= timedelta(days=1)
    return day
