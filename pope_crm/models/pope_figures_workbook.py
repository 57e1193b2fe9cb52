from datetime import datetime

from odoo import api, fields, models

from ..core.suppression import THRESHOLD, hide_small
from ..xlsx import key_figures


class Figures(models.AbstractModel):
    """The year's figures in a workbook that may leave the house: small counts of persons are hidden in it."""

    _inherit = "pope.figures"

    @api.model
    def action_download(self, year=False):
        """The workbook of a year, one file a user and year, renewed at each download."""
        page = self.get_page(year)
        name = self.env._("Key figures %(year)s – %(company)s.xlsx", year=page["year"], company=page["company"])
        content = key_figures.write(self._workbook_data(page))
        return self.env["ir.attachment"]._pope_download(name, content)

    @api.model
    def _workbook_data(self, page):
        mark, tables = self.env._("hidden"), self._outgoing_tables(page)
        return {
            # the same data gives the same bytes
            "created": datetime(page["year"], 12, 31),
            "company": page["company"],
            "title": self.env._("Key figures %(year)s", year=page["year"]),
            "sheet": self.env._("Key figures"),
            "counted": self.env._("Counted on %(day)s", day=fields.Date.context_today(self).strftime("%d/%m/%Y")),
            "columns": [self.env._("Figure"), self.env._("Value"), self.env._("Detail"), self.env._("Definition")],
            "note": self.env._(
                "“%(mark)s”: fewer than %(threshold)s persons, or a number from which so few could be deduced.",
                mark=mark,
                threshold=THRESHOLD,
            ),
            "groups": [
                {"title": group["title"], "figures": [self._outgoing(figure, tables, mark) for figure in figures]}
                for group in page["groups"]
                if (figures := group["figures"])
            ],
        }

    @api.model
    def _outgoing_tables(self, page):
        """Tables of persons without their small counts, by code; the last row and column are totals."""
        return {
            figure["code"]: hide_small([[cell["value"] for cell in row["cells"][:-1]] for row in figure["rows"][:-1]])
            for group in page["groups"]
            for figure in group["figures"]
            if figure["people"] and "rows" in figure
        }

    @api.model
    def _outgoing(self, figure, tables, mark):
        """A figure as it may be shown to anyone."""
        code, value, detail = figure["code"], figure["value"], figure["detail"]
        rows = [[cell["value"] for cell in row["cells"]] for row in figure.get("rows", [])]
        if code in tables:
            # the sentence is made of the totals: it would tell those that are hidden
            value = None
            rows = [[mark if cell is None else cell for cell in row] for row in tables[code]]
        elif figure["people"]:
            small = min(value, figure.get("known", value)) < THRESHOLD
            if small or (figure.get("total_of") in tables and tables[figure["total_of"]][-1][-1] is None):
                value, detail = mark, False
        return {
            "label": figure["label"],
            "value": value,
            "detail": detail or "",
            "definition": figure["definition"],
            "columns": [figure["corner"], *figure["columns"]] if rows else [],
            "rows": [
                {"label": row["label"], "cells": cells, "strong": row.get("strong", False)}
                for row, cells in zip(figure.get("rows", []), rows, strict=True)
            ],
        }
