import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..core.scan import is_scan
from .pope_attendance import HERE

GRACE = 30  # minutes, for an event of all companies


class TrainingSlot(models.Model):
    """A half-day that is signed: when, by whom, and closed by a seal."""

    _inherit = "pope.training.slot"

    attendance_ids = fields.One2many("pope.attendance", "slot_id")
    signature_ids = fields.One2many("pope.attendance.signature", "slot_id", string="What Was Noted")
    seal_ids = fields.One2many("pope.attendance.seal", "slot_id", string="Seals")
    scan_ids = fields.Many2many(
        "ir.attachment",
        "pope_training_slot_scan_rel",
        string="Signed Paper Sheets",
        copy=False,
        bypass_search_access=True,
    )

    def _has_attendance(self):
        # sudo: what was signed holds a half-day wherever the user may look
        return super()._has_attendance() or bool(self.sudo().signature_ids)

    def _is_held(self):
        # sudo: as above
        return super()._is_held() or bool(self.sudo().seal_ids)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_scans(vals_list)
        slots = super().create(vals_list)
        self.env["pope.attendance"]._follow(slots.event_id)
        return slots

    def write(self, vals):
        self._check_scans([vals])
        result = super().write(vals)
        if "state" in vals:
            self.env["pope.attendance"]._follow(self.event_id)
        return result

    def _check_scans(self, vals_list):
        """Sheets signed on paper are added where attendance is typed, and prove it: nobody links or takes away one."""
        if not self.env.su and any("scan_ids" in vals for vals in vals_list):
            raise UserError(self.env._("A sheet signed on paper is kept: add another one where attendance is typed."))

    def _window(self):
        """From when until when it is signed on a phone without a reason."""
        self.ensure_one()
        # sudo: a page of ours needs the minutes, not the company
        company = self.company_id.sudo()
        grace = timedelta(minutes=company.pope_sign_grace if company else GRACE)
        return self.date_begin - grace, self.date_end + grace

    def _label(self):
        """Day, half-day and hours as they are said, in the language of the context."""
        company = self.company_id or self.env.company
        halves = dict(self._fields["half"]._description_selection(self.env))
        return self.env._(
            "%(day)s, %(half)s: %(begin)s to %(end)s",
            day=company._pope_day_label(self.date_begin),
            half=halves.get(self.half, "").lower(),
            begin=company._pope_hour_label(self.date_begin),
            end=company._pope_hour_label(self.date_end),
        )

    def _short_label(self):
        halves = dict(self._fields["half"]._description_selection(self.env))
        return format_date(self.env, self.date, date_format="dd/MM"), halves.get(self.half, "")

    def _countersignature(self):
        """What the trainer signed last."""
        return self.signature_ids.filtered(lambda row: row.kind == "countersign")[-1:]

    @api.private
    def _keep_scan(self, name, content):
        """Keep the scan of a sheet that was signed on paper with its half-days.

        Its file is with what was noted from it: who reads that reads the file, and nobody changes it.
        """
        raw = base64.b64decode(content)
        if not is_scan(raw):
            raise UserError(self.env._("The scan is a PDF file or a picture."))
        for slot in self:
            noted = slot.attendance_ids.filtered("signature_ids")[:1]
            slot.scan_ids += self.env["ir.attachment"].create(
                {
                    "name": name or self.env._("Signed sheet"),
                    "raw": raw,
                    "res_model": noted._name,
                    "res_id": noted.id,
                }
            )

    # --- The trainer closes it ---

    @api.private
    def _certify(self, values, author, **trace):
        """The trainer signs for the half-day: who neither signed nor is noted was absent, and the half-day is sealed.

        :param values: what the trainer drew or typed, as a signature row keeps it
        :param author: the trainer's name
        :return: the seal; none where it came already
        """
        self.ensure_one()
        if self.state == "cancelled":
            raise UserError(self.env._("%(name)s is cancelled.", name=self.display_name))
        if self.date_begin > self.env.cr.now():
            raise UserError(self.env._("%(name)s has not begun.", name=self.display_name))
        if self._is_certified_by(values.get("key")):
            return self.seal_ids.browse()
        # sudo: the trainer has no access of their own; their link let them in
        rows = self.sudo().attendance_ids.filtered(lambda row: row.status == "todo")
        rows._note_unseen(self.env._("did not sign"), author)
        countersign = {**values, "slot_id": self.id, "kind": "countersign", "author": author, "mode": "device"}
        self.env["pope.attendance.signature"].sudo().create([{**countersign, **trace}])  # sudo: as above
        return self._close("trainer")

    def _is_certified_by(self, key):
        """Whether the trainer's device sent this already, and had no answer; of two at once the second begins again."""
        self.event_id._pope_hold_seats()
        # sudo: as above
        return bool(key) and bool(self.sudo().signature_ids.filtered(lambda row: row.key == key))

    @api.private
    def _close(self, kind):
        """Seal what is not sealed yet; who was there has come, for the event too."""
        seals = self.env["pope.attendance.seal"]._seal(self, kind)
        # sudo: the registrations follow what is signed
        here = self.sudo().attendance_ids.filtered(lambda row: row.status in HERE).enrolment_id.registration_id
        here.filtered(lambda registration: registration.state == "open").action_set_done()
        return seals
