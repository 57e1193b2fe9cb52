from datetime import datetime, time

from odoo import api, models
from odoo.tools import format_date, formatLang

from ..xlsx import cash_plan


class CashPlan(models.AbstractModel):
    """The plan as a sheet, all taxes included."""

    _inherit = "pope.cash.plan"

    @api.model
    def action_download(self, lead_id=False, date_from=False):
        """One file a user and plan, renewed at each download."""
        plan = self.get_page(lead_id, date_from)
        name = self.env._("Cash plan – %(name)s.xlsx", name=plan["title"].replace("/", " "))
        content = cash_plan.write(self._workbook_data(plan))
        return self.env["ir.attachment"]._pope_download(name, content)

    def _workbook_data(self, plan):
        """Everything the sheet says, in the reader's language; the France Active workbook lays it out too."""
        currency = self.env["res.currency"].browse(plan["currency_id"])
        states = {
            "actual": self.env._("Actual"),
            "current": self.env._("Under way"),
            "forecast": self.env._("Forecast"),
            "unknown": self.env._("Not told"),
        }
        lowest = formatLang(self.env, plan["minimum"]["amount"], currency_obj=currency)
        return {
            # the same data gives the same bytes
            "created": datetime.combine(plan["today"], time.min),
            "company": plan["company"],
            "title": self.env._("Cash plan: %(name)s", name=plan["title"]),
            "sheet": self.env._("Cash plan"),
            "counted": self.env._(
                "On %(day)s, in %(currency)s, all taxes included",
                day=format_date(self.env, plan["today"]),
                currency=currency.name,
            ),
            "minimum": self.env._("Lowest point: %(month)s, %(amount)s", month=plan["minimum"]["label"], amount=lowest),
            "currency_format": f'#,##0.00 "{currency.symbol}";[Red]-#,##0.00 "{currency.symbol}"',
            "months": [
                {
                    "label": month["label"],
                    "state_label": states[month["state"]],
                    "is_actual": month["state"] == "actual",
                }
                for month in plan["months"]
            ],
            "labels": {
                "opening": self.env._("Cash at the start"),
                "net": self.env._("Change of the month"),
                "closing": self.env._("Cash at the end"),
                "apart": self.env._("Not counted"),
            },
            "opening": plan["opening"],
            "closing": plan["closing"],
            "net": plan["net"],
            "lowest": plan["minimum"]["index"],
            "sections": [
                {
                    "label": section["label"],
                    "totals": section["totals"],
                    "rows": [
                        {"label": row["name"], "amounts": [cell["amount"] for cell in row["cells"]]}
                        for row in section["rows"]
                    ],
                }
                for section in plan["sections"]
            ],
            "notes": [*plan["rules"], *plan["source"]],
            "apart": [(line["label"], line["amount"], line["why"]) for line in plan["apart"]],
        }
