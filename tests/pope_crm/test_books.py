"""Books kept elsewhere: a file is read, looked at, accepted or refused, and summaries count it like journal items."""

import base64
import io
import random
from datetime import date

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pope_crm.core.fec import LEFT_OUT
from odoo.addons.pope_crm.core.table_reader import TableError
from odoo.addons.pope_crm.core.trial_balance import TrialBalance
from odoo.addons.pope_crm.models import pope_books

from ..tables import xlsx_bytes
from .test_fec import COLUMNS, line, written
from .test_financial_summary import FinanceCase

YEAR = [
    line(1, "613200", "4800", label="Loyer de mars"),
    line(1, "512000", "", "4800"),
    line(2, "641100", "30000", day="20250630", label="Salaires"),
    line(2, "512000", "", "30000", day="20250630"),
    line(3, "741500", "", "40000", day="20251231", label="Subvention"),
    line(3, "512000", "40000", day="20251231"),
]
BALANCE = [
    ["Compte", "Intitulé", "Solde débiteur", "Solde créditeur"],
    ["613200", "Loyer", "4 800,00", ""],
    ["641100", "Salaires", "30 000,00", ""],
    ["741500", "Subvention", "", "40 000,00"],
    ["512000", "Banque", "5 200,00", ""],
    ["Total", "", "40 000,00", "40 000,00"],
]


def text(rows, separator=";", encoding="utf-8"):
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


class BooksCase(FinanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("accountant", "pope_crm.group_pope_user,account.group_account_manager")
        cls.accountant.write({"company_ids": [Command.link(cls.pole.id)], "company_id": cls.pole.id})
        cls.past = cls.create_summary(date_from="2025-01-01", date_to="2025-12-31")

    def books(self, data=None, year=2025, **values):
        return (
            self.env["pope.books"]
            .with_user(self.user_manager)
            .create(
                {
                    "company_id": self.pole.id,
                    "date_from": f"{year}-01-01",
                    "date_to": f"{year}-12-31",
                    "file": base64.b64encode(written(YEAR) if data is None else data),
                    "file_name": "123456789FEC20251231.txt",
                    **values,
                }
            )
        )

    def books_elsewhere(self):
        values = {"company_id": self.other.id, "date_from": "2025-01-01", "date_to": "2025-12-31"}
        return self.env["pope.books"].create({**values, "file": base64.b64encode(written(YEAR))})

    def checked(self, *args, **values):
        books = self.books(*args, **values)
        books.action_check()
        return books

    def accepted(self, *args, **values):
        books = self.checked(*args, **values)
        books.accepts_problems = bool(books.problem_count)
        books.action_accept()
        self.env.invalidate_all()
        return books

    def fec_of(self, items):
        """The accounting entries file of some journal items."""
        rows = [
            {
                "JournalCode": item.journal_id.code,
                "EcritureNum": str(number),
                "EcritureDate": item.date.strftime("%Y%m%d"),
                "CompteNum": item.account_id.code,
                "CompteLib": item.account_id.name,
                "PieceRef": item.move_id.name,
                "PieceDate": item.date.strftime("%Y%m%d"),
                "EcritureLib": item.name or item.move_id.name,
                "Debit": f"{item.debit:.2f}".replace(".", ","),
                "Credit": f"{item.credit:.2f}".replace(".", ","),
                "ValidDate": item.date.strftime("%Y%m%d"),
            }
            for number, move in enumerate(items.move_id.sorted("id"), 1)
            for item in move.line_ids
        ]
        return written(rows, COLUMNS)


@tagged("post_install", "-at_install")
class TestBooks(BooksCase):
    def test_a_file_tells_what_it_holds_before_it_counts(self):
        books = self.checked()
        self.assertEqual((books.state, books.source, books.line_count), ("checked", "fec", 6))
        self.assertEqual((books.total_debit, books.total_credit, books.problem_count), (74800, 74800, 0))
        html = books.with_context(lang="fr_FR").report_html
        for words in ("utf-8", "tabulation", "15/03/2025", "31/12/2025", "Rien d"):
            self.assertIn(words, html)
        self.assertEqual(self.amount("c61_loc", self.past), 0)
        books.action_accept()
        self.env.invalidate_all()
        self.assertEqual(self.amount("c61_loc", self.past), 4800)
        self.assertEqual(self.amount("p74_orgsoc", self.past), 40000)
        self.assertEqual(self.past.result, 5200)
        self.assertEqual(self.row("c61_loc").amount_previous, 4800)

    def test_problems_are_told_by_kind_with_their_lines_and_accepted_knowingly(self):
        wrong = [*YEAR, line(5, "606300", "12", day="20260103"), line(6, "", "9"), line(7, "606300", "douze")]
        books = self.checked(written(wrong))
        kinds = {kind["name"]: kind["count"] for kind in books.with_context(lang="fr_FR")._report_values()["kinds"]}
        self.assertEqual(kinds["Lignes hors de l'exercice, que les synthèses ne comptent pas"], 1)
        self.assertEqual(books.report["first"]["account"], [[9, ""]])
        self.assertIn("ligne 10", books.with_context(lang="fr_FR").report_html)
        with self.assertRaises(UserError):
            books.action_accept()
        books.accepts_problems = True
        books.with_user(self.accountant).with_context(lang="fr_FR").action_accept()
        self.assertEqual((books.state, books.accepted_user_id), ("accepted", self.accountant))
        told = " ".join(books.message_ids.mapped("body"))
        self.assertIn(self.accountant.name, told)
        self.assertIn("Lignes hors de l'exercice, que les synthèses ne comptent pas (1)", told.replace("&#39;", "'"))
        self.assertEqual(len(books.line_ids), 7)

    def test_all_problems_come_in_a_workbook_and_are_inert(self):
        hostile = '=HYPERLINK("http://x")'
        wrong = [line(n, "613200", hostile) for n in range(30)] + YEAR
        books = self.checked(written(wrong))
        url = books.with_context(lang="fr_FR").action_problems()["url"]
        attachment = self.env["ir.attachment"].browse(int(url.split("/")[3].split("?")[0]))
        sheet = load_workbook(io.BytesIO(attachment.raw)).active
        rows = list(sheet.iter_rows(min_row=2))
        self.assertEqual((rows[0][0].value, rows[0][2].value, rows[0][2].data_type), (2, hostile, "s"))
        self.assertEqual(len(rows), 30)
        self.assertEqual(len(books.report["first"]["amount"]), pope_books.SHOWN)

    def test_a_refused_file_leaves_no_line_and_another_may_come(self):
        books = self.checked()
        books.action_refuse()
        self.assertEqual((books.state, books.line_ids.ids), ("refused", []))
        with self.assertRaises(UserError):
            books.action_accept()
        self.assertTrue(self.accepted())

    def test_a_trial_balance_counts_like_a_fec(self):
        signed = [
            ["N° de compte", "Libellé", "Solde au 31/12/2025"],
            *([code, name, debit or f"-{credit}"] for code, name, debit, credit in BALANCE[1:5]),
        ]
        moves = [
            ["Compte", "Intitulé", "Débit", "Crédit"],
            *([code, name, debit or "0", credit or "0"] for code, name, debit, credit in BALANCE[1:5]),
        ]
        numbers = [
            ["Balance générale"],
            ["Compte", "Intitulé", "Solde débiteur", "Solde créditeur"],
            [613200, "Loyer", 4800, None],
            [641100, "Salaires", 30000.0000001, None],
            [741500, "Subvention", None, 40000],
            [512000, "Banque", 5200, None],
        ]
        files = [text(BALANCE), text(BALANCE, "\t", "cp1252"), text(signed), text(moves), xlsx_bytes(numbers)]
        for data in files:
            with self.subTest(data=data[:60]):
                books = self.accepted(data)
                self.assertEqual((books.source, books.problem_count, books.line_count), ("balance", 0, 4))
                self.assertEqual(set(books.line_ids.mapped("date")), {date(2025, 12, 31)})
                self.assertEqual(self.amount("c64_rem", self.past), 30000)
                self.assertEqual(self.past.result, 5200)

    def test_a_trial_balance_tells_what_is_wrong(self):
        rows = [
            ["Compte", "Intitulé", "Solde"],
            ["6", "Charges", "100"],
            ["606000", "Achats", "60"],
            ["613000", "Loyer", "40"],
            ["613000", "Loyer", "1"],
            ["Divers", "", "3"],
            ["706000", "", "x"],
        ]
        reading = TrialBalance(text(rows), date(2025, 12, 31))
        self.assertEqual([row.account for row in reading], ["606000", "613000", "613000"])
        self.assertEqual(dict(reading.counts), {"subtotal": 1, "twice": 1, "account": 1, "amount": 1, "unbalanced": 1})

    def test_a_damaged_trial_balance_is_read_or_refused(self):
        draw = random.Random(20251231)
        whole = text(BALANCE)
        for turn in range(300):
            data = bytearray(whole)
            for _ in range(draw.randint(1, 8)):
                start = draw.randrange(len(data) + 1)
                data[start : start + draw.choice((0, 1, 9))] = draw.choice(
                    (b"", b";", b'"', b"\n", b"\0", b"\xe9", b"-", b"6")
                )
            with self.subTest(turn=turn):
                try:
                    reading = TrialBalance(bytes(data), date(2025, 12, 31))
                    rows = list(reading)
                except TableError:
                    continue
                self.assertEqual(reading.lines, len(rows) + sum(reading.counts[code] for code in LEFT_OUT))
                self.assertEqual(reading.debit, sum(row.debit for row in rows))

    def test_a_file_that_is_no_books_says_why(self):
        for data, words in (
            (b"Nom;Ville\r\nAwa;Bondy\r\n", "balance"),
            (b"JournalCode|EcritureNum|EcritureDate|CompteNum|Debit\r\n", "credit"),
            (text([["Compte", "Nom"], ["6", "x"]]), "debit"),
            (b"%PDF-1.4", "balance"),
            (written([]), "ligne"),
        ):
            with self.subTest(data=data[:30]), self.assertRaises(UserError) as refusal:
                self.books(data).with_context(lang="fr_FR").action_check()
            self.assertIn(words, str(refusal.exception))

    def test_the_same_year_again_replaces_the_former_as_a_whole(self):
        first = self.accepted()
        again = self.checked(written([*YEAR, line(4, "606300", "10"), line(4, "512000", "", "10")]))
        self.assertEqual(self.amount("c60_mat", self.past), 0)
        again.action_accept()
        self.env.invalidate_all()
        self.assertEqual((first.state, first.line_ids.ids), ("replaced", []))
        self.assertEqual((self.amount("c60_mat", self.past), self.amount("c61_loc", self.past)), (10, 4800))
        self.assertIn(first.file_name, " ".join(again.message_ids.mapped("body")))
        self.assertIn(self.user_manager.name, " ".join(first.message_ids.mapped("body")))
        self.assertTrue(first.file)
        with self.assertRaises(UserError):
            first.unlink()

    def test_books_that_overlap_are_refused(self):
        self.accepted()
        with self.assertRaises(UserError) as refusal:
            self.checked(date_from="2025-09-01", date_to="2026-08-31")
        self.assertIn("01/01/2025", str(refusal.exception))
        other = self.books(date_from="2025-09-01", date_to="2026-08-31")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            other.sudo().state = "accepted"
            self.env.flush_all()
        elsewhere = self.books_elsewhere()
        elsewhere.action_check()
        elsewhere.action_accept()

    def test_a_frozen_summary_keeps_its_figures_and_tells_that_the_books_changed(self):
        self.accepted()
        self.past.with_user(self.user_manager).action_freeze()
        self.accepted()
        self.assertEqual((self.past.difference_count, self.past.has_other_books), (0, True))
        self.accepted(written([*YEAR, line(4, "606300", "10"), line(4, "512000", "", "10")]))
        self.assertEqual(self.amount("c60_mat", self.past), 0)
        self.assertEqual(self.row("c61_loc", self.past).amount, 4800)
        self.assertGreater(self.past.difference_count, 0)

    def test_what_was_checked_is_not_changed_by_hand(self):
        books = self.checked()
        for values in ({"date_to": "2026-12-31"}, {"file": base64.b64encode(b"x")}):
            with self.assertRaises(UserError):
                books.write(values)
        for values in ({"state": "accepted"}, {"problem_count": 0}):
            with self.assertRaises(AccessError):
                books.write(values)
        with self.assertRaises(AccessError):
            books.create({"file": base64.b64encode(b"x"), "state": "accepted"})
        with self.assertRaises(AccessError):
            books.with_context(default_state="accepted").create({"file": base64.b64encode(b"x")})
        with self.assertRaises(AccessError):
            books.line_ids[0].debit = 1

    def test_only_managers_and_accountants_import_and_users_read_totals_only(self):
        books = self.accepted()
        self.assertEqual(self.amount("c61_loc", self.past.with_user(self.user_pope)), 4800)
        for record in (books, books.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.user_pope).read(["display_name"])
        with self.assertRaises(AccessError):
            self.env["pope.books"].with_user(self.user_pope).create({"file": base64.b64encode(b"x")})
        with self.assertRaises(UserError):
            self.row("c61_loc", self.past.with_user(self.user_pope)).action_open_items()

    def test_who_only_reads_the_accounts_decides_nothing(self):
        books = self.checked()
        reader = self._new_user("reader", "pope_crm.group_pope_user,account.group_account_readonly")
        reader.write({"company_ids": [Command.link(self.pole.id)], "company_id": self.pole.id})
        seen = books.with_user(reader)
        self.assertEqual(seen.state, "checked")
        for action in (seen.action_accept, seen.action_refuse, seen.action_check, seen.action_stop):
            with self.assertRaises(AccessError):
                action()

    def test_who_only_reads_the_accounts_reads_their_problems(self):
        books = self.checked(written([line(1, "613200", "x"), *YEAR]))
        reader = self._new_user("reader_books", "pope_crm.group_pope_user,account.group_account_readonly")
        reader.write({"company_ids": [Command.link(self.pole.id)], "company_id": self.pole.id})
        url = books.with_user(reader).action_problems()["url"]
        self.assertEqual(books.with_user(reader).action_problems()["url"], url, "one file, renewed")

    def test_approved_books_tell_the_day(self):
        books = self.accepted()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            books.status = "approved"
            self.env.flush_all()
        books.invalidate_recordset()
        books.write({"status": "approved", "date_approved": "2026-05-28"})
        self.assertIn("28/05/2026", self.past.with_context(lang="fr_FR").sources_html)

    def test_a_long_file_is_read_by_the_cron_and_shows_its_progress(self):
        self.patch(pope_books, "AT_ONCE", 3)
        self.patch(pope_books, "LOT", 2)
        triggers = self.env["ir.cron.trigger"].search_count([])
        books = self.checked()
        self.assertEqual((books.state, books.progress), ("checking", 0))
        self.assertGreater(self.env["ir.cron.trigger"].search_count([]), triggers)
        seen = []
        self.patch(type(books), "_commit_lot", lambda record, count: seen.append(round(record.progress)) or True)
        books._store(books._open_reader()[1], commits=True)
        self.assertEqual((books.state, len(books.line_ids), books.progress), ("checked", 6, 100))
        self.assertEqual(seen, [29, 57, 86])

    def test_a_check_that_was_cut_begins_anew(self):
        self.patch(pope_books, "AT_ONCE", 3)
        self.patch(pope_books, "LOT", 2)
        books = self.checked()
        self.patch(type(books), "_commit_lot", lambda record, count: False)
        books._store(books._open_reader()[1], commits=True)
        self.assertEqual((books.state, len(books.line_ids)), ("checking", 2))
        self.patch(type(books), "_commit_lot", lambda record, count: True)
        books._store(books._open_reader()[1], commits=True)
        self.assertEqual((books.state, len(books.line_ids)), ("checked", 6))

    def test_ten_times_the_lines_cost_the_same_queries(self):
        def cost(count):
            lines = [
                line(n // 2, "613200" if n % 2 else "512000", *(("5", "")[:: n % 2 * 2 - 1])) for n in range(count)
            ]
            books = self.books(written(lines))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            books.action_check()
            books.accepts_problems = True
            books.action_accept()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(10)
        cost(10)
        self.assertEqual(cost(1000), cost(10))


@tagged("post_install", "-at_install")
class TestSources(BooksCase):
    def cells(self, summary):
        book = load_workbook(io.BytesIO(summary._render_xlsx(summary._figures())))
        return [
            {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
            for sheet in book.worksheets
        ]

    def test_journal_items_and_their_fec_fill_the_same_cells(self):
        self.book_a_year()
        for code in ("864000", "875000"):
            self.create_account(code, "off_balance")
        self.book("864000", 1500, counterpart="875000")
        self.create_account("791000", "income")
        self.book("791000", -20.1)
        items = self.cells(self.summary)
        moves = self.env["account.move.line"].search([("company_id", "=", self.pole.id)])
        for year in (2025, 2026):
            data = self.fec_of(moves.with_company(self.pole).filtered(lambda item, year=year: item.date.year == year))
            self.accepted(data, year)
        moves.move_id.button_draft()
        moves.move_id.unlink()
        self.env.invalidate_all()
        books = self.cells(self.summary)
        self.assertTrue(self.summary._figures()["sources"]["this_year"]["kind"] == "books")
        for place, (mine, theirs) in enumerate(zip(items, books, strict=True)):
            differing = {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}
            source_lines = {
                key
                for key in differing
                if key == "A4"
                or (place == 6 and key.startswith("F"))
                or (place == 0 and key.startswith("B") and mine[f"A{key[1:]}"] == "Source")
            }
            self.assertEqual(differing, source_lines, "only the source lines differ")

    def test_books_that_cover_the_period_are_the_source_and_items_beside_are_told(self):
        self.book("613200", 7, "2025-05-01")
        self.assertEqual(self.amount("c61_loc", self.past), 7)
        self.assertIn("2025", self.past.sources_html)
        self.accepted()
        self.assertEqual(self.amount("c61_loc", self.past), 4800)
        source = self.past._figures()["sources"]["this_year"]
        self.assertEqual((source["kind"], source["beside"]), ("books", 2))
        half = self.create_summary(date_from="2024-07-01", date_to="2025-06-30")
        self.assertEqual(self.amount("c61_loc", half), 7)
        self.assertTrue(half._figures()["sources"]["this_year"]["partial"])
        part = self.create_summary(date_from="2025-03-01", date_to="2025-06-30")
        self.assertEqual((self.amount("c61_loc", part), self.amount("p74", part)), (4800, 0))

    def test_a_trial_balance_never_tells_a_part_of_its_year(self):
        self.accepted(text(BALANCE))
        part = self.create_summary(date_from="2025-07-01", date_to="2025-12-31")
        self.assertEqual(self.amount("c61_loc", part), 0)
        self.assertEqual(part._figures()["sources"]["this_year"]["kind"], "items")

    def test_two_years_of_books_tell_a_period_across_them(self):
        self.accepted()
        self.accepted(
            written([line(1, "613200", "50", day="20260110"), line(1, "512000", "", "50", day="20260110")]), 2026
        )
        across = self.create_summary(date_from="2025-03-01", date_to="2026-02-28")
        self.assertEqual(self.amount("c61_loc", across), 4850)

    def test_a_closed_year_of_journal_items_is_told_closed(self):
        self.book("613200", 7, "2025-05-01")
        self.assertEqual(self.past._figures()["sources"]["this_year"]["status"], "provisional")
        self.pole.fiscalyear_lock_date = "2025-12-31"
        self.past.invalidate_recordset()
        self.assertEqual(self.past._figures()["sources"]["this_year"]["status"], "closed")

    def test_a_figure_opens_its_lines(self):
        self.accepted()
        reader = self.user_pope
        reader.group_ids += self.env.ref("account.group_account_readonly")
        row = self.row("c64", self.past.with_user(reader))
        lines = self.env["pope.books.line"].with_user(reader).search(row.action_open_items()["domain"])
        self.assertEqual((sum(lines.mapped("balance")), lines.label), (30000, "Salaires"))
        result = self.env["pope.books.line"].search(self.row("result", self.past).action_open_items()["domain"])
        self.assertEqual(-sum(result.mapped("balance")), self.past.result)

    def test_a_hostile_name_of_an_account_comes_out_inert(self):
        hostile = "=cmd|'/c calc'!A1"
        lines = [
            line(1, "699990", "5", CompteLib=hostile + "x" * 300, EcritureLib="<script>alert(1)</script>\x07"),
            line(1, "512000", "", "5"),
        ]
        self.env.ref("pope_crm.summary_line_c69").prefixes = False
        books = self.accepted(written(lines), file_name="=1+1.txt")
        self.assertEqual(books.line_ids[0].label, "<script>alert(1)</script>")
        self.assertIn("699990", self.past.controls_html)
        book = load_workbook(io.BytesIO(self.past._render_xlsx(self.past._figures())))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertTrue(any(hostile in str(cell.value) for cell in cells))
        self.assertFalse([cell for cell in cells if cell.data_type == "f" and "cmd" in str(cell.value)])

    def test_another_company_s_books_are_never_counted(self):
        elsewhere = self.books_elsewhere()
        elsewhere.action_check()
        elsewhere.action_accept()
        self.env.invalidate_all()
        self.assertEqual(self.amount("c61_loc", self.past), 0)
        hidden = self.env["pope.books.line"].with_user(self.user_manager).search([("books_id", "=", elsewhere.id)])
        self.assertFalse(hidden)


@tagged("post_install", "-at_install")
class TestCharges(BooksCase):
    def setUp(self):
        super().setUp()
        self.funding = self.env["pope.funding"].create(
            {"name": "Poste de coordination", "partner_id": self.holders[0].id, "company_id": self.pole.id}
        )
        self.accepted()

    def lines(self, code):
        return self.env["pope.books.line"].search(
            [("books_id.state", "=", "accepted"), ("account_code", "=", code), ("company_id", "=", self.pole.id)]
        )

    def charge(self, lines, share, funding=None):
        wizard = (
            self.env["pope.books.charging"]
            .with_user(self.user_manager)
            .with_context(active_ids=lines.ids)
            .create({"funding_id": (funding or self.funding).id, "share": share})
        )
        wizard.action_charge()
        return wizard

    def charged(self, date_from="2025-01-01", date_to="2025-12-31"):
        self.env.flush_all()
        return self.funding._spent(date_from, date_to)

    def test_lines_are_charged_by_share_and_read_by_period(self):
        wizard = self.charge(self.lines("641100"), 0.6)
        self.charge(self.lines("613200"), 0.25)
        self.assertEqual(self.charged(), {self.funding: 18000 + 1200})
        self.assertEqual(self.charged("2025-01-01", "2025-03-31"), {self.funding: 1200})
        as_user = self.funding.with_user(self.user_pope)
        self.assertEqual(as_user._spent("2025-01-01", "2025-03-31"), {self.funding: 1200})
        self.charge(self.lines("641100"), 0.5)
        self.assertEqual(self.charged(), {self.funding: 15000 + 1200})
        wizard.action_uncharge()
        self.assertEqual(self.charged(), {self.funding: 1200})

    def test_a_line_is_charged_at_most_whole_and_only_charges_and_grants_are(self):
        second = self.funding.copy({"name": "Autre dossier"})
        self.charge(self.lines("641100"), 0.6)
        with self.assertRaises(ValidationError):
            self.charge(self.lines("641100"), 0.5, second)
        self.charge(self.lines("641100"), 0.4, second)
        with self.assertRaises(ValidationError):
            self.charge(self.lines("512000"), 1)
        theirs = self.env["pope.funding"].create(
            {"partner_id": self.holders[0].id, "company_id": self.pole.id, "person_id": self.holders[1].id}
        )
        with self.assertRaises(ValidationError):
            self.charge(self.lines("613200"), 1, theirs)

    def test_what_was_charged_is_found_again_in_the_year_imported_again(self):
        self.charge(self.lines("641100"), 0.6)
        self.charge(self.lines("613200"), 1)
        again = [values for values in YEAR if values["EcritureNum"] != "1"]
        again += [line(9, "606300", "10"), line(9, "512000", "", "10")]
        books = self.accepted(written(again))
        self.assertEqual(self.charged(), {self.funding: 18000})
        self.assertIn("1", books.message_ids.mapped("body")[0])

    def test_books_withdrawn_charge_nothing(self):
        self.charge(self.lines("641100"), 0.6)
        self.env["pope.books"].search([("state", "=", "accepted"), ("company_id", "=", self.pole.id)]).action_refuse()
        self.assertEqual(self.charged(), {self.funding: 0})
