from odoo import fields, models


class TrainingEnrolList(models.TransientModel):
    """The list of a prescriber, for a discovery day: who sent these people is noted, on the person where nobody was."""

    _inherit = "pope.training.enrol.list"

    pope_kind = fields.Selection(related="event_id.pope_kind")
    prescriber_id = fields.Many2one("res.partner", string="Sent By", help="The organisation that made the list.")

    def _complete(self, enrolments):
        result = super()._complete(enrolments)
        if self.prescriber_id:
            people = enrolments.partner_id.filtered(lambda person: not person.pope_prescriber_id)
            people.pope_prescriber_id = self.prescriber_id
            enrolments.sent_by_id = self.prescriber_id
        return result
