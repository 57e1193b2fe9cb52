"""The one-page form of a follow-up, on a phone, without log-in."""

from datetime import timedelta

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestFollowupPageJourney(JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_answer_from_a_phone(self):
        project = self.create_project("MAM du Grand Pré", stage_id=self.stages[-2].id)
        opened = self.today() - timedelta(days=100)
        project.write({"pope_opening_date": opened, "pope_places": 16, "pope_childminder_count": 4})
        project.stage_id = self.stage_open
        followup = project.pope_followup_ids[0]
        self.walk(
            f"/pope/suivi/{followup.access_token}",
            """
            await find("h1", "MAM du Grand Pré");
            const fits = () => {
                if (document.documentElement.scrollWidth > 390) { throw new Error("wider than the phone"); }
            };
            fits();
            const send = async (answers) => {
                const form = document.querySelector("form");
                const data = new FormData(form);
                for (const [name, value] of Object.entries(answers)) { data.set(name, value); }
                const page = await fetch(location.href, { method: "POST", body: new URLSearchParams(data) });
                const shown = new DOMParser().parseFromString(await page.text(), "text/html");
                document.body.innerHTML = shown.body.innerHTML;
                fits();
            };
            (await find("input[value=open]")).click();
            await send({ child_count: "quinze" });
            await find(".errors", "Enfants inscrits");
            if (document.querySelector("#child_count").value !== "quinze") { throw new Error("the answer was lost"); }
            await send({
                child_count: "15", job_count: "1,5", difficulties: "La trésorerie", wants_call: "1", answered_by: "Awa",
            });
            await find("h1", "Merci");
            """,
            login=None,
        )
        self.assertEqual(followup.state, "answered")
        self.assertEqual((followup.status, followup.child_count, followup.job_count), ("open", 15, 1.5))
        self.assertEqual((followup.difficulties, followup.answered_by), ("La trésorerie", "Awa"))
        self.assertTrue(followup.wants_call)
        page = self.url_open("/pope/suivi/not-a-link")
        self.assertEqual(page.status_code, 404)
