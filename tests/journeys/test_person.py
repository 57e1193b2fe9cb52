"""Step 4 of the road: from a project to its holders' meetings and trainings, from a person to what the pole did."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestPersonJourney(JourneyCase):
    def test_from_the_project_and_from_the_person(self):
        person = self.env["res.partner"].create({"name": "Solène Kervella", "email": "solene@example.org"})
        project = self.create_project("MAM des Goélands", holders=person)
        begin = fields.Datetime.now() - timedelta(days=3)
        self.env["event.event"].create(
            {
                "name": "Réunion des goélands",
                "event_type_id": self.env.ref("pope_training.event_type_information_meeting").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=2),
                "registration_ids": [Command.create({"partner_id": person.id})],
            }
        )
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click("button[name=action_pope_enrolments]");
            await find(".o_data_row", "Réunion des goélands");
            await click(".o_breadcrumb a, .breadcrumb-item a", "MAM des Goélands");
            await click(".o_notebook .nav-link", "Porteurs");
            await find(".o_data_row", "Solène Kervella");
            """,
        )
        self.walk(
            "/odoo/personnes",
            """
            await find(".o_list_view, .o_kanban_view");
            await write(".o_searchview_input", "Solène");
            (await find(".o_searchview_input")).dispatchEvent(
                new KeyboardEvent("keydown", { key: "Enter", bubbles: true })
            );
            await click(".o_data_row .o_data_cell", "Solène Kervella");
            await click("button[name=action_pope_enrolments]");
            await find(".o_data_row", "Réunion des goélands");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Solène Kervella");
            await click("button[name=action_pope_projects]");
            await find(".o_form_view, .o_kanban_record, .o_data_row", "MAM des Goélands");
            """,
        )
