from odoo import api, fields, models

from .pope_attendance import AWAY, HERE
from .pope_notification import GONE


class TrainingEnrolment(models.Model):
    """What is written by itself to a trainee, and to their employer, before and after the session."""

    _inherit = "pope.training.enrolment"

    date_first = fields.Datetime(
        string="Awaited in Training From",
        compute="_compute_date_first",
        store=True,
        help="Empty when the enrolment or the session is called off, or the session follows no programme.",
    )
    date_over = fields.Datetime(string="Awaited in Training Until", compute="_compute_date_first", store=True)

    @api.depends(
        "state",
        "registration_id.active",
        "event_id.pope_kind",
        "event_id.pope_program_id",
        "event_id.date_begin",
        "event_id.date_end",
        "event_id.active",
        "event_id.kanban_state",
    )
    def _compute_date_first(self):
        for enrolment in self:
            event = enrolment.event_id
            awaited = enrolment._is_enrolled() and event._pope_takes_place()
            enrolment.date_first = awaited and event.date_begin
            enrolment.date_over = awaited and event.date_end

    def write(self, vals):
        result = super().write(vals)
        if "employer_id" in vals:
            self.filtered("date_first")._replan()
        return result

    def _still_wants(self, trigger):
        return self._is_enrolled() if trigger == "sealed" else super()._still_wants(trigger)

    @api.private
    def _replan(self, upcoming=False):
        self._drop_steps()
        return super()._replan(upcoming)

    def _drop_steps(self):
        """Take back what waits and does not concern its person any more, saying why."""
        # sudo: whoever changes an enrolment changes the e-mails that depend on it
        waiting = (
            self.env["pope.notification"]
            .sudo()
            .search(
                [
                    ("enrolment_id", "in", self.ids),
                    ("step", "!=", False),
                    ("state", "in", ("planned", "to_approve")),
                    ("is_manual", "=", False),
                ]
            )
        )
        for reason, rows in waiting.grouped(lambda row: row._step_reason()).items():
            if reason:
                rows._cancel(reason)

    def _awaited_in_training(self):
        """When each of them is awaited, to compare."""
        return {row: (row.date_first, row.date_over, row.event_id) for row in self}

    def _follow_session(self):
        """In another session, what they answered before it goes along, and what was told of the former one is told
        anew, even where both begin on the same day."""
        # sudo: whoever moves a trainee moves what depends on it
        for enrolment in self.sudo():
            enrolment.answer_ids.pope_event_id = enrolment.event_id
        told = [("enrolment_id", "in", self.ids), ("step", "!=", False), ("state", "in", GONE), ("key", "!=", False)]
        self.env["pope.notification"].sudo().search(told).key = False  # sudo: as above

    def _was_away(self):
        """Whether it is noted that they were not there, at any half-day."""
        statuses = set(self.attendance_ids.mapped("status"))
        return bool(statuses & set(AWAY)) and not statuses & set(HERE)

    def _awaits_attendance(self):
        """Whether a half-day that is over says nothing of them yet."""
        rows = self.attendance_ids.filtered(lambda row: row.slot_id.state == "planned")
        return not rows or "todo" in rows.mapped("status")


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def write(self, vals):
        """Who comes in, leaves or follows another session: what is written to them is planned again."""
        if not {"state", "active", "event_id"}.intersection(vals):
            return super().write(vals)
        trained = self.filtered(lambda registration: registration.event_id.pope_kind == "training")
        before = trained._pope_enrolments()._awaited_in_training()
        result = super().write(vals)
        trained = self.filtered(lambda registration: registration.event_id.pope_kind == "training")
        enrolments = trained._pope_enrolments()
        enrolments.filtered(lambda row: before.get(row, [row.event_id])[-1] != row.event_id)._follow_session()
        enrolments.filtered(
            lambda enrolment: before.get(enrolment) != enrolment._awaited_in_training()[enrolment]
        )._replan()
        return result
