from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    pope_outcome = fields.Selection(
        [
            ("abandoned", "Abandoned"),
            ("reoriented_job", "Reoriented: job"),
            ("reoriented_training", "Reoriented: training"),
            ("reoriented_other", "Reoriented: other"),
        ],
        string="PôPE Outcome",
        help="Empty on a sales reason. A reorientation is a success for funders and is counted apart.",
    )
