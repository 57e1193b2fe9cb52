from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from .account_move import ACCOUNTANTS

FEE_ACCOUNTS = ("7561", "756")


class Membership(models.Model):
    """A fee for one year, of a person or an organisation."""

    _name = "pope.membership"
    _description = "Membership"
    _inherit = ["pope.never.typed", "pope.year.mixin", "mail.thread"]
    _role = "pope_crm.role_member"

    partner_id = fields.Many2one(string="Member", tracking=True)
    year = fields.Integer(tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="Fee", tracking=True)
    date_paid = fields.Date(string="Paid On", copy=False, tracking=True)
    date_cancelled = fields.Date(string="Cancelled On", copy=False, readonly=True, tracking=True)
    state = fields.Selection(
        [("due", "To be paid"), ("paid", "Paid"), ("cancelled", "Cancelled")], compute="_compute_state", store=True
    )
    standing = fields.Selection(
        [("new", "First Time"), ("renewed", "Renewed"), ("back", "Back")],
        compute="_compute_standing",
        store=True,
        help="Renewed: paid the year before. Back: paid an earlier year, not the year before.",
    )
    is_renewed = fields.Boolean(string="Paid the Year After", compute="_compute_standing", store=True)
    move_ids = fields.Many2many(
        "account.move",
        "pope_membership_account_move_rel",
        "membership_id",
        "move_id",
        string="Entries",
        copy=False,
        readonly=True,
        groups=ACCOUNTANTS,
    )
    amount_booked = fields.Monetary(
        string="Booked",
        compute="_compute_amount_booked",
        store=True,
        groups=ACCOUNTANTS,
        help="In the books, drafts included.",
    )

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A fee cannot be negative.")

    @api.depends("date_paid", "date_cancelled")
    def _compute_state(self):
        for membership in self:
            membership.state = "cancelled" if membership.date_cancelled else "paid" if membership.date_paid else "due"

    @api.depends("year", "company_id", "partner_id.pope_membership_ids.state", "partner_id.pope_membership_ids.year")
    def _compute_standing(self):
        """Told from the paid years of the same contact."""
        for membership in self:
            paid = {
                other.year
                for other in membership.partner_id.pope_membership_ids
                if other.state == "paid" and other.company_id == membership.company_id
            }
            before = {year for year in paid if year < membership.year}
            membership.standing = "renewed" if membership.year - 1 in before else "back" if before else "new"
            membership.is_renewed = membership.year + 1 in paid

    @api.depends("move_ids.state", "move_ids.amount_total", "move_ids.reversal_move_ids.state")
    def _compute_amount_booked(self):
        for membership in self:
            alive = membership.move_ids.filtered(
                lambda move: move.state != "cancel" and "posted" not in move.reversal_move_ids.mapped("state")
            )
            membership.amount_booked = sum(alive.mapped("amount_total"))

    @api.constrains("partner_id", "year", "company_id", "date_cancelled")
    def _check_once(self):
        return super()._check_once()

    @api.model
    def _once_domain(self):
        return [("state", "!=", "cancelled")]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # sudo: whether a fee is booked is for accountants to read, and for everybody to respect
        if any(self.sudo().mapped("amount_booked")):
            raise UserError(self.env._("A membership that is in the books is cancelled, not deleted."))

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    # --- Receipt ---

    def _receipt_lang(self):
        return self.env["res.company"]._pope_paper_lang()

    def _receipt_name(self):
        own = self.with_context(lang=self._receipt_lang())
        return own.env._("Membership receipt %(year)s", year=str(self.year))

    def _check_receipt(self):
        for membership in self.filtered(lambda membership: membership.state != "paid"):
            raise UserError(
                self.env._("There is no receipt for %(name)s: the fee is not paid.", name=membership.display_name)
            )

    def action_print_receipt(self):
        self._check_receipt()
        return self.env.ref("pope_crm.report_membership_receipt").report_action(self)

    def action_send_receipt(self):
        """The usual window to write an e-mail, with the receipt as its file."""
        self._check_receipt()
        template = self.env.ref("pope_crm.mail_template_membership_receipt", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Receipt"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template and template.id,
                "default_composition_mode": "mass_mail" if len(self) > 1 else "comment",
                "force_email": True,
            },
        }

    # --- Life ---

    def action_pay_today(self):
        self.filtered(lambda membership: membership.state == "due").date_paid = fields.Date.context_today(self)

    def action_cancel(self):
        self.filtered(lambda membership: membership.state != "cancelled").date_cancelled = fields.Date.context_today(
            self
        )

    def action_restore(self):
        self.date_cancelled = False

    @api.private
    def _fuse(self):
        super()._fuse()
        rows = self.exists()  # the merge wrote by SQL: what their other years say has not heard of it
        for name in ("standing", "is_renewed"):
            self.env.add_to_compute(self._fields[name], rows)

    def _join(self):
        """What several paid is what they paid together; what was asked twice is asked once."""
        paid = self.filtered("date_paid")
        kept = (paid or self)[0]
        others = self - kept
        kept._message_log(
            body=self.env._("Joined with: %(fees)s", fees="; ".join(membership._words() for membership in others))
        )
        if paid:
            kept.write({"amount": sum(paid.mapped("amount")), "date_paid": min(paid.mapped("date_paid"))})
        else:
            kept.amount = max(self.mapped("amount"))
        kept.move_ids |= others.move_ids
        others.move_ids = [Command.clear()]
        for other in others:
            other.message_change_thread(kept)
        others.unlink()

    def _words(self):
        fee = formatLang(self.env, self.amount, currency_obj=self.currency_id)
        if not self.date_paid:
            return self.env._("%(fee)s to be paid", fee=fee)
        return self.env._("%(fee)s paid on %(day)s", fee=fee, day=format_date(self.env, self.date_paid))

    # --- Books ---

    def _left_to_book(self):
        return self.filtered(
            lambda membership: (
                membership.state == "paid"
                and membership.currency_id.compare_amounts(membership.amount, membership.amount_booked) > 0
            )
        )

    @api.private
    def _book(self, journal, post, day=None):
        """One entry a fee, for what of it is not in the books yet.

        :param day: date of the entries; the day each fee was paid when empty
        """
        journal.ensure_one()
        account = journal.company_id._pope_account(*FEE_ACCOUNTS)
        if not journal.default_account_id:
            raise UserError(self.env._("The journal %(journal)s has no account.", journal=journal.name))
        for day_booked in {day or membership.date_paid for membership in self}:
            journal.company_id._pope_check_open(day_booked, journal)
        values = []
        for membership in self:
            # no name: the contact may have to be forgotten, the entry may not
            label = self.env._("Membership fee %(year)s", year=str(membership.year))
            amount = membership.amount - membership.amount_booked
            values.append(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": day or membership.date_paid,
                    "ref": label,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": own.id,
                                "partner_id": membership.partner_id.id,
                                "name": label,
                                "balance": balance,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for own, balance in ((journal.default_account_id, amount), (account, -amount))
                    ],
                }
            )
        moves = self.env["account.move"].create(values)
        for membership, move in zip(self, moves, strict=True):
            membership.move_ids = [Command.link(move.id)]
        if post:
            moves.action_post()
        return moves

    def action_open_moves(self):
        return self.move_ids._pope_open()
