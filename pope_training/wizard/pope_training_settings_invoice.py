from odoo import fields, models

from odoo.addons.pope_crm.models.account_move import ACCOUNTANTS

from .pope_training_settings import _setting


class TrainingSettings(models.TransientModel):
    """How trainings are invoiced."""

    _inherit = "pope.training.settings"
    _check_company_auto = True

    exemption_date = fields.Date(
        string="Exempt from VAT Since",
        help="Date of the attestation n° 3511: trainings are then exempt from VAT (CGI, article 261, 4, 4° a).",
        **_setting("exemption_date"),
    )
    training_product_id = fields.Many2one(
        "product.product",
        string="Product of Trainings",
        ondelete="cascade",
        check_company=True,
        **_setting("training_product_id"),
    )
    training_account_id = fields.Many2one(
        "account.account",
        string="Income Account of Trainings",
        ondelete="cascade",
        check_company=True,
        domain=[("account_type", "=", "income")],
        groups=ACCOUNTANTS,
        **_setting("training_account_id"),
    )

    def _names(self):
        own = ("exemption_date", "training_product_id", "training_account_id")
        return (*super()._names(), *(name for name in own if self._has_field_access(self._fields[name], "write")))
