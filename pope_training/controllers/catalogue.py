from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pope_crm.core.form_text import texts
from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages


class CataloguePage(http.Controller):
    """The public catalogue: nothing while its company keeps it closed."""

    @http.route("/pope/formations/<int:company_id>", type="http", auth="public", methods=["GET"], sitemap=False)
    def catalogue(self, company_id, **_form):
        company, programs = self._open(company_id)
        if not company:
            return request.render("pope_crm.page_unknown", status=404)
        values = {
            "company": company,
            "programs": programs,
            "sessions": programs._public_sessions(company),
            "results": programs._public_results(company),
        }
        return request.render("pope_training.page_catalogue", values)

    @http.route(
        "/pope/formations/<int:company_id>/<int:program_id>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def program(self, company_id, program_id, **form):
        company, programs = self._open(company_id)
        program = programs.filtered(lambda program: program.id == program_id)
        if not program:
            return request.render("pope_crm.page_unknown", status=404)
        team = program._public_team(company)
        Intake = request.env["pope.intake"]
        form, done, errors, status = texts(form), False, [], 200
        if request.httprequest.method == "POST" and team:
            try:
                Intake._receive_form(team, {**form, "sessions": "1"})
                done = True
            except UserError as error:
                errors = error.args[0].split("\n")
                status = 429 if isinstance(error, TooManyMessages) else 200
        values = {
            "company": company,
            "program": program,
            "version": program._last_version(),
            "sessions": program._public_sessions(company).get(program, ()),
            "results": program._newer_results(company),
            "team": team,
            "form": form if errors else {},
            "chosen": form.get("session_id"),
            "done": done,
            "errors": errors,
            "stamp": Intake._form_stamp(),
        }
        return request.render("pope_training.page_program", values, status=status)

    def _open(self, company_id):
        """The company whose catalogue is open, and its programmes, in its language."""
        Program = request.env["pope.training.program"]
        company = Program._public_company(company_id)
        if company:
            request.update_context(lang=company.partner_id.lang or request.env.lang)
        programs = request.env["pope.training.program"]
        return company.with_env(request.env(su=True)) if company else company, (
            programs._published(company) if company else programs
        )
