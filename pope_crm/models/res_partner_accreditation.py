from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """What a person needs to open a place and keeps from one project to the next: told once, true on all of them."""

    _inherit = "res.partner"

    pope_accreditation_state = fields.Selection(
        [("filed", "Filed"), ("granted", "Granted"), ("refused", "Refused")],
        string="Accreditation",
        compute="_compute_pope_accreditation",
        store=True,
        readonly=False,
        copy=False,
        groups="pope_crm.group_pope_user",
        help="Empty: not asked.",
    )
    pope_accreditation_filed_date = fields.Date(
        string="Accreditation Filed On", copy=False, groups="pope_crm.group_pope_user"
    )
    pope_accreditation_date = fields.Date(string="Accredited On", copy=False, groups="pope_crm.group_pope_user")
    pope_accreditation_end_date = fields.Date(
        string="Accredited Until",
        compute="_compute_pope_accreditation",
        store=True,
        readonly=False,
        copy=False,
        groups="pope_crm.group_pope_user",
    )
    pope_accreditation_is_valid = fields.Boolean(
        string="Accredited", compute="_compute_pope_accreditation_is_valid", groups="pope_crm.group_pope_user"
    )
    pope_course_date = fields.Date(string="120 h Training Done On", copy=False, groups="pope_crm.group_pope_user")
    pope_first_aid_date = fields.Date(string="First Aid Certificate Of", copy=False, groups="pope_crm.group_pope_user")

    @api.depends("pope_accreditation_date")
    def _compute_pope_accreditation(self):
        """What a date says: granted for five years, renewable (seine-et-marne.fr, agrément), to correct at will."""
        for partner in self:
            start, end = partner.pope_accreditation_date, partner.pope_accreditation_end_date
            if start:
                partner.pope_accreditation_state = "granted"
                if not end or end <= start:
                    partner.pope_accreditation_end_date = fields.Date.add(start, years=5) - timedelta(days=1)

    @api.depends("pope_accreditation_state", "pope_accreditation_end_date")
    def _compute_pope_accreditation_is_valid(self):
        today = fields.Date.context_today(self)
        for partner in self:
            end = partner.pope_accreditation_end_date
            partner.pope_accreditation_is_valid = partner.pope_accreditation_state == "granted" and (
                not end or end >= today
            )

    @api.constrains("pope_accreditation_date", "pope_accreditation_end_date")
    def _check_pope_accreditation(self):
        for partner in self:
            start, end = partner.pope_accreditation_date, partner.pope_accreditation_end_date
            if start and end and end <= start:
                raise ValidationError(
                    self.env._("The accreditation of %(name)s must end after it begins.", name=partner.display_name)
                )
