from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# arrêté of 6 June 2019 on audits, as modified on 31 May 2023
CERTIFICATE = relativedelta(years=3)
WINDOW = (relativedelta(months=14), relativedelta(months=22))
LIFT = {"minor": relativedelta(months=6), "major": relativedelta(months=3)}
MINORS_ARE_MAJOR = 5


class QualityAudit(models.Model):
    """An audit of the certifier: when, on what, and what it found.

    A certificate holds three years; the surveillance audit falls between its 14th and 22nd month; five minor findings
    that are open count as a major one.
    """

    _name = "pope.quality.audit"
    _description = "Audit"
    _inherit = ["mail.thread", "pope.reminder.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("initial", "Initial"),
            ("surveillance", "Surveillance"),
            ("renewal", "Renewal"),
            ("additional", "Additional"),
        ],
        required=True,
        default="surveillance",
        tracking=True,
    )
    date = fields.Date(string="Audit On", required=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    certifier_id = fields.Many2one("res.partner", ondelete="restrict", check_company=True)
    auditor = fields.Char()
    is_remote = fields.Boolean(string="Remote")
    standard_id = fields.Many2one("pope.quality.standard", compute="_compute_standard_id")
    event_ids = fields.Many2many(
        "event.event",
        string="Sample of Sessions",
        domain=[("pope_kind", "=", "training")],
        check_company=True,
        help="The sessions that the auditor looks at; their evidence goes into the audit file.",
    )
    date_certificate = fields.Date(string="Certificate of", tracking=True, copy=False)
    certificate_number = fields.Char(copy=False)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Report and Certificate", copy=False, bypass_search_access=True
    )
    date_expiry = fields.Date(
        string="Certificate Until", compute="_compute_dates", store=True, readonly=False, copy=False
    )
    date_window_from = fields.Date(string="Surveillance From", compute="_compute_dates", store=True, copy=False)
    date_window_to = fields.Date(string="Surveillance Until", compute="_compute_dates", store=True, copy=False)
    date_next = fields.Date(
        string="Next Audit",
        compute="_compute_next",
        store=True,
        help="By when the surveillance or the renewal must have been held.",
    )
    date_announced = fields.Date(
        string="Surveillance Announced On", readonly=True, copy=False, help="When an activity asked to book it."
    )
    is_last = fields.Boolean(string="Current Certificate", compute="_compute_next", store=True)
    finding_ids = fields.One2many("pope.quality.finding", "audit_id", string="Findings")
    open_minor_count = fields.Integer(string="Open Minor Findings", compute="_compute_open")
    open_major_count = fields.Integer(string="Open Major Findings", compute="_compute_open")
    warning = fields.Char(compute="_compute_open")
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Held"), ("closed", "Closed")],
        string="Status",
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    @api.depends("date")
    def _compute_standard_id(self):
        Standard = self.env["pope.quality.standard"]
        for audit in self:
            audit.standard_id = Standard._of(audit.date) if audit.date else False

    @api.depends("date_certificate", "kind")
    def _compute_dates(self):
        """Only the initial and the renewal audit begin a cycle."""
        for audit in self:
            day = audit.kind in ("initial", "renewal") and audit.date_certificate
            audit.date_expiry = day and day + CERTIFICATE
            audit.date_window_from = day and day + WINDOW[0]
            audit.date_window_to = day and day + WINDOW[1]

    @api.depends(
        "date_window_from",
        "date_window_to",
        "date_expiry",
        "company_id.pope_audit_ids.date_certificate",
        "company_id.pope_audit_ids.date",
        "company_id.pope_audit_ids.kind",
        "company_id.pope_audit_ids.state",
    )
    def _compute_next(self):
        """Until a surveillance is held in its window, its end; then the end of the certificate. Of the certificates of
        a company, only the last one has to be followed."""
        for audit in self:
            others = audit.company_id.pope_audit_ids
            certificates = others.filtered("date_certificate").sorted("date_certificate")
            followed = others.filtered(
                lambda other, audit=audit: (
                    other.kind == "surveillance"
                    and other.state != "planned"
                    and audit.date_window_from
                    and other.date >= audit.date_window_from
                )
            )
            audit.is_last = bool(audit.date_window_to) and audit == certificates[-1:]
            audit.date_next = audit.is_last and (audit.date_expiry if followed else audit.date_window_to)

    @api.depends("finding_ids.state", "finding_ids.severity")
    @api.depends_context("lang")
    def _compute_open(self):
        for audit in self:
            waiting = audit.finding_ids.filtered(lambda finding: finding.state == "open")
            audit.open_minor_count = len(waiting.filtered(lambda finding: finding.severity == "minor"))
            audit.open_major_count = len(waiting.filtered(lambda finding: finding.severity == "major"))
            audit.warning = audit.open_minor_count >= MINORS_ARE_MAJOR and self.env._(
                "%(count)s minor findings are open: together they count as a major one.", count=audit.open_minor_count
            )

    @api.depends("kind", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for audit in self:
            audit.display_name = f"{kinds.get(audit.kind, '')} – {audit.date or ''}"

    def action_held(self):
        self.state = "held"

    def action_close(self):
        for audit in self:
            if audit.open_minor_count or audit.open_major_count:
                raise UserError(
                    self.env._("Findings of “%(name)s” are still open: lift them first.", name=audit.display_name)
                )
        self.state = "closed"

    def action_reopen(self):
        self.state = "held"

    def _board(self):
        """The board of the day of the audit, over its sample or over the sessions since the audit before."""
        self.ensure_one()
        former = self.search(
            [("company_id", "=", self.company_id.id), ("date", "<", self.date), ("state", "!=", "planned")],
            order="date desc",
            limit=1,
        )
        values = {"company_id": self.company_id.id, "date": self.date, "event_ids": self.event_ids.ids}
        board = self.env["pope.quality.board"].create({**values, **({"date_since": former.date} if former else {})})
        board.action_refresh()
        return board

    def action_board(self):
        return self._board()._open()

    def action_dossier(self):
        return self._board().action_dossier()

    # --- Reminders ---

    @api.model
    def _due_field(self):
        return "date_next"

    @api.model
    def _open_domain(self):
        return [("date_next", "!=", False)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_quality")

    @api.model
    def _remind(self):
        self._announce()
        return super()._remind()

    @api.model
    def _announce(self):
        """An activity a month before the window of the surveillance opens, once: certifiers are booked early."""
        today = fields.Date.context_today(self)
        opening = self.search(
            [
                ("is_last", "=", True),
                ("date_announced", "=", False),
                ("date_window_from", "<=", today + relativedelta(months=1)),
                ("date_window_to", ">=", today),
            ]
        ).filtered(lambda audit: audit.date_next == audit.date_window_to)  # no surveillance was held yet
        for audit in opening:
            told = audit.with_context(lang=audit._due_user().lang or self.env.lang, mail_activity_quick_update=True)
            told.activity_schedule(
                "pope_training.activity_type_quality",
                date_deadline=today,
                summary=told.env._(
                    "The surveillance audit is held between %(start)s and %(end)s: book it",
                    start=format_date(told.env, audit.date_window_from),
                    end=format_date(told.env, audit.date_window_to),
                ),
                user_id=audit._due_user().id,
            )
        opening.date_announced = today


class QualityFinding(models.Model):
    """What an audit found at an indicator, and how it is lifted."""

    _name = "pope.quality.finding"
    _description = "Finding of an Audit"
    _inherit = ["mail.thread", "pope.reminder.mixin", "pope.joined.files"]
    _order = "audit_id, number, id"
    _check_company_auto = True

    audit_id = fields.Many2one("pope.quality.audit", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="audit_id.company_id", store=True, index=True)
    standard_id = fields.Many2one(related="audit_id.standard_id")
    indicator_id = fields.Many2one(
        "pope.quality.indicator",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('standard_id', '=', standard_id)]",
    )
    number = fields.Integer(related="indicator_id.number", store=True, aggregator=None)
    severity = fields.Selection(
        [("minor", "Minor"), ("major", "Major"), ("weak", "Weak Point")],
        required=True,
        compute="_compute_severity",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    warning = fields.Char(compute="_compute_warning")
    description = fields.Text(string="What Was Found", required=True)
    cause = fields.Text()
    action_id = fields.Many2one(
        "pope.quality.action",
        string="Corrective Action",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    date_due = fields.Date(string="To Lift By", compute="_compute_date_due", store=True, readonly=False, tracking=True)
    proof = fields.Text(string="What Lifts It")
    attachment_ids = fields.Many2many("ir.attachment", string="Proofs", copy=False, bypass_search_access=True)
    date_lifted = fields.Date(string="Lifted On", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("lifted", "Lifted")],
        string="Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    def _grading(self):
        """How the reading guide grades each indicator: dict number → severity."""
        numbers = self.indicator_id.mapped("number")
        gradings = self.env["pope.quality.grading"].search([("number", "in", numbers)])
        return {grading.number: grading.severity for grading in gradings}

    @api.depends("indicator_id")
    def _compute_severity(self):
        grading = self._grading()
        for finding in self:
            major = grading.get(finding.indicator_id.number) == "major"
            finding.severity = finding.severity or ("major" if major else "minor")

    @api.depends("indicator_id", "severity")
    @api.depends_context("lang")
    def _compute_warning(self):
        grading = self._grading()
        for finding in self:
            finding.warning = (
                finding.severity == "minor"
                and grading.get(finding.indicator_id.number) == "major"
                and self.env._("By the reading guide, this indicator is met or is a major finding.")
            )

    @api.depends("severity", "audit_id.date")
    def _compute_date_due(self):
        for finding in self:
            delay = LIFT.get(finding.severity)
            finding.date_due = delay and finding.audit_id.date and finding.audit_id.date + delay

    @api.constrains("indicator_id", "audit_id")
    def _check_indicator(self):
        for finding in self:
            if finding.indicator_id.standard_id != finding.audit_id.standard_id:
                raise ValidationError(
                    self.env._(
                        "Indicator %(number)s is not of the standard of this audit: choose it again.",
                        number=finding.number,
                    )
                )

    @api.depends("number", "severity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        severities = dict(self._fields["severity"]._description_selection(self.env))
        for finding in self:
            severity = severities.get(finding.severity, "")
            finding.display_name = self.env._(
                "Indicator %(number)s, %(severity)s", number=finding.number, severity=severity.lower()
            )

    def action_lift(self):
        today = fields.Date.context_today(self)
        for finding in self:
            if not finding.proof and not finding.attachment_ids:
                raise UserError(self.env._("Say what lifts “%(name)s”, or join its proof.", name=finding.display_name))
        self.write({"state": "lifted", "date_lifted": today})

    def action_reopen(self):
        self.write({"state": "open", "date_lifted": False})

    def action_improve(self):
        """The corrective action of the finding, made when there is none."""
        self.ensure_one()
        if not self.action_id:
            self.action_id = self.env["pope.quality.action"].create(
                {
                    "name": self.description.splitlines()[0][:100],
                    "source": "audit",
                    "description": self.cause,
                    "date_due": self.date_due,
                    "user_id": self.user_id.id,
                    "company_id": self.company_id.id,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "pope.quality.action",
            "res_id": self.action_id.id,
            "view_mode": "form",
        }

    @api.model
    def _due_field(self):
        return "date_due"

    @api.model
    def _open_domain(self):
        return [("state", "=", "open"), ("date_due", "!=", False)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_quality")
