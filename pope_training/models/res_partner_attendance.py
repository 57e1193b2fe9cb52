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
        self._pope_forget_papers(neutral)

    def _pope_forget_papers(self, neutral):
        """Papers of who trained go with them; a sheet signed on paper goes with the last of those who are on it."""
        # sudo: whoever anonymises
        papers = self.env["pope.trainer.paper"].sudo().search([("partner_id", "in", self.ids)])
        # what was agreed with them is kept with its agreement
        papers.attachment_ids.filtered(lambda file: file.res_model in (papers._name, False)).unlink()
        self._pope_blank_texts(papers, ("name",), neutral)
        slots = self.pope_enrolment_ids.sudo().attendance_ids.slot_id.filtered("scan_ids")  # sudo: as above
        for slot in slots:
            people = slot.attendance_ids.partner_id - self
            if all(person.pope_anonymised_date for person in people):
                slot.scan_ids.unlink()
