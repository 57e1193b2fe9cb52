from odoo import api, fields, models
from odoo.exceptions import ValidationError

FIGURES = [
    ("accompanied", "Persons accompanied"),
    ("openings", "Openings"),
    ("places", "Places"),
    ("childminders", "Childminders"),
    ("jobs", "Jobs (full-time equivalent)"),
    ("employees", "Employees of the pole"),
    ("volunteers", "Volunteers of the pole"),
]


class OpeningFigure(models.Model):
    """A total that was published before the tool was in use: what the tool counts later is added to it.

    It stands for facts that are not in the tool; no contact and no project is invented for them.
    """

    _name = "pope.opening.figure"
    _description = "Figure Published before the Tool"
    _order = "company_id, figure, structure_type_id"
    _rec_name = "figure"

    figure = fields.Selection(FIGURES, required=True)
    structure_type_id = fields.Many2one(
        "pope.structure.type", ondelete="restrict", help="Openings are given type by type."
    )
    value = fields.Float(string="Total", digits=(16, 2), required=True, aggregator=None)
    date = fields.Date(
        string="Counts up to", required=True, help="What the tool knows up to that day is in the total already."
    )
    source = fields.Char(required=True, help="Where the total was published, or who counted it.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)

    _once = models.UniqueIndex(
        "(company_id, figure, COALESCE(structure_type_id, 0))", "This total is in the list already."
    )
    _value_positive = models.Constraint("CHECK (value >= 0)", "A total cannot be negative.")

    @api.constrains("figure", "structure_type_id")
    def _check_type(self):
        if any((total.figure == "openings") != bool(total.structure_type_id) for total in self):
            raise ValidationError(self.env._("Openings, and they alone, are given for one structure type."))

    @api.constrains("date")
    def _check_date(self):
        if any(total.date > fields.Date.context_today(self) for total in self):
            raise ValidationError(self.env._("A published total cannot count up to a day to come."))
