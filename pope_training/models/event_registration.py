from odoo import api, fields, models


class EventRegistration(models.Model):
    """Whoever is registered on one of our events has an enrolment; other registrations have none."""

    _inherit = "event.registration"

    pope_enrolment_ids = fields.One2many(
        "pope.training.enrolment", "registration_id", string="Enrolments", groups="pope_crm.group_pope_user"
    )
    pope_lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        compute="_compute_pope_lead_id",
        groups="pope_crm.group_pope_user",
    )
    pope_is_present = fields.Boolean(
        string="Present", compute="_compute_pope_is_present", inverse="_inverse_pope_is_present"
    )

    pope_follow_up = fields.Selection(
        [("offered", "Another date offered"), ("again", "Registered again"), ("unreached", "To be called")],
        string="Since Then",
        compute="_compute_pope_follow_up",
        groups="pope_crm.group_pope_user",
        help="What follows for somebody who was absent.",
    )

    @api.depends("pope_enrolment_ids.lead_id")
    def _compute_pope_lead_id(self):
        for registration in self:
            registration.pope_lead_id = registration.pope_enrolment_ids.lead_id[:1]

    @api.depends("state")
    def _compute_pope_is_present(self):
        for registration in self:
            registration.pope_is_present = registration.state == "done"

    @api.depends("state", "event_id.date_begin", "pope_enrolment_ids.notification_ids.state")
    def _compute_pope_follow_up(self):
        self.pope_follow_up = False
        now = self.env.cr.now()
        absent = self.filtered(
            lambda registration: (
                registration.state == "open" and (registration.event_id._pope_planned_at() or now) < now
            )
        )
        # sudo: they may have come to a meeting of another company, or had their e-mail from it
        enrolments = absent.pope_enrolment_ids.sudo()
        if not enrolments:
            return
        later = dict(
            enrolments._read_group(
                [("partner_id", "in", enrolments.partner_id.ids), ("date_meeting", "!=", False)],
                ["partner_id"],
                ["date_meeting:max"],
            )
        )
        told = dict(
            enrolments.env["pope.notification"]._read_group(
                [
                    ("enrolment_id", "in", enrolments.ids),
                    ("rule_id.trigger", "=", "offered"),
                    ("state", "!=", "cancelled"),
                ],
                ["enrolment_id"],
                ["state:array_agg"],
            )
        )
        for enrolment in enrolments:
            registration = self.browse(enrolment.registration_id.id)
            if enrolment.partner_id in later and later[enrolment.partner_id] > enrolment.date_begin:
                registration.pope_follow_up = "again"
            elif states := set(told.get(enrolment, ())):
                registration.pope_follow_up = "unreached" if states <= {"skipped", "failed"} else "offered"

    def _inverse_pope_is_present(self):
        ticked = self.filtered("pope_is_present")
        came = ticked.filtered(lambda registration: registration.state != "done")
        absent = (self - ticked).filtered(lambda registration: registration.state == "done")
        if came:
            came.action_set_done()
        if absent:
            absent.action_confirm()

    def action_pope_tick(self):
        """One tap on a phone: they are there; a second one: it was a mistake."""
        for registration in self:
            registration.pope_is_present = not registration.pope_is_present

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        registrations._pope_own()._pope_enrol()
        return registrations

    def write(self, vals):
        if not {"state", "active", "event_id"}.intersection(vals):
            return super().write(vals)
        before = {registration.id: registration._pope_awaited_at() for registration in self}
        result = super().write(vals)
        changed = self.filtered(lambda registration: before[registration.id] != registration._pope_awaited_at())
        enrolments = changed._pope_enrolments()
        leads = enrolments.lead_id
        if "event_id" in vals:
            self._pope_enrol()
        leads._pope_sync_meeting_date({before[registration.id] for registration in changed})
        enrolments.exists()._replan()
        return result

    def unlink(self):
        if not (own := self._pope_own()):
            return super().unlink()
        enrolments = own._pope_enrolments()
        leads = enrolments.lead_id
        former = {registration._pope_awaited_at() for registration in own}
        enrolments._withdraw()
        result = super().unlink()
        leads._pope_sync_meeting_date(former)
        self.env["pope.notification.rule"]._meeting_reminders()._replan(leads)
        return result

    def _pope_own(self):
        return self.filtered("event_id.pope_kind")

    def _pope_awaited_at(self):
        """When this person is awaited at an information meeting."""
        return self.active and self.state in ("open", "done") and self.event_id._pope_planned_at()

    def _pope_enrolments(self):
        # sudo: whoever may change a registration changes what follows from it, without seeing it
        return self.env["pope.training.enrolment"].sudo().search([("registration_id", "in", self.ids)])

    def _pope_enrol(self):
        """Give each registration on our events its enrolment, and take it from those on other events."""
        own, enrolments = self._pope_own(), self._pope_enrolments()
        foreign = enrolments.filtered(lambda enrolment: enrolment.registration_id not in own)
        if missing := own - enrolments.registration_id:
            people = missing._pope_people()
            carried = {registration: (people[registration], registration.sudo().company_id) for registration in missing}
            projects = enrolments._projects_of(set(carried.values()))
            enrolments.create(
                [
                    {
                        "registration_id": registration.id,
                        "partner_id": people[registration].id,
                        "lead_id": projects[carried[registration]].id,
                    }
                    for registration in missing
                ]
            )
        foreign.unlink()

    def _pope_people(self):
        """The person behind each registration: who booked under their own name, a known person, or a new one."""
        # sudo: whoever takes a registration may not see every contact; none is shown to them
        registrations = self.sudo()
        people = {
            registration: registration.partner_id
            for registration in registrations
            if not registration.partner_id.is_company
            and registration.partner_id.name
            and registration.partner_id.name == registration.name
        }
        for company, group in (registrations - self.browse(r.id for r in people)).grouped("company_id").items():
            wanted = {r: (r.email or False, r.phone or False, r.name or False) for r in group}
            found = registrations.env["res.partner"]._pope_find_people(set(wanted.values()), company)
            people.update({r: r._pope_recognised(found[wanted[r]]) for r in group})
        return registrations._pope_new_people(people)

    def _pope_recognised(self, person):
        """Whether the person found is the one registered; extended where an address alone does not tell.

        :return: the person, or nobody
        """
        return person

    def _pope_new_people(self, people):
        """Complete `people` with persons made from name, address and phone; one for those that have them in common."""
        nobody = [registration for registration in self if not people[registration]]
        values = {}
        for registration in nobody:
            if registration.name or registration.email:
                values.setdefault(registration._pope_person_key(), registration._pope_person_values())
        made = dict(zip(values, self.env["res.partner"].create(list(values.values())), strict=True))
        for registration in nobody:
            people[registration] = made.get(registration._pope_person_key(), self.env["res.partner"])
        return people

    def _pope_person_key(self):
        reach = (self.email or "").strip().lower() or self.phone
        return (reach, (self.name or "").strip().lower()) if reach else self.id

    def _pope_person_values(self):
        return {
            "name": self.name or self.email,
            "email": self.email,
            "phone": self.phone,
            "lang": self.event_id.lang or self.env.user.lang,
        }
