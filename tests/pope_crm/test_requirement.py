from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged, users

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestRequirement(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Requirement = cls.env["pope.stage.requirement"]
        Requirement.search([]).active = False
        cls.mam = cls.env.ref("pope_crm.structure_type_mam")
        cls.statutes, cls.permit, cls.plans = Requirement.create(
            [
                {"name": "Statuts", "stage_id": cls.stage_contact.id, "kind": "paper"},
                {"name": "Titre de séjour", "stage_id": cls.stage_contact.id, "kind": "seen", "scope": "holder"},
                {
                    "name": "Plans",
                    "stage_id": cls.stage_meeting.id,
                    "kind": "paper",
                    "structure_type_ids": [Command.set(cls.mam.ids)],
                },
            ]
        )

    def line(self, project, requirement, member=None):
        lines = project.pope_checklist_ids.filtered(lambda line: line.requirement_id == requirement)
        return lines.filtered(lambda line: line.member_id == member) if member else lines

    @users("pope_user")
    def test_the_checklist_follows_type_and_holders(self):
        project = self.create_project(holders=self.holders[:2]).with_user(self.env.user)
        self.assertEqual(len(self.line(project, self.statutes)), 1)
        self.assertEqual(self.line(project, self.permit).member_id.partner_id, self.holders[:2])
        self.assertFalse(self.line(project, self.plans) if project.pope_structure_type_id != self.mam else False)
        project.pope_structure_type_id = self.env.ref("pope_crm.structure_type_family_cafe")
        project.flush_recordset()
        self.assertFalse(self.line(project, self.plans))
        project.pope_structure_type_id = self.mam
        project.invalidate_recordset()
        self.assertTrue(self.line(project, self.plans))

    @users("pope_user")
    def test_a_line_ticks_at_any_stage_and_unticks(self):
        project = self.create_project(pope_structure_type_id=self.mam.id).with_user(self.env.user)
        plans = self.line(project, self.plans)
        self.assertEqual(plans.state, "later")
        plans.action_tick()
        self.assertEqual(self.line(project, self.plans).state, "done")
        row = self.line(project, self.plans).row_id
        self.assertEqual(row.user_id, self.env.user)
        self.line(project, self.plans).action_untick()
        self.assertEqual(self.line(project, self.plans).state, "later")
        self.assertFalse(row.exists())

    def test_moving_on_marks_the_card_and_warns_from_every_way_in(self):
        project, other = self.create_project(), self.create_project("Autre", holders=self.holders[1:2])
        self.assertEqual((project.pope_requirement_done_count, project.pope_requirement_count), (0, 2))
        channel = self.user_pope.partner_id
        projects = (project | other).with_user(self.user_pope)
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        projects.stage_id = self.stage_meeting
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].search([("id", ">", before), ("message", "like", "simple_notification")])
        self.assertEqual(len(messages), 1, "one warning for the whole move")
        self.assertIn("Statuts", messages.message)
        self.assertIn("Autre", messages.message)
        self.assertIn(str(channel.id), messages.channel)
        self.assertEqual(project.pope_missing_count, 2)
        self.assertIn("Titre de séjour (Awa Diallo)", project.pope_missing_label)
        self.line(project, self.statutes).action_tick()
        self.assertEqual(project.pope_missing_count, 1)
        found = self.env["crm.lead"].search([("pope_missing_count", ">", 1), ("type", "=", "project")])
        self.assertIn(other, found)
        self.assertNotIn(project, found)

    def test_a_paper_that_may_not_be_stored_is_seen_not_kept(self):
        project = self.create_project()
        line = self.line(project, self.permit)
        line.with_user(self.user_pope).action_tick()
        row = self.line(project, self.permit).row_id
        self.assertEqual(row.user_id, self.user_pope)
        with self.assertRaises(ValidationError):
            row.attachment_ids = [Command.create({"name": "titre.pdf", "raw": b"%PDF"})]
        with self.assertRaises(ValidationError):
            self.env["ir.attachment"].create(
                {"name": "titre.pdf", "raw": b"%PDF", "res_model": row._name, "res_id": row.id}
            )
        row.date_valid_until = "2020-01-01"
        self.assertEqual(self.line(project, self.permit).state, "expired")
        project.stage_id = self.stage_meeting
        self.assertIn("Titre de séjour", project.pope_missing_label)

    def test_facts_of_the_holder_tick_their_line(self):
        field = self.env["ir.model.fields"]._get("pope.project.member", "first_aid_date")
        self.permit.write({"fact_field_id": field.id, "kind": "step"})
        project = self.create_project()
        self.assertEqual(self.line(project, self.permit).state, "todo")
        project.pope_member_ids.first_aid_date = "2026-01-15"
        self.env.invalidate_all()
        self.assertEqual(self.line(project, self.permit).state, "done")

    def test_a_line_of_the_project_refuses_a_holder(self):
        project = self.create_project()
        with self.assertRaises(ValidationError):
            self.env["pope.lead.requirement"].create(
                {
                    "lead_id": project.id,
                    "requirement_id": self.statutes.id,
                    "member_id": project.pope_member_ids.id,
                }
            )

    def test_counts_cost_the_same_for_10_and_100_cards(self):
        def cost(count):
            projects = self.env["crm.lead"].concat(*(self.create_project(f"P{n}") for n in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            projects.mapped("pope_missing_count")
            projects.mapped("pope_rule_warning")
            projects.mapped("pope_premises_label")
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(10), cost(100))


@tagged("post_install", "-at_install")
class TestProject(PopeCase):
    @users("pope_user")
    def test_a_known_person_is_not_created_twice(self):
        with Form(
            self.env["crm.lead"].with_context(default_type="project"), view="pope_crm.crm_lead_view_form_project_quick"
        ) as form:
            form.email_from = "Awa.Diallo@example.org"
            self.assertEqual(form.partner_id, self.holders[0].with_env(self.env))
            form.pope_structure_type_id = self.env.ref("pope_crm.structure_type_mam")
        project = form.record
        self.assertEqual(project.pope_holder_ids.ids, self.holders[0].ids)
        self.assertEqual(project.type, "project")
        self.assertIn("Awa Diallo", project.name)

    @users("pope_user")
    def test_a_new_person_is_created_from_two_names(self):
        with Form(
            self.env["crm.lead"].with_context(default_type="project"), view="pope_crm.crm_lead_view_form_project_quick"
        ) as form:
            form.pope_new_first_name = "Marie-Ange"
            form.pope_new_last_name = "de la Tour"
            form.phone = "06 12 34 56 78"
            form.pope_town_id = self.town.with_env(self.env)
        person = form.record.pope_holder_ids
        self.assertEqual(person.name, "Marie-Ange de LA TOUR")
        self.assertEqual(person.pope_first_name, "Marie-Ange")
        self.assertEqual(person.pope_town_id, self.town.with_env(self.env))
        self.assertEqual(person.lang, "fr_FR")

    def test_towns_are_found_however_they_are_typed(self):
        for text in ("St Denis", "saint-denis", "SAINT DENIS", "93200", "93066", "93059", "Pierrefitte"):
            self.assertEqual(self.env["pope.town"]._find(text).insee_code, "93066", text)
        self.assertEqual(self.env["pope.town"].search([("display_name", "ilike", "ile st denis")]).insee_code, "93039")

    def test_rules_of_the_type_warn(self):
        project = self.create_project(pope_structure_type_id=self.env.ref("pope_crm.structure_type_mam").id)
        self.assertFalse(project.pope_rule_warning)
        project.pope_places_planned = 24
        self.assertIn("20", project.pope_rule_warning)

    def test_opinions_are_proposed_with_the_contact_of_the_town(self):
        role = self.env.ref("pope_crm.role_town_childhood")
        local, elsewhere = self.env["res.partner"].create(
            [
                {"name": "Petite enfance Saint-Denis", "pope_role_ids": role.ids, "pope_town_id": self.town.id},
                {
                    "name": "Petite enfance Stains",
                    "pope_role_ids": role.ids,
                    "pope_town_id": self.env.ref("pope_crm.town_93072").id,
                },
            ]
        )
        project = self.create_project(pope_structure_type_id=self.env.ref("pope_crm.structure_type_mam").id)
        opinion = project.pope_opinion_ids.filtered(lambda row: row.role_id == role)
        self.assertEqual(opinion.partner_id, local)
        project.pope_town_id = elsewhere.pope_town_id
        self.assertEqual(opinion.partner_id, elsewhere)
        before = len(project.pope_opinion_ids)
        project.action_pope_propose_opinions()
        self.assertEqual(len(project.pope_opinion_ids), before)

    def test_one_place_is_chosen(self):
        project = self.create_project()
        one, two = self.env["pope.premises"].create(
            [{"name": "12 rue A", "lead_id": project.id}, {"name": "3 rue B", "lead_id": project.id}]
        )
        one.action_choose()
        two.action_choose()
        self.assertEqual(project.pope_premises_id, two)
        self.assertFalse(one.is_chosen)

    def test_an_idle_project_asks_its_person_once_per_stage(self):
        project = self.create_project()
        project.date_last_stage_update = "2026-01-01"
        paused = self.create_project("En pause", pope_paused_until="2099-01-01")
        paused.date_last_stage_update = "2026-01-01"
        self.env["crm.lead"]._cron_pope_late()
        self.env["crm.lead"]._cron_pope_late()
        activity = project.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.user_pope)
        self.assertFalse(paused.activity_ids)
        project.stage_id = self.stage_meeting
        project.date_last_stage_update = "2026-01-01"
        self.env["crm.lead"]._cron_pope_late()
        self.assertEqual(len(project.activity_ids), 2)

    def test_the_stage_brings_its_activities(self):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Accueil",
                "res_model": "crm.lead",
                "template_ids": [Command.create({"summary": "Appeler", "delay_count": 0})],
            }
        )
        self.stage_meeting.pope_activity_plan_id = plan
        projects = self.create_project() | self.create_project("Autre", holders=self.holders[1:2])
        projects.stage_id = self.stage_meeting
        for project in projects:
            self.assertEqual(project.activity_ids.mapped("summary"), ["Appeler"])
            self.assertEqual(project.activity_ids.user_id, self.user_pope)
