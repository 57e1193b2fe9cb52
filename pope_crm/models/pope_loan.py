from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from ..core.loan_schedule import MOST_MONTHS, InvalidTerms, Repaid, Terms, schedule
from .account_move import ACCOUNTANTS
from .pope_loan_product import METHOD_NAMES, PERIOD_NAMES

TERMS = ("amount", "rate", "date_start", "months", "method", "period", "grace_months", "grace_kind", "insurance")
HELD = ("granted", "repaid")


class Loan(models.Model):
    """A loan, of the pole or of a holder's project, and its schedule to the cent.

    Terms that are typed make the lines that are not paid; what is paid stays. A loan of a project is never of the
    pole's totals.
    """

    _name = "pope.loan"
    _description = "Loan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, required=True, tracking=True
    )
    product_id = fields.Many2one(
        "pope.loan.product", string="Kind of Loan", ondelete="restrict", index="btree_not_null", tracking=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Lender",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        tracking=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("type", "=", "project")],
        tracking=True,
        help="The holder's project that borrows: its association's money. Empty: a loan of the pole itself.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    reference = fields.Char(string="Contract No.", copy=False, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("requested", "Asked For"),
            ("granted", "Granted"),
            ("repaid", "Repaid"),
            ("refused", "Refused"),
            ("dropped", "Given Up"),
        ],
        compute="_compute_state",
        store=True,
        readonly=False,
        required=True,
        default="requested",
        copy=False,
        index=True,
        tracking=True,
    )

    # --- Terms ---

    amount = fields.Monetary(required=True, tracking=True)
    rate = fields.Float(string="Yearly Rate (%)", digits=(6, 3), tracking=True)
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True, help="The day the money comes."
    )
    months = fields.Integer(string="Duration (Months)", required=True, default=12, tracking=True)
    method = fields.Selection(
        METHOD_NAMES,
        string="Repaid",
        compute="_compute_usual",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    period = fields.Selection(
        PERIOD_NAMES,
        string="Rhythm",
        compute="_compute_usual",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    grace_months = fields.Integer(string="Grace (Months)", tracking=True, help="Months at the start without capital.")
    grace_kind = fields.Selection(
        [("partial", "Interest Only"), ("total", "Nothing Is Paid")],
        string="During the Grace",
        required=True,
        default="partial",
        tracking=True,
        help="Interest only: it is paid at each due date. Nothing: the interest of these months, simple and never "
        "added to the capital, is paid with the first instalment after them.",
    )
    insurance = fields.Monetary(tracking=True, help="With each instalment. Zero: none.")
    date_end = fields.Date(string="Until", compute="_compute_date_end", store=True)

    # --- What became of it ---

    draw_ids = fields.One2many("pope.loan.draw", "loan_id", string="Draws", copy=False)
    line_ids = fields.One2many(
        "pope.loan.line",
        "loan_id",
        string="Schedule",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        copy=False,
    )
    account_ids = fields.Many2many(
        "account.account",
        string="Loan Accounts",
        check_company=True,
        copy=False,
        groups=ACCOUNTANTS,
        help="Accounts of the pole where this loan stands (164, 168, 519…): the repayments of the schedule are looked "
        "for there.",
    )
    amount_drawn = fields.Monetary(string="Drawn", compute="_compute_outstanding")
    amount_repaid = fields.Monetary(string="Repaid so Far", compute="_compute_outstanding")
    amount_outstanding = fields.Monetary(
        string="Outstanding", compute="_compute_outstanding", help="What was drawn, less the capital paid back."
    )
    date_next = fields.Date(string="Next Due Date", compute="_compute_next")
    amount_next = fields.Monetary(string="Amount of the Next", compute="_compute_next")
    is_late = fields.Boolean(string="Late", compute="_compute_next")
    alert_note = fields.Text(string="To Check", compute="_compute_alert_note")
    notes = fields.Html()

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A loan has a positive amount.")

    # --- Fields ---

    @api.depends("product_id", "partner_id", "lead_id")
    def _compute_name(self):
        """A name until someone writes a better one."""
        for loan in self:
            if not loan.name and loan.partner_id:
                loan.name = " · ".join(filter(None, (loan.product_id.name or loan.partner_id.name, loan.lead_id.name)))

    @api.depends("lead_id")
    def _compute_company_id(self):
        for loan in self:
            loan.company_id = loan.lead_id.company_id or loan.company_id or self.env.company

    @api.depends("product_id")
    def _compute_usual(self):
        for loan in self:
            loan.method = loan.product_id.method or loan.method or "constant_capital"
            loan.period = loan.product_id.period or loan.period or "1"

    @api.depends("line_ids.is_paid")
    def _compute_state(self):
        """A loan whose whole schedule is paid is repaid; one that is not is owed again."""
        for loan in self:
            state = loan.state or "requested"
            if state in HELD:
                state = "repaid" if loan.line_ids and all(loan.line_ids.mapped("is_paid")) else "granted"
            loan.state = state

    @api.depends("line_ids.date", "date_start", "months")
    def _compute_date_end(self):
        for loan in self:
            loan.date_end = max(filter(None, loan.line_ids.mapped("date")), default=False)

    @api.depends(*TERMS, "draw_ids.date", "draw_ids.amount")
    def _compute_line_ids(self):
        """What is to pay by the terms and as the money came; what is paid, or was paid back sooner, stays."""
        for loan in self:
            loan.line_ids = loan._schedule_commands()

    @api.depends(
        *("amount", "date_start", "state", "draw_ids.amount", "draw_ids.date"),
        *("line_ids.capital", "line_ids.date_paid"),
    )
    def _compute_outstanding(self):
        today = fields.Date.context_today(self)
        for loan in self:
            loan.amount_drawn = loan._drawn_on(today)
            loan.amount_repaid = loan._repaid_on(today)
            loan.amount_outstanding = max(loan.amount_drawn - loan.amount_repaid, 0.0)

    @api.depends("line_ids.date", "line_ids.total", "line_ids.is_paid", "state")
    def _compute_next(self):
        today = fields.Date.context_today(self)
        for loan in self:
            left = loan.line_ids.filtered(lambda line: not line.is_paid and line.date).sorted("date")
            following = left[:1] if loan.state == "granted" else left.browse()
            loan.date_next, loan.amount_next = following.date, following.total
            loan.is_late = bool(following and following.date < today)

    # --- Constraints ---

    @api.constrains(*TERMS)
    def _check_terms(self):
        for loan in self:
            if refused := loan._dues()[1]:
                raise ValidationError(loan._refusal(refused))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        if any(self.line_ids.mapped("is_paid")):
            raise UserError(self.env._("A loan with instalments that are paid is not deleted: it is given up."))

    # --- Schedule ---

    def _terms(self):
        return Terms(
            self.amount,
            round(self.rate, 3),
            self.date_start,
            self.months,
            self.method,
            int(self.period),
            self.grace_months,
            self.grace_kind,
            self.insurance,
        )

    def _dues(self, receipts=(), given=()):
        """What is still to pay by the terms.

        :param receipts: (day, amount) of the grants to come that pay it back
        :param given: what funders are to pay to the lender themselves
        :return: list of dues, and the code of what makes no loan in the terms
        """
        kept = self._kept_lines()
        repaid = [*(Repaid(line.date, round(line.capital, 2), line.is_early) for line in kept), *given]
        draws = [(draw.date, round(draw.amount, 2)) for draw in self.draw_ids if draw.date and draw.amount]
        try:
            return schedule(self._terms(), repaid, receipts, draws), None
        except InvalidTerms as refused:
            return [], refused.code

    def _kept_lines(self):
        return self.line_ids.filtered(lambda line: line.is_paid or line.is_early)

    def _schedule_commands(self):
        stale = self.line_ids - self._kept_lines()
        return [
            *(Command.delete(line.id) for line in stale),
            *(
                Command.create(
                    {
                        "date": due.date,
                        "capital": float(due.capital),
                        "interest": float(due.interest),
                        "insurance": float(due.insurance),
                    }
                )
                for due in self._dues()[0]
            ),
        ]

    def _refusal(self, code):
        """What is wrong with the terms, in words."""
        words = {
            "capital": self.env._("The amount of a loan is positive, and has no more than two decimals."),
            "rate": self.env._("The yearly rate lies between 0 and 100 %."),
            "start": self.env._("The loan needs the day it starts on."),
            "months": self.env._(
                "The duration is a whole number of instalments, and at most %(most)s months.", most=MOST_MONTHS
            ),
            "grace": self.env._("The grace is a whole number of instalments, and shorter than the loan."),
            "insurance": self.env._("The insurance is not negative, and has no more than two decimals."),
            "repaid": self.env._("What is paid back already is not what these terms lend: correct the amount."),
            "draws": self.env._("Each draw comes before the last due date, and all of them make the loan at most."),
            "paid_dates": self.env._(
                "Some instalments are paid: the start and the rhythm of the loan cannot change any more."
            ),
        }
        return f"{self.name}: {words.get(code, code)}"

    # --- Sums on a day ---

    def _drawn_on(self, day):
        """Of a loan that is held, the money that came; all of it at the start where no draw is told."""
        if self.state not in HELD or not self.date_start:
            return 0.0
        if self.draw_ids:
            return sum(draw.amount for draw in self.draw_ids if draw.date and draw.date <= day)
        return self.amount if self.date_start <= day else 0.0

    def _repaid_on(self, day):
        return sum(line.capital for line in self.line_ids if line.is_paid and line.date_paid <= day)

    def _outstanding_on(self, day):
        return max(self.currency_id.round(self._drawn_on(day) - self._repaid_on(day)), 0.0)

    def _schedule_as_of(self, day):
        """What these loans are on a day, as plain data; a line is paid when it was by that day.

        :return: list of dict: id, name, reference, lender, project, state, capital, drawn, repaid, outstanding, rate,
            date_start, date_end, next (date, total) or None, and lines: date, opening, capital, interest, insurance,
            total, closing, is_early, is_paid, date_paid
        """
        return [loan._as_of(day) for loan in self]

    def _as_of(self, day):
        lines = [line._as_of(day) for line in self.line_ids.sorted()]
        left = [line for line in lines if not line["is_paid"]]
        return {
            "id": self.id,
            "name": self.name,
            "reference": self.reference or "",
            "lender": self.partner_id.name,
            "project": self.lead_id.name or "",
            "state": self.state,
            "capital": self.amount,
            "drawn": self._drawn_on(day),
            "repaid": self._repaid_on(day),
            "outstanding": self._outstanding_on(day),
            "rate": self.rate,
            "date_start": self.date_start,
            "date_end": self.date_end or None,
            "next": {"date": left[0]["date"], "total": left[0]["total"]} if left else None,
            "lines": lines,
        }

    # --- Alerts ---

    @api.depends(*TERMS, "product_id", "line_ids.capital", "draw_ids.amount", "state")
    @api.depends_context("lang")
    def _compute_alert_note(self):
        for loan in self:
            loan.alert_note = "\n".join(loan._alerts()) or False

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id or self.env.company.currency_id)

    def _alerts(self):
        """What is worth a look, a sentence each; nothing of it is refused."""
        told, planned = self._product_alerts(), sum(self.line_ids.mapped("capital"))
        currency = self.currency_id or self.env.company.currency_id
        if self.line_ids and currency.compare_amounts(planned, self.amount):
            told.append(
                self.env._(
                    "The capital of the schedule is %(planned)s, and the loan is %(amount)s.",
                    planned=self._money(planned),
                    amount=self._money(self.amount),
                )
            )
        return told

    def _product_alerts(self):
        product, told = self.product_id, []
        if product.amount_max and self.amount > product.amount_max:
            told.append(self.env._("%(name)s: usually %(amount)s at most.", **self._cap("amount_max")))
        if product.amount_min and self.amount < product.amount_min:
            told.append(self.env._("%(name)s: usually %(amount)s at least.", **self._cap("amount_min")))
        if product.months_max and self.months > product.months_max:
            told.append(self.env._("%(name)s: usually %(count)s months at most.", **self._cap("months_max")))
        if product.months_min and self.months < product.months_min:
            told.append(self.env._("%(name)s: usually %(count)s months at least.", **self._cap("months_min")))
        if product.grace_min and self.grace_months < product.grace_min:
            told.append(self.env._("%(name)s: usually %(count)s months of grace at least.", **self._cap("grace_min")))
        if product.has_rates and not product.rate_min <= self.rate <= product.rate_max:
            told.append(
                self.env._(
                    "%(name)s: the rate usually lies between %(least)s and %(most)s %%.",
                    name=product.name,
                    least=formatLang(self.env, product.rate_min),
                    most=formatLang(self.env, product.rate_max),
                )
            )
        return told

    def _cap(self, field):
        product = self.product_id
        return {
            "name": product.name,
            "count": product[field],
            "amount": formatLang(self.env, product[field], currency_obj=product.currency_id),
        }

    # --- Actions ---

    def action_grant(self):
        self.filtered(lambda loan: loan.state == "requested").state = "granted"

    def action_refuse(self):
        self.filtered(lambda loan: loan.state == "requested").state = "refused"

    def action_drop(self):
        """Given up: what it owes is over, which only a loan that nothing is owed on can say."""
        if owed := self.filtered("amount_outstanding"):
            raise UserError(
                self.env._(
                    "“%(name)s” still owes %(amount)s: it is repaid, not given up.",
                    name=owed[0].name,
                    amount=owed[0]._money(owed[0].amount_outstanding),
                )
            )
        self.state = "dropped"

    def action_refresh_schedule(self):
        """The lines that are not paid, made again from the terms and from what was paid."""
        self._check_terms()
        for loan in self:
            loan.line_ids = loan._schedule_commands()

    def action_find_entries(self):
        """Repayments of the books, on the accounts of the loan."""
        self.ensure_one()
        if not self.account_ids:
            raise UserError(self.env._("Choose the accounts of the loan first: its repayments are looked for there."))
        before = self.line_ids.filtered("is_paid")
        self.line_ids._find_entries()
        found = len(self.line_ids.filtered("is_paid") - before)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if found else "warning",
                "message": self.env._("Repayments found in the books: %(count)s.", count=found),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
