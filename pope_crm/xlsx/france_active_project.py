"""Workbook of one project that its holders bring to France Active. Data in, bytes out: nothing is read."""

from . import cash_plan
from . import summary_sheets as sheets
from .common import sheet_names
from .france_active_summary import grid_sheet, schedules_sheet, table_sheet

PARTS = ("identity", "team", "plan", "forecast", "cash", "grants", "schedules", "controls")


def write(data):
    """Lay out the file of a project.

    :param dict data: heading (see `summary_sheets.open_book` and `page`), and a part for each sheet, with its name:
        identity: rows (label, value), signature
        team, grants: columns, rows, and total, summed
        plan, forecast: see `summary_sheets.grid`, and note
        cash: see `cash_plan.write`
        schedules: see `france_active_summary.write`
        controls: see `summary_sheets.controls`
    :return: the .xlsx file
    """
    stream, book, formats = sheets.open_book(data)
    names = sheet_names([data[part]["sheet"] for part in PARTS])
    identity, team, plan, forecast, cash, grants, schedules, controls = map(book.add_worksheet, names)
    sheets.identity(identity, data, formats)
    table_sheet(team, data, data["team"], formats, (34, 26, 18, 18, 20, 18))
    rows = grid_sheet(book, plan, data, data["plan"], formats)
    cells = {(code, "this_year"): sheets.reference(plan, row, 1) for code, row in rows.items()}
    grid_sheet(book, forecast, data, data["forecast"], formats)
    cash_plan.fill(book, cash, data["cash"])
    total = table_sheet(grants, data, data["grants"], formats, (30, 40, 16, 16, 16, 16, 16))
    book.define_name("pope_subventions_restant", f"={sheets.reference(grants, total, 6)}")
    schedules_sheet(schedules, data, formats)
    sheets.controls(controls, data, data["controls"], formats, cells)
    book.close()
    return stream.getvalue()
