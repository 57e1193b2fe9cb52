from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingEnrolment(models.Model):
    """The half-days that somebody enrolled is awaited at, and the hours that they really followed."""

    _inherit = "pope.training.enrolment"

    attendance_ids = fields.One2many("pope.attendance", "enrolment_id")
    hours_attended = fields.Float(
        compute="_compute_hours_attended",
        store=True,
        help="From what was signed and noted: the one source of certificates, invoices and the yearly report.",
    )

    @api.depends("attendance_ids.minutes_attended")
    def _compute_hours_attended(self):
        minutes = dict(
            self.env["pope.attendance"]._read_group(
                [("enrolment_id", "in", self.ids)], ["enrolment_id"], ["minutes_attended:sum"]
            )
        )
        for enrolment in self:
            enrolment.hours_attended = minutes.get(enrolment._origin, 0) / 60

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(vals_list)
        self.env["pope.attendance"]._follow(enrolments.event_id)
        return enrolments

    def write(self, vals):
        """What was signed is of who signed it; the merge of two contacts says that they are one."""
        if "partner_id" in vals:
            other = self.filtered(lambda enrolment: enrolment.partner_id.id != vals["partner_id"])
            if signed := other.filtered(lambda enrolment: enrolment._has_signed()):
                raise UserError(
                    self.env._(
                        "%(name)s has signed: what was signed does not pass to somebody else. Enrol the other person.",
                        name=signed[0].display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_without_attendance(self):
        # sudo: what was signed holds the registration wherever the user may look
        if noted := self.sudo().attendance_ids.filtered("signature_ids"):
            raise UserError(noted[0]._kept())

    def _has_signed(self):
        # sudo: what was signed stays with its session wherever the user may look
        return super()._has_signed() or bool(self.sudo().attendance_ids.signature_ids)

    def _is_enrolled(self):
        return self.registration_id.active and self.state in ("open", "done")
