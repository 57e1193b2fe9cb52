from odoo import fields, models


class CrmLead(models.Model):
    """The exchanges held on a project."""

    _inherit = "crm.lead"

    pope_interaction_ids = fields.One2many(
        "pope.interaction", "lead_id", string="Interactions", copy=False, groups="pope_crm.group_pope_user"
    )
    pope_interaction_count = fields.Integer(
        string="Interaction Count", compute="_compute_pope_interaction_count", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_interaction_count(self):
        counts = dict(self.env["pope.interaction"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.pope_interaction_count = counts.get(lead, 0)

    def _merge_dependences(self, opportunities):
        # sudo: the exchanges of what is merged follow it, whoever merges
        opportunities.sudo().pope_interaction_ids.lead_id = self
        return super()._merge_dependences(opportunities)

    def action_pope_note_interaction(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_interaction_action_note")
        action["context"] = {"default_lead_id": self.id, "default_partner_ids": self.pope_holder_ids.ids}
        return action

    def action_pope_interactions(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_interaction_action")
        action["domain"] = [("lead_id", "in", self.ids)]
        action["context"] = {"default_lead_id": self[:1].id, "pivot_measures": ["__count", "hours"]}
        return action
