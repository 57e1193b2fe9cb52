from odoo import fields, models

from ..core import working_time


class ResCompany(models.Model):
    _inherit = "res.company"

    pope_mail_from_hour = fields.Float(string="E-mails From", default=9.0)
    pope_mail_to_hour = fields.Float(string="E-mails Until", default=18.0)
    pope_mail_grace = fields.Integer(
        string="Minutes Before a Stage E-mail",
        default=10,
        help="Time to move a card back: an e-mail that has not left yet is then cancelled.",
    )

    _pope_mail_hours = models.Constraint(
        "CHECK (pope_mail_from_hour IS NULL OR (pope_mail_from_hour >= 0 AND pope_mail_from_hour < pope_mail_to_hour "
        "AND pope_mail_to_hour <= 24))",
        "E-mails need an opening hour before the closing hour, both within one day.",
    )

    def _pope_zone(self):
        return self.partner_id.tz or "Europe/Paris"

    def _pope_next_opening(self, moment):
        """First moment from `moment` on (naive UTC) when mail of this company may leave."""
        self.ensure_one()
        return working_time.next_opening(
            moment, self._pope_zone(), self.pope_mail_from_hour, self.pope_mail_to_hour or 24
        )

    def _pope_opening_of(self, day):
        self.ensure_one()
        return working_time.opening_of(day, self._pope_zone(), self.pope_mail_from_hour)
