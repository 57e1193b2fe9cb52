"""A budget: the year typed and imported, then voted; a project's three years from their template; a grant's report."""

import json

from odoo import Command
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

    def test_the_report_of_a_grant_goes_from_the_file_to_the_pdf(self):
        year = self.today().year
        funder = self.env["res.partner"].create({"name": "Ville de Stains", "is_company": True})
        funding = self.env["pope.funding"].create(
            {
                "name": "Contes en plein air",
                "partner_id": funder.id,
                "state": "awarded",
                "amount_awarded": 1000,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "user_id": self.user_pope.id,
            }
        )
        line = self.env.ref("pope_crm.summary_line_ci_fixes")
        income = self.env.ref("pope_crm.summary_line_p74_commune")
        self.env["pope.budget"].create(
            {
                "funding_id": funding.id,
                "line_ids": [
                    Command.create({"line_id": line.id, "amount": 1000, "note": "Loyer"}),
                    Command.create({"line_id": income.id, "amount": 1000}),
                ],
            }
        )
        self.walk(
            f"/odoo/action-pope_crm.pope_funding_action/{funding.id}",
            """
            await click("button[name=action_financial_report]");
            await find(".alert-info", "Hors comptes");
            await find("[name=share_ids] .o_data_row", "Loyer");
            await click("[name=share_ids] .o_data_row [name=rule]");
            await write("[name=share_ids] .o_selected_row [name=base] input", "20000");
            await write("[name=share_ids] .o_selected_row [name=share] input", "5");
            await write("[name=share_ids] .o_selected_row [name=rule] input", "Heures de l'action");
            await click(".o_notebook .nav-link", "Bilan qualitatif");
            await write("[name=report_description] textarea", "Douze séances de contes.");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await find("[name=row_ids] .o_data_row", "Charges fixes de fonctionnement");
            await click("button[name=action_pdf]");
            await pause(3000);
            """,
        )
        report = funding.report_ids
        self.assertEqual(report.share_ids.filtered(lambda share: share.line_id == line).amount, 1000)
        content = self.env["ir.actions.report"].with_context(force_report_rendering=True, lang="fr_FR")
        pdf = content._render_qweb_pdf("pope_crm.report_cerfa_15059", report.ids)[0]
        words = self.pdf_words(pdf)
        for told in ("Compte rendu financier", "Douze séances de contes", "Heures de l'action", "Je soussigné"):
            self.assertIn(told, words)
