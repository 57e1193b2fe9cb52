"""Doors: what comes in waits for a person, and what a person decides goes where it should."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.pope_crm.core.form_text import clean, texts
from odoo.addons.pope_crm.models.pope_intake_form import DAILY_LIMIT, HOURLY_LIMIT, TooManyMessages

from ..common import NotificationCase

NOTICE = "<p>Vos données servent à vous répondre.</p>"


class IntakeCase(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Intake = cls.env["pope.intake"]
        cls.Intake.search([]).unlink()
        cls.team.write({"pope_notice": NOTICE, "pope_notice_date": "2026-01-05"})

    def intake(self, **values):
        return self.Intake.create({"name": "Lina Faure", "phone": "06 99 88 77 66", "source": "call", **values})

    def mails(self):
        return self.env["mail.mail"].search_count([]), self.env["pope.notification"].search_count([])


@tagged("post_install", "-at_install")
class TestSorting(IntakeCase):
    def test_a_call_takes_three_fields(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_intake_action_call")
        with Form(
            self.Intake.with_user(self.user_pope), view=self.env["ir.ui.view"].browse(action["view_id"][0])
        ) as form:
            form.name = "Lina Faure"
            form.phone = "06 99 88 77 66"
            form.message = "Voudrait ouvrir une MAM"
        intake = form.record
        self.assertEqual((intake.source, intake.state, intake.team_id), ("call", "to_sort", self.team))
        self.assertEqual(intake.company_id, self.company)

    def test_nothing_leaves_before_a_person_acts_then_the_normal_rule_does(self):
        self.at(self.now)
        before = self.mails()
        intake = self.intake(email="lina.faure@example.org", source="mail")
        self.assertEqual(self.mails(), before)
        intake.with_user(self.user_pope).action_make_project()
        project = intake.lead_id
        self.assertEqual((intake.state, intake.user_id), ("project", self.user_pope))
        row = self.rows(project)
        self.assertEqual(
            (row.state, row.partner_id, row.email), ("planned", intake.partner_id, "lina.faure@example.org")
        )
        self.assertEqual(row.rule_id, self.env.ref("pope_crm.rule_welcome"))

    def test_one_click_makes_a_project_of_a_new_person(self):
        intake = self.intake(
            source="form",
            first_name="Lina",
            last_name="Faure",
            name="Lina FAURE",
            email="lina.faure@example.org",
            town_text="st denis",
            structure_type_id=self.structure_type.id,
            message="Une MAM <b>près</b> du canal",
        )
        self.assertEqual(intake.town_id, self.town)
        self.assertFalse(intake.partner_id)
        action = intake.with_user(self.user_pope).action_make_project()
        project = intake.lead_id
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", project.id))
        person = project.pope_holder_ids
        self.assertEqual((person.name, person.email), ("Lina FAURE", "lina.faure@example.org"))
        self.assertEqual((person.pope_first_name, person.phone), ("Lina", "06 99 88 77 66"))
        self.assertEqual((project.pope_town_id, project.pope_structure_type_id), (self.town, self.structure_type))
        self.assertEqual((project.stage_id, project.user_id), (self.stage_contact, self.user_pope))
        history = " ".join(project.message_ids.mapped("body"))
        self.assertIn("Une MAM &lt;b&gt;près&lt;/b&gt; du canal", history, "what strangers write stays text")

    def test_a_known_person_is_proposed_reused_and_completed(self):
        person = self.holders[1]
        person.phone = False
        intake = self.intake(email="Nadia.Benali@Example.org", phone="06 11 22 33 44")
        self.assertEqual(intake.partner_id, person)
        intake.action_make_project()
        self.assertEqual(intake.lead_id.pope_holder_ids, person)
        self.assertEqual(person.phone, "06 11 22 33 44")
        other = self.intake(name=person.name, email="autre@example.org", phone="06 11 22 33 44")
        self.assertEqual(other.partner_id, person, "same phone and name")
        other.action_make_project()
        self.assertEqual(person.email, "nadia.benali@example.org", "what is known stays")

    def test_a_wrong_proposal_is_corrected(self):
        intake = self.intake(email=self.holders[0].email)
        self.assertEqual(intake.partner_id, self.holders[0])
        intake.partner_id = False
        intake.write({"email": "quelqu.un@example.org"})
        intake.action_make_project()
        self.assertEqual(intake.lead_id.pope_holder_ids.name, "Lina Faure")

    def test_it_attaches_to_the_project_of_the_person(self):
        project = self.create_project()
        intake = self.intake(email=self.holders[0].email, message="Rappeler ce soir")
        self.assertEqual(intake.lead_id, project)
        intake.with_user(self.user_pope).action_attach()
        self.assertEqual(intake.state, "attached")
        self.assertIn("Rappeler ce soir", " ".join(project.message_ids.mapped("body")))
        unknown = self.intake()
        with self.assertRaises(UserError):
            unknown.action_attach()
        self.assertEqual(unknown.state, "to_sort")

    def test_sorted_once(self):
        intake = self.intake()
        intake.action_make_project()
        with self.assertRaises(UserError):
            intake.action_make_project()
        with self.assertRaises(UserError):
            intake._ignore("spam", False)
        self.assertEqual(len(self.env["crm.lead"].search([("partner_id", "=", intake.partner_id.id)])), 1)

    def ignore(self, intakes, **values):
        action = intakes.with_user(self.user_pope).action_ignore()
        Wizard = self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"])
        Wizard.create(values).action_ignore()

    def test_an_ignored_address_may_be_ignored_for_good(self):
        spam = self.intake(source="mail", email="pub@example.com")
        self.ignore(spam, reason="spam", is_blocked=True)
        self.assertEqual((spam.state, spam.reason), ("ignored", "spam"))
        again = self.intake(source="mail", email="PUB@example.com")
        self.assertEqual((again.state, again.reason), ("ignored", "blocked"))
        call = self.intake(email="pub@example.com")
        self.assertEqual(call.state, "to_sort", "who takes a call has decided already")
        spam.with_user(self.user_pope).action_sort_again()
        self.assertEqual(spam.state, "to_sort")
        self.assertEqual(self.intake(source="mail", email="pub@example.com").state, "to_sort")

    def test_ignoring_without_blocking_lets_the_next_come(self):
        self.ignore(self.intake(source="mail", email="a@example.com"), reason="off_topic")
        self.assertEqual(self.intake(source="mail", email="a@example.com").state, "to_sort")

    def test_who_forwards_a_message_is_not_who_wrote_it(self):
        self.user_pope.partner_id.email = "claire@example.org"
        self.assertFalse(self.intake(source="mail", email="claire@example.org").partner_id)

    def test_what_was_decided_does_not_change_when_contacts_do(self):
        intake = self.intake(email="lina.faure@example.org")
        intake.action_make_project()
        project, person = intake.lead_id, intake.partner_id
        person.email = "nouvelle@example.org"
        self.create_project("Deuxième", holders=person)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((intake.lead_id, intake.partner_id), (project, person))

    def test_merging_contacts_and_projects_keeps_where_it_went(self):
        one, two = self.create_project("Un"), self.create_project("Deux", holders=self.holders[1:2])
        intake = self.intake(partner_id=self.holders[1].id, lead_id=two.id)
        intake.action_attach()
        (one | two)._pope_merge_into(one)
        self.assertEqual(intake.lead_id, one)

    def test_the_page_of_the_morning_shows_what_waits(self):
        self.intake(message="Une longue histoire " * 20)
        cards = self.env["pope.todo"].with_user(self.user_pope).get_cards()["cards"]
        self.assertEqual((cards[0]["model"], cards[0]["count"]), ("pope.intake", 1))
        self.assertIn("Lina Faure", cards[0]["rows"][0]["title"])
        self.assertLess(len(cards[0]["rows"][0]["detail"]), 100)

    def test_sorting_costs_the_same_for_10_and_100(self):
        def cost(count):
            values = [
                {"name": f"P {n}", "email": f"p{count}.{n}@example.org", "source": "mail", "team_id": self.team.id}
                for n in range(count)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            intakes = self.Intake.create(values)
            intakes.with_user(self.user_pope).read(["display_name", "partner_id", "lead_id", "state"])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(10), cost(100))

    def test_others_see_nothing(self):
        intake = self.intake()
        for group in ("base.group_portal", "base.group_public", "base.group_user"):
            user = self._new_user(f"x_{group}", group)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(self.Intake.with_user(user).has_access(operation), (group, operation))
            with self.assertRaises(AccessError):
                intake.with_user(user).read(["message"])
        with self.assertRaises(AccessError):
            intake.with_user(self.user_pope).unlink()
        company = self.env["res.company"].create({"name": "Autre pôle"})
        stranger = self._new_user("x_other", "pope_crm.group_pope_user")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self.Intake.with_user(stranger).search([("id", "=", intake.id)]))


class FormCase(IntakeCase):
    def stamp(self, seconds=60):
        with freeze_time(fields.Datetime.now() - timedelta(seconds=seconds)):
            return self.Intake._form_stamp()

    def send(self, **form):
        form = {"first_name": "Lina", "last_name": "Faure", "phone": "06 99 88 77 66", "stamp": self.stamp(), **form}
        public = self.env.ref("base.public_user")
        return self.Intake.with_user(public)._receive_form(self.team, form)

    def received(self):
        return self.Intake.search([("source", "=", "form")])


@tagged("post_install", "-at_install")
class TestForm(FormCase):
    def test_a_visitor_is_received_and_nothing_leaves(self):
        before = self.mails()
        self.send(email="lina.faure@example.org", town_text="Saint-Denis", message="Une MAM")
        intake = self.received()
        self.assertEqual((intake.name, intake.state, intake.town_id), ("Lina FAURE", "to_sort", self.town))
        self.assertEqual(intake.notice_date, fields.Date.to_date("2026-01-05"), "which notice they read is kept")
        self.assertFalse(intake.message_follower_ids)
        self.assertEqual(self.mails(), before)

    def test_what_is_missing_is_said_and_nothing_is_written(self):
        for form in (
            {"first_name": " ", "last_name": ""},
            {"phone": "", "email": ""},
            {"email": "pas une adresse"},
            {"phone": "12"},
            {"message": "x" * 4001},
            {"first_name": "x" * 81},
        ):
            with self.assertRaises(ValidationError, msg=str(form)[:60]):
                self.send(**form)
        self.assertFalse(self.received())

    def test_a_double_click_is_one_message(self):
        stamp = self.stamp()
        self.send(stamp=stamp)
        self.send(stamp=stamp)
        self.assertEqual(len(self.received()), 1)
        self.send(stamp=stamp, message="La page n'a pas changé")
        self.assertEqual(len(self.received()), 1, "a page is sent once")

    def test_the_same_content_within_minutes_is_one_message(self):
        self.send(message="Une MAM")
        self.send(message="Une MAM")
        self.assertEqual(len(self.received()), 1)
        self.send(message="Une MAM, et un café")
        self.assertEqual(len(self.received()), 2)

    def test_robots_leave_nothing(self):
        self.send(website="https://casino.example.com")
        self.assertFalse(self.received())
        with self.assertRaises(ValidationError):
            self.send(stamp=self.stamp(seconds=0))
        with self.assertRaises(ValidationError):
            self.send(stamp=self.stamp(seconds=3600 * 25))
        for forged in ("", "x", "é", "AAAA", self.stamp()[:-4] + "AAAA", "\x00", "A" * 5000):
            with self.assertRaises(ValidationError, msg=forged[:20]):
                self.send(stamp=forged)
        self.assertFalse(self.received())

    def test_one_address_cannot_flood(self):
        for number in range(DAILY_LIMIT):
            self.send(email="lina@example.org", phone="", message=f"Message {number}")
        with self.assertRaises(TooManyMessages):
            self.send(email="Lina@example.org", phone="", message="Un de plus")
        self.assertEqual(len(self.received()), DAILY_LIMIT)
        self.send(email="autre@example.org", phone="", message="Quelqu'un d'autre")

    def test_many_addresses_cannot_flood_either(self):
        self.Intake.create(
            [
                {"source": "form", "name": f"Robot {n}", "email": f"r{n}@example.com", "team_id": self.team.id}
                for n in range(HOURLY_LIMIT)
            ]
        )
        with self.assertRaises(TooManyMessages):
            self.send()

    def test_only_texts_come_in(self):
        self.assertEqual(texts({"a": " x\x00\r\ny\u202e ", "b": object(), "c": "\ud800z"}), {"a": "x\ny", "c": "z"})
        self.assertEqual(clean("Élodie 👩‍🍼 O’Neil\tمرحبا"), "Élodie 👩‍🍼 O’Neil\tمرحبا")


@tagged("post_install", "-at_install")
class TestContactPage(FormCase, HttpCase):
    """The page as strangers use and abuse it."""

    def page(self, address="/pope/contact"):
        response = self.url_open(address)
        token = response.text.split('name="csrf_token" value="')[1].split('"')[0]
        return response, token

    def test_the_page_shows_its_notice_and_its_date(self):
        response, _token = self.page()
        self.assertEqual(response.status_code, 200)
        self.assertIn("Vos données servent à vous répondre.", response.text)
        self.assertIn("5 janvier 2026", response.text)
        self.assertIn('name="viewport"', response.text)
        for stranger in ("http://", "https://", "<script"):
            self.assertNotIn(stranger, response.text.replace(self.base_url(), ""), "nothing of a third party")

    def test_it_arrives_and_says_so(self):
        _response, token = self.page(f"/pope/contact/{self.team.id}")
        form = {"csrf_token": token, "stamp": self.stamp(), "first_name": "Lina", "phone": "0699887766"}
        response = self.url_open("/pope/contact", data=form)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Merci", response.text)
        self.assertEqual(self.received().name, "Lina")

    def test_what_was_typed_is_not_lost(self):
        _response, token = self.page()
        form = {"csrf_token": token, "stamp": "", "first_name": "Lina", "message": 'Un "projet" <b>'}
        response = self.url_open("/pope/contact", data=form)
        self.assertIn('value="Lina"', response.text)
        self.assertIn("&lt;b&gt;", response.text)
        self.assertNotIn("<b>", response.text)
        self.assertFalse(self.received())

    def test_without_a_notice_there_is_no_form(self):
        teams = self.env["crm.team"].search([("pope_lead_type", "=", "project")])
        teams.pope_notice = False
        for address in ("/pope/contact", f"/pope/contact/{self.team.id}", "/pope/contact/999999999"):
            self.assertEqual(self.url_open(address).status_code, 404, address)

    def test_hostile_values_never_break_it(self):
        _response, token = self.page()
        hostile = [
            "",
            " ",
            "\x00",
            "a\x00b",
            "\u202egnp.exe",
            "\ufffe\uffff",
            "'; DROP TABLE crm_lead; --",
            "<script>alert(1)</script>",
            "{{7*7}} ${7*7} #{7*7} <t t-out='request'/>",
            "%s%n%(x)s {} {0} {x}",
            "../../etc/passwd",
            "-1",
            "1e999",
            "nan",
            "0x10",
            "９９９９９９９９",
            "😀" * 100,
            "a@b" * 200,
            "x" * 100_000,
            "\r\nBcc: a@example.com",
            "true",
            "[]",
            '{"$ne": null}',
        ]
        names = ("first_name", "last_name", "email", "phone", "town_text", "structure_type_id", "message", "stamp", "x")
        good = {"first_name": "Lina", "phone": "0699887766", "csrf_token": token}
        before = self.mails()
        for name in names:
            for number, value in enumerate(hostile):
                form = {**good, "stamp": self.stamp(), "last_name": f"{name} {number}", name: value}
                response = self.url_open("/pope/contact", data=form)
                self.assertIn(response.status_code, (200, 429), f"{name}: {value[:30]!r}")
                self.assertNotIn("<script>alert", response.text)
            self.received().write({"create_date": fields.Datetime.now() - timedelta(days=2)})
            self.env.cr.execute("UPDATE pope_intake SET create_date = create_date - interval '2 days'")
        for files in ({"first_name": ("x.txt", b"\x00\xff")}, {"stamp": ("x", b"x")}, {"message": ("m", b"m")}):
            response = self.url_open("/pope/contact", data={**good, "stamp": self.stamp()}, files=files)
            self.assertEqual(response.status_code, 200)
        for query in ("first_name=x", "team_id=abc", "team_id=0", "stamp[]=1&stamp[]=2", "lang=xx_XX", "debug=1"):
            self.assertEqual(self.url_open(f"/pope/contact?{query}").status_code, 200, query)
        for word in ("form", "kwargs", "args", "cls", "request", "env", "context"):
            self.assertIn(self.url_open(f"/pope/contact?{word}=1").status_code, (200, 400), word)
        for address in (
            "/pope/contact/abc",
            "/pope/contact/-1",
            "/pope/contact/0x1",
            "/pope/contact/99999999999999999999",
        ):
            self.assertEqual(self.url_open(address).status_code, 404, address)
        foreign = self.url_open("/pope/contact", data={**good, "csrf_token": "x" * 40, "stamp": self.stamp()})
        self.assertEqual(foreign.status_code, 400)
        self.assertEqual(self.mails(), before)

    def test_the_followup_page_takes_no_nonsense_either(self):
        project = self.create_project(stage_id=self.stages[-2].id)
        opened = fields.Date.today() - timedelta(days=100)
        project.write({"pope_opening_date": opened, "pope_places": 16, "pope_childminder_count": 4})
        project.stage_id = self.stage_open
        address = f"/pope/suivi/{project.pope_followup_ids[0].access_token}"
        _response, token = self.page(address)
        for value in ("nan", "inf", "1e999", "\x00", "９", "-0"):
            form = {"csrf_token": token, "status": "open", "place_count": value, "answered_by": "a\x00b"}
            self.assertEqual(self.url_open(address, data=form).status_code, 200, value)
        response = self.url_open(address, data={"csrf_token": token}, files={"status": ("x", b"open")})
        self.assertEqual(response.status_code, 200)
