from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from ..core.public_holidays import is_public_holiday

REMOTE_DAYS = 14  # Code de la consommation, L221-18
USUAL_DAYS = 10  # Code du travail, L6353-5
FIRST_SHARE = 0.3  # Code du travail, L6353-6


class TrainingAgreement(models.Model):
    """What the law lets a person who pays for themselves be asked for, and when; and their withdrawal."""

    _inherit = "pope.training.agreement"

    withdrawal_days = fields.Integer(
        string="Days to Withdraw",
        compute="_compute_date_withdrawal_end",
        store=True,
        help="14 days when it is concluded at a distance (Code de la consommation, L221-18), else 10"
        " (Code du travail, L6353-5).",
    )
    date_withdrawal_end = fields.Date(
        string="May Be Withdrawn From Until", compute="_compute_date_withdrawal_end", store=True, index="btree_not_null"
    )
    date_withdrawn = fields.Date(string="Withdrawn From On", readonly=True, copy=False, tracking=True)

    @api.depends("kind", "is_remote", "date_signed")
    def _compute_date_withdrawal_end(self):
        for row in self:
            row.withdrawal_days = row.kind == "contract" and (REMOTE_DAYS if row.is_remote else USUAL_DAYS)
            signed = row.kind == "contract" and row.date_signed
            row.date_withdrawal_end = signed and _worked(signed + timedelta(days=row.withdrawal_days))

    @api.private
    def _delay_sentence(self):
        """What is told of the withdrawal period."""
        if self.kind != "contract":
            return False
        if self.date_withdrawal_end:
            return self.env._(
                "You may change your mind until %(day)s, without giving a reason. Until then, you have nothing to pay.",
                day=self._day_label(self.date_withdrawal_end),
            )
        return self.env._(
            "Once you have signed, you have %(days)s days to change your mind, without giving a reason. Until then, you"
            " have nothing to pay.",
            days=self.withdrawal_days,
        )

    # --- Withdrawal ---

    @api.private
    def _may_withdraw(self, day):
        return bool(self.kind == "contract" and self.state == "signed" and day <= self.date_withdrawal_end)

    @api.private
    def _withdraw(self, day, reason, **proof):
        """The person changed their mind in time: contract and enrolment are cancelled, they are told, and what was
        invoiced all the same is refunded.

        :param day: when they said it
        """
        self.ensure_one()
        if not self._may_withdraw(day):
            raise UserError(
                self.env._(
                    "“%(name)s” cannot be withdrawn from on %(day)s: the period ended on %(end)s.",
                    name=self.display_name,
                    day=self._day_label(day),
                    end=self.date_withdrawal_end and self._day_label(self.date_withdrawal_end),
                )
            )
        self._prove("withdrawn", day, reason=reason, **proof)
        self._close("withdrawn", date_withdrawn=day, refusal=reason)
        registrations = self.financing_ids.enrolment_id.registration_id
        registrations.filtered(lambda row: row.state in ("draft", "open")).action_cancel()
        self.message_post(body=self.env._("%(name)s withdrew.", name=self.signatory_id.name))
        self._tell("agreement_withdrawn")
        refunded = self._refund()
        told = self.env._("Withdrawal: %(name)s", name=self.display_name)
        self._warn(told if refunded else self.env._("%(what)s: to be refunded by the accountant", what=told))

    def _refund(self):
        """Draft credit notes for what was invoiced all the same, by who may make them; others hand them over.

        :return: whether nothing is left to the accountant
        """
        # sudo: what was invoiced is for accountants to read, and for everybody to respect
        lines = self.sudo().financing_ids
        due = lines._credits()
        if not due:
            return True
        if not self.env.user.has_group("account.group_account_invoice"):
            lines._propose(due)
            return False
        lines.sudo(False)._invoice(due)
        return True

    # --- What may be asked for ---

    @api.private
    def _progress(self, day):
        """The share of the training that is over at the end of a day: what is cancelled is not given."""
        slots, cancelled = self.event_id.pope_slot_ids, self.event_id.kanban_state == "cancel"
        if not slots:
            return float(not cancelled and self.company_id._pope_day_of(self.event_id.date_end) <= day)
        planned = slots.filtered(lambda slot: slot.state == "planned")
        given = planned.filtered(lambda slot: slot.date <= day and (not cancelled or slot._is_held()))
        total = sum(planned.mapped("hours"))
        if planned != slots:  # some are cancelled; others may have taken their place
            total = max(total, self.hours)
        return sum(given.mapped("hours")) / total if total else 0.0

    @api.private
    def _allowed(self, day):
        """The share of the price that may have been asked for at the end of a day.

        Nothing until the withdrawal period is over; then 30 % at most, and the balance as the training goes on.
        """
        if self.state != "signed" or day <= self.date_withdrawal_end:
            return 0.0
        return self._share_on(day)

    def _share_on(self, day):
        """Once the withdrawal period is over."""
        return FIRST_SHARE + (1 - FIRST_SHARE) * self._progress(day)

    def _days(self):
        """The days of the training, in order."""
        slots = self.event_id.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
        return sorted(set(slots.mapped("date"))) or [self.company_id._pope_day_of(self.event_id.date_end)]

    def _first_day_asked(self):
        """The first day when something may be asked for."""
        return self.date_withdrawal_end and self.date_withdrawal_end + timedelta(days=1)

    @api.private
    def _first_day(self, share):
        """The first day when that share may be asked for, or nothing."""
        if self.state != "signed":
            return False
        first = self._first_day_asked()
        days = sorted({first, *self._days()})
        return next((day for day in days if day >= first and self._allowed(day) >= share - 1e-6), False)

    @api.private
    def _check_limit(self, day, asked, price):
        """
        :param day: of the invoice or of the payment
        :param asked: what is asked for or paid by then, this one with it
        :param price: of the whole, counted the same way (with or without tax)
        :raises ValidationError: the article, and the first day or sum that it allows
        """
        self.ensure_one()
        currency, name = self.currency_id, self.display_name
        if currency.compare_amounts(asked, 0) <= 0:
            return
        if self.state != "signed":
            raise ValidationError(
                self.env._(
                    "“%(name)s” is not signed: nothing is invoiced or paid before the contract is concluded (Code du"
                    " travail, L6353-3).",
                    name=name,
                )
            )
        first = self._first_day_asked()
        share = self._allowed(day)
        money = {"asked": self._money(asked), "most": self._money(price * (share or FIRST_SHARE))}
        if not share:
            raise ValidationError(
                self.env._(
                    "“%(name)s”: nothing may be asked of the trainee before the withdrawal period of %(days)s days is"
                    " over (Code du travail, L6353-5 and L6353-6; Code de la consommation, L221-18). From %(day)s,"
                    " %(most)s at most.",
                    name=name,
                    days=self.withdrawal_days,
                    day=self._day_label(first),
                    **money,
                )
            )
        if currency.compare_amounts(asked, price * share) > 0:
            later = price and self._first_day(asked / price)
            told = self.env._(
                "“%(name)s”: on %(day)s, %(most)s at most may have been asked of the trainee: 30 %% of the price, then"
                " the balance as the training goes on (Code du travail, L6353-6). With this, it would be %(asked)s.",
                name=name,
                day=self._day_label(day),
                **money,
            )
            when = later and self.env._("That much may be asked from %(day)s.", day=self._day_label(later))
            raise ValidationError(" ".join(filter(None, (told, when))))

    def _money(self, amount):
        return self._money_in(amount, self.currency_id)

    @api.model
    def _money_in(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    # --- Who is watched ---

    @api.model
    @tools.ormcache()
    def _watched_partners(self):
        """The ids of those who have a contract that goes on: payments of all others are not looked at."""
        # sudo: whether a payment is looked at does not depend on who notes it
        rows = self.sudo().search([("kind", "=", "contract"), ("state", "in", ("sent", "signed"))])
        return frozenset(rows.partner_id.commercial_partner_id.ids + rows.partner_id.ids)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._watch()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if {"state", "partner_id", "kind"}.intersection(vals):
            self._watch()
        return result

    def _watch(self):
        if "contract" in self.mapped("kind"):
            self.env.registry.clear_cache()


def _worked(day):
    """A period that ends on a Saturday, a Sunday or a public holiday lasts until the next working day."""
    while day.weekday() > 4 or is_public_holiday(day):
        day += timedelta(days=1)
    return day
