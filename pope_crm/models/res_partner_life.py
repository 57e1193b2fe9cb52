from odoo import models


class ResPartner(models.Model):
    """One line of all that a person and the pole did together."""

    _inherit = "res.partner"

    def action_pope_life(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_life_event_action")
        action["domain"] = [("partner_id", "in", self.ids)]
        return action
