from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MONTHS = range(1, 13)
HOURS = [f"hours_{month}" for month in MONTHS]


class VolunteerTime(models.Model):
    """The hours that a volunteer gave in a year, month by month."""

    _name = "pope.volunteer.time"
    _description = "Volunteer Hours"
    _inherit = ["pope.year.mixin"]
    _role = "pope_crm.role_volunteer"

    partner_id = fields.Many2one(string="Volunteer", domain=[("is_company", "=", False)])
    hours_1 = fields.Float("January", digits=(16, 2))
    hours_2 = fields.Float("February", digits=(16, 2))
    hours_3 = fields.Float("March", digits=(16, 2))
    hours_4 = fields.Float("April", digits=(16, 2))
    hours_5 = fields.Float("May", digits=(16, 2))
    hours_6 = fields.Float("June", digits=(16, 2))
    hours_7 = fields.Float("July", digits=(16, 2))
    hours_8 = fields.Float("August", digits=(16, 2))
    hours_9 = fields.Float("September", digits=(16, 2))
    hours_10 = fields.Float("October", digits=(16, 2))
    hours_11 = fields.Float("November", digits=(16, 2))
    hours_12 = fields.Float("December", digits=(16, 2))
    hours = fields.Float("Total", digits=(16, 2), compute="_compute_hours", store=True)

    @api.depends(*HOURS)
    def _compute_hours(self):
        for row in self:
            row.hours = sum(row[name] for name in HOURS)

    @api.constrains(*HOURS)
    def _check_hours(self):
        """31 days of 24 hours; a person who was two contacts may have been noted twice, which is theirs to look at."""
        for row in self.browse() if self.env.context.get("pope_join") else self:
            if any(not 0 <= row[name] <= 744 for name in HOURS):
                raise ValidationError(
                    self.env._("Hours of a month are between 0 and 744 (%(name)s).", name=row.partner_id.display_name)
                )

    @api.constrains("partner_id")
    def _check_person(self):
        for row in self.filtered("partner_id.is_company"):
            raise ValidationError(
                self.env._(
                    "%(name)s is an organisation: write the hours of the persons who came.",
                    name=row.partner_id.display_name,
                )
            )

    def _join(self):
        kept = self[0]
        totals = {name: sum(self.mapped(name)) for name in HOURS}
        (self - kept).unlink()
        kept.with_context(pope_join=True).write(totals)

    @api.model
    @api.private
    def _hours_between(self, company, date_from, date_to):
        """Hours of each volunteer in the months from a day to another: Counter partner → hours, without the zeros."""
        hours = Counter()
        for partner, year, *months in self._read_group(
            [
                ("company_id", "=", company.id),
                ("year", ">=", date_from.year),
                ("year", "<=", date_to.year),
            ],
            ["partner_id", "year"],
            [f"{name}:sum" for name in HOURS],
        ):
            first = date_from.month if year == date_from.year else 1
            last = date_to.month if year == date_to.year else 12
            hours[partner] += sum(months[first - 1 : last])
        return Counter({partner: total for partner, total in hours.items() if total})

    @api.model
    @api.private
    def _counts(self, company, year):
        """Volunteers who gave hours, their hours, and contacts whose fee of the year is paid."""
        of_year = [("company_id", "=", company.id), ("year", "=", year)]
        ((volunteers, hours),) = self._read_group(
            [*of_year, ("hours", ">", 0)], [], ["partner_id:count_distinct", "hours:sum"]
        )
        members = self.env["pope.membership"].search_count([*of_year, ("state", "=", "paid")])
        return volunteers, hours or 0.0, members
