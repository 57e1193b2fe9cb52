"""Names of files and folders that every system accepts. Pure Python."""

import re
import unicodedata

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
# names that Windows keeps for itself, whatever their extension
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
LONGEST = 80


def safe(name, default="file"):
    """One part of a path: no separator, no control character, neither hidden nor reserved, of a reasonable length."""
    words = " ".join(FORBIDDEN.sub(" ", unicodedata.normalize("NFC", name or "")).split()).strip(". ")
    if RESERVED.match(words):
        words = f"_{words}"
    if len(words) > LONGEST:
        stem, dot, extension = words.rpartition(".")
        if dot and len(extension) <= 8:
            words = f"{stem[: LONGEST - len(extension) - 1].rstrip('. ')}.{extension}"
        else:
            words = words[:LONGEST].rstrip(". ")
    return words or default


def unlike(name, taken):
    """The name, or with a number when it is taken, whatever the case; it is then taken."""
    stem, dot, extension = name.rpartition(".")
    result, serial = name, 2
    while result.lower() in taken:
        result = f"{stem} ({serial}).{extension}" if dot else f"{name} ({serial})"
        serial += 1
    taken.add(result.lower())
    return result
