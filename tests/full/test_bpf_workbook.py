"""LibreOffice computes the formulas of the return again, and finds the values that it was stored with."""

import io

from openpyxl import load_workbook

from odoo.tests import tagged

from odoo.addons.pope_training.xlsx import bpf as workbook

from ..pope_training.test_bpf import BpfCase
from .test_workbook import compute_again


@tagged("post_install", "-at_install")
class TestReturnComputedAgain(BpfCase):
    def test_every_formula_of_the_return(self):
        self.live_a_year()
        content = workbook.write(self.create_return()._workbook_data())
        stored, again = load_workbook(io.BytesIO(content), data_only=True), compute_again(content)
        for sheet in stored.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, int | float):
                        self.assertAlmostEqual(again[sheet.title][cell.coordinate].value, cell.value, 2)
