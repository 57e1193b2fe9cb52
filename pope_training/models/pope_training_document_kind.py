import re

from lxml import html
from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

WORD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
BLOCKS = ("p", "li", "tr", "h2", "h3", "h4")
# what each document must say, with where it comes from
MANDATORY = {
    # Code du travail, L6353-8
    "information": ("program_name", "objectives", "content", "trainers", "schedule", "assessment", "contact", "rules"),
    # Code du travail, L6352-3 to L6352-5
    "house_rules": ("company_name", "company_address"),
    # quality standard, indicator 9
    "convocation": (
        "person_name",
        "program_name",
        "schedule",
        "hours_planned",
        "place",
        "contact",
        "disability_contact",
    ),
    # the ministry's form (R6332-26, order of 21 December 2018)
    "certificate": (
        *("signatory_name", "signatory_title", "company_name", "person_name", "program_name", "action_nature"),
        *("date_from", "date_to", "hours_followed", "city", "date"),
    ),
    "statement": (
        *("person_name", "program_name", "action_nature", "date_from", "date_to", "hours_followed", "objectives"),
        *("results", "signatory_name", "signatory_title"),
    ),
    "attendance": (
        *("person_name", "program_name", "date_from", "date_to", "hours_followed", "hours_planned", "attendance_list"),
        *("signatory_name", "signatory_title"),
    ),
}


class TrainingDocumentKind(models.Model):
    """A document that the pole makes: its text, which people edit, and what it cannot leave out.

    To add a kind of document:

    - ship a record (data, noupdate) with a `code`, a `level` and a `body` where `{{word}}` stands for what is known of
      the record that the document is about; a paragraph all of whose words are empty is left out;
    - name what the law wants of it in `_mandatory_words`: the text cannot lose these words, and nothing is issued
      while one of them is empty;
    - a record of another model is a source of documents once it inherits `pope.training.document.source` (see there:
      its words, what else keeps it back, how the document is linked to it) and stands in `level` (selection_add) and
      `_source_models`.

    Then `kind._issue(records)` gives the new documents, `kind._gaps(records)` what is missing for which,
    `kind._current(records)` those that are in force; `records._pope_issue(code)` all of it for who is ready.
    """

    _name = "pope.training.document.kind"
    _description = "Kind of Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=500)
    active = fields.Boolean(default=True)
    level = fields.Selection(
        [("enrolment", "Each trainee"), ("session", "The session"), ("company", "The organisation")],
        string="Issued For",
        required=True,
        default="enrolment",
    )
    prefix = fields.Char(required=True, help="Begins the number of each document.")
    title = fields.Char(required=True, help="As it is printed.")
    report_id = fields.Many2one(
        "ir.actions.report", string="Printed Sheet", ondelete="restrict", help="Printed as it is, instead of a text."
    )
    # the text of a document of French law: it is written in French only
    body = fields.Html(string="Text", sanitize_attributes=False)
    mandatory = fields.Char(string="Cannot Leave Out", compute="_compute_words")
    words = fields.Html(string="Words for the Text", compute="_compute_words", sanitize=False)
    document_count = fields.Integer(string="Documents", compute="_compute_document_count")

    _code_unique = models.UniqueIndex("(code)", "Another kind of document has this code.")

    @api.depends("code", "level")
    @api.depends_context("lang")
    def _compute_words(self):
        for kind in self:
            known = kind._known_words()
            kind.mandatory = ", ".join(known[word][0] for word in kind._kept_words() if word in known)
            kind.words = Markup("<ul>%s</ul>") % Markup().join(
                Markup("<li><code>{{%s}}</code> %s</li>") % (word, label) for word, (label, *_) in known.items()
            )

    def _compute_document_count(self):
        counts = dict(
            self.env["pope.training.document"]._read_group([("kind_id", "in", self.ids)], ["kind_id"], ["__count"])
        )
        for kind in self:
            kind.document_count = counts.get(kind, 0)

    @api.constrains("body", "code", "level", "report_id")
    def _check_body(self):
        for kind in self.filtered(lambda kind: not kind.report_id):
            known, used = kind._known_words(), kind._used_words()
            if is_html_empty(kind.body):
                raise ValidationError(self.env._("“%(name)s” needs its text.", name=kind.name))
            if unknown := sorted(used - set(known)):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: nothing is known under %(words)s.", name=kind.name, words=", ".join(unknown)
                    )
                )
            if lost := [known[word][0] for word in kind._kept_words() if word not in used]:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot leave out: %(words)s.", name=kind.name, words=", ".join(map(str, lost))
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: documents count wherever the user may look
        if used := self.sudo().filtered("document_count"):
            raise UserError(self.env._("“%(name)s” has documents: archive it instead.", name=used[0].name))

    # --- Words ---

    @api.model
    @api.private
    def _of_code(self, code):
        # sudo: whoever issues a document reads what it says
        return self.sudo().search([("code", "=", code)], limit=1)

    @api.model
    @api.private
    def _source_models(self):
        """The model of the records that each level issues documents for."""
        return {"enrolment": "pope.training.enrolment", "session": "event.event", "company": "res.company"}

    @api.private
    def _sources(self):
        return self.env[self._source_models()[self.level]]

    @api.private
    def _mandatory_words(self):
        """The words that the text cannot leave out, and that cannot be empty."""
        return MANDATORY.get(self.code, ())

    @api.private
    def _kept_words(self):
        """The words that the text cannot leave out; some of them say nothing of some records."""
        return self._mandatory_words()

    def _known_words(self):
        return self._sources()._pope_document_words() if self.level else {}

    def _used_words(self):
        return set(WORD.findall(self.body or ""))

    @api.private
    def _gaps(self, records):
        """What keeps documents back.

        :return: dict record → list of (words, record to mend); those for which nothing is missing are left out
        """
        self.ensure_one()
        known = self._known_words()
        gaps = {}
        for record in records:
            missing = record._pope_document_gaps(self)
            source = record._pope_document_told()
            for word in self._mandatory_words():
                label, path, value = known[word]
                if not value(source):
                    missing.append((label, source._pope_document_mend(path)))
            if missing:
                gaps[record] = missing
        return gaps

    @api.private
    def _gaps_text(self, gaps):
        """What is missing, by name, in words."""
        return "\n".join(
            f"{record.display_name} – {', '.join(str(words) for words, _mend in missing)}"
            for record, missing in gaps.items()
        )

    # --- Documents ---

    @api.private
    def _current(self, records, partial=False):
        """
        :param partial: those that were issued on the way too
        :return: dict record → its document in force
        """
        link = records._pope_document_link()
        whole = [] if partial else [("is_partial", "=", False)]
        documents = self.env["pope.training.document"].search(
            [("kind_id", "=", self.id), ("state", "=", "issued"), (link, "in", records.ids), *whole]
        )
        return {document[link]: document for document in documents}

    @api.private
    def _issue(self, records, date=None):
        """Make the documents of these records; what was in force stays, replaced.

        :return: the new documents, in the order of the records
        :raises UserError: what is missing, by name
        """
        self.ensure_one()
        if gaps := self._gaps(records):
            raise UserError(self.env._("“%(kind)s” still lacks:", kind=self.name) + "\n" + self._gaps_text(gaps))
        date = date or fields.Date.context_today(self)
        former, known = self._current(records, partial=True), self._known_words()
        # sudo: nobody writes documents by hand, they come out of what calls this
        Document = self.env["pope.training.document"].sudo()
        documents = Document.create([self._values_of(record, date, former.get(record), known) for record in records])
        documents.former_id.state = "replaced"
        documents._print()
        return documents.sudo(False)

    def _values_of(self, record, date, former, known):
        company = record._pope_document_company()
        told = record._pope_document_told(date)
        if former:
            number, version = former.number, former.version + 1
        else:
            number, version = self._next_number(company, date), 1
        return {
            "kind_id": self.id,
            "company_id": company.id,
            "name": told.env._("%(title)s – %(who)s", title=self.title, who=told.display_name),
            "number": number,
            "version": version,
            "date": date,
            "former_id": former and former.id,
            "body": not self.report_id and self._text_of(told, known),
            **record._pope_document_values(),
        }

    def _next_number(self, company, date):
        """The next number of the kind in the year, for the company."""
        # sudo: numbers are given by the system
        Sequence = self.env["ir.sequence"].sudo()
        code = f"pope.training.document.{self.code}"
        sequence = Sequence.search([("code", "=", code), ("company_id", "=", company.id)], limit=1)
        if not sequence:
            sequence = Sequence.create(
                {
                    "name": f"PôPE: {self.title}",
                    "code": code,
                    "company_id": company.id,
                    "prefix": f"{self.prefix}-%(range_year)s-",
                    "padding": 4,
                    "use_date_range": True,
                }
            )
        return sequence.next_by_id(sequence_date=date)

    def _text_of(self, source, known):
        """The text with what is known of a record; a paragraph that would say nothing is left out."""
        values = {word: known[word][2](source) for word in self._used_words()}
        root = html.fragment_fromstring(self.body, create_parent="div")
        for block in list(root.iter(*BLOCKS)):
            used = WORD.findall(block.text_content())
            if used and not any(values[word] for word in used):
                block.drop_tree()
        text = "".join([escape(root.text or ""), *(html.tostring(child, encoding="unicode") for child in root)])
        return Markup(WORD.sub(lambda found: _written(values[found[1]]), text))


def _written(value):
    """A value as it stands in the text: markup as it is, anything else escaped, line by line."""
    if isinstance(value, Markup):
        return value
    return str(Markup("<br/>").join((value or "").splitlines()))
