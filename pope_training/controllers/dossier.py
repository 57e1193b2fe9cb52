from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request


class AuditFile(http.Controller):
    @http.route("/pope/qualiopi/<int:board_id>/dossier", type="http", auth="user", methods=["GET"])
    def dossier(self, board_id):
        own = [("id", "=", board_id), ("create_uid", "=", request.env.uid)]
        board = request.env["pope.quality.board"].search(own)
        if not board:
            raise request.not_found()
        name, stream = board._dossier_archive()
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        answer = request.make_response(wrap_file(request.httprequest.environ, stream), headers)
        answer.direct_passthrough = True
        return answer
