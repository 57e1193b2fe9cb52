from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .pope_notification import GONE
from .survey_survey import KINDS

USEFUL_DAYS = 30  # what follows a session is still worth sending so long after its day
STEPS = [
    ("placement", "Needs and placement"),
    ("convocation", "Convocation"),
    ("convocation_copy", "Copy of the convocation to the employer"),
    ("trainer", "Page of the trainer"),
    ("reminder", "Reminder the day before"),
    ("seal", "Seal of what was signed"),
    ("assessment", "Assessment of learning"),
    ("survey", "Survey at the end"),
    ("trainer_survey", "Survey of the trainer"),
    ("certificate", "Certificate"),
    ("followup", "Survey three months later"),
    ("insertion", "Survey on the job found"),
]
# what a training of one half-day sends, at most
HALF_DAY = ("convocation", "convocation_copy", "survey", "trainer")


class NotificationRule(models.Model):
    """The steps of a training session write by themselves, to trainees, employers and trainers; each programme says
    which ones it sends."""

    _inherit = "pope.notification.rule"

    source = fields.Selection(selection_add=[("session", "Training session")], ondelete={"session": "cascade"})
    recipients = fields.Selection(
        selection_add=[("employer", "The employer of the trainee"), ("trainers", "The trainers of the session")],
        ondelete={"employer": "cascade", "trainers": "cascade"},
    )
    step = fields.Selection(STEPS, string="Step of a Training", help="The programme says whether it is sent.")
    survey_kind = fields.Selection(KINDS, string="Survey Asked")
    survey_kind_too = fields.Selection(KINDS, string="And with It")
    is_again = fields.Boolean(string="To Who Did Not Answer", help="Only where the survey was asked, and not answered.")

    @api.constrains("source", "recipients", "trigger", "step")
    def _check_session(self):
        for rule in self:
            about = rule.source == "session"
            fits = rule.recipients == "trainers" and rule.trigger == "date"
            if not fits if about else rule.recipients == "trainers":
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: what is counted from a session is told to its trainers.",
                        name=rule.name,
                    )
                )

    @api.model
    def _source_dates(self):
        dates = super()._source_dates()
        model, names = dates["enrolment"]
        return {
            **dates,
            "enrolment": (model, [*names, "date_first", "date_over"]),
            "session": ("event.event", ["date_begin", "date_end"]),
        }

    def _source_field(self):
        return "session_id" if self.source == "session" else super()._source_field()

    def _source_values(self, record):
        return {"session_id": record.id} if self.source == "session" else super()._source_values(record)

    def _row_values(self, record, person, moment, manual=False, reason=False):
        values = super()._row_values(record, person, moment, manual, reason)
        if self.step and self.trigger == "date":
            values["date_counted"] = self._date_of(record)
        return values

    def _record_of(self, lead):
        """For a project, the training of its people that comes next, or the last one."""
        if not self.step:
            return super()._record_of(lead)
        trainings = lead.pope_enrolment_ids.filtered("date_first").sorted("date_first")
        enrolment = (trainings.filtered(lambda row: row.date_first > self.env.cr.now()) or trainings[::-1])[:1]
        return enrolment.event_id if self.source == "session" else enrolment

    def _recipients(self, records):
        if self.recipients == "employer":
            return {record: record.employer_id for record in records}
        if self.source == "session":
            return {record: record._pope_trainers() for record in records}
        return super()._recipients(records)

    # --- Which sessions ---

    def _applies_to(self, records):
        """A step that its programme does not send, and one that was told already for that date, is not planned."""
        kept = super()._applies_to(records)
        if not self.step:
            return kept
        kept = kept.filtered(lambda record: record.company_id and self._suits_step(record))
        if self.recipients == "employer":
            kept = kept.filtered("employer_id")
        return kept - self._told(kept) if kept and self.trigger == "date" else kept

    def _suits_step(self, record):
        """Whether the programme of a session, or of somebody enrolled, sends this step."""
        event = record.event_id if record._name == "pope.training.enrolment" else record
        if not event._pope_takes_place():
            return False
        short = event._pope_is_half_day()
        return event.pope_program_id[f"mail_{self.step}"] and not (short and self.step not in HALF_DAY)

    def _told(self, records):
        """Those who need no other row: a survey is asked once, what follows a session is sent once, and that it was too
        late is said once for a date."""
        field = self._source_field()
        # sudo: whoever changes a session changes the e-mails that depend on it
        rows = (
            self.env["pope.notification"]
            .sudo()
            .search_fetch(
                [("rule_id", "=", self.id), (field, "in", records.ids), ("is_manual", "=", False)],
                [field, "state", "reason", "date_counted", "email"],
            )
        )
        told = rows.filtered(self._is_told_by)
        return records.browse(told[field].ids)

    def _is_told_by(self, row):
        same_day = row.date_counted == self._date_of(row[self._source_field()])
        if row.state in GONE:
            return self.source == "enrolment" and (self.survey_kind or (same_day and self._is_after()))
        return row.state == "skipped" and same_day and not row._has_address_since()

    # --- When ---

    def _is_after(self):
        """Whether the step follows what was attended."""
        return self.trigger == "sealed" or self.delay_days >= 0

    def _moment(self, record, when, now, upcoming=False):
        """What follows a session leaves on a working day, never before the session is over."""
        if when or not self.step or self.trigger != "date" or not self._is_after():
            return super()._moment(record, when, now, upcoming)
        day = self._date_of(record)
        if not day:
            return None, False
        company = record.company_id
        opening = company._pope_opening_of(day)
        if self.delay_days:
            opening = company._pope_opening_after(day + timedelta(days=self.delay_days - 1))
        day = company._pope_day_of(opening)
        if upcoming and day < company._pope_day_of(now):
            return None, False
        value = self._date_value(record)
        over = value if isinstance(value, datetime) else now
        return max(opening, over, now), self._too_late(record, day, now)

    def _too_late(self, record, day, now):
        if not self.step:
            return super()._too_late(record, day, now)
        today = record.company_id._pope_day_of(now)
        if self._is_after() and not self.is_again:
            return today > day + timedelta(days=USEFUL_DAYS)
        if self.step == "reminder" and record.company_id._pope_day_of(record.create_date or now) >= day:
            return True  # the convocation leaves at once and says it all
        return super()._too_late(record, day, now)
