from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from .pope_membership import ACCOUNTANTS

KINDS = [
    ("deferred", "Deferred Income"),
    ("dedicated", "Dedicated Funds"),
    ("quota", "Share of an Investment Grant"),
    ("settled", "Investment Grant to Close"),
]


class YearEnd(models.Model):
    """What the end of a financial year asks of the pole's fundings: computed from the books, proposed as draft entries.

    Nothing is stored but the amounts that a person changed, with their reason. What the books have already, draft
    entries included, is taken off: proposing again proposes the difference.
    """

    _name = "pope.year.end"
    _description = "End of a Financial Year"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="Year From", compute="_compute_date_from", store=True, precompute=True)
    date_to = fields.Date(
        string="Year Until", required=True, default=lambda self: self._default_date_to(), tracking=True
    )
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("type", "=", "general")],
        ondelete="restrict",
    )
    line_ids = fields.One2many("pope.year.end.line", "year_end_id", string="Lines")
    deferred_line_ids = fields.One2many(
        "pope.year.end.line", "year_end_id", string="Deferred Income", domain=[("kind", "=", "deferred")]
    )
    dedicated_line_ids = fields.One2many(
        "pope.year.end.line", "year_end_id", string="Dedicated Funds", domain=[("kind", "=", "dedicated")]
    )
    note_line_ids = fields.One2many(
        "pope.year.end.line", "year_end_id", string="Table of the Notes", domain=[("kind", "=", "dedicated")]
    )
    quota_line_ids = fields.One2many(
        "pope.year.end.line",
        "year_end_id",
        string="Investment Grants",
        domain=[("kind", "in", ("quota", "settled"))],
    )
    move_ids = fields.Many2many(
        "account.move",
        "pope_year_end_account_move_rel",
        "year_end_id",
        "move_id",
        string="Entries",
        copy=False,
        readonly=True,
        groups=ACCOUNTANTS,
    )
    move_count = fields.Integer(string="Entries Proposed", compute="_compute_move_count")
    state = fields.Selection(
        [("to_propose", "To Propose"), ("to_post", "To Validate"), ("done", "Up to Date")], compute="_compute_state"
    )
    amount_orphan = fields.Monetary(
        string="Dedicated Funds Without a File",
        compute="_compute_amount_orphan",
        help="What accounts 194, 195 and 196 had when the year began, and that no file explains.",
    )

    _once = models.Constraint("UNIQUE (company_id, date_to)", "This financial year has its page already.")

    # --- Fields ---

    @api.model
    def _default_date_to(self):
        """The last financial year that ended."""
        today = fields.Date.context_today(self)
        return self.env.company.compute_fiscalyear_dates(today)["date_from"] - timedelta(days=1)

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for year_end in self:
            year_end.name = year_end.date_to and self.env._("Year end %(year)s", year=year_end._year_label())

    def _year_label(self):
        return self.env["pope.financial.summary"]._year_label(self.date_from or self.date_to, self.date_to)

    @api.depends("company_id", "date_to")
    def _compute_date_from(self):
        for year_end in self:
            dates = year_end.date_to and year_end.company_id.compute_fiscalyear_dates(year_end.date_to)
            year_end.date_from = dates and dates["date_from"]

    @api.depends("company_id")
    def _compute_journal_id(self):
        for year_end in self:
            if year_end.journal_id.company_id != year_end.company_id:
                year_end.journal_id = year_end.company_id._pope_year_end_journal()

    @api.depends("move_ids")
    def _compute_move_count(self):
        for year_end in self:
            # sudo: how many entries there are is for managers to know, the entries are for accountants to read
            year_end.move_count = len(year_end.sudo().move_ids)

    @api.depends("line_ids.amount_due", "move_ids.state")
    def _compute_state(self):
        for year_end in self:
            # sudo: whether entries wait is for managers to know, the entries are for accountants to read
            states = year_end.sudo().move_ids.mapped("state")
            due = any(not year_end.currency_id.is_zero(line.amount_due) for line in year_end.line_ids)
            year_end.state = "to_propose" if due else "to_post" if "draft" in states else "done"

    @api.depends("company_id", "date_from", "line_ids")
    def _compute_amount_orphan(self):
        for year_end in self:
            total = year_end._ledger_funds() if year_end.date_from else 0.0
            known = sum(year_end.line_ids.filtered(lambda line: line.kind == "dedicated").mapped("opening"))
            year_end.amount_orphan = year_end.currency_id.round(total - known)

    # --- Constraints ---

    @api.constrains("company_id", "date_to")
    def _check_year(self):
        for year_end in self:
            last = year_end.company_id.compute_fiscalyear_dates(year_end.date_to)["date_to"]
            if year_end.date_to != last:
                raise ValidationError(
                    self.env._(
                        "The financial year of %(company)s ends on %(last)s: choose this day.",
                        company=year_end.company_id.name,
                        last=format_date(self.env, last),
                    )
                )
        self._unlink_except_booked()

    @api.constrains("journal_id")
    def _check_journal(self):
        for year_end in self.filtered(lambda year_end: year_end.journal_id.type not in (False, "general")):
            raise ValidationError(
                self.env._("Choose a journal of miscellaneous entries, not %(name)s.", name=year_end.journal_id.name)
            )

    @api.model_create_multi
    def create(self, vals_list):
        year_ends = super().create(vals_list)
        year_ends.action_refresh()
        return year_ends

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # sudo: whether entries exist is for accountants to read, and for everybody to respect
        if self.sudo().move_ids:
            raise UserError(self.env._("This year has entries already: its page stays as it is."))

    # --- Lines ---

    def action_refresh(self):
        """Read the books again: the lines that have something to say, and those that a person changed."""
        for year_end in self:
            year_end._forget()
            year_end._renew_lines()
        return True

    def _forget(self):
        """What was computed from the books, which have changed since."""
        self.line_ids.invalidate_recordset()
        self.invalidate_recordset()

    def _renew_lines(self):
        figures = self._figures()
        # sudo: lines come and go with the books; people only change their amount
        lines = self.line_ids.sudo()
        wanted = {
            (funding.id, kind)
            for funding, kinds in figures.items()
            for kind, values in kinds.items()
            if values["shown"]
        }
        known = {(line.funding_id.id, line.kind): line for line in lines}
        stale = [line.id for key, line in known.items() if key not in wanted and not line.is_kept]
        lines.browse(stale).unlink()
        lines.create(
            [
                {"year_end_id": self.id, "funding_id": funding_id, "kind": kind}
                for funding_id, kind in sorted(wanted - known.keys())
            ]
        )
        self._forget()

    # --- Entries ---

    def action_propose(self):
        """Draft entries for what the books lack, one for each kind; an accountant validates them."""
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only an accountant proposes entries: ask the person who keeps the books."))
        self.action_refresh()
        due = self.line_ids.filtered(lambda line: not line.currency_id.is_zero(line.amount_due))
        if not due:
            raise UserError(self.env._("The books have all of it already: there is nothing to propose."))
        if not self.journal_id:
            raise UserError(self.env._("Choose the journal of the entries first."))
        self.company_id._pope_check_open(self.date_to, self.journal_id)
        figures = self._figures()
        by_kind = due.grouped("kind")
        moves = self.env["account.move"].create(
            [self._move_values(kind, by_kind[kind], figures) for kind, _label in KINDS if kind in by_kind]
        )
        self.move_ids = [Command.link(move.id) for move in moves]
        self._forget()
        return moves._pope_open()

    def _move_values(self, kind, lines, figures):
        title = f"{dict(lines._fields['kind']._description_selection(self.env))[kind]} {self._year_label()}"
        return {
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "date": self.date_to,
            "ref": title,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": line.funding_id.partner_id.commercial_partner_id.id,
                        "name": f"{title} – {line.funding_id.name}",
                        "balance": self.currency_id.round(balance),
                        "analytic_distribution": line._distribution(),
                        "tax_ids": [Command.clear()],
                    }
                )
                for line in lines
                for account, balance in line._entry(figures[line.funding_id][kind])
                if not self.currency_id.is_zero(balance)
            ],
        }

    def action_open_moves(self):
        self.ensure_one()
        return self.move_ids._pope_open()

    def action_open_orphans(self):
        """Items of dedicated funds before the year that no file explains."""
        self.ensure_one()
        self.env["pope.financial.summary"]._check_may_read_items()
        return {
            "type": "ir.actions.act_window",
            "name": self._fields["amount_orphan"]._description_string(self.env),
            "res_model": "account.move.line",
            "views": [(self.env.ref("account.view_move_line_tree").id, "list")],
            "domain": self._orphans_domain(),
            "context": {"allowed_company_ids": self.company_id.ids},
        }

    def _previous_from(self):
        return self.company_id.compute_fiscalyear_dates(self.date_from - relativedelta(days=1))["date_from"]
