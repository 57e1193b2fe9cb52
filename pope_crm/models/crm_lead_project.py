from odoo import Command, api, fields, models


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
    pope_member_ids = fields.One2many(
        "pope.project.member", "lead_id", string="Holders", copy=False, groups="pope_crm.group_pope_user"
    )
    pope_holder_ids = fields.Many2many(
        "res.partner",
        string="Present Holders",
        compute="_compute_pope_holder_ids",
        search="_search_pope_holder_ids",
        groups="pope_crm.group_pope_user",
    )
    pope_holder_count = fields.Integer(
        string="Number of Holders", compute="_compute_pope_holder_ids", groups="pope_crm.group_pope_user"
    )
    pope_association_id = fields.Many2one(
        "res.partner",
        string="Association",
        index="btree_not_null",
        domain=[("is_company", "=", True)],
        help="The legal person that the holders founded for the place.",
    )
    pope_association_date = fields.Date(
        string="Association Declared On", copy=False, tracking=True, help="Day on the receipt of its declaration."
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

    # Asked when a project is made, written on the person
    pope_new_first_name = fields.Char(string="First Name of the Holder", store=False)
    pope_new_last_name = fields.Char(string="Last Name of the Holder", store=False)
    pope_similar_note = fields.Html(
        string="Known Already?",
        compute="_compute_pope_similar_note",
        sanitize=False,
        groups="pope_crm.group_pope_user",
    )

    @api.depends("pope_member_ids.partner_id", "pope_member_ids.date_exit")
    def _compute_pope_holder_ids(self):
        for lead in self:
            holders = lead.pope_member_ids.filtered("is_present").partner_id
            lead.pope_holder_ids = holders
            lead.pope_holder_count = len(holders)

    def _search_pope_holder_ids(self, operator, value):
        return [("pope_member_ids", "any", [("partner_id", operator, value), ("is_present", "=", True)])]

    @api.depends("partner_id", "email_from", "phone", "pope_new_first_name", "pope_new_last_name")
    def _compute_pope_similar_note(self):
        Partner = self.env["res.partner"]
        for lead in self:
            if lead.partner_id or lead.type not in self._pope_lead_types():
                lead.pope_similar_note = False
                continue
            typed = Partner.new(
                {
                    "name": Partner._pope_full_name(lead.pope_new_first_name, lead.pope_new_last_name),
                    "email": lead.email_from,
                    "phone": lead.phone,
                }
            )
            lead.pope_similar_note = typed.pope_similar_note

    @api.onchange("email_from", "phone", "pope_new_first_name", "pope_new_last_name")
    def _onchange_pope_known_person(self):
        """An address that the pole knows, or a number and its person's name, proposes its person."""
        if self.type in self._pope_lead_types() and not self.partner_id:
            Partner = self.env["res.partner"]
            name = Partner._pope_full_name(self.pope_new_first_name, self.pope_new_last_name)
            self.partner_id = Partner._pope_find_person(self.email_from, self.phone, name)

    @api.model_create_multi
    def create(self, vals_list):
        default_type = self.default_get(["type"]).get("type")
        return super().create(
            [
                self._pope_vals_with_holder(vals, lead_type) if lead_type in self._pope_lead_types() else vals
                for vals in vals_list
                for lead_type in [vals.get("type", default_type)]
            ]
        )

    def copy_data(self, default=None):
        """The holders of a project follow it into its copy."""
        vals_list = super().copy_data(default=default)
        for lead, vals in zip(self, vals_list, strict=True):
            if lead in self._pope_own() and "pope_member_ids" not in vals:
                vals["pope_member_ids"] = [Command.create(row) for row in lead.pope_member_ids.copy_data()]
        return vals_list

    @api.model
    def _pope_vals_with_holder(self, vals, lead_type="project"):
        """What is made from a name, an address or a phone number gets its person, known or new: a project, its first
        holder.
        """
        vals = dict(vals)
        first_name, last_name = vals.pop("pope_new_first_name", False), vals.pop("pope_new_last_name", False)
        if vals.get("pope_member_ids") or self.env.context.get("pope_no_holder"):
            return vals
        Partner = self.env["res.partner"]
        person = Partner.browse(vals.get("partner_id") or self.env.context.get("default_partner_id"))
        name = Partner._pope_full_name(first_name, last_name) or vals.get("contact_name")
        if not person:
            person = Partner._pope_find_person(vals.get("email_from"), vals.get("phone"), name)
        if not person and name:
            person = Partner.create(
                {
                    "name": name,
                    "pope_first_name": first_name,
                    "pope_last_name": last_name,
                    "email": vals.get("email_from"),
                    "phone": vals.get("phone"),
                    "pope_town_id": vals.get("pope_town_id"),
                    "company_id": vals.get("company_id"),
                    "lang": self.env.user.lang,
                }
            )
        if person and not person.is_company and lead_type == "project":
            vals["pope_member_ids"] = [Command.create({"partner_id": person.id})]
        if person:
            vals["partner_id"] = person.id
            if not vals.get("name"):
                kind = self.env["pope.structure.type"].browse(vals.get("pope_structure_type_id"))
                vals["name"] = f"{kind.name} – {person.name}" if kind else person.name
        return vals

    def _pope_meeting_venues(self):
        """The contact at whose address each project is awaited at its information meeting: the pole's own."""
        return {lead: lead.company_id.partner_id for lead in self}

    def action_pope_next_stage(self):
        """Move each project to the stage that follows its own, as dragging its card would."""
        for (team, stage), leads in self.grouped(lambda lead: (lead.team_id, lead.stage_id)).items():
            stages = self.env["crm.stage"].search([("team_ids", "in", team.ids)])
            following = stages[stages.ids.index(stage.id) + 1 :][:1] if stage in stages else stages[:1]
            if following:
                leads.stage_id = following
