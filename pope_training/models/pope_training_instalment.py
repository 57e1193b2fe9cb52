from itertools import accumulate

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang, groupby

from .pope_training_agreement_limits import FIRST_SHARE


class TrainingInstalment(models.Model):
    """When a person who pays for themselves pays what: agreed in their contract (Code du travail, L6353-6)."""

    _name = "pope.training.instalment"
    _description = "Instalment of a Training Contract"
    _order = "agreement_id, date NULLS FIRST, id"

    agreement_id = fields.Many2one(
        "pope.training.agreement", string="Contract", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Who Pays")
    event_id = fields.Many2one(related="agreement_id.event_id", store=True, index=True)
    agreement_state = fields.Selection(related="agreement_id.state", string="Contract Is")
    date = fields.Date(string="Agreed For", help="Empty: as soon as the withdrawal period is over.")
    amount = fields.Monetary(required=True, help="Without tax, as the price of the contract.")
    share = fields.Float(string="Share of the Price", compute="_compute_share")
    date_due = fields.Date(
        string="Due On",
        compute="_compute_date_due",
        store=True,
        help="Known once the contract is signed: never before the withdrawal period is over.",
    )
    is_asked = fields.Boolean(
        string="Asked For",
        compute="_compute_is_asked",
        store=True,
        help="Handed to the accountant, in a draft invoice, or invoiced.",
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An instalment must have a positive amount.")

    @api.depends("agreement_id.partner_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            day = row.date or row.date_due
            when = row.agreement_id._day_label(day) if day else self.env._("End of the withdrawal period")
            row.display_name = f"{row.partner_id.name or ''} – {when}"

    @api.depends("amount", "agreement_id.amount")
    def _compute_share(self):
        for row in self:
            row.share = row.amount / row.agreement_id.amount if row.agreement_id.amount else 0

    @api.depends("date", "agreement_id.state", "agreement_id.date_withdrawal_end")
    def _compute_date_due(self):
        for row in self:
            first = row.agreement_id.state == "signed" and row.agreement_id._first_day_asked()
            row.date_due = first and max(first, row.date or first)

    @api.depends(
        *("amount", "date", "agreement_id.instalment_ids.amount", "agreement_id.instalment_ids.date"),
        "agreement_id.financing_ids.amount_proposed",
        "agreement_id.financing_ids.amount_drafted",
        "agreement_id.financing_ids.amount_invoiced",
        "agreement_id.financing_ids.enrolment_id.state",
        "agreement_id.financing_ids.enrolment_id.registration_id.active",
        "agreement_id.financing_ids.enrolment_id.date_left",
        "agreement_id.event_id.kanban_state",
    )
    def _compute_is_asked(self):
        """What was asked for covers the first instalments first; nothing more is asked for of who gave up than what
        they followed."""
        for agreement, rows in self.grouped("agreement_id").items():
            asked = sum(line._amount_asked() for line in agreement.financing_ids)
            most = sum(line._amount_at_most() for line in agreement.financing_ids)
            ordered = agreement.instalment_ids._in_order()
            due = dict(zip(ordered.ids, accumulate(ordered.mapped("amount")), strict=True))
            for row in rows:
                owed = due.get(row.id, 0)
                row.is_asked = bool(owed) and agreement.currency_id.compare_amounts(asked, min(owed, most)) >= 0

    def _in_order(self):
        return self.sorted(lambda row: (bool(row.date), row.date or row.create_date, row.id))

    # --- What was sent does not change ---

    def _refuse_once_sent(self):
        if kept := self.agreement_id.filtered(lambda row: row.state != "draft"):
            raise UserError(
                self.env._(
                    "“%(name)s” was sent: it does not change any more. Issue it again, the former version is kept.",
                    name=kept[0].display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._refuse_once_sent()
        return rows

    def write(self, vals):
        self._refuse_once_sent()
        result = super().write(vals)
        self._refuse_once_sent()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._refuse_once_sent()

    # --- What is due ---

    def action_propose(self):
        """Hand to the accountant what is due today of these contracts."""
        lines = self.agreement_id.financing_ids._to_invoice()
        due = {line: (amount, 0) for line in lines if (amount := line._amount_due())}
        due |= self.agreement_id.financing_ids.filtered(lambda line: line.amount_proposed >= 0)._credits()
        if not due:
            raise UserError(self.env._("Nothing is due today in these contracts, or it was asked for already."))
        self.env["pope.training.financing"]._propose(due)
        return self.env["event.event"]._pope_said(self.env._("Handed to the accountant, in “Invoices of Trainings”."))


class TrainingAgreement(models.Model):
    """The instalments of an individual contract: proposed as the law allows them, changed as long as it is a draft."""

    _inherit = "pope.training.agreement"

    instalment_ids = fields.One2many(
        "pope.training.instalment",
        "agreement_id",
        string="Schedule of Payments",
        compute="_compute_instalment_ids",
        store=True,
        readonly=False,
        copy=False,
    )

    @api.depends("kind", "amount", "event_id.pope_slot_ids.hours", "event_id.pope_slot_ids.state")
    def _compute_instalment_ids(self):
        """What people wrote stays as long as it may be agreed."""
        for agreement in self.filtered(lambda row: row.state == "draft"):
            if not agreement.instalment_ids or agreement._schedule_gap():
                agreement.instalment_ids = agreement._usual_instalments()

    def action_usual_schedule(self):
        self.check_access("write")
        for agreement in self.filtered(lambda row: row.state == "draft"):
            agreement.instalment_ids = agreement._usual_instalments()

    def _usual_instalments(self):
        """30 % once the withdrawal period is over; the balance at the end of each month of the training."""
        commands = [Command.clear()]
        if self.kind != "contract" or not self.event_id or self.currency_id.compare_amounts(self.amount, 0) <= 0:
            return commands
        first = fields.Date.add(self._end_if_signed_today(), days=1)
        months = groupby(self._days(), lambda day: (day.year, day.month))
        days = sorted({max(first, *days) for _month, days in months})
        asked = 0
        for day in (False, *days):
            reached = self.currency_id.round(self.amount * (self._share_on(day) if day else FIRST_SHARE))
            if self.currency_id.compare_amounts(reached, asked) > 0:
                commands.append(Command.create({"date": day, "amount": reached - asked}))
            asked = reached
        return commands

    def _end_if_signed_today(self):
        """The last day of the withdrawal period, at the soonest."""
        return fields.Date.add(fields.Date.context_today(self), days=self.withdrawal_days)

    @api.private
    def _schedule_gap(self):
        """Why these instalments cannot be agreed, or nothing."""
        if self.kind != "contract" or not self.amount:
            return ""
        compare, rows = self.currency_id.compare_amounts, self.instalment_ids._in_order()
        total = sum(rows.mapped("amount"))
        if compare(total, self.amount):
            return self.env._(
                "instalments that add up to the price (%(total)s instead of %(price)s)",
                total=self._money(total),
                price=self._money(self.amount),
            )
        end = self._end_if_signed_today()
        if early := rows.filtered(lambda row: row.date and row.date <= end):
            return self.env._(
                "no instalment before the withdrawal period is over (%(day)s; L6353-6)",
                day=self._day_label(early[0].date),
            )
        for row, reached in zip(rows, accumulate(rows.mapped("amount")), strict=True):
            most = self.amount * (self._share_on(row.date) if row.date else FIRST_SHARE)
            if compare(reached, most) > 0:
                return self.env._(
                    "instalments that the law allows: %(asked)s by then, %(most)s at most (L6353-6)",
                    asked=self._money(reached),
                    most=self._money(most),
                )
        return ""

    def _pope_document_gaps(self, kind):
        gaps = super()._pope_document_gaps(kind)
        if kind.code == "contract" and (gap := self._schedule_gap()):
            gaps.append((gap, self))
        return gaps

    def _schedule_words(self):
        """The instalments, with tax, as they are to be paid."""
        rate = self._price_with_tax() / self.amount if self.amount else 1
        rows = [
            (
                self._pope_document_day(row.date) or self.env._("Once the withdrawal period is over"),
                self._money(self.currency_id.round(row.amount * rate)),
                f"{formatLang(self.env, row.share * 100, digits=1)}\xa0%",
            )
            for row in self.instalment_ids._in_order()
        ]
        head = (self.env._("Due"), self.env._("Amount"), self.env._("Share of the price"))
        return self._pope_document_table(head, rows) if rows else ""

    # --- What may be asked for ---

    @api.private
    def _share_due(self, day):
        """The share of the price that the schedule asks for by a day, within what the law allows."""
        allowed = self._allowed(day)
        if not self.instalment_ids or not self.amount:
            return allowed
        due = self.instalment_ids.filtered(lambda row: row.date_due and row.date_due <= day)
        return min(allowed, sum(due.mapped("amount")) / self.amount)
