from odoo import api, models


class MergeOpportunity(models.TransientModel):
    _inherit = "crm.merge.opportunity"

    @api.depends("user_id")
    def _compute_team_id(self):
        """Whoever leads one of our teams merges sales opportunities into a sales team."""
        super(MergeOpportunity, self.with_context(pope_sales_teams=True))._compute_team_id()
