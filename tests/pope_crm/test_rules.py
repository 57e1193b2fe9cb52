"""E-mail rules: to authorities, seen before they leave, and planned once whatever the way into a stage."""

import json

from odoo import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import html2plaintext

from ..common import NotificationCase


@tagged("post_install", "-at_install")
class TestAuthorities(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {code: cls.env.ref(f"pope_crm.role_{code}") for code in ("pmi", "caf93", "town_childhood")}
        elsewhere = cls.env["pope.town"].search([("id", "!=", cls.town.id)], limit=1) or cls.env["pope.town"].create(
            {"name": "Ailleurs", "insee_code": "93999"}
        )
        roles = cls.env["pope.partner.role"].union(*cls.roles.values())
        cls.env["res.partner"].search([("pope_role_ids", "in", roles.ids)]).pope_role_ids = False
        cls.offices = cls.env["res.partner"].create(
            [
                {"name": name, "email": f"{code}@example.org", "pope_role_ids": cls.roles[code].ids, **values}
                for name, code, values in (
                    ("PMI de Seine-Saint-Denis", "pmi", {}),
                    ("CAF 93", "caf93", {}),
                    ("Mairie, petite enfance", "town_childhood", {"pope_town_id": cls.town.id}),
                )
            ]
        )
        cls.env["res.partner"].create(
            {
                "name": "Autre mairie",
                "email": "autre@example.org",
                "pope_role_ids": cls.roles["town_childhood"].ids,
                "pope_town_id": elsewhere.id,
            }
        )
        cls.rules = cls.env["pope.notification.rule"].create(
            [
                {
                    "name": f"Annonce : {role.name}",
                    "stage_id": cls.stage_meeting.id,
                    "recipients": "role",
                    "role_id": role.id,
                    "template_id": cls.env.ref("pope_crm.mail_template_welcome").id,
                }
                for role in cls.roles.values()
            ]
        )

    def test_authorities_are_written_to_once_approved_in_bulk(self):
        self.at(self.now)
        projects = self.create_project("Un") | self.create_project("Deux", holders=self.holders[1:2])
        projects.with_user(self.user_pope).stage_id = self.stage_meeting
        rows = self.rows(projects[0]) | self.rows(projects[1])
        asked = rows.filtered(lambda row: row.rule_id in self.rules)
        self.assertEqual(len(asked), 6, "each office once for each project, and no other town's")
        self.assertEqual(asked.partner_id, self.offices)
        self.assertEqual(set(asked.mapped("state")), {"to_approve"})
        self.dispatch()
        self.assertEqual(set(asked.mapped("state")), {"to_approve"}, "nothing leaves by itself")
        asked.with_user(self.user_pope).action_approve()
        self.assertEqual(set(asked.mapped("state")), {"planned"})
        for _day in range(2):  # one news a day and address
            self.dispatch(max(asked.mapped("date_planned")))
            asked.filtered(lambda row: row.state == "queued")._set_sent()
        self.assertEqual(set(asked.mapped("state")), {"sent"})
        for mail in asked.mail_id:
            self.assertIn(mail.email_to, self.offices.mapped("email"))

    def test_moving_the_card_back_takes_back_what_nobody_approved(self):
        self.at(self.now)
        project = self.create_project()
        project.stage_id = self.stage_meeting
        project.stage_id = self.stage_contact
        asked = self.rows(project).filtered(lambda row: row.rule_id in self.rules)
        self.assertEqual(set(asked.mapped("state")), {"cancelled"})


@tagged("post_install", "-at_install")
class TestPreview(NotificationCase):
    def preview(self, **context):
        Wizard = self.env["pope.notification.send"].with_user(self.user_pope).with_context(lang="fr_FR", **context)
        return Form(Wizard)

    def test_from_the_rule_and_from_the_project(self):
        self.no_meeting_to_come()
        self.at(self.now)
        project = self.create_project()
        rule = self.env.ref("pope_crm.rule_welcome")
        before = self.env["pope.notification"].search_count([])
        mails = self.env["mail.mail"].search_count([])
        from_rule = self.preview(**rule.with_user(self.user_manager).action_preview()["context"])
        self.assertFalse(from_rule.subject)
        from_rule.lead_id = project
        from_project = self.preview(**project.with_user(self.user_pope).action_pope_send()["context"])
        from_project.rule_id = rule
        for form in (from_rule, from_project):
            self.assertEqual(form.recipients, "Awa Diallo")
            self.assertEqual(form.subject, f"Bienvenue\u00a0: votre projet avec {self.company.name}")
            text = " ".join(html2plaintext(form.body).split())
            self.assertIn("Bonjour Awa Diallo", text)
            self.assertIn("MAM Les Petits Pas", text)
        self.assertEqual(self.env["pope.notification"].search_count([]), before)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        # what was seen is what leaves
        self.dispatch()
        row = self.rows(project)
        self.assertEqual(row.mail_id.subject, from_rule.subject)
        self.assertEqual(" ".join(html2plaintext(row.mail_id.body_html).split()), text)

    def test_one_mail_is_edited_and_the_others_leave_as_they_were(self):
        self.at(self.now)
        project = self.create_project(holders=self.holders[:2])
        one, other = self.rows(project).sorted("id").with_user(self.user_pope)
        edit = self.env["pope.notification.edit"].with_user(self.user_pope).browse(one.action_preview()["res_id"])
        edit.write({"subject": "Un mot pour vous", "body": "<p>Venez mardi.</p><script>alert(1)</script>"})
        edit.action_save()
        self.dispatch()
        self.assertIn("Venez mardi.", one.sudo().mail_id.body_html)
        self.assertNotIn("script", one.sudo().mail_id.body_html)
        self.assertIn("Bienvenue", other.sudo().mail_id.subject)

    def test_a_project_on_hold_keeps_what_was_approved(self):
        self.at(self.now)
        project = self.create_project()
        self.env.ref("pope_crm.rule_meeting_invitation").needs_approval = True
        project.stage_id = self.stage_meeting
        row = self.rows(project, "to_approve")
        project.with_user(self.user_pope).pope_mail_hold = True
        row.with_user(self.user_pope).action_approve()
        self.dispatch()
        self.assertEqual(row.state, "planned")
        project.pope_mail_hold = False
        self.dispatch()
        self.assertEqual(row.state, "queued")


@tagged("post_install", "-at_install")
class TestWaysIn(NotificationCase, HttpCase):
    """Each way into a stage is one entry, with the e-mails of one entry."""

    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.project = self.create_project()
        self.rule = self.env.ref("pope_crm.rule_meeting_invitation")
        self.entries = self.project.pope_entry_count

    def assertEntered(self, state="planned", project=None):
        project = project or self.project
        self.env.invalidate_all()
        self.assertEqual(project.stage_id, self.stage_meeting)
        self.assertEqual(project.pope_entry_count, self.entries + 1)
        rows = self.rows(project).filtered(lambda row: row.rule_id == self.rule)
        self.assertEqual(rows.mapped("state"), [state])
        return rows

    def call(self, model, method, args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertNotIn("error", answer)
        return answer.get("result")

    def test_by_a_server_action_or_an_automation(self):
        """Odoo's automations run these same actions: by code, and by a field to update."""
        self.env["ir.actions.server"].create(
            {
                "name": "Avancer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"for _time in range(2):\n    records.write({{'stage_id': {self.stage_meeting.id}}})",
            }
        ).with_context(active_model="crm.lead", active_ids=self.project.ids).run()
        self.assertEntered()

    def test_by_an_action_that_updates_a_field(self):
        self.env["ir.actions.server"].create(
            {
                "name": "Avancer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "object_write",
                "update_path": "stage_id",
                "resource_ref": f"crm.stage,{self.stage_meeting.id}",
            }
        ).with_context(active_model="crm.lead", active_ids=self.project.ids, active_id=self.project.id).run()
        self.assertEntered()

    def test_by_the_client_s_own_requests(self):
        """A card dragged, a status bar clicked, a list edited, a bare RPC: each as the browser sends it."""
        self.user_pope.password = "pope_user"
        self.authenticate("pope_user", "pope_user")
        value = {"stage_id": self.stage_meeting.id}
        projects = self.env["crm.lead"].union(
            *(self.create_project(f"Projet {number}", self.holders[:0]) for number in range(4))
        )
        for number, project in enumerate(projects):
            person = self.holders[0].copy({"email": f"personne.{number}@example.org"})
            project.pope_member_ids = [Command.create({"partner_id": person.id})]
        self.env.flush_all()
        self.call("crm.lead", "web_save", [[projects[0].id], value], specification={"stage_id": {}})
        self.call("crm.lead", "web_save_multi", [projects[1:3].ids, [value, value]], specification={"stage_id": {}})
        self.call("crm.lead", "write", [[projects[3].id], value])
        self.call("crm.lead", "action_pope_next_stage", [self.project.ids])
        for project in projects | self.project:
            self.assertEntered(project=project)
        made = self.call(
            "crm.lead", "web_save", [[], {"type": "project", "name": "Neuf", **value}], specification={"id": {}}
        )
        self.assertEqual(self.env["crm.lead"].browse(made[0]["id"]).pope_entry_count, 1)

    def test_by_a_list_edited_at_once(self):
        others = self.create_project("Deux", self.holders[1:2]) | self.create_project("Trois", self.holders[2:3])
        projects = self.project | others
        projects.with_user(self.user_pope).web_save({"stage_id": self.stage_meeting.id}, {"stage_id": {}})
        for project in projects:
            self.assertEntered(project=project)

    def test_by_an_import_it_is_written_down_and_not_sent(self):
        """A file of existing projects with their new stage, and of new ones, as the import screen loads it."""
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "projet_1", "model": "crm.lead", "res_id": self.project.id}
        )
        Lead = self.env["crm.lead"].with_user(self.user_pope)
        Lead = Lead.with_context(import_file=True, default_type="project", lang="fr_FR")
        for columns, row in (
            (["id", "stage_id"], ["__import__.projet_1", "Réunion d'information"]),
            (["name", "stage_id", "pope_member_ids/partner_id"], ["Importé", "Réunion d'information", "Nadia Benali"]),
        ):
            result = Lead.load(columns, [row])
            self.assertFalse(result["messages"])
        self.assertEqual(self.assertEntered("skipped").reason, "imported")
        made = self.env["crm.lead"].browse(result["ids"])
        self.entries = 0
        self.assertEqual(self.assertEntered("skipped", made).reason, "imported")
        self.dispatch()
        self.assertFalse(self.rows(made, "queued"))

    def test_leaving_and_coming_back_is_another_entry(self):
        self.project.stage_id = self.stage_meeting
        self.dispatch()
        self.project.stage_id = self.stage_diagnosis
        self.project.stage_id = self.stage_meeting
        self.entries += 2
        self.assertEntered("queued")
