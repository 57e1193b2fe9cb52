"""What coming to a meeting or a training means for a person's data."""

from datetime import date, datetime

from odoo.tests import tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestPersonData(MeetingCase):
    def attend(self, event, person):
        registration = self.register(event, person)
        registration.action_set_done()
        return registration

    def test_who_came_was_in_contact_and_who_only_registered_was_not(self):
        came, absent = self.holders[1:3]
        self.at(datetime(2026, 9, 1, 9, 0))
        meeting = self.create_event(
            "information_meeting", date_begin="2026-05-04 17:00:00", date_end="2026-05-04 19:00:00"
        )
        self.attend(meeting, came)
        self.register(meeting, absent)
        self.env.invalidate_all()
        self.assertEqual(came.with_user(self.user_pope).pope_last_contact, date(2026, 5, 4))
        self.assertFalse(absent.with_user(self.user_pope).pope_last_contact)

    def test_a_trainee_is_kept_five_years(self):
        person = self.env["res.partner"].create({"name": "Solène Kervella", "email": "s@example.org"})
        self.env.cr.execute("UPDATE res_partner SET create_date = '2020-01-01' WHERE id = %s", (person.id,))
        training = self.create_event("training", date_begin="2022-05-04 07:00:00", date_end="2022-05-04 15:00:00")
        self.attend(training, person)
        self.env.invalidate_all()
        Rule = self.env["pope.retention.rule"]
        self.at(datetime(2026, 9, 1, 9, 0))
        self.assertNotIn(person, Rule._expired())
        self.at(datetime(2027, 9, 1, 9, 0))
        self.assertEqual(Rule._expired()[person], self.env.ref("pope_training.retention_trainee"))

    def test_an_anonymised_trainee_is_still_counted_and_not_named(self):
        person = self.env["res.partner"].create(
            {"pope_first_name": "Solène", "pope_last_name": "Kervella", "email": "solene@example.org"}
        )
        registration = self.attend(self.meeting, person)
        booked = self.register(self.meeting, self.holders[1])
        booked.partner_id = person
        registration.message_post(body="Solène arrive en retard")
        person._pope_anonymise()
        self.env.invalidate_all()
        self.assertEqual(registration.state, "done")
        self.assertEqual(registration.pope_enrolment_ids.partner_id, person)
        for text in (registration.name, registration.email, *registration.message_ids.mapped("body")):
            self.assertNotIn("solène", (text or "").lower())
        self.assertEqual(booked.name, self.holders[1].name)

    def test_registrations_are_in_the_file_of_all_that_is_held(self):
        self.attend(self.meeting, self.holders[1])
        sections, _omitted = self.holders[1]._pope_file_sections()
        models = {section["model"]: section for section in sections}
        self.assertEqual(models["event.registration"]["records"][0]["email"], self.holders[1].email)
        self.assertIn("pope.training.enrolment", models)
