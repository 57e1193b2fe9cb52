"""Step 5 of the road: the first workbook for the CAF."""

import io

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestSummaryJourney(JourneyCase):
    def test_the_year_in_a_workbook(self):
        self.user_pope.group_ids += self.env.ref("account.group_account_readonly")
        account, bank = (
            self.env["account.account"].create({"code": code, "name": name, "account_type": kind})
            for code, name, kind in (
                ("633384", "Formation des salariées", "expense"),
                ("512984", "Banque", "asset_cash"),
            )
        )
        journal = self.env["account.journal"].create({"name": "Divers", "code": "ODJ", "type": "general"})
        self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": self.today().replace(day=1),
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": 120.5}),
                    Command.create({"account_id": bank.id, "credit": 120.5}),
                ],
            }
        ).action_post()
        self.walk(
            "/odoo/syntheses",
            """
            await click(".o_list_button_add");
            await write("[name=name] input, [name=name] textarea", "Bilan pour la CAF");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await find(".o_data_row", "120,50");
            await click("button[name=action_download_xlsx]");
            await pause(2500);
            """,
        )
        summary = self.env["pope.financial.summary"].search([("name", "=", "Bilan pour la CAF")])
        workbook = (
            self.env["ir.attachment"]
            .search([("res_model", "=", summary._name), ("res_id", "=", summary.id)])
            .ensure_one()
        )
        self.authenticate("pope_user", "pope_user")
        answer = self.url_open(f"/web/content/{workbook.id}?download=true")
        book = load_workbook(io.BytesIO(answer.content), data_only=True)
        values = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
        self.assertIn(120.5, values)
