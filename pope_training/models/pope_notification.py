from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

from odoo.addons.pope_crm.models.pope_notification import BUTTON

from .event_type import NEWS

SCOPE = "pope.training.meeting"
LINK_DAYS = 180  # how long a personal link opens its page
OFFERED = 3  # dates in an e-mail; the page has them all
CHANGES = ("session_moved", "session_called_off", *(trigger for news in NEWS.values() for trigger in news))
GONE = ("queued", "sending", "sent", "in_doubt")


class Notification(models.Model):
    """E-mails about a registration; and, in any of our e-mails, the dates to choose from with a personal link."""

    _inherit = "pope.notification"

    enrolment_id = fields.Many2one(
        "pope.training.enrolment", string="Registration", ondelete="set null", index="btree_not_null"
    )
    event_id = fields.Many2one(
        "event.event", string="Meeting", compute="_compute_event_id", store=True, index="btree_not_null"
    )
    date_former = fields.Datetime(string="Former Date", readonly=True, help="What the person knew until then.")
    place_former = fields.Char(string="Former Place", readonly=True)
    meeting_former = fields.Char(compute="_compute_words")

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), "object.meeting_former")

    @api.depends("enrolment_id.event_id", "session_id")
    def _compute_event_id(self):
        for row in self:
            row.event_id = row.enrolment_id.event_id or row.session_id

    @api.depends("enrolment_id", "date_former")
    def _compute_words(self):
        """Without a date, the next ones are offered; each with the person's own link."""
        super()._compute_words()
        Event = self.env["event.event"]
        offered = {}
        for company in self.company_id:
            offered[company] = Event._pope_offered(company)
        for row in self:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            company = told.company_id
            # a training that began was held: the days to come alone are told
            begun = row.event_id.pope_kind == "training" and row.event_id.date_begin <= self.env.cr.now()
            former = row.date_former and not begun and company._pope_moment_label(row.date_former)
            row.meeting_former = former and told.env._("It was to be held on %(moment)s.", moment=former)
            meetings = offered.get(row.company_id, Event)
            again = row.rule_id.trigger in ("called_off", "offered")
            if again or not row.meeting_label:
                free = meetings.filtered(lambda meeting: not meeting.pope_is_full)[:OFFERED]
                row.meeting_choice = told._dates_to_choose(free) if free else False
            elif row.meeting_label and row._is_registered():
                row.meeting_link = BUTTON % (row._meeting_url(), told.env._("Change the date, or cancel"))

    def _is_registered(self):
        """Whether the date that the e-mail tells is that of a registration of its person."""
        enrolments = self.enrolment_id or self.lead_id.pope_enrolment_ids.filtered(
            lambda enrolment: enrolment.partner_id == self.partner_id
        )
        return any(enrolments.mapped("date_meeting"))

    @api.private
    def _dates_to_choose(self, meetings):
        """The next meetings, in the language of the context; a link opens the page with its date chosen."""
        items = Markup()
        for meeting in meetings:
            label = self.company_id._pope_moment_label(meeting.date_begin)
            place = meeting._pope_place()
            items += Markup('<li style="margin-bottom: 8px;"><b>%s</b>%s<br/><a href="%s">%s</a></li>') % (
                label,
                Markup("<br/>%s") % place if place else "",
                self._meeting_url(meeting),
                self.env._("I am coming on %(moment)s", moment=label),
            )
        return Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Choose your date:"), items)

    def _meeting_url(self, meeting=None):
        """The page where the row's person registers; that of everybody while the e-mail is only looked at."""
        self.ensure_one()
        path = f"/pope/reunion/{self._origin._meeting_token()}" if self._origin else "/pope/reunions"
        return f"{self.get_base_url()}{path}{f'?date={meeting.id}' if meeting else ''}"

    def _meeting_token(self):
        expiration = self.date_planned + timedelta(days=LINK_DAYS)
        # sudo: the secret of the database signs
        return hash_sign(self.sudo().env, SCOPE, [self.id], expiration=expiration)

    @api.model
    @api.private
    def _find_by_meeting_token(self, token):
        """The e-mail whose link was followed, or an empty set: not ours, too old, or of somebody we forgot."""
        try:
            # sudo: as it was signed
            read = verify_hash_signed(self.sudo().env, SCOPE, token)
        except (ValueError, TypeError):
            read = None
        # sudo: visitors have no access to the model; the token is their key
        row = self.sudo().browse(read or []).exists()
        return row.filtered(lambda row: row.partner_id.active and not row.partner_id.pope_anonymised_date)

    def _meetings(self):
        meetings = super()._meetings()
        for row in self.filtered("enrolment_id"):
            meeting = row.event_id
            meetings[row] = (meeting.date_begin, meeting._pope_place())
        return meetings

    def _thread(self):
        return super()._thread() or self.enrolment_id.registration_id

    def _still_valid(self):
        self.ensure_one()
        rule = self.rule_id
        if self.is_manual or rule.source != "enrolment":
            return super()._still_valid()
        if not rule.active or not self.enrolment_id._still_wants(rule.trigger):
            return False, "obsolete"
        if rule.trigger == "date":
            if not self._counts_from_present_date():
                return False, "date_changed"
            day = self.company_id._pope_day_of(self.date_planned)
            if rule._too_late(self.enrolment_id, day, self.env.cr.now()):
                return False, "late"
        return True, False

    def _wrong_person(self):
        if self.rule_id._is_meeting_reminder() and self.lead_id.pope_has_registration:
            return "obsolete"
        return super()._wrong_person()

    def _drop_obsolete(self):
        """A text that left for a day, from the project's date or from another registration, does not leave again."""
        kept = super()._drop_obsolete()
        reminders = kept.filtered(lambda row: row.rule_id._is_meeting_reminder() or row._is_dated_registration())
        if not reminders:
            return kept
        gone = self.search(
            [
                ("email", "in", reminders.mapped("email")),
                ("rule_id.template_id", "in", reminders.rule_id.template_id.ids),
                ("state", "in", GONE),
                ("key", "!=", False),
            ]
        )
        told, repeats = {row._what_is_told() for row in gone}, self.browse()
        for row in reminders:
            if row.email and row._what_is_told() in told:
                repeats |= row
            told.add(row._what_is_told())
        if repeats:
            repeats._cancel("obsolete")
        return kept - repeats

    def _is_dated_registration(self):
        return self.rule_id.source == "enrolment" and self.rule_id.trigger == "date"

    def _what_is_told(self):
        """The text, to whom, and the day that it was counted from."""
        return self.rule_id.template_id, self.email, (self.key or "").rsplit(":", 1)[-1]

    def _wait_for_hours(self):
        """That a meeting is off, or at another hour, is told at once when the next opening would be too late."""
        now = self.env.cr.now()
        changes = self.filtered(lambda row: row.rule_id.trigger in CHANGES)
        urgent = changes.filtered(
            lambda row: (
                min(filter(None, (row.date_former, row.event_id.date_begin)), default=now)
                <= row.company_id._pope_next_opening(now)
            )
        )
        return urgent | super(Notification, self - urgent)._wait_for_hours()
