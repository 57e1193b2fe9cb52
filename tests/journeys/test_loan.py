"""A loan from its creation to the alert on its coverage; then the cash plan, seen, explained and downloaded."""

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestLoanJourney(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pole = cls.env["res.company"].create({"name": "Pôle de test", "email": "pole@example.org"})
        cls.user_pope.write({"company_ids": [Command.set(cls.pole.ids)], "company_id": cls.pole.id})
        cls.lender, funder = cls.env["res.partner"].create(
            [
                {"name": "Fonds solidaire des Tilleuls", "is_company": True},
                {"name": "Ville des Tilleuls", "is_company": True},
            ]
        )
        cls.month = cls.today().replace(day=1)
        cls.funding = cls.env["pope.funding"].create(
            {
                "name": "Ateliers des Tilleuls",
                "partner_id": funder.id,
                "company_id": cls.pole.id,
                "nature": "project",
                "state": "awarded",
                "amount_awarded": 3000,
                "instalment_ids": [
                    Command.create({"amount": 3000, "date_expected": cls.month + relativedelta(months=2, days=9)})
                ],
            }
        )

    def test_a_loan_until_its_coverage_is_short(self):
        self.walk(
            "/odoo/prets",
            """
            await find(".o_view_nocontent", "Aucun prêt ici");
            await click(".o_list_button_add");
            await choose("[name=partner_id] input", "Fonds solidaire", "Fonds solidaire des Tilleuls");
            await write("[name=amount] input", "5000");
            await write("[name=months] input", "5");
            await find("[name=line_ids] .o_data_row:nth-child(5)");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await click("button[name=action_grant]");
            await find(".o_arrow_button_current", "Accordé");
            await find("[name=amount_outstanding]", "5");

            // the first instalment is ticked
            await click("[name=line_ids] .o_data_row button[name=action_paid]", "Payée");
            await find("[name=line_ids] .o_data_row button[name=action_unpaid]");

            // a grant that covers less than what is owed
            await click(".o_notebook .nav-link", "Subventions gagées");
            await click("[name=pledge_ids] .o_field_x2many_list_row_add a");
            await choose("[name=pledge_ids] [name=funding_id] input", "Ateliers", "Ateliers des Tilleuls");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await find(".alert-warning [name=alert_note]", "Couverture du prêt inférieure à");
            await find("[name=coverage]", "75");
            """,
        )
        loan = self.env["pope.loan"].search([("company_id", "=", self.pole.id)])
        self.assertEqual((loan.state, loan.amount_outstanding, loan.is_short), ("granted", 4000, True))
        self.assertEqual(loan.line_ids.mapped("is_paid"), [True] + [False] * 4)

    def test_the_cash_plan_is_seen_explained_and_downloaded(self):
        self.env["pope.loan"].create(
            {
                "name": "Relais des Tilleuls",
                "partner_id": self.lender.id,
                "company_id": self.pole.id,
                "amount": 3000,
                "method": "on_grants",
                "months": 18,
                "state": "granted",
                "date_start": self.month + relativedelta(months=1),
                "pledge_ids": [Command.create({"funding_id": self.funding.id})],
            }
        )
        self.walk(
            "/odoo/tresorerie",
            """
            await find(".o_pope_cash_minimum", "Point le plus bas");
            await find(".o_pope_cash li", "relevé bancaire");

            // the cash there is, and what is planned
            await click(".o_pope_cash_typed");
            await find(".o_view_nocontent", "Aucune ligne saisie");
            await click(".o_list_button_add");
            await write("[name=name] input", "Travaux");
            await write("[name=amount] input", "2500");
            await click(".o_list_button_save");
            await find(".o_data_row", "Travaux");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Plan de trésorerie");
            await find("tr[data-kind=other_out]", "Travaux");
            await find("tr[data-kind=loan_in]", "Prêts reçus");
            await find("tr[data-kind=loan_out]", "Remboursements de prêts");
            await find(".o_pope_cash_lowest", "500");

            // what makes a figure, down to the record
            await click("tr[data-kind=grant] button");
            await find(".o_pope_cash_detail", "Ville des Tilleuls");
            await click(".o_pope_cash_download");
            await pause(2000);
            await click(".o_pope_cash_detail button");
            await find(".o_form_view [name=funding_id]", "Ateliers des Tilleuls");
            """,
        )
        file = self.env["ir.attachment"].search(
            [("create_uid", "=", self.user_pope.id), ("name", "like", "trésorerie")]
        )
        self.assertEqual(file.name, "Plan de trésorerie – Pôle de test.xlsx")
