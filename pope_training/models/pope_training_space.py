from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import hash_sign

from odoo.addons.pope_crm.models.pope_notification import BUTTON

from .pope_training_enrolment_sign import _read_token

TRAINEE = "pope.training.space"
EMPLOYER = "pope.training.employer"
SPACE_DAYS = 180  # after the end of the session


class TrainingDocumentKind(models.Model):
    _inherit = "pope.training.document.kind"

    for_employer = fields.Boolean(
        string="Employer May Read It", help="On the page of the employer; the trainee reads all their own documents."
    )


class TrainingEnrolment(models.Model):
    """The page of a trainee, and that of who employs them: dates and documents, by a link of their own."""

    _inherit = "pope.training.enrolment"

    space_url = fields.Char(string="Page of the Trainee", compute="_compute_space_url")
    employer_url = fields.Char(string="Page of the Employer", compute="_compute_space_url")

    @api.depends("event_id.date_end", "employer_id")
    def _compute_space_url(self):
        for enrolment in self:
            saved = enrolment._origin if enrolment.pope_kind == "training" else enrolment.browse()
            employer = saved.employer_id
            enrolment.space_url = saved._space_url() if saved else False
            enrolment.employer_url = saved.event_id._pope_employer_url(employer) if employer else False

    def _space_url(self):
        # sudo: the secret of the database signs
        token = hash_sign(self.sudo().env, TRAINEE, [self.id], expiration=self.event_id._pope_space_end())
        return f"{self.get_base_url()}/pope/stagiaire/{token}"

    @api.model
    @api.private
    def _find_by_space_token(self, token):
        """Who followed their link, or an empty set: not ours, too old, called off, or of somebody we forgot."""
        # sudo: visitors have no access to the model; the token is their key
        row = self.sudo().browse(_read_token(self, TRAINEE, token, 1)).exists()
        return row.filtered(lambda row: row.pope_kind == "training" and row._may_be_shown())

    def _may_be_shown(self):
        return self._is_enrolled() and self.partner_id.active and not self.partner_id.pope_anonymised_date

    @api.private
    def _space_documents(self):
        """The documents in force of this trainee, and the house rules."""
        own = self.document_ids.filtered(lambda document: document.state == "issued" and document.attachment_id)
        return own | self.company_id.pope_house_rules_id

    @api.private
    def _space_links(self):
        """What is still to do: list of (words, address), for what brings some to extend."""
        left = self.date_left and self.date_left < fields.Date.context_today(self)
        if not left and self.event_id.date_end + timedelta(days=1) > self.env.cr.now():
            return [(self.env._("Sign my attendance"), self._sign_url())]
        return []

    @api.private
    def _space_page(self):
        """What the page shows, of this trainee only."""
        self.ensure_one()
        return {
            "enrolment": self,
            "event": self.event_id,
            "company": self.company_id or self.env.company,
            "slots": self.event_id._pope_held_slots().filtered(self._comes_to),
            "documents": self._space_documents(),
            "links": self._space_links(),
            "to_acknowledge": bool(self.date_information and not self.date_acknowledged),
        }

    @api.private
    def _space_acknowledge(self):
        """The trainee says that they received the prior information; twice is once."""
        self.ensure_one()
        if not self.date_information:
            raise ValidationError(self.env._("There is nothing to confirm yet."))
        self.date_acknowledged = self.date_acknowledged or fields.Date.context_today(self)


class EventEvent(models.Model):
    _inherit = "event.event"

    def _pope_space_end(self):
        return max(self.date_end, self.env.cr.now()) + timedelta(days=SPACE_DAYS)

    def _pope_employer_url(self, employer):
        # sudo: the secret of the database signs
        token = hash_sign(self.sudo().env, EMPLOYER, [self.id, employer.id], expiration=self._pope_space_end())
        return f"{self.get_base_url()}/pope/employeur/{token}"

    @api.model
    @api.private
    def _pope_find_by_employer(self, token):
        """The trainees of an employer in a session, or an empty set."""
        event_id, employer_id = _read_token(self, EMPLOYER, token, 2) or (0, 0)
        # sudo: visitors have no access to the model; the token is their key
        rows = (
            self.env["pope.training.enrolment"]
            .sudo()
            .search(
                [("event_id", "=", event_id), ("employer_id", "=", employer_id), ("pope_kind", "=", "training")],
                order="id",
            )
        )
        return rows.filtered(lambda row: row.employer_id.active and row._may_be_shown())

    @api.private
    def _pope_employer_page(self, enrolments):
        """What the page of an employer shows: their own people, and the documents that are for them."""
        self.ensure_one()
        documents = enrolments.document_ids.filtered(
            lambda document: document.state == "issued" and document.kind_id.for_employer and document.attachment_id
        )
        return {
            "event": self,
            "company": self.company_id or self.env.company,
            "employer": enrolments.employer_id,
            "enrolments": enrolments,
            "slots": self._pope_held_slots(),
            "documents": documents,
        }


class Notification(models.Model):
    _inherit = "pope.notification"

    space_link = fields.Html(string="Link to the Page of the Trainee", compute="_compute_space_link", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), "object.space_link")

    @api.depends("enrolment_id", "lang")
    def _compute_space_link(self):
        for row in self:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            # sudo: whoever reads an e-mail reads the link that it bears
            url = row._origin and row.sudo().enrolment_id.space_url
            row.space_link = BUTTON % (url, told.env._("My page: dates and documents")) if url else False
