from odoo import api, fields, models
from odoo.exceptions import UserError

STATUSES = [
    ("todo", "Not Noted Yet"),
    ("present", "Present"),
    ("late", "Late"),
    ("left_early", "Left Early"),
    ("excused", "Excused"),
    ("absent", "Away"),
]
HERE = ("present", "late", "left_early")
AWAY = ("excused", "absent")
# what comes out of what was signed and noted
NOTED = ("status", "minutes_missed", "is_signed", "mode", "reason", "is_late", "is_network")
MODES = [("phone", "Own phone"), ("device", "Trainer's device"), ("paper", "Paper"), ("typed", "Typed")]


class Attendance(models.Model):
    """Somebody enrolled, at a half-day: what came out of what was signed and noted, which itself never changes.

    Nobody writes here by hand: every change goes through a signature row, see `_note`.
    """

    _name = "pope.attendance"
    _description = "Attendance"
    _order = "date_begin, id"

    slot_id = fields.Many2one("pope.training.slot", string="Half-Day", required=True, ondelete="cascade", index=True)
    enrolment_id = fields.Many2one("pope.training.enrolment", required=True, ondelete="cascade", index=True)
    event_id = fields.Many2one(related="slot_id.event_id", store=True, index=True)
    company_id = fields.Many2one(related="slot_id.company_id", store=True)
    date_begin = fields.Datetime(related="slot_id.date_begin", store=True)
    partner_id = fields.Many2one(related="enrolment_id.partner_id", string="Person")
    status = fields.Selection(STATUSES, required=True, default="todo", readonly=True)
    minutes_missed = fields.Integer(readonly=True, help="Of somebody who came late, or left early.")
    minutes_attended = fields.Integer(compute="_compute_minutes_attended", store=True)
    mode = fields.Selection(MODES, string="How", readonly=True)
    reason = fields.Char(readonly=True)
    is_signed = fields.Boolean(string="Signed", readonly=True)
    is_late = fields.Boolean(string="After the Window", readonly=True, help="Signed after the half-day was over.")
    is_network = fields.Boolean(
        string="Network", readonly=True, help="Signed in time on a phone without network, which sent it later."
    )
    signature_ids = fields.One2many("pope.attendance.signature", "attendance_id", string="What Was Noted")

    _once = models.UniqueIndex("(slot_id, enrolment_id)", "This person is awaited at this half-day already.")

    @api.depends("status", "minutes_missed", "slot_id.hours", "slot_id.state")
    def _compute_minutes_attended(self):
        """Nothing counts of a half-day that is cancelled: what was signed before stays, as it was signed."""
        for row in self:
            row.minutes_attended = row._minutes()

    def _minutes(self):
        planned = round(self.slot_id.hours * 60) if self.slot_id.state == "planned" else 0
        return max(planned - self.minutes_missed, 0) if self.status in HERE else 0

    @api.depends("enrolment_id", "slot_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.enrolment_id.display_name}, {row.slot_id.display_name}"

    @api.ondelete(at_uninstall=False)
    def _unlink_without_attendance(self):
        if noted := self.filtered("signature_ids"):
            raise UserError(noted[0]._kept())

    def _kept(self):
        return self.env._(
            "%(name)s: what was signed or noted is kept, it proves the training. Cancel the registration instead.",
            name=self.display_name,
        )

    # --- Who is awaited ---

    @api.model
    @api.private
    def _follow(self, events):
        """One row for each person enrolled and each half-day that is held; none for those that are called off, or that
        follow the day they left, unless something was noted.

        :return: the new rows
        """
        # sudo: attendance follows whoever changes the session or the registrations
        Attendance = self.sudo()
        slots = Attendance.env["pope.training.slot"].search_fetch(
            [("event_id", "in", events.ids), ("state", "=", "planned")], ["event_id", "date"]
        )
        enrolments = Attendance.env["pope.training.enrolment"].search_fetch(
            [
                ("event_id", "in", slots.event_id.ids),
                ("state", "in", ("open", "done")),
                ("registration_id.active", "=", True),
            ],
            ["event_id", "date_left"],
            order="id",
        )
        by_event = slots.grouped("event_id")
        wanted = {
            (slot.id, enrolment.id)
            for enrolment in enrolments
            for slot in by_event[enrolment.event_id]
            if enrolment._comes_to(slot)
        }
        known = Attendance.search_fetch([("event_id", "in", events.ids)], ["slot_id", "enrolment_id"], order="id")
        pairs = {(row.slot_id.id, row.enrolment_id.id): row for row in known}
        Attendance.browse(row.id for pair, row in pairs.items() if pair not in wanted)._forget_unused()
        return Attendance.create(
            [{"slot_id": slot, "enrolment_id": enrolment} for slot, enrolment in sorted(wanted - set(pairs))]
        )

    def _forget_unused(self):
        noted = self.env["pope.attendance.signature"].search([("attendance_id", "in", self.ids)]).attendance_id
        (self - noted).unlink()

    def _hour_faults(self):
        """Hours that are not those of what was noted, at the half-day where it was, in words."""
        wrong = self.filtered(
            lambda row: (
                (row.minutes_attended, row.event_id, row.date_begin)
                != (row._minutes(), row.slot_id.event_id, row.slot_id.date_begin)
            )
        )
        people = (self - wrong).enrolment_id.filtered(
            lambda person: abs(person.hours_attended * 60 - sum(person.attendance_ids.mapped("minutes_attended"))) >= 1
        )
        names = [*wrong.mapped("display_name"), *people.mapped("display_name")]
        return [self.env._("%(who)s: the hours are not those noted", who=name) for name in names]

    # --- What happens to it ---

    @api.private
    def _note(self, values_list, **trace):
        """Write what is signed or said, and what comes out of it.

        :param values_list: for each row of self what its new signature row tells, see `pope.attendance.signature`
        :param trace: what is the same in all of them: author, ip, user_agent
        :return: the signature rows
        """
        # sudo: users hold no right to write what was signed; it comes in by the gestures that call this
        Signature = self.env["pope.attendance.signature"].sudo()
        signatures = Signature.create(
            [
                {**trace, **values, "slot_id": row.slot_id.id, "attendance_id": row.id}
                for row, values in zip(self, values_list, strict=True)
            ]
        )
        for row in signatures:
            row.attendance_id.write(row._outcome(row.attendance_id._noted()))
        return signatures

    def _noted(self):
        return {name: self[name] for name in NOTED}

    @api.private
    def _set_status(self, status, minutes=0, mode="typed", reason="", **trace):
        """A person of the pole, or the trainer, says who was there.

        :param minutes: missed, of somebody late or who left early
        """
        rows = self.filtered(lambda row: row._differs(status, minutes, mode, reason))
        rows._check_status(status, minutes)
        values = {"kind": "status", "status": status, "minutes_missed": minutes, "mode": mode, "reason": reason}
        return rows._note([values] * len(rows), **trace)

    def _differs(self, status, minutes, mode, reason):
        now = (self.status, self.minutes_missed, self.mode or mode, self.reason or "")
        return now != (status, minutes, mode, reason or "")

    def _check_status(self, status, minutes):
        late = status in ("late", "left_early")
        for row in self:
            if row.slot_id.state == "cancelled":
                raise UserError(self.env._("%(name)s is cancelled.", name=row.slot_id.display_name))
            if row.slot_id._window()[0] > self.env.cr.now() and status != "excused":
                raise UserError(
                    self.env._("%(name)s has not begun: only an excuse is noted before.", name=row.slot_id.display_name)
                )
            if late and not 0 < minutes <= round(row.slot_id.hours * 60):
                raise UserError(
                    self.env._(
                        "%(name)s: how many minutes were missed? At least one, and no more than the half-day.",
                        name=row.enrolment_id.display_name,
                    )
                )

    def _gesture(self):
        """What a user does by a button, checked and in the name of the team."""
        self.check_access("read")
        if not self.env.user.has_group("pope_crm.group_pope_user"):
            raise UserError(self.env._("Only the team may do this."))
        # sudo: access was checked just above
        return self.sudo()

    def action_present(self):
        self._gesture()._set_status("present", author=self.env.user.name)

    def action_absent(self):
        self._gesture()._set_status("absent", author=self.env.user.name)

    def action_excused(self):
        self._gesture()._set_status("excused", author=self.env.user.name)
