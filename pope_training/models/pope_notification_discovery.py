from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.pope_crm.models.pope_notification import BUTTON

from .event_type import NEWS

MOVED, CALLED_OFF = NEWS["discovery_day"]


class NotificationRule(models.Model):
    """That a discovery day moves, or is called off, is told to its people, and to who sent them."""

    _inherit = "pope.notification.rule"

    source = fields.Selection(selection_add=[("discovery", "Discovery day")], ondelete={"discovery": "cascade"})
    trigger = fields.Selection(
        selection_add=[
            (MOVED, "The discovery day changes its date or place"),
            (CALLED_OFF, "The discovery day is called off"),
        ],
        ondelete=dict.fromkeys((MOVED, CALLED_OFF), "cascade"),
    )
    recipients = fields.Selection(
        selection_add=[("senders", "Who sent people to the discovery day")], ondelete={"senders": "cascade"}
    )

    @api.model
    def _enrolment_triggers(self):
        return (*super()._enrolment_triggers(), MOVED, CALLED_OFF)

    def _day_triggers(self):
        return (MOVED, CALLED_OFF) if self.source == "discovery" else super()._day_triggers()

    @api.constrains("source", "trigger", "recipients", "stage_id")
    def _check_discovery(self):
        for rule in self:
            own = rule.source == "discovery"
            fits = rule.recipients == "senders" and rule.trigger in rule._day_triggers() and not rule.stage_id
            if not fits if own else rule.recipients == "senders":
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: that a discovery day moves or is called off is told to who sent people, whatever "
                        "the stage.",
                        name=rule.name,
                    )
                )

    def _source_field(self):
        return "session_id" if self.source == "discovery" else super()._source_field()

    def _recipients(self, records):
        if self.source != "discovery":
            return super()._recipients(records)
        nobody = self.env["res.partner"]
        return {day: nobody.union(*day._pope_sent_people()) for day in records}

    def _applies_to(self, records):
        """A day of all companies has no company to write in the name of; where nobody was sent, nobody is told."""
        kept = super()._applies_to(records)
        if self.source != "discovery":
            return kept
        return kept.filtered(lambda day: day.company_id and day._pope_sent_people())


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    def _still_wants(self, trigger):
        if trigger == MOVED:
            return bool(self.state == "open" and self.date_discovery and self.date_discovery > self.env.cr.now())
        if trigger == CALLED_OFF:
            return bool(self.state == "open" and self.registration_id.active and not self.event_id._pope_day_at())
        return super()._still_wants(trigger)


class Notification(models.Model):
    """What these e-mails say: the next days, and to who sent people, their names."""

    _inherit = "pope.notification"

    discovery_choice = fields.Html(compute="_compute_discovery_words", sanitize=False)
    people_sent = fields.Html(compute="_compute_discovery_words", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), "object.discovery_choice", "object.people_sent")

    @api.depends("enrolment_id", "session_id", "partner_id", "lang")
    def _compute_discovery_words(self):
        days = self.filtered(lambda row: row.rule_id.trigger in (MOVED, CALLED_OFF))
        (self - days).update({"discovery_choice": False, "people_sent": False})
        Event = self.env["event.event"]
        offered = {company: Event._pope_days_offered(company) for company in days.company_id}
        for row in days:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            url = offered[row.company_id] and row.event_id.pope_discovery_url
            row.discovery_choice = BUTTON % (url, told.env._("See the next days")) if url else False
            people = row.session_id and row.session_id._pope_sent_people().get(row.partner_id)
            items = (
                Markup().join(Markup("<li>%s</li>") % name for name in people.partner_id.mapped("name"))
                if people
                else ""
            )
            row.people_sent = items and Markup("<ul>%s</ul>") % items

    def _meetings(self):
        """Who sent people reads when and where, too."""
        meetings = super()._meetings()
        for row in self.filtered(lambda row: row.rule_id.source == "discovery"):
            meetings[row] = row.session_id._pope_when_and_where()
        return meetings

    def _still_valid(self):
        self.ensure_one()
        rule = self.rule_id
        if self.is_manual or rule.source != "discovery":
            return super()._still_valid()
        at = self.session_id._pope_day_at()
        holds = bool(at and at > self.env.cr.now()) if rule.trigger == MOVED else not at
        told = holds and rule.active and self.partner_id in self.session_id._pope_sent_people()
        return bool(told), not told and "obsolete"
