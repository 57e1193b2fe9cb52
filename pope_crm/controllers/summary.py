from odoo import http
from odoo.http import request

from .archive import archive_answer


class SummaryPapers(http.Controller):
    @http.route("/pope/summaries/<int:summary_id>/papers", type="http", auth="user", methods=["GET"], readonly=True)
    def papers(self, summary_id):
        summary = request.env["pope.financial.summary"].search([("id", "=", summary_id)])
        if not summary:
            raise request.not_found()
        return archive_answer(*summary._papers_archive())
