from odoo import fields, models

from .pope_financial_summary_cerfa import CERFA


class Funding(models.Model):
    """The financial reports of a file."""

    _inherit = "pope.funding"

    report_ids = fields.One2many(
        "pope.financial.summary", "funding_id", string="Financial Reports", domain=[("kind", "=", CERFA)], copy=False
    )

    def action_financial_report(self):
        """The report that is being written, else a new one for what is due first."""
        self.ensure_one()
        report = self.report_ids.filtered(lambda report: report.state == "draft")[:1]
        return (report or self._new_report())._open_form()

    def _new_report(self):
        date_from, date_to = self._report_period()
        return self.env["pope.financial.summary"].create(
            {
                "kind": CERFA,
                "funding_id": self.id,
                "company_id": self.company_id.id,
                "date_from": date_from,
                "date_to": date_to,
                "share_ids": [fields.Command.create(values) for values in self._report_shares()],
            }
        )

    def _report_period(self):
        """The days of the action within the year that is reported; the whole action when no year is told."""
        due = self.obligation_ids.filtered(lambda duty: duty.state == "to_do" and duty.date_year).sorted("date_due")[:1]
        today = fields.Date.context_today(self)
        year = self.company_id.compute_fiscalyear_dates(due.date_year or self.date_to or today)
        first, last = (year["date_from"], year["date_to"]) if due or not self.date_from else (self.date_from, False)
        last = last or self.date_to or year["date_to"]
        if self.date_from and self.date_to and self.date_from <= last and first <= self.date_to:
            first, last = max(first, self.date_from), min(last, self.date_to)
        return first, last

    def _report_shares(self):
        """What the budget planned that no entry of the file will tell: to be told, with its key."""
        # sudo: who the funder is, which the report tells
        own = self.env["pope.summary.line"]._valid_on(fields.Date.context_today(self))._by_funder()
        told = own.get(self.sudo()._funder_kind())
        return [
            {"line_id": line.line_id.id, "name": line.note}
            for line in self.budget_ids.line_ids
            if line.amount and line.line_id != told and (line.line_id.kind == "key" or line.section != "expense")
        ]
