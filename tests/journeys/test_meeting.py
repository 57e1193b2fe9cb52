"""An information meeting, from its planning to the next date of who did not come, as a member of the team."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestMeetingJourney(JourneyCase):
    def setUp(self):
        super().setUp()
        self.env["event.event"].search([("pope_kind", "=", "information_meeting")]).kanban_state = "blocked"

    def create_meeting(self, name, days, people=()):
        begin = fields.Datetime.now().replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=days)
        return self.env["event.event"].create(
            {
                "name": name,
                "event_type_id": self.env.ref("pope_training.event_type_information_meeting").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=2),
                "company_id": self.company.id,
                "registration_ids": [Command.create({"name": person.name, "email": person.email}) for person in people],
            }
        )

    def test_plan_print_tick_move_and_offer_the_next_date(self):
        project = self.create_project("MAM des Alizés")
        other = self.create_project("Café du Canal", self.holders[1:2])
        (self.rows(project) | self.rows(other))._cancel()
        past = self.create_meeting("Réunion de mars", -1, self.holders[:2])
        self.walk(
            "/odoo/reunions",
            """
            await click(".o_control_panel button", "Nouveau");
            await write(".o_field_widget[name=name] input, .o_field_widget[name=name] textarea", "Réunion d'avril");
            const day = new Date(Date.now() + 20 * 86400000);
            const two = (number) => String(number).padStart(2, "0");
            const date = `${two(day.getDate())}/${two(day.getMonth() + 1)}/${day.getFullYear()}`;
            await click(".o_field_widget[name=date_begin] button");
            await write(".o_field_widget[name=date_begin] input", `${date} 14:00`);
            await click(".o_field_widget[name=name] input, .o_field_widget[name=name] textarea");
            await click(".o_form_button_save");
            await find(".o_field_widget[name=pope_public_url]", "/pope/reunions/");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Réunions d'information");

            await click(".o_data_cell", "Réunion de mars");
            const row = await find(".o_field_x2many_list .o_data_row", "Awa Diallo");
            row.querySelector("td[name='pope_is_present']").click();
            await find(".o_field_x2many_list td[name='pope_is_present'] input:checked");
            await click("button[name=action_pope_close_meeting]");
            await find(".o_notification", "Projets avancés : 1.");
            await find(".o_field_x2many_list .o_data_row .text-bg-success");
            await click("button[name=action_pope_offer_dates]");
            await find(".o_notification", "autre date est proposée : 1.");
            await find(".o_data_row .o_field_badge", "Autre date proposée");
            await find("button", "Feuille d'émargement");
            """,
        )
        planned = self.env["event.event"].search([("name", "=", "Réunion d'avril")])
        self.assertEqual((planned.pope_kind, planned.company_id), ("information_meeting", self.company))
        self.assertFalse(planned.event_mail_ids)
        self.assertTrue(project.pope_meeting_attended)
        self.assertEqual((project.stage_id, other.stage_id), (self.stage_diagnosis, self.stage_contact))
        [row] = self.rows(other, "planned")
        self.assertEqual(row.rule_id, self.env.ref("pope_training.rule_registration_offered"))
        self.assertIn(f"?date={planned.id}", row._render()[row.id]["body_html"])
        self.authenticate("pope_user", "pope_user")
        sheet = self.url_open(f"/report/pdf/pope_training.report_attendance_sheet/{past.id}")
        self.assertEqual(sheet.headers["Content-Type"], "application/pdf")

    def test_from_the_project_one_click_shows_the_meetings_of_its_people(self):
        project = self.create_project("MAM des Alizés", self.holders[:2])
        self.create_meeting("Réunion de mars", -20, self.holders[:1])
        self.create_meeting("Réunion d'avril", 15, self.holders[:2])
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click("button[name=action_pope_enrolments]", "3");
            await find(".o_data_row", "Réunion de mars");
            await find(".o_data_row", "Réunion d'avril");
            if (document.querySelectorAll(".o_data_row").length !== 3) { throw new Error("three rows"); }
            """,
        )
