from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    pope_enrolment_count = fields.Integer(
        string="Meetings and Trainings",
        compute="_compute_pope_enrolment_count",
        groups="pope_crm.group_pope_user",
    )

    def _compute_pope_enrolment_count(self):
        counts = dict(
            self.env["pope.training.enrolment"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.pope_enrolment_count = counts.get(partner, 0)

    def action_pope_enrolments(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_enrolment_action_all")
        action["domain"] = [("partner_id", "in", self.ids)]
        return action
