from odoo import fields, models


class StructureType(models.Model):
    _name = "pope.structure.type"
    _description = "Structure Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another structure type has this code.")
