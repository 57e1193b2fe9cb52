"""What leaves the house says nothing of a few people: each way out of the figures of career paths."""

import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_path_figures import YEAR, PathFiguresCase

PERIOD = {"date_from": f"{YEAR}-01-01", "date_to": f"{YEAR}-12-31"}


@tagged("post_install", "-at_install")
class TestPathLeaks(PathFiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pope.path.training"].create(
            {"lead_id": cls.all_paths[0].id, "qualification_id": cls.cap.id, "date_entered": f"{YEAR}-03-02"}
        )

    def cells(self, content):
        book = load_workbook(io.BytesIO(content))
        return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}

    def summary(self, kind):
        return self.env["pope.financial.summary"].with_user(self.user_pope).create({"kind": kind, **PERIOD})

    def test_the_list_person_by_person_is_not_exported(self):
        self.user_manager.group_ids |= self.env.ref("base.group_allow_export")
        report = self.env["pope.path.report"].with_user(self.user_manager).search([])
        with self.assertRaisesRegex(UserError, "Contrat de Ville"):
            report.export_data(["partner_id/name", "date_entered"])
        for grouped in (["town_id"], ["prescriber_id", "partner_id"]):
            groups = report.formatted_read_group([], grouped, ["id:array_agg"])
            with self.assertRaises(UserError):
                report.browse(groups[0]["id:array_agg"]).export_data(["partner_id/name"])

    def test_who_is_not_of_the_team_reads_neither_names_nor_figures(self):
        seller = self._new_user("leak_seller", "sales_team.group_sale_manager")
        events = self._new_user("leak_events", "event.group_event_manager")
        for user in (seller, events):
            report = self.env["pope.path.report"].with_user(user)
            for read in (
                lambda report=report: report.search([]),
                lambda report=report: report.formatted_read_group([], ["gender"], ["__count"]),
                lambda report=report: report._counts(self.company, f"{YEAR}-01-01", f"{YEAR}-12-31"),
                lambda user=user: self.env["pope.figures"].with_user(user).get_page(YEAR),
                lambda user=user: self.env["pope.path.sheet"].with_user(user).create({"year": YEAR}),
            ):
                with self.assertRaises(AccessError):
                    read()

    def test_the_caf_s_workbook_and_paper_say_hidden(self):
        summary = self.summary("caf")
        sheets = self.cells(summary._render_xlsx(summary._figures()))
        rows = {row[0]: row[1] for sheet in sheets.values() for row in sheet if row[0]}
        self.assertEqual(rows["Participants of discovery days"], 9)
        self.assertEqual(rows["Entries into a qualifying training"], "hidden")
        self.assertNotIn("Personne ", str(sheets))
        paper = str(summary._figures()["activity"])
        self.assertIn("'hidden'", paper)
        self.assertNotIn("Personne ", paper)
        self.assertNotIn("Personne ", summary.activity_html)

    def test_france_active_is_told_nothing_of_them(self):
        summary = self.summary("france_active")
        sheets = str(self.cells(summary._render_xlsx(summary._figures())))
        for words in ("Personne ", "Participants of discovery days", "qualifying training", "Mission locale"):
            self.assertNotIn(words, sheets)

    def test_two_years_beside_each_other_tell_no_small_count(self):
        self.env["crm.lead"].create(
            [
                {
                    "type": "path",
                    "partner_id": self.env["res.partner"].create({"name": f"Autre {n}"}).id,
                    "pope_path_attended_date": f"{YEAR - 1}-05-0{n + 1}",
                }
                for n in range(8)
            ]
        )
        self.all_paths[2:].write({"pope_path_attended_date": False})
        page = self.Figures.get_page(YEAR)
        figures = [figure for group in page["groups"] for figure in group["figures"]]
        participants = next(figure for figure in figures if figure["code"] == "participants")
        self.assertEqual(participants["value"], 10, "the team sees it")
        told = {
            figure["label"]: figure["value"]
            for group in self.Figures._workbook_data(page)["groups"]
            for figure in group["figures"]
        }
        self.assertEqual(told["Participants of discovery days since the beginning"], "hidden", "ten less eight is two")
        rows = {row[0].value: row[1].value for row in self.sheet().iter_rows() if row[0].value}
        self.assertEqual(rows["Participants of discovery days since the beginning"], "hidden")
