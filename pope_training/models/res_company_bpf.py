from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import models


class ResCompany(models.Model):
    """From days to moments: a year of trainings begins and ends at midnight in the pole's own zone."""

    _inherit = "res.company"

    def _pope_moments_of(self, date_from, date_to):
        """The first moment of a period of local days, and that which follows its last one (naive UTC)."""
        zone = ZoneInfo(self._pope_zone())
        return [
            datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
            for day in (date_from, date_to + timedelta(days=1))
        ]
