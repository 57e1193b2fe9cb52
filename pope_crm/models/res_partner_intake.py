from odoo import models


class ResPartner(models.Model):
    """Who a contact is to the doors of the pole."""

    _inherit = "res.partner"

    def _pope_is_institution(self):
        """An authority or a funder, or somebody who works there."""
        self.ensure_one()
        roles = (self | self.parent_id | self.commercial_partner_id).pope_role_ids
        return bool({"authority", "funder"}.intersection(roles.mapped("kind")))
