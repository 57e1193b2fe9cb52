from odoo import api, fields, models
from odoo.exceptions import AccessError


class VolunteerCount(models.TransientModel):
    """What application forms ask about the volunteers and the members of a year, counted when it is asked for."""

    _name = "pope.volunteer.count"
    _description = "Volunteers and Members of a Year"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year)
    full_time_hours = fields.Float(
        string="Hours of a Full-Time Year",
        digits=(16, 2),
        default=lambda self: self.env.company.pope_full_time_hours,
        help="As your collective agreement or the funder says it: no figure is proposed. It is kept for next time.",
    )
    volunteer_count = fields.Integer(string="Volunteers", compute="_compute_counts")
    hours = fields.Float(string="Hours of Volunteering", digits=(16, 2), compute="_compute_counts")
    full_time = fields.Float(string="Full-Time Equivalent", digits=(16, 2), compute="_compute_counts")
    member_count = fields.Integer(string="Members Up to Date", compute="_compute_counts")

    @api.depends("year", "full_time_hours")
    def _compute_counts(self):
        for wizard in self:
            wizard.volunteer_count, wizard.hours, wizard.member_count = self.env["pope.volunteer.time"]._counts(
                wizard.company_id, wizard.year
            )
            wizard.full_time = wizard.full_time_hours and wizard.hours / wizard.full_time_hours

    def action_save(self):
        """Keep the hours of a full-time year."""
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose this company at the top of the screen first."))
        # sudo: this one number is the pole's to say, the rest of the company its administrator's
        self.company_id.sudo().pope_full_time_hours = self.full_time_hours
