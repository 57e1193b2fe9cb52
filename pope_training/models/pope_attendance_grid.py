from markupsafe import Markup

from odoo import models

from .pope_attendance import AWAY, HERE

COLORS = {
    "signed": "#2e7d32",
    "here": "#a5d6a7",
    "excused": "#f0ad4e",
    "absent": "#c62828",
    "todo": "#e0e0e0",
}


class Attendance(models.Model):
    """A cell of the grid, and of the printed sheet."""

    _inherit = "pope.attendance"

    def _grid_state(self):
        if self.status in AWAY:
            return self.status
        return "signed" if self.is_signed else "here" if self.status in HERE else "todo"

    def _grid_cell(self):
        words = dict(self._fields["status"]._description_selection(self.env))[self.status]
        said = f"{self.display_name}: {self.env._('Signed') if self.is_signed else words}"
        cell = Markup("<button type='button' data-attendance='%s' title='%s' aria-label='%s' style='%s'></button>") % (
            self.id,
            said,
            said,
            f"border: 0; width: 100%; height: 1.6em; min-width: 2.2em; background: {COLORS[self._grid_state()]};",
        )
        return Markup("<td class='p-1'>%s</td>") % cell

    def _paper_signature(self):
        """The drawing as the source of an image, or what stands for it."""
        signature = self.signature_ids.filtered(lambda row: row.kind == "signature")[:1]
        return signature._image_source()
