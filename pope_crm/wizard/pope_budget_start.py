from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class BudgetStart(models.TransientModel):
    """What a budget begins with, instead of a blank form."""

    _name = "pope.budget.start"
    _description = "Start a Budget From"

    budget_id = fields.Many2one("pope.budget", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="budget_id.company_id")
    kind = fields.Selection(related="budget_id.kind")
    source = fields.Selection(
        [("actuals", "The Books of a Year"), ("budget", "Another Budget"), ("template", "A Template")],
        compute="_compute_source",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date_from = fields.Date(compute="_compute_dates", store=True, readonly=False, precompute=True)
    date_to = fields.Date(compute="_compute_dates", store=True, readonly=False, precompute=True)
    other_id = fields.Many2one(
        "pope.budget",
        string="Other Budget",
        domain="[('company_id', '=', company_id), ('id', '!=', budget_id), "
        "('kind', 'in', ('plan',) if kind == 'plan' else ('year', 'funding', 'project'))]",
    )
    template_id = fields.Many2one(
        "pope.budget.template", compute="_compute_template_id", store=True, readonly=False, precompute=True
    )
    template_note = fields.Text(related="template_id.note")
    rise = fields.Float(string="Rise (%)", digits=(6, 2), help="Negative for a fall. Amounts become whole euros.")

    _period = models.Constraint("CHECK (date_from <= date_to)", "The period must begin before it ends.")

    @api.depends("budget_id")
    def _compute_source(self):
        sources = {"year": "actuals", "project": "template"}
        for start in self:
            start.source = sources.get(start.budget_id.kind, "budget")

    @api.depends("budget_id")
    def _compute_dates(self):
        """The year before that of the budget."""
        for start in self:
            first = start.budget_id.date_from
            start.date_from = first and first - relativedelta(years=1)
            start.date_to = first and first - timedelta(days=1)

    @api.depends("budget_id")
    def _compute_template_id(self):
        """That of the kind of place that the project opens."""
        for start in self:
            kind = start.budget_id.lead_id.pope_structure_type_id
            Template = self.env["pope.budget.template"]
            start.template_id = Template.search([("structure_type_id", "=", kind.id)], limit=1) if kind else False

    def action_start(self):
        self.ensure_one()
        chosen = {"actuals": self.date_from and self.date_to, "budget": self.other_id, "template": self.template_id}
        if not chosen[self.source]:
            raise UserError(self.env._("Choose what the budget starts from: its lines are replaced."))
        if self.source == "actuals":
            self.budget_id._start_from_actuals(self.date_from, self.date_to, self.rise)
        elif self.source == "budget":
            self.budget_id._start_from_budget(self.other_id, self.rise)
        else:
            self.budget_id._start_from_template(self.template_id)
        return {"type": "ir.actions.act_window_close"}
