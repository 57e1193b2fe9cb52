"""LibreOffice computes the formulas of the Cerfa workbooks again and finds the values that they were stored with."""

import io

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged

from ..common import PopeCase
from .test_workbook import compute_again


@tagged("post_install", "-at_install")
class TestCerfaWorkbookComputedAgain(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        funder = cls.env["res.partner"].create({"name": "Ville de Stains", "is_company": True})
        cls.funding = cls.env["pope.funding"].create(
            {
                "name": "Contes en plein air",
                "partner_id": funder.id,
                "state": "awarded",
                "amount_asked": 900,
                "amount_awarded": 900,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        )
        amounts = {"c60_mat": 100.4, "c62_hono": 733.4, "ci_fixes": 210.2, "p74_commune": 900, "k864": 50, "k875": 60}
        cls.env["pope.budget"].create(
            {
                "funding_id": cls.funding.id,
                "line_ids": [
                    Command.create({"line_id": cls.env.ref(f"pope_crm.summary_line_{code}").id, "amount": amount})
                    for code, amount in amounts.items()
                ],
            }
        )

    def assert_computed_again(self, content, least):
        formulas, stored = (load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
        computed, checked = compute_again(content), 0
        for sheet in formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                told, found = (book[sheet.title][cell.coordinate].value for book in (stored, computed))
                with self.subTest(sheet=sheet.title, cell=cell.coordinate, formula=cell.value):
                    if told in (None, ""):
                        self.assertIn(found, (None, ""))
                    else:
                        self.assertAlmostEqual(told, found, 4)
                checked += 1
        self.assertGreater(checked, least)

    def test_every_formula_of_the_budget(self):
        self.assert_computed_again(self.funding.budget_ids._form_workbook(), 10)

    def test_every_formula_of_the_financial_report(self):
        report = self.env["pope.financial.summary"].browse(self.funding.action_financial_report()["res_id"])
        shared = report.share_ids.filtered(lambda share: share.line_id.code == "ci_fixes")
        shared.write({"base": 4100, "share": 5, "rule": "Heures"})
        report.invalidate_recordset()
        self.assert_computed_again(report._render_xlsx(report._figures()), 80)
