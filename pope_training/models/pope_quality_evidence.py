from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHECKS = [
    ("program", "Programmes say"),
    ("certifying", "Certifying programmes say"),
    ("remote", "Remote programmes say"),
    ("version", "Programmes are published, up to date"),
    ("result", "Programmes have dated results"),
    ("enrolment", "Trainees have"),
    ("left", "Trainees who left on the way said why"),
    ("document", "Documents issued to trainees"),
    ("assessment", "Objectives assessed once the session is over"),
    ("attendance", "Attendance of half-days that are over"),
    ("slot", "Half-days have"),
    ("place", "Half-days on site have a place"),
    ("trainer", "Trainers have a valid paper"),
    ("subcontractor", "Subcontractors have valid papers"),
    ("attached", "What is attached here"),
]
ASKED_ON = {
    "program": "pope.training.program",
    "certifying": "pope.training.program",
    "remote": "pope.training.program",
    "enrolment": "pope.training.enrolment",
    "slot": "pope.training.slot",
}


class QualityEvidenceRule(models.Model):
    """What proves an indicator: where to look in the records, or what to attach. It follows the number, whatever the
    version of the standard."""

    _name = "pope.quality.evidence.rule"
    _description = "Evidence Rule"
    _order = "number, sequence, id"

    number = fields.Integer(string="Indicator", required=True, aggregator=None)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Evidence", required=True)
    active = fields.Boolean(default=True)
    check = fields.Selection(CHECKS, string="Where It Is Found", required=True, default="attached")
    asked = fields.Char(
        string="What Is Asked", help="Names of fields, or kinds of papers for trainers, separated by commas."
    )
    months = fields.Integer(string="Good for (Months)", help="Of what is attached; 0 when it does not expire.")
    asks_use = fields.Boolean(
        string="Its Use Is Asked", help="Collected and not used, it proves nothing: say what was done with it."
    )

    def _asked_names(self):
        return [name.strip() for name in (self.asked or "").split(",") if name.strip()]

    @api.constrains("check", "asked")
    def _check_asked(self):
        kinds = self.env["pope.trainer.paper"]._fields["kind"].get_values(self.env)
        for rule in self:
            if rule.check in ("trainer", "subcontractor"):
                known = kinds
            elif rule.check == "document":
                known = self.env["pope.training.document.kind"].search([("code", "!=", False)]).mapped("code")
            elif (own := rule._known_asked()) is not None:
                known = own
            elif rule.check in ASKED_ON:
                known = self.env[ASKED_ON[rule.check]]._fields
            else:
                continue
            names = rule._asked_names()
            if not names or (strange := [name for name in names if name not in known]):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: %(names)s is not known there.",
                        rule=rule.name,
                        names=", ".join(strange if names else []),
                    )
                )


class QualityEvidence(models.Model):
    """A proof that is in no record: a file, with the day until which it is good and what was done with it."""

    _name = "pope.quality.evidence"
    _description = "Evidence"
    _inherit = ["mail.thread", "pope.reminder.mixin", "pope.joined.files"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    rule_id = fields.Many2one(
        "pope.quality.evidence.rule",
        string="Proves",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("check", "=", "attached")],
    )
    number = fields.Integer(string="Indicator", related="rule_id.number", store=True, aggregator=None)
    asks_use = fields.Boolean(related="rule_id.asks_use")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_expiry = fields.Date(
        string="Good Until",
        compute="_compute_date_expiry",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
    )
    used_for = fields.Text(string="What Was Done with It", tracking=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False, bypass_search_access=True)
    url = fields.Char(string="Link")
    event_ids = fields.Many2many(
        "event.event",
        string="Sessions",
        domain=[("pope_kind", "=", "training")],
        check_company=True,
        help="Of these sessions only; of all when empty.",
    )
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    active = fields.Boolean(default=True)

    @api.depends("rule_id", "date")
    def _compute_date_expiry(self):
        for evidence in self:
            if evidence.rule_id.months and evidence.date:
                evidence.date_expiry = evidence.date + relativedelta(months=evidence.rule_id.months)
            else:
                evidence.date_expiry = evidence.date_expiry

    @api.constrains("date", "date_expiry")
    def _check_dates(self):
        if any(evidence.date_expiry and evidence.date_expiry < evidence.date for evidence in self):
            raise ValidationError(self.env._("Evidence is good until a day after its own."))

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self._forget_reminders()
        return result

    def _is_there(self):
        """Something can be opened: a file, or a link."""
        # sudo: a file that a colleague joined is there, whoever may open it
        return bool(self.sudo().attachment_ids or (self.url or "").strip())

    # --- Reminders ---

    @api.model
    def _due_field(self):
        return "date_expiry"

    @api.model
    def _open_domain(self):
        return [("date_expiry", "!=", False), ("active", "=", True)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_evidence")

    @api.model
    def _cron_remind(self):
        self._remind()
