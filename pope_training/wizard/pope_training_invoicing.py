from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class TrainingInvoicing(models.TransientModel):
    """What a session gives to invoice, beside what was agreed, followed and invoiced: looked at before it is made."""

    _name = "pope.training.invoicing"
    _description = "Session to Invoice"

    event_id = fields.Many2one("event.event", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    line_ids = fields.One2many(
        "pope.training.invoicing.line", "invoicing_id", compute="_compute_line_ids", store=True, readonly=False
    )
    warnings = fields.Text(compute="_compute_warnings")
    award_count = fields.Integer(string="Paid by an Award", compute="_compute_warnings")

    @api.depends("event_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = (wizard.event_id.company_id or self.env.company).currency_id

    def _financings(self):
        """Of those who are enrolled, and of those who were invoiced and are so no more."""
        enrolled = Domain("enrolment_id.state", "in", ("open", "done"))
        enrolled &= Domain("enrolment_id.registration_id.active", "=", True)
        wanted = enrolled | Domain("amount_invoiced", ">", 0)
        if self.event_id.pope_client_price:  # owed whoever comes
            wanted |= Domain("agreement_id.state", "=", "signed")
        return self.env["pope.training.financing"].search(Domain("event_id", "=", self.event_id.id) & wanted)

    @api.depends("event_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard._financings()
            owed, too_much = lines._to_invoice(), lines._credits()
            commands = [Command.clear()]
            for line in lines:
                if line in too_much:
                    amount, hours = too_much[line]
                elif line in owed:
                    amount = max(line.amount_proposed, 0) or line._amount_due()
                    hours = line.enrolment_id.hours_attended
                else:
                    continue
                commands.append(Command.create({"financing_id": line.id, "amount": amount, "hours": hours}))
            wizard.line_ids = commands

    @api.depends("line_ids.warning")
    def _compute_warnings(self):
        for wizard in self:
            lines = wizard._financings()
            wizard.award_count = len(lines.filtered("funding_id"))
            without = lines.filtered(
                lambda line: not line.funding_id and not line.partner_id and line.state != "refused"
            )
            told = [f"{line.trainee} – {line.warning}" for line in wizard.line_ids if line.warning]
            if without:
                names = ", ".join(sorted(set(without.enrolment_id.mapped("display_name"))))
                told.append(self.env._("Payer not known: %(names)s.", names=names))
            wizard.warnings = "\n".join(told)

    def _proposals(self):
        chosen = self.line_ids.filtered("amount")
        if not chosen:
            raise UserError(self.env._("There is nothing to invoice."))
        return {line.financing_id: (line.amount, line.hours) for line in chosen}

    def action_propose(self):
        self.ensure_one()
        self.env["pope.training.financing"]._propose(self._proposals())
        return {"type": "ir.actions.act_window_close"}

    def action_invoice(self):
        self.ensure_one()
        proposals = self._proposals()
        return self.env["pope.training.financing"]._invoice(proposals)._pope_open_invoices()


class TrainingInvoicingLine(models.TransientModel):
    _name = "pope.training.invoicing.line"
    _description = "Payer to Invoice"

    invoicing_id = fields.Many2one("pope.training.invoicing", required=True, ondelete="cascade")
    financing_id = fields.Many2one("pope.training.financing", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="financing_id.currency_id")
    partner_id = fields.Many2one(related="financing_id.partner_id")
    trainee = fields.Char(string="Trainee", related="financing_id.enrolment_id.display_name")
    scheme_id = fields.Many2one(related="financing_id.scheme_id")
    hours_agreed = fields.Float(compute="_compute_facts")
    hours_attended = fields.Float(related="financing_id.enrolment_id.hours_attended", string="Hours Followed")
    amount_agreed = fields.Monetary(related="financing_id.amount_agreed")
    amount_known = fields.Monetary(string="Invoiced Already", compute="_compute_facts")
    amount = fields.Monetary(
        string="To Invoice", help="Below zero: invoiced too much, to be credited by a draft credit note."
    )
    hours = fields.Float(string="Hours to Invoice")
    warning = fields.Char(compute="_compute_facts")

    @api.depends("financing_id")
    def _compute_facts(self):
        for line in self:
            financing = line.financing_id
            line.hours_agreed = financing._hours_agreed()
            line.amount_known = financing.amount_invoiced + financing.amount_drafted
            line.warning = ", ".join(financing._mismatches())
