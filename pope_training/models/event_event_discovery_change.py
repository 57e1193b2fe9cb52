from odoo import api, fields, models

from .event_type import NEWS


class EventEvent(models.Model):
    """A discovery day that moves, or is not held: people stay registered and are told, and so is who sent them."""

    _inherit = "event.event"

    def _pope_day_at(self):
        """When the discovery day begins; nothing when the event is another, or is called off."""
        called_off = not self.active or self.kanban_state == "cancel"
        return self.pope_kind == "discovery_day" and not called_off and self.date_begin

    def _pope_when_and_where(self):
        if self.pope_kind != "discovery_day":
            return super()._pope_when_and_where()
        return self._pope_day_at(), self._pope_place()

    def _pope_entry_number(self):
        """Each change of a discovery day is another one for who sent people."""
        if self.pope_kind != "discovery_day":
            return super()._pope_entry_number()
        # sudo: whoever moves the day tells it
        return max(self.sudo().registration_ids.pope_enrolment_ids.mapped("news_count"), default=0)

    # --- Moving, calling off ---

    @api.private
    def _pope_move_day(self, begin, reason):
        """Move the day as a whole, keep those who are registered and tell them.

        :return: the e-mails
        """
        self.ensure_one()
        self._pope_check_worked([fields.Datetime.context_timestamp(self.with_context(tz=self.date_tz), begin).date()])
        former = self.date_begin
        length = self.date_end - self.date_begin
        situation = "normal" if self.kanban_state == "cancel" else self.kanban_state
        self.write({"date_begin": begin, "date_end": begin + length, "kanban_state": situation})
        return self._pope_tell_trainees("session_moved", former, reason)

    def _pope_tell_trainees(self, trigger, former, reason):
        """At a discovery day, the change itself planned the e-mails: they say why."""
        if self.pope_kind != "discovery_day":
            return super()._pope_tell_trainees(trigger, former, reason)
        rows = self._pope_news_waiting("enrolment_id") | self._pope_news_waiting("session_id")
        rows.reason_given = reason
        return rows

    def _pope_news_waiting(self, field):
        """The e-mails that tell a change of this day, not gone yet: to its people, or to who sent them.

        :param field: of the ledger: enrolment_id or session_id
        """
        # sudo: whoever moves a day changes what is told of it
        return (
            self.env["pope.notification"]
            .sudo()
            .search(
                [
                    ("event_id", "=", self.id),
                    (field, "!=", False),
                    ("rule_id.trigger", "in", NEWS["discovery_day"]),
                    ("state", "in", ("planned", "to_approve")),
                    ("is_manual", "=", False),
                ]
            )
        )

    @api.private
    def _pope_tell_senders(self, date, place):
        """Who sent people is told once of the change, from what they knew.

        :param date, place: when and where it was before the change
        """
        waiting = self._pope_news_waiting("session_id")
        if waiting:
            date, place = waiting[0].date_former, waiting[0].place_former
        waiting._cancel("date_changed")
        if trigger := self._pope_news(date, place):
            rows = self.env["pope.notification.rule"]._for_trigger(trigger, "discovery")._plan(self)
            rows.write({"date_former": date, "place_former": place})

    def _pope_sent_people(self):
        """Who is registered and was sent by somebody: dict sender → enrolments."""
        # sudo: whoever moves the day tells who sent people
        enrolments = self.sudo().registration_ids.pope_enrolment_ids
        sent = enrolments.filtered(
            lambda enrolment: enrolment.state == "open" and enrolment.registration_id.active and enrolment.sent_by_id
        )
        return sent.grouped("sent_by_id")


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    sent_by_id = fields.Many2one(
        "res.partner",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="The organisation that registered this person at this discovery day: told when the day moves or is off.",
    )

    @api.private
    def _tell_changes(self, former):
        super()._tell_changes(former)
        for day in self.event_id.filtered(lambda event: event.pope_kind == "discovery_day"):
            day._pope_tell_senders(*former[day])
