"""Sheets that the workbooks of summaries share. Data in, cells out: nothing is read."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

A4 = 9
# columns of a statement
ACCOUNT, LABEL, LAST_YEAR, BUDGET, THIS_YEAR, VARIANCE, RATE, COMMENT = range(8)
AMOUNTS = {"last_year": LAST_YEAR, "budget": BUDGET, "this_year": THIS_YEAR}
NAMED = {"last_year": "n1", "budget": "bp", "this_year": "n"}


def open_book(data):
    """A workbook in memory.

    :param dict data: title, company, created (so that the same data gives the same bytes), currency_format, date_format
    :return: (stream to read once the book is closed, book, formats)
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["title"], "company": data["company"], "created": data["created"]})
    book.set_calc_mode("auto")
    return stream, book, _formats(book, data)


def _formats(book, data):
    money = {"num_format": data["currency_format"], "align": "right", "valign": "top"}
    share = {"num_format": "0.0%;[Red]-0.0%", "align": "right", "valign": "top"}
    strong = {"bold": True, "top": 1}
    text = {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "plain": book.add_format(text),
        "grey": book.add_format({"font_color": "#666666", "italic": True}),
        "head": book.add_format({**text, "bold": True, "bottom": 1, "bg_color": "#EEEEEE"}),
        "line": book.add_format({"indent": 1, "valign": "top"}),
        "strong": book.add_format(strong),
        "money": book.add_format(money),
        "money_strong": book.add_format({**money, **strong}),
        "share": book.add_format(share),
        "share_strong": book.add_format({**share, **strong}),
        "number": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
        "count": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "count_strong": book.add_format({"num_format": "#,##0", **strong}),
        "date": book.add_format({"num_format": data["date_format"], "align": "left", "valign": "top"}),
        "good": book.add_format({"font_color": "#1E7B34"}),
        "bad": book.add_format({"font_color": "#B00020", "bold": True}),
        "box": book.add_format({**text, "border": 1}),
    }


def page(sheet, data, formats, title, widths):
    """Heading and printing of a sheet: A4 landscape, one page wide; returns the first free row.

    :param dict data: company, period, status, source
    """
    company, period, status = (data[key].replace("&", "&&")[:75] for key in ("company", "period", "status"))
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{company}&R{status}")
    sheet.set_footer(f"&L{period}&R&P / &N")
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, f"{data['company']} · {data['period']}", formats["grey"])
    sheet.write_string(2, 0, data["status"], formats["grey"])
    sheet.write_string(3, 0, data["source"], formats["grey"])
    return 4


def head(sheet, row, columns, formats):
    for column, label in enumerate(columns):
        sheet.write_string(row, column, label, formats["head"])
    return row + 1


def cell(sheet, row, column, value, formats, words="plain"):
    """A value in the format of its kind: text, sum (float), count (int), date, nothing."""
    if value is None or value is False:
        sheet.write_blank(row, column, None, formats[words])
    elif isinstance(value, str):
        sheet.write_string(row, column, value, formats[words])
    elif isinstance(value, float):
        sheet.write_number(row, column, value, formats["money"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["count"])
    else:
        sheet.write_datetime(row, column, value, formats["date"])


def lines(sheet, row, table, formats):
    """Columns, rows and a total row of a table; returns the first free row and the row of the total.

    :param dict table: columns, rows (lists of values), total (its label, or none), summed (columns that it adds up)
    """
    row = first = head(sheet, row, table["columns"], formats)
    for values in table["rows"]:
        for column, value in enumerate(values):
            cell(sheet, row, column, value, formats)
        row += 1
    if not table.get("total"):
        return row, None
    for column in range(len(table["columns"])):
        sheet.write_blank(row, column, None, formats["strong"])
    sheet.write_string(row, 0, table["total"], formats["strong"])
    for column in table["summed"]:
        values = [values[column] or 0 for values in table["rows"]]
        money = any(isinstance(value, float) for value in values)
        kind = formats["money_strong" if money else "count_strong"]
        if values:
            start, end = xl_rowcol_to_cell(first, column), xl_rowcol_to_cell(row - 1, column)
            sheet.write_formula(row, column, f"=SUM({start}:{end})", kind, round(sum(values), 2))
        else:
            sheet.write_number(row, column, 0, kind)
    return row + 1, row


def titled(sheet, row, table, formats):
    """A table under its title; returns the first free row, one left blank."""
    sheet.write_string(row, 0, table["title"], formats["strong"])
    return lines(sheet, row + 1, table, formats)[0] + 1


def reference(sheet, row, column):
    """A cell of another sheet, in a formula."""
    name = sheet.get_name().replace("'", "''")
    return f"'{name}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"


def _sum(plus, minus, column, rows):
    """Formula that adds cells of a column, as a range where they follow each other."""
    places = [rows[code] for code in plus]
    if not minus and len(places) > 1 and places == list(range(places[0], places[0] + len(places))):
        first, last = xl_rowcol_to_cell(places[0], column), xl_rowcol_to_cell(places[-1], column)
        return f"=SUM({first}:{last})"
    added = "+".join(xl_rowcol_to_cell(place, column) for place in places) or "0"
    return f"={added}" + "".join(f"-{xl_rowcol_to_cell(rows[code], column)}" for code in minus)


def statement(book, sheet, data, part, formats):
    """The income statement: account, label, last year, budget, this year, variance, its rate, comment.

    :param dict part: sheet, columns (8), has_budget, rows ({account, code, label, heading, last_year, budget,
        this_year, variance, rate, comment, asked, plus, minus}: plus and minus are the codes that it adds and takes
        away; a row with neither is a line of accounts)
    :return: dict code → row
    """
    top = page(sheet, data, formats, part["sheet"], (12, 52, 16, 16, 16, 16, 11, 48))
    first = head(sheet, top, part["columns"], formats)
    sheet.repeat_rows(top)
    sheet.freeze_panes(first, 2)
    rows = {row["code"]: first + index for index, row in enumerate(part["rows"])}
    shown = [key for key in AMOUNTS if key != "budget" or part["has_budget"]]
    compared = BUDGET if part["has_budget"] else LAST_YEAR
    for row in part["rows"]:
        place, strong = rows[row["code"]], row["heading"]
        words, money = formats["strong" if strong else "line"], formats["money_strong" if strong else "money"]
        sheet.write_string(place, ACCOUNT, row["account"], words)
        sheet.write_string(place, LABEL, row["label"], words)
        if not part["has_budget"]:
            sheet.write_blank(place, BUDGET, None, money)
        for key in shown:
            column = AMOUNTS[key]
            if row["plus"] or row["minus"]:
                sheet.write_formula(place, column, _sum(row["plus"], row["minus"], column, rows), money, row[key])
            else:
                sheet.write_number(place, column, row[key], money)
            if strong:
                book.define_name(f"pope_{row['code']}_{NAMED[key]}", f"={reference(sheet, place, column)}")
        actual, other = xl_rowcol_to_cell(place, THIS_YEAR), xl_rowcol_to_cell(place, compared)
        sheet.write_formula(place, VARIANCE, f"={actual}-{other}", money, row["variance"])
        share = formats["share_strong" if strong else "share"]
        if row["rate"] is None:  # compared with nothing: no division
            sheet.write_blank(place, RATE, None, share)
        else:
            gap = xl_rowcol_to_cell(place, VARIANCE)
            sheet.write_formula(place, RATE, f"={gap}/ABS({other})", share, row["rate"])
        missing = row["asked"] and not row["comment"]
        note = part["missing_comment"] if missing else row["comment"]
        sheet.write_string(place, COMMENT, note, formats["bad" if missing else "plain"])
    return rows


def grid(book, sheet, top, part, formats):
    """Amounts by line: a label, then a column for each key; names the cells of headings.

    :param dict part: columns, keys, rows ({code, label, heading, plus, minus, and an amount by key})
    :return: dict code → row
    """
    first = head(sheet, top, part["columns"], formats)
    rows = {row["code"]: first + index for index, row in enumerate(part["rows"])}
    for row in part["rows"]:
        place, strong = rows[row["code"]], row["heading"]
        sheet.write_string(place, 0, row["label"], formats["strong" if strong else "line"])
        money = formats["money_strong" if strong else "money"]
        for column, key in enumerate(part["keys"], 1):
            if row["plus"] or row["minus"]:
                formula = _sum(row["plus"], row["minus"], column, rows)
                sheet.write_formula(place, column, formula, money, row[key])
            else:
                sheet.write_number(place, column, row[key], money)
            if strong:
                book.define_name(f"pope_{row['code']}_{key}", f"={reference(sheet, place, column)}")
    return rows


def controls(sheet, data, part, formats, cells):
    """Each total beside its source, red where they differ.

    :param dict part: sheet, columns, rows ({label, key, statement, ledger, difference, ok, verdict, source}),
        accounts ({title, columns, rows}), notes
    :param dict cells: key of a control → the cell of the workbook that it is about
    """
    top = page(sheet, data, formats, part["sheet"], (52, 20, 20, 18, 16, 56))
    row = first = head(sheet, top, part["columns"], formats)
    sheet.repeat_rows(top)
    sheet.freeze_panes(row, 1)
    for control in part["rows"]:
        sheet.write_string(row, 0, control["label"], formats["plain"])
        if control["key"] in cells:
            sheet.write_formula(row, 1, f"={cells[control['key']]}", formats["money"], control["statement"])
        else:
            sheet.write_number(row, 1, control["statement"], formats["money"])
        sheet.write_number(row, 2, control["ledger"], formats["money"])
        here, there = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 2)
        sheet.write_formula(row, 3, f"=ROUND({here}-{there},2)", formats["money"], control["difference"])
        sheet.write_string(row, 4, control["verdict"], formats["good" if control["ok"] else "bad"])
        sheet.write_string(row, 5, control["source"], formats["plain"])
        row += 1
    if row > first:
        differs = {"type": "cell", "criteria": "!=", "value": 0, "format": formats["bad"]}
        sheet.conditional_format(first, 3, row - 1, 3, differs)
    for key in ("accounts", "moved"):
        if part.get(key) and part[key]["rows"]:
            row = titled(sheet, row + 1, part[key], formats)
    for note in part["notes"]:
        row += 1
        sheet.write_string(row, 0, note, formats["grey"])


def signature(sheet, row, part, formats):
    """Who certifies the figures.

    :param dict part: title, rows (label, value), place (where to sign)
    """
    sheet.write_string(row, 0, part["title"], formats["strong"])
    for label, value in part["rows"]:
        row += 1
        sheet.write_string(row, 0, label, formats["plain"])
        sheet.write_string(row, 1, value, formats["plain"])
    row += 1
    sheet.set_row(row, 70)
    sheet.write_string(row, 0, part["place"], formats["box"])
    sheet.write_blank(row, 1, None, formats["box"])
    return row + 1


def identity(sheet, data, formats):
    """The first sheet: what the summary is about, and who certifies it."""
    part = data["identity"]
    row = page(sheet, data, formats, data["title"], (34, 76))
    sheet.repeat_rows(0, 2)
    sheet.freeze_panes(row, 0)
    for label, value in part["rows"]:
        cell(sheet, row, 0, label, formats)
        cell(sheet, row, 1, value, formats)
        row += 1
    signature(sheet, row + 1, part["signature"], formats)
