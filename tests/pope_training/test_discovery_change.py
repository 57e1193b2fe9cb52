"""A discovery day that moves or is called off: its people stay registered and are told, and so is who sent them."""

from datetime import datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .test_path import PathCase

LIST = "Lina Faure; lina.faure@example.org\nOmar Sy; 06 11 22 33 44"


@tagged("post_install", "-at_install")
class TestDiscoveryChange(PathCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house = cls.env["res.partner"].create(
            {"name": "Mission locale du Nord", "is_company": True, "email": "accueil@mission.example.org"}
        )

    def setUp(self):
        super().setUp()
        self.next = self.create_event("discovery_day", days=16, name="Découvrir les métiers")
        self.alone = self.register(self.next, self.holders[0])
        self.enrol_list()

    def enrol_list(self):
        self.env["pope.training.enrol.list"].create(
            {"event_id": self.next.id, "text": LIST, "prescriber_id": self.house.id}
        ).action_enrol()

    def wizard(self, **values):
        wizard = self.env["pope.training.postpone"].with_user(self.user_pope)
        form = Form(wizard.with_context(default_event_id=self.next.id))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def told(self, *states):
        """The e-mails of a change: those of its people, and those of who sent them."""
        domain = [("event_id", "=", self.next.id), ("rule_id.trigger", "=like", "discovery\\_%")]
        rows = self.env["pope.notification"].search([*domain, ("state", "!=", "cancelled")], order="id")
        return rows.filtered("enrolment_id"), rows.filtered("session_id")

    def text(self, row):
        return html2plaintext(row._render()[row.id]["body_html"]).replace("\N{NO-BREAK SPACE}", " ")

    def test_moved_in_one_gesture_its_people_and_who_sent_them_are_told(self):
        before = self.next.date_begin
        wizard = self.wizard(date_begin=before + timedelta(days=7), reason="La salle est prise.")
        self.assertEqual((wizard.people, wizard.unreached), ("Awa Diallo, Lina Faure", "Omar Sy"))
        self.assertEqual(wizard.senders, "Mission locale du Nord")
        wizard.action_apply()
        self.assertEqual(self.next.date_begin, before + timedelta(days=7))
        self.assertEqual(self.next.date_end - self.next.date_begin, timedelta(hours=2))
        self.assertEqual(set(self.next.registration_ids.mapped("state")), {"open"})
        people, senders = self.told()
        self.assertEqual(len(people), 3)
        text = self.text(people[0])
        for words in ("jeudi 26 mars 2026", "jeudi 2 avril 2026", "La salle est prise.", "Votre place"):
            self.assertIn(words, text)
        self.assertEqual(senders.partner_id, self.house)
        text = self.text(senders)
        for words in ("jeudi 2 avril 2026", "La salle est prise.", "Lina Faure", "Omar Sy"):
            self.assertIn(words, text)
        self.assertNotIn("Awa Diallo", text, "who came by herself is not told to somebody else")
        self.dispatch()
        self.assertEqual(set(people.filtered("email").mapped("state")) | {senders.state}, {"queued"})

    def test_called_off_registrations_are_kept_and_other_days_offered(self):
        with self.assertRaises(UserError):
            self.env["pope.training.postpone"].create({"event_id": self.next.id, "gesture": "cancel"}).action_apply()
        self.create_event("discovery_day", days=40, name="Une autre")
        self.wizard(gesture="cancel", reason="Grève des transports").action_apply()
        self.assertEqual(self.next.kanban_state, "cancel")
        self.assertEqual(set(self.next.registration_ids.mapped("state")), {"open"})
        people, senders = self.told()
        self.assertEqual((len(people), len(senders)), (3, 1))
        self.assertIn("/pope/decouverte", people[0]._render()[people[0].id]["body_html"])
        for row in people[0] | senders:
            self.assertIn("Grève des transports", self.text(row))
            self.assertIn("n'aura pas lieu", self.text(row).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
        reminders = self.env["pope.notification"].search(
            [("enrolment_id", "in", people.enrolment_id.ids), ("rule_id.trigger", "=", "date")]
        )
        self.assertEqual(set(reminders.mapped("state")), {"cancelled"})

    def test_the_mail_is_read_before_anything_is_done(self):
        before = self.next.date_begin
        wizard = self.wizard(date_begin=before + timedelta(days=7), reason="Travaux")
        wizard.action_preview()
        self.assertIn("2 avril 2026", wizard.body)
        self.assertEqual(self.next.date_begin, before)
        self.assertFalse(any(self.told()))

    def test_a_date_changed_on_the_day_itself_is_told_as_well(self):
        self.next.with_user(self.user_pope).date_begin = datetime(2026, 3, 25, 13, 0)
        self.assertEqual([len(rows) for rows in self.told()], [3, 1])

    def test_moved_twice_is_told_once_and_moved_back_not_at_all(self):
        before = self.next.date_begin
        for days in (7, 14):
            self.wizard(date_begin=before + timedelta(days=days)).action_apply()
        people, senders = self.told()
        self.assertEqual((len(people), len(senders)), (3, 1))
        self.assertEqual(set((people | senders).mapped("date_former")), {before})
        self.wizard(date_begin=before).action_apply()
        self.assertFalse(any(self.told()))

    def test_moved_again_after_the_mail_left_is_told_again(self):
        before = self.next.date_begin
        self.wizard(date_begin=before + timedelta(days=7)).action_apply()
        self.dispatch()
        self.wizard(date_begin=before + timedelta(days=14)).action_apply()
        self.assertEqual([len(rows) for rows in self.told()], [6, 2])

    def test_who_gave_up_and_their_sender_are_not_told(self):
        self.next.registration_ids[1:].action_cancel()
        self.wizard(gesture="cancel", reason="Travaux").action_apply()
        people, senders = self.told()
        self.assertEqual((people.partner_id, len(senders)), (self.holders[0], 0))

    def test_a_day_that_is_over_tells_nobody(self):
        registration = self.register(self.day, self.holders[1])
        self.day.kanban_state = "cancel"
        rows = registration.pope_enrolment_ids.notification_ids
        self.assertFalse(rows.filtered(lambda row: row.rule_id.trigger == "discovery_called_off"))

    def test_dates_that_cannot_be_are_refused(self):
        for moment in (self.next.date_begin, self.now - timedelta(days=3), datetime(2026, 5, 1, 8, 0)):
            wizard = self.env["pope.training.postpone"].create({"event_id": self.next.id, "date_begin": moment})
            with self.assertRaises(UserError):
                wizard.action_apply()

    def test_a_rule_for_who_sent_people_has_its_own_source(self):
        rule = self.env.ref("pope_training.rule_discovery_moved_sender")
        for values in ({"source": "enrolment"}, {"recipients": "person"}, {"trigger": "registered"}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                rule.write(values)
