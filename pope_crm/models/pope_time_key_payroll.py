from collections import defaultdict

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
        keys: one twelfth a month, over the whole of the month's lines of its sort.

        :return: (list of dict item, keys, shares: file → percentage, computation), (sentences on what is left out)
        """
        items = (
            self.env["account.move.line"]
            .with_company(company)
            .search(self._payroll_domain(company, date_from, date_to), order="date, move_id, id")
        )
        open_items, told = self._split_closed(company, items)
        valid = self._valid_keys(company, date_from.year, date_to.year)
        proposals = []
        for (year, month), of_month in open_items.grouped(lambda item: (item.date.year, item.date.month)).items():
            keys = valid.get((year, month), {})
            named = of_month.filtered(lambda item, keys=keys: self._is_employee(item.partner_id, keys))
            proposals += self._named_proposals(named, keys)
            told += self._without_key(named, keys, f"{month:02}/{year}")
            for is_gross in (True, False):
                of_kind = of_month.filtered(
                    lambda item, is_gross=is_gross: item.account_id.code.startswith(GROSS_ACCOUNT) == is_gross
                )
                shared, sentences = self._shared_proposals(
                    of_kind - named, of_kind & named, keys, is_gross, f"{month:02}/{year}"
                )
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

    def _is_employee(self, partner, keys):
        """Whether a line in this name is the pay of one person: a social body's name stands for everybody."""
        role = self.env.ref("pope_crm.role_employee", raise_if_not_found=False)
        return bool(partner) and (partner in keys or (role and role in partner.pope_role_ids))

    # --- Lines in the name of an employee ---

    def _named_proposals(self, items, keys):
        return [
            {
                "item": item,
                "keys": key,
                "shares": {line.funding_id: line.percentage for line in key.line_ids},
                "computation": key._words(),
            }
            for item in items
            if (key := keys.get(item.partner_id))
        ]

    def _words(self):
        shares = ", ".join(f"{line.percentage:g} % {line.funding_id.name}" for line in self.line_ids)
        return f"{self.partner_id.name}: {shares}" if shares else self.partner_id.name

    def _without_key(self, items, keys, month):
        return [
            self.env._(
                "%(name)s has no time key in %(month)s: the lines in this name stay as they are.",
                name=partner.name,
                month=month,
            )
            for partner in items.partner_id
            if partner not in keys
        ]

    # --- Lines for everybody ---

    def _shared_proposals(self, items, named, keys, is_gross, month):
        """(proposals, sentences) for the month's lines in nobody's name, of pay or of what is due on it."""
        field = "gross" if is_gross else "charges"
        concerned = [key for key in keys.values() if key.partner_id not in named.partner_id and key.line_ids]
        payees = [key for key in concerned if key[field]]
        told = [
            self.env._(
                "%(name)s: no line of %(month)s bears this name, and “%(field)s” is not typed on the key.",
                name=key.partner_id.name,
                month=month,
                field=self._fields[field]._description_string(self.env),
            )
            for key in concerned
            if not key[field] and items
        ]
        whole, typed = sum(items.mapped("balance")), sum(key[field] for key in payees) / 12
        if not items or not payees:
            return [], told
        currency = items.company_currency_id
        if currency.compare_amounts(typed, whole) > 0:
            told.append(
                self.env._(
                    "%(month)s: the keys type %(typed)s for a month, the entries bear %(whole)s: nothing is charged.",
                    month=month,
                    typed=formatLang(self.env, typed, currency_obj=currency),
                    whole=formatLang(self.env, whole, currency_obj=currency),
                )
            )
            return [], told
        shares, words = defaultdict(float), []
        for key in payees:
            part = key[field] / 12 / whole
            for line in key.line_ids:
                shares[line.funding_id] += part * line.percentage
            words.append(
                f"{formatLang(self.env, key[field] / 12, currency_obj=currency)} / "
                f"{formatLang(self.env, whole, currency_obj=currency)} × {key._words()}"
            )
        keys_used = self.browse([key.id for key in payees])
        return [
            {"item": item, "keys": keys_used, "shares": dict(shares), "computation": "\n".join(words)} for item in items
        ], told

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
