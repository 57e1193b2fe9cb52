"""A spreadsheet as people keep it comes in: file, columns, what each row would do, import, refused rows, second run."""

import json

from odoo.tests import tagged

from odoo.addons.pope_crm.models import pope_import

from ..tables import csv_bytes
from .common import JourneyCase
from .test_territory import ATTACH

ROWS = [
    ["Suivi des projets"],
    ["Nom du projet", "Type", "Commune visée", "Étape", "1er contact", "Places", "Nom", "Prénom", "Mail", "SIRET"],
    ["MAM des Sternes", "mam", "St Denis", "Diagnostic", "12 mars 2024", "", "SOW", "Fatou", "fatou@example.org", ""],
    ["MAM des Courlis", "MAM", "93140", "Ouvert", "2016", "", "BA", "Awa", "awa.ba@example.org", "2,43E+13"],
    ["MAM des Avocettes", "MAM", "Bondi", "", "31/02/2024", "", "LY", "Zoé", "zoe.ly@example.org", ""],
    ["TOTAL", "", "", "", "", "12"],
]
FILE = csv_bytes(ROWS).decode()
# the list of fields is long: it is searched
PICK = """
const pick = async (row, typed) => {
    await click(`${row} td[name=field_name]`);
    await click(`${row} td[name=field_name] .o_select_menu_toggler, ${row} td[name=field_name] input`);
    const search = await find(".o_select_menu_sticky input, .o_field_selection_menu input, td[name=field_name] input");
    search.value = typed;
    search.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await click(".o_select_menu_item", typed);
};
"""


@tagged("post_install", "-at_install")
class TestImportJourney(JourneyCase):
    def test_from_the_file_to_the_projects_and_again(self):
        self.env["pope.import"].search([]).unlink()
        self.walk(
            "/odoo/projets",
            ATTACH
            + PICK
            + f"""
            await click(".o_menu_sections button", "Personnes");
            await click(".o-dropdown--menu a[data-menu-xmlid='pope_crm.menu_pope_import']");
            await find(".o_view_nocontent", "Aucun fichier importé");
            await click(".o_list_button_add");
            await attach(".o_field_widget[name=file]", "suivi.csv", {json.dumps(FILE)});
            await click(".o_form_button_save");

            // its columns, and the one that nobody knows
            await find(".o_field_widget[name=row_count]", "4");
            await find(".alert-warning", "Commune visée");
            const unknown = [...document.querySelectorAll(".o_field_widget[name=column_ids] .o_data_row")].findIndex(
                (row) => row.innerText.includes("Commune visée")
            );
            await pick(`.o_field_widget[name=column_ids] .o_data_row:nth-child(${{unknown + 1}})`, "Commune");
            await gone(".alert-warning", "Commune visée");

            // what each row would do
            await click("button[name=action_check]");
            await find(".alert-info", "à créer : 1");
            await find(".alert-info", "refusées : 2");
            await click(".o_notebook .nav-link", "À savoir");
            await find(".o_data_row", "Vouliez-vous dire Bondy");
            await find(".o_data_row", "31/02/2024");
            await find(".o_data_row", "Ouvert, sans");
            await find(".o_data_row", "Un total");

            // open places without their figures are taken, to be completed
            await click(".o_field_widget[name=takes_incomplete] input");
            await click("button[name=action_check]", "Vérifier");
            await find(".alert-info", "à créer : 2");
            await find(".o_data_row", "2,43E+13");
            await click("button[name=action_import]", "Importer");
            await find(".alert-info", "créées : 2");
            await find(".o_arrow_button_current", "Fait");
            await click("button[name=action_refused_file]");
            await pause(1000);

            // the same file again
            await click(".o_form_button_create");
            await find(".o_field_widget[name=file] input[type=file]:not([disabled])").catch(() => null);
            await attach(".o_field_widget[name=file]", "suivi.csv", {json.dumps(FILE)});
            await click(".o_form_button_save");
            await find(".o_field_widget[name=row_count]", "4");
            await gone(".alert-warning", "Commune visée");
            await click(".o_field_widget[name=takes_incomplete] input");
            await click("button[name=action_check]");
            await find(".alert-info", "inchangées : 2");
            await gone("button[name=action_import]");
            await click("button.oe_stat_button", "Déjà là");
            await find(".o_data_row", "MAM des Sternes");
            """,
        )
        first, second = self.env["pope.import"].search([], order="id")
        sterns, curlews = first.line_ids.lead_id.sorted("name", reverse=True)
        self.assertEqual(
            (sterns.name, sterns.pope_town_id, sterns.stage_id.name),
            ("MAM des Sternes", self.town, self.stage_diagnosis.name),
        )
        self.assertTrue(curlews.pope_to_complete)
        self.assertFalse(second.line_ids.filtered(lambda line: line.state == "created"))
        refused = self.env["ir.attachment"].search([("res_model", "=", "pope.import"), ("res_field", "=", False)])
        lines = refused.raw.decode().splitlines()
        self.assertEqual((len(lines), refused.name), (3, "suivi – lignes refusées.csv"))
        self.assertIn("MAM des Avocettes", lines[2])
        self.assertIn("n'est pas une date", lines[2])

    def test_an_open_place_without_figures_is_found_and_completed(self):
        rows = [["Nom du projet", "Ville", "Étape"], ["MAM des Bécasseaux", "Bondy", "Ouvert"]]
        self.env["pope.import"].search([]).unlink()
        self.walk(
            "/odoo/importer/new",
            ATTACH
            + f"""
            await attach(".o_field_widget[name=file]", "anciens.csv", {json.dumps(csv_bytes(rows).decode())});
            await click(".o_field_widget[name=takes_incomplete] input");
            await click("button[name=action_check]");
            await find(".alert-info", "à créer : 1");
            await click("button[name=action_import]");
            await find(".alert-info", "créées : 1");
            await click("a.nav-link", "À savoir");
            await click(".o_data_row button[name=action_open_record]");
            await find(".alert-warning", "à compléter : Ouvert le, Places");
            await click(".o_notebook .nav-link", "Ouverture");
            await write("[name=pope_opening_date] input", "01/09/2016");
            await write("[name=pope_places] input", "12");
            await click(".o_form_button_save");
            await gone(".alert-warning", "à compléter");
            """,
        )

    def test_a_long_import_shows_how_far_it_is_and_may_be_left(self):
        rows = [["Nom du projet", "Ville"], ["MAM des Huîtriers", "Bondy"], ["MAM des Tadornes", "Pantin"]]
        self.patch(pope_import, "AT_ONCE", 1)
        self.walk(
            "/odoo/importer/new",
            ATTACH
            + f"""
            await attach(".o_field_widget[name=file]", "long.csv", {json.dumps(csv_bytes(rows).decode())});
            await click("button[name=action_check]");
            await find(".progress[role=progressbar]");
            await find(".o_form_sheet", "0 lignes sur 2");
            await find("button[name=action_stop]");
            """,
        )
        record = self.env["pope.import"].search([], limit=1)
        self.assertEqual(record.state, "checking")
        record._as_its_user()._advance()  # the cron does it meanwhile
        self.walk(
            f"/odoo/importer/{record.id}",
            """
            await find(".alert-info", "à créer : 2");
            await gone(".progress[role=progressbar]");
            """,
        )

    def test_a_file_that_cannot_be_read_says_why(self):
        self.walk(
            "/odoo/importer/new",
            ATTACH
            + """
            for (const [name, content, words] of [
                ["vide.csv", "\\n", "aucune ligne"],
                ["convention.pdf", "%PDF-1.4", "XLSX ou CSV"],
                ["protege.xlsx", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), "sans mot de passe"],
                ["abime.xlsx", "PK\\u0003\\u0004", "abîmé"],
            ]) {
                await attach(".o_field_widget[name=file]", name, content);
                await click(".o_form_button_save");
                await find(".modal", words);
                await click(".modal button.btn-primary");
                await gone(".modal");
            }
            await click(".o_form_button_cancel");
            """,
        )
