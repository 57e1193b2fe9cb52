from odoo import fields, models

METHOD_NAMES = [
    ("constant_capital", "Constant Capital"),
    ("annuity", "Constant Instalments"),
    ("in_fine", "In Fine"),
    ("on_grants", "When Grants Are Received"),
]
PERIOD_NAMES = [("1", "Monthly"), ("3", "Quarterly"), ("6", "Half-Yearly"), ("12", "Yearly")]


class LoanProduct(models.Model):
    """A kind of loan, and what its lender says of it: caps are told on the loans, never refused."""

    _name = "pope.loan.product"
    _description = "Kind of Loan"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    method = fields.Selection(METHOD_NAMES, string="Repaid", required=True, default="constant_capital")
    period = fields.Selection(PERIOD_NAMES, string="Rhythm", required=True, default="1")
    amount_min = fields.Monetary(string="Lowest Amount", help="Zero: none known.")
    amount_max = fields.Monetary(string="Highest Amount", help="Zero: no cap, or none known.")
    months_min = fields.Integer(string="Shortest (Months)", help="Zero: none known.")
    months_max = fields.Integer(string="Longest (Months)", help="Zero: no cap, or none known.")
    grace_min = fields.Integer(string="Least Grace (Months)", help="Zero: none known.")
    has_rates = fields.Boolean(string="Rates Known")
    rate_min = fields.Float(string="Lowest Rate (%)", digits=(6, 3))
    rate_max = fields.Float(string="Highest Rate (%)", digits=(6, 3))
    source = fields.Char(help="Where these facts were read, and their year: they change.")
    notes = fields.Html(translate=True)

    _caps = models.Constraint(
        "CHECK (COALESCE(amount_min, 0) >= 0 AND COALESCE(amount_max, 0) >= 0 AND COALESCE(months_min, 0) >= 0 "
        "AND COALESCE(months_max, 0) >= 0 AND COALESCE(grace_min, 0) >= 0 AND COALESCE(rate_min, 0) >= 0 "
        "AND COALESCE(rate_max, 0) >= COALESCE(rate_min, 0))",
        "The caps of a kind of loan are not negative, and the highest rate is not under the lowest.",
    )
