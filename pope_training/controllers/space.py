from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.pope_crm.controllers.personal_link import personal_link

PAGE = {"type": "http", "auth": "public", "methods": ["GET"], "sitemap": False}


class SpacePage(http.Controller):
    """The page of a trainee and the page of an employer, each by its own link."""

    @http.route("/pope/stagiaire/<string:token>", **{**PAGE, "methods": ["GET", "POST"]})
    @personal_link
    def trainee(self, token, **_form):
        enrolment = self._trainee(token)
        if not enrolment:
            return self._unknown()
        errors = []
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    enrolment._space_acknowledge()
            except UserError as error:
                errors = [error.args[0]]
        values = {**enrolment._space_page(), "address": f"/pope/stagiaire/{token}", "errors": errors}
        return request.render("pope_training.page_space", values)

    @http.route("/pope/stagiaire/<string:token>/<int:document_id>", **PAGE)
    @personal_link
    def trainee_document(self, token, document_id, **_form):
        enrolment = self._trainee(token)
        return self._file(enrolment and enrolment._space_documents(), document_id)

    @http.route("/pope/employeur/<string:token>", **PAGE)
    @personal_link
    def employer(self, token, **_form):
        enrolments = self._employer(token)
        if not enrolments:
            return self._unknown()
        values = {**enrolments.event_id._pope_employer_page(enrolments), "address": f"/pope/employeur/{token}"}
        return request.render("pope_training.page_employer", values)

    @http.route("/pope/employeur/<string:token>/<int:document_id>", **PAGE)
    @personal_link
    def employer_document(self, token, document_id, **_form):
        enrolments = self._employer(token)
        page = enrolments and enrolments.event_id._pope_employer_page(enrolments)
        return self._file(page and page["documents"], document_id)

    def _trainee(self, token):
        enrolment = request.env["pope.training.enrolment"]._find_by_space_token(token)
        return self._speak(enrolment, enrolment.partner_id.lang)

    def _employer(self, token):
        return self._speak(request.env["event.event"]._pope_find_by_employer(token), False)

    def _speak(self, records, lang):
        """The records in the language of who reads the page."""
        lang = lang or records.company_id[:1].partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        return records.with_context(lang=lang)

    def _file(self, documents, document_id):
        """One of these documents, as it was issued."""
        document = documents and documents.filtered(lambda document: document.id == document_id)
        attachment = document and document.attachment_id
        if not attachment:
            return self._unknown()
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(attachment.name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(attachment.raw, headers=headers)

    def _unknown(self):
        return request.render("pope_crm.page_unknown", status=404)
