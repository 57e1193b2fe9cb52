"""Members and volunteers: who paid for the year, what is booked, what the hours are worth off the result."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import PopeCase

RESULT = ("income", "income_other", "expense", "expense_other", "expense_depreciation", "expense_direct_cost")


class MemberCase(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pole = cls.env["res.company"].create({"name": "Pôle voisin", "country_id": cls.env.ref("base.fr").id})
        cls.env["account.chart.template"].try_loading("fr", cls.pole, install_demo=False)
        cls.accountant = cls._new_user(
            "accountant", "pope_crm.group_pope_user,account.group_account_invoice,account.group_account_readonly"
        )
        for user in (cls.accountant, cls.user_pope, cls.user_manager):
            user.write({"company_ids": [Command.link(cls.pole.id)], "company_id": cls.pole.id})
        cls.env.user.company_ids |= cls.pole
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.pole.ids, "lang": "fr_FR"})
        cls.awa, cls.nadia, cls.chloe = cls.env["res.partner"].browse(cls.holders.ids)
        cls.year = cls.today().year
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.pole.id)], limit=1)

    @classmethod
    def complete_chart(cls):
        wizard = cls.env["pope.chart.complete"].create({"company_id": cls.pole.id})
        wizard.action_complete()

    def account(self, code):
        accounts = self.env["account.account"].with_company(self.pole)
        return accounts.search([*accounts._check_company_domain(self.pole), ("code", "=", code)])

    def own(self, model, user=None):
        context = {"allowed_company_ids": self.pole.ids, "lang": "fr_FR"}
        return self.env(user=user or self.accountant, context=context)[model]


@tagged("post_install", "-at_install")
class TestMembership(MemberCase):
    def member(self, partner, year=None, paid=True, amount=15, **values):
        year = year or self.year
        return self.own("pope.membership", self.user_pope).create(
            {
                "partner_id": partner.id,
                "year": year,
                "amount": amount,
                "date_paid": date(year, 1, 20) if paid else False,
                **values,
            }
        )

    def book(self, memberships, user=None, **values):
        Booking = self.own("pope.membership.booking", user).with_context(active_ids=memberships.ids)
        return Booking.create({"journal_id": self.bank.id, **values})

    def test_a_contact_pays_once_a_year_unless_the_first_one_is_cancelled(self):
        first = self.member(self.awa)
        with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
            self.member(self.awa)
        self.assertIn(f"est déjà dans la liste de {self.year}", str(refused.exception))
        first.action_cancel()
        again = self.member(self.awa)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            first.action_restore()
        self.assertEqual((first.state, again.state), ("cancelled", "paid"))
        self.member(self.awa, self.year - 1)
        with self.assertRaises(ValidationError):
            self.member(self.nadia, year=26)

    def test_the_contact_gets_the_role_of_a_member(self):
        role = self.env.ref("pope_crm.role_member")
        body = self.env["res.partner"].create({"name": "Association Les Lilas", "is_company": True})
        self.member(body)
        row = self.member(self.awa)
        self.assertIn(role, body.pope_role_ids)
        self.assertIn(role, self.awa.pope_role_ids)
        row.partner_id = self.nadia
        self.assertIn(role, self.nadia.pope_role_ids)

    def test_new_renewed_back_and_who_has_not_renewed(self):
        last = self.year - 1
        rows = {
            name: self.member(partner, year)
            for name, partner, year in (
                ("awa last", self.awa, last),
                ("awa", self.awa, self.year),
                ("nadia last", self.nadia, last),
                ("chloe before", self.chloe, last - 2),
                ("chloe", self.chloe, self.year),
            )
        }
        self.assertEqual(
            {name: row.standing for name, row in rows.items()},
            {"awa last": "new", "awa": "renewed", "nadia last": "new", "chloe before": "new", "chloe": "back"},
        )
        Partner = self.own("res.partner", self.user_pope)
        people = [("id", "in", self.holders.ids)]

        def found(state):
            return Partner.search([*people, ("pope_membership_state", "=", state)])

        self.assertEqual(found("current"), self.awa | self.chloe)
        self.assertEqual(found("lapsed"), self.nadia)
        self.assertFalse(found(False))
        self.assertEqual(Partner.search([*people, ("pope_membership_state", "!=", "current")]), self.nadia)
        self.assertEqual(
            Partner.browse(self.holders.ids).mapped("pope_membership_state"), ["current", "lapsed", "current"]
        )
        lapsed = [("year", "=", last), ("state", "=", "paid"), ("is_renewed", "=", False)]
        self.assertEqual(self.own("pope.membership").search(lapsed), rows["nadia last"])
        rows["awa last"].action_cancel()
        self.assertEqual(rows["awa"].standing, "new")
        rows["awa"].date_paid = False
        self.assertEqual(found("current"), self.chloe)

    def test_a_fee_is_booked_once_on_the_account_of_fees(self):
        self.complete_chart()
        paid, due, gone = (
            self.member(self.awa),
            self.member(self.nadia, paid=False),
            self.member(self.chloe),
        )
        gone.action_cancel()
        wizard = self.book(paid | due | gone)
        self.assertEqual((wizard.to_book_ids, wizard.amount), (paid, 15))
        self.assertIn("annulée", wizard.left_out)
        self.assertIn("pas encore payée", wizard.left_out)
        wizard.action_book()
        move = paid.with_user(self.accountant).move_ids
        self.assertEqual((move.state, move.date, move.journal_id), ("posted", date(self.year, 1, 20), self.bank))
        self.assertEqual(
            {line.account_id: line.balance for line in move.line_ids},
            {self.bank.default_account_id: 15, self.account("756100"): -15},
        )
        self.assertEqual(move.line_ids.partner_id, self.awa)
        self.assertNotIn("Diallo", move.ref)
        again = self.book(paid | due | gone)
        self.assertFalse(again.to_book_ids)
        with self.assertRaises(UserError) as refused:
            again.action_book()
        self.assertIn("rien à comptabiliser", str(refused.exception))
        # a fee that was raised: the rest; an entry that was reversed: all of it again
        paid.amount = 20
        self.assertEqual(self.book(paid).amount, 5)
        move._reverse_moves([{"date": move.date}], cancel=True)
        self.env.flush_all()
        self.assertEqual(self.book(paid).amount, 20)

    def test_a_draft_counts_as_booked_until_it_is_thrown_away(self):
        self.complete_chart()
        paid = self.member(self.awa)
        self.book(paid, post=False, date=date(self.year, 2, 1)).action_book()
        own = paid.with_user(self.accountant)
        self.assertEqual((own.move_ids.state, own.move_ids.date), ("draft", date(self.year, 2, 1)))
        self.assertFalse(self.book(paid).to_book_ids)
        own.move_ids.unlink()
        self.env.invalidate_all()
        self.assertEqual(own.amount_booked, 0)
        self.assertEqual(self.book(paid).to_book_ids, paid)

    def test_what_a_member_paid_is_typed_by_nobody(self):
        with self.assertRaises(AccessError):
            self.member(self.awa, paid=False).with_user(self.accountant).write({"amount_booked": 15})

    def test_a_cancelled_fee_that_is_booked_is_told_and_a_booked_one_is_not_deleted(self):
        self.complete_chart()
        paid = self.member(self.awa)
        self.book(paid).action_book()
        with self.assertRaises(UserError) as refused:
            paid.with_user(self.user_manager).unlink()
        self.assertIn("s'annule", str(refused.exception))
        paid.action_cancel()
        self.assertIn("extournez", self.book(paid).left_out)

    def test_without_an_account_of_fees_the_chart_is_to_be_completed(self):
        with self.assertRaises(UserError) as refused:
            self.book(self.member(self.awa)).action_book()
        self.assertIn("Compléter le plan comptable associatif", str(refused.exception))
        self.assertIn("756", str(refused.exception))

    def test_closed_books_take_no_fee(self):
        self.complete_chart()
        paid = self.member(self.awa)
        self.pole.fiscalyear_lock_date = date(self.year, 1, 31)
        for post in (True, False):
            with self.assertRaises(UserError) as refused:
                self.book(paid, post=post).action_book()
            self.assertIn("Les comptes de Pôle voisin sont clos", str(refused.exception))
        self.assertFalse(paid.with_user(self.accountant).move_ids)
        self.book(paid, date=date(self.year, 2, 1)).action_book()
        self.assertEqual(paid.with_user(self.accountant).amount_booked, 15)

    def test_only_accountants_book(self):
        paid = self.member(self.awa)
        with self.assertRaises(AccessError):
            self.own("pope.membership.booking", self.user_manager).create({})
        with self.assertRaises(AccessError):
            paid.with_user(self.user_pope).read(["amount_booked"])

    def test_who_was_two_and_paid_twice_keeps_both_fees(self):
        self.complete_chart()
        twin = self.env["res.partner"].create({"name": "A. Diallo", "email": self.awa.email})
        first, second = self.member(self.awa), self.member(twin, amount=10, date_paid=date(self.year, 1, 5))
        asked = self.member(twin, self.year - 1, paid=False)
        older = self.member(self.awa, self.year - 1)
        self.book(first | second).action_book()
        moves = (first | second).with_user(self.accountant).move_ids
        second.message_post(body="Payé en espèces")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.awa | twin).ids, self.awa)
        self.env.invalidate_all()
        left = self.own("pope.membership").search([("partner_id", "=", self.awa.id), ("year", "=", self.year)])
        self.assertEqual((left.amount, left.date_paid, left.amount_booked), (25, date(self.year, 1, 5), 25))
        self.assertEqual(left.move_ids, moves)
        self.assertFalse(self.book(left).to_book_ids)
        told = " ".join(left.message_ids.mapped("body"))
        self.assertIn("Payé en espèces", told)
        self.assertIn("10,00", told)
        last = (asked | older).exists()
        self.assertEqual((last, last.amount, last.standing, left.standing), (older, 15, "new", "renewed"))

    def test_a_merge_shows_who_renewed(self):
        twin = self.env["res.partner"].create({"name": "A. Diallo"})
        last, now = self.member(twin, self.year - 1), self.member(self.awa)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.awa | twin).ids, self.awa)
        self.env.invalidate_all()
        self.assertEqual((last.is_renewed, now.standing), (True, "renewed"))

    def test_a_contact_s_form_lists_their_fees_of_every_year(self):
        self.member(self.awa)
        self.member(self.awa, self.year - 1, paid=False, amount=12)
        contact = self.own("res.partner", self.user_pope).browse(self.awa.id)
        form = Form(contact)
        self.assertFalse(form._get_modifier("pope_membership_ids", "invisible"))
        fees = [(row["year"], row["amount"]) for row in form.pope_membership_ids._records]
        self.assertEqual(sorted(fees), [(self.year - 1, 12), (self.year, 15)])
        seller = self._new_user("seller", "base.group_user,base.group_partner_manager")
        seller.write({"company_ids": [Command.link(self.pole.id)]})
        arch = self.env["res.partner"].with_user(seller).get_view(view_type="form")["arch"]
        self.assertNotIn("pope_membership_ids", arch)

    def test_the_receipt_is_refused_before_the_fee_is_paid(self):
        due = self.member(self.nadia, paid=False)
        for action in (due.action_print_receipt, due.action_send_receipt):
            with self.assertRaises(UserError) as refused:
                action()
            self.assertIn("n'est pas payée", str(refused.exception))
        due.action_pay_today()
        self.assertEqual((due.state, due.date_paid), ("paid", self.today()))
        self.assertEqual(due.action_send_receipt()["res_model"], "mail.compose.message")

    def test_a_fee_paid_is_a_contact_and_a_forgotten_member_still_counts(self):
        paid = self.member(self.awa)
        paid.message_post(body="Chèque d'Awa Diallo")
        self.assertEqual(self.own("res.partner", self.user_pope).browse(self.awa.id).pope_last_contact, paid.date_paid)
        self.awa._pope_anonymise()
        self.assertEqual((paid.exists().amount, paid.state), (15, "paid"))
        self.assertNotIn("Awa", " ".join(paid.message_ids.mapped("body")))

    def test_the_list_asks_the_same_for_ten_and_a_hundred(self):
        def cost(count):
            people = self.env["res.partner"].create([{"name": f"Adhérent {count} {n}"} for n in range(count)])
            rows = self.own("pope.membership").create(
                [{"partner_id": person.id, "year": self.year, "amount": 15} for person in people]
            )
            of_user = people.with_user(self.user_pope)
            self.assertTrue(of_user.env.company and of_user.env.tz)  # looked up once for an environment
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.web_read({"partner_id": {"fields": {"display_name": {}}}, "standing": {}, "amount_booked": {}})
            of_user.mapped("pope_membership_state")
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(10), cost(100))


@tagged("post_install", "-at_install")
class TestVolunteer(MemberCase):
    def give(self, partner, year=None, **hours):
        return self.own("pope.volunteer.time", self.user_pope).create(
            {"partner_id": partner.id, "year": year or self.year, **hours}
        )

    def value(self, month="12", rate=10.0, user=None, **values):
        return self.own("pope.volunteer.valuation", user).create(
            {"year": self.year, "month": month, "rate": rate, **values}
        )

    def entries(self):
        return self.env["account.move"].search(
            [("company_id", "=", self.pole.id), ("journal_id.code", "=", "BENEV")], order="date, id"
        )

    def result(self):
        ((total,),) = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.pole.id), ("account_id.account_type", "in", RESULT)], [], ["balance:sum"]
        )
        return total or 0.0

    def test_one_row_a_person_and_year_with_its_total(self):
        row = self.give(self.awa, hours_1=3, hours_2=2.5)
        self.assertEqual(row.hours, 5.5)
        self.assertIn(self.env.ref("pope_crm.role_volunteer"), self.awa.pope_role_ids)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.give(self.awa)
        for hours in (-1, 745):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                row.hours_3 = hours
        body = self.env["res.partner"].create({"name": "Association Les Lilas", "is_company": True})
        with self.assertRaises(ValidationError) as refused:
            self.give(body)
        self.assertIn("est une organisation", str(refused.exception))

    def test_a_sheet_of_hours_comes_in_by_odoo_s_own_import(self):
        sheet = f"Bénévole,Année,Janvier,Février\n{self.awa.name},{self.year},3,\n{self.nadia.name},{self.year},2.5,4\n"
        importer = self.own("base_import.import", self.user_pope).create(
            {"res_model": "pope.volunteer.time", "file": sheet.encode(), "file_type": "text/csv", "file_name": "h.csv"}
        )
        options = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
        preview = importer.parse_preview(dict(options))
        guessed = {int(column): path for column, path in preview["matches"].items()}
        self.assertEqual(guessed, {0: ["partner_id"], 1: ["year"], 2: ["hours_1"], 3: ["hours_2"]})
        fields = ["partner_id", "year", "hours_1", "hours_2"]
        done = importer.execute_import(fields, preview["headers"], {**options, "float_decimal_separator": "."})
        self.assertFalse(done["messages"])
        rows = self.own("pope.volunteer.time").search([("partner_id", "in", (self.awa | self.nadia).ids)])
        self.assertEqual({row.partner_id: row.hours for row in rows}, {self.awa: 3, self.nadia: 6.5})

    def test_merged_contacts_add_their_hours(self):
        twin = self.env["res.partner"].create({"name": "A. Diallo"})
        self.give(self.awa, hours_1=700)
        self.give(twin, hours_1=100, hours_5=4)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.awa | twin).ids, self.awa)
        self.env.invalidate_all()
        row = self.own("pope.volunteer.time").search([("partner_id", "=", self.awa.id)])
        self.assertEqual((row.hours_1, row.hours_5, row.hours), (800, 4, 804))

    def check_valuation(self):
        self.give(self.awa, hours_1=10, hours_2=5)
        self.give(self.nadia, hours_1=4, hours_12=1)
        self.give(self.chloe, year=self.year - 1, hours_1=100)
        before = self.result()
        wizard = self.value()
        self.assertEqual((wizard.hours, wizard.volunteer_count, wizard.amount, wizard.amount_due), (20, 2, 200, 200))
        wizard.action_book()
        move = self.entries().ensure_one()
        self.assertEqual((move.state, move.date, move.journal_id.type), ("posted", date(self.year, 12, 31), "general"))
        self.assertEqual(
            {line.account_id: line.balance for line in move.line_ids},
            {self.account("864000"): 200, self.account("875000"): -200},
        )
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        self.assertEqual(self.result(), before)
        self.assertEqual((self.pole.pope_volunteer_rate, self.pole.pope_volunteer_rate_date), (10, self.today()))

    def test_the_hours_are_valued_off_balance_and_the_result_stays(self):
        self.complete_chart()
        self.check_valuation()
        self.assertEqual(set(self.entries().line_ids.account_id.mapped("account_type")), {"off_balance"})

    def test_the_same_where_the_accounts_are_typed_equity(self):
        self.env["account.account"].with_company(self.pole).create(
            [
                {"code": code, "name": name, "account_type": "equity"}
                for code, name in (("864000", "Personnel bénévole"), ("875000", "Bénévolat"))
            ]
        )
        self.check_valuation()

    def test_the_result_of_a_summary_is_unchanged(self):
        self.complete_chart()
        income, bank = self.account("741000"), self.bank.default_account_id
        self.env["account.move"].create(
            {
                "date": date(self.year, 1, 10),
                "journal_id": self.env["account.journal"]
                .search([("company_id", "=", self.pole.id), ("type", "=", "general")], limit=1)
                .id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in ((bank, 500), (income, -500))
                ],
            }
        ).action_post()
        summary = self.own("pope.financial.summary").create(
            {"date_from": date(self.year, 1, 1), "date_to": date(self.year, 12, 31)}
        )

        def controls():
            self.env.invalidate_all()
            return [(control["ok"], control["statement"]) for control in summary._figures()["controls"]]

        before = controls()
        self.give(self.awa, hours_1=10)
        self.value().action_book()
        after = controls()
        self.assertTrue(all(ok for ok, _statement in after))
        self.assertEqual(after[0], before[0])

    def test_again_proposes_only_the_difference(self):
        self.complete_chart()
        row = self.give(self.awa, hours_1=10)
        self.value("6").action_book()
        with self.assertRaises(UserError) as refused:
            self.value("6").action_book()
        self.assertIn("rien à ajouter", str(refused.exception))
        row.hours_2 = 3
        wizard = self.value("6", post=False)
        self.assertEqual((wizard.amount, wizard.amount_booked, wizard.amount_due), (130, 100, 30))
        wizard.action_book()
        self.assertEqual(self.entries().mapped("state"), ["posted", "draft"])
        self.assertEqual(self.value("6").amount_due, 0)
        row.hours_12 = 1
        self.value("12", rate=12.0).action_book()
        self.assertEqual(self.entries().mapped("amount_total"), [100, 30, 38])
        with self.assertRaises(UserError) as refused:
            self.value("6").action_book()
        self.assertIn(f"31/12/{self.year}", str(refused.exception))
        row.hours_1 = 4
        self.value("12", rate=12.0).action_book()
        last = self.entries()[-1]
        self.assertEqual({line.account_id.code[:3]: line.balance for line in last.line_ids}, {"864": -72, "875": 72})
        self.assertEqual(self.value("12").rate, 10)
        self.assertEqual(self.own("pope.volunteer.valuation").create({}).rate, 12, "the last rate is proposed")

    def test_a_financial_year_that_begins_in_september(self):
        self.complete_chart()
        self.pole.write({"fiscalyear_last_month": "8", "fiscalyear_last_day": 31})
        self.give(self.awa, year=self.year - 1, hours_8=7, hours_9=2)
        self.give(self.awa, hours_1=1, hours_8=1, hours_9=50)
        wizard = self.value("8")
        self.assertEqual((wizard.date_from, wizard.hours), (date(self.year - 1, 9, 1), 4))

    def test_closed_books_take_no_valuation(self):
        self.complete_chart()
        self.give(self.awa, hours_1=10)
        self.pole.fiscalyear_lock_date = date(self.year, 3, 31)
        for post in (True, False):
            with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                self.value("2", post=post).action_book()
            self.assertIn("Les comptes de Pôle voisin sont clos", str(refused.exception))
        self.assertFalse(self.entries())

    def test_what_is_missing_is_told(self):
        self.give(self.awa, hours_1=10)
        with self.assertRaises(UserError) as refused:
            self.value(rate=0).action_book()
        self.assertIn("valeur d'une heure", str(refused.exception))
        with self.assertRaises(UserError) as refused:
            self.value().action_book()
        self.assertIn("Compléter le plan comptable associatif", str(refused.exception))
        with self.assertRaises(AccessError):
            self.value(user=self.user_manager)

    def test_the_figures_of_an_application(self):
        self.give(self.awa, hours_1=10, hours_2=20)
        self.give(self.nadia, hours_1=50)
        self.give(self.chloe)
        self.own("pope.membership", self.user_pope).create(
            [
                {"partner_id": self.awa.id, "amount": 15, "date_paid": self.today()},
                {"partner_id": self.nadia.id, "amount": 15},
            ]
        )
        counts = self.own("pope.volunteer.count", self.user_pope).create({})
        self.assertEqual((counts.volunteer_count, counts.hours, counts.member_count), (2, 80, 1))
        self.assertEqual((counts.full_time_hours, counts.full_time), (0, 0), "no figure is invented")
        counts.full_time_hours = 1600
        self.assertEqual(counts.full_time, 0.05)
        counts.action_save()
        self.assertEqual(self.own("pope.volunteer.count", self.user_pope).create({}).full_time_hours, 1600)
        page = self.own("pope.figures", self.user_pope).get_page(self.year)
        figures = {figure["code"]: figure for group in page["groups"] for figure in group["figures"]}
        self.assertEqual([figures[code]["value"] for code in ("volunteers", "volunteer_hours", "members")], [2, 80, 1])
        self.assertEqual(figures["volunteer_hours"]["detail"], "0,05 équivalent temps plein")

    def test_the_grid_and_its_valuation_ask_the_same_for_ten_and_a_hundred(self):
        def cost(count):
            people = self.env["res.partner"].create([{"name": f"Bénévole {count} {n}"} for n in range(count)])
            rows = self.own("pope.volunteer.time").create(
                [{"partner_id": person.id, "year": self.year, "hours_1": 1} for person in people]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.web_read({"partner_id": {"fields": {"display_name": {}}}, "hours_1": {}, "hours": {}})
            self.own("pope.volunteer.valuation").new({"year": self.year, "month": "12"}).mapped("amount_due")
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(10), cost(100))
