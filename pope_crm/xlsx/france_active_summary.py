"""Workbook of the quarterly follow-up that France Active reads. Data in, bytes out: nothing is read."""

from xlsxwriter.utility import xl_rowcol_to_cell

from . import cash_plan
from . import summary_sheets as sheets
from .common import sheet_names

PARTS = ("synthesis", "grants", "schedules", "cash", "landing", "balance", "holder_loans", "controls")
DRAWN, REPAID, OUTSTANDING, RATE, UNTIL, NEXT, NEXT_AMOUNT, LEFT, COVERAGE, GRANTS = range(4, 14)


def write(data):
    """Lay out a follow-up.

    :param dict data: heading (see `summary_sheets.open_book` and `page`), and a part for each sheet, with its name:
        synthesis: facts (label, value), months (label, count or None), columns, rows (loans), total, empty, short,
            comments (label, text), signature
        grants, holder_loans: columns, rows, total, summed
        schedules: columns, tables ({title, rows}), total, empty
        cash: see `cash_plan.write`
        landing, balance: see `summary_sheets.grid`, and note
        controls: see `summary_sheets.controls`
    :return: the .xlsx file
    """
    stream, book, formats = sheets.open_book(data)
    names = sheet_names([data[part]["sheet"] for part in PARTS])
    synthesis, grants, schedules, cash, landing, balance, holder_loans, controls = map(book.add_worksheet, names)
    _synthesis(book, synthesis, data, formats)
    total = table_sheet(grants, data, data["grants"], formats, (30, 40, 13, 18, 16, 16, 16, 13, 10, 30, 12, 30))
    if total:
        book.define_name("pope_subventions_a_recevoir", f"={sheets.reference(grants, total, 6)}")
    schedules_sheet(schedules, data, formats)
    cash_plan.fill(book, cash, data["cash"])
    cells = {}
    for sheet, part, column in ((landing, "landing", 3), (balance, "balance", 1)):
        rows = grid_sheet(book, sheet, data, data[part], formats)
        cells |= {(code, "this_year"): sheets.reference(sheet, row, column) for code, row in rows.items()}
        if part == "landing":
            cells |= {(code, "last_year"): sheets.reference(sheet, row, 1) for code, row in rows.items()}
    table_sheet(holder_loans, data, data["holder_loans"], formats, (34, 30, 16, 13, 13, 16, 16))
    sheets.controls(controls, data, data["controls"], formats, cells)
    book.close()
    return stream.getvalue()


def table_sheet(sheet, data, part, formats, widths):
    """A table alone on its sheet; returns the row of its total."""
    top = sheets.page(sheet, data, formats, part["sheet"], widths)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 1)
    return sheets.lines(sheet, top, part, formats)[1]


def grid_sheet(book, sheet, data, part, formats):
    """Amounts by line under a note; returns the row of each code."""
    top = sheets.page(sheet, data, formats, part["sheet"], (56, *[18] * len(part["keys"])))
    sheet.write_string(top, 0, part["note"], formats["grey"])
    sheet.repeat_rows(top + 1)
    sheet.freeze_panes(top + 2, 1)
    return sheets.grid(book, sheet, top + 1, part, formats)


def _synthesis(book, sheet, data, formats):
    part = data["synthesis"]
    row = sheets.page(sheet, data, formats, data["title"], (34, 24, 16, *[15] * 7, 15, 17, 12, 40))
    sheet.freeze_panes(row, 1)
    for label, value in part["facts"]:
        sheets.cell(sheet, row, 0, label, formats)
        sheets.cell(sheet, row, 1, value, formats)
        row += 1
    cash, charges = xl_rowcol_to_cell(row - 2, 1), xl_rowcol_to_cell(row - 1, 1)
    label, months = part["months"]
    sheets.cell(sheet, row, 0, label, formats)
    if months is None:  # no charge yet: no division
        sheet.write_blank(row, 1, None, formats["number"])
    else:
        sheet.write_formula(row, 1, f"=ROUND({cash}/{charges},1)", formats["number"], months)
    book.define_name("pope_tresorerie", f"={sheets.reference(sheet, row - 2, 1)}")
    row = sheets.head(sheet, row + 2, part["columns"], formats)
    sheet.repeat_rows(row - 1)
    row = _loans(book, sheet, row, part, formats)
    label, text = part["comments"]
    sheet.write_string(row + 1, 0, label, formats["strong"])
    sheet.merge_range(row + 2, 0, row + 2, COVERAGE, text, formats["plain"])
    sheet.set_row(row + 2, 60)
    sheets.signature(sheet, row + 4, part["signature"], formats)


def _loans(book, sheet, row, part, formats):
    """A row a loan, and their total; returns the first free row."""
    first = row
    if not part["rows"]:
        sheet.write_string(row, 0, part["empty"], formats["grey"])
        return row + 1
    for loan in part["rows"]:
        _loan(sheet, row, loan, part, formats)
        row += 1
    sheet.write_string(row, 0, part["total"], formats["strong"])
    for column in (3, DRAWN, REPAID, OUTSTANDING, LEFT):
        start, end = xl_rowcol_to_cell(first, column), xl_rowcol_to_cell(row - 1, column)
        values = [loan["left"] if column == LEFT else loan["values"][column] for loan in part["rows"]]
        sheet.write_formula(row, column, f"=SUM({start}:{end})", formats["money_strong"], round(sum(values), 2))
    book.define_name("pope_encours", f"={sheets.reference(sheet, row, OUTSTANDING)}")
    return row + 1


def _loan(sheet, row, loan, part, formats):
    for column, value in enumerate(loan["values"][:OUTSTANDING]):
        sheets.cell(sheet, row, column, value, formats)
    drawn, repaid = xl_rowcol_to_cell(row, DRAWN), xl_rowcol_to_cell(row, REPAID)
    owed, left = xl_rowcol_to_cell(row, OUTSTANDING), xl_rowcol_to_cell(row, LEFT)
    sheet.write_formula(row, OUTSTANDING, f"={drawn}-{repaid}", formats["money"], loan["values"][OUTSTANDING])
    sheet.write_number(row, RATE, loan["rate"], formats["number"])
    sheets.cell(sheet, row, UNTIL, loan["date_end"], formats)
    sheets.cell(sheet, row, NEXT, loan["next_date"], formats)
    sheets.cell(sheet, row, NEXT_AMOUNT, loan["next_total"], formats)
    sheets.cell(sheet, row, LEFT, loan["left"], formats)
    if loan["coverage"] is None:  # nothing is owed: no division
        sheet.write_blank(row, COVERAGE, None, formats["share"])
    else:
        sheet.write_formula(row, COVERAGE, f"={left}/{owed}", formats["share"], loan["coverage"])
    words = f"{part['short']} – {loan['grants']}" if loan["is_short"] else loan["grants"]
    sheet.write_string(row, GRANTS, words, formats["bad" if loan["is_short"] else "plain"])


def schedules_sheet(sheet, data, formats):
    """The schedule of each loan."""
    part = data["schedules"]
    row = sheets.page(sheet, data, formats, part["sheet"], (14, *[16] * 6, 9, 14))
    sheet.freeze_panes(row, 1)
    if not part["tables"]:
        sheet.write_string(row, 0, part["empty"], formats["grey"])
    for table in part["tables"]:
        laid = table | {"columns": part["columns"], "total": part["total"], "summed": [2, 3, 4, 5]}
        row = sheets.titled(sheet, row, laid, formats)
