import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class TrainingDocument(models.Model):
    """A document as it was issued: numbered, dated, its file made once and kept. Nobody writes one by hand; issuing
    again makes the next version, and the former stays, replaced. See pope.training.document.kind."""

    _name = "pope.training.document"
    _description = "Document"
    _order = "date desc, id desc"
    _rec_names_search = ["name", "number"]

    name = fields.Char(required=True, readonly=True)
    kind_id = fields.Many2one(
        "pope.training.document.kind", string="Document", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="restrict")
    number = fields.Char(required=True, index=True)
    version = fields.Integer(required=True, default=1)
    date = fields.Date(string="Issued On", required=True)
    user_id = fields.Many2one("res.users", string="Issued By", default=lambda self: self.env.user)
    event_id = fields.Many2one("event.event", string="Session", ondelete="restrict", index="btree_not_null")
    enrolment_id = fields.Many2one(
        "pope.training.enrolment", string="Trainee", ondelete="restrict", index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", string="Person", ondelete="restrict", index="btree_not_null")
    former_id = fields.Many2one(
        "pope.training.document", string="Cancels and Replaces", ondelete="restrict", index="btree_not_null"
    )
    following_ids = fields.One2many("pope.training.document", "former_id", string="Replaced By")
    state = fields.Selection(
        [("issued", "Issued"), ("replaced", "Cancelled and Replaced")],
        string="Status",
        required=True,
        default="issued",
        index=True,
    )
    is_partial = fields.Boolean(
        string="On the Way", help="Of what was followed until then; the one of the whole cancels and replaces it."
    )
    hours = fields.Float(string="Hours Told", help="The hours that the document tells, when it tells some.")
    # made of our own markup and of escaped texts: see `_text_of`
    body = fields.Html(string="Text", sanitize=False)
    attachment_id = fields.Many2one("ir.attachment", string="PDF File", ondelete="restrict")
    fingerprint = fields.Char(help="Of the file: a file that was changed has another one.")

    _number_unique = models.UniqueIndex("(company_id, number, version)", "This number is taken.")

    @api.depends("name", "number", "version")
    def _compute_display_name(self):
        for document in self:
            again = f" v{document.version}" if document.version > 1 else ""
            document.display_name = f"{document.number}{again} – {document.name}"

    def _print(self):
        """Make the file of each document, once and for all."""
        values_list = [
            {
                "name": document._file_name(),
                "raw": document._pdf(),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": document.id,
            }
            for document in self
        ]
        attachments = self.env["ir.attachment"].create(values_list)
        for document, attachment, values in zip(self, attachments, values_list, strict=True):
            fingerprint = hashlib.sha256(values["raw"]).hexdigest()
            document.write({"attachment_id": attachment.id, "fingerprint": fingerprint})

    def _file_name(self):
        again = f" v{self.version}" if self.version > 1 else ""
        return f"{self.number}{again} {self.partner_id.name or self.event_id.name or self.company_id.name}.pdf"

    def _pdf(self):
        Report = self.env["ir.actions.report"]
        if report := self.kind_id.report_id:
            source = self[self.kind_id._sources()._pope_document_link()]
            streams = Report._render_qweb_pdf_prepare_streams(report, {}, res_ids=source.ids)
            return streams[source.id]["stream"].getvalue()
        lang = self.company_id.partner_id.lang or self.env.lang
        page = (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render("pope_training.document_page", {"doc": self.with_context(lang=lang), "lang": lang})
        )
        return Report.with_context(pope_plain_page=True)._run_wkhtmltopdf(
            [page], report_ref="pope_training.action_report_document"
        )

    def _about(self):
        """Its number, its version and its day, as they are printed."""
        day = self.env["pope.training.document.source"]._pope_document_day(self.date)
        if self.version == 1:
            return self.env._("No. %(number)s of %(day)s", number=self.number, day=day)
        return self.env._(
            "No. %(number)s, version %(version)s of %(day)s", number=self.number, version=self.version, day=day
        )

    def _about_former(self):
        day = self.env["pope.training.document.source"]._pope_document_day(self.former_id.date)
        return self.env._(
            "Cancels and replaces version %(version)s of %(day)s", version=self.former_id.version, day=day
        )

    def _logo(self):
        """The logo of the company, where it has one of its own."""
        company = self.company_id
        return not company.uses_default_logo and company.logo

    # --- What a person does with it ---

    def _ours(self):
        self.check_access("read")
        # sudo: access was checked just above; users hold no right to write documents
        return self.sudo()

    def action_open_file(self):
        self.ensure_one()
        attachment = self._ours().attachment_id
        if not attachment:
            raise UserError(self.env._("This file went with the data of the person it was about."))
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}", "target": "new"}

    def action_issue_again(self):
        """The next version, of what is known now."""
        self.ensure_one()
        document = self._ours()
        if document.state != "issued":
            raise UserError(self.env._("This version was replaced already."))
        source = self[document.kind_id._sources()._pope_document_link()]
        new = document.kind_id._issue(source)
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": new.id, "view_mode": "form"}

    def action_check_file(self):
        """Whether the file is still the one that was issued."""
        changed = self._ours().filtered(lambda document: not document._is_intact())
        if changed:
            message = self.env._("Changed since it was issued: %(names)s", names=", ".join(changed.mapped("number")))
        else:
            message = self.env._("The file is as it was issued.")
        return self.env["event.event"]._pope_said(message, warning=bool(changed))

    def _is_intact(self):
        raw = base64.b64decode(self.attachment_id.with_context(bin_size=False).datas or b"")
        return hashlib.sha256(raw).hexdigest() == self.fingerprint

    def _forget(self):
        """Its file and its text go; that it was issued, when, and the hours it told stay."""
        files = self.attachment_id
        for document in self:
            document.name = document.kind_id.title
        self.write({"attachment_id": False, "body": False, "partner_id": False})
        files.unlink()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _pope_blank_related(self, neutral):
        super()._pope_blank_related(neutral)
        # sudo: nobody writes a document by hand, whoever anonymises
        Document = self.env["pope.training.document"].sudo()
        theirs = Domain("partner_id", "in", self.ids) | Domain("enrolment_id.partner_id", "in", self.ids)
        # what was agreed is kept: it proves what was paid, long after
        Document.search(theirs & Domain("agreement_id", "=", False))._forget()
        # sudo: as above; the file of a whole session holds theirs too
        lines = self.env["pope.training.edition.line"].sudo().search([("enrolment_id.partner_id", "in", self.ids)])
        lines.edition_id._forget_prints()


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """Our pages hold no script: nothing is waited for."""
        arguments = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("pope_plain_page"):
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments
