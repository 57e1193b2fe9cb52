from odoo import models
from odoo.fields import Domain


class FinancialSummary(models.Model):
    """From a funding file back to the summaries that count it."""

    _inherit = "pope.financial.summary"

    def _fundings_told(self, fundings):
        """Those of the files that the summary counts: its own, or those of its table of grants."""
        self.ensure_one()
        if self.funding_id:
            return fundings & self.funding_id
        if self.state == "frozen":
            figures = self._figures()
            told = {grant["funding_id"] for table in ("grants", "awaited") for grant in figures.get(table, [])}
            return fundings.filtered(lambda funding: funding.id in told)
        if self.kind == "caf":
            return fundings.filtered_domain(self._grants_domain())
        if self.kind == "france_active":
            awarded = fundings.filtered_domain(Domain(self._awaited_domain()) & Domain("makes_entry", "=", True))
            return awarded.filtered(lambda funding: funding._awaited_as_of(self.date_as_of)["left"])
        return fundings.browse()


class Funding(models.Model):
    _inherit = "pope.funding"

    def action_summaries(self):
        """The summaries that count these files."""
        # sudo: what is awarded and received, which the summaries tell; the user opens those that they may read
        fundings = self.sudo()
        summaries = self.env["pope.financial.summary"].search([("company_id", "in", fundings.company_id.ids)])
        told = summaries.filtered(lambda summary: summary._fundings_told(fundings))
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_financial_summary_action")
        name = self.env._("Summaries That Count It")
        return action | {"name": name, "domain": [("id", "in", told.ids)], "context": {"create": False}}
