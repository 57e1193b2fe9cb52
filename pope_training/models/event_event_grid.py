from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import split_every

from .pope_attendance_grid import COLORS

SHEET_COLUMNS = 6  # half-days on a page of the printed sheet
SHEET_ROWS = 10  # people on a page of the printed sheet


class EventEvent(models.Model):
    """Attendance as one sees it at a glance: on the screen, in colours, and on paper."""

    _inherit = "event.event"

    pope_attendance_grid = fields.Html(
        string="Attendance at a Glance",
        compute="_compute_pope_attendance_grid",
        sanitize=False,
        groups="pope_crm.group_pope_user",
    )
    pope_door_address = fields.Char(
        string="Address of the Code", compute="_compute_pope_door", groups="pope_crm.group_pope_user"
    )
    pope_door_image = fields.Binary(
        string="Code to Scan", compute="_compute_pope_door", groups="pope_crm.group_pope_user"
    )

    @api.depends("pope_attendance_ids.status", "pope_attendance_ids.is_signed")
    def _compute_pope_attendance_grid(self):
        for event in self:
            event.pope_attendance_grid = event._pope_grid() if event.pope_attendance_ids else event._pope_no_grid()

    @api.depends("date_end")
    def _compute_pope_door(self):
        for event in self:
            saved = event._origin and event.pope_kind
            event.pope_door_address = saved and event._origin._pope_door_url()
            event.pope_door_image = saved and event._origin._pope_door_png()

    def _pope_no_grid(self):
        return Markup("<p class='text-muted'>%s</p>") % self.env._(
            "Nobody is awaited yet: enrol people and lay out the half-days. "
            "For a meeting, open “Attendance of the Day”."
        )

    def _pope_grid_table(self):
        """Who is awaited when.

        :return: half-days, enrolments by name, and the row of each pair
        """
        rows = self.pope_attendance_ids
        slots = rows.slot_id.sorted("date_begin")
        people = rows.enrolment_id.sorted(lambda enrolment: ((enrolment.display_name or "").casefold(), enrolment.id))
        return slots, people, {(row.enrolment_id, row.slot_id): row for row in rows}

    def _pope_grid(self):
        """A table of colours; each cell opens its detail, and says in words what its colour says."""
        slots, people, rows = self._pope_grid_table()
        head = Markup().join(
            Markup("<th class='text-center px-1 small fw-normal'>%s<br/>%s</th>") % slot._short_label()
            for slot in slots
        )
        lines = Markup()
        for person in people:
            cells = Markup().join(
                rows[person, slot]._grid_cell() if (person, slot) in rows else Markup("<td></td>") for slot in slots
            )
            lines += Markup("<tr><th class='fw-normal pe-3 text-nowrap'>%s</th>%s</tr>") % (person.display_name, cells)
        return Markup("<div style='overflow-x: auto'><table><thead><tr><th></th>%s</tr></thead>%s</table>%s</div>") % (
            head,
            lines,
            self._pope_grid_legend(),
        )

    def _pope_grid_legend(self):
        words = {
            "signed": self.env._("Signed"),
            "here": self.env._("Present, not signed"),
            "excused": self.env._("Excused"),
            "absent": self.env._("Away"),
            "todo": self.env._("Not noted yet"),
        }
        mark = Markup("<span class='me-3'><span style='%s'></span> %s</span>")
        square = "display: inline-block; width: 1em; height: 1em; vertical-align: middle; background: "
        return Markup("<p class='mt-2 small text-muted'>%s</p>") % Markup().join(
            mark % (square + COLORS[state], word) for state, word in words.items()
        )

    def action_pope_open_attendance(self):
        self.ensure_one()
        self._pope_ready_to_sign()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_attendance_action")
        return {**action, "domain": [("event_id", "=", self.id)], "context": {"search_default_group_slot": 1}}

    # --- On paper ---

    def _pope_attendance_pages(self):
        """The printed sheet: some half-days and some people a page, those who train at the foot.

        :return: list of (half-days, enrolments, dict of the row of each pair)
        """
        slots, people, rows = self._pope_grid_table()
        return [
            (slots.browse(slot.id for slot in columns), people.browse(person.id for person in group), rows)
            for columns in split_every(SHEET_COLUMNS, slots)
            for group in split_every(SHEET_ROWS, people)
        ]
