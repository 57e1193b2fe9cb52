import csv
import io
import logging
from collections import deque

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import LazyTranslate, format_date, formatLang, split_every

from ..core import trial_balance
from ..core.fec import LEFT_OUT
from ..core.table_reader import TableError
from ..xlsx import books_problems
from .asked_values import names_asked
from .pope_import import REFUSALS

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

LOT = 10000
AT_ONCE = 5000  # lines read while the person waits; more are read by the cron
SHOWN = 5  # problems of each kind told on the screen
ALL = 60000  # problems of each kind in the workbook that lists them: all kinds fit in a sheet
ENGINE = {
    "state",
    "source",
    "user_id",
    "date_imported",
    "accepted_user_id",
    "date_accepted",
    "handled_count",
    "row_count",
    "report",
    "problem_count",
    "line_count",
    "total_debit",
    "total_credit",
}
READ = {"file", "company_id", "date_from", "date_to"}
PROBLEMS = {
    "width": _lt("Lines with too few columns, left out"),
    "date": _lt("Dates that are no dates, lines left out"),
    "account": _lt("Accounts that are no accounts, lines left out"),
    "amount": _lt("Amounts that are no amounts, lines left out"),
    "subtotal": _lt("Subtotals, left out"),
    "year": _lt("Lines outside the year, which summaries do not count"),
    "both_sides": _lt("Debit and credit on the same line"),
    "journal": _lt("Lines without a journal"),
    "number": _lt("Lines without an entry number"),
    "label": _lt("Lines without a label"),
    "not_valid": _lt("Entries not validated"),
    "valid_date": _lt("Validation dates that are no dates"),
    "piece_date": _lt("Voucher dates that are no dates"),
    "unbalanced": _lt("Debit and credit that are not equal"),
    "gap": _lt("Missing entry numbers, by journal"),
    "twice": _lt("Accounts that come twice"),
}
SEPARATORS = {"\t": _lt("tab"), ";": _lt("semicolon"), ",": _lt("comma"), "|": _lt("bar")}
BOOKS_REFUSALS = {
    **REFUSALS,
    "no_table": _lt("This is neither an accounting entries file (FEC) nor a trial balance."),
    "no_header": _lt("This is neither an accounting entries file (FEC) nor a trial balance."),
    "no_books": _lt("This is neither an accounting entries file (FEC) nor a trial balance."),
    "columns": _lt("These columns are missing: %(columns)s."),
    "empty": _lt("This file holds no line that can be counted."),
}


class Books(models.Model):
    """A year of books that an accountant keeps elsewhere: read, looked at, then accepted or refused.

    Its lines are a plain table apart from the journal items, written by COPY; they count once the books are accepted.
    The same year imported again replaces the former one as a whole.
    """

    _name = "pope.books"
    _description = "Books Kept Elsewhere"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _rec_names_search = ["file_name"]

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_period()[1])
    source = fields.Selection(
        [("fec", "Accounting entries file (FEC)"), ("balance", "Trial balance")], string="Kind of File", readonly=True
    )
    file = fields.Binary(attachment=True, required=True)
    file_name = fields.Char()
    status = fields.Selection(
        [
            ("provisional", "Provisional"),
            ("closed", "Drawn Up"),
            ("approved", "Approved by the General Meeting"),
        ],
        string="Status of the Accounts",
        required=True,
        default="provisional",
        tracking=True,
    )
    date_approved = fields.Date(string="Approved On", tracking=True)
    state = fields.Selection(
        [
            ("draft", "To Check"),
            ("checking", "Checking"),
            ("checked", "To Accept"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("replaced", "Replaced"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Imported By", readonly=True, copy=False, default=lambda self: self.env.user
    )
    date_imported = fields.Datetime(string="Imported On", readonly=True, copy=False)
    accepts_problems = fields.Boolean(
        string="I have read these problems and accept the file as it is", copy=False, tracking=True
    )
    accepted_user_id = fields.Many2one("res.users", string="Accepted By", readonly=True, copy=False)
    date_accepted = fields.Datetime(string="Accepted On", readonly=True, copy=False)
    row_count = fields.Integer(readonly=True, copy=False)
    handled_count = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    error = fields.Char(readonly=True, copy=False)
    line_count = fields.Integer(string="Lines", readonly=True, copy=False)
    total_debit = fields.Monetary(readonly=True, copy=False)
    total_credit = fields.Monetary(readonly=True, copy=False)
    problem_count = fields.Integer(string="Problems", readonly=True, copy=False)
    report = fields.Json(string="Report as Kept", readonly=True, copy=False)
    report_html = fields.Html(string="Report", compute="_compute_report_html", sanitize=False)
    line_ids = fields.One2many("pope.books.line", "books_id")

    _period = models.Constraint("CHECK (date_from <= date_to)", "The period must begin before it ends.")
    _approved = models.Constraint(
        "CHECK (status != 'approved' OR date_approved IS NOT NULL)", "Write the day when the meeting approved them."
    )
    _apart = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (state = 'accepted')",
        "Two accepted books of a company may not tell the same days.",
    )

    # --- Fields ---

    @api.model
    def _default_period(self):
        """The last year that ended."""
        company, today = self.env.company, fields.Date.context_today(self)
        this_year = company.compute_fiscalyear_dates(today)
        last = company.compute_fiscalyear_dates(fields.Date.subtract(this_year["date_from"], days=1))
        return last["date_from"], last["date_to"]

    @api.depends("date_from", "date_to", "company_id")
    @api.depends_context("lang")
    def _compute_name(self):
        label = self.env["pope.financial.summary"]._year_label
        for books in self:
            dates = books.date_from and books.date_to
            books.name = self.env._("Books %(year)s", year=label(books.date_from, books.date_to)) if dates else False

    @api.depends("handled_count", "row_count")
    def _compute_progress(self):
        for books in self:
            books.progress = min(100, 100 * books.handled_count / books.row_count) if books.row_count else 0

    @api.depends("report", "total_debit", "total_credit")
    @api.depends_context("lang")
    def _compute_report_html(self):
        for books in self:
            books.report_html = books.report and self.env["ir.qweb"]._render(
                "pope_crm.books_report", books._report_values()
            )

    def _report_values(self):
        report = self.report
        counts = report["counts"]
        separator = report["separator"]
        return {
            "books": self,
            "report": report,
            "separator": SEPARATORS.get(separator) and self.env._(SEPARATORS[separator]),
            "left_out": sum(counts.get(code, 0) for code in LEFT_OUT),
            "kinds": [
                {
                    "name": self.env._(PROBLEMS[code]),
                    "count": counts[code],
                    "left_out": code in LEFT_OUT,
                    "first": report["first"][code],
                }
                for code in PROBLEMS
                if code in counts
            ],
            "day": lambda day: day and format_date(self.env, day),
        }

    # --- Create, write, delete ---

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(ENGINE.intersection(names_asked(self, vals)) for vals in vals_list):
            raise AccessError(self.env._("Books are checked, accepted and refused by their buttons."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and ENGINE.intersection(vals):
            raise AccessError(self.env._("Books are checked, accepted and refused by their buttons."))
        if READ.intersection(vals) and self.filtered(lambda books: books.state != "draft"):
            raise UserError(self.env._("These books were checked: refuse them, or import the other file anew."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if self.filtered(lambda books: books.state in ("accepted", "replaced")):
            raise UserError(self.env._("These books were accepted: summaries stand on them. They are kept."))

    def _go(self, vals):
        # sudo: nobody writes the course of an import by hand
        self.sudo().write(vals)

    # --- Reading the file ---

    def _open_reader(self, **options):
        """The reading of the file, of whatever kind.

        :raise UserError: why it cannot be read
        """
        self.ensure_one()
        # sudo: whoever may read the books may read their file
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", "file")], limit=1)
        )
        try:
            return trial_balance.read(attachment.raw or b"", self.date_from, self.date_to, **options)
        except TableError as error:
            raise UserError(self._sentence_of(error)) from error

    def _sentence_of(self, error):
        details = {name: ", ".join(map(str, values)) for name, values in error.details.items() if name != "limit"}
        sentence = self.env._(BOOKS_REFUSALS[error.code])
        return sentence % {**error.details, **details}

    def action_check(self):
        """Read the file and tell what is in it; its lines count for nothing before they are accepted."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("These books were checked already."))
        self._check_apart()
        source, reader = self._open_reader()
        now = self.env.cr.now().replace(microsecond=0)
        self._go(
            {
                "state": "checking",
                "source": source,
                "row_count": reader.size,
                "handled_count": 0,
                "error": False,
                "user_id": self.env.uid,
                "date_imported": now,
            }
        )
        if reader.size <= AT_ONCE:
            self._store(reader)
        else:
            self.env.ref("pope_crm.cron_books").sudo()._trigger()  # sudo: crons belong to the system

    def action_stop(self):
        self.check_access("write")
        self.filtered(lambda books: books.state == "checking")._go({"state": "draft", "handled_count": 0})

    def _store(self, reader, commits=False):
        """Write the lines, lot by lot, then what the file says of itself. What was cut begins anew."""
        self._drop_lines()
        try:
            for lot in split_every(LOT, reader):
                self.env["pope.books.line"]._copy_lines(self, lot)
                self._go({"handled_count": reader.lines})
                if commits and not self._commit_lot(len(lot)):
                    return
            if not reader.first_date:
                raise TableError("empty")
        except TableError as error:
            raise UserError(self._sentence_of(error)) from error
        self._go({"state": "checked", "handled_count": self.row_count, **self._found(reader)})

    def _found(self, reader):
        first = {code: [] for code in reader.counts}
        for problem in reader.problems:
            if len(first[problem.code]) < SHOWN:
                first[problem.code].append([problem.number, problem.value])
        return {
            "line_count": reader.lines - sum(reader.counts[code] for code in LEFT_OUT),
            "total_debit": reader.debit / 100,
            "total_credit": reader.credit / 100,
            "problem_count": reader.counts.total(),
            "report": {
                "encoding": reader.encoding,
                "separator": reader.separator,
                "lines": reader.lines,
                "first_date": str(reader.first_date),
                "last_date": str(reader.last_date),
                "counts": dict(reader.counts),
                "first": first,
            },
        }

    def _commit_lot(self, count):
        """Whether to go on: nobody stopped the check, no other worker took it."""
        left = max(self.row_count - self.handled_count, 1)
        self.env["ir.cron"]._commit_progress(count, remaining=left)
        return bool(self.try_lock_for_update() and self.state == "checking")

    @api.model
    def _cron_check(self):
        """Read what is waiting, in lots that commit their progress."""
        while books := self.search([("state", "=", "checking")], order="id").try_lock_for_update(limit=1):
            try:
                books._store(books._open_reader()[1], commits=True)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:  # one bad file must not keep the others back
                self.env.cr.rollback()
                _logger.exception("A check of books stopped")
                books.action_stop()
                books.error = str(error)
            left = self.search_count([("state", "=", "checking")])
            if not self.env["ir.cron"]._commit_progress(remaining=left):
                break

    def _drop_lines(self):
        """In one statement of the database: a year may be hundreds of thousands of lines."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM pope_books_line WHERE books_id = ANY(%s)", [self.ids])
        self.env.invalidate_all()

    # --- What a person decides ---

    def action_accept(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        if self.problem_count and not self.accepts_problems:
            raise UserError(
                self.env._("This file has problems: read them and tick that you accept it as it is, or refuse it.")
            )
        former = self._check_apart()
        lost = former._give_way(self)
        self._go(
            {
                "state": "accepted",
                "accepted_user_id": self.env.uid,
                "date_accepted": self.env.cr.now().replace(microsecond=0),
            }
        )
        self.message_post(body=self._acceptance(former, lost))

    def _acceptance(self, former, lost):
        """What is kept of an acceptance: who, what file, with which problems, instead of what."""
        told = [
            self.env._(
                "File “%(file)s” accepted by %(user)s: lines %(lines)s, debit %(debit)s, credit %(credit)s.",
                file=self.file_name or "",
                user=self.env.user.name,
                lines=self.line_count,
                debit=formatLang(self.env, self.total_debit, currency_obj=self.currency_id),
                credit=formatLang(self.env, self.total_credit, currency_obj=self.currency_id),
            )
        ]
        for code, count in self.report["counts"].items():
            told.append(
                self.env._(
                    "Accepted knowingly: %(problem)s (%(count)s)", problem=self.env._(PROBLEMS[code]), count=count
                )
            )
        if former:
            told.append(
                self.env._(
                    "It replaces “%(file)s”, accepted on %(day)s.",
                    file=former.file_name or "",
                    day=format_date(self.env, former.date_accepted),
                )
            )
        if lost:
            told.append(self.env._("Lines charged to a funding and not found again: %(count)s.", count=lost))
        return "\n".join(told)

    def action_refuse(self):
        """Nothing of the file is kept but the file; accepted books may be withdrawn so."""
        self.check_access("write")
        for books in self.filtered(lambda books: books.state in ("draft", "checked", "accepted")):
            books._drop_lines()
            books._go({"state": "refused"})
            books.message_post(body=self.env._("Refused by %(user)s.", user=self.env.user.name))

    def _check_apart(self):
        """The accepted books of the same year, which these replace; any other that tells the same days is refused."""
        others = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "accepted"),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
                ("id", "!=", self.id),
            ]
        )
        same = others.filtered(lambda other: (other.date_from, other.date_to) == (self.date_from, self.date_to))
        if overlapping := (others - same)[:1]:
            raise UserError(
                self.env._(
                    "The accepted books “%(name)s”, from %(start)s to %(end)s, tell some of the same days.",
                    name=overlapping.name,
                    start=format_date(self.env, overlapping.date_from),
                    end=format_date(self.env, overlapping.date_to),
                )
            )
        return same

    def _give_way(self, newer):
        """These books are replaced as a whole.

        :return: how many charges to a funding have no line any more
        """
        lost = 0
        for books in self:
            lost += self.env["pope.books.charge"]._hand_over(books, newer)
            books._drop_lines()
            books._go({"state": "replaced"})
            books.message_post(
                body=self.env._(
                    "Replaced by “%(file)s”, by %(user)s.", file=newer.file_name or "", user=self.env.user.name
                )
            )
        self.env.flush_all()
        return lost

    # --- What may be opened ---

    def action_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_books_line_action")
        return action | {"domain": [("books_id", "=", self.id)], "display_name": self.name}

    def action_problems(self):
        """All the problems in a workbook, with the number of their line."""
        self.ensure_one()
        _source, reader = self._open_reader(told=ALL)
        deque(reader, maxlen=0)  # a file tells its problems once it was read to its end
        content = books_problems.write(
            {
                "title": self.env._("Problems: %(file)s", file=self.file_name or self.name),
                "sheet": self.env._("Problems"),
                "columns": [self.env._("Line Number"), self.env._("Problem"), self.env._("In the File")],
                "created": fields.Datetime.to_datetime(self.date_to),
                "rows": (
                    (problem.number, self.env._(PROBLEMS[problem.code]), problem.value) for problem in reader.problems
                ),
            }
        )
        stem = (self.file_name or self.name).rpartition(".")[0] or self.name
        name = self.env._("%(file)s – problems.xlsx", file=stem)
        return self.env["ir.attachment"]._pope_download(name, content)


class BooksLine(models.Model):
    """A line of books kept elsewhere, as the file says it. Written by COPY, never by hand."""

    _name = "pope.books.line"
    _description = "Line of Books Kept Elsewhere"
    _order = "date, books_id, number"
    _rec_name = "label"
    _log_access = False
    _COPIED = (
        "books_id", "company_id", "number", "date", "journal", "entry", "account_code", "account_name",
        "partner_label", "piece", "label", "debit", "credit", "balance", "letter",
    )  # fmt: skip

    books_id = fields.Many2one("pope.books", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="books_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(string="Line of the File", readonly=True, aggregator=None)
    date = fields.Date(required=True, readonly=True)
    journal = fields.Char(readonly=True)
    entry = fields.Char(string="Accounting Entry", readonly=True)
    account_code = fields.Char(string="Account", required=True, readonly=True)
    account_name = fields.Char(readonly=True)
    partner_label = fields.Char(string="Third Party", readonly=True)
    piece = fields.Char(string="Voucher", readonly=True)
    label = fields.Char(readonly=True)
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    balance = fields.Monetary(readonly=True)
    letter = fields.Char(string="Matching", readonly=True, help="Letters that match a payment with its bill.")
    charge_ids = fields.One2many("pope.books.charge", "line_id", string="Charged to a Funding")
    charged = fields.Char(string="Charged To", compute="_compute_charged")

    _by_account = models.Index("(books_id, account_code, date)")

    @api.depends("charge_ids.funding_id", "charge_ids.share")
    def _compute_charged(self):
        for line in self:
            line.charged = ", ".join(
                f"{charge.funding_id.name} ({100 * charge.share:g} %)" for charge in line.charge_ids
            )

    @api.model
    def _copy_lines(self, books, lines):
        """Write lines of a file at once: COPY, since a year may be hundreds of thousands of them."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows(
            (
                books.id,
                books.company_id.id,
                line.number,
                line.date,
                line.journal,
                line.entry,
                line.account,
                line.account_name,
                line.partner,
                line.piece,
                line.label,
                f"{line.debit / 100:.2f}",
                f"{line.credit / 100:.2f}",
                f"{(line.debit - line.credit) / 100:.2f}",
                line.letter,
            )
            for line in lines
        )
        text.seek(0)
        columns = ", ".join(self._COPIED)
        self.env.cr.copy_expert(f"COPY pope_books_line ({columns}) FROM STDIN (FORMAT csv)", text)
