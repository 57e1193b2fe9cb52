from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.pope_crm.models.pope_notification import BUTTON

from .pope_attendance import HERE
from .pope_notification import GONE


class Notification(models.Model):
    """E-mails of the steps of a training session: what they say, and whether they still hold when they leave."""

    _inherit = "pope.notification"

    session_id = fields.Many2one(
        "event.event", string="Session of the Trainer", ondelete="set null", index="btree_not_null"
    )
    step = fields.Selection(related="rule_id.step", store=True)
    date_counted = fields.Date(string="Counted From", readonly=True)
    seal_day = fields.Date(string="Day That Was Sealed", readonly=True)
    reason = fields.Selection(
        selection_add=[
            ("withdrawn", "Gave up the training"),
            ("away", "Did not attend"),
            ("session_off", "Session cancelled"),
            ("answered", "Answered already"),
            ("not_asked", "Not asked of this person"),
            ("program", "Not sent by the programme"),
            ("no_hours", "Waits for attendance to be noted"),
        ]
    )

    trainee_name = fields.Char(compute="_compute_step_words")
    replaces_sentence = fields.Char(compute="_compute_step_words")
    trainer_link = fields.Html(string="Link of the Trainer", compute="_compute_step_words", sanitize=False)
    seal_list = fields.Html(string="Seals of the Day", compute="_compute_step_words", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        words = ("object.trainee_name", "object.replaces_sentence", "object.trainer_link", "object.seal_list")
        return (*super().mail_allowed_qweb_expressions(), *words)

    @api.depends("enrolment_id", "session_id", "seal_day", "partner_id", "lang")
    def _compute_step_words(self):
        replaced = self._convened_before()
        for row in self:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            row.trainee_name = row.enrolment_id.partner_id.name
            row.replaces_sentence = row._origin in replaced and told.env._(
                "This convocation cancels and replaces the one that we sent you before."
            )
            # sudo: whoever reads the e-mail reads the link that it carries
            session = row._origin and row.session_id.sudo()
            url = session and session._pope_trainer_url(row.partner_id)
            row.trainer_link = BUTTON % (url, told.env._("Open my page")) if url else False
            row.seal_list = told._seals_of_day()

    def _convened_before(self):
        """Those of the rows whose person received another convocation to this session."""
        rows = self._origin.filtered(lambda row: row.step == "convocation")
        if not rows:
            return rows
        sent = self.sudo().search_fetch(  # sudo: whoever reads the e-mail reads what it says
            [("enrolment_id", "in", rows.enrolment_id.ids), ("step", "=", "convocation"), ("state", "in", GONE)],
            ["enrolment_id"],
        )
        before = sent.grouped("enrolment_id")
        return rows.filtered(lambda row: any(other.id < row.id for other in before.get(row.enrolment_id, ())))

    @api.private
    def _seals_of_day(self):
        """The seals that close what the person signed on that day."""
        # sudo: whoever reads the e-mail reads what it says
        attendance = self.sudo().enrolment_id.attendance_ids.filtered(
            lambda line: self.seal_day and line.slot_id.date == self.seal_day and line.status in HERE
        )
        items = Markup()
        for line in attendance.sorted("date_begin"):
            for seal in line.signature_ids.seal_ids.sorted("number"):
                items += Markup("<li>%s<br/>%s <b>%s</b></li>") % (
                    line.with_context(lang=self.env.lang).slot_id._label(),
                    self.env._("Seal:"),
                    seal.short_hash,
                )
        return items and Markup("<ul>%s</ul>") % items

    # --- Extension points ---

    def _thread(self):
        return super()._thread() or self.session_id

    def _is_dated_registration(self):
        return super()._is_dated_registration() and not self.step

    def _still_valid(self):
        self.ensure_one()
        rule = self.rule_id
        if self.is_manual or not rule.step:
            return super()._still_valid()
        if not rule.active:
            return False, "obsolete"
        if reason := self._step_reason(leaving=True):
            return False, reason
        day = self.company_id._pope_day_of(self.date_planned)
        if rule.trigger == "date" and rule._too_late(self._source(), day, self.env.cr.now()):
            return False, "late"
        return True, False

    def _wrong_person(self):
        return self._step_reason() if self.rule_id.step else super()._wrong_person()

    def _step_reason(self, leaving=False):
        """Why a step does not concern its person any more, or False.

        :param leaving: the e-mail is about to leave: what the person did counts too
        """
        rule, source = self.rule_id, self._source()
        if not source:
            return "obsolete"
        if self.enrolment_id and not self.enrolment_id._is_enrolled():
            return "withdrawn"
        if not self.event_id._pope_takes_place():
            return "session_off"
        if self.partner_id not in rule._recipients(source)[source]:
            return "obsolete"
        if not rule._suits_step(source):
            return "program"
        return self._leaving_reason() if leaving else False

    def _leaving_reason(self):
        if self.rule_id._is_after() and self.enrolment_id and self.enrolment_id._was_away():
            return "away"
        return False

    def _wait_for_hours(self):
        """A certificate waits until it is noted who was there."""
        waiting = self.filtered(
            lambda row: row.step == "certificate" and not row.is_manual and row.enrolment_id._awaits_attendance()
        )
        waiting.reason = "no_hours"
        waiting._wait_for_tomorrow()
        return super(Notification, self - waiting)._wait_for_hours()

    def _wait_for_tomorrow(self):
        for company, rows in self.grouped("company_id").items():
            opening = company._pope_opening_after(company._pope_day_of(self.env.cr.now()))
            rows.date_planned = opening
            self.env.ref("pope_crm.cron_dispatch")._trigger(at=opening)

    @api.model
    def _due_domain(self):
        """What a person holds on a session does not leave, but for what was asked by hand or on a page."""
        free = Domain("event_id", "=", False) | Domain("event_id.pope_mail_hold", "=", False)
        return super()._due_domain() & (free | Domain("kind", "=", "request") | Domain("is_manual", "=", True))

    # --- What a person does with a row ---

    def action_send_now(self):
        """It leaves now, whatever its day."""
        rows = self._writable(("planned", "to_approve"))
        now = self.env.cr.now()
        rows.write({"state": "planned", "date_planned": now, "date_grace": now, "is_manual": True, "reason": False})
        # sudo: crons belong to the system
        self.env.ref("pope_crm.cron_dispatch").sudo()._trigger()
