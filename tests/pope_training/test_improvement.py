"""Complaints, actions, risks, watch notes: what Qualiopi's criteria 6 and 7 ask to keep."""

import secrets
import time
from datetime import UTC, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import format_date, hash_sign

from odoo.addons.pope_crm.models.pope_intake_form import DAILY_LIMIT, FASTEST_SECONDS

from .common import MeetingCase


class QualityCase(MeetingCase):
    def complain(self, **values):
        return (
            self.env["pope.quality.feedback"]
            .with_user(self.user_pope)
            .create({"name": "Salle froide", "partner_id": self.holders[0].id, "date": "2026-03-02", **values})
        )

    def send(self, action, **values):
        composer = Form(self.env["mail.compose.message"].with_user(self.user_pope).with_context(**action["context"]))
        for name, value in values.items():
            setattr(composer, name, value)
        composer.save().action_send_mail()


@tagged("post_install", "-at_install")
class TestFeedback(QualityCase):
    def test_each_has_its_number_in_the_year_it_came(self):
        first, second = self.complain(), self.complain()
        other = self.complain(date="2025-12-30")
        self.assertRegex(first.reference, r"^R2026-\d{3}$")
        self.assertEqual(int(second.reference[-3:]), int(first.reference[-3:]) + 1)
        self.assertRegex(other.reference, r"^R2025-\d{3}$")

    def test_a_complaint_is_acknowledged_then_answered_by_mail(self):
        self.company.write({"pope_acknowledge_days": 5, "pope_answer_days": 15})
        feedback = self.complain()
        self.assertEqual(str(feedback.date_due), "2026-03-07")
        self.send(feedback.action_acknowledge())
        self.assertEqual((feedback.state, feedback.date_acknowledged), ("acknowledged", self.today()))
        self.assertEqual(str(feedback.date_due), "2026-03-17")
        mail = self.env["mail.mail"].search([("model", "=", feedback._name), ("res_id", "=", feedback.id)])
        self.assertEqual(mail.recipient_ids, self.holders[0])
        self.assertIn(feedback.reference, mail.subject)
        feedback.answer = "Le chauffage est réparé."
        self.send(feedback.action_answer())
        self.assertEqual((feedback.state, feedback.date_answered), ("answered", self.today()))
        mails = self.env["mail.mail"].search([("model", "=", feedback._name), ("res_id", "=", feedback.id)])
        self.assertIn("Le chauffage est réparé.", "".join(mails.mapped("body_html")))

    def test_who_has_no_card_is_answered_at_their_address(self):
        feedback = self.complain(partner_id=False, author_name="Fatou Sy", author_email="fatou.sy@example.org")
        self.send(feedback.action_acknowledge())
        mail = self.env["mail.mail"].search([("model", "=", feedback._name), ("res_id", "=", feedback.id)])
        self.assertIn("fatou.sy@example.org", f"{mail.email_to} {mail.recipient_ids.mapped('email')}")
        self.assertEqual(feedback.state, "acknowledged")

    def test_a_note_for_colleagues_acknowledges_nothing(self):
        feedback = self.complain()
        feedback.with_context(feedback.action_acknowledge()["context"]).message_post(
            body="À voir", subtype_xmlid="mail.mt_note"
        )
        self.assertEqual(feedback.state, "received")

    def test_it_is_closed_once_it_is_understood_and_answered(self):
        feedback = self.complain()
        with self.assertRaisesRegex(UserError, "Salle froide"), self.cr.savepoint():
            feedback.action_close()
        feedback.write({"analysis": "Chaudière en panne", "answer": "Réparée"})
        with self.assertRaises(UserError):
            feedback.action_close()
        with self.assertRaises(UserError):
            feedback.state = "closed"
        feedback.date_answered = self.today()
        feedback.action_close()
        self.assertEqual(feedback.state, "closed")
        feedback.action_reopen()
        self.assertEqual(feedback.state, "answered")
        hazard = self.complain(kind="hazard", analysis="Grève", answer="Horaires décalés")
        hazard.action_close()
        self.assertEqual(hazard.state, "closed", "who tells of a hazard awaits no answer")

    def test_who_is_in_charge_is_reminded_until_it_is_answered(self):
        feedback = self.complain(date=self.today())
        self.env["pope.quality.feedback"]._cron_remind()
        self.assertEqual(feedback.activity_ids.user_id, self.user_pope)
        feedback.write({"analysis": "Panne", "answer": "Réparée", "date_answered": self.today()})
        feedback.action_close()
        self.assertFalse(feedback.activity_ids)

    def test_the_session_tells_the_programme(self):
        session = self.create_event("training", pope_program_id=self.create_program().id)
        self.assertEqual(self.complain(event_id=session.id).program_id.name, "Vie commune")

    def test_a_person_who_is_forgotten_leaves_the_complaint_without_name(self):
        feedback = self.complain(author_phone="06 12 34 56 01", description="Il faisait froid.")
        self.holders[0].with_user(self.user_manager)._pope_anonymise()
        self.assertNotIn("Diallo", f"{feedback.author_name} {feedback.author_email} {feedback.partner_id.name}")
        self.assertEqual(feedback.description, "Il faisait froid.")


@tagged("post_install", "-at_install")
class TestImprovement(QualityCase):
    def action(self, **values):
        return (
            self.env["pope.quality.action"].with_user(self.user_pope).create({"name": "Salle de plain-pied", **values})
        )

    def test_an_action_says_where_it_comes_from(self):
        risk = self.env["pope.quality.risk"].with_user(self.user_pope).create({"name": "Salle prise"})
        note = self.env["pope.quality.watch"].with_user(self.user_pope).create({"name": "Décret"})
        for name, record in (("feedback", self.complain()), ("risk", risk), ("watch", note)):
            action = self.action(**{f"{name}_id": record.id})
            self.assertEqual((action.source, record.action_ids), (name, action))
        self.assertEqual(self.action(source="meeting").source, "meeting")

    def test_its_effect_is_reviewed_with_words(self):
        action = self.action()
        action.action_done()
        self.assertEqual((action.state, action.date_done), ("done", self.today()))
        with self.assertRaisesRegex(UserError, "Salle de plain-pied"):
            action.action_review()
        action.write({"effect": "yes", "effect_note": "Plus aucune remarque"})
        action.action_review()
        self.assertEqual((action.state, action.date_reviewed), ("reviewed", self.today()))

    def test_a_risk_is_as_high_as_it_is_serious_and_likely(self):
        risk = self.env["pope.quality.risk"].create({"name": "Salle prise", "severity": "3", "likelihood": "4"})
        self.assertEqual(risk.score, 12)
        risk.date_review = self.today() + timedelta(days=3)
        self.env["pope.quality.feedback"]._cron_remind()
        self.assertTrue(risk.activity_ids)
        risk.date_review = self.today() + timedelta(days=90)
        self.env["pope.quality.feedback"]._cron_remind()
        self.assertFalse(risk.activity_ids, "reviewed: the next one is far")

    def test_a_watch_note_counts_once_it_is_used_and_told(self):
        note = self.env["pope.quality.watch"].create({"name": "Décret", "date_shared": self.today()})
        self.assertEqual(note.use, "noted", "told without a thought: nothing was made of it")
        note.date_shared = False
        note.analysis = "Deux programmes à revoir"
        self.assertEqual(note.use, "used")
        note.date_shared = self.today()
        self.assertEqual(note.use, "shared")

    def test_only_the_last_review_of_a_trainer_is_due(self):
        Review = self.env["pope.trainer.review"]
        soon = self.today() + timedelta(days=5)
        first = Review.create({"partner_id": self.holders[2].id, "date": "2026-01-05", "date_next": soon})
        self.env["pope.quality.feedback"]._cron_remind()
        self.assertTrue(first.activity_ids)
        last = Review.create({"partner_id": self.holders[2].id, "date": "2026-03-05"})
        self.assertEqual((first.is_last, last.is_last), (False, True))
        self.assertFalse(first.activity_ids)
        old = Review.create({"partner_id": self.holders[2].id, "date": "2025-03-05"})
        self.assertEqual((old.is_last, last.is_last), (False, True), "written down late, it is no later")

    def test_the_skills_plan_reminds_and_keeps_its_proof(self):
        line = self.env["pope.staff.skill"].create(
            {"partner_id": self.holders[2].id, "name": "Secourisme", "date_planned": self.today()}
        )
        self.env["pope.quality.feedback"]._cron_remind()
        self.assertTrue(line.activity_ids)
        line.action_done()
        self.assertEqual((line.state, line.date_done, len(line.activity_ids)), ("done", self.today(), 0))

    def test_arrangements_are_read_and_written_by_the_small_group_alone(self):
        session = self.create_event("training")
        self.register(session, self.holders[0])
        enrolment = self.enrolments(session)
        small = self._new_user("small", "pope_crm.group_pope_sensitive")
        enrolment.with_user(small).write({"arrangements": "Boucle magnétique", "arrangements_made": "Prêtée"})
        with self.assertRaises(AccessError):
            enrolment.with_user(self.user_manager).read(["arrangements_made"])
        menu = self.env.ref("pope_training.menu_pope_arrangement")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(small)._visible_menu_ids())
        self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(self.user_pope)._visible_menu_ids())
        enrolment.partner_id.with_user(self.user_manager)._pope_anonymise()
        self.assertFalse(enrolment.sudo().arrangements_made)


@tagged("post_install", "-at_install")
class TestComplaintPage(HttpCase, QualityCase):
    def setUp(self):
        super().setUp()
        # the server keeps its own clock
        self.at(datetime.now(UTC).replace(microsecond=0, tzinfo=None))
        self.company.write({"pope_complaint_public": True, "pope_answer_days": 15})
        self.address = f"/pope/reclamation/{self.company.id}"
        self.before = self.env["pope.quality.feedback"].search([])

    def write(self, age=2 * FASTEST_SECONDS, mark=None, **form):
        page = self.url_open(self.address).text
        shown = [int(time.time()) - age, mark or secrets.token_hex(8)]
        values = {
            "csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0],
            "stamp": hash_sign(self.env(su=True), "pope.intake", shown, expiration_hours=1),
            "name": "Fatou Sy",
            "email": "fatou.sy@example.org",
            "message": "Il faisait froid.\nTrès froid.",
            "author_kind": "employer",
            "training": "Vie commune, mars",
            **form,
        }
        return self.url_open(self.address, data=values)

    def arrived(self):
        return self.env["pope.quality.feedback"].search([]) - self.before

    def test_it_is_closed_until_somebody_opens_it(self):
        self.company.pope_complaint_public = False
        self.assertEqual(self.url_open(self.address).status_code, 404)
        self.assertEqual(self.url_open("/pope/reclamation/999999").status_code, 404)
        settings = self.env["pope.training.settings"].with_user(self.user_manager)
        settings.create({"complaint_public": True, "answer_days": 10}).action_save()
        self.assertIn("10 jours", self.url_open(self.address).text.replace("\xa0", " "))

    def test_what_is_written_arrives_with_its_number(self):
        answer = self.write()
        feedback = self.arrived()
        self.assertIn(feedback.reference, answer.text)
        self.assertEqual(
            (feedback.name, feedback.author_name, feedback.author_email, feedback.author_kind, feedback.channel),
            ("Vie commune, mars", "Fatou Sy", "fatou.sy@example.org", "employer", "page"),
        )
        self.assertEqual((feedback.description, feedback.date), ("Il faisait froid.\nTrès froid.", self.today()))
        self.assertEqual(feedback.company_id, self.company)

    def test_who_leaves_an_address_is_told_at_once_when_they_are_answered(self):
        self.write(
            name="<b>Fatou</b>", training="http://evil.example.org", message="<script>alert(1)</script> {{ 7*7 }}"
        )
        feedback = self.arrived()
        self.assertEqual((feedback.state, feedback.date_acknowledged), ("acknowledged", self.today()))
        mail = self.env["mail.mail"].search([("model", "=", feedback._name), ("res_id", "=", feedback.id)])
        self.assertEqual((mail.email_to, mail.state), ("fatou.sy@example.org", "outgoing"), "the queue sends it")
        self.assertFalse(mail.recipient_ids)
        self.assertIn(feedback.reference, mail.subject)
        self.assertIn(format_date(self.env, feedback.date_due, lang_code="fr_FR"), mail.body_html)
        self.assertEqual(feedback.date_due, feedback.date + timedelta(days=15))
        for words in ("evil", "script", "Fatou", "7*7"):
            self.assertNotIn(words, mail.body_html + mail.subject)
        self.write(email="", phone="06 12 34 56 78")
        other = self.arrived() - feedback
        self.assertEqual((other.state, other.date_acknowledged), ("received", False), "somebody calls")
        before = self.env["mail.mail"].search_count([])
        self.write(matter="violence")
        self.assertEqual(self.env["mail.mail"].search_count([]), before, "somebody else may read the box")

    def test_sent_twice_it_arrives_once(self):
        first, second = self.write(mark="same"), self.write(mark="same")
        self.assertEqual(len(self.arrived()), 1)
        for answer in (first, second):
            self.assertIn(self.arrived().reference, answer.text)

    def test_violence_goes_to_the_register_of_the_small_group(self):
        answer = self.write(matter="violence", message="Des propos sexistes pendant la pause")
        self.assertFalse(self.arrived())
        small = self._new_user("small", "pope_crm.group_pope_sensitive")
        report = self.env["pope.quality.report"].with_user(small).search([], limit=1, order="id desc")
        self.assertIn("propos sexistes", report.description)
        self.assertEqual((report.kind, report.state, report.channel), ("unsorted", "open", "page"))
        self.assertNotIn(report.reference, answer.text)
        with self.assertRaises(AccessError):
            report.with_user(self.user_manager).read(["description"])
        with self.assertRaises(UserError):
            report.action_close()
        report.write({"kind": "sexual", "measures": "Entretien, exclusion de l'auteur"})
        report.action_close()
        self.assertEqual((report.state, report.date_closed), ("closed", fields.Date.context_today(report)))

    def test_what_is_missing_is_said_and_what_was_typed_stays(self):
        for form, words in (
            ({"message": " "}, "s'est passé"),
            ({"email": "", "phone": ""}, "joindre"),
            ({"email": "fatou@"}, "adresse"),
            ({"name": "x" * 81}, "trop long"),
        ):
            answer = self.write(**form)
            text = answer.text.replace("&#39;", "'").replace("’", "'")
            self.assertEqual(answer.status_code, 200)
            self.assertIn(words, text, form)
            self.assertIn("Vie commune, mars", text)
        self.assertFalse(self.arrived())

    def test_robots_and_floods_bring_nothing(self):
        self.write(website="http://spam.example.org")
        self.write(age=0)
        self.assertFalse(self.arrived())
        for _time in range(DAILY_LIMIT):
            self.write()
        self.assertEqual(self.write().status_code, 429)
        self.assertEqual(len(self.arrived()), DAILY_LIMIT)
        for _time in range(DAILY_LIMIT):
            self.assertEqual(self.write(matter="violence").status_code, 200, "another register, another count")
        self.assertEqual(self.write(matter="violence").status_code, 429)

    def test_hostile_texts_stay_texts(self):
        self.write(name="<script>alert(1)</script>", training="=1+1", author_kind="admin", matter="<b>")
        feedback = self.arrived()
        self.assertEqual((feedback.author_kind, feedback.name), ("other", "=1+1"))
        self.assertNotIn("<script>alert", self.write(name="<script>alert(1)</script>", message="").text)
