from odoo import api, fields, models
from odoo.exceptions import UserError

SOURCES = [
    ("feedback", "Complaint, Difficulty or Hazard"),
    ("survey", "A survey"),
    ("risk", "Risk"),
    ("watch", "Watch"),
    ("audit", "Audit"),
    ("meeting", "Team Meeting"),
    ("other", "Other"),
]


class QualityAction(models.Model):
    """Something to improve: where it comes from, who does it, and whether it helped (RNQ, indicator 32)."""

    _name = "pope.quality.action"
    _description = "Improvement Action"
    _inherit = ["mail.thread", "pope.reminder.mixin"]
    _order = "state desc, date_due, id"
    _check_company_auto = True

    name = fields.Char(string="What to Improve", required=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    source = fields.Selection(SOURCES, string="Comes From", compute="_compute_source", store=True, readonly=False)
    feedback_id = fields.Many2one(
        "pope.quality.feedback",
        string="Complaint or Difficulty",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    risk_id = fields.Many2one("pope.quality.risk", ondelete="set null", index="btree_not_null", check_company=True)
    watch_id = fields.Many2one(
        "pope.quality.watch", string="Watch Note", ondelete="set null", index="btree_not_null", check_company=True
    )
    finding_ids = fields.One2many("pope.quality.finding", "action_id", string="Findings")
    indicator_ids = fields.Many2many("pope.quality.indicator", string="Indicators")
    event_id = fields.Many2one(
        "event.event",
        string="Session",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('pope_kind', '!=', False)]",
    )
    program_id = fields.Many2one(
        "pope.training.program", string="Programme", ondelete="set null", index="btree_not_null", check_company=True
    )
    description = fields.Text(string="Cause, and What Is Planned")
    date_begin = fields.Date(string="Decided On", required=True, default=fields.Date.context_today)
    date_due = fields.Date(string="Due", tracking=True)
    date_done = fields.Date(string="Done On", readonly=True, copy=False)
    date_reviewed = fields.Date(string="Effect Reviewed On", readonly=True, copy=False)
    effect = fields.Selection(
        [("yes", "It helped"), ("partly", "It helped in part"), ("no", "It did not help")], tracking=True, copy=False
    )
    effect_note = fields.Text(string="How One Sees It", copy=False)
    state = fields.Selection(
        [
            ("todo", "To Do"),
            ("done", "Done, Effect to Review"),
            ("reviewed", "Effect Reviewed"),
            ("dropped", "Dropped"),
        ],
        default="todo",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    @api.depends("feedback_id", "risk_id", "watch_id")
    def _compute_source(self):
        for action in self:
            linked = next((name for name in ("feedback", "risk", "watch") if action[f"{name}_id"]), None)
            action.source = linked or action.source

    def action_done(self):
        self.write({"state": "done", "date_done": fields.Date.context_today(self)})

    def action_review(self):
        for action in self:
            if not action.effect or not action.effect_note:
                raise UserError(self.env._("Say whether “%(name)s” helped, and how one sees it.", name=action.name))
        self.write({"state": "reviewed", "date_reviewed": fields.Date.context_today(self)})

    def action_drop(self):
        self.state = "dropped"

    def action_reopen(self):
        self.write({"state": "todo", "date_done": False, "date_reviewed": False})

    @api.model
    def _due_field(self):
        return "date_due"

    @api.model
    def _open_domain(self):
        return [("state", "=", "todo"), ("date_due", "!=", False)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_quality")
