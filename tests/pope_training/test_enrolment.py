"""An enrolment asks once what the law, the return and the funder need."""

import base64
import io
import secrets
import time
from datetime import UTC, datetime, timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import hash_sign

from odoo.addons.pope_crm.models.pope_intake_form import FASTEST_SECONDS

from .common import MeetingCase


class EnrolmentCase(MeetingCase):
    def setUp(self):
        super().setUp()
        self.session = self.create_event("training", name="Vie commune")
        self.registration = self.register(self.session, self.holders[0])
        self.enrolment = self.enrolments(self.registration).with_user(self.user_pope)

    def pay(self, code, enrolment=None, **values):
        scheme = self.env.ref(f"pope_training.scheme_{code}")
        return (
            self.env["pope.training.financing"]
            .with_user(self.user_pope)
            .create({"enrolment_id": (enrolment or self.enrolment).id, "scheme_id": scheme.id, **values})
        )

    def award(self, **values):
        funder = self.env["res.partner"].create({"name": "Département", "is_company": True})
        return self.env["pope.funding"].create({"partner_id": funder.id, "state": "awarded", **values})


@tagged("post_install", "-at_install")
class TestFinancing(EnrolmentCase):
    def test_the_ways_to_pay_say_where_they_go_in_the_return(self):
        schemes = self.env["pope.training.scheme"].search([])
        self.assertGreaterEqual(len(schemes), 26)
        self.assertEqual(self.env.ref("pope_training.scheme_opco_pdc").bpf_line, "C2h")
        self.assertFalse(self.env.ref("pope_training.scheme_opco_pdc").to_verify)
        self.assertTrue(self.env.ref("pope_training.scheme_iperia").to_verify)

    def test_the_status_is_proposed_from_the_payer_and_the_trainee_decides(self):
        self.pay("particulier")
        self.assertEqual(self.enrolment.bpf_status, "d")
        self.enrolment.bpf_status = "c"
        self.pay("opco_pdc")
        self.assertEqual(self.enrolment.bpf_status, "c")

    def test_the_payer_is_the_person_the_employer_or_the_funder(self):
        self.enrolment.employer_id = self.env["res.partner"].create({"name": "Crèche du Canal", "is_company": True})
        award = self.award()
        self.assertEqual(self.pay("particulier").partner_id, self.holders[0])
        self.assertEqual(self.pay("employeur_prive").partner_id, self.enrolment.employer_id)
        line = self.pay("caf_commune", funding_id=award.id)
        self.assertEqual((line.partner_id, line.state), (award.partner_id, "granted"))

    def test_a_line_goes_from_asked_to_granted_by_its_dates(self):
        line = self.pay("opco_pdc")
        states = [line.state]
        for values in ({"date_asked": "2026-03-01"}, {"date_agreed": "2026-03-08"}):
            line.write(values)
            states.append(line.state)
        self.assertEqual(states, ["to_ask", "asked", "granted"])

    def test_paid_wholly_by_an_award_nothing_is_to_sign(self):
        self.pay("caf_commune", funding_id=self.award().id)
        self.assertTrue(self.enrolment.is_award_paid)
        self.pay("particulier")
        self.assertFalse(self.enrolment.is_award_paid)

    def test_the_money_of_a_holder_s_project_pays_no_training(self):
        award = self.award(lead_id=self.create_project().id)
        with self.assertRaises(ValidationError):
            self.pay("caf_commune", funding_id=award.id)

    def test_what_is_missing_is_named_and_the_session_counts_it(self):
        enrolment = self.enrolment.with_context(lang="fr_FR")
        self.assertEqual(enrolment.file_gaps.count(","), 3)
        self.pay("particulier")
        enrolment.write({"date_information": "2026-03-09", "is_asked_needs": True})
        self.assertFalse(enrolment.file_gaps)
        self.register(self.session, self.holders[1])
        facts = self.session._pope_file_facts()
        for code in ("status", "financing", "needs", "information"):
            self.assertEqual(facts[code][self.session], (1, 2))
        self.assertFalse(self.enrolments(self.register(self.meeting, self.holders[0])).file_gaps)

    def test_arrangements_are_read_by_the_small_group_only(self):
        self.enrolment.with_user(self.user_sensitive).arrangements = "Salle au rez-de-chaussée"
        with self.assertRaises(AccessError):
            self.enrolment.read(["arrangements"])
        self.holders[0]._pope_anonymise()
        self.assertFalse(self.enrolment.with_user(self.user_sensitive).arrangements)

    def test_event_users_read_no_enrolment_and_no_payer(self):
        line = self.pay("particulier")
        desk = self._new_user("enrolment_desk", "event.group_event_user")
        for record in (self.enrolment, line):
            with self.assertRaises(AccessError):
                record.with_user(desk).read(["display_name"])

    def test_the_list_of_trainees_costs_the_same_for_twenty_and_for_two_hundred(self):
        self.env["pope.training.slot"].create({"event_id": self.session.id, "date": "2026-03-26"})
        people = self.env["res.partner"].create([{"name": f"Stagiaire {n}"} for n in range(200)])
        enrolments = self.enrolments(self.register(self.session, *people))
        fields = ("partner_id", "event_id", "hours_planned", "file_gaps", "employer_id", "state", "bpf_status")
        counts = []
        for lot in (enrolments[:1], enrolments[:20], enrolments):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = lot.with_user(self.user_pope).web_read({name: {} for name in fields})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 12)
        self.assertEqual(rows[-1]["hours_planned"], 3.5)


@tagged("post_install", "-at_install")
class TestChange(EnrolmentCase):
    def change(self, **values):
        wizard = self.env["pope.training.change"].with_user(self.user_pope)
        action = wizard.create({"enrolment_id": self.enrolment.id, **values}).action_apply()
        return self.enrolment.browse(action["res_id"])

    def test_a_colleague_comes_instead_before_who_waits(self):
        self.session.write({"seats_limited": True, "seats_max": 1})
        waiting = self.register(self.session, self.holders[2])
        employer = self.env["res.partner"].create({"name": "Crèche du Canal", "is_company": True})
        self.enrolment.employer_id = employer
        self.pay("opco_pdc", date_agreed="2026-03-01", number="A-12")
        new = self.change(gesture="replace", partner_id=self.holders[1].id)
        self.assertEqual((self.registration.state, new.state, waiting.state), ("cancel", "open", "draft"))
        self.assertEqual((new.partner_id, new.employer_id), (self.holders[1], employer))
        self.assertEqual((new.financing_ids.state, new.financing_ids.number), ("to_ask", False))
        self.assertEqual(self.enrolment.financing_ids.number, "A-12")
        with self.assertRaises(UserError):
            self.change(gesture="replace", partner_id=self.holders[1].id)

    def test_a_trainee_follows_another_session(self):
        other = self.create_event("training", days=40)
        self.pay("particulier")
        for event in (self.session, other):
            self.env["pope.training.slot"].create(
                {"event_id": event.id, "date": event.date_begin.date(), "half": "morning"}
            )
        new = self.change(gesture="move", event_id=other.id)
        self.assertEqual((new, new.event_id, new.financing_ids.scheme_id.code), (self.enrolment, other, "particulier"))
        self.assertEqual(new.attendance_ids.slot_id, other.pope_slot_ids, "who moves is awaited there, and only there")
        with self.assertRaises(UserError):
            self.change(gesture="move", event_id=other.id)

    def test_what_was_signed_stays_with_its_session(self):
        other = self.create_event("training", days=40)
        self.pay("particulier")
        slot = self.env["pope.training.slot"].create(
            {"event_id": self.session.id, "date": self.session.date_begin.date(), "half": "morning"}
        )
        slot.attendance_ids._set_status("excused", author="Odile Renard")
        new = self.change(gesture="move", event_id=other.id)
        self.assertEqual((self.enrolment.event_id, self.enrolment.state), (self.session, "cancel"))
        self.assertEqual((new.event_id, new.state, new.bpf_status), (other, "open", "d"))

    def test_people_of_a_list_are_seen_then_enrolled(self):
        text = "\n".join(
            (
                "Awa Diallo; awa.diallo@example.org",
                "Nadia Benali\tnadia.benali@example.org\t06 12 34 56 02",
                "Moreau; Inès; ines.moreau@example.org",
                "06 99 99 99 99",
                "Moreau; Inès; ines.moreau@example.org",
            )
        )
        employer = self.env["res.partner"].create({"name": "Crèche du Canal", "is_company": True})
        form = Form(
            self.env["pope.training.enrol.list"]
            .with_user(self.user_pope)
            .with_context(default_event_id=self.session.id)
        )
        form.employer_id, form.text = employer, text
        wizard = form.save()
        self.assertEqual(wizard.line_ids.mapped("status"), ["already", "known", "new", "unreadable", "already"])
        self.assertEqual(self.session.registration_ids, self.registration)
        wizard.action_enrol()
        enrolments = self.enrolments(self.session) - self.enrolment
        self.assertEqual(enrolments.mapped("partner_id.name"), ["Nadia Benali", "Moreau Inès"])
        self.assertEqual(enrolments.employer_id, employer)
        with self.assertRaises(UserError):
            self.env["pope.training.enrol.list"].create({"event_id": self.session.id, "text": text}).action_enrol()

    def enrol_list(self, data):
        form = Form(
            self.env["pope.training.enrol.list"]
            .with_user(self.user_pope)
            .with_context(default_event_id=self.session.id)
        )
        form.data = base64.b64encode(data)
        return form.save()

    def test_people_of_a_spreadsheet_are_read_by_its_titles(self):
        book = openpyxl.Workbook()
        for row in (
            ["Inscriptions de la crèche du Canal"],
            ["Fonction", "Prénom", "Nom", "Téléphone", "Adresse e-mail"],
            ["Auxiliaire", "Awa", "Diallo", "06 12 34 56 01", "AWA.DIALLO@example.org"],
            ["CAP AEPE", "Nadia", "Benali", None, "nadia.benali@example.org"],
            ["CAP AEPE", "Inès", "Moreau", 612345603, "sans adresse"],
            ["Direction", None, None, None, "direction@example.org"],
        ):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        wizard = self.enrol_list(stream.getvalue())
        self.assertEqual(wizard.line_ids.mapped("status"), ["already", "known", "new", "unreadable"])
        self.assertEqual(
            [(line.name, line.email, line.phone) for line in wizard.line_ids[2:3]],
            [("Inès Moreau", False, "612345603")],
        )
        self.assertEqual(self.session.registration_ids, self.registration, "nothing is written before it was seen")
        wizard.action_enrol()
        self.assertEqual(
            (self.enrolments(self.session) - self.enrolment).mapped("partner_id.name"), ["Nadia Benali", "Inès Moreau"]
        )

    def test_a_file_without_titles_is_read_as_a_pasted_list(self):
        wizard = self.enrol_list("Moreau;Inès;ines.moreau@example.org\r\nLéo Petit;06 12 34 56 09\r\n".encode("cp1252"))
        self.assertEqual(
            [(line.name, line.email, line.phone) for line in wizard.line_ids],
            [("Moreau Inès", "ines.moreau@example.org", False), ("Léo Petit", False, "06 12 34 56 09")],
        )

    def test_a_file_that_is_no_table_is_refused_with_its_reason(self):
        with self.assertRaisesRegex(UserError, "XLSX"):
            self.enrol_list(b"%PDF-1.4 not a table")

    def test_a_file_of_too_many_people_is_refused(self):
        with self.assertRaisesRegex(UserError, "200"):
            self.enrol_list("\n".join(f"Awa Petit;awa{number}@example.org" for number in range(201)).encode())


@tagged("post_install", "-at_install")
class TestPublicForm(HttpCase, MeetingCase):
    def setUp(self):
        super().setUp()
        # the server keeps its own clock
        now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
        self.at(now)
        self.team.pope_notice = "<p>Vos données servent à vous répondre.</p>"
        self.company.write({"pope_catalogue_public": True, "pope_enrolment_public": True})
        self.program = self.create_program()
        self.program.action_publish()
        begin = now + timedelta(days=20)
        values = {"pope_program_id": self.program.id, "date_begin": begin, "date_end": begin + timedelta(hours=7)}
        self.session = self.create_event("training", **values)
        self.address = f"/pope/formations/{self.company.id}/{self.program.id}"

    def ask(self, **form):
        text = self.url_open(self.address).text
        # as if whoever writes had taken the time to read
        shown = [int(time.time()) - 2 * FASTEST_SECONDS, secrets.token_hex(8)]
        stamp = hash_sign(self.env, "pope.intake", shown, expiration_hours=1)
        hidden = {"csrf_token": text.split('name="csrf_token" value="')[1].split('"')[0], "stamp": stamp}
        values = {"first_name": "Zélie", "email": "zelie@example.org", "session_id": str(self.session.id), **form}
        return self.url_open(self.address, data={**hidden, **values})

    def asked(self):
        return self.env["pope.intake"].search([("session_id", "=", self.session.id)])

    def test_what_is_asked_waits_for_a_person_then_is_enrolled(self):
        self.assertIn("Merci", self.ask().text)
        intake = self.asked()
        self.assertEqual((intake.email, intake.state), ("zelie@example.org", "to_sort"))
        self.assertFalse(self.session.registration_ids)
        intake.with_user(self.user_pope).action_make_project()
        self.assertEqual(self.session.registration_ids.email, "zelie@example.org")

    def test_a_robot_and_a_session_that_is_not_offered_bring_nothing(self):
        self.ask(website="http://spam.example.org")
        other = self.create_event("training", pope_program_id=self.program.id, pope_session_type="intra")
        for session in (str(other.id), str(self.meeting.id), "0", "x" * 5000, "\x00"):
            self.assertEqual(self.ask(session_id=session).status_code, 200)
        self.assertFalse(self.asked())

    def test_it_is_closed_by_default(self):
        self.company.pope_enrolment_public = False
        self.assertNotIn("<form", self.url_open(self.address).text)
