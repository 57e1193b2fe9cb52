"""A person in French: made with a warning, told of consents, opposed; replaced at the PMI; anonymised on a list."""

import io
import zipfile

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase

TAB = """
    await click(".o_notebook .nav-link", "PôPE");
"""


@tagged("post_install", "-at_install")
class TestContactJourney(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {
                "pope_first_name": "Solène",
                "pope_last_name": "Kervella",
                "email": "les.kervella@example.org",
                "phone": "+33 1 48 13 44 55",
                "lang": "fr_FR",
            }
        )

    def test_a_person_is_made_with_a_warning_and_a_profile(self):
        self.walk(
            "/odoo/personnes/new",
            TAB
            + """
            await write("div[name=pope_first_name] input", "yann");
            await write("div[name=pope_last_name] input", "Kervella");
            await write("div[name=email] input", "les.kervella@example.org");
            await find(".alert-warning", "Solène KERVELLA – même adresse mail");
            await find(".alert-warning a[href='/odoo/personnes/PERSON'][target=_blank]");
            (await find("div[name=pope_gender] input, div[name=pope_gender] select")).click();
            await click(".o_select_menu_item, option", "Ne souhaite pas répondre");
            await click("div[name=pope_consent_ids] .o_field_x2many_list_row_add a");
            await find("div[name=pope_consent_ids] .o_selected_row");
            await click(".o_form_button_save");
            await find(".o_breadcrumb, .breadcrumb-item", "Yann KERVELLA");
            await find("div[name=pope_last_contact]");
            """.replace("PERSON", str(self.person.id)),
        )
        person = self.env["res.partner"].search([("name", "=", "Yann KERVELLA")])
        self.assertEqual((person.email, person.pope_gender), ("les.kervella@example.org", "undisclosed"))
        self.assertEqual(person.pope_consent_ids.state, "given")

    def test_the_card_of_a_new_project_tells_a_known_person(self):
        self.walk(
            "/odoo/projets",
            """
            await find(".o_kanban_group");
            await click(".o-kanban-button-new");
            await write(".o_kanban_quick_create [name=pope_new_first_name] input", "Yann");
            await write(".o_kanban_quick_create [name=pope_new_last_name] input", "Kervella");
            await write(".o_kanban_quick_create [name=phone] input", "0148134455");
            await find(".o_kanban_quick_create .alert-warning", "Solène KERVELLA – même numéro de téléphone");
            await write(".o_kanban_quick_create [name=pope_new_first_name] input", "solene");
            await gone(".o_kanban_quick_create .alert-warning");
            await click(".o_kanban_quick_create .o_kanban_add");
            await find(".o_kanban_record", "Solène KERVELLA");
            """,
        )
        self.assertEqual(self.person.pope_project_count, 1)

    def test_a_person_is_found_by_a_number_and_opposed(self):
        self.env["pope.partner.phone"].create({"partner_id": self.person.id, "number": "07 81 22 33 44"})
        self.walk(
            "/odoo/personnes",
            """
            await find(".o_list_view, .o_kanban_view");
            await write(".o_searchview_input", "07 81 22");
            (await find(".o_searchview_input")).dispatchEvent(
                new KeyboardEvent("keydown", { key: "Enter", bubbles: true })
            );
            await click(".o_data_row .o_data_cell", "Solène KERVELLA");
            """
            + TAB
            + """
            await click("button[name=action_pope_oppose]", "Ne plus rien lui envoyer");
            await click(".modal button.btn-primary");
            await find(".alert-danger", "à ne plus recevoir de mail");
            await find(".o-mail-Message", "les.kervella@example.org");
            await gone("button[name=action_pope_lift_opposition]");
            """,
        )
        self.assertTrue(self.person.pope_opposition_date)
        self.walk(
            f"/odoo/personnes/{self.person.id}",
            """
            await click("button[name=action_pope_lift_opposition]");
            await click(".modal button.btn-primary");
            await gone(".alert-danger", "à ne plus recevoir de mail");
            """,
            login="pope_manager",
        )
        self.assertFalse(self.person.pope_opposition_date)

    def test_someone_takes_over_at_the_pmi(self):
        role = self.env.ref("pope_crm.role_pmi")
        self.person.pope_role_ids = role
        new = self.env["res.partner"].create({"name": "Maël TANGUY"})
        project = self.create_project("MAM des Goélands")
        project.pope_opinion_ids = [Command.clear(), Command.create({"role_id": role.id, "partner_id": self.person.id})]
        self.walk(
            f"/odoo/personnes/{self.person.id}",
            TAB
            + """
            await click("button[name=action_pope_replace]", "Quelqu'un prend sa suite");
            await find(".modal p", "1 avis attendus sur 1 projets en cours");
            await choose(".modal div[name=new_partner_id] input", "Maël", "Maël TANGUY");
            await click(".modal button[name=action_replace]");
            await find(".o_notification", "Maël TANGUY prend la suite");
            await find(".o_breadcrumb, .breadcrumb-item", "Maël TANGUY");
            """,
        )
        self.assertEqual(project.pope_opinion_ids.partner_id, new)
        self.assertFalse(self.person.active)

    def test_a_manager_reads_the_list_keeps_one_and_validates(self):
        other = self.env["res.partner"].create({"pope_first_name": "Maël", "pope_last_name": "Tanguy"})
        people = self.person | other
        self.env.cr.execute("UPDATE res_partner SET create_date = '2019-01-01' WHERE id IN %s", (tuple(people.ids),))
        self.env["pope.retention.review"].search([]).state = "done"
        self.env.invalidate_all()
        self.walk(
            "/odoo/donnees-a-anonymiser",
            """
            await click("button[name=action_propose]", "Faire la liste maintenant");
            const row = await find(".o_data_row", "Maël TANGUY");
            await find(".o_data_row", "Solène KERVELLA");
            row.querySelector("td[name=decision]").click();
            await click("td[name=decision] input, td[name=decision] select");
            await click(".o_select_menu_item, option", "Conserver");
            await click(".o_form_button_save");
            await find("div[name=keep_count]", "1");
            await click("button[name=action_validate]", "Valider");
            await click(".modal button.btn-primary");
            await find(".o_statusbar_status .o_arrow_button_current", "En cours");
            """,
            login="pope_manager",
        )
        lines = self.env["pope.retention.review.line"].search([("partner_id", "in", people.ids)])
        decisions = {line.partner_id: line.decision for line in lines}
        self.assertEqual(decisions, {self.person: "anonymise", other: "keep"})
        self.assertEqual(lines.review_id.state, "validated")
        for line in lines.search(lines._to_do_domain()):
            line._anonymise()
        self.walk(
            "/odoo/personnes",
            """
            await find(".o_data_row", "Maël TANGUY");
            await gone(".o_data_row", "anonymisée");
            await gone(".o_data_row", "Solène KERVELLA");
            """,
        )

    def test_a_manager_downloads_all_that_is_held(self):
        self.authenticate("pope_manager", "pope_manager")
        address = self.person.with_user(self.user_manager).action_pope_file()["url"]
        answer = self.url_open(address)
        self.assertEqual(answer.status_code, 200)
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        self.assertEqual(sorted(archive.namelist()), ["Solène KERVELLA.json", "Solène KERVELLA.xlsx"])
        self.authenticate("pope_user", "pope_user")
        self.assertNotEqual(self.url_open(address).content[:2], b"PK")
