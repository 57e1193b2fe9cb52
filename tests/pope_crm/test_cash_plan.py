"""Twelve months of cash: what moved, by kind; what is to come, counted once; what is left apart; the lowest point."""

import base64
import io
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.pope_crm.xlsx import cash_plan as sheet

from .test_loan import LoanCase


class CashCase(LoanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = cls.day.replace(day=1)
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.pole.id)], limit=1
        )

    def months_on(self, count):
        return self.month + relativedelta(months=count)

    def entry(self, day, *lines):
        """A posted entry of these (code, balance) or (code, balance, partner)."""
        move = self.own("account.move", self.accountant).create(
            {
                "journal_id": self.journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.account(code).id,
                            "balance": balance,
                            "partner_id": partner[0].id if partner else False,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for code, balance, *partner in lines
                ],
            }
        )
        move.action_post()
        return move

    def invoice(self, move_type, amount, due, code):
        move = self.own("account.move", self.accountant).create(
            {
                "move_type": move_type,
                "partner_id": self.lender.id,
                "invoice_date": min(due, self.day),
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Prestation",
                            "price_unit": amount,
                            "account_id": self.account(code).id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def plan(self, user=None, date_from=None):
        self.env.flush_all()
        self.env.invalidate_all()
        pole = self.pole.with_user(user or self.user_pope).with_context(allowed_company_ids=self.pole.ids, lang="fr_FR")
        return pole._pope_cash_plan(date_from)

    def amounts(self, plan, kind, label=None):
        """By month that is not zero: dict first day → amount."""
        found = {}
        for section in plan["sections"]:
            for row in section["rows"]:
                if row["kind"] == kind and label in (None, row["label"]):
                    for month, cell in zip(plan["months"], row["cells"], strict=True):
                        if cell["amount"]:
                            found[month["date"]] = found.get(month["date"], 0) + cell["amount"]
        return found


@tagged("post_install", "-at_install")
class TestCashPlan(CashCase):
    def test_what_moved_is_what_stands_against_cash_by_kind(self):
        past = self.months_on(-2) + timedelta(days=9)
        bank = "512001" if self.account("512001") else "512100"
        self.entry(self.months_on(-8), (bank, 9000), ("110000", -9000))  # the books open: no money moves
        self.entry(past, (bank, 3000), ("441700", -3000, self.funder))
        self.entry(past, (bank, 60), ("756100" if self.account("756100") else "756000", -60))
        self.entry(past, ("421000", 1500), (bank, -1500))
        self.entry(past, ("431000", 700), (bank, -700))
        self.entry(past, ("613200", 800), (bank, -800))
        self.entry(past, ("164000", 100), (bank, -100))
        self.entry(past, (bank, 5000), ("168100", -5000))
        self.entry(past, (bank, 2000), ("519100", -2000))
        self.entry(past, ("606100", 40), ("401100", -40))  # a bill that nobody paid yet
        plan = self.plan()
        month = self.months_on(-2)
        for kind, amount in {
            "grant": 3000,
            "fee": 60,
            "wage": 1500,
            "social": 700,
            "rent": 800,
            "loan_out": 100,
            "loan_in": 7000,
        }.items():
            self.assertEqual(self.amounts(plan, kind).get(month), amount, kind)
        self.assertEqual(self.amounts(plan, "grant", "Région des Vallées"), {month: 3000})
        index = [month["date"] for month in plan["months"]].index(month)
        self.assertEqual((plan["opening"][index], plan["closing"][index]), (9000, 9000 + 6960))
        self.assertEqual([month["state"] for month in plan["months"][:5]], ["actual"] * 3 + ["current", "forecast"])
        ledger = sum(
            self.env["account.move.line"]
            .search([("account_id.code", "=like", "512%"), ("company_id", "=", self.pole.id)])
            .mapped("balance")
        )
        self.assertEqual(plan["closing"][2], ledger)

    def test_only_who_reads_the_books_opens_what_moved(self):
        bank = self.bank.default_account_id.code
        self.entry(self.months_on(-1), (bank, 3000), ("441700", -3000, self.funder))

        def part(user):
            [section, _paid] = self.plan(user)["sections"]
            return section["rows"][0]["cells"][2]["parts"][0]

        self.assertNotIn("model", part(self.user_pope))
        opened = part(self.accountant)
        items = self.own(opened["model"], self.accountant).search(opened["domain"])
        self.assertEqual((items.account_id.code, sum(items.mapped("balance"))), ("441700", -3000))

    def test_an_account_that_was_archived_moved_the_money_that_it_moved(self):
        old = self.account("512001") or self.account("512100")
        old = old.copy({"name": "Ancienne banque", "code": "512997", "company_ids": [Command.set(self.pole.ids)]})
        self.entry(self.months_on(-8), ("512997", 400), ("110000", -400))
        self.entry(self.months_on(-1), (self.bank.default_account_id.code, 400), ("512997", -400))
        old.active = False
        plan = self.plan()
        self.assertEqual(plan["closing"][:4], [400] * 4)
        self.assertFalse(plan["sections"][0]["rows"], "from one bank to another, no money comes in")

    def test_what_a_screen_cannot_ask_is_refused_in_words(self):
        plan = self.own("pope.cash.plan", self.user_pope)
        other = self.env["crm.lead"].create({"name": "Demande", "type": "lead", "company_id": self.pole.id})
        for lead_id in ("1", [1], {"id": 1}, True, -1, 2**40, 2**31 - 1, other.id):
            with self.subTest(lead_id=lead_id), self.assertRaises(UserError):
                plan.get_page(lead_id)
        for day in ("x", "2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", 2026, ["2026-01-01"], {"a": 1}):
            with self.subTest(day=day), self.assertRaises(UserError):
                plan.get_page(False, day)
            with self.subTest(day=day), self.assertRaises(UserError):
                plan.action_download(False, day)
        self.assertEqual(str(plan.get_page(False, "2028-02-29")["months"][0]["date"]), "2028-02-01")

    def test_nobody_else_sees_a_plan(self):
        employee = self._new_user("employee_cash", "base.group_user")
        employee.write({"company_ids": [Command.link(self.pole.id)], "company_id": self.pole.id})
        with self.assertRaises(AccessError):
            self.own("pope.cash.plan", employee).get_page()
        with self.assertRaises(AccessError):
            self.own("pope.cash.plan", employee).action_download()
        elsewhere = self.env["res.company"].sudo().create({"name": "Pôle lointain"})
        self.user_manager.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        self.own("pope.cash.forecast", self.user_pope).create({"name": "Travaux", "amount": 700})
        project = self.project()
        there = self.env["pope.cash.plan"].with_user(self.user_manager)
        there = there.with_context(allowed_company_ids=elsewhere.ids)
        self.assertEqual(set(there.get_page()["closing"]), {0})
        with self.assertRaises(AccessError):
            there.get_page(project.id)

    def test_open_invoices_and_bills_fall_on_their_due_date_and_late_ones_now(self):
        self.invoice("out_invoice", 900, self.months_on(2) + timedelta(days=4), "706000")
        self.invoice("out_invoice", 100, self.day - timedelta(days=40), "706000")
        self.invoice("in_invoice", 300, self.months_on(1) + timedelta(days=4), "606100")
        self.invoice("in_invoice", 500, self.months_on(1) + timedelta(days=4), "613200")
        plan = self.plan()
        self.assertEqual(self.amounts(plan, "service"), {self.month: 100, self.months_on(2): 900})
        self.assertEqual(self.amounts(plan, "purchase"), {self.months_on(1): 300})
        self.assertEqual(self.amounts(plan, "rent"), {self.months_on(1): 500})

    def test_bills_that_are_paid_say_what_was_rent(self):
        bill = self.invoice("in_invoice", 500, self.day - timedelta(days=40), "613200")
        other = self.invoice("in_invoice", 80, self.day - timedelta(days=40), "606100")
        for move in bill | other:
            payment = self.own("account.payment.register", self.accountant).with_context(
                active_model="account.move", active_ids=move.ids
            )
            payment.create({"payment_date": self.months_on(-1), "journal_id": self.bank.id}).action_create_payments()
        plan = self.plan()
        moved = {kind: self.amounts(plan, kind).get(self.months_on(-1), 0) for kind in ("rent", "purchase")}
        self.assertEqual(moved, {"rent": 500, "purchase": 80})

    def test_grants_awaited_count_once_and_some_stay_apart(self):
        first = self.awarded(1000, 500)
        first.instalment_ids[0].date_expected = self.day - timedelta(days=70)
        first.instalment_ids[1].date_expected = self.months_on(3)
        waits = self.awarded(2000, condition_pending=True)
        given = self.awarded(4000)
        self.loan(pledge_ids=[Command.create({"funding_id": given.id, "date_assigned": self.day})])
        undated = self.awarded(70)
        undated.instalment_ids.date_expected = False
        bare = self.funding(state="awarded", amount_awarded=90)
        self.awarded(8000, lead_id=self.project().id)
        self.awarded(9000, nature="loan")
        plan = self.plan()
        self.assertEqual(self.amounts(plan, "grant"), {self.month: 1000, self.months_on(3): 500})
        self.assertEqual(sorted(line["amount"] for line in plan["apart"]), [70, 90, 2000, 4000])
        reasons = {line["amount"]: line["why"] for line in plan["apart"]}
        self.assertIn("Dailly", reasons[4000])
        self.assertEqual(plan["apart"][-1]["part"]["ids"], bare.ids)
        self.assertTrue(waits and undated)

    def test_loans_to_come_and_those_that_grants_pay_back(self):
        self.loan(rate=12, date_start=self.day, months=2)
        self.loan(amount=600, date_start=self.months_on(2), months=1)
        self.loan(amount=7777, state="requested")
        self.loan(amount=8888, lead_id=self.project().id)
        plan = self.plan()
        self.assertEqual(self.amounts(plan, "loan_in"), {self.months_on(2): 600})
        out = self.amounts(plan, "loan_out")
        self.assertEqual(sum(out.values()), 1000 + 15 + 600)

    def test_a_bridge_loan_goes_out_when_its_grants_come_in(self):
        loan = self.bridge(3000, 1000)
        expected = self.months_on(2) + timedelta(days=9)
        mine, theirs = loan.pledge_ids
        mine.funding_id.instalment_ids.date_expected = expected
        theirs.funding_id.instalment_ids.date_expected = expected
        theirs.date_assigned = self.day
        plan = self.plan()
        self.assertEqual(self.amounts(plan, "grant"), {self.months_on(2): 3000})
        out = self.amounts(plan, "loan_out")
        self.assertEqual(out.pop(self.months_on(2)), 3000)
        self.assertFalse(out, "the rest is due after the plan ends, and the assigned grant is no money of the pole")

    def test_lines_typed_come_back_and_stop(self):
        own = self.own("pope.cash.forecast", self.user_pope)
        own.create(
            [
                {"name": "Loyer", "kind": "rent", "amount": 700, "date": self.months_on(1), "recurrence": "monthly"},
                {
                    "name": "Don",
                    "kind": "other_in",
                    "amount": 50,
                    "date": self.months_on(1),
                    "recurrence": "quarterly",
                    "date_until": self.months_on(5),
                },
            ]
        )
        own.create({"name": "Leur loyer", "kind": "rent", "amount": 1, "lead_id": self.project().id})
        plan = self.plan()
        self.assertEqual(self.amounts(plan, "rent", "Loyer"), {self.months_on(count): 700 for count in range(1, 9)})
        self.assertEqual(self.amounts(plan, "other_in"), {self.months_on(1): 50, self.months_on(4): 50})
        with self.assertRaises(ValidationError):
            own.create({"name": "Banque", "kind": "balance", "amount": 1, "date": self.day + timedelta(days=1)})

    def test_the_cash_there_is_is_typed_where_no_books_tell_it(self):
        plan = self.plan()
        self.assertEqual(plan["closing"][0], 0)
        self.assertEqual(plan["months"][0]["state"], "unknown")
        self.assertIn("relevé bancaire", plan["rules"][0])
        self.own("pope.cash.forecast", self.user_pope).create(
            {"name": "Relevé", "kind": "balance", "amount": 1234.5, "date": self.day - timedelta(days=1)}
        )
        self.assertEqual(set(self.plan()["closing"]), {1234.5})
        bank = self.bank.default_account_id.code
        self.entry(self.day - timedelta(days=2), (bank, 77), ("756000" if self.account("756000") else "756100", -77))
        self.assertEqual(self.plan()["closing"][3], 1234.5, "what moved before is in the statement already")
        self.entry(self.day, (bank, 5.5), ("756000" if self.account("756000") else "756100", -5.5))
        self.assertEqual(self.plan()["closing"][3], 1240)

    def test_a_budget_counts_for_what_is_not_known_yet(self):
        line = self.env["pope.summary.line"].search([("code", "=", "c61_loc")], limit=1)
        years = [self.pole.compute_fiscalyear_dates(self.month + relativedelta(years=count)) for count in (0, 1)]
        for year in years:
            self.env["pope.budget"].create(
                {
                    "kind": "year",
                    "company_id": self.pole.id,
                    "date_from": year["date_from"],
                    "date_to": year["date_to"],
                    "line_ids": [Command.create({"line_id": line.id, "amount": 12000, "is_monthly": True})],
                }
            )
        self.invoice("in_invoice", 300, self.months_on(1) + timedelta(days=4), "613200")
        self.own("pope.cash.forecast", self.user_pope).create(
            {"name": "Loyer doublé", "kind": "rent", "amount": 2000, "date": self.months_on(2)}
        )
        bank = self.bank.default_account_id.code
        self.entry(self.month, ("613200", 400), (bank, -400))
        plan = self.plan()
        rents = self.amounts(plan, "rent")
        self.assertEqual(rents[self.month], 1000, "400 paid, 600 to come")
        self.assertEqual(rents[self.months_on(1)], 1000, "300 billed, 700 planned")
        self.assertEqual(rents[self.months_on(2)], 2000, "what is typed takes the place of the budget")
        self.assertEqual(rents[self.months_on(3)], 1000)

    def test_wages_that_are_booked_and_not_paid(self):
        bank = self.bank.default_account_id.code
        self.entry(self.months_on(-1), (bank, 10), ("756000" if self.account("756000") else "756100", -10))
        self.entry(self.day, ("641100", 2000), ("421000", -1500), ("431000", -500))
        plan = self.plan()
        self.assertEqual(self.amounts(plan, "wage"), {self.month: 1500})
        self.assertEqual(self.amounts(plan, "social"), {self.month: 500})

    def accept_fec(self, year, lines):
        books = self.env["pope.books"].create(
            {
                "file": base64.b64encode("\r\n".join(lines).encode()),
                "file_name": "fec.txt",
                "company_id": self.pole.id,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
            }
        )
        books.action_check()
        books.action_accept()
        return books

    def test_a_payment_to_a_supplier_is_told_by_its_bill(self):
        year = self.day.year - 1
        rows = [
            # matched: rent and water on one bill, a purchase on the other of the same supplier
            ("AC", "1", f"{year}0105", "613200", "", "900,00", "0,00", ""),
            ("AC", "1", f"{year}0105", "606100", "", "100,00", "0,00", ""),
            ("AC", "1", f"{year}0105", "401000", "Bailleur des Lilas", "0,00", "1000,00", "AA"),
            ("AC", "2", f"{year}0106", "606400", "", "500,00", "0,00", ""),
            ("AC", "2", f"{year}0106", "401000", "Bailleur des Lilas", "0,00", "500,00", "AB"),
            ("BQ", "1", f"{year}0210", "401000", "Bailleur des Lilas", "1000,00", "0,00", "AA"),
            ("BQ", "1", f"{year}0210", "512000", "", "0,00", "1000,00", ""),
            ("BQ", "2", f"{year}0310", "401000", "Bailleur des Lilas", "500,00", "0,00", "AB"),
            ("BQ", "2", f"{year}0310", "512000", "", "0,00", "500,00", ""),
            # not matched: what the supplier bills over the year
            ("AC", "3", f"{year}0107", "613500", "", "300,00", "0,00", ""),
            ("AC", "3", f"{year}0107", "401000", "Loueur", "0,00", "300,00", ""),
            ("BQ", "3", f"{year}0410", "401000", "Loueur", "250,00", "0,00", ""),
            ("BQ", "3", f"{year}0410", "512000", "", "0,00", "250,00", ""),
            # neither: a purchase, as the rules of the plan say
            ("BQ", "4", f"{year}0510", "401000", "", "80,00", "0,00", ""),
            ("BQ", "4", f"{year}0510", "512000", "", "0,00", "80,00", ""),
        ]
        head = (
            "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|"
            "PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
        )
        lines = [
            f"{journal}|{journal}|{number}|{day}|{code}|Compte|{'A' if partner else ''}|{partner}|P|{day}|Écriture|"
            f"{debit}|{credit}|{letter}||{day}||"
            for journal, number, day, code, partner, debit, credit, letter in rows
        ]
        self.assertEqual(self.accept_fec(year, [head, *lines]).state, "accepted")
        plan = self.plan(date_from=self.day.replace(year=year, month=2, day=1))
        months = {number: self.day.replace(year=year, month=number, day=1) for number in range(2, 6)}
        self.assertEqual(self.amounts(plan, "rent"), {months[2]: 900, months[4]: 250})
        self.assertEqual(self.amounts(plan, "purchase"), {months[2]: 100, months[3]: 500, months[5]: 80})
        self.assertIn("fournisseur", " ".join(plan["rules"]))

    def test_the_same_money_in_books_kept_elsewhere(self):
        year = self.day.year - 1
        rows = [
            ("AN", "1", f"{year}0101", "110000", "", "0,00", "500,00"),
            ("AN", "1", f"{year}0101", "512000", "", "500,00", "0,00"),
            ("BQ", "1", f"{year}0310", "512000", "", "900,00", "0,00"),
            ("BQ", "1", f"{year}0310", "441700", "Région des Vallées", "0,00", "900,00"),
            ("BQ", "2", f"{year}0312", "421000", "", "300,00", "0,00"),
            ("BQ", "2", f"{year}0312", "512000", "", "0,00", "300,00"),
            ("OD", "1", f"{year}0331", "641100", "", "800,00", "0,00"),
            ("OD", "1", f"{year}0331", "421000", "", "0,00", "800,00"),
        ]
        head = (
            "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|"
            "PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
        )
        lines = [
            f"{journal}|{journal}|{number}|{day}|{code}|Compte|{'A' if partner else ''}|{partner}|P|{day}|Écriture|"
            f"{debit}|{credit}|||{day}||"
            for journal, number, day, code, partner, debit, credit in rows
        ]
        books = self.accept_fec(year, [head, *lines])
        self.assertEqual(books.state, "accepted")
        plan = self.plan(date_from=self.day.replace(year=year, month=1, day=1))
        march = self.day.replace(year=year, month=3, day=1)
        self.assertEqual(self.amounts(plan, "grant", "Région des Vallées"), {march: 900})
        self.assertEqual(self.amounts(plan, "wage"), {march: 300})
        self.assertEqual((plan["opening"][0], plan["closing"][0], plan["closing"][2]), (500, 500, 1100))
        self.assertEqual(self.plan()["opening"][0], 1100)
        bank = self.bank.default_account_id.code
        self.entry(self.day.replace(month=1, day=1), (bank, 1100), ("110000", -1100))  # the next year opens
        self.entry(self.day, ("613200", 100), (bank, -100))
        self.assertEqual(self.plan()["closing"][-1], 1000)

    def test_the_lowest_point_and_a_plan_that_begins_later(self):
        own = self.own("pope.cash.forecast", self.user_pope)
        own.create(
            [
                {"name": "Relevé", "kind": "balance", "amount": 100, "date": self.day - timedelta(days=1)},
                {"name": "Travaux", "kind": "purchase", "amount": 900, "date": self.months_on(2)},
                {"name": "Don", "kind": "other_in", "amount": 1000, "date": self.months_on(4)},
            ]
        )
        plan = self.plan()
        self.assertEqual(plan["minimum"]["amount"], -800)
        self.assertEqual(plan["months"][plan["minimum"]["index"]]["date"], self.months_on(2))
        later = self.plan(date_from=self.months_on(3))
        self.assertEqual((later["opening"][0], later["closing"][-1]), (-800, 200))

    def test_the_plan_of_a_project_goes_to_a_year_after_it_opens(self):
        project = self.project()
        project.pope_opening_target = self.months_on(4)
        funding = self.awarded(2000, 1000, lead_id=project.id)
        funding.instalment_ids[0].write({"amount_typed": 2000, "date_typed": self.months_on(-1)})
        funding.instalment_ids[1].date_expected = self.months_on(6)
        self.loan(lead_id=project.id, state="requested", amount=1200, months=12, date_start=self.months_on(2))
        self.own("pope.cash.forecast", self.user_pope).create(
            {"name": "Devis", "kind": "purchase", "amount": 300, "date": self.months_on(-2), "lead_id": project.id}
        )
        plan_line = self.env["pope.summary.line"].search([("code", "=", "n_works")], limit=1)
        budget = {"lead_id": project.id, "company_id": self.pole.id}
        self.env["pope.budget"].create(
            {**budget, "kind": "plan", "line_ids": [Command.create({"line_id": plan_line.id, "amount": 5000})]}
        )
        rent = self.env["pope.summary.line"].search([("code", "=", "c61_loc")], limit=1)
        self.env["pope.budget"].create(
            {**budget, "kind": "project", "line_ids": [Command.create({"line_id": rent.id, "amount_1": 1200})]}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        plan = project.with_user(self.user_pope)._pope_cash_plan()
        dates = [month["date"] for month in plan["months"]]
        self.assertEqual((dates[0], dates[-1]), (self.months_on(-2), self.months_on(16)))
        self.assertEqual(self.amounts(plan, "grant"), {self.months_on(-1): 2000, self.months_on(6): 1000})
        self.assertEqual(self.amounts(plan, "loan_in"), {self.months_on(2): 1200})
        self.assertEqual(self.amounts(plan, "purchase"), {self.months_on(-2): 300, self.months_on(3): 5000})
        self.assertEqual(sum(self.amounts(plan, "rent").values()), 1200)
        self.assertEqual(min(self.amounts(plan, "rent")), self.months_on(4))
        self.assertEqual(self.plan()["sections"][0]["rows"], [], "nothing of it is the pole's")

    def test_a_plan_of_many_records_asks_no_more_than_one_of_few(self):
        def ask():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.own("pope.cash.plan", self.user_pope).get_page()
            return self.env.cr.sql_log_count - before

        def more(count):
            for number in range(count):
                self.bridge(100, amount=120)
                self.loan()
                self.own("pope.cash.forecast", self.user_pope).create({"name": f"Ligne {number}", "amount": 5})

        more(5)
        ask()
        few = ask()
        more(30)
        self.assertEqual(ask(), few)
        self.assertLess(few, 90)


@tagged("post_install", "-at_install")
class TestCashSheet(CashCase):
    def test_the_sheet_says_what_the_screen_says(self):
        own = self.own("pope.cash.forecast", self.user_pope)
        own.create(
            [
                {"name": "Relevé", "kind": "balance", "amount": 100, "date": self.day - timedelta(days=1)},
                {"name": '=HYPERLINK("x")', "kind": "purchase", "amount": 900.5, "date": self.months_on(2)},
                {"name": "x" * 300, "kind": "other_in", "amount": 1000, "date": self.months_on(4)},
            ]
        )
        plans = self.own("pope.cash.plan", self.user_pope)
        action = plans.action_download()
        attachment = self.env["ir.attachment"].search(
            [("create_uid", "=", self.user_pope.id)], order="id desc", limit=1
        )
        self.assertIn(str(attachment.id), action["url"])
        self.assertIn("Plan de trésorerie", attachment.name)
        values = load_workbook(io.BytesIO(attachment.raw), data_only=True).active
        formulas = load_workbook(io.BytesIO(attachment.raw)).active
        rows = {row[0].value: row for row in values.iter_rows() if row[0].value}
        self.assertEqual(rows["Trésorerie en fin de mois"][1].value, 100)
        plan = plans.get_page()
        self.assertEqual([cell.value for cell in rows["Trésorerie en fin de mois"][1:13]], plan["closing"])
        self.assertEqual([cell.value for cell in rows["Trésorerie en début de mois"][1:13]], plan["opening"])
        closing = formulas.cell(rows["Trésorerie en fin de mois"][1].row, 3).value
        self.assertTrue(closing.startswith("=ROUND("))
        self.assertIn('Achats et prestations – =HYPERLINK("x")', rows)
        self.assertIn("Point le plus bas", values["A4"].value)
        self.assertIn("Prévu", values.cell(6, 9).value)
        again = plans.action_download()
        self.assertEqual(again["url"], action["url"])

    def test_the_same_data_gives_the_same_bytes(self):
        plans = self.own("pope.cash.plan", self.user_pope)
        data = plans._workbook_data(plans.get_page() | {"today": self.day})
        self.assertEqual(sheet.write(data), sheet.write(data))
