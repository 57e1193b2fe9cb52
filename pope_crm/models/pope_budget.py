from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import formatLang

from .pope_summary_line import PLAN, STATEMENT

SECTIONS = STATEMENT  # in the order of the sheet to copy
EXPENSE = ("expense", "need")
INCOME = ("income", "resource")
YEARS = ("amount_1", "amount_2", "amount_3")
AMOUNTS = ("amount", *YEARS)
SUBJECT = {"kind", "company_id", "date_from", "date_to"}
# the amounts that a budget of each kind is made of, as columns of its grid
COLUMNS = {"year": ("amount",), "funding": ("amount",), "project": YEARS, "plan": AMOUNTS}


class Budget(models.Model):
    """What is planned, on the lines of the official forms: the pole's year, the action of a funding file, three years
    of a holder's project, or a financing plan.

    The budget of a holder's project is that of its own association: it counts in no total of the pole.
    """

    _name = "pope.budget"
    _description = "Budget"
    _inherit = ["mail.thread"]
    _order = "date_to desc, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, required=True, tracking=True
    )
    kind = fields.Selection(
        [
            ("year", "Year of the Association"),
            ("funding", "Action of a Funding File"),
            ("project", "Three Years of a Project"),
            ("plan", "Financing Plan"),
        ],
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    funding_id = fields.Many2one(
        "pope.funding", string="Funding File", ondelete="cascade", index="btree_not_null", check_company=True
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("type", "=", "project")],
        help="The holders' project whose own association has this budget.",
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
    date_from = fields.Date(
        string="From", compute="_compute_period", store=True, readonly=False, precompute=True, tracking=True
    )
    date_to = fields.Date(
        string="To", compute="_compute_period", store=True, readonly=False, precompute=True, tracking=True
    )
    version = fields.Integer(
        compute="_compute_version", store=True, precompute=True, copy=False, aggregator=None, readonly=False
    )
    state = fields.Selection(
        [("draft", "Draft"), ("voted", "Voted")], required=True, default="draft", copy=False, tracking=True
    )
    date_voted = fields.Date(
        string="Voted On", compute="_compute_date_voted", store=True, readonly=False, copy=False, tracking=True
    )
    line_ids = fields.One2many("pope.budget.line", "budget_id", copy=True)
    expense_line_ids = fields.One2many(
        "pope.budget.line",
        "budget_id",
        string="Charges",
        domain=[("section", "in", (*EXPENSE, "in_kind_expense"))],
    )
    income_line_ids = fields.One2many(
        "pope.budget.line", "budget_id", string="Income", domain=[("section", "in", (*INCOME, "in_kind_income"))]
    )
    total_expense = fields.Monetary(string="Total of Charges", compute="_compute_totals", store=True)
    total_income = fields.Monetary(string="Total of Income", compute="_compute_totals", store=True)
    total_in_kind_expense = fields.Monetary(string="Total 86", compute="_compute_totals", store=True)
    total_in_kind_income = fields.Monetary(string="Total 87", compute="_compute_totals", store=True)
    balance = fields.Monetary(string="Income Less Charges", compute="_compute_balance")
    total_expense_1 = fields.Monetary(string="Charges, Year 1", compute="_compute_balances")
    total_expense_2 = fields.Monetary(string="Charges, Year 2", compute="_compute_balances")
    total_expense_3 = fields.Monetary(string="Charges, Year 3", compute="_compute_balances")
    total_income_1 = fields.Monetary(string="Income, Year 1", compute="_compute_balances")
    total_income_2 = fields.Monetary(string="Income, Year 2", compute="_compute_balances")
    total_income_3 = fields.Monetary(string="Income, Year 3", compute="_compute_balances")
    balance_1 = fields.Monetary(string="Balance, Year 1", compute="_compute_balances")
    balance_2 = fields.Monetary(string="Balance, Year 2", compute="_compute_balances")
    balance_3 = fields.Monetary(string="Balance, Year 3", compute="_compute_balances")
    alert_note = fields.Text(string="To Check", compute="_compute_alert_note")
    notes = fields.Html()

    _one_by_funding = models.UniqueIndex("(funding_id) WHERE kind = 'funding'", "This file already has its budget.")
    _subject = models.Constraint(
        """CHECK (CASE kind WHEN 'year' THEN funding_id IS NULL AND lead_id IS NULL
                            WHEN 'funding' THEN funding_id IS NOT NULL AND lead_id IS NULL
                            WHEN 'project' THEN lead_id IS NOT NULL AND funding_id IS NULL
                            ELSE funding_id IS NOT NULL OR lead_id IS NOT NULL END)""",
        "Say what the budget is about: a funding file for an action, a project for three years, either of them for a "
        "financing plan, neither for the year of the association.",
    )
    _period = models.Constraint("CHECK (date_from <= date_to)", "The period must begin before it ends.")
    _year_dates = models.Constraint(
        "CHECK (kind <> 'year' OR (date_from IS NOT NULL AND date_to IS NOT NULL))",
        "Say from when to when the year runs.",
    )
    _year_voted = models.Constraint(
        "CHECK (state <> 'voted' OR kind = 'year')", "The association votes the budget of its year only."
    )

    # --- Fields ---

    @api.depends("kind", "funding_id", "lead_id", "date_from", "date_to", "version")
    def _compute_name(self):
        """A name until someone writes a better one."""
        for budget in self:
            if not budget.name or not (budget.id or budget._origin.id):
                budget.name = budget._default_name()

    def _default_name(self):
        subject = self.funding_id.name or self.lead_id.name or ""
        if self.kind == "project":
            return self.env._("Budget over three years: %(project)s", project=subject)
        if self.kind == "plan":
            return self.env._("Financing plan: %(name)s", name=subject)
        if self.kind == "funding":
            return self.env._("Budget: %(file)s", file=subject)
        if not (self.date_from and self.date_to):
            return self.env._("Budget")
        year = self.env["pope.financial.summary"]._year_label(self.date_from, self.date_to)
        if self.version > 1:
            return self.env._("Budget %(year)s, version %(number)s", year=year, number=self.version)
        return self.env._("Budget %(year)s", year=year)

    @api.depends("funding_id", "lead_id")
    def _compute_kind(self):
        for budget in self:
            budget.kind = budget.kind or ("funding" if budget.funding_id else "project" if budget.lead_id else "year")

    @api.depends("funding_id.company_id", "lead_id.company_id")
    def _compute_company_id(self):
        for budget in self:
            subject = budget.funding_id.company_id or budget.lead_id.company_id
            budget.company_id = subject or budget.company_id or self.env.company

    @api.depends("kind", "company_id")
    def _compute_period(self):
        today = fields.Date.context_today(self)
        for budget in self:
            if budget.kind == "year" and budget.company_id and not (budget.date_from and budget.date_to):
                budget.update(budget.company_id.compute_fiscalyear_dates(today))

    @api.depends("kind", "company_id", "date_to")
    def _compute_version(self):
        """The budgets of a year are numbered as they come."""
        years = self.filtered(lambda budget: budget.kind == "year")
        (self - years).version = 1
        last = {
            (company, day): version
            for company, day, version in years
            and self._read_group(
                [
                    ("kind", "=", "year"),
                    ("id", "not in", years._origin.ids),
                    ("date_to", "in", years.mapped("date_to")),
                ],
                ["company_id", "date_to:day"],
                ["version:max"],
            )
        }
        for budget in years:
            key = (budget.company_id._origin, budget.date_to)
            last[key] = budget.version = (last.get(key) or 0) + 1

    @api.depends("state")
    def _compute_date_voted(self):
        for budget in self:
            if budget.state != "voted":
                budget.date_voted = False
            elif not budget.date_voted:
                budget.date_voted = fields.Date.context_today(budget)

    def _columns(self):
        """The amounts that a budget of this kind is made of."""
        return COLUMNS[self.kind or "year"]

    def _total(self, sections, amount):
        """From the two lists of the screen, so that totals follow what is being typed."""
        return sum(
            line[amount]
            for lines in (self.expense_line_ids, self.income_line_ids)
            for line in lines
            if line.section in sections
        )

    @api.depends(
        *("kind", "line_ids.section"),
        *(f"{side}_line_ids.{amount}" for side in ("expense", "income") for amount in AMOUNTS),
    )
    def _compute_totals(self):
        """Of the first column: the year, the action, the first year of a project, the beginning of a plan."""
        for budget in self:
            first = budget._columns()[0]
            budget.total_expense = budget._total(EXPENSE, first)
            budget.total_income = budget._total(INCOME, first)
            budget.total_in_kind_expense = budget._total(("in_kind_expense",), first)
            budget.total_in_kind_income = budget._total(("in_kind_income",), first)

    @api.depends("total_expense", "total_income")
    def _compute_balance(self):
        for budget in self:
            budget.balance = budget.total_income - budget.total_expense

    @api.depends(
        *("kind", "line_ids.section"),
        *(f"{side}_line_ids.{amount}" for side in ("expense", "income") for amount in AMOUNTS),
    )
    def _compute_balances(self):
        for budget in self:
            for year, amount in enumerate(YEARS, 1):
                expense, income = budget._total(EXPENSE, amount), budget._total(INCOME, amount)
                budget[f"total_expense_{year}"], budget[f"total_income_{year}"] = expense, income
                budget[f"balance_{year}"] = income - expense

    @api.depends(
        *("kind", "balance_1", "balance_2", "balance_3"),
        *(f"total_{section}" for section in STATEMENT),
        *(f"line_ids.{amount}" for amount in AMOUNTS),
    )
    @api.depends_context("lang")
    def _compute_alert_note(self):
        for budget in self:
            budget.alert_note = "\n".join(budget._alerts()) or False

    def _column_names(self):
        """What stands above the amounts: nothing above a single one."""
        if self.kind not in ("project", "plan"):
            return {"amount": self.env._("Amount")}
        years = {amount: self.env._("Year %(number)s", number=number) for number, amount in enumerate(YEARS, 1)}
        return years if self.kind == "project" else {"amount": self.env._("Start")} | years

    def _alerts(self):
        """What keeps the budget from being right, a sentence each."""
        told, currency = [], self.currency_id or self.env.company.currency_id
        for amount, name in self._column_names().items():
            gap = currency.round(self._total(EXPENSE, amount) - self._total(INCOME, amount))
            if not currency.is_zero(gap) and (sentence := self._gap_words(gap, currency)):
                told.append(sentence if self.kind in ("year", "funding") else f"{name} · {sentence}")
        if not currency.is_zero(self.total_in_kind_expense - self.total_in_kind_income):
            told.append(self.env._("Contributions in kind not balanced: 86 and 87 must be equal."))
        if self.kind in ("year", "funding") and any(
            not currency.is_zero(line.amount - round(line.amount)) for line in self.line_ids
        ):
            told.append(self.env._("The form takes no cents: round the amounts."))
        return told

    def _gap_words(self, gap, currency):
        """What is missing, or too much. A project may have a surplus; a plan has neither."""
        amount = formatLang(self.env, abs(gap), currency_obj=currency)
        if self.kind == "plan":
            if gap > 0:
                return self.env._("Plan not balanced: %(amount)s of resources missing.", amount=amount)
            return self.env._("Plan not balanced: resources exceed needs by %(amount)s.", amount=amount)
        if self.kind == "project":
            return gap > 0 and self.env._("Charges exceed income by %(amount)s.", amount=amount)
        if gap > 0:
            return self.env._("Budget not balanced: %(amount)s of income missing.", amount=amount)
        return self.env._("Budget not balanced: income exceeds charges by %(amount)s, over 100 %%.", amount=amount)

    # --- Create ---

    @api.model_create_multi
    def create(self, vals_list):
        """A new budget has all the lines of the form in force, to fill in like the form itself."""
        budgets = super().create(vals_list)
        lists = ("line_ids", "expense_line_ids", "income_line_ids")
        empty = self.browse(
            budget.id for budget, vals in zip(budgets, vals_list, strict=True) if not any(map(vals.get, lists))
        )
        self.env["pope.budget.line"].create(
            [
                {"budget_id": budget.id, "line_id": line.id}
                for kind, alike in empty.grouped("kind").items()
                for line in self._blank_lines(kind)
                for budget in alike
            ]
        )
        return budgets

    def write(self, vals):
        """What was voted is opened again by managers only, and tells its own year: a rule sees no former state."""
        voted = self.filtered(lambda budget: budget.state == "voted")
        if voted and vals.get("state", "voted") != "voted":
            voted._check_may_open()
        elif voted and SUBJECT.intersection(vals):
            raise UserError(self.env._("This budget was voted: make a new version of it to change its year."))
        return super().write(vals)

    @api.model
    def _blank_lines(self, kind="funding"):
        """The lines of the form that amounts are written on; those that hide at zero are there when the funder, not an
        account, tells them apart. Only an action is given a share of what is common."""
        lines = self.env["pope.summary.line"]._valid_on(
            fields.Date.context_today(self), PLAN if kind == "plan" else STATEMENT
        )
        return lines.filtered(
            lambda line: (
                line._is_written()
                and not (line.hide_if_zero and line.prefixes)
                and (kind == "funding" or line.kind != "key")
            )
        )

    # --- Actions ---

    def action_vote(self):
        """The general meeting or the board voted it: its amounts change no more."""
        self.filtered(lambda budget: budget.kind == "year").state = "voted"

    def _check_may_open(self):
        if not self.env.user.has_group("pope_crm.group_pope_manager"):
            raise AccessError(self.env._("Only a manager opens a voted budget again: make a new version of it."))

    def action_draft(self):
        self._check_may_open()
        self.state = "draft"

    def action_new_version(self):
        """A draft with the same amounts; the one that was voted stays as it is."""
        self.ensure_one()
        draft = self.copy()
        draft.name = draft._default_name()
        return draft._open_form()

    def action_grid(self):
        """All the lines by class, with the totals of each."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_budget_line_action")
        return action | {"domain": [("budget_id", "=", self.id)], "context": {"default_budget_id": self.id}}

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }


class BudgetLine(models.Model):
    """An amount on a line of the form; a line may come several times, to tell several funders apart."""

    _name = "pope.budget.line"
    _description = "Budget Line"
    _order = "budget_id, sequence, id"

    budget_id = fields.Many2one("pope.budget", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="budget_id.company_id", store=True)
    currency_id = fields.Many2one(related="budget_id.currency_id")
    kind = fields.Selection(related="budget_id.kind", string="Kind of Budget")
    line_id = fields.Many2one(
        "pope.summary.line",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("kind", "in", ("line", "key")), ("child_ids", "=", False)],
    )
    parent_id = fields.Many2one(related="line_id.parent_id", string="Class", store=True)
    class_name = fields.Char(related="line_id.parent_id.name")
    code = fields.Char(related="line_id.code")
    section = fields.Selection(related="line_id.section", store=True)
    sequence = fields.Integer(related="line_id.sequence", store=True)
    amount = fields.Monetary()
    amount_1 = fields.Monetary(string="Year 1")
    amount_2 = fields.Monetary(string="Year 2")
    amount_3 = fields.Monetary(string="Year 3")
    is_monthly = fields.Boolean(
        string="Spread by Month",
        compute="_compute_is_monthly",
        store=True,
        readonly=False,
        precompute=True,
        help="A twelfth each month in the cash plan: salaries, rent.",
    )
    note = fields.Char(string="Detail", help="Which funder, what it was computed from.")

    _amount_positive = models.Constraint(
        "CHECK ((amount IS NULL OR amount >= 0) AND (amount_1 IS NULL OR amount_1 >= 0) "
        "AND (amount_2 IS NULL OR amount_2 >= 0) AND (amount_3 IS NULL OR amount_3 >= 0))",
        "A budget has no negative amount.",
    )

    @api.depends("line_id")
    def _compute_is_monthly(self):
        for line in self:
            line.is_monthly = line.line_id.is_monthly

    @api.constrains("line_id", "budget_id")
    def _check_form(self):
        for line in self:
            if (line.section in PLAN) != (line.budget_id.kind == "plan"):
                raise ValidationError(
                    self.env._(
                        "“%(line)s” is no line of this budget: needs and resources are those of a financing plan.",
                        line=line.line_id.name,
                    )
                )

    @api.constrains("line_id", "budget_id", "note", *AMOUNTS)
    def _check_not_voted(self):
        if "voted" in self.budget_id.mapped("state"):
            raise UserError(self.env._("This budget was voted: make a new version of it to change an amount."))

    def write(self, vals):
        """A line does not leave a voted budget for another one: a rule sees only where it comes."""
        if "budget_id" in vals:
            self._check_not_voted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_voted(self):
        self._check_not_voted()
