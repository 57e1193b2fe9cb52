from odoo import fields, models


class ResPartner(models.Model):
    """The acts by which a person was accompanied."""

    _inherit = "res.partner"

    pope_accompaniment_ids = fields.One2many(
        "pope.accompaniment",
        "partner_id",
        string="Acts of Accompaniment",
        readonly=True,
        copy=False,
        groups="pope_crm.group_pope_user",
    )
