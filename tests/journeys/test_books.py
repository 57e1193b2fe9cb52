"""The accountant's file comes in: what it holds, accepted knowingly, then seen in a summary down to its lines."""

import base64
import json

from odoo.tests import tagged

from ..pope_crm.test_fec import line, written
from .common import JourneyCase
from .test_territory import ATTACH

LINES = [
    line(1, "613200", "4800", day="20240315", label="Loyer de mars", CompteLib="Loyers"),
    line(1, "512000", "", "4800", day="20240315"),
    line(2, "641100", "30000", day="20240630", label="Salaires", CompteLib="Salaires"),
    line(2, "512000", "", "29000", day="20240630"),
    line(3, "606300", "12", day="20250102", label="Hors exercice"),
    line(3, "512000", "", "12", day="20250102"),
]
FILE = written(LINES).decode()


@tagged("post_install", "-at_install")
class TestBooksJourney(JourneyCase):
    def test_from_the_accountant_s_file_to_the_line_behind_a_figure(self):
        self.env["pope.books"].search([("state", "=", "accepted")]).action_refuse()  # of the demo
        self.walk(
            "/odoo/comptabilite-ailleurs",
            ATTACH
            + f"""
            await click(".o_list_button_add");
            await find(".alert-info", "une balance");
            await attach(".o_field_widget[name=file]", "FEC2024.txt", {json.dumps(FILE)});
            const dates = async (field, value) => {{
                await click(`.o_field_widget[name=date_from] [data-field=${{field}}]`);
                await write(`.o_field_widget[name=date_from] input[data-field=${{field}}]`, value);
            }};
            await dates("date_from", "01/01/2024");
            await dates("date_to", "31/12/2024");
            await click("button[name=action_check]");

            // what it holds
            await find(".o_arrow_button_current", "À accepter");
            await find("[name=report_html] tr", "Lignes hors de l");
            await find("[name=report_html] tr", "ligne 4");
            await find("[name=report_html]", "tabulation");
            await click("button[name=action_accept]");
            await find(".o_notification, .modal", "tel quel");
            if (seen(".modal .btn-primary")) {{ await click(".modal .btn-primary"); }}
            await click("[name=accepts_problems] input");
            await click("button[name=action_accept]");
            await find(".o_arrow_button_current", "Accepté");
            await find(".o-mail-Message", "en connaissance de cause");
            """,
            login="pope_manager",
        )
        books = self.env["pope.books"].search([("file_name", "=", "FEC2024.txt")])
        self.assertEqual((books.state, books.line_count, books.accepted_user_id), ("accepted", 6, self.user_manager))
        self.assertEqual(base64.b64decode(books.file).decode(), FILE)
        summary = self.env["pope.financial.summary"].create({"date_from": "2024-01-01", "date_to": "2024-12-31"})
        self.walk(
            f"/odoo/syntheses/{summary.id}",
            """
            await find("[name=sources_html]", "comptabilité importée (FEC2024.txt)");
            const row = await find("[name=row_ids] .o_data_row", "Locations");
            row.querySelector("button[name=action_open_items]").click();
            await find(".o_list_view .o_data_row", "Loyer de mars");
            await click(".o_list_view .o_data_row .o_list_record_selector input");
            """,
            login="pope_manager",
        )
