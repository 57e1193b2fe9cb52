from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class TrainingPostpone(models.TransientModel):
    """A session is postponed, or cancelled: its half-days move together, and people are told."""

    _name = "pope.training.postpone"
    _description = "Postpone or Cancel"

    event_id = fields.Many2one("event.event", string="Session or Day", required=True, readonly=True, ondelete="cascade")
    gesture = fields.Selection([("postpone", "Postpone"), ("cancel", "Call It Off")], required=True, default="postpone")
    date_first = fields.Date(
        string="First Half-Day Now On",
        compute="_compute_date_first",
        store=True,
        readonly=False,
        help="The others follow with the same gap; change their dates in the list if need be.",
    )
    reason = fields.Char(string="What People Are Told", help="Said as it is written in the e-mail.")
    line_ids = fields.One2many(
        "pope.training.postpone.line", "postpone_id", compute="_compute_line_ids", store=True, readonly=False
    )
    people = fields.Char(string="Who Is Told", compute="_compute_people")
    unreached = fields.Char(string="Without an E-mail Address, to Be Called", compute="_compute_people")
    waiting = fields.Char(string="On the Waiting List, to Be Told by You", compute="_compute_people")
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False)

    @api.depends("event_id")
    def _compute_date_first(self):
        for wizard in self:
            wizard.date_first = min(wizard.event_id._pope_slots_to_move().mapped("date"), default=False)

    @api.depends("event_id", "date_first")
    def _compute_line_ids(self):
        for wizard in self:
            slots = wizard.event_id._pope_slots_to_move()
            first = min(slots.mapped("date"), default=False)
            gap = wizard.date_first - first if first and wizard.date_first else timedelta()
            lines = [Command.create({"slot_id": slot.id, "date": slot.date + gap}) for slot in slots]
            wizard.line_ids = [Command.clear(), *lines]

    @api.depends("event_id")
    def _compute_people(self):
        for wizard in self:
            everybody = wizard.event_id.registration_ids.pope_enrolment_ids
            enrolments = everybody.filtered(lambda enrolment: enrolment._is_awaited_on())
            reached = enrolments.filtered("email")
            wizard.people = ", ".join(reached.partner_id.sorted("name").mapped("name"))
            wizard.unreached = ", ".join((enrolments - reached).partner_id.sorted("name").mapped("name"))
            wizard.waiting = ", ".join(everybody.filtered("is_waiting").partner_id.sorted("name").mapped("name"))

    def _apply(self):
        if self.gesture == "cancel":
            if not self.reason:
                raise UserError(self.env._("Say why it is called off."))
            return self.event_id._pope_cancel_session(self.reason)
        days = {line.slot_id: line.date for line in self.line_ids}
        if not days:
            raise UserError(self.env._("This session has no half-day to come: there is nothing to postpone."))
        if all(slot.date == day for slot, day in days.items()):
            raise UserError(self.env._("Choose other dates first."))
        return self.event_id._pope_postpone(days, self.reason)

    def action_preview(self):
        """The e-mail as it would leave: everything is done, read and taken back."""
        self.ensure_one()
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            # sudo: texts are rendered with the rights of the sender of the mail, the cron
            row = self._apply().sudo()[:1]
            values = row._render()[row.id] if row else {}
            self.env.flush_all()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.write({"subject": values.get("subject"), "body": values.get("body_html")})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Postpone or Cancel"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        self.ensure_one()
        self._apply()
        return {"type": "ir.actions.act_window_close"}


class TrainingPostponeLine(models.TransientModel):
    _name = "pope.training.postpone.line"
    _description = "Half-Day to Move"

    postpone_id = fields.Many2one("pope.training.postpone", required=True, ondelete="cascade")
    slot_id = fields.Many2one("pope.training.slot", string="Half-Day", required=True, ondelete="cascade")
    date = fields.Date(string="Now On", required=True)
