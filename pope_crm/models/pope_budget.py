from odoo import Command, api, fields, models
from odoo.tools import formatLang

SECTIONS = ("expense", "income", "in_kind_expense", "in_kind_income")


class Budget(models.Model):
    """What an action costs and who pays for it, on the lines of the official form."""

    _name = "pope.budget"
    _description = "Budget"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, required=True, tracking=True
    )
    funding_id = fields.Many2one(
        "pope.funding", string="Funding File", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="funding_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("pope.budget.line", "budget_id", copy=True)
    expense_line_ids = fields.One2many(
        "pope.budget.line", "budget_id", string="Charges", domain=[("section", "in", ("expense", "in_kind_expense"))]
    )
    income_line_ids = fields.One2many(
        "pope.budget.line", "budget_id", string="Income", domain=[("section", "in", ("income", "in_kind_income"))]
    )
    total_expense = fields.Monetary(string="Total of Charges", compute="_compute_totals", store=True)
    total_income = fields.Monetary(string="Total of Income", compute="_compute_totals", store=True)
    total_in_kind_expense = fields.Monetary(string="Total 86", compute="_compute_totals", store=True)
    total_in_kind_income = fields.Monetary(string="Total 87", compute="_compute_totals", store=True)
    alert_note = fields.Text(string="To Check", compute="_compute_alert_note")
    notes = fields.Html()

    _one_by_funding = models.UniqueIndex("(funding_id)", "This file already has its budget.")

    @api.depends("funding_id")
    def _compute_name(self):
        for budget in self:
            budget.name = budget.name or self.env._("Budget: %(file)s", file=budget.funding_id.name)

    @api.depends("expense_line_ids.amount", "income_line_ids.amount", "line_ids.section")
    def _compute_totals(self):
        """From the two lists of the screen, so that totals follow what is being typed."""
        for budget in self:
            for section in SECTIONS:
                lines = (budget.expense_line_ids | budget.income_line_ids).filtered(
                    lambda line, section=section: line.section == section
                )
                budget[f"total_{section}"] = sum(lines.mapped("amount"))

    @api.depends(*(f"total_{section}" for section in SECTIONS), "line_ids.amount")
    @api.depends_context("lang")
    def _compute_alert_note(self):
        for budget in self:
            budget.alert_note = "\n".join(budget._alerts()) or False

    def _alerts(self):
        """What keeps the form from being right, a sentence each."""
        told, currency = [], self.currency_id or self.env.company.currency_id
        gap = currency.round(self.total_expense - self.total_income)
        amount = formatLang(self.env, abs(gap), currency_obj=currency)
        if gap > 0:
            told.append(self.env._("Budget not balanced: %(amount)s of income missing.", amount=amount))
        elif gap < 0:
            told.append(
                self.env._("Budget not balanced: income exceeds charges by %(amount)s, over 100 %%.", amount=amount)
            )
        if not currency.is_zero(self.total_in_kind_expense - self.total_in_kind_income):
            told.append(self.env._("Contributions in kind not balanced: 86 and 87 must be equal."))
        if any(not currency.is_zero(line.amount - round(line.amount)) for line in self.line_ids):
            told.append(self.env._("The form takes no cents: round the amounts."))
        return told

    @api.model_create_multi
    def create(self, vals_list):
        """A new budget has all the lines of the form in force, to fill in like the form itself."""
        blank = None
        for vals in vals_list:
            if not {"line_ids", "expense_line_ids", "income_line_ids"}.intersection(vals):
                if blank is None:
                    blank = self._blank_lines()
                vals["line_ids"] = [Command.create({"line_id": line.id}) for line in blank]
        return super().create(vals_list)

    @api.model
    def _blank_lines(self):
        """The lines of the form that amounts are written on; those that hide at zero are there when the funder, not an
        account, tells them apart."""
        lines = self.env["pope.summary.line"]._valid_on(fields.Date.context_today(self))
        return lines.filtered(lambda line: line._is_written() and not (line.hide_if_zero and line.prefixes))

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
    line_id = fields.Many2one(
        "pope.summary.line",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("kind", "in", ("line", "key")), ("child_ids", "=", False)],
    )
    parent_id = fields.Many2one(related="line_id.parent_id", string="Class")
    code = fields.Char(related="line_id.code")
    section = fields.Selection(related="line_id.section", store=True)
    sequence = fields.Integer(related="line_id.sequence", store=True)
    amount = fields.Monetary()
    note = fields.Char(string="Detail", help="Which funder, what it was computed from.")

    _amount_positive = models.Constraint("CHECK (amount IS NULL OR amount >= 0)", "A budget has no negative amount.")
