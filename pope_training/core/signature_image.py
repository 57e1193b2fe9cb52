"""The drawing of a signature as a phone sends it: checked, and written anew without anything but its points."""

import base64
import binascii
import io
import re

from PIL import Image

MAX_BYTES = 150_000
MAX_SIDE = 2000
MIN_SIDE = 20
MIN_POINTS = 30  # less is a slip of the finger
HEADING = re.compile(r"data:image/png;base64,")


class NotASignature(ValueError):
    """What came is no drawing that we keep."""


def read(text):
    """The PNG of a drawing.

    :param text: what the page sent, "data:image/png;base64,…"
    :raises NotASignature: too large, no PNG, or nothing drawn
    """
    heading = HEADING.match(text or "")
    if not heading or len(text) > MAX_BYTES * 4 // 3 + 100:
        raise NotASignature("heading")
    try:
        content = base64.b64decode(text[heading.end() :], validate=True)
        image = Image.open(io.BytesIO(content), formats=["PNG"])
        if not (MIN_SIDE <= image.width <= MAX_SIDE and MIN_SIDE <= image.height <= MAX_SIDE):
            raise NotASignature("size")
        image.load()
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotASignature("content") from error
    ink = _ink(image)
    if sum(ink.histogram()[128:]) < MIN_POINTS:
        raise NotASignature("nothing drawn")
    clean = Image.new("1", image.size, 1)
    clean.paste(0, mask=ink.point(lambda value: 255 if value > 100 else 0, "1"))
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ink(image):
    """How dark each point is on white paper: the inverse of grey, where the drawing is not transparent."""
    rgba = image.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(paper, rgba).convert("L").point(lambda value: 255 - value)


def encode(content):
    """A PNG as it is stored."""
    return base64.b64encode(content)
