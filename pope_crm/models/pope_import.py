import logging
from datetime import timedelta
from itertools import islice

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import LazyTranslate, split_every

from ..core.table_reader import Header, Table, TableError, find_header, find_shift, fold
from ..core.table_values import Unreadable, day, emails, phones
from ..core.table_writer import rows_with_reasons
from .asked_values import names_asked
from .pope_import_mapping import IGNORED
from .pope_import_plan import Run

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

LOT = 200
AT_ONCE = 100  # rows handled while the person waits; more are handled by the cron
ATTEMPTS = 5
SAMPLES = 3
KEPT_DAYS = 90  # how long the file of a finished import is kept
RUNNING = ("checking", "running")
REFUSALS = {
    "empty": _lt("This file holds no row."),
    "too_big": _lt("This file is too big: %(limit)s MB at most. Cut it in several files."),
    "too_long": _lt("This file has too many rows: %(limit)s at most. Cut it in several files."),
    "old_workbook": _lt("This is an old or a protected workbook: open it and save it as XLSX, without a password."),
    "open_document": _lt("This is an OpenDocument file: open it and save it as XLSX."),
    "no_table": _lt("This is no table: choose an XLSX or a CSV file."),
    "unreadable": _lt("This workbook is damaged: open it and save it again as XLSX."),
    "no_sheet": _lt("There is no sheet “%(sheet)s” in this workbook. Its sheets: %(sheets)s."),
    "no_header": _lt("No line of this file can be its headers: write the line's number."),
}


class Import(models.Model):
    """A file of contacts or projects: read whatever wrote it, checked on screen, then imported once.

    A row that cannot be imported never stops the others: it comes back in the same file with its reason. What exists is
    completed where it is empty and never overwritten. Rows are handled in lots that are committed with their lines, so
    that an import that was cut goes on where it was.
    """

    _name = "pope.import"
    _description = "Import of a File"
    _order = "id desc"
    _rec_name = "file_name"

    kind = fields.Selection(
        [("contacts", "Contacts"), ("projects", "Projects")],
        string="One Row Is",
        required=True,
        default="projects",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one(
        "res.users",
        string="Imported By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    file = fields.Binary(attachment=True, help="Kept for three months after the import, then erased.")
    file_name = fields.Char()
    format = fields.Char(readonly=True)
    encoding = fields.Char(readonly=True)
    separator = fields.Selection([(";", "Semicolon"), (",", "Comma"), ("\t", "Tab"), ("|", "Bar")])
    sheet = fields.Char(help="By default the first one that holds rows.")
    sheet_names = fields.Char(string="Sheets", readonly=True)
    header_line = fields.Integer(string="Last Line of the Headers")
    header_first = fields.Integer(readonly=True)
    header_shift = fields.Integer(readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    team_id = fields.Many2one(
        "crm.team",
        string="Pipeline",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('pope_lead_type', '=', 'project'), ('company_id', '=', company_id)]",
    )
    in_charge_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Of the projects for which the file names nobody.",
    )
    takes_incomplete = fields.Boolean(
        string="Take Open Places Without Figures",
        help="They come in with the mark “To be completed”; otherwise their rows are refused.",
    )
    state = fields.Selection(
        [
            ("draft", "To Check"),
            ("checking", "Checking"),
            ("checked", "Checked"),
            ("running", "Importing"),
            ("done", "Done"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    position = fields.Integer(readonly=True, copy=False, help="The last row that was handled.")
    handled_count = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    has_begun = fields.Boolean(compute="_compute_has_begun", help="Something of the file was written.")
    error = fields.Char(readonly=True, copy=False)
    date_done = fields.Datetime(string="Imported On", readonly=True, copy=False)
    column_ids = fields.One2many("pope.import.heading", "import_id", string="Columns")
    unused_columns = fields.Char(string="Columns Left Out", compute="_compute_unused_columns")
    line_ids = fields.One2many("pope.import.row", "import_id", string="Rows of the File")
    told_line_ids = fields.One2many(
        "pope.import.row", "import_id", domain=[("reason", "!=", False)], string="Rows With a Word"
    )
    created_count = fields.Integer(string="New", compute="_compute_counts")
    completed_count = fields.Integer(string="Completed", compute="_compute_counts")
    same_count = fields.Integer(string="Already There", compute="_compute_counts")
    duplicate_count = fields.Integer(string="Twice in the File", compute="_compute_counts")
    refused_count = fields.Integer(string="Refused", compute="_compute_counts")
    ignored_count = fields.Integer(string="Not Rows", compute="_compute_counts")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("company_id")
    def _compute_team_id(self):
        teams = self.env["crm.team"].search([("pope_lead_type", "=", "project")]).grouped("company_id")
        for record in self:
            if record.team_id.company_id != record.company_id or not record.team_id:
                record.team_id = teams.get(record.company_id, self.env["crm.team"])[:1]

    @api.depends("handled_count", "row_count")
    def _compute_progress(self):
        for record in self:
            record.progress = 100 * record.handled_count / record.row_count if record.row_count else 0

    @api.depends("state", "position")
    def _compute_has_begun(self):
        for record in self:
            record.has_begun = record.state in (*RUNNING, "done") or (record.state == "checked" and record.position)

    @api.depends("column_ids.field_name", "column_ids.is_left_out")
    def _compute_unused_columns(self):
        for record in self:
            unused = record.column_ids.filtered(
                lambda column: not column.field_name and not column.is_left_out and column.filled_count
            )
            record.unused_columns = ", ".join(column.name or column.letter for column in unused) or False

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {
            (record, state): count
            for record, state, count in self.env["pope.import.row"]._read_group(
                [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
            )
        }
        for record in self:
            for state in ("created", "completed", "same", "duplicate", "refused", "ignored"):
                record[f"{state}_count"] = counts.get((record._origin, state), 0)

    @api.depends("state", "line_ids.state")
    def _compute_summary(self):
        for record in self:
            changed = record.created_count + record.completed_count
            if record.state not in ("checked", "done"):
                record.summary = False
            elif not changed and not record.refused_count:
                record.summary = (
                    self.env._("Everything was there already: nothing was changed.")
                    if record.state == "done"
                    else self.env._("Everything is there already: there is nothing to import.")
                )
            elif record.state == "done":
                record.summary = self.env._(
                    "Rows created: %(created)s, completed: %(completed)s, unchanged: %(same)s, refused: %(refused)s.",
                    created=record.created_count,
                    completed=record.completed_count,
                    same=record.same_count + record.duplicate_count,
                    refused=record.refused_count,
                )
            else:
                record.summary = self.env._(
                    "Rows to create: %(created)s, to complete: %(completed)s, unchanged: %(same)s,"
                    " refused: %(refused)s. Nothing is written before you import.",
                    created=record.created_count,
                    completed=record.completed_count,
                    same=record.same_count + record.duplicate_count,
                    refused=record.refused_count,
                )

    # --- The file and its columns ---

    @api.model
    def _reading_fields(self):
        """What decides how the file is read: it is read again when one of them changes."""
        return {"file", "kind", "sheet", "separator", "header_line"}

    @api.model
    def _engine_fields(self):
        """What only the import itself writes: it runs with the rights of its user."""
        return {"state", "user_id", "position", "handled_count", "date_done"}

    def _check_engine_fields(self, vals):
        if not self.env.su and self._engine_fields().intersection(vals):
            raise AccessError(self.env._("An import is started and stopped by its buttons."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_engine_fields(names_asked(self, vals))
        records = super().create(vals_list)
        for record in records.filtered("file"):
            record._read_file()
        return records

    def write(self, vals):
        self._check_engine_fields(vals)
        reread = (
            self._reading_fields().intersection(vals)
            and vals.get("file", True)
            and not self.env.context.get("pope_reading")
        )
        if reread:
            self._refuse_begun()
        if vals.get("file"):
            vals = {"sheet": False, "separator": False, "header_line": 0, **vals}
        result = super().write(vals)
        if reread:
            for record in self.filtered("file"):
                record._read_file()
        elif {"team_id", "in_charge_id", "takes_incomplete"}.intersection(vals):
            self._forget_check()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if self.filtered(lambda record: record.state in RUNNING):
            raise UserError(self.env._("Stop this import before deleting it."))

    def _refuse_begun(self):
        """What has written something is not another import any more."""
        if self.filtered("has_begun"):
            raise UserError(self.env._("This import has begun: make a new one for another file or other columns."))

    def _forget_check(self):
        """What was checked was another import: it is checked again before anything is written."""
        self._refuse_begun()
        self.filtered(lambda record: record.state == "checked")._go({"state": "draft"})

    def _go(self, vals):
        # sudo: nobody writes the course of an import by hand
        self.sudo().write(vals)

    def _open_table(self):
        """The rows of the file.

        :raise UserError: why it cannot be read, in the user's words
        """
        self.ensure_one()
        if not self.file:
            raise UserError(
                self.env._("The file of this import was erased.") if self.format else self.env._("Choose a file.")
            )
        # sudo: whoever may read the import may read its file
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", "file")], limit=1)
        )
        try:
            return Table(attachment.raw, self.sheet, self.separator)
        except TableError as error:
            raise UserError(self._sentence_of_table(error)) from error

    def _sentence_of_table(self, error):
        details = {**error.details, "sheets": ", ".join(error.details.get("sheets", ()))}
        sentence = self.env._(REFUSALS[error.code])
        return sentence % details

    def _read_file(self):
        """Find out how the file is written and which field each of its columns means."""
        self.ensure_one()
        table = self._open_table()
        matcher = self.env["pope.import.mapping"]._matcher(self.kind)
        try:
            header = find_header(table.rows(), matcher.field_of, self.header_line or None)
            count, used = self._measure(table, header)
            if not count:
                raise TableError("empty")
        except TableError as error:
            raise UserError(self._sentence_of_table(error)) from error
        found = matcher.fields_of(header.names)
        shift = self._find_shift(table, header, found)
        # sudo: the report of a former check belongs to no person
        self.line_ids.sudo().unlink()
        allowed = {name for name, _label in self._selection_field_name()}
        columns = [Command.clear()]
        for place in range(max([*used, len(header.names) + shift - 1]) + 1):
            position = place - shift
            headed = 0 <= position < len(header.names)
            filled, samples = used.get(place, (0, ()))
            if not (headed and header.names[position]) and filled <= count / 5:
                continue  # a column without a header: a few cells there are rows that were shifted
            known = headed and found[position] and f"{self.kind}/{found[position]}"
            columns.append(
                Command.create(
                    {
                        "position": position,
                        "name": header.names[position] if headed else "",
                        "sample": " · ".join(samples),
                        "filled_count": filled,
                        "is_left_out": headed and found[position] == IGNORED,
                        "found_name": known if known in allowed else False,
                        "field_name": known if known in allowed else False,
                    }
                )
            )
        self.with_context(pope_reading=True)._go(
            {
                "format": table.format,
                "encoding": table.encoding,
                "separator": table.separator,
                "sheet": table.sheet,
                "sheet_names": ", ".join(table.sheets),
                "header_first": header.first,
                "header_line": header.last,
                "header_shift": shift,
                "row_count": count,
                "column_ids": columns,
                "state": "draft",
                "position": 0,
                "handled_count": 0,
                "error": False,
            }
        )

    @api.model
    def _measure(self, table, header):
        """One walk through the file.

        :return: (number of rows under the headers, dict column → (filled rows, first values))
        """
        count, used = 0, {}
        for row in table.rows():
            if row.number <= header.last:
                continue
            count += 1
            for position, value in enumerate(row.cells):
                if value is not None:
                    filled, samples = used.get(position, (0, ()))
                    if len(samples) < SAMPLES and str(value)[:60] not in samples:
                        samples = (*samples, str(value)[:60])
                    used[position] = filled + 1, samples
        return count, used

    def _find_shift(self, table, header, found):
        def may_be(read):
            def test(value):
                try:
                    return bool(read(value))
                except Unreadable:
                    return False

            return test

        readers = {"email": emails, "phone": phones, "date": day}
        reads = {target.name: target.read for target in self._import_targets(self.kind)}
        plausible = {
            position: may_be(readers[reads[name]])
            for position, name in enumerate(found)
            if name and reads.get(name) in readers
        }
        rows = islice((row for row in table.rows() if row.number > header.last), 50)
        return find_shift(list(rows), plausible)

    # --- What a person does ---

    def action_check(self):
        """Tell what importing the file would do; nothing but this report is written."""
        self.ensure_one()
        self._refuse_begun()
        self._check_columns()
        if self.kind == "projects" and not self.team_id:
            raise UserError(self.env._("Choose the pipeline that takes the projects."))
        # sudo: the report belongs to no person
        self.line_ids.sudo().unlink()
        self._start("checking")

    def action_import(self):
        """Import what was checked; the headers that a person told are remembered."""
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the file first: you will see what importing it does."))
        headers = [fold(column.name) for column in self.column_ids]
        told = self.column_ids.filtered(
            lambda column: column.field_name != column.found_name and headers.count(fold(column.name)) == 1
        )
        # sudo: everybody's imports teach the headers, only managers edit them
        self.env["pope.import.mapping"].sudo()._learn(told.filtered(lambda column: fold(column.name)))
        for column in told:
            column.found_name = column.field_name
        self._start("running")

    def action_stop(self):
        """Rows that were imported stay; the others wait for the import to be taken up again."""
        self.filtered(lambda record: record.state == "running")._go({"state": "checked"})
        checking = self.filtered(lambda record: record.state == "checking")
        checking._go({"state": "draft", "position": 0, "handled_count": 0})

    def _start(self, state):
        at_once = self.row_count <= AT_ONCE and (state == "checking" or self._is_alone(busy=("running",)))
        self._go({"state": state, "user_id": self.env.user.id, "error": False})
        if at_once:
            self._as_its_user()._advance()
        else:
            self.env.ref("pope_crm.cron_import").sudo()._trigger()  # sudo: crons belong to the system

    def _check_columns(self):
        taken = {}
        for column in self.column_ids.filtered("field_name"):
            if other := taken.get(column.field_name):
                raise UserError(
                    self.env._(
                        "The columns “%(one)s” and “%(other)s” go to the same place: choose one.",
                        one=other.name or other.letter,
                        other=column.name or column.letter,
                    )
                )
            taken[column.field_name] = column
        if not {name.partition("/")[2] for name in taken}.intersection(self._naming_targets(self.kind)):
            raise UserError(self.env._("No column says who or what a row is: tell at least which one holds the names."))

    def action_refused_file(self):
        """The refused rows in the file's own format, each with its reason: to be corrected and imported."""
        self.ensure_one()
        refused = self.line_ids.filtered(lambda line: line.state == "refused")
        if not refused:
            raise UserError(self.env._("No row was refused."))
        reasons = {line.number: line.reason for line in refused}
        content = rows_with_reasons(self._open_table(), self._header(), reasons, self.env._("Reason of the refusal"))
        stem = (self.file_name or "import").rpartition(".")[0] or self.file_name or "import"
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("%(file)s – refused rows", file=stem) + f".{self.format}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "self"}

    def action_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_import_row_action")
        state = self.env.context.get("pope_line_state")
        action["domain"] = [("import_id", "=", self.id), *([("state", "=", state)] if state else [])]
        return action

    # --- Handling the rows ---

    @api.model
    def _cron_run(self):
        """Check and import what is waiting, in lots that commit."""
        failures = 0
        while waiting := self.search([("state", "in", RUNNING)], order="id"):
            try:
                record = waiting.try_lock_for_update(limit=1)
                if not (record and record._is_alone()):
                    self.env.ref("pope_crm.cron_import")._trigger(self.env.cr.now() + timedelta(minutes=1))
                    break
                record._advance_or_stop()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                failures += 1
                if failures == ATTEMPTS:
                    raise
                continue
            if not self.env["ir.cron"]._commit_progress(remaining=self.search_count([("state", "in", RUNNING)])):
                break

    def _is_alone(self, busy=()):
        """Whether no other import of the company is writing: it might be making the same persons.

        Those that may write are locked together: one that has written since this transaction began makes it begin anew.

        :param busy: states in which another one is writing, between two of its lots
        """
        # sudo: whoever asked for the others
        others = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("checked", "running")),
                ("id", "not in", self.ids),
            ]
        )
        if others.filtered(lambda other: other.state in busy):
            return False
        return len(others.try_lock_for_update()) == len(others)

    def _advance_or_stop(self):
        try:
            self._as_its_user()._advance(commits=True)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # one bad file must not keep the others back
            self.env.cr.rollback()
            _logger.exception("An import stopped")
            self.action_stop()
            self.error = str(error)

    def _as_its_user(self):
        """The import as the person who asked for it does it: their rights, their language, and no e-mail."""
        user = self.user_id
        return (
            self.with_user(user)
            .with_company(self.company_id)
            .with_context(
                lang=user.lang,
                tz=user.tz,
                active_test=True,
                pope_no_mail="imported",
                pope_import=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                mail_auto_subscribe_no_notify=True,
            )
        )

    def _header(self):
        names = [""] * (max(self.column_ids.mapped("position"), default=0) + 1)
        for column in self.column_ids.filtered(lambda column: column.position >= 0):
            names[column.position] = column.name or ""
        return Header(self.header_first, self.header_line, names, self.header_shift)

    def _advance(self, commits=False):
        """Handle the rows that are left, lot by lot.

        :param commits: each lot is committed with its lines; what is left when it stops is for the next time
        """
        run = Run(self)
        for rows in split_every(LOT, run.rows(self.position)):
            self._handle(run, rows)
            self._go({"position": rows[-1].number, "handled_count": self.handled_count + len(rows)})
            if commits and not self._commit_lot(len(rows)):
                return
        if self.state == "checking":
            self._go({"state": "checked", "position": 0, "handled_count": 0})
        else:
            self._go({"state": "done", "date_done": self.env.cr.now()})
        if commits:
            self.env.user._bus_send(
                "simple_notification", {"type": "success", "title": self.file_name, "message": self.summary}
            )

    def _commit_lot(self, count):
        """Whether to go on: there is time left, nobody stopped the import, no other worker took it or is writing."""
        left = max(self.row_count - self.handled_count, 1)
        seconds = self.env["ir.cron"]._commit_progress(count, remaining=left)
        return bool(seconds and self.try_lock_for_update() and self.state in RUNNING and self._is_alone())

    @api.autovacuum
    def _gc_files(self):
        """A file of names is not kept longer than it is useful; what its rows became is."""
        limit = fields.Datetime.subtract(self.env.cr.now(), days=KEPT_DAYS)
        old = self.search([("file", "!=", False), ("write_date", "<", limit), ("state", "not in", RUNNING)])
        old.line_ids.write({"label": False, "reason": False})
        old.column_ids.sample = False
        given_back = [("res_model", "=", self._name), ("res_id", "in", old.ids), ("res_field", "=", False)]
        self.env["ir.attachment"].search(given_back).unlink()
        old.file = False
