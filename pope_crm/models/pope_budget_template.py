from odoo import fields, models

from .pope_budget import AMOUNTS


class BudgetTemplate(models.Model):
    """What a place of some kind lives on: the lines to fill in, and where each amount is found. The team edits them."""

    _name = "pope.budget.template"
    _description = "Budget Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    structure_type_id = fields.Many2one(
        "pope.structure.type", string="Kind of Place", ondelete="set null", index="btree_not_null"
    )
    note = fields.Text(translate=True, help="What to know before filling it in.")
    line_ids = fields.One2many("pope.budget.template.line", "template_id", string="Lines", copy=True)


class BudgetTemplateLine(models.Model):
    _name = "pope.budget.template.line"
    _description = "Line of a Budget Template"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("pope.budget.template", required=True, ondelete="cascade", index=True)
    line_id = fields.Many2one(
        "pope.summary.line",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("kind", "in", ("line", "key")), ("child_ids", "=", False)],
    )
    sequence = fields.Integer(related="line_id.sequence", store=True)
    section = fields.Selection(related="line_id.section")
    amount = fields.Float(digits=(16, 2), help="Put in each year; zero where only the project can tell it.")
    note = fields.Char(string="What to Put", translate=True)

    def _budget_values(self, columns):
        """The line as a budget with these columns begins with it."""
        return [
            {
                "line_id": line.line_id.id,
                "note": line.note,
                **{amount: line.amount for amount in AMOUNTS if amount in columns},
            }
            for line in self
        ]
