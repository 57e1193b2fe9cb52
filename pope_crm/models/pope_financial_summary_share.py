from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .pope_summary_line import STATEMENT


class FinancialSummaryShare(models.Model):
    """An amount of a financial report that the books do not say: a share of common charges by a key, another funder's
    part, own resources, a contribution in kind. What it is computed from is told beside it."""

    _name = "pope.financial.summary.share"
    _description = "Amount Told Beside the Books"
    _order = "summary_id, sequence, id"
    _rec_name = "name"

    summary_id = fields.Many2one("pope.financial.summary", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="summary_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        "pope.summary.line",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("kind", "in", ("line", "key")), ("child_ids", "=", False), ("section", "in", STATEMENT)],
    )
    section = fields.Selection(related="line_id.section")
    sequence = fields.Integer(related="line_id.sequence", store=True)
    name = fields.Char(string="What", help="Rent of the premises, grant of the town, hours of volunteers…")
    rule = fields.Char(
        string="Key", help="How the share is computed: hours of the action over all hours, people, square metres…"
    )
    base = fields.Monetary(string="Shared Sum", help="What the association spent on it in the period.")
    share = fields.Float(string="Share (%)", digits=(6, 2))
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True)

    _amounts = models.Constraint(
        "CHECK ((amount IS NULL OR amount >= 0) AND (base IS NULL OR base >= 0))", "These amounts cannot be negative."
    )
    _share_range = models.Constraint(
        "CHECK (share IS NULL OR share BETWEEN 0 AND 100)", "A share is between 0 and 100 %."
    )

    @api.depends("base", "share")
    def _compute_amount(self):
        for share in self:
            if share.base and share.share:
                share.amount = share.currency_id.round(share.base * share.share / 100)

    @api.constrains("summary_id", "line_id", "name", "rule", "base", "share", "amount")
    def _check_draft(self):
        if "frozen" in self.summary_id.mapped("state"):
            raise ValidationError(self.env._("This summary is frozen: what it says is kept as it was sent."))

    def write(self, vals):
        """What a frozen summary says does not leave it for another one: a rule sees only where it comes."""
        if "summary_id" in vals:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        if "frozen" in self.summary_id.mapped("state"):
            raise UserError(self.env._("This summary is frozen: what it says is kept as it was sent."))
