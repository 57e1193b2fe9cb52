from collections import defaultdict

from odoo import api, fields, models

ANNOUNCED = 10  # projects named one by one in a warning
NAMED = 4  # missing items named one by one on a project


class CrmLead(models.Model):
    """A project's checklist: what each stage asks, what is there, what is missing."""

    _inherit = "crm.lead"

    pope_checklist_ids = fields.One2many(
        "pope.requirement.status",
        string="Checklist",
        compute="_compute_pope_checklist_ids",
        groups="pope_crm.group_pope_user",
    )
    pope_requirement_row_ids = fields.One2many(
        "pope.lead.requirement", "lead_id", string="Checklist Rows", groups="pope_crm.group_pope_user"
    )
    pope_requirement_count = fields.Integer(
        string="Asked by This Stage",
        compute="_compute_pope_requirements",
        help="Lines of the present stage.",
        groups="pope_crm.group_pope_user",
    )
    pope_requirement_done_count = fields.Integer(
        string="Done of This Stage", compute="_compute_pope_requirements", groups="pope_crm.group_pope_user"
    )
    pope_missing_count = fields.Integer(
        string="Missing Items",
        compute="_compute_pope_requirements",
        search="_search_pope_missing_count",
        help="Lines of former stages that are still missing.",
        groups="pope_crm.group_pope_user",
    )
    pope_missing_label = fields.Char(
        string="What Is Missing", compute="_compute_pope_requirements", groups="pope_crm.group_pope_user"
    )
    pope_late_entry = fields.Integer(string="Late Entry Told", copy=False)
    pope_rule_warning = fields.Char(
        string="Rules of the Type", compute="_compute_pope_rule_warning", groups="pope_crm.group_pope_user"
    )

    @api.depends("team_id", "pope_structure_type_id", "pope_member_ids.date_exit", "pope_requirement_row_ids")
    def _compute_pope_checklist_ids(self):
        lines = self.env["pope.requirement.status"].search([("lead_id", "in", self._origin.ids)])
        by_lead = lines.grouped("lead_id")
        for lead in self:
            lead.pope_checklist_ids = by_lead.get(lead._origin, False)

    @api.depends(
        "stage_id",
        "pope_structure_type_id",
        "pope_member_ids.date_exit",
        "pope_requirement_row_ids.state",
        "pope_requirement_row_ids.date_valid_until",
    )
    def _compute_pope_requirements(self):
        own = self._pope_own()
        stock = self._pope_stock()
        stock.pope_requirement_count = stock.pope_requirement_done_count = stock.pope_missing_count = 0
        stock.pope_missing_label = False
        for lead, (here, missing) in own._pope_requirement_lines().items():
            lead.pope_requirement_count = len(here)
            lead.pope_requirement_done_count = sum(here)
            lead.pope_missing_count = len(missing)
            lead.pope_missing_label = lead._pope_in_short(missing)

    def _pope_in_short(self, missing):
        """The first missing items by name, and how many others."""
        others = len(missing) - NAMED
        if others < 2:
            return ", ".join(missing) or False
        return self.env._("%(names)s and %(count)s others", names=", ".join(missing[:NAMED]), count=others)

    def _pope_requirement_lines(self):
        """The checklist of many projects in a constant number of queries.

        :return: dict lead → (list of booleans: done, for each line of its stage; labels of what former stages miss)
        """
        # sudo: the checklist is the same for everyone who may read the project
        rows = self._origin.sudo().pope_requirement_row_ids.filtered("is_done")
        done_rows = {(row.lead_id.id, row.member_id.id, row.requirement_id.id) for row in rows}
        asked = self.env["pope.stage.requirement"]._asked(self.team_id)
        members = self.pope_member_ids
        present = set(members.filtered("is_present")._ids)
        names = {member.id: member.partner_id.name for member in members}
        result = {}
        for lead in self:
            here, missing = [], []
            stage, kind = lead.stage_id, lead.pope_structure_type_id.id
            position = (stage.sequence, stage.id)
            holders = [member for member in lead.pope_member_ids if member.id in present]
            for line in asked:
                if line.position > position or (line.kinds and kind not in line.kinds):
                    continue
                for member in holders if line.scope == "holder" else [None]:
                    done = bool(line.fact and (member or lead)[line.fact]) or (
                        (lead._origin.id, member._origin.id if member else False, line.id) in done_rows
                    )
                    if line.position == position:
                        here.append(done)
                    elif not done:
                        missing.append(f"{line.name} ({names[member.id]})" if member else line.name)
            result[lead] = here, missing
        return result

    def _search_pope_missing_count(self, operator, value):
        """Among the ongoing projects; what ended is never searched for what it lacked."""
        compare = {
            ">": lambda count: count > value,
            ">=": lambda count: count >= value,
            "<": lambda count: count < value,
            "<=": lambda count: count <= value,
            "in": lambda count: count in value,
            "not in": lambda count: count not in value,
        }
        if operator not in compare:
            return NotImplemented
        leads = self.search([("type", "in", self._pope_lead_types()), ("won_status", "=", "pending")])
        return [("id", "in", leads.filtered(lambda lead: compare[operator](lead.pope_missing_count)).ids)]

    @api.depends(
        "type",
        "stage_id",
        "pope_structure_type_id",
        "pope_places_planned",
        "pope_places",
        "pope_childminder_count",
        "pope_holder_count",
    )
    def _compute_pope_rule_warning(self):
        accreditation = self.env.ref("pope_crm.stage_accreditation", raise_if_not_found=False)
        for lead in self:
            kind = lead.pope_structure_type_id
            places = lead.pope_places or lead.pope_places_planned
            breaches = kind and kind._breaches(places, lead.pope_holder_count, lead.pope_childminder_count)
            lead.pope_rule_warning = " ".join(breaches) if breaches else False
            asked = lead.type == "project" and not kind and accreditation
            if asked and lead.stage_id.sequence >= accreditation.sequence:
                lead.pope_rule_warning = self.env._(
                    "Fill in the structure type: the papers to gather and the e-mails of this stage depend on it."
                )

    def pope_awaited_papers(self, people=None):
        """Where a photograph of a document can go: the papers awaited now that may be kept, the project itself, then
        the papers of later stages.

        :param people: the project's holders whose own papers are meant; all of them unless told
        :return: list of dicts: model and id that the file is uploaded to, line (of the checklist, or False), title,
            detail
        """
        lines = self.env["pope.requirement.status"].search([("lead_id", "in", self.ids), ("kind", "=", "paper")])
        awaited = lines.filtered(
            lambda line: (
                not line.is_done and (not line.member_id or people is None or line.member_id.partner_id in people)
            )
        )
        later = awaited.filtered(lambda line: line.state == "later")
        other = self.env._("Another document")
        return [
            *map(self._pope_paper, awaited - later),
            *(
                {"model": self._name, "id": lead.id, "line": False, "title": other, "detail": lead.name}
                for lead in self
            ),
            *map(self._pope_paper, later),
        ]

    def _pope_paper(self, line):
        return {
            "model": self._name,
            "id": line.lead_id.id,
            "line": line.id,
            "title": line.requirement_id.name,
            "detail": " · ".join(filter(None, (line.member_id.partner_id.name, line.stage_id.name))),
        }

    def _pope_entered_stage(self):
        result = super()._pope_entered_stage()
        self.env["pope.requirement.status"].invalidate_model(["state", "is_done"], flush=False)
        self._pope_plan_stage_activities()
        self._pope_warn_missing()
        return result

    def _pope_warn_missing(self):
        """Tell the person who moved the cards what is missing, whatever the way: drag, button, list, import, RPC."""
        if self.env.context.get("pope_no_mail") or self.env.context.get("install_mode"):
            return
        incomplete = self.filtered("pope_missing_count")
        if not incomplete:
            return
        lines = [f"{lead.name} : {lead.pope_missing_label}" for lead in incomplete[:ANNOUNCED]]
        if len(incomplete) > ANNOUNCED:
            lines.append(self.env._("and %(count)s other projects", count=len(incomplete) - ANNOUNCED))
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "title": self.env._("Still missing from former stages"),
                "message": " · ".join(lines),
            },
        )

    def _pope_plan_stage_activities(self):
        """The activities of the stage's plan, for all projects in one creation."""
        leads_by_plan = defaultdict(self.browse)
        # sudo: a plan of activities is configuration
        for lead in self.sudo():
            if plan := lead.stage_id.pope_activity_plan_id:
                leads_by_plan[plan] |= lead
        if not leads_by_plan or self.env["pope.notification.rule"]._no_mail_reason():
            return
        model_id = self.env["ir.model"]._get_id("crm.lead")
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": lead.id,
                    "activity_type_id": template.activity_type_id.id,
                    "summary": template.summary,
                    "note": template.note,
                    "date_deadline": template._get_date_deadline(),
                    "user_id": (template.responsible_id or lead.user_id or self.env.user).id,
                }
                for plan, leads in leads_by_plan.items()
                for template in plan.template_ids
                for lead in leads
            ]
        )

    @api.model
    def _cron_pope_late(self):
        """Once per entry into a stage, an idle project asks its person in charge to call."""
        late = self.search([("type", "in", self._pope_lead_types()), ("is_rotting", "=", True)])
        todo = late.filtered(lambda lead: lead.pope_late_entry != lead.pope_entry_count)
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id("crm.lead")
        for lang, group in todo.grouped(lambda lead: lead.user_id.lang or self.env.user.lang).items():
            leads = group.with_context(lang=lang)
            leads.env["mail.activity"].create(
                [
                    {
                        "res_model_id": model_id,
                        "res_id": lead.id,
                        "activity_type_id": activity_type.id,
                        "summary": leads.env._("No news for %(days)s days: call", days=lead.rotting_days),
                        "date_deadline": fields.Date.context_today(lead),
                        "user_id": (lead.user_id or lead.team_id.user_id or self.env.user).id,
                    }
                    for lead in leads
                ]
            )
        for count, leads in todo.grouped("pope_entry_count").items():
            leads.pope_late_entry = count
