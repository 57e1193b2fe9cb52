from odoo import api, fields, models


class CrmLead(models.Model):
    """Where a project will open, and what the authorities say of it."""

    _inherit = "crm.lead"

    pope_premises_ids = fields.One2many(
        "pope.premises", "lead_id", string="Premises", groups="pope_crm.group_pope_user"
    )
    pope_premises_id = fields.Many2one(
        "pope.premises",
        string="Chosen Premises",
        compute="_compute_pope_premises_id",
        groups="pope_crm.group_pope_user",
    )
    pope_premises_label = fields.Char(
        string="Premises in Short", compute="_compute_pope_premises_id", groups="pope_crm.group_pope_user"
    )
    pope_opinion_ids = fields.One2many(
        "pope.authority.opinion", "lead_id", string="Opinions", groups="pope_crm.group_pope_user"
    )

    @api.depends("pope_premises_ids.is_chosen", "pope_premises_ids.date_visit", "pope_premises_ids.state")
    def _compute_pope_premises_id(self):
        for lead in self:
            places = lead.pope_premises_ids
            chosen = places.filtered("is_chosen")[:1]
            visits = [day for day in places.mapped("date_visit") if day]
            lead.pope_premises_id = chosen
            if chosen:
                lead.pope_premises_label = self.env._("premises chosen")
            elif visits:
                lead.pope_premises_label = self.env._("premises visited %(day)s", day=max(visits).strftime("%d/%m"))
            else:
                lead.pope_premises_label = False

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._pope_own()._pope_propose_opinions()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if {"pope_structure_type_id", "pope_town_id"}.intersection(vals):
            self._pope_own()._pope_propose_opinions()
        return result

    def _pope_propose_opinions(self):
        """A row for each authority of the type that has none yet, with its contact for the town where one is known."""
        typed = self.filtered("pope_structure_type_id.authority_role_ids")
        if not typed:
            return
        roles = typed.pope_structure_type_id.authority_role_ids
        people = self.env["res.partner"].search(
            [
                ("pope_role_ids", "in", roles.ids),
                "|",
                ("pope_town_id", "=", False),
                ("pope_town_id", "in", typed.pope_town_id.ids),
            ]
        )

        def contact_of(role, town):
            candidates = people.filtered(lambda person: role in person.pope_role_ids)
            local = candidates.filtered(lambda person: town and person.pope_town_id == town)
            if local or role.by_town:
                return local[:1]
            return candidates.filtered(lambda person: not person.pope_town_id)[:1]

        values_list = []
        for lead in typed:
            existing = {opinion.role_id: opinion for opinion in lead.pope_opinion_ids}
            for role in lead.pope_structure_type_id.authority_role_ids:
                contact = contact_of(role, lead.pope_town_id)
                opinion = existing.get(role)
                if not opinion:
                    values_list.append({"lead_id": lead.id, "role_id": role.id, "partner_id": contact.id})
                elif contact and opinion.state == "to_ask" and opinion.partner_id != contact:
                    opinion.partner_id = contact
        self.env["pope.authority.opinion"].create(values_list)

    def action_pope_propose_opinions(self):
        self._pope_propose_opinions()
