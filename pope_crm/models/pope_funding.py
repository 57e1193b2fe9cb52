from odoo import api, fields, models

FILED = ("filed", "in_review", "awarded", "refused", "closed")
DECIDED = ("awarded", "refused", "closed")


class Funding(models.Model):
    """A funding file: of the pole, or of a holder's project, whose money is its own association's."""

    _name = "pope.funding"
    _description = "Funding"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_filed desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, required=True, tracking=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Funder",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        tracking=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("type", "=", "project")],
        tracking=True,
        help="The holder's project that the money is for. Empty: a file of the pole itself.",
    )
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
    amount_asked = fields.Monetary(string="Asked", tracking=True)
    amount_awarded = fields.Monetary(string="Awarded", tracking=True)
    state = fields.Selection(
        [
            ("watch", "Watched"),
            ("to_file", "To File"),
            ("filed", "Filed"),
            ("in_review", "In Review"),
            ("awarded", "Awarded"),
            ("refused", "Refused"),
            ("closed", "Closed"),
            ("dropped", "Given Up"),
        ],
        required=True,
        default="to_file",
        copy=False,
        group_expand=True,
        tracking=True,
    )
    date_filed = fields.Date(
        string="Filed On", compute="_compute_date_filed", store=True, readonly=False, copy=False, tracking=True
    )
    date_decision = fields.Date(
        string="Decided On", compute="_compute_date_decision", store=True, readonly=False, copy=False, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
    )
    notes = fields.Html()

    _amounts = models.Constraint(
        "CHECK ((amount_asked IS NULL OR amount_asked >= 0) AND (amount_awarded IS NULL OR amount_awarded >= 0))",
        "The amounts asked and awarded cannot be negative.",
    )

    @api.depends("partner_id", "lead_id")
    def _compute_name(self):
        """A name until someone writes a better one."""
        for funding in self:
            if not funding.name and funding.partner_id:
                funding.name = " · ".join(filter(None, (funding.partner_id.name, funding.lead_id.name)))

    @api.depends("lead_id")
    def _compute_company_id(self):
        for funding in self:
            funding.company_id = funding.lead_id.company_id or funding.company_id or self.env.company

    @api.depends("state")
    def _compute_date_filed(self):
        for funding in self:
            if funding.state in FILED and not funding.date_filed:
                funding.date_filed = fields.Date.context_today(funding)

    @api.depends("state")
    def _compute_date_decision(self):
        for funding in self:
            if funding.state in DECIDED and not funding.date_decision:
                funding.date_decision = fields.Date.context_today(funding)
