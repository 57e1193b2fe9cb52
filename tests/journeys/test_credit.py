"""Somebody leaves after their training was invoiced whole: what is too much is told, handed over, then credited."""

from datetime import timedelta

from odoo.tests import tagged

from ..pope_training.agreement import AgreementCase
from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestCreditJourney(AgreementCase, JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = cls.env.cr.now().replace(microsecond=0)
        cls.pole.pope_exemption_date = "2025-01-01"

    def at(self, moment):
        """The browser lives today."""

    def test_what_was_invoiced_too_much_is_handed_over_then_credited_in_draft(self):
        for number, slot in enumerate(self.slots):
            slot.date = self.today() - timedelta(days=4 - number // 2)
        self.awa_enrolment.employer_id = self.employer
        line = self.pay(self.awa_enrolment, "employeur_prive", amount_granted=700)
        agreement = self.propose()
        agreement._issue()
        agreement._sign(self.today(), is_remote=True, channel="paper")
        self.invoice(line, 700, 14).action_post()
        self.attend(self.awa_enrolment, "present", "present")
        self.awa_enrolment._leave(self.slots[0].date, "personal")
        self.walk(
            f"/odoo/stagiaires/{self.awa_enrolment.id}",
            """
            await find(".alert-warning", "facturés en trop, à rendre par un avoir");
            """,
        )
        self.walk(
            f"/odoo/sessions/{self.course.id}",
            """
            await click(".o_form_view button", "Facturer");
            await find(".modal .alert", "facturés en trop");
            await find(".modal .o_data_row td[name=amount]", "350,00");
            await click(".modal button", "Transmettre à la comptabilité");
            await gone(".modal");
            """,
        )
        self.assertEqual((line.amount_proposed, line.invoice_state), (-350, "proposed"))
        self.walk(
            "/odoo/factures-formation",
            """
            await find(".o_list_view", "Crèche du Canal");
            await click(".o_list_record_selector input[type=checkbox]");
            await click("button", "Créer les factures en brouillon");
            await find(".o_form_view", "Avoir");
            """,
            login="accountant",
        )
        note = self.env["account.move"].search([("pope_session_id", "=", self.course.id), ("state", "=", "draft")])
        self.assertEqual((note.move_type, note.amount_total, line.invoice_state), ("out_refund", 350, "credit"))

    def test_a_session_for_one_buyer_is_agreed_with_it(self):
        for number, slot in enumerate(self.slots):
            slot.date = self.today() + timedelta(days=20 + number // 2)
        self.walk(
            f"/odoo/sessions/{self.course.id}",
            """
            await click(".o_field_widget[name=pope_session_type] input");
            await click(".o_select_menu_item", "intra");
            await choose(".o_field_widget[name=pope_client_id] input", "Crèche du", "Crèche du Canal");
            await write(".o_field_widget[name=pope_client_price] input", "2400");
            await click(".o_form_button_save");
            await gone(".o_form_dirty .o_form_button_save");
            await click(".o_form_view button", "Proposer les conventions");
            await click(".o_data_cell", "Crèche du Canal");
            await find(".o_form_view h1", "Devis");
            """,
        )
        agreement = self.course.pope_agreement_ids
        self.assertEqual((agreement.partner_id, agreement.amount, agreement.trainee_count), (self.employer, 2400, 2))
