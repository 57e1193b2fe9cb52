"""Workbook of a Cerfa form: charges on the left, income on the right, whole euros. Data in, bytes out."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from .common import sheet_names

A4 = 9
NAMES = ("prevu", "realise")


def write(data):
    """Lay out a form.

    :param dict data:
        created: datetime fixed by the caller, so that the same data gives the same bytes
        title, subject, applicant, period, status and source where there are, sentence, sheet, total, sides (2 labels),
        columns (labels of the amounts)
        share: label of one more column, the second amount over the first, or absent
        blocks: dicts left and right, lists of rows {code, label, level (class, line, total), amounts, parts: places of
            the rows that it adds up}; balance: None, or {left, right: {label, amount}}, what makes the totals equal
        texts: optional list of (title, text); controls: optional list of (label, form, source, verdict, is right)
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["subject"], "company": data["applicant"], "created": data["created"]})
    book.set_calc_mode("auto")
    formats = _formats(book)
    names = sheet_names([data["sheet"], *([data["texts_sheet"]] if data.get("texts") else [])])
    _form(book, book.add_worksheet(names[0]), data, formats)
    if data.get("texts"):
        _texts(book.add_worksheet(names[1]), data, formats)
    book.close()
    return stream.getvalue()


def _formats(book):
    money, share = {"num_format": "#,##0;[Red]-#,##0", "align": "right"}, {"num_format": "0%", "align": "right"}
    strong, wrap = {"bold": True, "top": 1}, {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "plain": book.add_format(wrap),
        "grey": book.add_format({"font_color": "#666666", "italic": True}),
        "head": book.add_format({**wrap, "bold": True, "bottom": 1, "bg_color": "#EEEEEE"}),
        "line": book.add_format({**wrap, "indent": 1}),
        "class": book.add_format({**wrap, "bold": True}),
        "total": book.add_format({**wrap, **strong}),
        "money_line": book.add_format(money),
        "money_class": book.add_format({**money, "bold": True}),
        "money_total": book.add_format({**money, **strong}),
        "share_line": book.add_format(share),
        "share_class": book.add_format({**share, "bold": True}),
        "share_total": book.add_format({**share, **strong}),
        "good": book.add_format({"font_color": "#1E7B34"}),
        "bad": book.add_format({"font_color": "#B00020", "bold": True}),
    }


def _form(book, sheet, data, formats):
    width = len(data["columns"]) + (1 if data.get("share") else 0)
    left, right = 0, width + 1
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L" + data["period"].replace("&", "&&")[:75] + "&R&P / &N")
    for start in (left, right):
        sheet.set_column(start, start, 46)
        sheet.set_column(start + 1, start + width, 13)
    sheet.write_string(0, 0, data["title"], formats["title"])
    sheet.write_string(1, 0, f"{data['applicant']} · {data['subject']}", formats["grey"])
    told = (data["period"], data.get("status"), data.get("source"))
    sheet.write_string(2, 0, " · ".join(filter(None, told)), formats["grey"])
    for start, side in ((left, data["sides"][0]), (right, data["sides"][1])):
        for column, label in enumerate([side, *data["columns"], *([data["share"]] if data.get("share") else [])]):
            sheet.write_string(3, start + column, label, formats["head"])
    sheet.repeat_rows(3)
    sheet.freeze_panes(4, 0)
    row = 4
    for block in data["blocks"]:
        for start, side in ((left, "left"), (right, "right")):
            _side(sheet, row, start, block[side], data, formats)
            _name_totals(book, sheet, row, start, block[side])
        row += max(len(block["left"]), len(block["right"]))
        if block.get("balance"):
            for start, side in ((left, "left"), (right, "right")):
                _balance(sheet, row, start, block, side, data, formats)
            row += 2
        row += 1
    sheet.write_string(row, 0, data["sentence"], formats["class"])
    for label, form, source, verdict, is_right in data.get("controls", ()):
        row += 1
        sheet.write_string(row, 0, label, formats["plain"])
        sheet.write_number(row, 1, form, formats["money_line"])
        sheet.write_number(row, 2, source, formats["money_line"])
        sheet.write_string(row, 3, verdict, formats["good" if is_right else "bad"])


def _side(sheet, first, start, rows, data, formats):
    """A side of a block: the last of its rows, its total, stands at the bottom of the longer side."""
    places = [first + place for place in range(len(rows))]
    for place, row in zip(places, rows, strict=True):
        sheet.write_string(place, start, row["label"], formats[row["level"]])
        for column, amount in enumerate(row["amounts"], start + 1):
            money = formats[f"money_{row['level']}"]
            if row["level"] == "line":
                sheet.write_number(place, column, amount, money)
            else:
                cells = [xl_rowcol_to_cell(places[part], column) for part in row["parts"]]
                sheet.write_formula(place, column, "=" + ("+".join(cells) or "0"), money, amount)
        if data.get("share"):
            _share(sheet, place, start, row, formats)


def _name_totals(book, sheet, first, start, rows):
    """Names of the cells of totals: pope_total_c_prevu, pope_total_c_realise…"""
    for place, row in enumerate(rows, first):
        if row["level"] != "line":
            for column, name in zip(range(start + 1, start + 1 + len(row["amounts"])), NAMES, strict=False):
                cell = xl_rowcol_to_cell(place, column, row_abs=True, col_abs=True)
                book.define_name(f"pope_{row['code']}_{name}", f"='{sheet.get_name()}'!{cell}")


def _share(sheet, place, start, row, formats):
    """The second amount over the first: nothing where nothing was planned."""
    planned, actual = (xl_rowcol_to_cell(place, start + column) for column in (1, 2))
    value = round(row["amounts"][1] / row["amounts"][0], 6) if row["amounts"][0] else ""
    formula = f'=IF({planned}=0,"",ROUND({actual}/{planned},6))'
    sheet.write_formula(place, start + 3, formula, formats[f"share_{row['level']}"], value)


def _balance(sheet, row, start, block, side, data, formats):
    """The surplus or the deficit, and a total that both sides share."""
    balance, total = block["balance"][side], block[side][-1]["amounts"]
    amounts = balance["amounts"] if "amounts" in balance else [balance["amount"]]
    sheet.write_string(row, start, balance["label"], formats["class"])
    sheet.write_string(row + 1, start, data["total"], formats["total"])
    last = row - max(len(block["left"]), len(block["right"])) + len(block[side]) - 1
    for column, amount in enumerate(amounts):
        sheet.write_number(row, start + 1 + column, amount, formats["money_class"])
        cells = f"={xl_rowcol_to_cell(last, start + 1 + column)}+{xl_rowcol_to_cell(row, start + 1 + column)}"
        sheet.write_formula(row + 1, start + 1 + column, cells, formats["money_total"], total[column] + amount)


def _texts(sheet, data, formats):
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, data["subject"], formats["title"])
    for row, (title, text) in enumerate(data["texts"], 2):
        sheet.write_string(row, 0, title, formats["class"])
        sheet.write_string(row, 1, text, formats["plain"])
