from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pope_crm.core.form_text import texts
from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages


class ComplaintPage(http.Controller):
    """Where anybody complains of a training: nothing while its company keeps it closed."""

    @http.route(
        "/pope/reclamation/<int:company_id>", type="http", auth="public", methods=["GET", "POST"], sitemap=False
    )
    def complaint(self, company_id, **form):
        # sudo: visitors read no company; the page shows its name
        company = request.env["res.company"].sudo().browse(company_id).exists()
        if not company.pope_complaint_public:
            return request.render("pope_crm.page_unknown", status=404)
        lang = company.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        Feedback = request.env["pope.quality.feedback"].with_company(company)
        values = {"company": company, "form": {}, "errors": [], "done": False, "reference": ""}
        status = 200
        if request.httprequest.method == "POST":
            form = texts(form)
            try:
                values["reference"] = Feedback._receive_complaint(company, form)
                values["done"] = True
            except UserError as error:
                values.update(form=form, errors=error.args[0].split("\n"))
                status = 429 if isinstance(error, TooManyMessages) else 200
        values.update(stamp=request.env["pope.intake"]._form_stamp(), authors=Feedback._page_authors())
        return request.render("pope_training.page_complaint", values, status=status)
