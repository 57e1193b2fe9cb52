"""Workbook of the financial summary that the CAF asks for. Data in, bytes out: nothing is read."""

from xlsxwriter.utility import xl_rowcol_to_cell

from . import summary_sheets as sheets
from .common import sheet_names

PARTS = ("identity", "statement", "grants", "activity", "in_kind", "openings", "controls")
CONTROL_COLUMNS = {"this_year": sheets.THIS_YEAR, "last_year": sheets.LAST_YEAR}


def write(data):
    """Lay out a summary.

    :param dict data: heading (see `summary_sheets.open_book` and `page`), and a part for each sheet, with its name:
        identity: rows (label, value), signature
        statement: see `summary_sheets.statement`
        grants: columns, rows (funder, purpose, asked, awarded, received, left), total, summed
        activity: columns, groups ({title, rows: (label, value, detail, definition)}), tables ({title, columns, rows})
        in_kind: columns, rows (label, hours, rate, code of the line or None, amount), rates (label, code of the costs
            added to the charges or None, share or None), title
        openings: columns, rows, total, summed
        controls: see `summary_sheets.controls`; a row has code and year of the cell, or grants
    :return: the .xlsx file
    """
    stream, book, formats = sheets.open_book(data)
    names = sheet_names([data[part]["sheet"] for part in PARTS])
    identity, statement, grants, activity, in_kind, openings, controls = map(book.add_worksheet, names)
    sheets.identity(identity, data, formats)
    rows = sheets.statement(book, statement, data, data["statement"], formats)
    total = _table(grants, data, data["grants"], formats, (30, 44, 16, 16, 16, 16))
    _activity(activity, data, formats)
    _in_kind(in_kind, data, formats, statement, rows)
    _table(openings, data, data["openings"], formats, (30, 30, 16, 12, 16, 16, 16))
    cells = {
        (code, year): sheets.reference(statement, place, column)
        for code, place in rows.items()
        for year, column in CONTROL_COLUMNS.items()
    }
    if total:
        cells["grants", "this_year"] = sheets.reference(grants, total, 3)
        book.define_name("pope_subventions_notifiees", f"={sheets.reference(grants, total, 3)}")
        book.define_name("pope_subventions_restant", f"={sheets.reference(grants, total, 5)}")
    sheets.controls(controls, data, data["controls"], formats, cells)
    book.close()
    return stream.getvalue()


def _table(sheet, data, part, formats, widths):
    top = sheets.page(sheet, data, formats, part["sheet"], widths)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 1)
    return sheets.lines(sheet, top, part, formats)[1]


def _activity(sheet, data, formats):
    part = data["activity"]
    top = sheets.page(sheet, data, formats, part["sheet"], (52, 16, 44, 80))
    row = sheets.head(sheet, top, part["columns"], formats)
    sheet.repeat_rows(top)
    sheet.freeze_panes(row, 1)
    for group in part["groups"]:
        sheet.write_string(row, 0, group["title"], formats["strong"])
        row += 1
        for values in group["rows"]:
            for column, value in enumerate(values):
                if isinstance(value, float):
                    sheet.write_number(row, column, value, formats["number"])
                else:
                    sheets.cell(sheet, row, column, value, formats)
            row += 1
    for table in part["tables"]:
        row = sheets.titled(sheet, row + 1, table, formats)


def _in_kind(sheet, data, formats, statement, rows):
    part = data["in_kind"]
    top = sheets.page(sheet, data, formats, part["sheet"], (60, 14, 16, 18))
    row = sheets.head(sheet, top, part["columns"], formats)
    sheet.repeat_rows(top)
    sheet.freeze_panes(row, 1)
    for label, hours, rate, code, amount in part["rows"]:
        sheets.cell(sheet, row, 0, label, formats)
        if hours is not None:
            sheet.write_number(row, 1, hours, formats["number"])
            sheet.write_number(row, 2, rate, formats["money"])
            worked, worth = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 2)
            sheet.write_formula(row, 3, f"=ROUND({worked}*{worth},2)", formats["money"], amount)
        elif code in rows:
            formula = f"={sheets.reference(statement, rows[code], sheets.THIS_YEAR)}"
            sheet.write_formula(row, 3, formula, formats["money"], amount)
        else:
            sheet.write_number(row, 3, amount, formats["money"])
        row += 1
    sheet.write_string(row + 1, 0, part["title"], formats["strong"])
    row += 2
    for label, added, share in part["rates"]:
        sheets.cell(sheet, row, 0, label, formats)
        if share is None:  # no charge to compare with: no division
            sheet.write_blank(row, 3, None, formats["share"])
        else:
            grants, charges = (sheets.reference(statement, rows[code], sheets.THIS_YEAR) for code in ("p74", "total_c"))
            more = f"+{sheets.reference(statement, rows[added], sheets.THIS_YEAR)}" if added in rows else ""
            sheet.write_formula(row, 3, f"={grants}/({charges}{more})", formats["share"], share)
        row += 1
