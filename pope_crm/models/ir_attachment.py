import os
import shutil
import zipfile

from odoo import api, models

BLOCK = 2**20  # bytes read at once


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.private
    def _pope_add_to(self, archive, path):
        """Into a zip, from the disk in blocks where the file is there: a large scan is never whole in memory."""
        self.ensure_one()
        full = self.store_fname and self._full_path(self.store_fname)
        if full and os.path.exists(full):
            member = zipfile.ZipInfo.from_file(full, path)
            member.compress_type = archive.compression
            with open(full, "rb") as source, archive.open(member, "w") as target:
                shutil.copyfileobj(source, target, BLOCK)
        else:
            archive.writestr(path, self.raw or b"")
