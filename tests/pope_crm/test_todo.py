from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
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
        cls.forget_fundings()
        cls.env["pope.intake"].search([]).unlink()

    def card(self, model):
        return next((card for card in self.Todo.get_cards()["cards"] if card["model"] == model), None)

    def late_project(self, name):
        project = self.create_project(name)
        project.date_last_stage_update = fields.Datetime.now() - timedelta(days=12, hours=1)
        return project

    def test_nothing_to_do_says_what_comes_next(self):
        # a pole that begins: the demo has work of all kinds, of other add-ons too
        pole = self.env["res.company"].create({"name": "Pôle des Dunes"})
        self.user_pope.company_ids |= pole
        Todo = self.Todo.with_context(allowed_company_ids=pole.ids)
        self.assertEqual(Todo.get_cards(), {"cards": [], "next": False})
        project = self.create_project()
        project.activity_schedule(
            "mail.mail_activity_data_call",
            self.today() + timedelta(days=1),
            summary="Rappeler",
            user_id=self.user_pope.id,
        )
        page = Todo.get_cards()
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

    def test_a_hundred_late_projects_are_not_counted(self):
        for number in range(100):
            self.late_project(f"MAM {number}")
        card = self.card("crm.lead")
        self.assertEqual((card["count"], card["more"], len(card["rows"])), (99, True, 5))

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

    def found(self, text):
        return [(row["name"], row["phone"], row["lead_id"]) for row in self.Todo.find_people(text)]

    def test_a_person_is_found_by_name_phone_or_project_with_what_to_do_next(self):
        project = self.create_project("MAM des Goélands")
        awa = ("Awa Diallo", "+33 6 12 34 56 01", project.id)
        self.holders[0].phone = awa[1]
        self.assertIn(awa, self.found("diallo awa"))
        self.assertIn(awa, self.found("06 12 34 56 01"))
        self.assertEqual(self.found("goélands"), [awa])
        self.assertFalse(self.found("  "))
        self.holders[0].phone = False
        self.env["pope.partner.phone"].create({"partner_id": self.holders[0].id, "number": "07 81 22 33 44"})
        self.assertEqual(self.found("goélands"), [("Awa Diallo", "07 81 22 33 44", project.id)])

    def test_people_of_the_pole_are_found_before_others(self):
        self.env["res.partner"].create([{"name": f"Aaa Tréguer {number}"} for number in range(9)])
        known = self.env["res.partner"].create({"pope_first_name": "Zoé", "pope_last_name": "Tréguer"})
        rows = self.Todo.find_people("tréguer")
        self.assertEqual((len(rows), rows[0]["id"]), (8, known.id))

    def test_finding_costs_the_same_for_2_and_8_persons(self):
        def count(text):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.Todo.find_people(text)
            return self.env.cr.sql_log_count - start

        for number in range(8):
            person = self.env["res.partner"].create(
                {"pope_first_name": "Soizic", "pope_last_name": f"Le Goff {number}"}
            )
            self.create_project(f"MAM {'des Dunes' if number < 2 else 'du Phare'}", holders=person)
        count("soizic")
        eight = count("soizic")
        self.assertEqual(
            count("dunes"), eight + 1, "two are not enough: those that are not the pole's are searched too"
        )

    def test_a_photograph_goes_to_the_line_of_the_paper_and_never_to_one_that_is_not_kept(self):
        project = self.create_project(holders=self.holders[:2])
        Requirement = self.env["pope.stage.requirement"]
        paper, seen, theirs = Requirement.create(
            [
                {"name": "Bail", "stage_id": self.stage_contact.id, "kind": "paper"},
                {"name": "Titre de séjour", "stage_id": self.stage_contact.id, "kind": "seen"},
                {"name": "Diplôme", "stage_id": self.stage_contact.id, "kind": "paper", "scope": "holder"},
            ]
        )
        person = self.holders[0].with_user(self.user_pope)
        proposed = person.pope_awaited_papers()
        titles = [row["title"] for row in proposed]
        self.assertIn(paper.name, titles)
        self.assertNotIn(seen.name, titles)
        self.assertEqual(titles.count(theirs.name), 1, "theirs, not the other holder's")
        self.assertEqual((proposed[-1]["model"], proposed[-1]["id"]), ("res.partner", person.id))
        line = next(row["line"] for row in proposed if row["title"] == paper.name)
        photo = (
            self.env["ir.attachment"]
            .with_user(self.user_pope)
            .create({"name": "photo.png", "raw": b"x", "res_model": "crm.lead", "res_id": project.id})
        )
        self.env["pope.requirement.status"].with_user(self.user_pope).browse(line).receive(photo.ids)
        row = project.pope_requirement_row_ids
        self.assertEqual((row.requirement_id, row.state, row.attachment_ids), (paper, "done", photo))
        self.assertNotIn(paper.name, [row["title"] for row in person.pope_awaited_papers()])
        refused = self.env["pope.requirement.status"].search(
            [("lead_id", "=", project.id), ("requirement_id", "=", seen.id)]
        )
        with self.assertRaises(ValidationError):
            refused.receive(photo.ids)

    def test_people_opens_on_those_of_the_pole(self):
        Partner = self.env["res.partner"].with_user(self.user_pope)
        stranger = self.env["res.partner"].create({"name": "Cliente Vente"})
        self.create_project()
        met = self.env["res.partner"].create({"name": "Rencontrée Une Fois"})
        self.env["pope.interaction"].create({"partner_ids": met.ids, "kind": "call"})
        shown = Partner.search([("pope_is_known", "=", True)])
        self.assertIn(self.holders[0], shown)
        self.assertIn(met, shown)
        self.assertNotIn(stranger, shown)
        self.assertEqual((met.pope_is_known, stranger.pope_is_known), (True, False))

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
