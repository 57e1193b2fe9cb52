from odoo import fields, models


class CrmLead(models.Model):
    """The budgets and financing plans of a holders' project."""

    _inherit = "crm.lead"

    pope_budget_ids = fields.One2many(
        "pope.budget", "lead_id", string="Budgets", copy=False, groups="pope_crm.group_pope_user"
    )

    def _merge_dependences(self, opportunities):
        # sudo: the budgets of what is merged follow it, whoever merges
        opportunities.sudo().pope_budget_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)
