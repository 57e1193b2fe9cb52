from odoo import api, fields, models


class CrmTeam(models.Model):
    """The page where people who are not known yet choose a date, beside the form of first contact."""

    _inherit = "crm.team"

    pope_meeting_url = fields.Char(string="Page of the Dates", compute="_compute_pope_meeting_url")

    @api.depends("pope_contact_url")
    def _compute_pope_meeting_url(self):
        for team in self:
            open_page = team.pope_contact_url
            team.pope_meeting_url = f"{team.get_base_url()}/pope/reunions/{team.id}" if open_page else False

    @api.model
    @api.private
    def _pope_door_teams(self):
        """The teams that have written their notice, and so have pages."""
        # sudo: the address of a page is no secret
        return self.sudo().search([("pope_lead_type", "=", "project")]).filtered("pope_contact_url")
