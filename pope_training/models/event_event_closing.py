from odoo import api, fields, models
from odoo.fields import Domain


class EventEvent(models.Model):
    """A session that is over leaves attendance to note, certificates to issue and invoices to make."""

    _inherit = "event.event"

    pope_to_close = fields.Boolean(
        string="To Close",
        compute="_compute_pope_to_close",
        search="_search_pope_to_close",
        groups="pope_crm.group_pope_user",
        help="Over, with attendance to note or to seal, certificates to issue or invoices to make.",
    )

    pope_is_today = fields.Boolean(string="Today", compute="_compute_pope_is_today", groups="pope_crm.group_pope_user")

    @api.depends("date_begin", "date_end", "date_tz", "pope_slot_ids.date", "pope_slot_ids.state")
    def _compute_pope_is_today(self):
        """Whether one of its days is today, at its own clock; of a session, one of its half-days."""
        for event in self:
            local = event.with_context(tz=event.date_tz)
            if held := event.pope_slot_ids.filtered(lambda slot: slot.state != "cancelled"):
                event.pope_is_today = fields.Date.context_today(local) in held.mapped("date")
                continue
            days = [
                fields.Datetime.context_timestamp(local, moment).date()
                for moment in (event.date_begin, event.date_end)
                if moment
            ]
            event.pope_is_today = len(days) == 2 and days[0] <= fields.Date.context_today(local) <= days[1]

    @api.depends("pope_kind", "kanban_state", "date_end")
    def _compute_pope_to_close(self):
        waiting = self.search([("id", "in", self.ids), ("pope_to_close", "=", True)])
        for event in self:
            event.pope_to_close = event._origin in waiting

    @api.model
    def _search_pope_to_close(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = Domain("pope_kind", "=", "training") & Domain("kanban_state", "!=", "cancel")
        waiting = held & Domain("date_end", "<", self.env.cr.now()) & Domain.OR(self._pope_left_domains())
        return waiting if True in value else ~waiting

    @api.model
    @api.private
    def _pope_left_domains(self):
        """What a session that is over may leave to do; `Domain`s of sessions."""
        awaited = Domain("state", "=", "planned") & Domain("attendance_ids", "!=", False)
        noted = Domain("seal_ids", "!=", False) & Domain("attendance_ids", "not any", [("status", "=", "todo")])
        certified = [("state", "=", "issued"), ("kind_id.code", "=", "certificate")]
        followed = Domain("state", "in", ("open", "done")) & Domain("hours_attended", ">", 0)
        enrolments = [
            followed & Domain("document_ids", "not any", certified),
            Domain("financing_ids", "any", self.env["pope.training.financing"]._to_invoice_domain()),
        ]
        return [
            Domain("pope_slot_ids", "any", awaited & ~noted),
            Domain("registration_ids.pope_enrolment_ids", "any", Domain.OR(enrolments)),
        ]


class TrainingFinancing(models.Model):
    _inherit = "pope.training.financing"

    @api.model
    @api.private
    def _to_invoice_domain(self):
        """What was handed to the accountant, and what was followed and asked of nobody once the session is over."""
        over = [
            ("invoice_state", "=", "none"),
            ("event_id.date_end", "<", self.env.cr.now()),
            ("enrolment_id.hours_attended", ">", 0),
            ("enrolment_id.state", "in", ("open", "done")),
        ]
        owed = [("state", "!=", "refused"), ("scheme_id.bpf_line", "!=", False), ("partner_id", "!=", False)]
        return Domain("invoice_state", "=", "proposed") | Domain(over) & Domain(owed)
