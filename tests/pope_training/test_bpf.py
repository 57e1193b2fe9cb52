"""The training and financial return of a made-up body: what the screen says against what was computed by hand."""

import base64
import io

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import OdooPdfFileReader

from .common import MeetingCase

# line → amount, or trainees and minutes; computed by hand from the year that BpfCase tells
BY_HAND = {
    "C1": 500.0,  # invoice of 600 to the employer, less a refund of 100
    "C2h": 400.0,  # the other funder of the same invoice
    "C2": 400.0,
    "C5": 2500.0,  # 10,000 of the State for 12 months from October: three of them in the year
    "C9": 250.0,
    "C10": 350.0,
    "C11": 0.0,
    "CT": 4000.0,
    "D1": 2500.0,  # 10 % of 20,000, 300 wholly, 5 % of 4,000
    "D2": 2000.0,
    "D3": 300.0,
    "E1": (1, 840),  # Odile: two half-days of the first session, two of the session of the State
    "E2": (2, 420),  # the other body, and a freelance trainer
    "F1a": (2, 600),  # Awa on two actions: 210 + 180, then 210
    "F1b": (0, 0),
    "F1c": (2, 630),  # Nadia: 210, then 420
    "F1d": (1, 210),  # Chloé
    "F1e": (0, 0),
    "F1": (5, 1440),
    "F2": (2, 420),
    "F3a": (2, 420),
    "F3a3": (2, 420),
    "F3d": (3, 1020),
    "F3": (5, 1440),
    "F41": (3, 1020),
    "F42": (2, 420),
    "F43": (0, 0),
    "F4": (5, 1440),
    "G5": (1, 210),
}


class BpfCase(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.env["res.company"].create(
            {
                "name": "Les Tilleuls Formation",
                "company_registry": "12345678900011",
                "pope_declaration_number": "11930000093",
            }
        )
        cls.body.pope_representative_id = cls.env["res.partner"].create(
            {"name": "Inès Moreau", "function": "Présidente"}
        )
        cls.env.user.company_ids |= cls.body
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.body.ids})
        for user in (cls.user_pope, cls.user_manager):
            user.write({"company_ids": [Command.link(cls.body.id)], "company_id": cls.body.id})
        cls.odile, cls.karim = cls.env["res.partner"].create([{"name": "Odile Renard"}, {"name": "Karim Haddad"}])
        cls.karim.pope_is_subcontractor = True
        cls.other_body = cls.env["res.partner"].create({"name": "Institut voisin", "is_company": True})
        cls.accounts = {
            code: cls.env["account.account"].create(
                {"name": code, "code": code, "account_type": kind, "company_ids": [Command.set(cls.body.ids)]}
            )
            for code, kind in (
                ("706000", "income"),
                ("741000", "income"),
                ("604000", "expense"),
                ("641100", "expense"),
                ("613200", "expense"),
                ("411000", "asset_receivable"),
                ("512000", "asset_cash"),
            )
        }
        cls.journals = {
            kind: cls.env["account.journal"].create(
                {"name": kind, "code": kind[:4].upper(), "type": kind, "company_id": cls.body.id}
            )
            for kind in ("sale", "general")
        }
        cls.at_class = cls.create_program("Vie d'équipe", company_id=cls.body.id)
        cls.cap = cls.create_program("CAP AEPE", company_id=cls.body.id)
        cls.cap.write({"bpf_objective": "a", "bpf_level": "3", "nsf_id": cls.env.ref("pope_training.nsf_331").id})

    @classmethod
    def create_session(cls, program, halves, trainer=None, people=(), **values):
        """A session of the body, with its half-days (day, half) and its people."""
        session = cls.create_event(
            "training",
            name=program.name,
            company_id=cls.body.id,
            organizer_id=False,
            pope_program_id=program.id,
            **values,
        )
        cls.env["pope.training.slot"].create(
            [
                {"event_id": session.id, "date": day, "half": half, "trainer_id": trainer and trainer.id}
                for day, half in halves
            ]
        )
        cls.register(session, *people)
        return session

    def enrolment(self, session, person):
        return self.enrolments(session).filtered(lambda enrolment: enrolment.partner_id == person)

    def attend(self, session, person, *statuses):
        """What is noted of a person at the first half-days of a session."""
        rows = self.enrolment(session, person).attendance_ids.sorted("date_begin")
        for row, status in zip(rows, statuses, strict=False):
            minutes = 30 if status in ("late", "left_early") else 0
            row._set_status(status, minutes)

    def pay(self, session, person, scheme, **values):
        return self.env["pope.training.financing"].create(
            {
                "enrolment_id": self.enrolment(session, person).id,
                "scheme_id": self.env.ref(f"pope_training.scheme_{scheme}").id,
                **values,
            }
        )

    def invoice(self, day, *lines, kind="out_invoice"):
        """A posted invoice, or refund: (amount, financing) for each line."""
        partner = self.env["res.partner"].create(
            {"name": "Payeur", "property_account_receivable_id": self.accounts["411000"].id}
        )
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "journal_id": self.journals["sale"].id,
                "pope_session_id": next((financing.event_id.id for _amount, financing in lines if financing), False),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Formation",
                            "account_id": self.accounts["706000"].id,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "pope_financing_id": financing and financing.id,
                        }
                    )
                    for amount, financing in lines
                ],
            }
        )
        move.action_post()
        return move

    def entry(self, day, *lines):
        move = self.env["account.move"].create(
            {
                "journal_id": self.journals["general"].id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": self.accounts[code].id, "balance": balance})
                    for code, balance in lines
                ],
            }
        )
        move.action_post()
        return move

    def live_a_year(self):
        """What BY_HAND was computed from."""
        awa, nadia, chloe = self.holders
        across = self.create_session(
            self.at_class,
            [("2025-12-18", "morning"), ("2025-12-18", "afternoon"), ("2026-01-15", "morning")],
            self.odile,
            (awa, nadia),
        )
        self.attend(across, awa, "present", "late", "present")
        self.attend(across, nadia, "present", "absent", "present")
        entrusted = self.create_session(
            self.cap, [("2025-06-10", "morning")], None, (awa, chloe), pope_bpf_body_id=self.other_body.id
        )
        self.attend(entrusted, awa, "present")
        self.attend(entrusted, chloe, "present")
        ordered = self.create_session(
            self.at_class, [("2025-09-12", "morning")], self.karim, (chloe,), pope_session_type="other_body"
        )
        self.attend(ordered, chloe, "present")
        granted = self.create_session(
            self.at_class, [("2025-11-05", "morning"), ("2025-11-05", "afternoon")], self.odile, (nadia,)
        )
        self.attend(granted, nadia, "present", "present")
        workshop = self.create_program("Atelier parents", company_id=self.body.id, outside_bpf=True)
        aside = self.create_session(workshop, [("2025-03-04", "morning")], self.odile, (awa,))
        self.attend(aside, awa, "present")
        self.enrolment(across, awa).bpf_status = "a"
        self.enrolment(entrusted, awa).bpf_status = "a"
        self.enrolment(across, nadia).bpf_status = "c"
        self.enrolment(granted, nadia).bpf_status = "c"
        self.enrolment(entrusted, chloe).bpf_status = "d"
        self.tell_the_money(across, entrusted, ordered, granted)
        return across, entrusted, ordered, granted

    def contract(self, session, line, amount=250):
        """What a person pays for themselves has its contract, signed in time."""
        contract = self.env["pope.training.agreement"].create(
            {
                "kind": "contract",
                "event_id": session.id,
                "partner_id": line.enrolment_id.partner_id.id,
                "company_id": self.body.id,
                "amount": amount,
                "financing_ids": [Command.set(line.ids)],
            }
        )
        contract.write({"state": "signed", "date_signed": "2025-05-01"})
        return line

    def tell_the_money(self, across, entrusted, ordered, granted):
        awa, nadia, chloe = self.holders
        employer = self.pay(across, awa, "employeur_prive")
        opco = self.pay(across, awa, "opco_pdc")
        self.pay(across, nadia, "aif")
        self.invoice("2025-12-20", (600, employer), (400, opco))
        self.invoice("2025-12-22", (100, employer), kind="out_refund")
        self.pay(entrusted, awa, "employeur_prive")
        self.invoice("2025-06-30", (250, self.contract(entrusted, self.pay(entrusted, chloe, "particulier"))))
        self.invoice("2025-09-30", (350, self.pay(ordered, chloe, "sous_traitance")))
        self.invoice("2026-01-31", (999, employer))  # of the year after
        role = self.env["pope.partner.role"].search([("code", "=", "state")])
        prefect = self.env["res.partner"].create({"name": "Préfet de Région", "pope_role_ids": role.ids})
        award = self.env["pope.funding"].create(
            {
                "partner_id": prefect.id,
                "name": "Formation des professionnelles",
                "company_id": self.body.id,
                "nature": "project",
                "state": "awarded",
                "amount_awarded": 10000,
                "date_from": "2025-10-01",
                "date_to": "2026-09-30",
            }
        )
        self.pay(granted, nadia, "etat", funding_id=award.id)
        award.award_move_ids = self.entry("2025-10-02", ("741000", -10000), ("411000", 10000))
        self.entry("2025-12-31", ("641100", 20000), ("604000", 300), ("613200", 4000), ("512000", -24300))
        self.award = award

    def create_return(self, **values):
        bpf = self.env["pope.bpf"].create({"date_from": "2025-01-01", "date_to": "2025-12-31", **values})
        shares = {"6411": 10, "604, 6226": 100, "6": 5}
        for key in bpf.key_ids:
            key.write({"rate": shares[key.prefixes], "rule": "Heures de formation sur heures travaillées"})
        return bpf

    def told(self, bpf):
        self.env.invalidate_all()
        return {
            line.code: line.amount if line.kind == "amount" else (line.people, round(line.hours * 60))
            for line in bpf.line_ids
        }

    def gaps(self, bpf):
        bpf.invalidate_recordset()
        return {gap["kind"]: gap for gap in bpf.live_figures["gaps"]}


@tagged("post_install", "-at_install")
class TestBpf(BpfCase):
    def test_the_worked_year_is_as_computed_by_hand(self):
        self.live_a_year()
        bpf = self.create_return()
        told = self.told(bpf)
        self.assertEqual({code: told[code] for code in BY_HAND}, BY_HAND)
        lines = {line.code: line for line in bpf.line_ids}
        self.assertEqual(lines["CP"].to_retype, "35 %")  # 4,000 over 11,500
        self.assertEqual(lines["H"].to_retype, "Inès Moreau, Présidente")
        self.assertEqual(lines["F41"].name, "332 – Travail social")
        self.assertFalse(self.gaps(bpf))
        self.assertTrue(all(control["holds"] for control in bpf._control_words()))

    def test_a_session_across_two_years_is_told_in_each_with_its_hours(self):
        self.live_a_year()
        told = self.told(self.create_return(date_from="2026-01-01", date_to="2026-12-31"))
        self.assertEqual((told["F1a"], told["F1c"], told["E1"]), ((1, 210), (1, 210), (1, 210)))
        self.assertEqual((told["C1"], told["C5"]), (999.0, 7500.0))

    def test_a_half_day_that_was_cancelled_counts_for_nobody(self):
        across, *_others = self.live_a_year()
        bpf = self.create_return(date_from="2026-01-01", date_to="2026-12-31")
        last = across.pope_slot_ids.sorted("date")[-1]
        last.write({"state": "cancelled", "cancel_reason": "Salle inondée"})
        told = self.told(bpf)
        self.assertEqual((told["F1a"], told["E1"]), ((0, 0), (0, 0)))

    def test_income_without_an_origin_is_missing_data_never_guessed(self):
        self.live_a_year()
        bpf = self.create_return()
        self.invoice("2025-07-01", (80, None))
        gap = self.gaps(bpf)["revenue"]
        self.assertEqual((gap["count"], gap["records"][0]["model"]), (1, "account.move"))
        self.assertEqual(self.told(bpf)["CT"], 4000.0)
        bpf.account_ids = [Command.create({"prefixes": "706", "line": "C11", "note": "Supports"})]
        self.assertEqual(self.told(bpf)["C11"], 80.0)
        self.assertNotIn("revenue", self.gaps(bpf))
        bpf.account_ids.line = "outside"
        self.assertEqual(self.told(bpf)["CT"], 4000.0)

    def test_each_missing_data_is_told_with_its_record(self):
        across, _entrusted, _ordered, _granted = self.live_a_year()
        bpf = self.create_return()
        enrolment = self.enrolment(across, self.holders[0])
        enrolment.bpf_status = False
        self.at_class.nsf_id = False
        across.pope_slot_ids[0].trainer_id = False
        self.enrolment(across, self.holders[1]).financing_ids.unlink()
        late = self.create_session(self.cap, [("2025-10-10", "morning")], self.odile, (self.holders[2],))
        loose = self.create_session(self.cap, [("2025-10-13", "morning")], self.odile, (self.holders[2],))
        loose.pope_program_id = False
        self.attend(loose, self.holders[2], "present")
        self.enrolment(loose, self.holders[2]).bpf_status = "a"
        self.pay(loose, self.holders[2], "employeur_prive")
        bpf.key_ids[-1].rule = False
        self.body.pope_declaration_number = False
        self.award.bpf_line = False
        gaps = self.gaps(bpf)
        self.assertEqual(
            set(gaps),
            {"status", "program", "trainer", "financing", "attendance", "key", "identity", "award", "session"},
        )
        self.assertEqual(gaps["session"]["records"][0]["id"], loose.id)
        self.assertEqual([row["id"] for row in gaps["status"]["records"]], enrolment.ids)
        self.assertEqual(gaps["attendance"]["records"][0]["id"], late.id)
        self.assertIn(f"/odoo/stagiaires/{enrolment.id}", bpf.gaps_html)
        self.assertEqual(bpf.gap_count, 9)

    def test_money_of_a_holders_project_is_not_told(self):
        self.live_a_year()
        team = self.create_team(self.body)
        project = self.env["crm.lead"].create(
            {"type": "project", "name": "MAM", "team_id": team.id, "company_id": self.body.id}
        )
        self.env["pope.funding"].create(
            {
                "partner_id": self.other_body.id,
                "lead_id": project.id,
                "state": "awarded",
                "amount_awarded": 700,
                "date_from": "2025-01-01",
                "training_rate": 100,
                "bpf_line": "C8",
            }
        )
        self.assertEqual(self.told(self.create_return())["C8"], 0.0)

    def test_books_kept_elsewhere_tell_charges_and_income_by_account(self):
        self.live_a_year()
        books = self.env["pope.books"].create(
            {
                "file": base64.b64encode(b"Compte;Solde\r\n706000;-1500\r\n641100;1000\r\n512000;500\r\n"),
                "date_from": "2025-01-01",
                "date_to": "2025-12-31",
            }
        )
        books.action_check()
        books.action_accept()
        bpf = self.create_return()
        told = self.told(bpf)
        self.assertEqual((told["D1"], told["D2"], told["C1"]), (100.0, 100.0, 500.0))
        self.assertNotIn("revenue", self.gaps(bpf))


@tagged("post_install", "-at_install")
class TestFiling(BpfCase):
    def setUp(self):
        super().setUp()
        self.live_a_year()
        self.bpf = self.create_return()

    def line(self, code):
        return self.bpf.line_ids.filtered(lambda line: line.code == code)

    def file(self):
        self.bpf.action_check()
        receipt = self.env["ir.attachment"].create({"name": "accuse.pdf", "raw": b"%PDF-1.4"})
        self.bpf.receipt_ids = receipt
        self.bpf.with_user(self.user_manager).action_file()

    def test_another_figure_needs_its_reason_and_reaches_the_totals(self):
        with self.assertRaises(ValidationError):
            self.line("F1a").override_count = "3"
        self.line("F1a").write({"override_count": "3", "override_hours": "12,5", "reason": "Registre papier de mars"})
        self.assertEqual(self.told(self.bpf)["F1"], (6, 1590))
        self.assertIn("Registre papier de mars", self.bpf.message_ids[0].body)
        with self.assertRaises(ValidationError):
            self.line("F1").write({"override_count": "9", "reason": "Un total"})
        with self.assertRaises(ValidationError):
            self.line("F1b").write({"override_count": "dix", "reason": "En lettres"})

    def test_what_is_no_number_is_refused_and_the_return_stays_readable(self):
        amount = self.bpf.line_ids.filtered(lambda line: line.kind == "amount" and not line.is_total)[:1]
        for text in ("nan", "inf", "1e9", "1_000", "--3", "1,234"):
            with self.assertRaises(ValidationError, msg=text), self.cr.savepoint():
                amount.write({"override_amount": text, "reason": "Essai"})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.line("F1a").write({"override_count": "7,5", "reason": "Une demi-personne"})
        self.env.invalidate_all()
        self.assertTrue(self.bpf.line_ids.mapped("to_retype"))
        amount.write({"override_amount": "- 10,60", "reason": "Un avoir de plus que de factures"})
        self.assertRegex(amount.to_retype, r"11\D*$", "rounded to the nearest euro below nought too")

    def test_nothing_leaves_a_return_that_was_filed(self):
        self.file()
        other = self.create_return(date_from="2023-01-01", date_to="2023-12-31")
        other.line_ids.filtered(lambda line: line.code == "CT").with_context(pope_bpf_form=True).unlink()
        for change in (
            lambda: self.line("CT").write({"bpf_id": other.id}),
            lambda: self.bpf.key_ids[0].write({"bpf_id": other.id}),
            lambda: self.bpf.write({"receipt_ids": [Command.clear()]}),
            lambda: self.bpf.write({"gaps_reason": "Une autre raison"}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        avis = self.env["ir.attachment"].create({"name": "courrier.pdf", "raw": b"%PDF-1.4"})
        self.bpf.receipt_ids |= avis
        self.assertEqual(len(self.bpf.receipt_ids), 2, "what comes later is added")

    def test_a_return_begins_in_progress(self):
        Return = self.env["pope.bpf"].with_user(self.user_pope)
        for name, value in (("state", "locked"), ("frozen_figures", {"lines": {}}), ("date_filed", "2024-05-01")):
            years = {"date_from": "2023-01-01", "date_to": "2023-12-31"}
            with self.assertRaises(UserError, msg=name), self.cr.savepoint():
                Return.create({**years, name: value})
            with self.assertRaises(UserError, msg=name), self.cr.savepoint():
                Return.with_context(**{f"default_{name}": value}).create(years)

    def test_frames_that_do_not_agree_are_not_checked(self):
        self.line("F1a").write({"override_count": "3", "reason": "Registre papier"})
        with self.assertRaisesRegex(UserError, "F-1"):
            self.bpf.action_check()

    def test_missing_data_is_mended_or_explained(self):
        self.at_class.nsf_id = False
        self.line("F41").write({"override_count": "5", "override_hours": "24", "reason": "Tout en 332"})
        self.line("F42").write({"override_count": "0", "override_hours": "0", "reason": "Tout en 332"})
        with self.assertRaises(UserError):
            self.bpf.action_check()
        self.bpf.gaps_reason = "Spécialité confirmée par le formateur"
        self.bpf.action_check()
        self.assertEqual(self.bpf.state, "checked")

    def test_a_filed_return_keeps_what_it_told_and_says_what_moved(self):
        with self.assertRaises(UserError):
            self.bpf.with_user(self.user_manager).action_file()
        self.file()
        self.assertEqual((self.bpf.state, self.bpf.filed_user_id), ("filed", self.user_manager))
        session = self.create_session(self.at_class, [("2025-04-04", "morning")], self.odile, (self.holders[2],))
        self.enrolment(session, self.holders[2]).bpf_status = "e"
        self.attend(session, self.holders[2], "present")
        self.assertEqual(self.told(self.bpf)["F1e"], (0, 0))
        self.assertIn("Autres stagiaires", self.bpf.changed_html)
        for change in (
            lambda: self.line("F1a").write({"override_count": "9", "reason": "Trop tard"}),
            lambda: self.bpf.key_ids[0].write({"rate": 50}),
            lambda: self.bpf.write({"date_to": "2025-11-30"}),
            self.bpf.unlink,
        ):
            with self.assertRaises(UserError):
                change()
        self.bpf.with_user(self.user_manager).action_lock()
        with self.assertRaises(UserError):
            self.bpf.with_user(self.user_manager).action_reopen()

    def test_a_filed_return_is_opened_again_for_a_correction(self):
        self.file()
        self.bpf.with_user(self.user_manager).action_reopen()
        self.assertEqual((self.bpf.state, self.bpf.frozen_figures), ("draft", False))
        self.assertIn("CT", self.bpf.message_ids[0].body)

    def test_a_member_of_the_team_checks_and_a_manager_files(self):
        bpf = self.bpf.with_user(self.user_pope)
        bpf.action_check()
        self.assertEqual(self.told(bpf)["CT"], 4000.0)
        with self.assertRaises(AccessError):
            bpf.action_file()
        with self.assertRaises(AccessError):
            bpf.state = "locked"

    def test_each_figure_opens_its_records(self):
        for code, count in (
            ("F1a", 2),
            ("F1c", 2),
            ("F2", 2),
            ("F3a3", 2),
            ("F41", 3),
            ("F4x", 0),
            ("G5", 1),
            ("F1", 5),
        ):
            action = self.line(code).with_user(self.user_pope).action_open()
            self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), count, code)
        for code, hours in (("E1", 14), ("E2", 7)):
            action = self.line(code).action_open()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(found.mapped("hours")), hours, code)
        for code, amount in (("C1", -500), ("C2", -400), ("D1", 24300), ("D3", 300)):
            action = self.line(code).action_open()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(found.mapped("balance")), amount, code)
        action = self.line("C5").action_awards()
        self.assertEqual(self.env["pope.funding"].search(action["domain"]), self.award)
        with self.assertRaises(UserError):
            self.line("C1").with_user(self.user_pope).action_open()

    def test_the_return_of_this_year_is_always_there(self):
        self.env["pope.bpf"].search([]).unlink()
        action = self.env["pope.bpf"].with_user(self.user_pope).action_all_year()
        self.env["pope.bpf"].with_user(self.user_pope).action_all_year()
        found = self.env["pope.bpf"].search([("company_id", "=", self.body.id)])
        self.assertEqual(found.mapped("name"), ["BPF 2026", "BPF 2025"])
        self.assertEqual([str(day) for day in found.mapped("date_deadline")], ["2027-04-30", "2026-04-30"])
        self.assertEqual(action["res_model"], "pope.bpf")

    def test_it_is_recalled_before_its_deadline(self):
        self.at(self.now.replace(month=4, day=25))
        self.env["pope.bpf"]._cron_remind()
        self.assertEqual(len(self.bpf.activity_ids), 1)
        self.file()
        self.assertFalse(self.bpf.activity_ids)

    def test_the_workbook_has_live_totals_and_hostile_texts_stay_texts(self):
        self.line("F1e").write({"override_count": "0", "reason": "=cmd|'/c calc'!A1"})
        action = self.bpf.with_user(self.user_pope).action_download_xlsx()
        attachment = self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        formulas, values = (
            load_workbook(io.BytesIO(attachment.raw), data_only=data_only).worksheets[0] for data_only in (False, True)
        )
        rows = {row[2].value: row[0].row for row in values.iter_rows() if row[2].value}
        total = rows["Total des produits réalisés au titre de la formation professionnelle (lignes 1 à 11)"]
        self.assertEqual(values.cell(total, 6).value, 4000)
        self.assertTrue(str(formulas.cell(total, 6).value).startswith("="))
        self.assertEqual(values.cell(rows["Total (1)"], 5).value, 24)
        hostile = formulas.cell(rows["Autres stagiaires"], 8)
        self.assertEqual((hostile.value[:4], hostile.data_type), ("=cmd", "s"))


@tagged("post_install", "-at_install")
class TestPrinted(HttpCase, BpfCase):
    def test_it_is_printed_in_the_order_of_the_form(self):
        self.live_a_year()
        bpf = self.create_return()
        self.body.partner_id.lang = "fr_FR"
        report = self.env["ir.actions.report"].with_user(self.user_pope).with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("pope_training.action_report_bpf", bpf.ids)
        self.assertEqual(kind, "pdf")
        pages = OdooPdfFileReader(io.BytesIO(content), strict=False).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())
        words = (
            *("BPF 2025", "11930000093", "Du 01/01/2025 au 31/12/2025"),
            *("Produits provenant des entreprises pour la formation de leurs salariés 500 €", "État 2 500 €"),
            *("à leurs frais 250 €", "(lignes 1 à 11) 4 000 €", "35 %", "salaires des formateurs 2 000 €"),
            *(
                "dispensant des heures de formation 1 · 14 h",
                "Particuliers à leurs propres frais",
                "Total (1) 5 · 24 h",
            ),
            *("332 – Travail social 3 · 17 h", "Total (4) 5 · 24 h", "1 · 4 h", "Inès Moreau, Présidente"),
        )
        place = 0
        for word in words:
            self.assertIn(word, text[place:], text)
            place = text.index(word, place)


@tagged("post_install", "-at_install")
class TestForm(BpfCase):
    def test_the_form_is_that_of_the_year_and_a_later_one_changes_no_former_return(self):
        former = self.create_return()
        form = self.env.ref("pope_training.bpf_form_17")
        later = form.copy({"name": "Cerfa 10443*18", "date_from": "2026-01-01"})
        line = form.line_ids.filtered(lambda line: line.code == "C1")
        line.copy({"form_id": later.id, "name": "Produits des employeurs"})
        new = self.create_return(date_from="2026-01-01", date_to="2026-12-31")
        self.assertEqual((former.form_id, new.form_id), (form, later))
        self.assertEqual(new.line_ids.mapped("name"), ["Produits des employeurs"])
        self.assertEqual(len(former.line_ids), len(form.line_ids))
        self.assertEqual(str(new.date_deadline), "2027-04-30")
        new.date_deadline = "2027-05-31"  # the ministry gave a month
        self.assertEqual(str(former.date_deadline), "2026-04-30")
