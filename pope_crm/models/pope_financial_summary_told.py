import json
from collections import defaultdict

from odoo import api, fields, models

from .account_move import ACCOUNTANTS


def told_of(told, code, balance, charged):
    """What a figure holds of one item: all of it, or the share of the funding files that the figure is about.

    :param told: as `FinancialSummary._told` says it
    :param code: of the account of the item
    :param balance: of the item, debit less credit
    :param charged: dict id of a funding file → what of the balance is charged to it
    """

    def of_files(part):
        return sum(charged.get(file, 0.0) for file in part["files"]) if code in part["codes"] else 0.0

    own = code in told["codes"]
    amount = (charged.get(told["file"], 0.0) if told["file"] else balance) if own else 0.0
    if own:
        amount -= sum(map(of_files, told["less"]))
    else:
        amount += sum(map(of_files, told["more"]))
    return told["sign"] * amount


class FinancialSummary(models.Model):
    """Behind a figure: the items, and what it holds of each; their total is the figure."""

    _inherit = "pope.financial.summary"

    def _told(self, codes, by_funder, sign):
        """What the list of items shows, as plain data; its context says it as text, which a cache can be keyed by.

        :param codes: of the accounts of the figure
        :param by_funder: what the kinds of funder add or take away, as `_behind` tells
        :param sign: 1 where the figure is a debit, -1 where it is a credit
        """
        return {
            "sign": sign,
            "codes": list(codes),
            "file": self.funding_id.id if self.scope == "funding" else False,
            **{
                way: [{"codes": list(taken), "files": files.ids} for taken, files in parts]
                for way, parts in by_funder.items()
            },
        }

    def _show_told(self, action, codes, by_funder, sign):
        """The list of items with what the figure holds of each; no pivot where items count in part."""
        told = self._told(codes, by_funder, sign)
        view = {
            "account.move.line": "pope_crm.account_move_line_view_list_told",
            "pope.books.line": "pope_crm.pope_books_line_view_list_told",
        }[action["res_model"]]
        is_part = told["file"] or told["more"] or told["less"]
        others = [] if is_part else [view for view in action["views"] if view[1] != "list"]
        views = [(self.env.ref(view).id, "list"), *others]
        return action | {
            "views": views,
            "view_mode": ",".join(mode for _view, mode in views),
            "context": action["context"] | {"pope_told": json.dumps(told)},
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    pope_told = fields.Monetary(
        string="In This Figure",
        compute="_compute_pope_told",
        currency_field="company_currency_id",
        groups=ACCOUNTANTS,
        help="Of the balance, what the figure that was clicked holds: the share charged to its funding files.",
    )

    @api.depends("balance", "account_id")
    @api.depends_context("pope_told", "allowed_company_ids")
    def _compute_pope_told(self):
        told = json.loads(self.env.context.get("pope_told", "null"))
        charged = self._pope_charged(told) if told else {}
        for item in self:
            # an account without a code in this company is known by its name
            code = item.account_id.code or item.account_id.name
            item.pope_told = told_of(told, code, item.balance, charged[item.id]) if told else item.balance

    def _pope_charged(self, told):
        """What is charged to the files of a figure: dict id of an item → id of a file → debit less credit."""
        files = {file for way in ("more", "less") for part in told[way] for file in part["files"]} | {told["file"]}
        fundings = self.env["pope.funding"].browse(filter(None, files))
        # sudo: shares of items that the reader may read
        Line = self.env["account.analytic.line"].sudo()
        charged = defaultdict(lambda: defaultdict(float))
        for column, own in self.company_id[:1]._pope_charged_fundings(fundings).items():
            by_account = {file.analytic_account_id.id: file.id for file in own}
            domain = [("move_line_id", "in", self.ids), (column, "in", list(by_account))]
            for item, account, amount in Line._read_group(domain, ["move_line_id", column], ["amount:sum"]):
                charged[item.id][by_account[account.id]] -= amount
        return charged


class BooksLine(models.Model):
    _inherit = "pope.books.line"

    told = fields.Monetary(
        string="In This Figure",
        compute="_compute_told",
        help="Of the balance, what the figure that was clicked holds: the share charged to its funding files.",
    )

    @api.depends("balance", "account_code", "charge_ids.amount")
    @api.depends_context("pope_told")
    def _compute_told(self):
        told = json.loads(self.env.context.get("pope_told", "null"))
        for line in self:
            # sudo: shares of lines that the reader may read
            charged = {charge.funding_id.id: charge.amount for charge in line.sudo().charge_ids}
            line.told = told_of(told, line.account_code, line.balance, charged) if told else line.balance
