from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

SENDING = "pope_answering_feedback"  # key of the context: what the mail being written is to the person who wrote
AUTHORS = [
    ("trainee", "Trainee"),
    ("employer", "Employer"),
    ("funder", "Funder"),
    ("trainer", "Trainer"),
    ("prescriber", "Prescriber"),
    ("team", "Team"),
    ("other", "Other"),
]


class QualityFeedback(models.Model):
    """What went wrong, whoever says it: a complaint, a difficulty, a hazard (RNQ, indicator 31).

    Guide de lecture RNQ: a complaint is made in writing to enforce a right, a difficulty hinders a training, a hazard
    comes from outside and could not be foreseen.
    """

    _name = "pope.quality.feedback"
    _description = "Complaint, Difficulty or Hazard"
    _inherit = ["pope.quality.register", "mail.thread", "pope.reminder.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _primary_email = "author_email"

    name = fields.Char(string="Subject", required=True, tracking=True)
    kind = fields.Selection(
        [("complaint", "Complaint"), ("difficulty", "Difficulty"), ("hazard", "Hazard")],
        required=True,
        default="complaint",
        tracking=True,
        help="A complaint is made in writing to enforce a right; a difficulty hinders the training; a hazard comes "
        "from outside and could not be foreseen.",
    )
    channel = fields.Selection(
        [
            ("page", "Public Page"),
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("phone", "Phone"),
            ("spoken", "Spoken"),
            ("survey", "A survey"),
        ],
        string="Came By",
        required=True,
        default="email",
    )
    date = fields.Date(string="Received On", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    author_kind = fields.Selection(AUTHORS, string="Told By", required=True, default="trainee")
    partner_id = fields.Many2one(
        "res.partner", string="Person", ondelete="set null", index="btree_not_null", check_company=True
    )
    author_name = fields.Char(
        string="Name", compute="_compute_author", store=True, readonly=False, help="Of who has no contact card."
    )
    author_email = fields.Char(string="Address", compute="_compute_author", store=True, readonly=False)
    author_phone = fields.Char(string="Phone")
    event_id = fields.Many2one(
        "event.event",
        string="Session",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('pope_kind', '!=', False)]",
    )
    program_id = fields.Many2one(
        "pope.training.program",
        string="Programme",
        compute="_compute_program_id",
        store=True,
        readonly=False,
        ondelete="set null",
        index="btree_not_null",
    )
    description = fields.Text(string="What Is Told")
    analysis = fields.Text(string="What Happened, and Why")
    answer = fields.Text(string="What Was Answered or Done")
    date_acknowledged = fields.Date(string="Acknowledged On", copy=False, tracking=True)
    date_answered = fields.Date(string="Answered On", copy=False, tracking=True)
    date_due = fields.Date(string="Answer Due", compute="_compute_date_due", store=True)
    state = fields.Selection(
        [("received", "Received"), ("acknowledged", "Acknowledged"), ("answered", "Answered"), ("closed", "Closed")],
        default="received",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    action_ids = fields.One2many("pope.quality.action", "feedback_id", string="Actions")
    key = fields.Char(copy=False, readonly=True, help="Of the page that sent it.")

    _key_unique = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This page was sent already.")
    _days_in_order = models.Constraint(
        "CHECK (date_acknowledged >= date AND date_answered >= date)",
        "Nothing is acknowledged or answered before it was received.",
    )

    @api.constrains("state", "kind", "analysis", "answer", "date_answered")
    def _check_closed(self):
        self.filtered(lambda feedback: feedback.state == "closed")._check_understood()

    @api.depends("partner_id")
    def _compute_author(self):
        for feedback in self:
            feedback.author_name = feedback.partner_id.name or feedback.author_name
            feedback.author_email = feedback.partner_id.email or feedback.author_email

    @api.depends("event_id")
    def _compute_program_id(self):
        for feedback in self:
            feedback.program_id = feedback.event_id.pope_program_id or feedback.program_id

    @api.depends("date", "date_acknowledged", "kind", "company_id")
    def _compute_date_due(self):
        """A complaint is acknowledged first, then answered; what nobody wrote is only answered."""
        for feedback in self:
            company = feedback.company_id
            waits = feedback.kind == "complaint" and not feedback.date_acknowledged
            days = company.pope_acknowledge_days if waits else company.pope_answer_days
            feedback.date_due = feedback.date and feedback.date + timedelta(days=days)

    @api.depends("reference", "name")
    def _compute_display_name(self):
        for feedback in self:
            feedback.display_name = " – ".join(filter(None, (feedback.reference, feedback.name)))

    # --- Acknowledged, answered, closed ---

    def action_acknowledge(self):
        return self._compose("acknowledge")

    def action_answer(self):
        return self._compose("answer")

    def _compose(self, sending):
        """The usual window to write an e-mail; the day is noted once it leaves."""
        self.ensure_one()
        template = self.env.ref(f"pope_training.mail_template_feedback_{sending}", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to the Person"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template and template.id,
                "default_composition_mode": "comment",
                "force_email": True,
                SENDING: sending,
            },
        }

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        sending = self.env.context.get(SENDING)
        # a note for colleagues tells the person nothing
        if sending and not message.subtype_id.internal:
            self.with_context(**{SENDING: False})._note_sending(sending)
        return result

    def _note_sending(self, sending):
        today = fields.Date.context_today(self)
        self.date_acknowledged = self.date_acknowledged or today
        if sending == "answer":
            self.date_answered = self.date_answered or today
        self.state = "answered" if self.date_answered else "acknowledged"

    def action_close(self):
        """What went wrong is understood, and whoever wrote has an answer."""
        self.state = "closed"

    def _check_understood(self):
        for feedback in self:
            missing = [
                feedback._fields[name]._description_string(self.env)
                for name in ("analysis", "answer")
                if not feedback[name]
            ]
            if feedback.kind == "complaint" and not feedback.date_answered:
                missing.append(feedback._fields["date_answered"]._description_string(self.env))
            if missing:
                raise ValidationError(
                    self.env._(
                        "Before “%(name)s” is closed, say: %(missing)s.", name=feedback.name, missing=", ".join(missing)
                    )
                )

    def action_reopen(self):
        for feedback in self:
            feedback.state = (
                "answered" if feedback.date_answered else "acknowledged" if feedback.date_acknowledged else "received"
            )

    # --- Reminders ---

    @api.model
    def _due_field(self):
        return "date_due"

    @api.model
    def _open_domain(self):
        return [("state", "in", ("received", "acknowledged"))]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_quality")

    @api.model
    def _cron_remind(self):
        """All that the quality of the trainings waits for."""
        for model in (
            "pope.quality.feedback",
            "pope.quality.action",
            "pope.quality.risk",
            "pope.trainer.review",
            "pope.staff.skill",
            "pope.quality.audit",
            "pope.quality.finding",
        ):
            self.env[model]._remind()
