from odoo import Command, api, fields, models


class FundingSheet(models.TransientModel):
    """The answers of a file in the order of the form, to copy into the funder's portal."""

    _name = "pope.funding.sheet"
    _description = "Sheet to Copy Into the Form"
    _rec_name = "funding_id"

    funding_id = fields.Many2one("pope.funding", required=True, readonly=True, ondelete="cascade")
    portal_url = fields.Char(related="funding_id.portal_url")
    alert_note = fields.Text(related="funding_id.alert_note")
    missing_note = fields.Text(related="funding_id.missing_note")
    row_ids = fields.One2many("pope.funding.sheet.row", "sheet_id", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet in sheets:
            sheet.row_ids = [
                Command.create({"sheet_id": sheet.id, **row})
                for section in sheet.funding_id._sheet()
                for row in ({"label": section["title"], "is_title": True}, *section["rows"])
            ]
        return sheets

    def action_print(self):
        return self.env.ref("pope_crm.action_report_funding_sheet").report_action(self.funding_id)


class FundingSheetRow(models.TransientModel):
    _name = "pope.funding.sheet.row"
    _description = "Answer of a Form"
    _order = "id"

    sheet_id = fields.Many2one("pope.funding.sheet", required=True, ondelete="cascade", index=True)
    code = fields.Char(readonly=True)
    label = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    is_title = fields.Boolean(readonly=True)
    is_total = fields.Boolean(readonly=True)
