"""The pictures above a summary say what its lines say."""

from odoo import Command
from odoo.tests import tagged

from .test_financial_summary import FinanceCase


@tagged("post_install", "-at_install")
class TestSummaryCharts(FinanceCase):
    def charts(self, summary=None):
        return {chart["title"]: chart for chart in (summary or self.summary).with_context(lang="en_US").charts or []}

    def test_the_actual_stands_beside_the_budget_by_class(self):
        self.book_a_year()
        rent, grant = (self.env.ref(f"pope_crm.summary_line_{code}") for code in ("c61_loc", "p74_orgsoc"))
        self.env["pope.budget"].create(
            {
                "company_id": self.pole.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "line_ids": [
                    Command.create({"line_id": rent.id, "amount": 5000}),
                    Command.create({"line_id": grant.id, "amount": 41000}),
                ],
            }
        )
        self.env.invalidate_all()
        chart = self.charts()["Charges by class"]
        self.assertEqual([series["label"] for series in chart["series"]], ["Budget 2026", "Actual 2026"])
        planned, done = (dict(zip(chart["labels"], series["values"], strict=True)) for series in chart["series"])
        self.assertEqual((planned["61"], done["61"], done["64"]), (5000, 4800, 39300.25))
        self.assertEqual(sum(done.values()), self.amount("total_c"))
        income = self.charts()["Income by class"]
        self.assertEqual(sum(income["series"][1]["values"]), self.amount("total_p"))

    def test_without_a_budget_it_stands_beside_last_year(self):
        self.book_a_year()
        chart = self.charts()["Charges by class"]
        self.assertEqual([series["label"] for series in chart["series"]], ["Actual 2025", "Actual 2026"])
        self.assertNotIn("Cash at the end of each month", self.charts())

    def test_a_year_without_a_figure_has_no_picture(self):
        self.assertFalse(self.summary.charts)

    def test_the_follow_up_of_france_active_shows_the_cash_with_its_lowest_point(self):
        self.book_a_year()
        summary = self.create_summary(kind="france_active", date_as_of="2026-06-30")
        chart = self.charts(summary)["Cash at the end of each month"]
        cash = summary.live_figures["cash"]
        self.assertEqual(chart["series"][0]["values"], cash["closing"])
        self.assertEqual(chart["series"][0]["values"][chart["lowest"]], cash["minimum"]["amount"])

    def test_a_frozen_summary_keeps_its_pictures(self):
        self.book_a_year()
        before = self.summary.charts
        self.comment_all()
        self.summary.action_freeze()
        self.book("613200", 999)
        self.assertEqual(self.summary.charts, before)
