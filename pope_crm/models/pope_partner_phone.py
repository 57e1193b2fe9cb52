from odoo import api, fields, models


class PartnerPhone(models.Model):
    """A phone number of a person besides the main one."""

    _name = "pope.partner.phone"
    _description = "Other Phone of a Person"
    _order = "id"
    _rec_name = "number"

    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="cascade", index=True)
    number = fields.Char(required=True)
    number_sanitized = fields.Char(
        string="Number as Dialled", compute="_compute_number_sanitized", store=True, index="btree_not_null"
    )
    kind = fields.Selection(
        [("mobile", "Mobile"), ("home", "Home"), ("work", "Work"), ("relative", "A close person's")],
        default="mobile",
    )
    note = fields.Char(help="When to call, or whose number it is.")

    @api.depends("number", "partner_id.country_id")
    def _compute_number_sanitized(self):
        for phone in self:
            phone.number_sanitized = phone._phone_format(fname="number")

    @api.onchange("number")
    def _onchange_number(self):
        if self.number:
            self.number = self._phone_format(fname="number", force_format="INTERNATIONAL") or self.number
