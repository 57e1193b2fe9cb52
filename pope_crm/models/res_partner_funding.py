from odoo import fields, models


class ResPartner(models.Model):
    """The funding files of a childminder in person."""

    _inherit = "res.partner"

    pope_person_funding_ids = fields.One2many(
        "pope.funding", "person_id", string="Fundings in Person", groups="pope_crm.group_pope_user"
    )
