import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

from .pope_town import searchable

DISTRICT_STATES = [("in", "In a QPV"), ("out", "Outside QPV"), ("unchecked", "Not checked")]


class DistrictMixin(models.AbstractModel):
    """An address that is in a priority district, outside, or not checked, which is not the same as outside.

    What counts is the last answer given about the present address under the list in force: another address, or another
    list, and nobody knows any more. Former answers stay in the history.

    A model that takes this in has `pope_district_answer_ids` and tells what its address is made of.
    """

    _name = "pope.district.mixin"
    _description = "Address in or outside a Priority District"

    pope_district_answer_id = fields.Many2one(
        "pope.district.answer",
        string="QPV Answer in Force",
        compute="_compute_pope_district_answer_id",
        store=True,
        index="btree_not_null",
        groups="pope_crm.group_pope_user",
    )
    pope_district_state = fields.Selection(
        DISTRICT_STATES,
        string="QPV",
        compute="_compute_pope_district_state",
        compute_sudo=True,
        search="_search_pope_district_state",
        groups="pope_crm.group_pope_user",
    )
    pope_district_id = fields.Many2one(
        related="pope_district_answer_id.district_id", string="QPV Name", groups="pope_crm.group_pope_user"
    )

    @api.depends(lambda self: self._pope_district_depends())
    def _compute_pope_district_answer_id(self):
        for record in self:
            answers = record.pope_district_answer_ids.filtered(lambda answer: not answer.generation_id.date_end)
            key = answers and record._pope_address_key()
            record.pope_district_answer_id = answers.filtered(lambda answer, key=key: answer.address_key == key).sorted(
                lambda answer: (answer.date, answer._origin.id), reverse=True
            )[:1]

    @api.depends("pope_district_answer_id")
    def _compute_pope_district_state(self):
        for record in self:
            record.pope_district_state = record.pope_district_answer_id.state or "unchecked"

    def _search_pope_district_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = [("pope_district_answer_id.state", "in", list(value))]
        return ["|", ("pope_district_answer_id", "=", False), *known] if "unchecked" in value else known

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """What nobody checked is a group of its own, in pivots and graphs too."""
        if field_expr != "pope_district_state":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        # sudo: as the compute, an answer tells no more than the state itself
        answers, alias = self._fields["pope_district_answer_id"].join(self.sudo(), alias, query)
        return SQL("COALESCE(%s, 'unchecked')", answers._field_to_sql(alias, "state", query))

    def _pope_district_depends(self):
        answers = ("address_key", "date", "generation_id.date_end")
        names = self._pope_address_fields()
        return names and [*names, *(f"pope_district_answer_ids.{name}" for name in answers)]

    def _pope_address_fields(self):
        """Names of the fields that make the address; a change of one makes it another address."""
        return []

    def _pope_address_key(self):
        """A short mark of the address, the same however it is spelled: tells whether it is still the one checked."""
        self.ensure_one()
        parts = []
        for name in self._pope_address_fields():
            value = self[name]
            parts.append(str(value._origin.id or "") if self._fields[name].relational else searchable(value))
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]

    def _pope_address_town(self):
        raise NotImplementedError

    def _pope_address_columns(self):
        """Street, postal code, town and its INSEE code, as they go out to be checked: nothing that names a person."""
        raise NotImplementedError

    def action_pope_district_answer(self):
        """Ask for the answer about the present address."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_district_answer_action_new")
        action["context"] = {f"default_{self._fields['pope_district_answer_ids'].inverse_name}": self.id}
        return action
