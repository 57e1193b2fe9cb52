from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..core.public_holidays import is_public_holiday


class EventEvent(models.Model):
    """A training session is made of half-days."""

    _inherit = "event.event"

    pope_slot_ids = fields.One2many(
        "pope.training.slot", "event_id", string="Half-Days", groups="pope_crm.group_pope_user", copy=False
    )
    pope_hours_planned = fields.Float(
        string="Planned Hours",
        compute="_compute_pope_hours_planned",
        groups="pope_crm.group_pope_user",
        help="Hours of training of its half-days, those cancelled apart.",
    )
    pope_hours_warning = fields.Char(
        string="Hours", compute="_compute_pope_hours_planned", groups="pope_crm.group_pope_user"
    )

    @api.depends("pope_slot_ids.hours", "pope_slot_ids.state", "pope_program_id.duration_hours")
    def _compute_pope_hours_planned(self):
        """What is planned against what the programme announces."""
        for event in self:
            planned = event.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
            event.pope_hours_planned = sum(planned.mapped("hours"))
            announced = event.pope_program_id.duration_hours
            differs = planned and announced and abs(event.pope_hours_planned - announced) > 0.01
            event.pope_hours_warning = bool(differs) and self.env._(
                "%(planned)s planned, %(announced)s in the programme",
                planned=self._pope_hours_label(event.pope_hours_planned),
                announced=self._pope_hours_label(announced),
            )

    @api.model
    @api.private
    def _pope_hours_label(self, hours):
        """Hours as one says them: 14 h, 13 h 30."""
        whole, minutes = divmod(round(hours * 60), 60)
        if minutes:
            return self.env._("%(hours)s h %(minutes)s", hours=whole, minutes=f"{minutes:02}")
        return self.env._("%(hours)s h", hours=whole)

    @api.constrains("pope_kind")
    def _check_pope_slots(self):
        # sudo: half-days count wherever the user may look
        if any(not event.pope_kind and event.sudo().pope_slot_ids for event in self):
            raise ValidationError(
                self.env._("A session with half-days stays a session: choose a template of its kind.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_attendance(self):
        # sudo: as above
        if any(slot._has_attendance() for slot in self.sudo().pope_slot_ids):
            raise UserError(self.env._("People signed in this session: cancel it instead of deleting it."))

    def _pope_follow_slots(self):
        """A session begins with its first half-day and ends with its last one."""
        for event in self:
            # sudo: as above
            slots = event.sudo().pope_slot_ids.filtered(lambda slot: slot.state == "planned")
            if slots:
                dates = {"date_begin": min(slots.mapped("date_begin")), "date_end": max(slots.mapped("date_end"))}
                if any(event[name] != value for name, value in dates.items()):
                    event.write(dates)

    # --- Laying out ---

    @api.model
    @api.private
    def _pope_days(self, date_from, date_to, weekdays):
        """The days of a period that are worked: on these weekdays (Monday is 0), public holidays apart.

        :return: the days, and the public holidays that were skipped
        """
        days = [date_from + timedelta(days=number) for number in range((date_to - date_from).days + 1)]
        asked = [day for day in days if day.weekday() in weekdays]
        off = [day for day in asked if is_public_holiday(day)]
        return [day for day in asked if day not in off], off

    def _pope_lay_out(self, values_list):
        """Add half-days, each once however often they are laid out.

        :param values_list: values of half-days, with date and half
        :return: those that were added
        """
        self.ensure_one()
        known = {(slot.date, slot.half) for slot in self.pope_slot_ids if slot.state == "planned"}
        wanted = {(values["date"], values["half"]): values for values in values_list}
        return self.env["pope.training.slot"].create(
            [{**values, "event_id": self.id} for key, values in wanted.items() if key not in known]
        )

    # --- Postponing, cancelling ---

    def _pope_slots_to_move(self):
        """The half-days that are still to come, and that nobody signed."""
        now = self.env.cr.now()
        return self.pope_slot_ids.filtered(
            lambda slot: slot.state == "planned" and slot.date_end > now and not slot._has_attendance()
        )

    def _pope_next_begin(self):
        """When people are awaited next: a session that began goes on with its half-days to come."""
        return min(self._pope_slots_to_move().mapped("date_begin"), default=self.date_begin)

    @api.model
    def _pope_check_worked(self, days):
        if off := [day for day in days if is_public_holiday(day)]:
            raise UserError(self.env._("%(day)s is a public holiday.", day=format_date(self.env, off[0])))

    def _pope_postpone(self, days, reason):
        """Move half-days, keep those who are enrolled and tell them.

        :param days: dict half-day → its new day
        """
        self.ensure_one()
        self._pope_check_worked(days.values())
        former = self._pope_next_begin()
        slots = self.env["pope.training.slot"].union(*days)
        slots._move_to(days)
        if self.kanban_state == "cancel":
            self.kanban_state = "normal"
        return self._pope_tell_trainees("session_moved", former, reason)

    def _pope_cancel_session(self, reason):
        """The half-days to come are not held; what was signed stays, and so do the enrolments."""
        self.ensure_one()
        former = self._pope_next_begin()
        self._pope_slots_to_move().write({"state": "cancelled", "cancel_reason": reason})
        self.kanban_state = "cancel"
        return self._pope_tell_trainees("session_called_off", former, reason)

    def _pope_tell_trainees(self, trigger, former, reason):
        """
        :return: the e-mails
        """
        self.ensure_one()
        enrolments = self.env["pope.training.enrolment"].search([("event_id", "=", self.id)])
        enrolments = enrolments.filtered(lambda enrolment: enrolment._is_awaited_on())
        return enrolments._tell_session(trigger, former, reason)
