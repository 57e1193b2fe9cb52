"""Which line of a statement an account belongs to: the one with the longest prefix of its code. Pure Python."""

import re

SEPARATORS = re.compile(r"[\s,;]+")
PREFIX = re.compile(r"^-?[0-9A-Za-z.]+$")


def parse(text):
    """Prefixes and exclusions of a line.

    :param str text: codes apart by commas or spaces; one that begins with "-" takes accounts away
    :return: (prefixes, exclusions)
    :raise ValueError: with the part that is no prefix
    """
    taken, left = [], []
    for part in filter(None, SEPARATORS.split(text or "")):
        if not PREFIX.match(part):
            raise ValueError(part)
        if part.startswith("-"):
            left.append(part[1:])
        else:
            taken.append(part)
    return taken, left


def matching(code, text):
    """Length of the longest prefix of the line that takes this account; 0 when the line does not take it.

    An exclusion wins over the prefixes it is longer than, or equal to: "64 -6411 641198" takes 641198, not 641100.
    """
    taken, left = parse(text)
    length = max((len(prefix) for prefix in taken if code.startswith(prefix)), default=0)
    excluded = max((len(prefix) for prefix in left if code.startswith(prefix)), default=0)
    return length if length > excluded else 0


def attribute(codes, lines):
    """Give each account to one line: the one with the longest matching prefix, the first of them when two are equal.

    :param codes: account codes
    :param lines: (key, prefixes) pairs, in their order
    :return: (dict code → key, codes that no line takes)
    """
    parsed = [(key, *parse(prefixes)) for key, prefixes in lines]
    owner, alone = {}, []
    for code in codes:
        best, best_length = None, 0
        for key, taken, left in parsed:
            length = max((len(prefix) for prefix in taken if code.startswith(prefix)), default=0)
            if length <= best_length:
                continue
            if length > max((len(prefix) for prefix in left if code.startswith(prefix)), default=0):
                best, best_length = key, length
        if best_length:
            owner[code] = best
        else:
            alone.append(code)
    return owner, alone


def totals(balances, lines, signs=None):
    """Amount of each line.

    :param dict balances: debit minus credit, by account code
    :param lines: (key, prefixes) pairs, in their order
    :param dict signs: 1 for an expense (debit minus credit), -1 for an income (credit minus debit), by key
    :return: (dict key → amount, codes that no line takes)
    """
    owner, alone = attribute(balances, lines)
    signs = signs or {}
    amounts = dict.fromkeys((key for key, _prefixes in lines), 0.0)
    for code, key in owner.items():
        amounts[key] += signs.get(key, 1) * balances[code]
    return amounts, alone


def under(balances, prefix, sign=1):
    """What the general ledger says of all accounts whose code begins with a prefix."""
    return sign * sum(balance for code, balance in balances.items() if code.startswith(prefix))
