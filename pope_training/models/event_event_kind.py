from odoo import api, fields, models

from .inner import INNER


class EventEvent(models.Model):
    """For whom a session is held, and who waits for a seat."""

    _inherit = "event.event"

    pope_session_type = fields.Selection(
        [
            ("inter", "Open to all (inter)"),
            ("intra", "For one buyer (intra)"),
            ("other_body", "On behalf of another training body"),
        ],
        string="Session For",
        compute="_compute_pope_session_type",
        store=True,
        readonly=False,
        help="On behalf of another body: its trainees are counted apart in the training and financial return.",
    )
    pope_client_id = fields.Many2one(
        "res.partner",
        string="Buyer or Ordering Body",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Who ordered the whole session.",
    )
    pope_waiting_count = fields.Integer(
        string="On the Waiting List", compute="_compute_pope_waiting_count", groups="pope_crm.group_pope_user"
    )

    @api.depends("pope_kind")
    def _compute_pope_session_type(self):
        for event in self:
            training = event.pope_kind == "training"
            event.pope_session_type = (event.pope_session_type or "inter") if training else False

    @api.depends("registration_ids.state", "registration_ids.active")
    def _compute_pope_waiting_count(self):
        counts = dict(
            self.env["pope.training.enrolment"]._read_group(
                [("event_id", "in", self.ids), ("is_waiting", "=", True)], ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.pope_waiting_count = counts.get(event._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if {"seats_max", "seats_limited"}.intersection(vals):
            self._pope_give_free_seats()
        return result

    @api.private
    def _pope_give_free_seats(self):
        """Who waits longest has the seat that is free, and is told."""
        # sudo: whoever frees a seat gives it, without seeing who waits
        waiting = (
            self.env["pope.training.enrolment"]
            .sudo()
            .search([("event_id", "in", self.ids), ("is_waiting", "=", True)], order="date_waiting, id")
        )
        for event, enrolments in waiting.grouped("event_id").items():
            if event.kanban_state == "cancel" or event.is_finished:
                continue
            event._pope_hold_seats()
            limited = event.seats_limited and event.seats_max
            chosen = enrolments[: max(event.seats_available, 0)] if limited else enrolments
            if chosen:
                chosen.registration_id.action_confirm()
                chosen._tell("session_seat")


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    date_waiting = fields.Datetime(
        string="Waiting Since", readonly=True, copy=False, help="Asked for a seat in a full session, then."
    )
    is_waiting = fields.Boolean(
        string="On the Waiting List", compute="_compute_is_waiting", store=True, help="Has the next seat that is free."
    )

    @api.depends("date_waiting", "state", "registration_id.active")
    def _compute_is_waiting(self):
        for enrolment in self:
            enrolment.is_waiting = bool(
                enrolment.date_waiting and enrolment.state == "draft" and enrolment.registration_id.active
            )


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        """Who asks for a seat in a full session of ours is put on its waiting list."""
        waits = self._pope_full_sessions(vals_list)
        values = [{**vals, "state": "draft"} if wait else vals for vals, wait in zip(vals_list, waits, strict=True)]
        registrations = super().create(values)
        if waiting := registrations.browse(
            registration.id for registration, wait in zip(registrations, waits, strict=True) if wait
        ):
            waiting._pope_enrolments().date_waiting = self.env.cr.now()
        return registrations

    @api.model
    def _pope_full_sessions(self, vals_list):
        """Whether each of these registrations finds its session full."""
        default = self.env.context.get("default_event_id")
        asked = [vals.get("event_id", default) for vals in vals_list]
        # sudo: seats are counted wherever the user may look
        events = self.env["event.event"].sudo().browse({event for event in asked if event})
        full = events.filtered(lambda event: event.pope_kind == "training" and event.seats_limited and event.seats_max)
        free = {event.id: event.seats_available for event in full}
        waits = []
        for event, vals in zip(asked, vals_list, strict=True):
            takes = event in free and vals.get("state", "open") == "open" and vals.get("active", True)
            waits.append(bool(takes and free[event] <= 0))
            if takes:
                free[event] -= 1
        return waits

    def write(self, vals):
        if not {"state", "active", "event_id"}.intersection(vals):
            return super().write(vals)
        before = {registration: registration._pope_seat() for registration in self}
        result = super().write(vals)
        self._pope_free(before)
        return result

    def unlink(self):
        events = self.event_id.filtered(lambda event: event.pope_kind == "training")
        result = super().unlink()
        events._pope_give_free_seats()
        return result

    def _pope_seat(self):
        """The session of ours where the registration takes a seat."""
        takes = self.active and self.state in ("open", "done") and self.event_id.pope_kind == "training"
        return self.event_id if takes else self.event_id.browse()

    def _pope_free(self, before):
        if self.env.context.get("pope_seat_kept") is INNER:  # for the colleague who comes instead
            return
        left = self.env["event.event"].union(
            *(before[registration] for registration in self if before[registration] != registration._pope_seat())
        )
        left._pope_give_free_seats()
