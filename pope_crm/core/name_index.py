"""Records found by the names that people give them. Pure Python."""

from difflib import get_close_matches

from .table_reader import fold


class NameIndex:
    """Names of some records, each with what it stands for; one record may have several."""

    def __init__(self, pairs):
        """:param pairs: (name, record) pairs"""
        self._named = {}
        self._shown = {}
        for name, record in pairs:
            if plain := _bare(name):
                self._named.setdefault(plain, set()).add(record)
                self._shown.setdefault(plain, name)

    def find(self, text):
        """The one record of that name; or whose name has all these words, maybe cut; or all of whose words are here."""
        plain = _bare(text)
        found = self._candidates(plain) if plain else ()
        return next((next(iter(records)) for records in found if len(records) == 1), None)

    def _candidates(self, plain):
        """The records of a text, from the surest way to the least sure."""
        words = set(plain.split())
        yield self._named.get(plain, ())
        yield self._where(lambda name: words <= name)
        yield self._where(lambda name: all(_begins_one(word, name) for word in words))
        yield self._where(lambda name: name <= words)

    def near(self, text, count=3):
        """Names that look like a text, to propose them."""
        return [self._shown[plain] for plain in get_close_matches(_bare(text), self._named, count)]

    def _where(self, condition):
        return set().union(*(records for name, records in self._named.items() if condition(set(name.split()))))


def _bare(text):
    """Words without the marks of plural and feminine: a person writes "ouverte", the list says "Ouvert"."""
    return " ".join(word if len(word) < 4 else word.rstrip("s").removesuffix("e") for word in fold(text).split())


def _begins_one(word, names):
    return word in names or (len(word) > 3 and any(name.startswith(word) for name in names))
