from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount

from .pope_year_end import KINDS

FIGURES = ("opening", "income", "deferred", "spent", "refund", "transfer", "amount_computed", "amount_booked")
# The accounts that carry what a line proposes.
CARRIED = {"deferred": ["later"], "dedicated": ["fund"], "quota": ["quota"], "settled": ["grant", "quota"]}


class YearEndLine(models.Model):
    """What the end of a year asks of one funding, with its computation. Amounts above zero set aside or transfer,
    below zero they come back to the result.
    """

    _name = "pope.year.end.line"
    _description = "Line of a Year End"
    _order = "year_end_id, kind, funding_id, id"
    _rec_name = "funding_id"
    _check_company_auto = True

    year_end_id = fields.Many2one("pope.year.end", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(related="year_end_id.company_id", store=True)
    currency_id = fields.Many2one(related="year_end_id.currency_id")
    funding_id = fields.Many2one(
        "pope.funding", string="Funding File", required=True, ondelete="cascade", index=True, check_company=True
    )
    kind = fields.Selection(KINDS, required=True)
    opening = fields.Monetary(compute="_compute_figures")
    income = fields.Monetary(string="Income of the Year", compute="_compute_figures")
    deferred = fields.Monetary(
        string="For Later Years", compute="_compute_figures", help="Of this income, what goes to later years (487)."
    )
    spent = fields.Monetary(compute="_compute_figures", help="Charged to the file's analytic account in the year.")
    report = fields.Monetary(string="Set Aside", compute="_compute_amount_due")
    use = fields.Monetary(string="Used", compute="_compute_amount_due")
    refund = fields.Monetary(string="Of Which Refunds", compute="_compute_figures")
    transfer = fields.Monetary(string="Transfers", compute="_compute_figures")
    closing = fields.Monetary(compute="_compute_amount_due")
    idle = fields.Monetary(
        string="Without Spending for Two Years", compute="_compute_amount_due", help="Of the closing balance."
    )
    is_idle = fields.Boolean(compute="_compute_figures")
    amount_computed = fields.Monetary(string="Computed", compute="_compute_figures")
    amount = fields.Monetary(
        string="Entry of the Year",
        compute="_compute_amount",
        inverse="_inverse_amount",
        help="May be changed, with the reason.",
    )
    amount_kept = fields.Monetary(copy=False)
    is_kept = fields.Boolean(string="Changed", copy=False)
    reason = fields.Char(copy=False)
    amount_booked = fields.Monetary(
        string="In the Books Already", compute="_compute_figures", help="In the books of the year, drafts included."
    )
    amount_due = fields.Monetary(string="Difference to Book", compute="_compute_amount_due")
    explanation = fields.Char(compute="_compute_figures")

    _once = models.Constraint("UNIQUE (year_end_id, funding_id, kind)", "A file has one line of each kind.")

    # --- Fields ---

    @api.depends(
        "year_end_id.date_to", "year_end_id.line_ids.is_kept", "year_end_id.line_ids.amount_kept", "funding_id", "kind"
    )
    @api.depends_context("lang")
    def _compute_figures(self):
        for year_end, lines in self.grouped("year_end_id").items():
            figures = year_end._figures() if year_end.date_to else {}
            for line in lines:
                values = figures.get(line.funding_id, {}).get(line.kind, {})
                for name in FIGURES:
                    line[name] = values.get(name, 0.0)
                line.is_idle = values.get("is_idle", False)
                line.explanation = values.get("explanation", "")

    @api.depends("amount_computed", "is_kept", "amount_kept")
    def _compute_amount(self):
        for line in self:
            line.amount = line.amount_kept if line.is_kept else line.amount_computed

    def _inverse_amount(self):
        """A person knows better; back to what was computed, nothing is kept."""
        for line in self:
            # both are read before the line is written: what was computed depends on it
            amount, computed = line.amount, line.amount_computed
            before = line.amount_kept if line.is_kept else computed
            is_kept = bool(line.currency_id.compare_amounts(amount, computed))
            line.write({"is_kept": is_kept, "amount_kept": amount if is_kept else 0.0})
            if line.currency_id.compare_amounts(amount, before):
                line._log_change(before, amount)

    def _log_change(self, before, amount):
        self.year_end_id._message_log(
            body=self.env._(
                "%(kind)s, “%(name)s”: %(before)s → %(after)s (%(reason)s)",
                kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
                name=self.funding_id.name,
                before=format_amount(self.env, before, self.currency_id),
                after=format_amount(self.env, amount, self.currency_id),
                reason=self.reason or self.env._("as computed"),
            )
        )

    @api.depends("amount", "amount_booked", "opening", "transfer", "is_idle")
    def _compute_amount_due(self):
        for line in self:
            line.report, line.use = max(line.amount, 0.0), max(-line.amount, 0.0)
            line.closing = line.opening + line.transfer + line.amount
            line.idle = line.closing if line.is_idle else 0.0
            line.amount_due = line.currency_id.round(line.amount - line.amount_booked)

    @api.constrains("is_kept", "reason")
    def _check_reason(self):
        for line in self.filtered(lambda line: line.is_kept and not line.reason):
            raise ValidationError(
                self.env._("Write why the amount of “%(name)s” is not the one computed.", name=line.funding_id.name)
            )

    # --- Entries ---

    def _distribution(self):
        account = self.funding_id.analytic_account_id
        if not account:
            raise UserError(
                self.env._(
                    "“%(name)s” has no analytic account: its entries could not be told from those of others.",
                    name=self.funding_id.name,
                )
            )
        return {str(account.id): 100}

    def _entry(self, values):
        """(account, debit less credit) of the entry for what the books lack.

        A report that shrinks goes back by the account of reports, not by that of uses.
        """
        due, account = self.amount_due, self.year_end_id._account_for
        if self.kind == "deferred":
            return [(account(values, "income"), due), (account(values, "later"), -due)]
        if self.kind == "quota":
            return [(account(values, "quota"), due), (account(values, "share"), -due)]
        if self.kind == "settled":
            return [(account(values, "grant"), due), (account(values, "quota"), -due)]
        report, use = self.report - values["report_booked"], self.use - values["use_booked"]
        entry = [(account(values, "fund"), use - report)]
        if not self.currency_id.is_zero(report):
            entry.insert(0, (account(values, "report"), report))
        if not self.currency_id.is_zero(use):
            entry.append((account(values, "use"), -use))
        return entry

    # --- Records behind the figures ---

    def action_open_opening(self):
        return self._open_items(
            CARRIED[self.kind], Domain("date", "<", self.year_end_id.date_from), self.env._("Opening balance")
        )

    def action_open_income(self):
        return self._open_items(
            ["income", "grant"], self._of_year(), self._fields["income"]._description_string(self.env)
        )

    def action_open_spent(self):
        self.ensure_one()
        title = self._fields["spent"]._description_string(self.env)
        charged = self.funding_id._charges_domain() & self._of_year()
        # sudo: whether there are some; who opens them reads them with their own rights
        if self.env["pope.books.charge"].sudo().search_count(charged, limit=1):
            return self.funding_id._open_charges(f"{self.funding_id.name} · {title}", self._of_year())
        return self._open_items(["charge"], self._of_year() & Domain("parent_state", "=", "posted"), title)

    def action_open_booked(self):
        return self._open_items(
            CARRIED[self.kind], self._of_year(), self._fields["amount_booked"]._description_string(self.env)
        )

    def _of_year(self):
        year_end = self.year_end_id
        return Domain("date", ">=", year_end.date_from) & Domain("date", "<=", year_end.date_to)

    def _open_items(self, families, domain, title):
        """The journal items behind a figure, with the reader's own rights."""
        self.ensure_one()
        self.env["pope.financial.summary"]._check_may_read_items()
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.funding_id.name} · {title}",
            "res_model": "account.move.line",
            "views": [(self.env.ref("account.view_move_line_tree").id, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(self.year_end_id._items_domain(self.funding_id, families) & domain),
            "context": {"create": False, "edit": False, "allowed_company_ids": self.company_id.ids},
        }
