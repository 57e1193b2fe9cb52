"""Mail to a funder with a document, logged on the file: what it hands over is done, what it does not stays to do."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestFundingMail(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "pole@example.org"
        Partner = cls.env["res.partner"].with_context(lang="fr_FR")
        cls.funder = Partner.create(
            {"name": "Ville de Bobigny", "is_company": True, "email": "subventions@bobigny.example.org"}
        )
        cls.officer = Partner.create(
            {
                "name": "Mme Instruction",
                "parent_id": cls.funder.id,
                "email": "instruction@bobigny.example.org",
                "lang": "fr_FR",
            }
        )
        cls.funding = (
            cls.env["pope.funding"]
            .with_user(cls.user_pope)
            .create(
                {
                    "name": "Café des familles",
                    "partner_id": cls.funder.id,
                    "contact_id": cls.officer.id,
                    "file_number": "BOB-17",
                    "state": "awarded",
                }
            )
        )
        cls.report, cls.accounts = (cls.due(name) for name in ("Bilan qualitatif", "Comptes annuels"))

    @classmethod
    def due(cls, name, **values):
        return (
            cls.env["pope.funding.obligation"]
            .with_user(cls.user_pope)
            .create({"funding_id": cls.funding.id, "name": name, "anchor": "given", **values})
        )

    def file(self, obligation, name):
        """A file as the screen uploads it."""
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.user_pope)
            .create({"name": name, "raw": b"%PDF-1.4", "res_model": obligation._name, "res_id": obligation.id})
        )
        obligation.attachment_ids = [Command.link(attachment.id)]
        return attachment

    def composer(self, action, **values):
        form = Form(self.env["mail.compose.message"].with_user(self.user_pope).with_context(**action["context"]))
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def send(self, action, **values):
        """What the person sees and sends; the message that stays."""
        before = self.funding.message_ids
        self.composer(action, **values).action_send_mail()
        return (self.funding.message_ids - before).filtered(lambda message: message.message_type == "comment")

    def upload(self, name):
        return (
            self.env["ir.attachment"]
            .with_user(self.user_pope)
            .create({"name": name, "raw": b"%PDF-1.4", "res_model": "mail.compose.message", "res_id": 0})
        )

    # --- Sent ---

    def test_the_report_leaves_with_its_file_to_the_person_who_handles_the_file_and_is_done(self):
        attachment = self.file(self.report, "bilan.pdf")
        composer = self.composer(self.report.action_send())
        self.assertEqual((composer.partner_ids, composer.attachment_ids), (self.officer, attachment))
        self.assertEqual(composer.subject, "Bilan qualitatif (BOB-17)")
        for words in ("Bonjour", "Bilan qualitatif", "Café des familles", "BOB-17"):
            self.assertIn(words, composer.body)
        composer.action_send_mail()
        message = self.funding.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual((message.partner_ids, message.attachment_ids), (self.officer, attachment))
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual((mail.recipient_ids, mail.attachment_ids), (self.officer, attachment))
        self.assertIn("pole@example.org", mail.email_from)
        self.assertEqual((self.report.state, self.report.date_sent), ("sent", self.today()))
        self.assertEqual(self.accounts.state, "to_do", "only what the mail hands over is done")

    def test_without_a_contact_it_goes_to_the_funder(self):
        self.funding.contact_id = False
        self.file(self.report, "bilan.pdf")
        self.assertEqual(self.composer(self.report.action_send()).partner_ids, self.funder)

    def test_a_file_added_while_writing_stays_with_the_report(self):
        added = self.upload("bilan signé.pdf")
        message = self.send(self.report.action_send(), attachment_ids=added)
        self.assertEqual((message.attachment_ids, self.report.attachment_ids), (added, added))
        self.assertEqual(self.report.state, "sent")
        colleague = self._new_user("collegue", "pope_crm.group_pope_user")
        self.assertEqual(added.with_user(colleague).raw, b"%PDF-1.4")

    def test_sent_from_the_file_all_that_is_ready_leaves_together(self):
        first, second = self.file(self.report, "bilan.pdf"), self.file(self.accounts, "comptes.pdf")
        waiting = self.due("Évaluation")
        sent = self.due("Budget", state="sent", date_sent="2026-01-05")
        self.file(sent, "budget.pdf")
        message = self.send(self.funding.action_send())
        self.assertEqual(message.attachment_ids, first | second)
        self.assertEqual(message.subject, "Bilan qualitatif, Comptes annuels (BOB-17)")
        self.assertEqual([row.state for row in (self.report, self.accounts, waiting)], ["sent", "sent", "to_do"])
        self.assertEqual(str(sent.date_sent), "2026-01-05")

    def test_what_was_taken_out_of_a_common_mail_stays_to_do_and_it_is_told(self):
        first = self.file(self.report, "bilan.pdf")
        self.file(self.accounts, "comptes.pdf")
        self.send(self.funding.action_send(), attachment_ids=first)
        self.assertEqual((self.report.state, self.accounts.state), ("sent", "to_do"))
        self.assertTrue(
            self.funding.message_ids.filtered(
                lambda message: "Comptes annuels" in message.body and "reste à faire" in message.body
            )
        )

    def test_from_a_file_with_nothing_ready_it_is_a_plain_mail(self):
        message = self.send(self.funding.action_send(), body="<p>Une question</p>")
        self.assertEqual((message.partner_ids, message.subject), (self.officer, "Café des familles (BOB-17)"))
        self.assertEqual((self.report.state, self.accounts.state), ("to_do", "to_do"))

    def test_sent_again_it_keeps_its_first_day(self):
        self.file(self.report, "bilan.pdf")
        self.report.write({"state": "sent", "date_sent": "2026-01-05"})
        self.send(self.report.action_send())
        self.assertEqual((self.report.state, str(self.report.date_sent)), ("sent", "2026-01-05"))

    def test_planned_for_later_it_is_done_the_day_it_leaves(self):
        self.file(self.report, "bilan.pdf")
        composer = self.composer(self.report.action_send())
        composer.scheduled_date = fields.Datetime.now() + timedelta(hours=2)
        composer.action_schedule_message()
        self.assertEqual(self.report.state, "to_do")
        planned = self.env["mail.scheduled.message"].search([("res_id", "=", self.funding.id)])
        planned.with_user(self.user_pope).post_message()
        self.assertEqual(self.report.state, "sent")

    # --- Not sent ---

    def test_a_window_that_is_closed_changes_nothing(self):
        self.file(self.report, "bilan.pdf")
        before = self.funding.message_ids
        self.composer(self.report.action_send())
        self.assertEqual((self.report.state, self.report.date_sent), ("to_do", False))
        self.assertEqual(self.funding.message_ids, before)

    def test_a_mail_without_a_document_leaves_the_report_to_do_and_it_is_told(self):
        self.send(self.report.action_send())
        self.assertEqual(self.report.state, "to_do")
        self.assertTrue(self.funding.message_ids.filtered(lambda message: "reste à faire" in message.body))
        self.env.cr.precommit.run()  # where the bus writes what it tells
        self.assertTrue(
            self.env["bus.bus"].search([("message", "ilike", "simple_notification"), ("message", "ilike", "Bilan")])
        )

    def test_a_note_for_colleagues_hands_over_nothing(self):
        attachment = self.file(self.report, "bilan.pdf")
        context = self.report.action_send()["context"]
        funding = self.funding.with_context(pope_sending_obligations=context["pope_sending_obligations"])
        funding.message_post(body="Relu", attachment_ids=attachment.ids, subtype_xmlid="mail.mt_note")
        funding.message_post(body="À personne", attachment_ids=attachment.ids, subtype_xmlid="mail.mt_comment")
        self.assertEqual(self.report.state, "to_do")

    def test_a_mail_on_one_file_closes_no_report_of_another(self):
        other = self.funding.copy({"state": "awarded"})
        attachment = self.file(self.report, "bilan.pdf")
        other.with_context(pope_sending_obligations=self.report.ids).message_post(
            body="Voici", partner_ids=self.officer.ids, attachment_ids=attachment.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(self.report.state, "to_do")

    def test_others_cannot_send_to_a_funder(self):
        stranger = self._new_user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.report.with_user(stranger).action_send()

    # --- Screens ---

    def test_from_the_calendar_the_report_is_sent_as_from_its_form(self):
        self.report.date_due = self.today()
        self.file(self.report, "bilan.pdf")
        deadline = (
            self.env["pope.funding.deadline"].with_user(self.user_pope).search([("obligation_id", "=", self.report.id)])
        )
        self.assertEqual(deadline.action_send()["context"], self.report.action_send()["context"])

    def test_another_funder_another_contact(self):
        with Form(self.funding) as form:
            self.assertEqual(form.contact_id, self.officer)
            form.partner_id = self.env["res.partner"].create({"name": "Caf d'essai", "is_company": True})
            self.assertFalse(form.contact_id)

    def test_who_replaces_the_contact_has_the_open_files(self):
        closed = self.funding.copy({"state": "closed"})
        new = self.env["res.partner"].create({"name": "M. Nouveau", "email": "nouveau@bobigny.example.org"})
        self.officer.with_user(self.user_pope)._pope_replace_by(new)
        self.assertEqual((self.funding.contact_id, closed.contact_id), (new, self.officer))
