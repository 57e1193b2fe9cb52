from odoo import fields, models
from odoo.tools import format_date

from ..xlsx import france_active_summary


class FinancialSummary(models.Model):
    """The words of the France Active workbook of the association."""

    _inherit = "pope.financial.summary"

    def _workbook_writers(self):
        return super()._workbook_writers() | {"france_active": france_active_summary.write}

    def _workbook_data(self, figures, frozen_on=None):
        data = super()._workbook_data(figures, frozen_on)
        if self.kind != "france_active":
            return data
        return data | {
            "synthesis": self._workbook_synthesis(figures),
            "grants": self._workbook_awaited(figures),
            "schedules": self._workbook_schedules(figures),
            "cash": self._workbook_cash(figures),
            "landing": self._workbook_landing(figures),
            "balance": self._workbook_sheet(figures),
            "holder_loans": self._workbook_holder_loans(figures),
            "controls": self._workbook_controls(figures),
        }

    def _as_of_words(self):
        return self.env._("As of %(day)s", day=format_date(self.env, self.date_as_of))

    def _workbook_synthesis(self, figures):
        cash, month = figures["cash_now"], figures["month_charges"]
        return {
            "sheet": self.env._("Synthesis"),
            "facts": [
                (self.env._("As of"), self.date_as_of),
                (self.env._("Cash on that day"), float(cash)),
                (self.env._("Charges of a month (a twelfth of the last twelve)"), float(month)),
            ],
            "months": (self.env._("Months of charges that the cash pays"), round(cash / month, 1) if month else None),
            "columns": [
                self.env._("Loan"),
                self.env._("Lender"),
                self.env._("Reference"),
                self.env._("Capital"),
                self.env._("Drawn"),
                self.env._("Repaid"),
                self.env._("Outstanding"),
                self.env._("Rate (%)"),
                self.env._("Until"),
                self.env._("Next due date"),
                self.env._("Next amount"),
                self.env._("Left to receive on pledged grants"),
                self.env._("Loan coverage"),
                self.env._("Covering grants"),
            ],
            "rows": [self._workbook_loan(loan) for loan in figures["loans"]],
            "total": self.env._("Total"),
            "empty": self.env._("No loan under way."),
            "short": self.env._("Coverage under 100 %"),
            "comments": (self.env._("Comments"), self.notes or ""),
            "signature": self._workbook_signature(),
        }

    def _workbook_loan(self, loan):
        following, cover = loan["next"] or {}, loan["cover"]
        return {
            "values": [
                loan["name"],
                loan["lender"],
                loan["reference"],
                float(loan["capital"]),
                float(loan["drawn"]),
                float(loan["repaid"]),
                float(loan["outstanding"]),
            ],
            "rate": loan["rate"],
            "date_end": fields.Date.to_date(loan["date_end"] or False),
            "next_date": fields.Date.to_date(following.get("date") or False),
            "next_total": following.get("total"),
            "left": float(cover["left"]),
            "coverage": cover["coverage"],
            "is_short": cover["is_short"],
            "grants": ", ".join(f"{grant['funder']} – {grant['name']}" for grant in cover["grants"]),
        }

    def _workbook_awaited(self, figures):
        yes, no = self.env._("Yes"), self.env._("No")
        return {
            "sheet": self.env._("Grants awaited"),
            "columns": [
                self.env._("Funder"),
                self.env._("Purpose"),
                self.env._("Awarded on"),
                self.env._("Reference"),
                self.env._("Awarded"),
                self.env._("Received"),
                self.env._("Left"),
                self.env._("Expected on"),
                self.env._("Days late"),
                self.env._("Conditions left"),
                self.env._("Assigned (Dailly)"),
                self.env._("Pledged to"),
            ],
            "rows": [
                [
                    grant["funder"],
                    grant["purpose"],
                    fields.Date.to_date(grant["date_decision"] or False),
                    grant["reference"],
                    float(grant["awarded"]),
                    float(grant["received"]),
                    float(grant["left"]),
                    fields.Date.to_date(grant["expected"] or False),
                    grant["days_late"],
                    grant["condition"],
                    yes if grant["is_assigned"] else no,
                    grant["pledged"] or no,
                ]
                for grant in figures["awaited"]
            ],
            "total": self.env._("Total"),
            "summed": [4, 5, 6],
        }

    def _workbook_schedules(self, figures):
        yes = self.env._("Yes")
        return {
            "sheet": self.env._("Loan schedules"),
            "columns": [
                self.env._("Due date"),
                self.env._("Owed before"),
                self.env._("Capital"),
                self.env._("Interest"),
                self.env._("Insurance"),
                self.env._("Instalment"),
                self.env._("Owed after"),
                self.env._("Paid"),
                self.env._("Paid on"),
            ],
            "empty": self.env._("No loan under way."),
            "total": self.env._("Total"),
            "tables": [
                {
                    "title": " – ".join(filter(None, (loan["name"], loan["lender"], loan["reference"]))),
                    "rows": [
                        [
                            fields.Date.to_date(line["date"]),
                            *(
                                float(line[key])
                                for key in ("opening", "capital", "interest", "insurance", "total", "closing")
                            ),
                            yes if line["is_paid"] else "",
                            fields.Date.to_date(line["date_paid"] or False),
                        ]
                        for line in loan["lines"]
                    ],
                }
                for loan in figures["loans"]
            ],
        }

    def _workbook_cash(self, figures):
        plan = figures["cash"]
        return self.env["pope.cash.plan"]._workbook_data(plan | {"today": fields.Date.to_date(plan["today"])})

    def _workbook_landing(self, figures):
        this_year, last_year = (self._year_label(*period) for period in self._periods())
        shown = [row for row in figures["rows"] if row["shown"]]
        codes, names = {row["code"] for row in shown}, self._line_names(figures)
        return {
            "sheet": self.env._("Income statement"),
            "columns": [
                self.env._("Line"),
                self.env._("Actual %(year)s", year=last_year),
                self.env._("Budget %(year)s", year=this_year),
                self.env._("Actual to %(day)s", day=format_date(self.env, self.date_as_of)),
                self.env._("Landing"),
            ],
            "keys": ["last_year", "budget", "this_year", "landing"],
            "note": self.env._("Landing: what is booked, and the budget of the days that are left in the year."),
            "rows": [
                {
                    "code": row["code"],
                    "label": names[row["code"]],
                    "heading": row["heading"],
                    "plus": [code for code in row["plus"] if code in codes],
                    "minus": [code for code in row["minus"] if code in codes],
                    **{key: row[key] for key in ("last_year", "budget", "this_year", "landing")},
                }
                for row in shown
            ],
        }

    def _workbook_sheet(self, figures):
        lines = self.env["pope.summary.line"].browse(row["line_id"] for row in figures["sheet"]["rows"]).exists()
        names = {line.id: line.name for line in lines}
        return {
            "sheet": self.env._("Balance sheet"),
            "columns": [self.env._("Line"), self._as_of_words()],
            "keys": ["amount"],
            "note": self.env._("Simplified; accounts of third parties and banks stand where their balance puts them."),
            "rows": [
                {
                    "code": row["code"],
                    "label": names.get(row["line_id"], row["name"]),
                    "heading": row["kind"] == "total",
                    "plus": row["plus"],
                    "minus": [],
                    "amount": row["amount"],
                }
                for row in figures["sheet"]["rows"]
            ],
        }

    def _workbook_holder_loans(self, figures):
        states = dict(self.env["pope.loan"]._fields["state"]._description_selection(self.env))
        return {
            "sheet": self.env._("Holders' loans"),
            "columns": [
                self.env._("Project"),
                self.env._("Loan"),
                self.env._("Amount"),
                self.env._("From"),
                self.env._("Until"),
                self.env._("Outstanding"),
                self.env._("Status"),
            ],
            "rows": [
                [
                    loan["project"],
                    loan["name"],
                    float(loan["capital"]),
                    fields.Date.to_date(loan["date_start"]),
                    fields.Date.to_date(loan["date_end"] or False),
                    float(loan["outstanding"]),
                    states[loan["state"]],
                ]
                for loan in figures["holder_loans"]
            ],
            "total": self.env._("Total"),
            "summed": [2, 5],
        }

    def _control_words(self, control, figures=None):
        words = {
            "balance": (self.env._("Assets"), self.env._("Liabilities of the balance sheet")),
            "sheet_result": (self.env._("Result of the balance sheet"), self.env._("Result of the income statement")),
            "loans": (
                self.env._("Outstanding of the loans followed here"),
                self.env._("Loans of the balance sheet (accounts 16, 17 and 519)"),
            ),
        }
        return words.get(control["check"]) or super()._control_words(control, figures)
