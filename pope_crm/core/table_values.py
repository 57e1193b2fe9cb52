"""What a cell says: days, amounts, phones, addresses, names, as French files write them. Pure Python."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from . import person_names
from .table_reader import fold

MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "sep": 9, "octobre": 10,
    "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
WEEKDAYS = re.compile(r"^(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) ")
NOTHING = {
    "",
    "nc",
    "n c",
    "na",
    "n a",
    "neant",
    "aucun",
    "aucune",
    "inconnu",
    "inconnue",
    "non renseigne",
    "nr",
    "null",
}
YES, NO = {"oui", "o", "x", "1", "vrai", "true", "yes", "ok", "fait"}, {"non", "n", "0", "faux", "false", "no"}
ERRORS = re.compile(r"^#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|VALEUR!|NOM\?|NUL!|NOMBRE!)$")
SCIENTIFIC = re.compile(r"^\d([.,]\d+)?E\+?\d+$", re.IGNORECASE)
EMAIL = re.compile(r"[^\s;,:<>()\[\]/|\"']+@[^\s;,:<>()\[\]/|\"'@]+\.[^\s;,:<>()\[\]/|\"'@]+")
FIRST_DAY = date(1899, 12, 30)  # of a spreadsheet's calendar
LA_POSTE = "356000000"  # the one company whose numbers follow another rule


class Unreadable(ValueError):
    """`code` says what was expected, or that a spreadsheet destroyed the value; `near`, what it may have meant."""

    def __init__(self, code, near=()):
        super().__init__(code)
        self.code, self.near = code, near


def text(value):
    """Any cell as text; empty for what stands for nothing (a dash, "néant")."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, bool):
        return "oui" if value else "non"
    words = str(value).strip()
    if ERRORS.match(words):
        raise Unreadable("error")
    return "" if fold(words) in NOTHING and not re.search(r"\d", words) else words


def day(value, today=None):
    """A day, whatever wrote it; of a month or a year alone, its first day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    words = text(value)
    if not words:
        return None
    try:
        found = _day_of(words.lower(), (today or date.today()).year)
    except (ValueError, OverflowError):
        found = None
    if not found or not 1900 <= found.year <= 2100:
        raise Unreadable("date")
    return found


def _day_of(words, this_year):
    def year(digits):
        number = int(digits)
        if len(digits) > 2:
            return number
        return 2000 + number if number <= this_year % 100 + 10 else 1900 + number

    if match := re.match(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(\D.*)?$", words):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.match(r"^(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})(\s.*)?$", words):
        return date(year(match[3]), int(match[2]), int(match[1]))
    if match := re.match(r"^(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})$", words):
        return date(year(match[2]), int(match[1]), 1)
    if match := re.match(r"^(\d+)([.,]\d+)?$", words):
        number = int(match[1])
        if len(match[1]) == 8:
            return date(number // 10000, number // 100 % 100, number % 100)
        if 1900 <= number <= 2100:
            return date(number, 1, 1)
        return FIRST_DAY + timedelta(number) if 15000 < number < 75000 else None
    plain = WEEKDAYS.sub("", fold(words))
    match = re.match(r"^(?:(\d{1,2})(?:er| er)? )?([a-z]+) (\d{4}|\d{2})$", plain)
    month = match and MONTHS.get(match[2])
    return date(year(match[3]), month, int(match[1] or 1)) if month else None


def amount(value):
    """A number, as "1 234,56 €", "(12,50)", "1.234,56" or "1234.56" write it."""
    if isinstance(value, (date, bool)):
        raise Unreadable("number")
    words = text(value)
    if not words:
        return None
    digits = re.sub(r"[\s\u202f\xa0'’]|€|eur(os?)?$", "", words.lower()).replace("−", "-")
    negative = digits.startswith("-") or digits.endswith("-") or (digits.startswith("(") and digits.endswith(")"))
    digits = digits.strip("-()+")
    if digits.rfind(",") > digits.rfind("."):  # the last one marks the decimals, the other one the thousands
        digits = digits.translate({ord(","): ".", ord("."): ","})
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", digits):  # alone and several times, it marks the thousands too
        digits = digits.replace(".", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", digits):
        digits = digits.replace(",", "")
    if not re.fullmatch(r"\d+(\.\d*)?(e[+-]?\d{1,3})?|\.\d+", digits):
        raise Unreadable("number")
    try:
        number = Decimal(digits)
    except InvalidOperation as error:
        raise Unreadable("number") from error
    return -number if negative else number


def number(value):
    """A quantity, with or without its unit: "3,5 ETP"."""
    if isinstance(value, str):
        value = re.sub(r"(?<=\d)\s*[^\W\d_]\D*$", "", value)
    found = amount(value)
    if found is not None and not 0 <= found < 10**6:
        raise Unreadable("number")
    return float(found) if found is not None else None


def whole(value):
    found = number(value)
    if found is not None and found != int(found):
        raise Unreadable("whole")
    return int(found) if found is not None else None


def boolean(value):
    if isinstance(value, (bool, int)) and value in (0, 1):
        return bool(value)
    words = fold(text(value))
    if words in YES or words in NO:
        return words in YES
    if not words:
        return None
    raise Unreadable("boolean")


def emails(value):
    """The addresses of a cell, in small letters."""
    words = text(value)
    if not words:
        return []
    found = [each.strip(".").lower() for each in EMAIL.findall(re.sub(r"^mailto:", "", words, flags=re.IGNORECASE))]
    if not found:
        raise Unreadable("email")
    return list(dict.fromkeys(found))


def phones(value):
    """The numbers of a cell, as they are dialled in France; a spreadsheet that ate the first zero is put right."""
    words = text(value)
    if not words:
        return []
    found = []
    for part in re.split(r"[/;|\n]|\bou\b|\bet\b|,(?=\s)", words):
        if SCIENTIFIC.match(part.strip()):
            raise Unreadable("destroyed")
        digits = re.sub(r"[^\d+]", "", re.sub(r"\(0\)", "", part))
        if not digits:
            continue
        digits = re.sub(r"^(\+33|0033|33(?=\d{9}$))0?", "0", digits)
        if re.fullmatch(r"[1-9]\d{8}", digits):
            digits = f"0{digits}"
        if re.fullmatch(r"0[1-9]\d{8}", digits):
            found.append(" ".join(re.findall("..", digits)))
        elif re.fullmatch(r"(\+|00)\d{7,15}", digits):
            found.append(digits)
        else:
            raise Unreadable("phone")
    if not found:
        raise Unreadable("phone")
    return list(dict.fromkeys(found))


def siret(value):
    """The fourteen digits of a French place of business, or the nine of its company."""
    words = text(value)
    if not words:
        return None
    digits = re.sub(r"[\s.\u202f\xa0]", "", words)
    if SCIENTIFIC.match(words) or re.fullmatch(r"[1-9]\d{2,6}0{8,}", digits):
        raise Unreadable("destroyed")
    digits = digits.zfill(14) if re.fullmatch(r"\d{12,13}", digits) else digits
    if not re.fullmatch(r"\d{9}|\d{14}", digits) or not (_luhn(digits) or _of_la_poste(digits)):
        raise Unreadable("siret")
    return digits


def _luhn(digits):
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _of_la_poste(digits):
    return digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0


# --- Names ---


def split_name(full, header=""):
    """Title, first and last name of a person written in one cell, as far as capitals, or else the header, tell them.

    :param header: what stands above the cell: "Nom et prénom" says which of two words comes first
    :return: (civility, first name, last name), each of them empty where there is a doubt
    """
    if parts := person_names.split_name(full):
        return parts
    words = full.replace(",", " , ").split()
    civility = person_names.CIVILITIES.get(words[0].lower()) if words else None
    words = words[1 if civility else 0 :]
    order = [word for word in fold(header).split() if word in ("nom", "prenom")]
    if len(words) == 3 and words[1] == ",":
        return civility, words[2], words[0]
    if len(words) == 2 and order in (["nom", "prenom"], ["prenom", "nom"]):
        return (civility, *(words if order[0] == "prenom" else reversed(words)))
    return civility, "", ""


def name_key(*names):
    """A name as it is compared, whatever the order of its words."""
    return " ".join(sorted(fold(" ".join(name for name in names if name)).split()))


def names_agree(one, other):
    """Whether two names may be one person's: the words of the shorter are in the longer, or begin one of its words."""
    one, other = sorted((name_key(one).split(), name_key(other).split()), key=len)
    for word in one:
        match = next((each for each in other if each == word or _is_initial(each, word)), None)
        if not match:
            return False
        other.remove(match)
    return True


def _is_initial(one, other):
    return 1 in (len(one), len(other)) and one[0] == other[0]
