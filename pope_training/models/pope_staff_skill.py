from odoo import api, fields, models


class StaffSkill(models.Model):
    """What somebody of the team is to learn, then learnt: the skills plan (RNQ, indicator 22)."""

    _name = "pope.staff.skill"
    _description = "Line of the Skills Plan"
    _inherit = ["mail.thread", "pope.reminder.mixin", "pope.joined.files"]
    _order = "state desc, date_planned, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, ondelete="restrict", index=True, check_company=True
    )
    name = fields.Char(string="Skill or Training", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    kind = fields.Selection(
        [
            ("training", "Training"),
            ("practice", "Analysis of Practice"),
            ("interview", "Professional Interview"),
            ("self", "Learning on One's Own"),
        ],
        required=True,
        default="training",
    )
    need = fields.Text(string="Why")
    organisation = fields.Char(string="With Whom")
    hours = fields.Float()
    date_planned = fields.Date(string="Planned For")
    date_done = fields.Date(string="Done On", tracking=True)
    assessment = fields.Text(string="What It Brought")
    attachment_ids = fields.Many2many("ir.attachment", string="Proofs", copy=False, bypass_search_access=True)
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done")],
        string="Status",
        default="planned",
        required=True,
        readonly=True,
        copy=False,
    )

    def action_done(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.write({"state": "done", "date_done": line.date_done or today})

    def action_reopen(self):
        self.write({"state": "planned", "date_done": False})

    @api.model
    def _due_field(self):
        return "date_planned"

    @api.model
    def _open_domain(self):
        return [("date_planned", "!=", False), ("state", "=", "planned")]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_quality")
