from odoo import fields, models
from odoo.exceptions import AccessError


class SignWindow(models.TransientModel):
    """How long around a half-day people sign it, for a manager who administers no company."""

    _name = "pope.sign.window"
    _description = "Signing Window"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    grace = fields.Integer(
        string="Minutes Around a Half-Day",
        default=lambda self: self.env.company.pope_sign_grace,
        help="People sign from that long before its beginning until that long after its end; later, they say why.",
    )

    def action_save(self):
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose this company at the top of the screen first."))
        # sudo: this setting belongs to the pole's manager, the rest of the company to its administrator
        self.company_id.sudo().pope_sign_grace = self.grace
