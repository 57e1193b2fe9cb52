"""For whom a session is held: each their own payer, one buyer, or another training body."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .agreement import AgreementCase


class ClientCase(AgreementCase):
    def setUp(self):
        super().setUp()
        self.pole.pope_exemption_date = "2025-01-01"
        self.body = self.env["res.partner"].create(
            {
                "name": "Organisme des Berges",
                "is_company": True,
                "company_registry": "12345678900011",
                "street": "3 quai des Berges",
                "email": "contact@berges.example.org",
            }
        )

    def order(self, kind, client):
        self.course.write({"pope_session_type": kind, "pope_client_id": client.id})

    def lines(self):
        return self.own("pope.training.financing", self.user_pope).search([("event_id", "=", self.course.id)])

    def sign(self, agreement):
        agreement._issue()
        agreement._sign(self.now.date(), is_remote=True, channel="paper")

    def follow_whole(self):
        self.day("2026-04-29")
        for enrolment in self.awa_enrolment | self.nadia_enrolment:
            self.attend(enrolment, "present", "present", "present", "present")

    def make_invoices(self):
        action = self.own("event.event").browse(self.course.id).action_pope_invoice()
        self.own(action["res_model"]).browse(action["res_id"]).action_invoice()
        return self.own("account.move").search([("pope_session_id", "=", self.course.id)])


@tagged("post_install", "-at_install")
class TestInter(ClientCase):
    def test_each_has_their_own_payer_and_their_own_invoice(self):
        self.awa_enrolment.employer_id = self.employer
        self.pay(self.awa_enrolment, "employeur_prive", amount_granted=700)
        self.nadia_enrolment.employer_id = self.body
        self.pay(self.nadia_enrolment, "employeur_prive", amount_granted=700)
        agreements = self.propose()
        self.assertEqual(agreements.partner_id, self.employer | self.body)
        for agreement in agreements:
            self.sign(agreement)
        self.follow_whole()
        self.assertEqual(self.make_invoices().partner_id, self.employer | self.body)
        self.assertFalse(self.course.pope_client_scheme_id)


@tagged("post_install", "-at_install")
class TestIntra(ClientCase):
    def test_the_buyer_pays_for_the_group_in_one_agreement_and_one_invoice(self):
        self.order("intra", self.employer)
        chloe = self.enrolments(self.register(self.course, self.holders[2]))
        self.assertEqual(chloe.financing_ids.partner_id, self.employer, "who is enrolled is paid for by the buyer")
        agreement = self.propose()
        self.assertEqual(
            (agreement.kind, agreement.partner_id, agreement.trainee_count), ("agreement", self.employer, 3)
        )
        self.assertEqual(agreement.amount, 3000)
        self.assertEqual(self.awa_enrolment.employer_id, self.employer)
        self.sign(agreement)
        self.follow_whole()
        self.attend(chloe, "present", "present", "present", "present")
        invoice = self.make_invoices()
        self.assertEqual((invoice.partner_id, invoice.amount_total), (self.employer, 3000))
        self.assertEqual(len(invoice.invoice_line_ids), 3)

    def test_the_buyer_signs_even_where_an_opco_pays_a_part(self):
        self.order("intra", self.employer)
        opco = self.env["res.partner"].create({"name": "OPCO des Canaux", "is_company": True})
        self.pay(self.awa_enrolment, "opco_pdc", partner_id=opco.id, amount_granted=400, is_subrogated=True)
        self.pay(self.awa_enrolment, "employeur_prive", amount_granted=300)
        agreement = self.propose()
        self.assertEqual((agreement.partner_id, agreement.amount), (self.employer, 1700))
        self.assertEqual(agreement.financing_ids.partner_id, self.employer | opco)

    def test_the_price_goes_to_another_buyer_as_long_as_nothing_is_agreed(self):
        self.order("intra", self.employer)
        agreement = self.propose()
        agreement.unlink()
        self.course.pope_client_id = self.body
        self.assertEqual(self.lines().partner_id, self.body)
        agreement = self.propose()
        self.assertEqual(agreement.partner_id, self.body)
        self.sign(agreement)
        self.course.pope_client_id = self.employer
        self.assertEqual(self.lines().partner_id, self.body, "what is agreed stays")

    def test_a_colleague_who_comes_instead_is_paid_for_once(self):
        self.order("intra", self.employer)
        self.propose()
        new = self.awa_enrolment._replace_by(self.holders[2])
        self.assertEqual((len(new.financing_ids), new.financing_ids.partner_id), (1, self.employer))

    def test_nobody_pays_for_themselves_there(self):
        self.order("intra", self.employer)
        with self.assertRaisesRegex(ValidationError, "Awa Diallo"):
            self.pay(self.awa_enrolment, "particulier", amount_granted=500)
        self.course.pope_session_type = "inter"
        self.pay(self.awa_enrolment, "particulier", amount_granted=500)
        with self.assertRaisesRegex(ValidationError, "Awa Diallo"):
            self.course.pope_session_type = "intra"

    def test_who_ordered_it_is_asked_before_anything_is_agreed_or_invoiced(self):
        self.course.pope_session_type = "intra"
        event = self.own("event.event", self.user_pope).browse(self.course.id)
        for gesture in (event.action_pope_propose_agreements, event.action_pope_invoice):
            with self.assertRaisesRegex(UserError, "Vie commune"):
                gesture()
        with self.assertRaises(ValidationError):
            self.course.pope_client_id = self.pole.partner_id


@tagged("post_install", "-at_install")
class TestGroupPrice(ClientCase):
    def setUp(self):
        super().setUp()
        self.order("intra", self.employer)
        self.course.pope_client_price = 2401

    def test_it_is_shared_and_who_is_enrolled_later_is_added_to_the_quotation(self):
        agreement = self.propose()
        self.assertEqual((agreement.amount, self.lines().mapped("amount_agreed")), (2401, [1200.5, 1200.5]))
        self.register(self.course, self.holders[2])
        self.assertEqual(self.propose(), agreement)
        self.assertEqual((agreement.amount, agreement.trainee_count), (2401, 3))
        self.assertEqual(sorted(self.lines().mapped("amount_agreed")), [800.33, 800.33, 800.34])
        self.enrolments(self.course)[2].registration_id.action_cancel()
        self.propose()
        self.assertEqual(agreement.amount, 2401)

    def test_it_is_owed_whoever_comes(self):
        self.sign(self.propose())
        self.nadia_enrolment.registration_id.action_cancel()
        self.day("2026-04-29")
        self.attend(self.awa_enrolment, "present", "present", "absent", "absent")
        invoice = self.make_invoices()
        self.assertEqual(invoice.amount_total, 2401)
        invoice.action_post()
        self.assertFalse(any(self.lines().mapped("amount_excess")))

    def test_a_session_that_is_cancelled_gives_it_back_for_what_was_not_held(self):
        self.sign(self.propose())
        lines = self.own("pope.training.financing").browse(self.lines().ids)
        lines._invoice({line: (line.amount_agreed, 14) for line in lines}).action_post()
        self.slots[2:].write({"date": "2026-05-04"})
        self.day("2026-04-28")
        for enrolment in self.awa_enrolment | self.nadia_enrolment:
            self.attend(enrolment, "present", "present")
        self.assertFalse(any(lines.mapped("amount_excess")))
        self.course._pope_cancel_session("Travaux chez l'acheteur")
        self.assertEqual(lines.mapped("amount_excess"), [600.25, 600.25])

    def test_it_is_not_negative(self):
        with self.assertRaises(ValidationError):
            self.course.pope_client_price = -1


@tagged("post_install", "-at_install")
class TestOtherBody(ClientCase):
    def test_one_contract_and_one_invoice_with_the_body_and_nothing_with_who_pays_the_trainees(self):
        self.order("other_body", self.body)
        agreement = self.propose()
        self.assertEqual((agreement.kind, agreement.partner_id, agreement.amount), ("ordered", self.body, 2000))
        self.assertFalse(self.awa_enrolment.employer_id)
        agreement.signatory_id = self.body
        self.sign(agreement)
        text = self.pdf_words(agreement.document_id)
        for words in (
            "Contrat de sous-traitance de formation",
            "Organisme des Berges",
            "donneur d'ordre",
            "Awa Diallo",
        ):
            self.assertIn(words, text)
        self.follow_whole()
        invoice = self.make_invoices()
        self.assertEqual((invoice.partner_id, invoice.amount_total), (self.body, 2000))
        self.assertNotIn("Status", self.awa_enrolment.with_context(lang="en_US").file_gaps)

    def test_the_return_tells_its_trainees_apart_and_what_it_pays_in_line_ten(self):
        self.order("other_body", self.body)
        self.sign(self.propose())
        self.follow_whole()
        self.make_invoices().action_post()
        dates = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        figures = self.env["pope.bpf"].create({"company_id": self.pole.id, **dates})._compute_figures()
        lines = figures["lines"]
        self.assertEqual((lines["G5"]["count"], lines["G5"]["minutes"]), (2, 28 * 60))
        self.assertEqual(lines["C10"]["amount"], 2000)
        self.assertFalse(lines["F1a"]["count"])
        self.assertNotIn("status", [gap["kind"] for gap in figures["gaps"]])

    def test_it_pays_alone(self):
        self.order("other_body", self.body)
        with self.assertRaisesRegex(ValidationError, "Awa Diallo"):
            self.pay(self.awa_enrolment, "employeur_prive", partner_id=self.employer.id)
        with self.assertRaisesRegex(ValidationError, "Awa Diallo"):
            self.pay(self.awa_enrolment, "sous_traitance", amount_granted=5).partner_id = self.employer
        self.course.write({"pope_session_type": "inter", "pope_client_id": False})
        self.awa_enrolment.financing_ids.unlink()
        self.pay(self.awa_enrolment, "employeur_prive", partner_id=self.employer.id)
        with self.assertRaisesRegex(ValidationError, "Awa Diallo"):
            self.order("other_body", self.body)

    def test_it_is_an_organisation_and_pays_as_one(self):
        with self.assertRaisesRegex(ValidationError, "Nadia Benali"):
            self.order("other_body", self.holders[1])
        self.course.write({"pope_session_type": "inter", "pope_client_id": False})
        self.order("other_body", self.body)
        with self.assertRaises(ValidationError):
            self.course.pope_client_scheme_id = self.env.ref("pope_training.scheme_opco_pdc")

    def test_the_form_asks_who_ordered_it(self):
        event = self.own("event.event", self.user_pope).browse(self.course.id)
        with Form(event, view="pope_training.event_event_view_form") as form:
            form.pope_session_type = "other_body"
            with self.assertRaises(AssertionError):
                form.save()
            form.pope_client_id = self.body
        self.assertEqual(self.course.pope_client_scheme_id.code, "sous_traitance")
