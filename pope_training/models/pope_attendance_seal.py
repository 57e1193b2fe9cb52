import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import attendance_seal

FORM = 1  # of the hash: empty before there were any
ABOUT = ("event_id", "slot_id", "number", "kind", "date", "hash_form")
LOT = 20  # sessions that the cron seals before it commits


class AttendanceSeal(models.Model):
    """Closes what was signed in a half-day: its hashes in order, with the seal before it in the session."""

    _name = "pope.attendance.seal"
    _description = "Attendance Seal"
    _order = "event_id, number"
    _rec_name = "number"

    event_id = fields.Many2one("event.event", string="Session", required=True, ondelete="restrict", readonly=True)
    slot_id = fields.Many2one(
        "pope.training.slot", string="Half-Day", required=True, ondelete="restrict", readonly=True, index=True
    )
    company_id = fields.Many2one(related="slot_id.company_id", store=True)
    number = fields.Integer(required=True, readonly=True)
    date = fields.Datetime(string="Sealed On", required=True, readonly=True)
    kind = fields.Selection(
        [("trainer", "By the trainer"), ("window", "At the end of the window")], required=True, readonly=True
    )
    former_hash = fields.Char(string="Seal Before", required=True, readonly=True)
    content = fields.Text(string="What It Closes", required=True, readonly=True)
    row_hash = fields.Char(string="Seal", required=True, readonly=True)
    hash_form = fields.Integer(readonly=True, help="What its hash is over.")
    short_hash = fields.Char(string="Seal, in Short", compute="_compute_short_hash")
    signature_ids = fields.Many2many("pope.attendance.signature", string="Signatures", readonly=True)

    _number_unique = models.UniqueIndex("(event_id, number)", "This seal has another number in its session.")

    @api.depends("row_hash")
    def _compute_short_hash(self):
        for seal in self:
            seal.short_hash = attendance_seal.short(seal.row_hash or "")

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(self.env._("A seal is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A seal is never deleted."))

    @api.model
    @api.private
    def _seal(self, slots, kind):
        """Close what no seal of these half-days has closed yet.

        :param kind: trainer or window
        :return: the seals, one a half-day; none where nothing was to close
        """
        # sudo: a seal follows from what is signed, whoever signs last
        Seal = self.sudo()
        # of two who seal one session at once the second one begins again, and follows the first
        slots.event_id._pope_hold_seats()
        loose = Seal.env["pope.attendance.signature"].search([("slot_id", "in", slots.ids), ("seal_ids", "=", False)])
        last = {}
        for seal in Seal.search([("event_id", "in", slots.event_id.ids)]):
            last[seal.event_id] = (seal.number, seal.row_hash)
        values_list = []
        for slot, rows in loose.grouped("slot_id").items():
            number, former = last.get(slot.event_id, (0, attendance_seal.FIRST))
            values = Seal._values(slot, rows.sorted("id"), number + 1, former, kind)
            last[slot.event_id] = (number + 1, values["row_hash"])
            values_list.append(values)
        return Seal.create(values_list)

    @api.model
    def _values(self, slot, rows, number, former, kind="window"):
        lines = [(row.id, row.row_hash, row._label()) for row in rows]
        values = {
            "event_id": slot.event_id.id,
            "slot_id": slot.id,
            "number": number,
            "date": self.env.cr.now().replace(microsecond=0),
            "kind": kind,
            "former_hash": former,
            "content": attendance_seal.canonical(lines),
            "signature_ids": [fields.Command.set(rows.ids)],
            "hash_form": FORM,
        }
        return {**values, "row_hash": attendance_seal.seal_hash(former, lines, self._about(values))}

    @api.model
    def _about(self, values):
        """What is hashed with the lines."""
        told = {name: values[name] for name in ("event_id", "slot_id", "number", "kind", "hash_form")}
        return {**told, "date": fields.Datetime.to_string(values["date"])}

    def _found(self):
        """The seal for the check, as it stands."""
        self.ensure_one()
        return attendance_seal.Seal(
            self.number,
            self.slot_id.id,
            self.date,
            self.former_hash,
            _lines(self.content),
            self.row_hash,
            set(self.signature_ids.ids),
            self._about({name: self._fields[name].convert_to_write(self[name], self) for name in ABOUT})
            if self.hash_form
            else None,
        )

    @api.model
    def _cron_seal(self):
        """What was signed in half-days whose window is over, and what phones sent since."""
        Signature = self.env["pope.attendance.signature"]
        now = self.env.cr.now()
        loose = Signature.search_fetch([("seal_ids", "=", False), ("slot_id.date_end", "<", now)], ["slot_id"])
        over = loose.slot_id.filtered(lambda slot: slot._window()[1] < now)
        sessions = list(over.grouped("event_id").values())
        for start in range(0, len(sessions), LOT):
            lot = sessions[start : start + LOT]
            slots = over.browse(slot.id for group in lot for slot in group)
            slots._close("window")
            self.env["ir.cron"]._commit_progress(len(lot), remaining=len(sessions) - start - len(lot))


def _lines(content):
    """The lines of a seal; none where somebody made its text unreadable."""
    try:
        return [tuple(line) for line in json.loads(content)]
    except (TypeError, ValueError):
        return []
