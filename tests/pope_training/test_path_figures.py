"""What became of those who came: one count for the page, the CAF's activity and the sheet of Contrat de Ville."""

import base64
import io
import re

from openpyxl import load_workbook

from odoo.tests import tagged

from .test_path_training import PathTrainingCase

YEAR = 2026


class PathFiguresCase(PathTrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # nobody of the demo came
        cls.env["crm.lead"].with_context(active_test=False).search([("type", "=", "path")]).write(
            {"pope_path_attended_date": False, "pope_path_positioned_date": False}
        )
        cls.env["pope.path.training"].search([]).unlink()
        cls.env["pope.path.outcome"].search([]).write({"state": "planned", "has_diploma": False})
        cls.env["pope.opening.figure"].search([("figure", "=", "participants")]).unlink()
        cls.house = cls.env["res.partner"].create({"name": "Mission locale", "is_company": True})
        women = [{"pope_gender": "woman", "pope_birth_year": 1990, "pope_prescriber_id": cls.house.id}] * 7
        men = [{"pope_gender": "man", "pope_birth_year": 2004}] * 2
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Personne {n}", "pope_town_id": cls.town.id, **values} for n, values in enumerate(women + men)]
        )
        cls.all_paths = cls.env["crm.lead"].create(
            [
                {"type": "path", "partner_id": person.id, "pope_path_attended_date": "2026-02-03"}
                for person in cls.people
            ]
        )

    def setUp(self):
        super().setUp()
        self.Figures = self.env["pope.figures"].with_user(self.user_pope)

    def figures(self, year=YEAR):
        self.env.invalidate_all()
        return {figure["code"]: figure for figure in self.Figures._group_paths(year)[1]}

    def values(self, year=YEAR):
        return {code: figure["value"] for code, figure in self.figures(year).items()}

    def sheet(self):
        wizard = self.env["pope.path.sheet"].with_user(self.user_pope).create({"year": YEAR})
        wizard.action_make()
        return load_workbook(io.BytesIO(base64.b64decode(wizard.file))).active


@tagged("post_install", "-at_install")
class TestPathFigures(PathFiguresCase):
    def test_each_step_counts_persons_in_its_year(self):
        path = self.all_paths[0]
        self.train(path, date_entered="2026-03-02", date_result="2026-03-09", result="obtained")
        path.pope_path_outcome_ids[0].write({"state": "answered", "situation": "job"})
        values = self.values()
        self.assertEqual(values["paths_attended"], 9)
        self.assertEqual((values["paths_entered"], values["paths_diplomas"], values["paths_jobs_6"]), (1, 1, 1))
        self.assertEqual(values["paths_positioned"], 1, "who entered a training is positioned")
        self.assertEqual(values["paths_jobs_12"], 0)
        self.assertEqual(self.values(2025)["paths_attended"], 0)

    def test_a_person_counts_once_whatever_their_paths(self):
        path = self.all_paths[0]
        path._pope_close(self.env.ref("pope_training.lost_reason_path_no_news"))
        self.create_path(path.partner_id, pope_path_attended_date="2026-03-01")
        self.assertEqual(self.values()["paths_attended"], 9)

    def test_a_figure_opens_the_records_that_make_it(self):
        for code, figure in self.figures().items():
            cells = [cell for row in figure.get("rows", []) for cell in row["cells"]] or [figure]
            for cell in cells:
                if cell["action"]:
                    found = self.env["pope.path.report"].search(cell["action"]["domain"])
                    self.assertEqual(len(found.partner_id), cell["value"], code)

    def test_the_published_total_is_added_and_not_counted_again(self):
        self.env["pope.opening.figure"].create(
            {"figure": "participants", "value": 271, "date": "2025-12-31", "source": "Rapport d'activité"}
        )
        self.assertEqual(self.values()["participants"], 280)

    def test_another_answer_than_a_job_is_no_job(self):
        self.all_paths[0].pope_path_outcome_ids[0].write({"state": "answered", "situation": "training"})
        self.assertEqual(self.values()["paths_jobs_6"], 0)

    def test_small_counts_are_hidden_in_the_sheet(self):
        self.train(self.all_paths[0], date_entered="2026-03-02")
        rows = [[cell.value for cell in row] for row in self.sheet().iter_rows()]
        by_label = {row[0]: row[1] for row in rows if row[0]}
        self.assertEqual(by_label["Participants of discovery days"], 9)
        self.assertEqual(by_label["Entries into a qualifying training"], "hidden")
        self.assertEqual((by_label["Women"], by_label["Men"]), ("hidden", "hidden"), "seven would tell two")
        self.assertEqual(by_label["Mission locale"], "hidden")
        numbers = {cell for row in rows[5:] for cell in row if isinstance(cell, int)}
        self.assertFalse({number for number in numbers if 0 < number < 5})
        self.assertNotIn("Personne", str(rows))
        labels = [row[0] for row in rows if row[0]]
        self.assertEqual([labels.count(title) for title in ("By QPV", "QPV", "By town")], [1, 1, 1])

    def test_small_counts_are_hidden_in_the_key_figures_and_the_caf_s_activity_too(self):
        self.train(self.all_paths[0], date_entered="2026-03-02")
        page = self.Figures.get_page(YEAR)
        data = self.Figures._workbook_data(page)
        figures = {f["label"]: f for group in data["groups"] for f in group["figures"]}
        self.assertEqual(figures["Entries into a qualifying training"]["value"], "hidden")
        crossed = figures["Participants of the year, by gender and age"]
        cells = [cell for row in crossed["rows"] for cell in row["cells"]]
        self.assertFalse([cell for cell in cells if cell != "hidden" and cell < 5])
        summary = self.env["pope.financial.summary"].create(
            {"kind": "caf", "date_from": f"{YEAR}-01-01", "date_to": f"{YEAR}-12-31"}
        )
        rows = [row for group in summary._activity() for row in group["rows"]]
        told = {row["label"]: row["value"] for row in rows}
        self.assertEqual(told["Participants of discovery days"], 9)
        self.assertEqual(told["Entries into a qualifying training"], "hidden")

    def test_the_number_of_queries_does_not_depend_on_the_number_of_paths(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.Figures._group_paths(YEAR)
            return self.env.cr.sql_log_count - start

        queries()
        few = queries()
        people = self.env["res.partner"].create([{"name": f"Autre {n}"} for n in range(40)])
        for person in people:
            person.pope_town_id = self.town
        self.env["crm.lead"].create(
            [{"type": "path", "partner_id": person.id, "pope_path_attended_date": "2026-02-04"} for person in people]
        )
        self.assertEqual(queries(), few)

    def test_of_another_company_nothing_is_counted(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        counts = self.env["pope.path.report"]._counts(other, "2026-01-01", "2026-12-31")
        self.assertEqual(counts[()][()]["attended"], 0)

    def test_the_sheet_s_name_is_a_file_s(self):
        wizard = self.env["pope.path.sheet"].create({"year": YEAR})
        action = wizard.action_make()
        self.assertTrue(
            re.fullmatch(r"/web/content/pope\.path\.sheet/\d+/file/[^/]+\.xlsx\?download=true", action["url"])
        )
