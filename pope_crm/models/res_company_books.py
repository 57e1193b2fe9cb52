from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

VOLUNTEER_JOURNAL = "BENEV"
VOLUNTEER_ACCOUNTS = ("864", "875")  # debit, credit


class ResCompany(models.Model):
    """The accounts and the journal that the pole's entries use, found by their number: charts differ."""

    _inherit = "res.company"

    pope_volunteer_rate = fields.Monetary(string="Value of an Hour of Volunteering")
    pope_volunteer_rate_date = fields.Date(string="Value of an Hour Since")
    pope_full_time_hours = fields.Float(string="Hours of a Full-Time Year")

    def _pope_paper_lang(self):
        """What a French association prints is in French, wherever that is spoken here."""
        known = [code for code, _name in self.env["res.lang"].get_installed()]
        return "fr_FR" if "fr_FR" in known else self.env.lang

    def _pope_find_account(self, *prefixes, domain=()):
        """The first account of the company that begins with the first of the prefixes that has one; else none."""
        self.ensure_one()
        accounts = self.env["account.account"].with_company(self)
        own = [*accounts._check_company_domain(self), *domain]
        for prefix in prefixes:
            if account := accounts.search([*own, ("code", "=like", f"{prefix}%")], order="code", limit=1):
                return account
        return accounts

    def _pope_account(self, *prefixes):
        """The same, which the books cannot do without."""
        if account := self._pope_find_account(*prefixes):
            return account
        raise UserError(
            self.env._(
                "%(company)s has no account %(prefix)s: add it with “Complete the Chart for an Association” "
                "(Configuration, Accounting).",
                company=self.name,
                prefix=prefixes[0],
            )
        )

    def _pope_check_open(self, day, journal):
        """Odoo would move an entry of a closed period to the first open day: ours are of their day or are not."""
        if locks := self._get_violated_lock_dates(day, False, journal):
            raise UserError(
                self.env._(
                    "The books of %(company)s are closed on %(day)s (%(locks)s): nothing was booked. Choose an open "
                    "date, or ask the accountant.",
                    company=self.name,
                    day=format_date(self.env, day),
                    locks=self._format_lock_dates(locks),
                )
            )

    def _pope_volunteer_journal(self, create=False):
        """The journal of volunteering; made when it is first needed."""
        Journal = self.env["account.journal"]
        journal = Journal.search([("company_id", "=", self.id), ("code", "=", VOLUNTEER_JOURNAL)], limit=1)
        if not journal and create:
            # sudo: who may book may not make journals, and this one is always the same
            journal = Journal.sudo().create(
                {
                    "name": self.env._("Volunteering"),
                    "code": VOLUNTEER_JOURNAL,
                    "type": "general",
                    "company_id": self.id,
                    "show_on_dashboard": False,
                }
            )
            journal = journal.sudo(False)
        return journal

    def _pope_year_end_journal(self):
        """The first journal of miscellaneous entries that nothing else uses."""
        # sudo: journals are for accountants to read; managers see its name beside the computation
        Journal = self.env["account.journal"].sudo()
        reserved = self.sudo().currency_exchange_journal_id | self.sudo().tax_cash_basis_journal_id
        return Journal.search(
            [
                ("company_id", "=", self.id),
                ("type", "=", "general"),
                ("code", "!=", VOLUNTEER_JOURNAL),
                ("id", "not in", reserved.ids),
            ],
            limit=1,
        ).sudo(False)
