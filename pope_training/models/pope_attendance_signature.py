from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.pope_crm.core.form_text import clean

from ..core import attendance_seal
from .pope_attendance import AWAY, HERE, MODES, STATUSES

FORM = 1  # of the hash: empty before there were any
USER_AGENT = 250  # characters that are kept
UNSEEN = "unseen"  # key of an absence that nobody noted; no page sends one as short


class AttendanceSignature(models.Model):
    """What was signed or noted, once and for all: nobody changes or deletes it, whoever they are.

    Its hash is over what stands here; of the drawing, the names, the address and the browser it takes their own hash,
    so that they can be forgotten with their person while the rest still proves the half-day.
    """

    _name = "pope.attendance.signature"
    _description = "Attendance Signature"
    _order = "id"
    _rec_name = "date"

    slot_id = fields.Many2one("pope.training.slot", string="Half-Day", required=True, ondelete="restrict", index=True)
    attendance_id = fields.Many2one(
        "pope.attendance",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty where the trainer certifies the half-day.",
    )
    event_id = fields.Many2one(related="slot_id.event_id", store=True, index=True)
    company_id = fields.Many2one(related="slot_id.company_id", store=True)
    kind = fields.Selection(
        [("signature", "Signature"), ("status", "Noted by the team"), ("countersign", "The trainer certifies")],
        required=True,
        readonly=True,
    )
    status = fields.Selection(STATUSES, readonly=True)
    minutes_missed = fields.Integer(readonly=True)
    mode = fields.Selection(MODES, string="How", readonly=True)
    method = fields.Selection(
        [("drawn", "Drawn"), ("name", "Name typed")], readonly=True, help="Empty where nobody signed."
    )
    reason = fields.Char(readonly=True)
    author = fields.Char(string="By", readonly=True, help="Who noted it, or certified the half-day.")
    date = fields.Datetime(string="Server's Hour", required=True, readonly=True)
    date_device = fields.Datetime(string="Phone's Hour", readonly=True)
    is_late = fields.Boolean(string="After the Window", readonly=True)
    is_network = fields.Boolean(string="Network", readonly=True)
    image = fields.Binary(string="Drawing", attachment=False, readonly=True)
    name_typed = fields.Char(readonly=True)
    person_name = fields.Char(string="Name Then", readonly=True, help="Of the person that it is about.")
    ip = fields.Char(string="Network Address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)
    proof_hash = fields.Char(string="Hash of the Drawing", required=True, readonly=True)
    row_hash = fields.Char(string="Hash", required=True, readonly=True)
    hash_form = fields.Integer(readonly=True, help="What its hash is over: since 1, the hours and the name too.")
    date_forgotten = fields.Datetime(string="Drawing Erased On", readonly=True)
    key = fields.Char(readonly=True, help="What is sent twice by a phone is written once.")
    seal_ids = fields.Many2many("pope.attendance.seal", readonly=True)

    _key_unique = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This signature was sent already.")
    _signature_unique = models.UniqueIndex(
        "(attendance_id) WHERE kind = 'signature'", "This half-day is signed already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        slots = self.env["pope.training.slot"].browse(values["slot_id"] for values in vals_list)
        for values, slot in zip(vals_list, slots, strict=True):
            values["date"] = self.env.cr.now().replace(microsecond=0)
            values["user_agent"] = clean(values.get("user_agent") or "")[:USER_AGENT] or False
            row = self.env["pope.attendance"].browse(values.get("attendance_id"))
            values.update(person_name=row.enrolment_id.partner_id.name, hash_form=FORM)
            values["proof_hash"] = attendance_seal.row_hash(self._proof(values))
            values["row_hash"] = attendance_seal.row_hash(self._content(values, slot))
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(self.env._("What was signed or noted is never changed: note what is true now, both stay."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was signed or noted is never deleted: it proves the training."))

    @api.model
    def _proof(self, values):
        """What tells who held the pen."""
        image = values.get("image") or b""
        image = image if isinstance(image, bytes) else image.encode()
        names = ("name_typed", "ip", "user_agent", *(("person_name",) if values.get("hash_form") else ()))
        texts = {name: values.get(name) or "" for name in names}
        return {**texts, "image": attendance_seal.digest(image)}

    @api.model
    def _content(self, values, slot):
        """What is hashed: the row, and when its half-day was."""
        texts = ("kind", "status", "mode", "method", "reason", "author", "proof_hash", "key")
        moments = {name: values.get(name) for name in ("date", "date_device")}
        return {
            **{name: values.get(name) or "" for name in texts},
            **{name: (moment and fields.Datetime.to_string(moment)) or "" for name, moment in moments.items()},
            "minutes_missed": values.get("minutes_missed") or 0,
            "is_late": bool(values.get("is_late")),
            "is_network": bool(values.get("is_network")),
            "attendance": values.get("attendance_id") or 0,
            "slot": slot.id,
            "begin": fields.Datetime.to_string(slot.date_begin),
            "end": fields.Datetime.to_string(slot.date_end),
            **({"hours": f"{slot.hours:.4f}", "form": values["hash_form"]} if values.get("hash_form") else {}),
        }

    def _found(self):
        """The row for the check of the seals: the hash that stands, and the one that its content has."""
        self.ensure_one()
        names = ("kind", "status", "mode", "method", "reason", "author", "proof_hash", "key", "date", "date_device")
        values = {name: self[name] for name in (*names, "minutes_missed", "is_late", "is_network", "hash_form")}
        proof = attendance_seal.row_hash(self._proof({name: self[name] for name in PROOF}))
        # what was erased with its person cannot be compared any more; only then
        forgotten = self.date_forgotten and self.attendance_id.partner_id.pope_anonymised_date
        content = self._content({**values, "attendance_id": self.attendance_id.id}, self.slot_id)
        computed = attendance_seal.row_hash(content) if forgotten or proof == self.proof_hash else ""
        return attendance_seal.Row(self.id, self._label(), self.slot_id.id, self.date, self.row_hash, computed)

    def _label(self):
        """How a seal names the row: without a name, which may have to be forgotten."""
        return f"{self.attendance_id.id or 0}/{self.slot_id.id}"

    def _outcome(self, former):
        """What the row makes of its attendance.

        :param former: what stood before, as `_noted` of the attendance gives it
        :return: what stands after, in the same form
        """
        status, minutes, signed = self._replay(former["status"], former["minutes_missed"], former["is_signed"])
        values = {**former, "status": status, "minutes_missed": minutes, "is_signed": signed}
        if self.kind == "status":
            return {**values, "reason": self.reason, "mode": former["mode"] if former["is_signed"] else self.mode}
        reason = self.reason or former["reason"]
        return {**values, "mode": self.mode, "reason": reason, "is_late": self.is_late, "is_network": self.is_network}

    def _replay(self, status, minutes, signed):
        """The status after the row, from the one before it.

        A signature makes somebody present, keeps what is known of who came late, and does not overrule who was there
        to see. Of a phone without network, it overrules that nothing was signed when the trainer closed the half-day.
        """
        if self.kind == "status":
            return self.status, self.minutes_missed, signed
        stays = status in HERE or (status in AWAY and not (self.is_network and self._follows_unseen()))
        return (status, minutes, True) if stays else ("present", 0, True)

    def _follows_unseen(self):
        """Whether the row before it is the absence of who had not signed, that no person noted."""
        former = self.attendance_id.signature_ids.filtered(lambda row: row.id < self.id).sorted("id")[-1:]
        return former.key == f"{self.attendance_id.id}:{UNSEEN}"

    def _image_source(self):
        image = self.with_context(bin_size=False).image
        return image and f"data:image/png;base64,{image.decode()}"

    @api.private
    def _forget(self):
        """Erase what tells who signed, of somebody who is anonymised; the hashes stay, and so does what they prove."""
        # by SQL: the one change that the law asks for of a row that nothing else may change
        self.env.cr.execute(
            SQL(
                """
                UPDATE pope_attendance_signature
                   SET image = NULL, name_typed = NULL, person_name = NULL, ip = NULL, user_agent = NULL,
                       date_forgotten = %s
                 WHERE id = ANY(%s) AND date_forgotten IS NULL
                """,
                self.env.cr.now(),
                self.ids,
            )
        )
        self.invalidate_recordset()


PROOF = ("image", "name_typed", "person_name", "ip", "user_agent", "hash_form")
