from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pope_crm.controllers.personal_link import personal_link
from odoo.addons.pope_crm.core.form_text import texts
from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages


class MeetingPage(http.Controller):
    """The dates of the information meetings: for whoever has a personal link, and for everybody."""

    @http.route("/pope/reunion/<string:token>", type="http", auth="public", methods=["GET", "POST"], sitemap=False)
    @personal_link
    def registration(self, token, **form):
        row = request.env["pope.notification"]._find_by_meeting_token(token)
        if not row:
            return request.render("pope_crm.page_unknown", status=404)
        lang = row.partner_id.lang or row.company_id.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        row = row.with_context(lang=lang)
        form, done, errors, status = texts(form), False, [], 200
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    done = row._answer_meeting(form)
            except UserError as error:
                errors = error.args[0].split("\n")
                status = 429 if isinstance(error, TooManyMessages) else 200
        values = {**row._meeting_page(form), "done": done, "errors": errors, "token": token}
        return request.render("pope_training.page_registration", values, status=status)

    @http.route(
        ["/pope/reunions", "/pope/reunions/<int:team_id>"],
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def dates(self, team_id=None, **form):
        # a text is not part of the address: somebody typed it behind
        team = request.env["crm.team"]._pope_contact_team(team_id if isinstance(team_id, int) else None)
        if not team:
            return request.render("pope_crm.page_unknown", status=404)
        lang = team.company_id.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        team = team.with_context(lang=lang)
        Intake = request.env["pope.intake"]
        form, done, errors, status = texts(form), False, [], 200
        if request.httprequest.method == "POST":
            try:
                Intake._receive_form(team, {**form, "dates": "1"})
                done = True
            except UserError as error:
                errors = error.args[0].split("\n")
                status = 429 if isinstance(error, TooManyMessages) else 200
        values = {
            "team": team,
            "company": team.company_id,
            "meetings": request.env["event.event"].with_context(lang=lang)._pope_offered(team.company_id),
            "chosen": form.get("meeting_id") or form.get("date"),
            "form": form if errors else {},
            "done": done,
            "errors": errors,
            "stamp": Intake._form_stamp(),
        }
        return request.render("pope_training.page_dates", values, status=status)
