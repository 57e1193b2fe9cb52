from odoo import api, fields, models


class TrainingEnrolment(models.Model):
    """A person on one of our events: made with the registration, it lives and goes with it."""

    _name = "pope.training.enrolment"
    _inherit = ["pope.never.typed"]
    _description = "Enrolment"
    _order = "date_begin desc, id desc"
    _rec_name = "partner_id"

    registration_id = fields.Many2one("event.registration", required=True, ondelete="cascade", readonly=True)
    event_id = fields.Many2one(related="registration_id.event_id", store=True, index=True)
    company_id = fields.Many2one(related="registration_id.company_id", store=True)
    state = fields.Selection(related="registration_id.state", store=True, help="That of the registration.")
    pope_kind = fields.Selection(related="event_id.pope_kind", store=True)
    date_begin = fields.Datetime(related="event_id.date_begin", store=True)
    program_id = fields.Many2one(
        related="event_id.pope_program_id", string="Training Programme", store=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("is_company", "=", False)],
        help="Who attends, whoever booked.",
    )
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        ondelete="set null",
        index="btree_not_null",
        domain=[("type", "=", "project")],
        check_company=True,
    )

    _registration_unique = models.UniqueIndex("(registration_id)", "This registration has its enrolment already.")

    @api.depends("partner_id", "registration_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for enrolment in self:
            enrolment.display_name = enrolment.partner_id.name or enrolment.registration_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(vals_list)
        enrolments.lead_id._pope_sync_meeting_date(())
        enrolments._replan()
        return enrolments

    def write(self, vals):
        if "lead_id" not in vals:
            return super().write(vals)
        leads, former = self.lead_id, self._awaited_at()
        result = super().write(vals)
        # sudo: the date of a meeting is for every project, also one that changed company since
        (leads | self.lead_id).sudo()._pope_sync_meeting_date(former)
        self._follow_project(leads)
        return result

    def _follow_project(self, former):
        """E-mails follow the registration to its project; the one that it leaves is reminded by its own date."""
        # sudo: the e-mails follow, whoever moves the registration
        waiting = self.sudo().notification_ids.filtered(lambda row: row.state in ("planned", "to_approve"))
        for lead, rows in waiting.grouped(lambda row: row.enrolment_id.lead_id).items():
            rows.lead_id = lead
        self._replan()
        self.env["pope.notification.rule"]._meeting_reminders()._replan(former.sudo())  # sudo: as above

    def unlink(self):
        leads, former = self.lead_id, self._awaited_at()
        self._withdraw()
        result = super().unlink()
        leads._pope_sync_meeting_date(former)
        self.env["pope.notification.rule"]._meeting_reminders()._replan(leads)
        return result

    def _withdraw(self):
        """Nothing is said any more of a registration that goes."""
        # sudo: its e-mails go with it, whoever deletes it
        self.sudo().notification_ids.filtered(lambda row: row.state in ("planned", "to_approve", "queued"))._cancel(
            "obsolete"
        )

    def _awaited_at(self):
        return {registration._pope_awaited_at() for registration in self.registration_id}

    def _find_project(self):
        """Complete enrolments with the project of their person, where there is no doubt."""
        projects = self._projects_of({(enrolment.partner_id, enrolment.company_id) for enrolment in self})
        for lead, enrolments in self.grouped(
            lambda enrolment: projects[enrolment.partner_id, enrolment.company_id]
        ).items():
            if lead:
                enrolments.lead_id = lead

    @api.model
    def _projects_of(self, people):
        """The project of each person who carries exactly one that goes on.

        :param people: tuples of a person and the company of the event, empty for an event of all companies
        """
        # sudo: the choice must not depend on what the person who takes a registration may see
        members = (
            self.env["pope.project.member"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", [person.id for person, _company in people]),
                    ("is_present", "=", True),
                    ("lead_id.active", "=", True),
                    ("lead_id.type", "=", "project"),
                    ("lead_id.won_status", "=", "pending"),
                ],
                ["partner_id", "lead_id", "company_id"],
            )
        )
        carried = members.grouped(lambda member: member.partner_id.id)
        projects = {}
        for person, company in people:
            own = carried.get(person.id, members.browse())
            leads = own.filtered(lambda member, own=company: not own or member.company_id == own).lead_id
            projects[person, company] = leads if len(leads) == 1 else leads.browse()
        return projects
