from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang


class FundingInstalment(models.Model):
    """Money that a funder sends, or gets back: stock payments, reconciled with the lines of the awards."""

    _inherit = "pope.funding.instalment"

    def _receive(self, amount, shares, day, journal):
        """One transfer of one funder.

        What is over the shares stays on the payment, an open credit of the funder on the same account: it was paid by
        mistake or for a later award, which only the funder can tell, and it is then paid back or reconciled as it is.

        :param amount: of the transfer
        :param shares: dict: what each instalment gets of it
        :param day: date of the transfer
        :param journal: of the bank or the cash where it came; none where money is typed and not booked
        """
        self._check_transfer(day, journal)
        self._check_shares(amount, shares)
        if not self[0].makes_entry:
            for instalment, share in shares.items():
                instalment.write({"amount_typed": instalment.amount_typed + share, "date_typed": day})
        else:
            self._post_awards()
            over = amount - sum(shares.values())
            for account, instalments in self.grouped(lambda row: row.move_line_id.account_id).items():
                own = sum(shares[instalment] for instalment in instalments)
                payment = self._pay(own + over, day, journal, account)
                line = payment.move_id.line_ids.filtered(lambda line, account=account: line.account_id == account)
                instalments._reconcile_shares(line, shares)
                over = 0.0
        self._log_transfer(shares, day)

    def _reconcile_shares(self, payment_line, shares):
        """Odoo pays one line before the next: the only short one goes last, others are written as they were told."""
        short = self.filtered(lambda row: row.currency_id.compare_amounts(shares[row], row.amount_left) < 0)
        full, last = (self - short).move_line_id, short.move_line_id
        if len(short) > 1:
            self.env["account.partial.reconcile"].create(
                [
                    {
                        "debit_move_id": row.move_line_id.id,
                        "credit_move_id": payment_line.id,
                        "amount": shares[row],
                        "debit_amount_currency": shares[row],
                        "credit_amount_currency": shares[row],
                    }
                    for row in short
                ]
            )
            last = last.browse()
        self.env["account.move.line"]._reconcile_plan([payment_line + lines for lines in (full, last) if lines])

    def _pay_back(self, amount, day, journal):
        """One transfer back to the funder: first what it paid too much, then what came last, which is awaited again.

        :param amount: of the transfer
        :param day: date of the transfer
        :param journal: of the bank or the cash that pays; none where money is typed and not booked
        """
        self._check_transfer(day, journal)
        self._check_paid(amount)
        rows = self.sorted(lambda row: (row.date_received or row.create_date.date(), row.id), reverse=True)
        if not self[0].makes_entry:
            left = amount
            for instalment in rows:
                share = min(left, instalment.amount_typed)
                instalment.amount_typed -= share
                left -= share
        else:
            rows._pay_back_books(amount, day, journal)
        self._log_transfer({rows[0]: -amount}, day)

    def _pay_back_books(self, amount, day, journal):
        """The refund takes the place of the award on the last payments; their rest goes back to the award."""
        money = self._money()
        over = -sum(money.credit_move_id.mapped("amount_residual"))
        taken = money.browse()
        for partial in money:
            if self.currency_id.compare_amounts(over + sum(taken.mapped("amount")), amount) < 0:
                taken += partial
        account = money.debit_move_id.account_id
        if len(account) > 1:
            raise UserError(
                self.env._(
                    "What was received is on several accounts (%(names)s): pay back one instalment at a time.",
                    names=", ".join(account.mapped("display_name")),
                )
            )
        pairs = [(partial.credit_move_id, partial.debit_move_id) for partial in taken]
        credits = money.filtered(lambda partial: partial.credit_move_id.amount_residual).credit_move_id
        taken.unlink()
        payment = self._pay(-amount, day, journal, account)
        refund = payment.move_id.line_ids.filtered(lambda line: line.account_id == account)
        credits |= self.env["account.move.line"].union(*(credit for credit, _debit in pairs))
        self.env["account.move.line"]._reconcile_plan(
            [*(refund + credit for credit in credits), *(credit + debit for credit, debit in pairs)]
        )

    def _money(self):
        """Reconciliations with a bank or the cash, the last ones first."""
        partials = self.move_line_id.matched_credit_ids
        money = partials.filtered(lambda partial: partial.credit_move_id.journal_id.type in ("bank", "cash"))
        return money.sorted(lambda partial: (partial.credit_move_id.date, partial.id), reverse=True)

    def _pay(self, amount, day, journal, account):
        """A stock payment, posted: received, or sent where the amount is negative."""
        names = self.funding_id.mapped("name")
        payment = self.env["account.payment"].create(
            {
                "date": day,
                "amount": abs(amount),
                "payment_type": "inbound" if amount > 0 else "outbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.commercial_partner_id.id,
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "destination_account_id": account.id,
                "memo": ", ".join(names),
            }
        )
        payment.action_post()
        return payment

    def _post_awards(self):
        """The entries of the awards, made where they are missing, and posted: a payment is reconciled with no draft."""
        for funding in self.filtered(lambda row: not row.is_booked).funding_id:
            funding._book_award(funding.date_decision or fields.Date.context_today(self))
        moves = self.move_line_id.move_id.filtered(lambda move: move.state == "draft")
        for move in moves:
            move.company_id._pope_check_open(move.date, move.journal_id)
        moves.action_post()

    # --- What is refused: the books would be wrong ---

    def _check_transfer(self, day, journal):
        if len(self.partner_id.commercial_partner_id) > 1 or len(self.company_id) > 1:
            raise UserError(self.env._("A transfer comes from one funder: choose the instalments of one at a time."))
        if len(set(self.mapped("makes_entry"))) > 1:
            raise UserError(self.env._("The pole's money and that of projects do not come in one transfer."))
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("Money that has not come yet is not received: the date is in the future."))
        if not self[0].makes_entry:
            return
        if not journal:
            raise UserError(self.env._("Choose the bank where the money came."))
        if pending := self.funding_id.filtered("condition_pending"):
            raise UserError(
                self.env._(
                    "The award of “%(name)s” still waits for its condition: say that it is met first.",
                    name=pending[0].name,
                )
            )
        self.company_id._pope_check_open(day, journal)

    def _check_shares(self, amount, shares):
        currency = self.currency_id
        for instalment, share in shares.items():
            if share < 0 or currency.compare_amounts(share, instalment.amount_left) > 0:
                raise UserError(
                    self.env._(
                        "%(name)s: %(share)s, and %(left)s is awaited. What is over is left out of the table.",
                        name=instalment.display_name,
                        share=formatLang(self.env, share, currency_obj=currency),
                        left=formatLang(self.env, instalment.amount_left, currency_obj=currency),
                    )
                )
        if amount <= 0 or currency.compare_amounts(sum(shares.values()), amount) > 0:
            raise UserError(self.env._("The amount of the transfer is less than what is shared out."))

    def _check_paid(self, amount):
        paid = sum(self.mapped("amount_received")) + sum(self.funding_id.mapped("amount_over"))
        if amount <= 0 or self.currency_id.compare_amounts(amount, paid) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than the funder paid, %(paid)s: no more than that is paid back.",
                    amount=formatLang(self.env, amount, currency_obj=self.currency_id),
                    paid=formatLang(self.env, paid, currency_obj=self.currency_id),
                )
            )

    def _log_transfer(self, shares, day):
        """A line in the story of each file: what came, or went back where it is negative."""
        self._forget_reminders()
        for funding, rows in self.browse(row.id for row in shares if shares[row]).grouped("funding_id").items():
            amount = sum(shares[row] for row in rows)
            words = {
                "day": format_date(self.env, day),
                "amount": formatLang(self.env, abs(amount), currency_obj=funding.currency_id),
            }
            if amount > 0:
                body = self.env._("Received on %(day)s: %(amount)s.", **words)
            else:
                body = self.env._("Paid back to the funder on %(day)s: %(amount)s.", **words)
            funding._message_log(body=body)
