import io
from datetime import date, datetime

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import PopeCase


class FinanceCase(PopeCase):
    """A pole of its own with a few French accounts, and a second company that must never be counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        euro = cls.env.ref("base.EUR")
        euro.active = True
        country = cls.env.ref("base.fr").id
        cls.pole, cls.other = cls.env["res.company"].create(
            [
                {"name": "Le PôPE & amis", "currency_id": euro.id, "country_id": country},
                {"name": "Une autre association", "currency_id": euro.id, "country_id": country},
            ]
        )
        cls.env.user.company_ids += cls.pole + cls.other
        (cls.user_pope + cls.user_manager).write(
            {"company_ids": [Command.link(cls.pole.id)], "company_id": cls.pole.id}
        )
        cls.accounts = {}
        for company in (cls.pole, cls.other):
            cls.create_account("512000", "asset_cash", company)
        cls.journals = {
            company: cls.env["account.journal"].create(
                {"name": "Opérations diverses", "code": "ODX", "type": "general", "company_id": company.id}
            )
            for company in (cls.pole, cls.other)
        }
        for code in ("606300", "613200", "641100", "645100", "647000"):
            cls.create_account(code, "expense")
        for code in ("706000", "741500", "756000"):
            cls.create_account(code, "income")
        cls.create_account("613200", "expense", cls.other)
        cls.summary = cls.create_summary()

    @classmethod
    def create_account(cls, code, account_type, company=None):
        company = company or cls.pole
        account = (
            cls.env["account.account"]
            .with_company(company)
            .create(
                {
                    "code": code,
                    "name": f"Compte {code}",
                    "account_type": account_type,
                    "company_ids": [Command.set(company.ids)],
                }
            )
        )
        cls.accounts[company, code] = account
        return account

    @classmethod
    def book(cls, code, balance, day="2026-03-15", company=None, post=True, counterpart="512000"):
        """An entry that debits the account by `balance`, credits it when negative."""
        company = company or cls.pole
        lines = [(code, balance), (counterpart, -balance)]
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "journal_id": cls.journals[company].id,
                    "date": day,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": cls.accounts[company, account].id,
                                "debit": max(amount, 0.0),
                                "credit": max(-amount, 0.0),
                            }
                        )
                        for account, amount in lines
                    ],
                }
            )
        )
        if post:
            move.action_post()
        cls.env.invalidate_all()
        return move

    @classmethod
    def create_summary(cls, **values):
        return cls.env["pope.financial.summary"].create(
            {"company_id": cls.pole.id, "date_from": "2026-01-01", "date_to": "2026-12-31", **values}
        )

    def comment_all(self, summary=None):
        """A comment on each line that asks for one."""
        summary = summary or self.summary
        summary.comment_ids = [
            Command.create({"line_id": row.line_id.id, "text": "Première année pleine"})
            for row in summary.row_ids.filtered("is_comment_asked")
        ]

    def row(self, code, summary=None):
        summary = summary or self.summary
        return summary.row_ids.filtered(lambda row: row.line_id.code == code)

    def amount(self, code, summary=None):
        return self.row(code, summary).amount

    def book_a_year(self):
        self.book("606300", 120.5)
        self.book("613200", 4800)
        self.book("641100", 30000)
        self.book("645100", 9000.25)
        self.book("647000", 300)
        self.book("741500", -40000)
        self.book("756000", -350)
        self.book("613200", 4500, "2025-06-30")
        self.book("741500", -25000, "2025-12-31")


@tagged("post_install", "-at_install")
class TestFinancialSummary(FinanceCase):
    def test_each_account_goes_to_the_line_with_the_longest_prefix(self):
        self.book_a_year()
        self.assertEqual(self.amount("c60_mat"), 120.5)
        self.assertEqual(self.amount("c61_loc"), 4800)
        self.assertEqual(self.amount("c64_rem"), 30000)
        self.assertEqual(self.amount("c64_soc"), 9000.25)
        self.assertEqual(self.amount("c64_autres"), 300)
        self.assertEqual(self.amount("c64"), 39300.25)
        self.assertEqual(self.amount("p74_orgsoc"), 40000)
        self.assertEqual(self.amount("p75_cotis"), 350)
        self.assertEqual(self.amount("total_c"), 44220.75)
        self.assertEqual(self.amount("total_p"), 40350)
        self.assertEqual(self.summary.result, -3870.75)

    def test_last_year_stands_beside_this_year(self):
        self.book_a_year()
        self.assertEqual(self.row("c61_loc").amount_previous, 4500)
        self.assertEqual(self.row("c61_loc").variation, 300)
        self.assertEqual(self.row("p74").amount_previous, 25000)
        self.assertEqual(self.row("result").amount_previous, 20500)

    def test_the_year_before_of_a_leap_february_is_whole(self):
        summary = self.create_summary(date_from="2024-03-01", date_to="2025-02-28")
        self.assertEqual(summary.previous_from, date(2023, 3, 1))
        self.assertEqual(summary.previous_to, date(2024, 2, 29))

    def test_the_fiscal_year_is_proposed(self):
        self.pole.write({"fiscalyear_last_day": 31, "fiscalyear_last_month": "8"})
        with freeze_time("2026-11-24"), Form(self.env["pope.financial.summary"].with_company(self.pole)) as form:
            self.assertEqual((str(form.date_from), str(form.date_to)), ("2026-09-01", "2027-08-31"))
            self.assertIn("2026-2027", form.name)

    def test_a_caf_summary_is_about_the_whole_association_until_the_end_of_the_year(self):
        with freeze_time("2026-11-24"):
            now, past, coming = (
                self.create_summary(date_from=f"{year}-01-01", date_to=f"{year}-12-31") for year in (2026, 2025, 2027)
            )
        self.assertEqual(now.scope, "company")
        self.assertEqual(
            [str(summary.date_as_of) for summary in (now, past, coming)], ["2026-11-24", "2025-12-31", "2027-12-31"]
        )
        self.book("613200", 1000, "2026-12-01")
        self.assertEqual(self.amount("c61_loc", now), 1000)
        with self.assertRaisesRegex(ValidationError, "(?i)period|période"):
            now.date_as_of = "2027-01-01"

    def test_drafts_are_never_counted_but_told(self):
        self.book("613200", 1000, post=False)
        cancelled = self.book("613200", 2000, post=False)
        cancelled.button_cancel()
        self.assertEqual(self.amount("c61_loc"), 0)
        self.assertEqual(self.summary.draft_entry_count, 1)

    def test_another_company_is_never_counted(self):
        self.book("613200", 1000)
        self.book("613200", 77, company=self.other)
        self.assertEqual(self.amount("c61_loc"), 1000)
        self.assertEqual(self.amount("c61_loc", self.create_summary(company_id=self.other.id)), 77)

    def test_an_account_shared_by_two_companies_counts_each_one_s_items(self):
        shared = self.accounts[self.pole, "606300"]
        shared.with_company(self.other).code = "606300"
        shared.company_ids += self.other
        self.accounts[self.other, "606300"] = shared
        self.book("606300", 10)
        self.book("606300", 500, company=self.other)
        self.assertEqual(self.amount("c60_mat"), 10)
        self.assertEqual(self.amount("c60_mat", self.create_summary(company_id=self.other.id)), 500)

    def test_codes_are_read_under_the_summary_s_company(self):
        self.book_a_year()
        for companies in ([self.other.id, self.pole.id], [self.pole.id, self.other.id]):
            summary = self.summary.with_context(allowed_company_ids=companies)
            summary.invalidate_recordset()
            self.assertEqual(self.amount("c64", summary), 39300.25)
            self.assertFalse(summary.unmapped_count)

    def test_a_company_out_of_reach_tells_nothing(self):
        self.book("613200", 77, company=self.other)
        Summary = self.env["pope.financial.summary"].with_user(self.user_pope)
        draft = Summary.new({"company_id": self.other.id, "date_from": "2026-01-01", "date_to": "2026-12-31"})
        self.assertFalse(draft.live_figures)
        with self.assertRaises(AccessError):
            Summary.create({"company_id": self.other.id})
        hidden = self.create_summary(company_id=self.other.id)
        with self.assertRaises(AccessError):
            hidden.with_user(self.user_pope).read(["name"])
        self.assertFalse(
            self.env["pope.financial.summary.row"].with_user(self.user_pope).search([("summary_id", "=", hidden.id)])
        )

    def test_an_account_of_no_line_is_listed_and_the_control_is_red(self):
        self.book_a_year()
        self.assertTrue(all(control["ok"] for control in self.summary.live_figures["controls"]))
        self.env.ref("pope_crm.summary_line_c64_autres").prefixes = "647 -6470"
        self.env.invalidate_all()
        self.assertEqual([account["code"] for account in self.summary.live_figures["unmapped"]], ["647000"])
        self.assertIn("647000", self.summary.controls_html)
        wrong = [control for control in self.summary.live_figures["controls"] if not control["ok"]]
        self.assertEqual(
            [(control["check"], control["year"]) for control in wrong],
            [("expense", "this_year"), ("result", "this_year")],
        )
        self.assertEqual(wrong[0]["ledger"] - wrong[0]["statement"], 300)

    def test_a_grant_without_funder_is_missing_data(self):
        self.create_account("741000", "income")
        self.book("741000", -500)
        self.assertEqual(self.amount("p74_autres"), 500)
        self.assertTrue(self.row("p74_autres").is_missing_data)

    def test_a_line_off_the_form_shows_only_when_used(self):
        self.assertFalse(self.row("p79"))
        self.create_account("791000", "income")
        self.book("791000", -20)
        self.assertEqual(self.amount("p79"), 20)

    def test_contributions_in_kind_balance_and_leave_the_result(self):
        for code in ("864000", "875000"):
            self.create_account(code, "off_balance")
        self.book("864000", 1500, counterpart="875000")
        self.assertEqual((self.amount("k864"), self.amount("k86")), (1500, 1500))
        self.assertEqual((self.amount("k875"), self.amount("k87")), (1500, 1500))
        self.assertEqual(self.summary.result, 0)

    def test_equity_typed_accounts_of_an_association_chart_count_too(self):
        self.create_account("689400", "equity")
        self.book("689400", 250)
        self.assertEqual(self.amount("c68"), 250)

    def test_a_wrong_prefix_is_refused_with_its_text(self):
        with self.assertRaisesRegex(ValidationError, "64%"):
            self.env.ref("pope_crm.summary_line_c65").prefixes = "65 64%"

    def test_a_new_form_takes_over_at_its_date(self):
        self.env["pope.summary.line"].search([]).date_to = "2026-12-31"
        self.env["pope.summary.line"].create(
            {
                "code": "c6",
                "name": "All charges",
                "section": "expense",
                "prefixes": "6",
                "form_version": "12156*07",
                "date_from": "2027-01-01",
            }
        )
        self.book("613200", 10, "2027-02-01")
        summary = self.create_summary(date_from="2027-01-01", date_to="2027-12-31")
        self.assertEqual(summary.row_ids.line_id.mapped("code"), ["c6"])
        self.assertEqual(summary.row_ids.amount, 10)

    def test_ten_and_a_hundred_accounts_cost_the_same(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.summary.row_ids.mapped("amount")
            self.assertTrue(self.summary.controls_html)
            return self.env.cr.sql_log_count - before

        for number in range(10):
            self.create_account(f"6180{number:02}", "expense")
            self.book(f"6180{number:02}", 1)
        cost()
        ten = cost()
        for number in range(10, 100):
            self.create_account(f"6180{number:02}", "expense")
        for number in range(10, 100):
            self.book(f"6180{number:02}", 1)
        cost()
        self.assertEqual(cost(), ten)
        self.assertEqual(self.amount("c61_doc"), 100)


@tagged("post_install", "-at_install")
class TestFinancialSummaryAccess(FinanceCase):
    def test_a_user_reads_the_totals_without_accounting_rights(self):
        self.book_a_year()
        summary = self.summary.with_user(self.user_pope)
        self.assertEqual(self.amount("c64", summary), 39300.25)
        with self.assertRaisesRegex(UserError, "(?i)journal items|écritures"):
            self.row("c64", summary).action_open_items()

    def test_a_line_opens_its_journal_items_with_the_reader_s_rights(self):
        self.book_a_year()
        self.book("641100", 9, post=False)
        self.user_pope.group_ids += self.env.ref("account.group_account_readonly")
        row = self.row("c64", self.summary.with_user(self.user_pope))
        action = row.action_open_items()
        items = self.env["account.move.line"].with_user(self.user_pope).search(action["domain"])
        self.assertEqual(sum(items.mapped("balance")), row.amount)
        self.assertEqual(len(items), 3)
        previous = self.row("c61", self.summary.with_user(self.user_pope)).action_open_items_previous()
        self.assertEqual(self.env["account.move.line"].search(previous["domain"]).balance, 4500)

    def test_the_result_opens_all_its_entries(self):
        self.book_a_year()
        items = self.env["account.move.line"].search(self.row("result").action_open_items()["domain"])
        self.assertEqual(-sum(items.mapped("balance")), self.summary.result)

    def test_a_user_creates_but_only_a_manager_freezes(self):
        Summary = self.env["pope.financial.summary"].with_user(self.user_pope)
        summary = Summary.create({"date_from": "2026-01-01", "date_to": "2026-12-31"})
        self.assertEqual(summary.company_id, self.pole)
        with self.assertRaises(AccessError):
            summary.action_freeze()
        with self.assertRaises(AccessError):
            summary.state = "frozen"
        with self.assertRaises(UserError):
            Summary.create({"state": "frozen"})
        with self.assertRaises(UserError):
            Summary.with_context(default_state="frozen").create({})
        with self.assertRaises(UserError):
            Summary.with_context(default_frozen_figures={"rows": []}).create({})
        with self.assertRaises(AccessError):
            summary.unlink()
        summary.with_user(self.user_manager).action_freeze()
        self.assertEqual(summary.state, "frozen")
        self.assertEqual(summary.frozen_user_id, self.user_manager)

    def test_only_a_manager_edits_the_lines(self):
        line = self.env.ref("pope_crm.summary_line_c65")
        with self.assertRaises(AccessError):
            line.with_user(self.user_pope).prefixes = "65 66"
        line.with_user(self.user_manager).prefixes = "65 658"
        self.assertEqual(line.prefixes, "65 658")

    def test_the_screen_opens_for_a_user(self):
        self.book_a_year()
        with Form(self.summary.with_user(self.user_pope)) as form:
            form.notes = "Année de démarrage"
        self.assertEqual(self.summary.notes, "Année de démarrage")


@tagged("post_install", "-at_install")
class TestFrozenSummary(FinanceCase):
    def setUp(self):
        super().setUp()
        self.book_a_year()
        self.comment_all()
        self.summary.with_user(self.user_manager).action_freeze()

    def test_the_books_change_the_frozen_figures_stay_and_the_difference_is_told(self):
        self.assertEqual(self.summary.difference_count, 0)
        content = self.summary.attachment_id.raw
        self.book("613200", 100)
        self.assertEqual(self.amount("c61_loc"), 4800)
        self.assertEqual(self.row("c61_loc").amount_now, 4900)
        self.assertTrue(self.row("c61_loc").is_different)
        self.assertFalse(self.row("c64_rem").is_different)
        # the line, its class, the total of charges and the result
        self.assertEqual(self.summary.difference_count, 4)
        self.assertEqual(self.summary.attachment_id.raw, content)

    def test_the_frozen_workbook_is_the_one_downloaded(self):
        self.book("613200", 100)
        url = self.summary.with_user(self.user_pope).action_download_xlsx()["url"]
        self.assertEqual(url, f"/web/content/{self.summary.attachment_id.id}?download=true")
        sheet = load_workbook(io.BytesIO(self.summary.attachment_id.raw)).worksheets[0]
        self.assertIn(date.today().strftime("%Y"), sheet["A3"].value)

    def test_what_is_frozen_cannot_be_changed_nor_deleted(self):
        for values in ({"date_to": "2026-06-30"}, {"state": "draft"}, {"frozen_figures": {}}):
            with self.assertRaises(UserError):
                self.summary.with_user(self.user_manager).write(values)
        with self.assertRaises(UserError):
            self.summary.with_user(self.user_manager).unlink()
        self.summary.notes = "Envoyée le 12 mars"

    def test_a_copy_begins_provisional_on_the_books(self):
        self.book("613200", 100)
        copy = self.summary.copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.attachment_id)
        self.assertEqual(self.amount("c61_loc", copy), 4900)


@tagged("post_install", "-at_install")
class TestSummaryProjects(FinanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        team = cls.env["crm.team"].create(
            {"name": "Incubateur", "pope_lead_type": "project", "company_id": cls.pole.id, "use_leads": False}
        )
        cls.stages.team_ids += team
        cls.pole_projects = cls.env["crm.lead"]
        for name, holders in (("MAM A", cls.holders[:1]), ("MAM B", cls.holders[:2]), ("MAM C", cls.holders[2:])):
            cls.pole_projects += cls.create_project(
                name,
                holders,
                company_id=cls.pole.id,
                team_id=team.id,
                user_id=False,
                pope_places_planned=12,
                pope_town_id=cls.town.id,
            )

    def open_project(self, project, day):
        project.write(
            {
                "pope_opening_date": day,
                "pope_places": 12,
                "pope_childminder_count": 3,
                "pope_job_count": 3,
                "stage_id": self.stage_open.id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def figures(self, **values):
        year = date.today().year
        summary = self.create_summary(date_from=f"{year}-01-01", date_to=f"{year}-12-31", **values)
        return summary, summary.with_user(self.user_pope).live_figures["projects"]

    def test_projects_are_counted_by_stage_of_the_company(self):
        self.create_project("Projet d'une autre équipe")
        self.open_project(self.pole_projects[0], datetime.now())
        _summary, projects = self.figures()
        counts = {stage["id"]: stage["count"] for stage in projects["stages"]}
        self.assertEqual(counts[self.stage_contact.id], 2)
        self.assertEqual(counts[self.stage_open.id], 1)
        self.assertEqual(len(counts), len(self.stages))

    def test_openings_are_those_of_the_period(self):
        year = date.today().year
        self.open_project(self.pole_projects[0], date(year, 1, 10))
        self.open_project(self.pole_projects[1], date(year - 1, 6, 10))
        self.open_project(self.pole_projects[2], date(year, 1, 1))
        summary, projects = self.figures()
        self.assertEqual([opening["name"] for opening in projects["openings"]], ["MAM C", "MAM A"])
        self.assertEqual(projects["openings"][0]["date"], f"{year}-01-01")
        self.assertEqual(projects["openings"][1]["town"], self.town.name)
        opened = self.env["crm.lead"].search(summary.action_openings()["domain"])
        self.assertEqual(opened, self.pole_projects[0] + self.pole_projects[2])

    def test_a_person_of_two_projects_is_counted_once(self):
        _summary, projects = self.figures()
        self.assertEqual(projects["holders"], 3)

    def test_who_left_before_the_period_is_not_counted(self):
        self.pole_projects[2].pope_member_ids.write(
            {"date_entry": "2020-01-01", "date_exit": f"{date.today().year - 1}-11-30"}
        )
        summary, projects = self.figures()
        self.assertEqual(projects["holders"], 2)
        self.assertEqual(summary.holder_count, 2)


@tagged("post_install", "-at_install")
class TestSummaryWorkbook(FinanceCase):
    def workbook(self, summary=None, data_only=False):
        summary = summary or self.summary
        action = summary.action_download_xlsx()
        attachment = self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        return load_workbook(io.BytesIO(attachment.raw), data_only=data_only)

    def line(self, sheet, label):
        return next(row for row in sheet.iter_rows(min_row=5) if row[1].value == label)

    def name_of(self, code):
        return self.env.ref(f"pope_crm.summary_line_{code}").name

    def test_the_cells_hold_the_figures_and_the_totals_are_formulas_with_their_values(self):
        self.book_a_year()
        values, formulas = (self.workbook(data_only=data_only).worksheets[1] for data_only in (True, False))
        rents = self.line(formulas, self.name_of("c61_loc"))
        place = rents[0].row
        self.assertEqual([cell.value for cell in rents[2:5]], [4500, None, 4800])
        self.assertEqual([cell.value for cell in rents[5:7]], [f"=E{place}-C{place}", f"=F{place}/ABS(C{place})"])
        staff = self.line(formulas, self.name_of("c64"))
        first = staff[0].row + 1
        self.assertEqual(staff[4].value, f"=SUM(E{first}:E{first + 2})")
        self.assertEqual(self.line(values, self.name_of("c64"))[4].value, 39300.25)
        total = self.line(formulas, self.name_of("total_c"))
        self.assertTrue(total[4].value.startswith("=E"))
        told = [cell.value for cell in self.line(values, self.name_of("total_c"))]
        self.assertEqual(told[2:6], [4500, None, 44220.75, 39720.75])
        self.assertAlmostEqual(told[6], 39720.75 / 4500)
        result = self.line(formulas, self.name_of("result"))
        income = self.line(formulas, self.name_of("total_p"))
        self.assertEqual(result[4].value, f"=E{income[0].row}-E{total[0].row}")
        self.assertEqual(self.line(values, self.name_of("result"))[4].value, -3870.75)

    def test_every_formula_gives_the_value_stored_beside_it(self):
        self.book_a_year()
        self.create_account("791000", "income")
        self.book("791000", -20)
        values, formulas = (self.workbook(data_only=data_only).worksheets[1] for data_only in (True, False))

        def evaluate(cell):
            if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                return cell.value or 0
            text = cell.value[1:]
            if text.startswith("SUM("):
                return sum(evaluate(row[0]) for row in formulas[text[4:-1]])
            total = 0
            for part in text.replace("-", "+-").split("+"):
                sign, name = (-1, part[1:]) if part.startswith("-") else (1, part)
                total += sign * (0 if name == "0" else evaluate(formulas[name]))
            return total

        checked = 0
        for row in formulas.iter_rows(min_row=6, min_col=3, max_col=6):
            for cell in row:
                if cell.value is not None:
                    self.assertAlmostEqual(evaluate(cell), values[cell.coordinate].value, 2, cell.coordinate)
                    checked += 1
        self.assertEqual(checked, 3 * len(self.summary.row_ids))

    def test_the_controls_point_at_the_statement(self):
        self.book_a_year()
        book, values = self.workbook(), self.workbook(data_only=True)
        control = book.worksheets[6][6]
        total = self.line(book.worksheets[1], self.name_of("total_c"))[0].row
        self.assertEqual(control[1].value, f"='{book.worksheets[1].title}'!$E${total}")
        self.assertEqual([cell.value for cell in values.worksheets[6][6]][1:4], [44220.75, 44220.75, 0])
        self.assertEqual(book.worksheets[6][8][1].value, f"='{book.worksheets[1].title}'!$C${total}")

    def test_the_same_data_gives_the_same_bytes(self):
        self.book_a_year()
        contents = []
        for moment in ("2026-11-24 10:00:00", "2027-02-03 11:30:00"):
            with freeze_time(moment):
                contents.append(self.summary._render_xlsx(self.summary.live_figures))
        self.assertEqual(contents[0], contents[1])

    def test_texts_are_never_formulas_nor_links(self):
        self.summary.name = "=1+1"
        self.pole.name = "https://example.org"
        self.env.ref("pope_crm.summary_line_c65").with_context(lang=self.env.lang).name = "=HYPERLINK(1)"
        sheet, statement, *_others = self.workbook().worksheets
        self.assertEqual((sheet["A1"].value, sheet["A1"].data_type), ("=1+1", "s"))
        self.assertEqual(self.line(statement, "=HYPERLINK(1)")[1].data_type, "s")
        self.assertFalse(sheet["A2"].hyperlink)

    def test_it_prints_on_landscape_pages_and_says_what_it_is(self):
        book = self.workbook()
        for sheet in book.worksheets:
            self.assertEqual(sheet.page_setup.orientation, "landscape")
            # one page wide is the format's own default, left unsaid
            self.assertIn(sheet.page_setup.fitToWidth, (None, 1))
            self.assertEqual(sheet.page_setup.fitToHeight, 0)
            self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
            self.assertTrue(sheet.print_title_rows)
            self.assertTrue(sheet.freeze_panes)
            self.assertEqual(sheet.oddHeader.left.text, "Le PôPE && amis")
            self.assertIn("Le PôPE & amis", sheet["A2"].value)
        self.assertIn("€", book.worksheets[1]["E6"].number_format)
        status = book.worksheets[0]["A3"].value
        self.summary.action_freeze()
        self.assertNotEqual(self.workbook().worksheets[0]["A3"].value, status)

    def test_downloading_again_renews_the_one_provisional_file(self):
        first = self.summary.with_user(self.user_pope).action_download_xlsx()["url"]
        self.book("613200", 100)
        self.assertEqual(self.summary.with_user(self.user_manager).action_download_xlsx()["url"], first)
        self.assertEqual(self.line(self.workbook().worksheets[1], self.name_of("c61_loc"))[4].value, 100)
