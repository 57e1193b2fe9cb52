import json
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import json_default

from .pope_funding import WON

CASH, OVERDRAFT = "a_cash", "l_bank"


class FinancialSummary(models.Model):
    """The quarterly follow-up of the association that France Active reads: loans and what covers them, grants awarded
    and not received, cash, income statement with its landing, and balance sheet."""

    _inherit = "pope.financial.summary"

    kind = fields.Selection(
        selection_add=[("france_active", "France Active: follow-up of the association")],
        ondelete={"france_active": "cascade"},
    )
    sheet_row_ids = fields.One2many(
        "pope.financial.summary.row", string="Balance Sheet", compute="_compute_sheet_row_ids"
    )
    follow_up_html = fields.Html(string="Follow-up", compute="_compute_follow_up_html", sanitize=False)

    # --- The kind ---

    def _default_name(self, year):
        if self.kind != "france_active":
            return super()._default_name(year)
        return self.env._("France Active %(year)s", year=year)

    def _kind_scope(self):
        return "company" if self.kind == "france_active" else super()._kind_scope()

    def _stops_as_of(self):
        return self.kind == "france_active" or super()._stops_as_of()

    @api.model
    def _no_figures(self):
        return super()._no_figures() | {
            "sheet": {"rows": [], "codes": {}, "gap": 0.0},
            "loans": [],
            "holder_loans": [],
            "awaited": [],
            "cash": {},
            "cash_now": 0.0,
            "month_charges": 0.0,
        }

    def _compute_figures(self):
        if self.kind != "france_active":
            return super()._compute_figures()
        sheet = self.company_id._pope_balance_sheet(self.date_as_of)
        amounts = {row["code"]: row["amount"] for row in sheet["rows"]}
        figures = self._statement_figures() | {
            "sheet": sheet,
            "loans": self._loans_of(self._held_loans([("lead_id", "=", False)])),
            "holder_loans": self._loans_of(self._held_loans([("lead_id", "!=", False)])),
            "awaited": self._awaited_grants(),
            "cash_now": self.currency_id.round(amounts.get(CASH, 0.0) - amounts.get(OVERDRAFT, 0.0)),
            "month_charges": self._month_charges(),
            "cash": self.company_id._pope_cash_plan(self.date_as_of.replace(day=1) - relativedelta(months=2)),
        }
        self._land(figures["rows"])
        figures["controls"] += self._france_active_controls(figures)
        # days as text: what is frozen is kept as JSON
        return json.loads(json.dumps(figures, default=json_default))

    # --- What it tells ---

    def _held_loans(self, domain):
        # sudo: what the association owes, and that a project has a loan, which this summary tells
        return (
            self.env["pope.loan"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", ("granted", "repaid")),
                    ("date_start", "<=", self.date_as_of),
                    *domain,
                ],
                order="date_start, id",
            )
        )

    def _loans_of(self, loans):
        """Schedules and what covers the loans, that day; of those repaid before the period, nothing."""
        covers = {cover["id"]: cover for cover in loans._coverage_as_of(self.date_as_of)}
        told = [loan | {"cover": covers[loan["id"]]} for loan in loans._schedule_as_of(self.date_as_of)]
        start = self.date_from
        return [
            loan
            for loan in told
            if loan["outstanding"] or any(line["date_paid"] and line["date_paid"] >= start for line in loan["lines"])
        ]

    def _awaited_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("beneficiary", "=", "pole"),
            ("state", "in", WON),
            ("date_decision", "<=", self.date_as_of),
        ]

    def _awaited_grants(self):
        """Grants awarded to the association and not wholly received that day, the one expected first on top."""
        # sudo: what is awarded and received, which this summary tells; nothing of the files else
        fundings = self.env["pope.funding"].sudo().search(self._awaited_domain(), order="date_decision, id")
        # loans and guarantees are no grant, gifts in kind no money
        grants = [funding._awaited_as_of(self.date_as_of) for funding in fundings.filtered("makes_entry")]
        awaited = [grant for grant in grants if not self.currency_id.is_zero(grant["left"])]
        return sorted(awaited, key=lambda grant: (grant["expected"] is None, grant["expected"] or self.date_as_of))

    def _month_charges(self):
        """What a month costs: a twelfth of the charges of the twelve months before that day, each year told by its own
        books."""
        company, start = self.company_id, self.date_as_of + timedelta(days=1) - relativedelta(years=1)
        years = [company._pope_balances(*year).by_code() for year in company._pope_cash_years(start, self.date_as_of)]
        charges = sum(amount for year in years for code, amount in year.items() if code.startswith("6"))
        return self.currency_id.round(charges / 12)

    def _land(self, rows):
        """Where the year should end: what is booked, and the budget of the days that are left."""
        days = (self.date_to - self.date_from).days + 1
        left = (self.date_to - self.date_as_of).days / days
        landing = {}
        for row in rows:
            if not (row["plus"] or row["minus"]):
                landing[row["code"]] = self.currency_id.round(row["this_year"] + left * row["budget"])
        pending = [row for row in rows if row["code"] not in landing]
        while pending:
            ready = [row for row in pending if not {*row["plus"], *row["minus"]} - landing.keys()]
            for row in ready:
                added = sum(landing[code] for code in row["plus"]) - sum(landing[code] for code in row["minus"])
                landing[row["code"]] = self.currency_id.round(added)
            pending = [row for row in pending if row not in ready]
        for row in rows:
            row["landing"] = landing[row["code"]]

    def _france_active_controls(self, figures):
        """The balance sheet balances and says the result of the statement; the loans are those of the books."""
        sheet = {row["code"]: row["amount"] for row in figures["sheet"]["rows"]}
        result = next((row["this_year"] for row in figures["rows"] if row["kind"] == "result"), 0.0)
        pairs = {
            "balance": ("total_a", sheet.get("total_a", 0.0), sheet.get("total_l", 0.0)),
            "sheet_result": ("l_result", sheet.get("l_result", 0.0), result),
            "loans": (False, sum(loan["outstanding"] for loan in figures["loans"]), sheet.get("l_loans", 0.0)),
        }
        return [
            {
                "check": check,
                "year": "this_year",
                "code": code,
                "statement": self.currency_id.round(statement),
                "ledger": self.currency_id.round(ledger),
                "ok": self.currency_id.is_zero(statement - ledger),
            }
            for check, (code, statement, ledger) in pairs.items()
        ]

    # --- Screen ---

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_sheet_row_ids(self):
        Row = self.env["pope.financial.summary.row"]
        for summary in self:
            told = summary._figures()["sheet"]["rows"] if summary.ids else ()
            summary.sheet_row_ids = Row.browse(Row._id_of(summary.ids[0], row["line_id"]) for row in told).sorted()

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_follow_up_html(self):
        for summary in self:
            values = {"summary": summary, "figures": summary._figures(), "currency": summary.currency_id}
            shown = summary.kind == "france_active"
            summary.follow_up_html = shown and self.env["ir.qweb"]._render("pope_crm.summary_france_active", values)

    def _day_of(self, text):
        return fields.Date.to_date(text)

    def action_loans(self):
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_loan_action")
        ids = [loan["id"] for key in ("loans", "holder_loans") for loan in self._figures()[key]]
        return action | {"domain": [("id", "in", ids)], "context": {"create": False}}

    def action_awaited_grants(self):
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_funding_action")
        ids = [grant["funding_id"] for grant in self._figures()["awaited"]]
        return action | {
            "name": self.env._("Grants awarded and not received"),
            "domain": [("id", "in", ids)],
            "context": {"create": False},
        }

    def _open_sheet_items(self, name, line):
        """What stands behind a line of the balance sheet, with the reader's own rights."""
        figures, day = self._figures()["sheet"], self.date_as_of
        rows = {row["code"]: row for row in figures["rows"]}
        codes = {code for part in (line.code, *rows[line.code]["plus"]) for code in figures["codes"].get(part, ())}
        start = self.company_id.compute_fiscalyear_dates(day)["date_from"]
        if line.kind == "result_year":
            return self._open_items(name, self._result_codes(start, day), start, day)
        if figures["source"]["kind"] == "books":
            return self._open_items(name, sorted(codes), start, day)
        first = fields.Date.to_date("1900-01-01")
        if line.kind == "result_former":
            day = start - timedelta(days=1)
            return self._open_items(name, self._result_codes(first, day), first, day)
        return self._open_items(name, sorted(codes), first, day)

    def _result_codes(self, date_from, date_to):
        return [code for code in self.company_id._pope_balances(date_from, date_to).months if code[:1] in "67"]


class FinancialSummaryRow(models.Model):
    """The lines of the balance sheet are rows too: an amount, and what stands behind it."""

    _inherit = "pope.financial.summary.row"

    def _compute_amounts(self):
        super()._compute_amounts()
        for summary, rows in self.filtered(lambda row: row._is_of_sheet()).grouped("summary_id").items():
            told = {row["line_id"]: row["amount"] for row in summary._figures()["sheet"]["rows"]}
            for row in rows:
                row.amount = row.amount_now = told.get(row.line_id.id, 0.0)

    def _is_of_sheet(self):
        return self.line_id.section in ("asset", "liability")

    def _open_items(self, year):
        if not self._is_of_sheet():
            return super()._open_items(year)
        day = fields.Date.to_string(self.summary_id.date_as_of)
        return self.summary_id._open_sheet_items(f"{self.name} · {day}", self.line_id)


class Funding(models.Model):
    _inherit = "pope.funding"

    def _awaited_as_of(self, day):
        """What is awarded, received and awaited on a day, as plain data."""
        self.ensure_one()
        rows = self.instalment_ids
        expected = min((row.date_expected for row in rows if row.date_expected and row._left_on(day)), default=None)
        pledges = self.pledge_ids.filtered(lambda pledge: pledge.loan_id.state == "granted")
        return {
            "funding_id": self.id,
            "funder": self.partner_id.name,
            "purpose": self.name,
            "date_decision": self.date_decision or None,
            "reference": self.file_number or "",
            **self._money_on(day),
            "expected": expected,
            "days_late": max((day - expected).days, 0) if expected else 0,
            "condition": (self.condition_text or self.env._("Condition to meet")) if self.condition_pending else "",
            "is_assigned": any(pledge.date_assigned and pledge.date_assigned <= day for pledge in pledges),
            "pledged": ", ".join(pledges.loan_id.mapped("name")),
        }
