"""Every public page of ours, empty, refused and sent, has no accessibility fault that axe finds."""

import json
import os
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import tagged

from .agreement import AgreementMixin
from .attendance import AttendanceMixin
from .common import JourneyCase

ROOT = Path(__file__).parents[2]
AXE = "node/node_modules/axe-core/axe.min.js"
SIGNED = ("/pope/emargement", "/pope/signature")
PERSONAL = ("/pope/stagiaire", "/pope/employeur", "/pope/parcours", "/pope/suivi")
DATES = ("/pope/reunion", "/pope/decouverte")

CHECK = """
const check = async (state) => {
    const { passes, violations } = await axe.run(document);
    if (passes.length < 10) { throw new Error(`${state}: the page was not looked at`); }
    if (violations.length) {
        const told = violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" ")}`);
        throw new Error(`${state}: ${told.join("; ")}`);
    }
};
const show = async (answers) => {  // what the server answers to the form takes the page's place
    const data = new FormData(document.querySelector("form"));
    for (const [name, value] of Object.entries(answers)) { data.set(name, value); }
    const page = await fetch(location.href, { method: "POST", body: new URLSearchParams(data) });
    const shown = new DOMParser().parseFromString(await page.text(), "text/html");
    document.replaceChild(document.adoptNode(shown.documentElement), document.documentElement);
};
await find("h1");
"""


@tagged("post_install", "-at_install")
class TestAccessibilityJourney(AgreementMixin, AttendanceMixin, JourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.axe = (Path(os.environ.get("POPE_RUNTIME") or ROOT / ".runtime") / AXE).read_text()

    def pages(self):
        """For each public route, its pages: the address, and what is sent from it, by the name of what it shows.

        A page that is sent to waits first as long as a person takes.
        """
        project = self.create_project("MAM du Grand Pré", stage_id=self.stages[-2].id)
        project.write(
            {
                "pope_opening_date": self.today() - timedelta(days=100),
                "pope_places": 16,
                "pope_childminder_count": 4,
            }
        )
        project.stage_id = self.stage_open
        contact = {"refused": {"message": "Bonjour"}, "sent": {"first_name": "Lina", "phone": "06 99 88 77 66"}}
        followup = {"refused": {"status": "open", "child_count": "quinze"}, "sent": {"status": "open"}}
        begin = fields.Datetime.now() + timedelta(days=20)
        meeting = self.env["event.event"].create(
            {
                "name": "Réunion d'information",
                "event_type_id": self.env.ref("pope_training.event_type_information_meeting").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=2),
                "company_id": self.company.id,
            }
        )
        mail = self.rows(self.create_project("MAM du Canal", holders=self.holders[1:2]))[:1]
        choice = {"refused": {"meeting_id": "0"}, "sent": {"meeting_id": str(meeting.id)}}
        stranger = {"first_name": "Zoé", "phone": "06 99 88 77 67"}
        session, row = self.session_to_sign()
        trainer = session._pope_trainer_url(session.user_id.partner_id).split("/emargement/")[1]
        door = session._pope_door_url().split("/emargement/")[1]
        mine = row.enrolment_id._sign_token()
        signature = {"key": "key-of-a-page", "name": "Awa Diallo"}
        contract = self.contract_to_sign(session, row.enrolment_id)._signing_token()
        answer = {"coded": {"do": "code"}, "refused": {"do": "sign", "code": "1", "name": "Awa Diallo"}}
        other = session.pope_attendance_ids.filtered(lambda each: each.partner_id.name == "Nadia Benali")
        device = {"refused": {"key": "key-of-device"}, "sent": {"key": "key-of-device", "name": "Nadia Benali"}}
        roll = {"row": str(row.id), "slot": str(row.slot_id.id)}
        values = {"type": "path", "partner_id": self.holders[0].id, "pope_path_attended_date": self.today()}
        outcome = self.env["crm.lead"].create(values).pope_path_outcome_ids[0]
        dates = {"refused": stranger, "sent": {**stranger, "meeting_id": "none"}}
        opened = ("catalogue", "enrolment", "complaint")
        self.company.write({f"pope_{page}_public": True for page in opened})
        complaint = {"refused": {"name": "Zoé"}, "sent": {"name": "Zoé", "phone": "06 99 88 77 66", "message": "Froid"}}
        session = self.create_session(begin)
        catalogue = f"/pope/formations/{self.company.id}"
        wish = {"refused": {"session_id": "0"}, "sent": {**stranger, "session_id": str(session.id)}}
        person = row.enrolment_id
        person.write({"employer_id": self.env["res.partner"].create({"name": "Crèche Les Lilas"}).id})
        person.date_information = self.today()
        self.company._pope_issue("house_rules")
        row.event_id.pope_program_id.disability_contact_id = self.holders[1]
        person._pope_issue("convocation")
        own, boss = (url.removeprefix(self.base_url()) for url in (person.space_url, person.employer_url))
        return {
            "/pope/stagiaire/<string:token>": [(own, {"sent": {}}), ("/pope/stagiaire/not-a-link", {})],
            "/pope/stagiaire/<string:token>/<int:document_id>": [(f"{own}/0", {})],
            "/pope/employeur/<string:token>": [(boss, {}), ("/pope/employeur/not-a-link", {})],
            "/pope/employeur/<string:token>/<int:document_id>": [(f"{boss}/0", {})],
            "/pope/emargement/<string:token>": [
                (f"/pope/emargement/{mine}", {"refused": {"name": "Zoé"}, "sent": signature}),
                ("/pope/emargement/not-a-link", {}),
            ],
            "/pope/emargement/seance/<string:token>": [
                (f"/pope/emargement/{door}", {"sent": {"email": "awa@example.org"}, "refused": {"code": "1"}}),
                ("/pope/emargement/seance/not-a-link", {}),
            ],
            # before the trainer's page, which seals
            "/pope/emargement/animation/<string:token>/<int:row_id>": [
                (f"/pope/emargement/{trainer}/{other.id}", device),
                ("/pope/emargement/animation/not-a-link/1", {}),
            ],
            "/pope/emargement/animation/<string:token>": [
                (
                    f"/pope/emargement/{trainer}",
                    {
                        "refused": {**roll, "status": "late", "minutes": ""},
                        "sent": {**roll, "status": "late", "minutes": "10"},
                        "sealed": {"row": "", "slot": roll["slot"], "name": self.user_pope.name},
                    },
                ),
                ("/pope/emargement/animation/not-a-link", {}),
            ],
            "/pope/signature/<string:token>": [
                (f"/pope/signature/{contract}", answer),
                ("/pope/signature/not-a-link", {}),
            ],
            # the text itself is a file
            "/pope/signature/<string:token>/document": [("/pope/signature/not-a-link/document", {})],
            "/pope/formations/<int:company_id>": [(catalogue, {}), ("/pope/formations/0", {})],
            "/pope/formations/<int:company_id>/<int:program_id>": [
                (f"{catalogue}/{session.pope_program_id.id}", wish),
                (f"{catalogue}/0", {}),
            ],
            "/pope/reclamation/<int:company_id>": [
                (f"/pope/reclamation/{self.company.id}", complaint),
                ("/pope/reclamation/0", {}),
            ],
            "/pope/reunion/<string:token>": [
                (f"/pope/reunion/{mail._meeting_token()}", choice),
                ("/pope/reunion/not-a-link", {}),
            ],
            "/pope/decouverte": [("/pope/decouverte", {"refused": {**stranger, "meeting_id": "0"}})],
            "/pope/decouverte/<int:team_id>": [
                (
                    f"/pope/decouverte/{self.env.ref('pope_training.team_paths').id}",
                    {"sent": {**stranger, "meeting_id": str(self.create_day(begin).id)}},
                ),
                ("/pope/decouverte/0", {}),
            ],
            "/pope/parcours/<string:token>": [
                (f"/pope/parcours/{outcome.access_token}", {"sent": {"situation": "job"}}),
                ("/pope/parcours/not-a-link", {}),
            ],
            "/pope/reunions": [("/pope/reunions", dates)],
            "/pope/reunions/<int:team_id>": [(f"/pope/reunions/{self.team.id}", {}), ("/pope/reunions/0", {})],
            "/pope/contact": [("/pope/contact", contact)],
            "/pope/contact/<int:team_id>": [(f"/pope/contact/{self.team.id}", {}), ("/pope/contact/0", {})],
            "/pope/suivi/<string:token>": [
                (f"/pope/suivi/{project.pope_followup_ids[0].access_token}", followup),
                ("/pope/suivi/not-a-link", {}),
            ],
        }

    def create_day(self, begin):
        return self.env["event.event"].create(
            {
                "name": "Découvrir les métiers",
                "event_type_id": self.env.ref("pope_training.event_type_discovery_day").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=7),
                "company_id": self.company.id,
            }
        )

    def create_session(self, begin):
        """Of a programme that is published."""
        program = self.env["pope.training.program"].create(
            {"name": "Vie commune", "duration_hours": 14, "public": "Toute personne qui accueille de jeunes enfants."}
        )
        sheet = program._sheet_of(1, self.today())
        self.env["pope.training.version"].create(
            {"program_id": program.id, "number": 1, "date": self.today(), "sheet": sheet}
        )
        return self.env["event.event"].create(
            {
                "name": "Vie commune",
                "event_type_id": self.env.ref("pope_training.event_type_training").id,
                "pope_program_id": program.id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=7),
                "company_id": self.company.id,
            }
        )

    def public_routes(self):
        own = sorted(name for name in self.env.registry._init_modules if name.startswith("pope_"))
        rules = self.env["ir.http"]._generate_routing_rules(own, self.env["ir.http"]._get_converters())
        return {address for address, endpoint in rules if endpoint.routing["auth"] in ("public", "none")}

    def test_pages_to_sign_have_no_fault(self):
        self.look_at(SIGNED)

    def test_pages_of_one_person_have_no_fault(self):
        self.look_at(PERSONAL)

    def test_pages_to_choose_a_date_have_no_fault(self):
        self.look_at(DATES)

    def test_other_pages_have_no_fault(self):
        self.look_at("/pope/", but=(*SIGNED, *PERSONAL, *DATES))

    def look_at(self, starts, but=()):
        pages = self.pages()
        self.assertEqual(self.public_routes(), set(pages), "each public route has its pages here")
        looked_at = [route for route in pages if route.startswith(starts) and not route.startswith(but)]
        self.assertGreater(len(looked_at), 3)
        for address, sendings in [page for route in looked_at for page in pages[route]]:
            script = 'await check("empty");'
            for state, answers in sendings.items():
                script += f'await pause(3200); await show({json.dumps(answers)}); await check("{state}");'
            with self.subTest(address=address):
                self.walk(address, f"{self.axe}\n{CHECK}{script}", login=None)
