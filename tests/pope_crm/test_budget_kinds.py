from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestBudgetKinds(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Budget = cls.env["pope.budget"].with_user(cls.user_pope)
        cls.first, cls.last = date(2031, 1, 1), date(2031, 12, 31)
        cls.project = cls.create_project("MAM Les Lucioles")

    def year(self, **amounts):
        budget = self.Budget.create({"kind": "year", "date_from": self.first, "date_to": self.last})
        self.write_amounts(budget, **amounts)
        return budget

    def write_amounts(self, budget, column="amount", **amounts):
        for code, amount in amounts.items():
            line = budget.line_ids.filtered(lambda line, code=code: line.code == code)
            self.assertEqual(len(line), 1, code)
            line[column] = amount

    def test_each_kind_has_its_lines_and_its_name(self):
        year = self.year()
        self.assertEqual(year.with_context(lang="fr_FR").name, "Budget 2031")
        self.assertNotIn("ci_fixes", year.line_ids.mapped("code"), "the whole association shares nothing with itself")
        plan = self.Budget.create({"kind": "plan", "lead_id": self.project.id})
        self.assertEqual(set(plan.line_ids.mapped("section")), {"need", "resource"})
        self.assertIn("n_works", plan.line_ids.mapped("code"))
        self.assertNotIn("n_inv", plan.line_ids.mapped("code"), "a class adds its lines up")
        three = self.Budget.create({"lead_id": self.project.id})
        self.assertEqual(three.kind, "project")
        self.assertIn("MAM Les Lucioles", three.name)
        self.assertEqual(set(three.line_ids.mapped("section")) & {"need", "resource"}, set())

    @mute_logger("odoo.sql_db")
    def test_a_budget_says_what_it_is_about(self):
        for vals in (
            {"kind": "funding"},
            {"kind": "project"},
            {"kind": "plan"},
            {"kind": "year", "lead_id": self.project.id},
            {"kind": "year", "date_from": "2031-01-01", "date_to": "2030-12-31"},
        ):
            with self.assertRaises(CheckViolation, msg=vals), self.env.cr.savepoint():
                self.Budget.create(vals)
        need = self.env.ref("pope_crm.summary_line_n_works")
        with self.assertRaises(ValidationError):
            self.Budget.create({"kind": "year", "line_ids": [Command.create({"line_id": need.id, "amount": 5})]})

    def test_a_new_year_is_that_of_the_association(self):
        with Form(self.Budget, "pope_crm.pope_budget_view_form") as form:
            form.kind = "year"
        period = self.company.compute_fiscalyear_dates(self.today())
        self.assertEqual((form.record.date_from, form.record.date_to), (period["date_from"], period["date_to"]))
        self.assertTrue(form.record.line_ids)

    def test_three_years_stand_side_by_side_and_a_loss_is_told(self):
        budget = self.Budget.create({"lead_id": self.project.id})
        for column, rent, fees in (("amount_1", 9000, 8000), ("amount_2", 9000, 9000), ("amount_3", 9100, 9500)):
            self.write_amounts(budget, column, c61_loc=rent, p70=fees)
        self.assertEqual((budget.total_expense, budget.total_income), (9000, 8000), "of the first year")
        self.assertEqual((budget.balance_1, budget.balance_2, budget.balance_3), (-1000, 0, 400))
        told = budget.with_context(lang="fr_FR").alert_note
        self.assertIn("Année 1", told)
        self.assertNotIn("Année 3", told, "a project may earn more than it spends")

    def test_a_plan_s_needs_are_its_resources(self):
        plan = self.Budget.create({"kind": "plan", "lead_id": self.project.id})
        self.write_amounts(plan, n_works=18000, n_deposit=2000, r_grants=15000)
        self.assertEqual((plan.total_expense, plan.total_income, plan.balance), (20000, 15000, -5000))
        self.assertIn("5", plan.alert_note)
        self.write_amounts(plan, r_bridge=5000)
        self.assertFalse(plan.alert_note)
        self.write_amounts(plan, "amount_2", n_repay=5000)
        self.assertIn("Année 2", plan.with_context(lang="fr_FR").alert_note)

    def test_totals_follow_what_is_typed_in_each_year(self):
        budget = self.Budget.create({"lead_id": self.project.id})
        with Form(budget, "pope_crm.pope_budget_view_form") as form:
            with form.expense_line_ids.edit(0) as line:
                line.amount_2 = 700
            self.assertEqual((form.total_expense_2, form.balance_2), (700, -700))

    def test_a_voted_budget_keeps_its_amounts_and_has_versions(self):
        budget = self.year(c64_rem=1200, p74_etat=1200)
        budget.action_vote()
        self.assertEqual((budget.state, budget.date_voted), ("voted", self.today()))
        with self.assertRaises(UserError):
            budget.line_ids[0].amount = 3
        with self.assertRaises(UserError):
            budget.line_ids[0].unlink()
        with self.assertRaises(AccessError):
            budget.action_draft()
        other = self.Budget.browse(budget.action_new_version()["res_id"])
        self.assertEqual((other.state, other.version, other.total_expense), ("draft", 2, 1200))
        self.assertIn("version 2", other.name)
        self.write_amounts(other, c64_rem=1300)
        budget.with_user(self.user_manager).action_draft()
        self.assertFalse(budget.date_voted)

    def test_what_was_voted_is_changed_by_no_other_way(self):
        budget, other = self.year(c64_rem=1200, p74_etat=1200), self.year()
        budget.action_vote()
        with self.assertRaises(AccessError):
            budget.state = "draft"
        with self.assertRaises(UserError):
            budget.date_to = "2032-06-30"
        with self.assertRaises(UserError):
            budget.line_ids[0].budget_id = other
        self.assertEqual((budget.state, budget.total_expense, budget.total_income), ("voted", 1200, 1200))

    def test_the_pole_s_year_is_the_voted_budget_else_the_last_draft(self):
        amounts = self.company.with_user(self.user_pope)._pope_budget_amounts
        self.assertEqual(amounts(self.first, self.last), {})
        first = self.year(c64_rem=1200, p74_etat=1200)
        self.year(c64_rem=1500)
        self.assertEqual(amounts(self.first, self.last)["c64_rem"], 1500)
        first.action_vote()
        self.assertEqual(amounts(self.first, self.last)["c64_rem"], 1200)
        self.assertEqual(amounts(self.first, date(2031, 6, 30)), {}, "of that very year")

    def test_what_is_recurring_is_spread_by_month(self):
        budget = self.year(c64_rem=1000, c61_loc=2400, c62_depl=500)
        self.assertTrue(budget.line_ids.filtered(lambda line: line.code == "c64_rem").is_monthly)
        found = self.company._pope_budget_months(self.first, self.last)
        months = {line.code: amounts for line, amounts in found.items()}
        self.assertNotIn("c62_depl", months)
        self.assertEqual(months["c61_loc"], {date(2031, month, 1): 200 for month in range(1, 13)})
        self.assertEqual(round(sum(months["c64_rem"].values()), 2), 1000, "the last month takes the cents")
        part = self.company._pope_budget_months(date(2031, 11, 1), date(2032, 10, 31))
        rent = self.env.ref("pope_crm.summary_line_c61_loc")
        self.assertEqual(list(part[rent]), [date(2031, 11, 1), date(2031, 12, 1)])

    def test_a_project_s_budget_is_in_no_total_of_the_pole(self):
        budget = self.Budget.create({"lead_id": self.project.id, "date_from": self.first, "date_to": self.last})
        self.write_amounts(budget, "amount_1", c64_rem=9000)
        self.assertEqual(self.company._pope_budget_amounts(self.first, self.last), {})
        self.assertEqual(self.company._pope_budget_months(self.first, self.last), {})

    def test_the_lines_of_a_plan_are_in_no_statement(self):
        lines = self.env["pope.summary.line"]._valid_on(self.today())
        self.assertFalse(lines.filtered(lambda line: line.section in ("need", "resource")))

    def test_budgets_follow_a_project_that_is_merged(self):
        kept = self.create_project("MAM Les Lucioles de Stains", holders=self.holders[1:2])
        budget = self.Budget.create({"lead_id": self.project.id})
        merged = (kept | self.project).merge_opportunity(auto_unlink=False)
        self.assertEqual(budget.lead_id, merged)

    def test_the_project_says_how_much_of_its_plan_is_covered(self):
        project = self.project.with_user(self.user_pope)
        self.assertEqual((project.pope_plan_needs, project.pope_plan_coverage), (0, 0))
        plan = self.Budget.create({"kind": "plan", "lead_id": project.id})
        self.write_amounts(plan, n_works=20000, r_own=3000, r_grants=17000)
        self.env["pope.funding"].create(
            {"partner_id": self.holders[0].id, "lead_id": project.id, "state": "awarded", "amount_awarded": 7000}
        )
        self.assertEqual(
            (project.pope_plan_needs, project.pope_plan_coverage, project.pope_budget_count), (20000, 0.5, 1)
        )

    def test_the_name_of_who_is_anonymised_leaves_the_budgets_of_their_projects(self):
        project = self.create_project("MAM – Awa Diallo")
        budget = self.Budget.create({"lead_id": project.id, "notes": "Vu avec Awa Diallo"})
        self.assertIn("Awa Diallo", budget.name)
        budget.line_ids[0].note = "Devis d'Awa Diallo"
        self.holders[0].with_user(self.user_manager)._pope_anonymise()
        for text in (budget.name, budget.notes, budget.line_ids[0].note):
            self.assertNotIn("Diallo", str(text))

    def test_a_list_of_budgets_asks_no_more_for_a_hundred_than_for_ten(self):
        fields = {"name": {}, "kind": {}, "total_expense": {}, "total_income": {}, "balance": {}, "state": {}}
        counts = {}
        for size in (10, 100):
            budgets = self.Budget.create([{"lead_id": self.project.id} for _number in range(size)])
            self.env.invalidate_all()
            self.Budget.web_search_read([("id", "in", budgets.ids[:1])], fields)  # what is read once
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Budget.web_search_read([("id", "in", budgets.ids)], fields, limit=size)
            counts[size] = self.env.cr.sql_log_count - before
        self.assertEqual(counts[10], counts[100])
