"""Documents for many at once: who lacks what is seen first, those that fail are named, the others are done."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_document import DocumentCase


class EditionCase(DocumentCase):
    def edition(self, code, event=None, **values):
        form = Form(
            self.env["pope.training.edition"]
            .with_user(self.user_pope)
            .with_context(default_event_id=(event or self.session).id)
        )
        form.kind_id = self.kind(code).with_user(self.user_pope)
        for name, value in values.items():
            form[name] = value
        return form.save()


@tagged("post_install", "-at_install")
class TestEdition(EditionCase):
    def test_who_lacks_what_is_seen_before_anything_is_made(self):
        self.hold()
        self.nadia.bpf_status = "a"
        edition = self.edition("certificate")
        self.assertEqual(edition.line_ids.mapped("name"), ["Awa Diallo", "Nadia Benali"])
        self.assertEqual((edition.ready_count, edition.line_ids[0].gaps), (1, False))
        self.assertIn(f'href="/odoo/pope.training.enrolment/{self.nadia.id}"', edition.line_ids[1].gaps)
        self.assertFalse(self.session.pope_document_count)

    def test_those_who_are_ready_have_theirs_and_the_others_are_named(self):
        self.hold()
        self.nadia.bpf_status = "a"
        edition = self.edition("certificate")
        edition.action_issue()
        self.assertEqual(edition.line_ids.mapped("state"), ["done", "failed"])
        self.assertEqual((edition.state, edition.made_count, edition.failed_count), ("done", 1, 1))
        self.assertTrue(edition.line_ids[1].error)
        self.assertEqual(edition.line_ids.document_id.enrolment_id, self.awa)
        with self.assertRaises(UserError):
            edition.action_issue()

    def test_who_has_it_keeps_it_unless_it_is_asked_again(self):
        self.hold()
        first = self.edition("certificate")
        first.action_issue()
        again = self.edition("certificate")
        self.assertFalse(again.ready_count)
        again.action_issue()
        self.assertEqual(again.line_ids.mapped("state"), ["kept", "kept"])
        self.assertEqual(again.line_ids.document_id, first.line_ids.document_id)
        new = self.edition("certificate", is_again=True)
        new.action_issue()
        self.assertEqual(new.line_ids.document_id.mapped("version"), [2, 2])

    def test_one_that_fails_while_it_is_made_keeps_nobody_back(self):
        self.hold()
        edition = self.edition("certificate")
        Document = self.env.registry["pope.training.document"]
        printer = Document._pdf

        def jam(document):
            if document.partner_id == self.holders[0]:
                raise UserError("Plus de papier")
            return printer(document)

        with patch.object(Document, "_pdf", jam):
            edition.action_issue()
        self.assertEqual(edition.line_ids.mapped("state"), ["failed", "done"])
        self.assertIn("Plus de papier", edition.line_ids[0].error)
        self.assertFalse(self.awa.document_ids)
        self.assertTrue(self.nadia.document_ids.fingerprint)

    def test_many_are_left_to_the_cron(self):
        self.hold()
        with patch("odoo.addons.pope_training.models.pope_training_edition.AT_ONCE", 1):
            edition = self.edition("certificate")
            edition.action_issue()
        self.assertEqual((edition.state, edition.progress), ("running", 0))
        with self.enter_registry_test_mode():
            self.env.ref("pope_training.cron_edition").method_direct_trigger()
        self.assertEqual((edition.state, edition.made_count, edition.progress), ("done", 2, 100))
        self.assertEqual(edition.line_ids.document_id.user_id, self.user_pope)

    def test_what_was_cut_goes_on_where_it_stopped(self):
        self.hold()
        edition = self.edition("certificate")
        edition.line_ids[0]._issue()
        edition.state = "running"
        made = edition.line_ids[0].document_id
        with self.enter_registry_test_mode():
            self.env.ref("pope_training.cron_edition").method_direct_trigger()
        self.assertEqual(edition.line_ids.mapped("state"), ["done", "done"])
        self.assertEqual(edition.line_ids[0].document_id, made)
        self.assertEqual(len(self.awa.document_ids), 1)

    def test_the_sheet_of_attendance_is_filed_as_it_was_printed(self):
        self.hold()
        edition = self.edition("attendance_sheet")
        self.assertEqual(edition.line_ids.mapped("name"), [self.session.display_name])
        edition.action_issue()
        document = edition.line_ids.document_id
        self.assertEqual((document.event_id, document.number), (self.session, "EM-2026-0001"))
        self.assertIn("Awa Diallo", self.text(document))

    def test_only_those_that_were_chosen(self):
        form = Form(
            self.env["pope.training.edition"]
            .with_user(self.user_pope)
            .with_context(default_enrolment_ids=self.nadia.ids)
        )
        form.kind_id = self.kind("convocation")
        edition = form.save()
        edition.action_issue()
        self.assertEqual(edition.line_ids.document_id.enrolment_id, self.nadia)
        action = edition.action_print()
        attachment = self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        self.assertTrue(attachment.raw.startswith(b"%PDF"))

    def test_the_screen_costs_the_same_for_ten_and_for_sixty(self):
        people = [(f"Personne {number:02}", f"personne{number}@example.org") for number in range(60)]
        self.register(self.session, *people)
        counts = []
        everybody = self.enrolments(self.session)[2:]
        for enrolments in (everybody[:1], everybody[:10], everybody):
            edition = self.env["pope.training.edition"].create(
                {"kind_id": self.kind("convocation").id, "enrolment_ids": enrolments.ids}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            edition.with_user(self.user_pope).web_read(
                {"ready_count": {}, "line_ids": {"fields": {"name": {}, "gaps": {}, "is_issued": {}}}}
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_those_of_another_company_are_not_issued(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        user = self._new_user("pope_other_edition", "pope_crm.group_pope_user")
        user.write({"company_ids": other.ids, "company_id": other.id})
        values = {"kind_id": self.kind("convocation").id, "enrolment_ids": [Command.set(self.awa.ids)]}
        with self.assertRaises(AccessError):
            self.env["pope.training.edition"].with_user(user).create(values)
        own = self.edition("convocation")
        self.assertFalse(own.with_user(user).search([("id", "=", own.id)]))
        self.assertFalse(own.line_ids.with_user(user).search([("id", "in", own.line_ids.ids)]))


@tagged("post_install", "-at_install")
class TestStatement(EditionCase):
    def test_the_statement_tells_each_objective(self):
        self.hold()
        self.session.with_user(self.user_pope).action_pope_assess()
        self.session.with_user(self.user_pope).action_pope_assess()
        lines = self.awa.assessment_ids
        self.assertEqual(lines.mapped("name"), ["Décider à plusieurs", "Régler un conflit"])
        self.assertIn(self.awa, self.kind("statement")._gaps(self.awa))
        lines.with_user(self.user_pope)[0].action_acquired()
        lines.with_user(self.user_pope)[1].write({"result": "in_progress", "note": "Scène jouée"})
        [document] = self.awa._pope_issue("statement")
        text = self.text(document)
        for words in (
            "Attestation de fin de formation",
            "Décider à plusieurs Acquis",
            "Régler un conflit En cours d'acquisition Scène jouée",
            "7 h sur 7 h",
        ):
            self.assertIn(words, text.replace("\xa0", " "))
        with self.assertRaises(UserError):
            self.meeting.with_user(self.user_pope).action_pope_assess()

    def test_the_attendance_statement_tells_each_half_day(self):
        self.hold(absent=self.awa)
        [document] = self.awa._pope_issue("attendance")
        text = self.text(document).replace("\xa0", " ")
        for words in (
            "Attestation d'assiduité",
            "Heures suivies : 3 h 30",
            "Heures d'absence : 3 h 30",
            "Absent",
            "7 h",
        ):
            self.assertIn(words, text)


@tagged("post_install", "-at_install")
class TestSending(EditionCase):
    def test_a_document_leaves_with_its_file(self):
        [document] = self.awa._pope_issue("convocation")
        document.with_user(self.user_pope).action_send()
        row = document.notification_ids
        self.assertEqual((row.email, row.rule_id.trigger), ("awa.diallo@example.org", "document"))
        self.dispatch()
        self.assertEqual(row.mail_id.attachment_ids, document.attachment_id)
        self.assertIn("Convocation", row.body)
        self.assertIn(document.number, row.body)
        self.assertFalse(document.date_sent)
        row._set_sent()
        self.assertEqual(document.date_sent, row.date_sent)

    def test_the_house_rules_go_with_the_prior_information(self):
        [rules] = self.company._pope_issue("house_rules")
        self.env.invalidate_all()
        [document] = self.awa._pope_issue("information")
        document.with_user(self.user_pope).action_send()
        row = document.notification_ids
        self.assertEqual(row.document_ids, document | rules)
        self.assertFalse(self.awa.date_information)
        self.dispatch()
        row._set_sent()
        self.assertEqual(self.awa.date_information, self.today())

    def test_all_those_of_a_session_at_once_and_who_has_no_address_is_named(self):
        self.holders[1].email = False
        edition = self.edition("convocation")
        edition.action_issue()
        answer = edition.action_send()
        self.assertIn("Nadia Benali", answer["params"]["message"])
        self.assertEqual(len(edition.line_ids.document_id.notification_ids), 2)

    def test_handed_over_on_paper(self):
        self.company._pope_issue("house_rules")
        self.env.invalidate_all()
        [document] = self.nadia._pope_issue("information")
        document.with_user(self.user_pope).action_given()
        self.assertEqual((document.date_given, self.nadia.date_information), (self.today(), self.today()))

    def test_a_session_that_moves_makes_new_convocations_for_those_who_had_one(self):
        [former] = self.awa._pope_issue("convocation")
        session = self.session.with_user(self.user_pope)
        rows = session._pope_postpone({slot: slot.date + timedelta(days=7) for slot in session.pope_slot_ids}, "Salle")
        [new] = self.awa._pope_issue("convocation")
        self.assertEqual((new.version, new.former_id, former.state), (2, former, "replaced"))
        self.assertIn("jeudi 19 mars", self.text(new))
        self.assertIn("Annule et remplace", self.text(new))
        by_person = {row.enrolment_id: row.sudo().document_ids for row in rows}
        self.assertEqual((by_person[self.awa], by_person[self.nadia]), (new, new.browse()))

    def test_a_document_that_was_replaced_is_not_sent(self):
        [document] = self.awa._pope_issue("convocation")
        document.action_issue_again()
        with self.assertRaises(UserError):
            document.with_user(self.user_pope).action_send()


@tagged("post_install", "-at_install")
class TestFile(EditionCase):
    def fact(self, code):
        return self.session._pope_file_facts()[code].get(self.session)

    def test_the_file_of_the_session_ticks_itself(self):
        self.assertEqual((self.fact("rules"), self.fact("convocation")), ((0, 1), (0, 2)))
        self.assertIsNone(self.fact("certificate"), "the session is not over")
        self.company._pope_issue("house_rules")
        documents = (self.awa | self.nadia)._pope_issue("convocation")
        documents[0].action_given()
        documents[1].action_send()
        self.env.invalidate_all()
        self.assertEqual((self.fact("rules"), self.fact("convocation")), ((1, 1), (1, 2)))
        documents[1].notification_ids._set_sent()
        self.assertEqual(self.fact("convocation"), (2, 2))
        self.hold()
        self.nadia.attendance_ids._set_status("absent")
        self.assertEqual(self.fact("certificate"), (0, 1), "who never came has no certificate")
        self.awa._pope_issue("certificate")
        self.session._pope_issue("attendance_sheet")
        self.assertEqual((self.fact("certificate"), self.fact("attendance_sheet")), ((1, 1), (1, 1)))
        self.assertEqual(self.fact("statement"), (0, 1))

    def test_a_programme_without_convocation_asks_for_none(self):
        self.program.mail_convocation = False
        self.assertIsNone(self.fact("convocation"))

    def test_what_was_issued_before_a_session_was_left_does_not_count(self):
        self.awa._pope_issue("convocation").action_given()
        self.awa.registration_id.action_cancel()
        self.at(self.now + timedelta(hours=1))
        self.assertEqual(self.fact("convocation"), (0, 1))
