from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, formatLang

from ..core import account_prefixes, year_end
from .pope_budget_form import LEFT, RIGHT

CERFA = "cerfa_15059"
# what the books say of the grant: its award, and what earlier years had set aside of it
GRANT = "74 78"
# money set aside for later years is not spent
ASIDE = "689"
TEXTS = (
    *("report_description", "report_audience", "report_places", "report_dates", "report_objectives"),
    *("report_allocation", "report_in_kind"),
)


class FinancialSummary(models.Model):
    """The financial report of a funding file (Cerfa 15059): what was planned, what was done, and why it differs.

    Charges and income are those that the books charge to the file, the grant on the line of its funder; where they say
    nothing of the grant in the period, it is what is awarded for the period. Shares of common charges and the part of
    others are told beside, each with its key.
    """

    _inherit = "pope.financial.summary"

    kind = fields.Selection(selection_add=[(CERFA, "Financial report (Cerfa 15059)")], ondelete={CERFA: "cascade"})
    share_ids = fields.One2many("pope.financial.summary.share", "summary_id", string="Beside the Books", copy=True)
    obligation_id = fields.Many2one(
        "pope.funding.obligation",
        string="What Is Due",
        compute="_compute_obligation_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        copy=True,
        domain="[('funding_id', '=', funding_id)]",
        help="The obligation of the file that is done when this report is sent.",
    )
    report_description = fields.Text(
        string="What Was Done", compute="_compute_texts", store=True, readonly=False, precompute=True
    )
    report_audience = fields.Text(
        string="Persons Reached",
        compute="_compute_texts",
        store=True,
        readonly=False,
        precompute=True,
        help="How many, and who: no names.",
    )
    report_places = fields.Text(
        string="Places, QPV Included", compute="_compute_texts", store=True, readonly=False, precompute=True
    )
    report_dates = fields.Text(
        string="Dates of the Action", compute="_compute_texts", store=True, readonly=False, precompute=True
    )
    report_objectives = fields.Text(
        string="Objectives Reached, by Indicator",
        compute="_compute_texts",
        store=True,
        readonly=False,
        precompute=True,
    )
    report_allocation = fields.Text(string="Rules of Allocation of Indirect Charges")
    report_in_kind = fields.Text(string="Contributions in Kind: How They Are Valued")

    # --- Fields ---

    @api.depends("funding_id", "date_to")
    def _compute_obligation_id(self):
        """The report of that year, of those that are to do."""
        for summary in self:
            due = summary.funding_id.obligation_ids.filtered(lambda obligation: obligation.state == "to_do")
            yearly = due.filtered(lambda obligation: obligation.anchor == "year_end")
            of_year = yearly.filtered(
                lambda obligation, summary=summary: (
                    obligation.date_year and summary.date_to and obligation.date_year.year == summary.date_to.year
                )
            )
            summary.obligation_id = (of_year or yearly.filtered(lambda obligation: not obligation.date_year) or yearly)[
                :1
            ]

    @api.depends("funding_id", "kind")
    def _compute_texts(self):
        """What the application said, to say what came of it."""
        for summary in self.filtered(lambda summary: summary.kind == CERFA and summary.funding_id):
            funding = summary.funding_id
            days = [format_date(self.env, day) for day in (funding.date_from, funding.date_to) if day]
            texts = {
                "report_description": funding.description,
                "report_audience": funding.audience,
                "report_places": funding.territory,
                "report_dates": " – ".join(days),
                "report_objectives": "\n".join(filter(None, (funding.objectives, funding.evaluation))),
            }
            for name, text in texts.items():
                summary[name] = summary[name] or text

    @api.depends(*TEXTS, "notes", "share_ids.amount", "share_ids.line_id", "share_ids.name", "share_ids.rule")
    def _compute_live_figures(self):
        return super()._compute_live_figures()

    @api.constrains("kind", "funding_id")
    def _check_reported(self):
        for summary in self.filtered(lambda summary: summary.kind == CERFA):
            if summary.funding_id.beneficiary == "person":
                raise ValidationError(self.env._("The form is an association's: a childminder in person sends none."))
            if summary.funding_id.nature == "investment":
                raise ValidationError(
                    self.env._(
                        "“%(file)s” pays for an investment: the form is that of operating grants. Its funder asks for "
                        "the invoices paid, which the file lists under its expenses.",
                        file=summary.funding_id.name,
                    )
                )

    @api.model
    def _cerfa_fields(self):
        """The texts that people write."""
        return TEXTS

    def _default_name(self, year):
        if self.kind != CERFA:
            return super()._default_name(year)
        return self.env._("Financial report %(year)s: %(file)s", year=year, file=self.funding_id.name or "")

    def _kind_scope(self):
        return "funding" if self.kind == CERFA else super()._kind_scope()

    def write(self, vals):
        if "frozen" in self.mapped("state") and {*TEXTS, "notes"}.intersection(vals) and CERFA in self.mapped("kind"):
            raise UserError(self.env._("This summary is frozen: what it says is kept as it was sent."))
        return super().write(vals)

    # --- Figures ---

    @api.model
    def _no_figures(self):
        return super()._no_figures() | {"form": [], "shares": [], "texts": {}, "asked": 0.0, "part": 1.0}

    def _statement_balances(self, found):
        """Without what is set aside for later years, where the books do not say the grant it is taken from."""
        balances, accounts = super()._statement_balances(found)
        if self.kind == CERFA and not self._tells_grant(balances["this_year"]):
            balances = {
                year: {code: sum_ for code, sum_ in told.items() if not account_prefixes.matching(code, ASIDE)}
                for year, told in balances.items()
            }
        return balances, accounts

    def _tells_grant(self, balances):
        """Whether the books of the period say the grant: an account of class 74 or 78, or one that the line of the
        funder takes of others."""
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        own = self._line_of_funder(lines).funder_prefixes or ""
        return any(
            account_prefixes.matching(code, f"{GRANT} {own}") and not self.currency_id.is_zero(balance)
            for code, balance in balances.items()
        )

    def _line_of_funder(self, lines):
        # sudo: who the funder is, which the report tells
        return self._lines_by_funder(lines)[self.funding_id.sudo()._funder_kind()]

    def _lines_by_funder(self, lines):
        """Where the form tells grants of a kind of funder: its rest line when the kind is not known."""
        by_kind = super()._lines_by_funder(lines)
        if self.kind != CERFA:
            return by_kind
        # sudo: as above
        kind = self.funding_id.sudo()._funder_kind()
        return {kind: lines.filtered(lambda line: line.code == "p74_autres")[:1]} | by_kind

    def _funder_moves(self, lines, codes):
        """Class 74 goes to the line of the funder of the file, whatever the account; without a kind, to the rest."""
        moves, owners = super()._funder_moves(lines, codes)
        if self.kind == CERFA:
            rest = self._line_of_funder(lines)
            if not rest.funder_role_ids:
                moves[rest] = [code for code in owners if code.startswith("74") and owners[code] != rest]
        return moves, owners

    def _compute_figures(self):
        if self.kind != CERFA:
            return super()._compute_figures()
        figures = self._statement_figures()
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        told = self._statement_balances(self._balances())[0]["this_year"]
        charges = sum(
            row["this_year"] for row in figures["rows"] if row["section"] == "expense" and row["kind"] == "line"
        )
        direct = charges - sum(sum_ for code, sum_ in told.items() if account_prefixes.matching(code, ASIDE))
        is_told = self._tells_grant(told)
        self._add_beside(figures, is_told)
        return figures | {
            "controls": self._cerfa_controls(figures["rows"], direct),
            "form": self._cerfa_form(figures["rows"]),
            "shares": [
                {
                    "line": share.line_id.name,
                    "section": share.section,
                    "name": share.name or "",
                    "rule": share.rule or "",
                    "base": share.base,
                    "share": share.share,
                    "amount": share.amount,
                }
                for share in self.share_ids
            ],
            "texts": {name: self[name] or "" for name in (*TEXTS, "notes")},
            "asked": self._grant_told(told) if is_told else self._award_of_period(),
            "award": self._award_of_period(),
            "part": self._part_of_action(),
            "beside": {
                line.code: self.currency_id.round(amount) for line, amount in self._beside(lines, is_told).items()
            },
        }

    def _show_beside(self, action, row):
        """What the books do not say is told above the items; it is opened itself where there are none."""
        codes = self._lines_of(row.line_id.mapped("code"))
        beside = {
            code: amount for code, amount in self._figures().get("beside", {}).items() if code in codes and amount
        }
        if self.kind != CERFA or not beside:
            return super()._show_beside(action, row)
        told = formatLang(self.env, sum(beside.values()), currency_obj=self.currency_id)
        name = self.env._("%(figure)s, of which %(amount)s beside the books", figure=action["name"], amount=told)
        Items = self.env[action["res_model"]].with_context(**action["context"])
        if Items.search_count(action["domain"], limit=1):
            return action | {"name": name, "display_name": name}
        shares = self.share_ids.filtered(lambda share: share.line_id.code in beside and share.amount)
        if self.currency_id.compare_amounts(sum(shares.mapped("amount")), sum(beside.values())):
            return self.funding_id.get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": shares._name,
            "view_mode": "list",
            "views": [(self.env.ref("pope_crm.pope_financial_summary_share_view_list").id, "list")],
            "domain": [("id", "in", shares.ids)],
            "context": {"create": False, "edit": False, "delete": False},
        }

    def _grant_told(self, balances):
        """What the books say of the grant in the period, less what they set aside of it."""
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        own = f"{GRANT} {ASIDE} {self._line_of_funder(lines).funder_prefixes or ''}"
        return -self.currency_id.round(
            sum(balance for code, balance in balances.items() if account_prefixes.matching(code, own))
        )

    def _part_of_action(self):
        """The part of the action that the period is: as the agreement splits the award by year, else by its months."""
        funding = self.funding_id
        split = sum(funding.share_ids.mapped("amount"))
        if split:
            return self._award_of_period() / split
        within, whole = self._days_of_action()
        return within / whole

    def _days_of_action(self):
        """Days of the action that are of the period, and all of them: the whole of what has no dates, or lasts a single
        day, even the 31st, which months of thirty days do not count."""
        first, last = self.funding_id.date_from, self.funding_id.date_to
        if not (first and last):
            return 1, 1
        within = max(self.date_from, first), min(self.date_to, last)
        whole = year_end.days(first, last)
        return (year_end.days(*within), whole) if whole else (int(within[0] <= within[1]), 1)

    def _planned_amounts(self):
        """The budget of an action of several years, for the part that the period is."""
        planned = super()._planned_amounts()
        if self.kind != CERFA:
            return planned
        part = self._part_of_action()
        return {code: self.currency_id.round(part * amount) for code, amount in planned.items()}

    def _award_of_period(self):
        """What is awarded for the period: as the agreement splits it by year, else by the months of the action."""
        funding = self.funding_id
        years = funding.share_ids.filtered(lambda share: self.date_from.year <= share.year <= self.date_to.year)
        if years:
            return sum(years.mapped("amount"))
        return year_end.part(funding.amount_awarded, *self._days_of_action())

    def _beside(self, lines, is_told):
        """What is told beside the books: dict line → amount; the award too, where the books do not tell the grant."""
        amounts = defaultdict(float)
        for share in self.share_ids:
            amounts[share.line_id] += share.amount
        if not is_told:
            amounts[self._line_of_funder(lines)] += self._award_of_period()
        return amounts

    def _add_beside(self, figures, is_told):
        """Put what is told beside the books on its lines, those shared by a key too, and add up again."""
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        rows = {row["code"]: row for row in figures["rows"]}
        planned = self._planned_amounts()
        for line in lines.filtered(lambda line: line.kind == "key"):
            rows[line.code] = self._key_row(line, planned)
        for line, amount in self._beside(lines, is_told).items():
            if line.code in rows:
                row = rows[line.code]
                row["this_year"] = self.currency_id.round(row["this_year"] + amount)
                row["shown"] = row["shown"] or bool(amount)
                row["missing"] = bool(line.is_missing_data and row["this_year"])
        keys = lines.filtered(lambda line: line.kind == "key" and not line.parent_id)
        for total in lines.filtered(lambda line: line.kind == "total"):
            own = keys.filtered(lambda line, total=total: line.section == total.section)
            rows[total.code]["plus"] = [*rows[total.code]["plus"], *own.mapped("code")]
        self._add_up_rows(rows)
        figures["rows"] = [rows[line.code] for line in lines if line.code in rows]
        figures["compared"] = self._compare(figures["rows"], bool(planned))

    def _key_row(self, line, planned):
        return {
            "line_id": line.id,
            "code": line.code,
            "account": self._account_words(line),
            "name": line.name,
            "section": line.section,
            "kind": "class" if line.child_ids else "line",
            "heading": not line.parent_id,
            "this_year": 0.0,
            "last_year": 0.0,
            "budget": planned.get(line.code, 0.0),
            "plus": line.child_ids.mapped("code"),
            "minus": [],
            "shown": True,
            "missing": False,
        }

    def _add_up_rows(self, rows):
        for kind in ("class", "total", "result"):
            for row in rows.values():
                if row["kind"] == kind:
                    for column in ("this_year", "budget"):
                        plus, minus = (
                            sum(rows[code][column] for code in row[sign] if code in rows) for sign in ("plus", "minus")
                        )
                        row[column] = self.currency_id.round(plus - minus)

    def _cerfa_form(self, rows):
        """The form in whole euros, planned and done: its blocks, as `pope.budget` lays them out with one column."""
        lines = self.env["pope.summary.line"]._valid_on(self.date_to)
        by_id = {line.id: line for line in lines}
        leaves = [
            (by_id[row["line_id"]], row["name"], (row["budget"], row["this_year"]))
            for row in rows
            if row["kind"] == "line" and row["shown"]
        ]
        sections = lines._form_sections(leaves)
        return [self._cerfa_block(sections, left, right) for left, right in zip(LEFT, RIGHT, strict=True)]

    def _cerfa_block(self, sections, left, right):
        gaps = [
            income - expense
            for expense, income in zip(sections[left][-1]["amounts"], sections[right][-1]["amounts"], strict=True)
        ]
        balance = {
            "left": {"label": self.env._("Surplus"), "amounts": [max(gap, 0) for gap in gaps]},
            "right": {"label": self.env._("Shortfall"), "amounts": [max(-gap, 0) for gap in gaps]},
        }
        return {"left": sections[left], "right": sections[right], "balance": balance if any(gaps) else None}

    def _cerfa_controls(self, rows, direct):
        """What is told of charges beside what was spent for the file; contributions in kind, uses beside resources."""
        by_code = {row["code"]: row for row in rows}
        uses, resources = (by_code.get(code, {}).get("this_year", 0.0) for code in ("k86", "k87"))
        told = (("spent", False, direct, self._spent_in_period()), ("in_kind", "k86", uses, resources))
        return [
            {
                "check": check,
                "year": "this_year",
                "code": code,
                "statement": self.currency_id.round(statement),
                "ledger": self.currency_id.round(ledger),
                "ok": self.currency_id.is_zero(statement - ledger),
            }
            for check, code, statement, ledger in told
        ]

    def _spent_in_period(self):
        """What was spent for the file, as the file itself tells it."""
        return self.funding_id._spent(self.date_from, self.date_to)[self.funding_id]

    def _control_words(self, control, figures=None):
        if control["check"] != "spent":
            return super()._control_words(control, figures)
        return (
            self.env._("Charges of the books told here"),
            self.env._("Spent for the file in the period"),
        )

    def _source_words(self, figures):
        """What of the budget is counted, and a grant that the books do not say as its agreement does."""
        told = super()._source_words(figures)
        if self.kind != CERFA:
            return told
        part, award, asked = figures.get("part", 1.0), figures.get("award", 0.0), figures["asked"]
        if part != 1.0:
            told.append((self._part_words(part), []))
        if "award" in figures and not self.currency_id.is_zero(award - asked):
            money = {
                "told": formatLang(self.env, asked, currency_obj=self.currency_id),
                "award": formatLang(self.env, award, currency_obj=self.currency_id),
            }
            sentence = self.env._(
                "The books tell %(told)s of the grant; the award of the period is %(award)s.", **money
            )
            told.append((sentence, [self.env._("Check the closing entries: deferred income, dedicated funds.")]))
        return told

    def _part_words(self, part):
        return self.env._(
            "The budget is that of the whole action: %(share)s %% of it is counted for this period.",
            share=formatLang(self.env, 100 * part, digits=1),
        )

    def _check_rules(self, figures):
        """A share of common charges says its key before it is sent."""
        missing = [share["line"] for share in figures["shares"] if share["section"] == "expense" and not share["rule"]]
        if missing:
            raise UserError(
                self.env._("Say first by which key these charges are shared: %(lines)s.", lines=", ".join(missing))
            )

    def _check_frozen(self):
        if self.state != "frozen":
            raise UserError(self.env._("What is sent is kept: freeze the summary first."))

    def _asks_comments(self):
        return True if self.kind == CERFA else super()._asks_comments()
