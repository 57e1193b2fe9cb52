"""Whatever is typed behind the address of a page of ours or sent with its form, the page stands; each one is tried."""

import re
from urllib.parse import quote

from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase, tagged

from ..common import NotificationCase
from ..journeys.agreement import AgreementMixin
from ..journeys.attendance import AttendanceMixin

NAMES = (
    *("self", "cls", "args", "kwargs", "form", "endpoint", "request", "context", "token", "team_id", "meeting_id"),
    *("date", "lang", "csrf_token", "__class__", "é", "a b", "team_id[]", "x" * 300),
)
VALUES = ("1", "", "a\x00b", "9" * 30)


@tagged("post_install", "-at_install")
class TestPublicAddress(AgreementMixin, AttendanceMixin, NotificationCase, HttpCase):
    def addresses(self):
        """An address that answers for each of our routes, whichever add-on brings it."""
        self.team.pope_notice = "<p>Vos données servent à vous répondre.</p>"
        project = self.create_project(pope_opening_date=self.today())
        followup = self.env["pope.followup"].create({"lead_id": project.id, "months": 5})
        known = {
            "/pope/suivi/<string:token>": followup.public_url,
            "/pope/contact": "/pope/contact",
            "/pope/contact/<int:team_id>": f"/pope/contact/{self.team.id}",
            "/pope/reunions": "/pope/reunions",
            "/pope/reunions/<int:team_id>": f"/pope/reunions/{self.team.id}",
        }
        row = self.rows(project)[:1]
        if hasattr(row, "_meeting_token"):  # of the other add-on, where it is there
            known["/pope/reunion/<string:token>"] = f"/pope/reunion/{row._meeting_token()}"
            known |= self.training_addresses()
        addons = [name for name in self.env.registry._init_modules if name.startswith("pope_")]
        rules = _generate_routing_rules(addons, nodb_only=False)
        routes = {url for url, endpoint in rules if endpoint.routing["auth"] != "user"}
        self.assertEqual(routes - known.keys(), set(), "a new page needs its address here")
        self.personal = {url for route, url in known.items() if "token" in route}
        self.personal |= {
            re.sub("<int:.*>", "1", url.replace("<string:token>", "x")) for url in routes if "token" in url
        }
        return [known[route].removeprefix(self.base_url()) for route in sorted(routes)]

    def training_addresses(self):
        session, row = self.session_to_sign()
        trainer = session._pope_trainer_url(session.user_id.partner_id)
        self.company.write({"pope_catalogue_public": True, "pope_complaint_public": True})
        program = session.pope_program_id
        self.env["pope.training.version"].create(
            {"program_id": program.id, "number": 1, "date": self.today(), "sheet": program._sheet_of(1, self.today())}
        )
        person = row.enrolment_id
        person.employer_id = self.env["res.partner"].create({"name": "Crèche Les Lilas", "is_company": True})
        session.pope_program_id.disability_contact_id = self.holders[1]
        [document] = person._pope_issue("convocation")
        own, boss = person._space_url(), session._pope_employer_url(person.employer_id)
        catalogue, sign = f"/pope/formations/{self.company.id}", "/pope/emargement"
        contract = self.contract_to_sign(session, row.enrolment_id)._sign_url()
        return {
            "/pope/signature/<string:token>": contract,
            "/pope/signature/<string:token>/document": f"{contract}/document",
            "/pope/parcours/<string:token>": self.path_to_answer().public_url,
            "/pope/decouverte": "/pope/decouverte",
            "/pope/decouverte/<int:team_id>": f"/pope/decouverte/{self.env.ref('pope_training.team_paths').id}",
            f"{sign}/<string:token>": row.enrolment_id._sign_url(),
            f"{sign}/seance/<string:token>": session._pope_door_url(),
            f"{sign}/animation/<string:token>": trainer,
            f"{sign}/animation/<string:token>/<int:row_id>": f"{trainer}/{row.id}",
            "/pope/stagiaire/<string:token>": own,
            "/pope/stagiaire/<string:token>/<int:document_id>": f"{own}/{document.id}",
            "/pope/employeur/<string:token>": boss,
            "/pope/employeur/<string:token>/<int:document_id>": f"{boss}/{document.id}",
            "/pope/formations/<int:company_id>": catalogue,
            "/pope/reclamation/<int:company_id>": f"/pope/reclamation/{self.company.id}",
            "/pope/formations/<int:company_id>/<int:program_id>": f"{catalogue}/{program.id}",
        }

    def path_to_answer(self):
        """A career path whose news are asked for."""
        values = {"type": "path", "partner_id": self.holders[0].id, "pope_path_attended_date": self.today()}
        return self.env["crm.lead"].create(values).pope_path_outcome_ids[:1]

    def test_no_word_behind_an_address_breaks_a_page(self):
        for address in self.addresses():
            self.assertEqual(self.url_open(address).status_code, 200, address)
            for name in NAMES:
                for value in VALUES if name in ("self", "team_id") else VALUES[:1]:
                    status = self.url_open(f"{address}?{quote(name)}={quote(value)}").status_code
                    self.assertIn(status, (200, 404), (address, name, value))
            self.assertEqual(self.url_open(f"{address}?self=1&self=2&team_id=x&team_id=1").status_code, 200, address)

    def test_no_field_of_a_form_breaks_a_page(self):
        for address in self.addresses():
            _before, has_form, after = self.url_open(address).text.partition('name="csrf_token" value="')
            # a page that takes nothing has no form; what signs is let in by its link alone
            signs = "/emargement/" in address or ("/signature/" in address and not address.endswith("/document"))
            csrf = after.split('"')[0] if has_form else ""
            for name in ("self", "cls", "args", "form", "token", "team_id", "__class__"):
                answer = self.url_open(address, data={"csrf_token": csrf, name: "1"})
                known = (200, 404, 429) if has_form or signs else (400, 405)
                self.assertIn(answer.status_code, known, (address, name))

    def test_a_personal_page_is_kept_by_nobody_told_to_no_other_site_and_found_by_no_search(self):
        self.addresses()
        for address in self.personal:
            headers = self.url_open(address.removeprefix(self.base_url())).headers
            told = [headers.get(name) for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")]
            self.assertEqual(told, ["no-store", "no-referrer", "noindex"], address)

    def test_what_other_pages_take_stays_theirs(self):
        """Odoo's own pages answer as without us."""
        self.assertEqual(self.url_open("/web/login?redirect=/odoo&team_id=1").status_code, 200)
