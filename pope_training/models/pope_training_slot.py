from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date
from odoo.tools.date_utils import float_to_time

from .inner import INNER
from .res_company import HALVES


class TrainingSlot(models.Model):
    """A half-day of a session: what trainees sign, and what hours are counted from."""

    _name = "pope.training.slot"
    _description = "Half-Day"
    _order = "date_begin, id"
    _check_company_auto = True

    event_id = fields.Many2one(
        "event.event",
        string="Session",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        domain=[("pope_kind", "=", "training")],
    )
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    date = fields.Date(required=True)
    half = fields.Selection(HALVES, string="Half-Day", required=True, default="morning")
    hour_from = fields.Float(
        string="From", compute="_compute_hour_from", store=True, readonly=False, help="At the clock of the session."
    )
    hour_to = fields.Float(string="Until", compute="_compute_hour_from", store=True, readonly=False)
    date_begin = fields.Datetime(
        string="Begins", compute="_compute_date_begin", inverse="_inverse_date_begin", store=True, index=True
    )
    date_end = fields.Datetime(string="Ends", compute="_compute_date_begin", inverse="_inverse_date_begin", store=True)
    hours = fields.Float(
        string="Planned Hours",
        compute="_compute_hours",
        store=True,
        readonly=False,
        help="Hours of training in this half-day: less than between its beginning and its end when there is a break.",
    )
    is_remote = fields.Boolean(string="Remote")
    address_id = fields.Many2one(
        "res.partner",
        string="Place",
        compute="_compute_address_id",
        store=True,
        readonly=False,
        check_company=True,
        help="That of the session unless told otherwise.",
    )
    trainer_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        check_company=True,
        domain="[('pope_role_ids.code', '=', 'trainer')]",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("cancelled", "Cancelled")], string="Status", required=True, default="planned"
    )
    cancel_reason = fields.Char(string="Why It Is Cancelled")

    _hours_positive = models.Constraint("CHECK (hours >= 0)", "A half-day cannot last less than nothing.")

    @api.depends("half", "event_id")
    def _compute_hour_from(self):
        """The usual hours of the company, until others are typed."""
        for slot in self:
            company = slot.event_id.company_id or self.env.company
            if slot.half:
                # sudo: users read the usual hours, not the settings of the company
                slot.hour_from, slot.hour_to = company.sudo()._pope_hours_of(slot.half)

    @api.depends("date", "hour_from", "hour_to", "event_id.date_tz")
    def _compute_date_begin(self):
        """In Greenwich time, from the clock of the session; what was signed is not moved by another clock."""
        for slot in self:
            if not slot.date or (slot.date_begin and slot._has_attendance()):
                slot.date_begin, slot.date_end = slot.date_begin, slot.date_end
                continue
            zone = ZoneInfo(slot.event_id.date_tz or "Europe/Paris")
            slot.date_begin, slot.date_end = (
                datetime.combine(slot.date, float_to_time(hour), tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
                for hour in (slot.hour_from, slot.hour_to)
            )

    def _inverse_date_begin(self):
        for slot in self:
            begin, end = slot._local(slot.date_begin), slot._local(slot.date_end)
            slot.date = begin.date()
            slot.hour_from, slot.hour_to = (moment.hour + moment.minute / 60 for moment in (begin, end))

    def _local(self, moment):
        zone = ZoneInfo(self.event_id.date_tz or "Europe/Paris")
        return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)

    @api.depends("hour_from", "hour_to")
    def _compute_hours(self):
        for slot in self:
            slot.hours = max(slot.hour_to - slot.hour_from, 0)

    @api.depends("event_id", "is_remote")
    def _compute_address_id(self):
        for slot in self:
            slot.address_id = False if slot.is_remote else slot.address_id or slot.event_id.address_id

    @api.depends("date", "half")
    @api.depends_context("lang")
    def _compute_display_name(self):
        halves = dict(self._fields["half"]._description_selection(self.env))
        for slot in self:
            day = slot.date and format_date(self.env, slot.date, date_format="EEE d MMM y")
            slot.display_name = f"{day}, {halves.get(slot.half, '').lower()}" if day else self.env._("Half-day")

    @api.constrains("event_id")
    def _check_session(self):
        if any(not slot.event_id.pope_kind for slot in self):
            raise ValidationError(self.env._("Half-days are those of a session of ours."))

    @api.constrains("hour_from", "hour_to", "hours")
    def _check_hours(self):
        for slot in self:
            if not 0 <= slot.hour_from < slot.hour_to <= 24:
                raise ValidationError(
                    self.env._("%(name)s: it begins before it ends, on the same day.", name=slot.display_name)
                )
            if slot.hours > slot.hour_to - slot.hour_from + 0.01:
                raise ValidationError(
                    self.env._(
                        "%(name)s: there are more hours of training than between its beginning and its end.",
                        name=slot.display_name,
                    )
                )

    @api.constrains("date_begin", "date_end", "event_id", "state")
    def _check_once(self):
        """Nobody is in two half-days of one session at the same time."""
        if self.env.context.get("pope_slots_moving") is INNER:  # asked again once all have moved
            return
        for slots in self.event_id.pope_slot_ids.grouped("event_id").values():
            planned = slots.filtered(lambda slot: slot.state == "planned").sorted("date_begin")
            for slot, following in pairwise(planned):
                if following.date_begin < slot.date_end:
                    raise ValidationError(
                        self.env._(
                            "%(name)s is in this session already, at the same hours.", name=following.display_name
                        )
                    )

    @api.constrains("state")
    def _check_not_held(self):
        """What took place and is closed is not called off: its hours are certified."""
        if held := self.filtered(lambda slot: slot.state == "cancelled" and slot._is_held()):
            raise ValidationError(
                self.env._(
                    "%(name)s took place and is sealed: it is not cancelled. Note who was there.",
                    name=held[0].display_name,
                )
            )

    @api.constrains("state", "cancel_reason")
    def _check_cancel_reason(self):
        if any(slot.state == "cancelled" and not (slot.cancel_reason or "").strip() for slot in self):
            raise ValidationError(self.env._("Say why the half-day is cancelled."))

    @api.model_create_multi
    def create(self, vals_list):
        slots = super().create(vals_list)
        slots.event_id._pope_follow_slots()
        return slots

    def write(self, vals):
        before = {slot: slot._when() for slot in self}
        events = self.event_id
        result = super().write(vals)
        moved = self.filtered(lambda slot: before[slot] != slot._when())
        if signed := moved.filtered(lambda slot: slot._has_attendance()):
            raise UserError(
                self.env._(
                    "%(name)s has attendance: it does not move. Cancel it and add another one, what was signed stays.",
                    name=signed[0].display_name,
                )
            )
        if (moved or "state" in vals) and self.env.context.get("pope_slots_moving") is not INNER:
            (events | self.event_id)._pope_follow_slots()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_without_attendance(self):
        if signed := self.filtered(lambda slot: slot._has_attendance()):
            raise UserError(
                self.env._(
                    "%(name)s has attendance: cancel it with its reason instead of deleting it.",
                    name=signed[0].display_name,
                )
            )

    def unlink(self):
        events = self.event_id
        result = super().unlink()
        events.exists()._pope_follow_slots()
        return result

    def _move_to(self, days):
        """
        :param days: dict half-day → its new day
        """
        for slot in self.with_context(pope_slots_moving=INNER):
            slot.date = days[slot]
        self._check_once()
        self.event_id._pope_follow_slots()

    def _when(self):
        return self.event_id, self.date, self.hour_from, self.hour_to, self.hours, self.date_begin, self.date_end

    def _has_attendance(self):
        """Whether anything was signed or noted in one of these half-days: it does not move any more."""
        return False

    def _is_held(self):
        """Whether the half-day took place, and is closed: its hours count."""
        self.ensure_one()
        return False
