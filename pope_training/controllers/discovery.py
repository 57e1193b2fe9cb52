from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pope_crm.core.form_text import texts
from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages


class DiscoveryPage(http.Controller):
    """The discovery days: anybody registers, for themselves or with the help of who sends them."""

    @http.route(
        ["/pope/decouverte", "/pope/decouverte/<int:team_id>"],
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def days(self, team_id=None, **form):
        # a text is not part of the address: somebody typed it behind
        team = request.env["crm.team"]._pope_discovery_team(team_id if isinstance(team_id, int) else None)
        if not team:
            return request.render("pope_crm.page_unknown", status=404)
        lang = team.company_id.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        team = team.with_context(lang=lang)
        Event = request.env["event.event"].with_context(lang=lang)
        form, done, errors, status = texts(form), False, [], 200
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    Event._pope_register_visitor(team, form)
                done = True
            except UserError as error:
                errors = error.args[0].split("\n")
                status = 429 if isinstance(error, TooManyMessages) else 200
        values = {
            "team": team,
            "company": team.company_id,
            "meetings": Event._pope_days_offered(team.company_id),
            "chosen": form.get("meeting_id") or form.get("date"),
            "form": form if errors else {},
            "done": done,
            "errors": errors,
            "stamp": request.env["pope.intake"]._form_stamp(),
        }
        return request.render("pope_training.page_discovery", values, status=status)
