from odoo import api, fields, models


class ImportHeading(models.Model):
    """A column of an imported file, and the field that takes what it holds."""

    _name = "pope.import.heading"
    _description = "Column of an Imported File"
    _order = "position, id"

    import_id = fields.Many2one("pope.import", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="import_id.company_id", store=True, precompute=True)
    position = fields.Integer(readonly=True)
    letter = fields.Char(string="Column", compute="_compute_letter")
    name = fields.Char(string="Header", readonly=True)
    sample = fields.Char(string="First Values", readonly=True)
    filled_count = fields.Integer(string="Filled Rows", readonly=True)
    found_name = fields.Char(help="The field that the known headers gave.")
    field_name = fields.Selection(
        selection=lambda self: self.env["pope.import"]._selection_field_name(), string="Goes To"
    )
    is_left_out = fields.Boolean(help="People told before that this header is not imported.")
    allowed_names = fields.Json(compute="_compute_allowed_names")

    @api.depends("position", "import_id.header_shift")
    def _compute_letter(self):
        for column in self:
            place, letters = column.position + column.import_id.header_shift + 1, ""
            while place > 0:
                place, rest = divmod(place - 1, 26)
                letters = chr(65 + rest) + letters
            column.letter = letters

    @api.depends("import_id.kind")
    def _compute_allowed_names(self):
        for kind, columns in self.grouped(lambda column: column.import_id.kind).items():
            columns.allowed_names = [
                name for name, _label in self.env["pope.import"]._selection_field_name() if name.startswith(f"{kind}/")
            ]

    def write(self, vals):
        """What was checked with other columns must be checked again."""
        result = super().write(vals)
        if "field_name" in vals:
            self.import_id._forget_check()
        return result
