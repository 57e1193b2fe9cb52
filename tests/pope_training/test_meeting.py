"""Information meetings: who is enrolled, who came, what follows for their project and its e-mails."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestEnrolment(MeetingCase):
    def test_a_known_person_is_found_by_address_and_not_doubled(self):
        known = self.env["res.partner"].search_count([])
        registration = self.register(self.meeting, ("A. Diallo", " Awa.DIALLO@example.org "))
        self.assertEqual(self.enrolments(registration).partner_id, self.holders[0])
        self.assertEqual(self.env["res.partner"].search_count([]), known)

    def test_a_known_person_is_found_by_phone_and_name(self):
        for phone in ("+33 6 12 34 56 01", "+33612345601", "06 12 34 56 01"):
            registration = self.register(self.meeting, ("awa diallo", False, phone))
            self.assertEqual(self.enrolments(registration).partner_id, self.holders[0], phone)
        stranger = self.register(self.meeting, ("Quelqu'un d'autre", False, "+33612345601"))
        self.assertNotEqual(self.enrolments(stranger).partner_id, self.holders[0])

    def test_a_new_person_is_made_once_for_two_registrations(self):
        other = self.create_event("discovery_day")
        newcomer = ("Inès Moreau", "ines.moreau@example.org", "+33612345699")
        both = self.register(self.meeting, newcomer, ("inès moreau", "INES.MOREAU@example.org"))
        later = self.register(other, newcomer)
        person = self.enrolments(both | later).partner_id
        self.assertEqual(len(person), 1)
        self.assertEqual((person.name, person.email), ("Inès Moreau", "ines.moreau@example.org"))

    def test_of_two_who_share_an_address_the_one_named_is_enrolled(self):
        partner = self.env["res.partner"].create({"name": "Paul Diallo", "email": self.holders[0].email})
        registrations = self.register(self.meeting, partner, self.holders[0])
        self.assertEqual(self.enrolments(registrations).mapped("partner_id"), partner | self.holders[0])

    def test_who_booked_for_another_is_not_the_attendee(self):
        registration = self.register(
            self.meeting, ("Nadia Benali", "nadia.benali@example.org"), partner_id=self.holders[0].id
        )
        self.assertEqual(self.enrolments(registration).partner_id, self.holders[1])

    def test_who_booked_under_their_own_name_is_the_attendee_without_any_address(self):
        person = self.env["res.partner"].create({"name": "Zoé Sans Adresse"})
        registration = self.env["event.registration"].create({"event_id": self.meeting.id, "partner_id": person.id})
        self.assertEqual(self.enrolments(registration).partner_id, person)

    def test_the_project_is_set_when_the_person_carries_exactly_one(self):
        project = self.create_project()
        closed = self.create_project("Abandonnée", self.holders[1:2])
        closed.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_works").id)
        self.create_project("Une", self.holders[2:])
        self.create_project("Deux", self.holders[2:])
        registrations = self.register(self.meeting, *self.holders)
        found = [self.enrolments(registration).lead_id for registration in registrations]
        self.assertEqual(found[0], project)
        self.assertFalse(found[1], "a project that ended is not the one of today")
        self.assertFalse(found[2], "of two projects a person chooses")

    def test_the_holders_of_a_project_are_enrolled_once(self):
        project = self.create_project(holders=self.holders)
        self.create_project("Une autre", self.holders[:1])
        self.holders[2].email = False
        self.register(self.meeting, self.holders[0]).action_cancel()
        action = project.with_user(self.user_pope).action_pope_enrol()
        for _again in range(2):
            form = Form(
                self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"]),
                "pope_training.pope_training_enrol_view_form",
            )
            form.event_id = self.meeting
            form.save().action_enrol()
        enrolments = self.enrolments(self.meeting)
        self.assertEqual(enrolments.partner_id, self.holders)
        self.assertEqual(len(enrolments), 3)
        self.assertEqual(enrolments.lead_id, project)
        self.assertEqual(set(enrolments.mapped("state")), {"open"})
        self.assertEqual(project.pope_meeting_date, self.meeting.date_begin)

    def test_a_registration_deleted_takes_its_enrolment(self):
        project = self.create_project()
        registration = self.register(self.meeting, self.holders[0])
        self.assertTrue(project.pope_meeting_date)
        registration.unlink()
        self.assertFalse(self.enrolments(self.meeting))
        self.assertFalse(project.pope_meeting_date)

    def test_a_registration_moved_to_another_meeting_moves_the_date(self):
        project = self.create_project()
        registration = self.register(self.meeting, self.holders[0])
        other = self.create_event("information_meeting", days=40)
        registration.event_id = other
        self.assertEqual(project.pope_meeting_date, other.date_begin)
        registration.event_id = self.create_event(False)
        self.assertFalse(self.enrolments(registration))
        self.assertFalse(project.pope_meeting_date)

    def test_merged_projects_keep_their_enrolments(self):
        head = self.create_project("La première")
        tail = self.create_project("La même", self.holders[1:2])
        self.register(self.meeting, *self.holders[:2])
        (head | tail).merge_opportunity(auto_unlink=True)
        left = (head | tail).exists()
        self.assertEqual(left.pope_enrolment_count, 2)
        self.assertEqual(self.enrolments(self.meeting).lead_id, left)

    def test_counts_on_the_project_and_on_the_contact(self):
        project = self.create_project()
        training = self.create_event("training")
        self.register(self.meeting, self.holders[0])
        enrolment = self.enrolments(self.register(training, self.holders[0]))
        enrolment.lead_id = False
        self.register(training, self.holders[1])
        self.assertEqual(project.with_user(self.user_pope).pope_enrolment_count, 2)
        self.assertEqual(self.holders[0].with_user(self.user_pope).pope_enrolment_count, 2)
        shown = self.env["pope.training.enrolment"].search(project.action_pope_enrolments()["domain"])
        self.assertEqual(len(shown), 2)
        self.assertEqual(shown.partner_id, self.holders[0])

    def queries(self, event, names):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.register(event, *[(name, f"{name}@example.org") for name in names])
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_as_many_queries_for_ten_registrations_as_for_a_hundred(self):
        """Known persons, with a project or without, and newcomers; what Odoo itself asks is taken off."""
        stock = self.create_event(False, event_mail_ids=[])
        for who in ("newcomer", "known", "holder"):
            ours = []
            for size in (10, 100):
                names = [f"{who}-{size}-{number}" for number in range(size)]
                if who != "newcomer":
                    people = self.env["res.partner"].create(
                        [{"name": name, "email": f"{name}@example.org"} for name in names]
                    )
                    if who == "holder":
                        for person in people:
                            self.create_project(person.name, person)
                ours.append(self.queries(self.meeting, names) - self.queries(stock, names))
            few, many = ours
            # records are inserted by lots: two more for a hundred
            self.assertLessEqual(many, few + 2, who)
        holders = self.env["crm.lead"].search([("name", "=like", "holder-%")])
        self.assertEqual(len(self.enrolments(self.meeting).lead_id & holders), 110)


@tagged("post_install", "-at_install")
class TestMeeting(MeetingCase):
    def test_an_event_made_on_our_screen_takes_its_type_and_no_mail_of_odoo(self):
        Event = self.env["event.event"].with_user(self.user_pope).with_context(default_pope_kind="information_meeting")
        with Form(Event, "pope_training.event_event_view_form") as form:
            form.name = "Réunion d'avril"
            with form.registration_ids.new() as line:
                line.name = "Inès Moreau"
                line.email = "ines.moreau@example.org"
        meeting = form.record
        self.assertEqual(meeting.sudo().event_type_id, self.env.ref("pope_training.event_type_information_meeting"))
        self.assertEqual(meeting.pope_kind, "information_meeting")
        self.assertEqual(meeting.date_end - meeting.date_begin, timedelta(hours=2))
        self.assertFalse(meeting.sudo().event_mail_ids)
        self.assertEqual(self.enrolments(meeting).partner_id.name, "Inès Moreau")

    def test_a_kind_without_a_type_sends_no_mail_of_odoo_either(self):
        event = self.create_event(False, pope_kind="training")
        self.assertEqual(event.pope_kind, "training")
        self.assertFalse(event.event_mail_ids)

    def test_presence_is_ticked_in_place(self):
        registrations = self.register(self.meeting, *self.holders)
        with Form(self.meeting.with_user(self.user_pope), "pope_training.event_event_view_form") as form:
            for index in (0, 1):
                with form.registration_ids.edit(index) as line:
                    line.pope_is_present = True
        self.assertEqual(registrations.mapped("state").count("done"), 2)
        self.assertEqual(self.enrolments(self.meeting).mapped("state").count("done"), 2)
        registrations.filtered("pope_is_present")[0].pope_is_present = False
        self.assertEqual(registrations.mapped("state").count("done"), 1)

    def test_those_present_move_on_once(self):
        came = self.create_project()
        absent = self.create_project("Absente", self.holders[1:2])
        registrations = self.register(self.meeting, *self.holders)
        self.at(self.meeting.date_end)
        (registrations[0] | registrations[2]).pope_is_present = True
        meeting = self.meeting.with_user(self.user_pope)
        message = meeting.action_pope_close_meeting()["params"]["message"]
        self.assertIn("1", message)
        self.assertIn("Chloé Martin", message, "present without a project")
        self.assertTrue(came.pope_meeting_attended)
        self.assertEqual(came.stage_id, self.stage_diagnosis)
        self.assertFalse(absent.pope_meeting_attended)
        self.assertEqual(absent.stage_id, self.stage_contact)
        self.assertTrue(self.meeting.stage_id.pipe_end)
        came.stage_id = self.stage_meeting
        meeting.action_pope_close_meeting()
        self.assertEqual(came.stage_id, self.stage_meeting, "closing again moves nobody")
        self.assertEqual(came.pope_meeting_date, self.meeting.date_begin)

    def test_a_project_made_at_the_meeting_moves_on_too(self):
        self.register(self.meeting, self.holders[0])
        project = self.create_project()
        self.at(self.meeting.date_end)
        self.meeting.registration_ids.pope_is_present = True
        self.meeting.with_user(self.user_pope).action_pope_close_meeting()
        self.assertTrue(project.pope_meeting_attended)
        self.assertEqual(self.enrolments(self.meeting).lead_id, project)

    def test_a_meeting_to_come_is_not_closed(self):
        with self.assertRaises(UserError):
            self.meeting.with_user(self.user_pope).action_pope_close_meeting()

    def test_our_registrations_never_become_sales_opportunities(self):
        rule = self.env["event.lead.rule"].create(
            {"name": "Toutes", "lead_creation_basis": "attendee", "lead_creation_trigger": "create"}
        )
        stock = self.create_event(False)
        self.register(self.meeting, self.holders[0])
        self.register(stock, self.holders[1])
        leads = self.env["crm.lead"].search([("event_lead_rule_id", "=", rule.id)])
        self.assertEqual(leads.event_id, stock)


@tagged("post_install", "-at_install")
class TestMeetingDate(MeetingCase):
    def setUp(self):
        super().setUp()
        self.project = self.create_project()
        self.registration = self.register(self.meeting, self.holders[0])

    def reminders(self, *states):
        return self.rows(self.project, *states).filtered(
            lambda row: row.rule_id.date_field_id.name in ("pope_meeting_date", "date_meeting")
        )

    def test_the_invitation_gives_the_address_of_the_meeting_itself(self):
        self.meeting.address_id = self.env["res.partner"].create(
            {
                "name": "Maison des associations",
                "street": "3 rue du Cygne",
                "zip": "93200",
                "city": "Saint-Denis",
                "is_company": True,
            }
        )
        rule = self.env.ref("pope_crm.rule_meeting_invitation")
        body = rule._preview(self.project, self.holders[0])["body_html"]
        self.assertIn("Maison des associations, 3 rue du Cygne, 93200 Saint-Denis", body)
        self.meeting.address_id = False
        self.assertNotIn("Maison des associations", rule._preview(self.project, self.holders[0])["body_html"])

    def test_an_enrolment_plans_the_reminders_of_the_meeting(self):
        self.assertEqual(self.project.pope_meeting_date, self.meeting.date_begin)
        planned = self.reminders("planned")
        self.assertTrue(planned)
        self.assertEqual(planned.partner_id, self.holders[0])

    def test_a_meeting_moved_moves_the_reminders(self):
        before = self.reminders("planned")
        new = self.meeting.date_begin + timedelta(days=14)
        self.meeting.with_user(self.user_pope).write({"date_begin": new, "date_end": new + timedelta(hours=2)})
        self.assertEqual(self.project.pope_meeting_date, new)
        self.assertEqual(set(before.mapped("state")), {"cancelled"})
        after = self.reminders("planned")
        self.assertEqual(len(after), len(before))
        self.assertGreater(min(after.mapped("date_planned")), min(before.mapped("date_planned")))

    def test_a_registration_cancelled_cancels_the_reminders(self):
        self.registration.with_user(self.user_pope).action_cancel()
        self.assertFalse(self.project.pope_meeting_date)
        self.assertFalse(self.reminders("planned"))
        self.registration.action_confirm()
        self.assertEqual(self.project.pope_meeting_date, self.meeting.date_begin)

    def test_a_meeting_called_off_cancels_the_reminders(self):
        self.meeting.kanban_state = "cancel"
        self.assertFalse(self.project.pope_meeting_date)
        self.assertFalse(self.reminders("planned"))

    def test_an_archived_meeting_cancels_the_reminders(self):
        self.meeting.active = False
        self.assertFalse(self.project.pope_meeting_date)

    def test_the_next_of_two_meetings_counts(self):
        earlier = self.create_event("information_meeting", days=5)
        again = self.register(earlier, self.holders[0])
        self.assertEqual(self.project.pope_meeting_date, earlier.date_begin)
        again.action_cancel()
        self.assertEqual(self.project.pope_meeting_date, self.meeting.date_begin)

    def test_a_date_typed_by_hand_is_left_alone(self):
        typed = self.now + timedelta(days=50)
        self.project.pope_meeting_date = typed
        self.registration.action_cancel()
        self.assertEqual(self.project.pope_meeting_date, typed)

    def test_trainings_and_discovery_days_plan_no_meeting(self):
        other = self.create_project("Autre", self.holders[1:2])
        for kind in ("training", "discovery_day"):
            self.register(self.create_event(kind), self.holders[1])
        self.assertFalse(other.pope_meeting_date)

    def test_an_event_that_becomes_a_meeting_enrols_its_people(self):
        project = self.create_project("Autre", self.holders[1:2])
        stock = self.create_event(False)
        registration = self.register(stock, self.holders[1])
        self.assertFalse(self.enrolments(stock))
        stock.event_type_id = self.env.ref("pope_training.event_type_information_meeting")
        self.assertEqual(self.enrolments(registration).lead_id, project)
        self.assertEqual(project.pope_meeting_date, stock.date_begin)
        stock.pope_kind = "training"
        self.assertFalse(project.pope_meeting_date)
        with self.assertRaises(UserError):
            stock.write({"event_type_id": False, "pope_kind": False})
