from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages

from .event_type import NEWS

DAILY_CHANGES = 6  # of date, for a person


class TrainingEnrolment(models.Model):
    """What is told to people about their registration: it was noted, is near, has moved, is off; and their page."""

    _inherit = "pope.training.enrolment"

    date_meeting = fields.Datetime(
        string="Awaited at an Information Meeting",
        compute="_compute_date_meeting",
        store=True,
        help="Empty when the registration or the meeting is called off.",
    )
    date_asked = fields.Datetime(
        string="Asked on the Page On", readonly=True, help="When the person chose this date on a page, the last time."
    )
    news_count = fields.Integer(string="News Told", readonly=True, help="Each confirmation or change has its number.")
    notification_ids = fields.One2many("pope.notification", "enrolment_id", string="E-mails")

    # What the mail engine asks of any source
    pope_structure_type_id = fields.Many2one(related="lead_id.pope_structure_type_id")

    @api.depends(
        "state",
        "registration_id.active",
        "event_id.pope_kind",
        "event_id.date_begin",
        "event_id.active",
        "event_id.kanban_state",
    )
    def _compute_date_meeting(self):
        for enrolment in self:
            enrolment.date_meeting = enrolment.registration_id._pope_awaited_at()

    def _pope_entry_number(self):
        return self.news_count

    def _is_awaited(self):
        return bool(self.date_meeting and self.date_meeting > self.env.cr.now())

    def _still_wants(self, trigger):
        """Whether what happened still holds when its e-mail is about to leave."""
        if trigger == "called_off":
            return self.state == "open" and self.registration_id.active and not self.event_id._pope_planned_at()
        if trigger in ("session_moved", "session_called_off"):
            off = self.event_id.kanban_state == "cancel"
            return self._is_awaited_on() and off == (trigger == "session_called_off")
        if trigger == "session_seat":
            to_come = self.event_id.kanban_state != "cancel" and self.event_id.date_begin > self.env.cr.now()
            return self.state == "open" and self.registration_id.active and to_come
        if trigger == "offered":
            return self.state == "open" and self.registration_id.pope_follow_up != "again"
        return trigger == "date" or self._is_awaited()

    def _is_awaited_on(self):
        """Whether what becomes of the event concerns them: enrolled, or on the way of a training that they follow."""
        on_the_way = self.state == "done" and self.pope_kind == "training" and not self.date_left
        return self.registration_id.active and (self.state == "open" or on_the_way)

    @api.private
    def _replan(self, upcoming=False):
        """Bring the reminders up to date: from the registration, instead of the date of its project."""
        rules = self.env["pope.notification.rule"]
        rules._for_trigger("date", "enrolment")._replan(self, upcoming)
        # sudo: the reminders of a project follow its registrations, whoever changes them
        rules._meeting_reminders()._replan(self.lead_id.sudo(), upcoming)

    def _tell(self, trigger):
        """Plan the e-mails that say so.

        :return: their rows
        """
        for count, enrolments in self.grouped("news_count").items():
            enrolments.news_count = count + 1
        return self.env["pope.notification.rule"]._for_trigger(trigger, "enrolment")._plan(self)

    def _not_told_yet(self, triggers):
        # sudo: whoever changes a registration takes back what was to be said of it
        Notification = self.env["pope.notification"].sudo()
        waiting = [("state", "in", ("planned", "to_approve")), ("is_manual", "=", False)]
        return Notification.search([("enrolment_id", "in", self.ids), ("rule_id.trigger", "in", triggers), *waiting])

    @api.private
    def _tell_changes(self, former):
        """Tell people that their meeting or day moved, or is off; what was not told yet, and is no longer so, is not
        told.

        :param former: dict event → when and where it was before the change, see `_pope_when_and_where`
        """
        waiting = self._not_told_yet([trigger for news in NEWS.values() for trigger in news])
        known = {row.enrolment_id: (row.date_former, row.place_former) for row in waiting}
        waiting._cancel("date_changed")
        news = defaultdict(self.browse)
        for enrolment in self.filtered(
            lambda enrolment: enrolment.state == "open" and enrolment.registration_id.active
        ):
            date, place = known.get(enrolment, former[enrolment.event_id])
            if trigger := enrolment.event_id._pope_news(date, place):
                news[trigger, date, place] |= enrolment
        for (trigger, date, place), enrolments in news.items():
            enrolments._tell(trigger).write({"date_former": date, "place_former": place})

    @api.private
    def _tell_session(self, trigger, former, reason):
        """Tell trainees that their session moved, or is cancelled; what was not told yet gives way to it.

        :param former: when it began before the change
        :return: the e-mails
        """
        waiting = self._not_told_yet(("session_moved", "session_called_off"))
        known = {row.enrolment_id: row.date_former for row in waiting}
        waiting._cancel("date_changed")
        rows = self.env["pope.notification"]
        for date, enrolments in self.grouped(lambda enrolment: known.get(enrolment) or former).items():
            if trigger == "session_called_off" or date != enrolments.event_id._pope_next_begin() or not waiting:
                told = enrolments._tell(trigger)
                told.write({"date_former": date, "reason_given": reason})
                rows |= told
        return rows

    # --- The page ---

    @api.model
    @api.private
    def _of_person(self, person, company):
        """The registrations of a person at information meetings to come, called off or not."""
        # sudo: visitors have no access to the model; their link, or a member of the team, says who they are
        return self.sudo().search(
            [
                ("partner_id", "=", person.id),
                ("pope_kind", "=", "information_meeting"),
                ("date_begin", ">", self.env.cr.now()),
                ("registration_id.active", "=", True),
                ("company_id", "in", (company.id, False)),
            ]
        )

    @api.model
    @api.private
    def _choose(self, person, meeting, company, lead):
        """Register a person at the meeting that they chose, instead of any other one to come; twice is once.

        :param company: the one whose meetings they chose from
        :param lead: the project that they come for, where it is known
        :raises ValidationError: why they cannot come to this one
        :return: the registration
        """
        enrolments = self._of_person(person, company)
        here = enrolments.filtered(lambda enrolment: enrolment.event_id == meeting)
        if here.filtered("date_meeting"):
            return here
        meeting._pope_hold_seats()
        if meeting not in self.env["event.event"]._pope_offered(company):
            raise ValidationError(self.env._("This date is past, or called off. Please choose another one."))
        if meeting.pope_is_full:
            raise ValidationError(self.env._("This meeting is full now. Please choose another date."))
        self._check_changes(person)
        (enrolments - here).registration_id.filtered(lambda r: r.state in ("draft", "open")).action_cancel()
        if here:
            here.registration_id.action_confirm()
        else:
            values = {"event_id": meeting.id, "partner_id": person.id}
            values |= {"name": person.name, "email": person.email, "phone": person.phone}
            here = self.env["event.registration"].sudo().create(values).pope_enrolment_ids  # sudo: as above
        if lead and here.lead_id != lead:
            here.lead_id = lead
        here.date_asked = self.env.cr.now()
        (enrolments | here)._not_told_yet(("registered",))._cancel("date_changed")
        here._tell("registered")
        return here

    @api.model
    def _check_changes(self, person):
        """Somebody who changes their mind all day long would receive an e-mail each time."""
        since = self.env.cr.now() - timedelta(days=1)
        told = [("partner_id", "=", person.id), ("rule_id.trigger", "=", "registered"), ("create_date", ">=", since)]
        # sudo: visitors have no access to the list of e-mails
        if self.env["pope.notification"].sudo().search_count(told, limit=DAILY_CHANGES) >= DAILY_CHANGES:
            raise TooManyMessages(self.env._("You changed dates many times today. Please call us."))

    @api.model
    @api.private
    def _give_up(self, person, company):
        """They come to none of the meetings to come."""
        awaited = self._of_person(person, company).registration_id
        awaited.filtered(lambda registration: registration.state in ("draft", "open")).action_cancel()
