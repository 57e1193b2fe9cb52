from datetime import datetime, time

from odoo import models
from odoo.tools import format_date

from ..xlsx import bpf as workbook


class Bpf(models.Model):
    """The return as a workbook, and as a sheet in the order of the form, to be retyped on the ministry's site."""

    _inherit = "pope.bpf"

    def _status_words(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        words = states[self.state]
        if self.date_filed:
            return self.env._("%(state)s, filed on %(day)s", state=words, day=format_date(self.env, self.date_filed))
        return words

    def _workbook_data(self):
        self.ensure_one()
        symbol = self.currency_id.symbol
        identity = self._identity()
        parents = self.form_id._parents()
        rows = [
            {
                "code": line.code,
                "frame": line.frame,
                "number": line.number or "",
                "label": line.name,
                "kind": line.kind,
                "count": line.people,
                "hours": round(line.hours, 2),
                "amount": line.amount,
                "retype": line.to_retype or "",
                "reason": line.reason or "",
                "parts": parents.get(line.code, []),
            }
            for line in self.line_ids
        ]
        return {
            "created": datetime.combine(self.date_to, time.min),
            "company": self.company_id.name,
            "title": self.name,
            "period": dict(identity)[self.env._("Financial year")],
            "status": self._status_words(),
            "source": f"{self.form_id.name} · {self.form_id.notice or ''}",
            "currency_format": f'#,##0.00 "{symbol}";[Red]-#,##0.00 "{symbol}"',
            "date_format": "dd/mm/yyyy",
            "lines": {
                "sheet": self.name,
                "identity": identity,
                "columns": [
                    self.env._("Frame"),
                    self.env._("No."),
                    self.env._("Line"),
                    self.env._("How Many"),
                    self.env._("Hours"),
                    self.env._("Amount"),
                    self.env._("To Retype"),
                    self.env._("Reason"),
                ],
                "rows": rows,
            },
            "gaps": {
                "sheet": self.env._("Missing data"),
                "columns": [self.env._("Frame"), self.env._("What is missing"), self.env._("Where")],
                "rows": [
                    [gap["frame"], gap["words"], row["name"]]
                    for gap in self._figures().get("gaps", ())
                    for row in gap["records"]
                ],
            },
            "controls": {
                "sheet": self.env._("Controls"),
                "columns": [self.env._("Holds"), self.env._("What must hold"), self.env._("Figures")],
                "rows": [
                    [self.env._("Yes") if control["holds"] else self.env._("No"), control["words"], control["detail"]]
                    for control in self._control_words()
                ],
            },
        }

    def action_download_xlsx(self):
        """The workbook of the figures that the screen shows; one file a return, renewed at each download."""
        self.ensure_one()
        return self.env["ir.attachment"]._pope_download(
            f"{self.name}.xlsx", workbook.write(self._workbook_data()), self
        )
