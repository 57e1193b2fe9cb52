from odoo import models


class MergePartner(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """One person now: once on each project, and no e-mail twice."""
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        # sudo: whoever merges contacts may have no right on projects, which must stay whole
        person = self.env["res.partner"].sudo().browse(partner_ids).exists()
        person.pope_member_ids._fuse()
        self.env["pope.notification"].sudo().search([("partner_id", "in", person.ids)])._cancel_doubles()
        return result
