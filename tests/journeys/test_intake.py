"""Doors: a stranger fills in the form on a phone; the team takes a call and sorts what came in."""

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestContactPageJourney(JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_stranger_writes_from_a_phone(self):
        self.walk(
            "/pope/contact",
            """
            await find("h1", "Parlez-nous de votre projet");
            await find(".notice", "CNIL");
            await find(".notice", "Notice du");
            const fits = () => {
                if (document.documentElement.scrollWidth > 390) { throw new Error("wider than the phone"); }
                for (const field of document.querySelectorAll("form input:not([type=hidden]), select, textarea")) {
                    const box = field.getBoundingClientRect();
                    if (field.name !== "website" && (box.right > 390 || box.left < 0 || box.height < 40)) {
                        throw new Error(`${field.name} is out of the screen, or too small for a finger`);
                    }
                    if (!document.querySelector(`label[for=${field.id}]`)) { throw new Error(`no label: ${field.id}`); }
                }
            };
            fits();
            const send = async (answers) => {
                const data = new FormData(document.querySelector("form"));
                for (const [name, value] of Object.entries(answers)) { data.set(name, value); }
                const page = await fetch(location.href, { method: "POST", body: new URLSearchParams(data) });
                const shown = new DOMParser().parseFromString(await page.text(), "text/html");
                document.body.innerHTML = shown.body.innerHTML;
                fits();
            };
            await pause(3200);
            await send({ first_name: "Lina", message: "Une MAM près du canal" });
            await find(".errors", "vous joindre");
            if (document.querySelector("#message").value !== "Une MAM près du canal") { throw new Error("words lost"); }
            await pause(3200);
            await send({
                first_name: "Lina", last_name: "Faure", phone: "06 99 88 77 66", town_text: "St Denis",
                message: "Une MAM près du canal",
            });
            await find("h1", "Merci");
            """,
            login=None,
        )
        intake = self.env["pope.intake"].search([("name", "=", "Lina FAURE")])
        self.assertEqual((intake.source, intake.state, intake.town_id), ("form", "to_sort", self.town))


@tagged("post_install", "-at_install")
class TestIntakeJourney(JourneyCase):
    def test_a_call_is_taken_and_what_came_is_sorted(self):
        Intake = self.env["pope.intake"]
        Intake.search([]).unlink()
        project = self.create_project("MAM des Alizés")
        new, spam = Intake.create(
            [
                {
                    "source": "form",
                    "name": "Lina Faure",
                    "email": "lina.faure@example.org",
                    "message": "Une micro-crèche",
                },
                {"source": "mail", "name": "Agence", "email": "pub@example.com", "message": "Audit offert"},
            ]
        )
        self.walk(
            "/odoo/a-trier",
            """
            await find(".o_data_row", "Lina Faure");
            await click(".o_control_panel button", "Appel reçu");
            await write(".modal [name=name] input", "Awa Diallo");
            await write(".modal [name=phone] input", "06 12 34 56 01");
            await write(".modal [name=message] textarea", "A trouvé un local");
            await find(".modal [name=lead_id]", "MAM des Alizés");
            await click(".modal button[name=action_saved]");
            await gone(".modal");

            await click(".o_data_row .o_data_cell", "A trouvé un local");
            await click("button[name=action_attach]");
            await find(".o_form_view [name=name] input, .o_form_view [name=name] textarea", "MAM des Alizés");
            await find(".o-mail-Message", "A trouvé un local");

            await click(".o_breadcrumb a, .breadcrumb-item a", "À trier");
            await click(".o_data_row .o_data_cell", "Une micro-crèche");
            await click("button[name=action_make_project]");
            await find(".o_form_view [name=name] input, .o_form_view [name=name] textarea", "Lina Faure");
            await find("[name=pope_next_notification_id]", "Bienvenue");

            await click(".o_breadcrumb a, .breadcrumb-item a", "À trier");
            await click(".o_data_row .o_data_cell", "Audit offert");
            await click("button[name=action_ignore]");
            await click(".modal .o_radio_item label", "Indésirable");
            await click(".modal button[name=action_ignore]");
            await gone(".modal");
            await find(".o_field_widget[name=state], .o_statusbar_status", "Ignoré");
            """,
        )
        self.assertEqual((new.state, spam.state, spam.reason), ("project", "ignored", "spam"))
        self.assertEqual(Intake.search([("state", "=", "attached")]).lead_id, project)
        self.assertEqual(self.rows(new.lead_id).state, "planned")

    def test_the_life_line_of_a_person(self):
        project = self.create_project("MAM des Alizés")
        self.env["pope.interaction"].create({"lead_id": project.id, "kind": "visit", "minutes": 90})
        self.walk(
            f"/odoo/personnes/{self.holders[0].id}",
            """
            await click("button[name=action_pope_life]");
            await find(".o_data_row", "Entrée dans un projet");
            await click(".o_data_row .o_data_cell", "Visite – Awa Diallo");
            await find(".o_form_view [name=minutes] input", "90");
            """,
        )
