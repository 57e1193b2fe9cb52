from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core.loan_schedule import Repaid
from .pope_funding import WON


class LoanPledge(models.Model):
    """A grant that a loan waits for: pledged, and assigned to the lender where a Dailly slip says so."""

    _name = "pope.loan.pledge"
    _description = "Grant Pledged to a Loan"
    _order = "date, id"
    _check_company_auto = True

    loan_id = fields.Many2one("pope.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True)
    currency_id = fields.Many2one(related="loan_id.currency_id")
    funding_id = fields.Many2one(
        "pope.funding",
        string="Funding File",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    partner_id = fields.Many2one(related="funding_id.partner_id", string="Funder")
    date = fields.Date(string="Pledged On", required=True, default=fields.Date.context_today)
    amount = fields.Monetary(string="Part Pledged", help="Empty: the whole grant.")
    date_assigned = fields.Date(
        string="Dailly Slip Of", help="The grant is assigned to the lender since that day: the funder pays it to them."
    )
    assignee_id = fields.Many2one(
        "res.partner", string="Assigned To", ondelete="restrict", index="btree_not_null", check_company=True
    )
    date_told = fields.Date(string="Funder Told On", help="The day the assignment was notified to the funder.")
    is_assigned = fields.Boolean(string="Dailly", compute="_compute_is_assigned", store=True)
    amount_left = fields.Monetary(
        string="Awarded, Not Received", compute="_compute_left", help="What covers the loan: awarded and still awaited."
    )
    amount_received = fields.Monetary(
        string="Received Since", compute="_compute_left", help="What the funder paid since the pledge."
    )
    line_ids = fields.One2many("pope.loan.line", "pledge_id", string="Repayments")

    _amount_positive = models.Constraint(
        "CHECK (amount IS NULL OR amount >= 0)", "The part of a grant that is pledged is not negative."
    )
    _once = models.UniqueIndex("(loan_id, funding_id)", "This grant is pledged to this loan already.")

    @api.depends("date_assigned")
    def _compute_is_assigned(self):
        for pledge in self:
            pledge.is_assigned = bool(pledge.date_assigned)

    @api.depends("funding_id.amount_left", "funding_id.instalment_ids.amount_received", "amount", "date")
    def _compute_left(self):
        for pledge in self:
            funding, instalments = pledge.funding_id, pledge.funding_id.instalment_ids
            pledge.amount_left = pledge._capped(funding.amount_left)
            pledge.amount_received = pledge._capped(
                sum(
                    row.amount_received
                    for row in instalments
                    if row.date_received and pledge.date and row.date_received >= pledge.date
                )
            )

    def _capped(self, amount):
        return min(amount, self.amount) if self.amount else amount

    @api.depends("funding_id.name")
    def _compute_display_name(self):
        for pledge in self:
            pledge.display_name = pledge.funding_id.name

    @api.constrains("funding_id", "loan_id")
    def _check_owner(self):
        """A loan is covered by the grants of who borrows."""
        for pledge in self:
            if pledge.funding_id.lead_id != pledge.loan_id.lead_id or pledge.funding_id.person_id:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is not money of who borrows: a loan is covered by its own grants.",
                        name=pledge.funding_id.name,
                    )
                )

    def _expected(self, today):
        """(day, amount) of what the grant is to bring, when no condition stands and its day is known; late ones now."""
        left, expected = self.amount_left, []
        if self.funding_id.state in WON and not self.funding_id.condition_pending:
            for row in self.funding_id.instalment_ids.sorted():
                share = min(row.amount_left, left)
                if share and row.date_expected:
                    left -= share
                    expected.append((max(row.date_expected, today), self.currency_id.round(share)))
        return expected

    def _left_on(self, day):
        """What was awarded and not received on a day."""
        return self._capped(self.funding_id._money_on(day)["left"])

    def _as_of(self, day):
        funding = self.funding_id
        rows = funding.instalment_ids
        expected = min((row.date_expected for row in rows if row.date_expected and row._left_on(day)), default=None)
        return {
            "funding_id": funding.id,
            "name": funding.name,
            "funder": funding.partner_id.name,
            "date_decision": funding.date_decision or None,
            "reference": funding.file_number or "",
            "awarded": funding.amount_awarded,
            "received": sum(row._received_on(day) for row in rows),
            "left": self._left_on(day),
            "expected": expected,
            "days_late": max((day - expected).days, 0) if expected else 0,
            "condition": (funding.condition_text or "") if funding.condition_pending else "",
            "is_conditional": funding.condition_pending,
            "date_assigned": self.date_assigned or None,
            "assignee": self.assignee_id.name or "",
            "date_told": self.date_told or None,
        }

    def _to_repay(self):
        """What came and is in no repayment yet."""
        return max(self.currency_id.round(self.amount_received - sum(self.line_ids.mapped("capital"))), 0.0)

    def _last_receipt(self):
        days = [row.date_received for row in self.funding_id.instalment_ids if row.date_received]
        return max([self.date, *days])


class Funding(models.Model):
    _inherit = "pope.funding"

    pledge_ids = fields.One2many("pope.loan.pledge", "funding_id", string="Loans It Is Pledged To", copy=False)


class LoanLine(models.Model):
    _inherit = "pope.loan.line"

    pledge_id = fields.Many2one(
        "pope.loan.pledge",
        string="Grant Received",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )


class Loan(models.Model):
    """What covers a loan, and what a grant that came pays back."""

    _inherit = "pope.loan"

    pledge_ids = fields.One2many("pope.loan.pledge", "loan_id", string="Pledged Grants", copy=False)
    needs_cover = fields.Boolean(compute="_compute_needs_cover")
    amount_covering = fields.Monetary(
        string="Awarded, Not Received", compute="_compute_coverage", help="Of the grants pledged to this loan."
    )
    coverage = fields.Float(
        string="Loan Coverage",
        compute="_compute_coverage",
        help="What the pledged grants have awarded and not paid yet, over what the loan still owes.",
    )
    is_short = fields.Boolean(string="Coverage Under 100 %", compute="_compute_coverage", search="_search_is_short")
    amount_to_repay = fields.Monetary(
        string="To Repay With the Receipts",
        compute="_compute_amount_to_repay",
        help="Received on pledged grants since the pledge, and not paid back to the lender.",
    )

    @api.constrains("lead_id")
    def _check_lead(self):
        """Whose loan it is says which grants cover it, and whether the books of the pole pay it."""
        self.pledge_ids._check_owner()
        self.line_ids._check_move_line()

    @api.depends("method", "pledge_ids")
    def _compute_needs_cover(self):
        for loan in self:
            loan.needs_cover = loan.method == "on_grants" or bool(loan.pledge_ids)

    @api.depends("amount_outstanding", "needs_cover", "pledge_ids.amount_left")
    def _compute_coverage(self):
        for loan in self:
            owed, covering = loan.amount_outstanding, sum(loan.pledge_ids.mapped("amount_left"))
            loan.amount_covering = covering
            loan.coverage = covering / owed if owed else 0.0
            currency = loan.currency_id or self.env.company.currency_id
            loan.is_short = bool(loan.needs_cover and owed and currency.compare_amounts(covering, owed) < 0)

    @api.model
    def _search_is_short(self, operator, value):
        """Few loans wait for grants: they are looked at one by one, in one read."""
        if operator != "in":
            return NotImplemented
        waiting = self.search(
            [("state", "=", "granted"), "|", ("method", "=", "on_grants"), ("pledge_ids", "!=", False)]
        )
        return [("id", "in" if True in value else "not in", waiting.filtered("is_short").ids)]

    @api.depends("amount_outstanding", "pledge_ids.amount_received", "pledge_ids.line_ids.capital", "line_ids.is_paid")
    def _compute_amount_to_repay(self):
        for loan in self:
            planned = sum(line.capital for line in loan.line_ids if line.is_early and not line.is_paid)
            due = sum(pledge._to_repay() for pledge in loan.pledge_ids)
            loan.amount_to_repay = max(min(due, loan.amount_outstanding - planned), 0.0)

    def _alerts(self):
        told = super()._alerts()
        if self.is_short:
            told.append(
                self.env._(
                    "Loan coverage under 100 %%: %(covering)s awarded and not received, for %(owed)s outstanding.",
                    covering=self._money(self.amount_covering),
                    owed=self._money(self.amount_outstanding),
                )
            )
        for pledge in self.pledge_ids:
            others = pledge.funding_id.pledge_ids.loan_id.filtered(lambda loan: loan.state == "granted") - self._origin
            if others:
                told.append(
                    self.env._(
                        "“%(name)s” is pledged to another loan too: %(loan)s.",
                        name=pledge.funding_id.name,
                        loan=", ".join(others.mapped("name")),
                    )
                )
            if pledge.funding_id.condition_pending:
                told.append(self.env._("“%(name)s” still waits for its condition.", name=pledge.funding_id.name))
        return told

    @api.depends("is_short", "pledge_ids.funding_id.condition_pending", "pledge_ids.funding_id.pledge_ids")
    def _compute_alert_note(self):
        return super()._compute_alert_note()

    def _coverage_as_of(self, day):
        """What covered these loans on a day, as plain data.

        :return: list of dict: id, outstanding, left, coverage (None when nothing is owed), is_short, and grants
        """
        told = []
        for loan in self:
            owed, grants = loan._outstanding_on(day), [pledge._as_of(day) for pledge in loan.pledge_ids]
            left = loan.currency_id.round(sum(grant["left"] for grant in grants))
            told.append(
                {
                    "id": loan.id,
                    "outstanding": owed,
                    "left": left,
                    "coverage": left / owed if owed else None,
                    "is_short": bool(loan.needs_cover and owed and loan.currency_id.compare_amounts(left, owed) < 0),
                    "grants": grants,
                }
            )
        return told

    def _expected_dues(self, today):
        """What is still to pay, as the pledged grants are expected: those that are assigned pay the lender themselves.

        :return: list of dues of the core, without the instalments that are told already
        """
        self.ensure_one()
        receipts, given = [], []
        rest = self.amount - sum(self._kept_lines().mapped("capital"))
        for pledge in self.pledge_ids if self.method == "on_grants" else ():
            for day, amount in pledge._expected(today):
                if not pledge.is_assigned:
                    receipts.append((day, amount))
                elif self.date_end and day < self.date_end:
                    share = self.currency_id.round(min(amount, rest))
                    rest -= share
                    given.append(Repaid(day, share, True))
        return self._dues(receipts, given)[0]

    @api.model
    def _remind(self):
        """A loan that its grants do not cover any more is told once to its person in charge, until they do again."""
        kind = self.env.ref("pope_crm.activity_type_deadline")
        short = self.search([("is_short", "=", True)])
        told = (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([("res_model", "=", self._name), ("activity_type_id", "=", kind.id)])
        )
        told.filtered(lambda activity: activity.res_id not in short.ids).unlink()
        for loan in short.filtered(lambda loan: loan.id not in told.exists().mapped("res_id")):
            user = loan.user_id or self.env.user
            theirs = loan.with_context(lang=user.lang, mail_activity_quick_update=True)
            note = theirs.env._("Loan coverage under 100 %%: “%(name)s”", name=loan.name)
            theirs.activity_schedule(activity_type_id=kind.id, summary=note, user_id=user.id)

    def action_repay_receipts(self):
        """An instalment of what pledged grants brought, for the lender; the rest of the schedule follows."""
        self.ensure_one()
        if not self.amount_to_repay:
            raise UserError(self.env._("No pledged grant brought money that is still to pay back."))
        left, commands = self.amount_to_repay, []
        for pledge in self.pledge_ids:
            if share := min(pledge._to_repay(), left):
                left -= share
                commands.append(
                    Command.create(
                        {
                            "date": pledge._last_receipt(),
                            "capital": self.currency_id.round(share),
                            "is_early": True,
                            "pledge_id": pledge.id,
                        }
                    )
                )
        self.line_ids = commands
        self.action_refresh_schedule()
