"""*Noter un échange* in three taps, on a phone; its hours found again at the desk."""

from odoo.tests import tagged

from .common import JourneyCase

FITS = """
const fits = () => {
    if (document.documentElement.scrollWidth > 390) { throw new Error("wider than the phone"); }
};
"""


@tagged("post_install", "-at_install")
class TestInteractionPhoneJourney(JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_three_taps_from_the_project(self):
        project = self.create_project("MAM des Coquelicots", holders=self.holders)
        self.walk(
            f"/odoo/projets/{project.id}",
            FITS
            + """
            await find(".o_form_view [name=name] input, .o_form_view [name=name] textarea", "MAM des Coquelicots");
            fits();
            await click(".o_form_sheet button[name=action_pope_note_interaction]");
            await find(".modal [name=partner_ids] .o_tag", "Chloé Martin");
            fits();
            await click(".modal [name=kind] .o_selection_badge", "Visite");
            await find(".modal [name=quick_minutes] .o_selection_badge.active", "1\u00a0h\u00a030");
            await click(".modal button[name=action_done]");
            await gone(".modal");
            await find(".o_form_view");
            """,
        )
        noted = project.pope_interaction_ids
        self.assertEqual((noted.kind, noted.minutes, noted.user_id), ("visit", 90, self.user_pope))
        self.assertEqual(noted.partner_ids, self.holders)

    def test_with_note_and_next_step_from_the_person(self):
        project = self.create_project("MAM des Bleuets")
        self.walk(
            f"/odoo/personnes/{self.holders[0].id}",
            FITS
            + """
            await click(".o_form_sheet button[name=action_pope_note_interaction]");
            await click(".modal [name=kind] .o_selection_badge", "Appel");
            await click(".modal [name=quick_minutes] .o_selection_badge", "30 min");
            await write(".modal [name=note] textarea", "Cherche un local avec jardin.");
            await write(".modal [name=next_step] input", "Envoyer la liste des locaux");
            await find(".modal [name=next_date] input, .modal [name=next_date] button");
            fits();
            await click(".modal button[name=action_done]");
            await gone(".modal");
            await find(".o_form_view");
            """,
        )
        noted = project.pope_interaction_ids
        self.assertEqual((noted.minutes, noted.note), (30, "Cherche un local avec jardin."))
        self.assertEqual(project.activity_ids.summary, "Envoyer la liste des locaux")


@tagged("post_install", "-at_install")
class TestInteractionJourney(JourneyCase):
    def test_hours_are_read_without_counting(self):
        self.env["pope.interaction"].search([]).unlink()
        project = self.create_project("MAM des Tilleuls", holders=self.holders)
        self.env["pope.interaction"].create(
            [
                {"lead_id": project.id, "kind": "appointment", "minutes": 60},
                {"lead_id": project.id, "kind": "call", "minutes": 30, "partner_ids": self.holders[:1].ids},
            ]
        )
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click("button[name=action_pope_interactions]");
            await find(".o_data_row", "Rendez-vous");
            await find(".o_list_footer", "01:30");
            await click(".o_switch_view.o_pivot");
            await find(".o_pivot table", "Nombre");
            await find(".o_pivot table tbody", "Saint-Denis");
            await find(".o_pivot table tbody", "01:30");
            await click(".o_switch_view.o_graph");
            await find(".o_graph_renderer canvas");
            """,
        )
