from odoo import http
from odoo.http import request

from odoo.addons.pope_crm.controllers.archive import archive_answer


class AuditFile(http.Controller):
    @http.route("/pope/qualiopi/<int:board_id>/dossier", type="http", auth="user", methods=["GET"])
    def dossier(self, board_id):
        own = [("id", "=", board_id), ("create_uid", "=", request.env.uid)]
        board = request.env["pope.quality.board"].search(own)
        if not board:
            raise request.not_found()
        return archive_answer(*board._dossier_archive())
