from odoo import api, fields, models
from odoo.tools import SQL, is_html_empty


class CrmTeam(models.Model):
    """The team that follows career paths, and its page of discovery days."""

    _inherit = "crm.team"

    pope_lead_type = fields.Selection(selection_add=[("path", "Career Path")], ondelete={"path": "set null"})
    pope_discovery_url = fields.Char(string="Page of the Discovery Days", compute="_compute_pope_discovery_url")

    @api.depends("pope_lead_type", "pope_notice")
    def _compute_pope_discovery_url(self):
        for team in self:
            open_page = team.pope_lead_type == "path" and not is_html_empty(team.pope_notice)
            team.pope_discovery_url = f"{team.get_base_url()}/pope/decouverte/{team.id}" if open_page else False

    @api.model
    @api.private
    def _pope_discovery_team(self, team_id=None):
        """The team whose page is asked for; by default the first one, of the visitor's company if it has one."""
        domain = [("pope_lead_type", "=", "path"), *([("id", "=", team_id)] if team_id is not None else [])]
        # sudo: visitors read no team, only the page of one that has written its notice
        teams = self.sudo().search(domain).filtered("pope_discovery_url")
        return (teams.filtered(lambda team: team.company_id == self.env.company) or teams)[:1]

    def _pope_path_stage(self, step):
        """The team's stage for a step; where nobody kept one, the first stage."""
        # sudo: the stages of a pipeline are the same for everyone
        stages = self.env["crm.stage"].sudo().search([("team_ids", "in", self.ids)])
        return stages.filtered(lambda stage: stage.pope_path_step == step)[:1] or stages[:1]

    def _pope_hold(self):
        """Of two who find no path of a person at once, the second one's request begins again and finds it."""
        # by SQL: the row must change, which the ORM does only when a value does
        self.env.cr.execute(SQL("UPDATE crm_team SET write_date = write_date WHERE id = ANY(%s)", self.ids))
