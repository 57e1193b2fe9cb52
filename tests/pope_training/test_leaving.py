"""What is certified to who did not follow everything: what was followed; to who followed nothing, nothing."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .agreement import AgreementCase
from .test_edition import EditionCase


class LeavingCase(EditionCase):
    def setUp(self):
        super().setUp()
        # the days that follow: Thursday 12 March, then 19 and 26
        self.env["pope.training.slot"].create(
            [{"event_id": self.session.id, "date": day, "half": "morning"} for day in ("2026-03-19", "2026-03-26")]
        )

    def note(self, day, *statuses):
        """Who was there on that day: Awa, then Nadia."""
        for enrolment, status in zip((self.awa, self.nadia), statuses, strict=True):
            rows = enrolment.attendance_ids.filtered(lambda row: str(row.slot_id.date) == day)
            rows._set_status(status)

    def on(self, day):
        self.at(self.now.replace(month=3, day=day, hour=18))

    def leave(self, enrolment, day, cause="job"):
        window = self.env["pope.training.change"].with_user(self.user_pope).with_context(active_id=enrolment.id)
        form = Form(window)
        form.gesture = "leave"
        form.date_left = day
        form.left_cause = cause
        form.save().action_apply()


@tagged("post_install", "-at_install")
class TestLeaving(LeavingCase):
    def test_who_leaves_is_awaited_no_more_and_has_a_certificate_of_what_they_followed(self):
        self.on(12)
        self.note("2026-03-12", "present", "present")
        self.leave(self.awa, "2026-03-12")
        self.on(13)
        self.assertEqual(len(self.awa.attendance_ids), 2)
        self.assertEqual((self.awa.state, self.awa.hours_attended), ("open", 7))
        [document] = self.awa._pope_issue("certificate")
        text = self.text(document).replace("\xa0", " ")
        self.assertIn("du 12 mars 2026 au 12 mars 2026 pour une durée de 7 h", text)
        self.assertFalse(document.is_partial, "nothing more will come")
        self.assertFalse(self.nadia._pope_issue("certificate"))
        self.assertIn("the session is not over", self.nadia._pope_issue_gaps("certificate")[self.nadia])
        [statement] = self.awa._pope_issue("attendance")
        self.assertIn("12 mars 2026", self.text(statement))
        self.assertIn("A quitté la formation", self.text(statement))

    def test_the_page_of_who_left_asks_for_no_signature_and_says_their_own_days(self):
        self.on(12)
        self.note("2026-03-12", "present", "present")
        self.leave(self.awa, "2026-03-12")
        self.on(13)
        left, stays = self.awa._space_page(), self.nadia._space_page()
        self.assertEqual({str(slot.date) for slot in left["slots"]}, {"2026-03-12"})
        self.assertEqual(len(stays["slots"]), 4)
        self.assertEqual((len(left["links"]), len(stays["links"])), (0, 1))

    def test_who_comes_back_is_awaited_again(self):
        self.on(12)
        self.note("2026-03-12", "present", "present")
        self.leave(self.awa, "2026-03-12")
        self.awa.with_user(self.user_pope).action_come_back()
        self.assertEqual((len(self.awa.attendance_ids), self.awa.date_left), (4, False))

    def test_who_followed_nothing_does_not_leave_and_who_was_there_did_not_leave_before(self):
        self.on(19)
        with self.assertRaisesRegex(UserError, "Awa Diallo"):
            self.leave(self.awa, "2026-03-12")
        self.note("2026-03-12", "present", "absent")
        self.note("2026-03-19", "present", "absent")
        with self.assertRaisesRegex(UserError, "19 mars 2026"):
            self.leave(self.awa, "2026-03-12")

    def test_who_was_never_there_has_no_certificate_and_it_says_why(self):
        self.on(26)
        for day in ("2026-03-12", "2026-03-19", "2026-03-26"):
            self.note(day, "present", "absent")
        edition = self.edition("certificate")
        self.assertIn("nothing was followed", edition.line_ids[1].gaps)
        edition.action_issue()
        self.assertEqual(edition.line_ids.mapped("state"), ["done", "failed"])
        self.assertIn("nothing was followed", edition.line_ids[1].error)
        self.assertIn("14 h", self.text(edition.line_ids.document_id).replace("\xa0", " "))
        gaps = self.nadia.with_context(lang="fr_FR")._pope_issue_gaps("statement")
        self.assertIn("rien n'a été suivi", gaps[self.nadia])

    def test_on_the_way_what_was_followed_is_certified_and_the_whole_replaces_it(self):
        self.on(19)
        self.note("2026-03-12", "present", "present")
        edition = self.edition("certificate", is_partial=True)
        self.assertFalse(edition.ready_count, "the morning of the 19th is not noted")
        self.note("2026-03-19", "present", "absent")
        edition = self.edition("certificate", is_partial=True)
        edition.action_issue()
        awa, nadia = edition.line_ids.document_id.sorted(lambda document: document.partner_id.name)
        self.assertEqual((awa.is_partial, awa.hours, nadia.hours), (True, 10.5, 7))
        self.assertIn("du 12 mars 2026 au 19 mars 2026 pour une durée de 10 h 30", self.text(awa).replace("\xa0", " "))
        self.assertIn("au 12 mars 2026 pour une durée de 7 h", self.text(nadia).replace("\xa0", " "))
        self.on(27)
        self.note("2026-03-26", "present", "present")
        self.assertEqual(self.session._pope_file_facts()["certificate"][self.session], (0, 2))
        [whole] = self.awa._pope_issue("certificate")
        self.assertEqual((whole.version, whole.former_id, awa.state, whole.hours), (2, awa, "replaced", 14))
        self.assertEqual(self.awa._pope_issue("certificate"), whole)


@tagged("post_install", "-at_install")
class TestLeavingCosts(AgreementCase):
    def test_what_was_followed_is_invoiced_and_it_is_told_that_they_left(self):
        self.pole.pope_exemption_date = "2025-01-01"
        self.awa_enrolment.employer_id = self.employer
        bought = self.pay(self.awa_enrolment, "employeur_prive", amount_granted=700)
        agreement = self.propose()
        agreement._issue()
        agreement._sign(self.now.date(), is_remote=True, channel="paper")
        self.day("2026-04-28")
        self.attend(self.awa_enrolment, "present", "present")
        self.awa_enrolment._leave(self.slots[0].date, "employer")
        self.day("2026-04-29")
        self.assertEqual(bought._amount_due(), 350)
        self.assertIn("27/04/2026", ", ".join(bought.with_context(lang="fr_FR")._mismatches()))

    def test_who_pays_for_themselves_and_gives_up_owes_what_they_followed(self):
        self.contract()
        self.day("2026-04-28")
        self.attend(self.awa_enrolment, "present", "present")
        self.awa_enrolment._leave(self.slots[0].date, "force_majeure")
        self.day("2026-04-29")
        self.assertEqual(self.line._amount_due(), 500)
