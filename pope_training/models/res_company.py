from odoo import fields, models

HALVES = [("morning", "Morning"), ("afternoon", "Afternoon"), ("evening", "Evening")]


class ResCompany(models.Model):
    """The usual hours of a half-day of training."""

    _inherit = "res.company"

    pope_morning_from = fields.Float(string="Mornings From", default=9.0)
    pope_morning_to = fields.Float(string="Mornings Until", default=12.5)
    pope_afternoon_from = fields.Float(string="Afternoons From", default=13.5)
    pope_afternoon_to = fields.Float(string="Afternoons Until", default=17.0)
    pope_evening_from = fields.Float(string="Evenings From", default=18.0)
    pope_evening_to = fields.Float(string="Evenings Until", default=21.0)

    _pope_half_hours = models.Constraint(
        "CHECK (0 <= COALESCE(pope_morning_from, 0) AND COALESCE(pope_morning_from, 0) < COALESCE(pope_morning_to, 24)"
        " AND COALESCE(pope_morning_to, 0) <= COALESCE(pope_afternoon_from, 24)"
        " AND COALESCE(pope_afternoon_from, 0) < COALESCE(pope_afternoon_to, 24)"
        " AND COALESCE(pope_afternoon_to, 0) <= COALESCE(pope_evening_from, 24)"
        " AND COALESCE(pope_evening_from, 0) < COALESCE(pope_evening_to, 24) AND COALESCE(pope_evening_to, 0) <= 24)",
        "The morning, the afternoon and the evening follow each other, each with its beginning before its end.",
    )

    def _pope_hours_of(self, half):
        """From when until when a half-day lasts, in hours of the clock."""
        return self[f"pope_{half}_from"], self[f"pope_{half}_to"]
