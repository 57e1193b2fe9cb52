"""Workbook of what is wrong in a file of books, line by line. Data in, bytes out: nothing is read."""

import io

import xlsxwriter

from .common import sheet_names


def write(data):
    """
    :param dict data: created, title, sheet, columns (3), rows (number of the line or 0, problem, what the file says)
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": data["title"], "created": data["created"]})
    sheet = book.add_worksheet(sheet_names([data["sheet"]])[0])
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEEEEE"})
    for column, (label, width) in enumerate(zip(data["columns"], (16, 55, 45), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    row = 0
    for row, (number, problem, value) in enumerate(data["rows"], 1):
        if number:
            sheet.write_number(row, 0, number)
        sheet.write_string(row, 1, problem)
        sheet.write_string(row, 2, value)
    sheet.autofilter(0, 0, row, 2)
    book.close()
    return stream.getvalue()
