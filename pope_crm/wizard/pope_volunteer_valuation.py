from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..models.res_company_books import VOLUNTEER_ACCOUNTS


class VolunteerValuation(models.TransientModel):
    """Value the hours of volunteers, from the opening of the financial year to the end of a month, off the result."""

    _name = "pope.volunteer.valuation"
    _description = "Valuation of Volunteering"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year)
    month = fields.Selection(
        lambda self: [
            (str(month), self.env["pope.volunteer.time"]._fields[f"hours_{month}"]._description_string(self.env))
            for month in range(1, 13)
        ],
        string="To the End of",
        required=True,
        default=lambda self: str(fields.Date.context_today(self).month),
    )
    date_from = fields.Date(string="From", compute="_compute_dates")
    date_to = fields.Date(string="Date of the Entry", compute="_compute_dates")
    rate = fields.Monetary(
        string="Value of an Hour",
        compute="_compute_rate",
        store=True,
        readonly=False,
        precompute=True,
        help="What an hour of the same work would cost, charges included: the choice is the pole's, and is explained "
        "in the notes to its accounts.",
    )
    rate_date = fields.Date(related="company_id.pope_volunteer_rate_date")
    volunteer_count = fields.Integer(string="Volunteers", compute="_compute_value")
    hours = fields.Float(digits=(16, 2), compute="_compute_value")
    amount = fields.Monetary(string="Value", compute="_compute_value")
    amount_booked = fields.Monetary(
        string="In the Books Already",
        compute="_compute_value",
        help="Entries of the journal BENEV in this financial year, drafts included.",
    )
    amount_due = fields.Monetary(string="To Book", compute="_compute_value")
    post = fields.Boolean(string="Post at Once", default=True, help="Otherwise the entry is a draft to check.")

    @api.depends("company_id", "year", "month")
    def _compute_dates(self):
        for wizard in self:
            wizard._check_year()
            date_to = fields.Date.to_date(f"{wizard.year}-{int(wizard.month):02}-01") + relativedelta(day=31)
            opening = wizard.company_id.compute_fiscalyear_dates(date_to)["date_from"]
            wizard.date_from, wizard.date_to = opening.replace(day=1), date_to

    @api.depends("company_id")
    def _compute_rate(self):
        for wizard in self:
            wizard.rate = wizard.company_id.pope_volunteer_rate

    @api.depends("date_from", "date_to", "rate")
    def _compute_value(self):
        for wizard in self:
            hours = self.env["pope.volunteer.time"]._hours_between(wizard.company_id, wizard.date_from, wizard.date_to)
            wizard.volunteer_count = len(hours)
            wizard.hours = hours.total()
            wizard.amount = wizard.currency_id.round(wizard.hours * wizard.rate)
            wizard.amount_booked = sum(wizard._booked_lines().mapped("balance"))
            wizard.amount_due = wizard.amount - wizard.amount_booked

    def _check_year(self):
        if not 1901 <= self.year <= 2999:
            raise UserError(self.env._("Write the year with its four figures."))

    def _booked_lines(self):
        """What the financial year has already, on the debit side."""
        return (
            self.env["account.move.line"]
            .with_company(self.company_id)
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("journal_id", "=", self.company_id._pope_volunteer_journal().id),
                    ("account_id.code", "=like", f"{VOLUNTEER_ACCOUNTS[0]}%"),
                    ("date", ">=", self.date_from),
                    ("date", "<=", self.company_id.compute_fiscalyear_dates(self.date_to)["date_to"]),
                    ("parent_state", "!=", "cancel"),
                ]
            )
        )

    def action_book(self):
        """Book the difference with what the books have, in one entry."""
        self.ensure_one()
        company = self.company_id
        if self.rate <= 0:
            raise UserError(self.env._("Write the value of an hour first."))
        if later := self._booked_lines().filtered(lambda line: line.date > self.date_to):
            raise UserError(
                self.env._(
                    "Volunteering is in the books up to %(day)s: choose this month or a later one.",
                    day=format_date(self.env, max(later.mapped("date"))),
                )
            )
        if self.currency_id.is_zero(self.amount_due):
            raise UserError(self.env._("The books have this value already: there is nothing to add."))
        debit, credit = (company._pope_account(prefix) for prefix in VOLUNTEER_ACCOUNTS)
        if (debit.account_type == "off_balance") != (credit.account_type == "off_balance"):
            raise UserError(
                self.env._(
                    "The accounts %(debit)s and %(credit)s must have the same type: ask the accountant to correct one.",
                    debit=debit.with_company(company).code,
                    credit=credit.with_company(company).code,
                )
            )
        journal = company._pope_volunteer_journal(create=True)
        company._pope_check_open(self.date_to, journal)
        label = self.env._(
            "Volunteering from %(start)s to %(end)s: %(hours)s h at %(rate)s",
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
            hours=formatLang(self.env, self.hours, digits=2),
            rate=self.currency_id.format(self.rate),
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": self.date_to,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "name": label, "balance": balance, "tax_ids": [Command.clear()]}
                    )
                    for account, balance in ((debit, self.amount_due), (credit, -self.amount_due))
                ],
            }
        )
        if self.post:
            move.action_post()
        if self.rate != company.pope_volunteer_rate:
            # sudo: this value is the accountant's to choose, the rest of the company its administrator's
            company.sudo().write(
                {"pope_volunteer_rate": self.rate, "pope_volunteer_rate_date": fields.Date.context_today(self)}
            )
        return move._pope_open()
