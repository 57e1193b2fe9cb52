"""French names of persons: shown as *Prénom NOM*, and taken apart only when their capitals leave no doubt."""

import itertools
import re
import unicodedata
from typing import NamedTuple

# Written small by those who write them small: "de LA TOUR", "van der BERG"; "DE OLIVEIRA" stays as it is typed.
SMALL_PARTICLES = {"de", "da", "do", "dos", "das", "di", "del", "della", "van", "von", "der", "den", "ter", "ten", "zu"}
# Only tell that a name goes on: "Joachim du BELLAY".
PARTICLES = SMALL_PARTICLES | {"du", "des", "la", "le", "les", "el", "al", "ben", "bin", "ibn"}
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*")
ELISION = re.compile(r"^(d['’])(?=\w)")
CIVILITIES = {
    "m.": "mr",
    "mr": "mr",
    "mr.": "mr",
    "monsieur": "mr",
    "mme": "mrs",
    "mme.": "mrs",
    "mlle": "mrs",
    "mlle.": "mrs",
    "madame": "mrs",
    "mademoiselle": "mrs",
}


class NameParts(NamedTuple):
    civility: str | None
    first_name: str
    last_name: str


def clean(text):
    """One line, single spaces, accents in one piece whatever computer typed them."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def tidy_first_name(text):
    """A first name typed all in small or all in capital letters gets its capitals: "MARIE-ANGE" is Marie-Ange."""
    text = clean(text)
    if text.isupper() or text.islower():
        text = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), text)
    return text


def show_last_name(text):
    """A name in capitals, but for particles that were typed small and the small letter of an elision."""
    words = re.split(r"([ -])", clean(text))
    last = max((index for index, word in enumerate(words) if word not in ("", " ", "-")), default=-1)
    for index, word in enumerate(words):
        if index < last and word in SMALL_PARTICLES:
            continue
        elision = ELISION.match(word)
        start = elision.end() if elision else 0
        words[index] = word[:start] + word[start:].upper()
    return "".join(words)


def full_name(first_name, last_name):
    """*Prénom NOM*, or the part that is known; empty when neither is."""
    return " ".join(filter(None, (tidy_first_name(first_name), show_last_name(last_name))))


def _is_capital(word):
    letters = ELISION.sub("", word)
    return letters.isupper() and sum(letter.isalpha() for letter in letters) > 1


def split_name(text):
    """Take a whole name apart, when capitals tell which part is which: "Awa DIALLO", "DE LA TOUR, Marie".

    :return: `NameParts`, or None when there is a doubt
    """
    words = clean(text).replace(",", " , ").split()
    civility = CIVILITIES.get(words[0].lower()) if words else None
    words = [word for word in words[1 if civility else 0 :] if word != ","]
    kinds = []
    for word, following in itertools.zip_longest(words, words[1:], fillvalue=""):
        goes_on = word in PARTICLES and bool(following) and (_is_capital(following) or following in PARTICLES)
        kinds.append(_is_capital(word) or goes_on)
    changes = [index for index in range(1, len(kinds)) if kinds[index] != kinds[index - 1]]
    if len(changes) != 1 or not all(WORD.fullmatch(word) for word in words):
        return None
    parts = " ".join(words[: changes[0]]), " ".join(words[changes[0] :])
    last_name, first_name = parts if kinds[0] else parts[::-1]
    return NameParts(civility, tidy_first_name(first_name), last_name)


def sort_key(text):
    """What two ways of writing one person's name have in common: words without accents, capitals, hyphens or order."""
    plain = unicodedata.normalize("NFKD", text or "")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return tuple(sorted(re.findall(r"\w+", plain.replace("œ", "oe").replace("æ", "ae"))))


def pattern(texts):
    """What finds any of these texts as whole words, whatever their capitals; None when there is nothing to find."""
    texts = sorted({clean(text) for text in texts if len(clean(text)) > 2}, key=len, reverse=True)
    if not texts:
        return None
    choice = "|".join(map(re.escape, texts))
    return re.compile(rf"(?<!\w)(?:{choice})(?!\w)", re.IGNORECASE)
