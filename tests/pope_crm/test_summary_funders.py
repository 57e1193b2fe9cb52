"""Class 74 goes by the kind of funder where an entry is charged to a funding file, else by account."""

from odoo.tests import tagged

from .test_books import BooksCase
from .test_financial_summary import FinanceCase


class FunderCase(FinanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("741000", "747000", "755110"):
            cls.create_account(code, "income")
        cls.files = {
            kind: cls.create_file(kind) for kind in ("municipal", "inter_municipal", "department", "foundation")
        }

    @classmethod
    def create_file(cls, kind, **values):
        role = cls.env["pope.partner.role"].search([("code", "=", kind)])
        funder = cls.env["res.partner"].create(
            {"name": f"Financeur {kind}", "is_company": True, "pope_role_ids": role.ids}
        )
        file = cls.env["pope.funding"].create(
            {"name": f"Dossier {kind}", "partner_id": funder.id, "company_id": cls.pole.id, **values}
        )
        file._make_analytic_account()
        return file

    @classmethod
    def charge(cls, code, balance, shares, day="2026-03-15", post=True):
        """An entry whose line on this account is charged to files: dict kind → percentage."""
        move = cls.book(code, balance, day, post=False)
        item = move.line_ids.filtered(lambda line: line.account_id == cls.accounts[cls.pole, code])
        item.analytic_distribution = {
            str(cls.files[kind].analytic_account_id.id): share for kind, share in shares.items()
        }
        if post:
            move.action_post()
        cls.env.invalidate_all()
        return item


@tagged("post_install", "-at_install")
class TestGrantsByFunder(FunderCase):
    def test_a_grant_goes_to_the_line_of_its_funder_whatever_the_account(self):
        self.charge("741500", -1000, {"municipal": 100})
        self.charge("741000", -700, {"inter_municipal": 100})
        self.assertEqual((self.amount("p74_commune"), self.amount("p74_epci")), (1000, 700))
        self.assertEqual((self.amount("p74_orgsoc"), self.amount("p74_autres")), (0, 0))
        self.assertEqual((self.amount("p74"), self.amount("total_p")), (1700, 1700))
        self.assertTrue(all(control["ok"] for control in self.summary.live_figures["controls"]))

    def test_what_is_charged_to_nobody_stays_by_account_and_a_rest_is_missing_data(self):
        self.charge("741500", -1000, {"municipal": 60, "department": 25})
        self.charge("741000", -300, {"department": 50})
        self.assertEqual((self.amount("p74_commune"), self.amount("p74_dept")), (600, 400))
        self.assertEqual((self.amount("p74_orgsoc"), self.amount("p74_autres")), (150, 150))
        self.assertTrue(self.row("p74_autres").is_missing_data)
        self.assertIn(self.row("p74_autres").name, self.summary.controls_html)

    def test_a_funder_of_no_kind_leaves_the_grant_to_its_account(self):
        self.files["municipal"].partner_id.pope_role_ids = False
        self.charge("741500", -1000, {"municipal": 100})
        self.assertEqual((self.amount("p74_commune"), self.amount("p74_orgsoc")), (0, 1000))

    def test_the_kind_of_the_scheme_counts_before_that_of_the_contact(self):
        self.files["municipal"].scheme_id = self.env["pope.funding.scheme"].create(
            {"name": "Cité éducative", "role_id": self.env.ref("pope_crm.role_state").id}
        )
        self.charge("741500", -1000, {"municipal": 100})
        self.assertEqual((self.amount("p74_etat"), self.amount("p74_commune")), (1000, 0))

    def test_each_year_has_its_own_funders(self):
        self.charge("741500", -1000, {"municipal": 100})
        self.charge("741500", -900, {"department": 100}, "2025-06-30")
        self.assertEqual((self.amount("p74_commune"), self.row("p74_commune").amount_previous), (1000, 0))
        self.assertEqual((self.amount("p74_dept"), self.row("p74_dept").amount_previous), (0, 900))

    def test_charges_and_drafts_move_nothing(self):
        self.charge("613200", 400, {"municipal": 100})
        self.charge("741500", -1000, {"municipal": 100}, post=False)
        self.assertEqual((self.amount("p74_commune"), self.amount("p74")), (0, 0))
        self.assertEqual(self.amount("c61_loc"), 400)

    def test_aid_of_a_foundation_booked_in_75_shows_once_under_private_aid(self):
        self.charge("755110", -2000, {"foundation": 100})
        self.charge("755110", -50, {"department": 100})
        self.book("755110", -30)
        self.assertEqual((self.amount("p74_prive"), self.amount("p75_autres")), (2000, 80))
        self.assertEqual((self.amount("p74"), self.amount("p75"), self.amount("total_p")), (2000, 80, 2080))
        self.env.ref("pope_crm.summary_line_p74_prive").funder_prefixes = False
        self.env.invalidate_all()
        self.assertEqual((self.amount("p74_prive"), self.amount("p75_autres")), (0, 2080))
        self.assertEqual(self.amount("total_p"), 2080)

    def test_a_file_that_is_taken_back_by_entry_lowers_the_line_of_its_funder(self):
        self.charge("741500", -1000, {"municipal": 100})
        self.charge("741500", 200, {"municipal": 100})
        self.assertEqual((self.amount("p74_commune"), self.amount("p74_orgsoc")), (800, 0))

    def test_another_company_s_files_are_not_these(self):
        self.charge("741500", -1000, {"municipal": 100})
        summary = self.create_summary(company_id=self.other.id)
        self.assertEqual(self.amount("p74_commune", summary), 0)

    def test_a_line_opens_the_items_of_its_funder(self):
        town = self.charge("741500", -1000, {"municipal": 100})
        both = self.charge("741500", -500, {"municipal": 40})
        plain = self.book("741500", -70).line_ids.filtered("credit")
        private = self.charge("755110", -2000, {"foundation": 100})

        def opened(code):
            return self.env["account.move.line"].search(self.row(code).action_open_items()["domain"])

        self.assertEqual(opened("p74_commune"), town + both)
        self.assertEqual(opened("p74_orgsoc"), both + plain)
        self.assertEqual(opened("p74_prive"), private)
        self.assertFalse(opened("p75"))
        self.assertEqual(opened("p74"), town + both + plain + private)
        self.assertEqual(-sum(opened("result").mapped("balance")), self.summary.result)

    def test_what_is_opened_adds_up_to_the_figure(self):
        """An item that is charged in part stands behind two lines, with its share on each."""
        self.charge("741500", -1000, {"municipal": 60, "department": 25})
        self.charge("741500", -333.33, {"municipal": 33})
        self.charge("755110", -2000, {"foundation": 70})
        self.book("741500", -70)
        self.book("613200", 480.5)
        self.charge("741500", -900, {"municipal": 50}, "2025-06-30")
        codes = ("p74_commune", "p74_dept", "p74_orgsoc", "p74_prive", "p75_autres", "p74", "p75", "c61_loc")
        for code in (*codes, "total_p", "total_c", "result"):
            for action, figure in (
                (self.row(code).action_open_items(), self.row(code).amount),
                (self.row(code).action_open_items_previous(), self.row(code).amount_previous),
            ):
                items = self.env["account.move.line"].with_context(action["context"]).search(action["domain"])
                self.assertAlmostEqual(sum(items.mapped("pope_told")), figure, 2, code)
        town = self.row("p74_commune").action_open_items()
        items = self.env["account.move.line"].with_context(town["context"]).search(town["domain"], order="id")
        self.assertEqual(items.mapped("pope_told"), [600, 110])
        self.assertEqual(items.mapped("balance"), [-1000, -333.33])
        self.assertEqual([mode for _view, mode in town["views"]], ["list"])
        rent = self.row("c61_loc").action_open_items()
        self.assertEqual([mode for _view, mode in rent["views"]], ["list"], "the files of the year may share it")

    def test_a_list_of_items_costs_the_same_for_ten_and_a_hundred(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            action = self.row("p74").action_open_items()
            items = self.env["account.move.line"].with_context(action["context"]).search(action["domain"])
            items.fetch(["balance", "account_id", "company_id"])
            before = self.env.cr.sql_log_count
            items.mapped("pope_told")
            return self.env.cr.sql_log_count - before

        for _number in range(10):
            self.charge("741500", -1, {"department": 50})
        cost()
        ten = cost()
        for _number in range(90):
            self.charge("741500", -1, {"department": 50})
        self.assertEqual(cost(), ten)

    def test_ten_and_a_hundred_files_cost_the_same(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.summary.row_ids.mapped("amount")
            return self.env.cr.sql_log_count - before

        for number in range(10):
            self.files[number] = self.create_file("department")
            self.charge("741500", -1, {number: 100})
        cost()
        ten = cost()
        for number in range(10, 100):
            self.files[number] = self.create_file("department")
            self.charge("741500", -1, {number: 100})
        cost()
        self.assertEqual(cost(), ten)
        self.assertEqual(self.amount("p74_dept"), 100)


@tagged("post_install", "-at_install")
class TestChartsAlike(FunderCase):
    def test_the_french_chart_and_one_of_equity_typed_accounts_give_the_same_statement(self):
        """Accounts are told by their numbers: charts of associations type 73, 7551, 6894, 86 and 87 as equity."""
        codes = ("613200", "641100", "689400", "741500", "755110", "789400", "864000", "875000")
        for code in codes:
            if (self.pole, code) not in self.accounts:
                off = code[0] == "8"
                self.create_account(code, "off_balance" if off else "expense" if code[0] == "6" else "income")
        for code in codes:
            if (self.other, code) not in self.accounts:
                self.create_account(code, "off_balance" if code[0] == "8" else "equity", self.other)
        for company in (self.pole, self.other):
            for code, balance, counterpart in (
                ("613200", 480.5, "512000"),
                ("641100", 3000, "512000"),
                ("689400", 250, "512000"),
                ("741500", -5000, "512000"),
                ("755110", -800, "512000"),
                ("789400", -90.25, "512000"),
                ("864000", 600, "875000"),
            ):
                self.book(code, balance, company=company, counterpart=counterpart)
        here, there = (self.create_summary(company_id=company.id) for company in (self.pole, self.other))
        fields = ("code", "this_year", "last_year")
        statements = [
            [[row[field] for field in fields] for row in summary.live_figures["rows"]] for summary in (here, there)
        ]
        self.assertEqual(statements[0], statements[1])
        self.assertEqual(self.amount("total_p", there), 5890.25)
        self.assertEqual(here.live_figures["controls"], there.live_figures["controls"])
        self.assertFalse(there.unmapped_count)


@tagged("post_install", "-at_install")
class TestFundersOfImportedBooks(BooksCase):
    def test_a_grant_of_imported_books_that_is_charged_goes_to_its_funder(self):
        self.accepted()
        role = self.env.ref("pope_crm.role_department")
        funder = self.env["res.partner"].create({"name": "Le département", "pope_role_ids": role.ids})
        funding = self.env["pope.funding"].create(
            {"name": "Coordination", "partner_id": funder.id, "company_id": self.pole.id}
        )
        grant = self.env["pope.books.line"].search([("account_code", "=", "741500"), ("company_id", "=", self.pole.id)])
        self.assertEqual((self.amount("p74_orgsoc", self.past), self.amount("p74_dept", self.past)), (40000, 0))
        self.env["pope.books.charge"]._charge(grant, funding, 0.25)
        self.env.invalidate_all()
        self.assertEqual((self.amount("p74_orgsoc", self.past), self.amount("p74_dept", self.past)), (30000, 10000))
        self.assertEqual(funding._spent("2025-01-01", "2025-12-31"), {funding: 0}, "a grant is not spent")

        def opened(code):
            return self.env["pope.books.line"].search(self.row(code, self.past).action_open_items()["domain"])

        self.assertEqual((opened("p74_dept"), opened("p74_orgsoc")), (grant, grant))
        for code, figure in (("p74_dept", 10000), ("p74_orgsoc", 30000), ("p74", 40000)):
            action = self.row(code, self.past).action_open_items()
            lines = self.env["pope.books.line"].with_context(action["context"]).search(action["domain"])
            self.assertEqual(sum(lines.mapped("told")), figure)
        self.env["pope.books.charge"]._charge(grant, funding, 1)
        self.env.invalidate_all()
        self.assertEqual((opened("p74_dept"), opened("p74_orgsoc")), (grant, grant.browse()))
