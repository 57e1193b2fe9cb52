from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

BOOKKEEPERS = "account.group_account_invoice"


class FundingReceipt(models.TransientModel):
    """A transfer of a funder as the bank shows it: a day, an amount, an account; or one back to the funder."""

    _name = "pope.funding.receipt"
    _description = "Payment Received from a Funder"

    instalment_ids = fields.Many2many("pope.funding.instalment", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Funder", compute="_compute_company_id")
    makes_entry = fields.Boolean(compute="_compute_company_id")
    is_refund = fields.Boolean(readonly=True)
    is_shared = fields.Boolean(compute="_compute_company_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id), "
        "('currency_id', 'in', (False, currency_id))]",
        ondelete="cascade",
        groups=BOOKKEEPERS,
    )
    line_ids = fields.One2many(
        "pope.funding.receipt.line",
        "wizard_id",
        string="Shared Out",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    note = fields.Text(compute="_compute_note")

    @api.depends("instalment_ids")
    def _compute_company_id(self):
        for wizard in self:
            rows = wizard.instalment_ids
            wizard.company_id = rows.company_id[:1]
            wizard.partner_id = rows.partner_id[:1]
            wizard.makes_entry = any(rows.mapped("makes_entry"))
            wizard.is_shared = len(rows) > 1 and not wizard.is_refund

    @api.depends("instalment_ids")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = wizard.makes_entry and self.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", wizard.company_id.id), ("currency_id", "=", False)], limit=1
            )

    @api.depends("amount", "instalment_ids", "is_refund")
    def _compute_line_ids(self):
        """The oldest instalments first."""
        for wizard in self:
            rest, commands = wizard.amount, [Command.clear()]
            for row in wizard.instalment_ids.sorted():
                share = min(rest, row.amount_left)
                rest -= share
                commands.append(Command.create({"instalment_id": row._origin.id, "amount": share}))
            wizard.line_ids = [Command.clear()] if wizard.is_refund else commands

    @api.depends("amount", "line_ids.amount", "is_refund")
    @api.depends_context("lang")
    def _compute_note(self):
        for wizard in self:
            told = [] if wizard.is_refund else [wizard._tell_over(), wizard._tell_draft(), *wizard._tell_cost()]
            wizard.note = "\n".join(filter(None, told)) or False

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _tell_over(self):
        over = self.amount - sum(self.line_ids.mapped("amount"))
        if self.currency_id.compare_amounts(over, 0.0) <= 0:
            return False
        if not self.makes_entry:
            return self.env._("%(amount)s more than is awaited: it is left out.", amount=self._money(over))
        return self.env._(
            "%(amount)s more than is awaited: it stays an open credit of the funder, to be paid back or for a later "
            "award.",
            amount=self._money(over),
        )

    def _tell_draft(self):
        if "to_book" in self.instalment_ids.funding_id.mapped("book_state"):
            return self.env._("The entry of the award is made and posted with this receipt.")
        if "draft" in self.instalment_ids.funding_id.mapped("book_state"):
            return self.env._("The entry of the award is a draft: it is posted with this receipt.")
        return False

    def _tell_cost(self):
        for funding, lines in self.line_ids.grouped(lambda line: line.instalment_id.funding_id).items():
            received, cost = funding.amount_received + sum(lines.mapped("amount")), funding.amount_eligible
            if cost and self.currency_id.compare_amounts(received, cost) > 0:
                yield self.env._(
                    "“%(name)s”: %(received)s received, more than the eligible cost, %(cost)s.",
                    name=funding.name,
                    received=self._money(received),
                    cost=self._money(cost),
                )

    def action_confirm(self):
        self.ensure_one()
        journal = self.env.user.has_group(BOOKKEEPERS) and self.journal_id
        if self.is_refund:
            self.instalment_ids._pay_back(self.amount, self.date, journal)
        else:
            shares = {line.instalment_id: line.amount for line in self.line_ids if line.amount}
            rows = self.instalment_ids.filtered(lambda row: row in shares)
            if not rows:
                raise UserError(self.env._("Nothing of this transfer is shared out."))
            rows._receive(self.amount, shares, self.date, journal)
        return {"type": "ir.actions.act_window_close"}


class FundingReceiptLine(models.TransientModel):
    _name = "pope.funding.receipt.line"
    _description = "Share of a Payment Received"

    wizard_id = fields.Many2one("pope.funding.receipt", required=True, ondelete="cascade")
    instalment_id = fields.Many2one("pope.funding.instalment", readonly=True, required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="instalment_id.currency_id")
    date_expected = fields.Date(related="instalment_id.date_expected")
    amount_left = fields.Monetary(related="instalment_id.amount_left")
    amount = fields.Monetary(string="Of This Transfer")
