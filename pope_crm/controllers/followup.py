from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from ..core.form_text import texts
from .personal_link import personal_link


class FollowupPage(http.Controller):
    @http.route("/pope/suivi/<string:token>", type="http", auth="public", methods=["GET", "POST"], sitemap=False)
    @personal_link
    def followup(self, token, **form):
        followup = request.env["pope.followup"]._find_by_token(token)
        if not followup:
            return request.render("pope_crm.page_unknown", status=404)
        lang = followup.pope_holder_ids[:1].lang or followup.company_id.partner_id.lang or request.env.lang
        followup = followup.with_context(lang=lang)
        request.update_context(lang=lang)
        values = {"followup": followup, "form": {}, "errors": [], "done": False}
        if request.httprequest.method == "POST":
            try:
                form = texts(form)
                with request.env.cr.savepoint():
                    followup._answer(form)
                values["done"] = True
            except ValidationError as error:
                values.update(form=form, errors=error.args[0].split("\n"))
        return request.render("pope_crm.page_followup", values)
