from odoo import api, fields, models
from odoo.fields import Domain


class CrmTeam(models.Model):
    _inherit = "crm.team"

    pope_lead_type = fields.Selection(
        [("project", "Project")],
        string="PôPE Pipeline",
        index="btree_not_null",
        help="Empty on a sales team. A team with a pipeline only holds records of that kind, on stages of its own.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "pope_lead_type" in vals:
            for team in self:
                team.alias_defaults = team._alias_get_creation_values()["alias_defaults"]
        return result

    def _alias_get_creation_values(self):
        """Mail to one of our teams makes a record of its pipeline; stock blanks the alias of a team without sales."""
        values = super()._alias_get_creation_values()
        if self.id and self.pope_lead_type:
            values["alias_name"] = self.alias_name
            values["alias_defaults"]["type"] = self.pope_lead_type
        return values

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("pope_sales_teams"):
            domain = Domain(domain) & Domain("pope_lead_type", "=", False)
        return super()._search(domain, *args, **kwargs)

    def _get_default_team_id(self, user_id=False, domain=False):
        """Sales documents never start in a team of ours, even when their salesperson leads one."""
        sales = self.with_context(pope_sales_teams=True)
        return super(CrmTeam, sales)._get_default_team_id(user_id=user_id, domain=domain).with_env(self.env)

    def _action_assign_leads(self, force_quota=False, creation_delta_days=7):
        """Projects are given to a person by a person."""
        sales = self.filtered(lambda team: not team.pope_lead_type)
        return super(CrmTeam, sales)._action_assign_leads(
            force_quota=force_quota, creation_delta_days=creation_delta_days
        )


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    def _synchronize_memberships(self, user_team_ids):
        """One sales team a person is Odoo's rule; a team of ours takes nobody away from theirs, nor loses anybody."""
        teams = self.env["crm.team"].browse({values["crm_team_id"] for values in user_team_ids})
        own_ids = set(teams.filtered("pope_lead_type").ids)
        joined = [values for values in user_team_ids if values["crm_team_id"] not in own_ids]
        return super(CrmTeamMember, self.with_context(pope_sales_teams=True))._synchronize_memberships(joined)

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("pope_sales_teams"):
            domain = Domain(domain) & Domain("crm_team_id.pope_lead_type", "=", False)
        return super()._search(domain, *args, **kwargs)
