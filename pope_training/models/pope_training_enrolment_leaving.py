from odoo import api, fields, models
from odoo.exceptions import UserError

from .pope_attendance import HERE

CAUSES = [
    ("job", "Found a job or another training"),
    ("time", "Hours, distance or childcare"),
    ("content", "The training does not suit them"),
    ("employer", "Decision of the employer"),
    ("force_majeure", "Force majeure"),
    ("personal", "Personal reasons"),
    ("unknown", "Not told"),
]


class TrainingEnrolment(models.Model):
    """Who leaves a training on the way: no longer awaited, they keep what they followed, which is certified and
    invoiced; why they left is counted (quality standard, indicators 2 and 12)."""

    _inherit = "pope.training.enrolment"

    date_left = fields.Date(string="Last Day Followed", readonly=True, copy=False, help="Of who left on the way.")
    left_cause = fields.Selection(CAUSES, string="Why They Left", readonly=True, copy=False)

    @api.private
    def _leave(self, day, cause):
        """
        :param day: the last one that they followed
        """
        self.ensure_one()
        here = self._rows_held().filtered(lambda row: row.status in HERE)
        if not here:
            raise UserError(
                self.env._("%(name)s followed nothing: cancel their registration instead.", name=self.display_name)
            )
        if max(here.mapped("slot_id.date")) > day:
            raise UserError(
                self.env._(
                    "%(name)s was there on %(day)s: they did not leave before.",
                    name=self.display_name,
                    day=self._pope_document_day(max(here.mapped("slot_id.date"))),
                )
            )
        self.write({"date_left": day, "left_cause": cause})
        self.env["pope.attendance"]._follow(self.event_id)

    def action_come_back(self):
        self.check_access("write")
        self.write({"date_left": False, "left_cause": False})
        self.env["pope.attendance"]._follow(self.event_id)

    def _comes_to(self, slot):
        return not self.date_left or slot.date <= self.date_left

    def _is_over_for(self):
        """Whether nothing more is awaited of them: the session is over, or they left it."""
        left = self.date_left and self.date_left < fields.Date.context_today(self)
        # sudo: the session is read wherever the user may look
        return left or self.sudo().event_id.date_end <= self.env.cr.now()

    def _last_day_words(self):
        """The last day of the training, or of what they followed of it."""
        if not self.date_left and not self.env.context.get("pope_partial"):
            return self.event_id._pope_day_words(-1)
        here = self._rows_held().filtered(lambda row: row.status in HERE)
        return here and self._pope_document_day(here[-1].slot_id.date)
