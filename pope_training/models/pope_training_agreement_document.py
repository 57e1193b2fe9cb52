from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

# what each must say, with where it comes from
BOTH = (
    *("company_name", "signatory_name", "signatory_title", "buyer_name", "program_name", "action_nature"),
    *("objectives", "content", "methods", "schedule", "hours_agreed", "date_from", "date_to", "trainee_list"),
    *("assessment", "outcome"),
    *("price", "payment_terms"),
)
MANDATORY = {
    "quotation": ("company_name", "buyer_name", "program_name", "hours_agreed", "price", "payment_terms"),
    # Code du travail, D6353-1
    "agreement": (*BOTH, "means"),
    # Code du travail, L6353-4 and L6353-5
    "contract": (
        *(*BOTH, "means", "prerequisites", "group_size", "trainers_titles", "withdrawal"),
        *("payment_schedule", "mediator"),  # L6353-6; Code de la consommation, L616-1
    ),
    "ordered": (*BOTH, "means"),
    # quality standard, indicator 27
    "subcontracting": (
        *("company_name", "signatory_name", "signatory_title", "buyer_name", "program_name", "schedule"),
        *("hours_agreed", "price", "payment_terms"),
    ),
}


class TrainingDocument(models.Model):
    _inherit = "pope.training.document"

    agreement_id = fields.Many2one("pope.training.agreement", ondelete="restrict", index="btree_not_null")


class TrainingDocumentKind(models.Model):
    _inherit = "pope.training.document.kind"

    level = fields.Selection(
        selection_add=[("agreement", "An agreement or contract")], ondelete={"agreement": "cascade"}
    )

    @api.model
    def _source_models(self):
        return {**super()._source_models(), "agreement": "pope.training.agreement"}

    def _mandatory_words(self):
        return MANDATORY.get(self.code) or super()._mandatory_words()

    def _kept_words(self):
        return (*super()._kept_words(), *(("remote_terms",) if self.code in ("agreement", "contract") else ()))


class TrainingAgreement(models.Model):
    """What an agreement says: its text is a document, numbered, dated, kept with its file and its former versions."""

    _name = "pope.training.agreement"
    _inherit = ["pope.training.agreement", "pope.training.document.source"]

    document_ids = fields.One2many("pope.training.document", "agreement_id", string="Documents")
    document_id = fields.Many2one(
        "pope.training.document",
        string="Text Sent",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.model
    @api.private
    def _pope_document_words(self):
        return {
            **super()._pope_document_words(),
            **self._pope_words_through("event_id"),
            **self._pope_words_through("company_id"),
            "buyer_name": (self.env._("with whom it is agreed"), "partner_id", lambda row: row.partner_id.name),
            "buyer_address": (self.env._("their address"), "partner_id", lambda row: row._buyer_address()),
            "buyer_registry": (
                self.env._("their SIRET number"),
                "partner_id",
                lambda row: row.partner_id.company_registry,
            ),
            "buyer_signatory": (self.env._("who signs for them"), "signatory_id", lambda row: row._signatory_words()),
            "trainee_list": (self.env._("trainees"), "", lambda row: row._trainee_words()),
            "trainee_count": (self.env._("number of trainees"), "", lambda row: str(row.trainee_count or "")),
            "group_size": (self.env._("size of the group"), "event_id", lambda row: row._group_words()),
            "trainers_titles": (
                self.env._("trainers, with their titles"),
                "event_id.pope_program_id",
                lambda row: row._trainers_titles(),
            ),
            "hours_agreed": (
                self.env._("hours agreed"),
                "",
                lambda row: row.hours and row.event_id._pope_hours_label(row.hours),
            ),
            "price": (self.env._("price"), "", lambda row: row._price_words()),
            "payers": (self.env._("who pays what"), "", lambda row: row._payers_words()),
            "payment_terms": (self.env._("terms of payment"), "", lambda row: (row.terms or "").strip()),
            "payment_schedule": (
                self.env._("schedule of payments"),
                "",
                lambda row: row._schedule_words(),
            ),
            "withdrawal": (self.env._("withdrawal period"), "", lambda row: row._withdrawal_words()),
        }

    def _buyer_address(self):
        partner = self.partner_id
        town = " ".join(filter(None, (partner.zip, partner.city)))
        return ", ".join(filter(None, (partner.street, partner.street2, town)))

    def _signatory_words(self):
        who = self.signatory_id
        return who != self.partner_id and ", ".join(filter(None, (who.name, who.function)))

    def _trainee_words(self):
        people = self.enrolment_ids
        names = [enrolment._person_words() for enrolment in people]
        return Markup("<ul>%s</ul>") % Markup().join(Markup("<li>%s</li>") % name for name in names) if names else ""

    def _group_words(self):
        event = self.event_id
        most = (event.seats_limited and event.seats_max) or event.pope_program_id.seats_max
        if most:
            return self.env._("%(count)s trainees at most", count=most)
        return self.env._("%(count)s trainees enrolled on this day", count=event.seats_taken or len(self.enrolment_ids))

    def _trainers_titles(self):
        return self.event_id._pope_trainers_words() or self.event_id.pope_program_id.trainer_profile

    def _price_words(self):
        """Without and with tax; or exempt, with the article."""
        if not self.amount:
            return ""
        total = self.currency_id.round(self._price_with_tax())
        if self.company_id._pope_is_exempt(self._pope_issued_on()):
            return self.env._(
                "%(amount)s, exempt from VAT (article 261, 4, 4° a of the CGI)", amount=self._money(self.amount)
            )
        if self.currency_id.compare_amounts(total, self.amount):
            return self.env._(
                "%(amount)s without tax, %(total)s with tax", amount=self._money(self.amount), total=self._money(total)
            )
        return self._money(self.amount)

    def _payers_words(self):
        lines = self.financing_ids.filtered("amount_agreed")
        items = [
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (
                line.enrolment_id.display_name,
                ", ".join(filter(None, (line.partner_id.name or line.scheme_id.name, line.number))),
                self._money(line.amount_agreed),
            )
            for line in lines
        ]
        return Markup("<table>%s</table>") % Markup().join(items) if len(lines) > 1 else ""

    def _withdrawal_words(self):
        """The period as the contract says it, whichever way it is concluded."""
        return self.kind == "contract" and self.env._(
            "From the day of the signature, the trainee may withdraw, without giving a reason, by registered letter or"
            " on the page where the contract was signed: within 10 days (Code du travail, L6353-5); within 14 days when"
            " it is concluded at a distance (Code de la consommation, L221-18). No sum may be asked of them before the"
            " end of this period. At its end, 30 % of the price at most; the balance is spread over the course of the"
            " training (L6353-6)."
        )

    def _pope_document_link(self):
        return "agreement_id"

    def _pope_document_company(self):
        return self.company_id

    def _pope_document_values(self):
        return {
            **super()._pope_document_values(),
            "event_id": self.event_id.id,
            "partner_id": self.partner_id.id,
            "hours": self.hours,
        }

    def _pope_document_gaps(self, kind):
        """A training at a distance says how people work, how long, and who helps them (D6313-3-1, L6353-4)."""
        gaps, program = super()._pope_document_gaps(kind), self.event_id.pope_program_id
        if "remote_terms" in kind._kept_words() and "remote_terms" in program._asked() and not program.remote_terms:
            gaps.append((self.env._("at a distance: works, time, assistance"), program))
        return gaps

    # --- Issuing ---

    def _document_kind(self, code=None):
        kind = self.env["pope.training.document.kind"]._of_code(code or self.kind)
        if not kind:
            raise UserError(self.env._("There is no document “%(code)s” any more.", code=code or self.kind))
        return kind

    @api.private
    def _missing(self):
        """What the law wants in it and is not known yet."""
        if not self.event_id or not self.partner_id:
            return ""
        missing = self._document_kind()._gaps(self).get(self, [])
        return ", ".join(str(words) for words, _mend in missing)

    @api.private
    def _issue(self):
        drafts = self.filtered(lambda row: row.state == "draft")
        result = super()._issue()
        for agreement in drafts:
            document = agreement._document_kind()._issue(agreement)
            # sudo: what becomes of it is written by the gestures alone; access was checked by the one that sends it
            agreement.sudo().write({"document_id": document.id, "number": document.number, "version": document.version})
        return result

    def action_print(self):
        """The text that was sent; a quotation as it is today, kept when it says something new."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "draft":
            return self.document_id.action_open_file()
        kind = self._document_kind("quotation")
        current = kind._current(self).get(self)
        text = kind._text_of(self._pope_document_told(), kind._known_words())
        # sudo: users hold no right to write documents
        if not current or current.sudo().body != text:
            current = kind._issue(self)
        return current.action_open_file()

    def action_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_document_action")
        return {**action, "domain": [("agreement_id", "=", self.id)], "context": {}}
