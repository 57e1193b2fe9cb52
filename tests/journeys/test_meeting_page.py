"""By phone, a holder chooses their date from the link of the welcome e-mail, a stranger from the page of the dates."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import JourneyCase

FITS = """
const fits = () => {
    if (document.documentElement.scrollWidth > 390) { throw new Error("wider than the phone"); }
    for (const field of document.querySelectorAll("form input:not([type=hidden]), textarea, button")) {
        if (field.name === "website") { continue; }
        const box = (field.closest("label") || field).getBoundingClientRect();
        if (box.right > 390 || box.left < 0 || box.height < 40) {
            throw new Error(`${field.name} is out of the screen, or too small for a finger`);
        }
        if (field.tagName !== "BUTTON" && !field.labels.length) { throw new Error(`no label: ${field.name}`); }
    }
    if (document.querySelectorAll("h1").length !== 1 || document.documentElement.lang !== "fr-FR") {
        throw new Error("one title, in French");
    }
};
const send = async (form, answers = {}) => {
    const data = new FormData(form);
    for (const [name, value] of Object.entries(answers)) { data.set(name, value); }
    const page = await fetch(location.href, { method: "POST", body: new URLSearchParams(data) });
    const shown = new DOMParser().parseFromString(await page.text(), "text/html");
    document.body.innerHTML = shown.body.innerHTML;
    fits();
};
"""


@tagged("post_install", "-at_install")
class TestMeetingPageJourney(JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.env["event.event"].search([("pope_kind", "=", "information_meeting")]).kanban_state = "blocked"
        place = self.env["res.partner"].create(
            {"name": "Maison du Canal", "street": "3 quai des Joncs", "zip": "93200", "city": "Saint-Denis"}
        )
        begin = fields.Datetime.now().replace(hour=13, minute=0, second=0, microsecond=0)
        self.meetings = self.env["event.event"].create(
            [
                {
                    "name": "Réunion d'information",
                    "event_type_id": self.env.ref("pope_training.event_type_information_meeting").id,
                    "date_begin": begin + timedelta(days=days),
                    "date_end": begin + timedelta(days=days, hours=2),
                    "address_id": place.id,
                    "company_id": self.company.id,
                    "seats_limited": bool(seats),
                    "seats_max": seats,
                }
                for days, seats in ((12, 0), (26, 20), (33, 1))
            ]
        )
        self.env["event.registration"].create({"event_id": self.meetings[2].id, "name": "Zoé Première"})

    def test_a_holder_chooses_changes_and_gives_up(self):
        project = self.create_project("MAM du Grand Pré")
        text = self.rows(project)[:1]._render()[self.rows(project)[:1].id]["body_html"]
        address = text.split('href="')[1].split('"')[0].replace(self.base_url(), "")
        self.walk(
            address[address.index("/pope/") :],
            FITS
            + """
            await find("h1", "Votre réunion d'information");
            await find("p", "Bonjour Awa");
            await find(".date", "Complet");
            if (!document.querySelector(".date.full input").disabled) { throw new Error("a full meeting is offered"); }
            if (!document.querySelector(".date input:checked")) { throw new Error("no date chosen"); }
            fits();
            const legend = document.querySelector("legend");
            if (!legend || !says(legend.innerText, "Choisissez votre date")) { throw new Error("no legend"); }
            const first = document.querySelectorAll(".date input")[0];
            first.focus();
            if (getComputedStyle(first).outlineStyle === "none") { throw new Error("the focus is not seen"); }
            await find("button", "Je m'inscris");
            await send(document.querySelector("form"));
            await find("h1", "votre place est réservée");
            await find("[role=status]", "Maison du Canal");
            await find(".date", "Vous êtes inscrit·e");
            const second = document.querySelectorAll(".date input")[1];
            await send(document.querySelector("form"), { meeting_id: second.value });
            await find("h1", "votre place est réservée");
            await send(document.querySelector("form"), { meeting_id: "0" });
            await find("#errors[role=alert]", "passée, ou annulée");
            if (document.querySelector("fieldset").getAttribute("aria-describedby") !== "errors") {
                throw new Error("the error is not told with its field");
            }
            await send(document.querySelectorAll("form")[1], { give_up: "1" });
            await find("h1", "vous ne venez pas");
            """,
            login=None,
        )
        states = self.meetings[:2].registration_ids.sorted("event_id").mapped("state")
        self.assertEqual(states, ["cancel", "cancel"])
        self.assertEqual(self.meetings[:2].registration_ids.pope_enrolment_ids.lead_id, project)

    def test_a_stranger_chooses_a_date(self):
        self.walk(
            "/pope/reunions",
            FITS
            + """
            await find("h1", "Venez à une réunion d'information");
            await find(".date", "Aucune de ces dates");
            await find(".notice", "CNIL");
            fits();
            await pause(3200);
            const form = () => document.querySelector("form");
            await send(form(), { first_name: "Lina", last_name: "Faure", phone: "0699887766" });
            await find("#errors", "Choisissez une date");
            if (document.querySelector("#phone").value !== "0699887766") { throw new Error("words lost"); }
            await pause(3200);
            await send(form(), {
                first_name: "Lina", last_name: "Faure", phone: "0699887766",
                meeting_id: document.querySelector(".date input").value,
            });
            await find("h1", "Merci");
            """,
            login=None,
        )
        intake = self.env["pope.intake"].search([("name", "=", "Lina FAURE")])
        self.assertEqual((intake.state, intake.meeting_id), ("to_sort", self.meetings[0]))


@tagged("post_install", "-at_install")
class TestTickOnPhoneJourney(JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_who_came_is_ticked_with_one_tap(self):
        begin = fields.Datetime.now() - timedelta(hours=3)
        meeting = self.env["event.event"].create(
            {
                "name": "Réunion du canal",
                "event_type_id": self.env.ref("pope_training.event_type_information_meeting").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=2),
                "company_id": self.company.id,
            }
        )
        self.env["event.registration"].create(
            [{"event_id": meeting.id, "name": person.name, "email": person.email} for person in self.holders]
        )
        self.walk(
            f"/odoo/reunions/{meeting.id}",
            """
            const card = await find(".o_kanban_record", "Nadia Benali");
            await click(".o_kanban_record button", "Présent");
            await find(".o_kanban_record .text-bg-success");
            if (document.documentElement.scrollWidth > 390) { throw new Error("wider than the phone"); }
            """,
        )
        self.assertEqual(len(meeting.registration_ids.filtered("pope_is_present")), 1)
