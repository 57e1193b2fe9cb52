"""Rows of a table given back in the file's own format, each with a word beside it. Pure Python."""

import csv
import io
import re
from datetime import date, datetime

import xlsxwriter

from .table_reader import is_well_quoted


def rows_with_reasons(table, header, reasons, title):
    """The titles and headers of a table, then the rows that have a reason, with it in one more column.

    A file that was given back already has that column: it is filled anew.

    :param Table table: the file
    :param Header header: where its headers are
    :param reasons: dict row number → text
    :param title: header of the added column
    :return: bytes of a file that can be corrected and read again
    """
    kept = [row for row in table.rows() if row.number <= header.last or row.number in reasons]
    names = [name.split() for name in header.names]
    column = names.index(title.split()) if title.split() in names else max(len(row.cells) for row in kept)
    return (_workbook if table.format == "xlsx" else _text)(table, kept, column, {**reasons, header.last: title})


def _with_word(cells, column, word):
    return [*cells[:column], *[None] * (column - len(cells)), word, *cells[column + 1 :]] if word else cells


def _text(table, rows, column, words):
    """Each record as it was written, unless its quotes were wrong or its last reason is still there."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.separator, lineterminator="")
    for row in rows:
        word = words.get(row.number)
        written = table.cells_of(row.text)
        if len(written) > column or not is_well_quoted(row.text, table.separator):
            writer.writerow(_with_word(row.cells, column, word))
        else:
            out.write(row.text)
            if word:
                out.write(table.separator * (column - len(written) + 1))
                writer.writerow([word])
        out.write("\r\n")
    encodings = {"mixed": "utf-8-sig", "windows-1252": "cp1252", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}
    return out.getvalue().encode(encodings.get(table.encoding, table.encoding), "replace")


def _workbook(table, rows, column, words):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", table.sheet)[:31])
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for line, row in enumerate(rows):
        for place, value in enumerate(_with_word(row.cells, column, words.get(row.number))):
            if isinstance(value, datetime):
                sheet.write_datetime(line, place, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(line, place, value, day)
            elif isinstance(value, str):
                sheet.write_string(line, place, value[:32767])
            elif value is not None:
                sheet.write(line, place, value)
    book.close()
    return out.getvalue()
