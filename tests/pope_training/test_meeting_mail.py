"""What people receive about their information meeting: dates to choose from, reminders, changes; once, in French."""

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import MeetingCase

GONE = ("queued", "sending", "sent")


class MeetingMailCase(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["event.event"].search([("pope_kind", "=", "information_meeting")]).kanban_state = "blocked"
        cls.place = cls.env["res.partner"].create(
            {
                "name": "Maison des associations",
                "street": "3 rue du Cygne",
                "zip": "93200",
                "city": "Saint-Denis",
                "is_company": True,
            }
        )

    def setUp(self):
        super().setUp()
        # a Thursday, at ten in Paris as the clock of the tests says; the clocks change on the 29th
        self.meeting.address_id = self.place

    def rule(self, name):
        return self.env.ref(name if "." in name else f"pope_training.rule_registration_{name}")

    def of(self, name, *states):
        domain = [("rule_id", "=", self.rule(name).id), *([("state", "in", states)] if states else [])]
        return self.env["pope.notification"].search(domain, order="id")

    def text(self, row):
        return row._render()[row.id]["body_html"]

    def choose(self, person, meeting, lead=None):
        lead = self.env["crm.lead"] if lead is None else lead
        return self.env["pope.training.enrolment"]._choose(person, meeting, self.company, lead)

    def days_of(self, rows):
        return sorted(str(self.company._pope_day_of(row.date_planned)) for row in rows)


@tagged("post_install", "-at_install")
class TestDatesOffered(MeetingMailCase):
    def welcome(self, project):
        return self.rows(project).filtered(lambda row: row.rule_id == self.rule("pope_crm.rule_welcome"))

    def test_the_welcome_offers_the_next_dates_with_a_link_each(self):
        afternoon = self.create_event("information_meeting", days=20, address_id=self.place.id)
        afternoon.write({"date_begin": "2026-04-02 12:00:00", "date_end": "2026-04-02 14:00:00"})
        half = self.create_event("information_meeting", days=30, event_url="https://visio.example.org/pole")
        half.write({"date_begin": "2026-04-09 16:30:00", "date_end": "2026-04-09 18:00:00"})
        half.address_id = False
        full = self.create_event("information_meeting", days=10, seats_limited=True, seats_max=1)
        self.register(full, self.holders[2])
        off = self.create_event("information_meeting", days=11, kanban_state="cancel")
        blocked = self.create_event("information_meeting", days=12, kanban_state="blocked")
        past = self.create_event("information_meeting", days=-3)
        other = self.create_event("training", days=13)
        self.create_event("information_meeting", days=60)
        row = self.welcome(self.create_project())
        text = self.text(row)
        plain = html2plaintext(text)
        for words in (
            "Choisissez votre date",
            "jeudi 26 mars 2026 à 10\xa0h",
            "jeudi 2 avril 2026 à 14\xa0h",
            "Maison des associations, 3 rue du Cygne, 93200 Saint-Denis",
            "jeudi 9 avril 2026 à 18\xa0h\xa030",
            "https://visio.example.org/pole",
            "Je viens le jeudi 2 avril 2026 à 14\xa0h",
        ):
            self.assertIn(words, plain)
        for meeting in (self.meeting, afternoon, half):
            self.assertIn(f"?date={meeting.id}", text)
        for meeting in (full, off, blocked, past, other):
            self.assertNotIn(f"?date={meeting.id}", text)
        self.assertEqual(text.count("/pope/reunion/"), 3, "three dates are enough in an e-mail")
        self.assertNotIn("nous vous donnerons la date", plain)

    def test_the_link_is_that_of_its_person(self):
        project = self.create_project(holders=self.holders[:2])
        rows = self.welcome(project)
        self.assertEqual(len(rows), 2)
        Notification = self.env["pope.notification"]
        for row in rows:
            token = self.text(row).split("/pope/reunion/")[1].split("?")[0]
            self.assertEqual(Notification._find_by_meeting_token(token), row)

    def test_without_a_date_the_welcome_stays_right(self):
        self.meeting.kanban_state = "blocked"
        row = self.welcome(self.create_project())
        plain = html2plaintext(self.text(row))
        self.assertIn("Date de votre réunion\N{NO-BREAK SPACE}: nous vous donnerons la date très bientôt.", plain)
        self.assertNotIn("Choisissez", plain)
        self.assertNotIn("/pope/reunion", self.text(row))

    def test_who_is_registered_reads_their_date_and_how_to_change_it(self):
        project = self.create_project()
        row = self.welcome(project)
        self.register(self.meeting, self.holders[0])
        self.env.invalidate_all()
        text = self.text(row)
        self.assertIn("<b>jeudi 26 mars 2026 à 10\xa0h</b>", text)
        self.assertIn("<b>Maison des associations, 3 rue du Cygne, 93200 Saint-Denis</b>", text)
        self.assertNotIn("Choisissez votre date", text)
        reminder = self.of("week", "planned")
        self.assertIn("Changer de date ou annuler", self.text(reminder))

    def test_a_preview_opens_nobody_s_page(self):
        project = self.create_project()
        text = self.rule("pope_crm.rule_welcome")._preview(project, self.holders[0])["body_html"]
        self.assertIn(f"/pope/reunions?date={self.meeting.id}", text)
        self.assertNotIn("/pope/reunion/", text)

    def test_the_texts_are_filled_when_templates_are_restricted(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", True)
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids -= editors
        self.user_manager.group_ids -= editors
        row = self.welcome(self.create_project())
        templates = self.env["pope.notification.rule"].search([]).template_id
        for template in templates:
            self.assertFalse(template._has_unsafe_expression(), template.name)
        text = (
            row.with_user(self.user_manager)
            .sudo(False)
            .rule_id.template_id._render_field("body_html", row.ids, compute_lang=True)[row.id]
        )
        self.assertIn("Choisissez votre date", text)
        self.assertIn(f"?date={self.meeting.id}", text)

    def test_the_dates_of_another_company_are_not_offered(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        theirs = self.create_event("information_meeting", company_id=other.id, organizer_id=False)
        shared = self.create_event("information_meeting", company_id=False)
        text = self.text(self.welcome(self.create_project()))
        self.assertNotIn(f"?date={theirs.id}", text)
        self.assertIn(f"?date={shared.id}", text)

    def test_as_many_queries_for_ten_welcomes_as_for_a_hundred(self):
        self.create_event("information_meeting", days=20, address_id=self.place.id)
        counts = []
        for size in (10, 100):
            people = self.env["res.partner"].create(
                [{"name": f"P {size} {n}", "email": f"p{size}-{n}@example.org", "lang": "fr_FR"} for n in range(size)]
            )
            project = self.create_project(f"Projet {size}", people)
            rows = self.welcome(project)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rendered = rows._render()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(rendered), size)
        # templates are rendered by lots of fifty
        self.assertLessEqual(counts[1], counts[0] + 4, counts)


@tagged("post_install", "-at_install")
class TestReminders(MeetingMailCase):
    def reminders(self, person, *states):
        """The rows of any reminder of a meeting that go to a person."""
        templates = self.env.ref("pope_crm.mail_template_meeting_week") | self.env.ref(
            "pope_crm.mail_template_meeting_day"
        )
        domain = [("partner_id", "=", person.id), ("rule_id.template_id", "in", templates.ids)]
        return self.env["pope.notification"].search([*domain, *([("state", "in", states)] if states else [])])

    def run_until(self, days):
        """The cron at ten each day, from now on."""
        for day in range(days):
            self.dispatch(self.now + timedelta(days=day, hours=1))

    def sent_on(self, person):
        return sorted((row.rule_id.source, row.subject) for row in self.reminders(person, *GONE))

    def test_a_date_and_a_registration_make_one_reminder_each(self):
        project = self.create_project(pope_meeting_date=self.meeting.date_begin)
        self.assertEqual(len(self.reminders(self.holders[0], "planned")), 2, "the date of the project alone")
        self.register(self.meeting, self.holders[0])
        planned = self.reminders(self.holders[0], "planned")
        self.assertEqual(set(planned.rule_id.mapped("source")), {"enrolment"})
        self.assertEqual(self.days_of(planned), ["2026-03-19", "2026-03-25"])
        self.run_until(20)
        self.assertEqual(len(self.reminders(self.holders[0], *GONE)), 2, "one a week before, one the day before")
        self.assertEqual(project.pope_meeting_date, self.meeting.date_begin)

    def test_another_date_typed_on_the_project_adds_none(self):
        project = self.create_project()
        self.register(self.meeting, self.holders[0])
        project.pope_meeting_date = self.meeting.date_begin + timedelta(days=3)
        self.run_until(25)
        sent = self.reminders(self.holders[0], *GONE)
        self.assertEqual(len(sent), 2)
        self.assertIn("jeudi 26 mars 2026 à 10\xa0h", html2plaintext(sent[0].body))

    def test_registered_the_day_of_a_reminder_that_left_receives_no_second(self):
        self.create_project(pope_meeting_date=self.meeting.date_begin)
        self.dispatch(self.now + timedelta(days=9, hours=1))
        self.assertEqual(len(self.reminders(self.holders[0], *GONE)), 1)
        self.register(self.meeting, self.holders[0])
        self.run_until(20)
        self.assertEqual(
            len(self.reminders(self.holders[0], *GONE)), 2, "the week before by one, the day before by the other"
        )

    def test_only_who_is_registered_is_reminded(self):
        project = self.create_project(holders=self.holders[:2])
        self.register(self.meeting, self.holders[0])
        self.assertTrue(project.pope_meeting_date)
        self.run_until(20)
        self.assertEqual(len(self.reminders(self.holders[0], *GONE)), 2)
        self.assertFalse(self.reminders(self.holders[1], *GONE))

    def test_without_a_registration_the_date_of_the_project_reminds(self):
        self.create_project(pope_meeting_date=self.meeting.date_begin)
        self.run_until(20)
        self.assertEqual({source for source, _s in self.sent_on(self.holders[0])}, {"project"})

    def test_a_registration_given_up_gives_the_reminders_back_to_the_typed_date(self):
        project = self.create_project()
        registration = self.register(self.meeting, self.holders[0])
        typed = self.meeting.date_begin + timedelta(days=7)
        project.pope_meeting_date = typed
        registration.action_cancel()
        planned = self.reminders(self.holders[0], "planned")
        self.assertEqual(set(planned.rule_id.mapped("source")), {"project"})
        self.assertEqual(self.days_of(planned), ["2026-03-26", "2026-04-01"])

    def test_somebody_without_a_project_is_reminded_as_well(self):
        registration = self.register(self.meeting, ("Inès Moreau", "ines.moreau@example.org"))
        person = self.enrolments(registration).partner_id
        self.run_until(20)
        sent = self.reminders(person, *GONE)
        self.assertEqual(len(sent), 2)
        self.assertFalse(sent.lead_id)
        self.assertEqual(sent.mail_id.mapped("model"), ["event.registration"] * 2)

    def test_reminders_leave_on_the_last_working_day_before_and_are_not_counted(self):
        monday = self.create_event("information_meeting", days=13)  # J-1 is a Sunday, J-7 a Monday
        self.create_project(stage_id=self.stage_contact.id)
        self.register(monday, self.holders[0])
        self.assertEqual(self.days_of(self.reminders(self.holders[0], "planned")), ["2026-03-16", "2026-03-20"])
        # the welcome of today and a reminder of today leave together
        soon = self.create_event("information_meeting", days=7)
        self.register(soon, self.holders[0])
        self.dispatch(self.now + timedelta(hours=2))
        today = self.env["pope.notification"].search([("partner_id", "=", self.holders[0].id), ("state", "in", GONE)])
        self.assertEqual(set(today.rule_id.mapped("kind")), {"stage", "reminder"})

    def test_registered_three_days_before_only_the_last_reminder_leaves(self):
        soon = self.create_event("information_meeting", days=3)
        self.register(soon, self.holders[0])
        late = self.reminders(self.holders[0], "skipped")
        self.assertEqual(late.reason, "late")
        self.run_until(5)
        self.assertEqual(len(self.reminders(self.holders[0], *GONE)), 1)

    def test_a_restored_project_and_a_merge_keep_the_reminders(self):
        project = self.create_project()
        self.register(self.meeting, self.holders[0])
        project.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_works").id)
        self.assertFalse(self.reminders(self.holders[0], "planned"))
        project.action_unarchive()
        self.assertEqual(len(self.reminders(self.holders[0], "planned")), 2)
        head = self.create_project("La première", self.holders[1:2])
        (head | project).merge_opportunity(auto_unlink=True)
        planned = self.reminders(self.holders[0], "planned")
        self.assertEqual(len(planned), 2)
        self.assertEqual(planned.lead_id, (head | project).exists())

    def test_two_contacts_merged_are_reminded_once(self):
        twin = self.holders[0].copy({"email": self.holders[0].email})
        self.register(self.meeting, self.holders[0], partner_id=self.holders[0].id)
        self.register(self.meeting, twin, partner_id=twin.id)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_context(active_model="res.partner", active_ids=(self.holders[0] | twin).ids).create({})
        wizard.dst_partner_id = self.holders[0]
        wizard.action_merge()
        self.run_until(20)
        self.assertEqual(len(self.reminders(self.holders[0], *GONE)), 2)

    def test_a_registration_deleted_is_reminded_no_more(self):
        registration = self.register(self.meeting, self.holders[0])
        rows = self.reminders(self.holders[0], "planned")
        registration.unlink()
        self.assertEqual(set(rows.mapped("state")), {"cancelled"})
        self.assertEqual(len(rows.exists()), 2)

    def test_other_kinds_of_events_plan_no_reminder(self):
        for kind in ("training", "discovery_day", False):
            self.register(self.create_event(kind), self.holders[0])
        self.assertFalse(self.reminders(self.holders[0]))

    def test_odoo_s_own_mails_never_double_ours_and_others_keep_theirs(self):
        stock = self.create_event(False)
        self.assertEqual(len(stock.event_mail_ids), 3)
        Mail = self.env["event.mail"]
        template = f"mail.template,{self.env.ref('event.event_subscription').id}"
        scheduler = {"interval_nbr": 0, "interval_unit": "now", "interval_type": "after_sub", "template_ref": template}
        ours = Mail.create({**scheduler, "event_id": self.meeting.id})
        mails = self.env["mail.mail"].search_count([])
        self.register(self.meeting, self.holders[0])
        Mail.schedule_communications(autocommit=False)
        self.assertFalse(ours.mail_registration_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.register(stock, self.holders[1])
        self.assertTrue(stock.event_mail_ids.mail_registration_ids)

    def test_an_event_that_becomes_ours_loses_the_mails_of_odoo(self):
        stock = self.create_event(False)
        stock.with_user(self.env.user).pope_kind = "information_meeting"
        self.assertFalse(stock.event_mail_ids)


@tagged("post_install", "-at_install")
class TestChanges(MeetingMailCase):
    def setUp(self):
        super().setUp()
        self.project = self.create_project()
        self.registration = self.register(self.meeting, self.holders[0])
        self.absent = self.register(self.meeting, self.holders[1])
        self.absent.action_cancel()

    def move(self, days=0, hours=0, **values):
        begin = self.meeting.date_begin + timedelta(days=days, hours=hours)
        self.meeting.with_user(self.user_pope).write(
            {"date_begin": begin, "date_end": begin + timedelta(hours=2), **values}
        )

    def test_a_meeting_moved_is_told_once_and_its_reminders_follow(self):
        self.move(days=14)
        row = self.of("moved", "planned")
        self.assertEqual(row.partner_id, self.holders[0], "who gave up is told nothing")
        self.assertEqual(self.days_of(self.of("week", "planned")), ["2026-04-02"])
        self.dispatch()
        self.assertEqual(row.state, "queued")
        plain = html2plaintext(row.body)
        self.assertIn("Elle était prévue le jeudi 26 mars 2026 à 10\xa0h.", plain)
        self.assertIn("jeudi 9 avril 2026 à 11\xa0h", plain)
        self.assertIn("Maison des associations", plain)
        self.assertIn("Changer de date ou annuler", plain)

    def test_a_date_corrected_in_time_is_told_as_it_is_at_last(self):
        self.move(days=14)
        self.move(days=1)
        row = self.of("moved", "planned")
        self.assertEqual(len(row), 1)
        self.assertEqual(str(row.date_former), "2026-03-26 09:00:00", "what people know")
        self.move(days=-15)
        self.assertFalse(self.of("moved", "planned"), "back where it was: nothing to tell")
        self.assertEqual(self.days_of(self.of("week", "planned")), ["2026-03-19"])

    def test_another_hour_of_the_day_and_another_place_are_told_too(self):
        self.move(hours=1)
        self.dispatch()
        self.meeting.address_id = self.company.partner_id
        self.dispatch(self.now + timedelta(hours=1))
        self.assertEqual(len(self.of("moved", "queued")), 2)
        self.assertEqual(len(self.of("week", "planned")), 1)

    def test_a_meeting_called_off_is_told_with_the_next_dates(self):
        other = self.create_event("information_meeting", days=30)
        self.meeting.with_user(self.user_pope).action_pope_call_off()
        row = self.of("called_off", "planned")
        self.assertEqual(row.partner_id, self.holders[0])
        self.assertFalse(self.of("week", "planned"))
        self.assertFalse(self.of("day", "planned"))
        self.dispatch()
        plain = html2plaintext(row.body)
        self.assertIn("est annulée", plain)
        self.assertIn("Elle était prévue le jeudi 26 mars 2026 à 10\xa0h.", plain)
        self.assertIn(f"?date={other.id}", row.body)

    def test_called_off_by_mistake_and_put_back_in_time_is_told_to_nobody(self):
        self.meeting.action_pope_call_off()
        self.meeting.kanban_state = "normal"
        self.assertFalse(self.of("called_off", "planned"))
        self.assertFalse(self.of("moved", "planned"))
        self.assertEqual(len(self.of("week", "planned")), 1)

    def test_put_back_after_it_was_told_is_told_again(self):
        self.meeting.action_pope_call_off()
        self.dispatch()
        self.meeting.kanban_state = "normal"
        row = self.of("moved", "planned")
        self.assertEqual(row.partner_id, self.holders[0])
        self.assertNotIn("Elle était prévue", self.text(row))

    def test_a_meeting_of_the_past_is_corrected_without_a_word(self):
        self.at(self.meeting.date_begin + timedelta(days=2))
        self.move(days=-1)
        self.meeting.action_pope_call_off()
        self.assertFalse(self.of("moved") | self.of("called_off"))

    def test_called_off_in_the_evening_for_the_next_morning_is_told_at_once(self):
        self.meeting.write({"date_begin": "2026-03-26 07:30:00"})  # half past eight, before the mails of the day
        self.dispatch()
        evening = self.meeting.date_begin.replace(day=25, hour=20)
        self.at(evening)
        self.meeting.action_pope_call_off()
        self.dispatch(evening + timedelta(minutes=11))
        self.assertEqual(self.of("called_off").state, "queued")

    def test_an_archived_meeting_is_called_off(self):
        self.meeting.active = False
        self.assertEqual(self.of("called_off").partner_id, self.holders[0])

    def test_a_meeting_with_people_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.meeting.with_user(self.user_manager).unlink()
        (self.registration | self.absent).unlink()
        self.meeting.with_user(self.user_manager).unlink()

    def test_a_title_or_a_note_is_told_to_nobody(self):
        self.meeting.write({"name": "Réunion de printemps", "note": "<p>Clé chez le gardien</p>", "seats_max": 30})
        self.assertFalse(self.of("moved") | self.of("called_off"))

    def test_as_many_queries_to_move_ten_people_as_a_hundred(self):
        counts = []
        for size in (10, 100):
            meeting = self.create_event("information_meeting", days=20)
            people = self.env["res.partner"].create(
                [{"name": f"M {size} {n}", "email": f"m{size}-{n}@example.org"} for n in range(size)]
            )
            for person in people:
                self.create_project(person.name, person)
            self.register(meeting, *people)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            meeting.write(
                {"date_begin": meeting.date_begin + timedelta(days=2), "date_end": meeting.date_end + timedelta(days=2)}
            )
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(self.of("moved", "planned").filtered(lambda row, m=meeting: row.event_id == m)), size)
        self.assertLessEqual(counts[1], counts[0] + 3, counts)


@tagged("post_install", "-at_install")
class TestAbsent(MeetingMailCase):
    def setUp(self):
        super().setUp()
        self.project = self.create_project(holders=self.holders)
        self.rows(self.project)._cancel()  # one e-mail of this kind a day: the welcome would go first
        self.past = self.create_event("information_meeting", days=-1)
        self.registrations = self.register(self.past, *self.holders)
        self.registrations[0].action_set_done()

    def offer(self):
        return self.past.with_user(self.user_pope).action_pope_offer_dates()["params"]["message"]

    def follow_up(self):
        self.env.invalidate_all()
        return self.registrations.with_user(self.user_pope).mapped("pope_follow_up")

    def test_the_absent_are_offered_the_next_dates_once(self):
        self.assertEqual(self.past.with_user(self.user_pope).pope_absent_count, 2)
        self.assertEqual(self.follow_up(), [False, False, False])
        self.assertIn("2", self.offer())
        rows = self.of("offered", "planned")
        self.assertEqual(rows.partner_id, self.holders[1:])
        self.assertEqual(self.follow_up(), [False, "offered", "offered"])
        self.assertIn("0", self.offer())
        self.assertEqual(self.of("offered"), rows)
        self.dispatch()
        for row in rows:
            self.assertEqual(row.state, "queued")
            self.assertIn(f"?date={self.meeting.id}", row.body)
            self.assertIn("vous nous avez manqué", html2plaintext(row.body))

    def test_who_registers_again_is_shown_and_written_to_no_more(self):
        self.offer()
        self.choose(self.holders[1], self.meeting)
        self.assertEqual(self.follow_up(), [False, "again", "offered"])
        self.dispatch()
        self.assertEqual(self.of("offered", "queued").partner_id, self.holders[2])
        self.assertEqual(self.of("offered", "cancelled").reason, "obsolete")

    def test_who_has_no_address_is_to_be_called(self):
        self.holders[2].email = False
        self.assertIn("Chloé Martin", self.offer())
        self.dispatch()
        self.assertEqual(self.follow_up(), [False, "offered", "unreached"])

    def test_without_a_next_date_nothing_is_offered(self):
        self.meeting.kanban_state = "cancel"
        with self.assertRaises(UserError):
            self.offer()
        self.assertFalse(self.of("offered"))

    def test_before_the_meeting_nobody_is_absent(self):
        self.assertFalse(self.meeting.with_user(self.user_pope).pope_absent_count)
        with self.assertRaises(UserError):
            self.meeting.with_user(self.user_pope).action_pope_offer_dates()

    def test_present_and_absent_in_two_gestures(self):
        self.past.with_user(self.user_pope).action_pope_close_meeting()
        self.assertEqual(self.project.stage_id, self.stage_diagnosis)
        self.offer()
        self.assertEqual(len(self.of("offered", "planned")), 2)

    def test_ticked_with_one_tap(self):
        absent = self.registrations[1].with_user(self.user_pope)
        absent.action_pope_tick()
        self.assertEqual(absent.state, "done")
        absent.action_pope_tick()
        self.assertEqual(absent.state, "open")

    def test_the_list_costs_the_same_for_ten_and_a_hundred(self):
        counts = []
        for size in (10, 100):
            meeting = self.create_event("information_meeting", days=-2)
            self.register(meeting, *[(f"L {size} {n}", f"l{size}-{n}@example.org") for n in range(size)])
            meeting.action_pope_offer_dates()
            self.env.flush_all()
            self.env.invalidate_all()
            names = ("name", "state", "pope_is_present", "pope_follow_up", "pope_lead_id")
            before = self.cr.sql_log_count
            [shown] = meeting.with_user(self.user_pope).web_read(
                {"pope_absent_count": {}, "registration_ids": {"fields": {name: {} for name in names}}}
            )
            self.assertEqual(len(shown["registration_ids"]), size)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)


@tagged("post_install", "-at_install")
class TestRules(MeetingMailCase):
    def test_a_rule_about_registrations_is_complete(self):
        template = self.env.ref("pope_training.mail_template_meeting_registered")
        good = {"name": "R", "source": "enrolment", "recipients": "person", "template_id": template.id}
        Rule = self.env["pope.notification.rule"]
        Rule.create({**good, "trigger": "registered"})
        for wrong in (
            {"trigger": "registered", "recipients": "holders"},
            {"trigger": "registered", "source": "project", "recipients": "holders"},
            {"trigger": "entry", "stage_id": self.stage_contact.id},
            {"trigger": "registered", "stage_id": self.stage_contact.id},
            {"trigger": "lost"},
        ):
            with self.assertRaises(ValidationError, msg=wrong):
                Rule.create({**good, **wrong})
        date = self.env["ir.model.fields"]._get("pope.training.enrolment", "date_meeting")
        self.assertIn(date, self.rule("week").date_choice_ids)

    def test_each_text_is_seen_from_the_project(self):
        project = self.create_project()
        self.register(self.meeting, self.holders[0])
        for name in ("registered", "moved", "called_off", "offered", "week", "day"):
            rule = self.rule(name)
            record = rule._record_of(project)
            values = rule._preview(record, self.holders[0])
            self.assertIn("Bonjour Awa", html2plaintext(values["body_html"]))
            self.assertNotIn("t-out", values["body_html"])

    def test_a_rule_switched_off_sends_nothing(self):
        self.rule("registered").active = False
        self.choose(self.holders[0], self.meeting)
        self.assertFalse(self.of("registered"))
