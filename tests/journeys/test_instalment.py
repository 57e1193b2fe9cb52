"""The schedule of a contract, changed on the screen, then what is due handed to the accountant."""

from datetime import timedelta

from odoo.tests import tagged

from .agreement_journey import AgreementJourney


@tagged("post_install", "-at_install")
class TestInstalmentJourney(AgreementJourney):
    def test_a_schedule_is_changed_and_what_is_due_is_handed_over(self):
        self.move_session(-4)
        line = self.pay(self.awa_enrolment, "particulier", amount_granted=1000)
        contract = self.propose()
        self.walk(
            f"/odoo/conventions-formation/{contract.id}",
            """
            await click(".o_notebook .nav-link", "Échéancier");
            await find(".o_field_widget[name=instalment_ids] .o_data_row", "700");
            await click(".o_field_widget[name=instalment_ids] .o_data_row td[name=amount]", "300");
            await write(".o_field_widget[name=instalment_ids] td[name=amount] input", "250");
            await click(".o_form_button_save");
            await find(".alert-warning", "échéances dont la somme est le prix");
            await click("button", "Échéancier habituel");
            await gone(".alert-warning");
            await find(".o_field_widget[name=instalment_ids]", "30");
            """,
        )
        contract._issue()
        contract._sign(self.today() - timedelta(days=30), is_remote=True, channel="paper")
        self.env.flush_all()
        self.walk(
            "/odoo/echeances-formation",
            """
            await find(".o_list_view .o_data_row", "Awa Diallo");
            await click(".o_data_row button", "Transmettre à la comptabilité");
            await find(".o_notification", "Transmis");
            await find(".o_nocontent_help", "Aucune échéance à demander");
            """,
        )
        self.assertEqual((line.amount_proposed, line.invoice_state), (300, "proposed"))
