"""Career paths and what hangs on them are for the team of their company; a page opens by its own link only."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .test_path import PathCase


@tagged("post_install", "-at_install")
class TestPathCompanies(PathCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Autre pôle"})
        cls.env.user.company_ids |= cls.other_company
        cls.user_other = cls._new_user("path_other", "pope_crm.group_pope_manager")
        cls.user_other.write({"company_ids": [Command.set(cls.other_company.ids)], "company_id": cls.other_company.id})
        cls.other_team = cls.env["crm.team"].create(
            {"name": "Parcours B", "company_id": cls.other_company.id, "pope_lead_type": "path"}
        )
        cls.other_stages = cls.env["crm.stage"].create(
            [
                {
                    "name": f"B {step}",
                    "sequence": n,
                    "pope_path_step": step,
                    "team_ids": [Command.set(cls.other_team.ids)],
                }
                for n, step in enumerate(("registered", "attended"), 10)
            ]
        )

    def live(self, company):
        """A path with all that hangs on it, of a person that both poles know."""
        event = self.create_event("discovery_day", days=-1, company_id=company.id, organizer_id=False)
        self.register(event, self.holders[0]).action_set_done()
        path = self.enrolments(event).path_id
        own = self.env["res.partner"].create({"name": f"Personne de {company.name}", "company_id": company.id})
        house = self.env["res.partner"].create({"name": f"Crèche de {company.name}", "company_id": company.id})
        return [
            path,
            path.pope_path_outcome_ids,
            self.env["pope.path.training"].create(
                {"lead_id": path.id, "qualification_id": self.env.ref("pope_training.qualification_eje").id}
            ),
            self.env["pope.diploma"].create({"partner_id": own.id, "name": "CAP"}),
            self.env["pope.host.wish"].create({"lead_id": path.id}),
            self.env["pope.host.offer"].create({"name": "Stage", "partner_id": house.id, "company_id": company.id}),
            self.env["pope.host.match"].search([("lead_id", "=", path.id)]),
            self.env["pope.life.event"].search([("lead_id", "=", path.id)]),
            self.env["pope.path.report"].search([("lead_id", "=", path.id)]),
        ]

    def test_each_pole_sees_its_own_paths_and_what_hangs_on_them(self):
        here, there = self.live(self.company), self.live(self.other_company)
        self.assertEqual(there[0].stage_id, self.other_stages[1])
        self.assertNotEqual(here[0], there[0], "a path in each company")
        self.env.invalidate_all()
        for mine, theirs, user in ((here, there, self.user_manager), (there, here, self.user_other)):
            for own, foreign in zip(mine, theirs, strict=True):
                self.assertTrue(own, own._name)
                seen = own.with_user(user).search([("id", "in", (own | foreign).ids)])
                self.assertEqual(set(seen.ids), set(own.ids), own._name)
                with self.assertRaises(AccessError, msg=own._name):
                    foreign.with_user(user).read(["display_name"])

    def test_merged_contacts_have_one_open_path(self):
        for person in self.holders[:2]:
            self.register(self.day, person).action_set_done()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(self.holders[:2].ids, self.holders[0], extra_checks=False)
        path = self.paths(self.holders[0])
        self.assertEqual(len(path), 1)
        self.assertEqual(self.enrolments(self.day).path_id, path)
        self.assertEqual(path.pope_path_outcome_ids.mapped("months"), [6, 12])


@tagged("post_install", "-at_install")
class TestOutcomePage(PathCase, HttpCase):
    def test_the_page_takes_an_answer_by_its_own_link_only(self):
        path = self.create_path(self.holders[0], pope_path_attended_date="2026-03-01")
        outcome = path.pope_path_outcome_ids[0]
        self.assertEqual(self.url_open("/pope/parcours/wrong-link-wrong-link").status_code, 404)
        page = self.url_open(f"/pope/parcours/{outcome.access_token}").text
        self.assertIn("Que faites-vous aujourd", page)
        self.assertNotIn(self.holders[0].email, page)
        csrf = page.partition('name="csrf_token" value="')[2].split('"')[0]
        answer = {
            "csrf_token": csrf,
            "situation": "job",
            "contract": "x" * 300,
            "employer": "E" * 300,
            "state": "planned",
        }
        self.assertEqual(self.url_open(f"/pope/parcours/{outcome.access_token}", data=answer).status_code, 200)
        self.env.invalidate_all()
        self.assertEqual((outcome.state, outcome.situation, outcome.contract), ("answered", "job", False))
        self.assertEqual(len(outcome.employer), 120)
