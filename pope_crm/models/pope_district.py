import re
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from .pope_town import searchable

CODE = re.compile(r"Q[A-Z]\d[0-9A-Z]{3,7}")


class Share(NamedTuple):
    """A figure with its denominator: what nobody checked is neither in nor out."""

    inside: int
    outside: int
    unchecked: int

    @property
    def checked(self):
        return self.inside + self.outside


class District(models.Model):
    """A priority district (QPV) of one official list."""

    _name = "pope.district"
    _description = "Priority District"
    _order = "name, code"
    _rec_names_search = ["search_name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    generation_id = fields.Many2one(
        "pope.district.generation", string="List", required=True, ondelete="restrict", index=True
    )
    date_start = fields.Date(related="generation_id.date_start")
    date_end = fields.Date(related="generation_id.date_end")
    insee_codes = fields.Char(
        string="INSEE Codes", help="Of its towns, by spaces; towns that are not in our list have their code here too."
    )
    town_ids = fields.Many2many("pope.town", string="Towns", compute="_compute_town_ids", search="_search_town_ids")
    search_name = fields.Char(compute="_compute_search_name", store=True)
    active = fields.Boolean(default=True)
    person_count = fields.Integer(
        string="Persons Living There", compute="_compute_counts", help="Project holders, by their present address."
    )
    place_count = fields.Integer(
        string="Places Located There", compute="_compute_counts", help="Open places, by their chosen premises."
    )

    _code_unique = models.UniqueIndex("(code, generation_id)", "This list has that code already.")

    @api.depends("name")
    def _compute_search_name(self):
        for district in self:
            district.search_name = searchable(district.name)

    @api.depends("insee_codes")
    def _compute_town_ids(self):
        """By code, former codes included: a district is in the town that took its own in."""
        towns = self.env["pope.town"]._by_code(code for district in self for code in district._codes())
        for district in self:
            district.town_ids = self.env["pope.town"].union(
                *(towns[code] for code in district._codes() if code in towns)
            )

    def _search_town_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        Town = self.env["pope.town"]
        nowhere = operator == "in" and False in value
        towns = Town.search(value if operator == "any" else [] if nowhere else [("id", "in", list(value))])
        domain = Domain.OR(Domain("insee_codes", "like", code) for code in sorted(towns._codes()))
        return ~domain if nowhere else domain

    @api.depends("name", "generation_id")
    def _compute_display_name(self):
        for district in self:
            district.display_name = district.name
            if district.generation_id.date_end:
                district.display_name = f"{district.name} ({district.generation_id.name})"

    @api.model
    def _search_display_name(self, operator, value):
        if isinstance(value, str) and operator in ("ilike", "like") and searchable(value):
            return Domain("search_name", "like", searchable(value)) | Domain("code", "ilike", value.strip())
        return super()._search_display_name(operator, value)

    def _compute_counts(self):
        Partner, Lead = self.env["res.partner"], self.env["crm.lead"]
        here = Domain("pope_district_id", "in", self.ids)
        persons = dict(Partner._read_group(here & Partner._pope_district_people(), ["pope_district_id"], ["__count"]))
        places = dict(Lead._read_group(here & Lead._pope_district_places(), ["pope_district_id"], ["__count"]))
        for district in self:
            district.person_count = persons.get(district, 0)
            district.place_count = places.get(district, 0)

    def _codes(self):
        self.ensure_one()
        return (self.insee_codes or "").split()

    # --- Shares ---

    @api.model
    def _shares(self, records, domain, by=None):
        """How many records of a domain are in a district, out of how many that were checked.

        :param records: any recordset of a model that has `pope_district_state`
        :param str by: a field to group by
        :return: a `Share`, or one for each value of `by`
        """
        counts = {}
        for *group, state, count in records._read_group(
            domain, [*([by] if by else []), "pope_district_state"], ["__count"]
        ):
            counts.setdefault(group[0] if by else None, {})[state] = count
        shares = {
            value: Share(states.get("in", 0), states.get("out", 0), states.get("unchecked", 0))
            for value, states in counts.items()
        }
        return shares if by else shares.get(None, Share(0, 0, 0))

    @api.model
    def _share_label(self, share):
        """A share as it is printed: never without its denominator."""
        if not share or not sum(share):
            return self.env._("nobody and nothing yet")
        if not share.checked:
            return self.env._("none checked (%(unchecked)s not checked)", unchecked=share.unchecked)
        return self.env._(
            "%(inside)s in a QPV out of %(checked)s checked (%(unchecked)s not checked)",
            inside=share.inside,
            checked=share.checked,
            unchecked=share.unchecked,
        )

    def action_people(self):
        return self.env["res.partner"]._pope_district_action(Domain("pope_district_id", "in", self.ids))

    def action_places(self):
        return self.env["crm.lead"]._pope_district_action(Domain("pope_district_id", "in", self.ids))

    # --- The official list ---

    @api.model
    def _import_list(self, generation, rows, apply=False):
        """Make the districts of a list what its official file says, and end the lists that it takes the place of.

        A district of this very list that the file does not have stays: a file may be a part of the list.

        :param rows: pairs of a row number and a dict with `code`, `name`, `towns`
        :param bool apply: only tell what would happen when false
        :return: dicts with `row`, `label`, `outcome`, `reason`
        """
        generation.ensure_one()
        entries, refused = self._read_list(rows)
        known = {
            district.code: district
            for district in self.with_context(active_test=False).search([("generation_id", "=", generation.id)])
        }
        outcomes, created = refused, []
        for code, entry in entries.items():
            values = {"name": entry["name"], "insee_codes": " ".join(entry["towns"]) or False}
            district = known.pop(code, self.browse())
            changes = {name: value for name, value in values.items() if district[name] != value}
            outcome = {"row": entry["row"], "label": f"{code} {entry['name']}", "reason": ""}
            if not district:
                outcome["outcome"] = "create"
                created.append({**values, "code": code, "generation_id": generation.id})
            elif changes:
                outcome["outcome"] = "update"
                outcome["reason"] = " · ".join(f"{district[name] or '—'} → {changes[name] or '—'}" for name in changes)
                if apply:
                    district.write(changes)
            else:
                outcome["outcome"] = "unchanged"
            outcomes.append(outcome)
        for district in (district for district in known.values() if district.active):
            reason = self.env._("It is not in this file: archive it by hand if it left the list.")
            outcomes.append(
                {"row": 0, "label": f"{district.code} {district.name}", "outcome": "kept", "reason": reason}
            )
        if entries:
            for district in self.search([("generation_id", "in", generation._older().ids)]):
                reason = self.env._("“%(list)s” takes the place of its list.", list=generation.name)
                label = f"{district.code} {district.name}"
                outcomes.append({"row": 0, "label": label, "outcome": "end", "reason": reason})
        if apply and entries:
            self.create(created)
            generation._put_in_force()
        return outcomes

    @api.model
    def _read_list(self, rows):
        """The districts of a file: several rows of one code, one for each town, are one district."""
        entries, refused = {}, []
        for number, cells in rows:
            code = re.sub(r"\s", "", cells.get("code", "")).upper()
            name = cells.get("name", "")
            reason = None
            if not code:
                reason = self.env._("No code.")
            elif not CODE.fullmatch(code):
                reason = self.env._("“%(code)s” is no code of a priority district.", code=code[:40])
            elif not name:
                reason = self.env._("No name.")
            elif code in entries and entries[code]["name"] != name:
                reason = self.env._(
                    "Row %(row)s gives this code to “%(name)s”.", row=entries[code]["row"], name=entries[code]["name"]
                )
            if reason:
                label = f"{code[:40]} {name[:80]}".strip()
                refused.append({"row": number, "label": label, "outcome": "refused", "reason": reason})
                continue
            entry = entries.setdefault(code, {"row": number, "name": name, "towns": []})
            entry["towns"] += [town for town in self._town_codes(cells.get("towns")) if town not in entry["towns"]]
        return entries, refused

    @api.model
    def _town_codes(self, text):
        """INSEE codes in a cell; a workbook that took them for numbers lost their first zero."""
        codes = [code.zfill(5) for code in re.findall(r"[0-9A-Z]+", (text or "").upper())]
        return [code for code in codes if re.fullmatch(r"(\d\d|2[AB])\d{3}", code)]
