from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .account_move import ACCOUNTANTS
from .pope_funding import WON

WITHOUT_ENTRY = ("loan", "guarantee", "in_kind")


class Funding(models.Model):
    """The award of a file: its instalments, its condition, and the one entry that puts it in the pole's books."""

    _inherit = "pope.funding"

    instalment_ids = fields.One2many("pope.funding.instalment", "funding_id", string="Instalments", copy=False)
    award_move_ids = fields.Many2many(
        "account.move",
        "pope_funding_account_move_rel",
        "funding_id",
        "move_id",
        string="Award Entries",
        copy=False,
        readonly=True,
        groups=ACCOUNTANTS,
    )
    makes_entry = fields.Boolean(
        string="In the Pole's Books",
        compute="_compute_makes_entry",
        store=True,
        help="A grant of the pole. The money of a project or of a childminder, a loan, a guarantee and aid in kind "
        "make no entry.",
    )
    condition_pending = fields.Boolean(
        string="Suspensive Condition",
        copy=False,
        tracking=True,
        help="The award holds only once something happens. Nothing is booked before.",
    )
    condition_text = fields.Char(string="Condition", copy=False, tracking=True)
    date_condition = fields.Date(string="Condition Met On", copy=False, readonly=True, tracking=True)
    book_state = fields.Selection(
        [
            ("none", "No Entry"),
            ("condition", "Waits for Its Condition"),
            ("to_book", "To Book"),
            ("draft", "Draft Entry"),
            ("posted", "In the Books"),
        ],
        string="Books",
        compute="_compute_book_state",
        store=True,
    )
    amount_received = fields.Monetary(string="Received", compute="_compute_received", store=True)
    amount_left = fields.Monetary(
        string="Left", compute="_compute_received", store=True, help="What the funder still has to pay."
    )

    # --- Fields ---

    @api.depends("beneficiary", "nature", "scheme_id.without_money")
    def _compute_makes_entry(self):
        for funding in self:
            funding.makes_entry = (
                funding.beneficiary == "pole"
                and funding.nature not in WITHOUT_ENTRY
                and not funding.scheme_id.without_money
            )

    @api.depends(
        *("makes_entry", "state", "condition_pending", "award_move_ids.state"),
        *("instalment_ids.is_booked", "instalment_ids.state"),
    )
    def _compute_book_state(self):
        for funding in self:
            moves = funding.award_move_ids.filtered(lambda move: move.state != "cancel")
            waiting = funding._instalments_to_book()
            if not funding.makes_entry or (not moves and not waiting):
                funding.book_state = "none"
            elif waiting:
                funding.book_state = "condition" if funding.condition_pending else "to_book"
            else:
                funding.book_state = "draft" if "draft" in moves.mapped("state") else "posted"

    @api.depends("state", "amount_awarded", "instalment_ids.amount_received", "instalment_ids.amount_left")
    def _compute_received(self):
        for funding in self:
            instalments = funding.instalment_ids
            planned = sum(instalments.mapped("amount_left")) if instalments else funding.amount_awarded
            funding.amount_received = sum(instalments.mapped("amount_received"))
            funding.amount_left = planned if funding.state in WON else 0.0

    def _instalments_to_book(self):
        """Of grants that are awarded to the pole, what the books do not know yet."""
        awarded = self.filtered(lambda funding: funding.makes_entry and funding.state in WON)
        return awarded.instalment_ids.filtered(lambda row: not row.is_booked and row.state != "cancelled")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # sudo: whether an award is booked is for accountants to read, and for everybody to respect
        if self.sudo().award_move_ids or any(self.mapped("amount_received")):
            raise UserError(self.env._("A file with entries or receipts is not deleted: it is closed, or given up."))

    # --- Entry of the award ---

    @api.private
    def _book_award(self, day, journal=None, income=None, receivable=None):
        """One draft entry a file: a receivable line for each instalment, at its due date, against the grant.

        Only what is not in the books yet: an amendment brings an entry of its own. Nothing while a condition stands.

        :param day: date of the entries
        :param journal: general journal; the company's when empty
        :param income: account of the grant, by the kind of funder and the nature of the file when empty
        :param receivable: account of what is awaited; 4411 or 4417 when empty
        """
        todo = self.filtered(lambda funding: not funding.condition_pending and funding._instalments_to_book())
        values = []
        for funding in todo:
            funding._check_award_adds_up()
            company = funding.company_id
            own = journal or company._pope_award_journal()
            company._pope_check_open(day, own)
            values.append(
                {
                    "move_type": "entry",
                    "journal_id": own.id,
                    "company_id": company.id,
                    "date": day,
                    "ref": funding.name,
                    "line_ids": funding._award_lines(
                        day,
                        income or company._pope_grant_account(funding.nature, funding._funder_kind()),
                        receivable or company._pope_grant_receivable(funding.nature),
                    ),
                }
            )
        moves = self.env["account.move"].create(values)
        for funding, move in zip(todo, moves, strict=True):
            rows = funding._instalments_to_book().sorted()
            funding.award_move_ids = [Command.link(move.id)]
            # the lines of the instalments were made first, in their order
            for row, line in zip(rows, move.line_ids.sorted("id"), strict=False):
                row.move_line_id = line
        return moves

    def _award_lines(self, day, income, receivable):
        partner = self.partner_id.commercial_partner_id
        rows = self._instalments_to_book().sorted()
        kinds = dict(rows._fields["kind"]._description_selection(self.env))

        def line(account, balance, name, **values):
            return Command.create(
                {
                    "account_id": account.id,
                    "partner_id": partner.id,
                    "name": name,
                    "balance": balance,
                    "tax_ids": [Command.clear()],
                    **values,
                }
            )

        debits = [
            line(receivable, row.amount, f"{kinds[row.kind]} – {self.name}", date_maturity=row.date_expected or day)
            for row in rows
        ]
        return [*debits, line(income, -sum(rows.mapped("amount")), self.name)]

    def _check_award_adds_up(self):
        """The books would say another amount than the funder's letter."""
        planned = sum(self.instalment_ids.filtered(lambda row: not row.date_cancelled).mapped("amount"))
        if self.currency_id.compare_amounts(planned, self.amount_awarded):
            raise UserError(
                self.env._(
                    "“%(name)s”: the instalments add up to %(planned)s, and %(awarded)s is awarded. Nothing is booked.",
                    name=self.name,
                    planned=formatLang(self.env, planned, currency_obj=self.currency_id),
                    awarded=formatLang(self.env, self.amount_awarded, currency_obj=self.currency_id),
                )
            )

    def _funder_kind(self):
        """Code of the kind of funder: of the scheme, else of the contact."""
        roles = self.scheme_id.role_id or self.partner_id.pope_role_ids.filtered(lambda role: role.kind == "funder")
        return roles.sorted()[:1].code

    def action_award_moves(self):
        self.ensure_one()
        return self.award_move_ids._pope_open()
