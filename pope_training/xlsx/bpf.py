"""Workbook of the training and financial return, in the order of the form. Data in, bytes out: nothing is read."""

from xlsxwriter.utility import xl_rowcol_to_cell

from odoo.addons.pope_crm.xlsx import summary_sheets as sheets
from odoo.addons.pope_crm.xlsx.common import sheet_names

PARTS = ("lines", "gaps", "controls")
LABEL, COUNT, HOURS, AMOUNT, REASON = 2, 3, 4, 5, 7


def write(data):
    """Lay out a return.

    :param dict data: heading (see `summary_sheets.open_book` and `page`), and a part for each sheet, with its name:
        lines: columns (8), identity: rows (label, value), rows ({code, frame, number, label, kind, count, hours,
            amount, retype, reason, parts: codes that it adds up})
        gaps, controls: columns, rows
    :return: the .xlsx file
    """
    stream, book, formats = sheets.open_book(data)
    names = sheet_names([data[part]["sheet"] for part in PARTS])
    lines, gaps, controls = map(book.add_worksheet, names)
    _lines(lines, data, data["lines"], formats)
    for sheet, part in ((gaps, "gaps"), (controls, "controls")):
        top = sheets.page(sheet, data, formats, data[part]["sheet"], (14, 70, 50))
        sheets.lines(sheet, top, data[part], formats)
    book.close()
    return stream.getvalue()


def _lines(sheet, data, part, formats):
    top = sheets.page(sheet, data, formats, part["sheet"], (8, 6, 80, 12, 12, 16, 18, 50))
    for label, value in part["identity"]:
        sheet.write_string(top, 0, label, formats["plain"])
        sheet.write_string(top, LABEL, value, formats["plain"])
        top += 1
    first = sheets.head(sheet, top + 1, part["columns"], formats)
    sheet.repeat_rows(first - 1)
    sheet.freeze_panes(first, 0)
    places = {row["code"]: first + place for place, row in enumerate(part["rows"])}
    for row in part["rows"]:
        _line(sheet, places, row, formats)


def _line(sheet, places, row, formats):
    place, words = places[row["code"]], "strong" if row["parts"] else "plain"
    for column, name in ((0, "frame"), (1, "number"), (LABEL, "label"), (6, "retype"), (REASON, "reason")):
        sheet.write_string(place, column, row[name], formats[words])
    cells = {
        "people": ((COUNT, "count", "count"), (HOURS, "hours", "number")),
        "amount": ((AMOUNT, "amount", "money"),),
    }
    for column, name, kind in cells.get(row["kind"], ()):
        parts = [xl_rowcol_to_cell(places[code], column) for code in row["parts"] if code in places]
        strong = formats.get(f"{kind}_strong", formats[kind]) if row["parts"] else formats[kind]
        if parts:
            sheet.write_formula(place, column, "=" + "+".join(parts), strong, row[name])
        else:
            sheet.write_number(place, column, row[name], strong)
