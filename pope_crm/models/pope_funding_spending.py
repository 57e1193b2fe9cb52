from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core import account_prefixes
from .pope_funding import WON

# By the beginning of the code, never by the type: charts differ. Money set aside for later years (689) is not spent.
SPENT_ACCOUNTS = "6 -689"
# What an investment grant pays is bought in class 2; its depreciation would count it twice.
INVESTED_ACCOUNTS = "6 20 21 22 23 -68"


class Funding(models.Model):
    """What is spent for a file of the pole: the entries that people spread over its analytic account."""

    _inherit = "pope.funding"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Account of Expenses",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Chosen as “Analytic Distribution” on bills and entries: what is spread over it is spent for this file.",
    )

    _analytic_account_unique = models.UniqueIndex(
        "(analytic_account_id) WHERE analytic_account_id IS NOT NULL",
        "This analytic account is that of another file: its expenses would count twice.",
    )

    @api.constrains("analytic_account_id", "beneficiary")
    def _check_analytic_account(self):
        others = self.filtered(lambda funding: funding.analytic_account_id and funding.beneficiary != "pole")
        if others._has_analytic_lines():
            raise ValidationError(
                self.env._(
                    "“%(name)s” has expenses in the books of the pole: it cannot become the file of a project or of a "
                    "person, whose money is their own.",
                    name=others[0].name,
                )
            )

    # --- Its analytic account ---

    @api.model_create_multi
    def create(self, vals_list):
        fundings = super().create(vals_list)
        fundings._settle_analytic_account()
        return fundings

    def write(self, vals):
        result = super().write(vals)
        if {"state", "lead_id", "person_id", "analytic_account_id"}.intersection(vals):
            self._settle_analytic_account()
        accounts = self._own_analytic_accounts()
        if vals.get("name"):
            accounts.with_context(lang=None).name = vals["name"]
        if vals.get("state"):
            # a file that is closed keeps its account: bills of the last months still come
            accounts.active = vals["state"] not in ("refused", "dropped")
        if vals.get("company_id"):
            accounts.company_id = vals["company_id"]
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_spent(self):
        if self._has_analytic_lines():
            raise UserError(self.env._("A file that has expenses in the books is given up or closed, not deleted."))

    def unlink(self):
        accounts = self._own_analytic_accounts()
        result = super().unlink()
        accounts.unlink()
        return result

    def _own_analytic_accounts(self):
        """Those that were made for these files: one that people had before stays as it is."""
        # sudo: an account is named, closed and deleted with its file, whoever does it
        accounts = self.sudo().analytic_account_id
        return accounts and accounts.filtered_domain([("root_plan_id", "=", self._spending_plan().root_id.id)])

    def _has_analytic_lines(self):
        # sudo: analytic lines are for accountants to read, and for everybody to respect
        Line = self.env["account.analytic.line"].sudo()
        accounts = self.analytic_account_id
        return bool(accounts and Line.search_count([("auto_account_id", "in", accounts.ids)], limit=1))

    def _settle_analytic_account(self):
        """Awarded files of the pole have an account; the money of others is in their own books."""
        others = self.filtered(lambda funding: funding.beneficiary != "pole" and funding.analytic_account_id)
        accounts = others._own_analytic_accounts()
        others.analytic_account_id = False
        accounts.unlink()
        self.filtered(lambda funding: funding.state in WON)._make_analytic_account()

    def _make_analytic_account(self):
        """One for each file of the pole that has none; the money of others is in their own books."""
        fundings = self.filtered(lambda funding: funding.beneficiary == "pole" and not funding.analytic_account_id)
        if not fundings:
            return
        # sudo: users of the pole may make no analytic account, and this one is always the same
        Account = self.env["account.analytic.account"].sudo().with_context(lang=None)
        plan = self._spending_plan()
        accounts = Account.create(
            [
                {
                    "name": funding.name,
                    "code": funding._years_words(),
                    "plan_id": plan.id,
                    "company_id": funding.company_id.id,
                }
                for funding in fundings
            ]
        )
        for funding, account in zip(fundings, accounts, strict=True):
            funding.analytic_account_id = account.sudo(False)

    @api.model
    def _spending_plan(self):
        """The plan of fundings; made again if somebody deleted it while it was empty."""
        # sudo: plans are for accountants to read
        Plan = self.env["account.analytic.plan"].sudo()
        xml_id = "pope_crm.analytic_plan_funding"
        return self.env.ref(xml_id, raise_if_not_found=False) or Plan._load_records(
            [{"xml_id": xml_id, "values": {"name": "Fundings"}, "noupdate": True}]
        )

    def _years_words(self):
        """The years of the action: files that are renewed have the same name."""
        first = self.date_from or self.date_to or self.date_decision
        last = self.date_to or first
        return first and (str(first.year) if first.year == last.year else f"{first.year}-{last.year}")

    # --- What is spent ---

    @api.private
    def _spent(self, date_from=None, date_to=None):
        """What the books say was spent for each file, between two days when told.

        :return: dict funding → amount, positive when spent; 0 for a file without account
        """
        return {
            funding: sum(accounts.values()) for funding, accounts in self._spent_by_account(date_from, date_to).items()
        }

    @api.private
    def _spent_by_account(self, date_from=None, date_to=None):
        """What was spent for each file by account of the general ledger: dict funding → dict account → amount.

        The lines that somebody typed without an entry are left out: they are in no account.
        """
        spent = {funding: {} for funding in self}
        for funding, account, amount in self._entered(date_from, date_to):
            if account_prefixes.matching(account.code or "", funding._spent_prefixes()):
                spent[funding][account] = -amount
        return spent

    def _spent_prefixes(self):
        return INVESTED_ACCOUNTS if self.nature == "investment" else SPENT_ACCOUNTS

    def _entered(self, date_from, date_to):
        """(funding, account with the codes of its company, signed amount) of the entries on the analytic accounts."""
        fundings = {funding.analytic_account_id: funding for funding in self if funding.analytic_account_id}
        domain = [
            ("move_line_id.parent_state", "=", "posted"),
            *([("date", ">=", date_from)] if date_from else []),
            *([("date", "<=", date_to)] if date_to else []),
        ]
        # sudo: analytic lines are for accountants to read; their total by file is for everybody of the pole
        Line = self.env["account.analytic.line"].sudo()
        by_plan = defaultdict(list)
        for analytic in fundings:
            by_plan[analytic.sudo().root_plan_id].append(analytic.id)
        for plan, ids in by_plan.items():
            column = plan._column_name()
            for analytic, account, amount in Line._read_group(
                [*domain, (column, "in", ids)], [column, "general_account_id"], ["amount:sum"]
            ):
                funding = fundings[analytic.sudo(False)]
                yield funding, account.with_company(funding.company_id), amount
