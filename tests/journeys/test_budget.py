"""A budget: the year typed and imported, then voted; three years of a project from its template."""

import json

from odoo.tests import tagged

from .common import JourneyCase
from .test_territory import ATTACH

FILE = "Ligne;Montant;Détail\nLocations;12 000;Bail\nConseil(s) régional(aux);12 500;ESS\n"


@tagged("post_install", "-at_install")
class TestBudgetJourney(JourneyCase):
    def test_a_year_is_typed_and_imported_then_voted(self):
        self.env["pope.budget"].search([("kind", "=", "year")]).action_draft()
        self.env["pope.budget"].search([("kind", "=", "year")]).unlink()
        self.walk(
            "/odoo/budgets",
            ATTACH
            + f"""
            await click(".o_list_button_add");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await click(".o_data_row [name=line_id]", "Rémunération des personnels");
            await write(".o_selected_row [name=amount] input", "500");
            await find(".o_pope_budget_totals .alert-warning", "il manque 500");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");

            await click(".o_statusbar_buttons button", "Importer un fichier");
            await attach(".modal .o_field_widget[name=data]", "budget.csv", {json.dumps(FILE)});
            await click(".modal button[name=action_read]");
            await find(".modal .o_data_row", "Locations");
            await click(".modal button[name=action_apply]");
            await find(".modal .alert-success");
            await click(".modal button", "Fermer");
            await gone(".modal");
            await find(".o_pope_budget_totals .alert-success", "égaux");
            await find(".o_pope_budget_totals", "12");
            await click("button[name=action_vote]");
            await click(".modal .btn-primary");
            await find(".o_arrow_button_current", "Voté");
            """,
        )
        budget = self.env["pope.budget"].search([("kind", "=", "year")])
        self.assertEqual((budget.state, budget.total_expense, budget.total_income), ("voted", 12500, 12500))

    def test_three_years_of_a_mam_start_from_its_template(self):
        project = self.create_project(
            "MAM Les Roitelets", pope_structure_type_id=self.env.ref("pope_crm.structure_type_mam").id
        )
        self.walk(
            f"/odoo/action-pope_crm.crm_lead_action_project/{project.id}",
            """
            await click("button[name=action_pope_budgets]");
            await click(".o_list_button_add");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await click(".o_statusbar_buttons button", "Partir de");
            await find(".modal", "Une MAM vit de ce que ses assistantes maternelles");
            await click(".modal button[name=action_start]");
            await gone(".modal");
            await find(".o_data_row", "voir le bail");
            await click(".o_data_row [name=line_id]", "Locations");
            await write(".o_selected_row [name=amount_2] input", "900");
            await find(".o_pope_budget_totals .alert-warning", "Année 2");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            """,
        )
        self.assertEqual(project.pope_budget_ids.total_expense_2, 900)
