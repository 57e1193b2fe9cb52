from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

PAGE_LIMIT = 20  # dates on a page
BLANK_ROWS = 6  # of an attendance sheet, at least, for who comes without being registered
PAGE_ROWS = 12  # of an attendance sheet


class EventEvent(models.Model):
    """Information meetings as people see them: the dates they choose from, the sheet they sign, what follows if they
    did not come."""

    _inherit = "event.event"

    pope_is_full = fields.Boolean(string="Full", compute="_compute_pope_is_full")
    pope_public_url = fields.Char(string="Page of the Dates", compute="_compute_pope_public_url")
    pope_absent_count = fields.Integer(
        string="Absent", compute="_compute_pope_absent_count", groups="pope_crm.group_pope_user"
    )

    @api.depends("seats_limited", "seats_max", "seats_available")
    def _compute_pope_is_full(self):
        for event in self:
            event.pope_is_full = event.seats_limited and event.seats_max and event.seats_available <= 0

    @api.depends("pope_kind", "company_id")
    def _compute_pope_public_url(self):
        teams = self.env["crm.team"]._pope_door_teams()
        for event in self:
            team = teams.filtered(lambda team, company=event.company_id: not company or team.company_id == company)[:1]
            event.pope_public_url = event.pope_kind == "information_meeting" and team.pope_meeting_url

    @api.depends("registration_ids.state", "registration_ids.active", "date_begin", "pope_kind")
    def _compute_pope_absent_count(self):
        now = self.env.cr.now()
        counts = dict(
            self.env["event.registration"]._read_group(
                [("event_id", "in", self.ids), ("state", "=", "open")], ["event_id"], ["__count"]
            )
        )
        for event in self:
            over = event.pope_kind == "information_meeting" and event.date_begin and event.date_begin <= now
            event.pope_absent_count = counts.get(event._origin, 0) if over else 0

    @api.model
    @api.private
    def _pope_offered(self, company):
        """The information meetings to come that people may choose, soonest first; some may be full.

        One that is blocked is not offered: its room is not sure, or it is for invited people only.
        """
        # sudo: visitors read when and where the meetings are
        return self.sudo().search(
            [
                ("pope_kind", "=", "information_meeting"),
                ("company_id", "in", (company.id, False)),
                ("date_begin", ">", self.env.cr.now()),
                ("kanban_state", "not in", ("cancel", "blocked")),
                ("is_multi_slots", "=", False),
            ],
            order="date_begin, id",
            limit=PAGE_LIMIT,
        )

    def _pope_place(self):
        """Where to come, in words; the address of the page when it is held online."""
        # sudo: whoever receives the invitation reads where to come
        address = self.sudo().address_id
        return self.env["pope.notification"]._address_line(address) or self.event_url or ""

    def _pope_when_and_where(self):
        return self._pope_planned_at(), self._pope_place()

    def _pope_hold_seats(self):
        """Of two who take the last seat at once, the second one's request begins again and finds the meeting full."""
        # by SQL: the row must change, which the ORM does only when a value does
        self.env.cr.execute(SQL("UPDATE event_event SET write_date = write_date WHERE id = ANY(%s)", self.ids))

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_people(self):
        # sudo: registrations count wherever the user may look
        own = self.filtered("pope_kind").sudo().with_context(active_test=False)
        if taken := own.filtered("registration_ids"):
            raise UserError(
                self.env._(
                    "People are registered for %(name)s: call it off instead of deleting it, and they will be told.",
                    name=taken[0].name,
                )
            )

    # --- After the meeting ---

    def action_pope_offer_dates(self):
        """Who did not come is offered the next dates, once: an e-mail with the dates and their own link."""
        # the rights of who clicks, before what follows is done in the name of the team
        self.check_access("write")
        self.env["pope.training.enrolment"].check_access("write")
        now = self.env.cr.now()
        meetings = self.filtered(lambda event: event.pope_kind == "information_meeting" and event.date_begin <= now)
        if not meetings:
            raise UserError(self.env._("This meeting has not begun: you do not know yet who will be absent."))
        for company in meetings.company_id:
            if all(meeting.pope_is_full for meeting in self._pope_offered(company)):
                raise UserError(self.env._("There is no date to offer: plan the next meeting first."))
        absent = self.env["pope.training.enrolment"].search(
            [("event_id", "in", meetings.ids), ("state", "=", "open"), ("registration_id.active", "=", True)]
        )
        # sudo: the access was checked just above; the mail engine writes its own rows
        rows = absent.filtered(lambda enrolment: not enrolment.registration_id.pope_follow_up).sudo()._tell("offered")
        unreached = rows.filtered(lambda row: not row.email)
        message = self.env._("Absent people who are offered another date: %(count)s.", count=len(rows - unreached))
        if unreached:
            names = ", ".join(unreached.partner_id.mapped("name"))
            message += " " + self.env._("Without an e-mail address, to be called: %(names)s.", names=names)
        return self._pope_said(message, warning=bool(unreached))

    def _pope_said(self, message, warning=False):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if warning else "success",
                "message": message,
                "sticky": warning,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_pope_call_off(self):
        """The meeting is not held: people are told, and offered the next dates."""
        self.kanban_state = "cancel"

    # --- The sheet ---

    def _pope_sheet_title(self):
        kind = dict(self._fields["pope_kind"]._description_selection(self.env)).get(self.pope_kind, "")
        return self.name if kind.casefold() in self.name.casefold() else f"{kind} – {self.name}"

    def _pope_sheet_moment(self):
        """Day and hours, as they are said."""
        company = self.company_id or self.env.company
        return self.env._(
            "%(moment)s, until %(end)s",
            moment=company._pope_moment_label(self.date_begin),
            end=company._pope_hour_label(self.date_end),
        )

    def _pope_sheet_pages(self):
        """The rows of each page: who is awaited, by name, then blank ones; the PDF tool may cut a row in two itself."""
        live = self.registration_ids.filtered(lambda registration: registration.state in ("open", "done"))
        rows = [*live.sorted(lambda registration: ((registration.name or "").casefold(), registration.id))]
        blank = self.env["event.registration"]
        rows += [blank] * (BLANK_ROWS + -(len(rows) + BLANK_ROWS) % PAGE_ROWS)
        return [list(enumerate(rows, 1))[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS)]
