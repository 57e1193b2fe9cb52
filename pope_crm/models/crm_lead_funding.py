from odoo import fields, models


class CrmLead(models.Model):
    """The funding files of a holder's project."""

    _inherit = "crm.lead"

    pope_funding_ids = fields.One2many(
        "pope.funding", "lead_id", string="Fundings", copy=False, groups="pope_crm.group_pope_user"
    )
    pope_funding_count = fields.Integer(
        string="Funding Count", compute="_compute_pope_funding", groups="pope_crm.group_pope_user"
    )
    pope_funding_asked = fields.Monetary(
        string="Funding Asked",
        compute="_compute_pope_funding",
        currency_field="company_currency",
        help="Of every file but those watched or given up.",
        groups="pope_crm.group_pope_user",
    )
    pope_funding_awarded = fields.Monetary(
        string="Funding Awarded",
        compute="_compute_pope_funding",
        currency_field="company_currency",
        groups="pope_crm.group_pope_user",
    )

    def _compute_pope_funding(self):
        Funding = self.env["pope.funding"]
        mine = [("lead_id", "in", self.ids)]
        all_files = Funding._read_group(mine, ["lead_id"], ["__count", "amount_awarded:sum"])
        asked = dict(
            Funding._read_group([*mine, ("state", "not in", ("watch", "dropped"))], ["lead_id"], ["amount_asked:sum"])
        )
        by_lead = {lead: (count, awarded) for lead, count, awarded in all_files}
        for lead in self:
            lead.pope_funding_count, lead.pope_funding_awarded = by_lead.get(lead, (0, 0.0))
            lead.pope_funding_asked = asked.get(lead, 0.0)

    def _merge_dependences(self, opportunities):
        # sudo: the files of what is merged follow it, whoever merges
        opportunities.sudo().pope_funding_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)

    def action_pope_fundings(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_funding_action")
        return action | {
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id, "default_company_id": self.company_id.id},
        }
