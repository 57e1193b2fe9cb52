from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    pope_first_name = fields.Char(string="First Name")
    pope_role_ids = fields.Many2many("pope.partner.role", string="PôPE Roles")
    pope_town_id = fields.Many2one("pope.town", string="PôPE Town", index="btree_not_null")
    pope_member_ids = fields.One2many("pope.project.member", "partner_id", string="Projects Held")
