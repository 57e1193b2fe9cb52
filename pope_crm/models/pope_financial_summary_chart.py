from odoo import api, fields, models


class FinancialSummary(models.Model):
    """The pictures above a summary: what was done beside what was planned, by class; the cash, month by month."""

    _inherit = "pope.financial.summary"

    charts = fields.Json(compute="_compute_charts", help="What the screen draws, as plain data.")

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_charts(self):
        for summary in self:
            figures = summary._figures()
            charts = [
                *(summary._class_chart(figures, section) for section in ("expense", "income")),
                summary._cash_chart(figures.get("cash")),
            ]
            summary.charts = [chart for chart in charts if chart] or False

    def _class_chart(self, figures, section):
        """Bars of the classes of a section: what it is compared with, then what was done."""
        rows = [
            row
            for row in figures["rows"]
            if row["section"] == section and row["heading"] and row["kind"] in ("line", "class")
        ]
        other = figures["compared"]
        columns = [other, "this_year"] if other else ["this_year"]
        told = [row for row in rows if any(row[column] for column in columns)]
        if not told:
            return None
        names, labels = self._line_names(figures), self._column_labels()
        return {
            "type": "bar",
            "title": self.env._("Charges by class") if section == "expense" else self.env._("Income by class"),
            "labels": [row.get("account") or names[row["code"]] for row in told],
            "names": [names[row["code"]] for row in told],
            "series": [{"label": labels[column], "values": [row[column] for row in told]} for column in columns],
        }

    def _column_labels(self):
        this_year, last_year = (self._year_label(*period) for period in self._periods())
        return {
            "this_year": self.env._("Actual %(year)s", year=this_year),
            "last_year": self.env._("Actual %(year)s", year=last_year),
            "budget": self.env._("Budget %(year)s", year=this_year),
        }

    def _cash_chart(self, plan):
        """The cash at the end of each month, its lowest point marked."""
        if not plan:
            return None
        labels = [month["label"] for month in plan["months"]]
        return {
            "type": "line",
            "title": self.env._("Cash at the end of each month"),
            "labels": labels,
            "names": labels,
            "series": [{"label": self.env._("Cash"), "values": plan["closing"]}],
            "lowest": plan["minimum"]["index"],
            "forecast": [month["state"] in ("forecast", "unknown") for month in plan["months"]],
        }
