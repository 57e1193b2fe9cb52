from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.table_header import plain
from ..models.pope_budget import AMOUNTS


class BudgetImport(models.TransientModel):
    """The amounts of a budget that was kept in a spreadsheet."""

    _name = "pope.budget.import"
    _description = "Import the Amounts of a Budget"
    _inherit = ["pope.file.import"]

    budget_id = fields.Many2one("pope.budget", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(related="budget_id.kind")
    column_code_id = fields.Many2one("pope.import.column", string="Code or Account")
    column_label_id = fields.Many2one("pope.import.column", string="Line")
    column_note_id = fields.Many2one("pope.import.column", string="Detail")
    column_amount_id = fields.Many2one("pope.import.column", string="Amount")
    column_amount_1_id = fields.Many2one("pope.import.column", string="Year 1")
    column_amount_2_id = fields.Many2one("pope.import.column", string="Year 2")
    column_amount_3_id = fields.Many2one("pope.import.column", string="Year 3")

    @api.onchange("column_code_id", "column_label_id", "column_note_id", *(f"column_{amount}_id" for amount in AMOUNTS))
    def _onchange_choices(self):
        self._forget_report()

    def _wanted_columns(self):
        titles = {
            "code": ["code", "compte", "n compte", "numéro de compte", "n°"],
            "label": [
                "ligne",
                "libellé",
                "intitulé",
                "poste",
                "postes",
                "désignation",
                "nature",
                "charges et produits",
            ],
            "note": ["détail", "commentaire", "observations", "note", "précision"],
            "amount": ["montant", "budget", "prévision", "prévisionnel", "montant prévu", "départ", "initial", "€"],
            "amount_1": ["année 1", "an 1", "année n", "n", "year 1", "exercice 1", "a1"],
            "amount_2": ["année 2", "an 2", "année n+1", "n+1", "year 2", "exercice 2", "a2"],
            "amount_3": ["année 3", "an 3", "année n+2", "n+2", "year 3", "exercice 3", "a3"],
        }
        shown = ("code", "label", "note", *self.budget_id._columns())
        return {name: [plain(title) for title in usual] for name, usual in titles.items() if name in shown}

    def _required_columns(self):
        return ("label", self.budget_id._columns()[0])

    def _missing_columns(self):
        """Its code or its words say which line a row is."""
        missing = super()._missing_columns()
        return [name for name in missing if name != "label" or not self.column_code_id]

    def _run(self, rows, apply):
        return self.budget_id._import_rows(rows, apply)

    def _report(self, outcomes):
        super()._report(outcomes)
        if any(outcome["outcome"] == "refused" for outcome in outcomes):
            self.change_count = 0
            words = self.env._("Nothing is imported as long as a row is refused: correct the file.")
            self.summary = f"{words}\n{self.summary}"

    def action_apply(self):
        if not self.change_count:
            raise UserError(self.env._("Nothing is imported as long as a row is refused: correct the file."))
        return super().action_apply()
