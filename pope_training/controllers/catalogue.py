from odoo import http
from odoo.http import request


class CataloguePage(http.Controller):
    """The public catalogue: nothing while its company keeps it closed."""

    @http.route(
        ["/pope/formations/<int:company_id>", "/pope/formations/<int:company_id>/<int:program_id>"],
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def catalogue(self, company_id, program_id=None, **_form):
        Program = request.env["pope.training.program"]
        company = Program._public_company(company_id)
        if not company:
            return request.render("pope_crm.page_unknown", status=404)
        lang = company.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        programs = Program.with_context(lang=lang)._published(company)
        values = {"company": company.with_context(lang=lang)}
        if program_id is None:
            values.update(programs=programs, sessions=programs._public_sessions(company))
            return request.render("pope_training.page_catalogue", values)
        program = programs.filtered(lambda program: program.id == program_id)
        if not program:
            return request.render("pope_crm.page_unknown", status=404)
        sessions = program._public_sessions(company).get(program, ())
        values.update(program=program, version=program._last_version(), sessions=sessions)
        return request.render("pope_training.page_program", values)
