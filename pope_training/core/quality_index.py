"""The index of the audit file as a PDF, drawn line by line: a browser's engine would take longer than all its files."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

MARGIN = 42
MIDDLE = 250  # where the names of the files begin
GAP = 8
BOTTOM = 50


def write(index, plain, bold, lang):
    """Lay out the index.

    :param dict index: title, about, groups ((criterion, indicator, evidence, status, [(what it is, file)]))
    :param str plain: the registered font of the text, and `bold` that of headings
    :return: the PDF file, the same for the same index
    """
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, lang=lang, invariant=1)
    canvas.setTitle(index["title"])
    page = _Page(canvas, plain, bold)
    page.text(index["title"], bold, 16)
    page.text(index["about"], plain, 9)
    criterion = indicator = None
    for group in index["groups"]:
        if group[0] != criterion:
            page.text(group[0], bold, 12, before=14)
        if group[1] != indicator:
            page.text(group[1], bold, 10, before=8)
        criterion, indicator = group[:2]
        page.text(f"{group[2]} ({group[3]})", bold, 8, before=4)
        for about, path in group[4]:
            page.row(about, path)
    page.close()
    canvas.save()
    return stream.getvalue()


class _Page:
    """Where the pen is, from page to page."""

    def __init__(self, canvas, plain, bold):
        self.canvas, self.plain, self.bold = canvas, plain, bold
        self.width, self.top = A4[0] - 2 * MARGIN, A4[1] - MARGIN
        self.y = self.top

    def room(self, height):
        if self.y - height < BOTTOM:
            self.close()
            self.y = self.top

    def close(self):
        self.canvas.setFont(self.plain, 8)
        self.canvas.drawRightString(A4[0] - MARGIN, BOTTOM - 20, str(self.canvas.getPageNumber()))
        self.canvas.showPage()

    def text(self, text, font, size, before=0):
        lines = _wrap(text, font, size, self.width)
        self.room(before + len(lines) * size * 1.35 + 2 * size)  # a heading stays with what follows
        self.y -= before
        self.draw(lines, MARGIN, font, size)
        self.y -= len(lines) * size * 1.35

    def row(self, about, path):
        left = _wrap(about, self.plain, 8, MIDDLE - MARGIN - GAP)
        right = _wrap(path, self.plain, 8, A4[0] - MARGIN - MIDDLE)
        height = max(len(left), len(right)) * 11
        self.room(height)
        self.draw(left, MARGIN, self.plain, 8)
        self.draw(right, MIDDLE, self.plain, 8)
        self.y -= height
        self.canvas.setStrokeGray(0.8)
        self.canvas.line(MARGIN, self.y - 1, A4[0] - MARGIN, self.y - 1)

    def draw(self, lines, left, font, size):
        text = self.canvas.beginText(left, self.y - size)
        text.setFont(font, size, size * 1.35)
        for line in lines:
            text.textLine(line)
        self.canvas.drawText(text)


def _wrap(text, font, size, width):
    """The lines of a text; a word that is longer than the line is cut."""
    lines = []
    for line in simpleSplit(text, font, size, width):
        rest = line
        while len(rest) > 1 and stringWidth(rest, font, size) > width:
            cut = next((end for end in range(len(rest), 1, -1) if stringWidth(rest[:end], font, size) <= width), 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines
