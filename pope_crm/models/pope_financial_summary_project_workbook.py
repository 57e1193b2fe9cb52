from odoo import models

from ..xlsx import france_active_project
from .pope_budget import AMOUNTS
from .pope_budget import YEARS as FORECAST


class FinancialSummary(models.Model):
    """The words of the workbook of a project's file."""

    _inherit = "pope.financial.summary"

    def _workbook_writers(self):
        return super()._workbook_writers() | {"france_active_project": france_active_project.write}

    def _workbook_data(self, figures, frozen_on=None):
        data = super()._workbook_data(figures, frozen_on)
        if self.kind != "france_active_project":
            return data
        return data | {
            "company": figures["project"].get("name") or self.lead_id.name,
            "source": self.env._("What the holders plan and receive: their association's money"),
            "identity": self._workbook_project(figures),
            "team": self._workbook_team(figures),
            "plan": self._workbook_plan(figures),
            "forecast": self._workbook_forecast(figures),
            "cash": self._workbook_cash(figures),
            "grants": self._workbook_project_grants(figures),
            "schedules": self._workbook_schedules({"loans": figures["project_loans"]}),
            "controls": self._workbook_controls(figures),
        }

    def _workbook_project(self, figures):
        project = figures["project"]
        return {
            "sheet": self.env._("Project"),
            "rows": [
                (self.env._("Project"), project["name"]),
                (self.env._("Type of place"), project["type"]),
                (self.env._("Town"), project["town"]),
                (self.env._("Places"), project["places"]),
                (self.env._("Opening planned or done on"), self._day_of(project["opening"] or False)),
                (self.env._("Holders"), project["holders"]),
                (self.env._("Comments"), self.notes or ""),
            ],
            "signature": self._workbook_signature(),
        }

    def _workbook_team(self, figures):
        return {
            "sheet": self.env._("Team"),
            "columns": [
                self.env._("Name"),
                self.env._("Function"),
                self.env._("In the project since"),
                self.env._("Accredited on"),
                self.env._("Training of 120 h on"),
                self.env._("First aid on"),
            ],
            "rows": [
                [
                    person["name"],
                    person["function"],
                    *(
                        self._day_of(person[key] or False)
                        for key in ("since", "accreditation", "training", "first_aid")
                    ),
                ]
                for person in figures["team"]
            ],
        }

    def _workbook_plan(self, figures):
        return self._workbook_budget(
            figures["plan"],
            AMOUNTS,
            self.env._("Financing plan"),
            self.env._("No financing plan of this project: make one under Finances, Budgets."),
            [self.env._("Start"), *self._year_words()],
        )

    def _workbook_forecast(self, figures):
        return self._workbook_budget(
            figures["forecast"],
            FORECAST,
            self.env._("Three years"),
            self.env._("No budget over three years of this project: make one under Finances, Budgets."),
            self._year_words(),
        )

    def _year_words(self):
        return [self.env._("Year %(number)s", number=str(number)) for number in (1, 2, 3)]

    def _workbook_budget(self, told, keys, sheet, empty, columns):
        lines = self.env["pope.summary.line"].browse(row["line_id"] for row in told["rows"]).exists()
        names = {line.id: line.name for line in lines}
        codes = {row["code"] for row in told["rows"]}
        return {
            "sheet": sheet,
            "columns": [self.env._("Line"), *columns],
            "keys": list(keys),
            "note": "" if told["rows"] else empty,
            "rows": [
                {
                    "code": row["code"],
                    "label": names.get(row["line_id"], row["name"]),
                    "heading": row["heading"],
                    "plus": [code for code in row["plus"] if code in codes],
                    "minus": [code for code in row["minus"] if code in codes],
                    **{key: row[key] for key in keys},
                }
                for row in told["rows"]
            ],
        }

    def _workbook_project_grants(self, figures):
        return {
            "sheet": self.env._("Grants"),
            "columns": [
                self.env._("Funder"),
                self.env._("Purpose"),
                self.env._("Status"),
                self.env._("Asked"),
                self.env._("Awarded"),
                self.env._("Received"),
                self.env._("Left"),
            ],
            "rows": [
                [
                    grant["funder"],
                    grant["purpose"],
                    grant["state"],
                    *(float(grant[key]) for key in ("asked", "awarded", "received", "left")),
                ]
                for grant in figures["project_grants"]
            ],
            "total": self.env._("Total"),
            "summed": [3, 4, 5, 6],
        }

    def _control_words(self, control, figures=None):
        if control["check"] == "plan":
            return self.env._("Needs of the financing plan"), self.env._("Resources of the financing plan")
        if control["check"] == "schedule":
            return (
                self.env._("Capital of the schedule: %(loan)s", loan=control["loan"]),
                self.env._("Amount of the loan"),
            )
        return super()._control_words(control, figures)
