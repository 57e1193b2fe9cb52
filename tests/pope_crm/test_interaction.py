from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestInteraction(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Interaction = cls.env["pope.interaction"]
        cls.Interaction.search([]).unlink()
        cls.project = cls.create_project(holders=cls.holders)

    def note(self, project=None, **values):
        project = self.project if project is None else project
        return self.Interaction.create({"lead_id": project.id, "kind": "appointment", "minutes": 60, **values})

    def note_form(self, record):
        action = record.with_user(self.user_pope).action_pope_note_interaction()
        Model = self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"])
        return Form(Model, view="pope_crm.pope_interaction_view_form_note")

    def test_from_a_project_a_type_is_enough(self):
        self.project.pope_member_ids[2].date_exit = self.today()
        with self.note_form(self.project) as form:
            form.kind = "visit"
        noted = form.record
        self.assertEqual((noted.minutes, noted.hours), (90, 1.5))
        self.assertEqual(noted.partner_ids, self.holders[:2], "those who left are not proposed")
        self.assertEqual((noted.user_id, noted.date), (self.user_pope, self.today()))
        self.assertEqual((noted.town_id, noted.company_id), (self.town, self.company))
        self.assertEqual(self.project.with_user(self.user_pope).pope_interaction_count, 1)

    def test_a_tapped_duration_wins(self):
        with self.note_form(self.project) as form:
            form.kind = "call"
            self.assertEqual(form.quick_minutes, "15")
            form.quick_minutes = "45"
            self.assertEqual(form.minutes, 45)
        self.assertEqual(form.record.minutes, 45)
        form.record.kind = "visit"
        self.assertEqual(form.record.minutes, 45, "a corrected type leaves the minutes that were noted")

    def test_from_a_person_their_only_ongoing_project_is_meant(self):
        with self.note_form(self.holders[0]) as form:
            form.kind = "call"
        self.assertEqual(form.record.lead_id, self.project)
        self.assertEqual(form.record.partner_ids, self.holders[0], "the other holders were not there")
        self.create_project("Deuxième projet")
        with self.note_form(self.holders[0]) as form:
            form.kind = "call"
        self.assertFalse(form.record.lead_id, "between two projects nobody guesses")
        self.assertEqual(self.holders[0].with_user(self.user_pope).pope_interaction_count, 2)

    def test_a_person_without_project_counts_too(self):
        person = self.env["res.partner"].create({"name": "Lina Faure", "pope_town_id": self.town.id})
        with self.note_form(person) as form:
            form.kind = "call"
        self.assertEqual((form.record.town_id, form.record.company_id), (self.town, self.company))

    def test_the_next_step_becomes_an_activity(self):
        with self.note_form(self.project) as form:
            form.kind = "call"
            form.next_step = "Envoyer la liste des locaux"
            self.assertEqual(form.next_date, self.today() + timedelta(days=7))
        activity = self.project.activity_ids
        self.assertEqual(activity.summary, "Envoyer la liste des locaux")
        self.assertEqual((activity.user_id, activity.date_deadline), (self.user_pope, form.record.next_date))
        form.record.next_step = "Envoyer la liste des locaux et le bail type"
        self.assertEqual(len(self.project.activity_ids), 1, "a corrected sentence plans nothing again")
        alone = self.Interaction.create({"kind": "call", "partner_ids": self.holders[1].ids})
        alone.next_step = "Rappeler"
        self.assertEqual(self.holders[1].activity_ids.summary, "Rappeler")

    def test_an_exchange_with_three_people_is_counted_once(self):
        self.note(minutes=60)
        self.note(minutes=30, partner_ids=[Command.set(self.holders[:1].ids)])
        (total,) = self.Interaction._read_group([], [], ["__count", "hours:sum"])
        self.assertEqual(total, (2, 1.5))
        by_person = dict(self.Interaction._read_group([], ["partner_ids"], ["hours:sum"]))
        self.assertEqual([by_person[person] for person in self.holders], [1.5, 1.0, 1.0])
        by_town = dict(self.Interaction._read_group([], ["town_id"], ["hours:sum"]))
        self.assertEqual(by_town, {self.town: 1.5})
        self.project.pope_town_id = self.env.ref("pope_crm.town_93072")
        by_town = dict(self.Interaction._read_group([], ["town_id"], ["hours:sum"]))
        self.assertEqual(by_town, {self.project.pope_town_id: 1.5}, "a town that is corrected moves its hours")

    def test_what_cannot_be_is_refused(self):
        with self.assertRaises(ValidationError):
            self.Interaction.create({"kind": "call"})
        with self.assertRaises(ValidationError):
            self.note(date=self.today() + timedelta(days=3))
        for minutes in (0, -5, 1441):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.note(minutes=minutes)

    def test_merging_two_contacts_loses_no_exchange(self):
        noted = self.note(partner_ids=[Command.set(self.holders[:2].ids)])
        other = self.note(partner_ids=[Command.set(self.holders[1].ids)])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(self.holders[:2].ids, self.holders[0])
        self.env.invalidate_all()
        self.assertEqual(noted.partner_ids, self.holders[0])
        self.assertEqual(other.partner_ids, self.holders[0])

    def test_merging_two_projects_keeps_their_exchanges(self):
        other = self.create_project("Doublon")
        noted = self.note(other)
        head = (self.project | other)._merge_opportunity()
        self.assertEqual(noted.lead_id, head)

    def test_counts_cost_the_same_for_10_and_100(self):
        def cost(count):
            projects = self.env["crm.lead"].concat(*(self.create_project(f"P{n}") for n in range(count)))
            for project in projects:
                self.note(project)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            projects.with_user(self.user_pope).mapped("pope_interaction_count")
            self.holders.with_user(self.user_pope).mapped("pope_interaction_count")
            projects.with_user(self.user_pope).pope_interaction_ids.read(["display_name", "hours", "town_id"])
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(10), cost(100))

    @users("pope_user")
    def test_the_team_corrects_and_removes_its_exchanges(self):
        noted = self.note().with_user(self.env.user)
        noted.minutes = 30
        noted.unlink()

    def test_others_see_nothing(self):
        noted = self.note()
        for login, group in (
            ("portal", "base.group_portal"),
            ("public", "base.group_public"),
            ("emp", "base.group_user"),
        ):
            user = self._new_user(f"x_{login}", group)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(self.Interaction.with_user(user).has_access(operation), (group, operation))
            with self.assertRaises(AccessError):
                noted.with_user(user).read(["note"])
        company = self.env["res.company"].create({"name": "Autre pôle"})
        stranger = self._new_user("x_other", "pope_crm.group_pope_user")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self.Interaction.with_user(stranger).search([("id", "=", noted.id)]))
