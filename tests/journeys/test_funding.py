"""Steps 1 and 2 of the road of funding: from a scheme to an application filed, refused, renewed, and what is due."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestFundingJourney(JourneyCase):
    def setUp(self):
        super().setUp()
        self.funder = self.env["res.partner"].create({"name": "Fondation des Tilleuls", "is_company": True})

    def test_a_manager_describes_a_scheme(self):
        self.walk(
            "/odoo/dispositifs",
            """
            await find(".o_data_row", "Aide au démarrage des MAM");
            await click(".o_list_button_add");
            await write("[name=name] textarea, [name=name] input", "Appel des Tilleuls");
            await choose("[name=partner_id] input", "Fondation des Til", "Fondation des Tilleuls");
            await write("[name=rate_max] input", "80");
            await write("[name=amount_max] input", "5000");
            await choose("[name=exclusive_ids] input", "Aide au dém", "Aide au démarrage des MAM");
            await click("[name=paper_ids] .o_field_x2many_list_row_add a");
            await write("[name=paper_ids] .o_selected_row [name=name] input", "Lettre de la mairie");
            await click(".o_notebook .nav-link", "Obligations");
            await click("[name=obligation_ids] .o_field_x2many_list_row_add a");
            await write("[name=obligation_ids] .o_selected_row [name=name] input", "Compte rendu financier");
            await write("[name=obligation_ids] .o_selected_row [name=months] input", "6");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            """,
            login="pope_manager",
        )
        scheme = self.env["pope.funding.scheme"].search([("name", "=", "Appel des Tilleuls")])
        self.assertEqual((scheme.rate_max, scheme.amount_max, scheme.partner_id), (0.8, 5000, self.funder))
        self.assertIn(scheme, self.env.ref("pope_crm.scheme_start").exclusive_ids)
        self.assertEqual(scheme.paper_ids.name, "Lettre de la mairie")
        self.assertEqual((scheme.obligation_ids.anchor, scheme.obligation_ids.months), ("year_end", 6))

    def test_from_a_call_for_projects_to_an_application_filed_refused_and_renewed(self):
        scheme = self.env["pope.funding.scheme"].create(
            {
                "name": "Appel des Tilleuls",
                "partner_id": self.funder.id,
                "rate_max": 0.8,
                "window": "yearly",
                "date_closes": self.today() + timedelta(days=20),
                "paper_ids": [Command.create({"name": "Lettre de la mairie"})],
            }
        )
        self.walk(
            "/odoo/financements",
            """
            await find(".o_kanban_view");
            await click(".o-kanban-button-new");
            await choose("[name=scheme_id] input", "Appel des Til", "Appel des Tilleuls");
            await find("[name=partner_id] input", "Fondation des Tilleuls");
            await find("[name=paper_ids] .o_data_row", "Lettre de la mairie");
            await write("[name=name] textarea, [name=name] input", "Une crèche aux Tilleuls");
            await write("[name=amount_asked] input", "9000");
            await click(".o_notebook .nav-link", "L'action");
            await write("[name=objectives] textarea", "Ouvrir vingt places.");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await find(".alert-info", "Le budget de l'action.");

            // the budget, line by line like the form
            await click("button[name=action_budget]");
            const line = async (name) => {
                await click(".o_data_row [name=line_id]", name);
                await find(".o_selected_row [name=line_id] input", name);
            };
            await line("Rémunération des personnels");
            await write(".o_selected_row [name=amount] input", "10000");
            await click(".o_notebook .nav-link", "Produits");
            await line("Aides privées");
            await write(".o_selected_row [name=amount] input", "9000");
            await find(".alert-warning", "il manque 1");
            await line("Ressources propres");
            await write(".o_selected_row [name=amount] input", "1000");
            await find(".alert-success");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Une crèche aux Tilleuls");

            // over the cap: told, not refused
            await find(".alert-warning", "90,0 % du coût éligible");
            await click("button[name=action_sheet]");
            await find(".o_data_row", "Ouvrir vingt places.");
            await find(".o_data_row .o_clipboard_button, .o_data_row .o_field_CopyClipboardChar button");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Une crèche aux Tilleuls");

            await click("button[name=action_file]");
            await click("button[name=action_refuse]");
            await click("button[name=action_renew]");
            await find(".o_arrow_button_current", "À déposer");
            await find("[name=amount_asked] input", "9");
            """,
        )
        refused, renewed = self.env["pope.funding"].search([("scheme_id", "=", scheme.id)], order="id")
        self.assertEqual((refused.state, refused.amount_eligible, renewed.state), ("refused", 10000, "to_file"))
        self.assertEqual(renewed.budget_ids.total_income, 10000)
        self.assertEqual(renewed.paper_ids.name, "Lettre de la mairie")

    def test_what_is_due_is_seen_on_the_calendar_and_done(self):
        self.forget_fundings()
        self.env["mail.activity"].search([]).unlink()
        funding = self.env["pope.funding"].create(
            {"name": "Une crèche aux Tilleuls", "partner_id": self.funder.id, "state": "awarded"}
        )
        due, late = self.env["pope.funding.obligation"].create(
            [
                {"funding_id": funding.id, "name": name, "anchor": "given", "date_due": self.today() + days}
                for name, days in (("Bilan intermédiaire", timedelta(0)), ("Photos du lieu", timedelta(days=-3)))
            ]
        )
        self.walk(
            "/odoo/echeances",
            """
            await click(".fc-event", "Bilan intermédiaire");
            await find(".o_popover", "Fondation des Tilleuls");
            """,
        )
        self.walk(
            "/odoo/a-faire",
            """
            await find("[data-model='pope.funding.deadline'] li", "Photos du lieu");
            await click("[data-model='pope.funding.deadline'] .o_pope_gesture");
            await gone("[data-model='pope.funding.deadline'] li", "Photos du lieu");
            """,
        )
        self.assertEqual((due.state, late.state), ("to_do", "sent"))

    def test_the_printed_sheet_is_text_in_the_order_of_the_form(self):
        funding = self.env["pope.funding"].create(
            {
                "name": "Café des Tilleuls",
                "partner_id": self.funder.id,
                "amount_asked": 6000,
                "objectives": "Former.\nAccompagner.",
            }
        )
        funding.company_id.pope_rna = "W930001234"
        funding.action_budget()
        funding.budget_ids.line_ids.filtered(lambda line: line.code == "p70").amount = 1500
        report = self.env["ir.actions.report"].with_user(self.user_pope)
        report = report.with_context(force_report_rendering=True, lang="fr_FR")
        content, kind = report._render_qweb_pdf("pope_crm.report_funding_sheet", funding.ids)
        self.assertEqual(kind, "pdf")
        words = self.pdf_words(content)
        order = (
            *("Café des Tilleuls", "1. ", "Numéro RNA", "W930001234", "2. Relations avec l'administration"),
            *("3. Relations avec d'autres associations", "4. Moyens humains", "Bénévoles", "Salarié·es"),
            *("6. La demande", "6. Le projet", "Former. Accompagner.", "6 bis. Budget de l'action", "1500"),
        )
        places = [words.find(expected) for expected in order]
        self.assertNotIn(-1, places, dict(zip(order, places, strict=True)))
        self.assertEqual(places, sorted(places), words)
