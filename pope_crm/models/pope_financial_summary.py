from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..core import account_prefixes

YEARS = ("this_year", "last_year")
FIGURES = {"kind", "company_id", "date_from", "date_to", "scope"}
FREEZING = {"state", "frozen_figures", "frozen_date", "frozen_user_id", "attachment_id"}


class FinancialSummary(models.Model):
    """What the posted journal items of one company say over a year, in the lines of a funder's form.

    Nothing is stored before a manager freezes it; what was frozen never changes, and tells where the books differ.
    """

    _name = "pope.financial.summary"
    _description = "Financial Summary"
    _order = "date_to desc, id desc"

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True, required=True)
    kind = fields.Selection([("caf", "CAF: income statement")], required=True, default="caf")
    scope = fields.Selection([("company", "The whole association")], required=True, default="company")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_period()["date_from"])
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_period()["date_to"])
    previous_from = fields.Date(string="Last Year From", compute="_compute_previous")
    previous_to = fields.Date(string="Last Year To", compute="_compute_previous")
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
    opening_count = fields.Integer(string="Openings", compute="_compute_panels")
    holder_count = fields.Integer(string="Persons Accompanied", compute="_compute_panels")
    draft_entry_count = fields.Integer(string="Draft Entries", compute="_compute_panels")
    unmapped_count = fields.Integer(string="Accounts Without a Line", compute="_compute_panels")
    difference_count = fields.Integer(string="Lines That Differ From the Books", compute="_compute_panels")
    controls_html = fields.Html(string="Controls", compute="_compute_panels", sanitize=False)
    projects_html = fields.Html(string="Projects", compute="_compute_panels", sanitize=False)
    sources_html = fields.Html(string="Sources", compute="_compute_panels", sanitize=False)
    has_other_books = fields.Boolean(
        compute="_compute_panels", help="The books behind the frozen figures were imported again or withdrawn since."
    )

    _period = models.Constraint("CHECK (date_from <= date_to)", "The period must begin before it ends.")

    # --- Fields ---

    @api.model
    def _default_period(self):
        return self.env.company.compute_fiscalyear_dates(fields.Date.context_today(self))

    @api.depends("kind", "date_from", "date_to")
    def _compute_name(self):
        for summary in self:
            if summary.date_from and summary.date_to:
                summary.name = summary._default_name(self._year_label(summary.date_from, summary.date_to))

    def _default_name(self, year):
        """Name of a summary of this kind. Extended by those who add a kind."""
        return self.env._("CAF summary %(year)s", year=year)

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

    @api.depends("company_id", "date_from", "date_to", "kind", "scope")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_live_figures(self):
        for summary in self:
            # a company that the user may not open tells nothing, be it by an onchange
            allowed = self.env.su or summary.company_id in self.env.companies
            complete = summary.date_from and summary.date_to and summary.date_from <= summary.date_to
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
            summary.opening_count = len(figures["projects"]["openings"])
            summary.holder_count = figures["projects"]["holders"]
            summary.draft_entry_count = figures["drafts"]
            summary.unmapped_count = len(figures["unmapped"])
            summary.difference_count = len(summary._differences())
            summary.controls_html = self.env["ir.qweb"]._render("pope_crm.summary_controls", values)
            summary.projects_html = self.env["ir.qweb"]._render("pope_crm.summary_projects", values)
            summary.sources_html = self.env["ir.qweb"]._render("pope_crm.summary_sources", values)
            summary.has_other_books = summary._has_other_books()

    # --- Create, write, delete ---

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft" or (FREEZING - {"state"}).intersection(vals):
                raise UserError(self.env._("A summary begins provisional: create it, check it, then freeze it."))
        return super().create(vals_list)

    def write(self, vals):
        if FREEZING.intersection(vals) and not self.env.su and not self._is_manager():
            raise AccessError(self.env._("Only a manager freezes a summary."))
        if (FIGURES | FREEZING).intersection(vals) and "frozen" in self.mapped("state"):
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
            "unmapped": [],
            "drafts": 0,
            "projects": {"stages": [], "openings": [], "holders": 0},
        }

    def _figures(self):
        """What the summary shows: the frozen figures, else those of the books."""
        self.ensure_one()
        return (self.frozen_figures if self.state == "frozen" else self.live_figures) or self._no_figures()

    def _compute_figures(self):
        """Everything the summary says, as plain data."""
        self.ensure_one()
        found = self._balances()
        balances, accounts = self._statement_balances(found)
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        rows, alone = self._rows(lines, balances)
        return {
            "sources": {year: books.source for year, books in found.items()},
            "rows": rows,
            "unmapped": [
                {"account_id": accounts[key]["id"], "code": key, "name": accounts[key]["name"]}
                | {year: self.currency_id.round(balances[year].get(key, 0.0)) for year in YEARS}
                for key in alone
            ],
            "controls": self._controls(rows, balances),
            "drafts": self._draft_entry_count(),
            "projects": self._projects(),
        }

    def _periods(self):
        return ((self.date_from, self.date_to), (self.previous_from, self.previous_to))

    def _balances(self):
        """Balances of both years, of whatever books tell them."""
        self.ensure_one()
        return {
            year: self.company_id._pope_balances(*period) for year, period in zip(YEARS, self._periods(), strict=True)
        }

    def _statement_balances(self, found):
        """Debit less credit of the accounts of charges, income and contributions in kind.

        :return: (dict year → dict code → balance, dict code → {id, name})
        """
        balances, accounts = {}, {}
        for year, books in found.items():
            balances[year] = {
                code: balance
                for code, balance in books.by_code().items()
                if code[:1] in "67" or code[:2] in ("86", "87") or books.accounts[code]["is_result"]
            }
            accounts |= {code: books.accounts[code] for code in balances[year]}
        return balances, accounts

    def _rows(self, lines, balances):
        """Amounts of the lines, both years, and the codes that no line takes."""
        taking = lines.filtered(lambda line: line.kind == "line" and line.prefixes)
        pairs = [(line, line.prefixes) for line in taking]
        signs = {line: line._sign() for line in taking}
        components = lines._components()
        amounts, alone = {}, set()
        for year in YEARS:
            totals, left = account_prefixes.totals(balances[year], pairs, signs)
            alone.update(code for code in left if not self.currency_id.is_zero(balances[year][code]))
            amounts[year] = {line: self.currency_id.round(amount) for line, amount in totals.items()}
            for kind in ("class", "total", "result"):
                for line in components:
                    if line.kind == kind:
                        plus, minus = components[line]
                        amounts[year][line] = self.currency_id.round(
                            sum(amounts[year].get(other, 0.0) for other in plus)
                            - sum(amounts[year].get(other, 0.0) for other in minus)
                        )
        rows = []
        for line, (plus, minus) in components.items():
            this_year, last_year = (amounts[year].get(line, 0.0) for year in YEARS)
            rows.append(
                {
                    "line_id": line.id,
                    "code": line.code,
                    "name": line.name,
                    "section": line.section,
                    "kind": line.kind,
                    "heading": line.kind != "line" or not line.parent_id,
                    "this_year": this_year,
                    "last_year": last_year,
                    "plus": plus.mapped("code"),
                    "minus": minus.mapped("code"),
                    "shown": bool(this_year or last_year or not line.hide_if_zero),
                    "missing": bool(line.is_missing_data and (this_year or last_year)),
                }
            )
        return rows, sorted(alone)

    def _controls(self, rows, balances):
        """Each total beside what the general ledger says of it."""
        by_code = {row["code"]: row for row in rows}
        controls = []
        for year in YEARS:
            for section, prefix, sign in (("expense", "6", 1), ("income", "7", -1)):
                row = next((row for row in rows if row["kind"] == "total" and row["section"] == section), None)
                ledger = self.currency_id.round(account_prefixes.under(balances[year], prefix, sign))
                statement = row[year] if row else 0.0
                controls.append(
                    {
                        "check": section,
                        "year": year,
                        "code": row["code"] if row else False,
                        "statement": statement,
                        "ledger": ledger,
                        "ok": self.currency_id.is_zero(statement - ledger),
                    }
                )
        uses, resources = (
            self.currency_id.round(account_prefixes.under(balances["this_year"], prefix, sign))
            for prefix, sign in (("86", 1), ("87", -1))
        )
        controls.append(
            {
                "check": "in_kind",
                "year": "this_year",
                "code": "k86" if "k86" in by_code else False,
                "statement": uses,
                "ledger": resources,
                "ok": self.currency_id.is_zero(uses - resources),
            }
        )
        return controls

    def _draft_entries_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "draft"),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]

    def _draft_entry_count(self):
        # sudo: how many entries wait, nothing of what they say
        return self.env["account.move"].sudo().search_count(self._draft_entries_domain())

    # --- Projects ---

    def _instants(self):
        """First instant of the period and first one after it, as naive UTC."""
        zone = pytz.timezone(self.company_id._pope_zone())
        return [
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        ]

    def _openings_domain(self):
        """Projects that opened in the period, those that closed since included."""
        dated = Domain("pope_opening_date", ">=", self.date_from) & Domain("pope_opening_date", "<=", self.date_to)
        opened = Domain("stage_id.is_won", "=", True) & Domain("active", "in", [True, False])
        return self._projects_domain() & opened & dated

    def _projects_domain(self):
        return Domain("type", "=", "project") & Domain("company_id", "=", self.company_id.id)

    def _holders_domain(self):
        """Holders on a project of the company that was not closed before the period, at some time within it."""
        start, end = self._instants()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("lead_id.type", "=", "project")
            & Domain("lead_id.create_date", "<", end)
            & (Domain("lead_id.date_closed", "=", False) | Domain("lead_id.date_closed", ">=", start))
            & (Domain("date_entry", "=", False) | Domain("date_entry", "<=", self.date_to))
            & (Domain("date_exit", "=", False) | Domain("date_exit", ">=", self.date_from))
        )

    def _projects(self):
        Lead = self.env["crm.lead"]
        counts = dict(Lead._read_group(self._projects_domain(), ["stage_id"], ["__count"]))
        stages = self.env["crm.stage"].search(
            [("team_ids.pope_lead_type", "=", "project"), ("team_ids.company_id", "=", self.company_id.id)]
        )
        openings = Lead.search(self._openings_domain(), order="pope_opening_date, id")
        holders = self.env["pope.project.member"]._read_group(
            self._holders_domain(), [], ["partner_id:count_distinct"]
        )[0][0]
        return {
            "stages": [{"id": stage.id, "name": stage.name, "count": counts.get(stage, 0)} for stage in stages],
            "openings": [
                {
                    "name": lead.name,
                    "type": lead.pope_structure_type_id.name or "",
                    "town": lead.pope_town_id.name or "",
                    "places": lead.pope_places,
                    "date": str(lead.pope_opening_date),
                }
                for lead in openings
            ],
            "holders": holders,
        }

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
            attachment = summary._create_workbook(
                summary._workbook_name(), summary._render_xlsx(figures, frozen_on=now)
            )
            summary.write(
                {
                    "state": "frozen",
                    "frozen_figures": figures,
                    "frozen_date": now,
                    "frozen_user_id": self.env.uid,
                    "attachment_id": attachment.id,
                }
            )
        return True

    def action_download_xlsx(self):
        """The frozen workbook; before that, one of the figures of now."""
        self.ensure_one()
        attachment = self.attachment_id or self._provisional_workbook()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def action_unmapped(self):
        """The journal items of the accounts that no line takes: of both years, where the same books tell them."""
        self.ensure_one()
        codes = [account["code"] for account in self._figures()["unmapped"]]
        kinds = {self.company_id._pope_source(*period)["kind"] for period in self._periods()}
        start = self.previous_from if len(kinds) == 1 else self.date_from
        return self._open_items(self.env._("Accounts without a line"), codes, start, self.date_to)

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

    def action_openings(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.crm_lead_action_project")
        return action | {"name": self.env._("Openings"), "domain": list(self._openings_domain())}

    def action_holders(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Persons accompanied"),
            "res_model": "pope.project.member",
            "view_mode": "list",
            "domain": list(self._holders_domain()),
            "context": {"group_by": "partner_id", "create": False},
        }

    def _account_codes_of(self, codes):
        """Codes of the accounts that the lines of these codes take, with those of the lines they add up."""
        rows = {row["code"]: row for row in self._figures()["rows"]}
        wanted, queue = set(), list(codes)
        while queue:
            code = queue.pop()
            if code not in wanted and code in rows:
                wanted.add(code)
                queue += rows[code]["plus"] + rows[code]["minus"]
        balances, _accounts = self._statement_balances(self._balances())
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        pairs = [(line.code, line.prefixes) for line in lines if line.kind == "line" and line.prefixes]
        owner, _alone = account_prefixes.attribute(balances["this_year"] | balances["last_year"], pairs)
        return [code for code, line in owner.items() if line in wanted]

    def _check_may_read_items(self, model="account.move.line"):
        if not self.env[model].has_access("read"):
            raise UserError(
                self.env._(
                    "You may read the totals, not the journal items behind them. "
                    "Ask the person who manages the accounting for the right to read the entries."
                )
            )

    def _open_items(self, name, codes, date_from, date_to):
        """The journal items, or the lines of imported books, behind a figure, with the reader's own rights."""
        source = self.company_id._pope_source(date_from, date_to)
        if source["kind"] == "books":
            return self._open_books_lines(name, source, codes, date_from, date_to)
        self._check_may_read_items()
        accounts = self.company_id._pope_items_balances(date_from, date_to)[1]
        account_ids = [accounts[code]["id"] for code in codes if code in accounts]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "view_mode": "list,pivot,graph",
            "views": [(self.env.ref("account.view_move_line_tree").id, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                *self.company_id._pope_items_domain(date_from, date_to),
                ("account_id", "in", account_ids),
            ],
            "context": {"create": False, "edit": False, "allowed_company_ids": self.company_id.ids},
            "help": self.env._("No journal item on this line in the period."),
        }

    def _open_books_lines(self, name, source, codes, date_from, date_to):
        self._check_may_read_items("pope.books.line")
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_books_line_action")
        domain = self.company_id._pope_books_domain(source, date_from, date_to)
        return action | {
            "display_name": name,
            "name": name,
            "domain": [*domain, ("account_code", "in", codes)],
            "context": {"allowed_company_ids": self.company_id.ids},
        }
