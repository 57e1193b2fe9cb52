from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .inner import INNER

INVOICES = ("out_invoice", "out_receipt")
MONEY = ("bank", "cash", "credit")  # types of journals


class AccountMove(models.Model):
    """Invoices of trainings: from which session they are; and what the law lets a trainee be asked for.

    What is not ours is left as it is, and costs no query: an invoice of ours bears its session, and the people who have
    a contract are known.
    """

    _inherit = "account.move"

    pope_session_id = fields.Many2one(
        "event.event",
        string="Training Session",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.constrains("state")
    def _check_pope_contract(self):
        for move in self.filtered(lambda move: move.state == "posted"):
            if move.pope_session_id and move.move_type in INVOICES:
                move._pope_check_invoiced()
            elif move.move_type == "entry":
                move._pope_check_paid_alone()

    @api.constrains("pope_session_id")
    def _check_pope_session(self):
        # sudo: an invoice of ours stays ours, whoever writes it
        self.sudo().invoice_line_ids._check_pope_session()

    def _pope_day(self):
        """A date to come does not put off what is asked for today."""
        today = (self.company_id or self.env.company)._pope_day_of(self.env.cr.now())
        return min(self.invoice_date or self.date or today, today)

    def _pope_check_invoiced(self):
        """What is invoiced to somebody who pays for themselves stands within their contract."""
        # sudo: the law does not depend on who validates the invoice
        lines = self.sudo().invoice_line_ids.filtered("pope_financing_id")
        owed = lines.pope_financing_id.filtered(lambda line: line.scheme_id.contract == "contract")
        for financing in owed.filtered(lambda line: not line.agreement_id):
            financing._refuse_without_contract()
        for contract in owed.agreement_id.filtered(lambda row: row.kind == "contract"):
            contract._check_limit(self._pope_day(), contract._invoiced(), contract.amount)

    def _pope_check_paid_alone(self):
        """Money that comes without an invoice from somebody who has a contract is money for it, whichever journal."""
        Agreement = self.env["pope.training.agreement"]
        watched = Agreement._watched_partners()
        # what pays an invoice is looked at when it meets it
        if not watched or self.env.context.get("pope_pays_moves") is INNER:
            return
        credit = self.line_ids.filtered(
            lambda line: (
                line.partner_id.commercial_partner_id.id in watched
                and line.account_id.account_type == "asset_receivable"
                and line.balance < 0
            )
        )
        if not credit or not self._pope_is_money():
            return
        for partner in credit.partner_id.commercial_partner_id:
            # sudo: as above
            contracts = Agreement.sudo().search(
                [
                    ("partner_id.commercial_partner_id", "=", partner.id),
                    ("kind", "=", "contract"),
                    ("state", "in", ("sent", "signed")),
                    ("company_id", "=", self.company_id.id),
                ]
            )
            if contracts:
                contracts._check_paid(self._pope_day())

    def _pope_is_money(self):
        """Of a bank or cash journal, or an entry typed by hand that moves a bank or cash account."""
        return self.journal_id.type in MONEY or "asset_cash" in self.line_ids.account_id.mapped("account_type")

    def copy_data(self, default=None):
        """A credit note is of the same session."""
        values_list = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            for move, values in zip(self, values_list, strict=True):
                values["pope_session_id"] = move.pope_session_id.id
        return values_list


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.constrains("pope_financing_id")
    def _check_pope_session(self):
        """An invoice of ours is told by its session: one that bears none is not looked at."""
        if any(line.pope_financing_id and not line.move_id.pope_session_id for line in self):
            raise ValidationError(
                self.env._("What a training is paid by is invoiced from its session: use “Invoice the Session”.")
            )

    @api.constrains("account_id", "partner_id")
    def _check_pope_contract(self):
        """Money that waited, as a line of the bank, and is said to come from somebody who has a contract."""
        watched = self.env["pope.training.agreement"]._watched_partners()
        known = (
            self.filtered(lambda line: line.partner_id.commercial_partner_id.id in watched)
            if watched
            else self.browse()
        )
        for move in known.move_id.filtered(lambda move: move.state == "posted" and move.move_type == "entry"):
            move._pope_check_paid_alone()

    def _copy_data_extend_business_fields(self, values):
        super()._copy_data_extend_business_fields(values)
        values["pope_financing_id"] = self.pope_financing_id.id


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.constrains("debit_move_id", "credit_move_id", "amount")
    def _check_pope_contract(self):
        """However money meets an invoice of ours, it stands within the contract of who pays for themselves."""
        for partial in self:
            invoice, other = partial.debit_move_id.move_id, partial.credit_move_id.move_id
            if not invoice.pope_session_id or invoice.move_type not in INVOICES or other.move_type == "out_refund":
                continue
            # sudo: the law does not depend on who notes the payment
            owed = invoice.sudo().invoice_line_ids.pope_financing_id
            for contract in owed.agreement_id.filtered(lambda row: row.kind == "contract"):
                contract._check_paid(other._pope_day(), alone=False)


class TrainingAgreement(models.Model):
    _inherit = "pope.training.agreement"

    @api.private
    def _invoice_lines(self):
        return self.financing_ids.invoice_line_ids.filtered(lambda line: line.parent_state == "posted")

    @api.private
    def _invoiced(self):
        """Without tax, credit notes taken off."""
        return -sum(self._invoice_lines().mapped("balance"))

    @api.private
    def _price_with_tax(self):
        """The price as it is paid: with the taxes of what is invoiced."""
        invoices = self._invoice_lines().move_id.filtered(lambda move: move.move_type in INVOICES)
        untaxed = sum(invoices.mapped("amount_untaxed"))
        rate = sum(invoices.mapped("amount_total")) / untaxed if untaxed else self.company_id._pope_training_rate()
        return self.amount * rate

    @api.private
    def _payments(self, day, alone):
        """What was paid until a day: money that met the invoices of these contracts, less what was given back on their
        credit notes, and money that waits alone."""
        moves = self._invoice_lines().move_id
        invoices = moves.filtered(lambda move: move.move_type in INVOICES)
        owed = invoices.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        partials = owed.matched_credit_ids.filtered(lambda row: row.credit_move_id.move_id.move_type != "out_refund")
        met = sum(partials.filtered(lambda row: row.credit_move_id.move_id._pope_day() <= day).mapped("amount"))
        owing = (moves - invoices).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        back = owing.matched_debit_ids.filtered(lambda row: row.debit_move_id.move_id.move_type not in INVOICES)
        met -= sum(back.filtered(lambda row: row.debit_move_id.move_id._pope_day() <= day).mapped("amount"))
        if not alone:
            return met
        waiting = (
            self.env["account.move.line"]
            .search(
                [
                    ("partner_id.commercial_partner_id", "in", self.partner_id.commercial_partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("move_type", "=", "entry"),
                    ("balance", "<", 0),
                    ("reconciled", "=", False),
                ]
            )
            .filtered(lambda line: line.move_id._pope_day() <= day and line.move_id._pope_is_money())
        )
        return met - sum(waiting.mapped("amount_residual"))

    @api.private
    def _check_paid(self, day, alone=True):
        """What these contracts were paid, with the money that just came, is what they allow."""
        paid = self._payments(day, alone)
        if len(self) == 1:
            return self._check_limit(day, paid, self._price_with_tax())
        allowed = sum(row._allowed(day) * row._price_with_tax() for row in self)
        if self.currency_id.compare_amounts(paid, allowed) > 0:
            last = self.sorted(lambda row: row.date_withdrawal_end or row.create_date.date())[-1]
            last._check_limit(day, paid, last._price_with_tax())
