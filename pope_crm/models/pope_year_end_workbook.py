from datetime import datetime, time

from odoo import models
from odoo.tools import format_date

from ..xlsx import dedicated_funds


class YearEnd(models.Model):
    """The table of dedicated funds for the notes to the accounts, and the computation of every entry."""

    _inherit = "pope.year.end"

    def action_download_xlsx(self):
        """One file a year, renewed at each download."""
        self.ensure_one()
        self.action_refresh()
        name = self.env._("Year end %(year)s – notes.xlsx", year=self._year_label())
        content = dedicated_funds.write(self._workbook_data())
        return self.env["ir.attachment"]._pope_download(name, content, self)

    def _workbook_data(self):
        """Everything the workbook says, in the reader's language, as plain data."""
        symbol = self.currency_id.symbol
        return {
            # the same data gives the same bytes
            "created": datetime.combine(self.date_to, time.min),
            "company": self.company_id.name,
            "period": self.env._(
                "From %(start)s to %(end)s",
                start=format_date(self.env, self.date_from),
                end=format_date(self.env, self.date_to),
            ),
            "status": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "currency_format": f'#,##0.00 "{symbol}";[Red]-#,##0.00 "{symbol}"',
            "notes": self._workbook_notes(),
            "entries": self._workbook_entries(),
        }

    def _workbook_notes(self):
        titles = {
            "4": self.env._("Operating grants (194)"),
            "5": self.env._("Financial contributions of other bodies (195)"),
            "6": self.env._("Generosity of the public (196)"),
        }
        figures = self._figures()
        lines = self.note_line_ids.grouped(lambda line: figures[line.funding_id]["dedicated"]["resource"])
        return {
            "sheet": self.env._("Dedicated funds"),
            "title": self.env._("Change in dedicated funds"),
            "columns": [
                self.env._("Resources"),
                self.env._("At the opening"),
                self.env._("Set aside"),
                self.env._("Used"),
                self.env._("Of which refunds"),
                self.env._("Transfers"),
                self.env._("At the closing"),
                self.env._("Of which without spending for two years"),
            ],
            "groups": [
                {
                    "title": titles.get(resource, resource),
                    "total": self.env._("Total: %(name)s", name=titles.get(resource, resource)),
                    "rows": [
                        (
                            line.funding_id.name,
                            *(line[name] for name in ("opening", "report", "use", "refund", "transfer")),
                            line.closing,
                            line.idle,
                        )
                        for line in of_resource
                    ],
                }
                for resource, of_resource in sorted(lines.items())
            ],
            "total": self.env._("Total"),
            "orphan": (self.env._("Dedicated funds of the ledger without a funding file"), self.amount_orphan)
            if self.amount_orphan
            else None,
        }

    def _workbook_entries(self):
        kinds = dict(self.line_ids._fields["kind"]._description_selection(self.env))
        return {
            "sheet": self.env._("Entries"),
            "title": self.env._("Entries of the year end, with their computation"),
            "columns": [
                self.env._("Entry"),
                self.env._("Funding file"),
                self.env._("Computed"),
                self.env._("Kept"),
                self.env._("In the books already"),
                self.env._("Difference to book"),
                self.env._("Computation"),
                self.env._("Reason of the change"),
            ],
            "rows": [
                (
                    kinds[line.kind],
                    line.funding_id.name,
                    line.amount_computed,
                    line.amount,
                    line.amount_booked,
                    line.amount_due,
                    line.explanation,
                    line.reason if line.is_kept else "",
                )
                for line in self.line_ids
            ],
            "total": self.env._("Total"),
        }
