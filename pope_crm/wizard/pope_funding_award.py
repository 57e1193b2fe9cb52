import base64

from odoo import Command, api, fields, models
from odoo.tools import formatLang

from .pope_funding_receipt import BOOKKEEPERS


class FundingAward(models.TransientModel):
    """The funder's letter, on one screen: what it gives, when it pays, under which condition."""

    _name = "pope.funding.award"
    _description = "Award Received from a Funder"
    _check_company_auto = True

    funding_id = fields.Many2one("pope.funding", required=True, readonly=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="funding_id.company_id")
    currency_id = fields.Many2one(related="funding_id.currency_id")
    makes_entry = fields.Boolean(related="funding_id.makes_entry")
    without_money = fields.Boolean(related="funding_id.scheme_id.without_money")
    date = fields.Date(string="Date of the Letter", required=True, default=fields.Date.context_today)
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    file_number = fields.Char(string="Reference", compute="_compute_amount", store=True, readonly=False)
    file = fields.Binary(string="Letter (PDF)", attachment=False)
    file_name = fields.Char()
    condition_pending = fields.Boolean(string="Suspensive Condition")
    condition_text = fields.Char(string="Condition")
    line_ids = fields.One2many(
        "pope.funding.award.line",
        "wizard_id",
        string="Instalments",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    note = fields.Text(compute="_compute_note")
    book_now = fields.Boolean(
        string="Book at Once",
        default=lambda self: self.env.user.has_group(BOOKKEEPERS),
        groups=BOOKKEEPERS,
        help="A draft entry, to check and post; otherwise the file says that it is to book.",
    )
    date_entry = fields.Date(
        string="Date of the Entry", groups=BOOKKEEPERS, help="Empty: the date of the letter. Choose an open day."
    )
    receivable_account_id = fields.Many2one(
        "account.account",
        string="Awaited (debit)",
        check_company=True,
        compute="_compute_accounts",
        store=True,
        readonly=False,
        domain=[("account_type", "=", "asset_receivable"), ("reconcile", "=", True)],
        ondelete="cascade",
        groups=BOOKKEEPERS,
    )
    income_account_id = fields.Many2one(
        "account.account",
        string="Grant (credit)",
        check_company=True,
        compute="_compute_accounts",
        store=True,
        readonly=False,
        ondelete="cascade",
        groups=BOOKKEEPERS,
    )

    @api.depends("funding_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.funding_id.amount_awarded or wizard.funding_id.amount_asked
            wizard.file_number = wizard.funding_id.file_number

    @api.depends("funding_id", "amount", "date")
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard.funding_id._usual_instalments(wizard.amount, wizard.date) if wizard.amount else []
            wizard.line_ids = [Command.clear(), *map(Command.create, rows)]

    @api.depends("funding_id")
    def _compute_accounts(self):
        for wizard in self:
            funding, company = wizard.funding_id, wizard.company_id
            wizard.receivable_account_id = company._pope_find_receivable(funding.nature)
            wizard.income_account_id = company._pope_find_account(*funding._income_prefixes())

    @api.depends("amount", "date", "line_ids.amount", "line_ids.date_expected")
    @api.depends_context("lang")
    def _compute_note(self):
        for wizard in self:
            wizard.note = "\n".join(wizard._told()) or False

    def _told(self):
        funding, currency = self.funding_id, self.currency_id
        planned = sum(self.line_ids.mapped("amount"))
        days = [day for day in self.line_ids.mapped("date_expected") if day]
        if currency.compare_amounts(planned, self.amount):
            yield self.env._(
                "The instalments add up to %(planned)s, and %(awarded)s is awarded.",
                planned=formatLang(self.env, planned, currency_obj=currency),
                awarded=formatLang(self.env, self.amount, currency_obj=currency),
            )
        if self.date and any(day < self.date for day in days):
            yield self.env._("An instalment is expected before the date of the letter.")
        if self.date and funding.date_filed and self.date < funding.date_filed:
            yield self.env._("The letter is older than the application.")
        if funding.amount_asked and currency.compare_amounts(self.amount, funding.amount_asked) > 0:
            yield self.env._("More is awarded than was asked.")

    def action_confirm(self):
        self.ensure_one()
        funding = self.funding_id
        funding._award(
            self.amount,
            self.date,
            [line._instalment_values() for line in self.line_ids],
            file_number=self.file_number,
            condition_pending=self.condition_pending,
            condition_text=self.condition_pending and self.condition_text,
        )
        if self.file:
            funding.message_post(
                body=self.env._("Letter of the funder."),
                attachments=[(self.file_name or "notification.pdf", base64.b64decode(self.file))],
            )
        if self.env.user.has_group(BOOKKEEPERS) and self.book_now:
            funding._book_award(
                self.date_entry or self.date, income=self.income_account_id, receivable=self.receivable_account_id
            )
        return {"type": "ir.actions.act_window_close"}


class FundingAwardLine(models.TransientModel):
    _name = "pope.funding.award.line"
    _description = "Instalment of an Award Received"

    wizard_id = fields.Many2one("pope.funding.award", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    kind = fields.Selection(
        lambda self: self.env["pope.funding.instalment"]._fields["kind"]._description_selection(self.env),
        required=True,
        default="interim",
    )
    date_expected = fields.Date(string="Expected On")
    amount = fields.Monetary(required=True)
    condition = fields.Char(string="Paid When")
    to_join = fields.Text()

    def _instalment_values(self):
        return {name: self[name] for name in ("kind", "date_expected", "amount", "condition", "to_join")}
