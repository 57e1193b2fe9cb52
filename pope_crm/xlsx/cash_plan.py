"""Workbook of a cash plan: a month a column, live totals. Data in, bytes out: nothing is read."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from .common import sheet_names
from .summary_sheets import A4

FIRST = 6  # row of the first amounts


def write(data):
    """Lay out a plan on one sheet.

    :param dict data:
        created: datetime fixed by the caller, so that the same data gives the same bytes
        company, title, sheet, counted, minimum (sentence), currency_format
        months: label, state_label, is_actual
        labels: opening, net, closing, apart
        opening, closing, net: an amount a month;  lowest: place of the lowest month
        sections: label, totals, rows (label, amounts)
        notes: sentences;  apart: (label, amount, why)
    :return: the .xlsx file
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["title"], "company": data["company"], "created": data["created"]})
    book.set_calc_mode("auto")
    sheet = book.add_worksheet(sheet_names([data["sheet"]])[0])
    fill(book, sheet, data)
    book.close()
    return stream.getvalue()


def formats_of(book, data):
    money, strong = {"num_format": data["currency_format"], "align": "right"}, {"bold": True, "top": 1}
    grey = {"bg_color": "#EEEEEE"}
    head = {"bold": True, "bottom": 1, "align": "center", "text_wrap": True, "valign": "top"}
    low = {"bg_color": "#F8D7DA", "border": 2, "border_color": "#D9534F"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "grey": book.add_format({"font_color": "#666666", "italic": True}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        "strong": book.add_format(strong),
        "head": book.add_format(head),
        "head_actual": book.add_format({**head, **grey}),
        "money": book.add_format(money),
        "money_actual": book.add_format({**money, **grey}),
        "money_strong": book.add_format({**money, **strong}),
        "money_strong_actual": book.add_format({**money, **strong, **grey}),
        "money_lowest": book.add_format({**money, "bold": True, **low}),
    }


def fill(book, sheet, data):
    """The plan on a sheet of any workbook; returns the first free row."""
    formats, months = formats_of(book, data), data["months"]
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&P / &N")
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, len(months), 13)
    for row, (text, style) in enumerate(
        ((data["title"], "title"), (data["company"], "grey"), (data["counted"], "grey"), (data["minimum"], "strong"))
    ):
        sheet.write_string(row, 0, text, formats[style])
    for column, month in enumerate(months, start=1):
        style = formats["head_actual" if month["is_actual"] else "head"]
        sheet.write_string(FIRST - 1, column, f"{month['label']}\n{month['state_label']}", style)
    sheet.repeat_rows(FIRST - 1)
    sheet.repeat_columns(0)
    sheet.freeze_panes(FIRST, 1)
    return _Plan(sheet, data, formats).rows()


class _Plan:
    """The rows of a plan, from the cash of the first month to that of the last."""

    def __init__(self, sheet, data, formats):
        self.sheet, self.data, self.formats = sheet, data, formats
        self.count = len(data["months"])

    def rows(self):
        row, totals = FIRST + 1, []
        for section in self.data["sections"]:
            first = row
            for line in section["rows"]:
                self._numbers(row, line["label"], line["amounts"])
                row += 1
            self._formulas(
                row,
                section["label"],
                section["totals"],
                lambda column, first=first, last=row - 1: (
                    f"=SUM({xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)})"
                    if last >= first
                    else "=0"
                ),
            )
            totals.append(row)
            row += 2
        received, paid = totals
        net, closing = row, row + 1
        self._formulas(
            net,
            self.data["labels"]["net"],
            self.data["net"],
            lambda column: f"=ROUND({xl_rowcol_to_cell(received, column)}-{xl_rowcol_to_cell(paid, column)},2)",
        )
        self._formulas(
            closing,
            self.data["labels"]["closing"],
            self.data["closing"],
            lambda column: f"=ROUND({xl_rowcol_to_cell(FIRST, column)}+{xl_rowcol_to_cell(net, column)},2)",
            self.data["lowest"],
        )
        self._opening(closing)
        return self._notes(closing + 2)

    def _style(self, name, column):
        return self.formats[f"{name}_actual" if self.data["months"][column - 1]["is_actual"] else name]

    def _numbers(self, row, label, amounts):
        self.sheet.write_string(row, 0, label, self.formats["plain"])
        for column, amount in enumerate(amounts, start=1):
            self.sheet.write_number(row, column, amount, self._style("money", column))

    def _formulas(self, row, label, amounts, formula, lowest=None):
        self.sheet.write_string(row, 0, label, self.formats["strong"])
        for column, amount in enumerate(amounts, start=1):
            low = lowest == column - 1
            style = self.formats["money_lowest"] if low else self._style("money_strong", column)
            self.sheet.write_formula(row, column, formula(column), style, amount)

    def _opening(self, closing):
        """The first is a number; the others are what the month before leaves."""
        self.sheet.write_string(FIRST, 0, self.data["labels"]["opening"], self.formats["strong"])
        for column, amount in enumerate(self.data["opening"], start=1):
            style = self._style("money_strong", column)
            if column == 1:
                self.sheet.write_number(FIRST, column, amount, style)
            else:
                self.sheet.write_formula(FIRST, column, f"={xl_rowcol_to_cell(closing, column - 1)}", style, amount)

    def _notes(self, row):
        if self.data["apart"]:
            self.sheet.write_string(row, 0, self.data["labels"]["apart"], self.formats["strong"])
            for label, amount, why in self.data["apart"]:
                row += 1
                self.sheet.write_string(row, 0, label, self.formats["plain"])
                self.sheet.write_number(row, 1, amount, self.formats["money"])
                self.sheet.write_string(row, 2, why)
            row += 2
        for note in self.data["notes"]:
            self.sheet.write_string(row, 0, note, self.formats["grey"])
            row += 1
        return row
