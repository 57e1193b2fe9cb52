import base64

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..core.scan import is_scan


class AgreementPaper(models.TransientModel):
    """What somebody did with an agreement elsewhere than on line: on paper, by letter."""

    _name = "pope.agreement.paper"
    _description = "Agreement Answered on Paper"

    agreement_id = fields.Many2one(
        "pope.training.agreement",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    kind = fields.Selection(related="agreement_id.kind")
    state = fields.Selection(related="agreement_id.state")
    act = fields.Selection(
        [("signed", "Signed"), ("refused", "Refused"), ("withdrawn", "Withdrawn From")],
        string="What They Did",
        required=True,
        default=lambda self: self._default_act(),
    )
    day = fields.Date(string="Dated", required=True, default=fields.Date.context_today)
    meeting = fields.Selection(
        [("face", "Face to face: 10 days to withdraw"), ("distance", "At a distance: 14 days to withdraw")],
        string="Concluded",
        default="face",
        help="By post or e-mail, it is concluded at a distance.",
    )
    reason = fields.Char()
    scan = fields.Binary(string="Paper, Scanned")
    scan_name = fields.Char()

    def _default_act(self):
        agreement = self.env["pope.training.agreement"].browse(self.env.context.get("active_id"))
        return "withdrawn" if agreement.state == "signed" else "signed"

    def action_note(self):
        self.ensure_one()
        agreement = self.agreement_id
        agreement.check_access("write")
        if self.day > fields.Date.context_today(self):
            raise UserError(self.env._("This day is to come."))
        if self.act == "signed" and not self.scan:
            raise UserError(self.env._("Add the signed paper, scanned."))
        if self.act != "withdrawn" and agreement.state == "draft":
            agreement._issue()
        proof = {"channel": "paper", "author": self.env.user.name}
        if self.scan and not is_scan(base64.b64decode(self.scan)):
            raise UserError(self.env._("The scan is a PDF file or a picture."))
        if self.scan:
            file = {"name": self.scan_name or "scan.pdf", "datas": self.scan}
            # sudo: what was signed is noted by this gesture alone; access was checked above
            agreement.sudo().scan_ids = [Command.create({**file, "res_model": agreement._name, "res_id": agreement.id})]
        if self.act == "signed":
            agreement._sign(self.day, is_remote=self.meeting == "distance", **proof)
        elif self.act == "refused":
            agreement._refuse(self.reason, **proof)
        else:
            agreement._withdraw(self.day, self.reason, **proof)
        # sudo: as above; with its proof the file is read by who reads it, and changed by nobody
        signed = agreement.sudo().signature_ids[-1:]
        agreement.sudo().scan_ids.filtered(lambda scan: scan.res_model == agreement._name).write(
            {"res_model": signed._name, "res_id": signed.id}
        )
        return {"type": "ir.actions.act_window_close"}
