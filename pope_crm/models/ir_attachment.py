import os

from odoo import api, models

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _pope_download(self, name, content, record=None):
        """Download a workbook made just now: one file a name, of a record or else of its reader, renewed each time."""
        owner = {"res_model": record._name, "res_id": record.id} if record else {}
        own = owner or {"res_model": False, "create_uid": self.env.uid}
        attachment = self.search([("name", "=", name), *((key, "=", value) for key, value in own.items())], limit=1)
        if attachment:
            attachment.raw = content
        else:
            attachment = self.create({"name": name, "raw": content, "mimetype": XLSX, **owner})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    @api.private
    def _pope_add_to(self, archive, path):
        """Into a zip, from the disk in blocks where the file is there: a large scan is never whole in memory."""
        self.ensure_one()
        full = self.store_fname and self._full_path(self.store_fname)
        if full and os.path.exists(full):
            archive.write(full, path)
        else:
            archive.writestr(path, self.raw or b"")
