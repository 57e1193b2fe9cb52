from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import is_html_empty


class CrmTeam(models.Model):
    _inherit = "crm.team"

    pope_lead_type = fields.Selection(
        [("project", "Project")],
        string="PôPE Pipeline",
        index="btree_not_null",
        help="Empty on a sales team. A team with a pipeline only holds records of that kind, on stages of its own.",
    )

    pope_notice = fields.Html(
        string="Information Notice",
        translate=True,
        help="What people are told of the use of their data. The public form is open once it is written.",
    )
    pope_notice_date = fields.Date(string="Notice Of", help="Shown with the notice, and kept with each message.")
    pope_contact_url = fields.Char(string="Public Form", compute="_compute_pope_contact_url")

    @api.depends("pope_notice")
    def _compute_pope_contact_url(self):
        for team in self:
            open_form = team.pope_lead_type == "project" and not is_html_empty(team.pope_notice)
            team.pope_contact_url = f"{team.get_base_url()}/pope/contact/{team.id}" if open_form else False

    @api.model
    @api.private
    def _pope_contact_team(self, team_id=None):
        """The team whose public form is asked for; by default the first one, of the visitor's company if it has one."""
        # sudo: visitors read no team, only the page of one that has written its notice
        teams = self.sudo().search([("pope_lead_type", "=", "project"), *([("id", "=", team_id)] if team_id else [])])
        teams = teams.filtered("pope_contact_url")
        return (teams.filtered(lambda team: team.company_id == self.env.company) or teams)[:1]

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._pope_dated_notice(vals) for vals in vals_list])

    def write(self, vals):
        result = super().write(self._pope_dated_notice(vals))
        if "pope_lead_type" in vals:
            for team in self:
                # sudo: as Odoo's own writes on the address of a team
                team.alias_id.sudo().write(team._alias_get_creation_values())
        return result

    @api.model
    def _pope_dated_notice(self, vals):
        """A notice that changes is a notice of today, unless another day is told."""
        if not vals.get("pope_notice") or "pope_notice_date" in vals:
            return vals
        return {**vals, "pope_notice_date": fields.Date.context_today(self)}

    def _alias_get_creation_values(self):
        """Mail to one of our teams makes a record of its pipeline, or waits to be sorted where that is a project.

        Stock blanks the address of a team without sales.
        """
        values = super()._alias_get_creation_values()
        if self.id and self.pope_lead_type:
            values["alias_name"] = self.alias_name
            values["alias_defaults"]["type"] = self.pope_lead_type
        if self.id and self.pope_lead_type == "project":
            values["alias_model_id"] = self.env["ir.model"]._get_id("pope.intake")
            values["alias_defaults"] = {"team_id": self.id}
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
