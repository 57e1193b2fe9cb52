from odoo import models

from ..core import whole_euros
from .pope_summary_line import STATEMENT


class SummaryLine(models.Model):
    """The form on paper: its lines in their order, in whole euros that add up as they are printed."""

    _inherit = "pope.summary.line"

    def _form_sections(self, leaves):
        """The parts of the form.

        :param leaves: (line, label, amounts) where amounts has a number for each column; a line may come several times,
            and has a row in any case
        :return: dict section → rows, dicts code, label, level (class, line or total), amounts in whole euros, and
            `parts`, places within the section of the rows that a class or the total adds up
        """
        width = max((len(amounts) for _line, _label, amounts in leaves), default=1)
        by_line = {}
        for line, label, amounts in leaves:
            by_line.setdefault(line, []).append((label, amounts))
        lines = (self | self.browse(line.id for line in by_line)).sorted("sequence")
        return {section: lines._form_rows(section, by_line, width) for section in STATEMENT}

    def _form_rows(self, section, by_line, width):
        own = self.filtered(lambda line: line.section == section and line.kind in ("line", "key", "class"))
        rows, places = [], {}
        for line in own:
            blank = [(line.name, (0.0,) * width)]
            shown = [] if line._is_class() else by_line.get(line) or ([] if line.hide_if_zero else blank)
            if line._is_class():
                places[line] = len(rows)
                rows.append({"code": line.code, "label": line.name, "level": "class", "parts": []})
            for label, amounts in shown:
                if line.parent_id in places:
                    rows[places[line.parent_id]]["parts"].append(len(rows))
                rows.append({"code": line.code, "label": label, "level": "line", "amounts": amounts, "parts": []})
        leaves = [row for row in rows if row["level"] == "line"]
        columns = [whole_euros.rounded([row["amounts"][column] for row in leaves]) for column in range(width)]
        for place, row in enumerate(leaves):
            row["amounts"] = [column[place] for column in columns]
        for row in rows:
            if row["level"] == "class":
                row["amounts"] = [
                    sum(rows[part]["amounts"][column] for part in row["parts"]) for column in range(width)
                ]
        total = self.filtered(lambda line: line.section == section and line.kind == "total")[:1]
        rows.append(
            {
                "code": total.code or section,
                "label": total.name or self.env._("Total"),
                "level": "total",
                "amounts": [sum(column) for column in columns],
                "parts": [place for place, row in enumerate(rows) if row["level"] == "line"],
            }
        )
        return rows

    def _is_class(self):
        """Whether its amount is the sum of its lines; a class of which no line is left is written on itself."""
        return self.kind == "class" or bool(self.child_ids)
