from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..core.association_chart import ASSOCIATION_CHART, RECEIVABLE, stem, width


class ChartComplete(models.TransientModel):
    """Give one company the accounts of an association that its chart lacks; those it has stay as they are."""

    _name = "pope.chart.complete"
    _description = "Complete the Chart of Accounts for an Association"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=lambda self: [("id", "in", self.env.companies.root_id.ids)],
        ondelete="cascade",
    )
    line_ids = fields.One2many(
        "pope.chart.complete.line", "wizard_id", compute="_compute_line_ids", store=True, string="Accounts"
    )
    add_count = fields.Integer(string="To Add", compute="_compute_add_count")
    is_done = fields.Boolean(readonly=True)

    @api.depends("company_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear(), *(Command.create(values) for values in wizard._proposed())]

    @api.depends("line_ids.outcome")
    def _compute_add_count(self):
        for wizard in self:
            wizard.add_count = len(wizard.line_ids.filtered(lambda line: line.outcome in ("add", "beside")))

    def _accounts(self):
        """The accounts of the company by code, archived ones too: their numbers are taken."""
        accounts = self.env["account.account"].with_company(self.company_id).with_context(active_test=False)
        domain = accounts._check_company_domain(self.company_id)
        return {account.code: account for account in accounts.search(domain) if account.code}

    def _proposed(self):
        """What would be done about each account of the association chart, as values of lines."""
        known = self._accounts()
        digits = width(known)
        by_stem = {stem(code): account for code, account in sorted(known.items(), reverse=True)}
        lines = []
        for wanted in ASSOCIATION_CHART:
            line = {
                "code": wanted.code.ljust(digits, "0"),
                "name": wanted.name,
                "account_type": wanted.type,
                "reconcile": wanted.reconcile,
                "outcome": "add",
            }
            if account := by_stem.get(stem(wanted.code)):
                line |= {"code": account.code, "name": account.name, "account_id": account.id, "outcome": "present"}
                if account.account_type != wanted.type:
                    line |= {"account_type": account.account_type, "outcome": "other"}
            lines.append(line)
            # an award's payment is reconciled with its account, which no other type allows
            if wanted.type == RECEIVABLE and account and not self._takes_payments(account):
                lines.append(self._beside(wanted, known, digits))
        return lines

    def _takes_payments(self, account):
        return account.active and account.account_type == RECEIVABLE and account.reconcile

    def _beside(self, wanted, known, digits):
        """A receivable sub-account next to one of another type: an existing one, else the first free number."""
        line = {"name": wanted.name, "account_type": RECEIVABLE, "reconcile": True}
        for code, account in sorted(known.items()):
            if code.startswith(wanted.code) and self._takes_payments(account):
                return line | {"code": code, "name": account.name, "account_id": account.id, "outcome": "present"}
        accounts = self.env["account.account"].with_company(self.company_id)
        code = accounts._search_new_account_code(wanted.code.ljust(digits, "0"), cache=set(known))
        return line | {"code": code, "outcome": "beside"}

    def action_complete(self):
        """Add what is missing when the button is pressed, whatever was there when the window opened."""
        self.ensure_one()
        if not self._accounts():
            raise UserError(
                self.env._(
                    "%(company)s has no chart of accounts yet: choose one in the settings of Invoicing first.",
                    company=self.company_id.name,
                )
            )
        self._compute_line_ids()
        missing = self.line_ids.filtered(lambda line: not line.account_id)
        # as charts are loaded: the accounts belong to the company's chart and stay when this add-on goes
        created = (
            self.env["account.chart.template"]
            .with_company(self.company_id)
            ._load_data(
                {
                    "account.account": {
                        f"association_{line.code}": {
                            "code": line.code,
                            "name": line.name,
                            "account_type": line.account_type,
                            "reconcile": line.reconcile,
                        }
                        for line in missing
                    }
                }
            )["account.account"]
        )
        for line, account in zip(missing, created, strict=True):
            line.write({"account_id": account.id, "outcome": "added"})
        self.is_done = True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Chart of Accounts of an Association"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class ChartCompleteLine(models.TransientModel):
    _name = "pope.chart.complete.line"
    _description = "Account of an Association"
    _order = "code, id"

    wizard_id = fields.Many2one("pope.chart.complete", required=True, ondelete="cascade")
    code = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    account_type = fields.Selection(
        lambda self: self.env["account.account"]._fields["account_type"]._description_selection(self.env),
        string="Type",
        readonly=True,
    )
    reconcile = fields.Boolean(readonly=True)
    outcome = fields.Selection(
        [
            ("add", "To add"),
            ("beside", "To add beside, for payments"),
            ("present", "Already there"),
            ("other", "There, of another type: kept"),
            ("added", "Added"),
        ],
        readonly=True,
    )
    account_id = fields.Many2one("account.account", readonly=True, ondelete="cascade")
