from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from .account_move import ACCOUNTANTS
from .pope_funding import WON

OPEN = ("expected", "requested", "partly")


class FundingInstalment(models.Model):
    """A payment expected from a funder: a receivable line of the award entry; received is what was reconciled with it.

    The money of a holder's project or of a childminder never enters the pole's books: there, it is typed.
    """

    _name = "pope.funding.instalment"
    _description = "Instalment of a Funding File"
    _inherit = ["pope.never.typed", "mail.thread", "pope.reminder.mixin"]
    _order = "date_expected, id"
    _check_company_auto = True

    funding_id = fields.Many2one(
        "pope.funding", string="Funding File", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="funding_id.company_id", store=True)
    currency_id = fields.Many2one(related="funding_id.currency_id")
    partner_id = fields.Many2one(related="funding_id.partner_id", string="Funder", store=True)
    lead_id = fields.Many2one(related="funding_id.lead_id", string="Project")
    beneficiary = fields.Selection(related="funding_id.beneficiary", store=True)
    makes_entry = fields.Boolean(related="funding_id.makes_entry")
    user_id = fields.Many2one(related="funding_id.user_id", string="Person in Charge", store=True)
    kind = fields.Selection(
        [
            ("single", "Single Payment"),
            ("advance", "Advance"),
            ("interim", "Interim Payment"),
            ("balance", "Balance"),
        ],
        required=True,
        default="single",
    )
    date_expected = fields.Date(string="Expected On", index=True)
    amount = fields.Monetary(required=True)
    condition = fields.Char(string="Paid When", help="What the funder waits for: the agreement signed, the report…")
    to_join = fields.Text(help="Papers that go with the request for payment, one a line: they are named in the letter.")
    date_requested = fields.Date(string="Requested On", copy=False)
    date_cancelled = fields.Date(string="Cancelled On", copy=False, readonly=True)
    date_typed = fields.Date(
        string="Date of the Receipt",
        copy=False,
        help="For money that is not the pole's, or is not in its books as a grant: typed, and never booked.",
    )
    amount_typed = fields.Monetary(string="Sum of the Receipt", copy=False)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Receivable Line",
        copy=False,
        readonly=True,
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        groups=ACCOUNTANTS,
    )
    # Stored computes run as superuser: the team follows the money without reading the books.
    is_booked = fields.Boolean(string="In the Books", compute="_compute_is_booked", store=True)
    amount_received = fields.Monetary(string="Received", compute="_compute_received", store=True)
    amount_credited = fields.Monetary(
        string="Written Off",
        compute="_compute_received",
        store=True,
        help="Taken off the award by a credit entry: it is not money, and is not awaited any more.",
    )
    date_received = fields.Date(string="Received On", compute="_compute_received", store=True)
    amount_left = fields.Monetary(string="Left", compute="_compute_left", store=True)
    state = fields.Selection(
        [
            ("expected", "Expected"),
            ("requested", "Requested"),
            ("partly", "Partly Received"),
            ("received", "Received"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_left",
        store=True,
        index=True,
    )
    is_late = fields.Boolean(string="Late", compute="_compute_is_late")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An instalment must have a positive amount.")
    _typed_positive = models.Constraint(
        "CHECK (amount_typed IS NULL OR amount_typed >= 0)", "What was received cannot be negative."
    )

    # --- Fields ---

    @api.depends("move_line_id.parent_state")
    def _compute_is_booked(self):
        for instalment in self:
            instalment.is_booked = instalment.move_line_id.parent_state in ("draft", "posted")

    @api.depends("funding_id.makes_entry", "amount_typed", "date_typed", "move_line_id.matched_credit_ids.amount")
    def _compute_received(self):
        """Bank or cash reconciled with the line of the award is money; any other credit only lowers what is left."""
        money, credit, days = {}, {}, {}
        partials = self.env["account.partial.reconcile"].search_fetch(
            [("debit_move_id", "in", self.move_line_id.ids)], ["debit_move_id", "credit_move_id", "amount"]
        )
        partials.credit_move_id.fetch(["journal_id", "date"])
        for partial in partials:
            line, other = partial.debit_move_id.id, partial.credit_move_id
            is_money = other.journal_id.type in ("bank", "cash")
            kind = money if is_money else credit
            kind[line] = kind.get(line, 0.0) + partial.amount
            if is_money:
                days[line] = max(days.get(line, other.date), other.date)
        for instalment in self:
            line, typed = instalment.move_line_id.id, not instalment.funding_id.makes_entry
            instalment.amount_received = instalment.amount_typed if typed else money.get(line, 0.0)
            instalment.amount_credited = credit.get(line, 0.0)
            instalment.date_received = instalment.date_typed if typed else days.get(line)

    @api.depends("amount", "amount_received", "amount_credited", "date_requested", "date_cancelled")
    def _compute_left(self):
        for instalment in self:
            left = max(instalment.amount - instalment.amount_received - instalment.amount_credited, 0.0)
            instalment.amount_left = 0.0 if instalment.date_cancelled else left
            is_over = not instalment.currency_id.round(left) if instalment.currency_id else not left
            if instalment.date_cancelled or (is_over and not instalment.amount_received and instalment.amount):
                instalment.state = "cancelled"
            elif instalment.amount_received:
                instalment.state = "received" if is_over else "partly"
            else:
                instalment.state = "requested" if instalment.date_requested else "expected"

    @api.depends("date_expected", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for instalment in self:
            due = instalment.date_expected
            instalment.is_late = bool(due and due < today and instalment.state in OPEN)

    @api.depends("kind", "funding_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for instalment in self:
            parts = (kinds.get(instalment.kind), instalment.funding_id.name)
            instalment.display_name = " – ".join(filter(None, parts))

    # --- Constraints ---

    @api.constrains("amount", "move_line_id")
    def _check_amount_booked(self):
        # sudo: whether an instalment is booked is for accountants to read, and for everybody to respect
        for instalment in self.sudo().filtered("is_booked"):
            booked = instalment.move_line_id.balance
            if instalment.currency_id.compare_amounts(instalment.amount, booked):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is in the books for %(amount)s: its amount changes there first, by an accountant.",
                        name=instalment.display_name,
                        amount=formatLang(self.env, booked, currency_obj=instalment.currency_id),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(self.mapped("is_booked")):
            raise UserError(self.env._("An instalment that is in the books is not deleted."))

    # --- Reminders ---

    @api.model
    def _due_field(self):
        return "date_expected"

    @api.model
    def _open_domain(self):
        return [("state", "in", OPEN), ("funding_id.state", "in", WON)]

    @api.model
    def _late_domain(self):
        return [*self._open_domain(), ("date_expected", "<", fields.Date.context_today(self))]

    def _due_name(self):
        amount = formatLang(self.env, self.amount_left, currency_obj=self.currency_id)
        return self.env._("%(amount)s from %(funder)s", amount=amount, funder=self.partner_id.name)

    @api.model
    def _remind(self):
        # money comes in by the books, whose entries know nothing of reminders
        self.search([("reminded", "!=", False)])._forget_reminders()
        return super()._remind()

    # --- Actions ---

    def action_cancel(self):
        """It will not come; what is in the books is taken off there."""
        if booked := self.filtered("is_booked"):
            raise UserError(
                self.env._(
                    "“%(name)s” is in the books: an accountant takes it off there, with a credit entry.",
                    name=booked[0].display_name,
                )
            )
        self.date_cancelled = fields.Date.context_today(self)
        self._forget_reminders()

    def action_restore(self):
        self.date_cancelled = False

    def action_receive(self):
        """The window of a receipt, on those of these instalments that are awaited."""
        awaited = self.filtered(lambda row: row.state in OPEN)
        if not awaited:
            raise UserError(self.env._("Nothing is awaited any more here."))
        awaited._check_may_pay()
        amount = self.env.context.get("pope_transfer_amount", sum(awaited.mapped("amount_left")))
        return awaited._open_transfer(self.env._("Payment Received"), amount)

    def action_pay_back(self):
        paid = self.filtered("amount_received")
        if not paid:
            raise UserError(self.env._("Nothing was received here that could be paid back."))
        paid._check_may_pay()
        return paid._open_transfer(self.env._("Paid Back to the Funder"), 0.0, is_refund=True)

    def _check_may_pay(self):
        if any(self.mapped("makes_entry")) and not self.env["account.payment"].has_access("create"):
            raise UserError(
                self.env._("The pole's money is recorded by who keeps its books: tell them what the funder paid.")
            )

    def _open_transfer(self, title, amount, is_refund=False):
        wizard = self.env["pope.funding.receipt"].create(
            {"instalment_ids": [Command.set(self.ids)], "is_refund": is_refund, "amount": amount}
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }
