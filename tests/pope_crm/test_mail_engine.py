"""What the mail engine does when things change between planning and leaving: dates, holders, rules, addresses."""

from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import NotificationCase


class EngineCase(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.week = cls.env.ref("pope_crm.rule_meeting_week")
        cls.day_before = cls.env.ref("pope_crm.rule_meeting_day")
        cls.welcome = cls.env.ref("pope_crm.rule_welcome")
        cls.news = cls.env.ref("pope_crm.rule_followup")
        cls.unreached = cls.env.ref("pope_crm.activity_type_unreached", raise_if_not_found=False)

    def of_rule(self, project, rule, *states):
        return self.rows(project, *states).filtered(lambda row: row.rule_id == rule)

    def join(self, project, holder):
        return self.env["pope.project.member"].create({"lead_id": project.id, "partner_id": holder.id})

    def open_project(self, **values):
        project = self.create_project(
            pope_structure_type_id=self.env.ref("pope_crm.structure_type_mam").id,
            pope_opening_date="2026-03-09",
            pope_places=16,
            pope_childminder_count=4,
            **values,
        )
        project.stage_id = self.stage_open
        return project


@tagged("post_install", "-at_install")
class TestPreview(EngineCase):
    def test_choosing_a_rule_and_a_project_shows_the_mail_and_sends_it(self):
        self.at(self.now)
        project = self.create_project(holders=self.holders[:2])
        form = Form(self.env["pope.notification.send"].with_user(self.user_pope))
        form.rule_id = self.welcome
        form.lead_id = project
        self.assertEqual(form.recipients, "Awa Diallo, Nadia Benali")
        self.assertEqual(form.subject, f"Bienvenue\N{NO-BREAK SPACE}: votre projet avec {self.company.name}")
        self.assertIn("MAM Les Petits Pas", form.body)
        self.assertFalse(project.pope_notification_ids.filtered("is_manual"), "looking writes nothing")
        wizard = form.save()
        self.assertEqual((wizard.rule_id, wizard.lead_id), (self.welcome, project))
        wizard.action_send()
        self.assertEqual(len(self.rows(project, "planned").filtered("is_manual")), 2)

    def test_a_followup_rule_shows_the_next_followup(self):
        self.at(self.now)
        project = self.open_project()
        project.pope_followup_ids[0].status = "open"
        project.pope_followup_ids[0].state = "answered"
        wizard = Form(self.env["pope.notification.send"].with_user(self.user_pope))
        wizard.rule_id = self.news
        wizard.lead_id = project
        self.assertIn(project.pope_followup_ids[1].public_url, wizard.body)
        wizard.save().action_send()
        row = self.rows(project, "planned").filtered("is_manual")
        self.assertEqual(row.followup_id, project.pope_followup_ids[1])

    def test_a_project_without_the_record_of_the_rule_says_so(self):
        project = self.create_project()
        wizard = Form(self.env["pope.notification.send"].with_user(self.user_pope))
        wizard.rule_id = self.news
        wizard.lead_id = project
        self.assertTrue(wizard.recipients)
        self.assertFalse(wizard.subject)
        with self.assertRaises(UserError):
            wizard.save().action_send()


@tagged("post_install", "-at_install")
class TestLate(EngineCase):
    def test_a_reminder_that_waited_beyond_its_meeting_does_not_leave(self):
        self.at(self.now)
        # Saturday 21 March: the day before is a Friday, missed until the evening, so Monday would be next
        project = self.create_project(pope_meeting_date=datetime(2026, 3, 21, 9, 0))
        self.dispatch(datetime(2026, 3, 20, 17, 30))
        row = self.of_rule(project, self.day_before)
        self.assertEqual((row.state, row.date_planned), ("planned", datetime(2026, 3, 23, 8, 0)))
        self.dispatch(datetime(2026, 3, 23, 8, 1))
        self.assertEqual((row.state, row.reason), ("cancelled", "late"))

    def test_a_pause_over_the_meeting_leaves_no_reminder_behind(self):
        self.at(self.now)
        project = self.create_project(pope_meeting_date=datetime(2026, 3, 26, 13, 0))
        project.pope_paused_until = "2026-04-10"
        self.dispatch(datetime(2026, 4, 1, 9, 0))
        self.assertEqual(self.of_rule(project, self.day_before).state, "planned")
        project.action_pope_resume()
        self.dispatch(datetime(2026, 4, 1, 9, 1))
        reminders = self.of_rule(project, self.week) | self.of_rule(project, self.day_before)
        self.assertEqual(set(reminders.mapped("reason")), {"late"})

    def test_a_server_that_was_stopped_sends_no_reminder_of_the_hours_gone_by(self):
        self.at(self.now)
        self.day_before.late_policy = "send"
        late = self.create_project(pope_meeting_date=datetime(2026, 3, 26, 9, 0))
        soon = self.create_project("Bientôt", self.holders[1:2], pope_meeting_date=datetime(2026, 3, 26, 15, 0))
        self.dispatch(datetime(2026, 3, 26, 10, 0))
        self.assertEqual(self.of_rule(late, self.day_before).reason, "late")
        self.assertEqual(self.of_rule(soon, self.day_before).state, "queued", "it still helps")

    def test_a_rule_that_may_be_late_is_sent_the_next_working_day(self):
        self.at(self.now)
        # a Friday: the day after is not worked
        project = self.create_project(pope_interview_date="2026-03-13")
        project.stage_id = self.stage_diagnosis
        summary = self.env.ref("pope_crm.rule_diagnosis_summary")
        self.dispatch()
        self.rows(project, "queued")._set_sent()
        self.dispatch(datetime(2026, 3, 14, 9, 0))
        self.assertEqual(self.of_rule(project, summary).state, "planned")
        self.dispatch(datetime(2026, 3, 16, 9, 0))
        self.assertEqual(self.of_rule(project, summary).state, "queued", "put off by our manners, not late")


@tagged("post_install", "-at_install")
class TestTeamChanges(EngineCase):
    def test_who_joins_later_gets_what_is_to_come_and_nothing_past(self):
        self.at(self.now)
        project = self.open_project()
        self.dispatch(datetime(2026, 6, 9, 9, 0))
        self.at(datetime(2027, 1, 4, 9, 0))
        self.join(project, self.holders[1])
        rows = self.rows(project).filtered(lambda row: row.partner_id == self.holders[1])
        self.assertEqual(sorted(set(rows.followup_id.mapped("months"))), [12, 24, 36])
        self.assertEqual(set(rows.mapped("state")), {"planned"})
        self.assertFalse(rows.filtered(lambda row: row.rule_id.trigger == "entry"))
        before = len(self.rows(project))
        self.join(project, self.holders[2]).unlink()
        project.pope_member_ids[0].write({"function": "childminder"})
        again = self.rows(project, "planned").filtered(lambda row: row.partner_id in self.holders[:2])
        self.assertEqual(len(again), len({(row.partner_id, row.rule_id, row.followup_id) for row in again}))
        self.assertEqual(len(self.rows(project)) - before, 6, "three follow-ups and their reminders, cancelled")

    def test_who_joins_before_the_meeting_is_reminded_of_it(self):
        self.at(self.now)
        project = self.create_project(pope_meeting_date=datetime(2026, 3, 26, 13, 0))
        self.at(datetime(2026, 3, 23, 9, 0))
        self.join(project, self.holders[1])
        rows = self.rows(project).filtered(lambda row: row.partner_id == self.holders[1])
        self.assertEqual(rows.rule_id, self.day_before, "the reminder of the week before is past")

    def test_who_leaves_and_comes_back_keeps_what_is_to_come(self):
        self.at(self.now)
        project = self.open_project(holders=self.holders[:2])
        member = project.pope_member_ids.filtered(lambda member: member.partner_id == self.holders[1])
        member.date_exit = self.today()
        rows = self.rows(project, "planned").filtered("followup_id")
        self.assertEqual(rows.partner_id, self.holders[0])
        self.assertEqual(set(self.of_rule(project, self.news, "cancelled").mapped("reason")), {"left"})
        member.action_return()
        rows = self.rows(project, "planned").filtered("followup_id")
        self.assertEqual(rows.partner_id, self.holders[:2])
        self.assertEqual(len(rows), 20)

    def test_a_followup_that_has_nobody_left_to_ask_asks_a_person_of_the_pole(self):
        self.at(self.now)
        project = self.open_project()
        project.pope_member_ids.date_exit = self.today()
        self.dispatch(datetime(2026, 6, 9, 9, 0))
        self.assertFalse(self.rows(project, "queued").followup_id)
        self.assertEqual(self.of_rule(project, self.news, "skipped").mapped("reason"), ["nobody"])
        activity = project.activity_ids
        self.assertEqual(activity.user_id, self.user_pope)
        self.assertIn("Nouvelles d'un lieu ouvert", activity.note)
        self.join(project, self.holders[1])
        self.dispatch(datetime(2026, 9, 9, 9, 0))
        self.assertEqual(self.of_rule(project, self.news, "queued").partner_id, self.holders[1])

    def test_a_project_saved_before_its_holder_writes_to_the_first_who_joins(self):
        self.at(self.now)
        project = self.create_project(holders=[])
        self.assertEqual(self.rows(project).mapped("partner_id.name"), [])
        self.dispatch()
        self.assertEqual(self.rows(project, "skipped").reason, "nobody")
        self.assertIn(self.unreached, project.activity_ids.activity_type_id)
        self.at(datetime(2026, 3, 10, 13, 0))
        self.join(project, self.holders[0])
        row = self.rows(project, "planned")
        self.assertEqual((row.rule_id, row.partner_id), (self.welcome, self.holders[0]))
        self.join(project, self.holders[1])
        self.assertEqual(self.rows(project, "planned"), row, "who joins later gets no past mail")
        self.dispatch(datetime(2026, 3, 10, 13, 11))
        self.assertEqual(row.state, "queued")

    def test_a_holder_added_to_an_imported_project_gets_nothing_of_its_stage(self):
        self.at(self.now)
        project = self.create_project(holders=[])
        imported = project.with_context(import_file=True).copy({"name": "Importé"}).with_context(import_file=False)
        self.join(imported, self.holders[0])
        self.assertFalse(self.rows(imported, "planned"))

    def test_taking_a_project_up_again_brings_back_what_is_to_come(self):
        self.at(self.now)
        project = self.create_project(pope_meeting_date=datetime(2026, 3, 26, 13, 0))
        project.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_no_news").id)
        self.assertFalse(self.rows(project, "planned"))
        self.at(self.now + timedelta(days=11))
        project.action_restore()
        self.assertFalse(self.of_rule(project, self.week, "planned", "skipped"), "its day is over")
        self.assertEqual(len(self.of_rule(project, self.day_before, "planned")), 1)

    def test_a_closed_place_is_asked_no_more_and_one_open_after_all_is(self):
        self.at(self.now)
        project = self.open_project()
        first = project.pope_followup_ids[0]
        first._answer({"status": "closed"})
        self.assertEqual(set((project.pope_followup_ids - first).mapped("state")), {"withdrawn"})
        self.assertFalse(self.rows(project, "planned").followup_id)
        self.join(project, self.holders[1])
        self.assertFalse(self.rows(project, "planned").followup_id, "nothing wakes it up by itself")
        first.status = "open"
        self.assertEqual(set((project.pope_followup_ids - first).mapped("state")), {"planned"})
        self.assertEqual(len(self.of_rule(project, self.news, "planned")), 8)

    def test_a_merged_projects_mail_leaves_once(self):
        self.at(self.now)
        one = self.create_project("Un", pope_meeting_date=datetime(2026, 3, 26, 13, 0))
        two = self.create_project("Deux", self.holders[1:2], pope_meeting_date=datetime(2026, 3, 27, 13, 0))
        two.stage_id = self.stage_meeting
        kept = (one | two).merge_opportunity()
        invitation = self.env.ref("pope_crm.rule_meeting_invitation")
        self.assertEqual(len(self.of_rule(kept, invitation, "planned")), 1)
        reminders = self.of_rule(kept, self.day_before, "planned")
        self.assertEqual(reminders.partner_id, self.holders[:2])
        self.assertEqual(len(reminders), 2)
        self.assertIn("merged", self.rows(kept, "cancelled").mapped("reason"))


@tagged("post_install", "-at_install")
class TestBeforeLeaving(EngineCase):
    def test_a_mail_by_hand_leaves_whatever_the_state_of_the_project(self):
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        row = self.rows(project)
        row._set_sent()
        project.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_no_news").id)
        wizard = self.env["pope.notification.send"].create(
            {"rule_id": self.env.ref("pope_crm.rule_accreditation_reminder").id, "lead_id": project.id}
        )
        wizard.with_user(self.user_pope).action_send()
        row.with_user(self.user_pope).action_send_again()
        self.env.ref("pope_crm.rule_accreditation_reminder").active = False
        self.dispatch(self.now + timedelta(days=1))
        self.dispatch(self.now + timedelta(days=2))
        self.assertEqual(self.rows(project).filtered("is_manual").mapped("state"), ["queued", "queued"])
        again = self.rows(project).filtered("is_manual")[:1]
        self.env["mail.blacklist"]._add("awa.diallo@example.org")
        again.with_user(self.user_pope)._writable(("queued",))._cancel()
        again.with_user(self.user_pope).action_send_again()
        self.dispatch(self.now + timedelta(days=3))
        self.assertEqual(self.rows(project, "skipped").reason, "blacklisted", "but for the address")

    def test_an_edited_mail_does_not_go_to_who_left_nor_for_a_project_that_ended(self):
        self.at(self.now)
        left, ended = self.create_project(), self.create_project("Fini", self.holders[1:2])
        for row in self.rows(left) | self.rows(ended):
            row._set_text("Un mot", "<p>Venez.</p>")
        left.pope_member_ids.date_exit = "2026-03-10"
        left.pope_member_ids.date_entry = "2026-03-01"
        ended.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_no_news").id)
        self.dispatch()
        self.assertEqual(self.rows(left, "cancelled").reason, "left")
        self.assertEqual(self.of_rule(ended, self.welcome).reason, "closed")

    def test_an_approved_mail_waits_for_its_day(self):
        self.at(self.now)
        self.day_before.needs_approval = True
        project = self.create_project(pope_meeting_date=datetime(2026, 3, 26, 13, 0))
        row = self.of_rule(project, self.day_before)
        row.with_user(self.user_pope).action_approve()
        self.assertEqual((row.state, row.date_planned), ("planned", datetime(2026, 3, 25, 8, 0)))

    def test_a_removed_address_is_not_written_to(self):
        self.at(self.now)
        project = self.create_project()
        self.holders[0].email = False
        self.dispatch()
        self.assertEqual((self.rows(project).state, self.rows(project).reason), ("skipped", "no_address"))

    def test_archiving_a_rule_stops_its_planned_mail(self):
        self.at(self.now)
        project = self.create_project()
        self.welcome.active = False
        self.dispatch()
        self.assertEqual((self.rows(project).state, self.rows(project).reason), ("cancelled", "obsolete"))

    def test_a_goodbye_does_not_leave_once_the_project_is_taken_up_again(self):
        self.at(self.now)
        project = self.create_project()
        project.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_rent").id)
        row = self.rows(project, "to_approve")
        row.with_user(self.user_pope).action_approve()
        self.at(self.now + timedelta(minutes=5))
        project.action_restore()
        self.dispatch(self.now + timedelta(days=1))
        self.assertEqual(row.state, "cancelled")

    def test_a_queued_mail_comes_back_when_its_project_is_held_or_ends(self):
        self.at(self.now)
        held, ended = self.create_project(), self.create_project("Fini", self.holders[1:2])
        self.dispatch()
        mails = (self.rows(held) | self.rows(ended)).mail_id
        messages = mails.mail_message_id
        held.pope_mail_hold = True
        ended.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_no_news").id)
        self.assertEqual(self.rows(held).state, "planned")
        self.assertEqual(self.of_rule(ended, self.welcome).reason, "closed")
        self.assertFalse(mails.exists(), "nothing in the queue")
        self.assertFalse(messages.exists(), "nor in the discussion, where it would look sent")
        held.pope_mail_hold = False
        self.dispatch(self.now + timedelta(minutes=20))
        self.assertEqual(self.rows(held).state, "queued")

    def test_a_refused_mail_is_tried_again_within_the_hours_only(self):
        self.at(datetime(2026, 3, 10, 16, 30))
        project = self.create_project()
        self.dispatch(datetime(2026, 3, 10, 16, 50))  # ten to six in Paris
        row = self.rows(project)
        for _try in range(2):
            row._set_retry("451 later")
            self.dispatch(row.date_planned)
        self.assertEqual((row.state, row.date_planned), ("planned", datetime(2026, 3, 11, 8, 0)))
        self.assertFalse(row.mail_id)
        self.dispatch(datetime(2026, 3, 11, 8, 1))
        self.assertEqual((row.state, row.attempts), ("queued", 2))

    def test_an_error_in_the_checks_of_one_row_keeps_no_other_back(self):
        self.at(self.now)
        other = self.env["res.company"].create({"name": "Autre pôle"})
        team = self.team.copy({"company_id": other.id})
        bad = self.create_project("Ailleurs", self.holders[1:2], company_id=other.id, team_id=team.id, user_id=False)
        good = self.create_project("Ici")
        row = self.rows(good).copy({"lead_id": bad.id, "company_id": other.id, "partner_id": self.holders[1].id})
        # a time zone that does not exist any more
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET tz = 'Nulle/Part' WHERE id = %s", [other.partner_id.id])
        self.env.invalidate_all()
        with mute_logger("odoo.addons.pope_crm.models.pope_notification"):
            self.dispatch()
        self.assertEqual(self.rows(good, "queued").rule_id, self.welcome)
        self.assertEqual(row.state, "failed")


@tagged("post_install", "-at_install")
class TestDiscussion(EngineCase):
    def test_a_sent_mail_stays_in_the_discussion_and_its_answer_finds_the_project(self):
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        row, mail = self.rows(project), self.rows(project).mail_id
        message = mail.mail_message_id
        mail._postprocess_sent_message(success_pids=[], success_emails=["awa.diallo@example.org"])
        self.assertFalse(mail.exists(), "Odoo empties its queue")
        self.assertIn(message, project.message_ids)
        answer = (
            f"From: Awa Diallo <awa.diallo@example.org>\nTo: quelquun@ailleurs.example.org\n"
            f"In-Reply-To: {row.message_id}\nReferences: {row.message_id}\n"
            "Message-Id: <reponse@example.org>\nSubject: Re: Bienvenue\n\nMerci, je viens."
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            thread = self.env["mail.thread"].message_process(None, answer)
        self.assertEqual(thread, project.id)
        self.assertIn("Merci, je viens.", str(project.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestActivity(EngineCase):
    def test_the_activity_speaks_the_language_of_who_receives_it_and_names_all(self):
        self.at(self.now)
        self.holders.email = False
        project = self.create_project(holders=self.holders[:1])
        self.env = self.env(context={"lang": "en_US"})
        self.dispatch()
        activity = project.activity_ids
        self.assertEqual(activity.user_id, self.user_pope)
        self.assertEqual(activity.summary, "Un message n'est pas arrivé à la personne")
        self.join(project, self.holders[1])
        project.stage_id = self.stage_meeting
        self.dispatch(self.now + timedelta(days=1))
        self.assertEqual(project.activity_ids, activity, "one open activity a project")
        self.assertIn("Awa Diallo", activity.note)
        self.assertIn("Nadia Benali", activity.note)

    def test_who_asked_for_no_mail_is_called(self):
        self.at(self.now)
        self.env["mail.blacklist"]._add("awa.diallo@example.org")
        project = self.create_project()
        self.dispatch()
        self.assertIn("Awa Diallo", project.activity_ids.note)

    def test_without_a_person_in_charge_a_manager_is_asked(self):
        self.at(self.now)
        self.holders[0].email = False
        project = self.create_project(user_id=False)
        self.team.user_id = self.user_sensitive
        self.dispatch()
        self.assertEqual(project.activity_ids.user_id, self.user_sensitive)
        self.team.user_id = False
        self.unreached.unlink()
        self.holders[1].email = False
        other = self.create_project("Autre", self.holders[1:2], user_id=False)
        self.dispatch(self.now + timedelta(days=1))
        self.assertTrue(other.activity_ids.user_id.has_group("pope_crm.group_pope_manager"), "without its type too")


@tagged("post_install", "-at_install")
class TestLedger(EngineCase):
    def test_a_project_that_was_written_to_is_not_deleted(self):
        self.at(self.now)
        written, fresh = self.create_project(), self.create_project("Erreur", self.holders[1:2])
        queued = self.create_project("En file", self.holders[2:3])
        self.dispatch()
        self.rows(written)._set_sent()
        mail = self.rows(queued).mail_id
        with self.assertRaises(UserError) as refused:
            written.with_user(self.user_manager).with_context(lang="fr_FR").unlink()
        self.assertIn("MAM Les Petits Pas", str(refused.exception))
        self.assertIn("abandon", str(refused.exception).lower())
        (fresh | queued).with_user(self.user_manager).unlink()
        self.assertFalse((fresh | queued).exists())
        self.assertFalse(mail.exists(), "what was queued does not leave")

    def test_a_followup_that_was_written_about_is_not_deleted(self):
        self.at(self.now)
        project = self.open_project()
        self.dispatch(datetime(2026, 6, 9, 9, 0))
        followups = project.pope_followup_ids
        self.of_rule(project, self.news, "queued")._set_sent()
        with self.assertRaises(UserError):
            followups[0].with_user(self.user_manager).unlink()
        followups[4].with_user(self.user_manager).unlink()

    def test_merging_open_places_keeps_what_was_sent_about_their_followups(self):
        self.at(self.now)
        one, two = self.open_project(), self.open_project(name="Deux", holders=self.holders[1:2])
        self.dispatch(datetime(2026, 6, 9, 9, 0))
        sent = self.of_rule(one, self.news, "queued") | self.of_rule(two, self.news, "queued")
        sent._set_sent()
        kept = (one | two).merge_opportunity()
        self.assertEqual(len(sent.exists()), 2)
        self.assertEqual(set(sent.lead_id), set(kept))
        self.assertEqual(len(sent.followup_id), 1)

    def test_what_a_restored_backup_had_still_to_send_goes_back_in_the_plan(self):
        self.at(self.now)
        project = self.open_project()
        rows = self.rows(project, "planned")
        rows.write({"state": "in_doubt", "reason": "restored"})  # as restore.sql does
        self.at(self.now + timedelta(days=1))
        rows.with_user(self.user_pope).action_plan_again()
        self.assertEqual(set(rows.filtered("followup_id").mapped("state")), {"planned"})
        congratulations = self.of_rule(project, self.env.ref("pope_crm.rule_congratulations"))
        self.assertEqual(congratulations.state, "in_doubt", "its hour is past: it may have left")
        with self.assertRaises(UserError):
            congratulations.with_user(self.user_pope).action_plan_again()


@tagged("post_install", "-at_install")
class TestRules(EngineCase):
    def rule(self, **values):
        return self.env["pope.notification.rule"].create(
            {"name": "Essai", "template_id": self.welcome.template_id.id, **values}
        )

    def field(self, name, model="crm.lead"):
        return self.env["ir.model.fields"]._get(model, name).id

    def test_a_rule_counts_from_a_date_whose_change_plans_it(self):
        rule = self.rule(trigger="date", date_field_id=self.field("pope_opening_target"), delay_days=-30)
        self.assertIn(rule.date_field_id, rule.date_choice_ids)
        for name in ("date_last_stage_update", "create_date", "date_deadline"):
            with self.assertRaises(ValidationError):
                rule.date_field_id = self.field(name)
        project = self.create_project()
        project.pope_opening_target = date.today() + timedelta(days=200)
        self.assertEqual(len(self.of_rule(project, rule, "planned")), 1)

    def test_a_manager_writes_a_rule_on_a_date(self):
        form = Form(self.env["pope.notification.rule"].with_user(self.user_manager))
        form.name = "Trente jours avant l'ouverture"
        form.trigger = "date"
        form.date_field_id = self.env["ir.model.fields"]._get("crm.lead", "pope_opening_target")
        Fields = self.env["ir.model.fields"].with_user(self.user_manager)
        found = Fields.name_search("", [("id", "in", form.date_choice_ids.ids)])
        self.assertIn(form.date_field_id.id, [field_id for field_id, _name in found])
        form.template_id = self.welcome.template_id
        self.assertEqual(form.save().date_field_id.name, "pope_opening_target")

    def test_a_followup_rule_needs_its_date_and_no_stage(self):
        with self.assertRaises(ValidationError):
            self.rule(source="followup", trigger="entry", stage_id=self.stage_contact.id)
        due = self.field("date_due", "pope.followup")
        with self.assertRaises(ValidationError):
            self.rule(source="followup", trigger="date", date_field_id=due, stage_id=self.stage_contact.id)
        self.rule(source="followup", trigger="date", date_field_id=due, outcome="abandoned")
        self.assertEqual(len(self.open_project().pope_followup_ids), 5)

    def test_a_manager_edits_the_texts_of_the_pole_when_texts_are_restricted(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", True)
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids -= editors
        self.user_manager.group_ids -= editors
        self.assertFalse(self.user_manager.has_group("mail.group_mail_template_editor"))
        self.welcome.template_id.lang = "{{ object.lang }}"
        text = self.welcome.template_id.with_user(self.user_manager)
        text.subject = "Bienvenue chez nous"
        self.assertEqual(text.subject, "Bienvenue chez nous")

    def test_a_type_says_all_its_rules(self):
        mam = self.env.ref("pope_crm.structure_type_mam")
        self.assertFalse(mam._breaches(20, 4, 4))
        self.assertIn("4", " ".join(mam._breaches(20, 5)))
        self.assertIn("6", " ".join(mam._breaches(20, 7)))
        self.assertIn("1", " ".join(mam._breaches(20, 0)))

    def test_mail_may_leave_until_midnight(self):
        self.company.write({"pope_mail_from_hour": 0, "pope_mail_to_hour": 24})
        evening = datetime(2026, 3, 10, 22, 30)  # half past eleven in Paris
        self.assertEqual(self.company._pope_next_opening(evening), evening)

    def test_a_paper_with_files_does_not_become_one_that_is_not_kept(self):
        requirement = self.env["pope.stage.requirement"].create(
            {"name": "Casier judiciaire", "stage_id": self.stage_contact.id, "kind": "paper"}
        )
        project = self.create_project()
        row = self.env["pope.lead.requirement"].create({"lead_id": project.id, "requirement_id": requirement.id})
        row.attachment_ids = [Command.create({"name": "b3.pdf", "raw": b"%PDF"})]
        with self.assertRaises(ValidationError) as refused:
            requirement.kind = "seen"
        self.assertIn("MAM Les Petits Pas", str(refused.exception))
        row.attachment_ids.unlink()
        requirement.kind = "seen"
