from odoo import fields, models


class PersonFile(models.TransientModel):
    """An archive of all that is held on one person: only who made it may download it, and it goes by itself."""

    _name = "pope.person.file"
    _description = "File of a Person"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    name = fields.Char(required=True)
    content = fields.Binary(attachment=False)
