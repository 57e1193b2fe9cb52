"""Signatures and their seals: what is hashed, and what a check finds when somebody changed the past.

Each signature has the hash of its own content. A seal hashes the ordered hashes of the signatures that it closes, with
the seal before it in the same session. No signature depends on another: thirty people sign at once.
"""

import hashlib
import json
from collections import namedtuple

FIRST = "0" * 64  # what the first seal of a session follows
SLACK_MINUTES = 15  # a signature that was being written when its half-day was sealed

Row = namedtuple("Row", "id label group moment stored computed")
Row.__doc__ = """A signature as it is found.

:param group: what is sealed together: its half-day
:param moment: when the server took it
:param stored: the hash that stands with it
:param computed: the hash of its content
"""
Seal = namedtuple("Seal", "number group moment former lines stored linked about", defaults=(None,))
Seal.__doc__ = """A seal as it is found.

:param lines: the ids, hashes and labels of the signatures that it closed, in order
:param stored: the hash of the seal
:param linked: ids of the signatures that stand under it
:param about: what else it was made of, by name: its number, its half-day, when and how it was sealed; None in the first
    seals, which were of their lines alone
"""
Fault = namedtuple("Fault", "kind label seal")


def canonical(values):
    """The same text for the same values, whatever their order."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(text):
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def row_hash(values):
    return digest(canonical(values))


def seal_hash(former, lines, about=None):
    """
    :param former: hash of the session's seal before this one
    :param lines: the ids, hashes and labels of the signatures, in order
    :param about: see `Seal`
    """
    return digest(canonical([former or FIRST, [list(line) for line in lines], *([about] if about else ())]))


def short(text):
    """A hash as people compare it, on paper or in an e-mail."""
    return " ".join(text[start : start + 4] for start in range(0, 16, 4)).upper()


def check(rows, seals):
    """What does not stand as it was signed and sealed.

    :param rows: signatures of one session
    :param seals: its seals
    :return: faults, by seal; their kind is changed, deleted, inserted, reordered, seal (its text changed) or chain (a
        seal before it is missing or changed)
    """
    known, sealed, faults = {row.id: row for row in rows}, set(), []
    former = FIRST
    for seal in sorted(seals, key=lambda seal: seal.number):
        if seal.former != former:
            faults.append(Fault("chain", "", seal.number))
        faults += _check_seal(seal, known)
        sealed.update(line[0] for line in seal.lines)
        former = seal.stored
    for row in rows:
        if row.id not in sealed:
            faults += _check_loose(row, seals)
    return faults


def _check_seal(seal, known):
    lines = [tuple(line) for line in seal.lines]
    faults = []
    if seal_hash(seal.former, lines, seal.about) != seal.stored:
        ordered = sorted(lines)
        if ordered != lines and seal_hash(seal.former, ordered, seal.about) == seal.stored:
            moved = [line for line, place in zip(lines, ordered, strict=True) if line != place]
            faults += [Fault("reordered", label, seal.number) for _id, _hash, label in moved]
        else:
            faults.append(Fault("seal", "", seal.number))
    for number, stored, label in lines:
        row = known.get(number)
        if row is None:
            faults.append(Fault("deleted", label, seal.number))
        elif row.computed != stored or row.stored != stored:
            faults.append(Fault("changed", label, seal.number))
    closed = {line[0] for line in lines}
    strange = [number for number in seal.linked if number not in closed]
    faults += [Fault("inserted", known[number].label, seal.number) for number in strange if number in known]
    missing = [number for number in closed if number not in seal.linked and number in known]
    faults += [Fault("seal", known[number].label, seal.number) for number in missing]
    return faults


def _check_loose(row, seals):
    """A signature that no seal closed yet: one that claims to be older than a seal of its half-day was put in later."""
    if row.computed != row.stored:
        return [Fault("changed", row.label, None)]
    if any(row.id in seal.linked for seal in seals):
        return []  # told with the seal
    later = [
        seal
        for seal in seals
        if seal.group == row.group and (seal.moment - row.moment).total_seconds() > SLACK_MINUTES * 60
    ]
    return [Fault("inserted", row.label, later[0].number)] if later else []
