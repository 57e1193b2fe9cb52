import os

from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.private
    def _pope_add_to(self, archive, path):
        """Into a zip, from the disk in blocks where the file is there: a large scan is never whole in memory."""
        self.ensure_one()
        full = self.store_fname and self._full_path(self.store_fname)
        if full and os.path.exists(full):
            archive.write(full, path)
        else:
            archive.writestr(path, self.raw or b"")
