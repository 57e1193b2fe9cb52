from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Cerfa 10443*17, frame F-1
STATUSES = [
    ("a", "a – Employee of a private employer"),
    ("b", "b – Apprentice"),
    ("c", "c – Looking for a job"),
    ("d", "d – Individual paying themselves"),
    ("e", "e – Other trainee"),
]
# Cerfa 10443*17, frame C
LINES = [
    ("C1", "1 – Companies, for their employees"),
    ("C2a", "2a – Apprenticeship contracts"),
    ("C2b", "2b – Professionalisation contracts"),
    ("C2c", "2c – Promotion or reconversion"),
    ("C2d", "2d – Professional transition projects"),
    ("C2e", "2e – Personal training account (CPF)"),
    ("C2f", "2f – Schemes for people looking for a job"),
    ("C2g", "2g – Schemes for the self-employed"),
    ("C2h", "2h – Skills development plan, other schemes"),
    ("C3", "3 – Public bodies, for their agents"),
    ("C4", "4 – European bodies"),
    ("C5", "5 – State"),
    ("C6", "6 – Regional councils"),
    ("C7", "7 – France Travail"),
    ("C8", "8 – Other public resources"),
    ("C9", "9 – Individuals paying themselves"),
    ("C10", "10 – Other training bodies"),
    ("C11", "11 – Other training income"),
]


class TrainingScheme(models.Model):
    """A way to pay for trainings: what it means for the contract and for the training and financial return."""

    _name = "pope.training.scheme"
    _description = "Way to Pay for a Training"
    _order = "sequence, id"

    name = fields.Char(required=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=500)
    active = fields.Boolean(default=True)
    payer = fields.Char(string="Who Is Invoiced")
    bpf_line = fields.Selection(LINES, string="Line of the Return (Frame C)")
    bpf_status = fields.Selection(STATUSES, string="Usual Status (Frame F-1)", help="Proposed; the trainee's decides.")
    contract = fields.Selection(
        [("agreement", "Agreement with the buyer"), ("contract", "Individual contract"), ("other", "The scheme's own")],
        string="What Is Signed",
    )
    to_verify = fields.Boolean(help="Deduced or remembered: ask the funder or the accountant, then clear the mark.")
    source = fields.Char()
    date_source = fields.Date(string="Read On")
    note = fields.Text()

    _code_unique = models.UniqueIndex("(code)", "Another way to pay has this code.")


class TrainingFinancing(models.Model):
    """Who pays what for a trainee: one line for each payer."""

    _name = "pope.training.financing"
    _inherit = ["pope.never.typed"]
    _description = "Financing of a Trainee"
    _order = "enrolment_id, id"
    _check_company_auto = True

    enrolment_id = fields.Many2one(
        "pope.training.enrolment", string="Trainee", required=True, ondelete="cascade", index=True
    )
    event_id = fields.Many2one(related="enrolment_id.event_id", store=True, index=True)
    company_id = fields.Many2one(related="enrolment_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    scheme_id = fields.Many2one("pope.training.scheme", required=True, ondelete="restrict", index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    funding_id = fields.Many2one(
        "pope.funding",
        string="Award",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("beneficiary", "=", "pole"), ("state", "in", ("awarded", "closed"))],
        help="Paid by money that a funder awarded to the pole: no quotation, agreement or invoice for this part.",
    )
    number = fields.Char(string="Agreement Number", copy=False)
    date_asked = fields.Date(string="Requested On")
    date_agreed = fields.Date(string="Granted On", copy=False)
    date_limit = fields.Date(string="To Invoice Before")
    hours_granted = fields.Float()
    amount_granted = fields.Monetary()
    is_subrogated = fields.Boolean(
        string="Pays Us Directly", help="Subrogation: the invoice goes to the payer, not to the employer."
    )
    state = fields.Selection(
        [("to_ask", "To Ask"), ("asked", "Requested"), ("granted", "Granted"), ("refused", "Refused")],
        string="Status",
        compute="_compute_state",
        store=True,
        readonly=False,
        copy=False,
    )

    _amount_positive = models.Constraint(
        "CHECK (amount_granted >= 0 AND hours_granted >= 0)", "Hours and amounts granted cannot be negative."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = (line.company_id or self.env.company).currency_id

    @api.depends("scheme_id", "funding_id")
    def _compute_partner_id(self):
        """The funder of the award, the employer or the person, where the scheme says so."""
        for line in self:
            if line.funding_id:
                line.partner_id = line.funding_id.partner_id
            elif not line.partner_id and line.scheme_id.bpf_line == "C9":
                line.partner_id = line.enrolment_id.partner_id
            elif not line.partner_id and line.scheme_id.bpf_line in ("C1", "C3"):
                line.partner_id = line.enrolment_id.employer_id

    @api.depends("date_asked", "date_agreed", "funding_id")
    def _compute_state(self):
        for line in self:
            if line.state == "refused":
                continue
            granted = line.date_agreed or line.funding_id
            line.state = "granted" if granted else "asked" if line.date_asked else line.state or "to_ask"

    @api.constrains("funding_id")
    def _check_funding(self):
        if any(line.funding_id and line.funding_id.beneficiary != "pole" for line in self):
            raise ValidationError(
                self.env._("This money was awarded to a holder's project, not to the pole: it does not pay trainings.")
            )
