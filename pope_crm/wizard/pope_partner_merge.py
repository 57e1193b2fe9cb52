from odoo import models


class PartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Odoo merges what people type and leaves computes alone: our town is both, and answers just moved by SQL."""
        town = (dst_partner | src_partners).pope_town_id[:1]
        super()._update_values(src_partners, dst_partner)
        if town and not dst_partner.pope_town_id:
            dst_partner.pope_town_id = town
        self.env.add_to_compute(dst_partner._fields["pope_district_answer_id"], dst_partner)
