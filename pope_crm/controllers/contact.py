from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..core.form_text import texts
from ..models.pope_intake_form import TooManyMessages


class ContactPage(http.Controller):
    @http.route(
        ["/pope/contact", "/pope/contact/<int:team_id>"],
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def contact(self, team_id=None, **form):
        # a text is not part of the address: somebody typed it behind
        team = request.env["crm.team"]._pope_contact_team(team_id if isinstance(team_id, int) else None)
        if not team:
            return request.render("pope_crm.page_unknown", status=404)
        lang = team.company_id.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        Intake = request.env["pope.intake"]
        values = {"team": team.with_context(lang=lang), "form": {}, "errors": [], "done": False}
        status = 200
        if request.httprequest.method == "POST":
            try:
                Intake._receive_form(team, form)
                values["done"] = True
            except UserError as error:
                values.update(form=texts(form), errors=error.args[0].split("\n"))
                status = 429 if isinstance(error, TooManyMessages) else 200
        values.update(stamp=Intake._form_stamp(), kinds=Intake._form_kinds().with_context(lang=lang))
        return request.render("pope_crm.page_contact", values, status=status)
