from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged, users

from ..common import NotificationCase, PopeCase

OPENING = {"pope_opening_date": "2026-03-09", "pope_places": 16, "pope_childminder_count": 4}


@tagged("post_install", "-at_install")
class TestOpening(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mam = cls.env.ref("pope_crm.structure_type_mam")

    def mam_project(self, name="MAM Les Petits Pas", **values):
        return self.create_project(name, pope_structure_type_id=self.mam.id, **values)

    @users("pope_user")
    def test_opening_without_figures_is_refused_and_says_which(self):
        project = self.mam_project(pope_places=12).with_user(self.env.user).with_context(lang="fr_FR")
        with self.assertRaises(ValidationError) as refused:
            project.stage_id = self.stage_open
        self.assertIn("Ouvert le", str(refused.exception))
        self.assertIn("Assistant", str(refused.exception))
        self.assertNotIn("Places", str(refused.exception))
        with self.assertRaises(ValidationError):
            project.action_set_won()
        with self.assertRaises(ValidationError):
            self.mam_project("Née ouverte", stage_id=self.stage_open.id)

    def test_a_bulk_move_refuses_only_the_faulty_cards_by_name(self):
        ready = self.mam_project("Prête", **OPENING)
        faulty = self.mam_project("Sans chiffres", holders=self.holders[1:2])
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        (ready | faulty).with_user(self.user_pope).write({"stage_id": self.stage_open.id})
        self.env.cr.precommit.run()
        self.assertEqual(ready.stage_id, self.stage_open)
        self.assertEqual(faulty.stage_id, self.stage_contact)
        told = self.env["bus.bus"].search([("id", ">", before), ("message", "like", "Sans chiffres")])
        self.assertEqual(len(told), 1)
        self.assertNotIn("Prête", told.message.split("message")[1])

    def test_opening_plans_five_followups_and_their_mails(self):
        self.at(self.now)
        project = self.mam_project(**OPENING)
        project.stage_id = self.stage_open
        followups = project.pope_followup_ids
        self.assertEqual(followups.mapped("months"), [3, 6, 12, 24, 36])
        self.assertEqual(followups[0].date_due, date(2026, 6, 9))
        rule = self.env.ref("pope_crm.rule_followup")
        rows = self.rows(project, "planned").filtered(lambda row: row.rule_id == rule)
        self.assertEqual(rows.followup_id, followups)
        project.pope_opening_date = "2026-03-16"
        self.assertEqual(followups[0].date_due, date(2026, 6, 16))
        rows = self.rows(project, "planned").filtered(lambda row: row.rule_id == rule)
        self.assertEqual(len(rows), 5)
        self.dispatch(datetime(2026, 6, 16, 9, 0))
        queued = self.rows(project, "queued").filtered(lambda row: row.followup_id == followups[0])
        self.assertIn(followups[0].public_url, queued.mail_id.body_html)
        self.assertIn("Deux minutes", queued.mail_id.subject + queued.mail_id.body_html)

    def test_moving_the_card_back_withdraws_followups(self):
        self.at(self.now)
        project = self.mam_project(**OPENING)
        project.stage_id = self.stage_open
        project.stage_id = self.env.ref("pope_crm.stage_works")
        self.assertEqual(set(project.pope_followup_ids.mapped("state")), {"withdrawn"})
        self.assertFalse(self.rows(project, "planned").followup_id)
        project.stage_id = self.stage_open
        self.assertEqual(set(project.pope_followup_ids.mapped("state")), {"planned"})
        self.assertEqual(len(self.rows(project, "planned").followup_id), 5)

    def test_an_answered_followup_is_not_reminded(self):
        self.at(self.now)
        project = self.mam_project(**OPENING)
        project.stage_id = self.stage_open
        followup = project.pope_followup_ids[0]
        followup._answer({"status": "open", "place_count": "16", "job_count": "1,5"})
        self.assertEqual((followup.place_count, followup.job_count, followup.state), (16, 1.5, "answered"))
        self.dispatch(datetime(2026, 7, 1, 9, 0))
        self.assertFalse(self.rows(project, "queued").filtered(lambda row: row.followup_id == followup))

    def test_old_openings_imported_send_nothing_of_the_past(self):
        self.at(self.now)
        project = self.mam_project(pope_opening_date="2019-09-01", pope_places=12, pope_childminder_count=3)
        project.with_context(import_file=True).stage_id = self.stage_open
        self.assertEqual(len(project.pope_followup_ids), 5)
        self.assertFalse(self.rows(project, "planned", "queued").followup_id)


@tagged("post_install", "-at_install")
class TestFollowupPage(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_and_install_lang("fr_FR")
        holder = cls.env["res.partner"].create({"name": "Awa Diallo", "email": "awa@example.org", "lang": "fr_FR"})
        cls.project = cls.env["crm.lead"].create(
            {
                "type": "project",
                "name": "MAM Les Petits Pas",
                "user_id": new_test_user(cls.env, login="pole", groups="pope_crm.group_pope_user").id,
                "pope_structure_type_id": cls.env.ref("pope_crm.structure_type_mam").id,
                "pope_member_ids": [Command.create({"partner_id": holder.id})],
                "pope_opening_date": date.today() - timedelta(days=95),
                "pope_places": 16,
                "pope_childminder_count": 4,
                "stage_id": cls.env.ref("pope_crm.stage_open").id,
            }
        )
        cls.followup = cls.project.pope_followup_ids[0]

    def post(self, **form):
        page = self.url_open(f"/pope/suivi/{self.followup.access_token}")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(f"/pope/suivi/{self.followup.access_token}", data={"csrf_token": token, **form})

    def test_a_person_without_log_in_answers_on_one_page(self):
        page = self.url_open(f"/pope/suivi/{self.followup.access_token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Des nouvelles de MAM Les Petits Pas", page.text)
        self.assertIn('value="16"', page.text)
        answer = self.post(status="closed", place_count="14", job_count="0,5", wants_call="1", difficulties="=1+1 <b>")
        self.assertIn("Merci", answer.text)
        self.assertEqual(self.followup.status, "closed")
        self.assertEqual(self.followup.place_count, 14)
        self.assertEqual(self.followup.difficulties, "=1+1 <b>")
        self.assertEqual(self.followup.activity_ids.user_id, self.project.user_id)

    def test_wrong_figures_are_told_in_french_and_nothing_is_written(self):
        answer = self.post(status="open", place_count="beaucoup", difficulties="le bail")
        self.assertIn("écrivez un nombre entre 0 et 200", answer.text)
        self.assertIn("le bail", answer.text, "what was typed is kept")
        self.assertEqual(self.followup.state, "planned")
        self.assertFalse(self.followup.difficulties)

    def test_no_figure_can_break_the_page(self):
        hostile = (
            "nan",
            "inf",
            "-inf",
            "1e400",
            "9" * 400,
            "-3",
            "12.5",
            "1_0",
            "0x10",
            "٣",
            "1;DROP TABLE",
            "<b>",
            "\0",
        )
        for text in hostile:
            answer = self.post(status="open", place_count=text)
            self.assertEqual(answer.status_code, 200, text[:20])
            if text.strip("\0"):
                self.assertIn("Places : écrivez un nombre entre 0 et 200", answer.text, text[:20])
                self.assertEqual(self.followup.state, "planned", text[:20])
        self.assertIn("Merci", self.post(status="open", place_count=" 1 6 ", job_count="1,25").text)
        self.assertEqual((self.followup.place_count, self.followup.job_count), (16, 1.25))

    def test_no_text_can_break_the_page(self):
        script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
        for form in (
            {"difficulties": "x" * 200000, "answered_by": "y" * 5000},
            {"difficulties": "a\0b", "answered_by": "\0", "status": "open\0"},
            {"difficulties": script, "answered_by": script},
            {"difficulties": ["un", "deux"], "status": ["open", "closed"]},
            {"difficulties": "'; DROP TABLE pope_followup; --", "answered_by": "%s %(x)s {0} {{7*7}} ${7*7}"},
            {"difficulties": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "wants_call": "\u202e"},
            {"token": "y", "followup": "1", "form": "z", "state": "withdrawn", "lead_id": "1", "id": "1"},
            {"context": "{'lang': 'xx'}", "lang": "xx_XX", "access_token": "mine", "child_count": ""},
        ):
            answer = self.post(**{"status": "open", **form})
            self.assertEqual(answer.status_code, 200, form)
            self.assertIn("Merci", answer.text, form)
            page = self.url_open(f"/pope/suivi/{self.followup.access_token}")
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("<script>alert", page.text)
            self.assertNotIn("<img src=x", page.text)
        self.assertLessEqual(len(self.followup.difficulties or ""), 4000)
        self.assertEqual((self.followup.state, self.followup.lead_id), ("answered", self.project))
        self.assertNotIn("<script", "".join(self.followup.message_ids.mapped("body")))

    def test_no_other_request_can_break_the_page(self):
        address = f"/pope/suivi/{self.followup.access_token}"
        page = self.url_open(address)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        answer = self.url_open(address, data={"csrf_token": token, "status": "open"}, files={"difficulties": b"a file"})
        self.assertIn("Merci", answer.text)
        self.assertEqual(self.url_open(address, data={"status": "open"}).status_code, 400, "not from our page")
        for path in ("%00", "x" * 5000, "%F0%9F", "..%2F..%2Fetc", "' OR 1=1 --", "é" * 20):
            self.assertEqual(self.url_open(f"/pope/suivi/{path}").status_code, 404, path[:20])
        for query in ("?token=x&lang=xx", "?debug=assets", "?a[]=1&a[]=2&%00=%00"):
            self.assertEqual(self.url_open(f"{address}{query}").status_code, 200, query)
        self.assertEqual(self.opener.put(f"{self.base_url()}{address}").status_code, 405)

    def test_asking_again_and_again_to_be_called_asks_once(self):
        for _time in range(3):
            self.post(status="open", wants_call="1")
        self.assertEqual(len(self.followup.activity_ids), 1)

    def test_an_unknown_old_or_withdrawn_link_shows_nothing(self):
        self.assertEqual(self.url_open("/pope/suivi/deadbeef").status_code, 404)
        self.followup.state = "withdrawn"
        page = self.url_open(f"/pope/suivi/{self.followup.access_token}")
        self.assertEqual(page.status_code, 404)
        self.assertNotIn("Petits Pas", page.text)
        self.followup.state = "planned"
        self.project.pope_opening_date = "2019-01-01"
        self.assertEqual(self.url_open(f"/pope/suivi/{self.followup.access_token}").status_code, 404)


@tagged("post_install", "-at_install")
class TestClosing(NotificationCase):
    def close(self, projects, reason):
        wizard = Form(self.env["pope.project.close"].with_context(active_ids=projects.ids).with_user(self.user_pope))
        wizard.outcome = "reoriented" if "reoriented" in reason.pope_outcome else "abandoned"
        wizard.lost_reason_id = reason
        wizard.note = "Reviendra au printemps"
        wizard.save().action_close()

    def test_a_reorientation_has_its_reason_and_a_mail_to_approve(self):
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        self.close(project, self.env.ref("pope_crm.lost_reason_training"))
        self.assertEqual((project.won_status, project.pope_outcome), ("lost", "reoriented_training"))
        self.assertIn("printemps", str(project.message_ids.mapped("body")))
        row = self.rows(project, "to_approve")
        self.assertEqual(row.rule_id, self.env.ref("pope_crm.rule_reorientation"))

    def test_a_project_taken_up_again_goes_on_where_it_was(self):
        self.at(self.now)
        project = self.create_project()
        project.stage_id = self.stage_diagnosis
        self.dispatch()
        self.close(project, self.env.ref("pope_crm.lost_reason_no_news"))
        project.with_user(self.user_pope).action_restore()
        self.assertTrue(project.active)
        self.assertEqual(project.stage_id, self.stage_diagnosis)
        self.assertFalse(project.lost_reason_id)
        self.assertEqual(self.rows(project, "planned").rule_id, self.env.ref("pope_crm.rule_restored"))

    def test_a_pause_needs_a_day_to_come(self):
        project = self.create_project()
        wizard = self.env["pope.project.pause"].create({"lead_ids": project.ids, "date_until": "2020-01-01"})
        with self.assertRaises(UserError):
            wizard.action_pause()

    def test_attending_the_meeting_moves_on_once(self):
        one, two = self.create_project(), self.create_project("Deux", holders=self.holders[1:2])
        one.stage_id = self.stage_meeting
        (one | two).with_user(self.user_pope).action_pope_attended()
        self.assertEqual((one | two).stage_id, self.stage_diagnosis)
        self.assertTrue(one.pope_meeting_attended)
        one.action_pope_attended()
        self.assertEqual(one.stage_id, self.stage_diagnosis)


@tagged("post_install", "-at_install")
class TestConversionAndMerge(PopeCase):
    def convert(self, leads, **values):
        user = self._new_user("seller", "pope_crm.group_pope_user,sales_team.group_sale_salesman_all_leads")
        wizard = self.env["pope.lead.convert"].with_user(user).with_context(active_ids=leads.ids).create({**values})
        wizard.action_convert()

    def test_opportunities_become_projects_with_their_history_and_without_mail(self):
        sales = self.env["crm.lead"].create(
            [
                {"name": "MAM des Lilas", "type": "opportunity", "partner_id": self.holders[0].id},
                {
                    "name": "Crèche du canal",
                    "type": "opportunity",
                    "contact_name": "Rose Kaba",
                    "email_from": "rose.kaba@example.org",
                },
            ]
        )
        sales[0].message_post(body="Premier appel")
        sales[0].activity_schedule("mail.mail_activity_data_call", summary="Rappeler")
        self.convert(sales)
        self.assertEqual(set(sales.mapped("type")), {"project"})
        self.assertEqual(sales.team_id, self.team)
        self.assertEqual(sales.stage_id, self.stage_contact)
        self.assertEqual(sales[0].pope_holder_ids, self.holders[0])
        self.assertEqual(sales[1].pope_holder_ids.email, "rose.kaba@example.org")
        self.assertIn("Premier appel", str(sales[0].message_ids.mapped("body")))
        self.assertEqual(sales[0].activity_ids.summary, "Rappeler")
        rows = self.env["pope.notification"].search([("lead_id", "in", sales.ids)])
        self.assertEqual(set(rows.mapped("state")), {"skipped"})
        self.assertEqual(set(rows.mapped("reason")), {"converted"})

    def test_conversion_sends_the_stage_mail_when_asked(self):
        lead = self.env["crm.lead"].create({"name": "MAM", "type": "opportunity", "partner_id": self.holders[0].id})
        self.convert(lead, send_mail=True)
        self.assertEqual(self.env["pope.notification"].search([("lead_id", "=", lead.id)]).state, "planned")

    def test_merging_projects_loses_nothing_of_ours(self):
        one = self.create_project(holders=self.holders[:2])
        two = self.create_project("Double", holders=self.holders[1:])
        self.env["pope.premises"].create(
            [
                {"name": "A", "lead_id": one.id, "is_chosen": True},
                {"name": "B", "lead_id": two.id, "is_chosen": True},
            ]
        )
        for project in one | two:
            project.pope_checklist_ids.filtered(lambda line: not line.member_id)[:1].action_tick()
        kept = (one | two).with_user(self.user_manager).merge_opportunity()
        self.assertEqual(kept.pope_holder_ids, self.holders)
        self.assertEqual(len(kept.pope_premises_ids), 2)
        self.assertEqual(len(kept.pope_premises_ids.filtered("is_chosen")), 1)
        self.assertEqual(len(kept.pope_requirement_row_ids), 1)
        self.assertEqual(kept.type, "project")
