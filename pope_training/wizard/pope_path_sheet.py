import base64

from odoo import fields, models

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PathSheet(models.TransientModel):
    """The sheet that Contrat de Ville asks for: choose the year, take the workbook."""

    _name = "pope.path.sheet"
    _description = "Sheet of Contrat de Ville"

    year = fields.Integer(required=True, aggregator=None, default=lambda self: fields.Date.context_today(self).year)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    file = fields.Binary(string="Workbook", readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_make(self):
        self.ensure_one()
        name, content = self.env["pope.figures"].with_company(self.company_id)._path_sheet(self.year)
        self.write({"file": base64.b64encode(content), "file_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=true",
            "target": "download",
        }
