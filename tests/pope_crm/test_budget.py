from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestBudget(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.funder = cls.env["res.partner"].create({"name": "Plaine Commune", "is_company": True})
        cls.funding = cls.env["pope.funding"].create(
            {
                "name": "Entrer dans les métiers",
                "partner_id": cls.funder.id,
                "amount_asked": 6000,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "objectives": "Former.\nAccompagner.",
                "audience": "40 personnes des QPV",
            }
        )
        cls.funding.action_budget()
        cls.budget = cls.funding.budget_ids

    def write_amounts(self, **amounts):
        for code, amount in amounts.items():
            self.budget.line_ids.filtered(lambda line, code=code: line.code == code).amount = amount

    def balance(self):
        self.write_amounts(c62_hono=7000, ci_fixes=1000, k864=500, p74_epci=6000, p70=1500, p_propres=500, k875=500)

    def test_a_new_budget_has_the_lines_of_the_form_and_no_total_to_type(self):
        lines = self.budget.line_ids.line_id
        self.assertIn("p_propres", lines.mapped("code"))
        self.assertIn("ci_fixes", lines.mapped("code"))
        self.assertFalse(lines.filtered(lambda line: line.kind not in ("line", "key") or line.child_ids))
        self.assertNotIn("p79", lines.mapped("code"), "a line shown only when not zero is added by hand")
        self.assertEqual(self.funding.action_budget()["res_id"], self.budget.id)
        self.assertEqual(len(self.funding.budget_ids), 1)

    def test_the_action_s_cost_and_rates_follow_its_budget(self):
        self.balance()
        self.assertEqual((self.budget.total_expense, self.budget.total_income), (8000, 8000))
        self.assertEqual((self.budget.total_in_kind_expense, self.budget.total_in_kind_income), (500, 500))
        self.assertFalse(self.budget.alert_note)
        self.assertEqual((self.funding.amount_eligible, self.funding.amount_in_kind), (8000, 500))
        self.assertEqual(self.funding.rate, 0.75)

    def test_a_budget_that_does_not_balance_is_told_here_and_on_the_file(self):
        self.balance()
        budget = self.budget.with_context(lang="fr_FR")
        self.write_amounts(p70=1000)
        self.assertIn("il manque 500,00", budget.alert_note.replace("\u202f", " "))
        self.assertIn("il manque 500,00", self.funding.with_context(lang="fr_FR").alert_note)
        self.write_amounts(p70=2000)
        self.assertIn("plus de 100 %", budget.alert_note)
        self.write_amounts(p70=1500, k875=0)
        self.assertIn("86", budget.alert_note)
        self.write_amounts(k875=500, c62_hono=6999.5, p70=1499.5)
        self.assertIn("centimes", budget.alert_note)

    def test_totals_follow_what_is_typed_on_the_screen(self):
        view = "pope_crm.pope_budget_view_form"
        with Form(self.budget.with_user(self.user_pope), view) as form:
            with form.expense_line_ids.edit(0) as line:
                line.amount = 120
            self.assertEqual(form.total_expense, 120)
            self.assertTrue(form.alert_note)
            with form.income_line_ids.edit(0) as line:
                line.amount = 120
            self.assertEqual(form.total_income, 120)
            self.assertFalse(form.alert_note)
        self.assertEqual(sum(self.budget.line_ids.mapped("amount")), 240)

    @mute_logger("odoo.sql_db")
    def test_no_negative_amount_and_one_budget_a_file(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.budget.line_ids[0].amount = -1
            self.env.flush_all()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["pope.budget"].create({"funding_id": self.funding.id})

    # --- The sheet to copy ---

    def test_the_sheet_says_the_form_s_answers_in_its_order(self):
        self.balance()
        line = self.budget.line_ids.filtered(lambda line: line.code == "p74_etat")
        line.write({"amount": 0, "note": "ANCT"})
        epci = self.budget.line_ids.filtered(lambda line: line.code == "p74_epci")
        epci.note = "Plaine Commune"
        sections = self.funding.with_context(lang="fr_FR")._sheet()
        titles = [section["title"] for section in sections]
        self.assertEqual([title.split(".")[0] for title in titles], ["1", "2", "3", "4", "6", "6", *["6 bis"] * 5])
        income = next(section for section in sections if "Produits" in section["title"])
        self.assertEqual(
            [(row["code"], row["value"]) for row in income["rows"]],
            [
                ("p70", "1500"),
                ("p74", "6000"),
                ("p74_epci", "6000"),
                ("p_propres", "500"),
                (False, "8000"),
            ],
        )
        self.assertIn("Plaine Commune", income["rows"][2]["label"])
        self.assertEqual(sections[-1]["rows"][-1]["value"], "75")
        answers = {row["label"]: row["value"] for row in sections[5]["rows"]}
        self.assertEqual(answers["Objectifs"], "Former.\nAccompagner.")
        self.assertEqual(sections[0]["rows"][0]["value"], self.company.name)

    def test_the_applicant_of_a_project_is_its_association_and_of_a_person_the_person(self):
        association = self.env["res.partner"].create({"name": "Association Les Lilas", "is_company": True})
        project = self.create_project(pope_association_id=association.id)
        self.funding.lead_id = project
        self.assertEqual(self.funding._sheet()[0]["rows"][0]["value"], "Association Les Lilas")
        self.funding.person_id = self.holders[0]
        self.assertEqual(self.funding._sheet()[0]["rows"][0]["value"], "Awa Diallo")

    def test_a_user_opens_the_sheet_and_prints_it(self):
        self.balance()
        action = self.funding.with_user(self.user_pope).action_sheet()
        sheet = self.env[action["res_model"]].with_user(self.user_pope).browse(action["res_id"])
        self.assertIn("Former.\nAccompagner.", sheet.row_ids.mapped("value"))
        report = self.env["ir.actions.report"].with_user(self.user_pope).with_context(lang="fr_FR")
        html = report._render_qweb_html("pope_crm.report_funding_sheet", self.funding.ids)[0].decode()
        self.assertIn("Entrer dans les métiers", html)
        self.assertIn("8000", html)
        self.assertEqual(sheet.action_print()["report_name"], "pope_crm.report_funding_sheet")
