"""Tables as people send them: CSV of any encoding and separator, or XLSX. Pure Python."""

import codecs
import csv
import datetime
import io
import re
import zipfile
from collections import Counter
from typing import NamedTuple

import openpyxl

from odoo.tools import remove_accents

MAX_BYTES = 20 * 1024 * 1024
MAX_UNZIPPED = 400 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
TITLE_ROWS = 30
SEPARATORS = ";,\t|"
ZIP = b"PK\x03\x04"
# what people send by mistake: PDF, former Excel and Word, pictures
FOREIGN = (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")


class Unreadable(Exception):
    """The file is no table: `args[0]` is "empty", "big" or "format"."""


class Row(NamedTuple):
    number: int  # as the person sees it in the file
    cells: list


class Titles(NamedTuple):
    """Where the columns are named."""

    sheet: int
    row: int  # position among the rows that were read
    columns: dict  # position of each wanted column that was found


def read(content):
    """The sheets of a file, each a list of `Row`s without the blank ones; a CSV has one.

    :param bytes content: the file
    :raise Unreadable: when it is no table, or too big a one
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("big")
    if content.startswith(FOREIGN):
        raise Unreadable("format")
    sheets = _read_workbook(content) if content.startswith(ZIP) else [_read_text(_decode(content))]
    sheets = [rows for rows in sheets if rows]
    if not sheets:
        raise Unreadable("empty")
    return sheets


def plain(title):
    """A title as it is compared: without accents, capitals and signs."""
    return re.sub(r"[^a-z0-9]", "", remove_accents(title or "").lower())


def find_titles(sheets, wanted):
    """The row that names the columns: titles may stand under others, on any sheet.

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


def _decode(content):
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            text = content.decode(encoding, "replace")
            break
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:  # several files glued into one have lines of each kind
            text = "".join(_decode_line(line) for line in content.splitlines(keepends=True))
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _decode_line(line):
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _read_text(text):
    separator = _separator(text)
    try:
        rows, end = [], 0
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cells in reader:
            rows.append(Row(end + 1, cells))
            end = reader.line_num
        broken = any(cell.count("\n") > 20 for row in rows for cell in row.cells)
    except csv.Error:
        broken = True
    if broken:  # a quotation mark that nobody closed would swallow the rows that follow
        rows = [
            Row(number, [cell.strip().strip('"') for cell in line.split(separator)])
            for number, line in enumerate(text.split("\n"), start=1)
        ]
    return _clean(rows)


def _separator(text):
    """The sign that cuts most of the first lines into the same number of cells."""
    lines = [line for line in text.split("\n", 200)[:200] if line.strip()][:50]
    best, best_score = SEPARATORS[0], (0, 0)
    for separator in SEPARATORS:
        counts = Counter(line.count(separator) for line in lines if separator in line)
        if counts:
            count, agreeing = counts.most_common(1)[0]
            if (agreeing, count) > best_score:
                best, best_score = separator, (agreeing, count)
    return best


def _read_workbook(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unzipped = sum(info.file_size for info in archive.infolist())
        if unzipped > MAX_UNZIPPED:
            raise Unreadable("big")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size is often wrong
            rows = (
                Row(number, [_cell(value) for value in values[:MAX_COLUMNS]])
                for number, values in enumerate(sheet.iter_rows(values_only=True), start=1)
            )
            sheets.append(_clean(rows))
    except Unreadable:
        raise
    except Exception as error:  # whatever openpyxl stumbles on, the file is no workbook that can be read
        raise Unreadable("format") from error
    return sheets


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _clean(rows):
    kept = []
    for row in rows:
        cells = [re.sub(r"\s+", " ", cell).strip() for cell in row.cells[:MAX_COLUMNS]]
        if any(cells):
            if len(kept) >= MAX_ROWS:
                raise Unreadable("big")
            kept.append(Row(row.number, cells))
    return kept
