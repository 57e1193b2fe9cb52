from odoo import api, fields, models
from odoo.tools import SQL

from .pope_funding_deadline import SOURCE_BITS

SOURCE = 2


class FundingDeadline(models.Model):
    """Payments expected, on the same calendar."""

    _inherit = "pope.funding.deadline"

    _depends = {"pope.funding.instalment": ["date_expected", "state", "funding_id", "company_id", "user_id"]}

    kind = fields.Selection(selection_add=[("instalment", "Payment Expected")])
    instalment_id = fields.Many2one("pope.funding.instalment", compute="_compute_instalment_id")

    @api.depends("kind")
    def _compute_instalment_id(self):
        """The id of the line holds it, under the number of its source."""
        for deadline in self:
            deadline.instalment_id = deadline.kind == "instalment" and deadline.id >> SOURCE_BITS

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_name(self):
        paid = self.filtered("instalment_id")
        kinds = dict(self.env["pope.funding.instalment"]._fields["kind"]._description_selection(self.env))
        for deadline in paid:
            deadline.name = kinds[deadline.instalment_id.kind]
        return super(FundingDeadline, self - paid)._compute_name()

    @api.model
    def _deadline_queries(self):
        return [
            *super()._deadline_queries(),
            SQL(
                """SELECT (instalment.id::bigint << %s) + %s, instalment.date_expected, 'instalment',
                          instalment.state IN ('received', 'cancelled'), funding.id, NULL::integer, funding.partner_id,
                          funding.lead_id, funding.beneficiary, funding.company_id, funding.user_id
                     FROM pope_funding_instalment instalment JOIN pope_funding funding
                       ON funding.id = instalment.funding_id
                    WHERE instalment.date_expected IS NOT NULL AND instalment.state != 'cancelled'
                      AND funding.state NOT IN ('refused', 'dropped')""",
                SOURCE_BITS,
                SOURCE,
            ),
        ]

    def action_open(self):
        self.ensure_one()
        return self.instalment_id.get_formview_action() if self.instalment_id else super().action_open()

    def action_done(self):
        """A payment is done when it is received: its own window says how much, and where."""
        paid = self.filtered("instalment_id")
        if paid and paid == self:
            return paid.instalment_id.action_receive()
        return super(FundingDeadline, self - paid).action_done()

    @api.model
    def _cron_remind(self):
        result = super()._cron_remind()
        self.env["pope.funding.instalment"]._remind()
        return result
