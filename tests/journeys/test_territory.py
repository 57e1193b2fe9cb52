"""The official list of QPV, an answer noted on a person, the card that tells it, addresses out and answers in."""

import json

from odoo.tests import tagged

from .common import JourneyCase

LIST = "code_qpv;nom_qpv;codes_insee\nQN99901M;Les Tilleuls;93066\nQN99902M;Le Canal;93001\nTOTAL;2 quartiers;\n"
ATTACH = """
const attach = async (selector, name, content) => {
    const field = await find(selector);
    const files = new DataTransfer();
    files.items.add(new File([content], name, { type: "text/csv" }));
    const input = field.querySelector("input[type=file]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await find(`${selector} .o_input, ${selector} a, ${selector} input`, name);
};
"""
# on a narrow screen the last menus stand behind a sign
SETTINGS = """
const openSettings = async () => {
    await find(".o_menu_sections button");
    await pause(300);
    const shown = seen(".o_menu_sections > button, .o_menu_sections > .dropdown-toggle", "Configuration");
    await (shown ? shown.click() : click(".o_menu_sections_more button"));
};
"""
# the few districts of the town are proposed at once: nothing to type
PICK = """
const pick = async (selector, proposal) => {
    (await find(selector)).click();
    await click(".o-autocomplete--dropdown-item a", proposal);
    await gone(".o-autocomplete--dropdown-menu");
};
"""


@tagged("post_install", "-at_install")
class TestTerritoryJourney(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pope.district.answer"].search([]).unlink()
        cls.env["pope.district"].search([]).unlink()
        cls.env["pope.project.member"].search([]).unlink()
        cls.env["pope.premises"].search([]).unlink()
        cls.person = cls.holders[0]
        cls.person.write({"street": "8 allée des Tilleuls", "zip": "93200", "city": "Saint-Denis"})
        cls.project = cls.create_project("MAM des Goélands")
        cls.premises = cls.env["pope.premises"].create(
            {"name": "27 rue de la République", "lead_id": cls.project.id, "town_id": cls.town.id, "is_chosen": True}
        )

    def import_list(self):
        generation = self.env.ref("pope_crm.district_generation_2024")
        self.env["pope.district"]._import_list(
            generation,
            [
                (2, {"code": "QN99901M", "name": "Les Tilleuls", "towns": "93066"}),
                (3, {"code": "QN99902M", "name": "Le Canal", "towns": "93001"}),
            ],
            apply=True,
        )

    def test_a_manager_imports_the_official_list(self):
        self.walk(
            "/odoo/projets",
            ATTACH
            + SETTINGS
            + f"""
            await openSettings();
            await click(".o-dropdown--menu a", "Importer la liste des QPV");
            await find(".modal .o_field_widget[name=generation_id] input", "Liste 2024");
            await attach(".modal .o_field_widget[name=data]", "liste.csv", {json.dumps(LIST)});
            await click(".modal button[name=action_read]");
            await find(".modal .o_field_widget[name=summary]", "Nouveau : 2");
            await find(".modal .o_data_row", "n'est pas un code de quartier prioritaire");
            await find(".modal .o_field_widget[name=column_code_id] input", "code_qpv (QN99901M)");
            await click(".modal button[name=action_apply]");
            await find(".modal .alert-success", "Nouveau : 2");
            await click(".modal button.btn-secondary", "Fermer");
            await gone(".modal");
            await openSettings();
            await click(".o-dropdown--menu a[data-menu-xmlid='pope_crm.menu_pope_district']");
            await find(".o_data_row", "Les Tilleuls");
            await openSettings();
            await click(".o-dropdown--menu a[data-menu-xmlid='pope_crm.menu_pope_town']");
            await find(".o_data_row", "Aulnay-sous-Bois");
            await write(".o_searchview_input", "93380");
            (await find(".o_searchview_input")).dispatchEvent(
                new KeyboardEvent("keydown", {{ key: "Enter", bubbles: true }})
            );
            await gone(".o_data_row", "Aulnay-sous-Bois");
            await click(".o_data_row .o_data_cell", "Saint-Denis");
            await find(".o_form_view .o_field_widget[name=former_names] input", "Pierrefitte");
            await find(".o_form_view .o_field_widget[name=person_share]", "aucune vérification (non vérifié·es : 1)");
            await find(".o_form_view .o_data_row", "Les Tilleuls");
            """,
            login="pope_manager",
        )
        self.assertEqual(self.town.district_ids.mapped("name"), ["Les Tilleuls"])

    def test_an_answer_is_noted_and_the_card_tells_the_district(self):
        self.import_list()
        self.walk(
            f"/odoo/personnes/{self.person.id}",
            PICK
            + """
            await click(".o_notebook .nav-link", "PôPE");
            await find(".o_field_widget[name=pope_district_state]", "Non vérifié");
            await click("button[name=action_pope_district_answer]");
            await click(".modal .o_field_widget[name=state] label", "En QPV");
            await pick(".modal .o_field_widget[name=district_id] input", "Les Tilleuls");
            await click(".modal footer button", "Enregistrer");
            await gone(".modal");
            await find(".o_field_widget[name=pope_district_state]", "En QPV");
            await find(".o_field_widget[name=pope_district_answer_ids] .o_data_row", "Cherché sur la carte officielle");
            """,
        )
        self.assertEqual(self.person.pope_district_id.name, "Les Tilleuls")
        self.walk(
            f"/odoo/projets/{self.project.id}",
            PICK
            + """
            await find(".o_field_widget[name=pope_district_state]", "Non vérifié");
            await click("button[name=action_pope_district_answer]");
            await click(".modal .o_field_widget[name=state] label", "En QPV");
            await pick(".modal .o_field_widget[name=district_id] input", "Les Tilleuls");
            await click(".modal footer button", "Enregistrer");
            await gone(".modal");
            await find(".o_field_widget[name=pope_district_id]", "Les Tilleuls");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Projets");
            const card = await find(".o_kanban_record", "MAM des Goélands");
            const line = card.innerText.replace(/\\s+/g, " ");
            if (!line.includes("Saint-Denis · QPV Les Tilleuls · 1 personne")) { throw new Error(line); }
            """,
        )
        self.assertEqual(self.premises.pope_district_id.name, "Les Tilleuls")

    def test_addresses_go_out_and_their_answer_comes_in(self):
        self.import_list()
        Answer = self.env["pope.district.answer"]
        answer = "reference;adresse;Code QP\n"
        answer += f"{Answer._reference(self.person)};8 allée des Tilleuls;QN99901M\n"
        answer += f"{Answer._reference(self.premises)};27 rue de la République;\n"
        answer += "P1-ABCDEFABCDEF;inconnue;QN99901M\n"
        self.walk(
            "/odoo/personnes",
            ATTACH
            + f"""
            await click(".o_menu_sections button", "Personnes");
            await click(".o-dropdown--menu a", "Adresses à vérifier");
            await find(".modal .o_field_widget[name=person_share]", "aucune vérification (non vérifié·es : 1)");
            await find(".modal .o_field_widget[name=address_count]", "2");
            await click(".modal button[name=action_export]");
            await find(".modal .o_field_widget[name=data]", "adresses_");
            await click(".modal footer button", "Reprendre la réponse");
            await find(".modal-title", "Réponse de l'outil");
            await attach(".modal .o_field_widget[name=data]", "retour.csv", {json.dumps(answer)});
            await click(".modal button[name=action_read]");
            await find(".modal .o_field_widget[name=summary]", "Refusé : 1");
            await click(".modal .o_field_widget[name=empty_means] label", "hors de tout QPV");
            await click(".modal button[name=action_check]");
            await find(".modal .o_field_widget[name=summary]", "Hors QPV : 1");
            await click(".modal button[name=action_apply]");
            await find(".modal .alert-success", "En QPV : 1");
            await click(".modal button.btn-secondary", "Fermer");
            await gone(".modal");
            await click(".o_menu_sections button", "Personnes");
            await click(".o-dropdown--menu a", "Adresses à vérifier");
            await find(".modal .o_field_widget[name=person_share]", "1 en QPV sur 1");
            await click(".modal button[name=action_people]");
            await find(".o_pivot", "En QPV");
            await click(".o_switch_view.o_list");
            await find(".o_data_row", "Awa");
            """,
        )
        self.assertEqual(self.person.pope_district_state, "in")
        self.assertEqual(self.premises.pope_district_state, "out")
