from odoo import models


class CrmLead(models.Model):
    """The first contacts that became a project, or were attached to it."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        if self._pope_own():
            # sudo: where a contact went follows what is merged, whoever merges
            self.env["pope.intake"].sudo().search([("lead_id", "in", opportunities.ids)]).lead_id = self
        return super()._merge_dependences(opportunities)
