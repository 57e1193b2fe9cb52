from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .asked_values import names_asked

YEARS = ("this_year", "last_year")
FIGURES = {"kind", "company_id", "date_from", "date_to", "date_as_of", "scope", "funding_id", "lead_id"}
LOCKED = FIGURES | {"signer_name", "signer_capacity", "agreement_number", "previous_id"}
FREEZING = {"state", "frozen_figures", "frozen_date", "frozen_user_id", "attachment_id", "fingerprint"}


class FinancialSummary(models.Model):
    """What the books of one company say over a year, for a funder. Nothing is stored before a manager freezes it; what
    was frozen never changes, and tells where the books differ.

    A kind is a file pope_financial_summary_<kind>.py. Where `self.kind` is another, each method returns `super()`:
    1. `kind`: `fields.Selection(selection_add=[(kind, label)], ondelete={kind: "cascade"})`.
    2. `_kind_scope()`: company, funding or project; `_stops_as_of()`: True where figures stop at `date_as_of`.
    3. `_default_name(year)`: the name proposed.
    4. `_compute_figures()`: plain data for JSON, `_statement_figures()` and what else the kind says.
    5. `_workbook_data(figures, frozen_on)`: `super()` (heading, source, formats) and the words of its sheets.
    6. `_workbook_writers()`: `super() | {kind: xlsx.<kind>.write}`; `_report_sections(data)` for the paper; its screen
       is an inherit of the form, by `kind`.
    """

    _name = "pope.financial.summary"
    _description = "Financial Summary"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True, required=True)
    kind = fields.Selection([], required=True, default="caf")
    scope = fields.Selection(
        [("company", "The whole association"), ("funding", "One funding file"), ("project", "One project")],
        compute="_compute_scope",
        store=True,
        precompute=True,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    funding_id = fields.Many2one(
        "pope.funding",
        string="Funding File",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain=[("type", "=", "project")],
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_period()["date_from"])
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_period()["date_to"])
    date_as_of = fields.Date(
        string="As Of",
        compute="_compute_date_as_of",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Grants are told as received and left on this day; where the file is a follow-up, what is told as actual "
        "stops on it too.",
    )
    previous_from = fields.Date(string="Last Year From", compute="_compute_previous")
    previous_to = fields.Date(string="Last Year To", compute="_compute_previous")
    signer_name = fields.Char(
        string="Signed By",
        compute="_compute_signer",
        store=True,
        readonly=False,
        precompute=True,
        help="Who certifies the figures: the legal representative of the association, unless another name is written.",
    )
    signer_capacity = fields.Char(
        string="Capacity", compute="_compute_signer", store=True, readonly=False, precompute=True
    )
    notes = fields.Text()
    state = fields.Selection(
        [("draft", "Provisional"), ("frozen", "Frozen")], required=True, default="draft", copy=False
    )
    frozen_date = fields.Datetime(string="Frozen On", readonly=True, copy=False)
    frozen_user_id = fields.Many2one("res.users", string="Frozen By", readonly=True, copy=False, ondelete="restrict")
    frozen_figures = fields.Json(readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Workbook", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    live_figures = fields.Json(string="Figures of the Books", compute="_compute_live_figures")
    row_ids = fields.One2many("pope.financial.summary.row", string="Statement", compute="_compute_row_ids")
    result = fields.Monetary(compute="_compute_panels")
    compared = fields.Selection(
        [("budget", "The budget"), ("last_year", "Last year")],
        string="Compared With",
        compute="_compute_panels",
    )
    draft_entry_count = fields.Integer(string="Draft Entries", compute="_compute_panels")
    unmapped_count = fields.Integer(string="Accounts Without a Line", compute="_compute_panels")
    difference_count = fields.Integer(string="Lines That Differ From the Books", compute="_compute_panels")
    controls_html = fields.Html(string="Controls", compute="_compute_panels", sanitize=False)
    sources_html = fields.Html(string="Sources", compute="_compute_panels", sanitize=False)
    has_other_books = fields.Boolean(
        compute="_compute_panels", help="The books behind the frozen figures were imported again or withdrawn since."
    )

    _period = models.Constraint("CHECK (date_from <= date_to)", "The period must begin before it ends.")

    # --- Fields ---

    @api.model
    def _default_period(self):
        return self.env.company.compute_fiscalyear_dates(fields.Date.context_today(self))

    @api.depends("kind", "date_from", "date_to", "funding_id", "lead_id")
    def _compute_name(self):
        for summary in self:
            if summary.date_from and summary.date_to:
                summary.name = summary._default_name(self._year_label(summary.date_from, summary.date_to))

    def _default_name(self, year):
        """Name of a summary of this kind. Each kind has its own."""
        return self.env._("Summary %(year)s", year=year)

    @api.depends("kind", "funding_id", "lead_id")
    def _compute_scope(self):
        for summary in self:
            summary.scope = summary._kind_scope()

    def _kind_scope(self):
        """What a summary of this kind is about. Each kind has its own rule."""
        return "company"

    def _stops_as_of(self):
        """Whether the actual figures of this kind stop at the day of reference."""
        return False

    @api.depends("date_from", "date_to")
    def _compute_date_as_of(self):
        """Today within the period, else its end."""
        today = fields.Date.context_today(self)
        for summary in self:
            begun = summary.date_from and summary.date_to and summary.date_from <= today
            summary.date_as_of = min(today, summary.date_to) if begun else summary.date_to

    @api.depends("company_id")
    def _compute_signer(self):
        for summary in self:
            # sudo: the name that every paper of the association bears
            signer = summary.company_id.sudo().pope_representative_id
            summary.signer_name, summary.signer_capacity = signer.name, signer.function

    @api.depends("date_from", "date_to")
    def _compute_previous(self):
        year, day = relativedelta(years=1), timedelta(days=1)
        for summary in self:
            summary.previous_from = summary.date_from and summary.date_from - year
            # counted from the day after: the last day of February is the last day of February
            summary.previous_to = summary.date_to and summary.date_to + day - year - day

    @api.model
    def _year_label(self, date_from, date_to):
        """2026 for a calendar year, 2025-2026 for a fiscal year across two."""
        return str(date_to.year) if date_from.year == date_to.year else f"{date_from.year}-{date_to.year}"

    @api.depends(*FIGURES)
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_live_figures(self):
        for summary in self:
            # a company that the user may not open tells nothing, be it by an onchange
            allowed = self.env.su or summary.company_id in self.env.companies
            complete = summary.date_from and summary.date_to and summary.date_from <= summary.date_to
            complete = complete and bool(summary._about()) and summary.kind
            summary.live_figures = summary._compute_figures() if allowed and complete else False

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_row_ids(self):
        Row = self.env["pope.financial.summary.row"]
        for summary in self:
            figures = summary._figures()
            shown = {row["line_id"] for row in figures["rows"] if row["shown"]} if summary.ids else set()
            summary.row_ids = Row.browse(Row._id_of(summary.ids[0], line_id) for line_id in shown).sorted()

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_panels(self):
        for summary in self:
            figures = summary._figures()
            values = {"summary": summary, "figures": figures, "currency": summary.currency_id}
            summary.result = next((row["this_year"] for row in figures["rows"] if row["kind"] == "result"), 0.0)
            summary.compared = figures["compared"]
            summary.draft_entry_count = figures["drafts"]
            summary.unmapped_count = len(figures["unmapped"])
            summary.difference_count = len(summary._differences())
            summary.controls_html = self.env["ir.qweb"]._render("pope_crm.summary_controls", values)
            summary.sources_html = self.env["ir.qweb"]._render("pope_crm.summary_sources", values)
            summary.has_other_books = summary._has_other_books()

    # --- Rules ---

    def _about(self):
        """The record that the summary is about: its company, funding file or project; empty while not chosen."""
        self.ensure_one()
        return {"company": self.company_id, "funding": self.funding_id, "project": self.lead_id}[self.scope]

    @api.constrains("scope", "funding_id", "lead_id")
    def _check_about(self):
        for summary in self:
            if not summary._about():
                raise ValidationError(self.env._("Choose the funding file or the project that the summary is about."))

    @api.constrains("date_as_of", "date_from", "date_to")
    def _check_date_as_of(self):
        for summary in self:
            if not summary.date_from <= summary.date_as_of <= summary.date_to:
                raise ValidationError(self.env._("The day that figures stop on is within the period."))

    # --- Create, write, delete ---

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            state = vals.get("state", self.env.context.get("default_state", "draft"))
            if state != "draft" or (FREEZING - {"state"}).intersection(names_asked(self, vals)):
                raise UserError(self.env._("A summary begins provisional: create it, check it, then freeze it."))
        return super().create(vals_list)

    def write(self, vals):
        if FREEZING.intersection(vals) and not self.env.su and not self._is_manager():
            raise AccessError(self.env._("Only a manager freezes a summary."))
        if (LOCKED | FREEZING).intersection(vals) and "frozen" in self.mapped("state"):
            raise UserError(self.env._("This summary is frozen: duplicate it to work on new figures."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        if "frozen" in self.mapped("state"):
            raise UserError(self.env._("A frozen summary is kept: it says what was sent."))

    def _is_manager(self):
        return self.env.user.has_group("pope_crm.group_pope_manager")

    # --- Figures ---

    @api.model
    def _no_figures(self):
        return {
            "sources": {},
            "rows": [],
            "controls": [],
            "compared": False,
            "unmapped": [],
            "drafts": 0,
        }

    def _figures(self):
        """What the summary shows: the frozen figures, else those of the books."""
        self.ensure_one()
        figures = self.frozen_figures if self.state == "frozen" else self.live_figures
        return self._no_figures() | (figures or {})

    def _compute_figures(self):
        """Everything the summary says, as plain data. Each kind has its own."""
        self.ensure_one()
        return self._no_figures()

    def _actual_to(self):
        """Last day of what is told as actual."""
        return self.date_as_of if self._stops_as_of() else self.date_to

    def _periods(self):
        return ((self.date_from, self._actual_to()), (self.previous_from, self.previous_to))

    def _balances(self):
        """Balances of both years, of whatever books tell them; of what is charged to the file, for one file."""
        self.ensure_one()
        funding = self.scope == "funding" and self.funding_id
        return dict(zip(YEARS, self.company_id._pope_balances_of(self._periods(), funding), strict=True))

    def _draft_entries_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "draft"),
            ("date", ">=", self.date_from),
            ("date", "<=", self._actual_to()),
        ]

    def _draft_entry_count(self):
        # sudo: how many entries wait, nothing of what they say
        return self.env["account.move"].sudo().search_count(self._draft_entries_domain())

    # --- Differences of a frozen summary ---

    def _differences(self):
        """Lines whose frozen figure is no longer that of the books: dict code → figure of the books, this year."""
        if self.state != "frozen":
            return {}
        live = {row["code"]: row for row in (self.live_figures or self._no_figures())["rows"]}
        frozen = {row["code"]: row for row in (self.frozen_figures or self._no_figures())["rows"]}
        zero = dict.fromkeys(YEARS, 0.0)
        return {
            code: live.get(code, zero)["this_year"]
            for code in live.keys() | frozen.keys()
            if any(
                not self.currency_id.is_zero(live.get(code, zero)[year] - frozen.get(code, zero)[year])
                for year in YEARS
            )
        }

    def _has_other_books(self):
        """Whether other books than those of the frozen figures now tell its years."""
        frozen = self.state == "frozen" and self._figures().get("sources")
        if not frozen:
            return False
        live = (self.live_figures or self._no_figures())["sources"]
        return any((live.get(year) or {}).get("books") != frozen[year]["books"] for year in YEARS)

    # --- Actions ---

    def action_refresh(self):
        """Read the books again; the screen reloads by itself."""
        self.invalidate_recordset()
        return True

    def action_freeze(self):
        if not self._is_manager():
            raise AccessError(self.env._("Only a manager freezes a summary."))
        now = self.env.cr.now().replace(microsecond=0)
        for summary in self.filtered(lambda summary: summary.state == "draft"):
            summary.invalidate_recordset(["live_figures"])
            figures = summary.live_figures
            if not figures:
                raise UserError(self.env._("There is nothing to freeze: check the company and the period."))
            summary._check_comments(figures)
            summary.write(summary._frozen_values(figures, now))
        return True

    def _frozen_values(self, figures, now):
        """What is kept for good: the figures, the file made of them, who and when."""
        content = self._render_xlsx(figures, frozen_on=now)
        return {
            "state": "frozen",
            "frozen_figures": figures,
            "frozen_date": now,
            "frozen_user_id": self.env.uid,
            "attachment_id": self._create_workbook(self._workbook_name(), content).id,
        }

    def action_download_xlsx(self):
        """The frozen workbook; before that, one of the figures of now."""
        self.ensure_one()
        attachment = self.attachment_id or self._provisional_workbook()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def action_draft_entries(self):
        self.ensure_one()
        self._check_may_read_items()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": self._draft_entries_domain(),
            "name": self.env._("Draft entries"),
        }

    def _check_may_read_items(self, model="account.move.line"):
        if not self.env[model].has_access("read"):
            raise UserError(
                self.env._(
                    "You may read the totals, not the journal items behind them. "
                    "Ask the person who manages the accounting for the right to read the entries."
                )
            )

    def _open_items(self, name, codes, date_from, date_to, by_funder=None):
        """The journal items, or the lines of imported books, behind a figure, with the reader's own rights.

        :param codes: of the accounts
        :param by_funder: what the kinds of funder add or take away, as `_behind` tells
        """
        by_funder = by_funder or {"more": [], "less": []}
        source = self.company_id._pope_source(date_from, date_to)
        if source["kind"] == "books":
            return self._open_books_lines(name, source, self._books_lines_behind(codes, by_funder), date_from, date_to)
        self._check_may_read_items()
        domain = Domain(self.company_id._pope_items_domain(date_from, date_to))
        domain &= self._items_behind(codes, by_funder, (date_from, date_to))
        if self.scope == "funding":
            # sudo: the account of the file restricts what is opened
            domain &= Domain("analytic_distribution", "in", self.funding_id.sudo().analytic_account_id.ids)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "view_mode": "list,pivot,graph",
            "views": [(self.env.ref("account.view_move_line_tree").id, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(domain),
            "context": {"create": False, "edit": False, "allowed_company_ids": self.company_id.ids},
            "help": self.env._("No journal item on this line in the period."),
        }

    def _show_beside(self, action, row):
        """What opens behind a figure of the year, where it holds more than the books say."""
        return action

    def _open_books_lines(self, name, source, behind, date_from, date_to):
        self._check_may_read_items("pope.books.line")
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_books_line_action")
        domain = Domain(self.company_id._pope_books_domain(source, date_from, date_to)) & behind
        if self.scope == "funding":
            domain &= Domain("charge_ids", "any", Domain("funding_id", "=", self.funding_id.id))
        return action | {
            "display_name": name,
            "name": name,
            "domain": list(domain),
            "views": [(False, "list"), (False, "pivot")],
            "context": {"allowed_company_ids": self.company_id.ids},
        }
