import logging
import secrets
import time
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, hash_sign, verify_hash_signed

from ..core.form_text import texts

_logger = logging.getLogger(__name__)

STAMP_HOURS = 24  # how long a page may stay open
FASTEST_SECONDS = 3  # nobody reads, fills in and sends a page faster
DOUBLE_MINUTES = 15  # the same content within these is one message
HOURLY_LIMIT = 60  # messages an hour for a team: more is a flood
DAILY_LIMIT = 5  # messages a day from one address or phone
LENGTHS = {"first_name": 80, "last_name": 80, "email": 254, "phone": 30, "town_text": 80, "message": 4000}


class TooManyMessages(UserError):
    """The form takes nothing more for the moment."""


class Intake(models.Model):
    """The public form of first contact: no log-in, no third party, and nothing but texts comes in."""

    _inherit = "pope.intake"

    @api.model
    @api.private
    def _form_stamp(self):
        """Goes with each page shown: signed, it says when, and is like no other."""
        # sudo: the secret of the database signs
        return hash_sign(
            self.sudo().env, "pope.intake", [int(time.time()), secrets.token_hex(8)], expiration_hours=STAMP_HOURS
        )

    @api.model
    def _read_stamp(self, stamp):
        """Seconds since the page was shown and its unlike mark; None where the stamp is not ours, or too old."""
        try:
            shown, mark = verify_hash_signed(self.sudo().env, "pope.intake", stamp)  # sudo: as it was signed
        except (ValueError, TypeError):
            return None
        return time.time() - shown, mark

    @api.model
    @api.private
    def _receive_form(self, team, form):
        """Take in what a visitor sent.

        :param team: the team whose form it is
        :param dict form: what the page sent, whoever wrote it
        :raises ValidationError: a sentence a line for what the visitor must correct; nothing is written
        :raises TooManyMessages: the form is closed for the moment
        """
        form = texts(form)
        if form.get("website"):  # people do not see this field, robots fill it in
            _logger.info("A form of first contact was filled in by a robot")
            return
        values = self._form_values(team, form)
        stamp = self._read_stamp(form.get("stamp") or "")
        if stamp is None:
            raise ValidationError(self.env._("This page stayed open for a long time. Please press “Send” again."))
        age, mark = stamp
        if age < FASTEST_SECONDS:
            raise ValidationError(self.env._("That was very fast. Please press “Send” again."))
        # sudo: visitors have no access to what is to sort, not even to count it
        Intake = self.sudo().with_company(team.company_id).with_context(mail_create_nosubscribe=True)
        values |= {"source": "form", "team_id": team.id, "notice_date": team.pope_notice_date, "key": mark}
        if Intake._is_double(values):
            return
        Intake._check_flood(values)
        try:
            with self.env.cr.savepoint():
                Intake.create(values)
        except UniqueViolation:  # a second click of the same page, at the same moment
            _logger.info("A form of first contact was sent twice")

    @api.model
    def _form_values(self, team, form):
        """What is kept of a form.

        :raises ValidationError: a sentence a line for what must be corrected
        """
        errors = self._form_errors(team, form)
        values = {name: form.get(name) or False for name in LENGTHS}
        labels = self.sudo().fields_get(list(LENGTHS), ["string"])  # sudo: the words of the page
        for name, length in LENGTHS.items():
            if values[name] and len(values[name]) > length:
                label = labels[name]["string"]
                errors.append(self.env._("%(label)s: %(length)s characters at most.", label=label, length=length))
            if values[name] and name != "message":
                values[name] = " ".join(values[name].split()) or False
        if not values["first_name"] and not values["last_name"]:
            errors.append(self.env._("Tell us your name."))
        if not values["email"] and not values["phone"]:
            errors.append(self.env._("Tell us how to reach you: an e-mail address, or a phone number."))
        if values["email"] and not email_normalize(values["email"]):
            errors.append(self.env._("The e-mail address is not complete."))
        if values["phone"] and sum(character.isdigit() for character in values["phone"]) < 6:
            errors.append(self.env._("The phone number is not complete."))
        if errors:
            raise ValidationError("\n".join(errors))
        Partner = self.env["res.partner"]
        kind = self._form_kinds().filtered(lambda kind: str(kind.id) == form.get("structure_type_id"))
        return values | {
            "name": Partner._pope_full_name(values["first_name"], values["last_name"]),
            "structure_type_id": kind.id,
        }

    @api.model
    def _form_errors(self, team, form):
        """What is wrong in the fields that others add to the form, a sentence each."""
        return []

    @api.model
    @api.private
    def _form_kinds(self):
        """The kinds of places that the page proposes."""
        # sudo: visitors read this list on the page
        return self.env["pope.structure.type"].sudo().search([("active", "=", True)])

    @api.model
    def _form_same(self):
        """The fields whose content makes two sendings one message."""
        return ["team_id", "name", "email", "phone", "message"]

    @api.model
    def _is_double(self, values):
        """The same content from the same person a moment ago: a second click, a page sent again."""
        recent = ("create_date", ">=", self.env.cr.now() - timedelta(minutes=DOUBLE_MINUTES))
        same = [(name, "=", values[name]) for name in self._form_same()]
        return bool(self.search_count(["|", ("key", "=", values["key"]), "&", recent, *["&"] * (len(same) - 1), *same]))

    @api.model
    def _check_flood(self, values):
        """By what arrived, not by the visitor's network address: several people share one, robots have many."""
        now = self.env.cr.now()
        own = [("source", "=", "form"), ("team_id", "=", values["team_id"])]
        day = [*own, ("create_date", ">=", now - timedelta(days=1))]
        email, phone = email_normalize(values["email"] or ""), values["phone"]
        if (
            self.search_count([*own, ("create_date", ">=", now - timedelta(hours=1))], limit=HOURLY_LIMIT)
            >= HOURLY_LIMIT
            or (email and self.search_count([*day, ("email_normalized", "=", email)]) >= DAILY_LIMIT)
            or (phone and self.search_count([*day, ("phone", "=", phone)]) >= DAILY_LIMIT)
        ):
            raise TooManyMessages(
                self.env._(
                    "Many messages have arrived and we have not read them all yet. Please call us, or try later."
                )
            )
