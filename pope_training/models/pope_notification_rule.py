from odoo import api, fields, models
from odoo.exceptions import ValidationError

TRIGGERS = (
    "registered",
    "moved",
    "called_off",
    "offered",
    "session_moved",
    "session_called_off",
    "session_seat",
    "sign_link",
    "sign_code",
    "sealed",
    "document",
)


class NotificationRule(models.Model):
    """Registrations are a source of e-mails: their date, and what happens to them."""

    _inherit = "pope.notification.rule"

    source = fields.Selection(
        selection_add=[("enrolment", "Registration at a meeting")], ondelete={"enrolment": "cascade"}
    )
    trigger = fields.Selection(
        selection_add=[
            ("registered", "Registered on a page"),
            ("moved", "The meeting changes its date or place"),
            ("called_off", "The meeting is called off"),
            ("offered", "Absent: another date is offered"),
            ("sign_link", "The link to sign attendance is sent"),
            ("sign_code", "A code to sign attendance is asked for"),
            ("session_moved", "A training session is postponed"),
            ("session_called_off", "A training session is cancelled"),
            ("session_seat", "A seat frees in a training session"),
            ("sealed", "What was signed in a half-day is sealed"),
            ("document", "Documents of a training are sent"),
        ],
        ondelete=dict.fromkeys(TRIGGERS, "cascade"),
    )
    recipients = fields.Selection(selection_add=[("person", "The person registered")], ondelete={"person": "cascade"})

    @api.constrains("source", "trigger", "recipients", "stage_id")
    def _check_enrolment(self):
        for rule in self:
            about = rule.source == "enrolment"
            told = self._enrolment_triggers()
            person = rule.recipients in ("person", "employer", "buyer")
            fits = person and rule.trigger in (*told, "date") and not rule.stage_id
            if not fits if about else person or rule.trigger in set(told) - set(rule._day_triggers()):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: what happens to a registration, or its date, is told to the person registered "
                        "or to their employer, whatever the stage.",
                        name=rule.name,
                    )
                )

    @api.model
    def _enrolment_triggers(self):
        """What happens to registrations and is told to their person."""
        return TRIGGERS

    def _day_triggers(self):
        """What happens to registrations and is told to others too, from the event of the rule's source."""
        return ()

    @api.model
    def _source_dates(self):
        return {**super()._source_dates(), "enrolment": ("pope.training.enrolment", ["date_meeting"])}

    def _source_field(self):
        return "enrolment_id" if self.source == "enrolment" else super()._source_field()

    def _source_values(self, record):
        if self.source == "enrolment":
            return {"enrolment_id": record.id, "lead_id": record.lead_id.id}
        return super()._source_values(record)

    def _record_of(self, lead):
        """For a project, the registration of its people that comes next, or the last one."""
        if self.source != "enrolment":
            return super()._record_of(lead)
        enrolments = lead.pope_enrolment_ids.filtered(lambda enrolment: enrolment.pope_kind == "information_meeting")
        awaited = enrolments.filtered("date_meeting").sorted("date_meeting")
        return (awaited.filtered(lambda enrolment: enrolment.date_meeting > self.env.cr.now()) or enrolments)[:1]

    def _recipients(self, records):
        if self.source == "enrolment":
            return {record: record.partner_id for record in records}
        return super()._recipients(records)

    def _is_meeting_reminder(self):
        """Whether the rule reminds of the information meeting by the date of the project."""
        # sudo: the list of fields belongs to administrators
        date = self.sudo().date_field_id.name
        return self.source == "project" and self.kind == "reminder" and date == "pope_meeting_date"

    @api.model
    def _meeting_reminders(self):
        return self._for_trigger("date").filtered(lambda rule: rule._is_meeting_reminder())

    def _applies_to(self, records):
        """Who is registered is reminded by the registration: their project's own date then reminds nobody. The event
        of all companies has no company to write in the name of."""
        kept = super()._applies_to(records)
        if self.source == "enrolment":
            return kept.filtered("company_id")
        if self._is_meeting_reminder():
            return kept.filtered(lambda lead: not lead.pope_has_registration)
        return kept
