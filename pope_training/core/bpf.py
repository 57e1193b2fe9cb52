"""The arithmetic of the training and financial return (Cerfa 10443). Pure Python: hours in minutes, sums in currency.

A figure is a dict: amount, count and minutes, each None where the line of the form has no such column.
"""

from datetime import timedelta

from odoo.addons.pope_crm.core import account_prefixes, year_end

OUTSIDE = "outside"  # money or people that are no vocational training
FRAME_F = ("F1", "F3", "F4")
LEVELS = ("68", "5", "4", "3", "2", "q")
OBJECTIVES = ("a", "b", "c", "d", "e", "f")
STATUSES = ("a", "b", "c", "d", "e")
SPECIALITIES = 5
HOUR = 60


def figure(amount=None, count=None, minutes=None):
    return {"amount": amount, "count": count, "minutes": minutes}


def people(groups):
    """Frames F-1 to F-4 and G.

    :param groups: dicts count, minutes, status, objective, level, nsf (code, name; or None), for_other (the session is
        another body's), entrusted (the session was entrusted to another body); what is not known is None
    :return: (dict line → figure, dict place of a speciality → its code and name)
    """
    lines = {"G5": [], "F2": []}
    lines |= {f"F1{status}": [] for status in STATUSES} | {f"F3{objective}": [] for objective in OBJECTIVES}
    lines |= {f"F3a{level}": [] for level in LEVELS}
    specialities = {}
    for group in groups:
        if group["for_other"]:
            lines["G5"].append(group)
            continue
        places = [f"F1{group['status']}", f"F3{group['objective']}"]
        if group["objective"] == "a":
            places.append(f"F3a{group['level']}")
        if group["entrusted"]:
            places.append("F2")
        for place in places:
            if place in lines:
                lines[place].append(group)
        if group["nsf"]:
            specialities.setdefault(tuple(group["nsf"]), []).append(group)
    figures = {place: _people(found) for place, found in lines.items()}
    ranked = sorted(((_people(found), nsf) for nsf, found in specialities.items()), key=_rank)
    names = {}
    for number in range(SPECIALITIES):
        told, nsf = ranked[number] if number < len(ranked) else (figure(count=0, minutes=0), None)
        figures[f"F4{number + 1}"] = told
        if nsf:
            names[f"F4{number + 1}"] = nsf
    figures["F4x"] = add(told for told, _nsf in ranked[SPECIALITIES:])
    return figures, names


def _people(groups):
    return figure(count=sum(group["count"] for group in groups), minutes=sum(group["minutes"] for group in groups))


def _rank(found):
    told, nsf = found
    return -told["minutes"], -told["count"], nsf


def add(figures):
    """The sum of figures that have a count and minutes."""
    figures = list(figures)
    return figure(count=sum(told["count"] for told in figures), minutes=sum(told["minutes"] for told in figures))


def revenue(items, rules, prefixes, digits=2):
    """Where each income belongs: by who paid, else by its account, else nowhere; nothing is guessed.

    :param items: (account code, line of frame C or OUTSIDE or None, income)
    :param rules: (line of frame C or OUTSIDE, prefixes), in their order
    :param prefixes: accounts whose income must have a place
    :return: (dict line → income, dict account code → income that has no place)
    """
    codes = {code for code, _line, _income in items}
    by_account, _none = account_prefixes.attribute(codes, rules)
    places, nowhere = {}, {}
    for code, line, income in items:
        place = line or by_account.get(code)
        if place:
            places[place] = places.get(place, 0.0) + income
        elif account_prefixes.matching(code, prefixes):
            nowhere[code] = nowhere.get(code, 0.0) + income
    places = {place: round(income, digits) for place, income in places.items()}
    nowhere = {code: round(income, digits) for code, income in nowhere.items() if round(income, digits)}
    return places, nowhere


def award_part(amount, action, period, split=None, year=None, digits=2):
    """What an award gives to a financial year: as its agreement splits it, else by the months of the action.

    :param action: (first day, last day); the last day may be unknown: the award is wholly of the year of the first one
    :param period: (first day, last day) of the financial year
    :param split: amount by year
    :param year: the year of `split` that the period is
    """
    first, last = action
    start, end = period
    if split:
        return float(split.get(year, 0.0))
    if not last:
        return amount if start <= first <= end else 0.0
    first = min(first, last)
    before = year_end.later(amount, first, last, start - timedelta(days=1), digits).amount
    after = year_end.later(amount, first, last, end, digits).amount
    return round(before - after, digits)


def charges(balances, keys, digits=2):
    """Frame D: each account under one key, at its share.

    :param dict balances: debit less credit, by account code
    :param keys: (key, prefixes, line D1, D2 or D3, share in percent), in their order
    :return: (dict line → charge, dict key → (sum of its accounts, charge))
    """
    bases, _none = account_prefixes.totals(balances, [(key, prefixes) for key, prefixes, _line, _rate in keys])
    lines, told = {"D1": 0.0, "D2": 0.0, "D3": 0.0}, {}
    for key, _prefixes, line, rate in keys:
        base = round(bases[key], digits)
        charge = round(base * rate / 100 + 1e-9, digits)
        told[key] = (base, charge)
        for place in {"D1", line}:
            lines[place] = round(lines[place] + charge, digits)
    return lines, told


def share(part, whole):
    """Percents of the whole income, as the form wants them: a whole number, 1 at least where there is any."""
    if part <= 0 or whole <= 0:
        return 0
    return max(1, min(100, int(100 * part / whole + 0.5)))


# --- What is told in the end ---


def told(figures, parents, overrides, income):
    """Figures with what people wrote instead, and the totals of both.

    :param dict figures: line → figure, the lines that are computed from the records
    :param dict parents: line → lines that it adds up
    :param dict overrides: line → figure, None where nothing was written
    :param income: whole income of the body
    """
    result = {line: _overridden(values, overrides.get(line)) for line, values in figures.items()}
    for line in parents:
        _total(line, parents, result)
    share_of = figure(amount=float(share(result.get("CT", figure(0.0))["amount"] or 0.0, income)))
    result["CP"] = _overridden(share_of, overrides.get("CP"))
    return result


def _total(line, parents, result):
    """A total adds up its parts, some of which are totals themselves."""
    if line in parents:
        found = [_total(part, parents, result) for part in parents[line]]
        found = [values for values in found if values]
        result[line] = figure(*(_sum(found, column) for column in ("amount", "count", "minutes")))
    return result.get(line)


def _overridden(values, override):
    if not override:
        return dict(values)
    return {column: values[column] if override[column] is None else override[column] for column in values}


def _sum(figures, column):
    known = [values[column] for values in figures if values[column] is not None]
    total = sum(known)
    return (round(total, 2) if column == "amount" else total) if known else None


def hours(figures, parents):
    """Whole hours to retype, whose lines add up to their totals: those with the largest part of an hour are raised.

    :return: dict line → hours
    """
    whole = {}
    for line, values in figures.items():
        if values["minutes"] is not None:
            whole[line] = _whole(values["minutes"])
    for line in ("F1", "F3", "F4"):
        _spread(whole, figures, [part for part in parents.get(line, ()) if part in whole], whole.get(line, 0))
    levels = [f"F3a{level}" for level in LEVELS if f"F3a{level}" in whole]
    if sum(figures[level]["minutes"] for level in levels) == figures.get("F3a", {}).get("minutes"):
        _spread(whole, figures, levels, whole["F3a"])
    return whole


def _whole(minutes):
    return (minutes + HOUR // 2) // HOUR


def _spread(whole, figures, parts, total):
    for part in parts:
        whole[part] = figures[part]["minutes"] // HOUR
    left = total - sum(whole[part] for part in parts)
    ranked = sorted(parts, key=lambda part: (-(figures[part]["minutes"] % HOUR), part))
    for part in ranked[: max(left, 0)]:
        whole[part] += 1


def controls(figures):
    """What must hold between frames: (code, whether it does, the figures that are compared)."""
    one, three, four = (figures[line] for line in FRAME_F)
    totals = [one, three, four]
    c10, g5 = figures["C10"]["amount"] or 0.0, figures["G5"]
    levels = add(figures[f"F3a{level}"] for level in LEVELS)
    return [
        ("people", len({values["count"] for values in totals}) == 1, [values["count"] for values in totals]),
        ("hours", len({values["minutes"] for values in totals}) == 1, [values["minutes"] for values in totals]),
        ("levels", _within(levels, figures["F3a"]), [levels["count"], figures["F3a"]["count"]]),
        ("entrusted", _within(figures["F2"], one), [figures["F2"]["count"], one["count"]]),
        ("other_bodies", bool(c10) == bool(g5["count"]), [c10, g5["count"]]),
        (
            "charges",
            figures["D2"]["amount"] + figures["D3"]["amount"] <= figures["D1"]["amount"] + 0.005,
            [figures["D2"]["amount"] + figures["D3"]["amount"], figures["D1"]["amount"]],
        ),
        ("trainers", not one["minutes"] or bool(figures["E1"]["minutes"] or figures["E2"]["minutes"]), []),
    ]


def _within(part, whole):
    return part["count"] <= whole["count"] and part["minutes"] <= whole["minutes"]
