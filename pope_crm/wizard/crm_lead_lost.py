from odoo import fields, models


class CrmLeadLost(models.TransientModel):
    _inherit = "crm.lead.lost"

    # our reasons are no sales reasons: the stock window goes on proposing its own
    lost_reason_id = fields.Many2one(domain=[("pope_outcome", "=", False)])
