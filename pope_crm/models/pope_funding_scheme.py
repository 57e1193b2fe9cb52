from datetime import timedelta

from odoo import Command, api, fields, models

from ..core import due_date

NATURES = [
    ("operating", "Operating"),
    ("project", "Project"),
    ("investment", "Investment"),
    ("job", "Job"),
    ("service", "Service"),
    ("loan", "Loan"),
    ("guarantee", "Guarantee"),
    ("in_kind", "In Kind"),
]


class FundingScheme(models.Model):
    """A funder's scheme: when it takes files, what it caps, what it asks for, what it wants reported afterwards.

    Amounts are local and change every year: the team writes them, with their version and the day they are valid from.
    """

    _name = "pope.funding.scheme"
    _description = "Funding Scheme"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True, ondelete="restrict", help="Empty: a scheme for everybody.")
    role_id = fields.Many2one(
        "pope.partner.role",
        string="Kind of Funder",
        domain=[("kind", "=", "funder")],
        ondelete="restrict",
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Funder",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="The contact that pays. New files of the scheme are for this funder.",
    )
    nature = fields.Selection(NATURES, required=True, default="project", tracking=True)
    without_money = fields.Boolean(help="The award brings recognition or support, and no amount.")
    form_reference = fields.Char(string="Form", help="Number of the form to fill in, e.g. Cerfa 12156*06.")
    portal_url = fields.Char(string="Portal")
    window = fields.Selection(
        [("open", "All Year Round"), ("yearly", "Every Year"), ("dated", "Once, on These Dates")],
        string="Filing",
        required=True,
        default="open",
        tracking=True,
    )
    date_opens = fields.Date(string="Opens On", tracking=True)
    date_closes = fields.Date(
        string="Closes On",
        tracking=True,
        help="For a yearly window, write one year: the same days come back each year.",
    )
    date_next_closing = fields.Date(string="Next Closing", compute="_compute_date_next_closing")
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    rate_max = fields.Float(
        string="Highest Rate", tracking=True, help="Share of the eligible cost that is paid at most. Zero: no cap."
    )
    amount_max = fields.Monetary(string="Highest Amount", tracking=True, help="Zero: no cap, or not known yet.")
    advance_rate = fields.Float(
        string="Usual Advance",
        tracking=True,
        help="Share that is paid at the award, the balance on the report. Zero: all at once.",
    )
    amounts_version = fields.Char(
        string="Version of the Amounts", help="The call or the circular that they come from.", tracking=True
    )
    amounts_date = fields.Date(string="Amounts Valid From", tracking=True)
    excluded_ids = fields.Many2many(
        "pope.funding.scheme", "pope_funding_scheme_exclusion", "scheme_id", "excluded_id", string="Excludes"
    )
    excluding_ids = fields.Many2many(
        "pope.funding.scheme", "pope_funding_scheme_exclusion", "excluded_id", "scheme_id", string="Excluded By"
    )
    exclusive_ids = fields.Many2many(
        "pope.funding.scheme",
        string="Not Together With",
        compute="_compute_exclusive_ids",
        inverse="_inverse_exclusive_ids",
        help="Schemes that one project may not have with this one. It is told on the files, never refused.",
    )
    paper_ids = fields.One2many("pope.funding.scheme.paper", "scheme_id", string="Usual Papers", copy=True)
    obligation_ids = fields.One2many("pope.funding.scheme.obligation", "scheme_id", string="Obligations", copy=True)
    notes = fields.Html(translate=True)
    funding_count = fields.Integer(string="Applications", compute="_compute_funding_count")

    _caps = models.Constraint(
        "CHECK ((rate_max IS NULL OR (rate_max >= 0 AND rate_max <= 1)) AND (amount_max IS NULL OR amount_max >= 0))",
        "The highest rate lies between 0 and 100 %, and the highest amount cannot be negative.",
    )
    _advance = models.Constraint(
        "CHECK (advance_rate IS NULL OR (advance_rate >= 0 AND advance_rate <= 1))",
        "The usual advance lies between 0 and 100 %.",
    )
    _window_dates = models.Constraint(
        "CHECK (date_opens IS NULL OR date_closes IS NULL OR date_opens <= date_closes)",
        "A filing window must open before it closes.",
    )

    @api.depends("window", "date_closes")
    def _compute_date_next_closing(self):
        today = fields.Date.context_today(self)
        for scheme in self:
            scheme.date_next_closing = scheme._next_closing(today)

    @api.depends("excluded_ids", "excluding_ids")
    def _compute_exclusive_ids(self):
        for scheme in self:
            scheme.exclusive_ids = scheme.excluded_ids | scheme.excluding_ids

    def _inverse_exclusive_ids(self):
        for scheme in self:
            wanted = scheme.exclusive_ids
            kept = scheme.excluding_ids & wanted
            scheme.excluding_ids = [Command.set(kept.ids)]
            scheme.excluded_ids = [Command.set((wanted - kept).ids)]

    def _compute_funding_count(self):
        counts = dict(self.env["pope.funding"]._read_group([("scheme_id", "in", self.ids)], ["scheme_id"], ["__count"]))
        for scheme in self:
            scheme.funding_count = counts.get(scheme, 0)

    def _next_closing(self, since):
        """The first closing day on or after `since`; nothing where it is not known."""
        if not self.date_closes or self.window == "open":
            return False
        if self.window == "dated":
            return self.date_closes if self.date_closes >= since else False
        return due_date.next_yearly(self.date_closes.month, self.date_closes.day, since)

    def _closing_after(self, day):
        """The closing day of the application that follows one closed on this day."""
        return self._next_closing(day + timedelta(days=1)) if day else False

    def action_fundings(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_funding_action")
        return action | {"domain": [("scheme_id", "=", self.id)], "context": {"default_scheme_id": self.id}}


class FundingSchemePaper(models.Model):
    """A paper that the funder of a scheme asks for."""

    _name = "pope.funding.scheme.paper"
    _description = "Usual Paper of a Funding Scheme"
    _order = "sequence, id"

    scheme_id = fields.Many2one("pope.funding.scheme", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="scheme_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)


class FundingSchemeObligation(models.Model):
    """What is due to the funder once a file of the scheme is awarded, and when."""

    _name = "pope.funding.scheme.obligation"
    _description = "Obligation of a Funding Scheme"
    _inherit = ["pope.funding.anchor"]
    _order = "sequence, id"

    scheme_id = fields.Many2one("pope.funding.scheme", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="scheme_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    each_year = fields.Boolean(help="One for each financial year of the funded period.")
