import logging

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from odoo.addons.pope_crm.models.pope_intake_form import FASTEST_SECONDS

from .pope_quality_feedback import AUTHORS

_logger = logging.getLogger(__name__)

LENGTHS = {"name": 80, "email": 254, "phone": 30, "training": 200, "message": 4000}
RESTRICTED = "violence"  # what only the small group reads


class QualityFeedback(models.Model):
    """The public page where anybody complains: no log-in, and nothing but texts comes in."""

    _inherit = "pope.quality.feedback"

    @api.model
    @api.private
    def _page_authors(self):
        """Who may say they are on the page: code and words."""
        words = dict(self._fields["author_kind"]._description_selection(self.env))
        return [(code, words[code]) for code, _label in AUTHORS if code not in ("team", "prescriber")]

    @api.model
    @api.private
    def _receive_complaint(self, company, form):
        """Take in what a visitor sent.

        :param company: the company whose page it is
        :param dict form: texts by field name, whoever wrote them
        :return: the reference to keep, or an empty text where the matter goes to the restricted register
        :raises ValidationError: a sentence a line for what the visitor must correct; nothing is written
        :raises TooManyMessages: the page is closed for the moment
        """
        if form.get("website"):  # people do not see this field, robots fill it in
            _logger.info("A complaint was filled in by a robot")
            return ""
        values = self._page_values(form)
        stamp = self.env["pope.intake"]._read_stamp(form.get("stamp") or "")
        if stamp is None:
            raise ValidationError(self.env._("This page stayed open for a long time. Please press “Send” again."))
        age, mark = stamp
        if age < FASTEST_SECONDS:
            raise ValidationError(self.env._("That was very fast. Please press “Send” again."))
        restricted = form.get("matter") == RESTRICTED
        # sudo: visitors have no access to the registers, not even to count them
        Register = self.env["pope.quality.report" if restricted else self._name].sudo().with_company(company)
        if found := Register.search([("key", "=", mark)], limit=1):
            return "" if restricted else found.reference
        Register._check_flood(company, values["author_email"])
        try:
            with self.env.cr.savepoint():
                record = Register.with_context(mail_create_nosubscribe=True, mail_notrack=True).create(
                    {**Register._page_record(values), "company_id": company.id, "channel": "page", "key": mark}
                )
        except UniqueViolation:  # a second click of the same page, at the same moment
            _logger.info("A complaint was sent twice")
            return ""
        if restricted:
            return ""  # no e-mail either: somebody else may read the box
        record._acknowledge_by_mail()
        return record.reference

    def _acknowledge_by_mail(self):
        """The queue tells the person that their message arrived, and when they are answered; nothing that was typed
        goes out again, or the page would write for strangers."""
        template = self.env.ref("pope_training.mail_template_feedback_received", raise_if_not_found=False)
        if self.author_email and template:
            self._note_sending("acknowledge")
            template.send_mail(self.id, force_send=False, email_values={"email_to": self.author_email})
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _page_values(self, form):
        texts = {name: " ".join((form.get(name) or "").split()) for name in LENGTHS}
        texts["message"] = (form.get("message") or "").strip()
        errors = []
        if any(len(texts[name]) > length for name, length in LENGTHS.items()):
            errors.append(self.env._("One of the answers is too long."))
        if not texts["message"]:
            errors.append(self.env._("Tell us what happened."))
        if not texts["name"]:
            errors.append(self.env._("Tell us your name."))
        if not texts["email"] and not texts["phone"]:
            errors.append(self.env._("Tell us how to reach you: an e-mail address, or a phone number."))
        if texts["email"] and not email_normalize(texts["email"]):
            errors.append(self.env._("The e-mail address is not complete."))
        if errors:
            raise ValidationError("\n".join(errors))
        kind = form.get("author_kind")
        return {
            "author_kind": kind if kind in dict(self._page_authors()) else "other",
            "author_name": texts["name"],
            "author_email": email_normalize(texts["email"]) or False,
            "author_phone": texts["phone"] or False,
            "training": texts["training"],
            "description": texts["message"],
        }

    @api.model
    def _page_record(self, values):
        """A complaint of who wrote it; the person is theirs only when address and name agree."""
        training = values["training"]
        wanted = (values["author_email"], values["author_phone"], values["author_name"])
        person = self.env["res.partner"]._pope_find_people([wanted], self.env.company)[wanted]
        subject = training or values["description"].splitlines()[0]
        return {
            **{name: value for name, value in values.items() if name != "training"},
            "name": subject[:100],
            "partner_id": person.id,
            "user_id": False,
        }
