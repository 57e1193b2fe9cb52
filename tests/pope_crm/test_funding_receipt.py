"""What a funder paid: stock payments reconciled with the award, refunds, credit entries, and the letters that ask."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_funding_award import GrantCase


class ReceiptCase(GrantCase):
    def receive(self, rows, amount, user=None, **values):
        """The window of a receipt, filled as on a phone: the day, the amount, the bank."""
        window = rows.with_user(user or self.accountant).action_receive()
        wizard = self.own(window["res_model"], user).browse(window["res_id"])
        with Form(wizard) as form:
            form.amount = amount
            for name, value in values.items():
                setattr(form, name, value)
        told = wizard.note or ""
        wizard.action_confirm()
        return told

    def pay_back(self, rows, amount, user=None):
        window = rows.with_user(user or self.accountant).action_pay_back()
        wizard = self.own(window["res_model"], user).browse(window["res_id"])
        wizard.amount = amount
        wizard.action_confirm()

    def assert_money(self, funding, received, left, states=None):
        self.env.flush_all()
        self.env.invalidate_all()
        own = funding.with_user(self.user_pope)
        self.assertEqual((own.amount_received, own.amount_left), (received, left))
        if states:
            self.assertEqual(own.instalment_ids.mapped("state"), states)

    def balance(self, code):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.account(code).id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))


@tagged("post_install", "-at_install")
class TestReceipt(ReceiptCase):
    def test_what_was_received_comes_from_the_books_and_is_typed_by_nobody(self):
        funding = self.booked(10000)
        for record, name in ((funding, "amount_received"), (funding.instalment_ids, "amount_received")):
            with self.subTest(record), self.assertRaisesRegex(AccessError, "jamais"):
                record.with_user(self.user_manager).with_context(lang="fr_FR").write({name: 9000})
        self.receive(funding, 3000)
        self.assert_money(funding, 3000, 7000, ["partly"])

    def test_two_partial_payments_then_what_is_left(self):
        funding = self.booked(10000)
        self.receive(funding, 3000)
        self.assert_money(funding, 3000, 7000, ["partly"])
        self.receive(funding, 2500)
        self.assert_money(funding, 5500, 4500, ["partly"])
        self.assertEqual(self.balance("441700"), 4500)
        self.receive(funding, 4500)
        self.assert_money(funding, 10000, 0, ["received"])
        self.assertEqual(funding.instalment_ids.date_received, self.day)
        self.assertTrue(funding.instalment_ids.move_line_id.reconciled)
        with self.assertRaises(UserError):
            funding.action_receive()

    def test_the_first_receipt_posts_the_award_and_says_so(self):
        draft, missing = self.booked(500, post=False), self.awarded(400, user=self.accountant)
        for funding, words in ((draft, "est un brouillon"), (missing, "est passée et validée")):
            told = self.receive(funding, 200)
            self.assertIn(words, told)
            self.assertEqual((funding.book_state, funding.award_move_ids.state), ("posted", "posted"))
            self.assertEqual(funding.amount_received, 200)

    def test_the_header_proposes_the_next_instalment_and_fills_the_oldest_first(self):
        funding = self.booked(500, 300, 200)
        window = funding.action_receive()
        self.assertEqual(self.own(window["res_model"]).browse(window["res_id"]).amount, 500)
        self.receive(funding, 650)
        self.assert_money(funding, 650, 350, ["received", "partly", "expected"])
        self.assertEqual(len(self.payments()), 1)

    def payments(self):
        return self.env["account.payment"].search([("company_id", "=", self.pole.id)])

    def test_one_transfer_for_several_files_shared_out_as_the_person_says(self):
        first, second = self.booked(500, 300), self.booked(400)
        rows = first.instalment_ids | second.instalment_ids
        window = rows.action_receive()
        wizard = self.own(window["res_model"]).browse(window["res_id"])
        wizard.amount = 900
        self.assertEqual(sorted(wizard.line_ids.mapped("amount")), [0, 400, 500])
        for line, amount in zip(wizard.line_ids.sorted("instalment_id"), (400, 250, 250), strict=True):
            line.amount = amount
        wizard.action_confirm()
        self.assertEqual(rows.sorted("id").mapped("amount_received"), [400, 250, 250])
        self.assert_money(first, 650, 150, ["partly", "partly"])
        self.assertEqual(len(self.payments()), 1)
        self.assertEqual(self.balance("441700"), 300)
        self.receive(rows, 300)
        self.assertEqual(set(rows.mapped("state")), {"received"})
        self.assertTrue(all(rows.move_line_id.mapped("reconciled")))

    def test_operating_and_investment_come_in_one_transfer_by_two_payments(self):
        operating, investment = self.booked(500), self.booked(300, nature="investment")
        self.receive(operating.instalment_ids | investment.instalment_ids, 800)
        self.assertEqual((operating.amount_received, investment.amount_received), (500, 300))
        self.assertEqual(self.balance("441700") + self.balance("441100"), 0)

    def test_what_is_paid_too_much_is_told_and_stays_a_credit_of_the_funder(self):
        funding = self.booked(1000)
        told = self.receive(funding, 1200)
        self.assertIn("200,00", told)
        self.assert_money(funding, 1000, 0, ["received"])
        self.assertEqual((funding.amount_over, self.balance("441700")), (200, -200))
        self.assertIn("payé en trop", funding.with_user(self.user_pope).alert_note)
        self.pay_back(funding, 200)
        self.assert_money(funding, 1000, 0, ["received"])
        self.assertEqual((funding.amount_over, self.balance("441700")), (0, 0))

    def test_a_refund_lowers_what_is_received(self):
        funding = self.booked(600, 400)
        self.receive(funding, 600)
        self.receive(funding, 400)
        self.pay_back(funding, 500)
        self.assert_money(funding, 500, 500, ["partly", "expected"])
        self.assertEqual(self.balance("441700"), 500)
        self.pay_back(funding, 500)
        self.assert_money(funding, 0, 1000, ["expected", "expected"])

    def test_a_refund_takes_the_excess_first(self):
        funding = self.booked(1000)
        self.receive(funding, 1200)
        self.pay_back(funding, 500)
        self.assert_money(funding, 700, 300, ["partly"])
        self.assertEqual((funding.amount_over, self.balance("441700")), (0, 300))

    def test_no_more_is_paid_back_than_was_paid(self):
        funding = self.booked(1000)
        self.receive(funding, 400)
        with self.assertRaises(UserError) as refused:
            self.pay_back(funding, 500)
        self.assertIn("plus que ce que le financeur a versé", str(refused.exception))
        self.assert_money(funding, 400, 600)

    def test_a_credit_entry_is_no_money_and_is_not_awaited_any_more(self):
        funding = self.booked(1000)
        line = funding.instalment_ids.move_line_id
        credit = self.own("account.move").create(
            {
                "journal_id": line.journal_id.id,
                "date": self.day,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": balance, "partner_id": self.funder.id})
                    for account, balance in ((line.account_id, -250), (self.account("741200"), 250))
                ],
            }
        )
        credit.action_post()
        (line + credit.line_ids.filtered(lambda other: other.account_id == line.account_id)).reconcile()
        self.assert_money(funding, 0, 750, ["expected"])
        self.receive(funding, 750)
        self.assert_money(funding, 750, 0, ["received"])

    def test_a_reversed_award_is_awaited_no_more(self):
        funding = self.booked(600, 400)
        reversal = self.own("account.move.reversal").create(
            {"move_ids": funding.award_move_ids.ids, "journal_id": funding.award_move_ids.journal_id.id}
        )
        reversal.refund_moves()
        reversal.new_move_ids.filtered(lambda move: move.state == "draft").action_post()
        lines = (funding.award_move_ids + reversal.new_move_ids).line_ids
        lines.filtered(lambda line: line.account_id.code == "441700" and not line.reconciled).reconcile()
        self.assert_money(funding, 0, 0, ["cancelled", "cancelled"])

    def test_unreconciled_money_is_received_no_more(self):
        funding = self.booked(1000)
        self.receive(funding, 1000)
        funding.instalment_ids.move_line_id.remove_move_reconcile()
        self.assert_money(funding, 0, 1000, ["expected"])
        self.payments().action_draft()
        self.payments().unlink()
        self.assert_money(funding, 0, 1000, ["expected"])

    def test_a_payment_made_and_reconciled_with_odoo_s_own_screens_counts(self):
        funding = self.booked(1000)
        register = self.own("account.payment.register").with_context(
            active_model="account.move.line", active_ids=funding.instalment_ids.move_line_id.ids
        )
        register.create({"amount": 300, "journal_id": self.bank.id}).action_create_payments()
        self.assert_money(funding, 300, 700, ["partly"])

    def test_receipts_over_the_cost_are_told(self):
        funding = self.booked(1000, amount_eligible=800)
        told = self.receive(funding, 900)
        self.assertIn("plus que le coût éligible", told)
        self.assertIn("900,00\xa0€ reçus", funding.alert_note)

    def test_closed_books_take_no_receipt(self):
        funding, draft = self.booked(500), self.booked(500, post=False)
        self.pole.fiscalyear_lock_date = self.day - timedelta(days=1)
        draft.award_move_ids.date = self.day
        with self.assertRaises(UserError) as refused:
            self.receive(funding, 500, date=self.day - timedelta(days=2))
        self.assertIn("clos", str(refused.exception))
        with self.assertRaises(UserError) as refused:
            self.receive(funding, 500, date=self.day + timedelta(days=1))
        self.assertIn("futur", str(refused.exception))
        self.receive(funding, 500)
        self.assert_money(funding, 500, 0)

    def test_one_transfer_comes_from_one_funder(self):
        other = self.env["res.partner"].create({"name": "Ville des Vallées", "is_company": True})
        first, second = self.booked(500), self.booked(400, partner_id=other.id)
        with self.assertRaises(UserError) as refused:
            self.receive(first.instalment_ids | second.instalment_ids, 900)
        self.assertIn("un seul financeur", str(refused.exception))

    def test_more_than_is_left_is_not_shared_out(self):
        first, second = self.booked(500), self.booked(400)
        rows = first.instalment_ids | second.instalment_ids
        with self.assertRaises(UserError):
            rows._receive(900, {rows[0]: 600, rows[1]: 300}, self.day, self.bank)
        with self.assertRaises(UserError):
            rows._receive(100, {rows[0]: 100, rows[1]: 300}, self.day, self.bank)

    def test_who_keeps_no_books_is_told_who_does(self):
        funding = self.booked(500)
        with self.assertRaises(UserError) as refused:
            funding.with_user(self.user_pope).action_receive()
        self.assertIn("tient la comptabilité", str(refused.exception))
        with self.assertRaises(AccessError):
            self.own("pope.funding.instalment", self.user_pope).browse(funding.instalment_ids.ids)._receive(
                500, {funding.instalment_ids: 500}, self.day, self.bank
            )

    def test_the_money_of_a_project_is_typed_and_never_booked(self):
        funding = self.awarded(600, 400, lead_id=self.project().id)
        before = self.env["account.move"].search_count([])
        self.receive(funding, 700, self.user_pope)
        self.assert_money(funding, 700, 300, ["received", "partly"])
        self.pay_back(funding, 200, self.user_pope)
        self.assert_money(funding, 500, 500)
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertFalse(funding.sudo().instalment_ids.move_line_id)

    def test_the_list_asks_the_same_for_ten_and_a_hundred(self):
        names = ["amount_awarded", "amount_received", "amount_left", "amount_late", "alert_note", "book_state"]

        def cost(fundings):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            fundings.with_user(self.user_pope).web_read({name: {} for name in names})
            instalments = self.own("pope.funding.instalment", self.user_pope)
            instalments.search([("funding_id", "in", fundings.ids)]).web_read(
                {name: {} for name in ("display_name", "amount_left", "is_late", "makes_entry", "state")}
            )
            return self.env.cr.sql_log_count - before

        fundings = self.own("pope.funding").union(*(self.awarded(500, 300) for _number in range(100)))
        fundings._book_award(self.day)
        cost(fundings[:10])
        self.assertEqual(cost(fundings), cost(fundings[:10]))

    def test_another_company_s_instalments_are_out_of_sight(self):
        funding = self.booked(500)
        stranger = self._new_user("elsewhere", "pope_crm.group_pope_user")
        rows = self.env["pope.funding.instalment"].with_user(stranger)
        self.assertFalse(
            rows.with_context(allowed_company_ids=stranger.company_ids.ids).search([])
            & rows.browse(funding.instalment_ids.ids)
        )
        with self.assertRaises(AccessError):
            rows.with_context(allowed_company_ids=stranger.company_ids.ids).browse(funding.instalment_ids.ids).read(
                ["amount"]
            )


@tagged("post_install", "-at_install")
class TestRequest(ReceiptCase):
    def letter(self, rows):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html("pope_crm.payment_request", rows.ids)
        return html.decode()

    def test_a_letter_names_what_it_asks_and_what_it_joins_and_books_nothing(self):
        funding = self.booked(600, 400, file_number="VAL-12")
        first, last = funding.instalment_ids
        last.write({"kind": "balance", "condition": "Au vu du bilan", "to_join": "Bilan de l'action\nFactures"})
        before = self.env["account.move"].search_count([])
        action = funding.with_user(self.user_pope).action_request()
        self.assertEqual(action["context"]["active_ids"], first.ids)
        self.assertEqual((first.state, first.date_requested, last.state), ("requested", self.day, "expected"))
        last.action_request()
        text = self.letter(last)
        for words in ("Demande de versement", "VAL-12", "Région des Vallées", "Au vu du bilan", "Factures", "400,00"):
            self.assertIn(words, text)
        self.assertNotIn("600,00", text)
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_several_instalments_of_a_file_are_one_letter_and_two_files_two(self):
        first, second = self.awarded(600, 400), self.awarded(300)
        rows = first.instalment_ids | second.instalment_ids
        rows.action_request()
        self.assertEqual(
            [letter.ids for letter in rows._letters()], [first.instalment_ids.ids, second.instalment_ids.ids]
        )
        self.assertIn("1\u202f000,00", self.letter(first.instalment_ids).replace("\xa0", "\u202f"))

    def test_asking_again_keeps_the_first_day(self):
        row = self.awarded(600).instalment_ids
        row.date_requested = self.day - timedelta(days=9)
        row.action_request()
        self.assertEqual(row.date_requested, self.day - timedelta(days=9))


@tagged("post_install", "-at_install")
class TestReminder(ReceiptCase):
    def test_late_payments_are_told_and_forgotten_once_received(self):
        funding = self.booked(600, user_id=self.user_pope.id)
        row = funding.instalment_ids
        row.date_expected = self.day - timedelta(days=3)
        self.own("pope.funding.instalment").search([("id", "!=", row.id)]).unlink()
        self.env["pope.funding.deadline"].with_context(lang="en_US")._cron_remind()
        self.assertEqual((row.reminded, row.activity_ids.user_id), ("late", self.user_pope))
        self.assertIn("Région des Vallées", row.activity_ids.summary)
        french = row.with_context(lang="fr_FR").env
        kinds = dict(row._fields["kind"]._description_selection(french))
        self.assertIn(kinds[row.kind], row.activity_ids.res_name, "in the language of who is reminded")
        self.assertEqual((row.is_late, funding.amount_late), (True, 600))
        self.env["account.payment.register"].with_context(
            active_model="account.move.line", active_ids=row.move_line_id.ids
        ).create({"amount": 600, "journal_id": self.bank.id}).action_create_payments()
        self.env["pope.funding.deadline"]._cron_remind()
        self.assertEqual((row.reminded, row.activity_ids.ids, row.is_late, funding.amount_late), (False, [], False, 0))

    def test_the_calendar_shows_what_is_expected(self):
        funding = self.awarded(600)
        deadline = self.own("pope.funding.deadline", self.user_pope).search([("funding_id", "=", funding.id)])
        self.assertEqual((deadline.kind, deadline.date, deadline.is_done), ("instalment", self.day, False))
        self.assertEqual(deadline.instalment_id, funding.instalment_ids)
        self.assertEqual(deadline.name, "Versement unique")
        self.assertEqual(deadline.action_open()["res_model"], "pope.funding.instalment")

    def test_the_home_page_has_a_card_of_late_payments(self):
        funding = self.awarded(600)
        funding.instalment_ids.date_expected = self.day - timedelta(days=3)
        cards = self.own("pope.todo", self.user_pope).get_cards()["cards"]
        card = next(card for card in cards if card["model"] == "pope.funding.instalment")
        self.assertEqual(card["title"], "Versements en retard")
        self.assertIn(funding.instalment_ids.id, [row["id"] for row in card["rows"]])
        late = next((card for card in cards if card["model"] == "pope.funding.deadline"), {"rows": []})
        self.assertFalse([row for row in late["rows"] if funding.name in row["detail"]])
