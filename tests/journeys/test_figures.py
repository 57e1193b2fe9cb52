"""The year's figures on one page: what they count, their records, and the workbook."""

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestFiguresJourney(JourneyCase):
    def test_a_figure_says_what_it_counts_and_opens_its_records(self):
        project = self.create_project()
        self.env["pope.interaction"].create({"kind": "call", "lead_id": project.id})
        self.walk(
            "/odoo/chiffres-cles",
            """
            await find("[data-figure=people_active]", "Personnes accompagnées dans l'année");
            if (getComputedStyle(seen(".o_pope_figures_cards")).display !== "grid") {
                throw new Error("the page has lost its style");
            }
            await click("[data-figure=people_active] summary");
            await find("[data-figure=people_active] .o_pope_figure_definition", "un premier contact");
            await click("[data-figure=people_active] .o_pope_figure_value");
            await find(".o_data_row", "Awa Diallo");
            history.back();
            await find("[data-figure=openings]");
            await click(".o_pope_figures_download");
            await pause(2500);
            await click("button", "Analyser les actes");
            await find(".o_pivot", "Échange");
            """,
        )
        attachment = self.env["ir.attachment"].search(
            [("create_uid", "=", self.user_pope.id), ("name", "ilike", "Chiffres")]
        )
        self.assertEqual(len(attachment), 1)
