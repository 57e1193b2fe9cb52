"""A summary from the screen to what the funder receives."""

from odoo import Command
from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestSummarySentJourney(JourneyCase):
    def test_from_the_screen_to_what_is_sent(self):
        """A comment where it is far from the budget, frozen, sent to the CAF, then a new version."""
        self.user_manager.group_ids += self.env.ref("account.group_account_invoice")
        accounts = {
            code: self.env["account.account"].create({"code": code, "name": name, "account_type": kind})
            for code, name, kind in (
                ("613984", "Loyer du local", "expense"),
                ("641984", "Salaires", "expense"),
                ("512985", "Banque", "asset_cash"),
            )
        }
        journal = self.env["account.journal"].create({"name": "Divers", "code": "ODS", "type": "general"})
        year = 2022

        def book(code, amount):
            self.env["account.move"].create(
                {
                    "journal_id": journal.id,
                    "date": f"{year}-03-15",
                    "line_ids": [
                        Command.create({"account_id": accounts[code].id, "debit": amount}),
                        Command.create({"account_id": accounts["512985"].id, "credit": amount}),
                    ],
                }
            ).action_post()

        book("613984", 4800)
        book("641984", 31000)
        lines = {code: self.env.ref(f"pope_crm.summary_line_{code}") for code in ("c61_loc", "c64_rem")}
        self.env["pope.budget"].create(
            {
                "kind": "year",
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "line_ids": [
                    Command.create({"line_id": lines[code].id, "amount": amount})
                    for code, amount in (("c61_loc", 4800), ("c64_rem", 20000))
                ],
            }
        )
        caf = self.env["res.partner"].create(
            {
                "name": "CAF des Tilleuls",
                "is_company": True,
                "email": "caf@example.org",
                "pope_role_ids": self.env.ref("pope_crm.role_family_fund").ids,
            }
        )
        self.env["pope.funding"].create(
            {
                "name": "Fonds publics et territoires",
                "partner_id": caf.id,
                "nature": "operating",
                "state": "awarded",
                "amount_asked": 30000,
                "amount_awarded": 24000,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
            }
        )
        summary = self.env["pope.financial.summary"].create(
            {"name": "Synthèse pour la CAF", "date_from": f"{year}-01-01", "date_to": f"{year}-12-31"}
        )
        self.walk(
            f"/odoo/syntheses/{summary.id}",
            """
            await find(".o_data_row", "800,00");
            await click(".o_pope_statement button[name=action_comment].text-danger");
            await write(".modal [name=text] textarea", "Poste créé en mars");
            await click(".modal .o_form_button_save");
            await gone(".modal");
            await gone("button[name=action_comment].text-danger");
            await click("button[name=action_freeze_and_send]");
            await click(".modal .btn-primary");
            await find(".modal .o_mail_composer_form_view, .modal .o_form_view");
            await find(".modal", "CAF des Tilleuls");
            await find(".modal", ".xlsx");
            await click(".modal button[name=action_send_mail]");
            await gone(".modal");
            await find(".o_arrow_button_current", "Figée");
            """,
            login="pope_manager",
        )
        self.assertEqual(summary.state, "frozen")
        self.assertEqual(summary.comment_ids.mapped("text"), ["Poste créé en mars"])
        sent = summary.message_ids.filtered(lambda message: caf in message.partner_ids)
        kept = summary.attachment_id + summary.paper_id
        self.assertCountEqual(sent.attachment_ids.mapped("checksum"), kept.mapped("checksum"))
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("pope_crm.report_financial_summary", summary.ids)
        self.assertEqual(kind, "pdf")
        words = self.pdf_words(content)
        for told in ("Synthèse pour la CAF", "Poste créé en mars", "Certifié exact", "800,00"):
            self.assertIn(told, words)
        book("613984", 100)
        self.walk(
            f"/odoo/syntheses/{summary.id}",
            """
            await find(".alert-warning", "ont changé");
            await click("button[name=action_new_version]");
            await find("[name=moved_html]", "900,00");
            await find("button[name=action_previous]");
            """,
            login="pope_manager",
        )
        self.assertEqual(summary.next_ids.version, 2)
