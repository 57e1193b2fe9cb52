"""The financial report of a grant: planned, done, and why it differs, from the file to what the funder receives."""

import io
from datetime import date

import openpyxl

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_funding_spending import SpendingCase


class Cerfa15059Case(SpendingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.last = date(cls.year, 1, 1), date(cls.year, 12, 31)
        cls.funder.pope_role_ids = (
            cls.env["pope.summary.line"].search([("code", "=", "p74_commune")]).funder_role_ids[:1]
        )

        accounts = cls.env["account.account"].with_company(cls.pole)
        known = accounts.search(accounts._check_company_domain(cls.pole)).mapped("code")
        accounts.create(
            [
                {
                    "code": code,
                    "name": f"Compte {code}",
                    "account_type": "expense" if code[0] == "6" else "income",
                    "company_ids": [Command.set(cls.pole.ids)],
                }
                for code in ("741500", "756000", "689400", "789400")
                if code not in known
            ]
        )

    def file(self, **values):
        funding = self.fund(
            amount_awarded=4000,
            date_from=self.first,
            date_to=self.last,
            description="Des contes en plein air",
            **values,
        )
        funding.action_budget()
        for code, amount, note in (
            ("c60_mat", 1000, False),
            ("c62_hono", 2500, False),
            ("ci_fixes", 500, "Loyer et énergie"),
            ("p74_commune", 4000, "Stains"),
            ("k864", 300, "Bénévoles"),
            ("k875", 300, "Bénévoles"),
        ):
            line = funding.budget_ids.line_ids.filtered(lambda line, code=code: line.code == code)
            line.write({"amount": amount, "note": note})
        return funding

    def report(self, funding=None):
        funding = funding or self.file()
        return (
            self.env["pope.financial.summary"]
            .browse(funding.with_context(lang="fr_FR").action_financial_report()["res_id"])
            .with_env(funding.with_context(lang="fr_FR").env)
        )

    def row(self, report, code):
        report.invalidate_recordset(["live_figures"])
        return next(row for row in report._figures()["rows"] if row["code"] == code)

    def share(self, report, code, **values):
        row = report.share_ids.filtered(lambda share: share.line_id.code == code)
        self.assertEqual(len(row), 1, code)
        row.write(values)
        return row


@tagged("post_install", "-at_install")
class TestCerfa15059(Cerfa15059Case):
    # --- Figures ---

    def test_an_action_of_one_day_is_wholly_of_its_year_even_on_the_31st(self):
        funding, day = self.file(), date(self.year, 3, 31)
        funding.write({"date_from": day, "date_to": day})
        row = self.row(self.report(funding), "p74_commune")
        self.assertEqual((row["budget"], row["this_year"]), (4000, 4000))

    def test_what_was_planned_stands_beside_what_was_spent(self):
        funding = self.file()
        self.spend(900, (funding, 100), code="606")
        self.spend(5000, (funding, 50), code="6226")
        self.spend(70, (funding, 100), code="606", day=date(self.year - 1, 12, 30))
        report = self.report(funding)
        row = self.row(report, "c60_mat")
        self.assertEqual((row["budget"], row["this_year"]), (1000, 900), "of the period alone")
        self.assertEqual(self.row(report, "c62_hono")["this_year"], 2500)
        self.assertEqual((report.date_from, report.date_to), (self.first, self.last))
        self.assertEqual(report.scope, "funding")

    def test_the_grant_is_told_on_the_line_of_its_funder_without_counting_its_entries_again(self):
        report = self.report()
        self.assertEqual(self.row(report, "p74_commune")["this_year"], 4000)
        self.assertEqual(self.row(report, "total_p")["this_year"], 4000)

    def test_an_award_of_several_years_is_told_by_its_part_of_the_year(self):
        funding = self.file()
        funding.date_to = date(self.year + 1, 12, 31)
        funding.share_ids = [
            Command.create({"year": self.year, "amount": 1500}),
            Command.create({"year": self.year + 1, "amount": 2500}),
        ]
        report = self.report(funding)
        report.date_to = self.last
        self.assertEqual(self.row(report, "p74_commune")["this_year"], 1500)
        funding.share_ids.unlink()
        self.assertEqual(self.row(report, "p74_commune")["this_year"], 2000, "by the months of the action")

    def test_a_budget_of_several_years_is_compared_for_the_part_of_the_period(self):
        funding = self.file()
        funding.date_to = date(self.year + 1, 12, 31)
        report = self.report(funding)
        report.date_to = self.last
        self.assertEqual(self.row(report, "c62_hono")["budget"], 1250, "by the months of the action")
        self.assertEqual(self.row(report, "total_c")["budget"], 2000)
        self.assertIn("50,0", report.sources_html)
        self.assertIn("50,0", report._cerfa_data()["sentence"])
        funding.share_ids = [
            Command.create({"year": self.year, "amount": 1000}),
            Command.create({"year": self.year + 1, "amount": 3000}),
        ]
        self.assertEqual(self.row(report, "c62_hono")["budget"], 625, "as the agreement splits the award")
        self.assertEqual(self.row(report, "p74_commune")["budget"], 1000)

    def test_the_whole_action_is_compared_with_its_whole_budget(self):
        report = self.report()
        self.assertEqual(self.row(report, "c62_hono")["budget"], 2500)
        self.assertEqual(report._cerfa_part(report._figures()), "")

    def test_a_grant_of_the_books_is_told_by_the_funder_not_by_the_account(self):
        funding = self.file()
        self.spend(-3800, (funding, 100), code="7415")
        report = self.report(funding)
        self.assertEqual(self.row(report, "p74_commune")["this_year"], 3800)
        self.assertEqual(self.row(report, "p74_orgsoc")["this_year"], 0)
        self.assertEqual(self.row(report, "total_p")["this_year"], 3800, "the award is not counted again")
        self.assertIn("800,00", report.sources_html, "the books and the agreement do not say the same")
        funding.partner_id.pope_role_ids = False
        self.assertEqual(self.row(report, "p74_autres")["this_year"], 3800, "a funder of no kind: to be detailed")

    def test_income_of_the_action_is_told_on_its_lines(self):
        funding = self.file()
        self.spend(-4000, (funding, 100), code="741")
        self.spend(-120, (funding, 100), code="756")
        self.spend(-500, (funding, 50), code="789")
        self.spend(300, (funding, 100), code="689")
        self.spend(900, (funding, 100), code="606")
        report = self.report(funding)
        told = {code: self.row(report, code)["this_year"] for code in ("p74_commune", "p75", "p78", "c68", "c60")}
        self.assertEqual(told, {"p74_commune": 4000, "p75": 120, "p78": 250, "c68": 300, "c60": 900})
        self.assertEqual(report._figures()["asked"], 3950, "of the grant, less what is set aside")
        self.assertTrue(all(control["ok"] for control in report._figures()["controls"]))

    def test_a_figure_opens_what_it_holds(self):
        funding = self.file()
        self.spend(-4000, (funding, 80), code="7415")
        self.spend(900, (funding, 25), code="606")
        report = self.report(funding)
        for code in ("p74_commune", "c60_mat"):
            row = report.row_ids.filtered(lambda row, code=code: row.line_id.code == code)
            action = row.sudo().action_open_items()
            items = self.env["account.move.line"].with_context(action["context"]).search(action["domain"])
            self.assertEqual(sum(items.mapped("pope_told")), row.amount, code)

    def test_what_the_books_do_not_say_is_opened_where_it_is_told(self):
        funding = self.file()
        self.spend(900, (funding, 100), code="606")
        report = self.report(funding)
        self.share(report, "ci_fixes", amount=300, rule="Heures")
        report.share_ids.create({"summary_id": report.id, "line_id": self.line("c60_mat"), "amount": 100, "rule": "m²"})
        report.invalidate_recordset()

        def opened(code):
            row = report.row_ids.filtered(lambda row: row.line_id.code == code)
            return row, row.sudo().action_open_items()

        row, action = opened("p74_commune")
        self.assertEqual((row.amount, action["res_model"], action["res_id"]), (4000, "pope.funding", funding.id))
        row, action = opened("ci_fixes")
        shares = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual((row.amount, sum(shares.mapped("amount"))), (300, 300))
        row, action = opened("c60_mat")
        items = self.env["account.move.line"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual((row.amount, sum(items.mapped("pope_told"))), (1000, 900))
        self.assertIn("100,00", action["name"])
        row, action = opened("c62_hono")
        self.assertEqual((row.amount, action["res_model"]), (0, "account.move.line"))

    def line(self, code):
        return self.env.ref(f"pope_crm.summary_line_{code}").id

    def test_an_investment_has_no_such_report(self):
        funding = self.file(nature="investment")
        with self.assertRaisesRegex(ValidationError, "investissement|investment"):
            self.report(funding)

    def test_common_charges_come_by_their_key(self):
        report = self.report()
        row = self.share(report, "ci_fixes", base=12000, share=5, rule="Heures de l'action sur toutes les heures")
        self.assertEqual(row.amount, 600)
        self.assertEqual(self.row(report, "ci_fixes")["this_year"], 600)
        self.assertEqual(self.row(report, "ci")["this_year"], 600, "the class adds its lines up")
        self.assertEqual((self.row(report, "total_c")["budget"], self.row(report, "total_c")["this_year"]), (4000, 600))
        self.assertEqual(self.row(report, "result")["this_year"], 3400)

    def test_contributions_in_kind_are_told_on_both_sides_or_the_control_says_so(self):
        report = self.report()
        self.share(report, "k864", amount=280)
        report.invalidate_recordset(["live_figures"])
        control = {control["check"]: control for control in report._figures()["controls"]}
        self.assertFalse(control["in_kind"]["ok"])
        self.share(report, "k875", amount=280)
        report.invalidate_recordset(["live_figures"])
        self.assertTrue(all(control["ok"] for control in report._figures()["controls"]))

    def test_the_actual_is_what_was_spent_for_the_file(self):
        funding = self.file()
        self.spend(900, (funding, 100), code="606")
        report = self.report(funding)
        self.share(report, "ci_fixes", amount=100, rule="Surface")
        spent = next(control for control in report._figures()["controls"] if control["check"] == "spent")
        self.assertEqual((spent["statement"], spent["ledger"], spent["ok"]), (900, 900, True))
        self.assertEqual(funding.amount_spent, 900)

    def test_the_form_is_in_whole_euros_that_add_up_and_tells_the_surplus(self):
        funding = self.file()
        self.spend(900.4, (funding, 100), code="606")
        self.spend(99.3, (funding, 100), code="6226")
        report = self.report(funding)
        block = report._figures()["form"][0]
        rows = {row["code"]: row["amounts"] for row in block["left"]}
        self.assertEqual(rows["total_c"], [4000, 1000])
        self.assertEqual(rows["c60_mat"][1] + rows["c62_hono"][1], 1000)
        self.assertEqual(block["balance"]["left"]["amounts"], [0, 3000])

    def test_a_line_that_was_not_planned_divides_by_nothing(self):
        funding = self.file()
        self.spend(40, (funding, 100), code="616")
        report = self.report(funding)
        stored = openpyxl.load_workbook(io.BytesIO(report._render_xlsx(report._figures())), data_only=True).worksheets[
            0
        ]
        row = next(row for row in stored.iter_rows() if row[0].value == "Assurance")
        self.assertEqual([row[1].value, row[2].value], [0, 40])
        self.assertFalse(row[3].value)
        html = self.env["ir.actions.report"]._render_qweb_html("pope_crm.report_cerfa_15059", report.ids)[0].decode()
        self.assertIn("Assurance", html)

    # --- Words ---

    def test_what_the_application_said_is_there_to_be_told_again(self):
        report = self.report()
        self.assertEqual(report.report_description, "Des contes en plein air")
        report.report_description = "Douze séances de contes"
        self.assertEqual(report.funding_id.description, "Des contes en plein air")
        self.assertIn("Douze séances", str(report._cerfa_data()["texts"]))

    def test_a_variance_above_ten_percent_is_explained_before_it_is_frozen(self):
        report = self.report().with_user(self.user_manager)
        report.share_ids.filtered(lambda share: share.section == "expense").rule = "Surface"
        with self.assertRaises(UserError):
            report.action_freeze()
        for row in report._figures()["rows"]:
            if row.get("asked"):
                report.comment_ids.create(
                    {"summary_id": report.id, "line_id": row["line_id"], "text": "Action commencée en septembre"}
                )
        report.action_freeze()
        self.assertEqual(report.state, "frozen")
        self.assertIn("septembre", str(report._cerfa_data()["variances"]))

    def explained(self, report):
        """The report with what it asks for, frozen."""
        report.share_ids.filtered(lambda share: share.section == "expense").rule = "Surface"
        for row in report._figures()["rows"]:
            if row.get("asked"):
                report.comment_ids.create({"summary_id": report.id, "line_id": row["line_id"], "text": "Expliqué"})
        report.with_user(self.user_manager).action_freeze()
        return report

    def test_a_common_charge_says_its_key_before_it_is_frozen(self):
        report = self.report()
        for row in report._figures()["rows"]:
            if row.get("asked"):
                report.comment_ids.create({"summary_id": report.id, "line_id": row["line_id"], "text": "Expliqué"})
        with self.assertRaises(UserError) as told:
            report.with_user(self.user_manager).action_freeze()
        self.assertIn("clé", str(told.exception))

    def test_what_was_frozen_changes_no_more(self):
        report = self.explained(self.report())
        with self.assertRaises(ValidationError):
            report.share_ids[0].amount = 12
        with self.assertRaises(UserError):
            report.share_ids[0].unlink()
        with self.assertRaises(UserError):
            report.report_description = "Autre chose"

    # --- From the file to the funder ---

    def test_the_file_opens_its_report_and_makes_none_twice(self):
        funding = self.file()
        first, second = (funding.action_financial_report()["res_id"] for _time in range(2))
        self.assertEqual(first, second)
        self.assertEqual(funding.report_ids.ids, [first])

    def test_a_report_of_a_year_is_of_the_year_that_is_due(self):
        funding = self.file()
        funding.date_to = date(self.year + 1, 6, 30)
        for year in (self.year, self.year + 1):
            self.own("pope.funding.obligation", self.user_pope).create(
                {
                    "funding_id": funding.id,
                    "name": f"Compte rendu {year}",
                    "anchor": "year_end",
                    "months": 6,
                    "date_year": date(year, 12, 31),
                }
            )
        report = self.report(funding)
        self.assertEqual((report.date_from, report.date_to), (self.first, self.last))
        self.assertEqual(report.obligation_id.name, f"Compte rendu {self.year}")

    def test_sent_it_is_done_for_the_funder(self):
        funding = self.file()
        funding.partner_id.email = "ville@example.org"
        obligation = self.own("pope.funding.obligation", self.user_pope).create(
            {"funding_id": funding.id, "name": "Compte rendu", "anchor": "year_end", "months": 6}
        )
        report = self.explained(self.report(funding))
        self.assertEqual(report.obligation_id, obligation)
        action = report.action_send()
        self.assertEqual(len(obligation.attachment_ids), 2, "the workbook and the form to read")
        kept = report.attachment_id + report.paper_id
        self.assertCountEqual(
            obligation.attachment_ids.mapped("checksum"), kept.mapped("checksum"), "those that were frozen"
        )
        self.assertEqual(report.action_send()["context"]["default_attachment_ids"], obligation.attachment_ids.ids)
        composer = self.env["mail.compose.message"].with_user(self.user_pope).with_context(**action["context"])
        composer.create({}).action_send_mail()
        self.assertEqual(obligation.state, "sent")

    def test_the_workbook_adds_up_live_and_its_texts_stay_texts(self):
        funding = self.file()
        self.spend(900, (funding, 100), code="606")
        report = self.report(funding)
        report.report_description = '=HYPERLINK("http://x";"<script>")'
        data = report._render_xlsx(report._figures())
        live, stored = (openpyxl.load_workbook(io.BytesIO(data), data_only=only).worksheets for only in (False, True))
        cell = next(row[2] for row in stored[0].iter_rows() if row[0].value == "TOTAL DES CHARGES")
        self.assertEqual(cell.value, 900)
        self.assertTrue(str(live[0][cell.coordinate].value).startswith("="))
        texts = [cell for row in live[1].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
        self.assertEqual([cell.data_type for cell in texts], ["s"])

    def test_a_holder_s_project_tells_its_own_money(self):
        project = self.project()
        funding = self.file(lead_id=project.id)
        report = self.report(funding)
        self.assertEqual(self.row(report, "total_c")["this_year"], 0, "nothing of the pole's books")

    def test_a_childminder_in_person_sends_no_such_form(self):
        funding = self.fund(person_id=self.awa.id)
        with self.assertRaises(ValidationError):
            funding.action_financial_report()

    def test_an_action_that_has_no_end_yet_is_reported_until_its_year_ends(self):
        funding = self.fund(amount_awarded=100, date_from=date(self.year + 2, 3, 1))
        report = self.report(funding)
        self.assertEqual((report.date_from, report.date_to), (date(self.year + 2, 3, 1), date(self.year + 2, 12, 31)))
