"""LibreOffice computes the formulas of the France Active workbooks again and finds the values stored with them."""

import io

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged

from ..pope_crm.test_france_active import FranceActiveCase
from .test_workbook import compute_again


@tagged("post_install", "-at_install")
class TestFranceActiveComputedAgain(FranceActiveCase):
    def assert_computed_again(self, content, least):
        formulas, stored = (load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
        computed, checked = compute_again(content), 0
        for sheet in formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                told, found = (book[sheet.title][cell.coordinate].value for book in (stored, computed))
                with self.subTest(sheet=sheet.title, cell=cell.coordinate, formula=cell.value):
                    self.assertIsInstance(found, int | float)
                    self.assertAlmostEqual(told, found, 2)
                checked += 1
        self.assertGreater(checked, least)

    def content(self, summary):
        self.env.invalidate_all()
        french = summary.with_context(lang="fr_FR")
        return french._render_xlsx(french._figures())

    def test_every_formula_of_the_follow_up(self):
        grant = self.grant((6000, "2026-03-01", 1000, "2026-03-05"), (4000.33, "2026-09-01", 0, False))
        self.loan([grant])
        self.loan(name="Ordinateurs", amount=2000.01, rate=1.5, method="constant_capital", months=7)
        self.book("101000", -5000, day="2024-02-01")
        self.book("613200", 800.55, counterpart="401100")
        self.book("641100", 1200.07)
        self.assert_computed_again(self.content(self.follow_up), 120)

    def test_every_formula_of_the_file_of_a_project(self):
        project = self.env["crm.lead"].create(
            {"name": "MAM du parc", "type": "project", "company_id": self.pole.id, "team_id": self.own_team().id}
        )
        lines = {"n_works": 20000.1, "n_equip": 5000.2, "r_own": 15000}
        self.env["pope.budget"].create(
            {
                "kind": "plan",
                "lead_id": project.id,
                "line_ids": [
                    Command.create({"line_id": self.env.ref(f"pope_crm.summary_line_{code}").id, "amount": amount})
                    for code, amount in lines.items()
                ],
            }
        )
        self.grant((800, "2026-02-01", 300, "2026-02-03"), lead_id=project.id)
        self.loan(lead_id=project.id)
        summary = self.create_summary(kind="france_active_project", lead_id=project.id)
        self.assert_computed_again(self.content(summary), 60)
