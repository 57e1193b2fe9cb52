from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import NotificationCase


@tagged("post_install", "-at_install")
class TestAccreditation(NotificationCase):
    def test_a_second_project_finds_the_accreditation_done(self):
        first = self.create_project()
        first.pope_member_ids.with_user(self.user_pope).write(
            {"accreditation_date": "2025-03-01", "training_date": "2025-02-01", "first_aid_date": "2025-01-15"}
        )
        second = self.create_project("Deuxième projet")
        member = second.pope_member_ids.with_user(self.user_pope)
        self.assertEqual(member.accreditation_state, "granted")
        self.assertEqual(member.accreditation_end_date, fields.Date.to_date("2030-02-28"), "five years, to correct")
        self.assertTrue(member.training_date and member.first_aid_date)
        for name in ("requirement_holder_accreditation", "requirement_first_aid"):
            requirement = self.env.ref(f"pope_crm.{name}")
            lines = second.pope_checklist_ids.filtered(lambda line, asked=requirement: line.requirement_id == asked)
            self.assertEqual(lines.mapped("state"), ["done"], name)

    def test_an_accreditation_runs_out_on_all_projects(self):
        projects = self.create_project() | self.create_project("Deuxième projet")
        person = self.holders[0]
        person.pope_accreditation_date = "2015-01-01"
        self.assertFalse(any(projects.pope_member_ids.mapped("accreditation_is_valid")))
        person.pope_accreditation_end_date = self.today()
        self.assertTrue(all(projects.pope_member_ids.mapped("accreditation_is_valid")))
        person.pope_accreditation_state = "refused"
        self.assertFalse(any(projects.pope_member_ids.mapped("accreditation_is_valid")))
        with self.assertRaises(ValidationError):
            person.pope_accreditation_end_date = "2014-01-01"

    def test_only_the_team_reads_it(self):
        employee = self._new_user("employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.holders[0].with_user(employee).read(["pope_accreditation_date"])


@tagged("post_install", "-at_install")
class TestLeave(NotificationCase):
    def leave(self, member, **values):
        action = member.with_user(self.user_pope).action_leave()
        wizard = self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"])
        wizard.create(values).action_leave()

    def test_who_leaves_is_written_to_no_more_and_leaves_the_checklist(self):
        self.at(self.now)
        project = self.create_project(holders=self.holders[:2])
        gone, stays = project.pope_member_ids
        self.assertIn(gone, project.pope_checklist_ids.member_id)
        self.leave(gone, note="Reprend un emploi.")
        states = {row.partner_id: (row.state, row.reason) for row in self.rows(project)}
        self.assertEqual(states[gone.partner_id], ("cancelled", "left"))
        self.assertEqual(states[stays.partner_id], ("planned", False))
        self.env.invalidate_all()
        self.assertEqual(project.pope_checklist_ids.member_id, stays)
        self.assertEqual(project.pope_holder_ids, stays.partner_id)
        notes = " ".join(project.message_ids.mapped("body"))
        self.assertIn(gone.partner_id.name, notes)
        self.assertIn("Reprend un emploi.", notes)

    def test_who_left_may_come_back(self):
        project = self.create_project(holders=self.holders[:2])
        member = project.pope_member_ids[0]
        project.pope_checklist_ids.filtered(lambda line: line.member_id == member)[:1].action_tick()
        self.leave(member)
        member.with_user(self.user_pope).action_return()
        self.env.invalidate_all()
        self.assertTrue(member.is_present)
        lines = project.pope_checklist_ids.filtered(lambda line: line.member_id == member)
        self.assertEqual(lines.mapped("state").count("done"), 1, "what was ticked is still there")

    def test_leaving_on_a_day_to_come_changes_nothing_before(self):
        self.at(self.now)
        project = self.create_project(holders=self.holders[:2])
        self.leave(project.pope_member_ids[0], date=self.now.date() + timedelta(days=30))
        self.assertEqual(len(project.pope_holder_ids), 2)
        self.assertEqual(set(self.rows(project).mapped("state")), {"planned"})

    def test_who_shares_the_mailbox_still_receives(self):
        self.at(self.now)
        self.holders[1].email = self.holders[0].email
        project = self.create_project(holders=self.holders[:2])
        row = self.rows(project)
        self.assertEqual(len(row), 1, "one mailbox, one mail")
        self.leave(project.pope_member_ids.filtered(lambda member: member.partner_id == row.partner_id))
        self.assertEqual(row.state, "planned")
        self.assertEqual(row.partner_id, project.pope_holder_ids)

    def test_the_contact_is_handed_over(self):
        project = self.create_project(holders=self.holders[:2], partner_id=self.holders[0].id)
        self.leave(project.pope_member_ids[0])
        self.assertEqual(project.partner_id, self.holders[1])

    def test_nobody_leaves_before_joining(self):
        project = self.create_project(holders=self.holders[:2])
        with self.assertRaises(ValidationError):
            self.leave(project.pope_member_ids[0], date="2020-01-01")


@tagged("post_install", "-at_install")
class TestSplit(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Requirement = cls.env["pope.stage.requirement"]
        Requirement.search([]).active = False
        cls.statutes, cls.diploma = Requirement.create(
            [
                {"name": "Statuts", "stage_id": cls.stage_contact.id, "kind": "paper"},
                {"name": "Diplôme", "stage_id": cls.stage_contact.id, "kind": "paper", "scope": "holder"},
            ]
        )
        cls.project = cls.create_project(holders=cls.holders, partner_id=cls.holders[0].id, pope_meeting_attended=True)

    def wizard(self, leaving, **values):
        action = self.project.with_user(self.user_pope).action_pope_split()
        Wizard = self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"])
        members = self.project.pope_member_ids.filtered(lambda member: member.partner_id in leaving)
        return Wizard.create({"member_ids": [Command.set(members.ids)], "name": "MAM Les Grands Pas", **values})

    def split(self, leaving, **values):
        return self.env["crm.lead"].browse(self.wizard(leaving, **values).action_split()["res_id"])

    def test_some_leave_and_both_projects_say_so(self):
        new = self.split(self.holders[:1])
        self.assertEqual(new.pope_holder_ids, self.holders[0])
        self.assertEqual(self.project.pope_holder_ids, self.holders[1:])
        self.assertEqual((new.pope_origin_id, self.project.pope_offshoot_ids), (self.project, new))
        self.assertIn(f'data-oe-id="{new.id}"', " ".join(self.project.message_ids.mapped("body")))
        self.assertIn(f'data-oe-id="{self.project.id}"', " ".join(new.message_ids.mapped("body")))
        self.assertEqual((new.partner_id, self.project.partner_id), (self.holders[0], self.holders[1]))
        self.assertEqual((new.stage_id, new.pope_town_id, new.user_id), (self.stage_contact, self.town, self.user_pope))
        self.assertTrue(new.pope_meeting_attended, "they did come to the meeting")

    def test_no_mail_leaves(self):
        project_rows = self.rows(self.project)
        before = self.env["mail.mail"].search_count([])
        new = self.split(self.holders[:1])
        self.assertEqual(set(self.rows(new).mapped("state")), {"skipped"})
        self.assertEqual(set(self.rows(new).mapped("reason")), {"split"})
        theirs = project_rows.filtered(lambda row: row.partner_id == self.holders[0])
        self.assertEqual(set(theirs.mapped("state")), {"cancelled"})
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        new.stage_id = self.stage_meeting
        self.assertIn("to_approve", self.rows(new).mapped("state"), "later stages are written about as usual")

    def test_papers_of_the_people_follow_them_and_documents_are_chosen(self):
        lines = self.project.pope_checklist_ids
        lines.filtered(lambda line: line.member_id.partner_id == self.holders[0]).action_tick()
        lines.filtered(lambda line: line.requirement_id == self.statutes).action_tick()
        statutes = self.project.pope_requirement_row_ids.filtered(lambda row: not row.member_id)
        statutes.attachment_ids = [Command.create({"name": "statuts.pdf", "raw": b"%PDF"})]
        plan, letter = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": b"x", "res_model": "crm.lead", "res_id": self.project.id}
                for name in ("plan.png", "lettre.pdf")
            ]
        )
        stranger = plan.copy({"name": "autre", "res_id": self.create_project("Autre").id})
        new = self.split(self.holders[:1], paper_ids=statutes.ids, attachment_ids=[Command.set((plan | stranger).ids)])
        rows = new.pope_requirement_row_ids
        self.assertEqual(rows.filtered("member_id").member_id.partner_id, self.holders[0])
        self.assertEqual(rows.filtered(lambda row: not row.member_id).attachment_ids.mapped("name"), ["statuts.pdf"])
        self.assertEqual(self.project.pope_requirement_row_ids, statutes, "the former project keeps its own")
        self.assertEqual(statutes.attachment_ids.mapped("name"), ["statuts.pdf"])
        files = self.env["ir.attachment"].search([("res_model", "=", "crm.lead"), ("res_id", "=", new.id)])
        self.assertEqual(files.mapped("name"), ["plan.png"])
        self.assertEqual((plan | letter).mapped("res_id"), [self.project.id] * 2)

    def test_somebody_leaves_and_somebody_stays(self):
        with self.assertRaises(UserError):
            self.split(self.holders)
        with self.assertRaises(UserError):
            self.split(self.env["res.partner"])

    def test_the_window_proposes_what_the_project_says(self):
        action = self.project.action_pope_split()
        Wizard = self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"])
        with Form(Wizard) as form:
            self.assertEqual(form.town_id, self.town)
            self.assertEqual(form.stage_id, self.stage_contact)
            form.name = "MAM Les Grands Pas"
            form.member_ids = self.project.pope_member_ids[:1]

    def test_an_open_place_gives_birth_to_a_project_that_begins(self):
        self.project.write({"pope_opening_date": "2026-01-05", "pope_places": 16, "pope_childminder_count": 3})
        self.project.stage_id = self.stage_open
        new = self.split(self.holders[:1])
        self.assertEqual(new.stage_id, self.stage_contact)
        self.assertFalse(new.pope_opening_date)

    def test_split_and_reunited_nothing_is_lost(self):
        self.project.pope_checklist_ids.filtered(
            lambda line: line.member_id.partner_id == self.holders[0]
        ).action_tick()
        new = self.split(self.holders[:1])
        (self.project | new)._pope_merge_into(self.project)
        self.assertFalse(new.exists())
        self.assertEqual(self.project.pope_holder_ids, self.holders)
        self.assertEqual(len(self.project.pope_member_ids), 3)
        self.assertEqual(self.project.pope_requirement_row_ids.member_id.partner_id, self.holders[0])
        self.assertFalse(self.project.pope_origin_id)


@tagged("post_install", "-at_install")
class TestReunite(NotificationCase):
    def merge(self, projects, head=None):
        action = projects.with_user(self.user_pope).action_pope_merge()
        Wizard = self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"])
        wizard = Wizard.create({"lead_id": head.id} if head else {})
        return self.env["crm.lead"].browse(wizard.action_merge()["res_id"])

    def test_the_user_chooses_the_one_that_stays(self):
        one, two = self.create_project("Un"), self.create_project("Deux", holders=self.holders[1:2])
        two.stage_id = self.stage_meeting
        self.assertEqual(self.merge(one | two, head=one), one)
        self.assertEqual((one.name, one.stage_id), ("Un", self.stage_contact))
        self.assertFalse(two.exists())
        three = self.create_project("Trois", holders=self.holders[2:])
        three.stage_id = self.stage_meeting
        self.assertEqual(self.merge(one | three), three, "by default the most advanced")

    def test_what_the_one_that_stays_does_not_say_comes_from_the_others(self):
        one = self.create_project("Un", pope_town_id=False, pope_places_planned=12)
        two = self.create_project(
            "Deux", holders=self.holders[1:2], pope_places_planned=16, pope_interview_date="2026-01-10"
        )
        self.merge(one | two, head=one)
        self.assertEqual(one.pope_town_id, self.town)
        self.assertEqual(one.pope_places_planned, 12)
        self.assertEqual(one.pope_interview_date, fields.Date.to_date("2026-01-10"))

    def test_a_holder_of_both_stays_once_with_all_their_papers(self):
        one, two = (self.create_project(name, holders=self.holders[:2]) for name in ("Un", "Deux"))
        member, twin = one.pope_member_ids[0], two.pope_member_ids[0]
        member.date_exit = self.today()
        twin.date_entry = "2025-09-01"
        asked = two.pope_checklist_ids.filtered(lambda line: line.member_id == twin)[:2]
        asked.action_tick()
        requirements = asked.requirement_id
        one.pope_checklist_ids.filtered(lambda line: line.member_id == one.pope_member_ids[1])[:1].action_tick()
        self.merge(one | two, head=one)
        self.env.invalidate_all()
        self.assertEqual(len(one.pope_member_ids), 2)
        self.assertTrue(member.is_present, "present on one of the two, present")
        self.assertEqual(member.date_entry, fields.Date.to_date("2025-09-01"))
        rows = one.pope_requirement_row_ids.filtered(lambda row: row.member_id == member)
        self.assertEqual(rows.requirement_id, requirements)

    def test_a_paper_of_both_keeps_the_files_of_both(self):
        requirement = self.env["pope.stage.requirement"].create(
            {"name": "Statuts", "stage_id": self.stage_contact.id, "kind": "paper"}
        )
        one, two = self.create_project("Un"), self.create_project("Deux", holders=self.holders[1:2])
        for project, state in ((one, "asked"), (two, "done")):
            row = self.env["pope.lead.requirement"].create(
                {"lead_id": project.id, "requirement_id": requirement.id, "state": state, "note": project.name}
            )
            row.attachment_ids = [
                Command.create({"name": project.name, "raw": b"x", "res_model": row._name, "res_id": row.id})
            ]
        self.merge(one | two, head=one)
        row = one.pope_requirement_row_ids.filtered(lambda row: row.requirement_id == requirement)
        self.assertEqual((row.state, row.note), ("done", "Un – Deux"))
        self.assertEqual(set(row.attachment_ids.mapped("name")), {"Un", "Deux"})
        self.assertEqual(set(row.attachment_ids.mapped("res_id")), {row.id})

    def test_a_mail_that_both_would_send_leaves_once(self):
        self.at(self.now)
        one, two = self.create_project("Un"), self.create_project("Deux")
        self.rows(two).state = "planned"
        self.merge(one | two, head=one)
        self.assertEqual(sorted(self.rows(one).mapped("state")), ["cancelled", "planned"])
        self.assertEqual(self.rows(one, "cancelled").reason, "merged")

    def test_a_reminder_of_the_others_date_leaves_once_and_mine_stays(self):
        self.at(self.now)
        meeting = self.now + timedelta(days=20)
        one = self.create_project("Un", pope_meeting_date=meeting, stage_id=self.stage_meeting.id)
        two = self.create_project(
            "Deux", holders=self.holders[1:2], pope_meeting_date=meeting, stage_id=self.stage_meeting.id
        )
        self.env.flush_all()
        expected = {(row.rule_id, row.partner_id) for row in self.rows(one, "planned") | self.rows(two, "planned")}
        self.assertGreater(len(expected), 2)
        self.merge(one | two, head=one)
        planned = self.rows(one, "planned", "to_approve")
        self.assertEqual({(row.rule_id, row.partner_id) for row in planned}, expected)
        self.assertEqual(len(planned), len(expected))

    def test_writing_the_same_date_again_changes_no_mail(self):
        self.at(self.now)
        project = self.create_project(pope_meeting_date=self.now + timedelta(days=20), stage_id=self.stage_meeting.id)
        before = {row: row.state for row in self.rows(project)}
        project.pope_meeting_date = self.now + timedelta(days=20)
        self.assertEqual({row: row.state for row in self.rows(project)}, before)

    def test_the_history_says_it_in_our_words(self):
        one, two = self.create_project("Un"), self.create_project("Deux", holders=self.holders[1:2])
        two.message_post(body="Premier appel")
        self.merge(one | two, head=one)
        history = " ".join(one.message_ids.mapped("body"))
        self.assertIn("Deux", history)
        self.assertIn(self.holders[1].name, history)
        self.assertIn("Premier appel", history)
        self.assertNotIn("Opportunit", history)
        self.assertNotIn("opportunit", history)

    def test_one_project_alone_is_not_merged(self):
        with self.assertRaises(UserError):
            self.merge(self.create_project())

    def test_an_answered_followup_is_not_lost(self):
        one = self.create_project("Un", stage_id=self.stages[-2].id)
        two = self.create_project("Deux", holders=self.holders[1:2], stage_id=self.stages[-2].id)
        for project in one | two:
            project.write({"pope_opening_date": "2026-01-05", "pope_places": 16, "pope_childminder_count": 3})
            project.stage_id = self.stage_open
        answered = two.pope_followup_ids[0]
        answered.write({"state": "answered", "status": "open", "place_count": 15})
        months = sorted(one.pope_followup_ids.mapped("months"))
        self.merge(one | two, head=one)
        self.assertEqual(sorted(one.pope_followup_ids.mapped("months")), months)
        self.assertIn(answered, one.pope_followup_ids)

    def test_where_others_came_from_is_the_project_that_stays(self):
        one, two = self.create_project("Un"), self.create_project("Deux", holders=self.holders[1:2])
        child = self.create_project("Enfant", holders=self.holders[2:])
        child.pope_origin_id = two
        self.merge(one | two, head=one)
        self.assertEqual(child.pope_origin_id, one)

    def test_a_person_on_two_projects_counts_once(self):
        projects = self.create_project() | self.create_project("Deuxième projet")
        (count,) = self.env["pope.project.member"]._read_group(
            [("lead_id", "in", projects.ids), ("is_present", "=", True)], [], ["partner_id:count_distinct"]
        )
        self.assertEqual(count, (1,))
        self.assertEqual(self.holders[0].pope_project_count, 2)
