from datetime import datetime, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from ..common import NotificationCase


@tagged("post_install", "-at_install")
class TestStageMail(NotificationCase):
    def test_a_new_project_gets_the_welcome_mail_in_french(self):
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        mail = self.rows(project).mail_id
        self.assertEqual(mail.email_to, "awa.diallo@example.org")
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.subject, f"Bienvenue\N{NO-BREAK SPACE}: votre projet avec {self.company.name}")
        self.assertIn("Bonjour Awa Diallo", " ".join(html2plaintext(mail.body_html).split()))
        self.assertIn("MAM Les Petits Pas", mail.body_html)

    def test_each_stage_has_its_mail_and_none_prints_false(self):
        rules = self.env["pope.notification.rule"].search([("source", "=", "project")])
        for kind in self.env["pope.structure.type"].search([]):
            project = self.create_project(
                pope_structure_type_id=kind.id, pope_meeting_date=datetime(2026, 3, 26, 13, 0)
            )
            applying = rules.filtered(
                lambda rule, kind=kind: not rule.structure_type_ids or kind in rule.structure_type_ids
            )
            self.assertEqual(applying.filtered(lambda rule: rule.trigger == "entry").stage_id, self.stages, kind.name)
            for rule in applying:
                values = rule._preview(project, self.holders[0])
                self.assertTrue(values["subject"], rule.name)
                for text in (values["subject"], values["body_html"]):
                    self.assertNotIn("False", text, rule.name)
                    self.assertNotIn("object.", text, rule.name)
                body = " ".join(html2plaintext(values["body_html"]).split())
                self.assertIn("Bonjour Awa Diallo,", body, rule.name)
                self.assertIn(self.user_pope.name, body, f"{rule.name} says whom to call")
                self.assertIn("01 23 45 67 89", body, rule.name)
                self.assertIn(
                    f"L'équipe du pôle {self.company.name}, 12 rue du Pôle, 93200 Saint-Denis", body, rule.name
                )
                self.assertIn("Vous pouvez les consulter, les corriger, les faire effacer", body, rule.name)

    def _entry_texts(self, code, stage):
        """What the holder of a project of this kind receives when it enters a stage."""
        kind = self.env["pope.structure.type"].search([("code", "=", code)])
        project = self.create_project(code, pope_structure_type_id=kind.id)
        project.stage_id = self.env.ref(stage)
        self.dispatch()
        rows = self.rows(project).filtered(lambda row: row.rule_id.stage_id == project.stage_id)
        return " ".join(html2plaintext(row._render()[row.id]["body_html"]) for row in rows)

    def test_the_accreditation_of_a_mam_the_authorisation_of_a_creche_neither_for_a_cafe(self):
        self.at(self.now)
        accreditation, authorisation = "formation de 120 heures", "l'autorisation du Département"
        for code, told in {
            "mam": (True, False),
            "micro_creche": (False, True),
            "parental_creche": (False, True),
            "family_cafe": (False, False),
            "third_place": (False, False),
            "employers_group": (False, False),
        }.items():
            text = self._entry_texts(code, "pope_crm.stage_accreditation").replace("\N{NO-BREAK SPACE}", " ")
            self.assertTrue(text, code)
            self.assertEqual((accreditation in text, authorisation in text), told, code)

    def test_only_who_filed_an_accreditation_or_an_authorisation_is_asked_for_news(self):
        self.at(self.now)
        subjects = {}
        for code in ("mam", "micro_creche", "family_cafe"):
            kind = self.env["pope.structure.type"].search([("code", "=", code)])
            project = self.create_project(code, pope_structure_type_id=kind.id)
            project.stage_id = self.env.ref("pope_crm.stage_accreditation")
            project.pope_filed_date = "2026-03-09"
            rows = self.rows(project).filtered(lambda row: row.rule_id.kind == "reminder")
            subjects[code] = [row._render()[row.id]["subject"].split("\N{NO-BREAK SPACE}")[0] for row in rows]
        self.assertEqual(
            subjects,
            {
                "mam": ["Votre dossier d'agrément"],
                "micro_creche": ["Votre autorisation d'ouverture"],
                "family_cafe": [],
            },
        )

    def test_a_project_without_a_type_gets_the_text_for_any_place_and_its_page_says_so(self):
        project = self.create_project(pope_structure_type_id=False)
        self.assertFalse(project.pope_rule_warning)
        project.stage_id = self.env.ref("pope_crm.stage_accreditation")
        row = self.rows(project, "planned").filtered(lambda row: row.rule_id.stage_id == project.stage_id)
        self.assertEqual(row.rule_id, self.env.ref("pope_crm.rule_agreements"))
        self.assertIn("type", project.with_context(lang="fr_FR").pope_rule_warning)
        project.pope_structure_type_id = self.env.ref("pope_crm.structure_type_mam")
        self.assertFalse(project.pope_rule_warning)
        self.assertEqual(row._still_valid(), (False, "obsolete"), "the type is known by now: another text was meant")

    def test_a_refused_accreditation_writes_to_that_person_once_a_person_approved(self):
        project = self.create_project(holders=self.holders[:2])
        self.holders[0].with_user(self.user_pope).pope_accreditation_state = "refused"
        rule = self.env.ref("pope_crm.rule_accreditation_refused")
        row = self.rows(project).filtered(lambda row: row.rule_id == rule)
        self.assertEqual((row.partner_id, row.state), (self.holders[0], "to_approve"))
        self.assertIn("agrément a été refusé", row._render()[row.id]["body_html"])
        self.holders[0].pope_accreditation_state = "refused"
        project.stage_id = self.stage_meeting
        self.assertEqual(self.rows(project).filtered(lambda row: row.rule_id == rule), row)
        self.assertEqual((row.state, row._still_valid()[0]), ("to_approve", True))
        self.holders[0].pope_accreditation_date = self.today()
        self.assertEqual(row._still_valid(), (False, "obsolete"), "granted after all")

    def test_a_time_is_told_as_people_say_it(self):
        company = self.company.with_context(lang="fr_FR")
        words = [company._pope_moment_label(datetime(2026, 3, 26, *time)) for time in ((13, 0), (13, 30), (8, 5))]
        self.assertEqual(
            [text.replace("\N{NO-BREAK SPACE}", " ").split(" à ")[1] for text in words], ["14 h", "14 h 30", "9 h 05"]
        )

    def test_the_invitation_and_its_reminders_tell_when_and_where(self):
        self.no_meeting_to_come()
        rules = [self.env.ref(f"pope_crm.rule_meeting_{name}") for name in ("invitation", "week", "day")]
        project = self.create_project(pope_meeting_date=datetime(2026, 3, 26, 13, 0))
        for rule in rules:
            body = rule._preview(project, self.holders[0])["body_html"]
            self.assertIn("jeudi 26 mars 2026 à 14\xa0h", body)
            self.assertIn(f"{self.company.name}, 12 rue du Pôle, 93200 Saint-Denis", body.split("pôle</p>")[0])
        project.pope_meeting_date = False
        body = rules[0]._preview(project, self.holders[0])["body_html"]
        self.assertIn("Nous vous donnerons très bientôt la date et l'adresse", html2plaintext(body))

    def test_the_welcome_gives_the_date_of_the_meeting_once_there_is_one(self):
        self.no_meeting_to_come()
        rule = self.env.ref("pope_crm.rule_welcome")
        project = self.create_project()
        self.assertIn("nous vous donnerons la date très bientôt", rule._preview(project, self.holders[0])["body_html"])
        project.pope_meeting_date = datetime(2026, 3, 26, 13, 0)
        self.assertIn("jeudi 26 mars 2026 à 14\xa0h", rule._preview(project, self.holders[0])["body_html"])

    def test_those_who_moved_on_after_the_meeting_get_the_form_of_intent_the_day_after(self):
        self.at(self.now)
        rule = self.env.ref("pope_crm.rule_meeting_followup")
        came = self.create_project(pope_meeting_date=datetime(2026, 3, 10, 8, 0))
        waits = self.create_project("Attend", holders=self.holders[1], pope_meeting_date=datetime(2026, 3, 10, 8, 0))
        came.stage_id = waits.stage_id = self.stage_meeting
        came.action_pope_attended()
        self.assertEqual(
            self.rows(came, "planned").filtered(lambda row: row.rule_id == rule).mapped("date_planned"),
            [datetime(2026, 3, 11, 8, 0)],
        )
        self.assertNotIn(rule, self.rows(waits).rule_id)

    def test_a_declared_association_gets_its_next_steps(self):
        self.at(self.now)
        project = self.create_project()
        project.stage_id = self.env.ref("pope_crm.stage_design")
        rule = self.env.ref("pope_crm.rule_association")
        self.assertNotIn(rule, self.rows(project).rule_id)
        project.pope_association_date = "2026-03-02"
        row = self.rows(project, "planned").filtered(lambda row: row.rule_id == rule)
        self.assertIn("RNA", row._render()[row.id]["body_html"])

    def test_going_back_within_the_grace_sends_nothing_of_the_stage(self):
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        first = self.rows(project)
        project.stage_id = self.stage_meeting
        project.stage_id = self.stage_contact
        self.dispatch(self.now + timedelta(days=1))
        self.assertEqual(self.rows(project, "queued"), first)

    def test_moving_on_within_the_grace_sends_only_the_last_stage(self):
        self.at(self.now)
        project = self.create_project()
        project.stage_id = self.stage_meeting
        project.stage_id = self.stage_diagnosis
        self.dispatch()
        self.assertEqual(self.rows(project, "queued").rule_id, self.env.ref("pope_crm.rule_diagnosis"))

    def test_reentering_a_stage_sends_nothing_new(self):
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        project.stage_id = self.stage_meeting
        self.dispatch(self.now + timedelta(days=1))
        project.stage_id = self.stage_contact
        self.dispatch(self.now + timedelta(days=2))
        rules = self.rows(project, "queued").rule_id
        self.assertEqual(len(self.rows(project, "queued")), len(rules))

    def test_every_way_into_a_stage_counts(self):
        self.at(self.now)
        created = self.create_project("Créé")
        moved = self.create_project("Déplacé", holders=self.holders[1:2])
        bulk = self.create_project("En nombre", holders=self.holders[2:3])
        with Form(moved, view="pope_crm.crm_lead_view_form_project") as form:
            form.stage_id = self.stage_meeting
        bulk.web_save({"stage_id": self.stage_meeting.id}, {})
        self.assertEqual(self.rows(created, "planned").rule_id, self.env.ref("pope_crm.rule_welcome"))
        for project in moved + bulk:
            self.assertEqual(self.rows(project, "planned").rule_id, self.env.ref("pope_crm.rule_meeting_invitation"))

    def test_imported_and_copied_projects_send_nothing(self):
        self.at(self.now)
        self.env["crm.lead"].with_context(import_file=True, default_type="project").load(
            ["name", "type", "pope_member_ids/partner_id"], [["Importé", "project", "Nadia Benali"]]
        )
        imported = self.env["crm.lead"].search([("name", "=", "Importé")])
        self.assertEqual(self.rows(imported).mapped("state"), ["skipped"])
        self.assertEqual(self.rows(imported).reason, "imported")
        copied = imported.copy()
        self.assertEqual(set(self.rows(copied).mapped("reason")), {"copied"})

    def test_two_holders_who_share_a_mailbox_receive_one(self):
        self.holders[1].email = "AWA.DIALLO@example.org"
        project = self.create_project(holders=self.holders[:2])
        self.assertEqual(len(self.rows(project)), 1)

    def test_holders_never_see_the_address_of_each_other(self):
        self.at(self.now)
        project = self.create_project(holders=self.holders)
        self.dispatch()
        mails = self.rows(project).mail_id
        self.assertEqual(len(mails), 3)
        for mail in mails:
            others = self.holders.filtered(lambda holder, mail=mail: holder.email != mail.email_to)
            for holder in others:
                self.assertNotIn(holder.email, f"{mail.email_to} {mail.email_cc} {mail.headers} {mail.body_html}")
            self.assertFalse(mail.recipient_ids)

    def test_who_left_gets_nothing_and_who_joins_gets_no_past_mail(self):
        self.at(self.now)
        project = self.create_project(holders=self.holders[:2])
        project.pope_member_ids[1].write({"date_entry": "2026-03-01", "date_exit": "2026-03-09"})
        self.env["pope.project.member"].create({"lead_id": project.id, "partner_id": self.holders[2].id})
        self.dispatch()
        self.assertEqual(self.rows(project, "queued").partner_id, self.holders[0])

    def test_a_template_with_an_error_fails_alone(self):
        self.at(self.now)
        bad = self.create_project("Mauvaise", holders=self.holders[1:2])
        good = self.create_project("Bonne")
        for project in bad + good:
            project.stage_id = self.stage_meeting
        # fails for Nadia only
        template = self.env.ref("pope_crm.mail_template_meeting_invitation").with_context(lang="fr_FR")
        template.body_html = "<p t-out=\"object.partner_id.name.split('Nadia')[0][0]\"/>"
        self.dispatch()
        self.assertEqual(self.rows(good, "queued").rule_id, self.env.ref("pope_crm.rule_meeting_invitation"))
        failed = self.rows(bad, "failed")
        self.assertEqual(failed.reason, "template")
        self.assertTrue(bad.activity_ids)


@tagged("post_install", "-at_install")
class TestManners(NotificationCase):
    def test_nothing_leaves_in_the_evening_nor_at_the_weekend(self):
        friday_evening = datetime(2026, 3, 13, 19, 0)
        self.at(friday_evening)
        project = self.create_project()
        self.dispatch(friday_evening + timedelta(minutes=11))
        self.assertEqual(self.rows(project).state, "planned")
        # Monday, nine in the morning in Paris
        self.assertEqual(self.rows(project).date_planned, datetime(2026, 3, 16, 8, 0))
        self.dispatch(datetime(2026, 3, 16, 8, 1))
        self.assertEqual(self.rows(project).state, "queued")

    def test_a_manager_sets_the_days_and_hours(self):
        self.at(datetime(2026, 3, 13, 19, 0))  # a Friday evening
        Hours = self.env["pope.mail.hours"]
        with self.assertRaises(AccessError):
            Hours.with_user(self.user_pope).create({})
        form = Form(Hours.with_user(self.user_manager))
        form.days, form.from_hour, form.to_hour, form.grace = "tue_sat", 8.5, 12, 0
        form.save().action_save()
        project = self.create_project()
        self.dispatch(datetime(2026, 3, 13, 19, 1))
        self.assertEqual(self.rows(project).date_planned, datetime(2026, 3, 14, 7, 30), "Saturday at half past eight")
        self.dispatch(datetime(2026, 3, 14, 12, 0))
        self.assertEqual(self.rows(project).date_planned, datetime(2026, 3, 17, 7, 30), "no Sunday, no Monday")
        form = Form(Hours.with_user(self.user_manager))
        form.from_hour, form.to_hour = 18, 9
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"):
            form.save().action_save()

    def test_one_stage_mail_a_day_and_none_dropped(self):
        self.at(self.now)
        self.env.ref("pope_crm.rule_welcome").needs_approval = False
        project = self.create_project()
        project.stage_id = self.env.ref("pope_crm.stage_financing")
        self.dispatch()
        self.assertEqual(len(self.rows(project, "queued")), 1)
        waiting = self.rows(project, "planned")
        self.assertEqual(waiting.date_planned, datetime(2026, 3, 11, 8, 0))
        self.dispatch(datetime(2026, 3, 11, 8, 1))
        self.rows(project, "queued").filtered(lambda row: row != waiting)._set_sent()
        self.dispatch(datetime(2026, 3, 12, 8, 1))
        self.assertEqual(len(self.rows(project, "queued", "sent")), 2)

    def test_reminders_leave_on_the_last_working_day_before(self):
        self.at(self.now)
        project = self.create_project()
        # Monday 30 March: the day before is a Sunday
        project.pope_meeting_date = datetime(2026, 3, 30, 12, 0)
        row = self.rows(project).filtered(lambda row: row.rule_id == self.env.ref("pope_crm.rule_meeting_day"))
        self.assertEqual(row.date_planned, datetime(2026, 3, 27, 8, 0))
        week = self.rows(project).filtered(lambda row: row.rule_id == self.env.ref("pope_crm.rule_meeting_week"))
        self.assertEqual(week.date_planned, datetime(2026, 3, 23, 8, 0))

    def test_a_meeting_put_off_moves_its_reminders(self):
        self.at(self.now)
        project = self.create_project(pope_meeting_date=datetime(2026, 3, 26, 13, 0))
        project.pope_meeting_date = datetime(2026, 4, 23, 12, 0)
        day = self.rows(project, "planned").filtered(lambda row: row.rule_id.kind == "reminder")
        self.assertEqual(sorted(day.mapped("date_planned")), [datetime(2026, 4, 16, 7, 0), datetime(2026, 4, 22, 7, 0)])

    def test_a_known_persons_second_project_waits_for_approval(self):
        self.at(self.now)
        self.create_project("Premier")
        second = self.create_project("Deuxième")
        row = self.rows(second)
        self.assertEqual(row.state, "to_approve")
        row.with_user(self.user_pope).action_approve()
        self.dispatch()
        self.assertEqual(row.state, "queued")

    def test_abandonment_waits_for_approval(self):
        self.at(self.now)
        project = self.create_project()
        project.action_set_lost(lost_reason_id=self.env.ref("pope_crm.lost_reason_rent").id)
        self.assertEqual(self.rows(project, "to_approve").rule_id, self.env.ref("pope_crm.rule_closing"))
        self.assertEqual(self.rows(project, "cancelled").rule_id, self.env.ref("pope_crm.rule_welcome"))

    def test_no_address_blocked_or_bounced_says_so_and_asks_a_person_to_call(self):
        self.at(self.now)
        self.holders[0].email = False
        self.holders[1].message_bounce = 5
        self.env["mail.blacklist"]._add("chloe.martin@example.org")
        project = self.create_project(holders=self.holders)
        self.dispatch()
        reasons = {row.partner_id: row.reason for row in self.rows(project, "skipped")}
        self.assertEqual(
            reasons,
            {self.holders[0]: "no_address", self.holders[1]: "bounced", self.holders[2]: "blacklisted"},
        )
        self.assertEqual(len(project.activity_ids), 1)
        self.assertEqual(project.activity_ids.user_id, self.user_pope)
        self.assertIn("Awa Diallo", project.activity_ids.note)

    def test_hold_and_pause_keep_mail_back_without_losing_it(self):
        self.at(self.now)
        held = self.create_project("Suspendu")
        held.pope_mail_hold = True
        paused = self.create_project("En pause", holders=self.holders[1:2])
        paused.pope_paused_until = "2026-03-20"
        self.dispatch()
        self.assertEqual((self.rows(held) + self.rows(paused)).mapped("state"), ["planned", "planned"])
        held.pope_mail_hold = False
        self.dispatch(datetime(2026, 3, 23, 9, 0))
        self.assertEqual((self.rows(held) + self.rows(paused)).mapped("state"), ["queued", "queued"])

    def test_a_mail_edited_before_it_goes_leaves_as_edited(self):
        self.at(self.now)
        project = self.create_project()
        row = self.rows(project).with_user(self.user_pope)
        action = row.action_preview()
        edit = self.env["pope.notification.edit"].with_user(self.user_pope).browse(action["res_id"])
        self.assertIn("MAM Les Petits Pas", edit.body)
        edit.write({"subject": "Un mot pour vous", "body": "<p>Venez mardi.</p>"})
        edit.action_save()
        self.dispatch()
        self.assertEqual(row.sudo().mail_id.subject, "Un mot pour vous")
        self.assertIn("Venez mardi.", row.sudo().mail_id.body_html)

    def test_send_again_by_hand_keeps_what_was_sent(self):
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        row = self.rows(project)
        row._set_sent()
        row.with_user(self.user_pope).action_send_again()
        self.assertEqual(len(self.rows(project)), 2)
        self.assertEqual(row.state, "sent")
        with self.assertRaises(UserError):
            row.subject = "Autre"
        with self.assertRaises(UserError):
            row.unlink()

    def test_merging_projects_keeps_their_rows(self):
        self.at(self.now)
        one, two = self.create_project("Un"), self.create_project("Deux", holders=self.holders[1:2])
        rows = self.rows(one) | self.rows(two)
        kept = (one | two).merge_opportunity()
        self.assertLessEqual(rows, self.rows(kept))


@tagged("post_install", "-at_install")
class TestCost(NotificationCase):
    def _move(self, count):
        people = self.env["res.partner"].create(
            [{"name": f"Personne {n}", "email": f"personne.{count}.{n}@example.org"} for n in range(count)]
        )
        projects = self.env["crm.lead"].concat(
            *(self.create_project(f"Projet {n}", holders=person) for n, person in enumerate(people))
        )
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        projects.write({"stage_id": self.stage_meeting.id})
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.dispatch()
        self.env.flush_all()
        return (self.env.cr.sql_log_count - before) / count

    def test_at_most_three_queries_a_project_until_the_mails_are_queued(self):
        self.at(self.now)
        self.assertLessEqual(self._move(100), 3)
