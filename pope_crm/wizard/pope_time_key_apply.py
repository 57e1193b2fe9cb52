from odoo import Command, api, fields, models
from odoo.tools import formatLang

from ..models.pope_time_key import percent


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
        "pope.time.key.apply.line",
        "wizard_id",
        string="Lines to Spread",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
    )
    total_note = fields.Text(string="What Changes", compute="_compute_line_ids", compute_sudo=False, store=True)
    left_out = fields.Text(compute="_compute_line_ids", compute_sudo=False, store=True)

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
        line = row["line"]
        return {
            "item_id": line.id if line._name == "account.move.line" else False,
            "books_line_id": line.id if line._name == "pope.books.line" else False,
            "computation": row["computation"],
            "shares_now": self._shares_words(row["now"]),
            "shares": self._shares_words(row["wanted"]),
            "amount": line.balance * sum(row["wanted"].values()) / 100,
        }

    def _shares_words(self, shares):
        return ", ".join(f"{percent(self.env, share)} % {file.name}" for file, share in shares.items())

    def _total_words(self, changes):
        """What each file gains or loses, in euros."""
        files = self.env["pope.funding"].union(*(file for row in changes for file in (*row["wanted"], *row["now"])))
        rows = []
        for file in files:
            gain = sum(
                row["line"].balance * (row["wanted"].get(file, 0.0) - row["now"].get(file, 0.0)) / 100
                for row in changes
            )
            sign = "+" if gain > 0 else ""
            rows.append(f"{file.name}: {sign}{formatLang(self.env, gain, currency_obj=self.currency_id)}")
        return "\n".join(rows)

    def action_apply(self):
        self.ensure_one()
        count = self.env["pope.time.key"]._apply(self.company_id, self.date_from, self.date_to)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Payroll lines spread over the files: %(count)s.", count=str(count)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class TimeKeyApplyLine(models.TransientModel):
    """A payroll line whose shares change, and the computation."""

    _name = "pope.time.key.apply.line"
    _description = "Payroll Line to Spread"

    wizard_id = fields.Many2one("pope.time.key.apply", required=True, ondelete="cascade", index=True)
    item_id = fields.Many2one("account.move.line", string="Journal Item", ondelete="cascade")
    books_line_id = fields.Many2one("pope.books.line", string="Line of Imported Books", ondelete="cascade")
    date = fields.Date(compute="_compute_line")
    account = fields.Char(compute="_compute_line")
    name = fields.Char(compute="_compute_line")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    balance = fields.Monetary(compute="_compute_line")
    computation = fields.Text()
    shares_now = fields.Char(string="Now")
    shares = fields.Char(string="With the Keys")
    amount = fields.Monetary(string="Charged to Files")

    @api.depends("item_id", "books_line_id")
    def _compute_line(self):
        for row in self:
            line = row.item_id or row.books_line_id
            row.date, row.balance = line.date, line.balance
            row.account = (
                row.item_id.account_id.display_name
                or f"{row.books_line_id.account_code} {row.books_line_id.account_name}"
            )
            row.name = row.item_id.name or row.books_line_id.label
