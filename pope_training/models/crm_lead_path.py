from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .crm_stage import STEPS_AHEAD


class CrmLead(models.Model):
    """The way of a person into the early-childhood professions, on the same engine as projects: its own team, stages,
    e-mails and checklists."""

    _inherit = "crm.lead"

    type = fields.Selection(
        selection_add=[("path", "Career Path")],
        ondelete={"path": lambda leads: leads._pope_become_stock()},
    )
    pope_path_enrolment_ids = fields.One2many(
        "pope.training.enrolment", "path_id", string="Discovery Days", groups="pope_crm.group_pope_user"
    )
    pope_path_day_count = fields.Integer(
        string="Number of Discovery Days", compute="_compute_pope_path_day_count", groups="pope_crm.group_pope_user"
    )
    pope_path_prescriber_id = fields.Many2one(
        related="partner_id.pope_prescriber_id", readonly=False, groups="pope_crm.group_pope_user"
    )
    pope_path_attended_date = fields.Date(
        string="Discovery Day Attended On",
        copy=False,
        tracking=True,
        help="Of the first one. Filled in when attendance is noted.",
    )
    pope_path_positioned_date = fields.Date(
        string="Positioned On",
        copy=False,
        tracking=True,
        help="Day of the first entry in a stage where it is known what suits this person, or in a later one.",
    )
    pope_path_project_id = fields.Many2one(
        "crm.lead",
        string="Project That Followed",
        copy=False,
        index="btree_not_null",
        domain=[("type", "=", "project")],
        help="This person opens a place of their own.",
    )

    @api.model
    def _pope_lead_types(self):
        return (*super()._pope_lead_types(), "path")

    @api.model
    def _pope_screens(self):
        return {
            **super()._pope_screens(),
            "path": (
                self.env._("Career Path"),
                self.env._("Career Paths"),
                "pope_training.crm_lead_action_path",
                "pope_training.crm_lead_view_form_path",
            ),
        }

    def _pope_paths(self):
        return self.filtered(lambda lead: lead.type == "path")

    def _compute_pope_path_day_count(self):
        rows = self.env["pope.training.enrolment"]._read_group([("path_id", "in", self.ids)], ["path_id"], ["__count"])
        counts = dict(rows)
        for lead in self:
            lead.pope_path_day_count = counts.get(lead, 0)

    @api.constrains("type", "partner_id", "company_id", "active", "stage_id")
    def _check_pope_one_path(self):
        """Of a person, one path is open at a time."""
        ongoing = self._pope_paths().filtered(lambda lead: lead.partner_id and lead.won_status == "pending")
        if not ongoing or self.env.context.get("pope_no_mail") == "merged":  # soon there is one
            return
        # sudo: the rule holds whoever writes, and shows nothing of the other path
        counts = self.sudo()._read_group(
            [*self._pope_open_paths(), ("partner_id", "in", ongoing.partner_id.ids)],
            ["partner_id", "company_id"],
            ["__count"],
        )
        for person, _company, count in counts:
            if count > 1:
                raise ValidationError(
                    self.env._("%(name)s has an open career path already: go on with that one.", name=person.name)
                )

    @api.model
    def _pope_open_paths(self):
        return [("type", "=", "path"), ("active", "=", True), ("won_status", "=", "pending")]

    def write(self, vals):
        if "type" in vals and any(lead.type != vals["type"] for lead in self._pope_paths()):
            raise UserError(
                self.env._("A career path becomes nothing else: open a project from it, or abandon or reorient it.")
            )
        return super().write(vals)

    def _pope_entered_stage(self):
        result = super()._pope_entered_stage()
        ahead = self._pope_paths().filtered(
            lambda lead: not lead.pope_path_positioned_date and lead.stage_id.pope_path_step in STEPS_AHEAD
        )
        ahead.pope_path_positioned_date = fields.Date.context_today(self)
        return result

    # --- Found, made, moved ---

    @api.model
    @api.private
    def _pope_paths_of(self, people, company):
        """The open path of each person that has one: dict person → path."""
        found = self.search_fetch(
            [*self._pope_open_paths(), ("partner_id", "in", people.ids), ("company_id", "=", company.id)],
            ["partner_id", "stage_id", "pope_path_attended_date"],
            order="id",
        )
        return {path.partner_id: path for path in found}

    @api.model
    @api.private
    def _pope_follow_people(self, days, company, step):
        """Each person's one open path is at this step or further; who has none gets one.

        :param days: dict person → day of what they did
        :param step: registered or attended
        :return: the paths
        """
        team = self._pope_path_team(company)
        if not team:
            return self.browse()
        team._pope_hold()
        known = self._pope_paths_of(self.env["res.partner"].union(*days), company)
        paths = self.union(*known.values())
        paths._pope_move_on(team, step, {known[person]: day for person, day in days.items() if person in known})
        if len(known) == len(days):
            return paths
        stage = team._pope_path_stage(step)
        # no e-mail to a colleague for each: the list shows them
        quiet = self.with_context(mail_create_nosubscribe=True, mail_auto_subscribe_no_notify=True)
        made = quiet.create(
            [
                {
                    "type": "path",
                    "name": person.name,
                    "partner_id": person.id,
                    "team_id": team.id,
                    "company_id": company.id,
                    "stage_id": stage.id,
                    "user_id": team.user_id.id,
                    "pope_town_id": person.pope_town_id.id,
                    "pope_path_attended_date": step == "attended" and day,
                }
                for person, day in days.items()
                if person not in known
            ]
        )
        return paths | made.with_env(self.env)

    def _pope_move_on(self, team, step, days):
        """Those that are before the step enter it, and tell the first day they attended."""
        stage = team._pope_path_stage(step)
        behind = self.filtered(lambda path: path.stage_id.sequence < stage.sequence)
        if step != "attended":
            behind.stage_id = stage
            return
        first = self.filtered(
            lambda path: not path.pope_path_attended_date or days[path] < path.pope_path_attended_date
        )
        for day, paths in first.grouped(days.get).items():
            moved = paths & behind
            moved.write({"stage_id": stage.id, "pope_path_attended_date": day})
            (paths - moved).pope_path_attended_date = day
        (behind - first).stage_id = stage

    @api.model
    def _pope_path_team(self, company):
        # sudo: which team follows paths is no secret to who takes registrations
        return (
            self.env["crm.team"]
            .sudo()
            .search([("pope_lead_type", "=", "path"), ("company_id", "=", company.id)], limit=1)
        )

    @api.private
    def _pope_fuse_paths(self, people):
        """People whose contacts were merged have one open path in each company: the oldest."""
        paths = self.search([*self._pope_open_paths(), ("partner_id", "in", people.ids)], order="id")
        for group in paths.grouped(lambda path: (path.partner_id, path.company_id)).values():
            if len(group) > 1:
                group[1:]._pope_merge_into(group[0])

    # --- A path that becomes a project ---

    def action_pope_path_project(self):
        """This person opens a place: their project is the one they carry already, or a new one, and the path ends
        there."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the person first."))
        project = self.partner_id._pope_main_project(self.company_id) or self.create(self._pope_project_values())
        self.pope_path_project_id = project
        self._message_log(body=self.env._("Goes on with the project %(project)s.", project=project._get_html_link()))
        project._message_log(body=self.env._("Comes from the career path %(path)s.", path=self._get_html_link()))
        if self.won_status == "pending":
            self._pope_close(self._pope_project_reason())
        return project.get_formview_action()

    def _pope_project_values(self):
        return {
            "type": "project",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self.env.uid,
            "pope_town_id": self.pope_town_id.id,
            "pope_source": self.pope_source or self.env._("Discovery day"),
        }

    @api.model
    def _pope_project_reason(self):
        """The reason shipped for it, or whichever reorientation the team kept."""
        reason = self.env.ref("pope_training.lost_reason_path_project", raise_if_not_found=False)
        domain = [("pope_outcome", "=like", "reoriented%")]
        return reason or self.env["crm.lost.reason"].search([*domain, ("pope_for_paths", "=", True)], limit=1)

    # --- What hangs on it ---

    def _merge_dependences(self, opportunities):
        # sudo: what was done at discovery days follows what is merged, whoever merges
        opportunities.sudo().pope_path_enrolment_ids.path_id = self
        return super()._merge_dependences(opportunities)

    def action_pope_note_interaction(self):
        action = super().action_pope_note_interaction()
        if self.type == "path":
            action["context"] = {**action["context"], "default_partner_ids": self.partner_id.ids}
        return action

    def _pope_enrolment_domain(self):
        domain = super()._pope_enrolment_domain()
        paths = self._pope_paths()
        return ["|", ("path_id", "in", paths.ids), *domain] if paths else domain


class Interaction(models.Model):
    """An exchange may be about a career path."""

    _inherit = "pope.interaction"

    lead_id = fields.Many2one(domain=[("type", "in", ("project", "path"))])

    @api.depends("lead_id")
    def _compute_partner_ids(self):
        result = super()._compute_partner_ids()
        for interaction in self:
            if not interaction.partner_ids and interaction.lead_id.type == "path":
                interaction.partner_ids = interaction.lead_id.partner_id
        return result
