"""Audits, their findings, and the archive that the auditor receives."""

import io
import zipfile
from datetime import date

import openpyxl

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import OdooPdfFileReader

from .common import MeetingCase


class AuditCase(MeetingCase):
    def audit(self, **values):
        return (
            self.env["pope.quality.audit"]
            .with_user(self.user_pope)
            .create({"kind": "initial", "date": "2026-03-02", **values})
        )

    def find(self, audit, number, **values):
        indicator = audit.standard_id.criterion_ids.indicator_ids.filtered(lambda each: each.number == number)
        values = {"description": "Enquêtes sans suite", **values}
        return self.env["pope.quality.finding"].create({"audit_id": audit.id, "indicator_id": indicator.id, **values})


@tagged("post_install", "-at_install")
class TestAudit(AuditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pope.quality.audit"].search([]).unlink()  # of the demo

    def test_a_certificate_holds_three_years_and_announces_its_surveillance(self):
        audit = self.audit(date_certificate="2026-03-16")
        self.assertEqual(
            (audit.date_expiry, audit.date_window_from, audit.date_window_to),
            (date(2029, 3, 16), date(2027, 5, 16), date(2028, 1, 16)),
        )
        self.assertEqual((audit.is_last, audit.date_next), (True, date(2028, 1, 16)))
        early = self.audit(kind="surveillance", date="2027-05-15")
        early.action_held()
        self.assertEqual(audit.date_next, date(2028, 1, 16), "held before its window, it does not count")
        self.audit(kind="surveillance", date="2027-06-02").action_held()
        self.assertEqual(audit.date_next, date(2029, 3, 16))
        renewal = self.audit(kind="renewal", date="2029-02-01", date_certificate="2029-03-10")
        self.assertEqual((audit.is_last, audit.date_next, renewal.date_next), (False, False, date(2031, 1, 10)))

    def test_the_window_of_the_surveillance_is_announced_once_a_month_before(self):
        audit = self.audit(date_certificate="2025-02-11")  # from 11 April 2026 to 11 December
        self.at(self.now.replace(year=2026, month=3, day=10))
        remind = self.env["pope.quality.feedback"]._cron_remind
        remind()
        self.assertFalse(audit.activity_ids)
        self.at(self.now.replace(year=2026, month=3, day=11))
        remind()
        remind()
        activity = audit.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, self.user_pope))
        self.assertIn("11/04/2026", activity.summary)
        self.assertIn("11/12/2026", activity.summary)
        activity.action_done()
        remind()
        self.assertFalse(audit.activity_ids)
        followed = self.audit(date_certificate="2025-02-12")
        self.audit(kind="surveillance", date="2026-04-20").action_held()
        remind()
        self.assertFalse(followed.activity_ids, "it was held already")

    def test_the_standard_is_that_of_the_day_of_the_audit(self):
        before, after = self.audit(date="2026-10-31"), self.audit(date="2026-11-01")
        self.assertEqual(len(before.standard_id.criterion_ids.indicator_ids), 32)
        self.assertEqual(len(after.standard_id.criterion_ids.indicator_ids), 33)
        with self.assertRaisesRegex(ValidationError, "30"):
            self.find(before, 30).indicator_id = after.standard_id.criterion_ids.indicator_ids.filtered(
                lambda each: each.number == 30
            )

    def test_a_finding_has_six_months_or_three_to_be_lifted(self):
        audit = self.audit()
        minor, major = self.find(audit, 30), self.find(audit, 11)
        self.assertEqual((minor.severity, minor.date_due), ("minor", date(2026, 9, 2)))
        self.assertEqual((major.severity, major.date_due), ("major", date(2026, 6, 2)))
        weak = self.find(audit, 9, severity="weak")
        self.assertFalse(weak.date_due)
        self.assertFalse(minor.warning)
        major.severity = "minor"
        self.assertIn("majeure", major.with_context(lang="fr_FR").warning)

    def test_five_open_minor_findings_are_told_as_a_major_one(self):
        audit = self.audit()
        findings = [self.find(audit, number) for number in (1, 2, 9, 12)]
        self.assertFalse(audit.warning)
        findings.append(self.find(audit, 30))
        self.assertEqual((audit.open_minor_count, audit.open_major_count), (5, 0))
        self.assertIn("5 non-conformités mineures", audit.with_context(lang="fr_FR").warning)
        findings[0].proof = "Fiches corrigées"
        findings[0].action_lift()
        self.assertFalse(audit.warning)

    def test_a_finding_is_lifted_with_its_proof_and_the_audit_closed_once_all_are(self):
        audit = self.audit()
        finding = self.find(audit, 30)
        with self.assertRaises(UserError):
            finding.action_lift()
        audit.action_held()
        with self.assertRaises(UserError):
            audit.action_close()
        finding.proof = "Bilan annuel des enquêtes"
        finding.action_lift()
        self.assertEqual((finding.state, finding.date_lifted), ("lifted", self.today()))
        audit.action_close()
        self.assertEqual(audit.state, "closed")

    def test_a_finding_makes_one_corrective_action(self):
        finding = self.find(self.audit(), 30, cause="Personne ne les lisait")
        finding.action_improve()
        finding.action_improve()
        action = finding.action_id
        self.assertEqual(
            (action.name, action.source, action.date_due), ("Enquêtes sans suite", "audit", finding.date_due)
        )
        self.assertEqual(action.finding_ids, finding)

    def test_the_audit_to_come_and_findings_remind(self):
        soon = self.today().replace(year=self.today().year - 3)
        audit = self.audit(date=soon, date_certificate=soon)
        self.audit(kind="surveillance", date=audit.date_window_from).action_held()
        late = self.find(self.audit(kind="additional", date="2026-03-02"), 30, date_due=self.today())
        self.env["pope.quality.feedback"]._cron_remind()
        self.assertTrue(audit.activity_ids, "the end of the certificate")
        self.assertTrue(late.activity_ids)
        late.proof = "Fait"
        late.action_lift()
        self.assertFalse(late.activity_ids)


@tagged("post_install", "-at_install")
class TestAuditFile(HttpCase, AuditCase):
    def setUp(self):
        super().setUp()
        self.program = self.create_program()
        self.held = self.create_event("training", days=-20, name="Vie commune", pope_program_id=self.program.id)
        self.other = self.create_event("training", days=-10, name="Autre session", pope_program_id=self.program.id)
        for session, person in ((self.held, self.holders[0]), (self.other, self.holders[1])):
            self.register(session, person)
        Slot = self.env["pope.training.slot"]
        self.slot = Slot.create({"event_id": self.held.id, "date": self.held.date_begin.date(), "half": "morning"})
        self.trainer = self.holders[2]
        self.slot.trainer_id = self.trainer
        self.paper = self.env["pope.trainer.paper"].create(
            {"partner_id": self.trainer.id, "kind": "cv", "attachment_ids": [Command.create(self.file("cv.pdf"))]}
        )
        rule = self.env.ref("pope_training.evidence_rule_9_rules")
        self.evidence = self.env["pope.quality.evidence"].create(
            {
                "name": "Livret d'accueil",
                "rule_id": rule.id,
                "attachment_ids": [
                    Command.create(self.file("livret.pdf")),
                    Command.create(self.file("livret.pdf", b"2")),
                ],
            }
        )

    @classmethod
    def file(cls, name, content=b"1"):
        return {"name": name, "raw": b"%PDF-1.4 " + content}

    def board(self, **values):
        Board = self.env["pope.quality.board"].with_user(self.user_pope)
        board = Board.create({"event_ids": [Command.set(self.held.ids)], **values})
        board.action_refresh()
        return board

    def archive(self, board):
        self.env.flush_all()
        self.authenticate(self.user_pope.login, self.user_pope.login)
        answer = self.url_open(board.action_dossier()["url"])
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        return zipfile.ZipFile(io.BytesIO(answer.content))

    def index(self, archive):
        book = openpyxl.load_workbook(io.BytesIO(archive.read("Index.xlsx")))
        return list(book.active.iter_rows(min_row=5, values_only=True))

    def test_every_file_is_named_in_the_index_and_opens(self):
        archive = self.archive(self.board())
        rows = self.index(archive)
        named = sorted(row[5] for row in rows if row[5])
        files = sorted(name for name in archive.namelist() if not name.startswith("Index."))
        self.assertEqual(named, files)
        self.assertEqual(len(files), 3, files)
        for name in files:
            self.assertTrue(archive.read(name).startswith(b"%PDF-1.4"), name)
        self.assertTrue(all(name.split("/")[0].startswith("Critère ") for name in files), files)
        self.assertEqual(len([name for name in files if "Livret" in name and "livret" in name]), 2, "no name twice")
        text = "".join(
            page.extract_text() for page in OdooPdfFileReader(io.BytesIO(archive.read("Index.pdf")), strict=False).pages
        )
        for name in files:
            self.assertIn(name.rsplit("/")[-1][:20], " ".join(text.split()))

    def test_long_and_foreign_names_stay_on_the_page(self):
        self.evidence.name = "Łódź ćwiczenia " + "très" * 40
        self.evidence.attachment_ids = self.evidence.attachment_ids[0]
        archive = self.archive(self.board())
        pages = OdooPdfFileReader(io.BytesIO(archive.read("Index.pdf")), strict=False).pages
        text = "".join("".join(page.extract_text().split()) for page in pages)
        self.assertIn("Łódźćwiczenia" + "très" * 40, text)

    def test_what_has_no_file_is_told_with_what_the_records_hold(self):
        rows = self.index(self.archive(self.board()))
        told = {row[2]: row[4] for row in rows if not row[5]}
        self.assertIn("0 sur 1", told["Besoins et aménagements demandés à chaque stagiaire"])

    def test_only_what_is_asked_goes_in(self):
        """Neither other sessions, nor what their trainees need."""
        self.enrolments(self.held).sudo().arrangements = "Boucle magnétique"
        archive = self.archive(self.board())
        text = str(self.index(archive)) + str(archive.namelist())
        for words in ("Autre session", "Boucle", self.holders[1].name, self.holders[0].email):
            self.assertNotIn(words, text)

    def test_documents_go_in_as_they_were_issued(self):
        enrolment = self.enrolments(self.held)
        self.company.partner_id.street = self.company.partner_id.street or "1 rue de la Gare"
        document = self.env["pope.training.document"].create(
            {
                "name": "Convocation",
                "kind_id": self.env["pope.training.document.kind"].search([("code", "=", "convocation")]).id,
                "company_id": self.company.id,
                "number": "CV-1",
                "date": self.today(),
                "event_id": self.held.id,
                "enrolment_id": enrolment.id,
                "partner_id": enrolment.partner_id.id,
                "attachment_id": self.env["ir.attachment"].create(self.file("convocation.pdf", b"kept")).id,
            }
        )
        archive = self.archive(self.board())
        (name,) = [name for name in archive.namelist() if "CV-1" in name]
        self.assertEqual(archive.read(name), b"%PDF-1.4 kept")
        document.sudo().date = self.today().replace(year=self.today().year + 1)
        self.assertFalse([name for name in self.archive(self.board()).namelist() if "CV-1" in name])

    def test_the_same_board_gives_the_same_list(self):
        lists = [self.archive(self.board()).namelist() for _time in range(2)]
        self.assertEqual(*lists)

    def test_only_whoever_opened_the_board_downloads_it(self):
        board = self.board()
        url = board.action_dossier()["url"]
        colleague = self._new_user("collegue", "pope_crm.group_pope_user")
        stranger = self._new_user("stranger", "base.group_user")
        for user, status in ((colleague, 404), (stranger, 403)):
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(url).status_code, status, user.login)
        self.logout()
        self.assertIn("/web/login", self.url_open(url).url)
        self.authenticate(self.user_pope.login, self.user_pope.login)
        self.assertEqual(self.url_open("/pope/qualiopi/99999999/dossier").status_code, 404)

    def test_an_audit_gathers_its_sample(self):
        self.env["pope.quality.audit"].search([]).unlink()
        audit = self.audit(date=self.today(), event_ids=[Command.set(self.held.ids)])
        url = audit.action_dossier()["url"]
        board = self.env["pope.quality.board"].browse(int(url.split("/")[3]))
        self.assertEqual((board.event_ids, board.date, board.standard_id), (self.held, audit.date, audit.standard_id))

    def test_hostile_names_stay_inside(self):
        self.evidence.attachment_ids[0].name = "../../etc/passwd"
        self.evidence.name = '=HYPERLINK("http://x")'
        archive = self.archive(self.board())
        self.assertFalse([name for name in archive.namelist() if "../" in name or name.startswith("/")])
        book = openpyxl.load_workbook(io.BytesIO(archive.read("Index.xlsx")))
        self.assertFalse([cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"])
