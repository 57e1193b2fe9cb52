"""The follow-up that France Active reads: loans and what covers them, grants awaited, landing, balance sheet."""

import base64
import io
from datetime import date

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .test_fec import line, written
from .test_financial_summary import FinanceCase

DAY = "2026-06-30"


class FranceActiveCase(FinanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, kind in (
            ("101000", "equity"),
            ("164000", "liability_non_current"),
            ("194000", "liability_non_current"),
            ("218300", "asset_fixed"),
            ("281830", "asset_fixed"),
            ("401100", "liability_current"),
            ("431000", "liability_current"),
            ("441700", "asset_receivable"),
        ):
            cls.create_account(code, kind)
        partners = cls.env["res.partner"].create(
            [{"name": "Ville de Bagnolet", "is_company": True}, {"name": "Banque des quartiers", "is_company": True}]
        )
        cls.town, cls.bank = partners
        cls.bank_journal = cls.env["account.journal"].create(
            {"name": "Compte courant", "code": "CCX", "type": "bank", "company_id": cls.pole.id}
        )
        cls.follow_up = cls.create_summary(kind="france_active", date_as_of=DAY)

    def grant(self, *instalments, **values):
        """A grant awarded in January, booked where it is the pole's; instalments: (amount, expected, received, on)."""
        funding = self.env["pope.funding"].create(
            {
                "name": "Contrat de quartier",
                "partner_id": self.town.id,
                "company_id": self.pole.id,
                "state": "awarded",
                "amount_awarded": sum(amount for amount, *_rest in instalments),
                "date_decision": "2026-01-20",
                "file_number": "CQ-26",
                "instalment_ids": [
                    Command.create(
                        {"amount": amount, "date_expected": expected, "amount_typed": received, "date_typed": day}
                    )
                    for amount, expected, received, day in instalments
                ],
                **values,
            }
        )
        if funding.makes_entry:
            funding._book_award(funding.date_decision).action_post()
            for instalment, (_amount, _expected, received, day) in zip(
                funding.instalment_ids, instalments, strict=True
            ):
                if received:
                    self.receive(instalment, received, day)
        self.env.invalidate_all()
        return funding

    def receive(self, instalment, amount, day):
        """Money of the bank on an instalment."""
        owed = instalment.move_line_id
        lines = [(owed.account_id, -amount), (self.accounts[self.pole, "512000"], amount)]
        move = self.env["account.move"].create(
            {
                "journal_id": self.bank_journal.id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance, "partner_id": owed.partner_id.id})
                    for account, balance in lines
                ],
            }
        )
        move.action_post()
        (owed + move.line_ids.filtered(lambda line: line.account_id == owed.account_id)).reconcile()

    def loan(self, pledged=None, **values):
        loan = self.env["pope.loan"].create(
            {
                "name": "Prêt relais",
                "partner_id": self.bank.id,
                "company_id": self.pole.id,
                "amount": 10000,
                "rate": 0,
                "date_start": "2026-02-01",
                "months": 10,
                "method": "in_fine",
                "pledge_ids": [Command.create({"funding_id": funding.id}) for funding in pledged or ()],
                **values,
            }
        )
        loan.action_grant()
        self.env.invalidate_all()
        return loan

    def own_team(self):
        team = self.env["crm.team"].create({"name": "Équipe", "company_id": self.pole.id, "pope_lead_type": "project"})
        self.env["crm.stage"].create({"name": "Accueil", "team_ids": [Command.set(team.ids)]})
        return team

    def figures(self, summary=None):
        self.env.invalidate_all()
        return (summary or self.follow_up)._figures()

    def sheet(self, summary=None):
        return {row["code"]: row["amount"] for row in self.figures(summary)["sheet"]["rows"] if row["amount"]}

    def paper(self):
        report = self.env["ir.actions.report"]
        return report._render_qweb_html("pope_crm.report_financial_summary", self.follow_up.ids)[0].decode()

    def workbook(self, **options):
        self.env.invalidate_all()
        french = self.follow_up.with_context(lang="fr_FR")
        return load_workbook(io.BytesIO(french._render_xlsx(french._figures())), **options)

    def cells(self, sheet):
        return [cell.value for row in self.workbook()[sheet].iter_rows() for cell in row if cell.value is not None]


@tagged("post_install", "-at_install")
class TestBalanceSheet(FranceActiveCase):
    def test_accounts_stand_on_the_side_that_their_balance_puts_them(self):
        self.book("101000", -5000, day="2024-01-10")
        self.book("706000", -1200, day="2025-05-10")
        self.book("218300", 3000)
        self.book("681100" if ("681100" in self.accounts) else "606300", 600, counterpart="281830")
        self.book("613200", 800, counterpart="401100")
        self.book("431000", 50, counterpart="512000")
        self.book("741500", -4000, counterpart="441700")
        self.book("164000", -2000)
        self.book("606300", 99, day="2026-07-01")
        told = self.sheet()
        self.assertEqual((told["a_fixed"], told["a_grants"], told["a_other"]), (2400, 4000, 50))
        self.assertEqual(told["a_cash"], 5000 + 1200 - 3000 - 50 + 2000)
        self.assertEqual((told["l_own"], told["l_former"], told["l_result"]), (5000, 1200, 4000 - 600 - 800))
        self.assertEqual((told["l_suppliers"], told["l_loans"]), (800, 2000))
        self.assertEqual(told["total_a"], told["total_l"])

    def test_imported_books_tell_the_same_sheet(self):
        self.book("101000", -5000, day="2025-12-31")
        self.book("613200", 800, counterpart="401100")
        expected = self.sheet()
        rows = [
            line(1, "512000", "5000", day="20260101"),
            line(1, "101000", "", "5000", day="20260101"),
            line(2, "613200", "800", day="20260315"),
            line(2, "401100", "", "800", day="20260315"),
        ]
        books = self.env["pope.books"].create(
            {
                "company_id": self.pole.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "file": base64.b64encode(written(rows)),
                "file_name": "FEC.txt",
            }
        )
        books.action_check()
        books.accepts_problems = True
        books.action_accept()
        self.assertEqual(self.figures()["sheet"]["source"]["kind"], "books")
        self.assertEqual(self.sheet(), expected)

    def test_an_account_that_no_line_takes_is_a_red_control(self):
        self.create_account("999999", "equity")
        self.book("999999", -70)
        figures = self.figures()
        self.assertEqual((figures["sheet"]["alone"], figures["sheet"]["gap"]), (["999999"], 70))
        self.assertFalse(next(row for row in figures["controls"] if row["check"] == "balance")["ok"])

    def test_each_line_opens_what_makes_it(self):
        self.book("101000", -5000, day="2025-12-31")
        self.book("613200", 800, counterpart="401100")
        self.user_pope.group_ids += self.env.ref("account.group_account_readonly")
        rows = self.follow_up.with_user(self.user_pope).sheet_row_ids
        for row in rows.filtered("amount"):
            action = row.action_open_items()
            items = self.env["account.move.line"].with_user(self.user_pope).search(action["domain"])
            total = sum(items.mapped("balance")) * row.line_id._sign()
            if row.line_id.kind != "total":
                self.assertEqual(total, row.amount, row.name)

    def test_who_may_not_read_entries_reads_the_sheet_only(self):
        self.book("101000", -5000)
        row = self.follow_up.with_user(self.user_pope).sheet_row_ids.filtered(lambda row: row.line_id.code == "a_cash")
        self.assertEqual(row.amount, 5000)
        with self.assertRaises(UserError):
            row.action_open_items()


@tagged("post_install", "-at_install")
class TestFollowUp(FranceActiveCase):
    def test_grants_are_those_awarded_and_not_received_on_that_day(self):
        grant = self.grant((6000, "2026-03-01", 6000, "2026-03-20"), (4000, "2026-05-01", 4000, "2026-09-01"))
        self.grant((500, "2026-02-01", 500, "2026-02-02"), name="Soldé")
        self.grant((900, "2026-02-01", 0, False), name="Notifié après", date_decision="2026-07-15")
        project = self.env["crm.lead"].create(
            {"name": "MAM du parc", "type": "project", "company_id": self.pole.id, "team_id": self.own_team().id}
        )
        self.grant((800, "2026-02-01", 0, False), name="Du projet", lead_id=project.id)
        (told,) = self.figures()["awaited"]
        self.assertEqual(
            (told["funding_id"], told["awarded"], told["received"], told["left"]), (grant.id, 10000, 6000, 4000)
        )
        self.assertEqual((told["expected"], told["days_late"], told["funder"]), ("2026-05-01", 60, "Ville de Bagnolet"))

    def test_coverage_is_that_of_the_day_and_under_100_percent_is_told(self):
        grant = self.grant((6000, "2026-03-01", 0, False))
        self.loan([grant])
        (loan,) = self.figures()["loans"]
        self.assertEqual((loan["outstanding"], loan["cover"]["left"], loan["cover"]["coverage"]), (10000, 6000, 0.6))
        self.assertIn("60", self.follow_up.with_context(lang="fr_FR").follow_up_html)
        self.assertIn("Couverture inférieure à 100", " ".join(map(str, self.cells("Synthèse"))))

    def test_the_loan_of_a_project_says_no_more_than_its_amount_dates_and_status(self):
        project = self.env["crm.lead"].create(
            {"name": "MAM du parc", "type": "project", "company_id": self.pole.id, "team_id": self.own_team().id}
        )
        self.loan(lead_id=project.id, name="Relais MAM")
        figures = self.figures()
        self.assertFalse(figures["loans"])
        self.assertEqual([loan["project"] for loan in figures["holder_loans"]], ["MAM du parc"])
        values = self.cells("Prêts des porteurs")
        for value in ("MAM du parc", "Relais MAM", 10000):
            self.assertIn(value, values)

    def test_the_landing_is_what_is_booked_and_the_budget_of_the_days_left(self):
        self.env["pope.budget"].create(
            {
                "kind": "year",
                "company_id": self.pole.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "line_ids": [
                    Command.create({"line_id": self.env.ref("pope_crm.summary_line_c61_loc").id, "amount": 3650})
                ],
            }
        )
        self.book("613200", 1000)
        rows = {row["code"]: row for row in self.figures()["rows"]}
        # 184 days are left on 30 June
        self.assertEqual((rows["c61_loc"]["landing"], rows["c61"]["landing"]), (2840, 2840))
        self.assertEqual(rows["result"]["landing"], -2840)

    def test_months_of_cash_are_those_of_the_last_twelve(self):
        self.book("101000", -5000)
        self.book("613200", 2400, day="2025-09-01")
        self.assertEqual((self.figures()["cash_now"], self.figures()["month_charges"]), (2600, 200))
        stored = [cell.value for row in self.workbook(data_only=True)["Synthèse"].iter_rows() for cell in row]
        self.assertIn(13, stored)

    def test_each_of_the_last_twelve_months_is_told_by_the_books_of_its_year(self):
        rows = [line(1, "613200", "1200", day="20250915"), line(1, "512000", "", "1200", day="20250915")]
        books = self.env["pope.books"].create(
            {
                "company_id": self.pole.id,
                "date_from": "2025-01-01",
                "date_to": "2025-12-31",
                "file": base64.b64encode(written(rows)),
                "file_name": "2025.txt",
            }
        )
        books.action_check()
        books.accepts_problems = True
        books.action_accept()
        self.book("613200", 600)
        self.assertEqual(self.figures()["month_charges"], 150)

    def test_what_is_booked_after_the_day_is_not_told(self):
        self.book("613200", 1000, day="2026-07-01")
        self.assertEqual({row["this_year"] for row in self.figures()["rows"]}, {0.0})

    def test_totals_are_formulas_with_their_values(self):
        grant = self.grant((6000, "2026-03-01", 1000, "2026-03-05"), (4000, "2026-09-01", 0, False))
        self.loan([grant])
        self.book("101000", -5000)
        self.book("613200", 800, counterpart="401100")
        live, stored = self.workbook(), self.workbook(data_only=True)
        awaited = [cell for row in live["Subventions attendues"].iter_rows() for cell in row if cell.data_type == "f"]
        self.assertEqual(
            [stored["Subventions attendues"][cell.coordinate].value for cell in awaited], [10000, 1000, 9000]
        )
        schedule = [cell for row in live["Échéanciers"].iter_rows() for cell in row if cell.data_type == "f"]
        self.assertEqual(stored["Échéanciers"][schedule[0].coordinate].value, 10000)
        self.assertIn("pope_encours", live.defined_names)

    def test_the_paper_of_the_follow_up_says_what_its_workbook_says(self):
        grant = self.grant((6000, "2026-03-01", 0, False))
        self.loan([grant])
        self.book("101000", -5000)
        html = self.paper()
        for words in ("Couverture inférieure à 100", "Contrat de quartier", "Total du passif", "Atterrissage"):
            self.assertIn(words, html)

    def test_a_frozen_follow_up_keeps_its_figures(self):
        grant = self.grant((6000, "2026-03-01", 0, False))
        self.loan([grant])
        self.book("101000", -5000)
        self.follow_up.with_user(self.user_manager).action_freeze()
        self.book("101000", -1)
        grant.instalment_ids.write({"amount_typed": 6000, "date_typed": "2026-05-05"})
        self.assertEqual((self.sheet()["a_cash"], self.figures()["awaited"][0]["left"]), (5000, 6000))
        self.assertTrue(self.follow_up.attachment_id)

    def test_another_company_is_never_told(self):
        self.book("613200", 12, company=self.other)
        loan = self.loan(company_id=self.other.id)
        self.assertEqual(loan.company_id, self.other)
        self.assertEqual((self.figures()["loans"], self.sheet()), ([], {}))

    def test_the_screen_opens_for_a_user(self):
        self.loan([self.grant((6000, "2026-03-01", 0, False))])
        with Form(self.follow_up.with_user(self.user_pope)) as form:
            self.assertIn("Prêt relais", form.follow_up_html)

    def test_the_name_and_the_day_are_proposed(self):
        self.assertEqual(self.follow_up.name, "France Active 2026")
        self.assertEqual((self.follow_up.scope, self.follow_up.date_as_of), ("company", date(2026, 6, 30)))


@tagged("post_install", "-at_install")
class TestProjectFile(FranceActiveCase):
    def setUp(self):
        super().setUp()
        self.project = self.env["crm.lead"].create(
            {
                "name": "MAM du parc",
                "type": "project",
                "company_id": self.pole.id,
                "team_id": self.own_team().id,
                "pope_places": 12,
                "pope_member_ids": [
                    Command.create({"partner_id": self.holders[0].id, "function": "childminder"}),
                    Command.create({"partner_id": self.holders[1].id, "date_exit": "2020-01-01", "date_entry": False}),
                ],
            }
        )
        self.follow_up = self.create_summary(
            kind="france_active_project", lead_id=self.project.id, date_as_of=DAY, notes="Bail signé."
        )

    def plan(self, *amounts):
        lines = [(self.env.ref(f"pope_crm.summary_line_{code}").id, amount) for code, amount in amounts]
        return self.env["pope.budget"].create(
            {
                "kind": "plan",
                "lead_id": self.project.id,
                "line_ids": [Command.create({"line_id": line, "amount": amount}) for line, amount in lines],
            }
        )

    def test_the_team_is_named_on_its_sheet_and_those_who_left_are_not(self):
        team = self.cells("Équipe")
        self.assertIn(self.holders[0].name, team)
        self.assertIn("Assistante maternelle", " ".join(map(str, team)).replace("·", ""))
        elsewhere = [value for sheet in self.workbook() if sheet.title != "Équipe" for value in self.cells(sheet.title)]
        for holder in self.holders:
            self.assertNotIn(holder.name, elsewhere)
        self.assertNotIn(self.holders[1].name, team)

    def test_a_plan_that_lacks_resources_is_a_red_control(self):
        self.plan(("n_works", 20000), ("n_equip", 5000), ("r_own", 15000))
        figures = self.figures()
        (control,) = figures["controls"]
        self.assertEqual((control["statement"], control["ledger"], control["ok"]), (25000, 15000, False))
        stored = [
            cell.value for row in self.workbook(data_only=True)["Plan de financement"].iter_rows() for cell in row
        ]
        self.assertIn(25000, stored)

    def test_grants_and_loans_are_those_of_the_project(self):
        self.grant((900, "2026-02-01", 0, False), name="De l'association")
        self.grant(
            (800, "2026-02-01", 300, "2026-02-03"), name="Aide au démarrage", lead_id=self.project.id, amount_asked=1000
        )
        self.loan(lead_id=self.project.id, name="Relais MAM")
        self.loan(name="De l'association")
        figures = self.figures()
        (grant,) = figures["project_grants"]
        self.assertEqual([grant[key] for key in ("asked", "awarded", "received", "left")], [1000, 800, 300, 500])
        self.assertEqual([loan["name"] for loan in figures["project_loans"]], ["Relais MAM"])
        self.assertIn("Relais MAM", " ".join(map(str, self.cells("Échéanciers"))))
        html = self.follow_up.with_context(lang="fr_FR").project_html
        for words in ("Aide au démarrage", "Relais MAM"):
            self.assertIn(words, html)

    def test_the_paper_says_what_the_workbook_says(self):
        self.plan(("n_works", 20000))
        self.loan(lead_id=self.project.id, name="Relais MAM")
        html = self.paper()
        for words in ("Travaux", self.holders[0].name, "Relais MAM", "Bail signé."):
            self.assertIn(words, html)

    def test_without_budget_the_file_says_what_to_do(self):
        self.assertIn("Aucun plan de financement", " ".join(map(str, self.cells("Plan de financement"))))
        self.assertEqual(self.follow_up.result, 0)

    def test_the_screen_opens_for_a_user(self):
        self.plan(("n_works", 20000))
        with Form(self.follow_up.with_user(self.user_pope)) as form:
            self.assertIn("20", form.project_html)

    def test_a_project_is_to_choose(self):
        with self.assertRaises(ValidationError):
            self.create_summary(kind="france_active_project")

    def test_each_button_opens_what_is_of_the_project(self):
        self.plan(("n_works", 10))
        self.grant((800, "2026-02-01", 0, False), lead_id=self.project.id)
        self.loan(lead_id=self.project.id)
        for action in (
            self.follow_up.action_project_budgets(),
            self.follow_up.action_project_fundings(),
            self.follow_up.action_project_loans(),
        ):
            self.assertEqual(len(self.env[action["res_model"]].search(action["domain"])), 1)

    def test_a_hostile_name_comes_out_inert(self):
        self.project.name = "=cmd|'/c calc'!A1 <script>alert(1)</script>" + "x" * 250
        self.holders[0].name = "=1+1"
        book = self.workbook()
        formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        self.assertFalse([formula for formula in formulas if "cmd" in formula or formula == "=1+1"])
        self.assertNotIn("<script>", self.follow_up.project_html)
