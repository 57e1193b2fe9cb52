"""What an inspector reads: each mention that the law asks stands in the body of the PDF, as the record has it."""

import io
from datetime import date, datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext
from odoo.tools.pdf import OdooPdfFileReader

from .agreement import AgreementCase
from .test_document import DocumentCase


def words(text):
    """Its words parted by one space, whatever the signs between them."""
    plain = text.replace("’", "'").replace("\u202f", " ").replace("\xa0", " ").replace("\xad", "")
    # the reader of PDF puts a space where the bold ends
    return " ".join(plain.split()).replace(" ,", ",").replace(" .", ".")


class ReadMixin:
    def read_pdf(self, content):
        pages = OdooPdfFileReader(io.BytesIO(content), strict=False).pages
        return words(" ".join(page.extract_text() for page in pages))

    def read_document(self, document):
        return self.read_pdf(document.sudo().attachment_id.raw)

    def print_report(self, name, records):
        report = self.env["ir.actions.report"].with_user(self.user_pope).with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf(name, records.ids)
        return self.read_pdf(content)

    def says(self, text, *mentions):
        for mention in mentions:
            self.assertTrue(mention, "the record says it")
            self.assertIn(words(mention), text)
        self.assertNotIn("{{", text)

    def program_says(self, program, names):
        """What a programme says under these names, as its sheet has it."""
        for name in names:
            value = program.with_context(lang="fr_FR")._sheet_value(name)
            field = program._fields[name]
            if field.type == "html":
                value = html2plaintext(value).lstrip("* ")
            elif field.type == "date":
                value = value.strftime("%d/%m/%Y")
            yield str(value)

    def identity(self, company):
        """What each document says of who issues it."""
        return (company.name, company.company_registry, company.pope_declaration_number, "ne vaut pas agrément")


@tagged("post_install", "-at_install")
class TestProgramme(ReadMixin, DocumentCase, HttpCase):
    TEXTS = (
        *("public", "prerequisites", "objectives", "skills", "description", "mode", "remote_terms", "methods", "means"),
        *("trainer_profile", "placement", "assessment", "outcome", "recognition", "access_terms", "price_terms"),
        *("funding_terms", "place_terms", "accessibility", "disability_contact_id", "teaching_contact_id", "results"),
        *("cert_label", "cert_code", "cert_body", "cert_blocks", "cert_links", "cert_further", "cert_outlets"),
        "cert_results",
    )

    def test_the_programme_says_all_that_is_asked_of_it(self):
        program = self.program
        program.write(
            {
                **{name: f"Dit de {name}" for name in self.TEXTS if program._fields[name].type in ("text", "char")},
                **{"mode": "mixed", "recognition": "rncp", "duration_hours": 14, "duration_days": 2, "price": 1230},
                **{"seats_min": 4, "seats_max": 12, "code": "VC-MAM", "bpf_level": "3", "bpf_objective": "a"},
                **{
                    "cert_date": date(2024, 4, 2),
                    "cert_expiry": date(2029, 8, 31),
                    "admin_contact_id": self.trainer.id,
                },
            }
        )
        self.assertFalse(program.gaps)
        program.action_publish()
        text = self.print_report("pope_training.action_report_version", program.version_ids)
        self.says(text, self.company.name, program.name, "VC-MAM", "Version 1", "14 h", "4 – 12", "1 230,00 €")
        self.says(text, *self.program_says(program, self.TEXTS))
        self.says(text, self.trainer.name, self.holders[0].phone, self.holders[0].email)
        self.assertRegex(text, r"jours\S* ?: 2")
        for day in (program.cert_date, program.cert_expiry):
            self.assertTrue({str(day), day.strftime("%d/%m/%Y")} & set(text.split()), day)


@tagged("post_install", "-at_install")
class TestTraineeDocuments(ReadMixin, DocumentCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.program.write({"place_terms": "Tram T1, arrêt Hypatie. Apporter un tablier.", "price_terms": "1 000 €"})
        self.company.write({"phone": "01 48 00 00 00", "email": "pole@example.org", "city": "Saint-Denis"})

    def rules(self):
        [rules] = self.company._pope_issue("house_rules")
        self.env.invalidate_all()
        return rules

    def test_the_prior_information(self):
        """Code du travail, L6353-8."""
        rules = self.rules()
        text = self.read_document(self.awa._pope_issue("information"))
        self.says(text, *self.identity(self.company), "L. 6353-8", "Awa Diallo", self.program.name, "7 h")
        asked = ("objectives", "description", "prerequisites", "methods", "assessment", "outcome", "price_terms")
        self.says(text, *self.program_says(self.program, (*asked, "accessibility", "disability_contact_id")))
        self.says(text, "Maïa Ollivier, éducatrice de jeunes enfants", "jeudi 12 mars", "9 h", "Salle Hypatie")
        self.says(text, rules.number, *self.program_says(self.program, ("teaching_contact_id",)))
        self.says(text, "modalités de règlement", "cessation anticipée ou d'abandon")

    def test_the_house_rules(self):
        """Code du travail, L6352-3 to -5, R6352-1 to -15; quality standard, indicator 12."""
        text = self.read_document(self.rules())
        self.says(text, *self.identity(self.company), "L. 6352-3", "incendie", "avertissement écrit")
        self.says(text, "exclusion définitive", "amendes", "griefs", "personne de son choix", "500 heures")
        self.says(text, "vingtième et la quarantième heure", "violent", "harcèlement", self.company.phone)
        self.says(text, "Inès Moreau, directrice", "Fait à Saint-Denis")

    def test_the_convocation(self):
        """Quality standard, indicators 9 and 12."""
        rules = self.rules()
        text = self.read_document(self.awa._pope_issue("convocation"))
        self.says(
            text, *self.identity(self.company), "Awa Diallo", self.program.name, "jeudi 12 mars", "9 h", "12 h 30"
        )
        self.says(text, "Durée totale : 7 h", "Salle Hypatie, 4 rue du Cygne, Bobigny", "Maïa Ollivier", rules.number)
        asked = ("place_terms", "accessibility", "prerequisites", "disability_contact_id", "teaching_contact_id")
        self.says(text, *self.program_says(self.program, asked))
        self.says(text, "violence", self.company.phone, self.company.email)

    def test_the_convocation_to_a_half_day_at_a_distance_says_where_to_connect(self):
        self.slots[1].is_remote = True
        self.session.event_url = "https://visio.example.org/vie-commune"
        text = self.read_document(self.awa._pope_issue("convocation"))
        self.says(text, "à distance, https://visio.example.org/vie-commune", "Salle Hypatie")

    def test_the_certificate_is_the_form_of_the_ministry(self):
        """Code du travail, R6332-26; order of 21 December 2018."""
        self.hold(minutes=30)
        self.awa.write({"bpf_status": "a", "employer_id": self.trainer.copy({"name": "Crèche Les Lilas"}).id})
        text = self.read_document(self.awa._pope_issue("certificate"))
        self.says(
            text,
            *self.identity(self.company),
            f"Je soussigné(e) Inès Moreau, directrice, représentant légal du dispensateur de l'action concourant au"
            f" développement des compétences {self.company.name}",
            "atteste que : Awa Diallo salarié(e) de l'entreprise Crèche Les Lilas a suivi l'action Vie commune en MAM",
            "Nature de l'action concourant au développement des compétences : ☒ action de formation",
            "☐ bilan de compétences",
            "☐ action de VAE",
            "☐ action de formation par apprentissage",
            "qui s'est déroulée du 12 mars 2026 au 12 mars 2026 pour une durée de 6 h 30",
            "formations à distance, il est tenu compte",
            "3 ans à compter de la fin de l'année du dernier paiement",
            "cofinancement des fonds européens",
            "Fait à Saint-Denis, le 14 mars 2026",
            "Cachet et signature",
        )

    def test_the_statement_and_the_attendance_statement(self):
        self.hold(absent=self.awa)
        self.session.with_user(self.user_pope).action_pope_assess()
        self.awa.assessment_ids.result = "acquired"
        text = self.read_document(self.awa._pope_issue("statement"))
        self.says(text, *self.identity(self.company), "Awa Diallo", self.program.name, "☒ action de formation")
        self.says(text, "Du 12 mars 2026 au 12 mars 2026", "3 h 30 sur 7 h", "Décider à plusieurs Acquis")
        self.says(text, "Régler un conflit Acquis", "Inès Moreau, directrice", "14 mars 2026")
        text = self.read_document(self.awa._pope_issue("attendance"))
        self.says(text, *self.identity(self.company), "Awa Diallo", self.program.name, "du 12 mars 2026 au 12 mars")
        self.says(text, "Heures prévues : 7 h", "Heures suivies : 3 h 30", "Heures d'absence : 3 h 30", "14 mars 2026")
        for row in self.awa.attendance_ids.with_context(lang="fr_FR"):
            self.says(text, row.slot_id.display_name)
        self.says(text, "Inès Moreau, directrice")

    def test_the_attendance_sheet(self):
        """R6313-3, and what funders ask: who trains and who is awaited, by half-day, with the hours agreed."""
        text = self.print_report("pope_training.action_report_attendance", self.session)
        self.says(text, *self.identity(self.company), self.session.name, self.program.name, "7 h", "12 mars 2026")
        self.says(text, "Maïa Ollivier", "Salle Hypatie, 4 rue du Cygne, Bobigny", "Awa Diallo", "Nadia Benali")
        for slot in self.slots.with_context(lang="fr_FR"):
            self.says(text, slot._label())
        self.slots[1].is_remote = True
        self.says(self.print_report("pope_training.action_report_attendance", self.session), "à distance")


@tagged("post_install", "-at_install")
class TestAgreements(ReadMixin, AgreementCase):
    def setUp(self):
        super().setUp()
        self.trainer = self.env["res.partner"].create(
            {
                **{"name": "Maïa Ollivier", "email": "maia@example.org", "function": "éducatrice de jeunes enfants"},
                **{"street": "3 rue des Arts", "zip": "93000", "city": "Bobigny", "company_registry": "80000000000011"},
                "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids,
            }
        )
        self.slots.trainer_id = self.trainer
        self.employer.write(
            {"street": "8 quai du Canal", "zip": "93500", "city": "Pantin", "company_registry": "900111"}
        )
        self.employer.child_ids.function = "gérante"
        self.pole.write({"company_registry": "123 456 789 00012", "pope_exemption_date": "2025-01-01"})
        self.program.write(
            {"mode": "mixed", "remote_terms": "Exercices en ligne, 2 h, aide par téléphone", "seats_max": 9}
        )
        self.all = (
            *self.identity(self.pole),
            *("Inès Garnier, directrice", "12 rue du Pôle", "93200 Saint-Denis"),
            *("☒ action de formation", "14 h par stagiaire, du 27 avril 2026 au 28 avril 2026"),
        )
        asked = ("objectives", "description", "methods", "means", "remote_terms", "assessment", "outcome")
        self.taught = (*self.program_says(self.program, asked), "lundi 27 avril", "mardi 28 avril", "9 h")

    def bought(self):
        self.awa_enrolment.employer_id = self.employer
        self.pay(self.awa_enrolment, "employeur_prive", amount_granted=700)
        return self.propose()

    def test_the_agreement_with_a_buyer(self):
        """Code du travail, L6353-1 and D6353-1; D6313-3-1 at a distance."""
        [rules] = self.pole._pope_issue("house_rules")
        self.env.invalidate_all()
        agreement = self.bought()
        agreement.action_send()
        text = self.read_document(agreement.document_id)
        self.says(
            text, "Convention de formation professionnelle", agreement.number, "D. 6353-1", *self.all, *self.taught
        )
        self.says(text, "Crèche du Canal", "8 quai du Canal", "93500 Pantin", "900111", "Inès Moreau, gérante")
        self.says(text, self.program.name, "Awa Diallo", "Effectif : 1", "Maïa Ollivier, éducatrice", "émargement")
        self.says(
            text, "700,00 €", "261, 4, 4° a", agreement.terms, "dédit", "règlement intérieur", "programme, calendrier"
        )
        self.says(text, rules.number)

    def test_the_quotation(self):
        agreement = self.bought()
        agreement.action_print()
        [quotation] = agreement.document_ids
        text = self.read_document(quotation)
        self.says(
            text, "Devis", quotation.number, *self.identity(self.pole), "Crèche du Canal", "93500 Pantin", "900111"
        )
        self.says(text, self.program.name, "27 avril 2026 au 28 avril 2026", "14 h par stagiaire", "Awa Diallo")
        self.says(text, "700,00 €", "261, 4, 4° a", agreement.terms, "deux mois", "Inès Garnier, directrice")

    def test_the_individual_contract(self):
        """Code du travail, L6353-3 to L6353-7; Code de la consommation, L221-18 and L616-1."""
        contract = self.contract(signed=None)
        text = self.read_document(contract.document_id)
        self.says(
            text,
            "Contrat de formation professionnelle",
            contract.number,
            "L. 6353-3 à L. 6353-7",
            *self.identity(self.pole),
        )
        self.says(text, "Awa Diallo", "à titre individuel et à ses frais", "14 h, du 27 avril 2026 au 28 avril 2026")
        self.says(text, "☒ action de formation", *self.taught, *self.program_says(self.program, ("prerequisites",)))
        self.says(text, "9 stagiaires au plus", "Maïa Ollivier, éducatrice de jeunes enfants", "1 000,00 €")
        self.says(text, "10 jours", "14 jours", "30 %", contract.terms, "force majeure", "L. 6353-7")
        self.says(text, "Médiation de la consommation, 1 place des Litiges, 75000 Paris, https://mediation.example.org")
        for instalment in contract.instalment_ids:
            self.says(text, contract._money(instalment.amount))

    def test_the_contract_of_who_trains(self):
        """Quality standard, indicator 27."""
        deal = self.own("pope.training.agreement", self.user_pope).create(
            {
                **{"kind": "subcontracting", "event_id": self.course.id, "company_id": self.pole.id},
                **{"partner_id": self.trainer.id, "amount": 420},
            }
        )
        deal.action_send()
        text = self.read_document(deal.document_id)
        self.says(text, "Contrat de sous-traitance", deal.number, *self.identity(self.pole), "Inès Garnier, directrice")
        self.says(text, "Maïa Ollivier", "3 rue des Arts", "93000 Bobigny", "80000000000011", self.program.name, "14 h")
        self.says(
            text, "27 avril 2026", "référentiel national qualité", "attestation de vigilance", "420,00 €", deal.terms
        )

    def test_a_training_at_a_distance_says_how_or_its_agreement_does_not_leave(self):
        agreement = self.bought()
        self.program.remote_terms = False
        with self.assertRaises(UserError) as refused:
            agreement.action_send()
        self.assertIn("à distance", str(refused.exception))
        self.program.mode = "on_site"
        agreement.action_send()
        self.assertEqual(agreement.state, "sent")
        self.assertNotIn("À distance", self.read_document(agreement.document_id))

    def test_no_text_loses_a_word_that_the_law_asks(self):
        for code in ("agreement", "contract", "subcontracting", "quotation"):
            kind = self.env.ref(f"pope_training.document_kind_{code}")
            for word in kind._kept_words():
                with self.assertRaises(ValidationError, msg=(code, word)), self.env.cr.savepoint():
                    kind.body = kind.body.replace("{{" + word + "}}", "…")

    def test_the_invoice(self):
        """CGI 289 and 261, 4, 4° a: whose training, which hours, under which number, without tax and why."""
        opco = self.env["res.partner"].create({"name": "OPCO Santé", "is_company": True, "street": "1 rue du Fonds"})
        self.awa_enrolment.employer_id = self.employer
        line = self.pay(
            self.awa_enrolment, "opco_pdc", partner_id=opco.id, amount_granted=700, number="D-2026-17", hours_granted=14
        )
        self.at(datetime(2026, 4, 29, 9))
        for row in self.awa_enrolment.attendance_ids:
            row._set_status("present", author="Odile")
        invoice = self.invoice(line, 700, 14)
        invoice.action_post()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        text = self.read_pdf(report._render_qweb_pdf("account.account_invoices", invoice.ids)[0])
        self.says(text, "OPCO Santé", "1 rue du Fonds", invoice.name, "D-2026-17", "Awa Diallo", "Crèche du Canal")
        self.says(text, self.program.name, "27/04/2026", "28/04/2026", "14 h", "261, 4, 4° a", "700,00")
