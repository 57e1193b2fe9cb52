"""What is seen on screen: pictures above the statement, and the totals of each class within the grid of a budget."""

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestSummaryChartJourney(JourneyCase):
    browser_size = "1100x900"

    def budget(self):
        self.env["pope.budget"].search([("kind", "=", "year")]).action_draft()
        self.env["pope.budget"].search([("kind", "=", "year")]).unlink()
        year = self.today().year
        lines = {"c61_loc": 12000, "c61_ass": 800, "c64_rem": 30000, "p74_orgsoc": 42800}
        return self.env["pope.budget"].create(
            {
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "line_ids": [
                    Command.create({"line_id": self.env.ref(f"pope_crm.summary_line_{code}").id, "amount": amount})
                    for code, amount in lines.items()
                ],
            }
        )

    def test_charts_stand_above_the_statement(self):
        self.budget()
        year = self.today().year
        summary = self.env["pope.financial.summary"].create(
            {"kind": "caf", "date_from": f"{year}-01-01", "date_to": f"{year}-12-31"}
        )
        self.walk(
            f"/odoo/syntheses/{summary.id}",
            """
            await find(".o_pope_summary_picture", "Charges par compte");
            await find(".o_pope_summary_picture canvas[aria-label]");
            const canvas = await find(".o_pope_summary_canvas canvas");
            if (!canvas.width || !canvas.height) { throw new Error("an empty picture"); }
            const row = await find("[name=row_ids] .o_data_row", "Achats");
            if (canvas.getBoundingClientRect().bottom > row.getBoundingClientRect().top) {
                throw new Error("the pictures are not above the statement");
            }
            const bubble = await find("[name=row_ids] button[name=action_comment]");
            const sheet = await find("[name=row_ids]");
            if (bubble.getBoundingClientRect().right > sheet.getBoundingClientRect().right) {
                throw new Error("the comments are cut");
            }
            """,
        )

    def test_totals_by_class_follow_what_is_typed(self):
        budget = self.budget()
        self.walk(
            f"/odoo/budgets/{budget.id}",
            r"""
            const digits = (text) => text.replace(/[^0-9,]/g, "");
            const row = await find(".o_pope_budget_class", "61");
            if (!digits(row.innerText).includes("12800,00")) { throw new Error(row.innerText); }
            await click(".o_data_row [name=line_id]", "Locations");
            await write(".o_selected_row [name=amount] input", "13000");
            const total = async () => digits((await find(".o_pope_budget_class", "61")).innerText);
            for (let attempt = 0; attempt < 120 && !(await total()).includes("13800,00"); attempt++) { await pause(); }
            if (!(await total()).includes("13800,00")) { throw new Error(await total()); }
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            """,
        )
        self.assertEqual(budget.total_expense, 43800)
