from odoo import api, fields, models


class ProjectClose(models.TransientModel):
    """A career path ends for reasons of its own."""

    _inherit = "pope.project.close"

    for_paths = fields.Boolean(compute="_compute_for_paths")
    no_news = fields.Boolean(
        string="Does Not Wish to Give News", help="Asked nothing more; otherwise the reason says who is asked."
    )
    lost_reason_id = fields.Many2one(
        domain="[('pope_outcome', '=like', outcome + '%'), ('pope_for_paths', '=', for_paths)]"
    )

    @api.depends("lead_ids")
    def _compute_for_paths(self):
        for wizard in self:
            wizard.for_paths = bool(wizard.lead_ids) and all(lead.type == "path" for lead in wizard.lead_ids)

    def action_close(self):
        if self.no_news and self.for_paths:
            self.lead_ids.pope_path_no_news = True
        return super().action_close()
