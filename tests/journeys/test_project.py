"""Step 2 of the road: a project with its holders, its card moved through the stages, its e-mails."""

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestProjectJourney(JourneyCase):
    def test_from_first_contact_to_accreditation(self):
        """A known person is proposed, a new one is made on the way; the card is dragged, then its stages clicked."""
        self.holders[1].name = "Nadège Bertin"  # nobody in the demo bears that name
        self.walk(
            "/odoo",
            """
            await click(".o_navbar_apps_menu button");
            await click(".o_app, .dropdown-item", "PôPE");
            await find(".o_pope_todo");
            await click(".o_menu_sections button", "Projets");
            await click(".dropdown-item", "Projets");
            await find(".o_kanban_group");
            await click(".o-kanban-button-new");
            await choose(".o_kanban_quick_create [name=partner_id] input", "Nadège", "Nadège Bertin");
            await write(".o_kanban_quick_create [name=name] input", "MAM du Petit Nuage");
            await click(".o_kanban_quick_create .o_kanban_add");
            await find(".o_kanban_record", "MAM du Petit Nuage");
            await click(".o_kanban_quick_create .o_kanban_cancel");
            for (const stage of ["Réunion", "Diagnostic"]) {
                const column = () => [...document.querySelectorAll(".o_kanban_group")]
                    .find((el) => el.querySelector(".o_kanban_header").textContent.includes(stage));
                const moved = () => column().textContent.includes("MAM du Petit Nuage");
                // a card that is dropped while the board is drawn again stays where it was: a person drags it again
                for (let attempt = 0; attempt < 3 && !moved(); attempt++) {
                    await drag(await find(".o_kanban_record", "MAM du Petit Nuage"), column());
                    for (let wait = 0; wait < 40 && !moved(); wait++) { await pause(); }
                }
                if (!moved()) { throw new Error(`not moved to ${stage}`); }
            }
            await click(".o_kanban_record", "MAM du Petit Nuage");
            await find(".o_form_view .o_field_widget[name=pope_missing_label]", "réunion d'information");
            await click(".o_notebook .nav-link", "Porteurs");
            await click(".o_field_x2many_list_row_add a");
            const input = await find(".o_selected_row [name=partner_id] input");
            input.focus();
            input.value = "Maïmouna Cissokho";
            input.dispatchEvent(new InputEvent("input", { bubbles: true }));
            await click(".o-autocomplete--dropdown-item a", "Créer");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await click(".o_notebook .nav-link", "Pièces");
            const row = await find(".o_data_row.text-danger, .o_data_row.text-warning");
            row.querySelector("button[name=action_tick]").click();
            await find("button[name=action_untick]");
            await click("button[name=action_pope_next_stage]");
            await find(".o_form_statusbar .o_field_widget[name=stage_id]", "Étude de besoins");
            """,
        )
        project = self.env["crm.lead"].search([("name", "=", "MAM du Petit Nuage")])
        self.assertEqual(project.type, "project")
        self.assertEqual(project.pope_holder_ids.mapped("name"), ["Nadège Bertin", "Maïmouna Cissokho"])
        self.assertEqual(project.pope_requirement_row_ids.filtered("is_done").mapped("create_uid"), self.user_pope)
        rows = self.rows(project, "planned").filtered(lambda row: row.partner_id.name == "Nadège Bertin")
        self.assertEqual(rows.rule_id.stage_id, project.stage_id, "moved on within the grace: the last stage's only")
