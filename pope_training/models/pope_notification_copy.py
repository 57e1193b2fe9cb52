from odoo import api, fields, models

COPY = "convocation_copy"
CHANGES_PAYER = ("scheme_id", "funding_id", "partner_id", "state", "enrolment_id")


class NotificationRule(models.Model):
    """The employer who pays is told what the trainee is told of when and where, and nothing else: neither their links,
    nor what they need."""

    _inherit = "pope.notification.rule"

    recipients = fields.Selection(
        selection_add=[("buyer", "The employer of the trainee, where they pay")], ondelete={"buyer": "cascade"}
    )

    def _recipients(self, records):
        if self.recipients == "buyer":
            return {record: record._buyer_to_tell() for record in records}
        return super()._recipients(records)

    def _applies_to(self, records):
        kept = super()._applies_to(records)
        return kept.filtered(lambda record: record._buyer_to_tell()) if self.recipients == "buyer" else kept

    def _suits_step(self, record):
        """What a programme does not send has no copy."""
        suits = super()._suits_step(record)
        return suits and (self.step != COPY or record.event_id.pope_program_id.mail_convocation)


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    @api.private
    def _buyer_to_tell(self):
        """The employer, where they are a party to the training, or who of them can be written to: what people follow at
        their own expense is none of their employer's business."""
        employer = self.employer_id
        if not employer or not self.financing_ids.filtered(lambda line: line._is_paid_by(employer)):
            return employer.browse()
        people = employer.child_ids.filtered(lambda person: person.email and person.type == "contact")
        return employer if employer.email or not people else people[:1]

    def _replan_for_payer(self):
        """Who pays says whether their employer is written to."""
        self.exists().filtered(lambda row: row.date_first and row.employer_id)._replan()


class TrainingFinancing(models.Model):
    _inherit = "pope.training.financing"

    def _is_paid_by(self, employer):
        if self.state == "refused":
            return False
        bought = not self.funding_id and self.scheme_id.contract == "agreement" and self._buyer() == employer
        return bought or self.partner_id == employer

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.enrolment_id._replan_for_payer()
        return lines

    def write(self, vals):
        if not set(CHANGES_PAYER).intersection(vals):
            return super().write(vals)
        enrolments = self.enrolment_id
        result = super().write(vals)
        (enrolments | self.enrolment_id)._replan_for_payer()
        return result

    def unlink(self):
        enrolments = self.enrolment_id
        result = super().unlink()
        enrolments._replan_for_payer()
        return result


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    mail_convocation_copy = fields.Boolean(
        string="Copy of the Convocation to the Employer",
        default=True,
        help="To the employer who pays for their employee.",
    )
