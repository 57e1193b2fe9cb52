from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.pope_attendance import STATUSES


class AttendanceStatus(models.TransientModel):
    """Who was there, typed by the team: from a sheet signed on paper, or from what they know."""

    _name = "pope.attendance.status"
    _description = "Type Attendance"

    attendance_ids = fields.Many2many("pope.attendance", string="People and Half-Days", required=True)
    status = fields.Selection([choice for choice in STATUSES if choice[0] != "todo"], required=True, default="present")
    minutes_missed = fields.Integer(help="Of somebody who came late, or left early.")
    mode = fields.Selection(
        [("paper", "Signed on paper"), ("typed", "Typed, without a signature")], required=True, default="paper"
    )
    reason = fields.Char()
    scan = fields.Binary(string="Scan of the Sheet")
    scan_name = fields.Char(string="Name of the Scan")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "pope.attendance":
            values["attendance_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    def action_save(self):
        self.ensure_one()
        if not self.attendance_ids:
            raise UserError(self.env._("Choose at least one line."))
        rows = self.attendance_ids._gesture()
        minutes = self.minutes_missed if self.status in ("late", "left_early") else 0
        rows._set_status(self.status, minutes, self.mode, self.reason or "", author=self.env.user.name)
        if self.scan:
            rows.slot_id._keep_scan(self.scan_name, self.scan)
        return {"type": "ir.actions.act_window_close"}
