from odoo import models


class CrmActivityReport(models.Model):
    _inherit = "crm.activity.report"

    def _where(self):
        """Odoo's report of what salespersons did: our records are no sales."""
        return super()._where() + " AND l.type IN ('lead', 'opportunity')"
