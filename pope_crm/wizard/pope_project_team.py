from odoo import api, fields, models
from odoo.exceptions import UserError


class ProjectLeave(models.TransientModel):
    """A holder leaves a project: from which day, and what to remember of it."""

    _name = "pope.project.leave"
    _description = "Leave a Project"

    member_id = fields.Many2one("pope.project.member", string="Holder", required=True, ondelete="cascade")
    lead_id = fields.Many2one(related="member_id.lead_id")
    date = fields.Date(string="From", required=True, default=fields.Date.context_today)
    note = fields.Text()

    def action_leave(self):
        self.member_id.date_exit = self.date
        if self.note:
            self.lead_id._message_log(body=self.note)


class ProjectSplit(models.TransientModel):
    """Some holders leave for a project of their own."""

    _name = "pope.project.split"
    _description = "Split a Project"

    lead_id = fields.Many2one("crm.lead", string="Project", required=True)
    member_ids = fields.Many2many(
        "pope.project.member",
        string="Who Leaves",
        required=True,
        domain="[('lead_id', '=', lead_id), ('is_present', '=', True)]",
    )
    name = fields.Char(string="Name of the New Project", required=True)
    structure_type_id = fields.Many2one(
        "pope.structure.type", compute="_compute_from_project", store=True, readonly=False, precompute=True
    )
    town_id = fields.Many2one("pope.town", compute="_compute_from_project", store=True, readonly=False, precompute=True)
    stage_id = fields.Many2one(
        "crm.stage",
        compute="_compute_from_project",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('team_ids', 'in', team_id), ('is_won', '=', False)]",
    )
    team_id = fields.Many2one(related="lead_id.team_id")
    user_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        compute="_compute_from_project",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
    )
    paper_ids = fields.Many2many(
        "pope.lead.requirement",
        string="Papers",
        domain="[('lead_id', '=', lead_id), ('member_id', '=', False)]",
        help="Those of the former project that are true of the new one as well. The papers of the people who leave "
        "follow them by themselves.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        domain="[('res_model', '=', 'crm.lead'), ('res_id', '=', lead_id)]",
        help="The new project gets a copy.",
    )

    @api.depends("lead_id")
    def _compute_from_project(self):
        for wizard in self:
            lead = wizard.lead_id
            wizard.structure_type_id = lead.pope_structure_type_id
            wizard.town_id = lead.pope_town_id
            wizard.user_id = lead.user_id
            wizard.stage_id = lead.stage_id if not lead.stage_id.is_won else lead._stage_find()

    def action_split(self):
        project = self.lead_id._pope_split(
            self.member_ids,
            {
                "name": self.name,
                "pope_structure_type_id": self.structure_type_id.id,
                "pope_town_id": self.town_id.id,
                "stage_id": self.stage_id.id,
                "user_id": self.user_id.id,
            },
            self.paper_ids.filtered(lambda row: row.lead_id == self.lead_id),
            self.attachment_ids.filtered(
                lambda file: (file.res_model, file.res_id) == (self.lead_id._name, self.lead_id.id)
            ),
        )
        return project.get_formview_action()


class ProjectMerge(models.TransientModel):
    """Two teams become one: everything of the others goes to the project that stays."""

    _name = "pope.project.merge"
    _description = "Merge Projects"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Projects",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
        domain=[("type", "=", "project")],
        context={"active_test": False},
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="The One That Stays",
        compute="_compute_lead_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('id', 'in', lead_ids)]",
        context={"active_test": False},
    )
    holder_ids = fields.Many2many("res.partner", string="Holders Together", compute="_compute_holder_ids")

    @api.depends("lead_ids")
    def _compute_lead_id(self):
        for wizard in self:
            leads = wizard.lead_ids._origin
            if wizard.lead_id not in leads:
                wizard.lead_id = leads[:1] and leads._sort_by_confidence_level(reverse=True)[0]

    @api.depends("lead_ids")
    def _compute_holder_ids(self):
        for wizard in self:
            wizard.holder_ids = wizard.lead_ids.pope_holder_ids

    def action_merge(self):
        if len(self.lead_ids) < 2:
            raise UserError(self.env._("Choose the other project: one alone is not merged."))
        return self.lead_ids._pope_merge_into(self.lead_id).get_formview_action()
