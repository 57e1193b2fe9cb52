"""What a stranger sends to a page of ours: texts only, without the characters that no database takes."""

import unicodedata

KEPT = "\n\t"
# characters that turn the direction of what follows: a name must not rewrite the line it stands on
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text):
    """The text without control characters, lone surrogates and marks of direction, with plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in KEPT or (unicodedata.category(c) not in ("Cc", "Cs") and c not in TURNING))
    return "".join(kept).strip()


def texts(form):
    """The fields of a form that are texts: a file sent in place of a text is nobody's answer."""
    return {name: clean(value) for name, value in form.items() if isinstance(value, str)}
