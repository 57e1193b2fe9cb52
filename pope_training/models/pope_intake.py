from odoo import api, fields, models
from odoo.exceptions import UserError


class Intake(models.Model):
    """Somebody who is not known yet chose a date: they are registered once a person has sorted who they are."""

    _inherit = "pope.intake"

    meeting_id = fields.Many2one(
        "event.event",
        string="Chosen Meeting",
        ondelete="set null",
        index="btree_not_null",
        domain=[("pope_kind", "=", "information_meeting")],
        check_company=True,
        help="They are registered, and told so, when you make a project of it or attach it to one.",
    )

    @api.model
    def _form_errors(self, team, form):
        errors = super()._form_errors(team, form)
        if "dates" in form:
            chosen, meeting = form.get("meeting_id"), self._form_meeting(team, form)
            if not chosen:
                errors.append(self.env._("Choose a date, or say that none suits you."))
            elif chosen != "none" and not meeting:
                errors.append(self.env._("This date is past, or called off. Please choose another one."))
            elif meeting.pope_is_full:
                errors.append(self.env._("This meeting is full now. Please choose another date."))
        return errors

    @api.model
    def _form_values(self, team, form):
        return {**super()._form_values(team, form), "meeting_id": self._form_meeting(team, form).id}

    @api.model
    def _form_meeting(self, team, form):
        """The meeting that a form of the page of dates chose among those that it offers."""
        offered = self.env["event.event"]._pope_offered(team.company_id) if "dates" in form else self.env["event.event"]
        return offered.filtered(lambda meeting: str(meeting.id) == form.get("meeting_id"))

    @api.model
    def _form_same(self):
        return [*super()._form_same(), "meeting_id"]

    def _sorted_as(self, state, **values):
        result = super()._sorted_as(state, **values)
        if state in ("project", "attached"):
            for intake in self.filtered("meeting_id"):
                intake._register_person()
        return result

    def _register_person(self):
        """At the meeting that they chose; when it cannot be any more, whoever sorts is asked to propose another."""
        person = self.partner_id or self._new_person()
        meeting = self.meeting_id
        try:
            # sudo: who sorts may register people
            self.env["pope.training.enrolment"].sudo()._choose(person, meeting, self.company_id, self.lead_id)
        except UserError as error:
            self.lead_id.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._("Propose another date to %(person)s", person=person.name),
                note=error.args[0],
                user_id=self.env.uid,
            )

    def _new_person(self):
        """A colleague of the project's people, who came by the page of dates."""
        Partner = self.env["res.partner"]
        person = Partner._pope_find_person(self.email, self.phone, self.name)
        return person or Partner.create(
            {
                "name": self.name,
                "email": self.email,
                "phone": self.phone,
                "pope_town_id": self.town_id.id,
                "company_id": self.company_id.id,
                "lang": self.env.user.lang,
            }
        )
