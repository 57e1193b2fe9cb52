"""The end of a financial year: what goes to later years, what projects have left, what investment grants give."""

import io
from datetime import date

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_funding_spending import SpendingCase

YEAR = 2024  # closed, whatever the day


class YearEndCase(SpendingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complete_chart()
        for user in (cls.accountant, cls.user_manager):
            user.write({"lang": "fr_FR"})

    def grant(self, amount, day, name="Ateliers parents", nature="project", code="741000", **values):
        """A file of the pole that is awarded, and its posted entry."""
        funding = self.fund(name, nature=nature, amount_awarded=amount, **values)
        self.award(funding, amount, day, code)
        return funding

    def award(self, funding, amount, day, code="741000"):
        """An instalment more, in the books."""
        funding.instalment_ids = [Command.create({"amount": amount})]
        funding.amount_awarded = sum(funding.instalment_ids.mapped("amount"))
        move = self.own("pope.funding").browse(funding.id)._book_award(day, income=self.free(code))
        move.action_post()
        return move

    def free(self, code):
        """The account of a code; of its beginning where the chart has it otherwise."""
        accounts = self.env["account.account"].with_company(self.pole)
        own = accounts._check_company_domain(self.pole)
        return self.account(code) or accounts.search([*own, ("code", "=like", f"{code.rstrip('0')}%")], limit=1)

    def entry(self, day, *lines, partner=None, funding=None, post=True):
        move = self.env["account.move"].create(
            {
                "journal_id": self.misc.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": balance,
                            "partner_id": partner and partner.id,
                            "analytic_distribution": funding and {str(funding.analytic_account_id.id): 100},
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for account, balance in lines
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def close(self, year=YEAR, user=None, **values):
        own = self.own("pope.year.end", user)
        found = own.search([("date_to", "=", values.get("date_to", date(year, 12, 31)))])
        return found or own.create({"date_to": date(year, 12, 31), **values})

    def line(self, year_end, funding, kind="dedicated"):
        year_end.action_refresh()
        return year_end.line_ids.filtered(lambda line: (line.funding_id.id, line.kind) == (funding.id, kind))

    def propose(self, year_end, post=True):
        """The entries proposed: list of dict code → balance."""
        action = year_end.action_propose()
        moves = self.own("account.move").search(action.get("domain") or [("id", "=", action["res_id"])], order="id")
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        self.assertEqual(set(moves.mapped("date")), {year_end.date_to})
        found = []
        for move in moves:
            self.assertEqual(self.pole.currency_id.round(sum(move.line_ids.mapped("balance"))), 0)
            self.assertTrue(all(move.line_ids.mapped("analytic_distribution")))
            balances = {}
            for line in move.line_ids:
                code = line.account_id.with_company(self.pole).code
                balances[code] = balances.get(code, 0) + line.balance
            found.append(balances)
        if post:
            moves.action_post()
        return found

    def balance(self, prefix, until=None):
        domain = [
            ("company_id", "=", self.pole.id),
            ("parent_state", "=", "posted"),
            ("account_id.code", "=like", f"{prefix}%"),
            *([("date", "<=", until)] if until else []),
        ]
        return sum(self.env["account.move.line"].search(domain).mapped("balance"))


@tagged("post_install", "-at_install")
class TestDedicatedFunds(YearEndCase):
    def test_what_a_project_has_not_spent_is_set_aside_and_comes_back_to_zero_the_year_after(self):
        funding = self.grant(10000, date(YEAR, 2, 1))
        self.spend(6000, (funding, 100), day=date(YEAR, 5, 5))
        first = self.close()
        line = self.line(first, funding)
        self.assertEqual(
            (line.opening, line.income, line.spent, line.report, line.use, line.closing),
            (0, 10000, 6000, 4000, 0, 4000),
        )
        self.assertIn("4 000,00", line.explanation.replace("\xa0", " "))
        self.assertEqual(first.state, "to_propose")
        self.assertEqual(self.propose(first, post=False), [{"689400": 4000, "194000": -4000}])
        self.assertEqual(first.state, "to_post")
        first.sudo().move_ids.action_post()
        self.assertEqual(first.state, "done")
        self.spend(5000, (funding, 100), day=date(YEAR + 1, 3, 1))
        second = self.close(YEAR + 1)
        line = self.line(second, funding)
        self.assertEqual((line.opening, line.income, line.spent, line.use, line.closing), (4000, 0, 5000, 4000, 0))
        self.assertEqual(self.propose(second), [{"194000": 4000, "789400": -4000}])
        self.assertEqual(self.balance("194"), 0)
        self.assertFalse(self.line(self.close(YEAR + 2), funding))

    def test_again_proposes_only_the_difference_whatever_its_sign(self):
        funding = self.grant(10000, date(YEAR, 2, 1))
        self.spend(6000, (funding, 100), day=date(YEAR, 5, 5))
        year_end = self.close()
        self.propose(year_end)
        with self.assertRaises(UserError) as refused:
            year_end.action_propose()
        self.assertIn("rien à proposer", str(refused.exception))
        late = self.spend(1000, (funding, 100), day=date(YEAR, 12, 20))
        line = self.line(year_end, funding)
        self.assertEqual((line.amount, line.amount_booked, line.amount_due), (3000, 4000, -1000))
        # the report shrinks: nothing was used
        self.assertEqual(self.propose(year_end, post=False), [{"194000": 1000, "689400": -1000}])
        self.assertEqual(self.line(year_end, funding).amount_due, 0)
        late._reverse_moves([{"date": late.date}], cancel=True)
        self.assertEqual(self.line(year_end, funding).amount_due, 1000)
        self.assertEqual(self.propose(year_end), [{"194000": -1000, "689400": 1000}])

    def test_a_report_that_becomes_a_use_goes_back_by_its_own_account(self):
        funding = self.grant(4000, date(YEAR, 2, 1))
        self.propose(self.close())
        self.award(funding, 1000, date(YEAR + 1, 2, 1))
        year_end = self.close(YEAR + 1)
        self.propose(year_end)
        self.spend(3000, (funding, 100), day=date(YEAR + 1, 12, 20))
        self.assertEqual(self.propose(year_end), [{"194000": 3000, "689400": -1000, "789400": -2000}])
        self.assertEqual(self.line(year_end, funding).closing, 2000)

    def test_more_spent_than_awarded_uses_no_more_than_what_was_set_aside(self):
        funding = self.grant(1000, date(YEAR, 2, 1))
        self.spend(1500, (funding, 100), day=date(YEAR, 5, 5))
        self.assertFalse(self.line(self.close(), funding))

    def test_an_operating_grant_is_not_tied_and_a_file_says_otherwise(self):
        funding = self.grant(1000, date(YEAR, 2, 1), nature="operating")
        year_end = self.close()
        self.assertFalse(self.line(year_end, funding))
        funding.is_dedicated = True
        self.assertEqual(self.line(year_end, funding).report, 1000)
        self.propose(year_end)
        funding.is_dedicated = False
        self.assertEqual(self.propose(year_end), [{"194000": 1000, "689400": -1000}])

    def test_a_private_contribution_has_accounts_of_its_own(self):
        funding = self.grant(800, date(YEAR, 2, 1), code="755110")
        self.assertEqual(self.propose(self.close()), [{"689500": 800, "195000": -800}])
        self.spend(800, (funding, 100), day=date(YEAR + 1, 5, 5))
        self.assertEqual(self.propose(self.close(YEAR + 1)), [{"195000": 800, "789500": -800}])

    def test_money_given_back_to_the_funder_is_a_use_told_apart(self):
        funding = self.grant(4000, date(YEAR, 2, 1))
        self.propose(self.close())
        bank = self.bank.default_account_id
        self.entry(date(YEAR + 1, 6, 1), (self.free("741000"), 1500), (bank, -1500), funding=funding)
        self.spend(500, (funding, 100), day=date(YEAR + 1, 7, 1))
        line = self.line(self.close(YEAR + 1), funding)
        self.assertEqual((line.opening, line.use, line.refund, line.closing), (4000, 2000, 1500, 2000))

    def test_what_was_paid_back_and_taken_off_the_award_is_a_use_too(self):
        funding = self.grant(4000, date(YEAR, 2, 1))
        self.propose(self.close())
        row = self.own("pope.funding.instalment").browse(funding.instalment_ids.id)
        row._receive(4000, {row: 4000}, date(YEAR, 3, 1), self.bank)
        row._pay_back(1500, date(YEAR + 1, 6, 1), self.bank)
        credit = self.entry(
            date(YEAR + 1, 6, 1), (self.free("741000"), 1500), (row.move_line_id.account_id, -1500), partner=self.funder
        )
        (row.move_line_id + credit.line_ids[1]).reconcile()
        year_end = self.close(YEAR + 1)
        line = self.line(year_end, funding)
        self.assertEqual((line.income, line.use, line.refund, line.closing), (-1500, 1500, 1500, 2500))
        self.assertEqual(self.propose(year_end), [{"194000": 1500, "789400": -1500}])

    def test_an_award_that_is_reversed_sets_nothing_aside(self):
        funding = self.grant(4000, date(YEAR, 2, 1))
        move = funding.sudo().award_move_ids
        move._reverse_moves([{"date": date(YEAR, 9, 1)}], cancel=True)
        self.assertFalse(self.line(self.close(), funding))

    def test_a_draft_award_is_not_income_yet(self):
        funding = self.fund("Ateliers parents", nature="project")
        move = self.entry(date(YEAR, 2, 1), (self.free("441700"), 900), (self.free("741000"), -900), post=False)
        funding.sudo().award_move_ids = [Command.link(move.id)]
        self.assertFalse(self.line(self.close(), funding))

    def test_projects_without_spending_for_two_years_are_told(self):
        funding = self.grant(1000, date(YEAR, 2, 1))
        first, second, third = (self.close(YEAR + step) for step in range(3))
        self.propose(first)
        self.assertEqual((self.line(first, funding).idle, self.line(second, funding).idle), (0, 1000))
        self.spend(100, (funding, 100), day=date(YEAR + 1, 5, 5))
        self.propose(second)
        self.assertEqual((self.line(second, funding).idle, self.line(third, funding).idle), (0, 0))

    def test_the_money_of_a_project_or_of_a_person_is_not_the_pole_s(self):
        for values in ({"lead_id": self.project().id}, {"person_id": self.awa.id}):
            funding = self.grant(1000, date(YEAR, 2, 1), **values)
            self.assertFalse(self.line(self.close(), funding))

    def test_funds_of_before_are_seen_by_their_analytic_account_and_others_are_told(self):
        funding = self.fund("Ateliers parents", nature="project")
        bank = self.bank.default_account_id
        self.entry(date(YEAR - 1, 12, 31), (bank, 700), (self.free("194000"), -700), funding=funding)
        loose = self.entry(date(YEAR - 1, 12, 31), (bank, 300), (self.free("194000"), -300))
        year_end = self.close()
        self.assertEqual(self.line(year_end, funding).opening, 700)
        self.assertEqual(year_end.amount_orphan, 300)
        action = year_end.action_open_orphans()
        self.assertEqual(self.own("account.move.line").search(action["domain"]).move_id, loose)

    def test_one_entry_for_all_files_with_a_line_each(self):
        fundings = [self.grant(100 * n, date(YEAR, 2, 1), f"Action {n}") for n in (1, 2, 3)]
        self.assertEqual(self.propose(self.close()), [{"689400": 600, "194000": -600}])
        for funding in fundings:
            items = self.env["account.move.line"].search(
                [("analytic_distribution", "in", funding.analytic_account_id.ids), ("account_id.code", "=", "194000")]
            )
            self.assertEqual(-items.balance, funding.amount_awarded)


@tagged("post_install", "-at_install")
class TestDeferredIncome(YearEndCase):
    def test_the_months_after_the_closing_go_to_later_years_and_come_back(self):
        funding = self.grant(
            12000, date(YEAR, 5, 2), nature="operating", date_from=date(YEAR, 6, 1), date_to=date(YEAR + 1, 5, 31)
        )
        year_end = self.close()
        line = self.line(year_end, funding, "deferred")
        words = line.explanation.replace("\xa0", " ")
        self.assertEqual(words, "12 000,00 € accordés pour 12 mois, dont 5 après la clôture : 5 000,00 €")
        self.assertEqual(self.propose(year_end), [{"741000": 5000, "487000": -5000}])
        self.assertEqual(self.propose(self.close(YEAR + 1)), [{"741000": -5000, "487000": 5000}])
        self.assertEqual(self.balance("487"), 0)
        self.assertEqual(self.balance("741"), -12000)

    def test_an_entry_reversed_at_the_opening_is_seen(self):
        funding = self.grant(
            12000, date(YEAR, 5, 2), nature="operating", date_from=date(YEAR, 6, 1), date_to=date(YEAR + 2, 5, 31)
        )
        year_end = self.close()
        self.propose(year_end)
        self.assertEqual(self.balance("487"), -8500)
        year_end.sudo().move_ids._reverse_moves([{"date": date(YEAR + 1, 1, 1)}], cancel=True)
        line = self.line(self.close(YEAR + 1), funding, "deferred")
        self.assertEqual((line.opening, line.amount, line.amount_booked, line.amount_due), (8500, -6000, -8500, 2500))
        self.assertEqual(self.propose(self.close(YEAR + 1)), [{"741000": 2500, "487000": -2500}])

    def test_the_agreement_s_split_goes_first(self):
        funding = self.grant(
            12000,
            date(YEAR, 5, 2),
            nature="operating",
            date_from=date(YEAR, 6, 1),
            date_to=date(YEAR + 1, 5, 31),
            share_ids=[Command.create({"year": YEAR + n, "amount": amount}) for n, amount in ((0, 9000), (1, 3000))],
        )
        self.assertEqual(self.propose(self.close()), [{"741000": 3000, "487000": -3000}])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            funding.share_ids[0].year = 24

    def test_what_goes_to_later_years_is_not_left_to_spend(self):
        funding = self.grant(12000, date(YEAR, 5, 2), date_from=date(YEAR, 6, 1), date_to=date(YEAR + 1, 5, 31))
        self.spend(4000, (funding, 100), day=date(YEAR, 9, 1))
        year_end = self.close()
        line = self.line(year_end, funding)
        self.assertEqual((line.income, line.deferred, line.spent, line.report), (12000, 5000, 4000, 3000))
        self.assertEqual(self.propose(year_end), [{"741000": 5000, "487000": -5000}, {"689400": 3000, "194000": -3000}])
        self.assertEqual(self.line(year_end, funding).amount_due, 0)
        # the whole award is spent by the end of the action: nothing is left anywhere
        self.spend(8000, (funding, 100), day=date(YEAR + 1, 3, 1))
        self.propose(self.close(YEAR + 1))
        self.assertEqual((self.balance("487"), self.balance("194")), (0, 0))

    def test_an_award_for_next_year_waits_whole(self):
        self.grant(
            3000, date(YEAR, 12, 2), nature="job", date_from=date(YEAR + 1, 1, 1), date_to=date(YEAR + 1, 12, 31)
        )
        self.assertEqual(self.propose(self.close()), [{"741000": 3000, "487000": -3000}])

    def test_a_financial_year_that_is_not_the_calendar_s(self):
        self.pole.write({"fiscalyear_last_month": "8", "fiscalyear_last_day": 31})
        funding = self.grant(12000, date(YEAR, 2, 1), date_from=date(YEAR, 1, 1), date_to=date(YEAR, 12, 31))
        year_end = self.close(date_to=date(YEAR, 8, 31))
        self.assertEqual(year_end.date_from, date(YEAR - 1, 9, 1))
        self.assertEqual(self.line(year_end, funding, "deferred").amount, 4000)
        self.assertEqual(self.line(year_end, funding).report, 8000)
        with self.assertRaises(ValidationError) as refused:
            self.close(YEAR)
        self.assertIn(f"31/08/{YEAR + 1}", str(refused.exception))


@tagged("post_install", "-at_install")
class TestInvestmentGrant(YearEndCase):
    def test_a_grant_is_transferred_to_the_cent_then_closed_and_stops(self):
        funding = self.grant(10000, date(YEAR - 3, 5, 2), nature="investment", code="131500")
        line = self.line(self.close(YEAR - 3), funding, "quota")
        self.assertEqual(line.amount, 0)
        self.assertIn("amortissement", line.explanation)
        funding.write({"asset_date": date(YEAR - 3, 7, 1), "asset_years": 3})
        amounts = [self.propose(self.close(year)) for year in range(YEAR - 3, YEAR + 1)]
        self.assertEqual(
            amounts,
            [
                [{"139000": 1666.67, "747000": -1666.67}],
                [{"139000": 3333.33, "747000": -3333.33}],
                [{"139000": 3333.33, "747000": -3333.33}],
                [{"139000": 1666.67, "747000": -1666.67}, {"131500": 10000, "139000": -10000}],
            ],
        )
        self.assertEqual(self.pole.currency_id.round(self.balance("747")), -10000)
        self.assertEqual((self.balance("131"), self.balance("139")), (0, 0))
        after = self.close(YEAR + 1)
        self.assertEqual([line.amount_due for line in after.line_ids], [0] * len(after.line_ids))
        with self.assertRaises(UserError):
            after.action_propose()

    def test_a_longer_life_gives_back_what_was_too_much(self):
        funding = self.grant(
            900, date(YEAR, 1, 1), nature="investment", code="131500", asset_date=date(YEAR, 1, 1), asset_years=3
        )
        year_end = self.close()
        self.propose(year_end)
        funding.asset_years = 5
        self.assertEqual(self.propose(year_end), [{"139000": -120, "747000": 120}])


@tagged("post_install", "-at_install")
class TestYearEnd(YearEndCase):
    def test_a_person_changes_an_amount_with_a_reason_that_stays(self):
        funding = self.grant(1000, date(YEAR, 2, 1))
        year_end = self.close(user=self.user_manager)
        line = self.line(year_end, funding)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            line.write({"amount": 600})
        line.invalidate_recordset()
        line.write({"amount": 600, "reason": "Facture attendue de 400 €"})
        self.assertIn("Facture attendue", year_end.message_ids[0].body)
        self.spend(100, (funding, 100), day=date(YEAR, 5, 5))
        line = self.line(year_end, funding)
        self.assertEqual((line.amount_computed, line.amount, line.closing), (900, 600, 600))
        self.assertEqual(self.propose(self.close()), [{"689400": 600, "194000": -600}])
        line.amount = 900
        self.assertFalse(line.is_kept)

    def test_a_changed_deferral_changes_what_is_left_to_spend(self):
        funding = self.grant(12000, date(YEAR, 5, 2), date_from=date(YEAR, 6, 1), date_to=date(YEAR + 1, 5, 31))
        year_end = self.close()
        self.line(year_end, funding, "deferred").write({"amount": 2000, "reason": "Avenant"})
        self.assertEqual(self.line(year_end, funding).report, 10000)

    def test_each_figure_opens_its_records(self):
        funding = self.grant(10000, date(YEAR, 2, 1))
        expense = self.spend(6000, (funding, 100), day=date(YEAR, 5, 5))
        self.propose(self.close())
        self.award(funding, 500, date(YEAR + 1, 2, 1))
        first, second = self.line(self.close(), funding), self.line(self.close(YEAR + 1), funding)

        def total(action):
            return sum(self.own("account.move.line").search(action["domain"]).mapped("balance"))

        self.assertEqual(total(first.action_open_income()), -first.income)
        self.assertEqual(total(first.action_open_spent()), first.spent)
        self.assertEqual(total(first.action_open_booked()), -first.amount_booked)
        self.assertEqual(total(second.action_open_opening()), -second.opening)
        self.assertEqual(total(second.action_open_income()), -500)
        self.assertIn(expense, self.own("account.move.line").search(first.action_open_spent()["domain"]).move_id)
        with self.assertRaises(UserError):
            first.with_user(self.user_manager).action_open_spent()

    def test_closed_books_take_nothing(self):
        funding = self.grant(1000, date(YEAR, 2, 1))
        year_end = self.close()
        self.pole.fiscalyear_lock_date = date(YEAR, 12, 31)
        with self.assertRaises(UserError) as refused:
            year_end.action_propose()
        self.assertIn("Les comptes de Pôle voisin sont clos", str(refused.exception))
        self.assertFalse(year_end.sudo().move_ids)
        self.assertEqual(self.line(year_end, funding).amount_due, 1000)

    def test_without_the_accounts_the_chart_is_to_be_completed(self):
        self.grant(1000, date(YEAR, 2, 1))
        self.free("194000").unlink()
        with self.assertRaises(UserError) as refused:
            self.close().action_propose()
        self.assertIn("Compléter le plan comptable associatif", str(refused.exception))

    def test_managers_read_accountants_propose_and_others_see_nothing(self):
        self.grant(1000, date(YEAR, 2, 1))
        year_end = self.close(user=self.user_manager)
        self.assertEqual(year_end.line_ids.mapped("report"), [1000])
        with self.assertRaises(AccessError) as refused:
            year_end.action_propose()
        self.assertIn("tient les comptes", str(refused.exception))
        with self.assertRaises(AccessError):
            year_end.with_user(self.user_pope).read(["name"])
        with self.assertRaises(AccessError):
            year_end.line_ids.with_user(self.user_pope).read(["amount"])
        self.assertTrue(self.propose(self.close()))

    def test_a_year_has_one_page_that_stays_once_there_are_entries(self):
        self.grant(1000, date(YEAR, 2, 1))
        year_end = self.close()
        self.propose(year_end)
        with self.assertRaises(UserError):
            year_end.with_user(self.user_manager).unlink()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            year_end.date_to = date(YEAR - 1, 12, 31)

    def test_one_company_sees_nothing_of_another(self):
        self.grant(1000, date(YEAR, 2, 1))
        other = self.env["pope.year.end"].create({"company_id": self.company.id, "date_to": date(YEAR, 12, 31)})
        self.assertFalse(other.line_ids.filtered(lambda line: line.amount == 1000))
        year_end = self.close()
        stranger = self._new_user("stranger", "pope_crm.group_pope_manager,account.group_account_invoice")
        with self.assertRaises(AccessError):
            year_end.with_user(stranger).with_context(allowed_company_ids=stranger.company_ids.ids).read(["date_to"])

    def test_the_notes_in_a_workbook(self):
        public = self.grant(10000, date(YEAR, 2, 1), "Ateliers œuvres & jeux")
        self.grant(800, date(YEAR, 2, 1), "Fondation", code="755110")
        self.spend(6000, (public, 100), day=date(YEAR, 5, 5))
        year_end = self.close()
        year_end.action_download_xlsx()
        action = year_end.action_download_xlsx()
        file = self.env["ir.attachment"].search([("res_model", "=", "pope.year.end"), ("res_id", "=", year_end.id)])
        self.assertIn(f"/{file.ensure_one().id}?", action["url"])
        formulas, values = (load_workbook(io.BytesIO(file.raw), data_only=only) for only in (False, True))
        self.assertEqual(formulas.sheetnames, ["Fonds dédiés", "Écritures"])
        rows = {row[0].value: [cell.value for cell in row[1:]] for row in values.worksheets[0].iter_rows(min_row=6)}
        self.assertEqual(rows["Ateliers œuvres & jeux"], [0, 4000, 0, 0, 0, 4000, 0])
        self.assertEqual(rows["Fondation"], [0, 800, 0, 0, 0, 800, 0])
        self.assertEqual(rows["Total"], [0, 4800, 0, 0, 0, 4800, 0])
        words = {row[0].value: [cell.value for cell in row[1:]] for row in formulas.worksheets[0].iter_rows(min_row=6)}
        self.assertEqual(words["Ateliers œuvres & jeux"][5], "=B7+C7-D7+F7")
        self.assertTrue(all(str(cell).startswith("=SUM(") for cell in words["Total"]))
        entries = [[cell.value for cell in row] for row in values.worksheets[1].iter_rows(min_row=6)]
        self.assertEqual(sorted(row[2] for row in entries), [800, 4000, 4800])

    def test_a_hundred_files_are_computed_in_as_many_queries_as_ten(self):
        def cost(count):
            for number in range(count):
                self.grant(100 + number, date(YEAR, 2, 1), f"Action {number}")
            year_end = self.close()
            year_end.action_refresh()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            year_end.line_ids.mapped("amount_due")
            return self.env.cr.sql_log_count - before

        few = cost(10)
        self.assertEqual(cost(90), few)
