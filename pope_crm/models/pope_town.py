from odoo import fields, models


class Town(models.Model):
    _name = "pope.town"
    _description = "Town"
    _order = "name, id"

    name = fields.Char(required=True)
    insee_code = fields.Char(string="INSEE Code", required=True)
    postal_codes = fields.Char()
    active = fields.Boolean(default=True)

    _insee_code_unique = models.UniqueIndex("(insee_code)", "Another town has this INSEE code.")
