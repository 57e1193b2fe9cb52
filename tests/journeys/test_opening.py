"""Step 3 of the road: a place opens with its figures and is followed up, or its project ends with a reason."""

from odoo import fields
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestOpeningJourney(JourneyCase):
    def test_no_opening_without_figures_then_follow_ups(self):
        project = self.create_project("MAM du Grand Pré", stage_id=self.stages[-2].id)
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click("button[name=action_pope_next_stage]");
            await find(".modal", "ne peut pas encore être ouvert");
            await find(".modal", "Ouvert le");
            await click(".modal .btn-primary");
            await click(".o_notebook .nav-link", "Ouverture");
            await write("[name=pope_opening_date] input", "02/11/2026");
            await write("[name=pope_places] input", "16");
            await write("[name=pope_childminder_count] input", "4");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await click("button[name=action_pope_next_stage]");
            await find(".o_form_view .o_data_row .o_field_widget[name=state]", "Prévu");
            await click("button[name=action_pope_followups]");
            await find(".o_list_view .o_data_row");
            """,
        )
        self.assertEqual(project.stage_id, self.stage_open)
        self.assertEqual(project.pope_places, 16)
        opened = fields.Date.to_date("2026-11-02")
        self.assertEqual(project.pope_opening_date, opened)
        self.assertEqual(project.pope_followup_ids.mapped("months"), [3, 6, 12, 24, 36])
        self.assertEqual(project.pope_followup_ids[0].date_due, fields.Date.to_date("2027-02-02"))

    def test_reoriented_with_a_reason_then_taken_up_again(self):
        project = self.create_project("MAM des Quatre Vents", stage_id=self.stage_diagnosis.id)
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click(".o_cp_action_menus .dropdown-toggle");
            await click(".o-dropdown--menu .o_menu_item", "Abandon / réorientation");
            await click(".modal .o_field_widget[name=outcome] label", "Réorientation");
            await choose(".modal [name=lost_reason_id] input", "formation", "Entrée en formation");
            await click(".modal button[name=action_close]");
            await find(".ribbon, .o_widget_web_ribbon", "Réorient");
            """,
        )
        self.assertEqual(project.won_status, "lost")
        self.assertTrue(project.lost_reason_id)
        self.assertEqual(project.pope_outcome, "reoriented_training", "a success for funders")
        self.assertEqual(self.rows(project, "to_approve").partner_id, self.holders[:1], "the closing mail waits")
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click("button[name=action_restore]");
            await find("button[name=action_pope_next_stage]");
            """,
        )
        self.assertEqual(project.won_status, "pending")
        self.assertEqual(project.stage_id, self.stage_diagnosis)
