"""From a session that is over to the certificates of those who came, and to what an inspector asks for."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestDocumentJourney(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls.program = cls.env["pope.training.program"].create(
            {"name": "Vie commune en MAM", "objectives": "<ul><li>Décider à plusieurs</li></ul>"}
        )
        begin = cls.now.replace(year=cls.today().year) - timedelta(days=366)
        cls.course = cls.env["event.event"].create(
            {
                "name": "Vie commune, printemps",
                "event_type_id": cls.env.ref("pope_training.event_type_training").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=2),
                "company_id": cls.company.id,
                "pope_program_id": cls.program.id,
                "registration_ids": [
                    Command.create({"name": holder.name, "email": holder.email}) for holder in cls.holders[:2]
                ],
                "pope_slot_ids": [Command.create({"date": begin.date(), "half": "morning"})],
            }
        )
        cls.course.pope_attendance_ids._set_status("present")
        cls.awa, cls.nadia = cls.course.registration_ids.pope_enrolment_ids.sorted("id")
        cls.nadia.bpf_status = "a"

    def test_settings_then_certificates_and_the_one_that_lacks_something(self):
        self.company.write({"pope_signatory_id": False, "pope_signatory_title": False})
        self.env["res.partner"].create({"name": "Solveig Artaud"})
        self.walk(
            "/odoo/action-pope_training.pope_training_settings_action",
            """
            await choose(".modal .o_field_widget[name=signatory_id] input", "Solveig", "Solveig Artaud");
            await write(".modal .o_field_widget[name=signatory_title] input", "directrice");
            await click(".modal button[name=action_save]");
            await gone(".modal");
            """,
            login="pope_manager",
        )
        self.assertEqual(self.company.pope_signatory_title, "directrice")
        self.walk(
            f"/odoo/sessions/{self.course.id}",
            """
            await click("button", "Éditer des documents");
            await choose(".o_field_widget[name=kind_id] input", "Certificat", "Certificat de réalisation");
            await find(".o_data_row", "Awa Diallo");
            const line = await find(".o_data_row", "Nadia Benali");
            if (!line.querySelector("td[name=gaps] a[href*='/odoo/pope.training.enrolment/']")) {
                throw new Error("what is missing leads to where it is mended");
            }
            await click("button[name=action_issue]");
            await find(".o_data_row", "Non édité");
            await find(".o_data_row td[name=document_id]", "CR-");
            await click("button[name=action_documents]");
            await find(".o_list_view .o_searchview");
            await click(".o_data_row td", "CR-");
            await find(".o_field_widget[name=number]", "CR-");
            """,
        )
        self.assertEqual(self.awa.document_ids.kind_id.code, "certificate")
        self.assertFalse(self.nadia.document_ids)
        words = self.pdf_words(self.awa.document_ids.attachment_id.raw)
        for word in ("Certificat de réalisation", "Solveig Artaud", "Awa Diallo", "3 h 30"):
            self.assertIn(word, words)

    def test_objectives_are_assessed_and_a_statement_is_issued(self):
        self.walk(
            f"/odoo/sessions/{self.course.id}",
            """
            await click("button[name=action_pope_assess]");
            await find(".o_data_row", "Décider à plusieurs");
            await click("button[name=action_acquired]");
            await find(".o_data_row td[name=result]", "Acquis");
            """,
        )
        self.assertEqual(
            self.course.registration_ids.pope_enrolment_ids.assessment_ids.mapped("result").count("acquired"), 1
        )

    def test_the_screens_open(self):
        for address in (
            f"/odoo/stagiaires/{self.awa.id}",
            "/odoo/documents-formation",
            "/odoo/action-pope_training.pope_training_edition_action",
        ):
            self.walk(address, 'await find(".o_form_view, .o_list_view");')
        self.walk(
            "/odoo/action-pope_training.pope_training_document_kind_action",
            """
            await click(".o_data_row td", "Certificat de réalisation");
            await find(".o_field_widget[name=mandatory]", "heures suivies");
            """,
            login="pope_manager",
        )
