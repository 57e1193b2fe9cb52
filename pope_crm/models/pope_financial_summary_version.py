import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .asked_values import names_asked

PAPER = {"paper_id", "paper_fingerprint"}


class FinancialSummary(models.Model):
    """A summary that was sent is never changed: its files have fingerprints, and a new version says what moved."""

    _name = "pope.financial.summary"
    _inherit = ["pope.financial.summary", "mail.thread"]

    fingerprint = fields.Char(
        string="Fingerprint of the File",
        readonly=True,
        copy=False,
        help="Computed from the whole file when it was frozen: a file that gives another one is not the file of then.",
    )
    paper_id = fields.Many2one("ir.attachment", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    paper_fingerprint = fields.Char(string="Fingerprint of the Paper", readonly=True, copy=False)
    is_file_changed = fields.Boolean(compute="_compute_is_file_changed")
    previous_id = fields.Many2one(
        "pope.financial.summary",
        string="Replaces",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    next_ids = fields.One2many("pope.financial.summary", "previous_id", string="Replaced By")
    version = fields.Integer(compute="_compute_version", store=True, recursive=True)
    moved_html = fields.Html(string="What Moved", compute="_compute_moved_html", sanitize=False)

    _one_next = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL", "This summary has its new version already."
    )

    @api.depends("attachment_id", "fingerprint", "paper_id", "paper_fingerprint")
    def _compute_is_file_changed(self):
        for summary in self:
            kept = (
                (summary.attachment_id, summary.fingerprint),
                (summary.paper_id, summary.paper_fingerprint),
            )
            summary.is_file_changed = any(
                fingerprint and self._fingerprint(file.raw or b"") != fingerprint for file, fingerprint in kept
            )

    @api.depends("previous_id.version")
    def _compute_version(self):
        for summary in self:
            summary.version = summary.previous_id.version + 1

    @api.depends("previous_id.frozen_figures", "live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_moved_html(self):
        for summary in self:
            values = {"moved": summary._moved(summary._figures()), "currency": summary.currency_id, "summary": summary}
            summary.moved_html = bool(summary.previous_id) and self.env["ir.qweb"]._render(
                "pope_crm.summary_moved", values
            )

    @api.constrains("previous_id", "kind", "scope", "funding_id", "lead_id")
    def _check_previous(self):
        for summary in self.filtered("previous_id"):
            former = summary.previous_id
            if former.state != "frozen" or former.kind != summary.kind or former._about() != summary._about():
                raise ValidationError(
                    self.env._("“%(name)s” is not a frozen summary of the same subject.", name=former.name)
                )

    @api.model
    def _fingerprint(self, content):
        return hashlib.sha256(content).hexdigest()

    def _moved(self, figures):
        """Lines whose figures are no longer those of the version before: name, then both years, old and new."""
        before = {row["code"]: row for row in (self.previous_id.frozen_figures or {}).get("rows", [])}
        now = {row["code"]: row for row in figures["rows"]}
        if not before:
            return []
        names = self._line_names({"rows": [*before.values(), *now.values()]})
        moved = []
        for code in {**now, **before}:
            old, new = (rows.get(code, {}) for rows in (before, now))
            sums = [(old.get(year, 0.0), new.get(year, 0.0)) for year in ("last_year", "this_year")]
            if any(not self.currency_id.is_zero(after - first) for first, after in sums):
                moved.append({"code": code, "name": names[code], "last_year": sums[0], "this_year": sums[1]})
        return moved

    def _frozen_values(self, figures, now):
        values = super()._frozen_values(figures, now)
        attachment = self.env["ir.attachment"].browse(values["attachment_id"])
        return values | {"fingerprint": self._fingerprint(attachment.raw)}

    # --- The paper ---

    def write(self, vals):
        if PAPER.intersection(vals):
            if not self.env.su and not self._is_manager():
                raise AccessError(self.env._("Only a manager freezes a summary."))
            if self.filtered(lambda summary: summary.paper_id or summary.state != "frozen"):
                raise UserError(self.env._("The paper is kept once, with the figures that were frozen."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if any(PAPER.intersection(names_asked(self, vals)) for vals in vals_list):
            raise UserError(self.env._("The paper is kept once, with the figures that were frozen."))
        return super().create(vals_list)

    def action_freeze(self):
        drafts = self.filtered(lambda summary: summary.state == "draft")
        super().action_freeze()
        for summary in drafts:
            summary._keep_paper()
        return True

    def _keep_paper(self):
        """The paper as it was frozen: the same file whenever it is read, whatever the layout becomes."""
        content = self.env["ir.actions.report"]._render_qweb_pdf(self._report_xmlid(), self.ids)[0]
        paper = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write({"paper_id": paper.id, "paper_fingerprint": self._fingerprint(paper.raw)})

    def _report_xmlid(self):
        """The report of a summary of this kind."""
        return "pope_crm.action_report_financial_summary"

    def action_pdf(self):
        """The paper that was kept; before that, one of the figures of now."""
        self.ensure_one()
        if not self.paper_id:
            return self.env.ref(self._report_xmlid()).report_action(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.paper_id.id}?download=true",
            "target": "download",
        }

    def _workbook_controls(self, figures):
        part = super()._workbook_controls(figures)
        label = self._year_label(*self._periods()[0])
        return part | {
            "moved": {
                "title": self.env._(
                    "What moved since the version that it replaces: %(name)s", name=self.previous_id.name or ""
                ),
                "columns": [
                    self.env._("Line"),
                    self.env._("%(year)s before", year=label),
                    self.env._("%(year)s now", year=label),
                ],
                "rows": [[row["name"], *map(float, row["this_year"])] for row in self._moved(figures)],
            }
        }

    # --- Actions ---

    def action_freeze_and_send(self):
        """Keep the files as they are now, then write to the funder with them."""
        self.ensure_one()
        self.action_freeze()
        return self.action_send()

    def action_send(self):
        """The usual window to write an e-mail, with the frozen files. Nothing is sent before the button."""
        self.ensure_one()
        if self.state != "frozen":
            raise UserError(self.env._("What is sent is kept: freeze the summary first."))
        template = self.env.ref("pope_crm.mail_template_summary", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Summary"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template and template.id,
                "default_composition_mode": "comment",
                "default_partner_ids": self._recipients().ids,
                # copies go: the kept files stay those of the summary
                "default_attachment_ids": [
                    file.copy({"res_model": False, "res_id": 0}).id for file in self.attachment_id + self.paper_id
                ],
                "force_email": True,
            },
        }

    def _recipients(self):
        """Who a summary of this kind is sent to. Each kind has its own."""
        return self.env["res.partner"]

    def action_new_version(self):
        """A draft on the books of now, linked to the frozen one, with its comments."""
        self.ensure_one()
        if self.state != "frozen":
            raise UserError(self.env._("This summary is not frozen: change it as it is."))
        version = self.next_ids[:1] or self.copy({"name": self.name, "previous_id": self.id})
        return version._open_form()

    def action_previous(self):
        self.ensure_one()
        return self.previous_id._open_form()

    def action_next(self):
        self.ensure_one()
        return self.next_ids[:1]._open_form()

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
