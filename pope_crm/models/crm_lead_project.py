from odoo import api, fields, models


class CrmLead(models.Model):
    """What a project is, from first contact to opening."""

    _inherit = "crm.lead"

    pope_entry_count = fields.Integer(
        string="Stage Entries",
        copy=False,
        help="How many times the record entered a stage: tells one entry from the next in the list of e-mails.",
    )
    pope_structure_type_id = fields.Many2one(
        "pope.structure.type", string="Structure Type", index="btree_not_null", tracking=True
    )
    pope_town_id = fields.Many2one("pope.town", string="Town", index="btree_not_null", tracking=True)
    pope_places_planned = fields.Integer(string="Places Planned")
    pope_opening_target = fields.Date(string="Target Opening", tracking=True)
    pope_paused_until = fields.Date(
        string="Paused Until",
        copy=False,
        tracking=True,
        help="Until that day the project is never late and sends no e-mail.",
    )
    pope_source = fields.Char(string="How They Heard of Us")
    pope_member_ids = fields.One2many("pope.project.member", "lead_id", string="Holders", copy=True)
    pope_holder_ids = fields.Many2many(
        "res.partner", string="Present Holders", compute="_compute_pope_holder_ids", search="_search_pope_holder_ids"
    )
    pope_association_id = fields.Many2one(
        "res.partner",
        string="Association",
        index="btree_not_null",
        domain=[("is_company", "=", True)],
        help="The legal person that the holders founded for the place.",
    )
    # Facts that decide on entering a stage and from which reminders are counted
    pope_meeting_date = fields.Datetime(string="Information Meeting", copy=False, tracking=True)
    pope_meeting_attended = fields.Boolean(string="Attended the Meeting", copy=False, tracking=True)
    pope_interview_date = fields.Date(string="First Interview", copy=False, tracking=True)
    pope_agreement_date = fields.Date(string="Support Agreement Signed", copy=False, tracking=True)
    pope_study_date = fields.Date(string="Needs Study Approved", copy=False, tracking=True)
    pope_filed_date = fields.Date(
        string="Accreditation Filed", copy=False, tracking=True, help="Day the complete file was handed in."
    )

    @api.depends("pope_member_ids.partner_id", "pope_member_ids.date_exit")
    def _compute_pope_holder_ids(self):
        for lead in self:
            lead.pope_holder_ids = lead.pope_member_ids.filtered("is_present").partner_id

    def _search_pope_holder_ids(self, operator, value):
        return [("pope_member_ids", "any", [("partner_id", operator, value), ("is_present", "=", True)])]

    def action_pope_next_stage(self):
        """Move each project to the stage that follows its own, as dragging its card would."""
        for (team, stage), leads in self.grouped(lambda lead: (lead.team_id, lead.stage_id)).items():
            stages = self.env["crm.stage"].search([("team_ids", "in", team.ids)])
            following = stages[stages.ids.index(stage.id) + 1 :][:1] if stage in stages else stages[:1]
            if following:
                leads.stage_id = following
