"""The accounting entries file (FEC) that every accounting software exports: its bytes become lines. Pure Python.

Source: article A. 47 A-1 of the Livre des procédures fiscales (columns, dates as YYYYMMDD, debit and credit or amount
and side). Files seen in real life pad their fields, quote them, add columns, or end their lines in odd ways:
all are read. A line that cannot be counted is told with its number, never dropped in silence.
"""

import codecs
import csv
import io
import re
from collections import Counter, defaultdict
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .table_reader import TableError, fold

SEPARATORS = "\t|;,"
ENCODINGS = ("windows-1252", "iso-8859-15", "cp850")
FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ€°«»’‘“”–—…²§\xa0")
NEEDED = ("ecrituredate", "comptenum")
SIDES = {"d": 1, "+1": 1, "1": 1, "+": 1, "c": -1, "-1": -1, "-": -1}
ACCOUNT = re.compile(r"[1-9][0-9A-Z]{0,31}$")
NUMBER = re.compile(r"(\d{1,18})\D*$")
DATES = (re.compile(r"(\d{4})-?(\d\d)-?(\d\d)$"), re.compile(r"(\d\d?)[/.-](\d\d?)[/.-](\d{4})$"))
# what keeps a line out of the books; anything else is told, and the line counts
LEFT_OUT = frozenset(("width", "date", "account", "amount", "subtotal"))
TOLD = 1000  # problems of a kind kept with their line; all are counted
CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
MAX_DIGITS = 12  # of whole euros: more is no amount


class Line(NamedTuple):
    number: int  # in the file, its header being line 1
    journal: str
    entry: str
    date: date
    account: str
    account_name: str
    partner: str  # auxiliary account
    piece: str
    label: str
    debit: int  # cents
    credit: int  # cents
    letter: str = ""  # what matches a payment with its bill


class Problem(NamedTuple):
    number: int
    code: str
    value: str


class Reading:
    """What a file of books says of itself, whatever its kind: known after its last line."""

    encoding = separator = None
    told = TOLD

    def _start(self):
        self.lines = self.debit = self.credit = 0
        self.first_date = self.last_date = None
        self.problems, self.counts = [], Counter()

    def _tell(self, number, code, value=""):
        self.counts[code] += 1
        if self.counts[code] <= self.told:
            self.problems.append(Problem(number, code, value[:80]))

    def _count(self, line):
        self.debit += line.debit
        self.credit += line.credit
        self.first_date = min(self.first_date or line.date, line.date)
        self.last_date = max(self.last_date or line.date, line.date)


class Fec(Reading):
    """A file, read as often as it is walked through."""

    def __init__(self, data, date_from=None, date_to=None, told=TOLD):
        """
        :param bytes data: content of the file
        :param date_from: first day of the year that it should tell; None: any
        :param date_to: last day of it
        :param told: problems of each kind that are kept with their line
        :raise TableError: `empty`, `no_table` (no columns of a FEC), `columns` (with those missing)
        """
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            data = data.decode("utf-16", "replace").encode()
        if not data.strip(b" \t|;,\r\n" + CONTROL):
            raise TableError("empty")
        self.encoding = find_encoding(data)
        self._data = data.replace(b"\r\r\n", b"\n").translate(None, CONTROL)
        self.size = max(self._data.count(b"\n"), self._data.count(b"\r"))
        self.told = told
        self._from, self._to = date_from, date_to
        header = next(self._texts())[1]
        self.separator = max(SEPARATORS, key=header.count)
        self._quoted = header.startswith('"')
        self.columns = self._cells(header)
        self._places = self._find_places()
        self._start()

    def _start(self):
        super()._start()
        self._entries = {}  # (journal, number, date) → [cents, number of the first line]
        self._numbers = defaultdict(set)

    # --- Bytes to cells ---

    def _texts(self):
        """Numbered lines that hold something."""
        with io.TextIOWrapper(io.BytesIO(self._data), encoding=self.encoding, errors="replace") as texts:
            for number, text in enumerate(texts, 1):
                if text.strip(" \t|;,\n"):
                    yield number, text.strip("\n")

    def _cells(self, text):
        try:
            cells = next(csv.reader([text], delimiter=self.separator)) if self._quoted else text.split(self.separator)
        except csv.Error:  # a cell longer than any book has
            cells = [text]
        return [cell.strip() for cell in cells]

    def _find_places(self):
        places = {}
        for place, name in enumerate(self.columns):
            places.setdefault(fold(name).replace(" ", ""), place)
        known = {"journalcode", "ecriturenum", "ecriturelib", *NEEDED}
        if len(known & set(places)) < 2:
            raise TableError("no_table")
        missing = [name for name in NEEDED if name not in places]
        if not {"montant", "sens"} <= set(places):
            missing += [name for name in ("debit", "credit") if name not in places]
        if missing:
            raise TableError("columns", columns=missing)
        return places

    # --- Lines ---

    def __iter__(self):
        """The lines that count; the others are among the problems."""
        self._start()
        texts = self._texts()
        next(texts)
        for number, text in texts:
            self.lines += 1
            line = self._line(number, self._cells(text))
            if line:
                self._count(line)
                yield line
        self._check_entries()
        self._check_numbers()

    def _line(self, number, cells):
        places = self._places
        if len(cells) <= max(places[name] for name in self._amount_columns()):
            return self._tell(number, "width", str(len(cells)))
        said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        day, account = _date(said["ecrituredate"]), said["comptenum"].upper()
        if not day:
            return self._tell(number, "date", said["ecrituredate"])
        if not ACCOUNT.match(account):
            return self._tell(number, "account", account)
        try:
            debit, credit = self._amounts(said)
        except ValueError as error:
            return self._tell(number, "amount", str(error))
        self._check_line(number, said, day, debit, credit)
        return Line(
            number=number,
            journal=said.get("journalcode", ""),
            entry=said.get("ecriturenum", ""),
            date=day,
            account=account,
            account_name=said.get("comptelib", ""),
            partner=said.get("compauxlib", "") or said.get("compauxnum", ""),
            piece=said.get("pieceref", ""),
            label=said.get("ecriturelib", ""),
            debit=debit,
            credit=credit,
            letter=said.get("ecriturelet", ""),
        )

    def _amount_columns(self):
        return ("debit", "credit") if "debit" in self._places else ("montant", "sens")

    def _amounts(self, said):
        if "debit" in self._places:
            return cents(said["debit"]), cents(said["credit"])
        side, amount = SIDES.get(said["sens"].lower()), cents(said["montant"])
        if not side:
            raise ValueError(said["sens"])
        return (amount, 0) if side > 0 else (0, amount)

    # --- Checks ---

    def _check_line(self, number, said, day, debit, credit):
        if (self._from and day < self._from) or (self._to and day > self._to):
            self._tell(number, "year", said["ecrituredate"])
        if debit and credit:
            self._tell(number, "both_sides", f"{euros(debit)} / {euros(credit)}")
        for column, code in (("journalcode", "journal"), ("ecriturenum", "number"), ("ecriturelib", "label")):
            if column in self._places and not said[column]:
                self._tell(number, code)
        if "validdate" in self._places:
            if not said["validdate"]:
                self._tell(number, "not_valid")
            elif not _date(said["validdate"]):
                self._tell(number, "valid_date", said["validdate"])
        if said.get("piecedate") and not _date(said["piecedate"]):
            self._tell(number, "piece_date", said["piecedate"])

    def _count(self, line):
        super()._count(line)
        entry = self._entries.setdefault((line.journal, line.entry, line.date), [0, line.number])
        entry[0] += line.debit - line.credit
        if found := NUMBER.search(line.entry):
            self._numbers[line.journal].add(int(found[1]))

    def _check_entries(self):
        for (_journal, entry, _day), (balance, number) in self._entries.items():
            if balance and entry:
                self._tell(number, "unbalanced", f"{entry} ({euros(balance)})")
        unnumbered = sum(balance for (_journal, entry, _day), (balance, _number) in self._entries.items() if not entry)
        if unnumbered:
            self._tell(0, "unbalanced", euros(unnumbered))

    def _check_numbers(self):
        """Entries are numbered without a gap, through the file or within each journal."""
        journals = {journal: _missing(numbers) for journal, numbers in self._numbers.items()}
        if not _missing(set().union(*self._numbers.values())):
            return
        for journal, missing in journals.items():
            if missing:
                self._tell(0, "gap", f"{journal} ({missing})")


def _missing(numbers):
    """How many numbers are left out between the first and the last."""
    return max(numbers) - min(numbers) + 1 - len(numbers) if numbers else 0


def find_encoding(data):
    """The encoding under which a French text reads best."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        odd = Counter(data.translate(None, bytes(range(128))))

    def score(encoding):
        read = ((bytes([byte]).decode(encoding, "replace"), count) for byte, count in odd.items())
        return sum(count if char in FRENCH else -count for char, count in read)

    return max(ENCODINGS, key=score)


@lru_cache(4096)
def _date(text):
    for order, pattern in zip((1, -1), DATES, strict=True):
        if found := pattern.match(text):
            try:
                return date(*map(int, found.groups()[::order]))
            except ValueError:
                return None
    return None


def euros(amount):
    """Cents as a French file writes them."""
    return f"{amount / 100:.2f}".replace(".", ",")


def cents(text):
    """An amount as it is written, in cents: "1 234,5" is 123450; nothing is 0.

    :raise ValueError: with the text, when it is no amount or tells parts of a cent
    """
    bare = re.sub(r"[\s\xa0\u202f]", "", text)
    if not bare:
        return 0
    sign = -1 if bare[0] == "-" or (bare[0] == "(" and bare[-1] == ")") or bare[-1] == "-" else 1
    digits = bare.strip("+-()€")
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    whole, _point, decimals = digits.partition(".")
    decimals = decimals.rstrip("0")
    if not digits or not (whole + decimals + "0").isdecimal() or len(decimals) > 2 or len(whole) > MAX_DIGITS:
        raise ValueError(text)
    return sign * (int(whole or 0) * 100 + int(decimals.ljust(2, "0")))
