from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .event_type import NEWS, POPE_KINDS


class EventEvent(models.Model):
    """Information meetings, training sessions and discovery days: events with a kind. The others stay Odoo's own."""

    _inherit = "event.event"

    pope_kind = fields.Selection(
        POPE_KINDS,
        string="PôPE Kind",
        compute="_compute_pope_kind",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Empty on other events. People registered on an event with a kind become enrolments.",
    )
    pope_program_id = fields.Many2one(
        "pope.training.program",
        string="Training Programme",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )

    @api.model
    def default_get(self, fields):
        """An event made from one of our screens takes the template of its kind, and so no e-mail of Odoo's."""
        values = super().default_get(fields)
        kind = self.env.context.get("default_pope_kind")
        if kind and "event_type_id" in fields and not values.get("event_type_id"):
            values["event_type_id"] = self.env["event.type"].search([("pope_kind", "=", kind)], limit=1).id
        if kind and values.get("date_begin") and "default_date_end" not in self.env.context and "date_end" in fields:
            values["date_end"] = values["date_begin"] + timedelta(hours=7 if kind == "training" else 2)
        return values

    @api.depends("event_type_id")
    def _compute_pope_kind(self):
        """From the template, as Odoo does for an event's other settings; without a template the kind stays."""
        for event in self:
            event.pope_kind = event.event_type_id.pope_kind if event.event_type_id else event.pope_kind

    @api.depends("event_type_id")
    def _compute_event_mail_ids(self):
        """Odoo's three e-mails are for events without a template: ours write through our own rules."""
        own = self.filtered(lambda event: event.pope_kind and not event.event_type_id and not event.event_mail_ids)
        own.event_mail_ids = False
        if stock := self - own:
            super(EventEvent, stock)._compute_event_mail_ids()

    def write(self, vals):
        before = {event: event._pope_state() for event in self}
        result = super().write(vals)
        changed = self.filtered(lambda event: before[event] != event._pope_state())
        if changed:
            changed._pope_follow(before)
        return result

    def _pope_state(self):
        """What people who are enrolled depend on."""
        return self.pope_kind, self.pope_kind and self._pope_when_and_where()

    def _pope_follow(self, before):
        """Bring enrolments, projects and e-mails up to date with what changed.

        :param before: dict event → what `_pope_state` was
        """
        # sudo: whoever may change the event changes what follows from it
        enrolments = self.env["pope.training.enrolment"].sudo().search([("event_id", "in", self.ids)])
        if gone := enrolments.event_id.filtered(lambda event: not event.pope_kind):
            raise UserError(
                self.env._(
                    "People are enrolled in %(name)s: choose a template of the same kind, or move them first.",
                    name=gone[0].name,
                )
            )
        leads = enrolments.lead_id
        registrations = self.env["event.registration"].sudo().with_context(active_test=False)
        if other := self.filtered(lambda event: before[event][0] != event.pope_kind):
            # sudo: as above; e-mails of Odoo's were for an event of nobody's kind
            other.sudo().filtered(lambda event: not event.event_type_id).event_mail_ids.filtered(
                lambda scheduler: not scheduler.mail_done
            ).unlink()
            registrations.search([("event_id", "in", other.ids)])._pope_enrol()
        former = {event: before[event][1] for event in self - other if event.pope_kind in NEWS}
        leads._pope_sync_meeting_date(
            {before[event][1][0] for event in self if before[event][0] == "information_meeting"}
        )
        enrolments._replan()
        enrolments.filtered(lambda enrolment: enrolment.event_id in former)._tell_changes(former)

    def _pope_planned_at(self):
        """When the information meeting begins; nothing when the event is another, or is called off."""
        called_off = not self.active or self.kanban_state == "cancel"
        return self.pope_kind == "information_meeting" and not called_off and self.date_begin

    @api.private
    def _pope_news(self, date, place):
        """What must be told to people who know this date and place: that the event moved, that it is off, or nothing.

        :return: the trigger of the rules that tell it, or False
        """
        moved, called_off = NEWS[self.pope_kind]
        now, after = self.env.cr.now(), self._pope_when_and_where()
        if after[0] and after[0] > now and after != (date, place):
            return moved
        return bool(not after[0] and date and date > now) and called_off

    def action_pope_close_meeting(self):
        """Those ticked present move on with their project, once however often the meeting is closed."""
        self.env["pope.training.enrolment"].check_access("read")
        meetings = self.filtered(lambda event: event.pope_kind == "information_meeting")
        if any(event.date_begin > self.env.cr.now() for event in meetings):
            raise UserError(self.env._("This meeting has not begun: close it once you know who came."))
        came = self.env["pope.training.enrolment"].search(
            [("event_id", "in", meetings.ids), ("state", "=", "done"), ("registration_id.active", "=", True)]
        )
        came.filtered(lambda enrolment: not enrolment.lead_id)._find_project()
        projects = came.lead_id.filtered(lambda lead: not lead.pope_meeting_attended)
        projects.action_pope_attended()
        meetings.filtered(lambda event: not event.stage_id.pipe_end).action_set_done()
        alone = came.filtered(lambda enrolment: not enrolment.lead_id)
        message = self.env._("Projects moved on: %(count)s.", count=len(projects))
        if alone:
            names = ", ".join(alone.registration_id.mapped("display_name"))
            message += " " + self.env._("Present without a project: %(names)s.", names=names)
        return self._pope_said(message, warning=bool(alone))

    def get_formview_id(self, access_uid=None):
        if self.pope_kind and self.env.user.has_group("pope_crm.group_pope_user"):
            return self.env.ref("pope_training.event_event_view_form").id
        return super().get_formview_id(access_uid=access_uid)
