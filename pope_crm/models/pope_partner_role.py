from odoo import api, fields, models


class PartnerRole(models.Model):
    """What a contact is to the pole; one contact may have several."""

    _name = "pope.partner.role"
    _description = "Role of a Contact"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("person", "Person of the pole's life"),
            ("funder", "Funder"),
            ("authority", "Authority"),
            ("partner", "Other partner"),
        ],
        required=True,
        default="person",
    )
    is_authority = fields.Boolean(compute="_compute_is_authority", store=True)
    by_town = fields.Boolean(help="Each town has its own: proposed only for projects of its town.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another role has this code.")

    @api.depends("kind")
    def _compute_is_authority(self):
        for role in self:
            role.is_authority = role.kind == "authority"
