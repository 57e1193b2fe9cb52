from odoo import models
from odoo.tools import formatLang


class FinancialSummary(models.Model):
    """The files of France Active on paper: what their workbooks say."""

    _inherit = "pope.financial.summary"

    def _report_sections(self, data):
        if self.kind == "france_active":
            sections = [
                *self._report_synthesis(data["synthesis"]),
                self._report_table(data["grants"]["sheet"], data["grants"]),
                *self._report_schedules(data["schedules"]),
                self._report_cash(data["cash"]),
                self._report_grid(data["landing"]),
                self._report_grid(data["balance"]),
                self._report_table(data["holder_loans"]["sheet"], data["holder_loans"]),
            ]
        elif self.kind == "france_active_project":
            sections = [
                self._report_table(data["identity"]["sheet"], data["identity"] | {"columns": []}),
                self._report_table(data["team"]["sheet"], data["team"]),
                self._report_grid(data["plan"]),
                self._report_grid(data["forecast"]),
                self._report_cash(data["cash"]),
                self._report_table(data["grants"]["sheet"], data["grants"]),
                *self._report_schedules(data["schedules"]),
            ]
        else:
            return super()._report_sections(data)
        sections += self._report_controls(data["controls"])
        return [section for section in sections if section["rows"] or any(section.get("notes") or ())]

    def _report_synthesis(self, part):
        facts = [*part["facts"], (part["months"][0], self._report_number(part["months"][1])), part["comments"]]
        rows = [{"cells": [label, self._report_text(value)]} for label, value in facts]
        loans = [
            {
                "cells": [
                    *(self._report_text(value) for value in loan["values"]),
                    self._report_number(loan["rate"]),
                    *(self._report_text(loan[key]) for key in ("date_end", "next_date", "next_total", "left")),
                    self._report_share(loan["coverage"]),
                    f"{part['short']} – {loan['grants']}" if loan["is_short"] else loan["grants"],
                ],
                "bad": loan["is_short"],
            }
            for loan in part["rows"]
        ]
        notes = [] if loans else [part["empty"]]
        return [
            {"title": part["sheet"], "columns": [], "rows": rows, "right": []},
            {"title": "", "columns": part["columns"], "rows": loans, "right": range(3, 13), "notes": notes},
        ]

    def _report_number(self, value):
        return "" if value is None else formatLang(self.env, value, digits=2)

    def _report_schedules(self, part):
        return [
            self._report_table(
                table["title"],
                table | {"columns": part["columns"], "total": part["total"], "summed": [2, 3, 4, 5]},
            )
            | {"right": range(1, 7)}
            for table in part["tables"]
        ]

    def _report_grid(self, part):
        rows = [
            {
                "cells": [row["label"], *(self._report_text(float(row[key])) for key in part["keys"])],
                "strong": row["heading"],
            }
            for row in part["rows"]
        ]
        right = range(1, len(part["columns"]))
        return {
            "title": part["sheet"],
            "columns": part["columns"],
            "rows": rows,
            "right": right,
            "notes": [part["note"]],
        }

    def _report_cash(self, part):
        """Whole euros: twelve months stand side by side on a sheet of paper."""

        def row(label, amounts, strong=False):
            return {"cells": [label, *(formatLang(self.env, amount, digits=0) for amount in amounts)], "strong": strong}

        labels = part["labels"]
        rows = [row(labels["opening"], part["opening"])]
        for section in part["sections"]:
            rows += [row(line["label"], line["amounts"]) for line in section["rows"]]
            rows.append(row(section["label"], section["totals"], True))
        rows += [row(labels["net"], part["net"]), row(labels["closing"], part["closing"], True)]
        columns = ["", *(f"{month['label']} {month['state_label']}" for month in part["months"])]
        return {
            "title": part["sheet"],
            "columns": columns,
            "rows": rows,
            "right": range(1, len(columns)),
            "notes": [part["minimum"], *part["notes"]],
        }
