from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, formatLang

from .pope_volunteer_time import MONTHS

PAYROLL_ACCOUNTS = ("64", "631", "633")  # pay, and what is due on it: beginnings of codes, charts differ


def percent(env, value):
    """A percentage as it is written in the reader's language, without zeros that say nothing."""
    return formatLang(env, value, digits=2).rstrip("0").rstrip(",.")


class TimeKey(models.Model):
    """How the time of an employee goes to fundings, from a month of a year on.

    The last key made wins from its month on: a revision replaces the former one, which is kept with its justification.
    """

    _name = "pope.time.key"
    _description = "Time Key"
    _inherit = ["pope.year.mixin", "mail.thread", "pope.joined.files"]
    _order = "year desc, partner_id, id desc"
    _role = "pope_crm.role_employee"

    partner_id = fields.Many2one(string="Employee", domain=[("is_company", "=", False)], tracking=True)
    year = fields.Integer(tracking=True)
    month = fields.Selection(
        selection="_selection_month", string="From the Month of", required=True, default="1", tracking=True
    )
    month_to = fields.Selection(selection="_selection_month", string="Until", compute="_compute_month_to")
    is_replaced = fields.Boolean(compute="_compute_month_to")
    line_ids = fields.One2many("pope.time.key.line", "key_id", string="Shares by File", copy=True)
    total = fields.Float(
        string="Charged to Files (%)", digits=(16, 2), compute="_compute_total", store=True, aggregator=None
    )
    left_note = fields.Char(compute="_compute_left_note")
    reason = fields.Text(
        string="Justification", copy=False, help="How these shares are known: time sheets, job description, meetings…"
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Time Sheets", copy=False, bypass_search_access=True)
    revises_id = fields.Many2one("pope.time.key", readonly=True, copy=False, ondelete="restrict")
    date_applied = fields.Date(string="Applied On", readonly=True, copy=False, tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    gross = fields.Monetary(
        string="Gross Pay of a Year",
        help="Only where one payroll entry is booked for everybody (641 without the employee's name).",
    )
    charges = fields.Monetary(
        string="Employer's Charges of a Year",
        help="Only where one payroll entry is booked for everybody (645, 631, 633… without the employee's name).",
    )
    amount_booked = fields.Monetary(
        string="Payroll in Their Name",
        compute="_compute_amount_booked",
        help="Posted entries of these months that bear the employee's name, on accounts 64, 631 and 633.",
    )

    _pay_positive = models.Constraint("CHECK (gross >= 0 AND charges >= 0)", "Pay cannot be negative.")

    @api.model
    def _selection_month(self):
        names = self.env["pope.volunteer.time"]._fields
        return [(str(month), names[f"hours_{month}"]._description_string(self.env)) for month in MONTHS]

    # --- Fields ---

    @api.depends("partner_id", "year", "month", "company_id")
    def _compute_month_to(self):
        """Until the month before that of a later key."""
        others = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("year", "in", self.mapped("year")),
                ("company_id", "in", self.company_id.ids),
            ]
        ).grouped(lambda key: (key.partner_id, key.year, key.company_id))
        for key in self:
            same = others.get((key.partner_id._origin, key.year, key.company_id._origin), self.browse())
            later = [int(other.month) for other in same if key._origin and other.id > key._origin.id]
            last = min(later, default=13) - 1
            key.is_replaced = bool(key.month) and last < int(key.month)
            key.month_to = False if key.is_replaced or not key.month else str(last)

    @api.depends("line_ids.percentage")
    def _compute_total(self):
        for key in self:
            key.total = sum(key.line_ids.mapped("percentage"))

    @api.depends("total")
    def _compute_left_note(self):
        for key in self:
            left = 100 - key.total
            key.left_note = (
                key.line_ids
                and float_compare(left, 0, precision_digits=2) > 0
                and self.env._(
                    "%(left)s %% of the time goes to no file: its pay stays with the pole.",
                    left=percent(self.env, left),
                )
            )

    @api.depends("partner_id", "year", "month", "month_to", "company_id")
    def _compute_amount_booked(self):
        for company, keys in self.grouped("company_id").items():
            booked = keys._booked_by_month(company)
            for key in keys:
                key.amount_booked = sum(
                    booked.get((key.partner_id._origin, key.year, month), 0.0) for month in key._months()
                )

    def _booked_by_month(self, company):
        """Dict (employee, year, month) → what the payroll entries bear in the name of these employees."""
        # sudo: the director reads what an employee costs, and may not be an accountant
        Item = self.env["account.move.line"].sudo().with_company(company)
        years = [year for year in self.mapped("year") if year]
        if not company or not years:
            return {}
        domain = self._payroll_domain(company, f"{min(years)}-01-01", f"{max(years)}-12-31")
        return {
            (partner.sudo(False), day.year, day.month): amount
            for partner, day, amount in Item._read_group(
                [*domain, ("partner_id", "in", self.partner_id.ids)], ["partner_id", "date:month"], ["balance:sum"]
            )
        }

    @api.model
    def _payroll_domain(self, company, date_from, date_to):
        return [
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
            *["|"] * (len(PAYROLL_ACCOUNTS) - 1),
            *(("account_id.code", "=like", f"{prefix}%") for prefix in PAYROLL_ACCOUNTS),
        ]

    def _months(self):
        return range(int(self.month), int(self.month_to) + 1) if self.month_to else ()

    # --- Rules ---

    @api.model
    def _once_domain(self):
        """A year may have several keys: each one revises those before it."""
        return [(0, "=", 1)]

    @api.constrains("year", "month", "gross", "charges")
    def _check_not_applied(self):
        """What was applied is what was justified then: it changes by a revision, which keeps it."""
        for key in self.filtered("date_applied"):
            raise ValidationError(
                self.env._(
                    "The key of %(name)s was applied to the payroll: revise it, the former one is kept.",
                    name=key.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(self.mapped("date_applied")):
            raise UserError(self.env._("A key that was applied is revised, not deleted."))

    # --- Which key, when ---

    @api.model
    @api.private
    def _valid_keys(self, company, first_year, last_year):
        """The key in force each month: dict (year, month) → dict employee → key."""
        valid = defaultdict(dict)
        for key in self.search(
            [("company_id", "=", company.id), ("year", ">=", first_year), ("year", "<=", last_year)], order="id"
        ):
            for month in range(int(key.month), 13):
                valid[key.year, month][key.partner_id] = key
        return valid

    def action_revise(self):
        """The same key from this month on, to change; this one is kept."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        month = max(today.month, int(self.month)) if today.year == self.year else int(self.month)
        revision = self.copy({"month": str(month), "revises_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": revision.id,
            "views": [(False, "form")],
        }


class TimeKeyLine(models.Model):
    """The share of an employee's time that goes to one file."""

    _name = "pope.time.key.line"
    _description = "Share of a Time Key"
    _order = "key_id, percentage desc, id"
    _check_company_auto = True

    key_id = fields.Many2one("pope.time.key", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="key_id.company_id", store=True)
    funding_id = fields.Many2one(
        "pope.funding",
        string="Funding File",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('beneficiary', '=', 'pole'), ('company_id', '=', company_id), "
        "('state', 'not in', ('refused', 'dropped'))]",
    )
    percentage = fields.Float(string="Share of the Time (%)", digits=(16, 2), required=True)

    _percentage = models.Constraint(
        "CHECK (percentage > 0 AND percentage <= 100)", "A share of the time is more than 0 % and at most 100 %."
    )
    _once = models.UniqueIndex("(key_id, funding_id)", "This file is in the key already.")

    @api.constrains("key_id", "funding_id", "percentage")
    def _check_shares(self):
        self.key_id._check_not_applied()
        for key in self.key_id:
            if float_compare(key.total, 100, precision_digits=2) > 0:
                raise ValidationError(
                    self.env._(
                        "%(total)s %% of the time of %(name)s: it is 100 %% at most.",
                        total=percent(self.env, key.total),
                        name=key.display_name,
                    )
                )
        for line in self.filtered(lambda line: line.funding_id.beneficiary != "pole"):
            raise ValidationError(
                self.env._(
                    "“%(name)s” is not a file of the pole: its money pays no employee of the pole.",
                    name=line.funding_id.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self.key_id._check_not_applied()
