from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .pope_funding import BEFORE, FILED, WON

SHOWN = 3  # names in a sentence


class Funding(models.Model):
    """What a file tells at its place: what its state asks for, and what may go wrong. Nothing is refused here."""

    _inherit = "pope.funding"

    missing_note = fields.Text(string="Still Asked For", compute="_compute_missing_note")
    alert_note = fields.Text(string="To Check", compute="_compute_alert_note")

    @api.depends(
        *("state", "scheme_id", "date_deadline", "amount_asked", "amount_awarded", "file_number", "date_to"),
        *("paper_ids.state", "paper_ids.name", "paper_ids.date_expiry", "budget_ids"),
        *("obligation_ids.state", "obligation_ids.date_due"),
    )
    @api.depends_context("lang")
    def _compute_missing_note(self):
        for funding in self:
            funding.missing_note = "\n".join(funding._missing()) or False

    def _missing(self):
        """What the state of the file asks for and the file does not say yet, a sentence each."""
        state, told = self.state, []
        waiting = self.paper_ids.filtered(lambda paper: paper.state == "to_get")
        expired = self.paper_ids.filtered(lambda paper: paper.is_expired and paper.state != "not_needed")
        if state in BEFORE and not self.date_deadline and self.scheme_id.window != "open":
            told.append(self.env._("The last day to file."))
        if state == "watch" and not self.scheme_id:
            told.append(self.env._("The scheme, for its papers and its caps."))
        if state == "to_file":
            if not self.amount_asked and not self.scheme_id.without_money:
                told.append(self.env._("The amount asked."))
            if not self.budget_ids:
                told.append(self.env._("The budget of the action."))
            if expired:
                told.append(self.env._("Papers to renew: %(names)s.", names=self._names(expired)))
        if state in ("to_file", "filed", "in_review") and waiting:
            told.append(self.env._("Papers to get: %(names)s.", names=self._names(waiting)))
        if state in ("filed", "in_review") and not self.file_number:
            told.append(self.env._("The number that the funder gave to the file."))
        if state == "awarded":
            if not self.amount_awarded and not self.scheme_id.without_money:
                told.append(self.env._("The amount awarded."))
            undated = self.obligation_ids.filtered(
                lambda row: row.state == "to_do" and not row.date_due and row.anchor != "next_application"
            )
            if undated:
                told.append(
                    self.env._(
                        "The dates of the action or of the agreement, that these are counted from: %(names)s.",
                        names=self._names(undated),
                    )
                )
        if state == "closed":
            due = self.obligation_ids.filtered(lambda row: row.state == "to_do")
            if due:
                told.append(self.env._("Still due to the funder: %(names)s.", names=self._names(due)))
        return told

    @api.model
    def _names(self, records):
        """The first ones: the rest is in its tab."""
        names = records.mapped("name")
        return ", ".join([*names[:SHOWN], *(["…"] if len(names) > SHOWN else [])])

    @api.depends(
        *("state", "scheme_id.rate_max", "scheme_id.amount_max", "scheme_id.exclusive_ids", "lead_id", "person_id"),
        *("amount_asked", "amount_awarded", "amount_eligible", "date_deadline", "date_filed", "date_decision"),
        *("date_from", "date_to", "date_agreement_to", "budget_ids.alert_note", "company_id"),
    )
    @api.depends_context("lang")
    def _compute_alert_note(self):
        today, rivals = fields.Date.context_today(self), self._rivals()
        for funding in self:
            told = [
                *funding._date_alerts(today),
                *funding._amount_alerts(),
                *map(funding._rival_alert, rivals[funding]),
                *filter(None, funding.budget_ids.mapped("alert_note")),
            ]
            funding.alert_note = "\n".join(told) or False

    def _rival_alert(self, rival):
        return self.env._(
            "“%(scheme)s” does not go with “%(other)s”: see “%(file)s”.",
            scheme=self.scheme_id.name,
            other=rival.scheme_id.name,
            file=rival.name,
        )

    def _date_alerts(self, today):
        told = []
        if self.state in BEFORE and self.date_deadline and self.date_deadline < today:
            told.append(self.env._("It had to be filed before %(day)s.", day=format_date(self.env, self.date_deadline)))
        if self.state in FILED and self.date_deadline and self.date_filed and self.date_filed > self.date_deadline:
            told.append(
                self.env._("It was filed after the last day, %(day)s.", day=format_date(self.env, self.date_deadline))
            )
        if self.date_from and self.date_to and self.date_to < self.date_from:
            told.append(self.env._("The action ends before it begins."))
        if self.date_filed and self.date_decision and self.date_decision < self.date_filed:
            told.append(self.env._("It was decided before it was filed."))
        if self.date_agreement_to and self.date_from and self.date_agreement_to < self.date_from:
            told.append(self.env._("The agreement ends before the action begins."))
        return told

    def _amount_alerts(self):
        told, scheme = [], self.scheme_id
        aid, cost, currency = self._aid(), self.amount_eligible, self.currency_id

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        if cost and currency.compare_amounts(aid, cost) > 0:
            told.append(
                self.env._(
                    "%(aid)s is more than the eligible cost, %(cost)s: over 100 %%.", aid=money(aid), cost=money(cost)
                )
            )
        elif scheme.rate_max and cost and currency.compare_amounts(aid, cost * scheme.rate_max) > 0:
            told.append(
                self.env._(
                    "%(rate)s %% of the eligible cost: the scheme pays %(most)s %% at most, %(amount)s.",
                    rate=formatLang(self.env, 100 * aid / cost, digits=1),
                    most=formatLang(self.env, 100 * scheme.rate_max, digits=1),
                    amount=money(cost * scheme.rate_max),
                )
            )
        if scheme.amount_max and currency.compare_amounts(aid, scheme.amount_max) > 0:
            told.append(
                self.env._("%(aid)s: the scheme pays %(most)s at most.", aid=money(aid), most=money(scheme.amount_max))
            )
        if (
            self.state in WON
            and self.amount_asked
            and currency.compare_amounts(self.amount_awarded, self.amount_asked) > 0
        ):
            told.append(self.env._("More is awarded than was asked."))
        return told

    def _rivals(self):
        """The other files for the same project, person or year of the pole that their schemes do not allow together."""
        rivals = dict.fromkeys(self, self.browse())
        mine = self.filtered(lambda funding: funding.scheme_id.exclusive_ids and funding._counts())
        if not mine:
            return rivals
        others = self.search(
            [
                ("scheme_id", "in", mine.scheme_id.exclusive_ids.ids),
                ("state", "not in", ("refused", "dropped")),
                ("company_id", "in", mine.company_id.ids),
                ("beneficiary", "in", list(set(mine.mapped("beneficiary")))),
                ("lead_id", "in", [*mine.lead_id.ids, False]),
            ]
        )
        for funding in mine:
            rivals[funding] = others.filtered(
                lambda other, funding=funding: (
                    other != funding._origin
                    and other.scheme_id._origin in funding.scheme_id.exclusive_ids._origin
                    and funding._same_money(other)
                )
            )
        return rivals

    def _counts(self):
        return self.state not in ("refused", "dropped")

    def _same_money(self, other):
        """Whether two files are for the same project, the same person, or the pole at the same time."""
        if self.lead_id or other.lead_id:
            return self.lead_id._origin == other.lead_id and self.person_id._origin == other.person_id
        if self.person_id or other.person_id:
            return self.person_id._origin == other.person_id
        return (
            self.company_id._origin == other.company_id
            and not (self.date_to and other.date_from and self.date_to < other.date_from)
            and not (other.date_to and self.date_from and other.date_to < self.date_from)
        )
