from odoo import models


class EventLeadRule(models.Model):
    _inherit = "event.lead.rule"

    def _run_on_registrations(self, registrations):
        """People who come to our events carry projects: they never become sales opportunities by a rule."""
        return super()._run_on_registrations(registrations - registrations._pope_own())
