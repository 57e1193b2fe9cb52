from odoo import api, fields, models


class TrainingProgram(models.Model):
    """What the catalogue offers; a session is an event that follows it."""

    _name = "pope.training.program"
    _description = "Training Programme"
    _order = "code, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(string="Reference", index="btree_not_null")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    duration_hours = fields.Float(string="Duration (h)", help="Hours that a trainee spends in training.")
    objectives = fields.Html(translate=True, help="What trainees will be able to do at the end.")
    public = fields.Text(translate=True, help="For whom the training is.")
    prerequisites = fields.Text(translate=True)
    description = fields.Html(translate=True)
    session_ids = fields.One2many("event.event", "pope_program_id", string="Sessions")
    session_count = fields.Integer(string="Number of Sessions", compute="_compute_session_count")

    _duration_positive = models.Constraint("CHECK (duration_hours >= 0)", "A training cannot last less than nothing.")

    def _compute_session_count(self):
        counts = dict(
            self.env["event.event"]._read_group([("pope_program_id", "in", self.ids)], ["pope_program_id"], ["__count"])
        )
        for program in self:
            program.session_count = counts.get(program, 0)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for program in self:
            program.display_name = f"[{program.code}] {program.name}" if program.code else program.name

    def action_sessions(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.event_event_action_training")
        action["domain"] = [("pope_program_id", "in", self.ids)]
        action["context"] = {"default_pope_kind": "training", "default_pope_program_id": self[:1].id}
        return action

    def action_new_session(self):
        """A session of this programme: what the programme says is not typed again."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Session"),
            "res_model": "event.event",
            "views": [[self.env.ref("pope_training.event_event_view_form").id, "form"]],
            "context": {
                "default_pope_kind": "training",
                "default_pope_program_id": self.id,
                "default_name": self.name,
                "default_seats_limited": bool(self.seats_max),
                "default_seats_max": self.seats_max,
            },
        }
