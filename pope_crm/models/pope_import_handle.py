import logging
import re

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import LazyTranslate, plaintext2html

from ..core import table_values
from ..core.person_names import CIVILITIES
from ..core.table_reader import fold, is_total
from ..core.table_values import SCIENTIFIC, Unreadable
from .pope_import_people import ADDRESS
from .pope_import_plan import Plan, Seen, closing_word, digest

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

EXPECTED = {
    "date": _lt("“%(value)s” is no date"),
    "number": _lt("“%(value)s” is no number"),
    "whole": _lt("“%(value)s” is no whole number"),
    "boolean": _lt("“%(value)s” is neither yes nor no"),
    "email": _lt("“%(value)s” is no e-mail address"),
    "phone": _lt("“%(value)s” is no phone number"),
    "siret": _lt("“%(value)s” is no SIRET number: one of its digits is wrong"),
    "error": _lt("the spreadsheet holds an error: %(value)s"),
    "destroyed": _lt("the spreadsheet destroyed this number (%(value)s): left out"),
    "town": _lt("no town is called “%(value)s”"),
    "stage": _lt("no stage is called “%(value)s”"),
    "structure_type": _lt("no structure type is called “%(value)s”"),
    "roles": _lt("no role is called “%(value)s”"),
    "user": _lt("“%(value)s” is nobody of the team: left out"),
    "choice": _lt("“%(value)s” is not one of its values"),
    "long": _lt("“%(value)s” is too long"),
}
TOLD_ONLY = {"destroyed", "user"}  # what is said and does not keep the row out
LONGEST = 500  # characters of a name, an address, a reference
FEW = 3  # columns from which one filled cell is a title rather than a row


class Import(models.Model):
    """How rows are handled: read, recognised, worked out and, at last, written."""

    _inherit = "pope.import"

    def _handle(self, run, rows):
        """Work out some rows, write what they do when the import runs, and keep their lines."""
        plans = [self._read_row(run, row) for row in rows]
        waiting = [plan for plan in plans if not plan.state]
        for plan in waiting:
            plan.key = self._kind_method("identity")(run, plan)
            plan.content = digest(*sorted(plan.values.items()))
        seen = self._seen([plan.key for plan in waiting if plan.key], rows[0].number)
        while waiting:
            turn, later, keys = [], [], set()
            for plan in waiting:
                (later if plan.key and plan.key in keys else turn).append(plan)
                keys.add(plan.key)
            for plan in turn:
                plan.seen = seen.get(plan.key, Seen())
            self._settle(run, [plan for plan in turn if not self._is_unchanged(plan)])
            seen.update(
                (plan.key, Seen(plan.number, plan.record)) for plan in turn if plan.key and plan.state != "refused"
            )
            waiting = later
        self._write_lines(run, plans)

    def _kind_method(self, name):
        return getattr(self, f"_{name}_{self.kind}")

    # --- Reading a row ---

    def _read_row(self, run, row):
        """What the cells of a row say; settled at once when it is no row, or cannot be one."""
        cells = row.cells
        plan = Plan(row.number)
        plan.label = " ".join(" ".join(str(cell) for cell in cells if cell is not None).split())[:80]
        if is_total(cells):
            plan.state = "ignored"
            plan.remarks.append(self.env._("A total."))
        elif self._repeats_headers(run, cells):
            plan.state = "ignored"
            plan.remarks.append(self.env._("The headers again."))
        elif any(cell is not None for place, cell in enumerate(cells) if place not in run.places):
            plan.refuse(self.env._("A cell stands outside of the columns: the row was shifted."))
        else:
            self._read_cells(run, plan, cells)
            if not plan.state and len(run.columns) > FEW and sum(cell is not None for cell in cells) == 1:
                plan.refuse(self.env._("One cell only: a title, or too little to import."))
        return plan

    def _repeats_headers(self, run, cells):
        places = zip(cells[max(run.header.shift, 0) :], run.header.names[max(-run.header.shift, 0) :], strict=False)
        pairs = [(fold(cell), fold(name)) for cell, name in places if cell is not None]
        return len(pairs) > 1 and all(cell and (name.endswith(cell) or name.startswith(cell)) for cell, name in pairs)

    def _read_cells(self, run, plan, cells):
        for place, target, header in run.columns:
            value = cells[place] if place < len(cells) else None
            if value is None:
                continue
            try:
                found = run.readers[target.read](run, plan, header, target, value)
            except Unreadable as error:
                shown = " ".join(str(value).split())
                shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
                expected = self.env._(EXPECTED[error.code])
                sentence = self._about(header, expected % {"value": shown})
                if error.near:
                    sentence += " " + self.env._("Did you mean %(names)s?", names=", ".join(error.near))
                if error.code in TOLD_ONLY:
                    plan.remarks.append(sentence)
                else:
                    plan.refuse(sentence)
                continue
            if isinstance(found, tuple):
                found = plan.values.get(target.name, ()) + found
            if found not in (None, "", [], ()):
                plan.values[target.name] = found

    def _about(self, header, sentence):
        return self.env._("%(header)s: %(sentence)s.", header=header, sentence=sentence)

    @api.model
    def _readers(self):
        """How the cells of a column are read, by the name that targets give: a function of the run, the plan, the
        header, the target and the cell, which raises Unreadable."""

        def plain(read):
            return lambda run, plan, header, target, value: read(value)

        return {
            "text": plain(self._read_text),
            "note": plain(lambda value: plaintext2html(words) if (words := table_values.text(value)) else None),
            "date": plain(table_values.day),
            "whole": plain(table_values.whole),
            "number": plain(table_values.number),
            "boolean": plain(table_values.boolean),
            "siret": plain(table_values.siret),
            "ref": plain(self._read_ref),
            "zip": plain(self._read_zip),
            "email": self._read_email,
            "phone": self._read_phone,
            "phones": plain(lambda value: tuple(table_values.phones(value))),
            "town": self._read_town,
            "town_or_city": self._read_town_or_city,
            "stage": self._read_stage,
            "structure_type": self._read_named,
            "user": self._read_named,
            "roles": self._read_roles,
            "choice": self._read_choice,
        }

    @api.model
    def _read_text(self, value):
        words = " ".join(table_values.text(value).split())
        if len(words) > LONGEST:
            raise Unreadable("long")
        return words

    @api.model
    def _read_ref(self, value):
        words = self._read_text(value)
        if SCIENTIFIC.match(words):
            raise Unreadable("destroyed")
        return words

    @api.model
    def _read_zip(self, value):
        words = self._read_text(value)
        return words.zfill(5) if words.isdigit() and len(words) == 4 else words

    def _read_email(self, run, plan, header, target, value):
        first, *others = table_values.emails(value) or [None]
        if others:
            plan.remarks.append(
                self._about(header, self.env._("the first one is taken, not %(others)s", others=", ".join(others)))
            )
        return first

    def _read_phone(self, run, plan, header, target, value):
        """The main number; those that follow it in the cell are the person's other ones."""
        first, *others = table_values.phones(value) or [None]
        if others:
            name = target.name.removesuffix("phone") + "other_phones"
            plan.values[name] = (*others, *plan.values.get(name, ()))
        return first

    def _read_town(self, run, plan, header, target, value):
        words = self._read_zip(value)
        town = run.lookups.town(words) if words else None
        if words and not town:
            raise Unreadable("town", run.lookups.near_towns(words))
        return town

    def _read_town_or_city(self, run, plan, header, target, value):
        """A contact may live anywhere: a town that is not in the list is kept as a part of the address."""
        words = self._read_zip(value)
        town = run.lookups.town(words) if words else None
        if words and not town:
            sentence = self.env._("“%(value)s” is not in the list of towns: kept in the address", value=words)
            plan.remarks.append(self._about(header, sentence))
            return words
        return town

    def _read_stage(self, run, plan, header, target, value):
        """The id of a stage, or the words that end a project."""
        words = self._read_text(value)
        if not words:
            return None
        stage = run.lookups.find("stage", re.sub(r"^\W*\d+\W+", "", words))
        if stage:
            return stage
        if closing_word(words) or run.lookups.find("reason", words):
            return words
        raise Unreadable("stage", run.lookups.near("stage", words))

    def _read_named(self, run, plan, header, target, value):
        words = self._read_text(value)
        found = run.lookups.find(target.read, words) if words else None
        if words and not found:
            raise Unreadable(target.read, run.lookups.near(target.read, words))
        return found

    def _read_roles(self, run, plan, header, target, value):
        found = []
        for words in filter(None, (part.strip() for part in re.split(r"[,;/\n]", table_values.text(value)))):
            role = run.lookups.find("roles", words)
            if not role:
                raise Unreadable("roles", run.lookups.near("roles", words))
            found.append(role)
        return found

    def _read_choice(self, run, plan, header, target, value):
        """One of the values of a selection, by its label in one of our languages."""
        words = fold(table_values.text(value))
        if civility := target.field == "pope_civility" and CIVILITIES.get(str(value).strip().lower()):
            return civility
        is_person = target.per_holder or self.kind == "contacts"
        field = self.env["res.partner" if is_person else "crm.lead"]._fields[target.field]
        for lang in run.lookups.langs:
            for key, label in field._description_selection(self.with_context(lang=lang).env):
                if words and words in (fold(label), fold(key)):
                    return key
        if words:
            raise Unreadable("choice")
        return None

    # --- Recognising rows ---

    def _seen(self, keys, before):
        """The rows that were seen already: in this file, above; or in a file that was imported.

        :return: dict key → Seen
        """
        here = Domain("import_id", "=", self.id) & Domain("number", "<", before)
        here &= Domain("state", "not in", ("refused", "ignored"))
        elsewhere = Domain("import_id", "!=", self.id) & Domain("is_done", "=", True)
        record_field = self._record_field()
        lines = self.env["pope.import.row"].search_fetch(
            Domain("key", "in", keys) & Domain("company_id", "=", self.company_id.id) & (here | elsewhere),
            ["key", "content", "number", "import_id", record_field],
            order="id",
        )
        seen = {}
        for key, its_lines in lines.grouped("key").items():
            mine = its_lines.filtered(lambda line: line.import_id == self)
            made = its_lines.filtered(record_field)
            if mine or made:
                seen[key] = Seen(mine[:1].number, made[-1:][record_field], made.mapped("content"))
        return seen

    @api.model
    def _is_unchanged(self, plan):
        """A row that was imported just as it is does nothing, whatever people have changed since in what it made."""
        if plan.seen.number or plan.content not in plan.seen.contents:
            return False
        plan.state, plan.record = "same", plan.seen.record
        return True

    def _record_field(self):
        return "partner_id" if self.kind == "contacts" else "lead_id"

    # --- Working out and writing ---

    def _settle(self, run, plans):
        """Work out some rows and write them; those that the database refuses are found one by one."""
        if not plans:
            return
        try:
            with self.env.cr.savepoint():
                self._kind_method("plan")(run, plans)
                if run.applies:
                    self._apply(run, plans)
            if run.applies:
                run.lookups.remember(plans)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            for plan in plans:
                plan.forget()
            if len(plans) > 1:
                for plan in plans:
                    self._settle(run, [plan])
            else:
                plans[0].refuse(self._sentence_of(error))

    def _tell_outcome(self, plan, changes):
        """What a row that can be imported does.

        :param changes: whether it writes something besides the values of what it names
        """
        pairs = [(party.record, party.vals) for party in plan.parties() if party.record]
        if plan.record and plan.record not in [record for record, _vals in pairs]:
            pairs.append((plan.record, plan.vals))
        for record, vals in pairs:
            todo, kept = self._completing_values(record, vals)
            changes = changes or todo
            plan.words += kept
        for party in plan.parties():
            if party.twin and any(party.twin.vals.get(part) for part in ADDRESS):
                known = dict.fromkeys(ADDRESS) | party.twin.vals
                plan.words += self._kept_address(party.name, known, party.vals)
        if plan.seen.number:
            plan.state = "duplicate"
            plan.words.insert(
                0, self.env._("The same as row %(number)s, which takes what this one adds.", number=plan.seen.number)
            )
        elif plan.record:
            plan.state = "completed" if changes else "same"
        else:
            plan.state = "created"

    def _apply(self, run, plans):
        plans = [plan for plan in plans if plan.state != "refused"]
        self._kind_method("apply")(run, plans)
        made = [plan for plan in plans if plan.state == "created"]
        if made:
            made[0].record.union(*(plan.record for plan in made))._message_log_batch(
                {
                    plan.record.id: self.env._(
                        "Imported from %(file)s, row %(number)s", file=self.file_name, number=plan.number
                    )
                    for plan in made
                }
            )

    def _sentence_of(self, error):
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, psycopg2.Error):
            return self.env._("The database refused it: %(error)s", error=(error.diag.message_primary or str(error)))
        _logger.exception("A row could not be imported")
        return self.env._("It cannot be written: %(error)s", error=error)

    def _write_lines(self, run, plans):
        # sudo: the report belongs to no person
        Line = self.env["pope.import.row"].sudo()
        lines = {
            line.number: line
            for line in Line.search([("import_id", "=", self.id), ("number", "in", [plan.number for plan in plans])])
        }
        record_field = self._record_field()
        missing = []
        for plan in plans:
            done = run.applies and plan.state != "refused"
            vals = {
                "state": plan.state,
                "label": False if done and plan.record else plan.label,
                "reason": plan.told(),
                "key": plan.key,
                "content": plan.content,
                "is_done": done,
                record_field: plan.record.id if plan.record else False,
            }
            if line := lines.get(plan.number):
                line.write(vals)
            else:
                missing.append({"import_id": self.id, "number": plan.number, **vals})
        Line.create(missing)
