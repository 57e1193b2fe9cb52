"""A cash plan: what comes in and goes out each month, what is left, and the lowest point. Pure Python."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

RECEIPTS = ("grant", "service", "fee", "other_in", "loan_in")
PAYMENTS = ("wage", "social", "rent", "purchase", "tax", "other_out", "loan_out")

# cash: banks, cash in hand and transfers, less the credit that a bank gives (519)
CASH, NOT_CASH = "5", "519"


class Flow(NamedTuple):
    """Money of a month, positive when it comes in."""

    kind: str
    month: date
    amount: float
    is_actual: bool = False
    label: str = ""  # of a row of its own within its kind: a funder, a line that was typed
    part: Any = None  # where it comes from, told to who opens the figure


def first_of(day):
    return day.replace(day=1)


def months_from(day, count):
    """First days of months, from that of a day."""
    first = day.year * 12 + day.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + count)]


def months_between(first, last):
    return (last.year - first.year) * 12 + last.month - first.month + 1


def sided(kind, amount):
    """The row that an amount goes to."""
    if kind == "loan":
        return "loan_in" if amount > 0 else "loan_out"
    if not kind or kind == "other":
        return "other_in" if amount > 0 else "other_out"
    return kind


def sign(kind):
    return 1 if kind in RECEIPTS else -1


def left_of_budget(planned, known):
    """What a budget still foresees: what it plans, less what is known already of the same kind and month.

    :param planned: dict (kind, month) → amount, never negative
    :param known: flows
    :return: dict (kind, month) → amount, signed
    """
    taken = defaultdict(float)
    for flow in known:
        taken[flow.kind, flow.month] += flow.amount * sign(flow.kind)
    left = {}
    for (kind, month), amount in planned.items():
        rest = round(amount - max(taken[kind, month], 0.0), 2)
        if rest > 0:
            left[kind, month] = rest * sign(kind)
    return left


def assemble(flows, months, opening):
    """Rows by kind and label, totals, and what is left at the end of each month.

    :param flows: those of other months are left out
    :param months: first days, in their order
    :param opening: cash when the first month begins
    :return: dict: sections (code, rows, totals), net, opening and closing by month, minimum (index and amount)
    """
    place = {month: index for index, month in enumerate(months)}
    cells = defaultdict(lambda: [{"actual": 0.0, "forecast": 0.0, "parts": []} for _month in months])
    for flow in flows:
        if flow.month in place:
            cell = cells[flow.kind, flow.label][place[flow.month]]
            cell["actual" if flow.is_actual else "forecast"] += flow.amount * sign(flow.kind)
            if flow.part is not None:
                cell["parts"].append((flow.amount * sign(flow.kind), flow.is_actual, flow.part))
    sections = [_section(code, kinds, cells, len(months)) for code, kinds in (("in", RECEIPTS), ("out", PAYMENTS))]
    received, paid = (section["totals"] for section in sections)
    net = [round(more - less, 2) for more, less in zip(received, paid, strict=True)]
    openings, closings, cash = [], [], round(opening, 2)
    for change in net:
        openings.append(cash)
        cash = round(cash + change, 2)
        closings.append(cash)
    lowest = min(range(len(months)), key=closings.__getitem__)
    return {
        "sections": sections,
        "net": net,
        "opening": openings,
        "closing": closings,
        "minimum": {"index": lowest, "amount": closings[lowest]},
    }


def _section(code, kinds, cells, count):
    rows = []
    for kind in kinds:
        labels = sorted((label for found, label in cells if found == kind), key=lambda label: (label != "", label))
        for label in labels:
            row = cells[kind, label]
            for cell in row:
                cell["actual"], cell["forecast"] = round(cell["actual"], 2), round(cell["forecast"], 2)
                cell["amount"] = round(cell["actual"] + cell["forecast"], 2)
            if any(cell["amount"] or cell["parts"] for cell in row):
                rows.append({"kind": kind, "label": label, "cells": row})
    totals = [round(sum(row["cells"][index]["amount"] for row in rows), 2) for index in range(count)]
    return {"code": code, "rows": rows, "totals": totals}
