from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request


class SummaryPapers(http.Controller):
    @http.route("/pope/summaries/<int:summary_id>/papers", type="http", auth="user", methods=["GET"], readonly=True)
    def papers(self, summary_id):
        summary = request.env["pope.financial.summary"].search([("id", "=", summary_id)])
        if not summary:
            raise request.not_found()
        name, stream = summary._papers_archive()
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        answer = request.make_response(wrap_file(request.httprequest.environ, stream), headers)
        answer.direct_passthrough = True
        return answer
