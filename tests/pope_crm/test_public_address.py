"""Whatever is typed behind the address of a page of ours or sent with its form, the page stands; each one is tried."""

from urllib.parse import quote

from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase, tagged

from ..common import NotificationCase

NAMES = (
    *("self", "cls", "args", "kwargs", "form", "endpoint", "request", "context", "token", "team_id", "meeting_id"),
    *("date", "lang", "csrf_token", "__class__", "é", "a b", "team_id[]", "x" * 300),
)
VALUES = ("1", "", "a\x00b", "9" * 30)


@tagged("post_install", "-at_install")
class TestPublicAddress(NotificationCase, HttpCase):
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
        addons = [name for name in self.env.registry._init_modules if name.startswith("pope_")]
        routes = {url for url, _endpoint in _generate_routing_rules(addons, nodb_only=False)}
        self.assertEqual(routes - known.keys(), set(), "a new page needs its address here")
        return [known[route].removeprefix(self.base_url()) for route in sorted(routes)]

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
            csrf = self.url_open(address).text.split('name="csrf_token" value="')[1].split('"')[0]
            for name in ("self", "cls", "args", "form", "token", "team_id", "__class__"):
                answer = self.url_open(address, data={"csrf_token": csrf, name: "1"})
                self.assertIn(answer.status_code, (200, 404, 429), (address, name))

    def test_what_other_pages_take_stays_theirs(self):
        """Odoo's own pages answer as without us."""
        self.assertEqual(self.url_open("/web/login?redirect=/odoo&team_id=1").status_code, 200)
