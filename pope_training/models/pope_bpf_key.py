from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.pope_crm.core import account_prefixes

from .pope_training_financing import LINES

PLACES = [*LINES, ("outside", "Outside vocational training")]


class BpfPart(models.AbstractModel):
    """Accounts that a return names, until it is filed."""

    _name = "pope.bpf.part"
    _description = "Accounts of a Return"

    bpf_id = fields.Many2one("pope.bpf", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="bpf_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    prefixes = fields.Char(
        string="Accounts", required=True, help="First figures of the accounts; -6411 takes accounts away."
    )

    @api.constrains("prefixes")
    def _check_prefixes(self):
        for record in self:
            try:
                account_prefixes.parse(record.prefixes)
            except ValueError as error:
                raise ValidationError(
                    self.env._("“%(part)s” is no beginning of an account.", part=str(error))
                ) from error

    @api.constrains("bpf_id")
    def _check_open(self):
        self.bpf_id._check_open()

    def write(self, vals):
        # a constraint would not see the return that it leaves
        self.bpf_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        self.bpf_id._check_open()


class BpfKey(models.Model):
    """What of the charges of some accounts belongs to training, and why (frame D)."""

    _name = "pope.bpf.key"
    _description = "Key of Charges of the Return"
    _inherit = ["pope.bpf.part"]
    _order = "bpf_id, sequence, id"

    currency_id = fields.Many2one(related="bpf_id.currency_id")
    name = fields.Char(string="Charges", required=True)
    line = fields.Selection(
        [
            ("D2", "Salaries of trainers"),
            ("D3", "Purchases and fees of training"),
            ("D1", "Other charges of training"),
        ],
        string="Told As",
        required=True,
        default="D1",
    )
    rate = fields.Float(string="Share (%)", digits=(6, 2))
    rule = fields.Char(string="Why This Share", help="Hours of training over hours worked, square metres, people…")
    base = fields.Monetary(string="In the Books", compute="_compute_amount")
    amount = fields.Monetary(string="For Training", compute="_compute_amount")

    _rate_range = models.Constraint("CHECK (rate BETWEEN 0 AND 100)", "A share is between 0 and 100 %.")

    @api.depends("bpf_id.live_figures", "bpf_id.frozen_figures", "bpf_id.state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_amount(self):
        for key in self:
            told = key.bpf_id._figures().get("keys", {}).get(str(key._origin.id), (0.0, 0.0))
            key.base, key.amount = told

    def _is_decided(self):
        return bool(self.rate and (self.rule or "").strip())

    @api.model
    def _usual(self):
        """Those of the last return, whose shares are decided anew; else the accounts that the notice of the form names,
        and all others."""
        last = self.env["pope.bpf"].search([("company_id", "=", self.env.company.id)], limit=1)
        rows = [(key.sequence, key.name, key.prefixes, key.line) for key in last.key_ids] or [
            (10, self.env._("Salaries of trainers"), "6411", "D2"),
            (20, self.env._("Purchases and fees of training"), "604, 6226", "D3"),
            (30, self.env._("Shared charges"), "6", "D1"),
        ]
        names = ("sequence", "name", "prefixes", "line")
        return [Command.create(dict(zip(names, row, strict=True))) for row in rows]


class BpfAccount(models.Model):
    """Where the income of some accounts belongs when the payer does not say it (frame C)."""

    _name = "pope.bpf.account"
    _description = "Accounts of Income of the Return"
    _inherit = ["pope.bpf.part"]
    _order = "bpf_id, sequence, id"

    line = fields.Selection(PLACES, string="Told As", required=True)
    note = fields.Char(string="Why")
