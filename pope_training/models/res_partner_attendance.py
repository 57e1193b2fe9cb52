from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Who signed is kept with what they signed; anonymised, the drawing goes and the proof stays."""

    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_attendance(self):
        if signed := self._pope_signatures().attendance_id.partner_id:
            raise UserError(
                self.env._(
                    "%(name)s signed attendance, which proves the training: archive the contact, or anonymise it.",
                    name=signed[0].name,
                )
            )

    def _pope_signatures(self):
        # sudo: what was signed counts wherever the user may look
        return (
            self.env["pope.attendance.signature"]
            .sudo()
            .search([("attendance_id.enrolment_id.partner_id", "in", self.ids)])
        )

    def _pope_blank_related(self, neutral):
        super()._pope_blank_related(neutral)
        self._pope_signatures()._forget()
