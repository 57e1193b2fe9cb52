"""Workbook of the income statement that the CAF asks for. Data in, bytes out: nothing is read."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from .common import sheet_names

A4 = 9


def write(data):
    """Lay out a statement.

    :param dict data:
        created: datetime fixed by the caller, so that the same data gives the same bytes
        company, title, period, status, source, currency_format, date_format
        statement: sheet, columns (4), rows ({code, label, heading, this_year, last_year, variation, plus, minus}:
            plus and minus are the codes that it adds and takes away; a row with neither is a line of accounts)
        projects: sheet, figures (label, number), stages and openings ({title, columns, rows})
        controls: sheet, columns, rows ({label, code, last_year, statement, ledger, difference, ok, verdict, source}),
            accounts ({title, columns, rows}), notes
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["title"], "company": data["company"], "created": data["created"]})
    book.set_calc_mode("auto")
    formats = _formats(book, data)
    names = sheet_names([data[part]["sheet"] for part in ("statement", "projects", "controls")])
    cells = _statement(book.add_worksheet(names[0]), data, formats)
    _projects(book.add_worksheet(names[1]), data, formats)
    _controls(book.add_worksheet(names[2]), data, formats, names[0], cells)
    book.close()
    return stream.getvalue()


def _formats(book, data):
    money = {"num_format": data["currency_format"], "align": "right"}
    strong = {"bold": True, "top": 1}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        "grey": book.add_format({"font_color": "#666666", "italic": True}),
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEEEEE", "text_wrap": True, "valign": "top"}),
        "line": book.add_format({"indent": 1}),
        "strong": book.add_format(strong),
        "money": book.add_format(money),
        "money_strong": book.add_format({**money, **strong}),
        "count": book.add_format({"num_format": "#,##0"}),
        "date": book.add_format({"num_format": data["date_format"], "align": "left"}),
        "good": book.add_format({"font_color": "#1E7B34"}),
        "bad": book.add_format({"font_color": "#B00020", "bold": True}),
    }


def _page(sheet, data, formats, title, widths):
    """Heading and printing of a sheet; returns the first free row."""
    escape = {"&": "&&"}
    company, period, status = (
        "".join(escape.get(sign, sign) for sign in data[key])[:75] for key in ("company", "period", "status")
    )
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{company}&R{status}")
    sheet.set_footer(f"&L{period}&R&P / &N")
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, f"{data['company']} · {data['period']}", formats["plain"])
    sheet.write_string(2, 0, data["status"], formats["grey"])
    sheet.write_string(3, 0, data["source"], formats["grey"])
    return 4


def _head(sheet, row, columns, formats):
    for column, label in enumerate(columns):
        sheet.write_string(row, column, label, formats["head"])
    return row + 1


def _sum(plus, minus, column, rows):
    """Formula that adds cells of a column, as a range where they follow each other."""
    places = [rows[code] for code in plus]
    if not minus and len(places) > 1 and places == list(range(places[0], places[0] + len(places))):
        first, last = xl_rowcol_to_cell(places[0], column), xl_rowcol_to_cell(places[-1], column)
        return f"=SUM({first}:{last})"
    added = "+".join(xl_rowcol_to_cell(place, column) for place in places) or "0"
    return f"={added}" + "".join(f"-{xl_rowcol_to_cell(rows[code], column)}" for code in minus)


def _statement(sheet, data, formats):
    part = data["statement"]
    head = _page(sheet, data, formats, data["title"], (62, 20, 20, 20))
    first = _head(sheet, head, part["columns"], formats)
    sheet.repeat_rows(head)
    sheet.freeze_panes(first, 1)
    rows = {row["code"]: first + index for index, row in enumerate(part["rows"])}
    for row in part["rows"]:
        place = rows[row["code"]]
        strong = row["heading"]
        money = formats["money_strong" if strong else "money"]
        sheet.write_string(place, 0, row["label"], formats["strong" if strong else "line"])
        for column, key in ((1, "this_year"), (2, "last_year")):
            if row["plus"] or row["minus"]:
                formula = _sum(row["plus"], row["minus"], column, rows)
                sheet.write_formula(place, column, formula, money, row[key])
            else:
                sheet.write_number(place, column, row[key], money)
        this_year, last_year = xl_rowcol_to_cell(place, 1), xl_rowcol_to_cell(place, 2)
        sheet.write_formula(place, 3, f"={this_year}-{last_year}", money, row["variation"])
    return rows


def _table(sheet, row, table, formats):
    """A titled table of texts, numbers and dates; returns the first free row."""
    sheet.write_string(row, 0, table["title"], formats["strong"])
    row = _head(sheet, row + 1, table["columns"], formats)
    for values in table["rows"]:
        for column, value in enumerate(values):
            if value is None or value is False:
                sheet.write_blank(row, column, None)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, formats["plain"])
            elif isinstance(value, float):
                sheet.write_number(row, column, value, formats["money"])
            elif isinstance(value, int):
                sheet.write_number(row, column, value, formats["count"])
            else:
                sheet.write_datetime(row, column, value, formats["date"])
        row += 1
    return row + 1


def _projects(sheet, data, formats):
    part = data["projects"]
    row = _page(sheet, data, formats, part["sheet"], (50, 24, 24, 14, 16))
    sheet.repeat_rows(0, row - 1)
    sheet.freeze_panes(row, 0)
    for label, number in part["figures"]:
        sheet.write_string(row, 0, label, formats["plain"])
        sheet.write_number(row, 1, number, formats["count"])
        row += 1
    row = _table(sheet, row + 1, part["stages"], formats)
    # the total of the table above: its rows end two rows before the first free one
    count = len(part["stages"]["rows"])
    if count:
        first, last = xl_rowcol_to_cell(row - 1 - count, 1), xl_rowcol_to_cell(row - 2, 1)
        sheet.write_string(row - 1, 0, part["stages"]["total"], formats["strong"])
        value = sum(values[1] for values in part["stages"]["rows"])
        sheet.write_formula(row - 1, 1, f"=SUM({first}:{last})", formats["strong"], value)
        row += 1
    _table(sheet, row, part["openings"], formats)


def _controls(sheet, data, formats, statement_name, cells):
    part = data["controls"]
    head = _page(sheet, data, formats, part["sheet"], (50, 20, 20, 18, 16, 50))
    row = _head(sheet, head, part["columns"], formats)
    sheet.repeat_rows(head)
    sheet.freeze_panes(row, 1)
    quoted = statement_name.replace("'", "''")
    for control in part["rows"]:
        sheet.write_string(row, 0, control["label"], formats["plain"])
        if control["ledger"] is not None:
            if control["code"] in cells:
                # the first column of the statement is this year's, the second last year's
                cell = xl_rowcol_to_cell(cells[control["code"]], 2 if control["last_year"] else 1)
                sheet.write_formula(row, 1, f"='{quoted}'!{cell}", formats["money"], control["statement"])
            else:
                sheet.write_number(row, 1, control["statement"], formats["money"])
            sheet.write_number(row, 2, control["ledger"], formats["money"])
            here, there = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 2)
            sheet.write_formula(row, 3, f"=ROUND({here}-{there},2)", formats["money"], control["difference"])
        sheet.write_string(row, 4, control["verdict"], formats["good" if control["ok"] else "bad"])
        sheet.write_string(row, 5, control["source"], formats["plain"])
        row += 1
    if part["accounts"]["rows"]:
        row = _table(sheet, row + 1, part["accounts"], formats)
    for note in part["notes"]:
        row += 1
        sheet.write_string(row, 0, note, formats["grey"])
