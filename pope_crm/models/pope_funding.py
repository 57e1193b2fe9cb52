from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

from .pope_funding_scheme import NATURES

BEFORE = ("watch", "to_file")
FILED = ("filed", "in_review", "awarded", "refused", "closed")
DECIDED = ("awarded", "refused", "closed")
WON = ("awarded", "closed")


class Funding(models.Model):
    """A funding file: of the pole, or of a holder's project, whose money is its own association's."""

    _name = "pope.funding"
    _description = "Funding"
    _inherit = ["pope.never.typed", "mail.thread", "pope.reminder.mixin"]
    _order = "date_filed desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, required=True, tracking=True
    )
    scheme_id = fields.Many2one(
        "pope.funding.scheme",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Funder",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        tracking=True,
    )
    nature = fields.Selection(
        NATURES, compute="_compute_nature", store=True, readonly=False, precompute=True, tracking=True
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
    person_id = fields.Many2one(
        "res.partner",
        string="Childminder in Person",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("is_company", "=", False)],
        tracking=True,
        help="For aid that a childminder receives in person: settling-in bonus, loan at no interest.",
    )
    beneficiary = fields.Selection(
        [("pole", "The Pole"), ("project", "A Holder's Project"), ("person", "A Childminder in Person")],
        compute="_compute_beneficiary",
        store=True,
        precompute=True,
        index=True,
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
    amount_asked = fields.Monetary(string="Sum Asked", tracking=True)
    amount_awarded = fields.Monetary(string="Awarded", copy=False, tracking=True)
    amount_eligible = fields.Monetary(
        string="Eligible Cost",
        compute="_compute_costs",
        store=True,
        readonly=False,
        help="What the action costs, without contributions in kind. Follows the budget, where there is one.",
    )
    amount_in_kind = fields.Monetary(
        string="Contributions in Kind",
        compute="_compute_costs",
        store=True,
        readonly=False,
        help="Volunteering, premises lent…: accounts 86 and 87. Follows the budget, where there is one.",
    )
    rate = fields.Float(
        string="Co-funding Rate",
        compute="_compute_rates",
        help="What is awarded, or asked until then, over the eligible cost.",
    )
    rate_in_kind = fields.Float(
        string="Rate With 86/87",
        compute="_compute_rates",
        help="The same over the cost with contributions in kind (accounts 86 and 87).",
    )
    state = fields.Selection(
        [
            ("watch", "Watched"),
            ("to_file", "To File"),
            ("filed", "Filed"),
            ("in_review", "In Review"),
            ("awarded", "Awarded"),
            ("refused", "Refused"),
            ("closed", "Wound Up"),
            ("dropped", "Given Up"),
        ],
        required=True,
        default="to_file",
        copy=False,
        group_expand=True,
        tracking=True,
    )
    date_deadline = fields.Date(
        string="To File Before",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date_filed = fields.Date(
        string="Filed On", compute="_compute_date_filed", store=True, readonly=False, copy=False, tracking=True
    )
    date_decision = fields.Date(
        string="Decided On", compute="_compute_date_decision", store=True, readonly=False, copy=False, tracking=True
    )
    date_from = fields.Date(string="Action From", tracking=True)
    date_to = fields.Date(string="Action Until", tracking=True)
    date_agreement_to = fields.Date(
        string="Agreement Until", copy=False, tracking=True, help="Last day of the agreement signed with the funder."
    )
    file_number = fields.Char(
        copy=False, tracking=True, help="Number that the funder's portal gave to the file: Dauphin, Le Compte Asso…"
    )
    portal_url = fields.Char(related="scheme_id.portal_url")
    user_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
    )
    paper_ids = fields.One2many(
        "pope.funding.paper",
        "funding_id",
        string="Papers",
        compute="_compute_paper_ids",
        store=True,
        readonly=False,
        copy=False,
    )
    obligation_ids = fields.One2many("pope.funding.obligation", "funding_id", string="Obligations", copy=False)
    budget_ids = fields.One2many(
        "pope.budget", "funding_id", string="Budget of the Action", domain=[("kind", "=", "funding")], copy=False
    )
    renewed_from_id = fields.Many2one(
        "pope.funding",
        string="Renews",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    renewal_ids = fields.One2many("pope.funding", "renewed_from_id", string="Renewals")
    objectives = fields.Text()
    description = fields.Text()
    audience = fields.Text(string="Beneficiaries", help="Who, how many, how they are found. No names.")
    territory = fields.Text()
    means = fields.Text(help="People, premises and equipment given to the action.")
    evaluation = fields.Text(string="Indicators", help="How you will know that the objectives are reached.")
    notes = fields.Html()

    _amounts = models.Constraint(
        "CHECK ((amount_asked IS NULL OR amount_asked >= 0) AND (amount_awarded IS NULL OR amount_awarded >= 0) "
        "AND (amount_eligible IS NULL OR amount_eligible >= 0) AND (amount_in_kind IS NULL OR amount_in_kind >= 0))",
        "The amounts of a file cannot be negative.",
    )

    # --- Fields ---

    @api.depends("partner_id", "scheme_id", "lead_id", "person_id")
    def _compute_name(self):
        """A name until someone writes a better one."""
        for funding in self:
            if not funding.name and funding.partner_id:
                parts = (
                    funding.scheme_id.name or funding.partner_id.name,
                    funding.person_id.name or funding.lead_id.name,
                )
                funding.name = " · ".join(filter(None, parts))

    @api.depends("scheme_id")
    def _compute_partner_id(self):
        for funding in self:
            funding.partner_id = funding.partner_id or funding.scheme_id.partner_id

    @api.depends("scheme_id")
    def _compute_nature(self):
        for funding in self:
            funding.nature = funding.scheme_id.nature or funding.nature

    @api.depends("lead_id", "person_id")
    def _compute_beneficiary(self):
        for funding in self:
            funding.beneficiary = "person" if funding.person_id else "project" if funding.lead_id else "pole"

    @api.depends("lead_id")
    def _compute_company_id(self):
        for funding in self:
            funding.company_id = funding.lead_id.company_id or funding.company_id or self.env.company

    @api.depends("budget_ids.total_expense", "budget_ids.total_in_kind_expense")
    def _compute_costs(self):
        for funding in self:
            budget = funding.budget_ids
            funding.amount_eligible = sum(budget.mapped("total_expense")) or funding.amount_eligible
            funding.amount_in_kind = sum(budget.mapped("total_in_kind_expense")) or funding.amount_in_kind

    @api.depends("amount_asked", "amount_awarded", "amount_eligible", "amount_in_kind", "state")
    def _compute_rates(self):
        for funding in self:
            aid, cost = funding._aid(), funding.amount_eligible
            whole = cost + funding.amount_in_kind
            funding.rate = aid / cost if cost else 0.0
            funding.rate_in_kind = aid / whole if whole else 0.0

    def _aid(self):
        """What the funder gives: awarded, or asked as long as nothing is decided."""
        return self.amount_awarded if self.state in WON else self.amount_asked

    @api.depends("scheme_id")
    def _compute_date_deadline(self):
        today = fields.Date.context_today(self)
        for funding in self:
            if not funding.date_deadline and funding.state in (False, *BEFORE):
                funding.date_deadline = funding.scheme_id._next_closing(today)

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

    @api.depends("scheme_id")
    def _compute_paper_ids(self):
        """The usual papers of the scheme, without those of a former scheme that nobody touched."""
        for funding in self:
            usual = funding.scheme_id.paper_ids
            stale = funding.paper_ids.filtered(
                lambda paper, usual=usual: (
                    paper.scheme_paper_id
                    and paper.scheme_paper_id not in usual
                    and paper.state == "to_get"
                    and not paper.note
                )
            )
            missing = usual - funding.paper_ids.scheme_paper_id
            funding.paper_ids = [
                *(Command.unlink(paper.id) for paper in stale),
                *(
                    Command.create({"name": paper.name, "sequence": paper.sequence, "scheme_paper_id": paper.id})
                    for paper in missing
                ),
            ]

    # --- Create, write ---

    @api.model_create_multi
    def create(self, vals_list):
        fundings = super().create(vals_list)
        fundings._propose_obligations()
        return fundings

    def write(self, vals):
        before = self.filtered(lambda funding: funding.state in BEFORE)
        result = super().write(vals)
        if vals.get("state") in FILED:
            before.paper_ids.filtered(lambda paper: paper.state == "have").state = "sent"
        if {"state", "scheme_id", "date_from", "date_to"}.intersection(vals):
            self._propose_obligations()
        if "state" in vals:
            self.obligation_ids._forget_reminders()
        return result

    def _propose_obligations(self):
        """What the scheme of an awarded file calls for, once; a yearly report for each financial year of the action."""
        values = []
        for funding in self.filtered(lambda funding: funding.state == "awarded"):
            known = {(row.scheme_obligation_id, row.date_year) for row in funding.obligation_ids}
            known_lines = funding.obligation_ids.scheme_obligation_id
            for line in funding.scheme_id.obligation_ids:
                years = funding._financial_years() if line.each_year else []
                for year in years or [False]:
                    if (line, year) in known or (not year and line in known_lines):
                        continue
                    name = f"{line.name} {year.year}" if year else line.name
                    values.append(
                        {
                            "funding_id": funding.id,
                            "scheme_obligation_id": line.id,
                            "name": name,
                            "date_year": year,
                            **{field: line[field] for field in self.env["pope.funding.anchor"]._anchor_fields()},
                        }
                    )
        self.env["pope.funding.obligation"].create(values)

    def _financial_years(self):
        """Last days of the financial years that the action runs through."""
        if not self.date_to:
            return []
        day, years = self.date_from or self.date_to, []
        while not years or years[-1] < self.date_to:
            years.append(self.company_id.compute_fiscalyear_dates(day)["date_to"])
            day = years[-1] + relativedelta(days=1)
        return years

    # --- Reminders of the filing deadline ---

    @api.model
    def _due_field(self):
        return "date_deadline"

    @api.model
    def _open_domain(self):
        return [("state", "in", BEFORE)]

    def _due_name(self):
        return self.env._("File the application “%(name)s”", name=self.name)

    # --- Actions ---

    def action_file(self):
        self.filtered(lambda funding: funding.state in BEFORE).state = "filed"

    def action_refuse(self):
        self.filtered(lambda funding: funding.state in ("filed", "in_review")).state = "refused"

    def action_renew(self):
        """The application of the next year, with the budget and the papers of this one; once made, it opens."""
        self.ensure_one()
        return (self.renewal_ids[:1] or self._renew())._open_form()

    def _renew(self):
        self.ensure_one()
        after = max(filter(None, (self.date_deadline, fields.Date.context_today(self))))
        year = relativedelta(years=1)
        renewal = self.copy(
            {
                "renewed_from_id": self.id,
                "date_deadline": self.scheme_id._closing_after(after),
                "date_from": self.date_from and self.date_from + year,
                "date_to": self.date_to and self.date_to + year,
                "paper_ids": [],
            }
        )
        self.paper_ids._carry_to(renewal)
        self.budget_ids.copy({"funding_id": renewal.id})
        self._message_log(body=self.env._("Renewed: %(link)s", link=renewal._get_html_link()))
        return renewal

    def action_budget(self):
        """The budget of the action, made with the lines of the form at the first visit."""
        self.ensure_one()
        budget = self.budget_ids or self.env["pope.budget"].create({"funding_id": self.id})
        return budget._open_form()

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
