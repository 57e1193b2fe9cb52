from odoo import api, models
from odoo.exceptions import ValidationError


class Notification(models.Model):
    """The page behind the personal link of an e-mail: its person chooses a date, another one, or none."""

    _inherit = "pope.notification"

    @api.private
    def _meeting_page(self, form):
        """What the page shows: where the person stands, and the dates.

        :param dict form: texts by field name
        """
        self.ensure_one()
        company = self.company_id
        enrolments = self.env["pope.training.enrolment"]._of_person(self.partner_id, company)
        own = enrolments.filtered("date_meeting").event_id
        return {
            "row": self,
            "company": company,
            "team": self._meeting_team(),
            "own": own,
            "off": enrolments.filtered(lambda enrolment: enrolment.state == "open").event_id - own,
            "meetings": self.env["event.event"]._pope_offered(company) | own,
            "chosen": form.get("meeting_id") or form.get("date"),
        }

    def _meeting_team(self):
        """The team whose notice the page shows."""
        teams = self.env["crm.team"]._pope_door_teams().filtered(lambda team: team.company_id == self.company_id)
        return self.lead_id.team_id & teams or teams[:1]

    @api.private
    def _answer_meeting(self, form):
        """Do what the person asked for.

        :param dict form: texts by field name
        :raises ValidationError: what they should do instead; nothing is written
        :return: what was done: registered or given_up
        """
        self.ensure_one()
        Enrolment = self.env["pope.training.enrolment"]
        if form.get("give_up"):
            Enrolment._give_up(self.partner_id, self.company_id)
            return "given_up"
        own = Enrolment._of_person(self.partner_id, self.company_id).event_id
        meetings = self.env["event.event"]._pope_offered(self.company_id) | own
        meeting = meetings.filtered(lambda meeting: str(meeting.id) == form.get("meeting_id"))
        if not meeting:
            raise ValidationError(
                self.env._("This date is past, or called off. Please choose another one.")
                if form.get("meeting_id")
                else self.env._("Choose a date first.")
            )
        # their project, as long as they carry it
        lead = self.lead_id.filtered(lambda lead: lead.active and self.partner_id in lead.pope_holder_ids)
        Enrolment._choose(self.partner_id, meeting, self.company_id, lead)
        return "registered"
