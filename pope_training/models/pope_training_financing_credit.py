from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

NOTHING_OWED = ("withdrawn", "refused")


class TrainingFinancing(models.Model):
    """What was invoiced beyond what is owed, once that is known: handed to the accountant as what is to be invoiced is,
    then a draft credit note on each invoice that asked for it."""

    _inherit = "pope.training.financing"

    amount_excess = fields.Monetary(
        string="Invoiced Too Much",
        compute="_compute_amount_excess",
        search="_search_amount_excess",
        help="Beyond what is owed in the end, without tax, what is in a draft credit note taken off.",
    )
    excess_reason = fields.Selection(
        [
            ("withdrawn", "Withdrawal"),
            ("refused", "Refused by the payer"),
            ("called_off", "Session cancelled"),
            ("force_majeure", "Force majeure"),
            ("given_up", "Training given up"),
            ("followed", "Hours really followed"),
        ],
        string="Why Too Much",
        compute="_compute_amount_excess",
    )

    @api.depends(
        *("state", "amount_agreed", "hours_granted", "amount_invoiced", "amount_crediting"),
        *("agreement_id.state", "agreement_id.hours", "event_id.kanban_state", "event_id.date_end"),
        *("enrolment_id.state", "enrolment_id.registration_id.active", "enrolment_id.date_left"),
        *("enrolment_id.left_cause", "enrolment_id.hours_attended", "enrolment_id.attendance_ids.status"),
    )
    def _compute_amount_excess(self):
        invoiced = self.filtered(lambda line: line.amount_invoiced - line.amount_crediting > 0)
        waiting = invoiced._not_noted_yet()
        for line in self:
            reason = line in invoiced and line._ended(line.enrolment_id in waiting)
            known = line.amount_invoiced - line.amount_crediting
            excess = max(line.currency_id.round(known - line._owed(reason)), 0.0) if reason else 0.0
            line.amount_excess = excess
            line.excess_reason = reason if excess else False

    def _search_amount_excess(self, operator, value):
        if operator != ">" or value:
            return NotImplemented
        ended = Domain.OR(
            [
                [("agreement_id.state", "=", "withdrawn")],
                [("state", "=", "refused")],
                [("enrolment_id.state", "=", "cancel")],
                [("enrolment_id.registration_id.active", "=", False)],
                [("enrolment_id.date_left", "!=", False)],
                [("event_id.kanban_state", "=", "cancel")],
                [("event_id.date_end", "<=", self.env.cr.now())],
            ]
        )
        lines = self.search(Domain("amount_invoiced", ">", 0) & ended)
        return Domain("id", "in", lines.filtered("amount_excess").ids)

    def _not_noted_yet(self):
        """The trainees of whom a half-day is still to be noted: what they followed is not known."""
        rows = self.env["pope.attendance"]._read_group(
            [
                ("enrolment_id", "in", self.enrolment_id.ids),
                ("slot_id.state", "=", "planned"),
                ("status", "=", "todo"),
            ],
            ["enrolment_id"],
        )
        return self.enrolment_id.browse().union(*(enrolment for (enrolment,) in rows))

    @api.private
    def _left_by(self):
        """Why no more than what was followed is owed, or nothing."""
        enrolment = self.enrolment_id
        if self.agreement_id.state == "withdrawn":
            return "withdrawn"
        if self.state == "refused":
            return "refused"
        if self.event_id.kanban_state == "cancel":
            return "called_off"
        if enrolment.date_left:
            return "force_majeure" if enrolment.left_cause == "force_majeure" else "given_up"
        gone = enrolment.state == "cancel" or not enrolment.registration_id.active
        return "given_up" if gone else False

    def _ended(self, is_waiting):
        """Why what is owed will not change any more, or nothing.

        Who pays for themselves owes the price of their contract even for what they missed, unless they left.

        :param is_waiting: whether a half-day is still to be noted
        """
        reason = self._left_by()
        if not reason and not self._is_deposit() and self.enrolment_id._is_over_for():
            reason = "followed"
        return reason if reason in NOTHING_OWED or not is_waiting else False

    def _owed(self, reason):
        """What is owed in the end, without tax: the hours really followed, at the price agreed."""
        if reason in NOTHING_OWED:
            return 0.0
        known = self._hours_agreed() or self.enrolment_id.hours_attended or self._is_flat()
        return self.currency_id.round(self.amount_agreed * (self._share_followed() if known else 0.0))

    @api.private
    def _credits(self):
        """What is to be credited.

        :return: dict line → amount without tax and hours, below zero
        """
        return {
            line: (-line.amount_excess, -line.hours_invoiced * line.amount_excess / line.amount_invoiced)
            for line in self
            if line.amount_excess
        }

    def action_credit(self):
        """Hand to the accountant what was invoiced too much."""
        found = self.filtered(lambda line: line.amount_proposed >= 0)._credits()
        if not found:
            raise UserError(
                self.env._(
                    "Nothing was invoiced too much among these lines, or it was handed to the accountant already."
                )
            )
        self._propose(found)
        return self.env["event.event"]._pope_said(self.env._("Handed to the accountant, in “Invoices of Trainings”."))

    # --- Draft credit notes ---

    def _check_not_credited_twice(self, amount):
        known = self.amount_invoiced - self.amount_crediting
        if self.currency_id.compare_amounts(amount, known) > 0:
            raise UserError(
                self.env._(
                    "%(name)s: %(known)s is invoiced and in no credit note yet. Nothing is credited twice.",
                    name=self.enrolment_id.display_name,
                    known=self._money(known),
                )
            )

    @api.private
    def _credit_notes(self, proposals):
        """One for each invoice, the last ones first.

        :param proposals: dict line → amount without tax, hours; below zero
        """
        rows = defaultdict(list)
        for line in self:
            for row, amount in line._rows_to_credit(-proposals[line][0]):
                rows[row.move_id].append(line._credit_line_values(row, amount))
        moves = self.env["account.move"].create(
            [
                {**self._credit_note_values(invoice), "invoice_line_ids": [Command.create(line) for line in lines]}
                for invoice, lines in rows.items()
            ]
        )
        self.write({"amount_proposed": 0, "hours_proposed": 0})
        return moves

    def _rows_to_credit(self, amount):
        """The rows of posted invoices that asked for an amount, with what is credited of each, the last ones first."""
        living = self.invoice_line_ids.filtered(lambda row: row.parent_state in ("draft", "posted"))
        notes = living.filtered(lambda row: row.move_id.move_type == "out_refund")
        asked = (living - notes).filtered(lambda row: row.parent_state == "posted" and row.balance < 0)
        left = defaultdict(float)
        for row in asked:
            left[row.move_id] -= row.balance
        for row in notes:
            left[row.move_id.reversed_entry_id] -= row.balance
        for row in asked.sorted(lambda row: (row.date, row.id), reverse=True):
            part = self.currency_id.round(min(amount, -row.balance, left[row.move_id]))
            if self.currency_id.compare_amounts(part, 0) > 0:
                yield row, part
                amount -= part
                left[row.move_id] -= part

    def _credit_note_values(self, invoice):
        return {
            "move_type": "out_refund",
            "reversed_entry_id": invoice.id,
            "company_id": invoice.company_id.id,
            "journal_id": invoice.journal_id.id,
            "partner_id": invoice.partner_id.id,
            "currency_id": invoice.currency_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "pope_session_id": invoice.pope_session_id.id,
            "invoice_user_id": self.env.user.id,
            "ref": self.env._("Credit on %(invoice)s", invoice=invoice.name),
            "narration": invoice.narration,
        }

    def _credit_line_values(self, row, amount):
        """Of the same account, taxes and analytic distribution as the row, whatever is configured since."""
        asked = row.price_unit * row.quantity * (1 - row.discount / 100)
        return {
            "pope_financing_id": self.id,
            "pope_hours": row.pope_hours * amount / -row.balance,
            "product_id": row.product_id.id,
            "name": self.with_context(lang=row.partner_id.lang or row.company_id._pope_paper_lang())._credit_label(),
            "account_id": row.account_id.id,
            "tax_ids": [Command.set(row.tax_ids.ids)],
            "analytic_distribution": row.analytic_distribution,
            "quantity": 1,
            # a row in another currency or with tax included is credited as it asked
            "price_unit": asked * amount / -row.balance,
        }

    def _credit_label(self):
        """What the payer reads: whose training, and why they owe less."""
        label = self.env["event.event"]._pope_hours_label
        told = [
            self.event_id.pope_program_id.name or self.event_id.name,
            self.env._("Trainee: %(name)s", name=self.enrolment_id.partner_id.name),
            self._reason_words(self._left_by() or "followed"),
            self.env._(
                "Hours followed: %(followed)s of %(agreed)s",
                followed=label(self.enrolment_id.hours_attended),
                agreed=label(self._hours_agreed()),
            ),
        ]
        if self.number:
            told.append(self.env._("Agreement number: %(number)s", number=self.number))
        return "\n".join(told)

    def _reason_words(self, reason):
        """With the article, for who pays for themselves."""
        if reason == "withdrawn":
            return self.env._("Withdrawal: everything is given back (Code du travail, L6353-5 and L6353-6)")
        if reason == "force_majeure" and self._is_deposit():
            return self.env._(
                "Force majeure: only what was really given is due, in proportion (Code du travail, L6353-7)"
            )
        if reason == "given_up" and self.enrolment_id.date_left:
            day = format_date(self.env, self.enrolment_id.date_left)
            return self.env._("left the training after %(day)s", day=day).capitalize()
        selection = dict(self._fields["excess_reason"]._description_selection(self.env))
        return selection[reason]

    @api.private
    def _told_too_much(self):
        """What the comparison says of what was asked for beyond what is owed."""
        told = []
        if self.amount_excess:
            told.append(
                self.env._(
                    "%(amount)s invoiced too much, to be credited (%(why)s)",
                    amount=self._money(self.amount_excess),
                    why=self._reason_words(self.excess_reason),
                )
            )
        if self.amount_crediting:
            told.append(self.env._("%(amount)s in a draft credit note", amount=self._money(self.amount_crediting)))
        reason, drafted = self._left_by(), self.amount_drafted + self.amount_crediting
        if reason and drafted > 0 and self.currency_id.compare_amounts(drafted, self._owed(reason)) > 0:
            told.append(
                self.env._(
                    "%(amount)s in a draft invoice, beyond what is owed: change it or delete it",
                    amount=self._money(drafted),
                )
            )
        return told


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    excess_note = fields.Char(string="To Be Credited", compute="_compute_excess_note")

    @api.depends("financing_ids.amount_excess", "financing_ids.amount_proposed")
    @api.depends_context("lang")
    def _compute_excess_note(self):
        """For who sees the trainee: what was invoiced too much, and whether the accountant has it in hand."""
        for enrolment in self:
            lines = enrolment.financing_ids.filtered("amount_excess")
            told = [f"{line.partner_id.name}\xa0: {', '.join(line._told_too_much())}" for line in lines]
            enrolment.excess_note = "\n".join(told)

    def _compute_hours_attended(self):
        """What somebody who left owes goes by the hours that they followed."""
        super()._compute_hours_attended()
        if lines := self.filtered("date_left").financing_ids:
            self.env.add_to_compute(lines._fields["invoice_state"], lines)
            rows = lines.agreement_id.instalment_ids
            self.env.add_to_compute(rows._fields["is_asked"], rows)
