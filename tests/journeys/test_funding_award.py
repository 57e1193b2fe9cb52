"""Step 3 of the road of funding: the funder's letter, the letter that asks, and the payment, on a phone."""

import io
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .common import JourneyCase
from .test_interaction import FITS


class GrantJourneyCase(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pole = cls.env["res.company"].create(
            {"name": "Pôle de test", "country_id": cls.env.ref("base.fr").id, "city": "Saint-Denis"}
        )
        cls.env["account.chart.template"].try_loading("fr", cls.pole, install_demo=False)
        cls.env["pope.chart.complete"].create({"company_id": cls.pole.id}).action_complete()
        cls.env.user.company_ids |= cls.pole
        cls.user_pope.write({"company_ids": [Command.set(cls.pole.ids)], "company_id": cls.pole.id})
        cls.accountant = cls._new_user(
            "accountant", "pope_crm.group_pope_user,account.group_account_invoice,account.group_account_readonly"
        )
        cls.accountant.write({"company_ids": [Command.set(cls.pole.ids)], "company_id": cls.pole.id})
        cls.funder = cls.env["res.partner"].create(
            {
                "name": "Ville des Tilleuls",
                "is_company": True,
                "street": "1 place de la Mairie",
                "pope_role_ids": [Command.set(cls.env.ref("pope_crm.role_municipal").ids)],
            }
        )

    @classmethod
    def file(cls, **values):
        company = {"company_id": cls.pole.id, "user_id": cls.user_pope.id}
        return cls.env["pope.funding"].create(
            {"name": "Une crèche aux Tilleuls", "partner_id": cls.funder.id, "nature": "project", **company, **values}
        )

    @classmethod
    def awarded(cls, *amounts, post=False):
        day = cls.today()
        rows = [
            Command.create({"amount": amount, "date_expected": day + timedelta(days=30 * number)})
            for number, amount in enumerate(amounts)
        ]
        funding = cls.file(state="awarded", amount_awarded=sum(amounts), instalment_ids=rows, file_number="TIL-7")
        move = funding._book_award(day)
        if post:
            move.action_post()
        return funding


@tagged("post_install", "-at_install")
class TestAwardJourney(GrantJourneyCase):
    def test_an_accountant_records_the_letter_and_finds_the_entry(self):
        funding = self.file(state="in_review", amount_asked=9000)
        self.walk(
            f"/odoo/financements/{funding.id}",
            """
            await click("button[name=action_award]", "Notification reçue");
            await find(".modal [name=line_ids] .o_data_row", "Versement unique");
            await write(".modal [name=amount] input", "8000");
            await write(".modal [name=file_number] input", "TIL-7");
            await click(".modal [name=line_ids] .o_data_row [name=amount]", "8");
            await write(".modal .o_selected_row [name=amount] input", "5000");
            await click(".modal [name=line_ids] .o_field_x2many_list_row_add a");
            await find(".modal .o_data_row:nth-child(2).o_selected_row");
            await write(".modal .o_selected_row [name=amount] input", "2000");
            await find(".modal .alert-warning", "Les versements font 7");
            await write(".modal .o_selected_row [name=amount] input", "3000");
            await gone(".modal .alert-warning");
            await find(".modal [name=income_account_id] input", "741400");
            await click(".modal button[name=action_confirm]");
            await gone(".modal");
            await find(".o_arrow_button_current", "Accordé");
            await find("[name=instalment_ids] .o_data_row", "5");
            await find(".alert-info", "est un brouillon");
            await click("button[name=action_award_moves]");
            await find(".o_form_view", "441700");
            """,
            login="accountant",
        )
        self.assertEqual((funding.state, funding.amount_awarded, funding.book_state), ("awarded", 8000, "draft"))
        self.assertEqual(funding.instalment_ids.mapped("amount"), [5000, 3000])

    def test_a_member_of_the_team_records_it_and_asks_for_the_payment(self):
        funding = self.file(state="in_review", amount_asked=9000)
        self.walk(
            f"/odoo/financements/{funding.id}",
            """
            await click("button[name=action_award]", "Notification reçue");
            await find(".modal", "à comptabiliser");
            await click(".modal button[name=action_confirm]");
            await gone(".modal");
            await find(".alert-info", "est à comptabiliser");
            await click("[name=instalment_ids] button[name=action_request]");
            await find("[name=instalment_ids] .o_data_row", "Demandé");
            """,
        )
        self.assertEqual((funding.book_state, funding.instalment_ids.date_requested), ("to_book", self.today()))

    def test_the_letter_that_asks_is_in_french(self):
        funding = self.awarded(5000, 3000)
        funding.instalment_ids[1].write({"kind": "balance", "to_join": "Compte rendu financier\nPhotos"})
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("pope_crm.report_payment_request", funding.instalment_ids.ids)
        self.assertEqual(kind, "pdf")
        text = "\n".join(page.extract_text() for page in PdfFileReader(io.BytesIO(content)).pages)
        words = " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())
        for expected in (
            "Demande de versement",
            "Pôle de test",
            "Ville des Tilleuls",
            "1 place de la Mairie",
            "TIL-7",
            "Solde",
            "8 000,00 €",
            "Compte rendu financier",
            "Photos",
            "salutations distinguées",
        ):
            self.assertIn(expected, words)

    def test_one_transfer_for_several_files_is_shared_out(self):
        self.forget_fundings()
        first, second = self.awarded(5000), self.awarded(2000)
        self.walk(
            "/odoo/versements",
            """
            await click("thead .o_list_record_selector input");
            await find(".o_control_panel", "sélectionné");
            await click(".o_control_panel button[name=action_receive]");
            await find(".modal [name=line_ids] .o_data_row:nth-child(2)");
            await find(".modal [name=amount] input", "7");
            await write(".modal [name=amount] input", "6000");
            await find(".modal [name=line_ids] .o_data_row:nth-child(2) [name=amount]", "1");
            await click(".modal button[name=action_confirm]");
            await gone(".modal");
            await find(".o_data_row", "Reçu en partie");
            """,
            login="accountant",
        )
        self.assertEqual((first.amount_received, second.amount_received), (5000, 1000))


@tagged("post_install", "-at_install")
class TestReceiptPhoneJourney(GrantJourneyCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_payment_received_on_a_phone(self):
        self.forget_fundings()
        funding = self.awarded(5000, 3000)
        self.walk(
            "/odoo/versements",
            FITS
            + """
            await click(".o_kanban_record", "Une crèche aux Tilleuls");
            await find(".o_form_view");
            fits();
            await click(".o_statusbar_buttons button[name=action_receive]");
            await find(".modal [name=journal_id] input", "Banque");
            fits();
            await find(".modal .alert", "est un brouillon");
            await write(".modal [name=amount] input", "2000");
            await click(".modal button[name=action_confirm]");
            await gone(".modal");
            await find(".o_form_view [name=amount_received]", "2");
            """,
            login="accountant",
        )
        self.assertEqual((funding.amount_received, funding.amount_left, funding.book_state), (2000, 6000, "posted"))
