from odoo import api, fields, models

from ..core import due_date


class FundingObligation(models.Model):
    """A report or another thing due to the funder of an awarded file."""

    _name = "pope.funding.obligation"
    _description = "Obligation of a Funding File"
    _inherit = ["pope.funding.anchor", "mail.thread", "pope.reminder.mixin", "pope.joined.files"]
    _order = "date_due, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    funding_id = fields.Many2one("pope.funding", string="Funding File", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="funding_id.company_id", store=True)
    partner_id = fields.Many2one(related="funding_id.partner_id", string="Funder")
    lead_id = fields.Many2one(related="funding_id.lead_id", string="Project")
    scheme_obligation_id = fields.Many2one(
        "pope.funding.scheme.obligation", readonly=True, ondelete="set null", index="btree_not_null"
    )
    date_year = fields.Date(
        string="Year Reported", help="A day of the financial year that the report is about. Empty: the last one."
    )
    date_due = fields.Date(
        string="Due On",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="Computed from the dates of the file; to write it yourself, choose “A Date Written by Hand”.",
    )
    state = fields.Selection(
        [
            ("to_do", "To Do"),
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
            ("not_needed", "Not Needed"),
        ],
        required=True,
        default="to_do",
        copy=False,
        tracking=True,
    )
    date_sent = fields.Date(string="Sent On", compute="_compute_date_sent", store=True, readonly=False, copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False, bypass_search_access=True)
    note = fields.Text()

    @api.depends(
        *("anchor", "months", "days", "fixed_day", "fixed_month", "date_year"),
        *("funding_id.date_from", "funding_id.date_to", "funding_id.date_agreement_to", "funding_id.date_deadline"),
        *("funding_id.renewal_ids.date_deadline", "funding_id.company_id.fiscalyear_last_day"),
        *("funding_id.company_id.fiscalyear_last_month", "funding_id.scheme_id.window"),
        "funding_id.scheme_id.date_closes",
    )
    def _compute_date_due(self):
        for obligation in self:
            if obligation.anchor != "given":
                day = obligation._anchor_date()
                obligation.date_due = day and due_date.shift(day, obligation.months, obligation.days)

    def _anchor_date(self):
        """The day that the delay is counted from, or False as long as the file does not say it."""
        funding = self.funding_id
        if self.anchor == "year_end":
            day = self.date_year or funding.date_to or funding.date_from
            return day and funding.company_id.compute_fiscalyear_dates(day)["date_to"]
        if self.anchor == "action_end":
            return funding.date_to
        if self.anchor == "agreement_end":
            return funding.date_agreement_to
        if self.anchor == "fixed":
            since = self.date_year or funding.date_to
            complete = since and self.fixed_day and self.fixed_month
            return complete and due_date.next_yearly(int(self.fixed_month), self.fixed_day, since)
        renewals = funding.renewal_ids.filtered("date_deadline").mapped("date_deadline")
        return min(renewals) if renewals else funding.scheme_id._closing_after(funding.date_deadline)

    @api.depends("state")
    def _compute_date_sent(self):
        for obligation in self:
            if obligation.state in ("sent", "acknowledged") and not obligation.date_sent:
                obligation.date_sent = fields.Date.context_today(obligation)

    @api.depends("funding_id.user_id")
    def _compute_user_id(self):
        for obligation in self:
            obligation.user_id = obligation.user_id or obligation.funding_id.user_id

    @api.model
    def _due_field(self):
        return "date_due"

    @api.model
    def _open_domain(self):
        return [("state", "=", "to_do"), ("funding_id.state", "not in", ("refused", "dropped"))]

    def _due_name(self):
        return f"{self.name} – {self.funding_id.name}"

    def action_sent(self):
        self.filtered(lambda obligation: obligation.state == "to_do").state = "sent"

    def action_acknowledged(self):
        self.state = "acknowledged"
