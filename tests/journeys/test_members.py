"""Step 7 of the money road: a membership and its receipt, the hours of volunteers and what they are worth."""

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestMembersJourney(JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france = cls.env.ref("base.fr").id
        cls.pole = cls.env["res.company"].create(
            {
                "name": "Pôle de test",
                "country_id": france,
                "street": "8 rue du Moulin",
                "zip": "93200",
                "city": "Saint-Denis",
                "email": "pole@example.org",
            }
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
                "email": "equipe@example.org",
            }
        )
        cls.env["res.partner"].create(
            [
                {"name": "Solange Ribeiro", "email": "solange@example.org", "lang": "fr_FR"},
                {"name": "Hamid Touati", "email": "hamid@example.org", "lang": "fr_FR"},
            ]
        )

    def test_a_membership_its_receipt_and_its_entry(self):
        self.walk(
            "/odoo/adhesions",
            """
            await click(".o_list_button_add");
            await choose("[name=partner_id] input", "Solange", "Solange Ribeiro");
            await write("[name=amount] input", "15");
            await click(".o_list_button_save");
            await gone(".o_selected_row");
            await click(".o_data_row .o_list_record_selector input");
            await click("button[name=action_pay_today]");
            await find(".o_data_row", "Payée");
            await click(".o_data_row .o_list_record_open_form_view");
            await click("button[name=action_send_receipt]");
            await find(".modal", "Reçu d'adhésion");
            await click(".modal button", "Envoyer");
            await gone(".modal");
            await find(".o-mail-Message", "Votre reçu est joint");
            await click(".o_statusbar_buttons button", "Comptabiliser");
            await find(".modal", "Solange Ribeiro");
            await click(".modal button[name=action_book]");
            await find(".o_form_view", "756100");
            """,
        )
        membership = self.env["pope.membership"].search([("partner_id.name", "=", "Solange Ribeiro")])
        self.assertEqual((membership.state, membership.amount_booked), ("paid", 15))
        self.assertEqual(membership.move_ids.state, "posted")
        file = membership.message_ids.attachment_ids.ensure_one()
        self.assertTrue(file.name.startswith(f"Reçu d'adhésion {membership.year}"), file.name)

    def test_the_receipt_says_what_it_is_in_french(self):
        person = self.env["res.partner"].search([("name", "=", "Solange Ribeiro")])
        person.write({"street": "3 allée des Tilleuls", "zip": "93300", "city": "Aubervilliers"})
        rows = self.env["pope.membership"].create(
            [
                {
                    "partner_id": person.id,
                    "company_id": self.pole.id,
                    "year": year,
                    "amount": 15.5,
                    "date_paid": paid,
                }
                for year, paid in ((2025, "2025-02-03"), (2026, False))
            ]
        )
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        words = ""
        for row in rows:
            content, kind = report._render_qweb_pdf("pope_crm.report_membership_receipt", row.ids)
            self.assertEqual(kind, "pdf")
            words += self.pdf_words(content) + "\n"
        for expected in (
            "Pôle de test",
            "8 rue du Moulin",
            "Reçu d'adhésion 2025",
            "Solange Ribeiro",
            "3 allée des Tilleuls",
            "15,50 €",
            "03/02/2025",
            "ne vaut pas reçu fiscal",
            "Pas de reçu : cette cotisation n'est pas payée.",
        ):
            self.assertIn(expected, words)

    def test_the_hours_of_volunteers_and_their_value(self):
        self.walk(
            "/odoo/benevolat",
            """
            await click(".o_list_button_add");
            await choose("[name=partner_id] input", "Hamid", "Hamid Touati");
            await write("[name=hours_1] input", "12");
            await write("[name=hours_2] input", "7,5");
            await click(".o_list_button_save");
            await gone(".o_selected_row");
            await find(".o_data_row", "19,5");
            await click("button", "Chiffres pour les dossiers");
            await write(".modal [name=full_time_hours] input", "1560");
            await find(".modal [name=full_time]", "0,01");
            await click(".modal button[name=action_save]");
            await gone(".modal");
            await click("button", "Valoriser");
            await write(".modal [name=rate] input", "14,50");
            await find(".modal [name=amount_due]", "282,75");
            await click(".modal button[name=action_book]");
            await find(".o_form_view", "864000");
            await find(".o_form_view", "875000");
            """,
        )
        self.assertEqual((self.pole.pope_full_time_hours, self.pole.pope_volunteer_rate), (1560, 14.5))
        move = self.env["account.move"].search([("company_id", "=", self.pole.id), ("journal_id.code", "=", "BENEV")])
        self.assertEqual((move.state, move.amount_total), ("posted", 282.75))
