"""Time keys: who works for which file, kept when revised, and what the payroll entries then say."""

import base64
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .test_fec import line, written
from .test_funding_spending import SpendingCase


class TimeKeyCase(SpendingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_accountant = cls._new_user(
            "pay_accountant", "pope_crm.group_pope_user,account.group_account_invoice,account.group_account_readonly"
        )
        cls.user_accountant.write({"company_ids": [Command.link(cls.pole.id)], "company_id": cls.pole.id})

    def setUp(self):
        super().setUp()
        self.city, self.caf = self.fund("Contrat de Ville"), self.fund("Fonds publics et territoires")

    def key(self, *shares, partner=None, user=None, **values):
        return self.own("pope.time.key", user or self.user_manager).create(
            {
                "partner_id": (partner or self.awa).id,
                "year": self.year,
                "line_ids": [
                    Command.create({"funding_id": funding.id, "percentage": percentage})
                    for funding, percentage in shares
                ],
                **values,
            }
        )

    def pay(self, amount, code="641", month=1, partner=None, **values):
        """A line of payroll of the month; in nobody's name unless told."""
        return self.spend(amount, code=code, day=date(self.year, month, 28), partner=partner, **values)

    def window(self, month_to=12):
        return self.own("pope.time.key.apply").create(
            {"date_from": date(self.year, 1, 1), "date_to": date(self.year, month_to, 28)}
        )

    def apply(self, **values):
        self.window(**values).action_apply()
        self.env.invalidate_all()

    def spent(self, *fundings):
        return [funding._spent()[funding] for funding in fundings or (self.city, self.caf)]


@tagged("post_install", "-at_install")
class TestTimeKey(TimeKeyCase):
    def test_over_100_percent_is_refused_and_under_is_told(self):
        key = self.key((self.city, 60), (self.caf, 20))
        self.assertIn("20\xa0% du temps", key.left_note)
        with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
            key.line_ids[1].percentage = 40.01
        self.assertIn("100\xa0% au plus", str(refused.exception))
        key.line_ids[1].percentage = 40
        self.assertEqual((key.total, key.left_note), (100, False))

    def test_the_employee_gets_the_role(self):
        self.key()
        self.assertIn(self.env.ref("pope_crm.role_employee"), self.awa.pope_role_ids)

    def test_a_key_is_made_from_the_screen(self):
        with Form(self.own("pope.time.key", self.user_manager)) as form:
            form.partner_id = self.awa
            with form.line_ids.new() as line:
                line.funding_id = self.city
                line.percentage = 50
        self.assertEqual((form.record.total, form.record.year, form.record.month_to), (50, self.year, "12"))

    def test_a_revision_wins_from_its_month_and_keeps_the_former_key(self):
        first = self.key((self.city, 100), reason="Fiche de poste")
        second = self.key((self.caf, 100), month="4")
        self.assertEqual((first.month_to, second.month_to), ("3", "12"))
        third = self.key((self.city, 50), month="2")
        self.env.invalidate_all()
        self.assertEqual((first.month_to, second.month_to, third.month_to), ("1", False, "12"))
        self.assertEqual((second.is_replaced, first.reason), (True, "Fiche de poste"))
        other = self.key((self.city, 10), partner=self.nadia)
        last_year = self.key((self.city, 10), year=self.year - 1)
        self.assertEqual((other.month_to, last_year.month_to), ("12", "12"))

    def test_what_was_applied_is_revised_not_changed(self):
        key = self.key((self.city, 50), reason="Feuilles de temps")
        self.pay(1000, partner=self.awa)
        self.apply()
        self.assertEqual(key.date_applied, self.today())
        for change in (
            lambda: key.line_ids.write({"percentage": 60}),
            key.line_ids.unlink,
            lambda: key.write({"line_ids": [Command.create({"funding_id": self.caf.id, "percentage": 10})]}),
            lambda: key.write({"month": "2"}),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                change()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            key.unlink()
        revision = key.browse(key.action_revise()["res_id"])
        self.assertEqual((revision.revises_id, revision.total, revision.reason), (key, 50, False))
        revision.line_ids.percentage = 60
        self.assertEqual((key.total, key.reason), (50, "Feuilles de temps"))

    def test_a_key_names_files_of_the_pole_only(self):
        project_file = self.fund(lead_id=self.project().id)
        with self.assertRaises(ValidationError):
            self.key((project_file, 50))

    def test_managers_and_accountants_only_know_the_pay(self):
        key = self.key((self.city, 50), gross=24000)
        for user, may in (
            (self.user_manager, True),
            (self.user_accountant, True),
            (self.user_pope, False),
            (self.user_sensitive, False),
        ):
            own = self.env(user=user, context={"allowed_company_ids": self.pole.ids})[key._name]
            if may:
                self.assertEqual(own.browse(key.id).gross, 24000)
            else:
                with self.assertRaises(AccessError):
                    own.search([])
                with self.assertRaises(AccessError):
                    key.line_ids.with_env(own.env).read(["percentage"])
        with self.assertRaises(AccessError):
            self.own("pope.time.key.apply", self.user_pope).create({})
        self.pay(1000, partner=self.awa)
        window = self.own("pope.time.key.apply", self.user_manager).create({})
        self.assertFalse(window.line_ids, "who may not read the entries is shown none")
        self.assertIn("écritures d'Odoo", window.left_out)

    def test_the_cost_in_the_name_of_the_employee_is_that_of_the_months_of_the_key(self):
        first, second = self.key((self.city, 50)), self.key((self.city, 60), month="4")
        self.pay(2000, partner=self.awa)
        self.pay(800, code="645", partner=self.awa)
        self.pay(40, code="633", partner=self.awa)
        self.pay(1000, month=4, partner=self.awa)
        self.pay(700, partner=self.nadia)
        self.pay(500, code="606", partner=self.awa)
        self.assertEqual((first.amount_booked, second.amount_booked), (2840, 1000))


@tagged("post_install", "-at_install")
class TestPayroll(TimeKeyCase):
    def test_lines_in_the_name_of_an_employee_follow_the_key_of_their_month(self):
        self.key((self.city, 60), (self.caf, 20))
        self.key((self.city, 100), month="4")
        self.pay(2000, partner=self.awa)
        self.pay(800, code="645", partner=self.awa)
        self.pay(1000, month=4, partner=self.awa)
        window = self.window()
        self.assertEqual(len(window.line_ids), 3)
        self.assertEqual(sum(window.line_ids.mapped("amount")), 2240 + 1000)
        self.assertIn("60 % Contrat de Ville, 20 % Fonds publics et territoires", window.line_ids[0].computation)
        self.assertEqual(self.spent(), [0, 0])
        self.apply()
        self.assertEqual(self.spent(), [1680 + 1000, 560])

    def test_applying_again_proposes_only_the_difference(self):
        key = self.key((self.city, 60))
        self.pay(2000, partner=self.awa)
        self.pay(1000, month=5, partner=self.awa)
        self.apply()
        self.assertFalse(self.window().line_ids)
        self.pay(500, month=6, partner=self.awa)
        revision = key.browse(key.action_revise()["res_id"])
        revision.write({"month": "5", "line_ids": [Command.update(revision.line_ids.id, {"percentage": 50})]})
        window = self.window()
        self.assertEqual(window.line_ids.mapped("balance"), [1000, 500])
        self.assertIn("+150,00", window.total_note)
        window.action_apply()
        self.env.invalidate_all()
        self.assertEqual(self.spent(self.city), [1200 + 500 + 250])
        self.assertFalse(self.window().line_ids)

    def test_a_key_revised_to_nothing_takes_its_shares_back(self):
        key = self.key((self.city, 60))
        self.pay(2000, partner=self.awa)
        self.apply()
        revision = key.browse(key.action_revise()["res_id"])
        revision.write({"month": "1", "line_ids": [Command.clear()]})
        self.apply()
        self.assertEqual(self.spent(self.city), [0])

    def test_one_entry_for_everybody_follows_the_pay_typed(self):
        self.key((self.city, 50), gross=24000, charges=9600)
        self.key((self.city, 25), (self.caf, 75), partner=self.nadia, gross=12000, charges=4800)
        social_body = self.env["res.partner"].create({"name": "Urssaf", "is_company": True})
        self.pay(5000)
        self.pay(1500, code="645", partner=social_body)
        self.pay(500, code="633")
        window = self.window()
        self.assertIn(
            "2 000,00 € / 5 000,00 € × Awa Diallo",
            window.line_ids[0].computation.replace("\u202f", " ").replace("\xa0", " "),
        )
        self.apply()
        # of a month: 2,000 and 1,000 of pay, 800 and 400 of charges
        self.assertEqual(self.spent(), [1000 + 250 + 400 + 100, 750 + 300])

    def test_an_entry_of_several_months_stands_for_the_months_since_the_one_before(self):
        self.key((self.city, 50), gross=24000)
        self.key((self.city, 100), month="5", gross=24000)
        self.pay(30000, month=3)
        self.pay(40000, month=6)
        self.window(month_to=3).action_apply()
        self.env.invalidate_all()
        self.assertEqual(self.spent(self.city), [3000])
        self.apply()  # April at one half, May and June in full
        self.assertEqual(self.spent(self.city), [3000 + 1000 + 4000])

    def test_pay_in_an_employee_s_name_is_not_charged_again_by_what_is_typed(self):
        self.key((self.city, 50), gross=24000)
        self.pay(2000, partner=self.awa)
        self.pay(3000)
        self.apply()
        self.assertEqual(self.spent(self.city), [1000])

    def test_more_pay_typed_than_the_entries_bear_is_told_and_charged_to_nobody(self):
        self.key((self.city, 50), gross=24000)
        self.pay(1900)
        window = self.window()
        self.assertFalse(window.line_ids)
        self.assertIn("rien n'est imputé", window.left_out)

    def test_what_is_missing_is_told(self):
        self.key((self.city, 50))
        self.pay(1900)
        self.pay(1000, partner=self.nadia)
        self.nadia.pope_role_ids |= self.env.ref("pope_crm.role_employee")
        told = self.window().left_out
        self.assertIn("Salaire brut", told)
        self.assertIn("Nadia Benali n'a pas de clé de temps en 01/", told)
        waiting = self.fund("Demande en cours", state="filed")
        self.key((waiting, 50), partner=self.chloe)
        self.pay(1000, partner=self.chloe)
        window = self.window()
        self.assertFalse(window.line_ids)
        self.assertIn("Demande en cours", window.left_out)

    def test_other_plans_and_what_is_not_charged_stay(self):
        self.key((self.city, 60))
        other = self.env["account.analytic.account"].create(
            {"name": "Siège", "plan_id": self.env.ref("analytic.analytic_plan_projects").id, "company_id": self.pole.id}
        )
        move = self.pay(1000, partner=self.awa)
        item = move.line_ids.filtered(lambda line: line.balance > 0)
        item.analytic_distribution = {str(other.id): 100}
        self.env.flush_all()  # Odoo reads the former shares from the table
        self.apply()
        self.assertEqual(self.spent(self.city), [600])
        lines = self.env["account.analytic.line"].search(
            [("move_line_id", "=", item.id), ("account_id", "=", other.id)]
        )
        self.assertEqual(sum(lines.mapped("amount")), -1000)
        self.assertFalse(self.window().line_ids)

    def test_closed_periods_and_drafts_stay_as_they_are(self):
        self.key((self.city, 60))
        self.pay(1000, month=1, partner=self.awa)
        self.pay(1000, month=2, partner=self.awa)
        self.pay(1000, month=3, partner=self.awa, post=False)
        self.pole.fiscalyear_lock_date = date(self.year, 1, 31)
        window = self.window()
        self.assertEqual(window.line_ids.mapped("balance"), [1000])
        self.assertIn("périodes closes", window.left_out)
        self.apply()
        self.assertEqual(self.spent(self.city), [600])

    def test_the_payroll_of_another_company_is_not_touched(self):
        self.key((self.city, 60))
        other = self.env["res.company"].create({"name": "Autre association", "country_id": self.env.ref("base.fr").id})
        self.env.user.company_ids |= other
        self.env["account.chart.template"].try_loading("fr", other, install_demo=False)
        theirs = self.env(context={"allowed_company_ids": other.ids})
        accounts = theirs["account.account"].with_company(other)
        pay = accounts.search([*accounts._check_company_domain(other), ("code", "=like", "641%")], limit=1)
        bank = accounts.search([*accounts._check_company_domain(other), ("code", "=like", "467%")], limit=1)
        move = theirs["account.move"].create(
            {
                "date": date(self.year, 3, 28),
                "line_ids": [
                    Command.create({"account_id": pay.id, "balance": 900, "partner_id": self.awa.id}),
                    Command.create({"account_id": bank.id, "balance": -900, "partner_id": self.awa.id}),
                ],
            }
        )
        move.action_post()
        self.assertFalse(self.window().line_ids)
        self.apply()
        self.assertFalse(move.line_ids.analytic_line_ids)


@tagged("post_install", "-at_install")
class TestPayrollOfBooks(TimeKeyCase):
    def setUp(self):
        super().setUp()
        start, end = date(self.year, 1, 1), date(self.year, 12, 31)
        rows = [
            ("641100", "2000", "Salaire DIALLO Awa", ""),
            ("645100", "800", "Charges", "Awa Diallo"),
            ("641100", "3000", "Salaires", ""),
        ]
        lines = []
        for number, (account, amount, label, partner) in enumerate(rows, 1):
            day = f"{self.year}0131"
            lines.append(
                line(
                    number, account, amount, day=day, EcritureLib=label, CompAuxNum=partner and "S1", CompAuxLib=partner
                )
            )
            lines.append(line(number, "512000", "", amount, day=day))
        books = self.own("pope.books", self.user_manager).create(
            {
                "company_id": self.pole.id,
                "date_from": start,
                "date_to": end,
                "file": base64.b64encode(written(lines)),
                "file_name": "FEC.txt",
            }
        )
        books.action_check()
        books.accepts_problems = True
        books.action_accept()
        self.books = books
        self.env.invalidate_all()

    def window(self, month_to=12):
        return self.own("pope.time.key.apply", self.user_manager).create(
            {"date_from": date(self.year, 1, 1), "date_to": date(self.year, month_to, 28)}
        )

    def test_lines_that_name_an_employee_follow_the_key_and_the_others_the_pay_typed(self):
        self.key((self.city, 60), (self.caf, 20))
        self.key((self.caf, 50), partner=self.nadia, gross=12000, charges=1)
        window = self.window()
        self.assertEqual(sorted(window.line_ids.mapped("balance")), [800, 2000, 3000])
        self.assertIn("60 % Contrat de Ville", "".join(window.line_ids.mapped("shares")))
        self.apply()
        self.assertEqual(self.spent(), [1680, 560 + 500])
        self.assertFalse(self.window().line_ids)

    def test_a_revision_takes_back_what_the_former_key_charged(self):
        key = self.key((self.city, 60), (self.caf, 20))
        self.apply()
        revision = key.browse(key.action_revise()["res_id"])
        revision.write({"month": "1", "line_ids": [Command.clear()]})
        self.apply()
        self.assertEqual(self.spent(), [0, 0])

    def test_entries_of_odoo_on_the_same_days_are_told_beside(self):
        self.key((self.city, 50))
        self.pay(5000, partner=self.awa)
        self.user_manager.group_ids += self.env.ref("account.group_account_invoice")
        window = self.window()
        self.assertNotIn(5000, window.line_ids.mapped("balance"))
        self.assertIn("comptabilité importée", window.left_out)
        item = self.env["account.move.line"].search([("balance", "=", 5000), ("company_id", "=", self.pole.id)])
        item.analytic_distribution = {str(self.city.analytic_account_id.id): 100}
        self.env.invalidate_all()
        self.assertEqual(self.city.amount_spent, 5000, "books that charge nothing leave Odoo's entries alone")
        self.apply()
        self.assertEqual((self.city.amount_spent, self.city.amount_beside), (1400, 5000))
        self.assertIn("n'est pas compté", self.city.alert_note)

    def test_each_figure_opens_the_lines_of_its_source(self):
        self.key((self.city, 50))
        self.apply()
        city = self.city.with_user(self.user_manager)
        rows = city.expense_ids.sorted("code")
        self.assertEqual([(row.code, row.amount) for row in rows], [("641100", 1000), ("645100", 400)])
        self.assertEqual(rows.line_id.mapped("code"), ["c64_rem", "c64_soc"])
        charges = self.own("pope.books.charge", self.user_manager).search(rows[0].action_open()["domain"])
        self.assertEqual((charges.amount, charges.label), (1000, "Salaire DIALLO Awa"))
        whole = city.action_expenses()
        self.assertEqual(whole["res_model"], "pope.books.charge")
        self.spend(30, (self.city, 100), day=date(self.year - 1, 12, 1))
        self.assertEqual(self.city.amount_spent, 1430)
        both = city.action_expenses()
        self.assertEqual(sum(city.env[both["res_model"]].search(both["domain"]).mapped("amount")), 1430)
        with self.assertRaises(UserError):
            rows[0].with_user(self.user_pope).action_open()
