from odoo import models


class CrmLead(models.Model):
    """The cash plan of a holders' project: from its first expense to twelve months after it opens."""

    _inherit = "crm.lead"

    def _pope_cash_plan(self):
        """As plain data: see `pope.cash.plan`."""
        self.ensure_one()
        return self.env["pope.cash.plan"]._plan_of_lead(self)

    def action_pope_cash_plan(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_cash_plan_action")
        return action | {"context": {"pope_cash_lead_id": self.id}}
