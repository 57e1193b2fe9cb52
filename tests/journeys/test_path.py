"""From the list of a discovery day to the sheet of Contrat de Ville; by phone, registration and news."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import JourneyCase
from .test_meeting_page import FITS


class PathJourneyCase(JourneyCase):
    def setUp(self):
        super().setUp()
        self.env["event.event"].search([("pope_kind", "=", "discovery_day")]).kanban_state = "blocked"

    def create_day(self, days):
        begin = fields.Datetime.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days)
        return self.env["event.event"].create(
            {
                "name": "Découverte des métiers",
                "event_type_id": self.env.ref("pope_training.event_type_discovery_day").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=6),
                "company_id": self.company.id,
            }
        )


@tagged("post_install", "-at_install")
class TestPathJourney(PathJourneyCase):
    def test_from_a_day_s_list_to_the_sheet_of_contrat_de_ville(self):
        day = self.create_day(-2)
        self.env["event.registration"].create(
            {"event_id": day.id, "name": "Zélie Quentin", "email": "zelie.quentin@example.org"}
        )
        action = self.env.ref("pope_training.crm_lead_action_path").path
        self.walk(
            f"/odoo/journees-decouverte/{day.id}",
            """
            await find("h1 textarea, h1 .o_field_widget", "Découverte des métiers");
            const row = await find(".o_field_x2many_list .o_data_row", "Zélie Quentin");
            row.querySelector("td[name='pope_is_present']").click();
            await find(".o_field_x2many_list td[name='pope_is_present'] input:checked");
            await click(".o_form_button_save");
            await find(".o_field_x2many_list .o_data_row .text-bg-success");
            """,
        )
        path = self.env["crm.lead"].search([("type", "=", "path"), ("partner_id.name", "=", "Zélie Quentin")])
        self.assertEqual(path.stage_id, self.env.ref("pope_training.stage_path_attended"))
        self.walk(
            f"/odoo/{action}",
            """
            await find(".o_kanban_group", "Journée découverte suivie");
            await click(".o_kanban_record", "Zélie Quentin");
            await find(".o_form_view", "Entretien de positionnement");
            await click("button", "Étape suivante");
            await pause(1500);
            await click(".o_menu_sections button, .o_menu_sections a", "Parcours métiers");
            await click(".o-dropdown-item, .dropdown-item", "Fiche Contrat de Ville");
            await find(".modal", "moins de cinq personnes");
            await click(".modal button", "Télécharger la fiche");
            await pause(3000);
            """,
        )
        self.assertEqual(path.stage_id, self.env.ref("pope_training.stage_path_positioned"))
        sheet = self.env["pope.path.sheet"].search([("create_uid", "=", self.user_pope.id)])
        self.assertIn("Contrat de Ville", sheet.file_name)


@tagged("post_install", "-at_install")
class TestPathPhoneJourney(PathJourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_anybody_registers_at_a_discovery_day(self):
        day = self.create_day(9)
        self.walk(
            "/pope/decouverte",
            FITS
            + """
            await find("h1", "Découvrir les métiers de la petite enfance");
            fits();
            await pause(3200);
            const form = () => document.querySelector("form");
            await send(form(), { first_name: "Lina", last_name: "Faure", phone: "0699887766" });
            await find("#errors", "Choisissez une date");
            await pause(3200);
            await send(form(), {
                first_name: "Lina", last_name: "Faure", phone: "0699887766",
                meeting_id: document.querySelector(".date input").value,
            });
            await find("h1", "Merci");
            """,
            login=None,
        )
        self.assertEqual(day.registration_ids.pope_enrolment_ids.path_id.partner_id.name, "Lina FAURE")

    def test_a_person_gives_their_news(self):
        values = {"type": "path", "partner_id": self.holders[0].id, "pope_path_attended_date": self.today()}
        outcome = self.env["crm.lead"].create(values).pope_path_outcome_ids[0]
        self.walk(
            f"/pope/parcours/{outcome.access_token}",
            FITS
            + """
            await find("h1", "Que faites-vous aujourd'hui");
            fits();
            await send(document.querySelector("form"), { situation: "job", contract: "permanent" });
            await find("h1", "Merci");
            """,
            login=None,
        )
        self.assertEqual((outcome.state, outcome.contract), ("answered", "permanent"))
