from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

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
    proof_hash = fields.Char(string="Hash of the Drawing", required=True, readonly=True)
    row_hash = fields.Char(string="Hash", required=True, readonly=True)
    date_forgotten = fields.Datetime(string="Drawing Erased On", readonly=True)
    stands = fields.Boolean(compute="_compute_stands", help="The row and the text are still those that were signed.")

    _once = models.UniqueIndex("(document_id) WHERE act = 'signed'", "This is signed already.")

    @api.depends("row_hash")
    def _compute_stands(self):
        for row in self:
            known = row.with_context(bin_size=False)
            proof = attendance_seal.row_hash(self._proof({name: known[name] for name in PROOF}))
            # what was erased with its person cannot be compared any more; only then
            forgotten = row.date_forgotten and row.sudo().agreement_id.signatory_id.pope_anonymised_date
            values = {name: row[name] for name in HASHED}
            content = self._content({**values, "agreement_id": row.agreement_id.id})
            # sudo: whether the file is the one that was signed, for whoever reads the proof
            document = row.sudo().document_id
            same = document.fingerprint == row.text_hash and document._is_intact()
            told = forgotten or proof == row.proof_hash
            row.stands = same and told and attendance_seal.row_hash(content) == row.row_hash

    @api.model_create_multi
    def create(self, vals_list):
        agreements = self.env["pope.training.agreement"].browse(values["agreement_id"] for values in vals_list)
        for values, agreement in zip(vals_list, agreements, strict=True):
            values["date"] = self.env.cr.now().replace(microsecond=0)
            values["document_id"] = agreement.document_id.id
            values["text_hash"] = agreement.document_id.fingerprint
            values["proof_hash"] = attendance_seal.row_hash(self._proof(values))
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
    def _proof(self, values):
        """What tells who held the pen."""
        image = values.get("image") or b""
        image = image if isinstance(image, bytes) else image.encode()
        texts = {name: values.get(name) or "" for name in ("signer", "email", "name_typed")}
        return {**texts, "image": attendance_seal.digest(image)}

    @api.model
    def _content(self, values):
        texts = {name: str(values.get(name) or "") for name in HASHED}
        return {**texts, "agreement": values["agreement_id"]}

    @api.private
    def _forget(self):
        """Erase what tells who signed, of somebody who is anonymised; the hashes stay, and so does what they prove."""
        # by SQL: the one change that the law asks for of a row that nothing else may change
        self.env.cr.execute(
            SQL(
                """
                UPDATE pope_training_agreement_signature
                   SET image = NULL, name_typed = NULL, email = NULL, signer = '-', date_forgotten = %s
                 WHERE id = ANY(%s) AND date_forgotten IS NULL
                """,
                self.env.cr.now(),
                self.ids,
            )
        )
        self.invalidate_recordset()


PROOF = ("signer", "email", "name_typed", "image")
HASHED = ("act", "channel", "method", "author", "reason", "date", "day", "text_hash", "proof_hash")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _pope_blank_related(self, neutral):
        """What they drew is nobody's business once they are forgotten; that it was signed stays proved."""
        super()._pope_blank_related(neutral)
        # sudo: nobody writes proofs by hand, whoever anonymises
        rows = self.env["pope.training.agreement.signature"].sudo()
        rows.search([("agreement_id.signatory_id", "in", self.ids)])._forget()
