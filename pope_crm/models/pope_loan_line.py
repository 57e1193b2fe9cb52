from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .account_move import ACCOUNTANTS

NEAR = 45  # days between an instalment and the entry that pays it


class LoanLine(models.Model):
    """An instalment of a loan: paid by an entry of the pole's books, or ticked with its day."""

    _name = "pope.loan.line"
    _description = "Instalment of a Loan"
    _inherit = ["pope.never.typed", "mail.thread", "pope.reminder.mixin"]
    _order = "date, is_early desc, id"
    _check_company_auto = True

    loan_id = fields.Many2one("pope.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True)
    currency_id = fields.Many2one(related="loan_id.currency_id")
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Lender")
    lead_id = fields.Many2one(related="loan_id.lead_id", string="Project", store=True)
    user_id = fields.Many2one(related="loan_id.user_id", string="Person in Charge", store=True)
    date = fields.Date(string="Falls Due On", required=True, index=True)
    opening = fields.Monetary(string="Owed Before", compute="_compute_owed")
    capital = fields.Monetary()
    interest = fields.Monetary()
    insurance = fields.Monetary()
    total = fields.Monetary(string="Amount Due", compute="_compute_total", store=True)
    closing = fields.Monetary(string="Owed After", compute="_compute_owed")
    is_early = fields.Boolean(
        string="Repaid Sooner", readonly=True, help="Paid back before its time, for a grant was received."
    )
    date_typed = fields.Date(
        string="Ticked On", copy=False, help="Paid that day, where no entry of the pole's books says it."
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Repayment in the Books",
        copy=False,
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        groups=ACCOUNTANTS,
    )
    # Stored computes run as superuser: the team sees what is paid without reading the books.
    is_paid = fields.Boolean(string="Paid", compute="_compute_paid", store=True, index=True)
    date_paid = fields.Date(string="Paid On", compute="_compute_paid", store=True)
    is_late = fields.Boolean(string="Late", compute="_compute_is_late")

    _amounts = models.Constraint(
        "CHECK (COALESCE(capital, 0) >= 0 AND COALESCE(interest, 0) >= 0 AND COALESCE(insurance, 0) >= 0)",
        "The amounts of an instalment are not negative.",
    )

    # --- Fields ---

    @api.depends("capital", "interest", "insurance")
    def _compute_total(self):
        for line in self:
            line.total = line.capital + line.interest + line.insurance

    @api.depends(
        *("capital", "date", "loan_id.amount", "loan_id.line_ids.capital", "loan_id.line_ids.date"),
        *("loan_id.draw_ids.amount", "loan_id.draw_ids.date"),
    )
    def _compute_owed(self):
        """Capital owed before and after each line, in the order of the days: what was drawn by then."""
        self.opening = self.closing = 0.0
        for loan in self.loan_id:
            draws = loan.draw_ids.filtered(lambda draw: draw.date and draw.amount)
            owed = sum(draws.mapped("amount")) or loan.amount
            for line in loan.line_ids.sorted(lambda line: (line.date or date.max, not line.is_early)):
                later = sum(draw.amount for draw in draws if line.date and draw.date > line.date)
                line.opening = owed - later
                owed = loan.currency_id.round(owed - line.capital) if loan.currency_id else owed - line.capital
                line.closing = owed - later

    @api.depends("date_typed", "move_line_id.parent_state", "move_line_id.date")
    def _compute_paid(self):
        for line in self:
            item = line.move_line_id
            line.date_paid = item.date if item.parent_state == "posted" else line.date_typed
            line.is_paid = bool(line.date_paid)

    @api.depends("date", "is_paid")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.is_late = bool(line.date and line.date < today and not line.is_paid)

    @api.depends("loan_id.name", "date")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.loan_id.name

    # --- Constraints ---

    @api.constrains("date_typed")
    def _check_date_typed(self):
        today = fields.Date.context_today(self)
        if any(line.date_typed and line.date_typed > today for line in self):
            raise ValidationError(self.env._("An instalment is ticked on the day it was paid, not before."))

    @api.constrains("move_line_id")
    def _check_move_line(self):
        """An entry of the loan's own accounts, and of one instalment only."""
        # sudo: the rule holds whoever writes, and reads nothing else of the books
        linked = self.sudo().filtered("move_line_id")
        for line in linked:
            accounts, item = line.loan_id.account_ids, line.move_line_id
            if line.lead_id or (accounts and item.account_id not in accounts) or item.debit <= 0:
                raise ValidationError(
                    self.env._("A repayment is the debit of an account of this loan, in the books of the pole.")
                )
        repeated = linked._read_group(
            [("move_line_id", "in", linked.move_line_id.ids)], ["move_line_id"], having=[("__count", ">", 1)]
        )
        if repeated:
            raise ValidationError(self.env._("This entry pays another instalment already."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        if any(self.mapped("is_paid")):
            raise UserError(self.env._("An instalment that is paid is not deleted."))

    # --- Reminders ---

    @api.model
    def _due_field(self):
        return "date"

    @api.model
    def _open_domain(self):
        return [("is_paid", "=", False), ("loan_id.state", "=", "granted"), ("lead_id", "=", False)]

    def _due_name(self):
        return self.env._(
            "Repay %(amount)s of “%(name)s”", amount=self.loan_id._money(self.total), name=self.loan_id.name
        )

    @api.model
    def _remind(self):
        # the books and the loan know nothing of reminders
        self.search([("reminded", "!=", False)])._forget_reminders()
        return super()._remind()

    # --- Actions ---

    def action_paid(self):
        """Paid on its day, or today when that is to come."""
        today = fields.Date.context_today(self)
        for line in self.filtered(lambda line: not line.is_paid):
            line.date_typed = min(line.date, today)
        self._forget_reminders()

    def action_unpaid(self):
        # sudo: whether an entry pays it is for accountants to read, and for everybody to respect
        if self.sudo().move_line_id.filtered(lambda item: item.parent_state == "posted"):
            raise UserError(self.env._("This instalment is paid by an entry of the books: an accountant takes it off."))
        self.date_typed = False

    def _find_entries(self):
        """Link each instalment to the repayment of the books that is nearest to its day, of the same capital."""
        # sudo: which entries pay an instalment already, whoever linked them
        taken = self.sudo().search([("loan_id", "in", self.loan_id.ids), ("move_line_id", "!=", False)]).move_line_id
        for loan in self.loan_id:
            items = self.env["account.move.line"].search(
                [
                    ("company_id", "=", loan.company_id.id),
                    ("account_id", "in", loan.account_ids.ids),
                    ("parent_state", "=", "posted"),
                    ("debit", ">", 0),
                ]
            )
            for line in loan.line_ids.filtered(lambda line: not line.is_paid and line.capital).sorted():
                same = (items - taken).filtered(
                    lambda item, line=line: (
                        not line.currency_id.compare_amounts(item.debit, line.capital)
                        and abs((item.date - line.date).days) <= NEAR
                    )
                )
                if found := same.sorted(lambda item, line=line: abs((item.date - line.date).days))[:1]:
                    line.move_line_id = found
                    taken |= found

    def _as_of(self, day):
        paid = bool(self.is_paid and self.date_paid <= day)
        names = ("date", "opening", "capital", "interest", "insurance", "total", "closing", "is_early")
        return {
            **{name: self[name] for name in names},
            "is_paid": paid,
            "date_paid": self.date_paid if paid else None,
        }


class LoanDraw(models.Model):
    """Money of a loan that comes in several times."""

    _name = "pope.loan.draw"
    _description = "Draw of a Loan"
    _order = "date, id"
    _check_company_auto = True

    loan_id = fields.Many2one("pope.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True)
    currency_id = fields.Many2one(related="loan_id.currency_id")
    date = fields.Date(string="Drawn On", required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A draw has a positive amount.")

    @api.constrains("amount", "loan_id")
    def _check_amount(self):
        for loan in self.loan_id:
            drawn = sum(loan.draw_ids.mapped("amount"))
            if loan.currency_id.compare_amounts(drawn, loan.amount) > 0:
                raise ValidationError(
                    self.env._(
                        "The draws make %(drawn)s, and the loan is %(amount)s.",
                        drawn=loan._money(drawn),
                        amount=loan._money(loan.amount),
                    )
                )

    @api.constrains("date", "amount", "loan_id")
    def _check_schedule(self):
        """A schedule follows the draws: those that make none are refused."""
        self.loan_id._check_terms()
