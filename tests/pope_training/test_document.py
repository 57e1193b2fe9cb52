"""What the pole issues: numbered, dated, kept as it was, and never with something missing that the law asks."""

import io
import re
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.pdf import OdooPdfFileReader

from .common import MeetingCase


class DocumentCase(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        director = cls.env["res.partner"].create({"name": "Inès Moreau"})
        cls.company.write(
            {
                "pope_signatory_id": director.id,
                "pope_signatory_title": "directrice",
                "pope_declaration_number": "11 93 00000 93",
                "company_registry": "123 456 789 00012",
            }
        )
        cls.company.partner_id.lang = "fr_FR"

    def setUp(self):
        super().setUp()
        self.trainer = self.env["res.partner"].create(
            {
                "name": "Maïa Ollivier",
                "function": "éducatrice de jeunes enfants",
                "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids,
            }
        )
        self.program = self.create_program(
            "Vie commune en MAM", objectives="<ul><li>Décider à plusieurs</li><li>Régler un conflit</li></ul>"
        )
        place = self.env["res.partner"].create({"name": "Salle Hypatie", "street": "4 rue du Cygne", "city": "Bobigny"})
        self.session = self.create_event(
            "training", name="Vie commune, mars", pope_program_id=self.program.id, address_id=place.id
        )
        self.slots = self.session._pope_lay_out(
            [
                {"date": "2026-03-12", "half": half, "trainer_id": self.trainer.id, "address_id": place.id}
                for half in ("morning", "afternoon")
            ]
        )
        self.register(self.session, *self.holders[:2])
        self.awa, self.nadia = self.enrolments(self.session)

    def kind(self, code):
        return self.env.ref(f"pope_training.document_kind_{code}")

    def hold(self, absent=None, minutes=0):
        """The session is held and over: everybody was there, or nearly."""
        self.at(self.now + timedelta(days=4))
        rows = self.session.pope_attendance_ids
        rows._set_status("present")
        if absent:
            absent.attendance_ids[:1]._set_status("absent")
        if minutes:
            self.awa.attendance_ids[:1]._set_status("late", minutes)

    def pages(self, document):
        reader = OdooPdfFileReader(io.BytesIO(document.sudo().attachment_id.raw))
        return [re.sub(r"\s+", " ", page.extract_text()).replace("’", "'") for page in reader.pages]

    def text(self, document):
        return " ".join(self.pages(document))


@tagged("post_install", "-at_install")
class TestDocument(DocumentCase):
    def test_the_documents_of_a_person_who_is_forgotten_go_with_their_words(self):
        (self.awa | self.nadia)._pope_issue("convocation")
        own, other = self.awa.document_ids, self.nadia.document_ids
        files, words = own.attachment_id, (self.awa.partner_id.name, self.awa.partner_id.email)
        self.awa.partner_id.with_user(self.user_manager)._pope_anonymise()
        self.assertFalse(files.exists())
        for word in words:
            self.assertNotIn(word, f"{own.read()}")
        self.assertEqual((own.state, bool(own.number), bool(own.date)), ("issued", True, True))
        self.assertTrue(other.attachment_id)
        with self.assertRaises(UserError):
            own.with_user(self.user_pope).action_open_file()

    def test_a_certificate_tells_the_hours_that_were_followed(self):
        self.hold(minutes=30)
        self.awa.write({"bpf_status": "a", "employer_id": self.trainer.copy({"name": "Crèche Les Lilas"}).id})
        [document] = self.awa.with_user(self.user_pope)._pope_issue("certificate")
        self.assertEqual((document.number, document.version, document.date), ("CR-2026-0001", 1, self.today()))
        text = self.text(document)
        for words in (
            "Certificat de réalisation",
            "CR-2026-0001",
            "14 mars 2026",
            self.company.name,
            "123 456 789 00012",
            "11 93 00000 93",
            "Inès Moreau, directrice",
            "Awa Diallo",
            "Crèche Les Lilas",
            "Vie commune en MAM",
            "☒ action de formation",
            "☐ bilan de compétences",
            "12 mars 2026 au 12 mars 2026",
            "6 h 30",
            "3 ans",
            "Fait à Saint-Denis",
        ):
            self.assertIn(words, text.replace("\xa0", " "))
        self.assertNotIn("{{", text)

    def test_a_paragraph_with_nothing_to_say_is_left_out(self):
        self.hold()
        [document] = self.awa._pope_issue("certificate")
        self.assertNotIn("salarié", self.text(document))

    def test_what_is_missing_is_named_and_nothing_is_issued(self):
        self.hold()
        self.company.pope_signatory_id = False
        self.nadia.bpf_status = "a"
        kind = self.kind("certificate").with_user(self.user_pope)
        gaps = kind._gaps(self.awa | self.nadia)
        self.assertEqual([mend for _words, mend in gaps[self.awa]], [self.company])
        self.assertIn(self.nadia, [mend for _words, mend in gaps[self.nadia]])
        with self.assertRaisesRegex(UserError, "Nadia Benali"):
            kind._issue(self.awa | self.nadia)
        self.assertFalse(self.session.pope_document_count)

    def test_who_is_ready_has_their_document_and_the_others_are_named(self):
        self.hold()
        self.nadia.bpf_status = "a"
        both = self.awa | self.nadia
        documents = both._pope_issue("certificate")
        self.assertEqual(documents.enrolment_id, self.awa)
        self.assertEqual(list(both._pope_issue_gaps("certificate")), [self.nadia])
        self.nadia.bpf_status = "c"
        self.assertEqual(both._pope_issue("certificate").enrolment_id, both)
        self.assertEqual(len(self.awa.document_ids), 1)

    def test_a_certificate_waits_for_the_end_and_for_attendance(self):
        kind = self.kind("certificate")
        before = kind._gaps(self.awa)[self.awa]
        self.at(self.now + timedelta(days=4))
        unknown = kind._gaps(self.awa)[self.awa]
        self.assertNotEqual(before[0][0], unknown[0][0])
        self.hold()
        self.assertFalse(kind._gaps(self.awa))
        self.hold(absent=self.awa)
        self.awa.attendance_ids._set_status("absent")
        self.assertIn(self.awa, kind._gaps(self.awa))

    def test_issuing_again_keeps_the_former_with_its_file(self):
        self.hold()
        [former] = self.awa._pope_issue("certificate")
        file, fingerprint = former.attachment_id.raw, former.fingerprint
        self.awa.attendance_ids[:1]._set_status("late", 60)
        action = former.with_user(self.user_pope).action_issue_again()
        new = self.env["pope.training.document"].browse(action["res_id"])
        self.assertEqual((new.number, new.version, new.former_id), (former.number, 2, former))
        self.assertEqual((former.state, former.following_ids), ("replaced", new))
        self.assertEqual((former.attachment_id.raw, former.fingerprint), (file, fingerprint))
        self.assertEqual((former.hours, new.hours), (7, 6))
        self.assertIn("Annule et remplace la version 1", self.text(new))
        self.assertEqual(self.awa._pope_issue("certificate"), new)
        with self.assertRaises(UserError):
            former.with_user(self.user_pope).action_issue_again()

    def test_numbers_follow_one_another_by_kind_and_year(self):
        self.hold()
        numbers = (self.awa | self.nadia)._pope_issue("certificate").mapped("number")
        self.assertEqual(sorted(numbers), ["CR-2026-0001", "CR-2026-0002"])
        self.assertEqual(self.awa._pope_issue("convocation").number, "CONV-2026-0001")
        following = self.kind("certificate")._issue(self.create_other(), date="2027-01-04")
        self.assertEqual(following.number, "CR-2027-0001")

    def create_other(self):
        self.register(self.session, self.holders[2])
        other = self.enrolments(self.session)[-1]
        other.attendance_ids._set_status("present")
        return other

    def test_a_file_that_was_changed_is_found(self):
        [document] = self.awa._pope_issue("convocation")
        answer = document.with_user(self.user_pope).action_check_file()
        self.assertEqual(answer["params"]["type"], "success")
        document.attachment_id.raw = b"%PDF-1.4 autre"
        answer = document.with_user(self.user_pope).action_check_file()
        self.assertEqual(answer["params"]["type"], "warning")
        self.assertIn(document.number, answer["params"]["message"])

    def test_nobody_changes_or_takes_away_what_was_issued(self):
        [document] = self.awa._pope_issue("convocation")
        for user in (self.user_pope, self.user_manager):
            own = document.with_user(user)
            self.assertTrue(own.attachment_id.raw)
            with self.assertRaises(AccessError):
                own.number = "X"
            with self.assertRaises(AccessError):
                own.attachment_id.raw = b"x"
            with self.assertRaises(AccessError):
                own.attachment_id.unlink()
        with self.assertRaises(AccessError):
            document.attachment_id.with_user(self.user_employee_of_others()).read(["raw"])
        with self.assertRaisesRegex(UserError, "document"):
            self.awa.registration_id.with_user(self.user_manager).unlink()

    def user_employee_of_others(self):
        return self._new_user("employee_document", "base.group_user")

    def test_texts_are_escaped(self):
        self.holders[0].name = "Awa <b>Diallo</b> & fils"
        [document] = self.awa._pope_issue("convocation")
        self.assertIn("Awa <b>Diallo</b> & fils", self.text(document))

    def test_a_text_cannot_lose_a_word_that_the_law_asks_nor_use_an_unknown_one(self):
        kind = self.kind("certificate").with_user(self.user_manager)
        with self.assertRaises(ValidationError):
            kind.body = kind.body.replace("{{hours_followed}}", "14 h")
        with self.assertRaises(ValidationError):
            kind.body += "<p>{{wages}}</p>"
        kind.body += "<p>Merci de votre présence.</p>"
        with self.assertRaises(AccessError):
            kind.with_user(self.user_pope).body = "<p>Autre</p>"
        self.hold()
        self.assertIn("Merci de votre présence.", self.text(self.awa._pope_issue("certificate")))

    def test_the_convocation_tells_when_where_and_whom_to_call(self):
        [document] = self.awa._pope_issue("convocation")
        text = self.text(document)
        for words in (
            "Awa Diallo",
            "Vie commune en MAM",
            "jeudi 12 mars",
            "9 h",
            "Salle Hypatie, 4 rue du Cygne, Bobigny",
            "7 h",
            "Maïa Ollivier, éducatrice de jeunes enfants",
            self.company.phone,
        ):
            self.assertIn(words, text.replace("\xa0", " "))

    def test_the_prior_information_goes_with_the_house_rules(self):
        self.assertIn(self.awa, self.kind("information")._gaps(self.awa))
        [rules] = self.company._pope_issue("house_rules")
        self.assertIn("Droits de la défense", self.text(rules))
        self.assertEqual(rules.with_user(self.user_pope).search([("id", "=", rules.id)]), rules)
        self.env.invalidate_all()
        [document] = self.awa._pope_issue("information")
        text = self.text(document)
        for words in ("Régler un conflit", "L. 6353-8", rules.number, "Maïa Ollivier", "Texte : assessment"):
            self.assertIn(words, text)

    def test_a_printer_of_ours_waits_for_no_script(self):
        report = self.env["ir.actions.report"].with_context(pope_plain_page=True)
        arguments = report._build_wkhtmltopdf_args(self.company.paperformat_id, False)
        self.assertEqual(arguments[arguments.index("--javascript-delay") + 1], "0")


@tagged("post_install", "-at_install")
class TestDocumentCompanies(DocumentCase):
    def test_two_companies_see_their_own_documents(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        user = self._new_user("pope_other_documents", "pope_crm.group_pope_user")
        user.write({"company_ids": other.ids, "company_id": other.id})
        [document] = self.awa._pope_issue("convocation")
        self.assertEqual(document.with_user(self.user_pope).search([("id", "=", document.id)]), document)
        self.assertFalse(document.with_user(user).search([("id", "=", document.id)]))
        with self.assertRaises(AccessError):
            document.attachment_id.with_user(user).read(["raw"])
