from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pope_enrolment_public = fields.Boolean(string="Public Enrolment Form")


class Intake(models.Model):
    """Somebody asked for a session on its public page: they are enrolled once a person has sorted who they are."""

    _inherit = "pope.intake"

    session_id = fields.Many2one(
        "event.event",
        string="Training Asked For",
        ondelete="set null",
        index="btree_not_null",
        domain=[("pope_kind", "=", "training")],
        check_company=True,
        help="They are enrolled when you make a project of it or attach it to one.",
    )

    @api.model
    def _form_errors(self, team, form):
        errors = super()._form_errors(team, form)
        if "sessions" in form and not self._form_session(team, form):
            errors.append(self.env._("Choose a date: this one is past, or called off."))
        return errors

    @api.model
    def _form_values(self, team, form):
        return {**super()._form_values(team, form), "session_id": self._form_session(team, form).id}

    @api.model
    def _form_session(self, team, form):
        """The session that a form of the catalogue chose, among those that its page offers."""
        Event = self.env["event.event"]
        if "sessions" not in form:
            return Event
        program = self.env["pope.training.program"]._published(team.company_id)
        offered = Event.union(*program._public_sessions(team.company_id).values())
        return offered.filtered(lambda session: str(session.id) == form.get("session_id"))

    @api.model
    def _form_same(self):
        return [*super()._form_same(), "session_id"]

    def _sorted_as(self, state, **values):
        result = super()._sorted_as(state, **values)
        if state in ("project", "attached"):
            for intake in self.filtered("session_id"):
                intake._enrol_person()
        return result

    def _enrol_person(self):
        """In the session that they asked for, or on its waiting list."""
        person, session = self.partner_id or self._new_person(), self.session_id
        if session.kanban_state == "cancel" or session.is_finished:
            self.lead_id.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._("Propose another session to %(person)s", person=person.name),
                user_id=self.env.uid,
            )
            return
        # sudo: who sorts may enrol people
        Enrolment = self.env["pope.training.enrolment"].sudo()
        if not Enrolment.search_count([("event_id", "=", session.id), ("partner_id", "=", person.id)], limit=1):
            registration = Enrolment.env["event.registration"].create(
                {
                    "event_id": session.id,
                    "partner_id": person.id,
                    "name": person.name,
                    "email": person.email,
                    "phone": person.phone,
                }
            )
            registration.pope_enrolment_ids.lead_id = self.lead_id
