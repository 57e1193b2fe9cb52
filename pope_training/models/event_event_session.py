from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class EventEvent(models.Model):
    """A training session is made of half-days."""

    _inherit = "event.event"

    pope_slot_ids = fields.One2many(
        "pope.training.slot", "event_id", string="Half-Days", groups="pope_crm.group_pope_user", copy=False
    )

    @api.constrains("pope_kind")
    def _check_pope_slots(self):
        # sudo: half-days count wherever the user may look
        if any(not event.pope_kind and event.sudo().pope_slot_ids for event in self):
            raise ValidationError(
                self.env._("A session with half-days stays a session: choose a template of its kind.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_attendance(self):
        # sudo: as above
        if any(slot._has_attendance() for slot in self.sudo().pope_slot_ids):
            raise UserError(self.env._("People signed in this session: cancel it instead of deleting it."))

    def _pope_follow_slots(self):
        """A session begins with its first half-day and ends with its last one."""
        for event in self:
            # sudo: as above
            slots = event.sudo().pope_slot_ids.filtered(lambda slot: slot.state == "planned")
            if slots:
                dates = {"date_begin": min(slots.mapped("date_begin")), "date_end": max(slots.mapped("date_end"))}
                if any(event[name] != value for name, value in dates.items()):
                    event.write(dates)
