from odoo import api, fields, models


class FundingBooking(models.TransientModel):
    """Put an award in the books: the accounts are those of the kind of funder, until an accountant knows better."""

    _name = "pope.funding.booking"
    _description = "Award to Book"
    _check_company_auto = True

    funding_id = fields.Many2one("pope.funding", required=True, readonly=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="funding_id.company_id")
    date = fields.Date(
        string="Date of the Entry", required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        check_company=True,
        compute="_compute_accounts",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    receivable_account_id = fields.Many2one(
        "account.account",
        string="Awaited (debit)",
        required=True,
        check_company=True,
        compute="_compute_accounts",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("account_type", "=", "asset_receivable"), ("reconcile", "=", True)],
        ondelete="cascade",
    )
    income_account_id = fields.Many2one(
        "account.account",
        string="Grant (credit)",
        required=True,
        check_company=True,
        compute="_compute_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )

    @api.depends("funding_id")
    def _compute_date(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            wizard.date = wizard.funding_id.date_condition or wizard.funding_id.date_decision or today

    @api.depends("funding_id")
    def _compute_accounts(self):
        for wizard in self:
            funding, company = wizard.funding_id, wizard.company_id
            wizard.journal_id = company._pope_award_journal()
            wizard.receivable_account_id = company._pope_grant_receivable(funding.nature)
            wizard.income_account_id = company._pope_account(*funding._income_prefixes())

    def action_book(self):
        self.ensure_one()
        moves = self.funding_id._book_award(
            self.date, self.journal_id, self.income_account_id, self.receivable_account_id
        )
        return moves._pope_open()
