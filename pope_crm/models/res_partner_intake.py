from odoo import api, models


class ResPartner(models.Model):
    """Who a contact is to the doors of the pole."""

    _inherit = "res.partner"

    def _pope_is_institution(self):
        """An authority or a funder, or somebody who works there."""
        self.ensure_one()
        roles = (self | self.parent_id | self.commercial_partner_id).pope_role_ids
        return bool({"authority", "funder"}.intersection(roles.mapped("kind")))

    @api.model
    def _pope_last_contact_sources(self):
        """Whoever filled in the form or called did something; what they write is a message already."""
        came = [("source", "in", ("form", "call"))]
        return [*super()._pope_last_contact_sources(), ("pope.intake", "partner_id", "date", came)]

    def _pope_blank_related(self, neutral):
        super()._pope_blank_related(neutral)
        intakes = self.env["pope.intake"].search([("partner_id", "=", self.id)])
        intakes._anonymise(self)
        self._pope_blank_threads(intakes, intakes, neutral)
