from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.pope_crm.controllers.personal_link import personal_link
from odoo.addons.pope_crm.core.form_text import texts
from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages

from ..models.pope_training_agreement_sign import WrongCode
from .attendance import PAGE


class AgreementPage(http.Controller):
    """Where an agreement or a contract is read, signed, refused or withdrawn from, by who has its personal link."""

    @http.route("/pope/signature/<string:token>", **PAGE)
    @personal_link
    def agreement(self, token, **form):
        agreement = request.env["pope.training.agreement"]._find_by_sign_token(token)
        if not agreement:
            return request.render("pope_crm.page_unknown", status=404)
        lang = agreement.signatory_id.lang or agreement.company_id.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        agreement = agreement.with_context(lang=lang)
        form, done, errors, status = texts(form), None, [], 200
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    done = agreement._answer(form)
            except UserError as error:
                errors = error.args[0].split("\n")
                status = 429 if isinstance(error, TooManyMessages) else 200
                agreement._note_refusal(isinstance(error, WrongCode))
        if form.get("format") == "json":
            state = "refused" if errors else "signed"
            message = " ".join(errors) or agreement.env._("Thank you, it is signed.")
            return request.make_json_response({"state": state, "message": message}, status=status)
        values = {**agreement._sign_page(), "form": form if errors else {}, "done": done, "errors": errors}
        return request.render("pope_training.page_agreement", values, status=status)

    @http.route("/pope/signature/<string:token>/document", **{**PAGE, "methods": ["GET"]})
    @personal_link
    def document(self, token, **form):
        agreement = request.env["pope.training.agreement"]._find_by_sign_token(token)
        if not agreement:
            return request.render("pope_crm.page_unknown", status=404)
        file = agreement.document_id.attachment_id
        if not file:
            return request.render("pope_crm.page_unknown", status=404)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(file.name, "inline")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(file.raw, headers=headers)
