from odoo import fields, models


class CrmLead(models.Model):
    """The loans of a holder's project."""

    _inherit = "crm.lead"

    pope_loan_ids = fields.One2many(
        "pope.loan", "lead_id", string="Loans", copy=False, groups="pope_crm.group_pope_user"
    )

    def _merge_dependences(self, opportunities):
        # sudo: the loans of what is merged follow it, whoever merges; their grants go first
        loans = opportunities.sudo().pope_loan_ids
        result = super()._merge_dependences(opportunities)
        loans.write({"lead_id": self.id})
        return result
