import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import remove_accents

INSEE_CODE = re.compile(r"(\d\d|2[AB])\d{3}")


def searchable(text):
    """A place name as people type it: without accents, hyphens, capitals; "St" and "Ste" in full."""
    words = re.sub(r"[^a-z0-9]+", " ", remove_accents(text or "").lower()).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


class Town(models.Model):
    """A commune by its INSEE code; a merged commune leaves its old code to the one that took it in."""

    _name = "pope.town"
    _description = "Town"
    _order = "name, id"
    _rec_names_search = ["search_name", "postal_codes", "insee_code", "former_codes"]

    name = fields.Char(required=True)
    insee_code = fields.Char(string="INSEE Code", required=True)
    postal_codes = fields.Char(help="Separated by spaces.")
    former_codes = fields.Char(string="Former INSEE Codes", help="Of communes merged into this one, by spaces.")
    former_names = fields.Char(help="Of communes merged into this one, separated by commas.")
    grouping = fields.Char(help="Grouping of communes: public territorial body (EPT) in Greater Paris.")
    merged_into_id = fields.Many2one(
        "pope.town", domain="[('id', '!=', id)]", index="btree_not_null", help="The commune that took this one in."
    )
    search_name = fields.Char(compute="_compute_search_name", store=True)
    active = fields.Boolean(default=True)

    _insee_code_unique = models.UniqueIndex("(insee_code)", "Another town has this INSEE code.")

    district_ids = fields.Many2many("pope.district", string="QPV", compute="_compute_district_ids")
    person_share = fields.Char(
        string="Persons Living in a QPV",
        compute="_compute_shares",
        help="Project holders whose town this is, by their present address.",
    )
    place_share = fields.Char(
        string="Places Located in a QPV",
        compute="_compute_shares",
        help="Open places of this town, by their chosen premises.",
    )

    @api.depends("name", "former_names")
    def _compute_search_name(self):
        for town in self:
            names = [town.name or "", *(town.former_names or "").split(",")]
            town.search_name = "|".join(["", *(searchable(name) for name in names if name), ""])

    @api.depends("insee_code", "former_codes")
    def _compute_district_ids(self):
        districts = self.env["pope.district"].search([("town_ids", "in", self._origin.ids)])
        for town in self:
            codes = town._codes()
            town.district_ids = districts.filtered(lambda district, codes=codes: codes.intersection(district._codes()))

    def _compute_shares(self):
        District, Partner, Lead = (self.env[name] for name in ("pope.district", "res.partner", "crm.lead"))
        here = Domain("pope_town_id", "in", self.ids)
        persons = District._shares(Partner, here & Partner._pope_district_people(), by="pope_town_id")
        places = District._shares(Lead, here & Lead._pope_district_places(), by="pope_town_id")
        for town in self:
            town.person_share = District._share_label(persons.get(town))
            town.place_share = District._share_label(places.get(town))

    @api.constrains("insee_code", "former_codes", "active")
    def _check_codes(self):
        """A code means one town: that of a merged commune is the one that took it in, its own record is archived."""
        for town in self:
            if wrong := [code for code in town._codes() if not INSEE_CODE.fullmatch(code)]:
                raise ValidationError(self.env._("“%(code)s” is no INSEE code: five signs.", code=wrong[0]))
        owners = {}
        for town in self.search(["|", ("id", "in", self.ids), ("former_codes", "!=", False)]) | self.search(
            [("insee_code", "in", list(self._codes()))]
        ):
            for code in town._codes():
                if owners.setdefault(code, town) != town:
                    raise ValidationError(
                        self.env._(
                            "%(code)s is a code of %(one)s and of %(other)s: archive the town that was merged.",
                            code=code,
                            one=owners[code].name,
                            other=town.name,
                        )
                    )

    def _codes(self):
        """INSEE codes, those of merged communes included."""
        return {code for town in self for code in f"{town.insee_code or ''} {town.former_codes or ''}".split()}

    @api.model
    def _by_code(self, codes):
        """The towns of many INSEE codes, former ones included, by code."""
        towns = self.search(["|", ("insee_code", "in", list(set(codes))), ("former_codes", "!=", False)])
        return {code: town for town in towns for code in town._codes()}

    @api.model
    def _propose(self, addresses):
        """The towns that many addresses mean: "St Denis", "Saint-Denis" and 93200 are one.

        :param addresses: pairs of postal code and town as people type them, either may be empty
        :return: the town of each pair; none where code and name disagree, or where several answer
        """
        wanted = {pair: self._plain_address(*pair) for pair in addresses}
        found = {pair: self.browse() for pair in wanted}
        parts = [
            *(Domain("postal_codes", "like", code) for code in {code for code, _name in wanted.values() if code}),
            *(Domain("search_name", "like", f"|{name}|") for name in {name for _code, name in wanted.values() if name}),
        ]
        if not parts:
            return found
        by_code, by_name = {}, {}
        for town in self.search(Domain.OR(parts)):
            for code in (town.postal_codes or "").split():
                by_code[code] = by_code.get(code, self.browse()) | town
            for name in filter(None, town.search_name.split("|")):
                by_name[name] = by_name.get(name, self.browse()) | town
        for pair, (code, name) in wanted.items():
            coded, named = by_code.get(code, self.browse()), by_name.get(name, self.browse())
            if not coded and code:  # a code of its own, for big mail: at least of the same département
                named = named.filtered(lambda town, code=code: town.insee_code[:2] == code[:2])
            towns = coded & named if coded and named else coded | named
            found[pair] = towns if len(towns) == 1 else self.browse()
        return found

    @api.model
    def _plain_address(self, postal_code, name):
        postal_code = re.sub(r"\s", "", postal_code or "")
        name = re.sub(r"\bcedex\b.*", "", searchable(name)).strip()
        if match := re.match(r"(\d{5})\b\s*", name):  # both in one cell
            postal_code, name = postal_code or match.group(1), name[match.end() :]
        return postal_code, name

    def action_merge(self):
        """Everything of this town goes to the one that took it in, which keeps its codes and its names."""
        self.ensure_one()
        self.check_access("write")
        kept = self.merged_into_id
        if not kept or not kept.active or kept == self:
            raise UserError(self.env._("Choose the town that %(name)s was merged into.", name=self.name))
        for name, field in self._referring_fields():
            # sudo: what is of this town moves with it, whatever its company
            records = self.env[name].sudo().with_context(active_test=False).search([(field, "=", self.id)])
            records.write({field: kept.id})
        codes = " ".join(filter(None, (self.insee_code, self.former_codes)))
        names = ", ".join(filter(None, (self.name, self.former_names)))
        postal_codes = dict.fromkeys(f"{kept.postal_codes or ''} {self.postal_codes or ''}".split())
        self.active = False
        kept.write(
            {
                "former_codes": " ".join(filter(None, (kept.former_codes, codes))),
                "former_names": ", ".join(filter(None, (kept.former_names, names))),
                "postal_codes": " ".join(postal_codes),
            }
        )
        return kept.get_formview_action()

    def _referring_fields(self):
        """Models and their fields that name a town; what is computed from others follows by itself."""
        return [
            (model._name, field.name)
            for model in self.env.values()
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == self._name
            and field.store
            and model._auto
            and not model._abstract
            and not (field.compute and field.readonly)
            and field.name != "merged_into_id"
        ]

    @api.model
    def _search_display_name(self, operator, value):
        if isinstance(value, str) and operator in ("ilike", "=ilike", "like", "=like", "="):
            plain = searchable(value)
            names = Domain("search_name", "like", f"|{plain}|" if operator == "=" else plain)
            codes = Domain.OR(
                Domain(name, "ilike", value.strip()) for name in ("postal_codes", "insee_code", "former_codes")
            )
            return names | codes if plain else codes
        return super()._search_display_name(operator, value)

    @api.model
    @api.private
    def _find(self, text):
        """The one town that a typed name, postal code or INSEE code means; empty when there is none or several."""
        if not (text or "").strip():
            return self.browse()
        pair = (None, text)
        if town := self._propose([pair])[pair]:
            return town
        towns = self.search([("display_name", "ilike", text)])
        return towns if len(towns) == 1 else self.browse()
