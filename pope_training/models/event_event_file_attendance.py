from odoo import api, models


class EventEvent(models.Model):
    """What attendance brings to the file of a session."""

    _inherit = "event.event"

    @api.model
    def _pope_file_lines(self):
        return {
            **super()._pope_file_lines(),
            "attendance": [self.env._("Attendance noted for everyone at each half-day that is over"), "10"],
        }

    def _pope_file_facts(self):
        facts = super()._pope_file_facts()
        now = self.env.cr.now()
        facts["attendance"] = {}
        for event in self:
            # sudo: the file is counted wherever the user may look
            over = event.sudo().pope_slot_ids.filtered(
                lambda slot: slot.state == "planned" and slot.date_end <= now and slot.attendance_ids
            )
            noted = over.filtered(lambda slot: "todo" not in slot.attendance_ids.mapped("status"))
            if over:
                facts["attendance"][event] = (len(noted), len(over))
        return facts
