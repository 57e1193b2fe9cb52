from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import UserError

from .pope_district import CODE
from .pope_town import searchable


class DistrictGeneration(models.Model):
    """A list of priority districts as it is published, in force from a day on until the next one."""

    _name = "pope.district.generation"
    _description = "List of Priority Districts"
    _order = "date_start desc"

    name = fields.Char(required=True, translate=True, help="In short, as it is shown beside a district.")
    source = fields.Char(string="Published In", help="The decree, with its number and date.")
    date_start = fields.Date(string="In Force From", required=True)
    date_end = fields.Date(
        string="In Force Until", readonly=True, copy=False, help="Written when the next list is imported."
    )
    district_ids = fields.One2many("pope.district", "generation_id", context={"active_test": False})
    district_count = fields.Integer(string="Districts", compute="_compute_district_count")

    _date_start_unique = models.UniqueIndex("(date_start)", "Another list of districts begins on that day.")

    def _compute_district_count(self):
        counts = dict(
            self.env["pope.district"]
            .with_context(active_test=False)
            ._read_group([("generation_id", "in", self.ids)], ["generation_id"], ["__count"])
        )
        for generation in self:
            generation.district_count = counts.get(generation, 0)

    @api.model
    def _in_force(self):
        """The list that answers are given under today."""
        lists = self.search([("date_start", "<=", fields.Date.context_today(self)), ("date_end", "=", False)])
        return lists.filtered("district_ids")[:1] or lists[:1]

    def _older(self):
        """Lists in force that this one takes the place of."""
        self.ensure_one()
        older = [("date_start", "<", self.date_start), ("date_end", "=", False)]
        return self.search([*older, ("district_ids", "!=", False)])

    def _check_begun(self):
        """A list that is not in force yet would make every address unknown before its time."""
        if self.date_start > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "“%(name)s” is in force from %(day)s on: import it from that day.",
                    name=self.name,
                    day=self.date_start.strftime("%d/%m/%Y"),
                )
            )

    @api.model
    def _put_in_force(self):
        """Each list that has districts ends the day before the next one; the districts of a list that ended are kept,
        archived, and what was known under it is no answer any more (see `pope.district.mixin`).
        """
        lists = self.search([("district_ids", "!=", False)], order="date_start")
        for older, newer in pairwise(lists):
            end = newer.date_start - timedelta(days=1)
            if older.date_end != end:
                older.date_end = end
        self.env["pope.district"].search([("generation_id.date_end", "!=", False)]).active = False

    def _district_finder(self, rows):
        """What finds the district of each row of an answer: by its code, or by its name where there is no code.

        :param rows: dicts with `code` and `name`
        :return: a function of code, name and town, that gives the district, or none and why
        """
        self.ensure_one()
        rows = list(rows)
        codes = {code for cells in rows for code in CODE.findall((cells.get("code") or "").upper())}
        everywhere = self.env["pope.district"].with_context(active_test=False).search([("code", "in", list(codes))])
        others = {district.code: district for district in everywhere if district.generation_id != self}
        own = self.env["pope.district"].search([("generation_id", "=", self.id)])
        by_code, by_name = own.grouped("code"), own.grouped("search_name")

        def find(code, name, town):
            nothing = self.env["pope.district"]
            if not code:
                named = by_name.get(searchable(name), nothing)
                local = named.filtered(lambda district: town in district.town_ids)
                if len(named) == 1 or len(local) == 1:
                    return (local if len(local) == 1 else named), ""
                return nothing, self.env._("No QPV of “%(list)s” has this name.", list=self.name)
            for written in CODE.findall(code.upper()):
                if written in by_code:
                    return by_code[written], ""
                if written in others:
                    generation = others[written].generation_id
                    return nothing, self.env._("This code is of “%(list)s”: check again.", list=generation.name)
            return nothing, self.env._("“%(code)s” is no code of “%(list)s”.", code=code[:40], list=self.name)

        return find

    def action_districts(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_district_action")
        action["domain"] = [("generation_id", "in", self.ids)]
        action["context"] = {"active_test": False}
        return action
