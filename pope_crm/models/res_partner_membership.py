from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Whether a contact is a member this year."""

    _inherit = "res.partner"

    pope_membership_ids = fields.One2many(
        "pope.membership", "partner_id", string="Memberships", groups="pope_crm.group_pope_user"
    )
    pope_membership_state = fields.Selection(
        [("current", "Up to date"), ("lapsed", "Not renewed since last year")],
        string="Membership",
        compute="_compute_pope_membership_state",
        search="_search_pope_membership_state",
        groups="pope_crm.group_pope_user",
    )

    def _compute_pope_membership_state(self):
        now, last = self._pope_paid_years()
        for partner in self:
            state = "current" if partner in now else "lapsed" if partner in last else False
            partner.pope_membership_state = state

    def _pope_paid_years(self):
        """Who of these paid for this year in this company, and who for the year before."""
        year = fields.Date.context_today(self).year
        paid = dict(
            self.env["pope.membership"]._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "=", "paid"),
                    ("year", "in", (year - 1, year)),
                ],
                ["year"],
                ["partner_id:recordset"],
            )
        )
        return paid.get(year, self.browse()), paid.get(year - 1, self.browse())

    @api.model
    def _search_pope_membership_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Odoo asks for the right to read a field that is computed when it is read, not when it is searched
        self._check_field_access(self._fields["pope_membership_state"], "read")
        year = fields.Date.context_today(self).year

        def paid(of_year, operator="any"):
            return Domain(
                "pope_membership_ids",
                operator,
                [("company_id", "=", self.env.company.id), ("state", "=", "paid"), ("year", "=", of_year)],
            )

        domains = {
            "current": paid(year),
            "lapsed": paid(year - 1) & paid(year, "not any"),
            False: paid(year, "not any") & paid(year - 1, "not any"),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _pope_last_contact_sources(self):
        return [*super()._pope_last_contact_sources(), ("pope.membership", "partner_id", "date_paid", [])]

    def _pope_blank_related(self, neutral):
        super()._pope_blank_related(neutral)
        # the fees and the hours count on; what was written about them, and the receipts, tell who it was
        self._pope_blank_threads(self.pope_membership_ids, self.pope_membership_ids, neutral)
