from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.table_header import plain


class AddressReturn(models.TransientModel):
    """The answer of the State's tool: the file of addresses, with the district of each."""

    _name = "pope.address.return"
    _description = "Answer of the State's Tool"
    _inherit = ["pope.file.import"]

    generation_id = fields.Many2one(
        "pope.district.generation",
        string="Checked Under",
        required=True,
        domain=[("date_end", "=", False)],
        default=lambda self: self.env["pope.district.generation"]._in_force(),
    )
    date = fields.Date(string="Checked On", required=True, default=fields.Date.context_today)
    empty_means = fields.Selection(
        [("nothing", "Nothing: the address stays not checked"), ("outside", "The address is outside every QPV")],
        string="A Row Without QPV Says",
        required=True,
        default="nothing",
        help="Read it in the tool's own notice: an address that it did not find is not an address outside.",
    )
    column_reference_id = fields.Many2one("pope.import.column", string="Reference")
    column_code_id = fields.Many2one("pope.import.column", string="Code of the QPV")
    column_name_id = fields.Many2one("pope.import.column", string="Name of the QPV")
    column_result_id = fields.Many2one(
        "pope.import.column", string="Result of the Search", help="Where the tool says that it did not find an address."
    )

    @api.onchange(
        "generation_id",
        "date",
        "empty_means",
        "column_reference_id",
        "column_code_id",
        "column_name_id",
        "column_result_id",
    )
    def _onchange_choices(self):
        self._forget_report()

    def _wanted_columns(self):
        titles = {
            "reference": ["reference", "ref", "identifiant", "id"],
            "code": [
                "code_qpv", "codeqp", "code quartier", "code_quartier_prioritaire", "code du quartier", "qpv", "qp",
                "id_qp",
            ],
            "name": [
                "nom_qpv", "nom_qp", "lib_qpv", "lib_qp", "libellé qpv", "nom du quartier", "nom quartier", "quartier",
                "libellé du quartier",
            ],
            "result": ["resultat", "statut", "status", "qualité", "message", "commentaire"],
        }  # fmt: skip
        return {name: [plain(title) for title in usual] for name, usual in titles.items()}

    def _required_columns(self):
        return ("reference",) if self.column_name_id else ("reference", "code")

    def _run(self, rows, apply):
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("An address cannot have been checked on a day to come."))
        return self.env["pope.district.answer"]._take_answers(
            rows, self.generation_id, self.date, self.empty_means == "outside", apply=apply
        )
