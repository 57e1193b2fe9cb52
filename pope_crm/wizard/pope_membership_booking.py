from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class MembershipBooking(models.TransientModel):
    """Put the fees of the chosen memberships in the books: those that are paid and not there yet."""

    _name = "pope.membership.booking"
    _description = "Membership Fees to Book"
    _check_company_auto = True

    membership_ids = fields.Many2many(
        "pope.membership", required=True, default=lambda self: [Command.set(self.env.context.get("active_ids", []))]
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        string="Received in",
        required=True,
        check_company=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id), "
        "('currency_id', 'in', (False, currency_id))]",
        ondelete="cascade",
    )
    date = fields.Date(string="Date of the Entries", help="Empty: the day when each fee was paid.")
    post = fields.Boolean(string="Post at Once", default=True, help="Otherwise the entries are drafts to check.")
    to_book_ids = fields.Many2many("pope.membership", compute="_compute_to_book")
    amount = fields.Monetary(string="Total", compute="_compute_to_book")
    left_out = fields.Text(compute="_compute_to_book")

    @api.depends("membership_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.membership_ids.company_id[:1] or self.env.company

    @api.depends("company_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", wizard.company_id.id), ("currency_id", "=", False)], limit=1
            )

    @api.depends("membership_ids")
    def _compute_to_book(self):
        for wizard in self:
            chosen = wizard.membership_ids._origin
            wizard.to_book_ids = todo = chosen._left_to_book()
            wizard.amount = sum(membership.amount - membership.amount_booked for membership in todo)
            wizard.left_out = "\n".join(wizard._left_out_words(chosen - todo))

    def _left_out_words(self, memberships):
        """Why each of the others is not booked, cancelled ones first."""
        for membership in memberships.sorted(lambda membership: membership.state != "cancelled"):
            name = membership.display_name
            if membership.state == "cancelled" and membership.amount_booked:
                yield self.env._("%(name)s: cancelled, but in the books; reverse the entry.", name=name)
            elif membership.state == "cancelled":
                yield self.env._("%(name)s: cancelled.", name=name)
            elif membership.state == "due":
                yield self.env._("%(name)s: not paid yet.", name=name)
            elif membership.amount_booked > membership.amount:
                yield self.env._("%(name)s: more is in the books than was paid; correct the entry.", name=name)
            else:
                yield self.env._("%(name)s: in the books already, or free.", name=name)

    def action_book(self):
        self.ensure_one()
        if len(self.membership_ids.company_id) > 1:
            raise UserError(self.env._("Choose memberships of one company at a time."))
        todo = self.membership_ids._left_to_book()
        if not todo:
            raise UserError(self.env._("There is nothing to book.") + "\n" + (self.left_out or ""))
        return todo._book(self.journal_id, self.post, self.date)._pope_open()
