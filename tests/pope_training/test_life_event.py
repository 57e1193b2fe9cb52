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

    def test_one_line_tells_every_kind_of_fact(self):
        person, begin = self.holders[0], self.now - timedelta(days=300)
        intake = self.env["pope.intake"].create(
            {"source": "call", "name": person.name, "email": person.email, "date": begin, "team_id": self.team.id}
        )
        intake.action_make_project()
        project = intake.lead_id
        project.pope_member_ids.write({"date_entry": begin, "date_exit": self.now + timedelta(days=400)})
        project.write({"pope_meeting_date": begin, "pope_meeting_attended": True, "pope_opening_date": self.today()})
        self.env["pope.interaction"].create({"lead_id": project.id, "kind": "call", "date": begin})
        project.message_post(body="Bonjour", message_type="email", author_id=person.id)
        self.rows(project)[0]._set_sent()
        self.register(self.create_event("training", days=-9), person).action_set_done()
        self.register(self.create_event("discovery_day", days=-8), person).action_set_done()
        self.register(self.meeting, person)
        path = self.env["crm.lead"].search([("type", "=", "path"), ("partner_id", "=", person.id)])
        requirement = self.env["pope.stage.requirement"].search([("stage_id", "=", path.stage_id.id)], limit=1)
        paper = self.env["pope.lead.requirement"].create(
            {"lead_id": path.id, "requirement_id": requirement.id, "state": "done"}
        )
        self.env["pope.path.training"].create(
            {
                "lead_id": path.id,
                "qualification_id": self.env.ref("pope_training.qualification_cap_aepe").id,
                "date_entered": begin,
                "date_result": self.today(),
                "result": "obtained",
            }
        )
        path.pope_path_outcome_ids[0]._answer({"situation": "job"})
        self.env["pope.diploma"].create({"partner_id": person.id, "name": "CAP", "date_seen": self.today()})
        document = self.env["pope.training.document"].create(
            {
                "name": "Attestation",
                "kind_id": self.env["pope.training.document.kind"].search([], limit=1).id,
                "company_id": self.company.id,
                "number": "A-1",
                "date": self.today(),
                "partner_id": person.id,
            }
        )
        events = self.life(person)
        kinds = dict(events._fields["kind"]._description_selection(self.env))
        self.assertEqual(set(events.mapped("kind")), set(kinds))
        self.assertEqual(len(set(events.ids)), len(events))
        for record in (paper, document):
            told = events.filtered(lambda event, record=record: event.res_model == record._name)
            self.assertIn(record.id, told.mapped("res_id"))
        for event in events:
            action = event.action_open()
            self.assertEqual((action["res_model"], action["res_id"]), (event.res_model, event.res_id))
            self.assertTrue(event.name, event.kind)
