from collections import defaultdict

from odoo import fields, models
from odoo.tools import formatLang

from ..core import account_prefixes, table_values
from ..core.table_reader import fold, is_total
from .pope_summary_line import PLAN, STATEMENT


class Budget(models.Model):
    """Amounts that come from a table: each row names a line of the form, by its code, an account or its words."""

    _inherit = "pope.budget"

    def _import_rows(self, rows, apply):
        """Tell what each row would write, or write it; nothing at all where one of them is refused.

        :param rows: pairs of the row's number and its cells: code, label, note and amounts
        :return: dicts with `row`, `label`, `outcome`, `reason`
        """
        self.ensure_one()
        finder = self._line_finder()
        outcomes, found, parent = [], [], self.env["pope.summary.line"]
        for number, cells in rows:
            label = " ".join(filter(None, (cells.get("code"), cells.get("label"))))
            told = {"row": number, "label": label, "outcome": "refused", "reason": False}
            if label and is_total([cells.get("label") or label]):
                continue
            try:
                amounts = self._row_amounts(cells)
                line = finder(cells, parent) if label else self.env["pope.summary.line"]
            except ValueError as error:
                outcomes.append(told | {"reason": str(error)})
                continue
            parent = (line if line.kind == "class" else line.parent_id) or parent
            if not any(amount is not None for amount in amounts.values()):
                continue  # a heading
            if not line:
                outcomes.append(told | {"reason": self.env._("No line of the form has this code or this name.")})
            else:
                found.append((told, line, {"note": cells.get("note") or False, **amounts}))
        outcomes += self._outcomes_of(found)
        if apply and not any(told["outcome"] == "refused" for told in outcomes):
            self._write_rows([(line, values) for told, line, values in found if told["outcome"] == "update"])
        return outcomes

    def _row_amounts(self, cells):
        """The amounts of a row: None where a cell is empty.

        :raise ValueError: a sentence
        """
        amounts = {}
        for column in self._columns():
            try:
                amount = table_values.amount(cells.get(column))
            except table_values.Unreadable as error:
                raise ValueError(self.env._("“%(text)s” is no amount.", text=cells[column])) from error
            if amount is not None and amount < 0:
                raise ValueError(self.env._("A budget has no negative amount."))
            amounts[column] = None if amount is None else float(amount)
        return amounts

    def _line_finder(self):
        """Which line of the form a row names.

        :return: function (cells, class of the rows above) → line, empty where none has this name; it raises ValueError
            with a sentence where several have
        """
        Line = self.env["pope.summary.line"]
        lines = Line._valid_on(
            self.date_to or fields.Date.context_today(self), PLAN if self.kind == "plan" else STATEMENT
        )
        kinds = ("line", "class", "key") if self.kind == "funding" else ("line", "class")
        lines = lines.filtered(lambda line: line.kind in kinds)
        written = lines.filtered(lambda line: line.kind == "line")
        by_code = {fold(line.code): line for line in lines}
        by_name = defaultdict(Line.browse)
        for lang in {"en_US", self.env.lang, "fr_FR"} & set(dict(self.env["res.lang"].get_installed())):
            for line in lines.with_context(lang=lang):
                for name in {fold(line.name), fold(line.name).lstrip("0123456789 ")}:
                    by_name[name] |= line.with_env(self.env)

        def find(cells, parent):
            code, name = fold(cells.get("code")), fold(cells.get("label"))
            # a class may be told by its number alone
            for known in (code, *(f"{letter}{code}" for letter in "cpk" if code)):
                if known in by_code:
                    return by_code[known]
            if code.isdigit():
                owner, _alone = account_prefixes.attribute([code], [(line, line.prefixes) for line in written])
                return owner.get(code, Line)
            named = by_name.get(name, Line) or by_name.get(name.lstrip("0123456789 "), Line)
            if len(named) > 1:
                named = named.filtered(lambda line: line.parent_id == parent) or named
            if len(named) > 1:
                raise ValueError(self.env._("Several lines have this name: add a column with their codes."))
            return named

        return find

    def _outcomes_of(self, found):
        """What the rows that name a line do; a class is the total of its lines, which must be there."""
        named = {line for _told, line, _values in found}
        for told, line, values in found:
            amounts = [values[column] or 0.0 for column in self._columns()]
            if line.kind == "class":
                if named.isdisjoint(line.child_ids) and any(amounts):
                    names = ", ".join(line.child_ids.mapped("name"))
                    told["reason"] = self.env._("Write the amounts on the lines of this class: %(names)s.", names=names)
                else:
                    told["outcome"] = "unchanged"
            else:
                told["outcome"] = "update"
                told["label"] = line.name
                told["reason"] = " · ".join(
                    formatLang(self.env, amount, currency_obj=self.currency_id) for amount in amounts
                )
        return [told for told, _line, _values in found]

    def _write_rows(self, rows):
        """The lines that are named have what the table says, and as many rows; the others stay."""
        by_line = defaultdict(list)
        for line, values in rows:
            by_line[line].append({name: value or (False if name == "note" else 0.0) for name, value in values.items()})
        created = []
        for line, wanted in by_line.items():
            present = self.line_ids.filtered(lambda own, line=line: own.line_id == line)
            present[len(wanted) :].unlink()
            for own, values in zip(present, wanted, strict=False):
                own.write(values if values["note"] else {key: val for key, val in values.items() if key != "note"})
            created += [{"budget_id": self.id, "line_id": line.id, **values} for values in wanted[len(present) :]]
        self.env["pope.budget.line"].create(created)
