from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """The exchanges held with a person."""

    _inherit = "res.partner"

    pope_interaction_ids = fields.Many2many(
        "pope.interaction",
        "pope_interaction_res_partner_rel",
        "partner_id",
        "interaction_id",
        string="Interactions",
        copy=False,
        groups="pope_crm.group_pope_user",
    )
    pope_interaction_count = fields.Integer(
        string="Interaction Count", compute="_compute_pope_interaction_count", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_interaction_count(self):
        counts = dict(
            self.env["pope.interaction"]._read_group([("partner_ids", "in", self.ids)], ["partner_ids"], ["__count"])
        )
        for partner in self:
            partner.pope_interaction_count = counts.get(partner, 0)

    def _pope_main_project(self, company=None):
        """The project meant when these people write or call, where there is no doubt: the only one that goes on, or
        else the only place they opened.

        :param company: when given, projects of another company are not meant
        """
        members = self.pope_member_ids.filtered("is_present")
        leads = members.lead_id.filtered(
            lambda lead: lead.active and lead.type == "project" and (not company or lead.company_id == company)
        )
        for status in ("pending", "won"):
            if meant := leads.filtered(lambda lead, status=status: lead.won_status == status):
                return meant if len(meant) == 1 else meant.browse()
        return leads.browse()

    @api.model
    def _pope_people_domain(self):
        met = Domain("is_company", "=", False) & Domain("user_ids", "=", False)
        return super()._pope_people_domain() | (met & Domain("pope_interaction_ids", "!=", False))

    @api.model
    def _pope_last_contact_sources(self):
        return [*super()._pope_last_contact_sources(), ("pope.interaction", "partner_ids", "date", [])]

    def _pope_blank_related(self, neutral):
        super()._pope_blank_related(neutral)
        self.pope_interaction_ids._anonymise(self, neutral)

    def action_pope_note_interaction(self):
        """On the person, and on their project where there is no doubt which one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_interaction_action_note")
        action["context"] = {
            "default_partner_ids": self.ids,
            "default_lead_id": self._pope_main_project().id,
        }
        return action

    def action_pope_interactions(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_interaction_action")
        action["domain"] = [("partner_ids", "in", self.ids)]
        action["context"] = {"default_partner_ids": self[:1].ids, "pivot_measures": ["__count", "hours"]}
        return action
