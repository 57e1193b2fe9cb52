import re

from odoo import api, fields, models

from ..core.table_header import HOLDER, Matcher
from ..core.table_reader import fold

IGNORED = "ignored"


class ImportMapping(models.Model):
    """The headers that people write above a field: the first ones are shipped, the others learnt from their imports."""

    _name = "pope.import.mapping"
    _description = "Headers of a Field"
    _order = "kind, id"
    _rec_name = "field_name"

    field_name = fields.Selection(selection="_selection_field_name", string="Field", required=True)
    kind = fields.Selection(
        selection=lambda self: self.env["pope.import"]._fields["kind"].selection, compute="_compute_kind", store=True
    )
    headers = fields.Text(required=True, help="Separated by commas. Accents, capitals and punctuation do not matter.")

    _field_unique = models.UniqueIndex("(field_name)", "The headers of this field are in another line.")

    @api.model
    def _selection_field_name(self):
        Import = self.env["pope.import"]
        selection = Import._selection_field_name()
        selection.append((f"projects/{HOLDER}", self.env._("A holder (with a number)")))
        for kind, label in Import._fields["kind"]._description_selection(self.env):
            selection.append((f"{kind}/{IGNORED}", self.env._("Not imported (%(kind)s)", kind=label)))
        return selection

    @api.depends("field_name")
    def _compute_kind(self):
        for mapping in self:
            mapping.kind = (mapping.field_name or "").partition("/")[0]

    def _words(self):
        return [word.strip() for word in re.split(r"[,\n]", self.headers or "") if word.strip()]

    @api.model
    @api.private
    def _matcher(self, kind):
        """What finds the fields of the headers of a file."""
        Import = self.env["pope.import"]
        words = {
            each: {target.label: target.name for target in Import._import_targets(each)}
            for each in ("contacts", "projects")
        }
        for mapping in self.search([("kind", "in", list(words))]):
            words[mapping.kind].update(dict.fromkeys(mapping._words(), mapping.field_name.partition("/")[2]))
        if kind == "contacts":
            return Matcher(words["contacts"])
        persons = {target.name for target in Import._import_targets("contacts") if target.per_holder}
        holder_words = [word for word, name in words["projects"].items() if name == HOLDER]
        return Matcher(
            {word: name for word, name in words["projects"].items() if name != HOLDER},
            {word: name for word, name in words["contacts"].items() if name in persons},
            holder_words,
        )

    @api.model
    @api.private
    def _learn(self, columns):
        """Keep what a person said of some headers, where the words known so far said something else."""
        kinds = columns.import_id.mapped("kind")
        mappings = {mapping.field_name: mapping for mapping in self.search([("kind", "in", kinds)])}
        for column in columns:
            kind = column.import_id.kind
            header = re.sub(r"[,\s]+", " ", column.name).strip()
            told = column.field_name or f"{kind}/{IGNORED}"
            for name, mapping in mappings.items():
                others = [word for word in mapping._words() if fold(word) != fold(header)]
                if name.startswith(f"{kind}/") and name != told and others and others != mapping._words():
                    mapping.headers = ", ".join(others)
            if told in mappings:
                mappings[told].headers += f", {header}"
            else:
                mappings[told] = self.create({"field_name": told, "headers": header})
