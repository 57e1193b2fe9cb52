from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

from .pope_funding import WON


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

    amount_spent = fields.Monetary(
        string="Spent",
        compute="_compute_spent",
        help="Posted charges spread over the analytic account of the file, and lines of imported books charged to it "
        "(class 2 too, for an investment).",
    )
    amount_to_spend = fields.Monetary(
        string="Left to Spend", compute="_compute_spent", help="What is awarded and not spent yet."
    )
    amount_outside = fields.Monetary(string="Spent Outside the Dates", compute="_compute_spent")
    amount_beside = fields.Monetary(
        string="Told by Imported Books",
        compute="_compute_spent",
        help="Entries of Odoo on days that imported books tell: not counted as spent.",
    )
    amount_typed = fields.Monetary(
        string="Typed Without Entry",
        compute="_compute_amount_typed",
        help="Analytic lines that are in no entry: they do not count as spent.",
    )
    overcharged_count = fields.Integer(compute="_compute_overcharged_count")
    expense_ids = fields.One2many("pope.funding.expense", "funding_id", string="Expenses", readonly=True)

    _analytic_account_unique = models.UniqueIndex(
        "(analytic_account_id) WHERE analytic_account_id IS NOT NULL",
        "This analytic account is that of another file: its expenses would count twice.",
    )

    @api.constrains("analytic_account_id", "beneficiary")
    def _check_analytic_account(self):
        others = self.filtered(lambda funding: funding.analytic_account_id and funding.beneficiary != "pole")
        if others._has_expenses():
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
        if vals.get("company_id"):  # first: a file and its account are of one company
            self._own_analytic_accounts().company_id = vals["company_id"]
        result = super().write(vals)
        if {"state", "lead_id", "person_id"}.intersection(vals):
            self._settle_analytic_account()
        if vals.get("name"):
            self._own_analytic_accounts().with_context(lang=None).name = vals["name"]
        if vals.get("state"):
            # a file that is closed keeps its account: bills of the last months still come
            self._own_analytic_accounts().active = vals["state"] not in ("refused", "dropped")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_spent(self):
        if self._has_expenses():
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

    def _has_expenses(self):
        """Whether somebody spread something over the accounts of these files, in drafts too."""
        accounts = self.analytic_account_id
        if not accounts:
            return False
        # sudo: entries are for accountants to read, and for everybody to respect
        env = self.sudo().env
        return bool(
            env["account.analytic.line"].search_count([("auto_account_id", "in", accounts.ids)], limit=1)
            or env["account.move.line"].search_count([("analytic_distribution", "in", accounts.ids)], limit=1)
        )

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
        """What was spent for each file by account, whichever books tell it: dict funding → dict code → amount."""
        spent = {funding: {} for funding in self}
        for funding, code, amount in self._expenses(date_from, date_to)._read_group(
            [("funding_id", "in", self.ids)], ["funding_id", "code"], ["amount:sum"]
        ):
            spent[self.browse(funding.id)][code] = amount
        return spent

    def _expenses(self, date_from=None, date_to=None):
        # sudo: entries are for accountants to read; what they add up to is for everybody of the pole
        Expense = self.env["pope.funding.expense"].sudo()
        return Expense.with_context(pope_expense_from=date_from, pope_expense_to=date_to)

    @api.depends("analytic_account_id", "amount_awarded", "date_from", "date_to")
    def _compute_spent(self):
        spent = {
            funding.id: amounts
            for funding, *amounts in self._expenses()._read_group(
                [("funding_id", "in", self.ids)],
                ["funding_id"],
                ["amount:sum", "amount_outside:sum", "amount_beside:sum"],
            )
        }
        for funding in self:
            amounts = spent.get(funding._origin.id, (0.0, 0.0, 0.0))
            funding.amount_spent, funding.amount_outside, funding.amount_beside = amounts
            left = max(0.0, funding.amount_awarded - funding.amount_spent)
            funding.amount_to_spend = left if funding.analytic_account_id else 0.0

    @api.depends("analytic_account_id")
    def _compute_amount_typed(self):
        typed = self._typed_by_account()
        for funding in self:
            funding.amount_typed = typed.get(funding.analytic_account_id._origin.id, 0.0)

    def _typed_by_account(self):
        """What somebody typed on the analytic accounts without an entry, which is in no account of the books."""
        # sudo: analytic lines are for accountants to read; what they add up to is for everybody of the pole
        Line = self.env["account.analytic.line"].sudo()
        typed = {}
        for plan, accounts in self.sudo().analytic_account_id.grouped("root_plan_id").items():
            column = plan._column_name()
            for account, amount in Line._read_group(
                [(column, "in", accounts.ids), ("move_line_id", "=", False)], [column], ["amount:sum"]
            ):
                typed[account.id] = -amount
        return typed

    @api.depends("analytic_account_id")
    def _compute_overcharged_count(self):
        items = self._overcharged_items()
        for funding in self:
            funding.overcharged_count = len(items.get(funding._origin.id, ()))

    def _overcharged_items(self):
        """Journal items that files bear for more than their whole amount: dict id of file → ids of items."""
        found = defaultdict(list)
        for item, fundings in self.env["pope.funding.expense"]._overcharged(self.ids):
            for funding in fundings:
                found[funding].append(item)
        return found

    # --- What it tells ---

    @api.depends("amount_spent", "amount_outside", "amount_beside", "overcharged_count")
    def _compute_alert_note(self):
        return super()._compute_alert_note()

    def _amount_alerts(self):
        return super()._amount_alerts() + self._spending_alerts()

    def _spending_alerts(self):
        told, currency = [], self.currency_id

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        if self.amount_eligible and currency.compare_amounts(self.amount_spent, self.amount_eligible) > 0:
            told.append(
                self.env._(
                    "%(spent)s is spent: more than the eligible cost, %(cost)s.",
                    spent=money(self.amount_spent),
                    cost=money(self.amount_eligible),
                )
            )
        if not currency.is_zero(self.amount_outside):
            told.append(
                self.env._("%(amount)s is spent outside the dates of the action.", amount=money(self.amount_outside))
            )
        if not currency.is_zero(self.amount_beside):
            told.append(
                self.env._(
                    "%(amount)s of Odoo's entries is not counted as spent: imported books tell these days.",
                    amount=money(self.amount_beside),
                )
            )
        if self.overcharged_count:
            told.append(
                self.env._(
                    "Expenses that funders bear for more than 100 %%: %(count)s, see “Expenses”.",
                    count=self.overcharged_count,
                )
            )
        return told

    # --- Actions ---

    def action_follow_expenses(self):
        """Its analytic account before the award: expenses may begin earlier."""
        self._make_analytic_account()

    def action_expenses(self):
        """The shares of entries behind what is spent, or of lines of imported books; by account when there are both."""
        self.ensure_one()
        name = self.env._("Expenses of “%(name)s”", name=self.name)
        kinds = {bool(expense.account_id) for expense in self.expense_ids}
        if kinds == {False}:
            return self._open_charges(name, Domain.TRUE)
        if len(kinds) == 2:
            action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_funding_expense_action")
            return action | {"name": name, "domain": [("funding_id", "=", self.id)]}
        return self._open_analytic_lines(
            name,
            [
                ("move_line_id.parent_state", "=", "posted"),
                ("general_account_id", "in", self.expense_ids.account_id.ids),
            ],
        )

    def _open_analytic_lines(self, name, domain):
        self.env["pope.financial.summary"]._check_may_read_items()
        column = self.analytic_account_id.sudo().root_plan_id._column_name()
        action = self.env["ir.actions.actions"]._for_xml_id("analytic.account_analytic_line_action_entries")
        return action | {
            "name": name,
            "domain": [(column, "=", self.analytic_account_id.id), *domain],
            "context": {"create": False, "allowed_company_ids": self.company_id.ids},
        }

    def _charges_domain(self):
        return Domain("funding_id", "=", self.id) & Domain("books_id.state", "=", "accepted")

    def _open_charges(self, name, domain):
        """The lines of imported books that this file pays a share of."""
        self.env["pope.financial.summary"]._check_may_read_items("pope.books.charge")
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_books_charge_action")
        return action | {
            "name": name,
            "domain": list(self._charges_domain() & domain),
            "context": {"create": False, "allowed_company_ids": self.company_id.ids},
        }

    def action_overcharged(self):
        """The entries that this file and others bear for more than their whole amount; of all files when none."""
        self.env["pope.financial.summary"]._check_may_read_items()
        fundings = self or self.search([("analytic_account_id", "!=", False)])
        items = {item for items in fundings._overcharged_items().values() for item in items}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Expenses Over 100 %"),
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [(self.env.ref("account.view_move_line_tree").id, "list")],
            "domain": [("id", "in", list(items))],
            "context": {"create": False},
            "help": self.env._("No expense is borne by funders for more than 100 %."),
        }

    def action_typed_lines(self):
        """The analytic lines that somebody typed without an entry."""
        self.ensure_one()
        name = self.env._("Typed Without Entry")
        return self._open_analytic_lines(name, [("move_line_id", "=", False)])
