from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models


class ResCompany(models.Model):
    """The number under which the pole is declared as a training body."""

    _inherit = "res.company"

    pope_declaration_number = fields.Char(
        string="Declaration of Activity (NDA)", help="Eleven figures, given by the prefecture of the region."
    )

    def _pope_moments_of(self, date_from, date_to):
        """The first moment of a period of local days, and that which follows its last one (naive UTC)."""
        zone = ZoneInfo(self._pope_zone())
        return [
            datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
            for day in (date_from, date_to + timedelta(days=1))
        ]
