from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..core import due_date
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
    rate_received = fields.Float(string="Received (%)", compute="_compute_rate_received")
    amount_over = fields.Monetary(
        string="Overpaid",
        compute="_compute_amount_over",
        # sudo: the team is told what the books say of its file, without reading them
        compute_sudo=True,
        help="Of the payments received, what is reconciled with no award: to be paid back, or for a later one.",
    )
    amount_late = fields.Monetary(string="Late", compute="_compute_amount_late")

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

    @api.depends("amount_received", "amount_awarded")
    def _compute_rate_received(self):
        for funding in self:
            awarded = funding.amount_awarded
            funding.rate_received = 100 * funding.amount_received / awarded if awarded else 0.0

    @api.depends("instalment_ids.move_line_id.matched_credit_ids.credit_move_id.amount_residual")
    def _compute_amount_over(self):
        for funding in self:
            payments = funding.instalment_ids._money().credit_move_id
            funding.amount_over = -sum(payments.mapped("amount_residual"))

    @api.depends("instalment_ids.date_expected", "instalment_ids.amount_left")
    def _compute_amount_late(self):
        late = [*self.env["pope.funding.instalment"]._late_domain(), ("funding_id", "in", self.ids)]
        amounts = dict(self.env["pope.funding.instalment"]._read_group(late, ["funding_id"], ["amount_left:sum"]))
        for funding in self:
            funding.amount_late = amounts.get(funding._origin, 0.0)

    def _instalments_to_book(self):
        """Of grants that are awarded to the pole, what the books do not know yet."""
        awarded = self.filtered(lambda funding: funding.makes_entry and funding.state in WON)
        return awarded.instalment_ids.filtered(lambda row: not row.is_booked and row.state != "cancelled")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # sudo: whether an award is booked is for accountants to read, and for everybody to respect
        if self.sudo().award_move_ids:
            raise UserError(self.env._("A file that is in the books is not deleted: it is closed, or given up."))

    # --- Entry of the award ---

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
                        income or company._pope_account(*funding._income_prefixes()),
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
        account = self.analytic_account_id
        spread = {"analytic_distribution": {str(account.id): 100}} if account else {}
        return [*debits, line(income, -sum(rows.mapped("amount")), self.name, **spread)]

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

    def _income_prefixes(self):
        return self.company_id._pope_grant_prefixes(self.nature, self._funder_kind())

    # --- Notification ---

    def _award(self, amount, day, rows, **values):
        """The funder said yes.

        :param amount: awarded
        :param day: date of the letter
        :param rows: list of values of instalments
        :param values: more of the file: number, suspensive condition
        """
        self.ensure_one()
        self._check_not_awarded()
        self.write(
            {
                "state": "awarded",
                "amount_awarded": amount,
                "date_decision": day,
                "instalment_ids": [Command.create(row) for row in rows],
                **values,
            }
        )

    def _check_not_awarded(self):
        """A second letter for the same file would count its money twice."""
        if self.instalment_ids:
            raise UserError(
                self.env._(
                    "“%(name)s” is awarded already: for an amendment, correct the amount awarded and add an instalment;"
                    " for another year, renew the file.",
                    name=self.name,
                )
            )

    def _usual_instalments(self, amount, day):
        """What the scheme usually pays: an advance, and the balance on the report; else everything at once."""
        soon, rate = day + relativedelta(months=1), self.scheme_id.advance_rate
        if not rate or rate >= 1:
            return [{"kind": "single", "amount": amount, "date_expected": soon}]
        advance = self.currency_id.round(amount * rate)
        end = self.date_to or self.date_agreement_to
        report = end and due_date.shift(end, 6)
        return [
            {"kind": "advance", "amount": advance, "date_expected": soon},
            {
                "kind": "balance",
                "amount": amount - advance,
                "date_expected": report,
                "condition": self.env._("On the financial report"),
                "to_join": self.env._("Financial report"),
            },
        ]

    def action_award(self):
        """The window of the funder's letter."""
        self.ensure_one()
        self._check_not_awarded()
        return self._open_window("pope.funding.award", self.env._("Award Received"))

    def action_book(self):
        self.ensure_one()
        return self._open_window("pope.funding.booking", self.env._("Book the Award"))

    def action_condition_met(self):
        """The award holds; who keeps the books books it at once."""
        self.write({"condition_pending": False, "date_condition": fields.Date.context_today(self)})
        may_book = self.env.user.has_group("account.group_account_invoice")
        return self.action_book() if len(self) == 1 and may_book and self.book_state == "to_book" else False

    def action_receive(self):
        """The next payment is what the bank most likely shows."""
        rows = self.instalment_ids.sorted()
        following = rows.filtered("amount_left")[:1]
        return rows.with_context(pope_transfer_amount=following.amount_left).action_receive()

    def action_pay_back(self):
        return self.instalment_ids.sorted().action_pay_back()

    def action_request(self):
        """A letter for the next payment that nobody asked for."""
        return self._next_to_request().action_request()

    def _next_to_request(self):
        return self.instalment_ids.filtered(lambda row: row.state == "expected").sorted()[:1]

    def _open_window(self, model, title):
        wizard = self.env[model].create({"funding_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_award_moves(self):
        self.ensure_one()
        return self.award_move_ids._pope_open()
