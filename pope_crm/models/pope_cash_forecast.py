from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.cash_plan import first_of

KIND_NAMES = [
    ("grant", "Grants"),
    ("service", "Training and Services"),
    ("fee", "Membership Fees"),
    ("other_in", "Other Receipts"),
    ("loan_in", "Loans Received"),
    ("wage", "Wages"),
    ("social", "Social Charges"),
    ("rent", "Rent Paid"),
    ("purchase", "Purchases and Services"),
    ("tax", "Taxes"),
    ("other_out", "Other Payments"),
    ("loan_out", "Loan Repayments"),
]
STEPS = {"once": 0, "monthly": 1, "quarterly": 3, "yearly": 12}


class CashForecast(models.Model):
    """What a person knows of the cash to come, or of the cash that is there: the only figures of the plan that are
    typed."""

    _name = "pope.cash.forecast"
    _description = "Line Typed in the Cash Plan"
    _order = "date, id"
    _check_company_auto = True

    name = fields.Char(string="Label", required=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        domain=[("type", "=", "project")],
        help="Empty: the cash plan of the pole.",
    )
    kind = fields.Selection(
        [*KIND_NAMES, ("balance", "Cash There Is")],
        required=True,
        default="other_out",
        help="It takes the place of the budget of the same kind and month. “Cash there is”: what the bank statement "
        "says that day.",
    )
    amount = fields.Monetary(required=True, help="All taxes included.")
    date = fields.Date(string="On", required=True, default=fields.Date.context_today)
    recurrence = fields.Selection(
        [("once", "Once"), ("monthly", "Each Month"), ("quarterly", "Each Quarter"), ("yearly", "Each Year")],
        required=True,
        default="once",
    )
    date_until = fields.Date(string="Until", help="Last day of what comes back. Empty: as long as the plan goes.")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0 OR kind = 'balance')",
        "Write a positive amount: its kind says whether it comes in or goes out.",
    )
    _dates = models.Constraint("CHECK (date_until IS NULL OR date_until >= date)", "It ends after it begins.")

    @api.depends("lead_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.lead_id.company_id or line.company_id or self.env.company

    @api.constrains("kind", "date")
    def _check_balance(self):
        today = fields.Date.context_today(self)
        if any(line.kind == "balance" and line.date > today for line in self):
            raise ValidationError(self.env._("The cash there is, is read on a day that has come."))

    def _months(self, last):
        """First days of the months that the line falls in, up to a day."""
        step, day, months = STEPS[self.recurrence], self.date, []
        last = min(filter(None, (last, self.date_until)))
        while day <= last:
            months.append(first_of(day))
            if not step:
                break
            day = self.date + relativedelta(months=step * len(months))
        return months
