import re
import unicodedata
from datetime import UTC, datetime, timedelta

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..core import signature_image
from .pope_attendance import AWAY
from .pope_attendance_signature import UNSEEN

KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
REASON_LENGTH = 200
CLOCK_SLACK = timedelta(minutes=10)  # between a phone's clock and ours


class Attendance(models.Model):
    """What a page sends when somebody signs: taken once, within the window, or later with a reason."""

    _inherit = "pope.attendance"

    @api.private
    def _sign(self, form, mode, **trace):
        """Take a signature.

        :param dict form: texts by field name, whoever wrote them
        :param mode: phone or device
        :param trace: ip and user_agent
        :raises ValidationError: what the person should do instead; nothing is written
        :return: whether it is new; sent again, it was taken already
        """
        self.ensure_one()
        key = form.get("key") or ""
        if not KEY.fullmatch(key):
            raise ValidationError(self.env._("The page is not complete. Open your link again."))
        if self.is_signed:
            return False
        values = {**self._when_signed(form), **self._drawn_or_typed(form), "key": f"{self.id}:{key}"}
        was_away = self.status in AWAY
        if was_away and not values["is_network"]:
            raise ValidationError(self.env._("You are noted absent. Speak to the trainer, who can change it."))
        # by SQL: of the same one sent twice at once, the second request begins again and finds the half-day signed;
        # left to the unique index, the address and the drawing of a person would stand in the server's log
        self.env.cr.execute(SQL("SELECT id FROM pope_attendance WHERE id = %s FOR UPDATE", self.id))
        self._note([{**values, "kind": "signature", "mode": mode}], **trace)
        if was_away:
            self._tell_signed_away()
        return True

    def _tell_signed_away(self):
        """Somebody noted absent has signed on a phone without network: who is in charge looks at it."""
        event = self.event_id
        user = event.user_id or self.slot_id.create_uid
        away = self.env._("%(name)s is noted absent and has signed without network: who is right?", name=self._who())
        here = self.env._("%(name)s did not sign in the room and has signed without network.", name=self._who())
        summary = away if self.status in AWAY else here
        event.activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=user.id)

    def _who(self):
        return f"{self.enrolment_id.display_name}, {self.slot_id.display_name}"

    @api.private
    def _note_unseen(self, reason, author):
        """The trainer closes a half-day that these people did not sign: nobody said that they were not there."""
        values = {"kind": "status", "status": "absent", "minutes_missed": 0, "mode": "device", "reason": reason}
        return self._note([{**values, "key": f"{row.id}:{UNSEEN}"} for row in self], author=author)

    def _when_signed(self, form):
        """When it was signed, and whether that was in time.

        :raises ValidationError: too early, or too late without a reason
        """
        slot, now = self.slot_id, self.env.cr.now()
        opens, closes = slot._window()
        device = moment_of(form.get("signed_at"))
        if device and device > now + CLOCK_SLACK:
            device = None  # no clock of ours
        company = slot.company_id or self.env.company
        if slot.state == "cancelled" or not self.enrolment_id._is_enrolled():
            raise ValidationError(self.env._("This half-day is cancelled for you. You have nothing to sign."))
        if now < opens:
            hour = company._pope_moment_label(opens)
            raise ValidationError(self.env._("It is too early. You can sign from %(hour)s.", hour=hour))
        late = now > closes
        network = bool(late and form.get("queued") and device and opens - CLOCK_SLACK <= device <= closes)
        reason = " ".join((form.get("reason") or "").split())[:REASON_LENGTH]
        if late and not network and not reason:
            raise ValidationError(self.env._("It is after the half-day. Tell us why you sign late."))
        if network:
            reason = self.env._("network")
        return {"date_device": device, "is_late": late, "is_network": network, "reason": reason}

    def _drawn_or_typed(self, form):
        return self._signed_by(form, self.enrolment_id.display_name)

    @api.model
    @api.private
    def _signed_by(self, form, name):
        """A drawing; or, of who cannot draw, their name typed.

        :param dict form: texts by field name
        :param name: of who signs
        :return: what a signature row keeps of it
        """
        typed = " ".join((form.get("name") or "").split())
        if typed:
            if plain_words(typed) != plain_words(name):
                raise ValidationError(self.env._("Type your name as it is written here: %(name)s.", name=name))
            return {"method": "name", "name_typed": typed}
        if not form.get("image"):
            raise ValidationError(self.env._("Sign in the frame with your finger. Or type your name."))
        try:
            image = signature_image.read(form["image"])
        except signature_image.NotASignature as error:
            raise ValidationError(self.env._("We cannot read your signature. Erase it and sign again.")) from error
        return {"method": "drawn", "image": signature_image.encode(image)}

    @api.private
    def _sign_state(self):
        """What the page lets somebody do with a half-day: signed, away, early, open or late."""
        self.ensure_one()
        now, (opens, closes) = self.env.cr.now(), self.slot_id._window()
        if self.is_signed or self.status in AWAY:
            return "signed" if self.is_signed else "away"
        return "early" if now < opens else "open" if now <= closes else "late"


def moment_of(text):
    """A moment as a phone writes it, in Greenwich time; None where it is none."""
    try:
        moment = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
        return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def plain_words(name):
    """The words of a name without accents and capitals, in any order."""
    text = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    return sorted(kept.split())
