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

    def write(self, vals):
        if not {"pope_accreditation_state", "pope_accreditation_date"}.intersection(vals):
            return super().write(vals)
        before = self.filtered(lambda partner: partner.pope_accreditation_state == "refused")
        result = super().write(vals)
        refused = self.filtered(lambda partner: partner.pope_accreditation_state == "refused") - before
        refused._pope_accreditation_refused()
        return result

    def _pope_accreditation_refused(self):
        """The person is written to, once the team approved it, on the project that goes on."""
        members = self.pope_member_ids.filtered("is_present")
        people = {
            lead: held.partner_id
            for lead, held in members.grouped("lead_id").items()
            if lead.type == "project" and lead.won_status == "pending"
        }
        if people:
            rules = self.env["pope.notification.rule"]._for_trigger("refused")
            rules._plan(self.env["crm.lead"].union(*people), people=people)

    @api.constrains("pope_accreditation_date", "pope_accreditation_end_date")
    def _check_pope_accreditation(self):
        for partner in self:
            start, end = partner.pope_accreditation_date, partner.pope_accreditation_end_date
            if start and end and end <= start:
                raise ValidationError(
                    self.env._("The accreditation of %(name)s must end after it begins.", name=partner.display_name)
                )
