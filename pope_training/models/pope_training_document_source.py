from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class TrainingDocumentSource(models.AbstractModel):
    """A record that documents are issued for."""

    _name = "pope.training.document.source"
    _description = "What Documents Are Issued For"

    @api.model
    @api.private
    def _pope_document_words(self):
        """What may be said of such a record.

        :return: dict word → (label, path to the record where it is mended, function that gives it: text or markup)
        """
        return {
            "date": (
                self.env._("day of issue"),
                "",
                lambda source: source._pope_document_day(source._pope_issued_on()),
            ),
        }

    @api.model
    @api.private
    def _pope_words_through(self, field):
        """The words of the records that a field leads to."""
        words = self.env[self._fields[field].comodel_name]._pope_document_words()
        return {
            word: (label, f"{field}.{path}".strip("."), lambda source, value=value: value(source[field]))
            for word, (label, path, value) in words.items()
        }

    @api.private
    def _pope_document_gaps(self, kind):
        """What else keeps a document of this kind back, besides its empty words.

        :return: list of (words, record to mend)
        """
        return []

    @api.private
    def _pope_document_values(self):
        """How the document is linked to this record."""
        return {self._pope_document_link(): self.id}

    @api.private
    def _pope_document_link(self):
        """The field of the documents that leads to such a record."""
        raise NotImplementedError

    @api.private
    def _pope_document_company(self):
        return self.company_id or self.env.company

    @api.private
    def _pope_document_told(self, date=None):
        """The record as its document tells it: in the language of the company, on the day of issue."""
        company = self._pope_document_company()
        lang = company.partner_id.lang or self.env.lang
        # sudo: a document tells what it must, whoever issues it
        return self.sudo().with_context(lang=lang, pope_issued_on=date or fields.Date.context_today(self))

    @api.private
    def _pope_document_mend(self, path):
        """The record where a word is mended: the last one that there is on the way."""
        record = self
        for name in filter(None, path.split(".")):
            if not record[name]:
                break
            record = record[name][:1]
        return record

    def _pope_issued_on(self):
        return self.env.context["pope_issued_on"]

    @api.model
    def _pope_document_day(self, day):
        return day and format_date(self.env, day, date_format="d MMMM y")

    @api.model
    def _pope_document_table(self, head, rows):
        cells = [("th", head), *(("td", row) for row in rows)]
        lines = [
            Markup("<tr>%s</tr>") % Markup().join(Markup("<{0}>%s</{0}>").format(tag) % cell for cell in line)
            for tag, line in cells
        ]
        return Markup("<table>%s</table>") % Markup().join(lines)

    @api.private
    def _pope_issue(self, code):
        """The documents of this kind that are in force, made for those who are ready and have none yet; who is not
        ready has none: `_pope_issue_gaps` says why.

        :param code: of a kind of document, see pope.training.document.kind
        :return: documents
        """
        kind = self.env["pope.training.document.kind"]._of_code(code)
        if not kind:
            raise UserError(self.env._("There is no document “%(code)s” any more.", code=code))
        current = kind._current(self)
        missing = self.filtered(lambda record: record not in current)
        ready = missing - self.browse(record.id for record in kind._gaps(missing))
        documents = self.env["pope.training.document"].union(*current.values())
        return documents | kind._issue(ready) if ready else documents

    @api.private
    def _pope_issue_gaps(self, code):
        """What keeps the document of each of these records back: dict record → words."""
        kind = self.env["pope.training.document.kind"]._of_code(code)
        return {record: ", ".join(str(words) for words, _mend in gaps) for record, gaps in kind._gaps(self).items()}
