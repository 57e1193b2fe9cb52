from odoo import fields, models
from odoo.tools import format_date


class ResCompany(models.Model):
    """How long before and after a half-day people sign it."""

    _inherit = "res.company"

    pope_sign_grace = fields.Integer(
        string="Minutes Around a Half-Day",
        default=30,
        help="People sign from that long before its beginning until that long after its end; later, they say why.",
    )

    _pope_sign_grace_positive = models.Constraint(
        "CHECK (pope_sign_grace IS NULL OR (pope_sign_grace >= 0 AND pope_sign_grace <= 240))",
        "The minutes around a half-day are between 0 and 240.",
    )

    def _pope_day_label(self, moment):
        """The day of a moment (naive UTC) as one says it, in the language of the context."""
        return format_date(self.env, self._pope_day_of(moment), date_format="EEEE d MMMM")
