from odoo import api, fields, models

from ..core.table_header import plain


class DistrictImport(models.TransientModel):
    """The official list of priority districts, as it is published."""

    _name = "pope.district.import"
    _description = "Import the Official List of QPV"
    _inherit = ["pope.file.import"]

    generation_id = fields.Many2one(
        "pope.district.generation",
        string="List",
        required=True,
        default=lambda self: self.env["pope.district.generation"]._in_force(),
    )
    column_code_id = fields.Many2one("pope.import.column", string="Code of the QPV")
    column_name_id = fields.Many2one("pope.import.column", string="Name of the QPV")
    column_towns_id = fields.Many2one("pope.import.column", string="INSEE Codes of Its Towns")

    @api.onchange("column_code_id", "column_name_id", "column_towns_id")
    def _onchange_choices(self):
        self._forget_report()

    def _wanted_columns(self):
        titles = {
            "code": [
                "code_qpv", "codeqp", "code quartier", "code_quartier_prioritaire", "code du quartier", "qpv", "qp",
                "id_qp", "code",
            ],
            "name": [
                "nom_qpv", "nom_qp", "lib_qpv", "lib_qp", "libellé qpv", "nom du quartier", "nom quartier", "quartier",
                "libellé du quartier", "nom", "libellé",
            ],
            "towns": [
                "codes_insee", "code_insee", "insee_com", "insee", "code commune", "code_com", "codgeo", "depcom",
                "code géographique", "code officiel géographique", "cog",
            ],
        }  # fmt: skip
        return {name: [plain(title) for title in usual] for name, usual in titles.items()}

    def _required_columns(self):
        return ("code", "name")

    def _run(self, rows, apply):
        self.generation_id._check_begun()
        return self.env["pope.district"]._import_list(self.generation_id, rows, apply=apply)
