"""Index of the audit file. Data in, bytes out: nothing is read."""

import io

import xlsxwriter

from odoo.addons.pope_crm.xlsx.common import sheet_names

WIDTHS = (34, 44, 40, 14, 40, 60, 44)


def write(index):
    """Lay out the index.

    :param dict index: title, about, sheet, columns, rows (tuples of texts)
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    sheet = book.add_worksheet(sheet_names([index["sheet"]])[0])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, index["title"], formats["title"])
    sheet.write_string(1, 0, index["about"])
    for column, (title, width) in enumerate(zip(index["columns"], WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, title, formats["head"])
    for place, row in enumerate(index["rows"], 4):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text, formats["plain"])
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)
    sheet.autofilter(3, 0, 3 + len(index["rows"]), len(index["columns"]) - 1)
    book.close()
    return stream.getvalue()
