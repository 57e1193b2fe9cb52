from odoo import api, fields, models
from odoo.exceptions import ValidationError

DEDICATED = ("project",)


class FundingShare(models.Model):
    """What an agreement gives to each year, when it says so itself."""

    _name = "pope.funding.share"
    _description = "Share of a Year in a Funding File"
    _order = "funding_id, year"
    _rec_name = "year"

    funding_id = fields.Many2one("pope.funding", string="Funding File", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="funding_id.company_id", store=True)
    currency_id = fields.Many2one(related="funding_id.currency_id")
    year = fields.Integer(required=True, aggregator=None, help="The calendar year in which the financial year ends.")
    amount = fields.Monetary(required=True)

    _once = models.Constraint("UNIQUE (funding_id, year)", "A year has one share of a file.")
    _amount_positive = models.Constraint("CHECK (amount >= 0)", "The share of a year cannot be negative.")

    @api.constrains("year")
    def _check_year(self):
        if any(not 1901 <= share.year <= 2999 for share in self):
            raise ValidationError(self.env._("Write the year with its four figures."))


class Funding(models.Model):
    """What the end of a financial year asks of an award."""

    _inherit = "pope.funding"

    is_dedicated = fields.Boolean(
        string="Tied to a Project",
        compute="_compute_is_dedicated",
        store=True,
        readonly=False,
        tracking=True,
        help="What is not spent when the year ends is kept for the same project: dedicated funds (19). The pole's "
        "operating grants are not.",
    )
    share_ids = fields.One2many(
        "pope.funding.share",
        "funding_id",
        string="Split by Year",
        copy=False,
        help="As the agreement splits the award. Empty: by the months of the action.",
    )
    asset_date = fields.Date(
        string="In Use Since",
        copy=False,
        tracking=True,
        help="First day of depreciation of what the investment grant paid for.",
    )
    asset_years = fields.Integer(
        string="Years of Depreciation",
        copy=False,
        tracking=True,
        help="The grant is transferred to the result over as many years, evenly.",
    )

    _asset_years_positive = models.Constraint(
        "CHECK (asset_years IS NULL OR asset_years BETWEEN 0 AND 99)", "The years of depreciation are between 0 and 99."
    )

    @api.depends("nature")
    def _compute_is_dedicated(self):
        for funding in self:
            funding.is_dedicated = funding.nature in DEDICATED
