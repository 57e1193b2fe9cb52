from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

SAID = ("filed", "in_review", "awarded", "refused", "closed")


class FinancialSummary(models.Model):
    """The pole's own grants of a period, as a table that kinds of summary show."""

    _inherit = "pope.financial.summary"

    def _grants_domain(self):
        """Grants of the pole that were filed, decided, or pay for an action, in the period; holders' money never."""
        within = [
            Domain(field, ">=", self.date_from) & Domain(field, "<=", self.date_to)
            for field in ("date_filed", "date_decision")
        ]
        begun = Domain("date_from", "!=", False) & Domain("date_from", "<=", self.date_to)
        lasts = Domain("date_to", "=", False) | Domain("date_to", ">=", self.date_from)
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("makes_entry", "=", True)
            & Domain("state", "in", SAID)
            & (Domain.OR(within) | (begun & lasts))
        )

    def _grants(self):
        """What was asked, awarded, received and is left, file by file, on the day of reference."""
        # sudo: what the funders paid is for everybody of the pole, never the entries that say it
        files = self.env["pope.funding"].sudo().search(self._grants_domain())
        files = files.sorted(lambda file: (file.partner_id.name or "", file.date_from or file.date_filed, file.id))
        states = dict(files._fields["state"]._description_selection(self.env))
        return [
            {
                "funding_id": file.id,
                "funder": file.partner_id.name,
                "purpose": file.name,
                "state": states[file.state],
                "number": file.file_number or "",
                "asked": file.amount_asked,
                **file._money_on(self.date_as_of),
            }
            for file in files
        ]

    def _grants_control(self, grants):
        """What is awarded beside what is received and left."""
        awarded = self.currency_id.round(sum(grant["awarded"] for grant in grants))
        told = self.currency_id.round(sum(grant["received"] + grant["left"] for grant in grants))
        return {
            "check": "grants",
            "year": "this_year",
            "code": "grants",
            "statement": awarded,
            "ledger": told,
            "ok": self.currency_id.is_zero(awarded - told),
        }

    def _grants_title(self):
        return self.env._("Grants on %(day)s", day=format_date(self.env, self.date_as_of))

    def _workbook_grants(self, grants):
        day = format_date(self.env, self.date_as_of)
        return {
            "sheet": self.env._("Grants"),
            "columns": [
                self.env._("Funder"),
                self.env._("Purpose"),
                self.env._("Asked"),
                self.env._("Awarded"),
                self.env._("Received on %(day)s", day=day),
                self.env._("Left on %(day)s", day=day),
            ],
            "rows": [
                [
                    grant["funder"],
                    grant["purpose"],
                    *(float(grant[key]) for key in ("asked", "awarded", "received", "left")),
                ]
                for grant in grants
            ],
            "total": self.env._("Total"),
            "summed": [2, 3, 4, 5],
        }

    def action_grants(self):
        """The files behind the table of grants."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_funding_action")
        ids = [grant["funding_id"] for grant in self._figures().get("grants", [])]
        return action | {"name": self.env._("Grants"), "domain": [("id", "in", ids)], "context": {"create": False}}
