import tempfile
import zipfile

from odoo import api, models
from odoo.exceptions import UserError

from ..core import file_names

IN_MEMORY = 8 * 2**20  # beyond, the archive is written on the disk


class FinancialSummary(models.Model):
    """The notices and agreements behind the grants, in one archive."""

    _inherit = "pope.financial.summary"

    def _papers(self):
        """Files of the papers, and those joined to the file itself: dict funding → attachments."""
        # with the reader's own rights: they open what they could open one by one
        fundings = self.env["pope.funding"].search(
            [("id", "in", [grant["funding_id"] for grant in self._figures().get("grants", [])])]
        )
        # sudo: who reads a funding file reads its papers, whoever joined them
        joined = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", fundings._name), ("res_id", "in", fundings.ids), ("res_field", "=", False)])
            .grouped("res_id")
        )
        none = self.env["ir.attachment"].sudo()
        return {funding: funding.paper_ids.sudo().attachment_ids | joined.get(funding.id, none) for funding in fundings}

    def action_papers(self):
        """Download the archive, when there is something in it."""
        self.ensure_one()
        if not any(self._papers().values()):
            raise UserError(
                self.env._("No paper is joined to these files yet: add the notices and agreements on each file.")
            )
        return {"type": "ir.actions.act_url", "url": f"/pope/summaries/{self.id}/papers", "target": "download"}

    @api.private
    def _papers_archive(self):
        """The archive, a folder for each grant.

        :return: (name of the file, stream at its beginning: on the disk when it is large)
        """
        self.ensure_one()
        # closed by who sends it
        stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        folders = set()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for funding, attachments in self._papers().items():
                if not attachments:
                    continue
                parts = [file_names.safe(part.name).replace(".", " ") for part in (funding.partner_id, funding)]
                folder, names = file_names.unlike(file_names.safe(" - ".join(parts)), folders), set()
                for attachment in attachments.sorted("id"):
                    name = file_names.unlike(file_names.safe(attachment.name), names)
                    attachment._pope_add_to(archive, f"{folder}/{name}")
        stream.seek(0)
        return f"{file_names.safe(self.name)}.zip", stream
