from odoo import api, fields, models

# resources that nobody has to grant: the rest of the plan is covered by what was awarded
OWN_RESOURCES = ("r_own", "r_self", "r_other")


class CrmLead(models.Model):
    """The budgets and financing plans of a holders' project."""

    _inherit = "crm.lead"

    pope_budget_ids = fields.One2many(
        "pope.budget", "lead_id", string="Budgets", copy=False, groups="pope_crm.group_pope_user"
    )
    pope_budget_count = fields.Integer(
        string="Budget Count", compute="_compute_pope_plan", groups="pope_crm.group_pope_user"
    )
    pope_plan_needs = fields.Monetary(
        string="Needs of the Plan",
        compute="_compute_pope_plan",
        currency_field="company_currency",
        groups="pope_crm.group_pope_user",
    )
    pope_plan_coverage = fields.Float(
        string="Coverage of the Financing Plan",
        compute="_compute_pope_plan",
        help="Own resources of the last plan and what was awarded to the project, over the needs.",
        groups="pope_crm.group_pope_user",
    )

    @api.depends("pope_budget_ids.total_expense", "pope_budget_ids.line_ids.amount", "pope_funding_ids.amount_awarded")
    def _compute_pope_plan(self):
        for lead in self:
            plan = lead.pope_budget_ids.filtered(lambda budget: budget.kind == "plan").sorted("id")[-1:]
            own = plan.line_ids.filtered(lambda line: line.code in OWN_RESOURCES)
            covered = sum(own.mapped("amount")) + sum(lead.pope_funding_ids.mapped("amount_awarded"))
            lead.pope_budget_count = len(lead.pope_budget_ids)
            lead.pope_plan_needs = plan.total_expense
            lead.pope_plan_coverage = covered / plan.total_expense if plan.total_expense else 0.0

    def _merge_dependences(self, opportunities):
        # sudo: the budgets of what is merged follow it, whoever merges
        opportunities.sudo().pope_budget_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)

    def action_pope_budgets(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_budget_action")
        return action | {
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id, "default_kind": "project"},
        }
