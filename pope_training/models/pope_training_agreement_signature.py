from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import attendance_seal


class AgreementSignature(models.Model):
    """What somebody did with an agreement that was sent to them, once and for all: nobody changes or deletes it.

    Its hash is over what stands here and over the text that they read.
    """

    _name = "pope.training.agreement.signature"
    _description = "Signature of an Agreement"
    _order = "id"
    _rec_name = "date"

    agreement_id = fields.Many2one("pope.training.agreement", required=True, ondelete="restrict", index=True)
    document_id = fields.Many2one(
        "pope.training.document", string="Text Signed", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    act = fields.Selection(
        [("signed", "Signed"), ("refused", "Refused"), ("withdrawn", "Withdrawn From")],
        string="What",
        required=True,
        readonly=True,
    )
    channel = fields.Selection(
        [("online", "On line"), ("paper", "On paper, noted by the team")], string="How", required=True, readonly=True
    )
    method = fields.Selection([("drawn", "Drawn"), ("name", "Name typed")], readonly=True)
    signer = fields.Char(string="By", required=True, readonly=True)
    email = fields.Char(string="Code Sent To", readonly=True)
    author = fields.Char(string="Noted By", readonly=True)
    reason = fields.Char(readonly=True)
    date = fields.Datetime(string="Server's Hour", required=True, readonly=True)
    day = fields.Date(string="Dated", required=True, readonly=True)
    image = fields.Binary(string="Drawing", attachment=False, readonly=True)
    name_typed = fields.Char(readonly=True)
    text_hash = fields.Char(string="Hash of the Text", required=True, readonly=True)
    row_hash = fields.Char(string="Hash", required=True, readonly=True)
    stands = fields.Boolean(compute="_compute_stands", help="The row and the text are still those that were signed.")

    _once = models.UniqueIndex("(document_id) WHERE act = 'signed'", "This is signed already.")

    @api.depends("row_hash")
    def _compute_stands(self):
        for row in self:
            values = {name: row[name] for name in HASHED}
            image = row.with_context(bin_size=False).image
            content = self._content({**values, "agreement_id": row.agreement_id.id, "image": image})
            # sudo: whether the file is the one that was signed, for whoever reads the proof
            document = row.sudo().document_id
            same = document.fingerprint == row.text_hash and document._is_intact()
            row.stands = same and attendance_seal.row_hash(content) == row.row_hash

    @api.model_create_multi
    def create(self, vals_list):
        agreements = self.env["pope.training.agreement"].browse(values["agreement_id"] for values in vals_list)
        for values, agreement in zip(vals_list, agreements, strict=True):
            values["date"] = self.env.cr.now().replace(microsecond=0)
            values["document_id"] = agreement.document_id.id
            values["text_hash"] = agreement.document_id.fingerprint
            values["row_hash"] = attendance_seal.row_hash(self._content(values))
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(self.env._("What was signed is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was signed is never deleted."))

    @api.model
    def _content(self, values):
        image = values.get("image") or b""
        image = image if isinstance(image, bytes) else image.encode()
        return {
            **{name: str(values.get(name) or "") for name in HASHED},
            "agreement": values["agreement_id"],
            "image": attendance_seal.digest(image),
        }


HASHED = ("act", "channel", "method", "signer", "email", "author", "reason", "date", "day", "name_typed", "text_hash")
