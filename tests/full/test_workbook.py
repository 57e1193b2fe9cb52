"""LibreOffice computes a workbook's formulas again, from nothing, and finds the values that it was stored with."""

import io
import pathlib
import subprocess
import tempfile

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.pope_crm.xlsx import cash_plan

from ..common import PopeCase


def compute_again(content):
    """The workbook as LibreOffice computes it: the stored values are taken away before."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bare = folder / "bare.xlsx"
        load_workbook(io.BytesIO(content)).save(bare)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
        done = subprocess.run(
            [*command, "--outdir", folder / "out", bare], capture_output=True, text=True, timeout=180, check=False
        )
        result = folder / "out" / bare.name
        if not result.exists():
            raise AssertionError(done.stdout + done.stderr)
        return load_workbook(result, data_only=True)


@tagged("post_install", "-at_install")
class TestWorkbookComputedAgain(PopeCase):
    def test_every_formula_of_the_caf_workbook(self):
        accounts = self.env["account.account"].create(
            [
                {"code": code, "name": name, "account_type": kind}
                for code, name, kind in (
                    ("606984", "Fournitures", "expense"),
                    ("633984", "Formation", "expense"),
                    ("641984", "Salaires", "expense"),
                    ("864984", "Personnel bénévole", "expense"),
                    ("741984", "Subvention de la CAF", "income"),
                    ("756984", "Cotisations", "income"),
                    ("870984", "Bénévolat", "income"),
                    ("512984", "Banque", "asset_cash"),
                )
            ]
        )
        *lines, bank = accounts
        journal = self.env["account.journal"].create({"name": "Divers", "code": "ODL", "type": "general"})
        year = fields.Date.today().year
        moves = self.env["account.move"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": f"{date_year}-01-15",
                    "line_ids": [
                        Command.create({"account_id": account.id, side: amount}),
                        Command.create({"account_id": bank.id, other: amount}),
                    ],
                }
                for date_year in (year, year - 1)
                for number, account in enumerate(lines)
                for side, other in [
                    ("debit", "credit") if account.code[0] in "68" and account.code[:2] != "87" else ("credit", "debit")
                ]
                for amount in [round(1234.56 * (number + 1) + date_year % 7 + 0.07, 2)]
            ]
        )
        summary = self.env["pope.financial.summary"].create(
            {"name": "Bilan", "date_from": f"{year}-01-01", "date_to": f"{year}-12-31"}
        )
        empty = load_workbook(io.BytesIO(summary._render_xlsx(summary._figures())), data_only=True).worksheets[1]
        moves.action_post()
        summary.invalidate_recordset()
        content = summary.with_context(lang="fr_FR")._render_xlsx(summary._figures())
        formulas = load_workbook(io.BytesIO(content))
        stored = load_workbook(io.BytesIO(content), data_only=True)
        computed = compute_again(content)
        checked = moved = 0
        for sheet in formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type != "f":
                        continue
                    told, found = (book[sheet.title][cell.coordinate].value for book in (stored, computed))
                    with self.subTest(sheet=sheet.title, cell=cell.coordinate, formula=cell.value):
                        self.assertIsInstance(found, int | float)
                        self.assertAlmostEqual(told, found, 2)
                    checked += 1
                    moved += sheet is formulas.worksheets[1] and empty[cell.coordinate].value != told
        self.assertGreater(checked, 30)
        self.assertGreater(moved, 10, "the entries are in it")

    def test_every_formula_of_a_cash_plan(self):
        plans, today = self.env["pope.cash.plan"].with_context(lang="fr_FR"), fields.Date.context_today(self.env.user)
        self.env["pope.cash.forecast"].create(
            [
                {"name": name, "kind": kind, "amount": amount, "date": today, "recurrence": "monthly"}
                for name, kind, amount in (
                    ("Loyer", "rent", 700.1),
                    ("Dons", "other_in", 333.33),
                    ("=1+1", "tax", 0.07),
                )
            ]
        )
        content = cash_plan.write(plans._workbook_data(plans.get_page()))
        formulas = load_workbook(io.BytesIO(content)).active
        stored = load_workbook(io.BytesIO(content), data_only=True).active
        computed = compute_again(content).active
        checked = 0
        for row in formulas.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    told, found = (book[cell.coordinate].value for book in (stored, computed))
                    with self.subTest(cell=cell.coordinate, formula=cell.value):
                        self.assertAlmostEqual(told, found, 2)
                    checked += 1
        self.assertEqual(checked, 12 * 4 + 11)
