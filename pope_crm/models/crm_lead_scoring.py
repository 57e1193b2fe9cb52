from odoo import models
from odoo.fields import Domain


class CrmLead(models.Model):
    """Predictive lead scoring learns from sales only: our records and our stages stay out of its frequencies."""

    _inherit = "crm.lead"

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        stock = self._pope_stock()
        if self and not stock:  # a lot of nothing but projects: the stock method fails on an empty set
            return {}, {}
        return super(CrmLead, stock)._pls_get_naive_bayes_probabilities(batch_mode=batch_mode, is_tooltip=is_tooltip)

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        """Nor do our users, who close projects, need a right on the frequencies."""
        if stock := self._pope_stock():
            return super(CrmLead, stock)._pls_increment_frequencies(from_state=from_state, to_state=to_state)
        return None

    def _pls_get_lead_pls_values(self, domain=None):
        if domain:
            domain = Domain(domain) & Domain("type", "not in", list(self._pope_lead_types()))
        return super()._pls_get_lead_pls_values(domain=domain or [])

    def _pls_prepare_frequencies(self, lead_values, leads_pls_fields, target_state=None):
        frequencies = super()._pls_prepare_frequencies(lead_values, leads_pls_fields, target_state=target_state)
        if stage_frequencies := frequencies.get("stage_id"):
            for stage in self.env["crm.stage"].search([("pope_is_own", "=", True)]):
                stage_frequencies.pop(str(stage.id), None)
        return frequencies
