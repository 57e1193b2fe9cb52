"""Step 4 of the road of funding: the time of an employee, the payroll it is applied to, what a file then spent."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestTimeKeyJourney(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pole = cls.env["res.company"].create({"name": "Pôle de test", "country_id": cls.env.ref("base.fr").id})
        cls.env["account.chart.template"].try_loading("fr", cls.pole, install_demo=False)
        cls.user_manager.write(
            {
                "company_ids": [Command.set(cls.pole.ids)],
                "company_id": cls.pole.id,
                "group_ids": [
                    Command.link(cls.env.ref("account.group_account_invoice").id),
                    Command.link(cls.env.ref("account.group_account_readonly").id),
                ],
            }
        )
        cls.env.user.company_ids |= cls.pole
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.pole.ids})
        cls.employee = cls.env["res.partner"].create({"name": "Solange Ribeiro", "lang": "fr_FR"})
        city = cls.env["res.partner"].create({"name": "Ville de Stains", "is_company": True})
        cls.funding = cls.env["pope.funding"].create(
            {
                "name": "Ateliers de Stains",
                "partner_id": city.id,
                "state": "awarded",
                "amount_awarded": 9000,
                "date_from": date(cls.today().year, 1, 1),
                "date_to": date(cls.today().year, 12, 31),
            }
        )
        accounts = cls.env["account.account"]
        own = accounts._check_company_domain(cls.pole)
        pay, charges, due = (
            accounts.search([*own, ("code", "=like", f"{code}%")], limit=1) for code in ("641", "645", "421")
        )
        cls.env["account.move"].create(
            {
                "date": date(cls.today().year, 1, 31),
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance, "partner_id": cls.employee.id})
                    for account, balance in ((pay, 2000), (charges, 800), (due, -2800))
                ],
            }
        ).action_post()

    def test_a_key_is_made_applied_and_the_file_says_what_it_spent(self):
        self.walk(
            "/odoo/cles-de-temps",
            """
            await find(".o_view_nocontent", "Aucune clé de temps");
            await click(".o_list_button_add");
            await choose("[name=partner_id] input", "Solange", "Solange Ribeiro");
            await click("[name=line_ids] .o_field_x2many_list_row_add a");
            await choose("[name=line_ids] .o_selected_row [name=funding_id] input", "Ateliers", "Ateliers de Stains");
            await write("[name=line_ids] .o_selected_row [name=percentage] input", "60");
            await click(".o_notebook .nav-link", "Justification");
            await write("[name=reason] textarea", "Fiche de poste, feuilles de temps de janvier");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            await click(".o_notebook .nav-link", "Parts par dossier");
            await find("[name=left_note]", "du temps ne va à aucun dossier");
            await find("[name=amount_booked]", "800,00");
            await click(".o_form_statusbar button", "Appliquer les clés");
            await find(".modal [name=computation]", "60 % Ateliers de Stains");
            await find(".modal [name=total_note]", "680,00");
            await click(".modal button[name=action_apply]");
            await find(".o_notification", "réparties sur les dossiers");
            """,
            login="pope_manager",
        )
        key = self.env["pope.time.key"].search([("partner_id", "=", self.employee.id)])
        self.assertEqual((key.total, key.date_applied), (60, self.today()))
        self.walk(
            f"/odoo/financements/{self.funding.id}",
            """
            await find(".oe_stat_button", "680,00");
            await find("[name=amount_to_spend]", "320,00");
            await click(".o_notebook .nav-link", "Dépenses");
            await find("[name=expense_ids] .o_data_row", "200,00");
            await click("[name=expense_ids] .o_data_row button");
            await find(".o_list_view .o_data_row", "200,00");
            """,
            login="pope_manager",
        )
