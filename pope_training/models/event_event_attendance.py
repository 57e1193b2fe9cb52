from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core import attendance_seal
from .pope_attendance import NOTED
from .pope_attendance_sign import plain_words


class EventEvent(models.Model):
    """Attendance of our events: a training by half-days, a meeting or a discovery day as one."""

    _inherit = "event.event"

    pope_attendance_ids = fields.One2many(
        "pope.attendance", "event_id", string="Attendance", groups="pope_crm.group_pope_user"
    )

    pope_scan_ids = fields.Many2many(
        "ir.attachment",
        string="Signed Paper Sheets",
        compute="_compute_pope_scan_ids",
        groups="pope_crm.group_pope_user",
    )

    @api.depends("pope_slot_ids.scan_ids")
    def _compute_pope_scan_ids(self):
        for event in self:
            event.pope_scan_ids = event.pope_slot_ids.scan_ids

    def write(self, vals):
        before = {event: (event.company_id, event.pope_kind) for event in self}
        result = super().write(vals)
        if {"date_begin", "date_end", "date_tz"}.intersection(vals):
            self._pope_move_single_slot()
        changed = self.filtered(lambda event: before[event] != (event.company_id, event.pope_kind))
        if changed and (signed := changed._pope_signatures(limit=1).event_id):
            raise UserError(
                self.env._(
                    "People signed at %(name)s: it stays with its organisation, and stays what it is.", name=signed.name
                )
            )
        return result

    def _pope_signatures(self, limit=None):
        # sudo: what was signed holds the event wherever the user may look
        return self.env["pope.attendance.signature"].sudo().search([("event_id", "in", self.ids)], limit=limit)

    # --- A meeting is one half-day ---

    def _pope_is_single(self):
        return bool(self.pope_kind) and self.pope_kind != "training"

    @api.private
    def _pope_ready_to_sign(self):
        """Meetings and discovery days get the one half-day that they are; a training has its own.

        :return: the half-days
        """
        # sudo: the half-days follow from the event, whoever opens its attendance
        Slot = self.env["pope.training.slot"].sudo()
        single = self.filtered(lambda event: event._pope_is_single())
        known = Slot.search([("event_id", "in", single.ids)]).event_id
        missing = single - known
        missing._pope_hold_seats()
        Slot.create([event._pope_single_slot() for event in missing])
        slots = Slot.search([("event_id", "in", self.ids), ("state", "=", "planned")])
        self.env["pope.attendance"]._follow(self)
        return slots

    def _pope_single_slot(self):
        """The one half-day of a meeting, as values."""
        begin, end = (
            fields.Datetime.context_timestamp(self.with_context(tz=self.date_tz or "Europe/Paris"), moment)
            for moment in (self.date_begin, self.date_end)
        )
        until = end.hour + end.minute / 60 if end.date() == begin.date() else 24
        half = "morning" if begin.hour < 12 else "afternoon" if begin.hour < 18 else "evening"
        hours = {"hour_from": begin.hour + begin.minute / 60, "hour_to": until}
        return {"event_id": self.id, "date": begin.date(), "half": half, **hours}

    def _pope_move_single_slot(self):
        """The half-day of a meeting follows its hours, as long as nobody signed."""
        # sudo: as above
        slots = self.env["pope.training.slot"].sudo().search([("event_id", "in", self.ids)])
        for slot in slots.filtered(lambda slot: slot.event_id._pope_is_single()):
            event = slot.event_id
            if (slot.date_begin, slot.date_end) != (event.date_begin, event.date_end):
                slot.write(event._pope_single_slot())

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_signatures(self):
        if self._pope_signatures(limit=1):
            raise UserError(self.env._("People signed here: call the event off instead of deleting it."))

    # --- The check that anyone may run ---

    @api.private
    def _pope_attendance_faults(self):
        """What does not stand as it was signed, noted and sealed, in words.

        :return: texts
        """
        self.ensure_one()
        rows = self.env["pope.attendance.signature"].search([("event_id", "=", self.id)], order="id")
        # a seal that was put elsewhere is looked for where its signatures are
        own = Domain("event_id", "=", self.id) | Domain("signature_ids.event_id", "=", self.id)
        seals = self.env["pope.attendance.seal"].search(own, order="number")
        found = [row.with_context(bin_size=False)._found() for row in rows]
        faults = attendance_seal.check(found, [seal._found() for seal in seals])
        texts = [self._pope_fault_text(fault) for fault in faults]
        certified = rows.filtered(lambda row: row.kind == "countersign" and not row.seal_ids).slot_id
        texts += [self.env._("%(who)s: its seal was taken away", who=half.display_name) for half in certified]
        return texts + self._pope_status_faults(rows) + self._pope_name_faults(rows)

    def _pope_fault_text(self, fault):
        seal = self.env._("seal %(number)s", number=fault.seal) if fault.seal else self.env._("not sealed yet")
        said = {
            "changed": self.env._("%(who)s: was changed (%(seal)s)", who=self._pope_fault_who(fault), seal=seal),
            "deleted": self.env._("%(who)s: was deleted (%(seal)s)", who=self._pope_fault_who(fault), seal=seal),
            "inserted": self.env._("%(who)s: was put in later (%(seal)s)", who=self._pope_fault_who(fault), seal=seal),
            "reordered": self.env._(
                "%(who)s: is in another place (%(seal)s)", who=self._pope_fault_who(fault), seal=seal
            ),
            "seal": self.env._("The %(seal)s itself was changed", seal=seal),
            "chain": self.env._("The one before the %(seal)s was changed or taken away", seal=seal),
        }
        return said[fault.kind]

    def _pope_fault_who(self, fault):
        """The person and the half-day that a seal names by their numbers."""
        attendance, _sep, slot = fault.label.partition("/")
        row = self.env["pope.attendance"].browse(int(attendance or 0)).exists()
        if row:
            return row.display_name
        half = self.env["pope.training.slot"].browse(int(slot or 0)).exists()
        return self.env._("Trainer, %(half)s", half=half.display_name) if half and attendance == "0" else fault.label

    def _pope_status_faults(self, signatures):
        """Attendance says what its last row made of it, and nothing else."""
        nothing = {**dict.fromkeys(NOTED, False), "status": "todo"}
        last = {}
        for signature in signatures.filtered("attendance_id"):
            row = signature.attendance_id
            last[row] = signature._outcome(last.get(row, nothing))
        rows = self.env["pope.attendance"].search([("slot_id.event_id", "=", self.id)])
        wrong = rows.filtered(
            lambda row: any((row[name] or False) != (last.get(row, nothing)[name] or False) for name in NOTED)
        )
        told = [self.env._("%(who)s: the status is not the one that was noted", who=row.display_name) for row in wrong]
        return told + (rows - wrong)._hour_faults()

    def _pope_name_faults(self, signatures):
        """What somebody signed stands under no other name: a marriage or a mistake leaves one of its words."""
        return [
            self.env._(
                "%(who)s: was signed or noted of %(name)s", who=row.attendance_id.display_name, name=row.person_name
            )
            for row in signatures.filtered("person_name")
            if not set(plain_words(row.person_name)) & set(plain_words(row.attendance_id.partner_id.name or ""))
        ]

    def action_pope_check_attendance(self):
        """Anyone of the team sees whether what was signed is still as it was signed."""
        self.check_access("read")
        self.env["pope.attendance"].check_access("read")
        for event in self:
            faults = event._pope_attendance_faults()
            count = self.env["pope.attendance.signature"].search_count([("event_id", "=", event.id)])
            if faults:
                message = self.env._("Attendance was changed after it was signed. ") + " · ".join(faults)
            else:
                message = self.env._("Nothing was changed: %(count)s rows are as they were signed.", count=count)
        return event._pope_said(message, warning=bool(faults))
