import io

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestBudgetForm(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        funder = cls.env["res.partner"].create({"name": "Ville de Stains", "is_company": True})
        cls.funding = cls.env["pope.funding"].create(
            {"name": "Contes en plein air", "partner_id": funder.id, "amount_asked": 2500}
        )
        cls.funding.action_budget()
        cls.budget = cls.funding.budget_ids.with_user(cls.user_pope).with_context(lang="fr_FR")

    def write_amounts(self, **amounts):
        for code, amount in amounts.items():
            self.budget.line_ids.filtered(lambda line, code=code: line.code == code).amount = amount

    def rows(self, side, block=0):
        return {row["code"]: row["amounts"][0] for row in self.budget._form_data()["blocks"][block][side]}

    def test_printed_lines_add_up_to_their_class_and_to_the_total(self):
        self.write_amounts(c60_prest=1000.4, c60_mat=1000.4, c62_depl=499.2, p74_commune=2500)
        left, right = self.rows("left"), self.rows("right")
        self.assertEqual(left["c60"], left["c60_prest"] + left["c60_mat"])
        self.assertEqual(left["total_c"], sum(left[code] for code in ("c60_prest", "c60_mat", "c62_depl")))
        self.assertEqual((left["total_c"], right["total_p"]), (2500, 2500))
        self.assertIsNone(self.budget._form_data()["blocks"][0]["balance"])

    def test_the_form_has_its_order_and_every_line(self):
        self.write_amounts(c61_loc=100, ci_fixes=50, p_propres=150)
        codes = [row["code"] for row in self.budget._form_data()["blocks"][0]["left"]]
        self.assertLess(codes.index("c69"), codes.index("ci"))
        self.assertLess(codes.index("ci"), codes.index("ci_fixes"))
        self.assertEqual(codes[-1], "total_c")
        self.assertEqual(self.rows("left")["ci"], 50, "what is shared adds up in its class")
        self.assertEqual(self.rows("left")["total_c"], 150)
        self.assertEqual(self.rows("right")["total_p"], 150)

    def test_a_surplus_stands_among_charges_so_that_totals_are_equal(self):
        self.write_amounts(c61_loc=100, p74_commune=130)
        balance = self.budget._form_data()["blocks"][0]["balance"]
        self.assertEqual((balance["left"]["amount"], balance["right"]["amount"]), (30, 0))

    def test_each_funder_of_a_line_has_its_row(self):
        line = self.budget.line_ids.filtered(lambda line: line.code == "p74_commune")
        line.write({"amount": 100.5, "note": "Stains"})
        line.copy({"amount": 100.5, "note": "Pierrefitte"})
        labels = [
            row["label"] for row in self.budget._form_data()["blocks"][0]["right"] if row["code"] == "p74_commune"
        ]
        self.assertEqual(labels, ["Communes – Stains", "Communes – Pierrefitte"])
        self.assertEqual(self.budget._form_data()["blocks"][0]["right"][-1]["amounts"], [201])

    def test_the_sentence_says_what_the_grant_is_of_the_whole(self):
        self.assertFalse(self.budget._form_data()["sentence"], "without income there is no share")
        self.write_amounts(p74_commune=2500, p70=1500)
        self.assertIn("2\u202f500\xa0€", self.budget._form_data()["sentence"])
        self.assertIn("62,5 %", self.budget._form_data()["sentence"].replace("\xa0", " "))

    def test_contributions_in_kind_stand_apart(self):
        self.write_amounts(k864=800, k875=800)
        self.assertEqual(self.rows("left", 1)["k86"], 800)
        self.assertEqual(self.rows("right", 1)["k87"], 800)
        self.assertEqual(self.rows("left")["total_c"], 0)

    def test_the_workbook_has_live_totals_and_hostile_texts_stay_texts(self):
        self.write_amounts(c60_prest=1000.4, c60_mat=1000.4, c62_depl=499.2, p74_commune=2500)
        self.budget.line_ids.filtered(lambda line: line.code == "c62_depl").note = '=HYPERLINK("http://x")\x07<script>'
        self.budget.name = "=1+1" + "x" * 300
        data = self.budget._form_workbook()
        self.assertEqual(data, self.budget._form_workbook(), "the same data gives the same bytes")
        stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
        live = openpyxl.load_workbook(io.BytesIO(data)).active
        total = next(row for row in stored.iter_rows() if row[0].value == "TOTAL DES CHARGES")
        self.assertEqual(total[1].value, 2500)
        self.assertTrue(str(live.cell(total[1].row, total[1].column).value).startswith("="))
        texts = [
            cell
            for row in live.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and "HYPERLINK" in cell.value
        ]
        self.assertEqual([cell.data_type for cell in texts], ["s"])

    def test_a_user_prints_it_and_downloads_it(self):
        self.write_amounts(c62_hono=2500, p74_commune=2500)
        report = self.env["ir.actions.report"].with_user(self.user_pope).with_context(lang="fr_FR")
        html = report._render_qweb_html("pope_crm.report_budget", self.budget.ids)[0].decode()
        for words in ("Contes en plein air", "TOTAL DES CHARGES", "2\u202f500", "La subvention sollicitée"):
            self.assertIn(words, html)
        self.assertEqual(self.budget.action_print()["report_name"], "pope_crm.report_budget")
        first, second = (self.budget.action_download_xlsx()["url"] for _time in range(2))
        self.assertEqual(first, second, "one file a budget")

    def test_the_year_of_the_association_is_part_5(self):
        year = self.env["pope.budget"].create({"kind": "year", "date_from": "2031-01-01", "date_to": "2031-12-31"})
        year = year.with_user(self.user_pope).with_context(lang="fr_FR")
        data = year._form_data()
        self.assertTrue(data["title"].startswith("5."))
        self.assertNotIn("ci", [row["code"] for row in data["blocks"][0]["left"]])
        self.assertFalse(data["sentence"])

    def test_three_years_are_no_form(self):
        project = self.create_project("MAM Les Grillons")
        with self.assertRaises(UserError):
            self.env["pope.budget"].create({"lead_id": project.id}).action_print()
