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

    def test_an_opportunity_is_not_let_into_the_incubator(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead"].create({"type": "opportunity", "name": "Vente", "team_id": self.team.id})
