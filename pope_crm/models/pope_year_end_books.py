from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import float_round, format_amount, format_date, formatLang

from ..core import account_prefixes, year_end
from ..core.year_end_ledger import FAMILIES, Ledger

# Accounts of an entry of the year's end, by the first of these prefixes that the chart has. The last figure of accounts
# of dedicated funds is that of the resource: 4 public grants, 5 financial contributions, 6 the public's generosity.
ACCOUNTS = {
    "income": ("741", "74"),
    "later": ("487",),
    "grant": ("131",),
    "quota": ("139",),
    "share": ("747",),
    "fund": "19%s",
    "report": "689%s",
    "use": "789%s",
}
RESOURCES = {"755": "5", "754": "6"}
FUNDS = "19"


class YearEnd(models.Model):
    """What the books say of each funding, and what the year's end makes of it."""

    _inherit = "pope.year.end"

    # --- Reading ---

    def _fundings(self):
        """The pole's own: the money of a holder's project or of a person is in other books."""
        return self.env["pope.funding"].search(
            [("company_id", "=", self.company_id.id), ("beneficiary", "=", "pole")], order="id"
        )

    def _accounts(self, lines=tuple(FAMILIES)):
        """Accounts of the company that matter: dict account → family."""
        Account = self.env["account.account"].with_company(self.company_id).with_context(active_test=False)
        codes = Domain.OR(
            Domain("code", "=like", f"{prefix}%")
            for _family, prefixes in lines
            for prefix in account_prefixes.parse(prefixes)[0]
        )
        accounts = Account.search(Domain(Account._check_company_domain(self.company_id)) & codes, order="code")
        by_code = {account.code: account for account in accounts}
        owner, _alone = account_prefixes.attribute(by_code, lines)
        return {by_code[code]: family for code, family in owner.items()}

    def _award_moves(self, fundings):
        """Entries of the awards and what takes them back, reversals and credits: dict id of the entry → funding."""
        moves = {move.id: funding for funding in fundings for move in funding.award_move_ids}
        reversals = self.env["account.move"].search_fetch(
            [("reversed_entry_id", "in", list(moves))], ["reversed_entry_id"]
        )
        credits = self.env["account.partial.reconcile"].search_fetch(
            [
                ("debit_move_id.move_id", "in", list(moves)),
                ("credit_move_id.move_id.journal_id.type", "not in", ("bank", "cash")),
            ],
            ["debit_move_id", "credit_move_id"],
        )
        taken_back = defaultdict(set)
        for move in reversals:
            taken_back[move.id].add(moves[move.reversed_entry_id.id])
        for credit in credits:
            taken_back[credit.credit_move_id.move_id.id].add(moves[credit.debit_move_id.move_id.id])
        # an entry for several files says itself, by its analytic accounts, what is whose
        return moves | {move_id: next(iter(owners)) for move_id, owners in taken_back.items() if len(owners) == 1}

    def _items_domain(self, fundings, families=None, accounts=None):
        """Journal items of these fundings: those of their awards, and those on their analytic accounts."""
        # sudo: which entries are meant, not what they say
        fundings = fundings.sudo()
        if accounts is None:
            lines = [*FAMILIES, ("charge", "6 -689")]
            accounts = {
                account: family for account, family in self.sudo()._accounts(lines).items() if family in families
            }
        of_awards = [move_id for move_id, _funding in self.sudo()._award_moves(fundings).items()]
        analytic = Domain("analytic_distribution", "in", fundings.analytic_account_id.ids)
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("parent_state", "in", ("draft", "posted"))
            & Domain("account_id", "in", [account.id for account in accounts])
            & (Domain("move_id", "in", of_awards) | analytic)
        )

    def _ledgers(self, fundings):
        """What the entries say of each funding up to the closing: (dict funding → Ledger, dict funding → dict family →
        account that it last used).
        """
        accounts = self._accounts()
        awards = self._award_moves(fundings)
        by_analytic = {funding.analytic_account_id.id: funding for funding in fundings if funding.analytic_account_id}
        ledgers, used = defaultdict(Ledger), defaultdict(dict)
        items = self.env["account.move.line"].search_fetch(
            self._items_domain(fundings, accounts=accounts) & Domain("date", "<=", self.date_to),
            ["account_id", "move_id", "date", "balance", "parent_state", "analytic_distribution"],
            order="date, id",
        )
        for item in items:
            family = accounts[item.account_id]
            shares = self._shares(item, by_analytic)
            if not shares and family in ("income", "grant") and item.move_id.id in awards:
                shares = [(awards[item.move_id.id], 1.0)]
            for funding, share in shares:
                ledgers[funding].add(
                    item.move_id.id,
                    family,
                    item.balance * share,
                    before=item.date < self.date_from,
                    posted=item.parent_state == "posted",
                )
                used[funding][family] = item.account_id
        return ledgers, used

    def _shares(self, item, by_analytic):
        """(funding, part of the item) by its analytic distribution."""
        return [
            (by_analytic[int(account_id)], percentage / 100)
            for key, percentage in (item.analytic_distribution or {}).items()
            for account_id in key.split(",")
            if account_id.isdigit() and int(account_id) in by_analytic
        ]

    def _ledger_funds_domain(self):
        """What the general ledger had on the accounts of dedicated funds when the year began."""
        # sudo: which items are meant, not what they say
        accounts = [account.id for account, family in self.sudo()._accounts().items() if family == "fund"]
        return [
            ("company_id", "=", self.company_id.id),
            ("parent_state", "in", ("draft", "posted")),
            ("account_id", "in", accounts),
            ("date", "<", self.date_from),
        ]

    def _ledger_funds(self):
        # sudo: managers read totals by account without the rights of an accountant
        Item = self.env["account.move.line"].sudo()
        ((balance,),) = Item._read_group(self._ledger_funds_domain(), [], ["balance:sum"])
        return -(balance or 0.0)

    def _orphans_domain(self):
        # sudo: which items are meant, not what they say
        analytic = self.sudo()._fundings().analytic_account_id.ids
        return [*self._ledger_funds_domain(), ("analytic_distribution", "not in", analytic)]

    def _account_for(self, values, family):
        """The account of an entry: the one that the funding uses already, else the first of the chart."""
        if account := values["accounts"].get(family):
            return account
        prefixes = ACCOUNTS[family]
        if isinstance(prefixes, str):
            prefixes = (prefixes % values["resource"],)
        return self.company_id._pope_account(*prefixes)

    # --- Computing ---

    def _figures(self):
        """Everything that is told of each funding: dict funding → dict kind → values, amounts above zero set aside."""
        self.ensure_one()
        # sudo: accountants and managers read totals by funding without each having the other's rights, and here only
        own = self.sudo()
        fundings = own._fundings()
        ledgers, used = own._ledgers(fundings)
        spent = fundings._spent(own.date_from, own.date_to)
        spent_lately = fundings._spent(own._previous_from(), own.date_to)
        kept = {line.funding_id: line.amount_kept for line in own.line_ids if line.is_kept and line.kind == "deferred"}
        figures = {}
        for funding in fundings.filtered(lambda funding: funding in ledgers):
            totals = ledgers[funding].totals()
            common = {"accounts": used[funding], "resource": own._resource(used[funding])}
            deferred = own._deferred(funding, totals)
            moved = kept.get(funding, deferred["amount_computed"])
            idle = own.currency_id.is_zero(spent_lately[funding])
            kinds = {
                "deferred": deferred,
                "dedicated": own._dedicated(funding, totals, moved, spent[funding], idle),
                "quota": own._quota(funding, totals),
            }
            kinds["settled"] = own._settled(totals, kinds["quota"])
            figures[funding] = {kind: common | own._rounded(values) for kind, values in kinds.items()}
        return figures

    def _rounded(self, values):
        """Amounts to the cent; a line without any has nothing to say, unless it asks for something."""
        amounts = {
            name: self.currency_id.round(value) for name, value in values.items() if isinstance(value, int | float)
        }
        told = ("opening", "transfer", "amount_computed", "amount_booked", "to_tell")
        return values | amounts | {"shown": any(amounts.get(name) for name in told)}

    def _resource(self, accounts):
        """Public grant, contribution of other bodies, generosity of the public: last figure of the accounts."""
        if fund := accounts.get("fund"):
            return fund.with_company(self.company_id).code[len(FUNDS)]
        income = accounts.get("income")
        return RESOURCES.get(income.with_company(self.company_id).code[:3], "4") if income else "4"

    def _deferred(self, funding, totals):
        """The part of an award that belongs to later years."""
        amount, digits = max(totals["gross_total"], 0.0), self.currency_id.decimal_places
        split = {share.year: share.amount for share in funding.share_ids}
        if split:
            later = year_end.later_by_split(amount, split, self.date_to.year)
            words = self._split_words(split)
        elif funding.date_to:
            start = min(funding.date_from or funding.date_decision or self.date_from, funding.date_to)
            later, after, whole = year_end.later(amount, start, funding.date_to, self.date_to, digits)
            words = self._months_words(amount, later, after, whole, funding.date_to)
        else:
            later = 0.0
            words = self.env._("The file has no end of the action: nothing goes to later years.")
        return {
            "opening": totals["later_before"],
            "income": totals["gross"],
            "amount_computed": later - totals["later_before"],
            "amount_booked": totals["later"],
            "explanation": words,
        }

    def _dedicated(self, funding, totals, moved, spent, idle):
        """What a project has left to spend; all of it comes back when the file is no longer tied to one."""
        income = totals["gross"] - moved
        opening = totals["fund_before"] + totals["transfer"]
        if funding.is_dedicated:
            report, use, refund = year_end.dedicated(opening, income, spent)
        else:
            report, use, refund = 0.0, max(0.0, opening), 0.0
        return {
            "opening": totals["fund_before"],
            "income": totals["gross"],
            "deferred": moved,
            "spent": spent,
            "refund": refund,
            "transfer": totals["transfer"],
            "amount_computed": report - use,
            "amount_booked": totals["report"] - totals["use"],
            "report_booked": totals["report"],
            "use_booked": totals["use"],
            "is_idle": idle and bool(opening) and funding.is_dedicated,
            "explanation": self._dedicated_words(funding, opening, income, spent, report, use, refund),
        }

    def _quota(self, funding, totals):
        """What an investment grant gives to the result of the year."""
        amount, digits = max(totals["grant"], 0.0), self.currency_id.decimal_places
        before, words = totals["quota_before"], ""
        if amount and funding.asset_date and funding.asset_years:
            total = year_end.used_up(amount, funding.asset_date, funding.asset_years, self.date_to, digits)
            words = self._quota_words(funding, amount, total - before, total)
        else:
            total = before
            if amount:
                words = self.env._(
                    "Write on the file since when and over how many years what it paid for is depreciated."
                )
        return {
            "opening": before,
            "income": amount,
            "amount_computed": total - before,
            "amount_booked": totals["quota"],
            "to_tell": amount - before if words else 0.0,
            "is_whole": bool(amount) and self.currency_id.compare_amounts(total, amount) >= 0,
            "explanation": words,
        }

    def _settled(self, totals, quota):
        """A grant that was wholly transferred leaves the balance sheet: 131 against 139."""
        left = quota["income"] - totals["settled_before"] if quota["is_whole"] else 0.0
        return {
            "income": quota["income"],
            "amount_computed": left,
            "amount_booked": totals["settled"],
            "explanation": self.env._("The whole grant is in the results: accounts 131 and 139 are closed.")
            if left
            else "",
        }

    # --- Words ---

    def _money(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _months(self, days):
        months = days / year_end.MONTH
        return formatLang(self.env, months, digits=0 if months == float_round(months, 0) else 1)

    def _months_words(self, amount, later, after, whole, last):
        if not after:
            return self.env._(
                "The action ended on %(day)s: nothing is left for later years.", day=format_date(self.env, last)
            )
        return self.env._(
            "%(amount)s awarded for %(months)s months, of which %(after)s after the closing: %(later)s",
            amount=self._money(amount),
            months=self._months(whole),
            after=self._months(after),
            later=self._money(later),
        )

    def _split_words(self, split):
        shares = ", ".join(f"{year} {self._money(amount)}" for year, amount in sorted(split.items()))
        return self.env._("By the split of the agreement: %(shares)s", shares=shares)

    def _dedicated_words(self, funding, opening, income, spent, report, use, refund):
        if not funding.is_dedicated:
            return self.env._("The file is not tied to a project: what was set aside comes back.") if use else ""
        words = {
            "income": self._money(income),
            "spent": self._money(spent),
            "left": self._money(report),
            "use": self._money(use),
            "opening": self._money(opening),
            "refund": self._money(refund),
        }
        if refund:
            return self.env._(
                "%(refund)s given back and %(spent)s spent: %(use)s taken on the %(opening)s set aside", **words
            )
        if use:
            return self.env._(
                "%(income)s for the year, %(spent)s spent: %(use)s taken on the %(opening)s set aside", **words
            )
        return self.env._("%(income)s for the year, %(spent)s spent: %(left)s left to spend", **words)

    def _quota_words(self, funding, amount, year, total):
        return self.env._(
            "%(amount)s over %(years)s years since %(day)s: %(year)s for the year, %(total)s in all",
            amount=self._money(amount),
            years=funding.asset_years,
            day=format_date(self.env, funding.asset_date),
            year=self._money(year),
            total=self._money(total),
        )
