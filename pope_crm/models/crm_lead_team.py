from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CrmLead(models.Model):
    """How the people of projects change: some leave for a project of their own, two teams become one."""

    _inherit = "crm.lead"

    pope_origin_id = fields.Many2one(
        "crm.lead", string="Came From", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )
    pope_offshoot_ids = fields.One2many(
        "crm.lead",
        "pope_origin_id",
        string="Left for",
        context={"active_test": False},
        readonly=True,
        groups="pope_crm.group_pope_user",
    )

    def _pope_replace_contact(self, gone):
        """A holder who stays becomes the contact of the projects whose contact left."""
        for lead in self.filtered(lambda lead: lead.partner_id in gone - lead.pope_holder_ids):
            if staying := lead.pope_holder_ids[:1]:
                lead.partner_id = staying

    # --- Split ---

    def action_pope_split(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_project_split_action")
        action["context"] = {"default_lead_id": self.id}
        return action

    @api.private
    def _pope_split(self, members, values, papers, attachments):
        """Some holders leave for a project of their own; no e-mail leaves for it.

        :param members: those who leave
        :param dict values: what is said of the new project
        :param papers: checklist rows of the project that are true of the new one as well
        :param attachments: files of the project that the new one gets a copy of
        :return: the new project
        """
        self.ensure_one()
        present = self.pope_member_ids.filtered("is_present")
        leaving = present & members
        if not leaving:
            raise UserError(self.env._("Choose the holders who leave for the new project."))
        if leaving == present:
            raise UserError(self.env._("Somebody must stay: otherwise give this project another name."))
        project = self.with_context(pope_no_mail="split").create(
            {
                "type": "project",
                "team_id": self.team_id.id,
                "company_id": self.company_id.id,
                "partner_id": leaving[0].partner_id.id,
                "pope_source": self.pope_source,
                "pope_meeting_date": self.pope_meeting_date,
                "pope_meeting_attended": self.pope_meeting_attended,
                "pope_interview_date": self.pope_interview_date,
                "pope_origin_id": self.id,
                "pope_member_ids": [
                    Command.create({"partner_id": member.partner_id.id, "function": member.function})
                    for member in leaving
                ],
                **values,
            }
        )
        arrived = project.pope_member_ids.grouped("partner_id")
        for member in leaving:
            self.pope_requirement_row_ids.filtered(lambda row, member=member: row.member_id == member).write(
                {"lead_id": project.id, "member_id": arrived[member.partner_id].id}
            )
        for paper in papers.filtered(lambda row: not row.member_id):
            paper.copy({"lead_id": project.id, "attachment_ids": [Command.set(paper.attachment_ids.copy().ids)]})
        attachments.copy({"res_id": project.id})
        leaving.date_exit = fields.Date.context_today(self)
        names = ", ".join(leaving.partner_id.mapped("name"))
        self._message_log(
            body=self.env._("%(names)s left for %(project)s.", names=names, project=project._get_html_link())
        )
        project._message_log(
            body=self.env._("%(names)s come from %(project)s.", names=names, project=self._get_html_link())
        )
        return project

    # --- Merge ---

    def action_pope_merge(self):
        return self._pope_window("pope_crm.pope_project_merge_action")

    @api.private
    def _pope_merge_into(self, head):
        """Merge these projects into one that the user chose to keep; nothing leaves by e-mail because of it."""
        return (self | head).with_context(pope_merge_head=head.id)._merge_opportunity()

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=5):
        own = self._pope_own()
        if own and (own != self or len(set(own.mapped("type"))) > 1):
            raise UserError(self.env._("Projects can only be merged with projects, not with sales opportunities."))
        leads = self.with_context(pope_no_mail="merged") if own else self
        # whoever is put in charge, projects stay in their team
        head = super(CrmLead, leads)._merge_opportunity(
            user_id=user_id, team_id=False if own else team_id, auto_unlink=auto_unlink, max_length=max_length
        )
        return head.with_env(self.env)

    def _sort_by_confidence_level(self, reverse=False):
        """The first is the one that stays: the user's choice, where there is one."""
        leads = super()._sort_by_confidence_level(reverse=reverse)
        head_id = self.env.context.get("pope_merge_head")
        return leads.sorted(lambda lead: lead.id != head_id) if head_id else leads

    def _merge_get_fields(self):
        """Of our fields as well, what the one that stays does not say is taken from the others."""
        own = [
            name
            for name, field in self._fields.items()
            if name.startswith("pope_")
            and field.store
            and not field.readonly
            and not field.groups
            and field.type not in ("one2many", "many2many")
        ]
        return [*super()._merge_get_fields(), *(own if self._pope_own() else [])]

    def _merge_log_summary(self, merged_followers, opportunities_tail):
        """Our projects say what was merged in our words, not in those of sales."""
        if self not in self._pope_own():
            return super()._merge_log_summary(merged_followers, opportunities_tail)
        for lead in opportunities_tail:
            people = ", ".join(lead.pope_member_ids.partner_id.mapped("name")) or self.env._("nobody")
            self._message_log(
                body=self.env._(
                    "Merged with “%(project)s” (%(stage)s, created on %(day)s, holders: %(people)s).",
                    project=lead.name,
                    stage=lead.stage_id.name,
                    day=format_date(self.env, lead.create_date),
                    people=people,
                )
            )
        return None

    def _merge_dependences(self, opportunities):
        if self in self._pope_own():
            opportunities._pope_move_to(self)
            opportunities._pope_hand_over_offshoots(self)
        return super()._merge_dependences(opportunities)

    def _pope_hand_over_offshoots(self, head):
        """Where others came from is now part of the project that stays, which does not come from itself."""
        (self.pope_offshoot_ids - head - self).pope_origin_id = head
        if head.pope_origin_id in self:
            head.pope_origin_id = (self.pope_origin_id - self - head)[:1]

    def _pope_move_to(self, head):
        """What hangs on these projects goes to the one that stays; what it has already is not doubled."""
        twins = {}
        known = {member.partner_id: member for member in head.pope_member_ids}
        for member in self.pope_member_ids:
            if twin := known.get(member.partner_id):
                twin._absorb(member)
                twins[member] = twin
            else:
                member.lead_id = head
                known[member.partner_id] = member
        touched = {(row.requirement_id, row.member_id): row for row in head.pope_requirement_row_ids}
        for row in self.pope_requirement_row_ids:
            member = twins.get(row.member_id, row.member_id)
            if there := touched.get((row.requirement_id, member)):
                there._absorb(row)
            else:
                row.write({"lead_id": head.id, "member_id": member.id})
                touched[row.requirement_id, member] = row
        if head.pope_premises_ids.filtered("is_chosen"):
            self.pope_premises_ids.is_chosen = False
        elif chosen := self.pope_premises_ids.filtered("is_chosen")[1:]:
            chosen.is_chosen = False
        self.pope_premises_ids.lead_id = head
        asked = head.pope_opinion_ids.filtered(lambda opinion: opinion.state == "to_ask").role_id
        said = self.pope_opinion_ids.filtered(lambda opinion: opinion.state != "to_ask")
        head.pope_opinion_ids.filtered(
            lambda opinion: opinion.state == "to_ask" and opinion.role_id in (asked & said.role_id)
        ).unlink()
        said.lead_id = head
        planned = head.pope_followup_ids.grouped("months")
        for followup in self.pope_followup_ids:
            there = planned.get(followup.months)
            if there and there.state != "answered" and followup.state == "answered":
                # sudo: the answer takes the place of the question, with its e-mails, whoever merges
                there.sudo().notification_ids.followup_id = followup
                there.sudo().unlink()
                there = None
            if not there:
                followup.lead_id = head
