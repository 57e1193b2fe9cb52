from odoo import api, fields, models


class TrainingEnrolment(models.Model):
    """At a discovery day: the career path of who came."""

    _inherit = "pope.training.enrolment"

    path_id = fields.Many2one(
        "crm.lead",
        string="Career Path",
        compute="_compute_path_id",
        store=True,
        readonly=False,
        ondelete="set null",
        index="btree_not_null",
        domain=[("type", "=", "path")],
        check_company=True,
    )

    @api.depends("partner_id", "pope_kind")
    def _compute_path_id(self):
        """The last path of the person, which stays once it is known."""
        days = self.filtered(lambda enrolment: enrolment.pope_kind == "discovery_day" and enrolment.partner_id)
        # sudo: the path does not depend on what who takes a registration may see
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        paths = leads.search_fetch(
            [("type", "=", "path"), ("partner_id", "in", days.partner_id.ids)], ["partner_id", "company_id"], order="id"
        )
        last = {(path.partner_id.id, path.company_id.id): path.id for path in paths} if days else {}
        for enrolment in self - days:
            enrolment.path_id = False
        for enrolment in days:
            company = enrolment.company_id or self.env.company
            enrolment.path_id = enrolment.path_id.id or last.get((enrolment.partner_id.id, company.id))

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(vals_list)
        enrolments._follow_paths()
        return enrolments

    @api.private
    def _follow_paths(self):
        """The path of each person follows what they did at discovery days: registered, or there."""
        # sudo: whoever takes a registration or an attendance moves the paths, without seeing them
        days = self.sudo().filtered(
            lambda enrolment: (
                enrolment.pope_kind == "discovery_day" and enrolment.partner_id and enrolment._is_enrolled()
            )
        )
        for company, enrolments in days.grouped(lambda enrolment: enrolment.company_id or self.env.company).items():
            came = enrolments.filtered(lambda enrolment: enrolment.state == "done")
            for step, group in (("attended", came), ("registered", enrolments - came)):
                if group:
                    group.env["crm.lead"].with_company(company)._pope_follow_people(group._days(), company, step)
        self.env.add_to_compute(self._fields["path_id"], days.filtered(lambda enrolment: not enrolment.path_id))

    def _days(self):
        """The first of these days of each person, at the clock of its event."""
        first = {}
        for enrolment in self.sorted("date_begin", reverse=True):
            zone = self.with_context(tz=enrolment.event_id.date_tz or "Europe/Paris")
            first[enrolment.partner_id] = fields.Datetime.context_timestamp(zone, enrolment.date_begin).date()
        return first

    @api.private
    def _leave_paths(self):
        """They were not there after all: the day is the first of the others, or none, and the path waits again."""
        # sudo: as above
        paths = self.sudo().path_id
        came = dict(
            self.sudo()._read_group(
                [("path_id", "in", paths.ids), ("state", "=", "done"), ("registration_id.active", "=", True)],
                ["path_id"],
                ["date_begin:min"],
            )
        )
        for day, group in paths.grouped(lambda path: came[path].date() if path in came else False).items():
            group.pope_path_attended_date = day
        back = paths.filtered(lambda path: path not in came and path.stage_id.pope_path_step == "attended")
        for team, group in back.grouped("team_id").items():
            group.stage_id = team._pope_path_stage("registered")
