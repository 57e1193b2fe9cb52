"""A database that was there before gets what the law asks of its texts, and its scans are kept from then on."""

import importlib.util

from odoo import Command
from odoo.tests import tagged
from odoo.tools import file_path

from .agreement import AgreementCase

FORMER = {
    "agreement": ("<p>À distance : {{remote_terms}}</p>", "du {{date_from}} au {{date_to}}"),
    "contract": ("<p>À distance : {{remote_terms}}</p>",),
    "information": ("à vos frais",),
    "convocation": ("<p>{{place_terms}}</p>",),
}


@tagged("post_install", "-at_install")
class TestUpgrade(AgreementCase):
    def migrate(self):
        path = file_path("pope_training/migrations/19.0.1.2.0/post-documents.py")
        spec = importlib.util.spec_from_file_location("post_documents", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        module.migrate(self.env.cr, "19.0.1.1.0")
        self.env.flush_all()
        self.env.invalidate_all()

    def kind(self, code):
        return self.env.ref(f"pope_training.document_kind_{code}")

    def test_texts_of_the_team_say_what_they_did_not_and_keep_what_they_said(self):
        shipped = {code: self.kind(code).body for code in FORMER}
        self.migrate()
        self.assertEqual({code: self.kind(code).body for code in FORMER}, shipped, "nothing to add")
        for code, words in FORMER.items():
            former = shipped[code] + "<p>Notre phrase.</p>"
            for word in words:
                former = former.replace(word, "")
            # by SQL: as the former version let it be written
            query = "UPDATE pope_training_document_kind SET body = %s WHERE id = %s"
            self.env.cr.execute(query, [former, self.kind(code).id])
        self.env.invalidate_all()
        for _time in range(2):
            self.migrate()
        for code, words in FORMER.items():
            kind = self.kind(code)
            kind._check_body()
            self.assertEqual(kind.body.count("Notre phrase."), 1)
            for word in words:
                self.assertEqual(kind.body.count(word), 1, (code, word))

    def test_scans_go_where_nobody_changes_them(self):
        slot = self.slots[0]
        row = slot.attendance_ids[:1]
        self.at(slot.date_end)
        row._set_status("present", author="Odile")
        values = {"name": "feuille.pdf", "raw": b"%PDF-1.4", "res_model": slot._name, "res_id": slot.id}
        slot.sudo().scan_ids = [Command.create(values)]
        contract = self.contract()
        signed = {**values, "res_model": contract._name, "res_id": contract.id}
        contract.sudo().scan_ids = [Command.create(signed)]
        self.migrate()
        self.assertEqual((slot.scan_ids.res_model, slot.scan_ids.res_id), (row._name, row.id))
        proof = contract.signature_ids
        self.assertEqual((contract.scan_ids.res_model, contract.scan_ids.res_id), (proof._name, proof.id))
