from odoo import fields, models


class AccountMoveLine(models.Model):
    """Which payer of which trainee a line of an invoice is for."""

    _inherit = "account.move.line"

    pope_financing_id = fields.Many2one(
        "pope.training.financing",
        string="Training Paid",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        check_company=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
