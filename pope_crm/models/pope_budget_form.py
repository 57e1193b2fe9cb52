from datetime import datetime, time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..xlsx import cerfa_form
from .pope_summary_line import STATEMENT

LEFT = ("expense", "in_kind_expense")
RIGHT = ("income", "in_kind_income")


class Budget(models.Model):
    """The budget as Cerfa 12156 prints it: part 5 for the association, part 6 bis for an action."""

    _inherit = "pope.budget"

    def _form_title(self):
        if self.kind == "funding":
            return self.env._("6 bis. Budget of the action")
        return self.env._("5. Budget of the association")

    def _form_period(self):
        first, last = (self.date_from, self.date_to)
        if self.kind == "funding":
            first, last = (self.funding_id.date_from, self.funding_id.date_to)
        if not (first and last):
            return ""
        return self.env._(
            "From %(start)s to %(end)s", start=format_date(self.env, first), end=format_date(self.env, last)
        )

    def _form_data(self):
        """The form as plain data: two sides, charges and income, each with its rows of whole euros.

        :return: dict title, subject, applicant, period, blocks, sentence; a block is a dict left, right, each a list of
            rows as `_form_sections` gives them, and balance, what makes its two totals equal
        """
        self.ensure_one()
        if self.kind not in ("year", "funding"):
            raise UserError(self.env._("The form has one year: print the budget of a year or of an action."))
        lines = self.env["pope.summary.line"]._valid_on(self.date_to or fields.Date.context_today(self), STATEMENT)
        lines = lines.filtered(lambda line: line.kind != "key" or self.kind == "funding")
        leaves = [
            (line.line_id, " – ".join(filter(None, (line.line_id.name, line.note))), (line.amount,))
            for line in self.line_ids.sorted(lambda line: (line.sequence, line.id))
            if line.amount
        ]
        sections = lines._form_sections(leaves)
        return {
            "title": self._form_title(),
            "subject": self.name,
            "applicant": (self.funding_id._applicant() if self.funding_id else self.company_id.partner_id).name,
            "period": self._form_period(),
            "blocks": [self._form_block(sections, left, right) for left, right in zip(LEFT, RIGHT, strict=True)],
            "sentence": self._form_sentence(sections),
        }

    def _form_block(self, sections, left, right):
        """Two sides whose totals are equal: a surplus is told among charges, a deficit among income."""
        gap = sections[right][-1]["amounts"][0] - sections[left][-1]["amounts"][0]
        return {
            "left": sections[left],
            "right": sections[right],
            "balance": {
                "left": {"label": self.env._("Expected surplus"), "amount": max(gap, 0)},
                "right": {"label": self.env._("Expected deficit"), "amount": max(-gap, 0)},
            }
            if gap
            else None,
        }

    def _form_sentence(self, sections):
        """What the grant asked is of the whole income; nothing without a file or without income."""
        income, asked = sections["income"][-1]["amounts"][0], round(self.funding_id.amount_asked)
        if self.kind != "funding" or not income or not asked:
            return ""
        return self.env._(
            "The grant asked, %(amount)s €, is %(share)s %% of the total of income (total asked / total of income).",
            amount=f"{asked:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"),
            share=f"{100 * asked / income:.1f}".replace(".", ","),
        )

    def _form_workbook(self):
        data = self._form_data()
        day = self.date_to or self.funding_id.date_to or fields.Date.to_date(self.create_date)
        return cerfa_form.write(
            data
            | {
                # the same data gives the same bytes
                "created": datetime.combine(day, time.min),
                "columns": [self.env._("Amount (€)")],
                "sides": [self.env._("Charges"), self.env._("Income")],
                "total": self.env._("Total"),
                "sheet": self.env._("Budget"),
            }
        )

    # --- Actions ---

    def action_print(self):
        self.ensure_one()
        self._form_data()
        return self.env.ref("pope_crm.action_report_budget").report_action(self)

    def action_download_xlsx(self):
        """One file a budget, renewed at each download."""
        self.ensure_one()
        name, content = f"{self.name.replace('/', '-')}.xlsx", self._form_workbook()
        return self.env["ir.attachment"]._pope_download(name, content, self)
