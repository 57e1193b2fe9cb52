"""Workbook of all that is held on one person. Data in, bytes out: nothing is read."""

import datetime
import io

import xlsxwriter

from .common import sheet_names

CELL = 32_000  # characters that a cell holds; longer texts are whole in the file beside


def write(data):
    """Lay out a person's data.

    :param dict data:
        created: datetime fixed by the caller, so that the same data gives the same bytes
        sheet, title, notes (texts), columns (2), cut: text that ends what a cell cannot hold
        sections: list of {title, columns, rows}
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["title"], "created": data["created"]})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEEEEE", "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"}),
        "time": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"}),
    }
    names = sheet_names([data["sheet"], *(section["title"] for section in data["sections"])])
    first = book.add_worksheet(names[0])
    first.set_column(0, 0, 44)
    first.set_column(1, 1, 20)
    first.write_string(0, 0, data["title"], formats["title"])
    row = 2
    for note in data["notes"]:
        first.write_string(row, 0, note)
        row += 1
    first.write_row(row + 1, 0, data["columns"], formats["head"])
    for offset, section in enumerate(data["sections"], start=row + 2):
        first.write_string(offset, 0, section["title"])
        first.write_number(offset, 1, len(section["rows"]))
    for name, section in zip(names[1:], data["sections"], strict=True):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(section["columns"]) - 1, 0), 24)
        sheet.write_row(0, 0, section["columns"], formats["head"])
        for number, values in enumerate(section["rows"], start=1):
            for column, value in enumerate(values):
                _write(sheet, number, column, value, formats, data["cut"])
    book.close()
    return stream.getvalue()


def _write(sheet, row, column, value, formats, cut):
    if value in (None, False, ""):
        return
    if isinstance(value, datetime.datetime):
        sheet.write_datetime(row, column, value, formats["time"])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        text = str(value)
        text = text if len(text) <= CELL else f"{text[:CELL]} {cut}"
        sheet.write_string(row, column, text, formats["text"])
