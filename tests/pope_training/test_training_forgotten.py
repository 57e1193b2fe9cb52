"""Somebody who is forgotten is in no file and no register; and what we leave behind is somebody's, or nothing."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.pope_training.hooks import _keep_files

from .test_edition import EditionCase


@tagged("post_install", "-at_install")
class TestForgotten(EditionCase):
    def forget(self, person):
        person.with_user(self.user_manager)._pope_anonymise()
        self.env.invalidate_all()

    def prints(self, edition):
        return self.env["ir.attachment"].search([("res_model", "=", edition._name), ("res_id", "=", edition.id)])

    def file(self, **values):
        return self.env["ir.attachment"].create({"name": "scan.pdf", "raw": b"%PDF-", **values})

    def test_the_file_for_the_printer_is_one_and_goes_with_any_of_its_people(self):
        edition = self.edition("convocation")
        edition.action_issue()
        edition.action_print()
        edition.action_print()
        self.assertEqual(len(self.prints(edition)), 1)
        self.forget(self.awa.partner_id)
        self.assertFalse(self.prints(edition))

    def test_complaints_name_them_no_more_whoever_wrote(self):
        rows = self.env["pope.quality.feedback"].create(
            [
                {
                    "name": "Retard de Awa Diallo",
                    "description": "Awa Diallo est arrivée tard.",
                    "answer": "Vu avec Awa Diallo",
                    "event_id": self.session.id,
                    "partner_id": self.nadia.partner_id.id,
                },
                {"name": "Chauffage", "author_name": "Awa Diallo", "author_email": "awa.diallo@example.org"},
                {"name": "Salle", "partner_id": self.awa.partner_id.id, "author_phone": "06 99 99 99 99"},
            ]
        )
        self.forget(self.awa.partner_id)
        told = f"{rows.read(['name', 'description', 'answer', 'author_name', 'author_email', 'author_phone'])}"
        for words in ("Diallo", "awa.diallo", "06 99"):
            self.assertNotIn(words, told)
        self.assertEqual(rows[0].author_name, "Nadia Benali")
        self.assertIn("est arrivée tard", rows[0].description)

    def test_reports_name_them_no_more(self):
        report = self.env["pope.quality.report"].create(
            {
                "author_name": "Awa Diallo",
                "author_email": "awa.diallo@example.org",
                "description": "Awa Diallo dit avoir été insultée.",
                "measures": "Entretien",
            }
        )
        self.forget(self.awa.partner_id)
        told = f"{report.read(['author_name', 'author_email', 'description'])}"
        self.assertNotIn("Diallo", told)
        self.assertNotIn("awa.diallo", told)
        self.assertIn("insultée", report.description)

    def test_the_papers_of_who_trained_go_and_what_was_agreed_stays(self):
        own, agreed = self.file(res_model="pope.trainer.paper"), self.file(res_model="pope.training.agreement")
        paper = self.env["pope.trainer.paper"].create(
            {"partner_id": self.trainer.id, "kind": "cv", "attachment_ids": [Command.set((own | agreed).ids)]}
        )
        self.forget(self.trainer)
        self.assertEqual((own | agreed).exists(), agreed)
        self.assertTrue(paper.exists())

    def test_a_paper_sheet_goes_with_the_last_of_those_who_signed_it(self):
        slot = self.slots[0]
        slot.scan_ids = self.file()
        self.forget(self.awa.partner_id)
        self.assertTrue(slot.scan_ids)
        self.forget(self.nadia.partner_id)
        self.assertFalse(slot.scan_ids)

    def test_files_that_prove_something_outlive_the_add_on_and_the_others_do_not(self):
        self.awa._pope_issue("convocation")
        edition = self.edition("convocation")
        edition.action_issue()
        edition.action_print()
        lost, document, scan = self.prints(edition), self.awa.document_ids.attachment_id, self.file()
        self.slots[0].scan_ids = scan
        _keep_files(self.env)
        self.assertFalse(lost.exists())
        for file in document | scan:
            self.assertEqual((file.res_model, file.res_id), ("event.event", self.session.id))
