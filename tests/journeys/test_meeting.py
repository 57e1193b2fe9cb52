"""After the information meeting: tick who came, close, and the projects have moved on."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from ..common import PopeCase

JOURNEY = """
const find = async (selector, text) => {
    for (let attempt = 0; attempt < 100; attempt++) {
        const found = [...document.querySelectorAll(selector)].find((el) => !text || el.textContent.includes(text));
        if (found) { return found; }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`not found: ${selector} ${text || ""}`);
};
(async () => {
    (await find(".o_data_cell", "Réunion de mars")).click();
    const row = await find(".o_field_x2many_list .o_data_row", "Awa Diallo");
    row.querySelector("td[name='pope_is_present']").click();
    await find(".o_field_x2many_list td[name='pope_is_present'] input:checked");
    (await find("button[name='action_pope_close_meeting']")).click();
    await find(".o_notification", "Projets avancés : 1.");
    await find(".o_field_x2many_list .o_data_row .text-bg-success");
    console.log("test successful");
})().catch((error) => console.error(String(error)));
"""


@tagged("post_install", "-at_install")
class TestMeetingJourney(PopeCase, HttpCase):
    def test_tick_and_close(self):
        project = self.create_project()
        begin = fields.Datetime.now() - timedelta(hours=3)
        meeting = self.env["event.event"].create(
            {
                "name": "Réunion de mars",
                "event_type_id": self.env.ref("pope_training.event_type_information_meeting").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=2),
                "registration_ids": [
                    Command.create({"name": person.name, "email": person.email}) for person in self.holders[:2]
                ],
            }
        )
        self.browser_js(
            "/odoo/reunions", JOURNEY, "!!document.querySelector('.o_list_view')", login="pope_user", timeout=60
        )
        self.assertTrue(project.pope_meeting_attended)
        self.assertEqual(project.stage_id, self.stage_diagnosis)
        self.assertEqual(meeting.registration_ids.filtered("pope_is_present").name, "Awa Diallo")
