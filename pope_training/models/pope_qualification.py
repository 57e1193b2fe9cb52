from odoo import fields, models

LEVELS = [
    ("none", "No diploma, or brevet"),
    ("3", "Level 3 (CAP, BEP)"),
    ("4", "Level 4 (baccalauréat)"),
    ("5", "Level 5 (BTS, DUT)"),
    ("6", "Level 6 (licence)"),
    ("7", "Level 7 (master)"),
    ("8", "Level 8 (doctorate)"),
]


class Qualification(models.Model):
    """What people train for: the pole's to edit."""

    _name = "pope.qualification"
    _description = "Qualification"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    level = fields.Selection(LEVELS, help="Of the diploma that it leads to.")
    hours = fields.Integer(help="Of the training, where it is a fixed number.")
