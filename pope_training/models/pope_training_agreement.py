from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class TrainingAgreement(models.Model):
    """What is agreed before a training: with a buyer, with somebody who pays for themselves, or with who trains.

    A quotation is an agreement in draft. What was sent does not change any more: it is issued again, as a new version,
    and the former one is kept.
    """

    _name = "pope.training.agreement"
    _description = "Training Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("agreement", "Agreement with a buyer"),
            ("contract", "Individual contract"),
            ("ordered", "Contract with another training body"),
            ("subcontracting", "Subcontracting contract"),
        ],
        required=True,
        default="agreement",
        tracking=True,
        help="Agreement: Code du travail, L6353-1. Individual contract, of who pays for themselves: L6353-3 to"
        " L6353-7.",
    )
    state = fields.Selection(
        [
            ("draft", "Quotation"),
            ("sent", "Sent to Be Signed"),
            ("signed", "Signed"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn From"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    number = fields.Char(readonly=True, copy=False, help="Given when it is sent.")
    version = fields.Integer(readonly=True, copy=False)
    event_id = fields.Many2one(
        "event.event",
        string="Session",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("pope_kind", "=", "training")],
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="With",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        help="The employer or the body that buys, the person who pays for themselves, or who trains.",
    )
    signatory_id = fields.Many2one(
        "res.partner",
        string="Signed By",
        compute="_compute_signatory_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Who signs for them: the link to sign goes to their e-mail address.",
    )
    signatory_email = fields.Char(related="signatory_id.email", string="E-mail Address")
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    financing_ids = fields.One2many("pope.training.financing", "agreement_id", string="Who Pays What")
    enrolment_ids = fields.Many2many("pope.training.enrolment", string="Trainees", compute="_compute_enrolment_ids")
    trainee_count = fields.Integer(string="Number of Trainees", compute="_compute_enrolment_ids")
    date_begin = fields.Datetime(related="event_id.date_begin", string="Begins")
    date_end = fields.Datetime(related="event_id.date_end", string="Ends")
    hours = fields.Float(
        string="Hours per Trainee",
        compute="_compute_hours",
        store=True,
        readonly=False,
        help="Those of the half-days, as long as it is a quotation; then what was agreed.",
    )
    amount = fields.Monetary(
        string="Price without Tax", compute="_compute_amount", store=True, readonly=False, tracking=True
    )
    terms = fields.Text(
        string="Terms of Payment",
        compute="_compute_terms",
        store=True,
        readonly=False,
        help="When what is paid; and what is due when the training is given up or cancelled.",
    )
    date_sent = fields.Date(string="Sent On", readonly=True, copy=False)
    date_signed = fields.Date(string="Signed On", readonly=True, copy=False, tracking=True)
    is_remote = fields.Boolean(string="Concluded at a Distance", default=True, copy=False, tracking=True)
    refusal = fields.Char(string="Why", readonly=True, copy=False)
    scan_ids = fields.Many2many(
        "ir.attachment", string="Signed Paper", readonly=True, copy=False, bypass_search_access=True
    )
    gaps = fields.Char(string="Still Missing", compute="_compute_gaps")

    _amount_positive = models.Constraint("CHECK (amount >= 0 AND hours >= 0)", "Prices and hours cannot be negative.")

    # --- Fields ---

    @api.depends("kind", "number", "version", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for agreement in self:
            title = agreement.number or agreement._title()
            agreement.display_name = " – ".join(filter(None, (title, agreement.partner_id.name)))

    @api.depends("partner_id")
    def _compute_signatory_id(self):
        """The person, or somebody known of the body that buys."""
        for agreement in self:
            partner = agreement.partner_id
            people = partner.child_ids.filtered(lambda person: person.email and person.type == "contact")
            agreement.signatory_id = people[:1] if partner.is_company and people else partner

    @api.depends("financing_ids.enrolment_id")
    def _compute_enrolment_ids(self):
        for agreement in self:
            agreement.enrolment_ids = agreement.financing_ids.enrolment_id
            agreement.trainee_count = len(agreement.enrolment_ids)

    @api.depends(
        *("kind", "partner_id", "event_id.pope_slot_ids.hours", "event_id.pope_slot_ids.state"),
        "event_id.pope_slot_ids.trainer_id",
    )
    def _compute_hours(self):
        for agreement in self:
            if agreement.state != "draft":
                continue
            slots = agreement.event_id.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
            if agreement.kind == "subcontracting":
                slots = slots.filtered(lambda slot, who=agreement.partner_id: slot.trainer_id == who)
            agreement.hours = sum(slots.mapped("hours"))

    @api.depends("financing_ids.amount_agreed")
    def _compute_amount(self):
        for agreement in self:
            if agreement.state == "draft" and agreement.kind != "subcontracting":
                agreement.amount = sum(agreement.financing_ids.mapped("amount_agreed"))

    @api.depends("kind")
    def _compute_terms(self):
        for agreement in self:
            known = agreement.with_context(lang=agreement.company_id._pope_paper_lang())
            agreement.terms = agreement.terms or known._usual_terms()

    @api.private
    def _usual_terms(self):
        if self.kind == "contract":
            return self.env._(
                "Nothing before the end of the withdrawal period. Then 30 % of the price at most; the balance is spread"
                " over the course of the training (Code du travail, L6353-6).\nTraining given up by the trainee: what"
                " was followed is due. In a case of force majeure, only what was really given is due, in proportion"
                " (Code du travail, L6353-7)."
            )
        if self.kind == "agreement":
            return self.env._(
                "On receipt of the invoice, after the training, for the hours really followed.\nTraining given up less"
                " than ten days before it begins: a compensation may be asked; it is not a training expense and is"
                " invoiced apart."
            )
        return self.env._("On receipt of the invoice, after the training.")

    @api.depends(
        *("kind", "state", "partner_id", "financing_ids", "amount", "hours", "event_id", "terms"),
        *("instalment_ids.amount", "instalment_ids.date"),
    )
    @api.depends_context("lang")
    def _compute_gaps(self):
        for agreement in self:
            agreement.gaps = agreement.state == "draft" and agreement._missing()

    def _title(self):
        titles = {
            "agreement": self.env._("Training Agreement"),
            "contract": self.env._("Individual Training Contract"),
            "ordered": self.env._("Contract with Another Training Body"),
            "subcontracting": self.env._("Subcontracting Contract"),
        }
        return self.env._("Quotation") if self.state == "draft" else titles[self.kind]

    # --- Rules ---

    @api.constrains("financing_ids", "kind", "company_id")
    def _check_financing(self):
        for agreement in self:
            lines = agreement.financing_ids
            if lines.event_id - agreement.event_id:
                raise ValidationError(self.env._("An agreement is about the trainees of one session."))
            if lines.filtered("funding_id"):
                raise ValidationError(self.env._("What an award pays needs no quotation, agreement or invoice."))
            if agreement.kind == "contract" and len(lines.enrolment_id) > 1:
                raise ValidationError(self.env._("An individual contract is about one trainee."))

    def write(self, vals):
        if KEPT.intersection(vals) and (gone := self.filtered(lambda row: row.state not in ("draft", "cancelled"))):
            raise UserError(
                self.env._(
                    "“%(name)s” was sent: it does not change any more. Issue it again, the former version is kept.",
                    name=gone[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if kept := self.filtered(lambda row: row.state != "draft" or row.number):
            raise UserError(
                self.env._("“%(name)s” is cancelled, never deleted: it was sent.", name=kept[0].display_name)
            )

    # --- Gestures ---

    @api.private
    def _issue(self):
        """It leaves the state of a quotation: numbered, and nothing of it changes any more."""
        self.check_access("write")
        drafts = self.filtered(lambda row: row.state == "draft")
        for agreement in drafts:
            if agreement.gaps:
                raise UserError(
                    self.env._("“%(name)s” still lacks: %(gaps)s.", name=agreement.display_name, gaps=agreement.gaps)
                )
            # sudo: what becomes of it is written by the gestures alone; access was checked above
            agreement.sudo().write({"state": "sent", "date_sent": agreement._today()})

    def action_issue_again(self):
        """It is a quotation again, to be changed and sent as a new version; the former one, and its proof, are kept."""
        self.check_access("write")
        if any(row.state not in ("sent", "signed", "refused") for row in self):
            raise UserError(self.env._("A quotation is changed as it is; only what was sent is issued again."))
        # sudo: as in `_issue`
        self.sudo().write({"state": "draft", "date_signed": False, "refusal": False})

    def action_cancel(self):
        self.check_access("write")
        if any(row.state not in ("draft", "sent") for row in self):
            raise UserError(self.env._("What is signed is not cancelled: issue it again, or note the withdrawal."))
        self._close("cancelled")

    def _close(self, state, **values):
        # sudo: as in `_issue`; access is checked by who calls, or their link let them in
        self.sudo().write({"state": state, **values})

    def _said(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "success", "next": {"type": "ir.actions.act_window_close"}},
        }

    def _is_draft_of(self, kind, buyer):
        return self.state == "draft" and self.kind == kind and self.partner_id == buyer

    @api.private
    def _today(self):
        """At the clock of the pole: the law counts in its days, whichever server or traveller asks."""
        return (self.company_id or self.env.company)._pope_day_of(self.env.cr.now())

    def _day_label(self, day):
        return format_date(self.env, day)


# what was sent is what was agreed
KEPT = {"kind", "event_id", "partner_id", "hours", "amount", "terms", "financing_ids", "instalment_ids", "company_id"}
