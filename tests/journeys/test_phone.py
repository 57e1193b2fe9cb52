"""The project form on a phone."""

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestPhoneJourney(JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_project_form_fits(self):
        project = self.create_project("MAM des Coquelicots")
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await find(".o_form_view [name=name] input, .o_form_view [name=name] textarea", "MAM des Coquelicots");
            for (const selector of [".o_form_sheet", "[name=pope_town_id]", "[name=user_id]"]) {
                const box = (await find(selector)).getBoundingClientRect();
                if (box.right > 391 || box.left < 0) { throw new Error(`${selector} leaves the screen`); }
            }
            if (document.documentElement.scrollWidth > 390) { throw new Error("wider than the phone"); }
            await click(".o_kanban_record:first-of-type [name=action_tick]");
            await find(".o_kanban_record:has([name=action_untick])", "Notice");
            const next = seen("button[name=action_pope_next_stage]");
            if (next) { next.click(); } else {
                await click(".o_statusbar_buttons button, .o_cp_action_menus button");
                await click("button[name=action_pope_next_stage]");
            }
            await find(".o_form_statusbar .o_field_widget[name=stage_id]", "Réunion");
            """,
        )
        self.assertEqual(project.stage_id, self.stage_meeting)
        self.assertEqual(project.pope_requirement_row_ids.user_id, self.user_pope, "one line ticked on the phone")
