"""Two poles on one Odoo: the people of one see no record, no mail and no figure of the other."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import NotificationCase

FIGURES = {"pope_opening_date": "2026-03-09", "pope_places": 4, "pope_childminder_count": 2, "pope_job_count": 1}
# lists that every pole reads; what is known of a person follows the company of the contact
SHARED = {
    "budget.template",
    "budget.template.line",
    "cash.account",
    "district",
    "district.generation",
    "followup.delay",
    "import.mapping",
    "loan.product",
    "partner.role",
    "retention.review",
    "retention.rule",
    "structure.type",
    "summary.line",
    "town",
}


@tagged("post_install", "-at_install")
class TestCompanies(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pole_a = cls.company
        cls.pole_b = cls.env["res.company"].create({"name": "Pôle B", "email": "b@example.org"})
        cls.env.user.company_ids |= cls.pole_b
        cls.team_b = cls.env["crm.team"].create(
            {
                "name": "Incubateur B",
                "company_id": cls.pole_b.id,
                "pope_lead_type": "project",
                "use_opportunities": False,
            }
        )
        cls.stages_b = cls.env["crm.stage"].create(
            [
                {"name": "Accueil B", "sequence": 10, "team_ids": [Command.set(cls.team_b.ids)]},
                {"name": "Ouvert B", "sequence": 20, "team_ids": [Command.set(cls.team_b.ids)], "is_won": True},
            ]
        )
        groups = "pope_crm.group_pope_manager,pope_crm.group_pope_sensitive"
        cls.user_a = cls._new_user("pole_a", groups)
        cls.user_b = cls._new_user("pole_b", groups)
        cls.user_b.write({"company_ids": [Command.set(cls.pole_b.ids)], "company_id": cls.pole_b.id})
        cls.director = cls._new_user("director", groups)
        cls.director.company_ids |= cls.pole_b

    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.records = {
            user: self.live_a_year(user, company, stages)
            for user, company, stages in (
                (self.user_a, self.pole_a, self.stages),
                (self.user_b, self.pole_b, self.stages_b),
            )
        }

    def live_a_year(self, user, company, stages):
        """A record of each model, made by the user of a pole for a contact that both poles know."""
        env = self.env(user=user, context={"allowed_company_ids": company.ids})
        project = env["crm.lead"].create(
            {
                "type": "project",
                "name": f"MAM de {company.name}",
                "pope_structure_type_id": self.env.ref("pope_crm.structure_type_mam").id,
                "pope_member_ids": [Command.create({"partner_id": self.holders[0].id})],
                **FIGURES,
            }
        )
        self.assertEqual((project.company_id, project.stage_id), (company, stages[0]))
        line = env["pope.stage.requirement"].create({"name": "Pièce", "stage_id": stages[0].id})
        project.pope_checklist_ids.filtered(lambda status: status.requirement_id == line).action_tick()
        role = env["pope.partner.role"].search([("is_authority", "=", True)], limit=1)
        rule = self.env.ref("pope_crm.rule_welcome").copy({"stage_id": stages[0].id, "company_id": company.id})
        row = rule.sudo()._plan(project.sudo(), when=self.now, manual=True)
        project.stage_id = stages.filtered("is_won")
        project.message_post(body="Premier échange")
        summary = env["pope.financial.summary"].create({"date_from": "2026-01-01", "date_to": "2026-12-31"})
        env["pope.opening.figure"].search([]).unlink()  # of the demo
        exchange = env["pope.interaction"].create({"lead_id": project.id, "date": "2026-03-09"})
        person = env["res.partner"].create({"name": f"Personne de {company.name}", "company_id": company.id})
        review = env["pope.retention.review"].create({})
        file = f"Projet;Ville\nMAM importée de {company.name};Bondy".encode()
        imported = env["pope.import"].create({"file": base64.b64encode(file), "file_name": "suivi.csv"})
        imported.action_check()
        env["pope.books"].search([]).filtered(lambda books: books.state == "accepted").action_refuse()  # of the demo
        balance = base64.b64encode(b"Compte;Solde\r\n641100;100\r\n512000;-100\r\n")
        books = env["pope.books"].create({"file": balance, "date_from": "2025-01-01", "date_to": "2025-12-31"})
        books.action_check()
        books.action_accept()
        scheme = self.env["pope.funding.scheme"].create(
            {
                "name": "Fonds local",
                "company_id": company.id,
                "paper_ids": [Command.create({"name": "Statuts"})],
                "obligation_ids": [Command.create({"name": "Compte rendu"})],
            }
        )
        funding = env["pope.funding"].create(
            {
                "partner_id": self.holders[1].id,
                "lead_id": project.id,
                "scheme_id": scheme.id,
                "amount_asked": 900,
                "state": "awarded",
                "date_to": "2026-12-31",
            }
        )
        funding.action_budget()
        year_end = env["pope.year.end"].create({"date_to": "2011-12-31"})
        own = env["pope.funding"].create({"partner_id": self.holders[1].id, "state": "awarded"})
        self.create_expense(own)
        key = env["pope.time.key"].create(
            {
                "partner_id": self.holders[0].id,
                "line_ids": [Command.create({"funding_id": own.id, "percentage": 50})],
            }
        )
        loan = env["pope.loan"].create(
            {
                "partner_id": self.holders[1].id,
                "amount": 1000,
                "draw_ids": [Command.create({"amount": 400})],
                "pledge_ids": [Command.create({"funding_id": own.id})],
            }
        )
        charged = books.line_ids.filtered(lambda line: line.account_code == "641100")
        records = [
            books,
            books.line_ids,
            env["pope.books.charge"].create({"line_id": charged.id, "funding_id": own.id}),
            imported,
            imported.column_ids,
            imported.line_ids,
            env["pope.life.event"].search([("lead_id", "=", project.id)]),
            exchange,
            env["pope.accompaniment"].search([("lead_id", "=", project.id)]),
            env["pope.intake"].create({"name": "Inès Moreau", "team_id": project.team_id.id}),
            env["pope.opening.figure"].create(
                {"figure": "places", "value": 4, "date": "2026-01-01", "source": "Rapport d'activité"}
            ),
            env["pope.consent"].create({"partner_id": person.id, "date": "2026-03-09"}),
            env["pope.partner.phone"].create({"partner_id": person.id, "number": "0612345678"}),
            env["pope.person.sensitive"].create({"partner_id": person.id, "date_consent": "2026-03-09"}),
            env["pope.district.answer"].create({"partner_id": person.id, "state": "out", "date": "2026-03-09"}),
            env["pope.retention.review.line"].create({"review_id": review.id, "partner_id": person.id}),
            project,
            line,
            project.pope_member_ids,
            project.pope_checklist_ids,
            project.pope_requirement_row_ids,
            env["pope.premises"].create({"name": "12 rue des Lilas", "lead_id": project.id}),
            env["pope.authority.opinion"].create({"lead_id": project.id, "role_id": role.id}),
            project.pope_followup_ids,
            scheme.with_env(env),
            scheme.with_env(env).paper_ids,
            scheme.with_env(env).obligation_ids,
            funding,
            own.expense_ids,
            key,
            key.line_ids,
            funding.paper_ids,
            funding.obligation_ids,
            env["pope.funding.instalment"].create({"funding_id": funding.id, "amount": 900}),
            funding.budget_ids,
            funding.budget_ids.line_ids,
            env["pope.funding.share"].create({"funding_id": funding.id, "year": 2026, "amount": 900}),
            env["pope.cash.forecast"].create({"name": "Loyer", "amount": 700}),
            loan,
            loan.line_ids,
            loan.draw_ids,
            loan.pledge_ids,
            year_end,
            self.env["pope.year.end.line"].create(
                {"year_end_id": year_end.id, "funding_id": funding.id, "kind": "dedicated"}
            ),
            env["pope.funding.deadline"].search([("funding_id", "=", funding.id)]),
            env["pope.membership"].create({"partner_id": self.holders[0].id, "year": 2026, "amount": 15}),
            env["pope.volunteer.time"].create({"partner_id": self.holders[0].id, "year": 2026, "hours_3": 4}),
            summary,
            summary.row_ids,
            env["pope.financial.summary.comment"].create(
                {"summary_id": summary.id, "line_id": summary.row_ids[:1].line_id.id, "text": "Loyer plus élevé"}
            ),
            env["pope.year.status"].create({"date_from": "2011-01-01", "date_to": "2011-12-31"}),
            self.env["pope.financial.summary.share"].create(
                {
                    "summary_id": funding._new_report().id,
                    "line_id": self.env.ref("pope_crm.summary_line_ci_fixes").id,
                    "amount": 9,
                }
            ),
            rule,
            row,
            project.message_ids,
        ]
        self.env.flush_all()
        self.assertTrue(all(records), [record._name for record in records if not record])
        return {record._name: record for record in records}

    def seen(self, user, records):
        return self.env[records._name].with_user(user).search([("id", "in", records.ids)])

    def test_every_record_is_one_s_own(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "pope_crm" and not model._transient and not model._abstract
        }
        shared = {f"pope.{name}" for name in SHARED}
        self.assertFalse(models - shared - set(self.records[self.user_a]), "a new model needs its record here")
        self.env.invalidate_all()
        for user, other in ((self.user_a, self.user_b), (self.user_b, self.user_a)):
            for model, theirs in self.records[other].items():
                mine = self.records[user][model]
                self.assertEqual(self.seen(user, mine).ids, self.seen(user, mine | theirs).ids, model)
                self.assertTrue(self.seen(user, mine), model)
                with self.assertRaises(AccessError, msg=model):
                    theirs.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).read(["display_name"])
        for model, mine in self.records[self.user_a].items():
            both = mine | self.records[self.user_b][model]
            director = both.with_user(self.director).with_context(allowed_company_ids=(self.pole_a | self.pole_b).ids)
            self.assertEqual(set(director.search([("id", "in", both.ids)])._ids), set(both._ids), model)

    def test_members_and_volunteers_are_those_of_the_pole(self):
        person = self.holders[0]
        self.records[self.user_a]["pope.membership"].date_paid = "2026-03-09"
        for user, state, members in ((self.user_a, "current", 1), (self.user_b, False, 0)):
            self.env.invalidate_all()
            self.assertEqual(person.with_user(user).pope_membership_state, state)
            found = self.env["res.partner"].with_user(user).search([("pope_membership_state", "=", "current")])
            self.assertEqual(person in found, bool(state))
            hours = self.env["pope.volunteer.time"].with_user(user)
            page = self.env["pope.figures"].with_user(user).get_page(2026)
            figures = {figure["code"]: figure["value"] for group in page["groups"] for figure in group["figures"]}
            self.assertEqual(figures.get("members", 0) - self.others("pope.membership", user), members)
            self.assertEqual(figures["volunteers"] - self.others("pope.volunteer.time", user), 1)
            self.assertNotIn(self.records[self.user_a if user == self.user_b else self.user_b][hours._name], hours)

    def others(self, model, user):
        """What the demo holds for this pole."""
        rows = self.env[model].search([("company_id", "=", user.company_id.id), ("year", "=", 2026)])
        rows -= self.records[user][model]
        return len(
            rows.filtered(lambda row: row.state == "paid") if model == "pope.membership" else rows.filtered("hours")
        )

    def test_nothing_is_written_across(self):
        project_a = self.records[self.user_a]["crm.lead"]
        funding_a = self.records[self.user_a]["pope.funding"]
        self.records[self.user_a]["pope.budget"].unlink()  # a file has one
        for model, values in (
            ("pope.funding.obligation", {"name": "Bilan"}),
            ("pope.funding.paper", {"name": "Statuts"}),
            ("pope.funding.instalment", {"amount": 10}),
            ("pope.budget", {"name": "Budget"}),
            ("pope.funding.sheet", {}),
        ):
            with self.assertRaises(UserError, msg=model):
                self.env[model].with_user(self.user_b).create({"funding_id": funding_a.id, **values})
        with self.assertRaises(UserError):
            self.records[self.user_b]["pope.funding"].with_user(self.user_b).scheme_id = self.records[self.user_a][
                "pope.funding.scheme"
            ]
        for model, values in (
            ("pope.premises", {"name": "Ailleurs"}),
            ("pope.followup", {"months": 7}),
            ("pope.project.member", {"partner_id": self.holders[2].id}),
            ("pope.funding", {"partner_id": self.holders[2].id}),
        ):
            with self.assertRaises(UserError, msg=model):
                self.env[model].with_user(self.user_b).create({"lead_id": project_a.id, **values})
        with self.assertRaises(UserError):
            self.records[self.user_b]["crm.lead"].with_user(self.user_b).team_id = self.team
        with self.assertRaises(UserError):
            self.records[self.user_a]["crm.lead"].with_user(self.user_a).company_id = False
        for record in (self.stages[0], self.team, self.records[self.user_a]["pope.stage.requirement"]):
            with self.assertRaises(AccessError, msg=record._name):
                record.with_user(self.user_b).name = "Autre"
        self.stages_b[0].with_user(self.user_b).name = "Accueil"

    def test_boards_and_counts(self):
        person = self.holders[0]
        for user, stages in ((self.user_a, self.stages), (self.user_b, self.stages_b)):
            self.env.invalidate_all()
            Lead = self.env["crm.lead"].with_user(user).with_context(default_type="project", read_group_expand=True)
            groups = Lead.web_read_group([("type", "=", "project")], ["stage_id"], ["__count"])["groups"]
            self.assertEqual([group["stage_id"][0] for group in groups], stages.ids)
            project = self.records[user]["crm.lead"].with_user(user)
            contact = person.with_user(user)
            self.assertEqual(contact.pope_project_count, 1)
            self.assertEqual(contact.pope_member_ids.lead_id, project)
            self.assertEqual(
                self.env["crm.lead"].with_user(user).search(contact.action_pope_projects()["domain"]), project
            )
            self.assertEqual((project.pope_funding_count, project.pope_funding_asked), (1, 900))
        rule = self.env.ref("pope_crm.rule_followup").with_user(self.user_b)
        self.rows(self.records[self.user_a]["crm.lead"]).filtered(lambda row: row.rule_id.id == rule.id).write(
            {"state": "sent"}
        )
        self.assertEqual(rule.notification_count, 0)

    def test_summaries(self):
        for user, stages in ((self.user_a, self.stages), (self.user_b, self.stages_b)):
            self.env.invalidate_all()
            summary = self.records[user]["pope.financial.summary"].with_user(user)
            projects = summary._figures()["projects"]
            opened = {opening["name"] for opening in projects["openings"]}
            names = {records["crm.lead"].name for records in self.records.values()}
            self.assertEqual(opened & names, {self.records[user]["crm.lead"].name})
            self.assertEqual([stage["name"] for stage in projects["stages"]], stages.mapped("name"))
        projects_b = self.records[self.user_b]["pope.financial.summary"].with_user(self.user_b)._figures()["projects"]
        self.assertEqual([opening["name"] for opening in projects_b["openings"]], ["MAM de Pôle B"])
        self.assertEqual(projects_b["holders"], 1)
        self.assertEqual([stage["count"] for stage in projects_b["stages"]], [0, 1])

    def test_contacts_of_one_pole_are_not_asked_by_the_other(self):
        role = self.env.ref("pope_crm.role_pmi")
        self.env["res.partner"].search([("pope_role_ids", "in", role.ids)]).pope_role_ids = False
        office = self.env["res.partner"].create(
            {"name": "PMI de A", "email": "pmi@example.org", "pope_role_ids": role.ids, "company_id": self.pole_a.id}
        )
        kind = self.env.ref("pope_crm.structure_type_mam")
        kind.authority_role_ids = role
        rule = self.env.ref("pope_crm.rule_welcome").copy({"recipients": "role", "role_id": role.id})
        for user, asked in ((self.user_a, office), (self.user_b, office.browse())):
            project = self.records[user]["crm.lead"].sudo()
            project.pope_opinion_ids.unlink()
            project._pope_propose_opinions()
            self.assertEqual(project.pope_opinion_ids.partner_id, asked)
            self.assertEqual(rule._recipients(project)[project], asked)

    def test_a_project_elsewhere_makes_nobody_a_known_person(self):
        for user in (self.user_a, self.user_b):
            project = self.records[user]["crm.lead"]
            rule = self.records[user]["pope.notification.rule"]
            self.assertFalse(rule.sudo()._wants_approval(project.sudo(), self.holders[0]))
