import random
import unittest
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.addons.pope_crm.core.loan_schedule import InvalidTerms, Repaid, Terms, cents, due_dates, schedule

START = date(2026, 1, 31)
TERMS = Terms(12000, 0, START, 12, "constant_capital")


def figures(dues):
    return [(due.date, float(due.capital), float(due.interest)) for due in dues]


class TestLoanSchedule(unittest.TestCase):
    def random_terms(self, chance):
        period = chance.choice((1, 3, 6, 12))
        count = chance.randint(1, 60 // period + 1)
        return Terms(
            Decimal(chance.randint(1, 50_000_000)) / 100,
            chance.choice((0, 0, Decimal(chance.randint(0, 1500)) / 100, 0.1, 2)),
            date(2024, 1, 1) + timedelta(days=chance.randint(0, 1000)),
            count * period,
            chance.choice(("constant_capital", "annuity", "in_fine", "on_grants")),
            period,
            chance.randint(0, count - 1) * period,
            chance.choice(("partial", "total")),
            chance.choice((0, 0, 3.25)),
        )

    def check(self, terms, dues, repaid=0):
        """What holds for any loan."""
        capital = cents(Decimal(str(terms.capital)))
        self.assertEqual(sum(due.capital for due in dues) + repaid, capital, terms)
        owed = capital - repaid
        for due in dues:
            self.assertEqual(due.opening, owed, terms)
            self.assertGreaterEqual(min(due.capital, due.interest, due.closing), 0, terms)
            for amount in (due.capital, due.interest, due.insurance):
                self.assertEqual(amount, cents(amount), terms)
            owed = due.closing
        self.assertEqual(owed, 0, terms)
        self.assertEqual([due.date for due in dues], sorted(due.date for due in dues), terms)

    def test_a_schedule_pays_the_capital_back_to_the_cent(self):
        chance = random.Random(93)
        for _loan in range(1500):
            terms = self.random_terms(chance)
            dues = schedule(terms)
            self.check(terms, dues)
            self.assertLessEqual({due.date for due in dues}, set(due_dates(terms)))
            self.assertEqual(dues[-1].date, due_dates(terms)[-1])
            if not terms.rate:
                self.assertFalse(sum(due.interest for due in dues))

    def test_what_was_paid_stays_and_the_rest_follows(self):
        chance = random.Random(94)
        for _loan in range(1000):
            terms = self.random_terms(chance)
            dues = schedule(terms)
            paid = [Repaid(due.date, due.capital) for due in dues[: chance.randint(0, len(dues) - 1)]]
            left = cents(Decimal(str(terms.capital))) - sum(row.capital for row in paid)
            if chance.random() < 0.5 and left:  # a grant came in between
                paid.append(Repaid(terms.start + timedelta(days=20), cents(left / 3), True))
            receipts = [
                (terms.start + timedelta(days=chance.randint(0, 900)), chance.randint(1, 90000)) for _grant in range(3)
            ]
            rest = schedule(terms, paid, receipts)
            self.check(terms, rest, sum(row.capital for row in paid))
            regular = {due.date for due in rest if not due.is_early}
            self.assertFalse(regular & {row.date for row in paid if not row.is_early}, terms)

    def random_draws(self, chance, terms):
        """Between one and four draws before the last due, to the cent, for the whole loan or a part of it."""
        last = (due_dates(terms)[-1] - terms.start).days
        rest, draws = int(terms.capital * 100), []
        for _draw in range(chance.randint(1, 4)):
            if rest > 1:
                taken = chance.randint(1, rest)
                rest -= taken
                draws.append((terms.start + timedelta(days=chance.randint(0, last - 1)), Decimal(taken) / 100))
        return draws

    def interest_by_the_day(self, terms, draws, dues, day):
        """What a due costs, counted day after day on what was drawn and not paid back."""
        dates = [terms.start, *due_dates(terms)]
        first = dates[dates.index(day) - 1]
        whole, total = Decimal(str(terms.rate)) * terms.period / 1200, Decimal(0)
        for number in range((day - first).days):
            moment = first + timedelta(days=number)
            owed = sum(amount for drawn, amount in draws if drawn <= moment)
            owed -= sum(due.capital for due in dues if due.date <= moment)
            total += max(owed, Decimal(0)) * whole / (day - first).days
        return total

    def test_interest_follows_the_draws_to_the_cent(self):
        chance = random.Random(95)
        for _loan in range(400):
            terms = self.random_terms(chance)._replace(grace_kind="partial")
            draws = self.random_draws(chance, terms)
            drawn = sum(amount for _day, amount in draws)
            dues = schedule(terms, draws=draws)
            self.assertEqual(sum(due.capital for due in dues), drawn, (terms, draws))
            for due in dues:
                self.assertGreaterEqual(min(due.capital, due.interest, due.closing), 0, (terms, draws))
                self.assertEqual((due.capital, due.interest), (cents(due.capital), cents(due.interest)))
                paid = sum(other.capital for other in dues if other.date < due.date)
                self.assertEqual(due.opening, sum(a for day, a in draws if day <= due.date) - paid, (terms, draws))
                exact = self.interest_by_the_day(terms, draws, dues, due.date)
                self.assertLessEqual(abs(due.interest - exact), Decimal("0.005000001"), (terms, draws))
            self.assertEqual(dues[-1].closing, 0)

    def test_a_loan_drawn_whole_at_its_start_is_the_loan_without_draws(self):
        chance = random.Random(96)
        for _loan in range(300):
            terms = self.random_terms(chance)
            first = cents(terms.capital / 3)
            draws = [(terms.start, first), (terms.start - timedelta(days=4), terms.capital - first)]
            self.assertEqual(schedule(terms, draws=[draw for draw in draws if draw[1]]), schedule(terms))

    def test_a_later_draw_costs_from_its_day(self):
        """6,000 at the start and 6,000 in mid April, at 12 %, in fine: half of April's days on the second."""
        terms = Terms(12000, 12, date(2026, 4, 1), 3, "in_fine")
        dues = schedule(terms, draws=[(date(2026, 4, 1), 6000), (date(2026, 4, 16), 6000)])
        self.assertEqual(
            figures(dues),
            [(date(2026, 5, 1), 0.0, 90.0), (date(2026, 6, 1), 0.0, 120.0), (date(2026, 7, 1), 12000.0, 120.0)],
        )
        capital = schedule(
            terms._replace(method="constant_capital"), draws=[(date(2026, 4, 1), 6000), (date(2026, 5, 16), 6000)]
        )
        self.assertEqual([float(due.capital) for due in capital], [2000.0, 5000.0, 5000.0])

    def test_draws_that_make_no_loan_are_refused(self):
        for draws in (
            [(START, 12000.01)],
            [(START, 0)],
            [(START, -5)],
            [(START, 0.001)],
            [(START, float("nan"))],
            [(due_dates(TERMS)[-1], 100)],
        ):
            with self.assertRaises(InvalidTerms) as refused:
                schedule(TERMS, draws=draws)
            self.assertEqual(refused.exception.code, "draws")

    def test_nothing_moves_when_dues_are_paid_as_planned(self):
        for method in ("constant_capital", "annuity", "in_fine"):
            terms = Terms(10000, 3, START, 24, method, 3, 6, "total")
            dues = schedule(terms)
            self.assertEqual(
                figures(schedule(terms, [Repaid(due.date, due.capital) for due in dues[:2]])), figures(dues[2:]), method
            )

    def test_constant_capital(self):
        dues = schedule(Terms(1000, 6, START, 3, "constant_capital"))
        self.assertEqual(
            figures(dues),
            [
                (date(2026, 2, 28), 333.33, 5.0),
                (date(2026, 3, 31), 333.34, 3.33),
                (date(2026, 4, 30), 333.33, 1.67),
            ],
        )

    def test_constant_annuity(self):
        """The figures of any bank: 10,000 at 5 % over four quarters are 2,578.61 each."""
        dues = schedule(Terms(10000, 5, date(2026, 1, 1), 12, "annuity", 3))
        self.assertEqual([float(due.total) for due in dues], [2578.61, 2578.61, 2578.61, 2578.61])
        self.assertEqual([float(due.interest) for due in dues], [125.0, 94.33, 63.28, 31.83])
        even = schedule(Terms(10000, 0, date(2026, 1, 1), 36, "annuity", 12))
        self.assertEqual([float(due.total) for due in even], [3333.33, 3333.34, 3333.33])

    def test_in_fine(self):
        dues = schedule(Terms(5000, 2.4, date(2026, 1, 1), 24, "in_fine", 12))
        self.assertEqual(figures(dues), [(date(2027, 1, 1), 0.0, 120.0), (date(2028, 1, 1), 5000.0, 120.0)])
        free = schedule(Terms(5000, 0, date(2026, 1, 1), 18, "in_fine"))
        self.assertEqual(figures(free), [(date(2027, 7, 1), 5000.0, 0.0)])

    def test_grace_pays_interest_only_or_nothing(self):
        terms = Terms(1000, 12, date(2026, 1, 1), 4, "constant_capital", 1, 2)
        self.assertEqual([due[2] for due in figures(schedule(terms))], [10.0, 10.0, 10.0, 5.0])
        self.assertEqual([due[1] for due in figures(schedule(terms))], [0.0, 0.0, 500.0, 500.0])
        total = schedule(terms._replace(grace_kind="total"))
        # simple interest of the two months, never added to the capital
        self.assertEqual(figures(total), [(date(2026, 4, 1), 500.0, 30.0), (date(2026, 5, 1), 500.0, 5.0)])

    def test_insurance_goes_with_each_due(self):
        dues = schedule(Terms(900, 0, date(2026, 1, 1), 3, "constant_capital", insurance=2.5))
        self.assertEqual([float(due.total) for due in dues], [302.5] * 3)

    def test_a_grant_pays_a_bridge_loan_back_when_it_comes(self):
        terms = Terms(10000, 0, date(2026, 1, 1), 18, "on_grants")
        receipts = [(date(2026, 9, 15), 7000), (date(2026, 5, 2), 2000), (date(2030, 1, 1), 9000)]
        self.assertEqual(
            figures(schedule(terms, receipts=receipts)),
            [(date(2026, 5, 2), 2000.0, 0.0), (date(2026, 9, 15), 7000.0, 0.0), (date(2027, 7, 1), 1000.0, 0.0)],
        )
        self.assertEqual(len(schedule(terms._replace(method="in_fine"), receipts=receipts)), 1)
        self.assertEqual(
            figures(schedule(terms, [Repaid(date(2026, 5, 4), 2000, True)], [(date(2026, 9, 15), 20000)])),
            [(date(2026, 9, 15), 8000.0, 0.0)],
        )

    def test_interest_of_a_period_cut_by_a_repayment_is_counted_by_its_days(self):
        terms = Terms(1000, 12, date(2026, 4, 1), 2, "on_grants")
        dues = schedule(terms, receipts=[(date(2026, 4, 16), 600)])
        # April: 15 days on 1,000 and 15 days on 400; May: 400
        self.assertEqual(
            figures(dues),
            [(date(2026, 4, 16), 600.0, 0.0), (date(2026, 5, 1), 0.0, 7.0), (date(2026, 6, 1), 400.0, 4.0)],
        )

    def test_terms_that_make_no_loan_are_refused_with_what_is_wrong(self):
        nan, infinite = float("nan"), float("inf")
        for field, values in {
            "capital": (0, -1, nan, infinite, 0.001, 1e15, "douze", None, [1]),
            "rate": (-0.1, 101, nan, infinite, "x"),
            "start": (None, "2026-01-01", datetime(2026, 1, 1), date(2999, 1, 1)),
            "months": (0, -12, 601, 12.5, "12", None),
            "method": ("", None, "balloon"),
            "period": (0, 2, -1, None, 24),
            "grace": (-1, 12, 13, 1.5, None),
            "grace_kind": ("", None, "both"),
            "insurance": (-1, nan, 0.005),
        }.items():
            for value in values:
                with self.assertRaises(InvalidTerms, msg=(field, value)) as refused:
                    schedule(TERMS._replace(**{field: value}))
                self.assertEqual(refused.exception.code, field, (field, value))
        for terms, code in (
            (TERMS._replace(months=14, period=3), "months"),
            (TERMS._replace(grace=2, period=3), "grace"),
        ):
            with self.assertRaises(InvalidTerms) as refused:
                schedule(terms)
            self.assertEqual(refused.exception.code, code)

    def test_what_cannot_have_been_repaid_is_refused(self):
        first = due_dates(TERMS)[0]
        for repaid, code in (
            ([Repaid(first, 12001)], "repaid"),
            ([Repaid(first, -1)], "repaid"),
            ([Repaid(first, float("nan"))], "repaid"),
            ([Repaid(date(2026, 2, 27), 1000)], "paid_dates"),
            ([Repaid(day, 10) for day in due_dates(TERMS)], "repaid"),
        ):
            with self.assertRaises(InvalidTerms) as refused:
                schedule(TERMS, repaid)
            self.assertEqual(refused.exception.code, code)
        self.assertEqual(schedule(TERMS, [Repaid(first, 12000)]), [])
