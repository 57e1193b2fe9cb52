"""Workbook of the dedicated funds, as the notes to the accounts of an association show them. Data in, bytes out."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from .common import sheet_names
from .summary_sheets import A4


def write(data):
    """Lay out the table of the notes, then each entry with its computation.

    :param dict data:
        created: datetime fixed by the caller, so that the same data gives the same bytes
        company, period, status, currency_format
        notes: sheet, title, columns (8), total, orphan ((label, amount) or None), groups ({title, total, rows}: name,
            opening, set aside, used, of which refunds, transfers, closing, of which idle)
        entries: sheet, title, columns (8), rows (kind, file, computed, kept, booked, due, computation, reason), total
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["notes"]["title"], "company": data["company"], "created": data["created"]})
    book.set_calc_mode("auto")
    top = {"valign": "top", "text_wrap": True}
    money = {"num_format": data["currency_format"], "align": "right", "valign": "top"}
    strong = {"bold": True, "top": 1}
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "grey": book.add_format({"font_color": "#666666", "italic": True}),
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEEEEE", **top}),
        "group": book.add_format({"bold": True}),
        "plain": book.add_format(top),
        "strong": book.add_format(strong),
        "money": book.add_format(money),
        "money_strong": book.add_format({**money, **strong}),
    }
    names = sheet_names([data[part]["sheet"] for part in ("notes", "entries")])
    _notes(book.add_worksheet(names[0]), data, formats)
    _entries(book.add_worksheet(names[1]), data, formats)
    book.close()
    return stream.getvalue()


def _page(sheet, data, part, formats, widths):
    """Heading and printing of a sheet; returns the first free row."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&P / &N")
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, part["title"], formats["title"])
    sheet.write_string(1, 0, f"{data['company']} · {data['period']}", formats["grey"])
    sheet.write_string(2, 0, data["status"], formats["grey"])
    for column, label in enumerate(part["columns"]):
        sheet.write_string(4, column, label, formats["head"])
    sheet.repeat_rows(4)
    sheet.freeze_panes(5, 1)
    return 5


def _notes(sheet, data, formats):
    part = data["notes"]
    row = _page(sheet, data, part, formats, (48, 16, 16, 16, 16, 16, 16, 18))
    totals = []
    for group in part["groups"]:
        sheet.write_string(row, 0, group["title"], formats["group"])
        first = row + 1
        for row, (name, *amounts) in enumerate(group["rows"], start=first):
            sheet.write_string(row, 0, name, formats["plain"])
            for column, amount in enumerate(amounts, start=1):
                if column == 6:
                    opening, report, use, transfer = (xl_rowcol_to_cell(row, place) for place in (1, 2, 3, 5))
                    formula = f"={opening}+{report}-{use}+{transfer}"
                    sheet.write_formula(row, column, formula, formats["money"], amount)
                else:
                    sheet.write_number(row, column, amount, formats["money"])
        row += 1
        _total(sheet, row, group["total"], [(first, row - 1)], group["rows"], formats)
        totals.append(row)
        row += 2
    everything = [values for group in part["groups"] for values in group["rows"]]
    _total(sheet, row, part["total"], [(place, place) for place in totals], everything, formats)
    if part["orphan"]:
        label, amount = part["orphan"]
        sheet.write_string(row + 2, 0, label, formats["plain"])
        sheet.write_number(row + 2, 1, amount, formats["money"])


def _total(sheet, row, label, ranges, rows, formats, columns=range(1, 8)):
    """A row that adds up the ranges of rows above it; `rows` are what they say."""
    sheet.write_string(row, 0, label, formats["strong"])
    for column in columns:
        cells = ",".join(
            xl_rowcol_to_cell(first, column)
            if first == last
            else f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"
            for first, last in ranges
        )
        value = round(sum(values[column] for values in rows), 2)
        if cells:
            sheet.write_formula(row, column, f"=SUM({cells})", formats["money_strong"], value)
        else:
            sheet.write_number(row, column, 0, formats["money_strong"])


def _entries(sheet, data, formats):
    part = data["entries"]
    first = row = _page(sheet, data, part, formats, (26, 40, 16, 16, 16, 16, 70, 40))
    for row, values in enumerate(part["rows"], start=first):
        for column, value in enumerate(values):
            if column == 5:
                kept, booked = xl_rowcol_to_cell(row, 3), xl_rowcol_to_cell(row, 4)
                sheet.write_formula(row, column, f"=ROUND({kept}-{booked},2)", formats["money"], value)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, formats["plain"])
            else:
                sheet.write_number(row, column, value, formats["money"])
    count = len(part["rows"])
    ranges = [(first, first + count - 1)] if count else []
    _total(sheet, first + count, part["total"], ranges, part["rows"], formats, columns=range(2, 6))
