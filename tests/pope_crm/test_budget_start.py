import base64
import csv
import io
from datetime import date

import openpyxl
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestBudgetStart(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Budget = cls.env["pope.budget"].with_user(cls.user_pope).with_context(lang="fr_FR")
        cls.budget = cls.Budget.create({"kind": "year", "date_from": "2031-01-01", "date_to": "2031-12-31"})
        cls.mam = cls.env.ref("pope_crm.structure_type_mam")

    def amounts(self, budget, column="amount"):
        return {line.code: line[column] for line in budget.line_ids if line[column]}

    def start(self, budget, **values):
        window = self.env["pope.budget.start"].with_user(self.user_pope).with_context(lang="fr_FR")
        window = window.create({"budget_id": budget.id, **values})
        window.action_start()
        return window

    # --- From the books ---

    def post(self, day, **balances):
        env = self.env(context={"allowed_company_ids": self.company.ids})
        accounts = {
            code: env["account.account"].create(
                {"name": code, "code": code[1:], "account_type": kind, "company_ids": [Command.set(self.company.ids)]}
            )
            for code, kind in (("_606997", "expense"), ("_641997", "expense"), ("_741297", "income"))
        }
        other = env["account.account"].create({"name": "Divers", "code": "467997", "account_type": "asset_current"})
        journal = env["account.journal"].create({"name": "Divers", "code": "DIV97", "type": "general"})
        move = env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    *(
                        Command.create({"account_id": accounts[code].id, "balance": balances[code]})
                        for code in balances
                    ),
                    Command.create({"account_id": other.id, "balance": -sum(balances.values())}),
                ],
            }
        )
        move.action_post()

    def test_a_year_starts_from_the_books_of_the_year_before(self):
        self.post("2030-05-02", _606997=1000.4, _641997=20000, _741297=-21500)
        window = self.start(self.budget, rise=10)
        self.assertEqual((window.date_from, window.date_to), (date(2030, 1, 1), date(2030, 12, 31)))
        self.assertEqual(self.amounts(self.budget), {"c60_mat": 1100, "c64_rem": 22000, "p74_region": 23650})
        line = self.budget.line_ids.filtered(lambda line: line.code == "c60_mat")
        self.assertIn("2030", line.note)
        self.assertIn("1\u202f000,40", line.note.replace("\xa0", "\u202f"))
        self.assertTrue(
            self.budget.line_ids.filtered(lambda line: line.code == "c61_loc"), "the others stay to fill in"
        )

    def test_a_line_that_the_books_turned_over_is_planned_at_nothing_and_told(self):
        self.post("2030-05-02", _606997=-300, _641997=20000)
        self.start(self.budget)
        line = self.budget.line_ids.filtered(lambda line: line.code == "c60_mat")
        self.assertEqual(line.amount, 0)
        self.assertIn("-300", line.note)

    # --- From another budget, from a template ---

    def test_a_budget_starts_from_another(self):
        self.budget.line_ids.filtered(lambda line: line.code == "c61_loc").write({"amount": 1000, "note": "Bail"})
        other = self.Budget.create({"kind": "year", "date_from": "2032-01-01", "date_to": "2032-12-31"})
        self.start(other, source="budget", other_id=self.budget.id, rise=-5)
        self.assertEqual(self.amounts(other), {"c61_loc": 950})
        self.assertEqual(other.line_ids.filtered("amount").note, "Bail")

    def test_an_action_s_own_lines_stay_with_actions(self):
        funding = self.env["pope.funding"].create({"name": "Ateliers", "partner_id": self.holders[0].id})
        funding.action_budget()
        funding.budget_ids.line_ids.filtered(lambda line: line.code in ("ci_fixes", "c61_loc")).amount = 100
        self.start(self.budget, source="budget", other_id=funding.budget_ids.id)
        self.assertEqual(self.amounts(self.budget), {"c61_loc": 100})

    def test_a_mam_lives_on_its_childminders_without_psu_nor_salaries(self):
        project = self.create_project("MAM Les Cigales", pope_structure_type_id=self.mam.id)
        budget = self.Budget.create({"lead_id": project.id})
        window = self.start(budget)
        self.assertEqual(window.template_id, self.env.ref("pope_crm.budget_template_mam"))
        told = budget.line_ids.filtered("note")
        self.assertIn("assistantes maternelles", told.filtered(lambda line: line.code == "p70").note)
        self.assertFalse(told.filtered(lambda line: line.code.startswith(("c63", "c64"))))
        self.assertNotIn("PSU", " ".join(told.mapped("note")))
        self.assertFalse(any(self.amounts(budget, column) for column in ("amount_1", "amount_2", "amount_3")))

    def test_a_micro_creche_has_salaries_and_the_psu_or_the_paje(self):
        template = self.env.ref("pope_crm.budget_template_micro_creche").with_context(lang="fr_FR")
        told = " ".join(template.line_ids.mapped("note"))
        self.assertIn("c64_rem", template.line_ids.line_id.mapped("code"))
        self.assertIn("PSU", told)
        self.assertIn("Paje", told)
        self.assertFalse(any(template.line_ids.mapped("amount")), "no amount is invented")

    def test_each_kind_of_place_the_pole_accompanies_has_its_template(self):
        kinds = self.env["pope.budget.template"].search([]).structure_type_id.mapped("code")
        self.assertLessEqual({"mam", "micro_creche", "parental_creche", "family_cafe"}, set(kinds))

    # --- From a file ---

    def csv(self, *rows):
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(rows)
        return text.getvalue().encode("cp1252")

    def xlsx(self, *rows):
        book, stream = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(stream)
        return stream.getvalue()

    def read(self, data, budget=None):
        window = self.env["pope.budget.import"].with_user(self.user_pope).with_context(lang="fr_FR")
        window = window.create({"budget_id": (budget or self.budget).id, "data": base64.b64encode(data)})
        window.action_read()
        return window

    def outcomes(self, window):
        return {line.row: line.outcome for line in window.line_ids}

    def test_a_file_names_lines_by_words_code_or_account(self):
        window = self.read(
            self.csv(
                ("Budget de l'association", "", "", ""),
                ("Compte", "Libellé", "Montant", "Détail"),
                ("", "61 Services extérieurs", "", ""),
                ("", "Locations", "12 000,00 €", "Bail"),
                ("c64_rem", "", "30000", ""),
                ("626", "Téléphone", "600", ""),
                ("", "Conseil(s) régional(aux)", "42 600", ""),
                ("", "TOTAL", "42 600", ""),
            )
        )
        self.assertEqual(set(self.outcomes(window).values()), {"update"})
        self.assertFalse(self.amounts(self.budget), "nothing is written before one has read")
        window.action_apply()
        self.assertEqual(
            self.amounts(self.budget), {"c61_loc": 12000, "c64_rem": 30000, "c62_banq": 600, "p74_region": 42600}
        )
        self.assertEqual(self.budget.line_ids.filtered(lambda line: line.code == "c61_loc").note, "Bail")

    def test_nothing_is_written_while_a_row_is_wrong_and_each_is_told(self):
        window = self.read(
            self.xlsx(
                ["Ligne", "Montant"],
                ["Locations", 1000],
                ["Licornes", 50],
                ["Assurance", "beaucoup"],
                ["Documentation", -5],
            )
        )
        told = {line.row: (line.outcome, line.reason) for line in window.line_ids}
        self.assertEqual({row: outcome for row, (outcome, _why) in told.items()}, {
            2: "update", 3: "refused", 4: "refused", 5: "refused",
        })  # fmt: skip
        self.assertIn("beaucoup", told[4][1])
        self.assertEqual(window.change_count, 0)
        with self.assertRaises(UserError):
            window.action_apply()
        self.assertFalse(self.amounts(self.budget))

    def test_a_class_is_the_total_of_its_lines_and_is_not_counted_twice(self):
        rows = (["Ligne", "Montant"], ["64 Charges de personnel", 130], ["Rémunération des personnels", 100])
        window = self.read(self.xlsx(*rows, ["Charges sociales", 30]))
        window.action_apply()
        self.assertEqual(self.amounts(self.budget), {"c64_rem": 100, "c64_soc": 30})
        alone = self.read(self.xlsx(["Compte", "Montant"], ["61", 500]))
        self.assertEqual(alone.line_ids.outcome, "refused")
        self.assertIn("Locations", alone.line_ids.reason)

    def test_a_name_that_several_lines_have_is_that_of_the_class_above(self):
        window = self.read(self.xlsx(["Ligne", "Montant"], ["61 Services extérieurs", None], ["Autres", 70]))
        self.assertEqual(self.outcomes(window), {3: "update"})
        window.action_apply()
        self.assertEqual(self.amounts(self.budget), {"c61_autres": 70})

    def test_three_years_are_read_side_by_side_and_several_funders_on_a_line(self):
        budget = self.Budget.create({"lead_id": self.create_project("MAM Les Mésanges").id})
        window = self.read(
            self.xlsx(
                ["Poste", "Détail", "Année 1", "Année 2", "Année 3"],
                ["Locations", "Bail", 9000, 9100, 9200],
                ["Communes", "Stains", 500, None, None],
                ["Communes", "Pierrefitte", 300, None, None],
            ),
            budget,
        )
        window.action_apply()
        rent = budget.line_ids.filtered(lambda line: line.code == "c61_loc")
        self.assertEqual((rent.amount_1, rent.amount_2, rent.amount_3), (9000, 9100, 9200))
        towns = budget.line_ids.filtered(lambda line: line.code == "p74_commune")
        self.assertEqual(sorted(zip(towns.mapped("note"), towns.mapped("amount_1"), strict=True)), [
            ("Pierrefitte", 300), ("Stains", 500),
        ])  # fmt: skip

    def test_the_same_file_again_changes_nothing(self):
        data = self.xlsx(["Ligne", "Montant"], ["Locations", 1000])
        self.read(data).action_apply()
        lines = self.budget.line_ids
        self.read(data).action_apply()
        self.assertEqual(self.budget.line_ids, lines)
        self.assertEqual(self.amounts(self.budget), {"c61_loc": 1000})

    def test_a_start_from_nothing_empties_nothing(self):
        self.budget.line_ids[0].amount = 7
        for source in ("budget", "template"):
            with self.assertRaises(UserError):
                self.start(self.budget, source=source)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.start(self.budget, source="actuals", date_from="2030-12-31", date_to="2030-01-01")
        self.assertEqual(self.budget.line_ids[0].amount, 7)

    def test_a_voted_budget_is_filled_by_nothing(self):
        self.budget.action_vote()
        with self.assertRaises(UserError):
            self.start(self.budget)
        window = self.read(self.xlsx(["Ligne", "Montant"], ["Locations", 1000]))
        with self.assertRaises(UserError):
            window.action_apply()
