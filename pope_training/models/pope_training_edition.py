import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every
from odoo.tools.pdf import merge_pdf

_logger = logging.getLogger(__name__)

AT_ONCE = 20  # documents made while the person waits; more are made by the cron
LOT = 20
DRAFT_DAYS = 7


class TrainingEdition(models.Model):
    """Documents of one kind issued for many at once: who lacks what is seen first; then they are made in lots that
    commit, those that fail are named and the others are done."""

    _name = "pope.training.edition"
    _description = "Issue of Documents"
    _order = "id desc"

    kind_id = fields.Many2one("pope.training.document.kind", string="Document", required=True, ondelete="cascade")
    level = fields.Selection(related="kind_id.level")
    kind_code = fields.Char(related="kind_id.code")
    event_id = fields.Many2one("event.event", string="Session", ondelete="cascade", index="btree_not_null")
    enrolment_ids = fields.Many2many(
        "pope.training.enrolment", string="Trainees", help="Empty: everybody who is enrolled in the session."
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="Asked By", required=True, readonly=True, default=lambda self: self.env.user
    )
    is_again = fields.Boolean(
        string="Again for Those Who Have It", help="A new version is made; the former is kept, cancelled and replaced."
    )
    is_partial = fields.Boolean(
        string="On the Way",
        help="Tells what was followed until today, of a long training; the one of the whole cancels and replaces it.",
    )
    state = fields.Selection(
        [("draft", "To Check"), ("running", "Being Made"), ("done", "Done")],
        string="Status",
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    line_ids = fields.One2many(
        "pope.training.edition.line", "edition_id", compute="_compute_line_ids", store=True, readonly=False
    )
    row_count = fields.Integer(compute="_compute_counts")
    handled_count = fields.Integer(compute="_compute_counts")
    ready_count = fields.Integer(string="Ready", compute="_compute_ready_count")
    made_count = fields.Integer(string="Made", compute="_compute_counts")
    failed_count = fields.Integer(string="Not Made", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    @api.depends("event_id", "enrolment_ids")
    def _compute_company_id(self):
        for edition in self:
            edition.company_id = (
                edition.company_id or edition.event_id.company_id or edition.enrolment_ids.company_id[:1]
            ) or self.env.company

    @api.depends("kind_id", "event_id", "enrolment_ids")
    def _compute_line_ids(self):
        for edition in self:
            if edition.state != "draft":
                edition.line_ids = edition.line_ids
                continue
            people = edition._people() if edition.level == "enrolment" else [self.env["pope.training.enrolment"]]
            about = people if edition.kind_id and (edition.level != "session" or edition.event_id) else []
            edition.line_ids = [Command.clear(), *(Command.create({"enrolment_id": who.id}) for who in about)]

    def _people(self):
        """Who is asked for, else who is enrolled, by name."""
        people = self.enrolment_ids._origin or self.env["pope.training.enrolment"].search(
            [
                ("event_id", "in", self.event_id._origin.ids),
                ("state", "in", ("open", "done")),
                ("registration_id.active", "=", True),
            ]
        )
        return people.sorted(lambda person: ((person.display_name or "").casefold(), person.id))

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for edition in self:
            states = edition.line_ids.mapped("state")
            edition.row_count = len(states)
            edition.handled_count = len(states) - states.count("todo")
            edition.made_count, edition.failed_count = states.count("done"), states.count("failed")
            edition.progress = 100 * edition.handled_count / len(states) if states else 0

    @api.depends("line_ids.gaps", "line_ids.is_issued", "is_again", "state")
    def _compute_ready_count(self):
        for edition in self:
            edition.ready_count = len(edition.line_ids.filtered(lambda line: line._is_ready()))

    @api.depends("kind_id", "event_id")
    def _compute_display_name(self):
        for edition in self:
            edition.display_name = " – ".join(filter(None, (edition.kind_id.name, edition.event_id.name)))

    @api.autovacuum
    def _gc_drafts(self):
        limit = fields.Datetime.subtract(self.env.cr.now(), days=DRAFT_DAYS)
        self.search([("state", "=", "draft"), ("write_date", "<", limit)]).unlink()

    def _kind(self):
        partial = self.is_partial and self.kind_id.code == "certificate"
        return self.kind_id.with_context(pope_partial=partial)

    # --- What a person does with it ---

    def action_issue(self):
        """Make the documents of who is ready; those who are not are named."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("These documents were asked for already."))
        self.line_ids._sort_out()
        self.state = "running"
        if len(self.line_ids.filtered(lambda line: line.state == "todo")) <= AT_ONCE:
            self._advance()
        else:
            self.env.ref("pope_training.cron_edition").sudo()._trigger()  # sudo: crons belong to the system

    def action_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_document_action")
        return {**action, "domain": [("id", "in", self.line_ids.document_id.ids)], "context": {}}

    def action_send(self):
        self.ensure_one()
        return self.line_ids.document_id.action_send()

    def action_print(self):
        """All the documents in one file, for the printer."""
        self.ensure_one()
        documents = self.line_ids.document_id
        documents.check_access("read")
        if not documents:
            raise UserError(self.env._("No document was made."))
        # sudo: access to the documents was checked just above
        files = documents.sudo().attachment_id.mapped("raw")
        self._forget_prints()
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.display_name}.pdf",
                "raw": merge_pdf(files),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "self"}

    @api.private
    def _forget_prints(self):
        """The file for the printer is made again each time: the former one, with everybody's documents, goes."""
        # sudo: whoever made it; it holds nothing that the documents do not
        Attachment = self.env["ir.attachment"].sudo()
        Attachment.search([("res_model", "=", self._name), ("res_id", "in", self.ids)]).unlink()

    # --- In lots ---

    @api.model
    def _cron_issue(self):
        """Make what is waiting, in lots that commit their progress; what was cut goes on where it stopped."""
        while edition := self.search([("state", "=", "running")], order="id").try_lock_for_update(limit=1):
            user = edition.user_id
            edition.with_user(user).with_context(lang=user.lang, tz=user.tz)._advance(commits=True)
            if not self.env["ir.cron"]._commit_progress(remaining=self.search_count([("state", "=", "running")])):
                break

    def _advance(self, commits=False):
        """Make the documents that are left.

        :param commits: each lot is committed with its lines; what is left when it stops is for the next time
        """
        for lot in split_every(LOT, self.line_ids.filtered(lambda line: line.state == "todo").ids):
            self.env["pope.training.edition.line"].browse(lot)._issue()
            if commits and not self._commit_lot(len(lot)):
                return
        self.state = "done"

    def _commit_lot(self, count):
        """Whether to go on: there is time left, and no other worker took it."""
        seconds = self.env["ir.cron"]._commit_progress(count, remaining=max(self.row_count - self.handled_count, 1))
        return bool(seconds and self.try_lock_for_update() and self.state == "running")


class TrainingEditionLine(models.Model):
    _name = "pope.training.edition.line"
    _description = "Document of an Issue"
    _order = "edition_id, id"

    edition_id = fields.Many2one("pope.training.edition", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="edition_id.company_id", store=True)
    enrolment_id = fields.Many2one(
        "pope.training.enrolment", string="Trainee", ondelete="cascade", index="btree_not_null"
    )
    name = fields.Char(string="For", compute="_compute_name")
    state = fields.Selection(
        [("todo", "To Make"), ("done", "Made"), ("kept", "Has It Already"), ("failed", "Not Made")],
        string="Status",
        required=True,
        default="todo",
        readonly=True,
    )
    is_issued = fields.Boolean(string="Has It Already", compute="_compute_gaps")
    gaps = fields.Html(string="Missing", compute="_compute_gaps", sanitize=False)
    error = fields.Char(string="Reason", readonly=True)
    document_id = fields.Many2one("pope.training.document", readonly=True, ondelete="set null")

    @api.depends("enrolment_id", "edition_id.kind_id", "edition_id.event_id")
    def _compute_name(self):
        for line in self:
            line.name = line._source().display_name

    @api.depends("enrolment_id", "edition_id.kind_id", "edition_id.event_id", "edition_id.is_partial")
    def _compute_gaps(self):
        """What is missing, each with the way to the record where it is mended."""
        self.gaps, self.is_issued = False, False
        for edition, lines in self.grouped("edition_id").items():
            kind = edition._kind()
            if not kind:
                continue
            sources = kind._sources().union(*(line._source() for line in lines))
            # sudo: the text is read to know what it needs, by users who may not change it
            gaps, current = kind.sudo()._gaps(sources), kind._current(sources) if sources else {}
            for line in lines:
                source = line._source()
                line.is_issued = source in current
                missing = gaps.get(source)
                line.gaps = missing and Markup(", ").join(
                    Markup('<a href="/odoo/%s/%s" target="_blank">%s</a>') % (record._name, record.id, words)
                    for words, record in missing
                )

    def _source(self):
        """The record that the document is about."""
        edition = self.edition_id
        if edition.level == "enrolment":
            return self.enrolment_id._origin
        return edition.event_id._origin if edition.level == "session" else edition.company_id._origin

    def _is_ready(self):
        return self.state == "todo" and not self.gaps and (self.edition_id.is_again or not self.is_issued)

    def _sort_out(self):
        """Set apart those who have their document, and those for whom something is missing."""
        if not self:
            return
        kind = self.edition_id._kind()
        sources = kind._sources().union(*(line._source() for line in self))
        sources.check_access("read")
        current, gaps = kind._current(sources), kind._gaps(sources)
        for line in self:
            source = line._source()
            if source in current and not self.edition_id.is_again:
                line.write({"state": "kept", "document_id": current[source].id})
            elif source in gaps:
                line.write({"state": "failed", "error": ", ".join(str(words) for words, _mend in gaps[source])})

    def _issue(self):
        """A lot at once; when one fails, each on its own, and the guilty one is named."""
        try:
            with self.env.cr.savepoint():
                self._make()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # one that fails must not keep the others back
            if len(self) > 1:
                for line in self:
                    line._issue()
            else:
                if not isinstance(error, UserError):
                    _logger.exception("A document could not be made")
                self.write({"state": "failed", "error": str(error)})

    def _make(self):
        sources = [line._source() for line in self]
        kind = self.edition_id._kind()
        documents = kind._issue(kind._sources().union(*sources))
        link = kind._sources()._pope_document_link()
        by_source = {document[link]: document for document in documents}
        for line, source in zip(self, sources, strict=True):
            line.write({"state": "done", "document_id": by_source[source].id})
