import base64
from datetime import timedelta

from odoo import api, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import hash_sign

from .pope_attendance_sign import KEY
from .pope_training_enrolment_sign import LINK_DAYS, _read_token

DOOR = "pope.training.door"
TRAINER = "pope.training.trainer"
STATUSES = ("present", "late", "left_early", "excused", "absent")


class EventEvent(models.Model):
    """The session's own pages: the QR code that people scan at the door, and the page of who trains."""

    _inherit = "event.event"

    def _pope_link_end(self):
        return max(self.date_end, self.env.cr.now()) + timedelta(days=LINK_DAYS)

    def _pope_door_url(self):
        """Where the QR code leads: a short cut, that lets nobody in by itself."""
        # sudo: the secret of the database signs
        token = hash_sign(self.sudo().env, DOOR, [self.id], expiration=self._pope_link_end())
        return f"{self.get_base_url()}/pope/emargement/seance/{token}"

    def _pope_trainer_url(self, partner):
        # sudo: as above
        token = hash_sign(self.sudo().env, TRAINER, [self.id, partner.id], expiration=self._pope_link_end())
        return f"{self.get_base_url()}/pope/emargement/animation/{token}"

    def _pope_door_png(self):
        """The QR code of the door."""
        return self._pope_qr_png(self._pope_door_url())

    @api.model
    @tools.ormcache("url")
    def _pope_qr_png(self, url):
        """Drawn once for all who open the page."""
        return base64.b64encode(self.env["ir.actions.report"].barcode("QR", url, width=280, height=280))

    @api.model
    @api.private
    def _pope_find_by_door(self, token):
        # sudo: visitors have no access to the model; the token is their key
        event = self.sudo().browse(_read_token(self, DOOR, token, 1)).exists()
        return event.filtered(lambda event: event.active and event.pope_kind)

    @api.model
    @api.private
    def _pope_find_by_trainer(self, token):
        """The session and the person who trains, or two empty sets."""
        event_id, partner_id = _read_token(self, TRAINER, token, 2) or (False, False)
        # sudo: as above
        event = self.sudo().browse(event_id or []).exists().filtered(lambda event: event.active and event.pope_kind)
        partner = event.env["res.partner"].browse(partner_id or []).exists().filtered("active")
        if not event or partner not in event._pope_who_may_call(partner):
            return event.browse(), partner.browse()
        return event, partner

    def _pope_who_may_call(self, partner):
        """Those who may call the roll: who trains in a half-day that is held, who is in charge, and the team."""
        slots = self.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
        return slots.trainer_id | self._pope_team_of(partner)

    def _pope_team_of(self, partner):
        """The person, where they are in charge of the session or of the team of its company; else nobody."""
        users = partner.user_ids.filtered(lambda user: user.has_group("pope_crm.group_pope_user"))
        team = users.filtered(lambda user: not self.company_id or self.company_id in user.company_ids).partner_id
        return partner & (self.user_id.partner_id | team)

    def _pope_slots_of(self, partner):
        """The half-days of who trains; all of them for the team."""
        slots = self.pope_slot_ids.filtered(lambda slot: slot.state == "planned").sorted("date_begin")
        return slots if self._pope_team_of(partner) else slots.filtered(lambda slot: slot.trainer_id == partner)

    @api.private
    def _pope_trainer_page(self, partner, form):
        """What the page of who trains shows.

        :param dict form: texts by field name
        """
        now = self.env.cr.now()
        slots = self._pope_slots_of(partner)
        asked = slots.filtered(lambda slot: str(slot.id) == form.get("slot"))
        slot = asked or slots.filtered(lambda slot: slot._window()[1] >= now)[:1] or slots[-1:]
        rows = slot.attendance_ids.filtered(lambda row: row.enrolment_id._is_enrolled() or row.signature_ids)
        return {
            "event": self,
            "company": self.company_id or self.env.company,
            "trainer": partner,
            "slots": slots,
            "slot": slot,
            "begun": slot and slot._window()[0] <= now,
            "may_close": slot and slot.date_begin <= now,
            "rows": rows.sorted(lambda row: (row.enrolment_id.display_name or "").casefold()),
            "seals": slot.seal_ids,
            "qr": f"data:image/png;base64,{self._pope_door_png().decode()}",
        }

    @api.private
    def _pope_trainer_answer(self, partner, form, **trace):
        """Do what who trains asked for.

        :return: what was done: noted or sealed
        :raises UserError: what they should do instead
        """
        slot = self._pope_slots_of(partner).filtered(lambda slot: str(slot.id) == form.get("slot"))
        if not slot:
            raise ValidationError(self.env._("Choose a half-day of yours."))
        if form.get("row"):
            row = slot.attendance_ids.filtered(lambda row: str(row.id) == form["row"])
            if not row or form.get("status") not in STATUSES:
                raise ValidationError(self.env._("Choose a person and a status."))
            digits = form.get("minutes") or ""
            timed = form["status"] in ("late", "left_early") and digits.isdecimal() and len(digits) < 4
            row._set_status(form["status"], int(digits) if timed else 0, mode="device", author=partner.name, **trace)
            return "noted"
        key = form.get("key") or ""
        values = self.env["pope.attendance"]._signed_by(form, partner.name)
        if KEY.fullmatch(key):
            values["key"] = f"slot {slot.id}:{key}"
        slot._certify(values, partner.name, **trace)
        return "sealed"

    # --- In the team's screens ---

    def action_pope_today(self):
        """The QR code of the door, and the page to call the roll from."""
        self.ensure_one()
        self.check_access("write")
        self.env["pope.attendance"].check_access("read")
        if not self._pope_ready_to_sign():
            raise UserError(self.env._("This session has no half-day yet: lay them out first."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Attendance of the Day"),
            "res_model": "event.event",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("pope_training.event_event_view_form_today").id, "form")],
            "target": "new",
        }

    def action_pope_call_roll(self):
        self.ensure_one()
        self.check_access("write")
        url = self._pope_trainer_url(self.env.user.partner_id)
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def action_pope_send_sign_links(self):
        """Each person who is enrolled receives their own link, at once."""
        self.check_access("write")
        self.env["pope.training.enrolment"].check_access("write")
        self._pope_ready_to_sign()
        # sudo: the access was checked just above; the mail engine writes its own rows
        enrolments = self.env["pope.training.enrolment"].sudo().search([("event_id", "in", self.ids)])
        rows = enrolments.filtered(lambda enrolment: enrolment._is_enrolled())._tell("sign_link")
        unreached = rows.filtered(lambda row: not row.email)
        message = self.env._("Links that leave now: %(count)s.", count=len(rows - unreached))
        if unreached:
            names = ", ".join(unreached.partner_id.mapped("name"))
            message += " " + self.env._("Without an e-mail address: %(names)s.", names=names)
        return self._pope_said(message, warning=bool(unreached))
