from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestFunding(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.funder = cls.env["res.partner"].create({"name": "Caf de la Seine-Saint-Denis", "is_company": True})
        cls.project = cls.create_project()

    def create_funding(self, **values):
        return self.env["pope.funding"].create({"partner_id": self.funder.id, **values})

    def test_a_file_is_named_after_its_funder_and_project_until_someone_names_it(self):
        self.assertEqual(self.create_funding().name, "Caf de la Seine-Saint-Denis")
        funding = self.create_funding(lead_id=self.project.id)
        self.assertEqual(funding.name, "Caf de la Seine-Saint-Denis · MAM Les Petits Pas")
        funding.name = "Aide au démarrage"
        funding.lead_id = False
        self.assertEqual(funding.name, "Aide au démarrage")

    def test_a_user_makes_a_file_from_the_screen(self):
        with Form(self.env["pope.funding"].with_user(self.user_pope)) as form:
            form.partner_id = self.funder
            form.amount_asked = 6000
        funding = form.record
        self.assertEqual(
            (funding.state, funding.user_id, funding.company_id), ("to_file", self.user_pope, self.company)
        )

    def test_the_project_s_button_counts_and_opens_its_files_only(self):
        mine = self.create_funding(lead_id=self.project.id) + self.create_funding(lead_id=self.project.id)
        self.create_funding()
        project = self.project.with_user(self.user_pope)
        self.assertEqual(project.pope_funding_count, 2)
        action = project.action_pope_fundings()
        self.assertEqual(self.env["pope.funding"].search(action["domain"]), mine)
        new = self.env["pope.funding"].with_context(**action["context"]).create({"partner_id": self.funder.id})
        self.assertEqual(new.lead_id, self.project)

    def test_the_project_adds_up_what_is_asked_and_awarded(self):
        self.create_funding(lead_id=self.project.id, amount_asked=6000, amount_awarded=4500, state="awarded")
        self.create_funding(lead_id=self.project.id, amount_asked=2000, state="filed")
        self.create_funding(lead_id=self.project.id, amount_asked=900, state="watch")
        self.create_funding(lead_id=self.project.id, amount_asked=800, state="dropped")
        self.create_funding(amount_asked=50000)
        self.assertEqual(self.project.pope_funding_asked, 8000)
        self.assertEqual(self.project.pope_funding_awarded, 4500)

    def test_a_hundred_projects_count_in_as_many_queries_as_ten(self):
        projects = self.env["crm.lead"].create(
            [{"type": "project", "name": f"MAM {number}", "user_id": False} for number in range(100)]
        )
        self.env["pope.funding"].create(
            [{"partner_id": self.funder.id, "lead_id": lead.id, "amount_asked": 1} for lead in projects]
        )

        def cost(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.mapped("pope_funding_count")
            return self.env.cr.sql_log_count - before

        cost(projects[:10])
        self.assertEqual(cost(projects), cost(projects[:10]))

    def test_filing_and_deciding_note_the_day_and_keep_a_day_already_written(self):
        funding = self.create_funding(date_filed="2026-03-02")
        funding.state = "filed"
        self.assertEqual(str(funding.date_filed), "2026-03-02")
        self.assertFalse(funding.date_decision)
        funding.state = "awarded"
        self.assertTrue(funding.date_decision)
        self.assertTrue(self.create_funding(state="filed").date_filed)

    def test_the_board_has_a_column_for_each_state(self):
        self.create_funding()
        board = self.env["pope.funding"].with_context(read_group_expand=True)
        groups = board.web_read_group([], ["state"], ["__count", "amount_asked:sum"])["groups"]
        self.assertEqual(len(groups), len(self.env["pope.funding"]._fields["state"].selection))

    def test_lists_add_up_the_amounts(self):
        fundings = self.create_funding(amount_asked=6000) + self.create_funding(amount_asked=2000)
        group = self.env["pope.funding"].formatted_read_group([("id", "in", fundings.ids)], [], ["amount_asked:sum"])
        self.assertEqual(group[0]["amount_asked:sum"], 8000)

    def test_a_user_deletes_no_file_a_manager_does(self):
        funding = self.create_funding()
        funding.with_user(self.user_pope).amount_asked = 10
        with self.assertRaises(AccessError):
            funding.with_user(self.user_pope).unlink()
        funding.with_user(self.user_manager).unlink()
        stranger = self._new_user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.create_funding().with_user(stranger).read(["name"])

    def test_another_company_s_files_are_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Une autre association"})
        self.env.user.company_ids += other
        hidden = self.create_funding(company_id=other.id, amount_asked=1)
        self.assertNotIn(hidden, self.env["pope.funding"].with_user(self.user_pope).search([]))
        with self.assertRaises(AccessError):
            hidden.with_user(self.user_pope).read(["name"])
        with self.assertRaises(AccessError):
            self.env["pope.funding"].with_user(self.user_pope).create(
                {"partner_id": self.funder.id, "company_id": other.id}
            )

    def test_a_file_of_a_project_belongs_to_the_project_s_company(self):
        other = self.env["res.company"].create({"name": "Une autre association"})
        self.env.user.company_ids += other
        funding = self.create_funding(company_id=self.company.id)
        self.assertEqual(funding.company_id, self.company)
        context = {"allowed_company_ids": [other.id, self.company.id]}
        funding = (
            self.env["pope.funding"]
            .with_context(**context)
            .create({"partner_id": self.funder.id, "lead_id": self.project.id})
        )
        self.assertEqual(funding.company_id, self.project.company_id)

    def test_merged_projects_keep_their_files(self):
        tail = self.create_project("MAM bis", self.holders[1:2])
        funding = self.create_funding(lead_id=tail.id)
        head = (self.project + tail).merge_opportunity()
        self.assertEqual(funding.lead_id, head)

    @mute_logger("odoo.sql_db")
    def test_amounts_are_never_negative(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.create_funding(amount_asked=-1)

    def test_the_project_s_form_lists_its_files(self):
        view = "pope_crm.crm_lead_view_form_project"
        with Form(self.project.with_user(self.user_pope), view) as form:
            self.assertEqual(len(form.pope_funding_ids), 0)
            with form.pope_funding_ids.new() as line:
                line.partner_id = self.funder
                line.amount_asked = 100
        self.assertEqual(self.project.pope_funding_ids.amount_asked, 100)
