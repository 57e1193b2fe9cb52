"""Each workbook for a funder, opened again: its totals are those of the tables, read by other words than ours.

The same year as journal items and as a file of another software fills the same cells: only the source lines differ.
"""

import base64
import io
import re
from collections import defaultdict
from datetime import date

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged

from .test_books import BooksCase
from .test_cerfa_15059 import Cerfa15059Case
from .test_france_active import DAY, FranceActiveCase
from .test_summary_caf import CafCase

SOURCE = "(?i)books|entries|journal items|fec|comptab|écritures|\nActual|\nNot told|The cash is that of"
CLASSES = [
    *(("c" + number, number, 1) for number in ("60", "61", "62", "63", "64", "65", "66", "67", "68", "69")),
    *(("p" + number, number, -1) for number in ("70", "74", "75", "76", "77", "78")),
    *(("k86", "86", 1), ("k87", "87", -1), ("total_c", "6", 1), ("total_p", "7", -1)),
]


class ProofMixin:
    """Cells by their names, and sums of the database."""

    def workbook(self, summary):
        self.env.invalidate_all()
        self.env.flush_all()
        return load_workbook(io.BytesIO(summary._render_xlsx(summary._figures())), data_only=True)

    def named(self, book, name):
        sheet, cell = re.fullmatch(r"'?(.+?)'?!(.+)", book.defined_names[name].attr_text).groups()
        return book[sheet][cell.replace("$", "")].value

    def sql(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)
        return float(self.env.cr.fetchone()[0] or 0)

    def ledger(self, company, start, first, last):
        """Debit less credit of the posted items on accounts that begin so."""
        return self.sql(
            """SELECT SUM(item.balance) FROM account_move_line item
                 JOIN account_move move ON move.id = item.move_id AND move.state = 'posted'
                 JOIN account_account account ON account.id = item.account_id
                WHERE item.company_id = %s AND account.code_store ->> %s LIKE %s AND item.date BETWEEN %s AND %s""",
            company.id,
            str(company.id),
            f"{start}%",
            first,
            last,
        )

    def assert_statement(self, book, company, year, before, names=("n", "n1")):
        """Each class and each total of the income statement, both years."""
        checked = 0
        for code, start, sign in CLASSES:
            for name, period in zip(names, (year, before), strict=True):
                if f"pope_{code}_{name}" in book.defined_names:
                    told = sign * self.ledger(company, start, *period)
                    self.assertAlmostEqual(self.named(book, f"pope_{code}_{name}"), told, 2, (code, name))
                    checked += bool(told)
        result = -sum(self.ledger(company, start, *year) for start in "67")
        self.assertAlmostEqual(self.named(book, f"pope_result_{names[0]}"), result, 2)
        self.assertGreater(checked, 7)

    def assert_only_sources_differ(self, mine, theirs):
        """The same numbers and days in the same cells; a text that only one of them has names the books, or how far
        they tell the months of a cash plan."""
        texts = []
        for one, other in zip(mine.worksheets, theirs.worksheets, strict=True):
            here, there = (
                {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
                for sheet in (one, other)
            )
            for place in here.keys() | there.keys():
                pair = here.get(place), there.get(place)
                if not all(isinstance(value, str | None) for value in pair):
                    self.assertEqual(*pair, (one.title, place))
            texts += set(filter(self.is_text, here.values())) ^ set(filter(self.is_text, there.values()))
        self.assertTrue(texts, "the source is told")
        for text in texts:
            self.assertRegex(text, SOURCE)

    def is_text(self, value):
        return isinstance(value, str)


@tagged("post_install", "-at_install")
class TestCafProof(ProofMixin, CafCase):
    def test_every_total_of_the_caf_is_that_of_the_database(self):
        self.book_a_year()
        for code in ("864000", "875000"):
            self.create_account(code, "off_balance")
        self.book("864000", 1500.25, counterpart="875000")
        self.create_account("689400", "expense")
        self.book("689400", 77.7)
        self.book("613200", 1e6, post=False)
        book = self.workbook(self.summary)
        self.assert_statement(book, self.pole, ("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31"))
        awarded = self.sql(
            "SELECT SUM(amount_awarded) FROM pope_funding WHERE company_id = %s AND state = 'awarded'", self.pole.id
        )
        self.assertEqual(self.named(book, "pope_subventions_notifiees"), awarded)
        received = self.sql(
            """SELECT SUM(partial.amount) FROM account_partial_reconcile partial
                 JOIN pope_funding_instalment row ON row.move_line_id = partial.debit_move_id
                WHERE row.company_id = %s""",
            self.pole.id,
        )
        self.assertEqual(self.named(book, "pope_subventions_restant"), awarded - received)
        self.assertGreater(awarded, 0)

    def test_activity_openings_and_hours_are_those_of_the_database(self):
        self.live_a_year()
        book = self.workbook(self.summary)
        activity, in_kind, openings = book.worksheets[3:6]
        page = self.env["pope.figures"].with_company(self.pole).get_page(2026)
        labels = {figure["code"]: figure["label"] for group in page["groups"] for figure in group["figures"]}
        cells = {row[0].value: row[1].value for row in activity.iter_rows()}
        held = "FROM pope_interaction WHERE company_id = %s AND date BETWEEN '2026-01-01' AND '2026-12-31'"
        opened = """ FROM crm_lead lead JOIN crm_stage stage ON stage.id = lead.stage_id AND stage.is_won
                     WHERE lead.type = 'project' AND lead.company_id = %s
                       AND lead.pope_opening_date BETWEEN '2026-01-01' AND '2026-12-31'"""
        held_by = opened.replace("WHERE", "JOIN pope_project_member member ON member.lead_id = lead.id WHERE", 1)
        # by exchange, or as holder of a project that came to Diagnosis
        persons = f"""SELECT COUNT(*) FROM (
            SELECT partner_id FROM pope_interaction_res_partner_rel WHERE interaction_id IN (SELECT id {held})
             UNION
            SELECT member.partner_id {held_by}
        ) person"""
        for code, query in {
            "exchanges": f"SELECT COUNT(*) {held}",
            "hours": f"SELECT SUM(minutes) / 60.0 {held}",
            "people_active": persons,
            "openings": f"SELECT COUNT(*) {opened}",
            "places": f"SELECT SUM(lead.pope_places) {opened}",
            "childminders": f"SELECT SUM(lead.pope_childminder_count) {opened}",
        }.items():
            told = self.sql(query, *[self.pole.id] * query.count("%s"))
            self.assertTrue(told, code)
            self.assertAlmostEqual(cells[labels[code]], told, 2, code)
        total = list(openings.iter_rows(values_only=True))[-1]
        for column, what in enumerate(("pope_places", "pope_childminder_count", "pope_job_count"), 3):
            self.assertAlmostEqual(total[column], self.sql(f"SELECT SUM(lead.{what}) {opened}", self.pole.id), 2)
        months = "+".join(f"COALESCE(hours_{month}, 0)" for month in range(1, 13))
        hours = self.sql(
            f"SELECT SUM({months}) FROM pope_volunteer_time WHERE company_id = %s AND year = 2026", self.pole.id
        )
        rate = self.sql("SELECT pope_volunteer_rate FROM res_company WHERE id = %s", self.pole.id)
        worth = next(row for row in in_kind.iter_rows(min_row=6, values_only=True) if row[1])
        self.assertEqual(worth[1:4], (hours, rate, round(hours * rate, 2)))

    def live_a_year(self):
        """Exchanges, a person twice and another year; what opened, and a project that did not; volunteers."""
        people = self.env["res.partner"].create([{"name": f"Personne {number}"} for number in range(12)])
        project = self.create_own_project("Projet suivi")
        told = [(person, "2026-03-02", 0.75) for person in people] + [(people[0], "2026-09-02", 1.5)]
        self.env["pope.interaction"].create(
            [
                {
                    "lead_id": project.id,
                    "partner_ids": [Command.set(person.ids)],
                    "date": day,
                    "minutes": 60 * hours,
                    "company_id": self.pole.id,
                }
                for person, day, hours in [*told, (people[1], "2025-12-31", 9)]
            ]
        )
        for name, day, places, jobs in (
            ("A", "2026-01-01", 16, 0.5),
            ("B", "2026-12-31", 12, 2.25),
            ("C", "2025-12-31", 9, 1),
        ):
            place = self.create_own_project(f"MAM {name}")
            place.write({"pope_places": places, "pope_childminder_count": 4, "pope_job_count": jobs})
            place.write({"stage_id": self.stages.filtered("is_won")[:1].id, "pope_opening_date": day})
        for name, year, hours in (("Josiane", 2026, 12.5), ("Karim", 2026, 30.25), ("Lila", 2025, 90)):
            self.env["pope.volunteer.time"].create(
                {
                    "partner_id": self.env["res.partner"].create({"name": name}).id,
                    "company_id": self.pole.id,
                    "year": year,
                    "hours_3": hours,
                    "hours_11": 1,
                }
            )
        self.pole.pope_volunteer_rate = 15.2


@tagged("post_install", "-at_install")
class TestFranceActiveProof(ProofMixin, FranceActiveCase):
    def test_every_total_of_the_follow_up_is_that_of_the_database(self):
        grant = self.grant((6000, "2026-03-01", 1000, "2026-03-05"), (4000.33, "2026-09-01", 500, "2026-08-02"))
        self.loan([grant])
        loan = self.loan(name="Ordinateurs", amount=2000.01, rate=1.5, method="constant_capital", months=7)
        loan.line_ids.sorted()[:2].action_paid()
        self.book("101000", -5000, day="2024-02-01")
        self.book("613200", 800.55, counterpart="401100")
        self.book("641100", 1200.07)
        self.book("613200", 33.3, "2025-04-02")
        self.book("606300", 999, "2026-07-15")
        for code, amount in (("645100", 310.1), ("606300", 55.05), ("647000", 12)):
            self.book(code, amount)
        book = self.workbook(self.follow_up)
        year, before = ("2026-01-01", DAY), ("2025-01-01", "2025-12-31")
        self.assert_statement(book, self.pole, year, before, ("this_year", "last_year"))
        left = self.sql(
            """SELECT SUM(row.amount) - COALESCE((
                    SELECT SUM(partial.amount) FROM account_partial_reconcile partial
                      JOIN pope_funding_instalment paid ON paid.move_line_id = partial.debit_move_id
                      JOIN account_move_line money ON money.id = partial.credit_move_id
                     WHERE paid.company_id = %s AND money.date <= %s), 0)
                 FROM pope_funding_instalment row WHERE row.company_id = %s""",
            self.pole.id,
            DAY,
            self.pole.id,
        )
        self.assertAlmostEqual(self.named(book, "pope_subventions_a_recevoir"), left, 2)
        self.assertAlmostEqual(left, 9000.33, 2, "what came in August had not come")
        owed = self.sql(
            """SELECT SUM(amount) - (SELECT SUM(capital) FROM pope_loan_line line
                                      JOIN pope_loan loan ON loan.id = line.loan_id
                                     WHERE loan.company_id = %s AND line.date_paid <= %s)
                 FROM pope_loan WHERE company_id = %s""",
            self.pole.id,
            DAY,
            self.pole.id,
        )
        self.assertAlmostEqual(self.named(book, "pope_encours"), owed, 2)
        cash = self.ledger(self.pole, "5", "1900-01-01", DAY)
        self.assertAlmostEqual(self.named(book, "pope_tresorerie"), cash, 2)
        everything = sum(self.ledger(self.pole, start, "1900-01-01", DAY) for start in "1234567")
        self.assertAlmostEqual(everything, 0, 2)

    def test_every_total_of_the_file_of_a_project_is_that_of_the_database(self):
        project = self.env["crm.lead"].create(
            {"name": "MAM du parc", "type": "project", "company_id": self.pole.id, "team_id": self.own_team().id}
        )
        lines = {"n_works": 20000.1, "n_equip": 5000.2, "r_own": 15000}
        years = {"c61_loc": (6000, 6100.5, 6200), "p70": (9000, 9500, 9900.4)}
        by_code = {code: self.env.ref(f"pope_crm.summary_line_{code}").id for code in [*lines, *years]}
        plan, forecast = self.env["pope.budget"].create(
            [
                {
                    "kind": kind,
                    "lead_id": project.id,
                    "line_ids": [Command.create({"line_id": by_code[code], **told}) for code, told in amounts.items()],
                }
                for kind, amounts in (
                    ("plan", {code: {"amount": amount} for code, amount in lines.items()}),
                    (
                        "project",
                        {
                            code: dict(zip(("amount_1", "amount_2", "amount_3"), three, strict=True))
                            for code, three in years.items()
                        },
                    ),
                )
            ]
        )
        self.grant((800, "2026-02-01", 300, "2026-02-03"), (150.5, "2026-09-01", 0, False), lead_id=project.id)
        self.loan(lead_id=project.id, amount=7000.01, rate=2, method="constant_capital")
        book = self.workbook(self.create_summary(kind="france_active_project", lead_id=project.id, date_as_of=DAY))
        total = "SELECT SUM({}) FROM pope_budget_line WHERE budget_id = %s AND section = %s"
        for name, budget, column, section in (
            ("pope_total_n_amount", plan, "amount", "need"),
            ("pope_total_r_amount", plan, "amount", "resource"),
            ("pope_total_c_amount_2", forecast, "amount_2", "expense"),
            ("pope_total_p_amount_3", forecast, "amount_3", "income"),
        ):
            self.assertAlmostEqual(
                self.named(book, name),
                self.sql(total.format(column), budget.id, section),
                2,
                sorted(book.defined_names),
            )
        left = self.sql(
            "SELECT SUM(amount - COALESCE(amount_typed, 0)) FROM pope_funding_instalment row"
            " JOIN pope_funding file ON file.id = row.funding_id WHERE file.lead_id = %s",
            project.id,
        )
        self.assertAlmostEqual(self.named(book, "pope_subventions_restant"), left, 2)
        capital = self.sql(
            "SELECT SUM(capital) FROM pope_loan_line line JOIN pope_loan loan ON loan.id = line.loan_id"
            " WHERE loan.lead_id = %s",
            project.id,
        )
        numbers = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertIn(round(capital, 2), numbers, "the schedule's total")
        self.assertEqual(round(capital, 2), 7000.01)


@tagged("post_install", "-at_install")
class TestSourcesOfFranceActive(ProofMixin, FranceActiveCase, BooksCase):
    def test_journal_items_and_their_fec_fill_the_same_cells(self):
        past = self.today().year - 1
        self.book("101000", -5000, day=f"{past - 1}-12-30")
        self.book("613200", 800.55, f"{past}-03-02", counterpart="401100")
        self.book("641100", 1200.07, f"{past}-06-02")
        self.book("741500", -2500, f"{past}-12-31")
        # a former year without a result: its allocation is an entry that the two sources may write differently
        self.book("606300", 41.5, f"{past - 1}-05-05")
        self.book("756000", -41.5, f"{past - 1}-05-06")
        summary = self.create_summary(
            kind="france_active",
            date_from=f"{past}-01-01",
            date_to=f"{past}-12-31",
            date_as_of=f"{past}-12-31",
        )
        items = self.workbook(summary)
        moves = self.env["account.move.line"].search([("company_id", "=", self.pole.id)]).with_company(self.pole)
        for year in (past - 1, past):
            own = moves.filtered(lambda item, year=year: item.date.year == year)
            opening = self.opening_of(moves.filtered(lambda item, year=year: item.date.year < year), year)
            self.accepted(self.fec_of(own | opening), year)
            (opening.move_id).button_draft()
            opening.move_id.unlink()
        moves.move_id.button_draft()
        moves.move_id.unlink()
        books = self.workbook(summary)
        self.assertEqual(summary._figures()["sources"]["this_year"]["kind"], "books")
        self.assert_only_sources_differ(items, books)

    def opening_of(self, items, year):
        """The entry that opens the books of a year, as an accountant's software writes it."""
        sums = defaultdict(float)
        for item in items:
            code = item.account_id.code
            sums["101000" if code[0] in "67" else code] += item.balance
        lines = [
            Command.create({"account_id": self.accounts[self.pole, code].id, "balance": round(balance, 2)})
            for code, balance in sums.items()
            if round(balance, 2)
        ]
        if not lines:
            return items.browse()
        move = self.env["account.move"].create(
            {"journal_id": self.journals[self.pole].id, "date": f"{year}-01-01", "line_ids": lines}
        )
        move.action_post()
        return move.line_ids.with_company(self.pole)


@tagged("post_install", "-at_install")
class TestCerfaProof(ProofMixin, Cerfa15059Case):
    def spent(self, funding, start):
        """What is charged to the file on accounts that begin so."""
        return self.sql(
            f"""SELECT -SUM(line.amount) FROM account_analytic_line line
                  JOIN account_move_line item ON item.id = line.move_line_id AND item.parent_state = 'posted'
                  JOIN account_account account ON account.id = item.account_id
                 WHERE line.{funding.analytic_account_id.sudo().plan_id._column_name()} = %s
                   AND account.code_store ->> %s LIKE %s AND line.date BETWEEN %s AND %s""",
            funding.analytic_account_id.id,
            str(self.pole.id),
            f"{start}%",
            self.first,
            self.last,
        )

    def planned(self, funding, section):
        return self.sql(
            """SELECT SUM(line.amount) FROM pope_budget_line line JOIN pope_budget budget ON budget.id = line.budget_id
                WHERE budget.funding_id = %s AND line.section = %s""",
            funding.id,
            section,
        )

    def reported(self):
        funding = self.file()
        self.spend(900.4, (funding, 100), code="606")
        self.spend(1300.3, (funding, 33), code="6226")
        self.spend(-4000, (funding, 95), code="7415")
        self.spend(12, (funding, 100), code="606", day=date(self.year - 1, 12, 30))
        report = self.report(funding)
        return funding, report

    def test_every_total_of_the_financial_report_is_that_of_the_database(self):
        funding, report = self.reported()
        self.share(report, "ci_fixes", amount=210.2, rule="Heures")
        book = self.workbook(report)
        shared = self.sql(
            "SELECT SUM(amount) FROM pope_financial_summary_share WHERE summary_id = %s AND line_id = %s",
            report.id,
            report.share_ids.filtered(lambda share: share.line_id.code == "ci_fixes").line_id.id,
        )
        charges, income = self.spent(funding, "6") + shared, -self.spent(funding, "7")
        self.assertEqual(self.named(book, "pope_total_c_realise"), round(charges))
        self.assertEqual(self.named(book, "pope_total_p_realise"), round(income))
        self.assertEqual(self.named(book, "pope_total_c_prevu"), round(self.planned(funding, "expense")))
        self.assertEqual(self.named(book, "pope_total_p_prevu"), round(self.planned(funding, "income")))
        for code, start in (("c60", "60"), ("c62", "62"), ("p74", "74")):
            told = abs(self.spent(funding, start))
            self.assertTrue(told)
            self.assertLessEqual(abs(self.named(book, f"pope_{code}_realise") - told), 1, code)
        controls = report._figures()["controls"]
        self.assertTrue(all(control["ok"] for control in controls if control["check"] == "spent"), controls)

    def test_every_total_of_the_budget_is_that_of_the_database(self):
        funding = self.file()
        line = funding.budget_ids.line_ids.filtered(lambda line: line.code == "c60_mat")
        line.amount = 1000.4
        line.copy({"amount": 333.3, "note": "Albums"})
        self.env.flush_all()
        book = load_workbook(io.BytesIO(funding.budget_ids.with_context(lang="fr_FR")._form_workbook()), data_only=True)
        self.assertEqual(self.named(book, "pope_total_c_prevu"), round(self.planned(funding, "expense")))
        self.assertEqual(self.named(book, "pope_total_p_prevu"), round(self.planned(funding, "income")))

    def test_journal_items_and_their_fec_fill_the_same_cells(self):
        funding, report = self.reported()
        mine = self.workbook(report)
        items = self.env["account.move.line"].search(
            [("company_id", "=", self.pole.id), ("parent_state", "=", "posted"), ("date", ">=", self.first)]
        )
        items = items.with_company(self.pole)
        shares = {
            (item.move_id.name, item.account_id.code): item.analytic_distribution[str(funding.analytic_account_id.id)]
            for item in items
            if item.analytic_distribution
        }
        books = self.env["pope.books"].create(
            {
                "company_id": self.pole.id,
                "date_from": self.first,
                "date_to": self.last,
                "file": base64.b64encode(BooksCase.fec_of(self, items)),
                "file_name": "fec.txt",
            }
        )
        books.action_check()
        books.accepts_problems = bool(books.problem_count)
        books.action_accept()
        for line in books.line_ids:
            if share := shares.get((line.piece, line.account_code)):
                self.env["pope.books.charge"]._charge(line, funding, share / 100)
        items.move_id.button_draft()
        items.move_id.with_context(force_delete=True).unlink()
        theirs = self.workbook(report)
        self.assertEqual(report._figures()["sources"]["this_year"]["kind"], "books")
        self.assert_only_sources_differ(mine, theirs)
