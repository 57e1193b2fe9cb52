"""From a programme to a session whose half-days are laid out, and to a project holder who is enrolled in it."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.pope_training.core.public_holidays import is_public_holiday

from .common import JourneyCase

DAYS = """
const NAME = "Vie d'équipe, printemps";
const two = (number) => String(number).padStart(2, "0");
const said = (day) => `${two(day.getDate())}/${two(day.getMonth() + 1)}/${day.getFullYear()}`;
const [tuesday, thursday] = ["%s", "%s"].map((day) => new Date(`${day}T12:00`));
"""


@tagged("post_install", "-at_install")
class TestSessionJourney(JourneyCase):
    def test_programme_session_laid_out_holder_enrolled(self):
        project = self.create_project("MAM des Alizés", self.holders[:1])
        self.walk(
            "/odoo/catalogue-formations",
            """
            await click(".o_control_panel button", "Nouveau");
            await write(".o_field_widget[name=name] input, .o_field_widget[name=name] textarea", "Vie d'équipe");
            await write(".o_field_widget[name=duration_hours] input", "14:00");
            await click(".o_form_button_save");
            await find(".o_field_widget[name=gaps]", "Prérequis");
            await click("button[name=action_publish]");
            await find(".modal, .o_notification", "il manque encore");
            """,
        )
        program = self.env["pope.training.program"].search([("name", "=", "Vie d'équipe")])
        self.assertEqual((program.duration_hours, program.company_id), (14, self.company))
        self.walk(
            "/odoo/sessions/new",
            DAYS % self.days()
            + """
            await write(".o_field_widget[name=name] input, .o_field_widget[name=name] textarea", NAME);
            await choose(".o_field_widget[name=pope_program_id] input", "Vie", "Vie d'équipe");
            await click(".o_form_button_save");
            await click("button", "Poser les demi-journées");
            await click(".modal .o_field_widget[name=date_from] button");
            await write(".modal .o_field_widget[name=date_from] input", said(tuesday));
            await click(".modal .o_field_widget[name=date_from] button[data-field=date_to]");
            await write(".modal .o_field_widget[name=date_from] input[data-field=date_to]", said(thursday));
            await click(".modal-title");
            await find(".modal .o_field_widget[name=hours]", "21:00");
            await find(".modal .o_field_widget[name=line_ids] .o_data_row", "Matin");
            await click(".modal button[name=action_lay_out]");
            await gone(".modal");
            await click(".nav-link", "Dossier");
            await find(".pope_session_file li", "Qualiopi 6");
            await click(".nav-link", "Demi-journées");
            await find(".o_field_widget[name=pope_slot_ids] .o_data_row", "Après-midi");
            """,
        )
        session = self.env["event.event"].search([("name", "=", "Vie d'équipe, printemps")])
        self.assertTrue(session.pope_slot_ids)
        self.assertEqual(session.date_end, max(session.pope_slot_ids.mapped("date_end")))
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click("button[name=action_pope_enrol]");
            await choose(".modal .o_field_widget[name=event_id] input", "Vie d'équipe", "printemps");
            await click(".modal button[name=action_enrol]");
            await gone(".modal");
            await click("button[name=action_pope_enrolments]", "1");
            await find(".o_data_row", "printemps");
            """,
        )
        enrolment = session.registration_ids.pope_enrolment_ids
        self.assertEqual((enrolment.partner_id, enrolment.lead_id), (self.holders[0], project))
        self.assertEqual(enrolment.hours_planned, session.pope_hours_planned)
        self.look(
            f"/odoo/sessions/{session.id}",
            f"/odoo/stagiaires/{enrolment.id}",
            f"/odoo/catalogue-formations/{program.id}",
            "/odoo/formateurs",
        )

    def days(self):
        """A Tuesday and a Thursday to come, without a public holiday between them."""
        day = self.today() + timedelta(days=20)
        while day.weekday() != 1 or any(is_public_holiday(day + timedelta(days=number)) for number in range(3)):
            day += timedelta(days=1)
        return day, day + timedelta(days=2)

    def look(self, *addresses):
        """Every screen opens."""
        for address in addresses:
            self.walk(address, 'await find(".o_form_view, .o_list_view");')
