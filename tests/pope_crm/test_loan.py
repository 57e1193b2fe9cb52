"""A loan from what the lender grants to what is paid back: schedule, pledged grants, coverage."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_funding_award import GrantCase


class LoanCase(GrantCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lender = cls.env["res.partner"].create({"name": "Fonds solidaire des Vallées", "is_company": True})

    def loan(self, user=None, **values):
        return self.own("pope.loan", user or self.user_pope).create(
            {
                "name": "Prêt des Vallées",
                "partner_id": self.lender.id,
                "amount": 1000,
                "date_start": self.day - relativedelta(months=2),
                "months": 10,
                "state": "granted",
                **values,
            }
        )

    def bridge(self, *amounts, amount=5000, **values):
        """A bridge loan, and the grants that it waits for, of these amounts."""
        fundings = self.env["pope.funding"].concat(*(self.awarded(each) for each in amounts))
        pledges = [Command.create({"funding_id": funding.id}) for funding in fundings]
        return self.loan(amount=amount, method="on_grants", months=18, pledge_ids=pledges, **values)


@tagged("post_install", "-at_install")
class TestLoan(LoanCase):
    def test_the_terms_make_the_schedule_as_they_are_typed(self):
        with Form(self.own("pope.loan", self.user_pope)) as form:
            form.partner_id = self.lender
            form.amount = 1000
            form.months = 3
            self.assertEqual(len(form.line_ids), 3)
            form.rate = 6
            form.months = 4
            self.assertEqual(len(form.line_ids), 4)
        loan = form.save()
        self.assertEqual(loan.line_ids.mapped("capital"), [250] * 4)
        self.assertEqual(loan.line_ids.mapped("interest"), [5, 3.75, 2.5, 1.25])
        self.assertEqual(loan.line_ids.mapped("closing"), [750, 500, 250, 0])
        self.assertEqual(loan.name, self.lender.name)
        self.assertEqual(loan.date_end, loan.line_ids[-1].date)
        self.assertEqual((loan.state, loan.amount_outstanding), ("requested", 0))

    def test_the_kind_of_loan_brings_its_rhythm_and_its_caps_warn(self):
        product = self.env["pope.loan.product"].create(
            {
                "name": "Avance des Vallées",
                "method": "in_fine",
                "period": "3",
                "amount_max": 800,
                "months_max": 6,
                "grace_min": 3,
                "has_rates": True,
                "rate_max": 2,
            }
        )
        loan = self.loan(product_id=product.id, months=12, rate=3)
        self.assertEqual((loan.method, loan.period, len(loan.line_ids)), ("in_fine", "3", 4))
        told = loan.with_context(lang="fr_FR").alert_note
        for words in ("800,00", "6 mois", "3 mois", "2,00"):
            self.assertIn(words, told)
        loan.write({"product_id": False, "rate": 0})
        self.assertFalse(loan.alert_note)

    def test_what_is_paid_stays_when_the_terms_change(self):
        loan = self.loan()
        first, second = loan.line_ids[:2]
        (first | second).action_paid()
        self.assertEqual((first.is_paid, first.date_paid), (True, first.date))
        self.assertEqual((loan.amount_repaid, loan.amount_outstanding), (200, 800))
        loan.write({"amount": 1800, "rate": 1})
        self.assertEqual(loan.line_ids[:2], first | second)
        self.assertEqual(first.capital, 100)
        self.assertEqual(sum(loan.line_ids.mapped("capital")), 1800)
        self.assertEqual(len(loan.line_ids), 10)
        with self.assertRaises(ValidationError):
            loan.period = "3"
        with self.assertRaises(ValidationError):
            loan.amount = 150

    def test_terms_that_make_no_loan_are_refused_in_words(self):
        for values, words in (
            ({"months": 0}, "durée"),
            ({"months": -3}, "durée"),
            ({"months": 10, "period": "3"}, "durée"),
            ({"rate": 101}, "taux"),
            ({"rate": -1}, "taux"),
            ({"grace_months": 10}, "différé"),
            ({"insurance": -5}, "assurance"),
            ({"amount": 10**12}, "montant"),
        ):
            with self.assertRaises(ValidationError, msg=values) as refused:
                self.loan(**values)
            self.assertIn(words, str(refused.exception).lower())

    def test_a_loan_that_is_paid_is_repaid_and_never_deleted(self):
        manager = self.user_manager
        manager.write({"company_ids": [Command.link(self.pole.id)]})
        loan = self.loan()
        loan.line_ids.action_paid()
        self.assertEqual((loan.state, loan.amount_outstanding), ("repaid", 0))
        loan.line_ids[-1].action_unpaid()
        self.assertEqual((loan.state, loan.amount_outstanding), ("granted", 100))
        with self.assertRaises(UserError):
            loan.action_drop()
        for records in (loan, loan.line_ids[0]):
            with self.assertRaises(UserError):
                records.with_user(manager).unlink()
        other = self.loan()
        other.with_user(manager).unlink()
        self.assertFalse(other.exists())

    def test_the_next_instalment_and_the_late_one(self):
        loan = self.loan(rate=12)
        self.assertEqual(loan.date_next, loan.line_ids[0].date)
        self.assertEqual((loan.amount_next, loan.is_late), (110, True))
        loan.line_ids[:2].action_paid()
        self.assertEqual((loan.date_next, loan.is_late), (loan.line_ids[2].date, False))

    def test_nothing_is_ticked_before_its_day_comes(self):
        loan = self.loan()
        with self.assertRaises(ValidationError):
            loan.line_ids[-1].date_typed = self.day + timedelta(days=1)
        loan.line_ids[-1].action_paid()
        self.assertEqual(loan.line_ids[-1].date_paid, self.day)

    def test_money_that_comes_in_several_times(self):
        loan = self.loan(
            draw_ids=[
                Command.create({"date": self.day - timedelta(days=30), "amount": 300}),
                Command.create({"date": self.day + timedelta(days=30), "amount": 500}),
            ]
        )
        self.assertEqual((loan.amount_drawn, loan.amount_outstanding), (300, 300))
        self.assertEqual(round(sum(loan.line_ids.mapped("capital")), 2), 800, "what is drawn is what is paid back")
        self.assertEqual(loan.line_ids.sorted()[-1].closing, 0)
        later = loan.draw_ids.sorted("date")[-1]
        before = loan.line_ids.filtered(lambda line: line.date < later.date).sorted()
        if before:
            self.assertEqual(before[0].opening, 300, "the second draw had not come")
        later.amount = 700
        self.assertEqual(round(sum(loan.line_ids.mapped("capital")), 2), 1000, "the schedule follows")
        later.amount = 500
        with self.assertRaises(ValidationError):
            later.date = loan.date_end + timedelta(days=1)
        with self.assertRaises(ValidationError):
            loan.draw_ids = [Command.create({"date": self.day, "amount": 300})]

    def test_the_books_say_what_is_paid_where_the_pole_books_it(self):
        loan = self.loan(user=self.accountant)
        account = self.env["account.account"].create(
            {
                "name": "Emprunt",
                "code": "164900",
                "account_type": "liability_non_current",
                "company_ids": [Command.set(self.pole.ids)],
            }
        )
        loan.account_ids = account
        bank = self.account("606100") or self.account("512001")
        move = self.own("account.move", self.accountant).create(
            {
                "date": self.day - timedelta(days=3),
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": 100}),
                    Command.create({"account_id": bank.id, "credit": 100, "tax_ids": [Command.clear()]}),
                ],
            }
        )
        repayment = move.line_ids.filtered("debit")
        loan.line_ids[0].move_line_id = repayment
        self.assertFalse(loan.line_ids[0].is_paid, "a draft pays nothing")
        move.action_post()
        seen = loan.line_ids[0].with_user(self.user_pope)
        self.assertEqual((seen.is_paid, seen.date_paid), (True, move.date))
        with self.assertRaises(UserError):
            seen.action_unpaid()
        with self.assertRaises(ValidationError):
            loan.line_ids[1].move_line_id = repayment
        with self.assertRaises(ValidationError):
            loan.line_ids[1].move_line_id = move.line_ids - repayment
        with self.assertRaises(AccessError):
            seen.read(["move_line_id"])
        move.button_draft()
        self.assertFalse(seen.is_paid)

    def test_repayments_are_found_in_the_books(self):
        loan = self.loan(user=self.accountant)
        with self.assertRaises(UserError):
            loan.action_find_entries()
        account, bank = self.account("164000"), self.bank.default_account_id
        loan.account_ids = account
        for number, amount in ((0, 100), (1, 100), (2, 99), (9, 100)):
            move = self.own("account.move", self.accountant).create(
                {
                    "date": self.day - timedelta(days=40 * number),
                    "line_ids": [
                        Command.create({"account_id": account.id, "debit": amount}),
                        Command.create({"account_id": bank.id, "credit": amount}),
                    ],
                }
            )
            move.action_post()
        loan.action_find_entries()
        self.assertEqual(loan.line_ids.mapped("is_paid"), [True, True] + [False] * 8)
        self.assertEqual(
            loan.line_ids[:2].mapped("date_paid"), [self.day - timedelta(days=40), self.day], "each the nearest"
        )
        loan.action_find_entries()
        self.assertEqual(len(loan.line_ids.filtered("is_paid")), 2)

    def test_the_loan_of_a_project_is_ticked_and_never_booked(self):
        project = self.project()
        loan = self.loan(lead_id=project.id)
        self.assertEqual(loan.company_id, self.pole)
        loan.line_ids[0].action_paid()
        self.assertTrue(loan.line_ids[0].is_paid)
        self.assertEqual(project.with_user(self.user_pope).pope_loan_ids, loan)

    def test_a_loan_that_the_books_or_the_grants_of_the_pole_pay_stays_with_the_pole(self):
        project, loan = self.project(), self.bridge(3000)
        with self.assertRaises(ValidationError):
            loan.lead_id = project
        loan.pledge_ids.unlink()
        loan.lead_id = project
        theirs = self.awarded(3000, lead_id=project.id)
        loan.pledge_ids = [Command.create({"funding_id": theirs.id})]
        head = self.project() + project
        merged = head.merge_opportunity(auto_unlink=False)
        self.assertEqual((loan.lead_id, theirs.lead_id), (merged, merged))

    def test_an_instalment_is_paid_by_its_gesture_or_its_entry_alone(self):
        with self.assertRaises(AccessError):
            self.loan().line_ids[0].with_user(self.user_manager).is_paid = True

    def test_reminders_come_before_an_instalment_of_the_pole_and_leave_with_it(self):
        self.env["pope.loan"].search([("company_id", "!=", self.pole.id)]).state = "refused"  # of the demo
        loan, other = self.loan(), self.loan(lead_id=self.project().id)
        self.env["pope.funding.deadline"]._cron_remind()
        self.assertEqual(len(loan.line_ids.activity_ids), 3, "two late, one within the month")
        self.assertIn("100,00", loan.line_ids[0].activity_ids.summary)
        self.assertFalse(other.line_ids.activity_ids)
        loan.line_ids[:2].action_paid()
        self.assertEqual(len(loan.line_ids.activity_ids), 1)


@tagged("post_install", "-at_install")
class TestLoanCoverage(LoanCase):
    def test_coverage_is_what_pledged_grants_still_owe_over_what_the_loan_owes(self):
        loan = self.bridge(3000, 1500)
        self.assertEqual((loan.amount_covering, loan.amount_outstanding), (4500, 5000))
        self.assertEqual((loan.coverage, loan.is_short), (0.9, True))
        self.assertIn("100", loan.alert_note)
        short = self.own("pope.loan", self.user_pope).search([("is_short", "=", True)])
        self.assertEqual(short, loan)
        self.assertNotIn(loan, short.search([("is_short", "=", False)]))
        loan.pledge_ids = [Command.create({"funding_id": self.awarded(500).id})]
        self.assertEqual((loan.coverage, loan.is_short), (1, False))
        self.assertFalse(loan.alert_note)

    def test_a_loan_short_of_cover_is_told_once_to_who_looks_after_it_until_it_is_covered(self):
        remind = self.env["pope.funding.deadline"]._cron_remind
        self.user_pope.lang = "fr_FR"
        loan, covered = self.bridge(3000, user_id=self.user_pope.id), self.bridge(5000)
        remind()
        activity = loan.activity_ids
        self.assertEqual((activity.user_id, len(covered.activity_ids)), (self.user_pope, 0))
        self.assertIn("Couverture du prêt inférieure à 100\N{NO-BREAK SPACE}%", activity.summary)
        activity.with_user(self.user_pope).action_feedback(feedback="Seen with the lender")
        remind()
        self.assertFalse(loan.activity_ids, "what was seen is not told each day")
        loan.pledge_ids = [Command.create({"funding_id": self.awarded(2000).id})]
        remind()
        loan.pledge_ids[-1].unlink()
        remind()
        self.assertEqual(len(loan.activity_ids), 1, "short again")

    def test_a_part_of_a_grant_covers_for_that_part(self):
        loan = self.bridge(9000)
        loan.pledge_ids.amount = 2000
        self.assertEqual((loan.amount_covering, loan.is_short), (2000, True))

    def test_a_loan_that_waits_for_no_grant_is_not_short(self):
        loan = self.loan()
        self.assertFalse(loan.is_short)
        self.assertFalse(loan.needs_cover)

    def test_a_grant_is_of_who_borrows_and_pledged_once(self):
        loan = self.bridge(3000)
        theirs = self.awarded(3000, lead_id=self.project().id)
        with self.assertRaises(ValidationError):
            loan.pledge_ids = [Command.create({"funding_id": theirs.id})]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            loan.pledge_ids = [Command.create({"funding_id": loan.pledge_ids.funding_id.id})]
            self.env.flush_all()
        other = self.loan(pledge_ids=[Command.create({"funding_id": loan.pledge_ids.funding_id.id})])
        self.assertIn(loan.name, other.alert_note)

    def test_a_receipt_on_a_pledged_grant_proposes_the_repayment(self):
        funding = self.booked(3000, 1000)
        loan = self.loan(
            amount=5000, method="on_grants", months=18, pledge_ids=[Command.create({"funding_id": funding.id})]
        )
        self.assertEqual(loan.amount_to_repay, 0)
        with self.assertRaises(UserError):
            loan.action_repay_receipts()
        rows = funding.with_user(self.accountant).instalment_ids
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.pole.id), ("type", "=", "bank")], limit=1
        )
        rows[0]._receive(3000, {rows[0]: 3000}, self.day, journal)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((loan.amount_to_repay, loan.amount_covering), (3000, 1000))
        loan.action_repay_receipts()
        self.assertEqual(loan.amount_to_repay, 0, "proposed once")
        self.assertEqual(loan.line_ids.mapped("capital"), [3000, 2000])
        early = loan.line_ids[0]
        self.assertEqual((early.is_early, early.date, early.is_paid), (True, self.day, False))
        self.assertEqual(loan.amount_outstanding, 5000)
        early.action_paid()
        self.assertEqual((loan.amount_outstanding, loan.state), (2000, "granted"))
        self.assertEqual((loan.coverage, loan.is_short), (0.5, True))

    def test_schedules_and_coverage_are_told_as_they_were_on_a_day(self):
        funding = self.awarded(
            3000, lead_id=self.project().id, date_decision=self.day - timedelta(days=50), file_number="CV-12"
        )
        loan = self.loan(
            amount=3000,
            lead_id=funding.lead_id.id,
            method="on_grants",
            months=18,
            pledge_ids=[Command.create({"funding_id": funding.id, "date_assigned": self.day - timedelta(days=40)})],
        )
        funding.instalment_ids.write({"amount_typed": 3000, "date_typed": self.day - timedelta(days=10)})
        loan.pledge_ids.date = self.day - timedelta(days=40)
        loan.action_repay_receipts()
        loan.line_ids[0].action_paid()
        before, after = self.day - timedelta(days=20), self.day
        told = {day: (loan._schedule_as_of(day)[0], loan._coverage_as_of(day)[0]) for day in (before, after)}
        schedule, coverage = told[before]
        self.assertEqual((schedule["outstanding"], schedule["repaid"]), (3000, 0))
        self.assertEqual((coverage["left"], coverage["coverage"], coverage["is_short"]), (3000, 1, False))
        self.assertEqual(coverage["grants"][0]["reference"], "CV-12")
        schedule, coverage = told[after]
        self.assertEqual((schedule["outstanding"], schedule["repaid"], schedule["next"]), (0, 3000, None))
        self.assertEqual((coverage["left"], coverage["coverage"], coverage["grants"][0]["received"]), (0, None, 3000))
        self.assertEqual(loan._coverage_as_of(self.day - timedelta(days=55))[0]["left"], 0, "not awarded yet")

    def test_a_list_of_a_hundred_loans_asks_no_more_than_one_of_ten(self):
        loans = self.env["pope.loan"].concat(*(self.bridge(100, amount=120) for _loan in range(100)))
        names = [
            "name",
            "coverage",
            "is_short",
            "amount_outstanding",
            "date_next",
            "amount_next",
            "is_late",
            "amount_drawn",
        ]
        counts = {}
        for count in (1, 10, 100):  # the first one fills the caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            loans[:count].with_user(self.user_pope).read(names)
            counts[count] = self.env.cr.sql_log_count - before
        self.assertEqual(counts[10], counts[100])
        self.assertLess(counts[100], 25)
