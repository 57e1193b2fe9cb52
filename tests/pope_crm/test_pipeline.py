from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestPipeline(PopeCase):
    def test_a_project_starts_at_first_contact_in_the_incubator(self):
        project = self.create_project()
        self.assertEqual(project.team_id, self.team)
        self.assertEqual(project.stage_id, self.env.ref("pope_crm.stage_contact"))

    def test_next_stage_walks_the_ten_stages(self):
        project = self.create_project()
        walked = [project.stage_id.sequence]
        for _step in range(8):
            project.action_pope_next_stage()
            walked.append(project.stage_id.sequence)
        self.assertEqual(walked, [10, 20, 30, 40, 50, 60, 70, 80, 90])

    def test_the_board_shows_the_ten_stages_in_their_order_empty_ones_too(self):
        self.create_project("Un", stage_id=self.stages[6].id)
        self.create_project("Deux", stage_id=self.stages[2].id)
        columns = (
            self.env["crm.lead"]
            .with_user(self.user_pope)
            .with_context(default_type="project", read_group_expand=True)
            .web_read_group([("type", "=", "project"), ("name", "in", ("Un", "Deux"))], ["stage_id"])
        )
        self.assertEqual([column["stage_id"][0] for column in columns["groups"]], self.stages.ids)

    def test_an_opportunity_is_not_let_into_the_incubator(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead"].create({"type": "opportunity", "name": "Vente", "team_id": self.team.id})

    def test_each_of_many_moved_projects_keeps_the_note_of_its_change(self):
        projects = self.create_project("Un") | self.create_project("Deux") | self.create_project("Trois")
        self.env.cr.precommit.run()
        before = projects.message_ids
        projects.with_user(self.user_pope).stage_id = self.stage_meeting
        self.env.flush_all()
        self.env.cr.precommit.run()
        for project in projects:
            note = (project.message_ids - before).ensure_one()
            change = note.tracking_value_ids.ensure_one()
            self.assertEqual(note.author_id, self.user_pope.partner_id)
            self.assertEqual(change.old_value_char, self.stage_contact.name)
            self.assertEqual(change.new_value_char, self.stage_meeting.name)

    def test_the_sales_team_is_offered_none_of_our_fields_to_filter_on(self):
        Lead = self.env["crm.lead"]
        for xmlid, ours in (
            ("crm.view_crm_case_opportunities_filter", False),
            ("pope_crm.crm_lead_view_search_project", True),
        ):
            fields = Lead.get_views([(self.env.ref(xmlid).id, "search")])["models"]["crm.lead"]["fields"]
            self.assertEqual("pope_town_id" in fields, ours, xmlid)
            self.assertIn("user_id", fields)
