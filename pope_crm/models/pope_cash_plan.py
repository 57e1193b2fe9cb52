import re
from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..core import cash_plan
from ..core.cash_plan import Flow, first_of, months_between, months_from
from .pope_funding import WON
from .pope_funding_award import WITHOUT_ENTRY
from .pope_funding_instalment import OPEN
from .pope_loan import HELD

MONTHS, PAST = 12, 3  # of the pole's plan, and how many of them are over
MOST_MONTHS = 60
YEARS_ASKED = range(2000, 3000)


class Frame(NamedTuple):
    """What a plan is about."""

    company: object
    lead: object  # empty for the pole
    months: list
    today: object

    @property
    def current(self):
        return first_of(self.today)

    def place(self, day):
        """The month of a day; what is overdue falls in the current one."""
        return max(first_of(day), self.current)

    @property
    def owner(self):
        return [("company_id", "=", self.company.id), ("lead_id", "=", self.lead.id)]


class CashPlan(models.AbstractModel):
    """Cash by month, of the pole or of a holders' project: what moved, what is to come, the lowest point.

    Nothing is stored but the lines that a person types. A plan is plain data:
        title, company, currency_id, today, source (sentences), rules (sentences),
        months: date, label, state (actual, current, forecast, unknown)
        sections: code (in, out), label, totals, rows (kind, label, cells: amount, actual, forecast, parts)
        net, opening, closing: an amount a month;  minimum: index, amount, label
        apart: what is not counted, and why (label, amount, why, part)
    A part says where money comes from: label, amount, is_actual, and model and domain or ids of what it opens.
    """

    _name = "pope.cash.plan"
    _description = "Cash Plan"

    # --- Plans ---

    @api.model
    def _plan_of_company(self, company, date_from=None):
        today = fields.Date.context_today(self)
        first = first_of(date_from) if date_from else months_from(today, 1)[0]
        if not date_from:
            before = first.year * 12 + first.month - 1 - PAST
            first = first.replace(year=before // 12, month=before % 12 + 1)
        frame = Frame(company, self.env["crm.lead"], months_from(first, MONTHS), today)
        moved, known, cash, source = company._pope_cash_actual(first, today)
        flows, apart = self._forecast(frame)
        if known == today:
            flows += self._flows_payroll(frame)
        planned = defaultdict(float)
        for line, months in company._pope_budget_months(frame.current, frame.months[-1]).items():
            if kind := line._cash_kind():
                for month, amount in months.items():
                    planned[kind, month] += amount
        flows += self._flows_budget(frame, planned, [*flows, *(flow for flow in moved if flow.month >= frame.current)])
        since = sum(flow.amount for flow in moved if known and flow.month <= known)
        flows = [flow for flow in flows if flow.month >= frame.current]
        before = sum(flow.amount for flow in flows if flow.month < first)
        return self._laid_out(frame, [*moved, *flows], cash - since + before, apart, known, source)

    @api.model
    def _plan_of_lead(self, lead):
        today = fields.Date.context_today(self)
        company, target = lead.company_id or self.env.company, lead.pope_opening_date or lead.pope_opening_target
        whole = Frame(company, lead, [], today)
        flows, apart = self._forecast(whole)
        flows += self._moved_of_project(whole)
        opening = first_of(target or today)
        planned = self._planned_of_project(lead, opening)
        flows += self._flows_budget(whole, planned, flows)
        first = min([flow.month for flow in flows if flow.amount], default=whole.current)
        last = months_from(opening, MOST_MONTHS)[12]
        count = min(max(months_between(first, last), 1), MOST_MONTHS)
        typed = self.env["pope.cash.forecast"].search(
            [*whole.owner, ("kind", "=", "balance")], order="date desc", limit=1
        )
        cash = typed.amount - sum(
            flow.amount
            for flow in flows
            if typed and (flow.month < first_of(typed.date) or (flow.is_actual and flow.month <= typed.date))
        )
        frame = whole._replace(months=months_from(first, count))
        source = [
            self.env._("What was received, drawn and repaid is that of the project's files and loans, as it was noted.")
        ]
        return self._laid_out(frame, flows, cash, apart, today, source)

    def _forecast(self, frame):
        """Flows to come but those of the budget, and what is left apart."""
        grants, apart = self._flows_grants(frame)
        flows = [*grants, *self._flows_loans(frame), *self._flows_typed(frame)]
        if not frame.lead:
            flows += self._flows_invoices(frame)
        return flows, apart

    # --- What is to come ---

    def _flows_grants(self, frame):
        """Payments of funders that are awaited; apart: those that wait for a condition, that go to a lender, or whose
        day nobody knows."""
        owner = [(f"funding_id.{field}", operator, value) for field, operator, value in frame.owner]
        rows = self.env["pope.funding.instalment"].search(
            [
                *owner,
                ("funding_id.person_id", "=", False),
                ("funding_id.state", "in", WON),
                ("funding_id.nature", "not in", WITHOUT_ENTRY),
                ("state", "in", OPEN),
            ]
        )
        assigned = self._assigned(rows.funding_id)
        flows, apart = [], []
        for row in rows:
            funding, amount = row.funding_id, row.amount_left
            part = {"label": row.display_name, "model": row._name, "ids": row.ids}
            given = min(amount, assigned[funding])
            assigned[funding] -= given
            if given:
                apart.append((part, given, self.env._("assigned to the lender (Dailly)")))
            amount -= given
            if not amount:
                continue
            if funding.condition_pending:
                apart.append((part, amount, funding.condition_text or self.env._("waits for its condition")))
            elif not row.date_expected:
                apart.append((part, amount, self.env._("no date of payment")))
            else:
                month = frame.place(row.date_expected)
                flows.append(Flow("grant", month, amount, False, row.partner_id.name, part))
        return flows, [*apart, *self._without_plan(frame)]

    def _assigned(self, fundings):
        """What of each file its funder pays to a lender."""
        assigned = defaultdict(float)
        for pledge in fundings.pledge_ids:
            if pledge.is_assigned and pledge.loan_id.state in HELD:
                assigned[pledge.funding_id] += pledge.amount_left
        return assigned

    def _without_plan(self, frame):
        fundings = self.env["pope.funding"].search(
            [
                *frame.owner,
                ("person_id", "=", False),
                ("state", "=", "awarded"),
                ("nature", "not in", WITHOUT_ENTRY),
                ("instalment_ids", "=", False),
                ("amount_left", ">", 0),
            ]
        )
        return [
            (
                {"label": funding.name, "model": funding._name, "ids": funding.ids},
                funding.amount_left,
                self.env._("no payment planned on the file"),
            )
            for funding in fundings
        ]

    def _flows_loans(self, frame):
        """Draws and instalments of the loans that are granted; of a project, those it asks for too."""
        states = ("requested", *HELD) if frame.lead else HELD
        flows = []
        for loan in self.env["pope.loan"].search([*frame.owner, ("state", "in", states)]):
            part = {"label": loan.name, "model": loan._name, "ids": loan.ids}
            draws = [(draw.date, draw.amount) for draw in loan.draw_ids] or [(loan.date_start, loan.amount)]
            asked = loan.state == "requested"
            flows += [
                Flow("loan_in", frame.place(day), amount, False, "", part)
                for day, amount in draws
                if day > frame.today or asked
            ]
            left = [
                (line.date, line.total)
                for line in loan.line_ids
                if line.is_early and not line.is_paid and not line.pledge_id.is_assigned
            ]
            if loan.method == "on_grants":
                left += [(due.date, float(due.total)) for due in loan._expected_dues(frame.today)]
            else:
                left += [(line.date, line.total) for line in loan.line_ids if not line.is_early and not line.is_paid]
            flows += [Flow("loan_out", frame.place(day), -amount, False, "", part) for day, amount in left]
        return flows

    def _flows_typed(self, frame):
        last = frame.months[-1] if frame.months else months_from(frame.today, MOST_MONTHS)[-1]
        end = months_from(last, 2)[1]
        flows = []
        for line in self.env["pope.cash.forecast"].search([*frame.owner, ("kind", "!=", "balance")]):
            part = {"label": line.name, "model": line._name, "ids": line.ids}
            amount = line.amount * cash_plan.sign(line.kind)
            flows += [
                Flow(line.kind, month, amount, False, line.name, part) for month in line._months(end) if month < end
            ]
        return flows

    def _flows_invoices(self, frame):
        """What is left to pay of invoices and bills, at their due date."""
        # sudo: what is open, by month, without the rights of an accountant
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", frame.company.id),
                    ("parent_state", "=", "posted"),
                    ("move_id.move_type", "in", ("out_invoice", "out_refund", "in_invoice", "in_refund")),
                    ("display_type", "=", "payment_term"),
                    ("amount_residual", "!=", 0),
                ]
            )
        )
        shares = frame.company._pope_rent_shares(lines.move_id)
        may_open = self.env["account.move"].has_access("read")
        flows = []
        for line in lines:
            month, amount, move = frame.place(line.date_maturity or line.date), line.amount_residual, line.move_id
            part = {"label": f"{move.name} – {line.partner_id.name or ''}".strip(" –")}
            if may_open:
                part |= {"model": move._name, "ids": move.ids}
            if move.move_type.startswith("out"):
                flows.append(Flow("service", month, amount, False, "", part))
                continue
            rent = frame.company.currency_id.round(amount * shares.get(move, 0.0))
            if rent:
                flows.append(Flow("rent", month, rent, False, "", part))
            if amount - rent:
                flows.append(Flow("purchase", month, amount - rent, False, "", part))
        return flows

    def _flows_payroll(self, frame):
        """Wages and social charges that are booked and not paid."""
        company, flows = frame.company, []
        # sudo: totals by account, never an entry
        Item = self.env["account.move.line"].sudo().with_company(company)
        groups = Item._read_group(
            [
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", frame.today),
                "|",
                ("account_id.code", "=like", "42%"),
                ("account_id.code", "=like", "43%"),
            ],
            ["account_id"],
            ["balance:sum"],
        )
        kinds = self.env["pope.cash.account"]._kinds_of({account.code for account, _balance in groups})
        for account, balance in groups:
            if balance < 0 and kinds.get(account.code) in ("wage", "social"):
                part = {"label": self.env._("Booked, not paid: %(account)s", account=account.display_name)}
                flows.append(Flow(kinds[account.code], frame.current, balance, False, "", part))
        return flows

    def _flows_budget(self, frame, planned, known):
        domain = [*frame.owner, ("kind", "in", ("project", "plan") if frame.lead else ("year",))]
        part = {"label": self.env._("Budget, what is not known yet"), "model": "pope.budget", "domain": domain}
        return [
            Flow(kind, month, amount, False, "", part)
            for (kind, month), amount in cash_plan.left_of_budget(planned, known).items()
        ]

    # --- A project ---

    def _moved_of_project(self, frame):
        """What came and went, as it was noted on the project's files and loans."""
        flows = []
        rows = self.env["pope.funding.instalment"].search(
            [
                ("funding_id.lead_id", "=", frame.lead.id),
                ("funding_id.person_id", "=", False),
                ("amount_received", ">", 0),
            ]
        )
        for row in rows:
            part = {"label": row.display_name, "model": row._name, "ids": row.ids}
            month = first_of(row.date_received or frame.today)
            flows.append(Flow("grant", month, row.amount_received, True, row.partner_id.name, part))
        for loan in self.env["pope.loan"].search([*frame.owner, ("state", "in", HELD)]):
            part = {"label": loan.name, "model": loan._name, "ids": loan.ids}
            draws = [(draw.date, draw.amount) for draw in loan.draw_ids] or [(loan.date_start, loan.amount)]
            flows += [
                Flow("loan_in", first_of(day), amount, True, "", part) for day, amount in draws if day <= frame.today
            ]
            flows += [
                Flow("loan_out", first_of(line.date_paid), -line.total, True, "", part)
                for line in loan.line_ids
                if line.is_paid and not line.pledge_id.is_assigned
            ]
        return flows

    def _planned_of_project(self, lead, opening):
        """Of its budgets: needs and own funds of the financing plan the month before it opens, or when the plan begins;
        the three years, a twelfth a month. Grants and loans are told by their own files."""
        planned = defaultdict(float)
        before = months_from(opening.replace(year=opening.year - 1), 12)[-1]
        for budget in lead.pope_budget_ids:
            for line in budget.line_ids:
                kind = line.line_id._cash_kind()
                if not kind:
                    continue
                if budget.kind == "plan":
                    planned[kind, first_of(budget.date_from or before)] += line.amount
                elif budget.kind == "project":
                    months = months_from(budget.date_from or opening, 36)
                    for year, amount in enumerate((line.amount_1, line.amount_2, line.amount_3)):
                        for number, share in enumerate(budget.company_id._pope_month_shares(amount, 12)):
                            planned[kind, months[12 * year + number]] += share
        return planned

    # --- Laid out ---

    def _laid_out(self, frame, flows, opening, apart, known, source):
        plan = cash_plan.assemble(flows, frame.months, opening)
        names = dict(self.env["pope.cash.forecast"]._fields["kind"]._description_selection(self.env))
        for section, label in zip(plan["sections"], (self.env._("Receipts"), self.env._("Paid Out")), strict=True):
            section["label"] = label
            for row in section["rows"]:
                row["name"] = f"{names[row['kind']]} – {row['label']}" if row["label"] else names[row["kind"]]
                for cell in row["cells"]:
                    cell["parts"] = [
                        {"amount": round(amount, 2), "is_actual": is_actual, **part}
                        for amount, is_actual, part in cell["parts"]
                    ]
        # months that nothing moved in are told by nobody, but for the cash that was typed
        told = known if any(flow.is_actual for flow in flows) else None
        lowest = plan["minimum"]["index"]
        plan["minimum"]["label"] = self._month_label(frame.months[lowest])
        return plan | {
            "title": frame.lead.name or frame.company.name,
            "company": frame.company.name,
            "currency_id": frame.company.currency_id.id,
            "today": frame.today,
            "source": source,
            "rules": self._rules(frame, known),
            "months": [
                {"date": month, "label": self._month_label(month), "state": self._state(frame, month, told)}
                for month in frame.months
            ],
            "apart": [
                {"label": part["label"], "amount": amount, "why": why, "part": part} for part, amount, why in apart
            ],
        }

    def _month_label(self, month):
        return format_date(self.env, month, date_format="MMM yyyy")

    def _state(self, frame, month, known):
        if month >= frame.current:
            return "current" if month == frame.current else "forecast"
        return "actual" if known and month <= known else "unknown"

    def _rules(self, frame, known):
        """How the plan is made, told on screen and on the sheet."""
        rules = [
            self.env._("What is overdue is counted in the current month."),
            self.env._(
                "A budget counts for what is not known yet: its month, less what was paid, what is billed and what was "
                "typed of the same kind."
            ),
            self.env._(
                "Not counted: grants that wait for a condition, those assigned to a lender (Dailly), those without a "
                "date."
            ),
        ]
        if not frame.lead:
            rules.append(
                self.env._(
                    "What is paid to a supplier is told by its bill: the one that is matched, else those of the same "
                    "supplier; under purchases and services where the books name neither."
                )
            )
        if not frame.lead and (not known or known < frame.today):
            rules.insert(0, self._unknown(known))
        return rules

    def _unknown(self, known):
        if not known:
            return self.env._("No books tell the cash there is: type it, as the bank statement says it.")
        return self.env._(
            "The cash is that of %(day)s, the last day told: type what the bank statement says today.",
            day=format_date(self.env, known),
        )

    # --- Screen and sheet ---

    @api.model
    @api.readonly
    def get_page(self, lead_id=False, date_from=False):
        """The plan that the screen shows.

        :param lead_id: of a project; the pole's own plan when empty
        :param date_from: a day of the first month of the pole's plan
        """
        self.env["pope.cash.forecast"].check_access("read")
        return self._plan(lead_id, date_from) | {"lead_id": lead_id or False}

    def _plan(self, lead_id, date_from):
        if lead_id:
            return self._lead_asked(lead_id)._pope_cash_plan()
        return self.env.company._pope_cash_plan(self._day_asked(date_from))

    def _lead_asked(self, lead_id):
        lead = self.env["crm.lead"].browse(lead_id if type(lead_id) is int and 0 < lead_id < 2**31 else 0).exists()
        lead.check_access("read")
        if lead.type != "project":
            raise UserError(self.env._("There is no such project any more."))
        return lead

    def _day_asked(self, date_from):
        if not date_from:
            return None
        day = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", str(date_from))
        try:
            day = day and date(*map(int, day.groups()))
        except ValueError:
            day = None
        if not day or day.year not in YEARS_ASKED:
            raise UserError(self.env._("Choose a month between 2000 and 2999."))
        return day
