from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools import float_compare, float_round, formatLang

GROSS_ACCOUNT = "641"  # pay; the other accounts of the payroll are what is due on it
DIGITS = 2  # of a percentage in Odoo's analytic distribution


class TimeKey(models.Model):
    """What the keys make of the payroll entries: a share of each line for each file."""

    _inherit = "pope.time.key"

    @api.model
    @api.private
    def _proposals(self, company, date_from, date_to):
        """What the keys say of the payroll, where the entries do not say it yet.

        A line in the name of an employee follows their key. A line for everybody follows the yearly pay typed on the
        keys: a twelfth for each month since the entry before it, over the whole of the entry.

        :return: (list of dict item, keys, shares: file → percentage, computation), (sentences on what is left out)
        """
        start = date_from.replace(month=1, day=1)
        items = (
            self.env["account.move.line"]
            .with_company(company)
            .search(self._payroll_domain(company, start, date_to), order="date, move_id, id")
        )
        valid = self._valid_keys(company, start.year, date_to.year)
        employees = self._employees(items, valid)
        named = items.filtered(lambda item: item.partner_id in employees)
        chosen, told = self._split_closed(company, items.filtered(lambda item: item.date >= date_from))
        proposals, sentences = self._named_proposals(named & chosen, valid)
        told += sentences
        for field in ("gross", "charges"):
            of_kind = items.filtered(
                lambda item, field=field: item.account_id.code.startswith(GROSS_ACCOUNT) == (field == "gross")
            )
            shared, sentences = self._shared_proposals(field, of_kind - named, of_kind & named, chosen, valid)
            proposals += shared
            told += sentences
        told += self._without_account(proposals)
        return self._only_changes(company, proposals), told

    def _split_closed(self, company, items):
        """The lines of open days, and what is told of the others: figures of closed books stay as they were sent."""
        closed = items.filtered(lambda item: company._get_violated_lock_dates(item.date, False, item.journal_id))
        told = []
        if closed:
            told.append(self.env._("Lines of closed periods, left as they are: %(count)s.", count=str(len(closed))))
        return items - closed, told

    def _employees(self, items, valid):
        """Whose name on a line makes it the pay of one person: that of a social body stands for everybody."""
        role = self.env.ref("pope_crm.role_employee", raise_if_not_found=False)
        known = self.env["res.partner"].union(*(partner for keys in valid.values() for partner in keys))
        return known | items.partner_id.filtered(lambda partner: role and role in partner.pope_role_ids)

    # --- Lines in the name of an employee ---

    def _named_proposals(self, items, valid):
        proposals, told = [], []
        for item in items:
            key = valid[item.date.year, item.date.month].get(item.partner_id)
            if key:
                shares = {line.funding_id: line.percentage for line in key.line_ids}
                proposals.append({"item": item, "keys": key, "shares": shares, "computation": key._words()})
            else:
                told.append(
                    self.env._(
                        "%(name)s has no time key in %(month)s: the lines in this name stay as they are.",
                        name=item.partner_id.name,
                        month=item.date.strftime("%m/%Y"),
                    )
                )
        return proposals, told

    def _words(self):
        shares = ", ".join(f"{line.percentage:g} % {line.funding_id.name}" for line in self.line_ids)
        return f"{self.partner_id.name}: {shares}" if shares else self.partner_id.name

    # --- Lines for everybody ---

    def _shared_proposals(self, field, items, named, chosen, valid):
        """(proposals, sentences) for the lines in nobody's name, of pay or of what is due on it.

        :param field: what an employee costs in a year of this sort, on the key
        :param named: lines of the same sort in the name of employees, whose cost is there
        :param chosen: lines that may change
        """
        proposals, told, done = [], [], {}
        for (year, month), of_month in items.grouped(lambda item: (item.date.year, item.date.month)).items():
            months = [(year, other) for other in range(done.get(year, 0) + 1, month + 1)]
            done[year] = month
            if not of_month & chosen:
                continue
            booked = named.filtered(lambda item, months=months: (item.date.year, item.date.month) in months).partner_id
            counts = Counter(
                key for one in months for key in valid[one].values() if key.partner_id not in booked and key.line_ids
            )
            shares, words, sentences = self._shared_shares(field, of_month, counts, f"{month:02}/{year}")
            told += sentences
            if shares:
                keys = self.browse([key.id for key in counts if key[field]])
                proposals += [
                    {"item": item, "keys": keys, "shares": shares, "computation": words} for item in of_month & chosen
                ]
        return proposals, told

    def _shared_shares(self, field, items, counts, month):
        """(file → percentage of each of these lines, computation, sentences).

        :param counts: key → months that the entry stands for
        """
        told = [
            self.env._(
                "%(name)s: no line of %(month)s bears this name, and “%(field)s” is not typed on the key.",
                name=key.partner_id.name,
                month=month,
                field=self._fields[field]._description_string(self.env),
            )
            for key in counts
            if not key[field]
        ]
        pay = {key: key[field] / 12 * count for key, count in counts.items() if key[field]}
        whole, currency = sum(items.mapped("balance")), items.company_currency_id
        if currency.compare_amounts(sum(pay.values()), whole) > 0:
            told.append(
                self.env._(
                    "%(month)s: the keys count %(typed)s of pay (months: %(months)s), the entries bear %(whole)s: "
                    "nothing is charged.",
                    month=month,
                    months=str(max(counts.values())),
                    typed=self._money(sum(pay.values()), currency),
                    whole=self._money(whole, currency),
                )
            )
            return {}, "", told
        shares, words = defaultdict(float), []
        for key, amount in pay.items():
            for line in key.line_ids:
                shares[line.funding_id] += amount / whole * line.percentage
            words.append(f"{self._money(amount, currency)} / {self._money(whole, currency)} × {key._words()}")
        return dict(shares), "\n".join(words), told

    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    # --- What changes ---

    def _without_account(self, proposals):
        """Files that have no analytic account yet: said, and left out."""
        waiting = {funding for row in proposals for funding in row["shares"] if not funding.analytic_account_id}
        return [
            self.env._("“%(name)s” is not awarded and its expenses are not followed yet: left out.", name=funding.name)
            for funding in sorted(waiting, key=lambda funding: funding.id)
        ]

    def _only_changes(self, company, proposals):
        """Those that say something else than the entries, with the shares by analytic account beside."""
        files = self.env["pope.funding"].search([("company_id", "=", company.id), ("analytic_account_id", "!=", False)])
        own = set(files.analytic_account_id.ids)
        changes = []
        for row in proposals:
            wanted = {
                funding.analytic_account_id.id: float_round(share, DIGITS)
                for funding, share in row["shares"].items()
                if funding.analytic_account_id
            }
            now = defaultdict(float)
            for ids, share in (row["item"].analytic_distribution or {}).items():
                for account in own.intersection(map(int, ids.split(","))):
                    now[account] += share
            if any(
                float_compare(wanted.get(account, 0.0), now.get(account, 0.0), DIGITS) for account in {*wanted, *now}
            ):
                changes.append({**row, "wanted": wanted, "now": dict(now)})
        return changes

    @api.model
    @api.private
    def _apply(self, company, date_from, date_to):
        """Spread the payroll lines as the keys say, on the fundings only: other plans keep their shares.

        :return: the lines that changed
        """
        changes, _told = self._proposals(company, date_from, date_to)
        Account = self.env["account.analytic.account"]
        items, alike = self.env["account.move.line"], defaultdict(list)
        for row in changes:
            # sudo: plans are for accountants to configure; the name of their column is no secret
            plans = Account.browse([*row["wanted"], *row["now"]]).sudo().root_plan_id
            columns = sorted(plan._column_name() for plan in plans)
            alike[tuple(sorted(row["wanted"].items())), tuple(columns)].append(row["item"].id)
        for (shares, columns), ids in alike.items():
            same = items.browse(ids)
            same.analytic_distribution = {
                **{str(account): share for account, share in shares},
                "__update__": list(columns),
            }
            items |= same
        self.browse({key.id for row in changes for key in row["keys"]}).date_applied = fields.Date.context_today(self)
        return items
