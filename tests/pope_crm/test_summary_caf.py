"""The CAF's summary: its sheets, its comments, its versions, and what is sent."""

import hashlib
import io

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_financial_summary import FinanceCase


class CafCase(FinanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.caf = cls.env["res.partner"].create(
            {
                "name": "CAF de Seine-Saint-Denis",
                "is_company": True,
                "pope_role_ids": cls.env.ref("pope_crm.role_family_fund").ids,
            }
        )
        cls.clerk = cls.env["res.partner"].create(
            {"name": "Conseillère", "parent_id": cls.caf.id, "email": "conseil@example.org"}
        )
        cls.grant = cls.create_grant("Fonds publics et territoires", 30000, 24000)

    @classmethod
    def create_grant(cls, name, asked, awarded, **values):
        return cls.env["pope.funding"].create(
            {
                "name": name,
                "partner_id": cls.caf.id,
                "contact_id": cls.clerk.id,
                "company_id": cls.pole.id,
                "nature": "operating",
                "state": "awarded",
                "amount_asked": asked,
                "amount_awarded": awarded,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "file_number": "FPT-2026-93",
                **values,
            }
        )

    @classmethod
    def create_own_project(cls, name):
        team = cls.env["crm.team"].create(
            {"name": "Incubateur", "pope_lead_type": "project", "company_id": cls.pole.id, "use_leads": False}
        )
        cls.stages.team_ids += team
        return cls.create_project(name, company_id=cls.pole.id, team_id=team.id, user_id=False)

    @classmethod
    def create_budget(cls, **amounts):
        lines = {code: cls.env.ref(f"pope_crm.summary_line_{code}") for code in amounts}
        return cls.env["pope.budget"].create(
            {
                "kind": "year",
                "company_id": cls.pole.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "line_ids": [
                    Command.create({"line_id": line.id, "amount": amounts[code]}) for code, line in lines.items()
                ],
            }
        )

    def book_of(self, summary=None, data_only=True):
        summary = summary or self.summary
        content = summary._render_xlsx(summary._figures())
        return load_workbook(io.BytesIO(content), data_only=data_only)

    def rows_of(self, sheet):
        return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]


@tagged("post_install", "-at_install")
class TestCafSheets(CafCase):
    def test_six_sheets_and_the_controls(self):
        self.book_a_year()
        self.assertEqual(len(self.book_of().worksheets), 7)

    def test_the_identity_names_the_association_and_who_certifies(self):
        signer = self.env["res.partner"].create({"name": "Awa Diarra", "function": "Présidente"})
        self.pole.write(
            {"company_registry": "12345678900011", "pope_rna": "W931234567", "pope_representative_id": signer.id}
        )
        summary = self.create_summary()
        rows = self.rows_of(self.book_of(summary).worksheets[0])
        values = [row[1] for row in rows if row[0]]
        for value in (self.pole.name, "12345678900011", "W931234567", "FPT-2026-93", "Awa Diarra", "Présidente"):
            self.assertIn(value, values)
        summary.agreement_number = "CV-2026-1"
        self.assertIn("CV-2026-1", [row[1] for row in self.rows_of(self.book_of(summary).worksheets[0])])

    def test_grants_are_the_pole_s_own_of_the_year(self):
        project = self.create_own_project("MAM d'ailleurs")
        self.create_grant("Aide au démarrage", 6000, 6000, lead_id=project.id)
        self.create_grant(
            "Année passée",
            500,
            500,
            date_from="2025-01-01",
            date_to="2025-12-31",
            date_filed="2024-11-02",
            date_decision="2024-12-10",
        )
        self.create_grant("Prêt", 500, 500, nature="loan")
        self.create_grant("Pas déposé", 700, 0, state="to_file")
        refused = self.create_grant("Refusé", 900, 0, state="refused")
        figures = self.summary._figures()
        self.assertEqual([grant["funding_id"] for grant in figures["grants"]], [self.grant.id, refused.id])
        found = self.env["pope.funding"].search(self.summary.action_grants()["domain"])
        self.assertEqual(found, self.grant + refused)
        rows = self.rows_of(self.book_of().worksheets[2])
        self.assertEqual(rows[1], [self.caf.name, self.grant.name, 30000, 24000, 0, 24000])
        self.assertEqual(rows[-1][2:], [30900, 24000, 0, 24000])

    def test_what_is_awarded_is_received_or_left(self):
        def control():
            self.env.invalidate_all()
            return next(row for row in self.summary._figures()["controls"] if row["check"] == "grants")

        self.assertTrue(control()["ok"])
        self.grant.instalment_ids = [Command.create({"amount": 20000, "kind": "single"})]
        self.assertFalse(control()["ok"])
        self.assertEqual((control()["statement"], control()["ledger"]), (24000, 20000))
        sheet = self.book_of(data_only=False).worksheets[6]
        row = next(row for row in sheet.iter_rows() if row[2].value == 20000)
        self.assertIn("$D$", row[1].value)
        self.assertEqual(row[4].font.color.rgb, "FFB00020")

    def test_the_budget_stands_beside_and_opens_its_lines(self):
        self.book("613200", 4800)
        self.book("613200", 4500, "2025-06-30")
        budget = self.create_budget(c61_loc=5000, c61_ass=600)
        self.env.invalidate_all()
        row = self.row("c61_loc")
        self.assertEqual((row.amount_budget, row.variation, row.rate), (5000, -200, -0.04))
        self.assertEqual((self.row("c61").amount_budget, self.row("total_c").amount_budget), (5600, 5600))
        self.assertEqual(self.row("result").amount_budget, -5600)
        opened = self.env["pope.budget.line"].search(self.row("c61").action_open_budget()["domain"])
        self.assertEqual(opened.filtered("amount"), budget.line_ids.filtered("amount"))
        sheet = self.book_of(data_only=False).worksheets[1]
        line = next(cells for cells in sheet.iter_rows(min_row=6) if cells[1].value == row.name)
        self.assertEqual([cell.value for cell in line[2:5]], [4500, 5000, 4800])
        place = line[0].row
        self.assertEqual([cell.value for cell in line[5:7]], [f"=E{place}-D{place}", f"=F{place}/ABS(D{place})"])

    def test_a_line_planned_at_zero_is_divided_by_nothing(self):
        self.book("613200", 100)
        self.create_budget(c61_ass=600)
        sheet = self.book_of().worksheets[1]
        line = next(cells for cells in sheet.iter_rows(min_row=6) if cells[1].value == self.row("c61_loc").name)
        self.assertEqual([cell.value for cell in line[3:7]], [0, 100, 100, None])

    def test_activity_says_what_the_key_figures_say(self):
        page = self.env["pope.figures"].with_company(self.pole).get_page(2026)
        labels = {figure["label"]: figure for group in page["groups"] for figure in group["figures"]}
        told = [row for group in self.summary._figures()["activity"] for row in group["rows"]]
        self.assertGreater(len(told), 5)
        for row in told:
            self.assertEqual(row["definition"], labels[row["label"]]["definition"])
            if not labels[row["label"]]["people"]:
                self.assertEqual(row["value"], labels[row["label"]]["value"])
        values = [row[0] for row in self.rows_of(self.book_of().worksheets[3])]
        self.assertTrue({row["label"] for row in told} <= set(values))

    def test_activity_of_a_year_across_two_is_that_of_its_own_days(self):
        project = self.create_own_project("Projet")
        for day in ("2025-10-01", "2026-03-01", "2026-10-01"):
            self.env["pope.interaction"].create({"lead_id": project.id, "date": day, "company_id": self.pole.id})

        def exchanges(**period):
            groups = self.create_summary(**period)._figures()["activity"]
            label = self.env["pope.figures"].env._("Exchanges held in the year")
            return next(row["value"] for group in groups for row in group["rows"] if row["label"] == label)

        self.assertEqual(exchanges(), 2)
        self.assertEqual(exchanges(date_from="2025-09-01", date_to="2026-08-31"), 2)
        self.assertEqual(exchanges(date_from="2026-09-01", date_to="2027-08-31"), 1)

    def test_volunteering_is_hours_by_rate_and_names_nobody(self):
        for code in ("864000", "875000"):
            self.create_account(code, "off_balance")
        self.book("864000", 300, counterpart="875000")
        self.book("641100", 900)
        self.book("741500", -600)
        volunteer = self.env["res.partner"].create({"name": "Josiane Petit"})
        self.env["pope.volunteer.time"].create(
            {"partner_id": volunteer.id, "company_id": self.pole.id, "year": 2026, "hours_1": 12.5, "hours_12": 10}
        )
        self.pole.pope_volunteer_rate = 15.2
        self.env.invalidate_all()
        values, formulas = (self.book_of(data_only=data_only).worksheets[4] for data_only in (True, False))
        self.assertEqual([cell.value for cell in values[6]][1:4], [22.5, 15.2, 342])
        self.assertEqual(formulas["D6"].value, "=ROUND(B6*C6,2)")
        rates = [row[3] for row in self.rows_of(values) if row[3] is not None][-2:]
        self.assertEqual([round(rate, 4) for rate in rates], [0.6667, 0.5])
        names = [str(cell.value) for sheet in self.book_of() for row in sheet.iter_rows() for cell in row]
        self.assertFalse([name for name in names if "Josiane" in name])

    def test_cells_have_names(self):
        self.book_a_year()
        book = self.book_of(data_only=False)
        self.assertLessEqual(
            {"pope_total_c_n", "pope_total_p_n1", "pope_result_n", "pope_p74_n"}, set(book.defined_names)
        )
        sheet, cell = book.defined_names["pope_total_c_n"].attr_text.replace("'", "").replace("$", "").split("!")
        self.assertEqual(self.book_of()[sheet][cell].value, 44220.75)

    def test_a_year_approved_by_the_general_meeting_says_so(self):
        self.assertEqual(self.summary._figures()["sources"]["this_year"]["status"], "provisional")
        self.env["pope.year.status"].create(
            {
                "company_id": self.pole.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "status": "approved",
                "date_approved": "2027-05-20",
            }
        )
        self.env.invalidate_all()
        words = self.summary._source_words(self.summary._figures())[0][0]
        self.assertIn("2027", words)
        self.assertEqual(self.summary._figures()["sources"]["this_year"]["status"], "approved")
        self.assertEqual(self.summary._figures()["sources"]["last_year"]["status"], "provisional")
        with self.assertRaises(ValidationError):
            self.env["pope.year.status"].create(
                {"company_id": self.pole.id, "date_from": "2026-09-01", "date_to": "2027-08-31"}
            )
        with self.assertRaises(ValidationError):
            self.env["pope.year.status"].create(
                {"company_id": self.pole.id, "date_from": "2024-01-01", "date_to": "2024-12-31", "status": "approved"}
            )


@tagged("post_install", "-at_install")
class TestComments(CafCase):
    def test_more_than_ten_percent_from_the_budget_asks_for_a_comment(self):
        self.create_budget(c61_loc=1000, c64_rem=1000, c65=0)
        self.book("613200", 1100)
        self.book("641100", 1100.01)
        self.env.invalidate_all()
        asked = self.summary.row_ids.filtered("is_comment_asked").line_id.mapped("code")
        self.assertEqual(asked, ["c64"])
        self.assertEqual(self.summary.missing_comment_count, 1)

    def test_without_a_budget_last_year_is_compared_with(self):
        self.book("613200", 1000, "2025-06-30")
        self.book("613200", 880)
        self.assertEqual(self.summary.row_ids.filtered("is_comment_asked").line_id.mapped("code"), ["c61"])
        self.assertEqual(self.summary.compared, "last_year")

    def test_a_first_year_without_a_budget_asks_nothing(self):
        self.book("613200", 880)
        self.assertFalse(self.summary.missing_comment_count)
        self.assertFalse(self.summary.compared)

    def test_freezing_without_the_comments_is_refused_and_names_the_lines(self):
        self.book_a_year()
        manager = self.summary.with_user(self.user_manager)
        with self.assertRaises(UserError) as refused:
            manager.action_freeze()
        self.assertIn(self.row("c64").name, str(refused.exception))
        self.assertEqual(self.summary.state, "draft")
        for row in self.summary.row_ids.filtered("is_comment_asked"):
            window = row.with_user(self.user_pope).action_comment()
            self.env[window["res_model"]].with_user(self.user_pope).with_context(**window["context"]).create(
                {"text": "Poste créé en mars"}
            )
        self.assertFalse(self.summary.missing_comment_count)
        manager.action_freeze()
        self.assertEqual(self.summary.state, "frozen")
        book = load_workbook(io.BytesIO(self.summary.attachment_id.raw))
        line = next(
            cells for cells in book.worksheets[1].iter_rows(min_row=6) if cells[1].value == self.row("c64").name
        )
        self.assertEqual(line[7].value, "Poste créé en mars")

    def test_comments_of_a_frozen_summary_stay(self):
        self.book_a_year()
        self.comment_all()
        self.summary.with_user(self.user_manager).action_freeze()
        comment = self.summary.comment_ids[0]
        with self.assertRaises(ValidationError):
            comment.text = "Autre"
        with self.assertRaises(UserError):
            comment.unlink()
        with self.assertRaises(ValidationError):
            comment.summary_id = self.create_summary()
        with self.assertRaises(ValidationError):
            comment.copy({"line_id": self.env.ref("pope_crm.summary_line_c65").id})
        window = self.row("c64").action_comment()
        self.assertEqual(window["res_id"], self.summary.comment_ids.filtered(lambda c: c.line_id.code == "c64").id)


@tagged("post_install", "-at_install")
class TestVersions(CafCase):
    def setUp(self):
        super().setUp()
        self.book_a_year()
        self.comment_all()

    def test_what_is_sent_is_frozen_and_goes_with_the_file(self):
        with self.assertRaises(UserError):
            self.summary.action_send()
        window = self.summary.with_user(self.user_manager).action_freeze_and_send()
        self.assertEqual(self.summary.state, "frozen")
        composer = (
            self.env["mail.compose.message"].with_user(self.user_manager).with_context(**window["context"]).create({})
        )
        kept = self.summary.attachment_id + self.summary.paper_id
        self.assertCountEqual(composer.attachment_ids.mapped("checksum"), kept.mapped("checksum"))
        self.assertIn(self.clerk, composer.partner_ids)
        self.assertIn(self.summary.name, composer.subject)
        composer.action_send_mail()
        sent = self.summary.message_ids.filtered(lambda message: self.clerk in message.partner_ids)
        self.assertCountEqual(sent.attachment_ids.mapped("checksum"), kept.mapped("checksum"))

    def test_the_fingerprint_tells_a_file_that_was_changed(self):
        self.summary.with_user(self.user_manager).action_freeze()
        self.assertEqual(len(self.summary.fingerprint), 64)
        self.assertFalse(self.summary.is_file_changed)
        self.book("613200", 100)
        self.assertFalse(self.summary.is_file_changed)
        self.summary.attachment_id.raw = b"PK autre fichier"
        self.env.invalidate_all()
        self.assertTrue(self.summary.is_file_changed)

    def test_the_paper_is_kept_as_it_was_frozen(self):
        manager = self.summary.with_user(self.user_manager)
        with self.assertRaises(UserError):
            manager.paper_id = self.env["ir.attachment"].create({"name": "avant.pdf", "raw": b"%PDF"})
        manager.action_freeze()
        paper = self.summary.paper_id
        self.assertEqual((paper.res_model, paper.res_id), (self.summary._name, self.summary.id))
        self.assertEqual(self.summary.paper_fingerprint, hashlib.sha256(paper.raw).hexdigest())
        self.assertIn(self.pole.name.replace("&", "&amp;"), paper.raw.decode())
        self.assertIn(f"/web/content/{paper.id}", self.summary.action_pdf()["url"])
        kept = paper.raw
        self.book("613200", 100)
        self.pole.name = "Un autre nom"
        self.env.invalidate_all()
        self.assertEqual(self.summary.paper_id.raw, kept)
        self.assertFalse(self.summary.is_file_changed)
        with self.assertRaises(UserError):
            manager.write({"paper_id": False})
        paper.raw = b"%PDF autre"
        self.env.invalidate_all()
        self.assertTrue(self.summary.is_file_changed)

    def test_a_new_version_says_what_moved(self):
        self.summary.with_user(self.user_manager).action_freeze()
        content = self.summary.attachment_id.raw
        self.book("613200", 100)
        self.book("613200", 7, "2025-06-30")
        new = self.summary.browse(self.summary.with_user(self.user_manager).action_new_version()["res_id"])
        self.assertEqual(
            (new.state, new.previous_id, new.version, new.name), ("draft", self.summary, 2, self.summary.name)
        )
        self.assertEqual(new.comment_ids.mapped("text"), self.summary.comment_ids.mapped("text"))
        moved = {row["code"]: row for row in new._moved(new._figures())}
        self.assertEqual(set(moved), {"c61_loc", "c61", "total_c", "result"})
        self.assertEqual(moved["c61_loc"]["this_year"], (4800, 4900))
        self.assertEqual(moved["c61_loc"]["last_year"], (4500, 4507))
        self.assertIn(self.row("c61_loc").name, new.moved_html)
        rows = self.rows_of(self.book_of(new).worksheets[6])
        self.assertIn([self.row("c61_loc").name, 4800, 4900], [row[:3] for row in rows])
        self.assertEqual(self.amount("c61_loc"), 4800)
        self.assertEqual(self.summary.attachment_id.raw, content)
        again = self.summary.with_user(self.user_manager).action_new_version()
        self.assertEqual(again["res_id"], new.id, "one new version, opened again")
        with self.assertRaises(UserError):
            new.action_new_version()
        with self.assertRaises(ValidationError):
            new.copy({"previous_id": new.id})
        with self.assertRaises(UserError):
            self.summary.previous_id = new

    def test_who_signs_is_kept_as_it_was(self):
        self.summary.with_user(self.user_manager).action_freeze()
        with self.assertRaises(UserError):
            self.summary.signer_name = "Une autre"

    def test_a_frozen_file_survives_the_form_that_changes(self):
        with freeze_time("2026-12-31"):
            self.summary.with_user(self.user_manager).action_freeze()
        content = self.summary.attachment_id.raw
        self.env.ref("pope_crm.summary_line_c61_loc").prefixes = "613"
        self.pole.name = "Autre nom"
        self.env.invalidate_all()
        self.assertEqual(self.summary.attachment_id.raw, content)
        self.assertEqual(self.summary._figures()["identity"]["name"], "Le PôPE & amis")


@tagged("post_install", "-at_install")
class TestGrantsOnADay(CafCase):
    """Received and left are those of the day of reference, on screen, in the workbook and on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_account("441700", "asset_receivable").reconcile = True
        cls.bank = cls.env["account.journal"].create(
            {"name": "Banque", "code": "BNQ", "type": "bank", "company_id": cls.pole.id}
        )
        cls.grant.date_decision = "2026-01-20"
        cls.grant.instalment_ids = [Command.create({"amount": 24000, "date_expected": "2026-03-01"})]
        award = cls.book("741500", -24000, "2026-02-01", counterpart="441700")
        cls.line = award.line_ids.filtered(lambda item: item.account_id == cls.accounts[cls.pole, "441700"])
        cls.grant.instalment_ids.move_line_id = cls.line
        cls.pay(9000, "2026-04-10", cls.bank)
        cls.pay(5000, "2026-09-20", cls.bank)
        cls.pay(1000, "2026-10-05", cls.journals[cls.pole])
        cls.env.invalidate_all()

    @classmethod
    def pay(cls, amount, day, journal):
        other = "512000" if journal == cls.bank else "741500"
        move = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": cls.accounts[cls.pole, code].id, "balance": balance})
                    for code, balance in ((other, amount), ("441700", -amount))
                ],
            }
        )
        move.action_post()
        paid = move.line_ids.filtered(lambda item: item.account_id == cls.line.account_id)
        (paid + cls.line).reconcile()

    def told(self, day):
        self.summary.date_as_of = day
        self.env.invalidate_all()
        return [self.summary._figures()["grants"][0][key] for key in ("awarded", "received", "left")]

    def test_each_day_has_its_own_receipts(self):
        self.assertEqual(self.told("2026-03-31"), [24000, 0, 24000])
        self.assertEqual(self.told("2026-06-30"), [24000, 9000, 15000])
        self.assertEqual(self.told("2026-09-30"), [24000, 14000, 10000])
        # a credit entry is no money, and is awaited no more
        self.assertEqual(self.told("2026-12-31"), [24000, 14000, 9000])

    def test_what_was_decided_later_was_not_awarded_yet(self):
        self.grant.date_decision = "2026-04-05"
        self.assertEqual(self.told("2026-04-04"), [0, 0, 0])
        self.assertEqual(self.told("2026-04-05"), [24000, 0, 24000])

    def test_what_was_paid_was_awarded_whatever_the_date_of_the_decision(self):
        self.grant.date_decision = "2026-11-02"
        self.assertEqual(self.told("2026-04-09"), [0, 0, 0])
        self.assertEqual(self.told("2026-04-10"), [24000, 9000, 15000])

    def test_screen_workbook_and_paper_say_the_same_day(self):
        self.told("2026-06-30")
        sheet = self.rows_of(self.book_of().worksheets[2])
        self.assertEqual(sheet[1][2:], [30000, 24000, 9000, 15000])
        self.assertIn("30/06/2026", sheet[0][4])
        digits = "".join(filter(str.isdigit, self.summary.activity_html))
        self.assertIn("900000", digits)
        self.assertIn("30/06/2026", self.summary.activity_html)
        section = next(table for table in self.summary._report_data()["sections"] if "30/06/2026" in str(table))
        self.assertEqual(section["rows"][0]["cells"][4], self.summary._report_text(9000.0))

    def test_a_pledge_and_the_follow_up_count_the_same_money(self):
        follow_up = self.create_summary(kind="france_active", date_as_of="2026-06-30")
        [awaited] = follow_up._figures()["awaited"]
        self.assertEqual((awaited["received"], awaited["left"]), (9000, 15000))

    def test_ten_and_a_hundred_instalments_cost_the_same(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.summary._grants()
            return self.env.cr.sql_log_count - before

        for number in range(10):
            self.create_grant(f"Dossier {number}", 100, 100, instalment_ids=[Command.create({"amount": 100})])
        cost()
        ten = cost()
        for number in range(10, 60):
            self.create_grant(f"Dossier {number}", 100, 100, instalment_ids=[Command.create({"amount": 100})])
        cost()
        self.assertLessEqual(cost(), ten)
