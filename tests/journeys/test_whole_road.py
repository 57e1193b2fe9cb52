"""A whole session, from the catalogue to the payment: each thing is typed once, and nothing is printed."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from . import test_session
from .agreement_journey import AgreementJourney
from .test_attendance import Phone


@tagged("post_install", "-at_install")
class TestWholeRoadJourney(AgreementJourney):
    def test_from_the_catalogue_to_the_payment(self):
        session = self.session_of_the_programme()
        trainee = self.trainee_paid_by_the_employer(session)
        self.day_comes(session)
        agreement = self.agreement_sent(session)
        phone = self.phone()
        with self.allow_requests(browser=phone.browser):
            self.employer_signs(phone, agreement)
            self.trainee_signs(phone, trainee)
            self.trainer_certifies(phone, session)
        self.assertEqual((trainee.hours_attended, trainee.state), (1, "done"))
        self.certificate_is_made(session)
        self.invoice_is_paid(session)
        with self.allow_requests(browser=phone.browser):
            phone.open(self.page(trainee._space_url()))
            phone.wait_for("Certificat de réalisation")
        line = trainee.financing_ids
        self.assertEqual((line.invoice_state, line.amount_invoiced, line.hours_invoiced), ("paid", 1000, 1))
        words = self.pdf_words(trainee.document_ids.filtered(lambda row: row.kind_id.code == "certificate"))
        for word in ("Awa Diallo", "Vie commune", "1 h"):
            self.assertIn(word, words)

    # --- In the office ---

    def session_of_the_programme(self):
        self.walk(
            f"/odoo/catalogue-formations/{self.program.id}",
            test_session.DAYS % test_session.TestSessionJourney.days(self)
            + """
            await click("button[name=action_publish]");
            await find(".o_field_widget[name=version_ids], .o_form_view", "Version");
            await click(".o_form_view button", "Nouvelle session");
            await find(".o_field_widget[name=pope_program_id] input", "Vie commune");
            await click(".o_form_button_save");
            await click("button", "Poser les demi-journées");
            await click(".modal .o_field_widget[name=date_from] button");
            await write(".modal .o_field_widget[name=date_from] input", said(tuesday));
            await click(".modal .o_field_widget[name=date_from] button[data-field=date_to]");
            await write(".modal .o_field_widget[name=date_from] input[data-field=date_to]", said(tuesday));
            await click(".modal-title");
            await find(".modal .o_field_widget[name=line_ids] .o_data_row", "Après-midi");
            await click(".modal .o_field_widget[name=line_ids] .o_data_row:nth-child(2) .o_list_record_remove button");
            await click(".modal button[name=action_lay_out]");
            await gone(".modal");
            """,
        )
        session = self.env["event.event"].search([("pope_program_id", "=", self.program.id)], order="id desc", limit=1)
        self.assertEqual((session.company_id, len(session.pope_slot_ids)), (self.pole, 1))
        return session

    def trainee_paid_by_the_employer(self, session):
        self.walk(
            f"/odoo/sessions/{session.id}",
            """
            await click(".o_notebook .nav-link", "Personnes");
            await click(".o_field_widget[name=registration_ids] .o_field_x2many_list_row_add a");
            await write(".o_field_widget[name=registration_ids] td[name=name] input", "Awa Diallo");
            await write(".o_field_widget[name=registration_ids] td[name=email] input", "awa.diallo@example.org");
            await click(".o_form_button_save");
            await find(".o_form_saved, .o_form_view");
            await click(".oe_stat_button", "Stagiaires");
            await click(".o_list_view .o_data_row td[name=partner_id]", "Awa Diallo");
            await choose(".o_field_widget[name=employer_id] input", "Crèche", "Crèche du Canal");
            await click(".o_field_widget[name=financing_ids] .o_field_x2many_list_row_add a");
            await choose(".o_field_widget[name=scheme_id] input", "Employeur", "Employeur privé");
            await click(".o_form_button_save");
            await find(".o_field_widget[name=financing_ids] .o_data_row", "Crèche du Canal");
            """,
        )
        trainee = session.registration_ids.pope_enrolment_ids
        self.assertEqual((trainee.partner_id, trainee.bpf_status), (self.holders[0], "a"))
        return trainee

    def day_comes(self, session):
        """The half-day ended a minute ago, at a clock where it is not of two days."""
        begin = fields.Datetime.now() - timedelta(minutes=61)
        session.date_tz = "Etc/GMT-11" if begin.hour < 12 else "Etc/GMT+11"
        local = fields.Datetime.context_timestamp(session.with_context(tz=session.date_tz), begin)
        hour = local.hour + local.minute / 60
        session.pope_slot_ids.write({"date": local.date(), "hour_from": hour, "hour_to": hour + 1})

    def agreement_sent(self, session):
        self.walk(
            f"/odoo/sessions/{session.id}",
            """
            await click(".o_form_view button", "Proposer les conventions");
            await click(".o_data_cell", "Crèche du Canal");
            await find(".o_form_view h1", "Devis");
            await click(".o_form_view button", "Envoyer à signer");
            await find(".o_arrow_button_current, .o_statusbar_status", "Envoyé");
            """,
        )
        return session.pope_agreement_ids

    def certificate_is_made(self, session):
        self.walk(
            f"/odoo/sessions/{session.id}",
            """
            await click("button", "Éditer des documents");
            await choose(".o_field_widget[name=kind_id] input", "Certificat", "Certificat de réalisation");
            await find(".o_data_row", "Awa Diallo");
            await click("button[name=action_issue]");
            await find(".o_data_row td[name=document_id]", "CR-");
            """,
        )

    def invoice_is_paid(self, session):
        self.walk(
            f"/odoo/sessions/{session.id}",
            """
            await click(".o_form_view button", "Facturer");
            await find(".modal", "Awa Diallo");
            await click(".modal button", "Transmettre à la comptabilité");
            await gone(".modal");
            """,
        )
        self.walk(
            "/odoo/factures-formation",
            """
            await find(".o_list_view", "Crèche du Canal");
            await click(".o_list_record_selector input[type=checkbox]");
            await click("button", "Créer les factures en brouillon");
            await click(".o_form_view button[name=action_post]");
            await click(".o_form_view button[name=action_register_payment]");
            await click(".modal button[name=action_create_payments]");
            await gone(".modal");
            """,
            login="accountant",
        )

    # --- On a phone ---

    def phone(self):
        self.browser_size, self.touch_enabled = "360x740", True
        phone = Phone(self)
        del self.browser_size, self.touch_enabled
        self.addCleanup(phone.browser.stop)
        return phone

    def page(self, address):
        self.env.flush_all()
        self.cr.clear()
        return address[len(self.program.get_base_url()) :]

    def employer_signs(self, phone, agreement):
        phone.open(self.page(agreement._sign_url()))
        phone.wait_for("Vie commune")
        phone.tap("form.ask button")
        phone.wait_for("Le code vient de partir")
        code = agreement.sudo()._codes(self.env.cr.now() - timedelta(hours=1))[:1]._code()
        phone.run(f"document.getElementById('code').value = {json.dumps(code)}")
        phone.draw()
        phone.tap("form.sign button[type=submit]")
        phone.wait_for("C'est signé")
        self.env.invalidate_all()
        self.assertEqual(agreement.state, "signed")

    def trainee_signs(self, phone, trainee):
        phone.open(f"/pope/emargement/{trainee._sign_token()}")
        phone.draw()
        phone.tap("button[type=submit]")
        phone.wait_for("c'est signé")

    def trainer_certifies(self, phone, session):
        phone.open(self.page(session._pope_trainer_url(self.user_pope.partner_id)))
        phone.wait_for("Je certifie")
        phone.draw()
        phone.run("document.querySelector('form.sign').requestSubmit()")
        phone.wait_for("Scellé le")
        self.env.invalidate_all()
