from odoo import api, models


class PartnerMerge(models.TransientModel):
    """Odoo's merge moves what points at a contact; what is written on the contact itself is ours to keep."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """One person now: once on each project, and no e-mail twice."""
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        # sudo: whoever merges contacts may have no right on projects, which must stay whole
        person = self.env["res.partner"].sudo().browse(partner_ids).exists()
        person.pope_member_ids._fuse()
        for model in ("pope.membership", "pope.volunteer.time"):
            self.env[model].sudo().search([("partner_id", "in", person.ids)])._fuse()
        self.env["pope.notification"].sudo().search([("partner_id", "in", person.ids)])._cancel_repeats()
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        result = super()._update_values(src_partners, dst_partner)
        # sudo: who merges may not read a person's profile, and it must survive nevertheless
        sources, target = src_partners.sudo(), dst_partner.sudo()
        if (sources | target).filtered_domain(target._pope_people_domain()):
            target._pope_take_over(sources)
        if town := (target | sources).pope_town_id[:1]:
            target.pope_town_id = target.pope_town_id or town
        # the answers on its address moved by SQL: what is computed from them has not heard of it
        self.env.add_to_compute(target._fields["pope_district_answer_id"], target)
        return result
