"""The page where people register at a discovery day without log-in."""

import time
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import hash_sign

from odoo.addons.pope_crm.models.pope_intake_form import DAILY_LIMIT, TooManyMessages

from .test_path import PathCase


@tagged("post_install", "-at_install")
class TestDiscoveryPage(PathCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["event.event"].search([("pope_kind", "=", "discovery_day")]).active = False  # of the demo
        self.next = self.create_event("discovery_day", days=10, seats_limited=True, seats_max=3)
        self.Event = self.env["event.event"].with_user(self.env.ref("base.public_user"))

    def stamp(self, age=30):
        return hash_sign(self.env, "pope.intake", [int(time.time()) - age, "mark"], expiration_hours=24)

    def send(self, **form):
        shown = {"first_name": "Lina", "last_name": "Sy", "email": "lina.sy@example.org", "stamp": self.stamp()}
        self.Event._pope_register_visitor(
            self.path_team.with_user(self.Event.env.user).sudo(),
            {**shown, "meeting_id": str(self.next.id), **form},
        )
        self.env.invalidate_all()
        return self.enrolments(self.next)

    def test_who_registers_has_a_path_and_a_confirmation(self):
        enrolment = self.send(town_text="Saint-Denis")
        self.assertEqual(enrolment.partner_id.name, "Lina SY")
        self.assertEqual(enrolment.path_id.stage_id, self.path_stages[0])
        self.assertEqual(enrolment.partner_id.pope_town_id, self.town)
        self.assertEqual(enrolment.partner_id.pope_consent_ids.mapped("answer"), ["informed"])
        [row] = enrolment.notification_ids.filtered(lambda row: row.rule_id.trigger == "discovery")
        row._dispatch()
        self.assertEqual(row.state, "queued")
        self.assertIn("20 mars 2026", row.body)
        reminder = enrolment.notification_ids - row
        self.assertEqual((reminder.rule_id.trigger, reminder.state), ("date", "planned"))

    def test_twice_is_once(self):
        self.send()
        self.assertEqual(len(self.send()), 1)

    def test_two_of_a_mailbox_are_two(self):
        self.send()
        both = self.send(first_name="Mina")
        self.assertEqual(set(both.partner_id.mapped("name")), {"Lina SY", "Mina SY"})

    def test_of_a_known_person_nothing_is_written_that_nobody_confirmed(self):
        known = self.env["res.partner"].create({"name": "Lina Sy", "email": "lina.sy@example.org"})
        self.at(self.now + timedelta(minutes=5))
        enrolment = self.send(town_text="Saint-Denis")
        self.assertEqual(enrolment.partner_id, known)
        self.assertFalse(known.pope_town_id or known.pope_consent_ids or enrolment.path_id.pope_town_id)
        self.assertIn("Saint-Denis", "".join(enrolment.registration_id.message_ids.mapped("body")))

    def test_what_is_missing_is_told_and_nothing_is_written(self):
        for form in ({"first_name": "", "last_name": ""}, {"email": ""}, {"email": "lina"}, {"meeting_id": "0"}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.send(**form)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.send(stamp=self.stamp(age=0))
        self.assertFalse(self.enrolments(self.next))

    def test_robots_write_nothing(self):
        self.assertFalse(self.send(website="https://example.org"))

    def test_a_full_day_takes_nobody_more(self):
        for name in ("Lina", "Mina", "Nina"):
            self.send(first_name=name)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.send(first_name="Zina")

    def test_one_address_registers_a_family_and_not_a_crowd(self):
        self.next.seats_limited = False
        for number in range(DAILY_LIMIT):
            self.send(first_name=f"Enfant{chr(65 + number)}")
        with self.assertRaises(TooManyMessages), self.cr.savepoint():
            self.send(first_name="Autre")

    def test_a_day_that_is_called_off_or_moved_is_not_told_as_it_was(self):
        enrolment = self.send()
        self.next.kanban_state = "cancel"
        self.env.flush_all()
        rows = enrolment.notification_ids.filtered(lambda row: row.rule_id.trigger != "discovery_called_off")
        rows.filtered(lambda row: row.state == "planned")._dispatch()
        self.assertEqual(set(rows.mapped("state")), {"cancelled"})

    def test_the_page_shows_the_days_to_come_and_no_others(self):
        self.create_event("discovery_day", days=12, kanban_state="blocked", name="Sur invitation")
        page = self.url_open(f"/pope/decouverte/{self.path_team.id}").text
        self.assertIn(f'value="{self.next.id}"', page)
        self.assertEqual(page.count('name="meeting_id"'), 1)
        self.assertEqual(self.url_open("/pope/decouverte/0").status_code, 404)
        self.path_team.pope_notice = False
        self.assertEqual(self.url_open(f"/pope/decouverte/{self.path_team.id}").status_code, 404)
