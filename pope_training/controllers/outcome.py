from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.pope_crm.controllers.personal_link import personal_link
from odoo.addons.pope_crm.core.form_text import texts


class OutcomePage(http.Controller):
    """What became of a person: one page, by their own link."""

    @http.route("/pope/parcours/<string:token>", type="http", auth="public", methods=["GET", "POST"], sitemap=False)
    @personal_link
    def outcome(self, token, **form):
        outcome = request.env["pope.path.outcome"]._find_by_token(token)
        if not outcome:
            return request.render("pope_crm.page_unknown", status=404)
        lang = outcome.partner_id.lang or outcome.company_id.partner_id.lang or request.env.lang
        outcome = outcome.with_context(lang=lang)
        request.update_context(lang=lang)
        values = {"outcome": outcome, "form": {}, "errors": [], "done": False}
        if request.httprequest.method == "POST":
            form = texts(form)
            try:
                with request.env.cr.savepoint():
                    outcome._answer(form)
                values["done"] = True
            except ValidationError as error:
                values.update(form=form, errors=error.args[0].split("\n"))
        return request.render("pope_training.page_outcome", values)
