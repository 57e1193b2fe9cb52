from odoo import api, fields, models
from odoo.fields import Domain


class EventEvent(models.Model):
    """Which awards pay a day or a session, and what was given for it: hours, and persons."""

    _inherit = "event.event"

    pope_funding_ids = fields.Many2many(
        "pope.funding",
        "pope_event_funding_rel",
        "event_id",
        "funding_id",
        string="Paid by Awards",
        check_company=True,
        domain=[("beneficiary", "=", "pole"), ("state", "in", ("awarded", "closed"))],
        groups="pope_crm.group_pope_user",
        copy=False,
        help="A training is also paid by the awards that its trainees' financing names.",
    )
    pope_present_count = fields.Integer(
        string="Persons Present", compute="_compute_pope_given", groups="pope_crm.group_pope_user"
    )
    pope_hours_given = fields.Float(
        string="Hours Attended",
        compute="_compute_pope_given",
        groups="pope_crm.group_pope_user",
        help="Of all the persons present, as attendance was signed and noted.",
    )

    def _compute_pope_given(self):
        rows = self.env["pope.training.enrolment"]._read_group(
            [("event_id", "in", self.ids), ("state", "=", "done"), ("registration_id.active", "=", True)],
            ["event_id"],
            ["partner_id:count_distinct", "hours_attended:sum"],
        )
        given = {event: (persons, hours) for event, persons, hours in rows}
        for event in self:
            event.pope_present_count, event.pope_hours_given = given.get(event, (0, 0.0))

    def action_pope_fundings(self):
        """The awards that pay this, and from there their reports."""
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_funding_action")
        action["domain"] = [("id", "in", self._pope_paid_by().ids)]
        action["context"] = {"create": False}
        return action

    def action_pope_summaries(self):
        """The summaries that count the awards that pay this."""
        return self._pope_paid_by().action_summaries()

    def _pope_paid_by(self):
        paid = self.env["pope.training.financing"]._read_group(
            [("event_id", "in", self.ids), ("funding_id", "!=", False), ("state", "!=", "refused")], ["funding_id"]
        )
        return self.pope_funding_ids.union(*(funding for [funding] in paid))


class Funding(models.Model):
    """From an award to the sessions and days that it paid for, and to who was there."""

    _inherit = "pope.funding"

    pope_event_count = fields.Integer(string="Sessions and Days Paid", compute="_compute_pope_event_count")

    def _compute_pope_event_count(self):
        events = self._pope_events()
        for funding in self:
            funding.pope_event_count = len(events.get(funding, ()))

    def _pope_events(self):
        """The events that each award pays: told on the event, or by the financing of somebody who follows it."""
        told = self.env["event.event"]._read_group(
            [("pope_funding_ids", "in", self.ids)], ["pope_funding_ids"], ["id:recordset"]
        )
        paid = self.env["pope.training.financing"]._read_group(
            [("funding_id", "in", self.ids), ("state", "!=", "refused"), ("event_id", "!=", False)],
            ["funding_id"],
            ["event_id:recordset"],
        )
        events = {}
        for funding, found in [*told, *paid]:
            events[funding] = events.get(funding, self.env["event.event"]) | found
        return events

    @api.private
    def _pope_paid_events(self):
        return self.env["event.event"].union(*self._pope_events().values())

    def action_pope_events(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.event_event_action_paid")
        action["domain"] = [("id", "in", self._pope_paid_events().ids)]
        return action

    def action_pope_persons(self):
        """Who was there, by name, for who may read them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_enrolment_action_all")
        action["domain"] = list(Domain("event_id", "in", self._pope_paid_events().ids) & Domain("state", "=", "done"))
        return action
