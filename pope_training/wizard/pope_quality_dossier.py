import tempfile
import zipfile

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_path, format_date

from odoo.addons.pope_crm.core import file_names

from ..core import quality_index
from ..xlsx import quality_dossier

FONTS = {"PopeIndex": "Open_Sans-Regular.ttf", "PopeIndexBold": "Open_Sans-Bold.ttf"}  # of Odoo: they know our letters
IN_MEMORY = 8 * 2**20  # beyond, the archive is written on the disk


class QualityBoard(models.TransientModel):
    """All that an auditor asks for, in one archive: a folder for each indicator, and the index of it."""

    _inherit = "pope.quality.board"

    def action_dossier(self):
        """Download the archive of what the board found."""
        self.ensure_one()
        if not self.tile_ids:
            raise UserError(self.env._("Choose a day and sessions, then refresh."))
        return {"type": "ir.actions.act_url", "url": f"/pope/qualiopi/{self.id}/dossier", "target": "download"}

    def _dossier(self):
        """What the archive holds, the same for the same board.

        :return: list of dicts: criterion, indicator, standing, evidence, count, files ({path, attachment, about, day})
        """
        self.ensure_one()
        standings = dict(self.env["pope.quality.board.tile"]._fields["standing"]._description_selection(self.env))
        result, names = [], set()
        for tile in self.tile_ids.filtered(lambda tile: tile.standing != "out"):
            criterion, indicator = tile.criterion_id, tile.indicator_id
            folder = f"{self.env._('Criterion')} {criterion.number}/{indicator.number:02} - {self._short(indicator)}"
            for row in tile.row_ids:
                found = self.env[row.res_model].browse(row.found_ids or [])
                files = []
                for record, attachment in row.rule_id.with_company(self.company_id)._files(found, self.date):
                    name = file_names.safe(f"{record.display_name} - {attachment.name}")
                    files.append(
                        {
                            "path": file_names.unlike(f"{folder}/{name}", names),
                            "attachment": attachment,
                            "about": record.display_name,
                            "day": record.date or False,
                        }
                    )
                result.append(
                    {
                        "criterion": criterion.display_name,
                        "indicator": indicator.display_name,
                        "evidence": row.rule_id.name,
                        "standing": standings[row.standing],
                        "found": row.found_count,
                        "asked": row.asked_count,
                        "files": files,
                    }
                )
        return result

    @api.model
    def _short(self, indicator):
        return file_names.safe(indicator.name.replace(".", " "))[:40].strip()

    def _index(self, rows):
        """The index as the workbook and the PDF lay it out: a line for each file, or for what has none."""
        lines = []
        for row in rows:
            told = (row["criterion"], row["indicator"], row["evidence"], row["standing"])
            count = self.env._("%(found)s of %(asked)s in the records", found=row["found"], asked=row["asked"])
            for file in row["files"]:
                lines.append((*told, file["about"], file["path"], file["attachment"].checksum or ""))
            if not row["files"]:
                lines.append((*told, count, "", ""))
        return {
            "title": self.env._("Audit file – %(name)s", name=self.company_id.name),
            "about": self.env._(
                "%(standard)s, as of %(day)s, %(count)s sessions",
                standard=self.standard_id.name,
                day=format_date(self.env, self.date),
                count=self.session_count,
            ),
            "sheet": self.env._("Index"),
            "columns": [
                self.env._("Criterion"),
                self.env._("Indicator"),
                self.env._("Evidence"),
                self.env._("Status"),
                self.env._("What It Is"),
                self.env._("File"),
                self.env._("Fingerprint (SHA-1)"),
            ],
            "rows": lines,
        }

    @api.private
    def _dossier_archive(self):
        """The archive, with its index as a workbook and as a PDF.

        :return: (name of the file, stream at its beginning: on the disk when it is large)
        """
        rows = self._dossier()
        index = self._index(rows)
        # closed by who sends it
        stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        # what is kept in it is compressed already
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(f"{self.env._('Index')}.xlsx", quality_dossier.write(index))
            archive.writestr(f"{self.env._('Index')}.pdf", self._index_pdf(index))
            for row in rows:
                for file in row["files"]:
                    file["attachment"]._pope_add_to(archive, file["path"])
        stream.seek(0)
        return f"{file_names.safe(index['title'])} {fields.Date.to_string(self.date)}.zip", stream

    def _index_pdf(self, index):
        groups = {}
        for *told, about, path, _fingerprint in index["rows"]:
            groups.setdefault(tuple(told), []).append((about, path))
        index = {**index, "groups": [(*told, lines) for told, lines in groups.items()]}
        for name, file in FONTS.items():
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, file_path(f"web/static/fonts/google/Open_Sans/{file}")))
        return quality_index.write(index, *FONTS, lang=self.env.lang.replace("_", "-"))
