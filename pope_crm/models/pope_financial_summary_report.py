from odoo import models
from odoo.tools import format_date, formatLang


class FinancialSummary(models.Model):
    """The summary on paper: what the workbook says, to be read."""

    _inherit = "pope.financial.summary"

    def _report_data(self):
        """Heading and sections of the paper, from the same data as the workbook."""
        self.ensure_one()
        data = self._workbook_data(self._figures(), self.frozen_date)
        return data | {"sections": self._report_sections(data), "signature": self._workbook_signature()}

    def _report_sections(self, data):
        """Tables of the paper: title, columns, rows ({cells, strong, bad}), right (columns of numbers), notes.

        Each kind has its own; `_report_table` makes one of a table of the workbook.
        """
        return []

    def _report_text(self, value):
        """A value of the workbook as it is read: a sum, a count, a day, a text."""
        if value is None or value is False:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, float):
            return formatLang(self.env, value, currency_obj=self.currency_id)
        if isinstance(value, int):
            return formatLang(self.env, value, digits=0)
        return format_date(self.env, value)

    def _report_share(self, rate):
        return "" if rate is None else f"{formatLang(self.env, 100 * rate, digits=1)} %"

    def _report_table(self, title, part):
        """A table of the workbook, with its total."""
        rows = [{"cells": list(map(self._report_text, values))} for values in part["rows"]]
        if part.get("total") and part["rows"]:
            cells = [part["total"], *[""] * (len(part["columns"]) - 1)]
            for column in part["summed"]:
                values = [values[column] or 0 for values in part["rows"]]
                cells[column] = self._report_text(sum(values))
            rows.append({"cells": cells, "strong": True})
        return {"title": title, "columns": part["columns"], "rows": rows, "right": part.get("summed", [])}

    def _report_statement(self, part):
        rows = [
            {
                "cells": [
                    row["account"],
                    row["label"],
                    self._report_text(float(row["last_year"])),
                    self._report_text(float(row["budget"])) if part["has_budget"] else "",
                    self._report_text(float(row["this_year"])),
                    self._report_text(float(row["variance"])),
                    self._report_share(row["rate"]),
                    row["comment"] or (part["missing_comment"] if row["asked"] else ""),
                ],
                "strong": row["heading"],
                "bad": row["asked"] and not row["comment"],
            }
            for row in part["rows"]
        ]
        return {"title": part["sheet"], "columns": part["columns"], "rows": rows, "right": range(2, 7)}

    def _report_controls(self, part):
        rows = [
            {
                "cells": [
                    control["label"],
                    *(self._report_text(float(control[key])) for key in ("statement", "ledger", "difference")),
                    control["verdict"],
                    control["source"],
                ],
                "bad": not control["ok"],
            }
            for control in part["rows"]
        ]
        tables = [{"title": part["sheet"], "columns": part["columns"], "rows": rows, "right": range(1, 4)}]
        for key in ("accounts", "moved"):
            if part.get(key) and part[key]["rows"]:
                tables.append(self._report_table(part[key]["title"], part[key]) | {"right": range(1, 3)})
        tables[-1]["notes"] = part["notes"]
        return tables
