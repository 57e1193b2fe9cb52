"""A trial balance, a line an account, as accountants send it: its bytes become lines of the last day. Pure Python.

Its columns are found by their names: account, name, and one of closing debit and credit, one signed closing balance,
or debit and credit.
"""

import re

from .fec import ACCOUNT, Fec, Line, Reading, cents, euros
from .table_reader import Table, TableError, find_header, fold, is_total

WORDS = {
    "account": (
        "compte", "comptes", "n compte", "no compte", "n de compte", "no de compte", "num compte", "numero",
        "numero compte", "numero de compte", "numero du compte", "comptenum", "code", "code compte", "compte general",
        "n", "account",
    ),
    "name": (
        "intitule", "intitules", "intitule compte", "intitule du compte", "intitule de compte", "libelle",
        "libelle compte", "libelle du compte", "libelle de compte", "comptelib", "nom", "nom du compte", "designation",
    ),
    "debit": (
        "debit", "debits", "total debit", "debit total", "mouvement debit", "mouvements debit", "mouvements debiteurs",
        "mvt debit", "mvts debit", "cumul debit", "debit cumule",
    ),
    "credit": (
        "credit", "credits", "total credit", "credit total", "mouvement credit", "mouvements credit",
        "mouvements crediteurs", "mvt credit", "mvts credit", "cumul credit", "credit cumule",
    ),
    "closing_debit": (
        "solde debiteur", "soldes debiteurs", "solde debit", "soldes debit", "debiteur", "solde fin debit",
        "solde final debit", "solde debit final", "solde de cloture debit",
    ),
    "closing_credit": (
        "solde crediteur", "soldes crediteurs", "solde credit", "soldes credit", "crediteur", "solde fin credit",
        "solde final credit", "solde credit final", "solde de cloture credit",
    ),
    "closing": ("solde", "soldes", "solde final", "solde fin", "solde de cloture", "solde cloture", "solde net"),
}  # fmt: skip
FIELDS = {word: field for field, words in WORDS.items() for word in words}
AMOUNTS = (("closing_debit", "closing_credit"), ("closing",), ("debit", "credit"))


def read(data, date_from, date_to, **options):
    """Whatever kind of books a file is.

    :return: ("fec" or "balance", its reading)
    :raise TableError: why it is neither
    """
    if not data.startswith(b"PK\x03\x04"):
        try:
            return "fec", Fec(data, date_from, date_to, **options)
        except TableError as error:
            if error.code != "no_table":
                raise
    return "balance", TrialBalance(data, date_to, **options)


class TrialBalance(Reading):
    """A table of accounts, read as often as it is walked through."""

    def __init__(self, data, day, told=None):
        """
        :param bytes data: content of the file, XLSX or separated text
        :param day: the last day of the year that it tells
        :param told: problems of each kind that are kept with their line
        :raise TableError: why it cannot be read; `columns` with those that are missing
        """
        self._table = Table(data)
        self.encoding, self.separator = self._table.encoding, self._table.separator
        self._day = day
        self.told = told or self.told
        self._header = find_header(self._table.rows(), self._field_of)
        self._places = {}
        for place, name in enumerate(self._header.names):
            self._places.setdefault(self._field_of(name), place)
        self._amounts = next((names for names in AMOUNTS if all(name in self._places for name in names)), None)
        if "account" not in self._places and not self._amounts:
            raise TableError("no_books")
        missing = [] if "account" in self._places else ["account"]
        if missing or not self._amounts:
            raise TableError("columns", columns=missing or ["debit", "credit"])
        self.size = sum(1 for _row in self._table.rows())
        self._start()

    def _field_of(self, header):
        """The closing balance of the year that the file tells may give its date, "Solde au 31/12/2025" or "Solde N"."""
        plain = fold(header)
        year = self._day.year
        return FIELDS.get(plain) or FIELDS.get(re.sub(rf" (?:(?:au )?(?:\d\d \d\d )?{year}|n)$", "", plain))

    def __iter__(self):
        """The lines that count; the others are among the problems."""
        self._start()
        rows = [row for row in self._table.rows() if row.number > self._header.last and not is_total(row.cells)]
        said = [(row.number, self._cell(row, "account"), row) for row in rows]
        longer = {account[:size] for _number, account, _row in said for size in range(1, len(account))}
        seen = set()
        for number, account, row in said:
            line = self._line(number, account, row, longer)
            if line:
                if account in seen:
                    self._tell(number, "twice", account)
                seen.add(account)
                self._count(line)
                yield line
        if self.debit != self.credit:
            self._tell(0, "unbalanced", euros(self.debit - self.credit))

    def _cell(self, row, name):
        place = self._places.get(name, len(row.cells))
        value = row.cells[place] if place < len(row.cells) else None
        return "" if value is None else str(value).strip().upper() if name == "account" else value

    def _line(self, number, account, row, longer):
        values = [self._cell(row, name) for name in self._amounts]
        if values == [""] * len(values):
            return None  # a heading
        self.lines += 1
        if not ACCOUNT.match(account):
            return self._tell(number, "account", account)
        if len(account) <= 2 and account in longer:
            return self._tell(number, "subtotal", account)
        try:
            amounts = [_cents(value) for value in values]
        except ValueError as error:
            return self._tell(number, "amount", str(error))
        if len(amounts) == 1:
            amounts = [max(amounts[0], 0), max(-amounts[0], 0)]
        return Line(
            number=number,
            journal="",
            entry="",
            date=self._day,
            account=account,
            account_name=str(self._cell(row, "name")),
            partner="",
            piece="",
            label="",
            debit=amounts[0],
            credit=amounts[1],
        )


def _cents(value):
    """An amount of a cell: a number of a workbook may carry the dust of its formula."""
    return cents(f"{value:.2f}") if isinstance(value, (int, float)) else cents(str(value))
