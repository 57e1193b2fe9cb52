from collections import defaultdict

from odoo import api, fields, models


class CrmLead(models.Model):
    """The meetings and trainings of a project's people, and the day they are awaited at an information meeting."""

    _inherit = "crm.lead"

    pope_enrolment_ids = fields.One2many(
        "pope.training.enrolment", "lead_id", string="Enrolments", groups="pope_crm.group_pope_user"
    )
    pope_enrolment_count = fields.Integer(
        string="Meetings and Trainings",
        compute="_compute_pope_enrolment_count",
        groups="pope_crm.group_pope_user",
    )

    pope_has_registration = fields.Boolean(
        string="Registered at a Meeting to Come",
        compute="_compute_pope_has_registration",
        compute_sudo=True,
        help="Then the registrations remind people, not the date of the project.",
    )

    @api.depends("pope_enrolment_ids", "pope_member_ids.partner_id", "pope_member_ids.date_exit")
    def _compute_pope_enrolment_count(self):
        rows = self.env["pope.training.enrolment"]._read_group(
            self._pope_enrolment_domain(), ["lead_id", "partner_id"], ["__count"]
        )
        for lead in self:
            holders = lead.pope_holder_ids
            lead.pope_enrolment_count = sum(
                count for project, person, count in rows if project == lead._origin or person in holders
            )

    @api.depends("pope_enrolment_ids.date_meeting")
    def _compute_pope_has_registration(self):
        to_come = [("date_meeting", ">", self.env.cr.now()), ("company_id", "!=", False)]
        registered = {
            lead
            for [lead] in self.env["pope.training.enrolment"]._read_group(
                [("lead_id", "in", self.ids), *to_come], ["lead_id"]
            )
        }
        for lead in self:
            lead.pope_has_registration = lead._origin in registered

    def _pope_enrolment_domain(self):
        return ["|", ("lead_id", "in", self.ids), ("partner_id", "in", self.pope_holder_ids.ids)]

    def action_pope_enrolments(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_enrolment_action_all")
        action["domain"] = self._pope_enrolment_domain()
        return action

    def action_pope_enrol(self):
        return self._pope_window("pope_training.pope_training_enrol_action")

    @api.private
    def _pope_sync_meeting_date(self, former):
        """Write when each project is awaited at an information meeting: the next one to come, or the last one.

        :param former: when the meetings that changed had been; a date from elsewhere is left alone
        """
        leads = self.filtered(lambda lead: not lead.pope_meeting_attended)
        if not leads:
            return
        # sudo: an enrolment of a company that the user may not see counts as well
        enrolments = self.env["pope.training.enrolment"].sudo().search([("lead_id", "in", leads.ids)])
        dates = defaultdict(set)
        for enrolment in enrolments:
            if awaited := enrolment.registration_id._pope_awaited_at():
                dates[enrolment.lead_id.id].add(awaited)
        now = self.env.cr.now()
        by_date = defaultdict(self.browse)
        for lead in leads:
            awaited = dates[lead.id]
            date = min((day for day in awaited if day >= now), default=max(awaited, default=False))
            if date != lead.pope_meeting_date and (date or lead.pope_meeting_date in former):
                by_date[date] |= lead
        for date, group in by_date.items():
            group.pope_meeting_date = date

    def _pope_meeting_venues(self):
        """That of the meeting where the project's people are enrolled; nothing when it is held online."""
        venues = super()._pope_meeting_venues()
        # sudo: an enrolment of a company that the user may not see counts as well
        for enrolment in self.env["pope.training.enrolment"].sudo().search([("lead_id", "in", self.ids)]):
            lead = enrolment.lead_id
            if lead.pope_meeting_date and enrolment.registration_id._pope_awaited_at() == lead.pope_meeting_date:
                venues[lead] = enrolment.event_id.address_id
        return venues

    def _pope_plan_upcoming(self):
        super()._pope_plan_upcoming()
        # sudo: what is to come is reminded whatever the rights of who changes the project
        enrolments = self.env["pope.training.enrolment"].sudo()
        to_come = [("lead_id", "in", self.ids), ("date_meeting", ">", self.env.cr.now())]
        enrolments.search(to_come)._replan(upcoming=True)

    def _merge_dependences(self, opportunities):
        # sudo: the enrolments of what is merged follow it, whoever merges
        opportunities.sudo().pope_enrolment_ids.lead_id = self
        return super()._merge_dependences(opportunities)
