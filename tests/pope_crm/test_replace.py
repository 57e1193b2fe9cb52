"""Someone leaves the PMI, the CAF or a town: who takes over has all that waited for them."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users

from ..common import NotificationCase


@tagged("post_install", "-at_install")
class TestReplace(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env["pope.partner.role"].create({"name": "PMI d'essai", "code": "pmi_test", "kind": "authority"})
        cls.structure_type = cls.structure_type.copy(
            {"name": "MAM d'essai", "code": "mam_test", "authority_role_ids": [Command.set(cls.role.ids)]}
        )
        cls.department = cls.env["res.partner"].create({"name": "Département", "is_company": True})
        cls.old, cls.new = cls.env["res.partner"].create(
            [
                {
                    "name": "Mme Partante",
                    "email": "partante@dep.example.org",
                    "parent_id": cls.department.id,
                    "pope_town_id": cls.town.id,
                    "pope_role_ids": [Command.set(cls.role.ids)],
                },
                {"name": "M. Nouveau", "email": "nouveau@dep.example.org"},
            ]
        )

    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.waiting, self.asked, self.answered, self.lost = (
            self.create_project(f"MAM {number}", pope_structure_type_id=self.structure_type.id) for number in range(4)
        )
        self.asked.pope_opinion_ids.write({"state": "asked", "date_asked": "2026-01-05"})
        self.answered.pope_opinion_ids.state = "favourable"
        self.lost._pope_close(self.env["crm.lost.reason"].search([("pope_outcome", "=", "abandoned")], limit=1))

    def opinions(self):
        projects = self.waiting | self.asked | self.answered | self.lost
        return [project.pope_opinion_ids.partner_id for project in projects]

    @users("pope_user")
    def test_open_opinions_roles_and_place_go_to_who_takes_over_and_it_is_told_how_many(self):
        self.assertEqual(self.opinions(), [self.old] * 4)
        action = self.old.with_env(self.env).action_pope_replace()
        with Form(self.env["pope.contact.replace"].with_context(**action["context"])) as form:
            self.assertEqual((form.opinion_count, form.project_count), (2, 2))
            form.new_partner_id = self.new
        message = form.record.action_replace()["params"]["message"]
        self.assertIn("2", message)
        self.assertEqual(self.opinions(), [self.new, self.new, self.old, self.old])
        self.assertEqual(self.new.pope_role_ids, self.role)
        self.assertEqual((self.new.parent_id, self.new.pope_town_id), (self.department, self.town))
        self.assertFalse(self.old.pope_role_ids)
        self.assertFalse(self.old.active)
        later = self.create_project("MAM suivante", pope_structure_type_id=self.structure_type.id)
        self.assertEqual(later.pope_opinion_ids.partner_id, self.new)

    def test_history_says_who_replaced_whom(self):
        self.old._pope_replace_by(self.new)
        for record in (self.waiting, self.asked, self.old, self.new):
            self.assertIn("M. Nouveau", record.message_ids[0].body)
        self.assertNotIn("Nouveau", " ".join(self.answered.message_ids.mapped("body")))
        self.assertTrue(self.old.active)

    def test_mail_that_waits_for_them_leaves_for_who_took_over_once(self):
        template = self.env["mail.template"].create(
            {"name": "Avis", "model_id": self.env["ir.model"]._get_id("pope.notification"), "subject": "Avis"}
        )
        rule = self.env["pope.notification.rule"].create(
            {
                "name": "À la PMI",
                "stage_id": self.stage_meeting.id,
                "recipients": "role",
                "role_id": self.role.id,
                "template_id": template.id,
            }
        )
        self.waiting.stage_id = self.stage_meeting
        row = self.env["pope.notification"].search([("rule_id", "=", rule.id)])
        self.assertEqual((row.partner_id, row.state), (self.old, "to_approve"))
        self.old._pope_replace_by(self.new)
        self.assertEqual((row.partner_id, row.email), (self.new, "nouveau@dep.example.org"))
        self.waiting.stage_id = self.stage_contact
        self.waiting.stage_id = self.stage_meeting
        rows = self.env["pope.notification"].search([("rule_id", "=", rule.id), ("state", "!=", "cancelled")])
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows.partner_id, self.new)

    def test_nobody_replaces_themselves(self):
        with self.assertRaises(UserError):
            self.old._pope_replace_by(self.old)

    def test_as_many_queries_for_ten_projects_as_for_seventy(self):
        counts = []
        for number in (10, 70):  # Odoo inserts messages by the hundred
            old, new = self.env["res.partner"].create([{"name": "Qui part"}, {"name": "Qui vient"}])
            leads = self.env["crm.lead"].create(
                [
                    {
                        "type": "project",
                        "name": f"MAM {number}-{n}",
                        "pope_structure_type_id": self.structure_type.id,
                    }
                    for n in range(number)
                ]
            )
            leads.pope_opinion_ids.partner_id = old
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(old._pope_replace_by(new), leads)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
