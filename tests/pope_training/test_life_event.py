from datetime import timedelta

from odoo.tests import tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestLifeEvent(MeetingCase):
    def life(self, person):
        self.env.invalidate_all()
        return self.env["pope.life.event"].with_user(self.user_pope).search([("partner_id", "=", person.id)])

    def test_a_meeting_is_told_once_registered_then_attended(self):
        person = self.holders[0]
        project = self.create_project(holders=person)
        project.pope_member_ids.date_entry = self.meeting.date_begin - timedelta(days=60)
        registration = self.register(self.meeting, person)
        kinds = self.life(person).mapped("kind")
        self.assertIn("registered", kinds)
        self.assertNotIn("meeting", kinds)
        registration.action_set_done()
        project.write({"pope_meeting_attended": True, "pope_meeting_date": self.meeting.date_begin})
        events = self.life(person)
        self.assertEqual(events.mapped("kind").count("meeting"), 1)
        self.assertNotIn("registered", events.mapped("kind"))
        meeting = events.filtered(lambda event: event.kind == "meeting")
        self.assertEqual(meeting.name, self.meeting.display_name)
        self.assertEqual(meeting.action_open()["res_model"], "event.event")

    def test_a_cancelled_registration_did_not_happen(self):
        registration = self.register(self.meeting, self.holders[0])
        registration.action_cancel()
        self.assertNotIn("registered", self.life(self.holders[0]).mapped("kind"))
