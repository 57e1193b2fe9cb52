from odoo import api, models


class JoinedFiles(models.AbstractModel):
    """Records whose files go, in archives, to all who read them: who joins a file is somebody who may open it.

    Odoo links any file to a record, of whomever it is, where its number is known.
    """

    _name = "pope.joined.files"
    _description = "Records With Files"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any("attachment_ids" in vals for vals in vals_list):
            records._check_joined(self.env["ir.attachment"])
        return records

    def write(self, vals):
        if "attachment_ids" not in vals:
            return super().write(vals)
        # sudo: what a colleague joined stays, whoever may open it
        known = self.sudo().attachment_ids
        result = super().write(vals)
        self._check_joined(known)
        return result

    def _check_joined(self, known):
        # sudo: which files they are; whether they may be read is asked in the name of who joined them
        joined = self.sudo().attachment_ids - known
        joined.with_env(self.env).check_access("read")
