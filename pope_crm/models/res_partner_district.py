from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Where a person lives: the town, proposed from the address, and the priority district."""

    _name = "res.partner"
    _inherit = ["res.partner", "pope.district.mixin"]

    pope_town_id = fields.Many2one(compute="_compute_pope_town_id", store=True, readonly=False)
    pope_district_answer_ids = fields.One2many(
        "pope.district.answer", "partner_id", string="QPV Answers", groups="pope_crm.group_pope_user"
    )

    @api.depends("zip", "city", "is_company", "country_id")
    def _compute_pope_town_id(self):
        """A person lives where the address says. An institution stays as it was typed: its town is the one it works
        for, not the one its office is in. A role that is given later moves nobody: no dependency.
        """
        french = self.filtered(
            lambda partner: (
                not partner.is_company
                and (partner.zip or partner.city)
                and partner.country_id.code in (False, "FR")
                and set(partner.pope_role_ids.mapped("kind")) <= {"person"}
            )
        )
        towns = self.env["pope.town"]._propose((partner.zip, partner.city) for partner in french)
        for partner in french:
            partner.pope_town_id = towns[partner.zip, partner.city]
        for partner in self - french:
            partner.pope_town_id = partner.pope_town_id

    def _pope_address_fields(self):
        return ["street", "street2", "zip", "city", "pope_town_id"]

    def _pope_address_town(self):
        return self.pope_town_id

    def _pope_address_columns(self):
        """The second line is left out: it says at whose place, or which door."""
        self.ensure_one()
        return self.street, self.zip, self.city or self.pope_town_id.name, self.pope_town_id.insee_code

    @api.model
    def _pope_district_people(self):
        """Whose share lives in a district: project holders. Extended by the add-ons that accompany other people."""
        return Domain("is_company", "=", False) & Domain("pope_member_ids", "!=", False)

    @api.model
    def _pope_district_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.res_partner_action_district")
        action["domain"] = list(self._pope_district_people() & domain)
        return action
