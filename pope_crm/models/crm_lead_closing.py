from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """How a project ends, rests, is taken up again, and how others become one."""

    _inherit = "crm.lead"

    pope_outcome = fields.Selection(
        related="lost_reason_id.pope_outcome", string="Outcome", groups="pope_crm.group_pope_user"
    )

    def _pope_close(self, reason, note=False):
        if not reason.pope_outcome:
            raise UserError(self.env._("Choose a reason for the end of the project."))
        if opened := self.filtered("stage_id.is_won"):
            raise UserError(
                self.env._(
                    "An open place is followed up, not abandoned: %(names)s. If the card was moved by mistake, move it "
                    "back.",
                    names=", ".join(opened.mapped("name")),
                )
            )
        if note:
            self._message_log_batch(bodies=dict.fromkeys(self.ids, note))
        self._pope_own().action_set_lost(lost_reason_id=reason.id)

    def _pope_pause(self, until, note=False):
        if until <= fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day to come: until then the project rests."))
        self.pope_paused_until = until
        if note:
            self._message_log_batch(bodies=dict.fromkeys(self.ids, note))

    def action_pope_close(self):
        return self._pope_window("pope_crm.pope_project_close_action")

    def action_pope_pause(self):
        return self._pope_window("pope_crm.pope_project_pause_action")

    def _pope_window(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["context"] = {"active_ids": self.ids, "active_model": self._name}
        return action

    def action_pope_resume(self):
        self.pope_paused_until = False

    def action_pope_attended(self):
        """They came to the information meeting: noted, and on to the next stage, once."""
        came = self.filtered(lambda lead: not lead.pope_meeting_attended)
        came.pope_meeting_attended = True
        meeting = self.env.ref("pope_crm.stage_meeting", raise_if_not_found=False)
        came.filtered(
            lambda lead: lead.active and meeting and lead.stage_id.sequence <= meeting.sequence
        )._pope_after_meeting(meeting)

    def _pope_after_meeting(self, meeting):
        """Move to the stage that follows the meeting, wherever before it the project was."""
        for team, leads in self.grouped("team_id").items():
            following = self.env["crm.stage"].search(
                [("team_ids", "in", team.ids), ("sequence", ">", meeting.sequence)], limit=1
            )
            if following:
                leads.stage_id = following

    @api.private
    def _pope_become_project(self, team, stage, structure_type):
        """Turn sales opportunities into projects of a team; messages, activities and history stay.

        The contact, or a person made from the opportunity's name, address and phone, becomes a holder.
        """
        Partner = self.env["res.partner"]
        for lead in self:
            person = lead.partner_id or Partner._pope_find_person(lead.email_from, lead.phone, lead.contact_name)
            if not person and (lead.contact_name or lead.email_from):
                person = Partner.create(
                    {
                        "name": lead.contact_name or lead.email_from,
                        "email": lead.email_from,
                        "phone": lead.phone,
                        "lang": self.env.user.lang,
                    }
                )
            values = {
                "type": "project",
                "team_id": team.id,
                "stage_id": stage.id,
                "company_id": team.company_id.id,
                "partner_id": person.id,
                "pope_structure_type_id": structure_type.id or lead.pope_structure_type_id.id,
            }
            if person.is_company:
                values["pope_association_id"] = person.id
            elif person and not lead.pope_member_ids:
                values["pope_member_ids"] = [Command.create({"partner_id": person.id})]
            lead.write(values)
