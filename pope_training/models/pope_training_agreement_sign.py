from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, hash_sign

from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages

from .pope_training_enrolment_sign import CODE_MINUTES, CODE_TRIES, DAILY_CODES, HOURLY_REFUSALS, _read_token

SCOPE = "pope.training.agreement"
LINK_DAYS = 30
REASON_LENGTH = 200


class TrainingAgreement(models.Model):
    """Signing on line: a personal link by e-mail, a code sent to the same address, and a proof that stays."""

    _inherit = "pope.training.agreement"

    signature_ids = fields.One2many("pope.training.agreement.signature", "agreement_id", string="Proof", readonly=True)
    news_count = fields.Integer(string="News Told", readonly=True, copy=False, help="Each e-mail has its number.")
    notification_ids = fields.One2many("pope.notification", "agreement_id", string="E-mails")
    code_tries = fields.Integer(readonly=True, copy=False, groups="base.group_system")
    refused_count = fields.Integer(readonly=True, copy=False, groups="base.group_system")
    refused_since = fields.Datetime(readonly=True, copy=False, groups="base.group_system")

    # What the mail engine asks of any source
    pope_structure_type_id = fields.Many2one("pope.structure.type", compute="_compute_pope_structure_type_id")

    def _compute_pope_structure_type_id(self):
        self.pope_structure_type_id = False

    def _pope_entry_number(self):
        return self.news_count

    # --- Sending ---

    def action_send(self):
        """Number it, freeze its text, and send the link to who signs."""
        self.check_access("write")
        if nobody := self.filtered(lambda row: not email_normalize(row.signatory_id.email or "")):
            raise UserError(
                self.env._(
                    "%(name)s has no e-mail address: write one, or have it signed on paper.",
                    name=nobody[0].signatory_id.name or nobody[0].partner_id.name,
                )
            )
        self._issue()
        self._tell("agreement_link")
        return self._said(self.env._("The link to sign leaves now."))

    @api.private
    def _tell(self, trigger):
        # sudo: e-mails are counted by who sends them alone
        for agreement in self.sudo():
            agreement.news_count += 1
        return self.env["pope.notification.rule"]._for_trigger(trigger, "agreement")._plan(self)

    def _still_wants(self, trigger):
        """Whether its e-mail still holds when it is about to leave."""
        if trigger == "agreement_withdrawn":
            return self.state == "withdrawn"
        if trigger == "agreement_signed":
            return self.state == "signed"
        return self.state in ("sent", "signed")

    # --- The link ---

    def _signing_token(self):
        expiration = self.env.cr.now() + timedelta(days=LINK_DAYS)
        # sudo: the secret of the database signs
        return hash_sign(self.sudo().env, SCOPE, [self.id, self.signatory_id.id], expiration=expiration)

    def _sign_url(self):
        return f"{self.get_base_url()}/pope/signature/{self._signing_token()}"

    @api.model
    @api.private
    def _find_by_sign_token(self, token):
        """What the link is about, or an empty set: not ours, too old, replaced, or of somebody else since."""
        agreement_id, signatory_id = _read_token(self, SCOPE, token, 2) or (False, False)
        # sudo: visitors have no access to the model; the token is their key
        row = self.sudo().browse(agreement_id or []).exists()
        return row.filtered(
            lambda row: (
                row.state in ("sent", "signed", "refused", "withdrawn")
                and row.signatory_id.id == signatory_id
                and row.signatory_id.active
                and not row.signatory_id.pope_anonymised_date
            )
        )

    @api.private
    def _sign_page(self):
        self.ensure_one()
        return {
            "agreement": self,
            "company": self.company_id,
            "signer": self.signatory_id.name,
            "coded": bool(self._codes(self.env.cr.now() - timedelta(minutes=CODE_MINUTES))),
            "may_withdraw": self._may_withdraw(self._today()),
        }

    @api.private
    def _answer(self, form):
        """Do what the person asked for on the page.

        :param dict form: texts by field name
        :raises UserError: what they should do instead
        :return: what was done: code, signed, refused or withdrawn
        """
        self.ensure_one()
        self._check_refusals()
        if form.get("do") == "code":
            self._send_code()
            return "code"
        if form.get("do") == "sign" and self.state == "signed":
            return "signed"
        if form.get("do") not in ("sign", "refuse", "withdraw"):
            raise ValidationError(self.env._("The page is not complete. Open your link again."))
        if form["do"] == "withdraw":
            if not self._may_withdraw(self._today()):
                raise ValidationError(self.env._("The withdrawal period is over. Write to us, or call us."))
        elif self.state != "sent":
            raise ValidationError(self.env._("There is nothing to sign any more. Write to us, or call us."))
        if form.get("text") != self.document_id.fingerprint:
            raise ValidationError(self.env._("The text has changed since you opened this page. Please read it again."))
        self._check_code(form.get("code"))
        reason = " ".join((form.get("reason") or "").split())[:REASON_LENGTH]
        proof = {"channel": "online", "email": self.signatory_id.email}
        if form["do"] == "refuse":
            self._refuse(reason, **proof)
            return "refused"
        if form["do"] == "withdraw":
            self._withdraw(self._today(), reason, **proof)
            return "withdrawn"
        proof |= self.env["pope.attendance"]._signed_by(form, self.signatory_id.name)
        self._sign(self._today(), is_remote=True, **proof)
        return "signed"

    # --- The code ---

    def _send_code(self):
        if len(self._codes(self.env.cr.now() - timedelta(days=1))) >= DAILY_CODES:
            raise TooManyMessages(self.env._("Too many codes for today. Please try tomorrow, or call us."))
        self.code_tries = 0
        self._tell("agreement_code")

    def _codes(self, since):
        """The codes that were asked for since then, to answer to the text that stands."""
        since = max(since, self.document_id.create_date or since)
        return self.env["pope.notification"].search(
            [
                ("agreement_id", "=", self.id),
                ("rule_id.trigger", "=", "agreement_code"),
                ("create_date", ">=", since),
            ],
            order="id desc",
        )

    def _check_code(self, code):
        last = self._codes(self.env.cr.now() - timedelta(minutes=CODE_MINUTES))[:1]
        if not last or self.code_tries >= CODE_TRIES or not last._is_code(code or ""):
            raise WrongCode(self.env._("This code is not right, or too old. Ask for another one."))

    def _check_refusals(self):
        since = self.refused_since
        if since and since > self.env.cr.now() - timedelta(hours=1) and self.refused_count >= HOURLY_REFUSALS:
            raise TooManyMessages(self.env._("Too many tries. Please wait an hour, or call us."))

    @api.private
    def _note_refusal(self, wrong_code):
        """One more sending of this link that was refused, within the hour."""
        now = self.env.cr.now()
        fresh = self.refused_since and self.refused_since > now - timedelta(hours=1)
        self.refused_count = self.refused_count + 1 if fresh else 1
        if not fresh:
            self.refused_since = now
        self.code_tries += wrong_code

    # --- What becomes of it ---

    @api.private
    def _sign(self, day, is_remote, **proof):
        """It is signed, on line or on paper.

        :param day: the day that it bears
        :param is_remote: concluded at a distance
        :param proof: what the proof keeps
        """
        self.ensure_one()
        if self.state != "sent":
            raise UserError(self.env._("Only what was sent is signed."))
        self._prove("signed", day, **proof)
        self._close("signed", date_signed=day, is_remote=is_remote)
        self.message_post(body=self.env._("Signed by %(name)s.", name=self.signatory_id.name))
        self._tell("agreement_signed")
        if self.kind == "subcontracting":
            self._file_trainer_paper(day)

    def _file_trainer_paper(self, day):
        """The contract of who trains is one of their papers, once it is signed."""
        # sudo: whoever signs from a link files it
        files = self.sudo().scan_ids or self.sudo().document_id.attachment_id
        self.env["pope.trainer.paper"].sudo().create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "kind": "contract",
                "name": self.number,
                "date": day,
                "date_expiry": self.company_id._pope_day_of(self.event_id.date_end),
                "attachment_ids": [Command.set(files.ids)],
                "user_id": (self.user_id or self.event_id.user_id).id,
            }
        )

    @api.private
    def _refuse(self, reason, **proof):
        self._prove("refused", self._today(), reason=reason, **proof)
        self._close("refused", refusal=reason)
        self.message_post(body=self.env._("Refused by %(name)s.", name=self.signatory_id.name))
        self._warn(self.env._("Refused: %(name)s", name=self.display_name))

    def _prove(self, act, day, **proof):
        # sudo: nobody writes proofs by hand
        self.env["pope.training.agreement.signature"].sudo().create(
            {"agreement_id": self.id, "act": act, "day": day, "signer": self.signatory_id.name, **proof}
        )

    def _warn(self, summary):
        """Who is in charge is told, and has something to do."""
        user = self.user_id or self.event_id.user_id
        if user:
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=user.id)


class WrongCode(ValidationError):
    """The code that was typed is not the one that was sent."""
