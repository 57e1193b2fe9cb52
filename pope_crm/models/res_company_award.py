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


class ResCompany(models.Model):
    """Where the pole's books put a grant that is awarded."""

    _inherit = "res.company"

    def _pope_grant_account(self, nature, funder):
        """The income of a grant, or the equity of an investment grant.

        :param nature: of the funding file
        :param funder: code of a kind of funder
        """
        operating, investment = FUNDER_ACCOUNTS.get(funder, OTHER_FUNDER)
        if nature == "investment":
            return self._pope_account(investment, "131")
        return self._pope_account(operating, "741", "74")

    def _pope_grant_receivable(self, nature):
        """The account of a grant that is awaited: payments are reconciled with it, which no other type allows."""
        self.ensure_one()
        Account = self.env["account.account"].with_company(self)
        own = [
            *Account._check_company_domain(self),
            ("account_type", "=", "asset_receivable"),
            ("reconcile", "=", True),
        ]
        wanted = "4411" if nature == "investment" else "4417"
        for prefix in (wanted, "441"):
            if account := Account.search([*own, ("code", "=like", f"{prefix}%")], order="code", limit=1):
                return account
        raise UserError(
            self.env._(
                "%(company)s has no account %(prefix)s that takes payments (of type receivable, and reconcilable): add "
                "it with “Complete the Chart for an Association” (Configuration, Accounting).",
                company=self.name,
                prefix=wanted,
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
