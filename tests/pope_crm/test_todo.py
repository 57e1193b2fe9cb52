from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestTodo(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Todo = cls.env["pope.todo"].with_user(cls.user_pope).with_context(lang="fr_FR")
        # what the demo left
        cls.env["mail.activity"].search([]).unlink()
        cls.env["crm.lead"].search([("type", "=", "project")]).pope_paused_until = cls.today() + timedelta(9)
        cls.env["pope.notification"].search([("state", "in", ("to_approve", "in_doubt"))])._cancel()
        cls.env["pope.followup"].search([])._withdraw()
        cls.env["pope.funding"].search([]).unlink()
        cls.env["pope.intake"].search([]).unlink()

    def card(self, model):
        return next((card for card in self.Todo.get_cards()["cards"] if card["model"] == model), None)

    def late_project(self, name):
        project = self.create_project(name)
        project.date_last_stage_update = fields.Datetime.now() - timedelta(days=12, hours=1)
        return project

    def test_nothing_to_do_says_what_comes_next(self):
        page = self.Todo.get_cards()
        self.assertFalse(page["cards"])
        self.assertFalse(page["next"])
        project = self.create_project()
        tomorrow = self.today() + timedelta(days=1)
        project.activity_schedule(
            "mail.mail_activity_data_call", tomorrow, summary="Rappeler", user_id=self.user_pope.id
        )
        page = self.Todo.get_cards()
        self.assertFalse(page["cards"])
        self.assertIn("Rappeler", page["next"])
        self.assertIn(project.name, page["next"])

    def test_late_projects_are_counted_and_five_are_shown(self):
        for number in range(7):
            self.late_project(f"MAM {number}")
        card = self.card("crm.lead")
        self.assertEqual(card["count"], 7)
        self.assertEqual(len(card["rows"]), 5)
        self.assertIn("12 jours", card["rows"][0]["detail"])
        self.assertEqual(self.env["crm.lead"].search_count(card["action"]["domain"]), 7)

    def test_a_mail_is_approved_from_its_row(self):
        project = self.create_project()
        project._pope_close(self.env.ref("pope_crm.lost_reason_training"))
        row = self.card("pope.notification")["rows"][0]
        self.assertIn("Awa Diallo", row["title"])
        self.assertIn(project.name, row["detail"])
        mail = self.env["pope.notification"].with_user(self.user_pope).browse(row["id"])
        getattr(mail, self.card("pope.notification")["gesture"]["method"])()
        self.assertEqual(mail.state, "planned")
        self.assertFalse(self.card("pope.notification"))

    def test_my_activities_of_today_on_our_records_only(self):
        project = self.create_project()
        mine, today = self.user_pope.id, self.today()
        project.activity_schedule("mail.mail_activity_data_call", today, summary="Rappeler", user_id=mine)
        project.activity_schedule(
            "mail.mail_activity_data_call", today, summary="Une autre", user_id=self.user_manager.id
        )
        sale = self.env["crm.lead"].create({"name": "Vente", "type": "opportunity"})
        self.assertNotIn(sale.type, sale._pope_lead_types())
        card = self.card("mail.activity")
        self.assertEqual([row["title"] for row in card["rows"]], ["Rappeler"])
        self.assertIn(project.name, card["rows"][0]["detail"])

    def test_a_follow_up_without_an_answer_is_shown_once_due(self):
        project = self.create_project(
            stage_id=self.stage_open.id,
            pope_opening_date=self.today() - timedelta(days=100),
            pope_places=12,
            pope_childminder_count=3,
        )
        rows = self.card("pope.followup")["rows"]
        self.assertEqual([row["id"] for row in rows], project.pope_followup_ids[:1].ids)
        project.pope_followup_ids[0].action_mark_answered()
        self.assertFalse(self.card("pope.followup"))

    def test_the_page_costs_the_same_for_10_and_100_late_projects(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.Todo.get_cards()
            return self.env.cr.sql_log_count - start

        for number in range(10):
            self.late_project(f"MAM {number}")
        count()  # a first page fills what is kept in memory between requests
        ten = count()
        for number in range(90):
            self.late_project(f"Crèche {number}")
        count()
        self.assertEqual(count(), ten)
        self.assertLessEqual(ten, 15)
