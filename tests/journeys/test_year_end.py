"""Step 5 of the money road: the end of a year, computed, looked at, proposed as draft entries."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestYearEndJourney(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = cls.today().year - 1  # the last that ended, which the page offers
        cls.pole = cls.env["res.company"].create(
            {"name": "Pôle de test", "country_id": cls.env.ref("base.fr").id, "email": "pole@example.org"}
        )
        cls.env["account.chart.template"].try_loading("fr", cls.pole, install_demo=False)
        cls.env["pope.chart.complete"].create({"company_id": cls.pole.id}).action_complete()
        cls.user_pope.write(
            {
                "company_ids": [Command.set(cls.pole.ids)],
                "company_id": cls.pole.id,
                "group_ids": [
                    Command.link(cls.env.ref("account.group_account_invoice").id),
                    Command.link(cls.env.ref("account.group_account_readonly").id),
                ],
            }
        )
        context = {"allowed_company_ids": cls.pole.ids, "lang": "fr_FR"}
        cls.own = cls.env(user=cls.user_pope, context=context)
        funder = cls.env["res.partner"].create({"name": "Ville des Tilleuls", "is_company": True})
        cls.fundings = cls.own["pope.funding"].create(
            [
                {
                    "name": name,
                    "partner_id": funder.id,
                    "nature": nature,
                    "state": "awarded",
                    "amount_awarded": amount,
                    "date_from": date(cls.year, 6, 1),
                    "date_to": date(cls.year + later, 5 if later else 12, 31),
                    "instalment_ids": [Command.create({"amount": amount})],
                    "asset_date": date(cls.year, 7, 1) if nature == "investment" else False,
                    "asset_years": 5 if nature == "investment" else 0,
                }
                for name, nature, amount, later in (
                    ("Ateliers des Tilleuls", "project", 12000, 1),
                    ("Coordination des Tilleuls", "project", 4000, 0),
                    ("Mobilier des Tilleuls", "investment", 5000, 0),
                )
            ]
        )
        cls.fundings._book_award(date(cls.year, 5, 2)).action_post()
        cls.expense = cls.entry(cls.fundings[0], 4500)
        cls.entry(cls.fundings[1], 1500)

    @classmethod
    def entry(cls, funding, amount):
        accounts = cls.own["account.account"]
        codes = {code: accounts.search([("code", "=like", f"{code}%")], limit=1) for code in ("606", "512")}
        move = cls.own["account.move"].create(
            {
                "journal_id": cls.own["account.journal"].search([("type", "=", "general")], limit=1).id,
                "date": date(cls.year, 9, 1),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": codes["606"].id,
                            "name": "Livres et jeux",
                            "balance": amount,
                            "analytic_distribution": {str(funding.analytic_account_id.id): 100},
                            "tax_ids": [Command.clear()],
                        }
                    ),
                    Command.create({"account_id": codes["512"].id, "name": "Livres et jeux", "balance": -amount}),
                ],
            }
        )
        move.action_post()
        return move

    def test_the_year_is_computed_looked_at_and_proposed(self):
        self.walk(
            "/odoo/cloture",
            f"""
            await click(".o_list_button_add");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await find(".o_arrow_button_current", "À proposer");

            // what is left to spend, and why
            await click(".o_notebook .nav-link", "Fonds dédiés");
            await find("[name=dedicated_line_ids] .o_data_row", "Ateliers des Tilleuls");
            await find("[name=dedicated_line_ids] .o_data_row [name=explanation]", "restent à dépenser");
            await click(".o_notebook .nav-link", "Produits constatés d'avance");
            await find("[name=deferred_line_ids] .o_data_row [name=explanation]", "dont 5 après la clôture");
            await click(".o_notebook .nav-link", "Subventions d'investissement");
            await find("[name=quota_line_ids] .o_data_row [name=explanation]", "sur 5 ans");
            await click(".o_notebook .nav-link", "Tableau de l'annexe");
            await find("[name=note_line_ids] .o_data_row", "Coordination des Tilleuls");

            // another amount, with its reason
            await click(".o_notebook .nav-link", "Fonds dédiés");
            await click("[name=dedicated_line_ids] .o_data_row td[name=amount]");
            await find("[name=dedicated_line_ids] .o_selected_row [name=amount] input");
            await write("[name=dedicated_line_ids] .o_selected_row [name=amount] input", "2000");
            await write("[name=dedicated_line_ids] .o_selected_row [name=reason] input", "Facture attendue");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await find(".o-mail-Message", "Facture attendue");

            // the expenses behind a figure, and back
            await click("[name=dedicated_line_ids] button[name=action_open_spent]");
            await find(".o_data_row", "Livres et jeux");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Clôture {self.year}");

            await click("button[name=action_propose]");
            await find(".o_data_row", "Fonds dédiés {self.year}");
            await find(".o_data_row", "Brouillon");
            await click(".o_breadcrumb a, .breadcrumb-item a", "Clôture {self.year}");
            await find(".o_arrow_button_current", "À valider");
            await click("button[name=action_download_xlsx]");
            await pause(2000);
            """,
        )
        year_end = self.env["pope.year.end"].search([("company_id", "=", self.pole.id)])
        self.assertEqual(year_end.move_ids.mapped("state"), ["draft"] * 3)
        self.assertEqual(set(year_end.move_ids.mapped("date")), {date(self.year, 12, 31)})
        kept = year_end.line_ids.filtered("is_kept")
        self.assertEqual((kept.amount, kept.reason), (2000, "Facture attendue"))
        files = self.env["ir.attachment"].search([("res_model", "=", year_end._name), ("res_id", "=", year_end.id)])
        self.assertEqual(files.name, f"Clôture {self.year} – annexe.xlsx")
