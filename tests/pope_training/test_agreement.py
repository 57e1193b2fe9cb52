"""Quotations, agreements and individual contracts: proposed in one gesture, sent, signed, kept."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .agreement import AgreementCase


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCase):
    def test_one_quotation_for_each_employer_and_for_each_person_who_pays(self):
        chloe = self.enrolments(self.register(self.course, self.holders[2]))
        (self.awa_enrolment | chloe).employer_id = self.employer
        self.pay(self.awa_enrolment, "employeur_prive", amount_granted=600)
        self.pay(chloe, "opco_pdc", partner_id=self.env["res.partner"].create({"name": "OPCO"}).id, amount_granted=400)
        self.pay(self.nadia_enrolment, "particulier")
        agreements = self.propose()
        self.assertEqual(agreements.mapped("kind"), ["agreement", "contract"])
        bought, own = agreements
        self.assertEqual((bought.partner_id, bought.signatory_id.name), (self.employer, "Inès Moreau"))
        self.assertEqual((bought.enrolment_ids, bought.amount), (self.awa_enrolment | chloe, 1000))
        self.assertEqual((own.partner_id, own.amount, own.hours), (self.holders[1], 1000, 14))
        self.assertEqual(set(agreements.mapped("state")), {"draft"})
        self.assertTrue(own.with_context(lang="fr_FR").display_name.startswith("Devis"))
        self.assertEqual(self.propose(), agreements, "twice is once")

    def test_who_runs_the_session_is_in_charge_of_what_is_agreed(self):
        self.course.user_id = self.user_manager
        self.pay(self.nadia_enrolment, "particulier")
        self.assertEqual(self.propose().user_id, self.user_manager)

    def test_what_an_award_pays_asks_for_none(self):
        funder = self.env["res.partner"].create({"name": "Département", "is_company": True})
        award = self.env["pope.funding"].create(
            {"partner_id": funder.id, "state": "awarded", "company_id": self.pole.id}
        )
        self.pay(self.awa_enrolment, "caf_commune", funding_id=award.id)
        self.assertFalse(self.propose())
        facts = self.course._pope_file_facts()
        self.assertNotIn(self.course, facts["agreements"])
        self.assertNotIn(self.course, facts["invoices"])

    def test_the_file_ticks_itself_once_it_is_signed(self):
        contract = self.contract(signed=None)
        self.assertEqual(self.course._pope_file_facts()["agreements"], {self.course: (0, 1)})
        contract._sign(date(2026, 3, 10), is_remote=False, channel="paper")
        self.assertEqual(self.course._pope_file_facts()["agreements"], {self.course: (1, 1)})

    def test_nothing_is_sent_while_a_mandatory_mention_is_missing(self):
        self.pay(self.awa_enrolment, "particulier")
        contract = self.propose()
        self.program.trainer_profile = False
        with self.assertRaises(UserError) as refused:
            contract.action_send()
        self.assertIn("titres", str(refused.exception))
        self.assertEqual(contract.state, "draft")

    def test_what_was_sent_does_not_change_until_it_is_issued_again(self):
        contract = self.contract(signed=None)
        for change in ({"amount": 5}, {"hours": 2}, {"partner_id": self.employer.id}):
            with self.assertRaises(UserError):
                contract.write(change)
        with self.assertRaises(UserError):
            self.line.amount_agreed = 5
        with self.assertRaises(UserError):
            self.line.unlink()
        with self.assertRaises(UserError):
            contract.unlink()
        self.slots[0].hours = 2
        self.assertEqual(contract.hours, 14)
        contract.action_issue_again()
        self.assertEqual(contract.state, "draft")
        contract.amount = 900
        former = contract.document_id
        contract.action_send()
        self.assertEqual((contract.state, contract.amount, contract.version), ("sent", 900, 2))
        self.assertEqual((contract.document_id.former_id, former.state), (former, "replaced"))
        self.assertEqual(contract.document_id.number, former.number)

    def test_the_printed_text_says_what_was_agreed(self):
        contract = self.contract(signed=None)
        text = self.pdf_words(contract.document_id)
        for words in (
            "Contrat de formation professionnelle",
            "CONT-2026-0001",
            "Déclaration d'activité enregistrée sous le numéro 11 93 00000 93",
            "Awa Diallo",
            "14 h",
            "lundi 27 avril",
            "1 000,00 €",
            "L6353-5",
            "30 %",
            "Texte : trainer_profile",
            "Texte : prerequisites",
            "Inès Garnier, directrice",
        ):
            self.assertIn(words, text)
        self.assertNotIn("{{", text)

    def test_a_quotation_is_printed_anew_only_when_it_says_something_new(self):
        self.pay(self.awa_enrolment, "particulier")
        contract = self.propose()
        contract.action_print()
        contract.action_print()
        self.assertEqual(contract.document_ids.mapped("version"), [1])
        contract.amount = 800
        contract.action_print()
        last = contract.document_ids.filtered(lambda row: row.state == "issued")
        self.assertEqual((last.version, contract.state), (2, "draft"))
        self.assertIn("800,00 €", self.pdf_words(last))

    def test_a_trainee_whose_contract_is_signed_stays_with_the_session(self):
        self.contract()
        self.assertTrue(self.awa_enrolment._has_signed())
        with self.assertRaises(UserError):
            self.awa_enrolment.registration_id.unlink()

    def test_a_proof_is_never_changed_or_deleted_and_a_tampered_one_shows(self):
        contract = self.contract()
        proof = contract.signature_ids
        self.assertTrue(proof.stands)
        with self.assertRaises(AccessError):
            proof.signer = "Zoé"
        with self.assertRaises(UserError):
            proof.sudo().signer = "Zoé"
        with self.assertRaises(UserError):
            proof.sudo().unlink()
        self.env.cr.execute("UPDATE pope_training_agreement_signature SET day = '2026-01-01' WHERE id = %s", [proof.id])
        self.env.invalidate_all()
        self.assertFalse(proof.stands)

    def test_what_tells_who_signed_goes_with_who_is_forgotten_and_the_rest_still_proves(self):
        contract = self.contract()
        self.holders[0].pope_anonymised_date = self.today()
        self.holders[0]._pope_blank_related(lambda text: text)
        proof = contract.signature_ids
        self.assertEqual((proof.signer, proof.email, proof.image), ("-", False, False))
        self.assertTrue(proof.stands)

    def test_nothing_is_added_to_what_was_sent(self):
        contract = self.contract(signed=None)
        line = self.pay(self.awa_enrolment, "employeur_prive", partner_id=self.employer.id)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            line.agreement_id = contract
        with self.assertRaises(UserError):
            self.course.unlink()

    def test_the_contract_of_who_trains_is_filed_with_their_papers(self):
        trainer = self.env["res.partner"].create(
            {
                "name": "Maïa Ollivier",
                "email": "maia@example.org",
                "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids,
            }
        )
        self.slots[:2].trainer_id = trainer
        deal = self.own("pope.training.agreement", self.user_pope).create(
            {
                "kind": "subcontracting",
                "event_id": self.course.id,
                "company_id": self.pole.id,
                "partner_id": trainer.id,
                "amount": 420,
            }
        )
        self.assertEqual((deal.hours, deal.gaps), (7, ""))
        deal.action_send()
        deal._sign(date(2026, 3, 10), is_remote=True, channel="online")
        paper = trainer.pope_trainer_paper_ids
        self.assertEqual((paper.kind, paper.name), ("contract", deal.number))
        self.assertEqual(paper.attachment_ids, deal.document_id.sudo().attachment_id)

    def test_a_paper_signed_elsewhere_needs_its_scan(self):
        contract = self.contract(signed=None)
        paper = self.own("pope.agreement.paper", self.user_pope).with_context(active_id=contract.id)
        values = {"act": "signed", "day": "2026-03-09", "meeting": "face"}
        with self.assertRaises(UserError):
            paper.create(values).action_note()
        paper.create({**values, "scan": b"JVBERi0=", "scan_name": "contrat.pdf"}).action_note()
        self.assertEqual((contract.state, contract.date_signed), ("signed", date(2026, 3, 9)))
        self.assertEqual((contract.withdrawal_days, contract.scan_ids.name), (10, "contrat.pdf"))


@tagged("post_install", "-at_install")
class TestWithdrawal(AgreementCase):
    def test_the_period_is_of_fourteen_days_at_a_distance_and_of_ten_face_to_face(self):
        contract = self.contract(signed="2026-03-10")
        self.assertEqual((contract.withdrawal_days, contract.date_withdrawal_end), (14, date(2026, 3, 24)))
        contract.sudo().is_remote = False
        self.assertEqual((contract.withdrawal_days, contract.date_withdrawal_end), (10, date(2026, 3, 20)))
        # on a Saturday, or a public holiday: until the next working day
        contract.sudo().date_signed = date(2026, 3, 11)
        self.assertEqual(contract.date_withdrawal_end, date(2026, 3, 23))
        contract.sudo().date_signed = date(2026, 3, 27)
        self.assertEqual(contract.date_withdrawal_end, date(2026, 4, 7), "Monday 6 April 2026 is Easter Monday")

    def test_who_changes_their_mind_in_time_is_free(self):
        contract = self.contract()
        self.day("2026-03-24")
        contract._withdraw(date(2026, 3, 24), "Déménagement", channel="paper")
        self.assertEqual((contract.state, contract.date_withdrawn), ("withdrawn", date(2026, 3, 24)))
        self.assertEqual(self.awa_enrolment.state, "cancel")
        rows = self.env["pope.notification"].search([("agreement_id", "=", contract.id)])
        self.assertIn("agreement_withdrawn", rows.rule_id.mapped("trigger"))
        self.assertEqual(contract.signature_ids.mapped("act"), ["signed", "withdrawn"])
        self.assertTrue(contract.activity_ids)

    def test_what_was_invoiced_all_the_same_is_refunded(self):
        contract = self.contract(signed="2026-02-20")
        self.invoice(self.line, 300).action_post()
        contract.sudo().date_signed = date(2026, 3, 9)
        self.own("pope.training.agreement").browse(contract.id)._withdraw(date(2026, 3, 10), "", channel="paper")
        invoices = self.own("account.move").search([("pope_session_id", "=", self.course.id)])
        self.assertEqual(
            sorted(invoices.mapped(lambda move: (move.move_type, move.state, move.amount_total))),
            [("out_invoice", "posted", 300), ("out_refund", "draft", 300)],
        )

    def test_who_keeps_no_books_leaves_the_refund_to_the_accountant(self):
        contract = self.contract(signed="2026-02-20")
        self.invoice(self.line, 300).action_post()
        contract.sudo().date_signed = date(2026, 3, 9)
        contract._withdraw(date(2026, 3, 10), "", channel="paper")
        self.assertIn("comptabilité", contract.activity_ids.summary)

    def test_afterwards_it_is_too_late(self):
        contract = self.contract()
        self.day("2026-03-25")
        with self.assertRaises(UserError) as refused:
            contract._withdraw(date(2026, 3, 25), "", channel="paper")
        self.assertIn("24/03/2026", str(refused.exception))
