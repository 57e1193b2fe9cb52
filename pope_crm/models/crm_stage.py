from odoo import api, fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    pope_is_own = fields.Boolean(
        string="PôPE Stage",
        compute="_compute_pope_is_own",
        search="_search_pope_is_own",
        help="Every team of the stage has a pipeline of ours.",
    )

    pope_activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Activities at Entry",
        ondelete="set null",
        domain=[("res_model", "=", "crm.lead")],
        help="A project that enters the stage gets the activities of this plan.",
    )
    pope_requirement_ids = fields.One2many(
        "pope.stage.requirement", "stage_id", string="Checklist", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_is_own(self):
        for stage in self:
            teams = stage.sudo().team_ids  # the kind of a team is no secret, teams of other companies count too
            stage.pope_is_own = bool(teams) and all(team.pope_lead_type for team in teams)

    def _search_pope_is_own(self, operator, value):
        return [("team_ids.pope_lead_type", "!=" if (operator in ("=", "in")) == bool(value) else "=", False)]

    @api.model
    def _pope_accompanied_sequence(self):
        """From which stage on people are accompanied; where the team removed Diagnosis, from its shipped place on."""
        found = self.env["ir.model.data"]._xmlid_to_res_id("pope_crm.stage_diagnosis")
        # sudo: where accompaniment begins is the same for everyone
        return self.sudo().browse(found).sequence if found else 30
