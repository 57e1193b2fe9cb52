from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .pope_district_mixin import DISTRICT_STATES


class CrmLead(models.Model):
    """Whether a project's place is in a priority district: as its chosen premises are."""

    _inherit = "crm.lead"

    pope_district_state = fields.Selection(
        DISTRICT_STATES,
        string="QPV",
        compute="_compute_pope_district",
        search="_search_pope_district_state",
        groups="pope_crm.group_pope_user",
    )
    pope_district_id = fields.Many2one(
        "pope.district",
        string="QPV Name",
        compute="_compute_pope_district",
        search="_search_pope_district_id",
        groups="pope_crm.group_pope_user",
    )

    @api.depends("pope_premises_ids.is_chosen", "pope_premises_ids.pope_district_answer_id")
    def _compute_pope_district(self):
        for lead in self:
            lead.pope_district_state = lead.pope_premises_id.pope_district_state or "unchecked"
            lead.pope_district_id = lead.pope_premises_id.pope_district_id

    def _search_pope_district_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [("is_chosen", "=", True), ("pope_district_state", "in", list(value))]
        found = Domain("pope_premises_ids", "any", states)
        if "unchecked" in value:
            found |= ~Domain("pope_premises_ids", "any", [("is_chosen", "=", True)])
        return found

    def _search_pope_district_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        placed = Domain("is_chosen", "=", True) & Domain("pope_district_id", "!=", False)
        found = Domain("pope_premises_ids", "any", placed & Domain("pope_district_id", operator, value))
        if operator == "in" and False in value:
            found |= ~Domain("pope_premises_ids", "any", placed)
        return found

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """Places by district in pivots and graphs: a project has one chosen place, or none."""
        if field_expr not in ("pope_district_state", "pope_district_id"):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        # sudo: the premises of a project are no more secret than the project
        premises = self.env["pope.premises"].sudo()
        chosen = query.make_alias(alias, "pope_chosen")
        query.add_join(
            "LEFT JOIN",
            chosen,
            premises._table,
            SQL(
                "%s = %s AND %s",
                premises._field_to_sql(chosen, "lead_id", query),
                SQL.identifier(alias, "id"),
                premises._field_to_sql(chosen, "is_chosen", query),
            ),
        )
        return premises._field_to_sql(chosen, field_expr, query)

    @api.model
    def _pope_district_places(self):
        """Which places are located in a district, or not: those that opened."""
        return Domain("type", "=", "project") & Domain("won_status", "=", "won")

    @api.model
    def _pope_district_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.crm_lead_action_district")
        action["domain"] = list(self._pope_district_places() & domain)
        return action

    def action_pope_district_answer(self):
        return self.pope_premises_id.action_pope_district_answer()
