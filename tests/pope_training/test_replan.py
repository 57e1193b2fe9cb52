"""Another address, another payer, another person, another session: what was planned follows, nothing leaves twice."""

from datetime import datetime

from odoo.tests import tagged

from .test_session_mail import SessionMailCase

CONVENED = datetime(2026, 4, 20, 9, 0)  # the day of the convocations
LATER = datetime(2026, 4, 20, 10, 0)
GONE = ("queued", "sending", "sent")


class ReplanCase(SessionMailCase):
    def setUp(self):
        super().setUp()
        self.employer = self.boss("Crèche des Lilas", email="lilas@example.org")
        self.enrolment = self.enrol(self.holders[0])

    def boss(self, name, **values):
        return self.env["res.partner"].create({"name": name, "is_company": True, **values})

    def buy(self, employer=None, code="employeur_prive", **values):
        self.enrolment.employer_id = employer or self.employer
        scheme = self.env.ref(f"pope_training.scheme_{code}")
        values |= {"enrolment_id": self.enrolment.id, "scheme_id": scheme.id}
        return self.env["pope.training.financing"].with_user(self.user_pope).create(values)

    def of_step(self, step, *states, enrolment=None):
        return self.steps(enrolment or self.enrolment, *states).filtered(
            lambda row: row.step == step and not row.rule_id.is_again
        )

    def copies(self, *states):
        return self.of_step("convocation_copy", *states)

    def addresses(self, rows):
        return rows.mapped("email")


@tagged("post_install", "-at_install")
class TestCopyReplanned(ReplanCase):
    def test_an_address_that_changes_before_the_copy_leaves_has_one_copy(self):
        self.buy()
        self.employer.with_user(self.user_pope).email = "direction@example.org"
        self.assertEqual(self.addresses(self.copies("planned")), ["direction@example.org"])
        self.program.mail_convocation_copy = False
        self.program.mail_convocation_copy = True
        self.dispatch(CONVENED)
        self.assertEqual(self.addresses(self.copies(*GONE)), ["direction@example.org"])

    def test_an_address_that_changes_after_the_copy_left_has_its_own_and_no_address_has_two(self):
        self.buy()
        self.dispatch(CONVENED)
        self.employer.email = "direction@example.org"
        self.dispatch(LATER)
        self.assertEqual(self.addresses(self.copies(*GONE)), ["lilas@example.org", "direction@example.org"])
        self.employer.email = "lilas@example.org"
        self.dispatch(LATER)
        self.assertEqual(len(self.copies(*GONE)), 2)
        self.assertFalse(self.copies("planned", "to_approve"))

    def test_an_employer_who_had_no_address_gets_the_copy_once_it_has_one(self):
        self.employer.email = False
        self.buy()
        self.dispatch(CONVENED)
        self.assertEqual(self.copies().mapped("reason"), ["no_address"])
        self.employer.phone = "01 48 00 00 00"
        self.assertEqual(len(self.copies()), 1, "nothing new to try")
        self.employer.email = "lilas@example.org"
        self.assertEqual(self.addresses(self.copies("planned")), ["lilas@example.org"])
        self.dispatch(LATER)
        self.assertTrue(self.copies(*GONE))

    def test_somebody_of_the_employer_who_can_be_written_to_gets_it(self):
        self.employer.email = False
        self.buy()
        self.dispatch(CONVENED)
        person = {"name": "Inès Moreau", "parent_id": self.employer.id, "email": "ines@example.org"}
        person = self.env["res.partner"].create(person)
        self.assertEqual(self.copies("planned").partner_id, person)
        self.employer.email = "lilas@example.org"
        self.assertEqual(self.copies("planned").partner_id, self.employer)
        self.assertEqual(self.copies("cancelled").mapped("reason"), ["obsolete"])

    def test_another_employer_gets_the_copy_and_the_former_one_no_more(self):
        self.buy()
        other = self.boss("Crèche du Parc", email="parc@example.org")
        self.enrolment.with_user(self.user_pope).employer_id = other
        self.assertEqual(self.copies("planned").partner_id, other)
        self.assertEqual(self.copies("cancelled").partner_id, self.employer)
        self.dispatch(CONVENED)
        self.enrolment.employer_id = self.boss("Crèche du Canal", email="canal@example.org")
        self.dispatch(LATER)
        self.assertEqual(self.addresses(self.copies(*GONE)), ["parc@example.org", "canal@example.org"])

    def test_two_employers_of_one_address_get_one_copy(self):
        self.buy()
        self.dispatch(CONVENED)
        self.enrolment.employer_id = self.boss("Crèche du Parc", email="Lilas@example.org")
        self.dispatch(LATER)
        self.assertEqual(len(self.copies(*GONE)), 1)
        self.assertFalse(self.copies("planned"))

    def test_who_pays_changes_after_the_convocation_left(self):
        line = self.buy(code="particulier")
        self.dispatch(CONVENED)
        self.assertFalse(self.copies())
        line.scheme_id = self.env.ref("pope_training.scheme_employeur_prive")
        self.dispatch(LATER)
        self.assertEqual(self.addresses(self.copies(*GONE)), ["lilas@example.org"])
        line.state = "refused"
        line.state = "granted"
        self.assertFalse(self.copies("planned"), "they have it")

    def test_once_the_session_began_no_copy_leaves(self):
        self.buy()
        self.dispatch(CONVENED)
        self.at(datetime(2026, 4, 30, 12, 0))
        self.employer.email = "direction@example.org"
        self.assertFalse(self.copies("planned"))
        self.assertEqual(self.copies("skipped").mapped("reason"), ["late"])


@tagged("post_install", "-at_install")
class TestTraineeReplanned(ReplanCase):
    def test_what_waits_follows_the_address_and_leaves_once(self):
        self.holders[0].with_user(self.user_pope).email = "awa@example.org"
        rows = self.steps(self.enrolment, "planned")
        self.assertEqual((len(rows), set(rows.mapped("email"))), (11, {"awa@example.org"}))
        self.program.mail_followup = False
        self.program.mail_followup = True
        self.assertEqual(len(self.steps(self.enrolment, "planned")), 11)

    def test_a_convocation_that_left_for_another_address_is_sent_again_and_a_survey_is_not(self):
        self.dispatch(CONVENED)
        self.holders[0].email = "awa@example.org"
        self.dispatch(LATER)
        first, again = self.of_step("convocation", *GONE)
        self.assertEqual(again.email, "awa@example.org")
        self.assertTrue(again.replaces_sentence and not first.replaces_sentence)
        self.assertEqual(len(self.of_step("placement", *GONE)), 1)

    def test_a_certificate_that_left_does_not_leave_again(self):
        self.attend(self.enrolment)
        self.enrolment.bpf_status = "c"
        self.dispatch(datetime(2026, 5, 6, 9, 0))
        [certificate] = self.of_step("certificate")
        self.assertIn(certificate.state, GONE)
        self.holders[0].email = "awa@example.org"
        self.assertEqual(self.of_step("certificate"), certificate)

    def test_who_had_no_address_gets_what_is_still_useful(self):
        enrolment = self.enrol(self.env["res.partner"].create({"name": "Fatou Sarr"}))
        self.dispatch(CONVENED)
        self.assertEqual(self.of_step("convocation", enrolment=enrolment).reason, "no_address")
        self.dispatch(datetime(2026, 4, 24, 9, 0))
        enrolment.partner_id.email = "fatou@example.org"
        planned = self.steps(enrolment, "planned")
        self.assertEqual(
            self.said(planned)[:3],
            [("placement", "2026-04-24"), ("convocation", "2026-04-24"), ("reminder", "2026-04-29")],
        )
        self.assertEqual(set(planned.mapped("email")), {"fatou@example.org"})

    def test_a_trainer_with_another_address_gets_their_page_there_once(self):
        self.trainer.email = "lea@example.org"
        rows = self.steps(self.training, "planned")
        self.assertEqual((len(rows), set(rows.mapped("email"))), (3, {"lea@example.org"}))

    def test_a_colleague_who_comes_instead_after_the_convocation(self):
        self.buy()
        self.dispatch(CONVENED)
        self.at(datetime(2026, 4, 27, 9, 0))
        new = self.enrolment._replace_by(self.holders[1])
        self.assertEqual(set(self.steps(self.enrolment, "cancelled").mapped("reason")), {"withdrawn"})
        self.assertFalse(self.steps(self.enrolment, "planned", "to_approve"))
        said = self.said(self.steps(new, "planned"))
        self.assertEqual(said[0], ("placement", "2026-04-27"))
        self.assertIn(("convocation", "2026-04-27"), said)
        self.assertIn(("convocation_copy", "2026-04-27"), said)
        self.assertIn(("reminder", "2026-04-29"), said)
        late = self.steps(new, "skipped")
        self.assertEqual((late.mapped("step"), late.mapped("reason")), (["placement"], ["late"]))
        self.assertTrue(late.rule_id.is_again)

    def test_a_trainee_who_moves_gets_the_days_of_the_other_session(self):
        other = self.create_session(days=("2026-05-19", "2026-05-21"))
        self.dispatch(CONVENED)
        moved = self.enrolment._move_to(other)
        self.assertEqual(moved, self.enrolment)
        said = self.said(self.steps(moved, "planned"))
        self.assertEqual(said[0], ("convocation", "2026-05-08"))
        self.assertIn(("reminder", "2026-05-18"), said)
        self.assertNotIn("2026-04-29", [day for _step, day in said])
        self.assertTrue(all(row.event_id == other for row in self.steps(moved, "planned")))
        self.dispatch(datetime(2026, 5, 8, 9, 0))
        self.assertIn("annule et remplace", self.of_step("convocation", *GONE)[-1].mail_id.body_html)

    def test_a_session_that_is_near_skips_what_is_too_late_with_its_reason(self):
        near = self.create_session(days=("2026-03-11", "2026-03-12"))
        self.enrolment._move_to(near)
        late = self.steps(self.enrolment, "skipped")
        self.assertEqual(sorted(late.mapped("step")), ["placement", "reminder"])
        self.assertEqual(set(late.mapped("reason")), {"late"})
        self.assertEqual(self.said(self.steps(self.enrolment, "planned"))[1], ("convocation", "2026-03-10"))

    def test_a_session_of_the_same_days_elsewhere_has_its_own_convocation(self):
        other = self.create_session()
        self.dispatch(CONVENED)
        self.enrolment._move_to(other)
        self.dispatch(LATER)
        self.assertEqual(len(self.of_step("convocation", *GONE)), 2)

    def test_what_a_trainee_said_before_is_read_by_the_trainer_of_their_session(self):
        other = self.create_session(days=("2026-05-19", "2026-05-21"))
        self.dispatch(CONVENED)
        answer = self.enrolment.answer_ids.filtered(lambda row: row.pope_kind == "placement")
        answer._mark_in_progress()
        answer._mark_done()
        self.enrolment._move_to(other)
        names = {event: [name for name, _said in event._pope_placement()] for event in (self.training, other)}
        self.assertEqual(names, {self.training: [], other: ["Awa Diallo"]})

    def test_who_signed_keeps_it_and_has_the_mails_of_the_other_session(self):
        other = self.create_session(days=("2026-05-19", "2026-05-21"))
        self.dispatch(CONVENED)
        self.at(datetime(2026, 5, 4, 9, 0))
        self.enrolment.attendance_ids[0]._set_status("present", author="Odile Renard")
        moved = self.enrolment._move_to(other)
        if moved != self.enrolment:
            self.assertFalse(self.steps(self.enrolment, "planned"))
        self.assertIn(("convocation", "2026-05-08"), self.said(self.steps(moved, "planned")))
        self.assertIn(("reminder", "2026-05-18"), self.said(self.steps(moved, "planned")))


@tagged("post_install", "-at_install")
class TestAddressCost(ReplanCase):
    def test_a_contact_who_follows_no_training_costs_two_searches(self):
        people = self.env["res.partner"].create([{"name": f"Contact {n}"} for n in range(20)])

        def cost(some):
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            some._pope_tell_trainings()
            return self.env.cr.sql_log_count - start

        cost(people[:1])
        self.assertLessEqual(cost(people), 2)
        self.assertFalse(self.env["pope.notification"].search([("partner_id", "in", people.ids)]))
