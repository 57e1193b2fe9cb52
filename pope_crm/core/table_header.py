"""Which field each header of somebody's table means. Pure Python: the words come from whoever calls."""

import re
from typing import NamedTuple

from .table_reader import fold

HOLDER = "holder"  # name, among the words of a table of projects, of what people call a holder
MAX_HOLDERS = 6
ORDINALS = {"premier": 1, "premiere": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4,
            "cinquieme": 5, "sixieme": 6}  # fmt: skip
SMALL_WORDS = {"de", "du", "des", "d", "le", "la", "les", "l", "un", "une", "au", "en", "n", "no", "num", "e", "er",
               "ere", "eme", "nd", "nde", "ou", "et", "a", "s"}  # fmt: skip


TITLE_ROWS = 30  # rows among which the titles of wanted columns are looked for


class Titles(NamedTuple):
    """Where the columns are named."""

    sheet: int
    row: int  # position among the rows that were read
    columns: dict  # position of each wanted column that was found


def holder_field(number, name):
    return f"{HOLDER}_{number}_{name}"


class Matcher:
    """Fields of the headers of one kind of table.

    A header is a field's when it is one of its words. In a table of projects, a word of a person with a number, or
    with a word that names a holder, is that holder's: "Porteuse 2 - nom", "Tél. AM n°3", "Prénom 2".
    """

    def __init__(self, words, person_words=None, holder_words=()):
        """
        :param words: dict header → field
        :param person_words: dict header → field of a person, where a row holds several of them
        :param holder_words: words that name a holder
        """
        self.words = {fold(header): name for header, name in words.items()}
        self.short_words = {_short(header): name for header, name in words.items()}
        self.person_words = {_short(header): name for header, name in (person_words or {}).items()}
        self.holder_words = {word for header in holder_words for word in fold(header).split()}

    def field_of(self, header):
        """The field of a header by itself; of a person without a number, the first holder's. None when unknown."""
        return self._find(header)[0]

    def _find(self, header):
        """(field, field of a person when the header gives no number)"""
        plain = fold(header)
        if not plain:
            return None, None
        if plain in self.words:
            return self.words[plain], None
        if self.person_words and (found := self._person(plain)):
            number, name, told = found
            return holder_field(number, name), None if told else name
        return self.short_words.get(_short(plain)), None

    def _person(self, plain):
        tokens = re.findall(r"[^\W\d]+|\d+", plain)
        numbers = [int(token) if token.isdigit() else ORDINALS[token] for token in tokens if _counts(token)]
        names_holder = any(token in self.holder_words for token in tokens)
        if len(numbers) > 1 or (numbers and not 1 <= numbers[0] <= MAX_HOLDERS):
            return None
        rest = " ".join(
            token for token in tokens if not _counts(token) and token not in self.holder_words | SMALL_WORDS
        )
        name = self.person_words.get(rest) or ("name" if not rest and names_holder else None)
        return name and (numbers[0] if numbers else 1, name, bool(numbers) or names_holder)

    def fields_of(self, headers):
        """The field of each header of one table, none twice: without numbers, the second "Nom" is another holder's."""
        found = [self._find(header) for header in headers]
        taken = {name for name, person in found if name and not person}
        fields = []
        for name, person in found:
            if person:
                numbers = range(1, MAX_HOLDERS + 1)
                free = next((each for n in numbers if (each := holder_field(n, person)) not in taken), None)
                taken.add(free)
                fields.append(free)
            else:
                fields.append(None if name in fields else name)
        return self._name_alone(found, fields)

    def _name_alone(self, found, fields):
        """A single "Nom", where nothing else names the project or the first holder, is the project's."""
        first = holder_field(1, "last_name")
        unsaid = [place for place, (_name, person) in enumerate(found) if person == "last_name"]
        if len(unsaid) == 1 and "name" not in fields and holder_field(1, "first_name") not in fields:
            fields[unsaid[0]] = "name" if fields[unsaid[0]] == first else fields[unsaid[0]]
        return fields


def _counts(token):
    return token.isdigit() or token in ORDINALS


def _short(header):
    return " ".join(token for token in fold(header).split() if token not in SMALL_WORDS)


# --- A few wanted columns, on any sheet ---


def plain(title):
    """A title as it is compared: without accents, capitals, signs and spaces."""
    return fold(title).replace(" ", "")


def find_titles(sheets, wanted):
    """The row that names the columns: titles may stand under others, on any sheet.

    :param sheets: as `Table.text_sheets` gives them
    :param wanted: for each column, its usual titles in their `plain` form, the likeliest first
    """
    best = Titles(0, 0, {})
    for sheet, rows in enumerate(sheets):
        for position, row in enumerate(rows[:TITLE_ROWS]):
            columns = _match([plain(cell) for cell in row.cells], wanted)
            if len(columns) > len(best.columns):
                best = Titles(sheet, position, columns)
    return best


def _match(titles, wanted):
    found = {}
    for exact in (True, False):
        for name, aliases in wanted.items():
            free = [position for position in range(len(titles)) if position not in found.values()]
            for alias in aliases if name not in found else ():
                position = next(
                    (
                        position
                        for position in free
                        # a title may go on ("code_qpv_2024"), unless its beginning is too short to tell
                        if titles[position] == alias
                        or (not exact and len(alias) >= 5 and titles[position].startswith(alias))
                    ),
                    None,
                )
                if position is not None:
                    found[name] = position
                    break
    return found
