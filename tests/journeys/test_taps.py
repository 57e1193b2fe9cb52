"""The ten commonest gestures on a phone, from the home page and without dragging: their taps, printed and bounded."""

import re
from datetime import timedelta

from odoo.tests import tagged

from .common import JourneyCase

# gesture: the most taps it may cost, typing in a field being one
BOUNDS = {
    "find a person": 2,
    "call": 2,
    "note an exchange": 3,
    "photograph a document": 3,
    "change stage": 3,
    "tick a line": 3,
    "note a call received": 4,
    "make a project of a first contact": 1,
    "approve a mail": 1,
    "do an activity": 1,
}

# a tap is what a thumb does: on a button, a link, a field that is on the screen or scrolled to
TAPS = """
let taps = 0;
const fits = () => {
    if (document.documentElement.scrollWidth > 390) { throw new Error("wider than the phone"); }
};
const tap = async (selector, text) => {
    const el = await find(selector, text);
    fits();
    el.scrollIntoView({ block: "center" });
    const box = el.getBoundingClientRect();
    if (Math.max(box.height, box.width) < 24) { throw new Error(`too small for a thumb: ${selector}`); }
    taps++;
    el.click();
    await pause();
};
const type = async (selector, value) => { taps++; await write(selector, value); };
const told = (gesture) => { fits(); console.warn(`TAPS ${gesture}: ${taps}`); };
const search = ".o_pope_todo input[type=search]";
await find(search);
"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestTapsJourney(JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {
                "pope_first_name": "Goulven",
                "pope_last_name": "Kervella",
                "phone": "+33 6 99 88 77 66",
                "email": "goulven.kervella@example.org",
                "lang": "fr_FR",
            }
        )
        cls.project = cls.create_project("MAM des Goélands", holders=cls.person)
        # what the demo left
        cls.env["mail.activity"].search([]).unlink()
        cls.env["pope.intake"].search([]).unlink()
        cls.env["pope.notification"].search([("state", "in", ("to_approve", "in_doubt"))])._cancel()

    def gesture(self, name, script):
        """The gesture from the home page; its taps are printed, and more than the bound fails."""
        with self.assertLogs(self._logger.getChild("browser").name, "WARNING") as logs:
            self.walk("/odoo/a-faire", TAPS + script + f'told("{name}");')
        taps = int(re.search(rf"TAPS {name}: (\d+)", "\n".join(logs.output))[1])
        print(f"TAPS {name}: {taps}")  # noqa: T201
        self.assertLessEqual(taps, BOUNDS[name], name)

    def test_find_a_person(self):
        self.gesture(
            "find a person",
            """
            await type(search, "kervella");
            await tap(".o_pope_person", "Goulven KERVELLA");
            await find(".o_form_view button[name=action_pope_note_interaction]");
            """,
        )

    def test_call(self):
        self.gesture(
            "call",
            """
            await type(search, "goulven");
            (await find("a[href^='tel:']")).addEventListener("click", (ev) => ev.preventDefault());
            const called = (await find("a[href^='tel:']")).href.replaceAll("%20", "").replaceAll(" ", "");
            if (called !== "tel:+33699887766") { throw new Error(called); }
            await tap("a[href^='tel:']");
            """,
        )

    def test_note_an_exchange(self):
        self.gesture(
            "note an exchange",
            """
            await type(search, "goélands");
            await tap(".o_pope_gestures .btn", "Noter");
            await find(".modal [name=partner_ids] .o_tag", "Goulven KERVELLA");
            await tap(".modal button[name=action_done]");
            await gone(".modal");
            """,
        )
        noted = self.project.pope_interaction_ids
        self.assertEqual((noted.kind, noted.partner_ids, noted.user_id), ("call", self.person, self.user_pope))

    def test_photograph_a_document(self):
        stage, line = self.stage_contact, "Attestation de la mairie"
        self.env["pope.stage.requirement"].create({"name": line, "stage_id": stage.id, "kind": "paper"})
        self.gesture(
            "photograph a document",
            f"""
            await type(search, "99 88 77");
            await tap(".o_pope_gestures .btn", "Photo");
            await tap(".modal label.o_pope_paper", "{line}");
            const input = (await find(".modal label.o_pope_paper", "{line}")).querySelector("input");
            if (input.getAttribute("capture") !== "environment") {{ throw new Error("no camera"); }}
            const picture = Uint8Array.from(atob("{PIXEL}"), (char) => char.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([picture], "photo.png", {{ type: "image/png" }}));
            input.files = files.files;
            input.dispatchEvent(new Event("change", {{ bubbles: true }}));
            await find(".o_notification", "{line}");
            await gone(".modal");
            """,
        )
        row = self.project.pope_requirement_row_ids
        self.assertEqual((row.requirement_id.name, row.state, row.user_id), (line, "done", self.user_pope))
        self.assertEqual((row.attachment_ids.name, row.attachment_ids.mimetype), ("photo.png", "image/png"))
        self.assertEqual((row.attachment_ids.res_model, row.attachment_ids.res_id), (row._name, row.id))

    def test_change_stage(self):
        self.gesture(
            "change stage",
            """
            await type(search, "goélands");
            await tap(".o_pope_gestures .btn", "Projet");
            await tap(".o_form_view button[name=action_pope_next_stage]", "Étape suivante");
            await find(".o_form_statusbar .o_field_widget[name=stage_id]", "Réunion");
            """,
        )
        self.assertEqual(self.project.stage_id, self.stage_meeting)

    def test_tick_a_line(self):
        self.gesture(
            "tick a line",
            """
            await type(search, "goélands");
            await tap(".o_pope_gestures .btn", "Projet");
            await tap(".o_kanban_record:first-of-type [name=action_tick]");
            await find(".o_kanban_record [name=action_untick]");
            """,
        )
        self.assertEqual(self.project.pope_requirement_row_ids.mapped("state"), ["done"])

    def test_note_a_call_received(self):
        self.gesture(
            "note a call received",
            """
            await tap(".o_pope_todo button", "Appel reçu");
            await type(".modal [name=name] input", "Ronan Le Bihan");
            await type(".modal [name=phone] input", "06 55 44 33 22");
            await tap(".modal button[name=action_saved]");
            await gone(".modal");
            await find(".o_pope_todo section[data-model='pope.intake']", "Ronan");
            """,
        )

    def test_what_waits_is_done_in_one_tap(self):
        self.env["pope.intake"].create({"name": "Maëlle Tanguy", "phone": "06 55 44 33 11", "source": "call"})
        self.gesture(
            "make a project of a first contact",
            """
            await tap("section[data-model='pope.intake'] .o_pope_gesture", "projet");
            await find(".o_form_view [name=pope_structure_type_id]");
            """,
        )
        other = self.create_project("MAM des Sternes", holders=self.holders)
        other._pope_close(self.env.ref("pope_crm.lost_reason_training"))
        waiting = self.env["pope.notification"].search([("lead_id", "=", other.id), ("state", "=", "to_approve")])
        self.gesture(
            "approve a mail",
            """
            const before = (await find("section[data-model='pope.notification'] .badge")).innerText;
            await tap("section[data-model='pope.notification'] .o_pope_gesture", "Valider");
            for (let attempt = 0; attempt < 50; attempt++) {
                const badge = seen("section[data-model='pope.notification'] .badge");
                if (!badge || badge.innerText !== before) { break; }
                await pause();
            }
            """,
        )
        self.assertEqual(len(waiting.filtered(lambda row: row.state == "to_approve")), len(waiting) - 1)
        self.project.activity_schedule(
            "mail.mail_activity_data_call",
            self.today() - timedelta(days=1),
            summary="Rappeler Goulven",
            user_id=self.user_pope.id,
        )
        self.gesture(
            "do an activity",
            """
            await tap("section[data-model='mail.activity'] .o_pope_gesture", "Fait");
            await gone("section[data-model='mail.activity']");
            """,
        )
        self.assertFalse(self.project.activity_ids)
