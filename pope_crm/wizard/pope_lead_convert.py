from odoo import api, fields, models
from odoo.exceptions import UserError


class LeadConvert(models.TransientModel):
    """Sales opportunities that are really projects become projects, with all their history."""

    _name = "pope.lead.convert"
    _description = "Turn Opportunities into Projects"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", default=lambda self: self._default_lead_ids(), required=True
    )
    count = fields.Integer(compute="_compute_count")
    team_id = fields.Many2one(
        "crm.team",
        required=True,
        domain=[("pope_lead_type", "=", "project")],
        default=lambda self: self.env["crm.team"].search(
            [("pope_lead_type", "=", "project"), ("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    stage_id = fields.Many2one(
        "crm.stage",
        compute="_compute_stage_id",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        domain="[('team_ids', 'in', team_id)]",
    )
    structure_type_id = fields.Many2one("pope.structure.type")
    send_mail = fields.Boolean(string="Send the Stage's E-mails", help="By default nothing leaves.")

    @api.model
    def _default_lead_ids(self):
        leads = self.env["crm.lead"].browse(self.env.context.get("active_ids", []))
        return (leads - leads._pope_own()).ids

    @api.depends("lead_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.lead_ids)

    @api.depends("team_id")
    def _compute_stage_id(self):
        for wizard in self:
            if wizard.team_id not in wizard.stage_id.team_ids:
                wizard.stage_id = self.env["crm.stage"].search([("team_ids", "in", wizard.team_id.ids)], limit=1)

    def action_convert(self):
        leads = self.lead_ids - self.lead_ids._pope_own()
        if not leads:
            raise UserError(self.env._("These are projects already."))
        context = {} if self.send_mail else {"pope_no_mail": "converted"}
        leads.with_context(**context)._pope_become_project(self.team_id, self.stage_id, self.structure_type_id)
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.crm_lead_action_project")
        action["domain"] = [("id", "in", leads.ids)]
        return action
