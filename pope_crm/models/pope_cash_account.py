from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core import account_prefixes
from .pope_cash_forecast import KIND_NAMES


class CashAccount(models.Model):
    """What the account that stands against cash says of the money: a row of the cash plan, by the beginning of its
    code."""

    _name = "pope.cash.account"
    _description = "Accounts of a Row of the Cash Plan"
    _order = "sequence, id"
    _rec_name = "prefixes"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [*KIND_NAMES, ("loan", "Loans: Received or Repaid"), ("opening", "Opening of the Books: No Money Moves")],
        string="Row of the Cash Plan",
        required=True,
        help="“Loans” goes to the money received or to the repayments, by its sign. An entry between cash and an "
        "account of the opening of the books is left out: it brings forward what was there.",
    )
    prefixes = fields.Char(
        string="Accounts",
        required=True,
        help="Beginnings of account codes, apart by spaces or commas; one that begins with a minus is left out "
        "(44 -4421). An account goes to the row with the longest matching beginning; to the other receipts or payments "
        "where none matches.",
    )

    @api.constrains("prefixes")
    def _check_prefixes(self):
        for row in self:
            try:
                account_prefixes.parse(row.prefixes)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(part)s” is no beginning of an account code: write for example 641 644 -6411.",
                        part=error.args[0],
                    )
                ) from None

    @api.model
    def _kinds_of(self, codes):
        """dict account code → row of the plan; codes that say nothing are left out."""
        # sudo: configuration that every plan is made by
        rows = self.sudo().search([("active", "=", True)])
        return account_prefixes.attribute(codes, [(row.kind, row.prefixes) for row in rows])[0]
