from odoo import models

# documents that prove a check, beside those that a rule names
DOCUMENTS = {"attendance": ("attendance_sheet",), "assessment": ("statement",)}
FIELD_DOCUMENTS = {"date_information": ("information",)}


class QualityEvidenceRule(models.Model):
    _inherit = "pope.quality.evidence.rule"

    def _files(self, records, day):
        """The files that are stored behind what the rule found, none made here.

        :param records: what the rule found
        :return: list of (record, attachment), in the order of their ids
        """
        self.ensure_one()
        if records._name in ("pope.quality.evidence", "pope.trainer.paper"):
            return self._joined_files(records)
        if records._name == "res.partner":
            return self._paper_files(records, day)
        kinds = self._document_kinds()
        return self._document_files(records, kinds, day) if kinds else []

    def _document_kinds(self):
        if self.check == "document":
            return tuple(self._asked_names())
        if self.check == "enrolment":
            return tuple(kind for name in self._asked_names() for kind in FIELD_DOCUMENTS.get(name, ()))
        return DOCUMENTS.get(self.check, ())

    def _paper_files(self, trainers, day):
        papers = self.env["pope.trainer.paper"].search(
            [
                ("partner_id", "in", trainers.ids),
                ("company_id", "=", self.env.company.id),
                ("kind", "in", self._asked_names()),
                "|",
                ("date", "=", False),
                ("date", "<=", day),
            ],
            order="id",
        )
        return self._joined_files(papers)

    def _joined_files(self, records):
        # sudo: whoever reads a proof reads its files, whoever joined them
        return [(record, file) for record in records.sorted("id").sudo() for file in record.attachment_ids.sorted("id")]

    def _document_files(self, records, kinds, day):
        """The last version of each document, as it was on that day."""
        about = "enrolment_id" if records._name == "pope.training.enrolment" else "event_id"
        sources = records if about == "enrolment_id" else records.event_id
        documents = self.env["pope.training.document"].search(
            [(about, "in", sources.ids), ("kind_id.code", "in", kinds), ("date", "<=", day)], order="id"
        )
        # sudo: whoever reads a document reads its file
        documents = documents.sudo()
        return [
            (document, document.attachment_id) for document in documents - documents.former_id if document.attachment_id
        ]
