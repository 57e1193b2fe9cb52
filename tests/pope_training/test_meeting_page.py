"""The pages where people choose the date of their information meeting, as they and strangers use and abuse them."""

import secrets
import time
from datetime import UTC, datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import hash_sign

from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages
from odoo.addons.pope_training.models.pope_notification import SCOPE
from odoo.addons.pope_training.models.pope_training_enrolment_mail import DAILY_CHANGES

from .test_meeting_mail import MeetingMailCase

HOSTILE = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202egnp.exe",
    "'; DROP TABLE event_event; --",
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7} <t t-out='request'/>",
    "%s%n%(x)s {} {0}",
    "../../etc/passwd",
    "-1",
    "0",
    "1e999",
    "nan",
    "９９９",
    "😀" * 50,
    "x" * 20_000,
    "[]",
    '{"$ne": null}',
)


class MeetingPageCase(MeetingMailCase):
    def setUp(self):
        super().setUp()
        self.team.pope_notice = "<p>Vos données servent à vous répondre.</p>"
        self.project = self.create_project()
        self.row = self.rows(self.project)[:1]
        self.other = self.create_event("information_meeting", days=30, address_id=self.place.id)

    def state_of(self, meeting, person=None):
        enrolments = self.enrolments(meeting)
        return enrolments.filtered(lambda e: e.partner_id == (person or self.holders[0])).mapped("state")


@tagged("post_install", "-at_install")
class TestChoice(MeetingPageCase):
    def answer(self, **form):
        self.env.invalidate_all()
        return self.row._answer_meeting(form)

    def test_a_date_chosen_registers_the_holder_for_their_project(self):
        self.assertEqual(self.answer(meeting_id=str(self.meeting.id)), "registered")
        enrolment = self.enrolments(self.meeting)
        self.assertEqual((enrolment.partner_id, enrolment.lead_id), (self.holders[0], self.project))
        self.assertEqual(enrolment.registration_id.name, "Awa Diallo")
        self.assertEqual(self.project.pope_meeting_date, self.meeting.date_begin)
        self.assertEqual(self.holders[0].pope_last_contact, self.company._pope_day_of(self.now))

    def test_twice_is_the_same_registration_and_one_confirmation(self):
        for _again in range(3):
            self.answer(meeting_id=str(self.meeting.id))
        self.assertEqual(len(self.enrolments(self.meeting)), 1)
        self.assertEqual(len(self.of("registered")), 1)

    def test_the_confirmation_goes_at_once_even_at_night(self):
        night = self.now.replace(hour=21)
        self.at(night)
        self.project.pope_mail_hold = True
        self.answer(meeting_id=str(self.meeting.id))
        self.dispatch(night)
        row = self.of("registered")
        self.assertEqual((row.state, row.lead_id), ("queued", self.project))
        self.assertIn("jeudi 26 mars 2026 à 10&nbsp;h", row.body)
        self.assertIn("/pope/reunion/", row.body)

    def test_another_date_and_back_leaves_one_place_taken(self):
        self.answer(meeting_id=str(self.meeting.id))
        self.answer(meeting_id=str(self.other.id))
        self.assertEqual((self.state_of(self.meeting), self.state_of(self.other)), (["cancel"], ["open"]))
        self.assertEqual(self.project.pope_meeting_date, self.other.date_begin)
        self.answer(meeting_id=str(self.meeting.id))
        self.assertEqual((self.state_of(self.meeting), self.state_of(self.other)), (["open"], ["cancel"]))
        self.assertEqual(len(self.enrolments(self.meeting | self.other)), 2)
        self.dispatch(self.now)
        self.assertEqual(sorted(self.of("registered").mapped("state")), ["cancelled", "cancelled", "queued"])
        self.assertEqual(self.of("registered", "queued").event_id, self.meeting)
        self.assertEqual(self.days_of(self.of("week", "planned")), ["2026-03-19"])

    def test_giving_up_frees_the_place(self):
        self.answer(meeting_id=str(self.meeting.id))
        self.assertEqual(self.answer(give_up="1"), "given_up")
        self.assertEqual(self.state_of(self.meeting), ["cancel"])
        self.assertFalse(self.of("week", "planned"))
        self.assertFalse(self.project.pope_meeting_date)

    def test_what_cannot_be_is_refused_and_nothing_is_lost(self):
        self.answer(meeting_id=str(self.meeting.id))
        self.other.write({"seats_limited": True, "seats_max": 1})
        self.register(self.other, self.holders[1])
        off = self.create_event("information_meeting", days=9, kanban_state="cancel")
        past = self.create_event("information_meeting", days=-1)
        stock, training = self.create_event(False), self.create_event("training")
        blocked = self.create_event("information_meeting", days=9, kanban_state="blocked")
        for meeting in (self.other, off, past, stock, training, blocked):
            with self.assertRaises(ValidationError, msg=meeting.id), self.env.cr.savepoint():
                self.answer(meeting_id=str(meeting.id))
        for text in (*HOSTILE, "999999999"):
            with self.assertRaises(ValidationError, msg=text[:20]), self.env.cr.savepoint():
                self.answer(meeting_id=text)
        self.assertEqual(self.state_of(self.meeting), ["open"])

    def test_who_changes_all_day_long_is_asked_to_call(self):
        meetings = [self.meeting, self.other]
        for number in range(DAILY_CHANGES):
            self.answer(meeting_id=str(meetings[number % 2].id))
        with self.assertRaises(TooManyMessages):
            self.answer(meeting_id=str(meetings[DAILY_CHANGES % 2].id))

    def test_a_project_that_ended_or_was_left_is_not_the_one_they_come_for(self):
        self.project.pope_member_ids.date_exit = self.project.pope_member_ids.date_entry or self.now.date()
        self.answer(meeting_id=str(self.meeting.id))
        self.assertFalse(self.enrolments(self.meeting).lead_id)

    def test_the_past_stays_as_it_was(self):
        past = self.create_event("information_meeting", days=-2)
        self.register(past, self.holders[0])
        self.answer(meeting_id=str(self.meeting.id))
        self.answer(give_up="1")
        self.assertEqual(self.state_of(past), ["open"])

    def test_a_link_follows_its_person_and_dies_with_them(self):
        Notification = self.env["pope.notification"]
        token = self.row._meeting_token()
        self.assertEqual(Notification._find_by_meeting_token(token), self.row)
        keeper = self.env["res.partner"].create({"name": "Awa Diallo", "email": "awa@example.org"})
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_context(active_model="res.partner", active_ids=(self.holders[0] | keeper).ids).create({})
        wizard.dst_partner_id = keeper
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual(Notification._find_by_meeting_token(token).partner_id, keeper)
        keeper._pope_anonymise()
        self.assertFalse(Notification._find_by_meeting_token(token))

    def test_foreign_and_old_tokens_open_nothing(self):
        Notification = self.env["pope.notification"]
        good = self.row._meeting_token()
        env = self.env(su=True)
        foreign = [
            *HOSTILE,
            good[:-2],
            good[:-4] + "AAAA",
            good + "AA" * 4,
            good.swapcase(),
            "é" * 60,
            "A" * 62,
            hash_sign(env, "pope.intake", [self.row.id], expiration_hours=24),
            hash_sign(env, SCOPE, [999999999], expiration_hours=24),
            hash_sign(env, SCOPE, [self.row.id], expiration=timedelta(seconds=-5)),
            self.env["pope.intake"]._form_stamp(),
        ]
        for token in foreign:
            self.assertFalse(Notification._find_by_meeting_token(token), token[:40])
        self.at(self.now + timedelta(days=181))
        self.assertFalse(Notification._find_by_meeting_token(good))


class IntakeCase(MeetingPageCase):
    def setUp(self):
        super().setUp()
        self.Intake = self.env["pope.intake"].with_user(self.env.ref("base.public_user"))

    def stamp(self, seconds=60):
        values = [int(time.time()) - seconds, secrets.token_hex(8)]
        return hash_sign(self.env(su=True), "pope.intake", values, expiration_hours=1)

    def send(self, **form):
        known = self.env["pope.intake"].search([])
        self.Intake._receive_form(
            self.team,
            {"first_name": "Lina", "last_name": "Faure", "dates": "1", "stamp": self.stamp(), **form},
        )
        return self.env["pope.intake"].search([]) - known


@tagged("post_install", "-at_install")
class TestUnknownPeople(IntakeCase):
    def test_who_is_not_known_goes_to_sort_then_is_registered_and_told(self):
        mails = self.env["pope.notification"].search_count([])
        intake = self.send(email="lina.faure@example.org", meeting_id=str(self.meeting.id))
        self.assertEqual((intake.name, intake.state, intake.meeting_id), ("Lina FAURE", "to_sort", self.meeting))
        self.assertFalse(self.enrolments(self.meeting), "nothing before a person acts")
        self.assertEqual(self.env["pope.notification"].search_count([]), mails)
        intake.with_user(self.user_pope).action_make_project()
        enrolment = self.enrolments(self.meeting)
        self.assertEqual((enrolment.partner_id, enrolment.lead_id), (intake.partner_id, intake.lead_id))
        self.assertEqual(self.of("registered").partner_id, intake.partner_id)
        welcome = self.rows(intake.lead_id).filtered(lambda row: row.rule_id == self.rule("pope_crm.rule_welcome"))
        self.assertIn("jeudi 26 mars 2026 à 10\xa0h", self.text(welcome))

    def test_a_colleague_is_attached_and_registered(self):
        intake = self.send(phone="0699887766", meeting_id=str(self.meeting.id))
        intake.lead_id = self.project
        intake.with_user(self.user_pope).action_attach()
        enrolment = self.enrolments(self.meeting)
        self.assertEqual((enrolment.partner_id.name, enrolment.lead_id), ("Lina FAURE", self.project))

    def test_a_meeting_that_filled_meanwhile_asks_to_propose_another(self):
        intake = self.send(email="lina.faure@example.org", meeting_id=str(self.meeting.id))
        self.meeting.write({"seats_limited": True, "seats_max": 1})
        self.register(self.meeting, self.holders[1])
        intake.with_user(self.user_pope).action_make_project()
        self.assertEqual(intake.state, "project")
        self.assertFalse(self.of("registered"))
        activity = intake.lead_id.activity_ids.filtered(lambda a: "Lina FAURE" in (a.summary or ""))
        self.assertEqual(activity.user_id, self.user_pope)

    def test_none_of_the_dates_is_an_answer_and_nothing_is_not(self):
        self.assertFalse(self.send(email="lina@example.org", meeting_id="none").meeting_id)
        for chosen in ("", "abc", "0", str(self.create_event("training").id)):
            with self.assertRaises(UserError):
                self.send(email="lina2@example.org", meeting_id=chosen)

    def test_the_form_of_first_contact_stays_as_it_was(self):
        form = {"first_name": "Zoé", "phone": "0611223344", "stamp": self.stamp(), "meeting_id": str(self.meeting.id)}
        self.Intake._receive_form(self.team, form)
        self.assertFalse(self.env["pope.intake"].search([("name", "=", "Zoé")]).meeting_id)

    def test_another_date_is_another_message(self):
        self.assertTrue(self.send(email="lina@example.org", meeting_id=str(self.meeting.id)))
        self.assertFalse(self.send(email="lina@example.org", meeting_id=str(self.meeting.id)))
        self.assertTrue(self.send(email="lina@example.org", meeting_id=str(self.other.id)))


@tagged("post_install", "-at_install")
class TestPages(IntakeCase, HttpCase):
    """The server keeps its own clock: these meetings are to come for it."""

    def setUp(self):
        super().setUp()
        self.at(self.real_now)
        for days, meeting in ((16, self.meeting), (30, self.other)):
            begin = self.real_now + timedelta(days=days)
            meeting.write({"date_begin": begin, "date_end": begin + timedelta(hours=2)})
        self.row.date_planned = self.real_now
        self.address = f"/pope/reunion/{self.row._meeting_token()}"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.real_now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)

    def page(self, address=None):
        response = self.url_open(address or self.address)
        return response, response.text.split('name="csrf_token" value="')[1].split('"')[0]

    def post(self, token, address=None, **form):
        return self.url_open(address or self.address, data={"csrf_token": token, **form})

    def test_the_link_shows_the_dates_and_the_notice(self):
        response, _token = self.page(f"{self.address}?date={self.other.id}")
        self.assertEqual(response.status_code, 200)
        for words in ("Bonjour", "Awa", "Maison des associations", "Choisissez votre date", "Vos données servent"):
            self.assertIn(words, response.text)
        self.assertIn(self.company.with_context(lang="fr_FR")._pope_moment_label(self.other.date_begin), response.text)
        chosen = response.text.split(f'value="{self.other.id}"')[1].split(">")[0]
        self.assertIn("checked", chosen)
        for stranger in ("http://", "https://", "<script"):
            self.assertNotIn(stranger, response.text.replace(self.base_url(), ""), "nothing of a third party")
        self.assertFalse(self.enrolments(self.meeting | self.other), "a link that is only opened registers nobody")

    def test_register_change_and_give_up_from_one_link(self):
        _response, token = self.page()
        self.assertIn("votre place est réservée", self.post(token, meeting_id=self.meeting.id).text)
        self.assertIn("Vous êtes inscrit·e", self.page()[0].text)
        self.assertIn("votre place est réservée", self.post(token, meeting_id=self.other.id).text)
        self.assertEqual((self.state_of(self.meeting), self.state_of(self.other)), (["cancel"], ["open"]))
        self.assertIn("vous ne venez pas", self.post(token, give_up="1").text)
        self.assertEqual(self.state_of(self.other), ["cancel"])

    def test_full_past_and_called_off_are_told(self):
        _response, token = self.page()
        self.post(token, meeting_id=self.meeting.id)
        self.meeting.action_pope_call_off()
        self.assertIn("est annulée", self.page()[0].text)
        self.assertIn("passée, ou annulée", self.post(token, meeting_id=self.meeting.id).text)
        self.other.write({"seats_limited": True, "seats_max": 1})
        self.register(self.other, self.holders[1])
        response, token = self.page()
        self.assertIn("Complet", response.text)
        self.assertIn("disabled", response.text.split(f'value="{self.other.id}"')[1].split(">")[0])
        refused = self.post(token, meeting_id=self.other.id)
        self.assertIn("complète", refused.text)
        self.assertIn('role="alert"', refused.text)
        self.assertIn("Choisissez d'abord une date", self.post(token).text.replace("&#39;", "'"))
        self.other.action_pope_call_off()
        self.assertIn("Aucune autre date", self.url_open(self.address).text)

    def test_hostile_values_and_foreign_tokens_never_break_the_link(self):
        _response, token = self.page()
        before = self.env["event.registration"].search_count([])
        for name in ("meeting_id", "date", "x"):
            for value in HOSTILE:
                response = self.post(token, **{name: value})
                self.assertEqual(response.status_code, 200, (name, value[:30]))
                self.assertNotIn("<script>alert", response.text)
        response = self.url_open(self.address, data={"csrf_token": token}, files={"meeting_id": ("x", b"1")})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.post("x" * 40, meeting_id=self.meeting.id).status_code, 400)
        for query in ("date=abc", "date=0", "date[]=1", "lang=xx_XX", "row=1", "token=x", "env=1"):
            self.assertIn(self.url_open(f"{self.address}?{query}").status_code, (200, 400), query)
        for foreign in ("x", "A" * 62, "%00", "é", "..%2f..", "1", self.address.rsplit("/", 1)[1][:-3]):
            response = self.url_open(f"/pope/reunion/{foreign}")
            self.assertEqual(response.status_code, 404, foreign)
            self.assertNotIn("Awa", response.text)
        self.assertEqual(self.env["event.registration"].search_count([]), before)

    def test_the_page_of_everybody(self):
        response, token = self.page("/pope/reunions")
        self.assertIn("Maison des associations", response.text)
        self.assertIn("Vos données servent", response.text)
        self.assertNotIn("Awa", response.text)
        form = {"stamp": self.stamp(), "first_name": "Lina", "phone": "0699887766"}
        missing = self.post(token, "/pope/reunions", **form)
        self.assertIn("Choisissez une date", missing.text)
        self.assertIn('value="Lina"', missing.text)
        done = self.post(token, f"/pope/reunions/{self.team.id}", **form, meeting_id=self.meeting.id)
        self.assertIn("Merci, votre demande", done.text)
        self.assertEqual(self.env["pope.intake"].search([("name", "=", "Lina")]).meeting_id, self.meeting)
        robot = self.post(token, "/pope/reunions", **{**form, "stamp": self.stamp(), "website": "x"}, meeting_id="none")
        self.assertEqual(robot.status_code, 200)
        self.assertEqual(self.env["pope.intake"].search_count([("name", "=", "Lina")]), 1)

    def test_without_a_date_the_page_leads_to_the_first_contact(self):
        (self.meeting | self.other).kanban_state = "blocked"
        self.assertIn(f"/pope/contact/{self.team.id}", self.url_open("/pope/reunions").text)
        self.team.pope_notice = False
        self.env["crm.team"].search([("pope_lead_type", "=", "project")]).pope_notice = False
        self.assertEqual(self.url_open("/pope/reunions").status_code, 404)

    def test_hostile_values_never_break_the_page_of_everybody(self):
        _response, token = self.page("/pope/reunions")
        good = {"csrf_token": token, "first_name": "Lina", "phone": "0699887766", "meeting_id": "none"}
        for name in ("meeting_id", "dates", "stamp", "message", "email", "date"):
            for number, value in enumerate(HOSTILE):
                form = {**good, "stamp": self.stamp(), "last_name": f"{name} {number}", name: value}
                response = self.url_open("/pope/reunions", data=form)
                self.assertIn(response.status_code, (200, 429), (name, value[:30]))
                self.assertNotIn("<script>alert", response.text)
            self.env.cr.execute("UPDATE pope_intake SET create_date = create_date - interval '2 days'")
        for address in ("/pope/reunions/abc", "/pope/reunions/-1", "/pope/reunions/99999999999999999999"):
            self.assertEqual(self.url_open(address).status_code, 404, address)
        self.assertFalse(self.enrolments(self.meeting | self.other))

    def test_the_page_costs_the_same_for_two_dates_and_for_twenty(self):
        counts = []
        for more in (0, 18):
            for number in range(more):
                self.create_event(
                    "information_meeting",
                    date_begin=self.real_now + timedelta(days=40 + number),
                    date_end=self.real_now + timedelta(days=40 + number, hours=2),
                    address_id=self.place.id,
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            values = self.row._meeting_page({})
            self.assertEqual(len(values["meetings"]), 2 + more)
            [(meeting.pope_is_full, meeting._pope_place()) for meeting in values["meetings"]]
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
