"""Tables as people keep them: the bytes of a file become rows, whatever wrote them. Pure Python.

Nothing of a row is dropped: a broken encoding, a stray quote or a merged cell changes how a row is read, never whether
it is. Rows come one at a time, so that memory does not grow with the file.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter, deque
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

import openpyxl

SEPARATORS = ";,\t|"
SNIFFED = 200  # records read to find the separator
MAX_FILE = 50 * 2**20
MAX_UNZIPPED = 300 * 2**20
MAX_LINES = 100  # physical lines of one record: beyond it, a quote was never closed
MAX_ROWS = 100_000  # of a file that is held whole
MAX_COLUMNS = 200  # likewise
HEADER_WITHIN = 40  # rows among which the headers are looked for
HEADER_LINES = 3
TOTALS = re.compile(r"^(sous |s |grand )?(total|totaux|somme|moyenne)( |$)|^(nombre|nb) (de|total)( |$)")
FIGURE = re.compile(r"^[\W\d]*\d[\W\d]*\w{0,12}$")  # with its unit
WORD = re.compile(r"[^\W_]+")
MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF])


class TableError(Exception):
    """A file that is no table that we read: `code` says why, `details` are for the sentence that tells it."""

    def __init__(self, code, **details):
        super().__init__(code)
        self.code, self.details = code, details


class Row(NamedTuple):
    number: int  # as a spreadsheet counts
    cells: list  # text, number, date, datetime or boolean; None where empty
    text: str | None = None  # of a separated file: the record as it is written


class Header(NamedTuple):
    first: int
    last: int
    names: list  # one text a column, empty where there is none
    shift: int = 0  # columns between a header and its data


@lru_cache(2**14)
def fold(text):
    """A text as it is compared: no accents, capitals, punctuation or double spaces."""
    text = str(text or "").lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
        text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(WORD.findall(text))


def _as_windows(error):
    """Bytes that are no UTF-8 are Windows-1252: files grow by pasting, one line may differ from the next."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("pope_windows", _as_windows)


class Table:
    """One table of a file; `rows` may be walked as often as needed."""

    def __init__(self, data, sheet=None, separator=None):
        """
        :param bytes data: content of the file; its name is not trusted
        :param sheet: sheet of a workbook; by default the first that has rows
        :param separator: of a separated file; found by itself by default
        :raise TableError: why it cannot be read
        """
        self.encoding = self.separator = self.sheet = None
        self.sheets = []
        self._data = data
        if not data.strip(b"\0\t\r\n "):
            raise TableError("empty")
        if len(data) > MAX_FILE:
            raise TableError("too_big", limit=MAX_FILE // 2**20)
        if data.startswith(b"PK\x03\x04"):
            self.format = "xlsx"
            self._open_workbook(sheet)
        elif data.startswith(b"\xd0\xcf\x11\xe0"):
            raise TableError("old_workbook")
        elif data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")) or re.match(
            rb"\s*<(!doctype|html|\?xml|table)", data[:200], re.IGNORECASE
        ):
            raise TableError("no_table")
        else:
            self.format = "csv"
            self.encoding = self._find_encoding()
            self.separator = separator or self._find_separator()
            self._width = self._usual_width()

    def rows(self):
        """The rows that hold something, in order."""
        return self._sheet_rows() if self.format == "xlsx" else self._text_rows()

    def text_sheets(self):
        """The file whole, for small ones: the rows of each sheet that has some, every cell a text of one line.

        :raise TableError: no sheet has a row, or one has too many
        """
        sheets = [self._sheet_rows(title) for title in self.sheets] if self.sheets else [self._text_rows()]
        sheets = [list(islice(map(_as_texts, rows), MAX_ROWS + 1)) for rows in sheets]
        if any(len(rows) > MAX_ROWS for rows in sheets):
            raise TableError("too_long", limit=MAX_ROWS)
        sheets = [rows for rows in sheets if rows]
        if not sheets:
            raise TableError("empty")
        return sheets

    # --- Separated text ---

    def _find_encoding(self):
        data = self._data
        if data.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        head = data[:1000]
        if head.count(0) > len(head) // 3:
            return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            written = re.search(rb"[\xc3\xc5][\x80-\xbf]|\xe2[\x80-\xbf]{2}", data)
            return "mixed" if written else "windows-1252"
        return "utf-8"

    def _lines(self):
        encoding = {"mixed": "utf-8", "windows-1252": "utf-8"}.get(self.encoding, self.encoding)
        errors = "replace" if encoding.startswith("utf-16") else "pope_windows"
        with io.TextIOWrapper(io.BytesIO(self._data), encoding=encoding, errors=errors, newline="") as lines:
            for number, line in enumerate(lines):
                if number or not re.match(r"\ufeff?sep=.\s*$", line, re.IGNORECASE):
                    yield line

    def _find_separator(self):
        """The separator that cuts most records in the same number of columns, and in most columns."""
        declared = re.match(r"\ufeff?sep=(.)\s*$", self._first_line(), re.IGNORECASE)
        if declared:
            return declared[1]
        best, best_score = ";", 0
        for separator in SEPARATORS:
            widths = Counter(
                len(cells) for _text, cells in islice(_records(self._lines(), separator), SNIFFED) if any(cells)
            )
            score = max(((width - 1) * count**2 / widths.total() for width, count in widths.items()), default=0)
            if score > best_score:
                best, best_score = separator, score
        return best

    def _usual_width(self):
        """How many cells most lines have by themselves, where that says something of a line within a quoted text."""
        widths = Counter(line.count(self.separator) + 1 for line in islice(self._lines(), SNIFFED) if line.strip())
        width = widths.most_common(1)[0][0] if widths else 0
        return width if width >= (5 if self.separator == "," else 3) else None

    def _first_line(self):
        head = self._data[:100]
        text = head.decode("utf-16", "replace") if self.encoding.startswith("utf-16") else head.decode("latin-1")
        return (text.splitlines() or [""])[0]

    def _text_rows(self):
        for number, (text, cells) in enumerate(_records(self._lines(), self.separator, self._width), 1):
            values = _trimmed([_cell(cell) for cell in cells])
            if values:
                yield Row(number, values, text)

    def cells_of(self, text):
        """The cells of one record, as they are written."""
        return next(_records(iter([text]), self.separator))[1]

    # --- Workbook ---

    def _open_workbook(self, sheet):
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                names = archive.namelist()
                if "mimetype" in names and "xl/workbook.xml" not in names:
                    raise TableError("open_document")
                if sum(info.file_size for info in archive.infolist()) > MAX_UNZIPPED:
                    raise TableError("too_big", limit=MAX_UNZIPPED // 2**20)
            book = self._book()
        except TableError:
            raise
        except Exception as error:  # openpyxl fails in as many ways as there are broken files
            raise TableError("unreadable") from error
        self.sheets = [each.title for each in book.worksheets]
        if sheet and sheet not in self.sheets:
            raise TableError("no_sheet", sheet=sheet, sheets=self.sheets)
        for title in [sheet] if sheet else self.sheets:
            self.sheet = title
            if next(self._sheet_rows(), None):
                return
        raise TableError("empty")

    def _book(self):
        return openpyxl.load_workbook(io.BytesIO(self._data), read_only=True, data_only=True)

    def _sheet_rows(self, title=None):
        try:
            sheet = self._book()[title or self.sheet]
            sheet.reset_dimensions()  # what the file says of its size is often wrong
            merged = self._merged(sheet)
            held = {}
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                cells = _trimmed([_cell(value) for value in values])
                held = {column: area for column, area in held.items() if area[0] >= number}
                if cells:
                    for column, (_last, value) in held.items():
                        cells += [None] * (column + 1 - len(cells))
                        cells[column] = value
                for column, last in merged.get(number, ()):
                    if column < len(cells) and cells[column] is not None:
                        held[column] = last, cells[column]
                if cells:
                    yield Row(number, cells)
        except Exception as error:  # as above
            raise TableError("unreadable") from error

    def _merged(self, sheet):
        """Cells merged downwards: what they hold is said once and means each of their rows.

        The reader that spares memory leaves them out, so they are read from the end of the sheet's own text.

        :return: dict first row → list of (column from zero, last row)
        """
        merged = {}
        with sheet._get_source() as source:
            tail = b""
            while chunk := source.read(2**16):
                text = tail + chunk
                for area in MERGED.finditer(text):
                    first, last = int(area[2]), int(area[4])
                    if last > first:
                        column = openpyxl.utils.column_index_from_string(area[1].decode()) - 1
                        merged.setdefault(first, []).append((column, last))
                tail = text[text.rfind(b"<") :] if b"<" in text else text
                tail = tail[-200:]
        return merged


def _records(lines, separator, width=None):
    """The records of a separated text: what is written, and its cells.

    A quote opens a cell that may hold separators and line ends, if it is closed within reason; otherwise it is a
    character like another, and the lines that follow are records of their own.

    :param width: cells of a usual line: a line of as many, without a quote, is within no quoted text
    """
    lines, waiting = iter(lines), deque()

    def following():
        return waiting.popleft() if waiting else next(lines, None)

    while (line := following()) is not None:
        if '"' not in line:
            text = line.rstrip("\r\n")
            yield text, text.split(separator)
            continue
        taken = [line]
        state = _quotes("".join(taken), separator)
        while state == "open" and len(taken) < MAX_LINES and (more := following()) is not None:
            taken.append(more)
            if '"' not in more and more.count(separator) + 1 == width:
                break
            state = _quotes("".join(taken), separator)
        if state == "open" or (state == "broken" and len(taken) > 1):
            waiting.extendleft(reversed(taken[1:]))
            taken, state = [line], "unquoted"
        text = "".join(taken).rstrip("\r\n")
        try:
            yield text, text.split(separator) if state == "unquoted" else next(csv.reader([text], delimiter=separator))
        except csv.Error:  # a cell longer than a book
            yield text, text.split(separator)


def is_well_quoted(text, separator):
    return '"' not in text or _quotes(text, separator) == "closed"


def _quotes(text, separator):
    """Whether the quoted cells of a text are all closed: "closed", "open", or "broken" when words follow a quote."""
    position, state = 0, "closed"
    while True:
        if text.startswith('"', position):
            end = position + 1
            while (end := text.find('"', end)) >= 0 and text.startswith('""', end):
                end += 2
            if end < 0:
                return "open"
            position = end + 1
            if position < len(text) and text[position] not in (separator, "\r", "\n", " "):
                state = "broken"
        position = text.find(separator, position) + 1
        if not position:
            return state


def _cell(value):
    if isinstance(value, str):
        return value.translate(CONTROL).replace("_x000D_", "").strip() or None
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return str(value) if isinstance(value, (time, timedelta)) else value


def _as_texts(row):
    return Row(
        row.number, ["" if cell is None else " ".join(str(cell).split()) for cell in row.cells[:MAX_COLUMNS]], row.text
    )


def _trimmed(cells):
    while cells and cells[-1] is None:
        cells.pop()
    return cells


# --- Headers ---


def find_header(rows, recognise, line=None):
    """Where the headers are: titles may stand above them, and they may take several lines.

    :param rows: the rows of a table
    :param recognise: function text → whether it is a header that we know
    :param line: last line of the headers, when a person says it
    :return: the Header that names most known columns; without any, the first line made of several texts
    :raise TableError: no line can be one
    """
    rows = list(islice(rows, HEADER_WITHIN) if line is None else takewhile(lambda row: row.number <= line, rows))
    best, best_score = None, (0, 0)
    for end in range(len(rows)) if line is None else [len(rows) - 1]:
        for height in range(1, min(HEADER_LINES, end + 1) + 1):
            lines = rows[end + 1 - height : end + 1]
            if height > 1 and any(_is_data(row.cells) for row in lines):
                continue
            names, known = _header_names([row.cells for row in lines], recognise)
            score = known, -height
            if known and score > best_score:
                best, best_score = Header(lines[0].number, lines[-1].number, names), score
    if best:
        return best
    for row in rows[-1:] if line else rows:
        texts = [cell for cell in row.cells if isinstance(cell, str)]
        if line or (len(texts) == len(set(texts)) >= min(2, max(len(each.cells) for each in rows)) and texts):
            return Header(row.number, row.number, _header_names([row.cells], recognise)[0])
    raise TableError("no_header")


def _is_data(cells):
    return any(not isinstance(cell, str) or "@" in cell for cell in cells if cell is not None)


def _header_names(lines, recognise):
    """One name a column from one or several lines: a title goes on to the right until the next one.

    :return: (names, number of those that are known)
    """
    width = max(map(len, lines))
    levels = []
    for depth, cells in enumerate(lines):
        title, level = "", []
        for column in range(width):
            own = " ".join(str(cells[column]).split()) if column < len(cells) and cells[column] is not None else ""
            title = own or title
            level.append((own, title if depth < len(lines) - 1 else own))
        levels.append(level)
    names, known = [], 0
    for column in range(width):
        owns = [level[column][0] for level in levels if level[column][0]]
        spread = list(dict.fromkeys(level[column][1] for level in levels if level[column][1])) if owns else []
        candidates = [" ".join(spread), " ".join(owns), owns[-1] if owns else ""]
        found = next((name for name in candidates if name and recognise(name)), None)
        names.append(found or candidates[0])
        known += bool(found)
    return names, known


def find_shift(rows, plausible):
    """Columns between the headers and their data, when a whole file was shifted: the data says what it is.

    :param rows: some rows of data
    :param plausible: dict column → function value → whether it may be a value of that column
    """
    score = {}
    for shift in (0, 1, -1):
        tests = [
            test(row.cells[column + shift])
            for row in rows
            for column, test in plausible.items()
            if 0 <= column + shift < len(row.cells) and row.cells[column + shift] is not None
        ]
        score[shift] = sum(tests) / len(tests) if len(tests) >= 3 else 0
    best = max(score, key=score.get)
    return best if score[best] > 0.6 and score[0] < 0.3 else 0


def is_total(cells):
    """Whether a row adds up the others: it says so, and holds nothing but figures besides."""
    first, *others = [cell for cell in cells if cell is not None]
    return (
        isinstance(first, str)
        and bool(TOTALS.match(fold(first)))
        and not any(isinstance(cell, str) and not FIGURE.match(cell) for cell in others)
    )
