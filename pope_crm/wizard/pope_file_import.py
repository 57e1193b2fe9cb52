import base64
import binascii
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.table_header import find_titles
from ..core.table_reader import Row, Table, TableError

# in the order of the report: what a person must look at comes first
OUTCOMES = [
    ("refused", "Refused"),
    ("unknown", "Not found"),
    ("end", "Ended"),
    ("kept", "Not in the file"),
    ("create", "New"),
    ("update", "Changed"),
    ("in", "In a QPV"),
    ("out", "Outside QPV"),
    ("unchanged", "Unchanged"),
]
CHANGES = ("create", "update", "end", "in", "out")


class FileImport(models.AbstractModel):
    """Take in a table: its columns are proposed and can be corrected, what would happen is told, then done.

    A wizard that takes this in has a `column_…_id` for each of its `_wanted_columns`, and does the work in `_run`.
    """

    _name = "pope.file.import"
    _description = "Take in a File"

    data = fields.Binary(string="File", attachment=False)
    filename = fields.Char()
    step = fields.Selection([("file", "File"), ("report", "Report"), ("done", "Done")], default="file", required=True)
    sheet = fields.Integer()
    title_row = fields.Integer()
    column_ids = fields.Many2many("pope.import.column")
    line_ids = fields.Many2many("pope.import.line", string="Lines Found", readonly=True)
    summary = fields.Text(readonly=True)
    change_count = fields.Integer(readonly=True)

    def _wanted_columns(self):
        """For each column, its usual titles as `core.table_header.plain` writes them, the likeliest first."""
        raise NotImplementedError

    def _required_columns(self):
        raise NotImplementedError

    def _run(self, rows, apply):
        """Tell what the rows would do, or do it.

        :return: dicts with `row`, `label`, `outcome`, `reason`
        """
        raise NotImplementedError

    def _forget_report(self):
        """A choice changed: what was told of the former one must not be taken for what would be done."""
        if self.step == "report":
            self.change_count = 0
            self.summary = self.env._("A choice changed: see again what it gives.")

    def action_read(self):
        """Find the titles, propose the columns, and tell what would happen when that is enough."""
        sheets = self._read_sheets()
        titles = find_titles(sheets, self._wanted_columns())
        rows = sheets[titles.sheet]
        first = rows[titles.row + 1] if len(rows) > titles.row + 1 else Row(0, [])
        columns = self.env["pope.import.column"].create(
            [
                {
                    "position": position,
                    "name": title[:60] or self.env._("Column %(number)s", number=position + 1),
                    "sample": first.cells[position][:40] if position < len(first.cells) else False,
                }
                for position, title in enumerate(rows[titles.row].cells)
            ]
        )
        self.write(
            {
                "step": "report",
                "sheet": titles.sheet,
                "title_row": titles.row,
                "column_ids": columns.ids,
                **{
                    f"column_{name}_id": columns[titles.columns[name]].id if name in titles.columns else False
                    for name in self._wanted_columns()
                },
            }
        )
        return self._check()

    def action_check(self):
        """Tell again, with the columns as the person corrected them."""
        return self._check()

    def action_apply(self):
        if self._missing_columns():
            raise UserError(self.env._("Say first in which column each thing stands."))
        self._report(self._run(self._rows(), apply=True))
        self.step = "done"
        return self._reopen()

    def action_restart(self):
        self.write({"step": "file", "data": False, "line_ids": False, "column_ids": False, "summary": False})
        return self._reopen()

    def _check(self):
        if missing := self._missing_columns():
            labels = self.fields_get([f"column_{name}_id" for name in missing], ["string"])
            names = ", ".join(label["string"] for label in labels.values())
            self.write({"line_ids": False, "change_count": 0})
            self.summary = self.env._("Say in which column these stand: %(names)s.", names=names)
        else:
            self._report(self._run(self._rows(), apply=False))
        return self._reopen()

    def _missing_columns(self):
        return [name for name in self._required_columns() if not self[f"column_{name}_id"]]

    def _read_sheets(self):
        try:
            return Table(base64.b64decode(self.with_context(bin_size=False).data or b"")).text_sheets()
        except (binascii.Error, TableError) as error:
            refused = error if isinstance(error, TableError) else TableError("no_table")
            raise UserError(self.env["pope.import"]._sentence_of_table(refused)) from error

    def _rows(self):
        """Pairs of the row's number in the file, and the wanted cells by name."""
        positions = {name: column.position for name in self._wanted_columns() if (column := self[f"column_{name}_id"])}
        return [
            (
                row.number,
                {
                    name: row.cells[position] if position < len(row.cells) else ""
                    for name, position in positions.items()
                },
            )
            for row in self._read_sheets()[self.sheet][self.title_row + 1 :]
        ]

    def _report(self, outcomes):
        order = {outcome: rank for rank, (outcome, _label) in enumerate(OUTCOMES)}
        counts = Counter(line["outcome"] for line in outcomes)
        labels = dict(self.env["pope.import.line"]._fields["outcome"]._description_selection(self.env))
        told = [
            self.env._("%(outcome)s: %(count)s", outcome=labels[outcome], count=counts[outcome])
            for outcome in order
            if counts[outcome]
        ]
        changes = sum(counts[outcome] for outcome in CHANGES)
        if not outcomes:
            told = [self.env._("No row under the titles.")]
        elif not changes:
            told.insert(0, self.env._("Nothing changes."))
        # a row that changes nothing has nothing to tell
        lines = [line for line in outcomes if line["outcome"] != "unchanged"]
        lines.sort(key=lambda line: (order[line["outcome"]], line["row"]))
        self.write(
            {
                "summary": "\n".join(told),
                "change_count": changes,
                "line_ids": self.env["pope.import.line"].create(lines).ids,
            }
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class ImportColumn(models.TransientModel):
    _name = "pope.import.column"
    _description = "Column of a File"
    _order = "position"

    name = fields.Char(required=True)
    position = fields.Integer(required=True)
    sample = fields.Char()

    @api.depends("name", "sample")
    def _compute_display_name(self):
        for column in self:
            column.display_name = f"{column.name} ({column.sample})" if column.sample else column.name


class ImportLine(models.TransientModel):
    _name = "pope.import.line"
    _description = "What Happens to a Row of a File"
    _order = "id"

    row = fields.Integer()
    label = fields.Char(string="What")
    outcome = fields.Selection(OUTCOMES, required=True)
    reason = fields.Char(string="Why")
