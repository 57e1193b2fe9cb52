"""Sales and projects live on one table: the ten ways from one into the other, each closed in both directions."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval

from ..common import NotificationCase

LETTER = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{subject}@example.org>
Content-Type: text/plain; charset=utf-8

Bonjour, je voudrais ouvrir un lieu.
"""


@tagged("post_install", "-at_install")
class TestLeaks(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "sales_team.group_sale_salesman_all_leads"
        cls.seller = cls._new_user("seller", sales)
        cls.sales_manager = cls._new_user("sales_manager", "sales_team.group_sale_manager")
        # in charge of projects and of sales, and at the head of the incubator
        cls.both = cls._new_user("both", f"pope_crm.group_pope_user,{sales}")
        cls.sales = cls.env["crm.team"].create(
            {
                "name": "Ventes 93",
                "use_leads": True,
                "company_id": cls.company.id,
                "member_ids": [Command.set((cls.seller | cls.both).ids)],
            }
        )
        cls.sales_stage = cls.env["crm.stage"].create(
            {"name": "Devis", "sequence": 5, "team_ids": [Command.set(cls.sales.ids)]}
        )
        cls.stock_new = cls.env.ref("crm.stage_lead1")
        cls.stock_won = cls.env.ref("crm.stage_lead4")
        cls.email = cls.holders[0].email

    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.stock = self.opportunity("Affaire", partner_id=self.holders[0].id)
        self.stock_lead = self.opportunity("Piste", type="lead", email_from=self.email)
        self.project = self.create_project(partner_id=self.holders[0].id, user_id=self.both.id)

    def opportunity(self, name, **values):
        return self.env["crm.lead"].create(
            {"name": name, "type": "opportunity", "team_id": self.sales.id, "user_id": self.seller.id, **values}
        )

    def test_stage_found_for_a_new_record(self):
        """Neither takes the first stage of the other, wherever the stages stand."""
        self.stock_new.sequence = 1000
        self.sales_stage.sequence = 1001
        self.stages.sequence = 500
        self.assertEqual(self.opportunity("Une autre").stage_id.team_ids, self.env["crm.team"])
        self.assertIn(self.create_project("Deux", self.holders[1:2]).stage_id, self.stages)
        self.stages.sequence = 2000
        self.assertIn(self.create_project("Trois", self.holders[2:3]).stage_id, self.stages)
        self.assertEqual(self.project._stage_find(domain=[("is_won", "=", True)]), self.stage_open)
        self.assertIn(self.env["crm.lead"]._stage_find(team_id=self.team.id), self.stages)
        self.assertFalse(self.env["crm.lead"]._stage_find(limit=None) & self.stages)

    def test_won(self):
        figures = {"pope_opening_date": "2026-03-09", "pope_places": 16, "pope_childminder_count": 4}
        self.project.write({**figures, "pope_job_count": 1})
        # the won stage of each comes next for the other
        self.stock_won.sequence = self.project.stage_id.sequence + 1
        self.stage_open.sequence = self.stock_won.sequence + 1
        (self.stock | self.project).action_set_won()
        self.assertEqual(self.stock.stage_id, self.stock_won)
        self.assertEqual(self.project.stage_id, self.stage_open)

    def test_columns_of_the_boards(self):
        def columns(user, domain, **context):
            Lead = self.env["crm.lead"].with_user(user).with_context(read_group_expand=True, **context)
            groups = Lead.web_read_group(domain, ["stage_id"], ["__count"])["groups"]
            return self.env["crm.stage"].browse(group["stage_id"][0] for group in groups)

        projects, sales = [("type", "=", "project")], [("type", "=", "opportunity")]
        self.assertEqual(columns(self.user_pope, projects, default_type="project"), self.stages)
        pipeline = {"default_type": "opportunity", "show_user_team_stages": 1}
        expected = columns(self.seller, sales, **pipeline)
        self.assertLess(self.stock_won | self.sales_stage, expected)
        self.assertFalse(expected & self.stages)
        self.team.member_ids = self.both
        self.sales.member_ids |= self.both
        self.assertIn(self.team, self.both.crm_team_ids)
        self.assertEqual(columns(self.both, sales, **pipeline), expected)
        self.assertEqual(columns(self.both, projects, default_type="project"), self.stages)
        self.assertFalse(columns(self.both, sales, default_team_id=self.sales.id) & self.stages)

    def test_stages_offered_and_kept(self):
        """The status bar, the list and a merge offer and keep stages of the record's own team only."""
        Stage = self.env["crm.stage"]
        for xmlid in ("crm_lead_view_form_project", "crm_lead_view_list_project"):
            arch = self.env["crm.lead"].get_view(self.env.ref(f"pope_crm.{xmlid}").id)["arch"]
            self.assertIn("domain=\"[('team_ids', 'in', team_id)]\"", arch)
        offered = safe_eval(self.env["crm.lead"]._fields["stage_id"].domain, {"team_id": self.sales.id})
        self.assertFalse(Stage.search(offered) & self.stages)
        with self.assertRaises(ValidationError):
            self.project.stage_id = self.stock_new
        with self.assertRaises(ValidationError):
            self.stock.stage_id = self.stage_meeting
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            (self.project | self.stock).merge_opportunity()
        self.team.user_id = self.sales_manager
        wizard = Form(
            self.env["crm.merge.opportunity"].with_context(active_ids=[self.stock.id, self.opportunity("Double").id])
        )
        wizard.user_id = self.sales_manager
        wizard.save().action_merge()
        self.assertTrue(self.stock.exists())
        self.assertFalse(self.stock.stage_id & self.stages)
        twin = self.create_project("Double", self.holders[1:2], user_id=self.both.id)
        twin.stage_id = self.stage_meeting
        kept = (self.project | twin).merge_opportunity(user_id=self.seller.id, team_id=self.sales.id)
        self.assertEqual((kept.team_id, kept.stage_id, kept.type), (self.team, self.stage_meeting, "project"))

    def test_team_computed_from_the_person_and_the_type(self):
        self.project.stage_id = self.stage_diagnosis
        for person in (self.seller, self.both, self.user_pope):
            self.project.user_id = person
            self.assertEqual((self.project.team_id, self.project.stage_id), (self.team, self.stage_diagnosis))
        # whoever leads the incubator sells for a sales team, with or without one of their own
        self.team.user_id = self.sales_manager
        self.team.sequence = -1
        for values in ({}, {"type": "lead"}):
            lead = self.env["crm.lead"].create({"name": "Affaire", "user_id": self.sales_manager.id, **values})
            self.assertTrue(lead.team_id)
            self.assertFalse(lead.team_id.pope_lead_type)
        self.stock.user_id = self.sales_manager
        self.assertFalse(self.stock.team_id.pope_lead_type)
        with self.assertRaises(UserError):
            self.project.with_user(self.both).convert_opportunity(self.holders[0])
        with self.assertRaises(ValidationError):
            self.stock.write({"type": "project", "team_id": self.sales.id})

    def test_membership_of_one_team(self):
        """Projects need no members, and whoever becomes one stays a member of their sales team, either way round."""
        self.assertFalse(self.team.with_context(active_test=False).crm_team_member_all_ids)
        memberships = self.sales.crm_team_member_ids
        self.create_project("Deux", self.holders[1:2], user_id=self.seller.id)
        self.assertEqual(self.sales.crm_team_member_ids, memberships)
        self.team.with_user(self.sales_manager).member_ids |= self.seller
        self.assertEqual(self.seller.crm_team_ids, self.sales | self.team)
        other = self.env["crm.team"].create({"name": "Autres ventes", "company_id": self.company.id})
        other.member_ids |= self.seller
        self.assertEqual(self.seller.crm_team_ids, other | self.team, "Odoo's own rule goes on for sales teams")

    def test_duplicates_by_email(self):
        Lead = self.env["crm.lead"]
        twin = self.create_project("Second projet", partner_id=self.holders[0].id)
        self.assertEqual(self.project.email_from, self.email)
        for lead in (self.stock, self.stock_lead):
            self.assertEqual(lead._get_lead_duplicates(email=self.email), self.stock | self.stock_lead)
            self.assertFalse(lead.duplicate_lead_ids & (self.project | twin))
        self.assertEqual(self.stock.duplicate_lead_count, len(self.stock.duplicate_lead_ids - self.stock))
        self.assertEqual(self.project._get_lead_duplicates(email=self.email), self.project | twin)
        self.assertIn(twin, self.project.duplicate_lead_ids)
        self.assertEqual(set(self.project.duplicate_lead_ids.mapped("type")), {"project"})
        self.assertEqual(self.project.duplicate_lead_count, len(self.project.duplicate_lead_ids - self.project))
        self.assertEqual(Lead._get_lead_duplicates(partner=self.holders[0]), self.stock)

        for user in (self.seller, self.both):
            wizard = (
                self.env["crm.lead2opportunity.partner"]
                .with_user(user)
                .with_context(active_id=self.stock_lead.id, active_ids=self.stock_lead.ids)
                .create({"name": "merge"})
            )
            self.assertEqual(wizard.duplicated_lead_ids, self.stock | self.stock_lead)
        wizard.action_apply()
        fresh = self.opportunity("Encore", type="lead", email_from=self.email)
        self.env["crm.lead2opportunity.partner.mass"].with_context(
            active_model="crm.lead", active_ids=fresh.ids
        ).create({"deduplicate": True}).action_mass_convert()
        self.assertEqual((self.project | twin).exists(), self.project | twin)
        self.assertEqual(set((self.project | twin).mapped("type")), {"project"})

    def test_predictive_scoring(self):
        """Projects teach the scoring nothing, and their stages are none of its variables."""
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2026-01-01")
        Lead = self.env["crm.lead"].with_user(self.env.ref("base.user_admin"))

        def frequencies():
            rows = self.env["crm.lead.scoring.frequency"].search([])
            return {(row.team_id.id, row.variable, row.value): (row.won_count, row.lost_count) for row in rows}

        def probabilities():
            return Lead.search([("type", "!=", "project"), ("won_status", "=", "pending")]).mapped("probability")

        self.opportunity("Gagnée").action_set_won()
        self.opportunity("Perdue").action_set_lost()
        Lead._cron_update_automated_probabilities()
        known, chances = frequencies(), probabilities()
        self.assertTrue(known)
        self.assertFalse({value for _team, name, value in known if name == "stage_id"} & set(map(str, self.stages.ids)))

        figures = {"pope_opening_date": "2026-03-09", "pope_places": 16, "pope_childminder_count": 4}
        opened = self.create_project("Ouvert", self.holders[1:2], pope_job_count=1, **figures)
        opened.action_set_won()
        ended = self.create_project("Fini", self.holders[2:3])
        ended.action_set_lost()
        ended.action_restore()
        ended.action_set_lost()
        self.assertEqual(frequencies(), known, "each closing")
        self.opportunity("Gagnée aussi").action_set_won()
        values = {value for _team, name, value in frequencies() if name == "stage_id"}
        self.assertFalse(values & set(map(str, self.stages.ids)), "an opportunity won")
        self.env["crm.lead"].search([("name", "=", "Gagnée aussi")]).unlink()
        Lead._cron_update_automated_probabilities()
        self.assertEqual(frequencies(), known, "the whole table built again")
        self.assertEqual(probabilities(), chances)
        self.assertEqual((self.project.probability, opened.probability), (50, 100))

    def test_scoring_where_there_are_only_projects(self):
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2026-01-01")
        self.env["crm.lead"].with_context(active_test=False).search([("type", "!=", "project")]).unlink()
        self.env["crm.lead"].with_user(self.env.ref("base.user_admin"))._cron_update_automated_probabilities()
        self.assertEqual(self.project.probability, 50)

    def test_assignment(self):
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        self.stock.email_from = self.stock_lead.email_from = False
        # the worst case: our team has members, and Odoo's own way out of the assignment is not set
        self.team.write(
            {"assignment_optout": False, "use_opportunities": True, "member_ids": [Command.set(self.both.ids)]}
        )
        alone = self.create_project("Sans personne", self.holders[1:2], user_id=False)
        new = self.opportunity("À donner", team_id=False, user_id=False, email_from=self.email)
        others = self.env["crm.team"].search([]) - self.sales - self.team
        others.assignment_optout = True
        self.env["crm.team"]._cron_assign_leads(force_quota=True)
        self.assertEqual(new.team_id, self.sales)
        self.assertIn(new.user_id, self.seller | self.both)
        self.assertFalse(alone.user_id)
        self.assertEqual(set((alone | self.project).mapped("type")), {"project"})
        self.assertEqual((alone | self.project).team_id, self.team)

    def test_mail_to_a_team(self):
        domain = self.env["mail.alias.domain"].search([], limit=1) or self.env["mail.alias.domain"].create(
            {"name": "pole.example.org"}
        )
        self.company.alias_domain_id = domain
        self.team.write({"alias_name": "projets-test", "alias_domain_id": domain.id})
        self.sales.write({"alias_name": "ventes-test", "alias_domain_id": domain.id})
        self.team.write({"use_leads": True})
        self.team.write({"use_leads": False})
        self.assertEqual(self.team.alias_name, "projets-test", "Odoo blanks it on a team without sales")

        def receive(alias, subject, sender):
            to = f"{alias}@{domain.name}"
            letter = LETTER.format(sender=sender, to=to, subject=subject)
            self.env["mail.thread"].message_process(False, letter)
            return self.env["crm.lead"].search([("name", "=", subject)])

        asked = receive("projets-test", "Ouvrir-une-MAM", '"Chloé Martin" <chloe.martin@example.org>')
        self.assertFalse(asked, "a person sorts it first")
        letter = self.env["pope.intake"].search([("email_normalized", "=", "chloe.martin@example.org")])
        self.assertEqual(letter.state, "to_sort")
        letter.with_user(self.both).action_make_project()
        self.assertEqual((letter.lead_id.type, letter.lead_id.team_id), ("project", self.team))
        self.assertEqual(letter.lead_id.stage_id, self.stage_contact)
        self.assertEqual(letter.lead_id.pope_holder_ids, self.holders[2])
        self.assertEqual(self.rows(letter.lead_id).rule_id, self.env.ref("pope_crm.rule_welcome"))
        sale = receive("ventes-test", "Un-devis", '"Chloé Martin" <chloe.martin@example.org>')
        self.assertIn(sale.type, ("lead", "opportunity"))
        self.assertEqual(sale.team_id, self.sales)
        self.assertFalse(self.rows(sale))
        # a team that becomes ours has its mail sorted from the next one on
        other = self.env["crm.team"].create(
            {"name": "Autre", "company_id": self.company.id, "alias_name": "autre-test"}
        )
        other.pope_lead_type = "project"
        self.assertEqual(other.alias_id.alias_model_id.model, "pope.intake")

    def test_sales_people_and_their_screens_see_no_project(self):
        self.project.user_id = False
        self.project.activity_schedule("mail.mail_activity_data_call", user_id=self.both.id).action_feedback()
        self.stock.activity_schedule("mail.mail_activity_data_call", user_id=self.both.id).action_feedback()
        values = {"uid": self.seller.id, "active_id": self.sales.id, "active_ids": self.sales.ids}
        values["context_today"] = safe_datetime.datetime.now
        actions = self.env["ir.actions.act_window"].search([("res_model", "in", ("crm.lead", "crm.activity.report"))])
        stock_actions = actions.filtered(lambda action: (action.xml_id or "").startswith("crm."))
        self.assertGreater(len(stock_actions), 8)
        for user in (self.seller, self.sales_manager):
            for action in stock_actions:
                found = self.env[action.res_model].with_user(user).with_context(active_test=False)
                found = found.search(safe_eval(action.domain or "[]", values))
                leads = found if found._name == "crm.lead" else found.lead_id
                self.assertFalse(leads.sudo()._pope_own(), action.xml_id)
        report = self.env["crm.activity.report"]
        self.assertTrue(report.search([("lead_id", "=", self.stock.id)]))
        self.assertFalse(report.search([("lead_id", "=", self.project.id)]), "for those who do both as well")
        for user in (self.seller, self.both):
            person = self.holders[0].with_user(user)
            self.assertEqual(person.opportunity_count, 1)
            shown = self.env["crm.lead"].with_user(user).search(person.action_view_opportunity()["domain"])
            self.assertEqual(shown, self.stock)
