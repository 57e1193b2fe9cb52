from odoo import api, fields, models


class BooksCharging(models.TransientModel):
    """Charges the selected lines of books kept elsewhere to a funding, by share."""

    _name = "pope.books.charging"
    _description = "Charge Lines to a Funding"

    line_ids = fields.Many2many(
        "pope.books.line",
        string="Lines",
        default=lambda self: self.env.context.get("active_ids", []),
        readonly=True,
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    funding_id = fields.Many2one(
        "pope.funding",
        string="Funding File",
        required=True,
        ondelete="cascade",
        domain="[('company_id', '=', company_id), ('lead_id', '=', False), ('person_id', '=', False)]",
    )
    share = fields.Float(default=1.0, required=True)

    @api.depends("line_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.line_ids.company_id[:1] or self.env.company

    def action_charge(self):
        """A line charged to this funding already takes the new share."""
        self.ensure_one()
        self.env["pope.books.charge"]._charge(self.line_ids, self.funding_id, self.share)
        return {"type": "ir.actions.act_window_close"}

    def action_uncharge(self):
        self.ensure_one()
        self.line_ids.charge_ids.filtered(lambda charge: charge.funding_id == self.funding_id).unlink()
        return {"type": "ir.actions.act_window_close"}
