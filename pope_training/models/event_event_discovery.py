import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from odoo.addons.pope_crm.core.form_text import texts
from odoo.addons.pope_crm.models.pope_intake_form import DAILY_LIMIT, FASTEST_SECONDS, HOURLY_LIMIT, TooManyMessages

from .event_event_meeting import PAGE_LIMIT

_logger = logging.getLogger(__name__)

LENGTHS = {"first_name": 80, "last_name": 80, "email": 254, "phone": 30, "town_text": 80}


class EventEvent(models.Model):
    """Discovery days: a page where people register without log-in."""

    _inherit = "event.event"

    pope_discovery_url = fields.Char(string="Page of the Discovery Days", compute="_compute_pope_discovery_url")

    @api.depends("pope_kind", "company_id")
    def _compute_pope_discovery_url(self):
        # sudo: the address of a page is no secret
        teams = self.env["crm.team"].sudo().search([("pope_lead_type", "=", "path")]).filtered("pope_discovery_url")
        for event in self:
            team = teams.filtered(lambda team, company=event.company_id: not company or team.company_id == company)[:1]
            event.pope_discovery_url = event.pope_kind == "discovery_day" and team.pope_discovery_url

    @api.model
    @api.private
    def _pope_days_offered(self, company):
        """The discovery days to come that people may choose, soonest first; some may be full, one that is blocked is
        for invited people only."""
        # sudo: visitors read when and where the days are
        return self.sudo().search(
            [
                ("pope_kind", "=", "discovery_day"),
                ("company_id", "in", (company.id, False)),
                ("date_begin", ">", self.env.cr.now()),
                ("kanban_state", "not in", ("cancel", "blocked")),
                ("is_multi_slots", "=", False),
            ],
            order="date_begin, id",
            limit=PAGE_LIMIT,
        )

    @api.model
    @api.private
    def _pope_register_visitor(self, team, form):
        """Register who filled in the page of the discovery days; twice is once.

        :param dict form: what the page sent, whoever wrote it
        :raises ValidationError: a sentence a line for what must be corrected; nothing is written
        :raises TooManyMessages: the page is closed for the moment
        """
        form = texts(form)
        if form.get("website"):  # people do not see this field, robots fill it in
            _logger.info("The page of the discovery days was filled in by a robot")
            return
        event, values = self._pope_visitor_values(team, form)
        stamp = self.env["pope.intake"]._read_stamp(form.get("stamp") or "")
        if stamp is None:
            raise ValidationError(self.env._("This page stayed open for a long time. Please press “Send” again."))
        if stamp[0] < FASTEST_SECONDS:
            raise ValidationError(self.env._("That was very fast. Please press “Send” again."))
        # sudo: visitors have no access to registrations, not even to count them
        event.sudo().with_company(team.company_id)._pope_take_visitor(values, team)

    @api.model
    def _pope_visitor_values(self, team, form):
        values = {name: " ".join((form.get(name) or "").split()) for name in LENGTHS}
        event = self._pope_days_offered(team.company_id).filtered(lambda day: str(day.id) == form.get("meeting_id"))
        errors = []
        if not event:
            errors.append(self.env._("Choose a date."))
        elif event.pope_is_full:
            errors.append(self.env._("This day is full now. Please choose another date."))
        if not values["first_name"] and not values["last_name"]:
            errors.append(self.env._("Tell us your name."))
        if not values["email"] and not values["phone"]:
            errors.append(self.env._("Tell us how to reach you: an e-mail address, or a phone number."))
        if values["email"] and not email_normalize(values["email"]):
            errors.append(self.env._("The e-mail address is not complete."))
        if values["phone"] and sum(character.isdigit() for character in values["phone"]) < 6:
            errors.append(self.env._("The phone number is not complete."))
        if any(len(values[name]) > length for name, length in LENGTHS.items()):
            errors.append(self.env._("One of the answers is too long."))
        if errors:
            raise ValidationError("\n".join(errors))
        return event, values

    def _pope_take_visitor(self, values, team):
        self.ensure_one()
        self._pope_check_visitors(values)
        self._pope_hold_seats()
        if self.pope_is_full:
            raise UserError(self.env._("This day is full now. Please choose another date."))
        name = self.env["res.partner"]._pope_full_name(values["first_name"], values["last_name"])
        same = [("event_id", "=", self.id), ("name", "=", name), ("state", "!=", "cancel")]
        reach = [(key, "=", values[key]) for key in ("email", "phone") if values[key]]
        registration = self.env["event.registration"].search([*same, *reach], limit=1)
        if not registration:
            registration = registration.create(
                {
                    "event_id": self.id,
                    "name": name,
                    "email": values["email"] or False,
                    "phone": values["phone"] or False,
                }
            )
        enrolment = registration.pope_enrolment_ids
        enrolment._note_visitor(values["town_text"])
        if not enrolment.date_asked:
            enrolment.date_asked = self.env.cr.now()
            enrolment._tell("discovery")

    def _pope_check_visitors(self, values):
        """By what arrived, not by the visitor's network address: several people share one, robots have many."""
        now, Enrolment = self.env.cr.now(), self.env["pope.training.enrolment"]
        asked = [("pope_kind", "=", "discovery_day"), ("company_id", "=", self.company_id.id)]
        hour = [*asked, ("date_asked", ">=", now - timedelta(hours=1))]
        day = [*asked, ("date_asked", ">=", now - timedelta(days=1))]
        reach = [(f"registration_id.{key}", "=", values[key]) for key in ("email", "phone") if values[key]]
        many = Enrolment.search_count(hour, limit=HOURLY_LIMIT) >= HOURLY_LIMIT
        if many or any(Enrolment.search_count([*day, term]) >= DAILY_LIMIT for term in reach):
            raise TooManyMessages(
                self.env._("Many registrations have arrived and we have not read them all yet. Please call us.")
            )


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    def _note_visitor(self, town_text):
        """The town, where it was not known; and that the person has read the notice.

        Of somebody who was known before, a name and an address prove nothing: a colleague reads what the page was told.
        """
        person = self.partner_id
        if person.create_date < self.env.cr.now():
            if not self.date_asked:
                told = self.env._(
                    "On the page of the discovery days: the notice was read. Town: %(town)s", town=town_text
                )
                self.registration_id.message_post(body=told)
            return
        if town_text and not person.pope_town_id:
            person.pope_town_id = self.env["pope.town"]._propose({(None, town_text)}).get((None, town_text))
            self.path_id.pope_town_id = self.path_id.pope_town_id or person.pope_town_id
        today = fields.Date.context_today(self)
        known = [("partner_id", "=", person.id), ("channel", "=", "form"), ("date", "=", today)]
        if not self.env["pope.consent"].search_count(known, limit=1):
            self.env["pope.consent"].create(
                {"partner_id": person.id, "channel": "form", "answer": "informed", "date": today}
            )


class EventRegistration(models.Model):
    _inherit = "event.registration"

    pope_path_id = fields.Many2one(
        "crm.lead",
        string="Career Path",
        compute="_compute_pope_path_id",
        groups="pope_crm.group_pope_user",
    )

    @api.depends("pope_enrolment_ids.path_id")
    def _compute_pope_path_id(self):
        for registration in self:
            registration.pope_path_id = registration.pope_enrolment_ids.path_id[:1]
