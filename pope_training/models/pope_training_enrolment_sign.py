from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize, hash_sign, verify_hash_signed

from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages

from .pope_attendance_sign import moment_of

SCOPE = "pope.training.sign"
LINK_DAYS = 7  # after the end of the session: what a phone kept without network may still come
CODE_MINUTES = 20
CODE_TRIES = 5
DAILY_CODES = 5
HOURLY_REFUSALS = 30  # of what a link sends: more is no person


class TrainingEnrolment(models.Model):
    """The personal link by which somebody signs their half-days, and the code of who has no link at hand."""

    _inherit = "pope.training.enrolment"

    code_tries = fields.Integer(readonly=True, groups="base.group_system")
    refused_count = fields.Integer(readonly=True, groups="base.group_system")
    refused_since = fields.Datetime(readonly=True, groups="base.group_system")

    def _still_wants(self, trigger):
        if trigger in ("sign_link", "sign_code"):
            return self._is_enrolled()
        return super()._still_wants(trigger)

    # --- The link ---

    def _sign_token(self):
        expiration = max(self.event_id.date_end, self.env.cr.now()) + timedelta(days=LINK_DAYS)
        # sudo: the secret of the database signs
        return hash_sign(self.sudo().env, SCOPE, [self.id], expiration=expiration)

    def _sign_url(self):
        return f"{self.get_base_url()}/pope/emargement/{self._sign_token()}"

    @api.model
    @api.private
    def _find_by_sign_token(self, token):
        """Who followed their link, or an empty set: not ours, too old, called off, or of somebody we forgot."""
        read = _read_token(self, SCOPE, token, 1)
        # sudo: visitors have no access to the model; the token is their key
        row = self.sudo().browse(read).exists()
        return row.filtered(
            lambda row: row._is_enrolled() and row.partner_id.active and not row.partner_id.pope_anonymised_date
        )

    @api.private
    def _sign_page(self, form):
        """What the page shows: the half-day to sign now, and the others of this person only.

        :param dict form: texts by field name
        """
        self.ensure_one()
        now = self.env.cr.now()
        rows = self.attendance_ids.filtered(lambda row: row.slot_id.state == "planned").sorted("date_begin")
        windows = {row: row.slot_id._window() for row in rows}
        asked = rows.filtered(lambda row: str(row.id) == form.get("row"))
        here = rows.filtered(lambda row: windows[row][0] <= now <= windows[row][1])
        to_sign = here.filtered(lambda row: not row.is_signed)
        row = asked or to_sign[:1] or here[-1:] or rows.filtered(lambda row: windows[row][0] > now)[:1] or rows[-1:]
        return {
            "enrolment": self,
            "company": self.company_id or self.env.company,
            "event": self.event_id,
            "rows": rows,
            "row": row,
            "state": row and row._sign_state(),
            "opens": row and windows[row][0],
        }

    @api.private
    def _sign_half_day(self, form, **trace):
        """Sign the half-day that the page showed.

        :return: the row, and whether it was signed just now; no row where the team has to look at it
        """
        self.ensure_one()
        self._check_refusals()
        row = self.attendance_ids.filtered(lambda row: str(row.id) == form.get("row"))
        moment = moment_of(form.get("signed_at"))
        if not row and form.get("queued") and moment:
            self._tell_signed_elsewhere(moment)
            return row, False
        if not row:
            raise ValidationError(self.env._("This half-day is cancelled for you. You have nothing to sign."))
        return row, row._sign(form, "phone", **trace)

    def _tell_signed_elsewhere(self, moment):
        """Signed on a phone without network, then the half-day was cancelled for them: who is in charge looks at it."""
        event = self.event_id
        hour = (self.company_id or self.env.company)._pope_moment_label(moment)
        summary = self.env._(
            "%(name)s signed without network on %(hour)s a half-day that is not theirs any more.",
            name=self.display_name,
            hour=hour,
        )
        if summary not in event.activity_ids.mapped("summary"):
            user = event.user_id or event.create_uid
            event.activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=user.id)

    def _check_refusals(self):
        since = self.refused_since
        if since and since > self.env.cr.now() - timedelta(hours=1) and self.refused_count >= HOURLY_REFUSALS:
            raise TooManyMessages(self.env._("Too many tries. Please wait an hour, or speak to the trainer."))

    @api.private
    def _note_refusal(self):
        """One more sending of this link that was refused, within the hour."""
        now = self.env.cr.now()
        fresh = self.refused_since and self.refused_since > now - timedelta(hours=1)
        self.refused_count = self.refused_count + 1 if fresh else 1
        if not fresh:
            self.refused_since = now

    # --- The code ---

    @api.model
    @api.private
    def _who_may_sign(self, event):
        # sudo: visitors have no access to the model; the code of the door brought them here
        rows = self.sudo().search([("event_id", "=", event.id)])
        return rows.filtered(
            lambda row: row._is_enrolled() and row.partner_id.active and not row.partner_id.pope_anonymised_date
        )

    @api.private
    def _ask_code(self, email):
        """Send a code, and the link, to who is enrolled under this address; nobody is told whether there is one."""
        address = email_normalize(email or "")
        people = self.filtered(lambda row: address and email_normalize(row.partner_id.email or "") == address)
        for row in people.filtered(lambda row: row._codes_of_the_day() < DAILY_CODES):
            row.code_tries = 0
            row._tell("sign_code")

    def _codes(self, since):
        return self.env["pope.notification"].search(
            [("enrolment_id", "=", self.id), ("rule_id.trigger", "=", "sign_code"), ("create_date", ">=", since)],
            order="id desc",
        )

    def _codes_of_the_day(self):
        return len(self._codes(self.env.cr.now() - timedelta(days=1)))

    @api.private
    def _by_code(self, email, code):
        """Who typed the last code that was sent to this address; each wrong one counts."""
        address = email_normalize(email or "")
        since = self.env.cr.now() - timedelta(minutes=CODE_MINUTES)
        for row in self.filtered(lambda row: address and email_normalize(row.partner_id.email or "") == address):
            if row.code_tries < CODE_TRIES and (last := row._codes(since)[:1]):
                if last._is_code(code or ""):
                    return row
                row.code_tries += 1
        return self.browse()


def _read_token(model, scope, token, length):
    """The numbers that a link of ours carries; an empty list for any other text."""
    try:
        # sudo: as it was signed
        read = verify_hash_signed(model.sudo().env, scope, token)
    except (ValueError, TypeError):
        return []
    fits = isinstance(read, list) and len(read) == length and all(isinstance(number, int) for number in read)
    return read if fits else []
