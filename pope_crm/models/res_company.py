from odoo import fields, models
from odoo.tools import format_date

from ..core import working_time

WORKING_DAYS = {"mon_fri": range(5), "mon_sat": range(6), "tue_sat": range(1, 6)}


class ResCompany(models.Model):
    _inherit = "res.company"

    pope_mail_days = fields.Selection(
        [("mon_fri", "Monday to Friday"), ("mon_sat", "Monday to Saturday"), ("tue_sat", "Tuesday to Saturday")],
        string="E-mail Days",
        default="mon_fri",
    )
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
    _pope_mail_grace_positive = models.Constraint(
        "CHECK (pope_mail_grace IS NULL OR pope_mail_grace >= 0)", "The minutes before an e-mail cannot be negative."
    )

    def _pope_zone(self):
        return self.partner_id.tz or "Europe/Paris"

    def _pope_day_of(self, moment):
        """The local day of a moment (naive UTC)."""
        return fields.Datetime.context_timestamp(self.with_context(tz=self._pope_zone()), moment).date()

    def _pope_moment_words(self, moment):
        """A moment (naive UTC) as people say it where the company is: "jeudi 26 mars 2026 à 14 h 30"."""
        local = fields.Datetime.context_timestamp(self.with_context(tz=self._pope_zone()), moment)
        day = format_date(self.env, local.date(), date_format="EEEE d MMMM yyyy")
        if not local.minute:
            return self.env._("%(day)s at %(hour)s:00", day=day, hour=local.hour)
        return self.env._("%(day)s at %(hour)s:%(minutes)s", day=day, hour=local.hour, minutes=f"{local.minute:02}")

    def _pope_working_days(self):
        return WORKING_DAYS[self.pope_mail_days or "mon_fri"]

    def _pope_next_opening(self, moment):
        """First moment from `moment` on (naive UTC) when mail of this company may leave."""
        self.ensure_one()
        return working_time.next_opening(
            moment,
            self._pope_zone(),
            self.pope_mail_from_hour,
            self.pope_mail_to_hour or 24,
            self._pope_working_days(),
        )

    def _pope_opening_of(self, day):
        self.ensure_one()
        return working_time.opening_of(day, self._pope_zone(), self.pope_mail_from_hour)

    def _pope_opening_after(self, day):
        """Opening of the next working day."""
        return self._pope_opening_of(working_time.next_working_day(day, self._pope_working_days()))

    def _pope_last_working_day(self, day):
        """The day itself when the company works on it, else the last one before it."""
        return working_time.last_working_day(day, self._pope_working_days())
