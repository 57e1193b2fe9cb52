from odoo import fields, models


class ResCompany(models.Model):
    """How trainings are invoiced."""

    _inherit = "res.company"

    pope_exemption_date = fields.Date(
        string="Exempt from VAT Since",
        help="Date of the attestation n° 3511: trainings are then exempt from VAT (CGI, article 261, 4, 4° a).",
    )
    pope_training_product_id = fields.Many2one("product.product", string="Product of Trainings")
    pope_training_account_id = fields.Many2one(
        "account.account", string="Income Account of Trainings", domain=[("account_type", "=", "income")]
    )

    def _pope_is_exempt(self, day):
        """Whether what is invoiced that day is exempt: compulsory from the attestation on, without a choice."""
        return bool(self.pope_exemption_date and self.pope_exemption_date <= day)

    def _pope_training_rate(self):
        """What a price of 1 without tax is with the taxes as they are configured."""
        self.ensure_one()
        if self._pope_is_exempt(fields.Date.context_today(self)):
            return 1.0
        product = self.pope_training_product_id
        taxes = product.taxes_id.filtered_domain(self.env["account.tax"]._check_company_domain(self))
        # as with what is billed: a price of 100, because taxes are rounded
        return taxes.compute_all(100.0, currency=self.currency_id)["total_included"] / 100.0
