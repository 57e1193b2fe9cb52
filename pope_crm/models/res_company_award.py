from odoo import models
from odoo.exceptions import UserError

from .res_company_books import VOLUNTEER_JOURNAL

# the account of a grant, by kind of funder: operating, then investment; others are "other public bodies"
FUNDER_ACCOUNTS = {
    "state": ("7411", "1311"),
    "region": ("7412", "1312"),
    "department": ("7413", "1313"),
    "inter_municipal": ("7414", "1314"),
    "municipal": ("7414", "1314"),
    "family_fund": ("7415", "1315"),
    "social_body": ("7415", "1315"),
    "europe": ("7416", "1315"),
    "paying_agency": ("7417", "1315"),
    "foundation": ("75511", "1317"),
    "solidarity_finance": ("75511", "1317"),
    "bank": ("75511", "1317"),
}
OTHER_FUNDER = ("7418", "1315")
INVESTMENT_AWAITED, OPERATING_AWAITED = "4411", "4417"


class ResCompany(models.Model):
    """Where the pole's books put a grant that is awarded."""

    _inherit = "res.company"

    def _pope_grant_prefixes(self, nature, funder):
        """Where a grant is income, or equity for an investment, the best account first.

        :param nature: of the funding file
        :param funder: code of a kind of funder
        """
        operating, investment = FUNDER_ACCOUNTS.get(funder, OTHER_FUNDER)
        return (investment, "131") if nature == "investment" else (operating, "741", "74")

    def _pope_find_receivable(self, nature):
        """The account of a grant that is awaited: payments are reconciled with it, which no other type allows."""
        prefixes = (INVESTMENT_AWAITED if nature == "investment" else OPERATING_AWAITED, "441")
        domain = [("account_type", "=", "asset_receivable"), ("reconcile", "=", True)]
        return self._pope_find_account(*prefixes, domain=domain)

    def _pope_grant_receivable(self, nature):
        if account := self._pope_find_receivable(nature):
            return account
        raise UserError(
            self.env._(
                "%(company)s has no account %(prefix)s that takes payments (of type receivable, and reconcilable): add "
                "it with “Complete the Chart for an Association” (Configuration, Accounting).",
                company=self.name,
                prefix=INVESTMENT_AWAITED if nature == "investment" else OPERATING_AWAITED,
            )
        )

    def _pope_award_journal(self):
        """The general journal of the company, for awards."""
        self.ensure_one()
        apart = self.currency_exchange_journal_id | self.tax_cash_basis_journal_id
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "general"),
                ("id", "not in", apart.ids),
                ("code", "!=", VOLUNTEER_JOURNAL),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._("%(company)s has no general journal: an accountant makes one first.", company=self.name)
            )
        return journal
