"""The employer who pays is told when and where their employee is awaited, and nothing of what is the employee's own."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .test_session_mail import SessionMailCase

COPY = "convocation_copy"


@tagged("post_install", "-at_install")
class TestConvocationCopy(SessionMailCase):
    def setUp(self):
        super().setUp()
        self.employer = self.env["res.partner"].create(
            {"name": "Crèche des Lilas", "is_company": True, "email": "lilas@example.org"}
        )
        self.enrolment = self.enrol(self.holders[0])
        self.enrolment.employer_id = self.employer

    def pay(self, code, **values):
        scheme = self.env.ref(f"pope_training.scheme_{code}")
        return (
            self.env["pope.training.financing"]
            .with_user(self.user_pope)
            .create({"enrolment_id": self.enrolment.id, "scheme_id": scheme.id, **values})
        )

    def copies(self, *states):
        return self.steps(self.enrolment, *states).filtered(lambda row: row.step == COPY)

    def test_an_employer_who_pays_has_a_copy_on_the_day_of_the_convocation(self):
        self.pay("employeur_prive")
        [copy] = self.copies("planned")
        convocation = self.steps(self.enrolment, "planned").filtered(lambda row: row.step == "convocation")
        self.assertEqual((copy.partner_id, copy.date_planned), (self.employer, convocation.date_planned))

    def test_an_employer_whose_fund_pays_has_one_too(self):
        self.pay("opco_pdc", partner_id=self.env["res.partner"].create({"name": "OPCO", "is_company": True}).id)
        self.assertEqual(self.copies("planned").partner_id, self.employer)

    def test_what_a_person_follows_at_their_own_expense_is_not_told_to_their_employer(self):
        for code in ("particulier", "cpf"):
            self.pay(code)
        self.assertFalse(self.copies())
        trigger = self.env["pope.notification.rule"]._for_trigger("session_moved", "enrolment")
        self.assertFalse(trigger._plan(self.enrolment).filtered(lambda row: row.partner_id == self.employer))

    def test_it_is_taken_back_when_the_employer_pays_no_more(self):
        line = self.pay("employeur_prive")
        copy = self.copies("planned")
        line.state = "refused"
        self.assertEqual(copy.state, "cancelled")
        line.state = "granted"
        self.assertEqual(len(self.copies("planned")), 1)
        line.unlink()
        self.assertFalse(self.copies("planned"))

    def test_the_programme_says_whether_it_is_sent(self):
        self.pay("employeur_prive")
        self.program.with_user(self.user_pope).mail_convocation_copy = False
        self.assertEqual((self.copies().state, self.copies().reason), ("cancelled", "program"))
        self.program.mail_convocation_copy = True
        self.assertTrue(self.copies("planned"))
        self.program.mail_convocation = False
        self.assertFalse(self.copies("planned"), "without a convocation there is no copy")

    def test_somebody_of_the_employer_is_written_to_where_it_has_no_address_itself(self):
        self.employer.email = False
        person = self.env["res.partner"].create(
            {"name": "Inès Moreau", "parent_id": self.employer.id, "email": "ines@example.org"}
        )
        self.pay("employeur_prive")
        self.assertEqual(self.copies("planned").partner_id, person)

    def test_it_brings_the_convocation_and_nothing_of_what_the_trainee_needs_or_signs(self):
        self.pay("employeur_prive")
        self.enrolment.arrangements = "Boucle magnétique"
        self.dispatch(datetime(2026, 4, 20, 9, 0))
        [copy] = self.copies("queued")
        convocation = self.steps(self.enrolment, "queued").filtered(lambda row: row.step == "convocation")
        self.assertEqual(copy.document_ids, convocation.document_ids)
        body = copy.mail_id.body_html
        self.assertIn(self.holders[0].name, body)
        self.assertIn("jeudi 30 avril", body.replace("\xa0", " "))
        for secret in ("Boucle magnétique", "/emargement/", "/survey/", "/pope/stagiaire/"):
            self.assertNotIn(secret, body)
            self.assertNotIn(secret, copy.document_ids.body)

    def test_a_session_that_moves_or_is_cancelled_is_told_to_them_too(self):
        self.pay("employeur_prive")
        self.dispatch(datetime(2026, 4, 20, 9, 0))
        session = self.training.with_user(self.user_pope)
        rows = session._pope_postpone({slot: slot.date + timedelta(days=7) for slot in session.pope_slot_ids}, "Salle")
        own, copy = rows.sorted(lambda row: row.partner_id == self.employer).sudo()
        self.assertEqual((own.partner_id, copy.partner_id), (self.holders[0], self.employer))
        self.assertEqual((copy.document_ids, copy.document_ids.version), (own.document_ids, 2))
        rows = session._pope_cancel_session("Salle")
        self.assertIn(self.employer, rows.partner_id)
        words = rows.filtered(lambda row: row.partner_id == self.employer).sudo()._render()
        self.assertIn("annulée", str(words))

    def test_a_half_day_has_its_copy_too(self):
        self.training = self.create_session(days=("2026-04-30",), halves=("morning",))
        self.enrolment = self.enrol(self.holders[0], session=self.training)
        self.enrolment.employer_id = self.employer
        self.pay("employeur_prive")
        self.assertTrue(self.copies("planned"))
