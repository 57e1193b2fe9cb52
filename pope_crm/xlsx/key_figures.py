"""Workbook of the key figures of a year. Data in, bytes out: nothing is read."""

import io

import xlsxwriter

from .common import sheet_names
from .summary_sheets import A4


def write(data):
    """Lay out the figures.

    :param dict data:
        created: datetime fixed by the caller, so that the same data gives the same bytes
        company, title, sheet, counted, note, columns (4)
        groups: {title, figures}; a figure has label, value, detail, definition, columns and
            rows ({label, cells, strong})
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["title"], "company": data["company"], "created": data["created"]})
    top = {"valign": "top", "text_wrap": True}
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "group": book.add_format({"bold": True, "font_size": 12, "bottom": 1}),
        "head": book.add_format({"bold": True, "bg_color": "#EEEEEE", **top}),
        "plain": book.add_format(top),
        "strong": book.add_format({"bold": True, **top}),
        "number": book.add_format({"num_format": "#,##0.##", "align": "right", "valign": "top"}),
        "count": book.add_format({"num_format": "#,##0", "align": "right", "valign": "top"}),
        "grey": book.add_format({"font_color": "#666666", "italic": True}),
    }
    sheet = book.add_worksheet(sheet_names([data["sheet"]])[0])
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&P / &N")
    for column, width in enumerate((48, 16, 40, 80)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, data["title"], formats["title"])
    sheet.write_string(1, 0, f"{data['company']} · {data['counted']}", formats["grey"])
    sheet.write_string(2, 0, data["note"], formats["grey"])
    _line(sheet, 4, data["columns"], formats["head"], formats)
    row = 5
    for group in data["groups"]:
        sheet.write_string(row, 0, group["title"], formats["group"])
        row += 1
        for figure in group["figures"]:
            if figure["value"] is None and not figure["definition"]:
                continue  # its table says it all
            values = [figure["label"], figure["value"], figure["detail"], figure["definition"]]
            _line(sheet, row, values, formats["plain"], formats)
            row += 1
    for group in data["groups"]:
        for figure in group["figures"]:
            if figure["rows"]:
                row = _table(sheet, row + 1, figure, formats)
    book.close()
    return stream.getvalue()


def _table(sheet, row, figure, formats):
    sheet.write_string(row, 0, figure["label"], formats["group"])
    _line(sheet, row + 1, figure["columns"], formats["head"], formats)
    row += 2
    for line in figure["rows"]:
        words = formats["strong" if line["strong"] else "plain"]
        _line(sheet, row, [line["label"], *line["cells"]], words, formats)
        row += 1
    return row


def _line(sheet, row, values, words, formats):
    for column, value in enumerate(values):
        if value is None:
            sheet.write_blank(row, column, None)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, words)
        else:
            whole = float(value).is_integer()
            sheet.write_number(row, column, value, formats["count" if whole else "number"])
