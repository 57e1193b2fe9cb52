from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.pope_crm.models.account_move import ACCOUNTANTS

SOLD = ("out_invoice", "out_receipt", "out_refund")


class TrainingFinancing(models.Model):
    """From what each payer owes to their invoice: what is proposed, what is in the books."""

    _inherit = "pope.training.financing"

    invoice_line_ids = fields.One2many(
        "account.move.line", "pope_financing_id", string="Invoice Lines", groups=ACCOUNTANTS
    )
    # Stored computes run as superuser: the team follows the invoices without reading the books.
    amount_drafted = fields.Monetary(
        string="Being Invoiced", compute="_compute_invoiced", store=True, help="In draft invoices, without tax."
    )
    amount_invoiced = fields.Monetary(
        string="Invoiced", compute="_compute_invoiced", store=True, help="Without tax, credit notes taken off."
    )
    amount_crediting = fields.Monetary(
        string="Being Credited", compute="_compute_invoiced", store=True, help="In draft credit notes, without tax."
    )
    hours_invoiced = fields.Float(compute="_compute_invoiced", store=True)
    amount_proposed = fields.Monetary(
        string="To Invoice",
        readonly=True,
        copy=False,
        help="What the team hands to the accountant, without tax; below zero: to be credited.",
    )
    hours_proposed = fields.Float(string="Hours to Invoice", readonly=True, copy=False)
    invoice_state = fields.Selection(
        [
            ("award", "Paid by an Award"),
            ("none", "Not Invoiced"),
            ("proposed", "Handed to the Accountant"),
            ("credit", "Draft Credit Note"),
            ("draft", "Draft Invoice"),
            ("partly", "Partly Invoiced"),
            ("invoiced", "Invoiced"),
            ("paid", "Paid"),
        ],
        string="Invoicing",
        compute="_compute_invoice_state",
        store=True,
    )

    @api.depends("invoice_line_ids.balance", "invoice_line_ids.parent_state", "invoice_line_ids.pope_hours")
    def _compute_invoiced(self):
        for line in self:
            rows = line.invoice_line_ids
            posted = rows.filtered(lambda row: row.parent_state == "posted")
            line.amount_invoiced = -sum(posted.mapped("balance"))
            drafts = rows.filtered(lambda row: row.parent_state == "draft")
            line.amount_drafted = -sum(drafts.mapped("balance"))
            credited = drafts.filtered(lambda row: row.move_id.move_type == "out_refund")
            line.amount_crediting = sum(credited.mapped("balance"))
            line.hours_invoiced = sum(
                row.pope_hours * (-1 if row.move_id.move_type == "out_refund" else 1) for row in posted
            )

    @api.depends(
        *("funding_id", "state", "amount_agreed", "amount_proposed", "amount_drafted", "amount_crediting"),
        *("amount_invoiced", "invoice_line_ids.move_id.payment_state", "agreement_id.state"),
        *("enrolment_id.state", "enrolment_id.registration_id.active", "enrolment_id.date_left"),
        "event_id.kanban_state",
    )
    def _compute_invoice_state(self):
        for line in self:
            invoices = line.invoice_line_ids.move_id.filtered(
                lambda move: move.state == "posted" and move.move_type != "out_refund"
            )
            compare = line.currency_id.compare_amounts
            if line.funding_id:
                line.invoice_state = "award"
            elif line.amount_proposed:
                line.invoice_state = "proposed"
            elif line.amount_crediting:
                line.invoice_state = "credit"
            elif line.amount_drafted > 0:
                line.invoice_state = "draft"
            elif compare(line.amount_invoiced, 0) <= 0:
                line.invoice_state = "none"
            elif line._is_deposit() and compare(line.amount_invoiced, line._amount_at_most()) < 0:
                line.invoice_state = "partly"
            else:
                paid = set(invoices.mapped("payment_state")) <= {"paid", "in_payment", "reversed"}
                line.invoice_state = "paid" if paid else "invoiced"

    def _is_deposit(self):
        """Whether only a part was asked for so far, of somebody who pays for themselves."""
        return self.scheme_id.contract == "contract"

    @api.private
    def _refuse_without_contract(self):
        raise ValidationError(
            self.env._(
                "%(name)s pays for themselves and has no contract: nothing is invoiced or paid before it is concluded"
                " (Code du travail, L6353-3).",
                name=self.enrolment_id.display_name,
            )
        )

    # --- What is to be invoiced ---

    @api.private
    def _to_invoice(self):
        """The lines that somebody must be sent an invoice for: no award, nothing refused."""
        return self.filtered(
            lambda line: line.state != "refused" and not line.funding_id and line.scheme_id.bpf_line and line.partner_id
        )

    @api.private
    def _hours_agreed(self):
        """Those of the agreement, once it was sent; else what was granted, or planned."""
        agreed = self.agreement_id.hours
        granted = (agreed or self.hours_granted) if self._is_agreed() else (self.hours_granted or agreed)
        if not granted and self.event_id.kanban_state == "cancel":  # what was planned before it was called off
            granted = sum(self.event_id.pope_slot_ids.mapped("hours"))
        return granted or self.enrolment_id.hours_planned

    def _share_followed(self):
        """The part of the price that the hours followed are worth; all of it where hours are not known."""
        agreed = self._hours_agreed()
        return min(self.enrolment_id.hours_attended / agreed, 1.0) if agreed else 1.0

    @api.private
    def _amount_at_most(self):
        """The price, or what was followed of it where the training is given up or called off."""
        reason = self._left_by()
        return min(self._owed(reason), self.amount_agreed) if reason else self.amount_agreed

    @api.private
    def _amount_due(self):
        """What is owed for the hours really followed, without tax, less what is invoiced or being so already.

        Who pays for themselves owes the instalments of their contract that are due today, within what the law lets them
        be asked for; the others, the hours that were followed.
        """
        self.ensure_one()
        if self._is_deposit():
            share = self.agreement_id._share_due(self.agreement_id._today()) if self.agreement_id else 0
        else:
            share = self._share_followed()
        amount = self.currency_id.round(self.amount_agreed * share)
        amount = min(amount, self._amount_at_most())  # who gives up owes what they followed
        return max(amount - self.amount_invoiced - self.amount_drafted, 0.0)

    def _amount_asked(self):
        return self.amount_proposed + self.amount_drafted + self.amount_invoiced

    @api.private
    def _mismatches(self):
        """What was agreed, followed, certified and invoiced, where they do not say the same."""
        self.ensure_one()
        label = self.env["event.event"]._pope_hours_label
        followed, told = self.enrolment_id.hours_attended, []
        for words, hours in self._hours_to_compare():
            if hours and abs(hours - followed) > 0.01:
                told.append(
                    self.env._(
                        "%(hours)s %(words)s, %(followed)s followed",
                        hours=label(hours),
                        words=words,
                        followed=label(followed),
                    )
                )
        if self.agreement_id.state != "signed" and self._agreement_kind():
            told.append(self.env._("no agreement or contract signed"))
        if self.scheme_id.code and self.is_subrogated and not self.number:
            told.append(self.env._("no number of the funder's agreement"))
        if self.date_limit and self.date_limit < fields.Date.context_today(self):
            told.append(self.env._("to be invoiced before %(day)s", day=format_date(self.env, self.date_limit)))
        if self.enrolment_id.date_left:
            day = format_date(self.env, self.enrolment_id.date_left)
            told.append(self.env._("left the training after %(day)s", day=day))
        if not self.amount_agreed:
            told.append(self.env._("no price"))
        return told + self._told_too_much()

    @api.private
    def _hours_to_compare(self):
        """
        :return: list of words, and hours
        """
        told = self.enrolment_id.document_ids.filtered(
            lambda document: document.state == "issued" and document.kind_id.code == "certificate"
        )
        return [
            (self.env._("certified"), told[:1].hours),
            (self.env._("granted"), self.hours_granted),
            (self.env._("agreed"), self.agreement_id.hours),
            (self.env._("invoiced"), self.hours_invoiced),
        ]

    # --- Proposals, and invoices ---

    @api.private
    def _propose(self, proposals):
        """Hand to the accountant what is to be invoiced, or credited.

        :param proposals: dict line → amount without tax, hours; below zero what is to be credited
        """
        self.env["pope.training.financing"].check_access("write")
        for line, (amount, hours) in proposals.items():
            line._check_not_twice(amount)
            line.write({"amount_proposed": amount, "hours_proposed": hours})

    def _check_not_twice(self, amount):
        if amount < 0:
            return self._check_not_credited_twice(-amount)
        total = amount + self.amount_invoiced + self.amount_drafted
        if self.currency_id.compare_amounts(total, self.amount_agreed) > 0:
            raise UserError(
                self.env._(
                    "%(name)s: %(agreed)s is agreed, %(known)s is invoiced or being so already. Nothing is invoiced"
                    " twice.",
                    name=self.enrolment_id.display_name,
                    agreed=self._money(self.amount_agreed),
                    known=self._money(self.amount_invoiced + self.amount_drafted),
                )
            )

    def _money(self, amount):
        return self.env["pope.training.agreement"]._money_in(amount, self.currency_id)

    def action_make_invoices(self):
        """The draft invoices of what was proposed."""
        waiting = self.filtered(lambda line: line.invoice_state == "proposed")
        if not waiting:
            raise UserError(self.env._("Nothing was handed to the accountant among these lines."))
        return waiting._invoice(
            {line: (line.amount_proposed, line.hours_proposed) for line in waiting}
        )._pope_open_invoices()

    @api.private
    def _invoice(self, proposals):
        """Draft invoices: one for each payer, session and number of agreement; a person has their own. And draft credit
        notes on what was invoiced too much.

        :param proposals: dict line → amount without tax, hours; below zero what is to be credited
        """
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only an accountant makes invoices: hand them over."))
        for line, (amount, _hours) in proposals.items():
            line._check_not_twice(amount)
        lines = self.browse(line.id for line, (amount, _hours) in proposals.items() if amount > 0)
        groups = lines.grouped(lambda line: line._invoice_key())
        moves = self.env["account.move"].create(
            [
                {
                    **group._invoice_values(),
                    "invoice_line_ids": [Command.create(line._line_values(*proposals[line])) for line in group],
                }
                for group in groups.values()
            ]
        )
        lines.write({"amount_proposed": 0, "hours_proposed": 0})
        too_much = self.browse(line.id for line, (amount, _hours) in proposals.items() if amount < 0)
        return moves + too_much._credit_notes(proposals)

    def _invoice_key(self):
        return (self.company_id, self.event_id, self.partner_id, self.number or "")

    def _invoice_values(self):
        """Of the invoice of one payer."""
        first = self[0]
        company = first.company_id or self.env.company
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": first.partner_id.id,
            "pope_session_id": first.event_id.id,
            "invoice_user_id": self.env.user.id,
            "ref": first.number,
            "narration": first.with_company(company)._notice(),
        }

    def _notice(self):
        """What the law wants at the foot of the invoice."""
        company = self.company_id or self.env.company
        known = self.with_context(lang=self.partner_id.lang or company._pope_paper_lang())
        told = []
        if company._pope_is_exempt(fields.Date.context_today(self)):
            told.append(known.env._("VAT exemption, article 261, 4, 4° a of the CGI"))
        return "\n".join(told)

    def _line_values(self, amount, hours):
        company = self.company_id or self.env.company
        product = company.pope_training_product_id
        values = {
            "pope_financing_id": self.id,
            "pope_hours": hours,
            "product_id": product.id,
            "name": self.with_context(lang=self.partner_id.lang or company._pope_paper_lang())._line_label(hours),
            "quantity": 1,
            "price_unit": amount,
        }
        if account := company.pope_training_account_id:
            values["account_id"] = account.id
        if company._pope_is_exempt(fields.Date.context_today(self)):
            values["tax_ids"] = [Command.clear()]
        # sudo: plans are for accountants to read; where a programme counts is for whoever invoices it
        if analytic := self.event_id.pope_program_id.sudo().analytic_account_id:
            values["analytic_distribution"] = {str(analytic.id): 100}
        return values

    def _line_label(self, hours):
        """Session, dates, trainee and hours, as a funder wants to read them."""
        event, label = self.event_id, self.env["event.event"]._pope_hours_label
        told = [
            event.pope_program_id.name or event.name,
            self.env._(
                "From %(begin)s to %(end)s",
                begin=format_date(self.env, self._day(event.date_begin)),
                end=format_date(self.env, self._day(event.date_end)),
            ),
            self.env._("Trainee: %(name)s", name=self.enrolment_id.partner_id.name),
        ]
        employer = self.enrolment_id.employer_id
        if employer and employer != self.partner_id:
            told.append(self.env._("Employer: %(name)s", name=employer.name))
        if hours:
            told.append(self.env._("Hours followed: %(hours)s", hours=label(hours)))
        if self.number:
            told.append(self.env._("Agreement number: %(number)s", number=self.number))
        return "\n".join(told)

    def _day(self, moment):
        return (self.company_id or self.env.company)._pope_day_of(moment)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    pope_hours = fields.Float(string="Hours Followed", readonly=True, copy=False, groups=ACCOUNTANTS)

    def _copy_data_extend_business_fields(self, values):
        super()._copy_data_extend_business_fields(values)
        values["pope_hours"] = self.pope_hours


class AccountMove(models.Model):
    _inherit = "account.move"

    def _pope_open_invoices(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": self._name,
            "context": {"default_move_type": "out_invoice"},
        }
        if len(self) == 1:
            return {**action, "view_mode": "form", "res_id": self.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", self.ids)]}


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        groups="analytic.group_analytic_accounting",
        help="Where its invoices count.",
    )


class EventEvent(models.Model):
    """Invoices of a session, and what the file says of them."""

    _inherit = "event.event"

    pope_invoice_count = fields.Integer(string="Invoices", compute="_compute_pope_invoice_count", groups=ACCOUNTANTS)

    @api.depends("pope_kind")
    def _compute_pope_invoice_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("pope_session_id", "in", self.ids)], ["pope_session_id"], ["__count"]
            )
        )
        for event in self:
            event.pope_invoice_count = counts.get(event._origin, 0)

    def action_pope_invoices(self):
        self.ensure_one()
        return self.env["account.move"].search([("pope_session_id", "=", self.id)])._pope_open_invoices()

    def action_pope_invoice(self):
        """What is to be invoiced, looked at before anything is made."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["pope.training.invoicing"].create({"event_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoice the Session"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _pope_file_lines(self):
        return {**super()._pope_file_lines(), "invoices": [self.env._("Each payer invoiced, once it is over"), ""]}

    def _pope_file_facts(self):
        facts = super()._pope_file_facts()
        now = self.env.cr.now()
        over = self.filtered(lambda event: event.date_end <= now and event.kanban_state != "cancel")
        # sudo: the file is counted wherever the user may look
        lines = (
            self.env["pope.training.financing"]
            .sudo()
            .search(
                [
                    ("event_id", "in", over.ids),
                    ("enrolment_id.state", "in", ("open", "done")),
                    ("enrolment_id.registration_id.active", "=", True),
                ]
            )
            ._to_invoice()
        )
        facts["invoices"] = {}
        for event, owed in lines.grouped(lambda line: line.event_id.id).items():
            done = owed.filtered(lambda line: line.invoice_state in ("invoiced", "paid") and not line.amount_excess)
            facts["invoices"][self.browse(event)] = (len(done), len(owed))
        return facts
