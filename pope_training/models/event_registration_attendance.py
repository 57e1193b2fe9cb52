from odoo import api, models


class EventRegistration(models.Model):
    """Who is registered is awaited at the half-days; what they signed outlives the registration."""

    _inherit = "event.registration"

    def write(self, vals):
        events = self._pope_own().event_id
        result = super().write(vals)
        followed = events | self._pope_own().event_id
        if followed and {"state", "active", "event_id"}.intersection(vals):
            self.env["pope.attendance"]._follow(followed)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_attendance(self):
        # sudo: what was signed holds the registration wherever the user may look
        self.sudo()._pope_enrolments()._unlink_without_attendance()
