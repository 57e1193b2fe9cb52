import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import remove_accents


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
    search_name = fields.Char(compute="_compute_search_name", store=True)
    active = fields.Boolean(default=True)

    _insee_code_unique = models.UniqueIndex("(insee_code)", "Another town has this INSEE code.")

    @api.depends("name", "former_names")
    def _compute_search_name(self):
        for town in self:
            names = [town.name or "", *(town.former_names or "").split(",")]
            town.search_name = "|".join(["", *(searchable(name) for name in names if name), ""])

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
        plain = searchable(text)
        towns = self.search([("search_name", "like", f"|{plain}|")]) or self.search([("display_name", "ilike", text)])
        return towns if len(towns) == 1 else self.browse()
