from odoo import Command, api, fields, models
from odoo.tools import formatLang


class TimeKeyApply(models.TransientModel):
    """Show what the time keys make of the payroll entries of a period, then spread them."""

    _name = "pope.time.key.apply"
    _description = "Time Keys to Apply"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.context_today(self).replace(month=1, day=1)
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(
        "pope.time.key.apply.line", "wizard_id", string="Lines to Spread", compute="_compute_line_ids", store=True
    )
    total_note = fields.Text(string="What Changes", compute="_compute_line_ids", store=True)
    left_out = fields.Text(compute="_compute_line_ids", store=True)

    @api.depends("company_id", "date_from", "date_to")
    def _compute_line_ids(self):
        for wizard in self:
            changes, told = [], []
            if wizard.company_id and wizard.date_from and wizard.date_to:
                changes, told = self.env["pope.time.key"]._proposals(
                    wizard.company_id, wizard.date_from, wizard.date_to
                )
            wizard.line_ids = [Command.clear(), *(Command.create(wizard._line_values(row)) for row in changes)]
            wizard.total_note = wizard._total_words(changes)
            wizard.left_out = "\n".join(dict.fromkeys(told))

    def _line_values(self, row):
        item = row["item"]
        return {
            "item_id": item.id,
            "computation": row["computation"],
            "shares_now": self._shares_words(row["now"]),
            "shares": self._shares_words(row["wanted"]),
            "amount": item.balance * sum(row["wanted"].values()) / 100,
        }

    def _shares_words(self, shares):
        names = {account.id: account.name for account in self.env["account.analytic.account"].browse(shares)}
        return ", ".join(f"{share:g} % {names[account]}" for account, share in shares.items())

    def _total_words(self, changes):
        """What each file gains or loses, in euros."""
        accounts = self.env["account.analytic.account"].browse(
            dict.fromkeys(account for row in changes for account in (*row["wanted"], *row["now"]))
        )
        rows = []
        for account in accounts:
            gain = sum(
                row["item"].balance * (row["wanted"].get(account.id, 0.0) - row["now"].get(account.id, 0.0)) / 100
                for row in changes
            )
            sign = "+" if gain > 0 else ""
            rows.append(f"{account.name}: {sign}{formatLang(self.env, gain, currency_obj=self.currency_id)}")
        return "\n".join(rows)

    def action_apply(self):
        self.ensure_one()
        items = self.env["pope.time.key"]._apply(self.company_id, self.date_from, self.date_to)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Payroll lines spread over the files: %(count)s.", count=str(len(items))),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class TimeKeyApplyLine(models.TransientModel):
    """A payroll line whose shares change, and the computation."""

    _name = "pope.time.key.apply.line"
    _description = "Payroll Line to Spread"

    wizard_id = fields.Many2one("pope.time.key.apply", required=True, ondelete="cascade", index=True)
    item_id = fields.Many2one("account.move.line", string="Journal Item", required=True, ondelete="cascade")
    date = fields.Date(related="item_id.date")
    account_id = fields.Many2one(related="item_id.account_id")
    name = fields.Char(related="item_id.name")
    currency_id = fields.Many2one(related="item_id.company_currency_id")
    balance = fields.Monetary(related="item_id.balance")
    computation = fields.Text()
    shares_now = fields.Char(string="Now")
    shares = fields.Char(string="With the Keys")
    amount = fields.Monetary(string="Charged to Files")
