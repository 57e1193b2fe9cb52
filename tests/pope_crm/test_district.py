"""The official list of priority districts: imported by people, renewed by the next one."""

import base64
import random
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PopeCase
from .test_table_titles import workbook

LIST = """code_qpv,nom_qpv,departement,codes_insee,communes
QN99901M,Les Tilleuls - Gare,93,93066 93072,Saint-Denis | Stains
QN99902M,Le Canal,93,93001,Aubervilliers
QN99903I,Les Deux Rives,93,93059,Pierrefitte-sur-Seine (commune déléguée)
QN00199M,Croix du Sud,01,01053,Bourg-en-Bresse
"""


class DistrictCase(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pope.district.answer"].search([]).unlink()
        cls.env["pope.district"].with_context(active_test=False).search([]).unlink()
        cls.generation = cls.env.ref("pope_crm.district_generation_2024")

    def open_import(self, content, generation=None, user=None, **values):
        content = content.encode() if isinstance(content, str) else content
        wizard = (
            self.env["pope.district.import"]
            .with_user(user or self.user_manager)
            .with_context(lang="fr_FR")
            .create(
                {
                    "data": base64.b64encode(content),
                    "filename": "liste.csv",
                    "generation_id": (generation or self.generation).id,
                    **values,
                }
            )
        )
        wizard.action_read()
        return wizard

    def import_list(self, content=LIST, generation=None):
        wizard = self.open_import(content, generation)
        wizard.action_apply()
        return wizard

    def outcomes(self, wizard):
        return [(line.row, line.outcome) for line in wizard.line_ids]

    def districts(self, generation=None):
        return (
            self.env["pope.district"]
            .with_context(active_test=False)
            .search([("generation_id", "=", (generation or self.generation).id)], order="code")
        )

    def next_generation(self):
        return self.env["pope.district.generation"].create({"name": "Liste 2026", "date_start": "2026-01-01"})


@tagged("post_install", "-at_install")
class TestDistrictImport(DistrictCase):
    def test_nothing_is_written_before_the_report_is_read(self):
        wizard = self.open_import(LIST)
        self.assertEqual(wizard.change_count, 4)
        self.assertEqual({line.outcome for line in wizard.line_ids}, {"create"})
        self.assertFalse(self.districts())
        wizard.action_apply()
        self.assertEqual(self.districts().mapped("code"), ["QN00199M", "QN99901M", "QN99902M", "QN99903I"])
        self.assertEqual(self.districts()[1].name, "Les Tilleuls - Gare")
        self.assertEqual(set(self.districts()[1].town_ids.mapped("insee_code")), {"93066", "93072"})

    def test_a_district_of_a_merged_commune_is_in_the_town_that_took_it_in(self):
        self.import_list()
        district = self.districts().filtered(lambda district: district.code == "QN99903I")
        self.assertEqual(district.town_ids, self.town)
        self.assertIn(district, self.env["pope.district"].search([("town_ids", "in", self.town.ids)]))
        self.assertIn(district, self.town.district_ids)
        self.assertFalse(self.districts()[0].town_ids, "a town that is not in our list")
        self.env["pope.town"].create({"name": "Bourg-en-Bresse", "insee_code": "01053"})
        self.env.invalidate_all()
        self.assertEqual(self.districts()[0].town_ids.name, "Bourg-en-Bresse", "known as soon as its town is")

    def test_importing_twice_changes_nothing_and_says_so(self):
        self.import_list()
        stamps = self.districts().mapped("write_date")
        wizard = self.open_import(LIST)
        self.assertEqual(wizard.change_count, 0)
        self.assertIn("Rien ne change", wizard.summary)
        self.assertIn("Inchangé : 4", wizard.summary)
        self.assertFalse(wizard.line_ids)
        wizard.action_apply()
        self.assertEqual(self.districts().mapped("write_date"), stamps)

    def test_a_corrected_list_tells_what_changes(self):
        self.import_list()
        wizard = self.import_list(LIST.replace("Le Canal", "Le Canal - Les Berges"))
        self.assertEqual(self.outcomes(wizard), [(3, "update")])
        self.assertIn("Le Canal → Le Canal - Les Berges", wizard.line_ids.reason)
        self.assertEqual(self.districts()[2].name, "Le Canal - Les Berges")

    def test_a_part_of_the_list_removes_nothing(self):
        self.import_list()
        wizard = self.import_list("\n".join(LIST.split("\n")[:2]))
        self.assertEqual({line.outcome for line in wizard.line_ids}, {"kept"})
        self.assertTrue(all(self.districts().mapped("active")))

    def test_other_titles_encodings_and_workbooks_are_the_same_list(self):
        rows = [
            ["Quartiers prioritaires de la politique de la ville"],
            [],
            ["Département", "Nom du quartier", "Code quartier", "INSEE_COM"],
            ["93", "Les Tilleuls - Gare", "QN99901M", 93066],
            ["93", "Les Tilleuls - Gare", "QN99901M", 93072],
            ["93", "Le Canal", "QN99902M", 93001],
            ["93", "Les Deux Rives", "QN99903I", 93059],
            ["01", "Croix du Sud", "QN00199M", 1053],
        ]
        self.import_list()
        for content in (workbook(rows), LIST.replace(",", "\t").encode("cp1252"), LIST.encode("utf-8-sig")):
            self.assertEqual(self.open_import(content).change_count, 0)

    def test_a_column_that_is_not_found_is_asked(self):
        wizard = self.open_import(LIST.replace("code_qpv", "zzz").replace("nom_qpv", "yyy"))
        self.assertIn("Code du QPV, Nom du QPV", wizard.summary)
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard.column_code_id, wizard.column_name_id = wizard.column_ids[:2]
        wizard.action_check()
        self.assertEqual(wizard.change_count, 4)

    def test_a_bad_row_is_refused_with_its_reason_and_stops_no_other(self):
        wizard = self.import_list(
            LIST + "TOTAL,4 quartiers,,,\n,Sans code,,,\nQN99904M,,93,93066,\nQN99901M,Un autre nom,93,93066,\n"
        )
        self.assertEqual(self.outcomes(wizard)[:4], [(row, "refused") for row in (6, 7, 8, 9)])
        self.assertIn("TOTAL", wizard.line_ids[0].reason)
        self.assertIn("ligne 2", wizard.line_ids[3].reason)
        self.assertEqual(len(self.districts()), 4)

    def test_a_file_that_is_no_table_is_told_in_french(self):
        for content, message in (
            (b"%PDF-1.7", "XLSX ou CSV"),
            (b"", "aucune ligne"),
            (b"\n\n", "aucune ligne"),
        ):
            with self.assertRaises(UserError) as refused:
                self.open_import(content)
            self.assertIn(message, str(refused.exception))

    def test_only_managers_import_and_change_districts(self):
        self.import_list()
        with self.assertRaises(AccessError):
            self.open_import(LIST, user=self.user_pope)
        with self.assertRaises(AccessError):
            self.districts().with_user(self.user_pope).write({"name": "Autre"})
        self.assertTrue(self.districts().with_user(self.user_pope).mapped("display_name"))

    def test_hostile_rows_never_stop_the_good_ones(self):
        chance = random.Random(7)
        nasty = [
            "",
            " ",
            "\0",
            "=1+1",
            '"',
            "';DROP TABLE",
            "QN99901M",
            "QN",
            "🙂" * 300,
            "9" * 400,
            "<b>x</b>",
            "%s%(x)s",
        ]
        nasty += [
            "{{7*7}}",
            "\u202e",
            "é" * 70,
            "QN99901M QN99902M",
            "-1",
            "1e309",
            "None",
            "QP093001",
            "2A004",
            "93066;93001",
        ]
        lines = ["code_qpv;nom_qpv;codes_insee"]
        for number in range(3000):
            lines.append(";".join(chance.choice(nasty) for _cell in range(chance.randint(0, 6))))
            lines.append(f"QN{10000 + number}M;Quartier {number};93066")
        wizard = self.import_list("\n".join(lines))
        good = self.districts().filtered(lambda district: district.name.startswith("Quartier "))
        self.assertEqual(len(good), 3000)
        self.assertTrue(all(line.reason for line in wizard.line_ids if line.outcome == "refused"))
        again = self.open_import("\n".join(lines))
        self.assertEqual(again.change_count, 0)

    def test_the_number_of_queries_does_not_follow_the_number_of_rows(self):
        counts = []
        for size in (10, 100):
            text = "code_qpv;nom_qpv;codes_insee\n"
            text += "\n".join(f"QN{size * 100 + number}M;Quartier {number};93066" for number in range(size))
            rows = [
                (number, {"code": f"QN{size * 100 + number}M", "name": f"Q {number}", "towns": "93066"})
                for number in range(size)
            ]
            District = self.env["pope.district"]
            District._import_list(self.generation, rows, apply=True)
            self.env.flush_all()
            self.env.invalidate_all()
            changed = [(number, {**cells, "name": f"R {number}"}) for number, cells in rows]
            before = self.env.cr.sql_log_count
            District._import_list(self.generation, changed, apply=True)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)


@tagged("post_install", "-at_install")
class TestDistrictGeneration(DistrictCase):
    def setUp(self):
        super().setUp()
        self.import_list()
        self.person = self.holders[0]
        self.person.write({"street": "8 allée des Tilleuls", "zip": "93200", "city": "Saint-Denis"})
        self.create_project()
        self.env["pope.district.answer"].create(
            {"partner_id": self.person.id, "state": "in", "district_id": self.districts()[1].id}
        )

    def test_the_next_list_ends_the_former_one_and_keeps_it(self):
        following = self.next_generation()
        wizard = self.open_import(LIST, following)
        self.assertEqual(len(wizard.line_ids.filtered(lambda line: line.outcome == "end")), 4)
        self.assertTrue(all(self.districts().mapped("active")), "not before it is applied")
        wizard.action_apply()
        self.assertEqual(self.generation.date_end, date(2025, 12, 31))
        self.assertEqual(self.districts().mapped("active"), [False] * 4)
        self.assertEqual(self.districts(following).mapped("active"), [True] * 4)
        self.assertIn("(Liste 2024)", self.districts().with_context(lang="fr_FR")[1].display_name)
        self.assertEqual(self.open_import(LIST, following).change_count, 0)
        self.assertEqual(self.env["pope.district.generation"]._in_force(), following)

    def test_what_was_known_under_the_former_list_is_kept_as_such(self):
        self.assertEqual(self.person.pope_district_state, "in")
        self.import_list(LIST, self.next_generation())
        self.assertEqual(self.person.pope_district_state, "unchecked", "nobody looked at the new list")
        self.assertFalse(self.person.pope_district_id)
        answer = self.person.pope_district_answer_ids
        self.assertEqual((answer.state, answer.district_id.code), ("in", "QN99901M"))
        self.assertEqual(answer.generation_id, self.generation)
        former = [
            ("pope_district_state", "=", "unchecked"),
            ("pope_district_answer_ids.generation_id.date_end", "!=", False),
        ]
        self.assertEqual(self.env["res.partner"].search(former), self.person)

    def test_a_list_of_the_past_comes_in_as_history(self):
        past = self.env["pope.district.generation"].create({"name": "Liste 2015", "date_start": "2015-01-01"})
        self.import_list("code;nom\nQP999001;Ancien quartier\n", past)
        self.assertEqual(past.date_end, date(2023, 12, 31))
        self.assertFalse(self.districts(past).active)
        self.assertFalse(self.generation.date_end)
        self.assertEqual(self.person.pope_district_state, "in")

    def test_a_list_of_the_future_waits(self):
        future = self.env["pope.district.generation"].create({"name": "Liste 2099", "date_start": "2099-01-01"})
        with self.assertRaises(UserError) as refused:
            self.open_import(LIST, future)
        self.assertIn("01/01/2099", str(refused.exception))
        self.assertEqual(self.env["pope.district.generation"]._in_force(), self.generation)

    def test_the_same_code_may_be_in_two_lists(self):
        following = self.next_generation()
        self.import_list(LIST, following)
        self.assertEqual(self.districts(following).mapped("code"), self.districts().mapped("code"))

    def test_a_district_is_found_by_name_or_code(self):
        for text in ("tilleuls", "Les Tilleuls-Gare", "QN99901M"):
            names = self.env["pope.district"].name_search(text)
            self.assertEqual([name for _id, name in names], ["Les Tilleuls - Gare"], text)
        self.assertEqual(self.env["pope.district"].search([("town_ids", "ilike", "Stains")]).code, "QN99901M")
        ours = self.env["pope.district"].search([("town_ids", "!=", False)])
        self.assertEqual(len(ours), 3)
        self.assertEqual(self.env["pope.district"].search([("town_ids", "=", False)]).code, "QN00199M")
