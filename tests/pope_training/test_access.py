"""Who may see and do what; what is not ours stays as it was."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.pope_training.hooks import uninstall_hook

from ..access import AccessMixin
from ..journeys.agreement import AgreementMixin
from .common import MeetingCase

TABLE = """
                              user  manager  sensitive  employee  sales  portal  public
    event.event               rwc   rwcd     rwc        -         -      -       -
    event.registration        rwc   rwcd     rwc        -         -      -       -
    event.type                r     r        r          -         -      -       -
    pope.bpf                  rwc   rwcd     rwc        -         -      -       -
    pope.bpf.line             rw    rw       rw         -         -      -       -
    pope.bpf.key              rwcd  rwcd     rwcd       -         -      -       -
    pope.bpf.account          rwcd  rwcd     rwcd       -         -      -       -
    pope.bpf.form             r     r        r          -         -      -       -
    pope.bpf.form.line        r     r        r          -         -      -       -
    pope.quality.board        rwcd  rwcd     rwcd       -         -      -       -
    pope.quality.board.row    rwcd  rwcd     rwcd       -         -      -       -
    pope.quality.board.tile   rwcd  rwcd     rwcd       -         -      -       -
    pope.quality.criterion    r     r        r          -         -      -       -
    pope.quality.evidence     rwc   rwcd     rwc        -         -      -       -
    pope.quality.evidence.rule r     rwcd     r          -         -      -       -
    pope.quality.grading      r     rwcd     r          -         -      -       -
    pope.quality.indicator    r     r        r          -         -      -       -
    pope.quality.standard     r     r        r          -         -      -       -
    pope.training.result      rwc   rwcd     rwc        -         -      -       -
    pope.diploma              rwcd  rwcd     rwcd       -         -      -       -
    pope.host.match           r     r        r          -         -      -       -
    pope.host.offer           rwc   rwcd     rwc        -         -      -       -
    pope.host.wish            rwcd  rwcd     rwcd       -         -      -       -
    pope.path.outcome         rwc   rwcd     rwc        -         -      -       -
    pope.path.outcome.delay   r     rwcd     r          -         -      -       -
    pope.path.report          r     r        r          -         -      -       -
    pope.path.sheet           rwcd  rwcd     rwcd       -         -      -       -
    pope.path.training        rwcd  rwcd     rwcd       -         -      -       -
    pope.qualification        r     rwcd     r          -         -      -       -
    pope.trainer.paper        rwc   rwcd     rwc        -         -      -       -
    pope.quality.audit        rwc   rwcd     rwc        -         -      -       -
    pope.quality.finding      rwc   rwcd     rwc        -         -      -       -
    pope.quality.action       rwc   rwcd     rwc        -         -      -       -
    pope.quality.feedback     rwc   rwcd     rwc        -         -      -       -
    pope.quality.report       -     -        rwc        -         -      -       -
    pope.quality.risk         rwc   rwcd     rwc        -         -      -       -
    pope.quality.watch        rwc   rwcd     rwc        -         -      -       -
    pope.staff.skill          rwc   rwcd     rwc        -         -      -       -
    pope.trainer.review       rwc   rwcd     rwc        -         -      -       -
    pope.attendance           r     r        r          -         -      -       -
    pope.attendance.seal      r     r        r          -         -      -       -
    pope.attendance.signature r     r        r          -         -      -       -
    pope.attendance.status    rwcd  rwcd     rwcd       -         -      -       -
    pope.sign.window          -     rwcd     -          -         -      -       -
    pope.survey.paper         rwcd  rwcd     rwcd       -         -      -       -
    pope.training.change      rwcd  rwcd     rwcd       -         -      -       -
    pope.training.document    r     r        r          -         -      -       -
    pope.training.document.kind  r  rwcd     r          -         -      -       -
    pope.training.assessment  rwcd  rwcd     rwcd       -         -      -       -
    pope.training.edition     rwc   rwcd     rwc        -         -      -       -
    pope.training.edition.line  rwcd  rwcd   rwcd       -         -      -       -
    pope.training.enrol.list  rwcd  rwcd     rwcd       -         -      -       -
    pope.training.enrol.line  rwcd  rwcd     rwcd       -         -      -       -
    pope.training.financing   rwcd  rwcd     rwcd       -         -      -       -
    pope.training.scheme      r     rwcd     r          -         -      -       -
    pope.training.enrol       rwcd  rwcd     rwcd       -         -      -       -
    pope.training.enrolment   rw    rw       rw         -         -      -       -
    pope.training.layout      rwcd  rwcd     rwcd       -         -      -       -
    pope.training.layout.line  rwcd  rwcd     rwcd       -         -      -       -
    pope.training.nsf         r     r        r          -         -      -       -
    pope.training.postpone    rwcd  rwcd     rwcd       -         -      -       -
    pope.training.postpone.line  rwcd  rwcd     rwcd       -         -      -       -
    pope.training.program     rwc   rwcd     rwc        -         -      -       -
    pope.training.settings    -     rwcd     -          -         -      -       -
    pope.training.version     r     r        r          -         -      -       -
    pope.training.agreement   rwcd  rwcd     rwcd       -         -      -       -
    pope.training.agreement.signature  r  r  r          -         -      -       -
    pope.training.instalment  rwcd  rwcd     rwcd       -         -      -       -
    pope.agreement.paper      rwcd  rwcd     rwcd       -         -      -       -
    pope.training.invoicing   rwcd  rwcd     rwcd       -         -      -       -
    pope.training.invoicing.line  rwcd  rwcd  rwcd      -         -      -       -
    pope.training.slot        rwcd  rwcd     rwcd       -         -      -       -
    pope.survey.funder        rwc   rwcd     rwc        -         -      -       -
    survey.survey             r     rw       r          -         -      -       -
    survey.question           r     rwcd     r          -         -      -       -
    survey.question.answer    r     rwcd     r          -         -      -       -
    survey.user_input         r     r        r          -         -      -       -
    survey.user_input.line    r     r        r          -         -      -       -
"""


@tagged("post_install", "-at_install")
class TestAccessTable(AccessMixin, AgreementMixin, MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_users()

    def test_each_model_for_each_group(self):
        project = self.create_project()
        other = self.create_event("information_meeting", days=20)
        event = {"name": "Autre", "pope_kind": "discovery_day", "date_begin": self.now, "date_end": self.now}
        registration = self.register(self.meeting, self.holders[0])
        program = {"name": "MAM"}
        paper = {"partner_id": self.holders[2].id, "kind": "diploma"}
        session = self.create_event("training")
        slot = {"event_id": session.id, "date": "2026-03-12", "half": "morning"}
        known = self.env["pope.training.slot"].create(slot)
        version = self.env["pope.training.version"].create(
            {
                "program_id": self.env["pope.training.program"].create(program).id,
                "number": 1,
                "date": "2026-03-01",
                "sheet": "<p>Fiche</p>",
            }
        )
        objective = {"enrolment_id": self.enrolments(registration).id, "name": "Décider à plusieurs"}
        rules = self.env.ref("pope_training.document_kind_house_rules")
        edition = self.env["pope.training.edition"].create({"kind_id": rules.id})
        kind = self.env.ref("pope_training.document_kind_convocation").copy({"code": "letter_test"})
        scheme = self.env["pope.training.scheme"].create({"name": "Mécénat", "code": "mecenat_test"})
        way = self.env.ref("pope_training.scheme_particulier")
        paid = {"enrolment_id": self.enrolments(registration).id, "scheme_id": way.id}
        listed = self.env["pope.training.enrol.list"].create({"event_id": session.id})
        layout = self.env["pope.training.layout"].create({"event_id": session.id})
        postpone = self.env["pope.training.postpone"].create({"event_id": session.id})
        half_day = self.env["pope.training.slot"].create({**slot, "date": "2026-03-17"})
        self.register(half_day.event_id, self.holders[2])
        attendance = half_day.attendance_ids
        signature = attendance._set_status("excused", author="Odile Renard")
        seal = self.env["pope.attendance.seal"]._seal(half_day, "window")
        row = {"slot_id": half_day.id, "attendance_id": attendance.id, "kind": "status", "status": "present"}
        path = self.env["crm.lead"].create({"type": "path", "partner_id": self.holders[2].id})
        diploma = {"partner_id": self.holders[2].id, "name": "CAP"}
        offer = {"name": "Immersion", "partner_id": self.holders[1].id}
        wish = {"lead_id": path.id}
        cap = {"lead_id": path.id, "qualification_id": self.env.ref("pope_training.qualification_cap_aepe").id}
        self.env["pope.host.offer"].create(offer)
        self.env["pope.host.wish"].create(wish)
        person = {"partner_id": self.holders[2].id}
        audit = self.env["pope.quality.audit"].create({"date": "2026-03-02"})
        finding = {
            "description": "Sans suite",
            "audit_id": audit.id,
            "indicator_id": audit.standard_id.criterion_ids.indicator_ids[:1].id,
        }
        quality = {
            "pope.quality.audit": {"date": "2026-03-02"},
            "pope.quality.finding": finding,
            "pope.quality.action": {"name": "Salle"},
            "pope.quality.feedback": {"name": "Salle"},
            "pope.quality.report": {"kind": "harassment"},
            "pope.quality.risk": {"name": "Salle"},
            "pope.quality.watch": {"name": "Décret"},
            "pope.staff.skill": {"name": "Secourisme", **person},
            "pope.trainer.review": {"note": "Bien", **person},
        }
        survey = self.env.ref("pope_training.survey_end")
        question = self.env["survey.question"].create(
            {"survey_id": survey.id, "title": "Autre", "sequence": 99, "question_type": "char_box"}
        )
        choice = self.env["survey.question.answer"].create({"question_id": question.id, "value": "Oui"})
        asked = {"survey": survey, "partner": self.holders[0], "company": self.company}
        answer = self.env["survey.user_input"]._pope_ask([asked])
        answer._save_lines(question, "Bien")
        funder = {"partner_id": self.holders[0].id, "year": 2025}
        agreed = {"event_id": session.id, "partner_id": self.holders[0].id, "kind": "subcontracting", "amount": 300}
        sent = self.contract_to_sign(half_day.event_id, attendance.enrolment_id)
        sent._refuse("", channel="paper")
        proof = sent.signature_ids
        drawn = self.env["pope.training.agreement"].create({**agreed, "kind": "contract"})
        instalment = drawn.instalment_ids[0]
        samples = {
            **{
                model: (self.env[model].create(values), next(iter(values)), values) for model, values in quality.items()
            },
            "pope.survey.funder": (self.env["pope.survey.funder"].create(funder), "year", {**funder, "year": 2024}),
            "survey.survey": (survey, "title", {"title": "Autre", "pope_kind": "end"}),
            "survey.question": (question, "title", {"survey_id": survey.id, "title": "Encore"}),
            "survey.question.answer": (choice, "value", {"question_id": question.id, "value": "Non"}),
            "survey.user_input": (answer, "nickname", {"survey_id": survey.id}),
            "survey.user_input.line": (
                answer.user_input_line_ids,
                "value_char_box",
                {
                    "user_input_id": answer.id,
                    "question_id": question.id,
                    "answer_type": "char_box",
                    "value_char_box": "x",
                },
            ),
            "pope.diploma": (self.env["pope.diploma"].create(diploma), "name", diploma),
            "pope.host.match": (self.env["pope.host.match"].search([("lead_id", "=", path.id)]), None, {}),
            "pope.host.offer": (self.env["pope.host.offer"].create(offer), "name", offer),
            "pope.host.wish": (self.env["pope.host.wish"].create(wish), "note", wish),
            "pope.path.outcome": (
                self.env["pope.path.outcome"].create({"lead_id": path.id, "months": 3}),
                "situation",
                {"lead_id": path.id, "months": 4},
            ),
            "pope.path.outcome.delay": (
                self.env["pope.path.outcome.delay"].search([], limit=1),
                "months",
                {"months": 18},
            ),
            "pope.path.report": (self.env["pope.path.report"].search([("lead_id", "=", path.id)]), None, {}),
            "pope.path.sheet": (self.env["pope.path.sheet"], "year", {"year": 2026}),
            "pope.path.training": (self.env["pope.path.training"].create(cap), "note", cap),
            "pope.qualification": (
                self.env["pope.qualification"].create({"name": "BP JEPS"}),
                "name",
                {"name": "BP JEPS"},
            ),
            "pope.attendance": (
                attendance,
                "status",
                {"slot_id": half_day.id, "enrolment_id": self.enrolments(registration).id},
            ),
            "pope.attendance.signature": (signature, "status", row),
            "pope.attendance.seal": (seal, "kind", {"slot_id": half_day.id, "number": 2}),
            "pope.attendance.status": (
                self.env["pope.attendance.status"],
                "mode",
                {"attendance_ids": [Command.set(attendance.ids)]},
            ),
            "pope.sign.window": (self.env["pope.sign.window"], "grace", {"grace": 20}),
            "event.event": (other, "name", event),
            "event.registration": (registration, "name", {"event_id": self.meeting.id, "name": "Inès Moreau"}),
            "event.type": (other.event_type_id, "name", {"name": "Autre", "pope_kind": "training"}),
            "pope.trainer.paper": (self.env["pope.trainer.paper"].create(paper), "name", paper),
            "pope.training.enrol": (
                self.env["pope.training.enrol"],
                "event_id",
                {"lead_id": project.id, "event_id": self.meeting.id},
            ),
            "pope.training.change": (
                self.env["pope.training.change"],
                "gesture",
                {"enrolment_id": self.enrolments(registration).id},
            ),
            "pope.survey.paper": (
                self.env["pope.survey.paper"],
                "kind",
                {"enrolment_id": self.enrolments(registration).id},
            ),
            "pope.training.enrol.list": (
                self.env["pope.training.enrol.list"],
                "text",
                {"event_id": session.id, "text": "Inès Moreau"},
            ),
            "pope.training.enrol.line": (self.env["pope.training.enrol.line"], "name", {"list_id": listed.id}),
            "pope.training.financing": (self.env["pope.training.financing"].create(paid), "number", paid),
            "pope.training.scheme": (scheme, "note", {"name": "Autre", "code": "autre_test"}),
            "pope.training.enrolment": (
                self.enrolments(registration),
                "lead_id",
                {"registration_id": self.register(self.create_event(False), self.holders[1]).id},
            ),
            "pope.training.layout": (self.env["pope.training.layout"], "is_remote", {"event_id": session.id}),
            "pope.training.layout.line": (
                self.env["pope.training.layout.line"],
                "half",
                {"layout_id": layout.id, "date": "2026-03-14"},
            ),
            "pope.training.postpone": (self.env["pope.training.postpone"], "reason", {"event_id": session.id}),
            "pope.training.postpone.line": (
                self.env["pope.training.postpone.line"],
                "date",
                {"postpone_id": postpone.id, "slot_id": known.id, "date": "2026-03-14"},
            ),
            "pope.training.agreement": (self.env["pope.training.agreement"].create(agreed), "user_id", agreed),
            "pope.training.agreement.signature": (proof, None, {}),
            "pope.training.instalment": (
                instalment,
                "amount",
                {"agreement_id": instalment.agreement_id.id, "amount": 5},
            ),
            "pope.agreement.paper": (
                self.env["pope.agreement.paper"],
                "day",
                {"agreement_id": proof.agreement_id.id, "act": "refused"},
            ),
            "pope.training.invoicing": (self.env["pope.training.invoicing"], "event_id", {"event_id": session.id}),
            "pope.training.invoicing.line": (
                self.env["pope.training.invoicing.line"],
                "amount",
                {
                    "invoicing_id": self.env["pope.training.invoicing"].create({"event_id": session.id}).id,
                    "financing_id": self.env["pope.training.financing"].create(paid).id,
                },
            ),
            **self.return_samples(),
            **self.quality_samples(),
            "pope.training.nsf": (self.env.ref("pope_training.nsf_332"), "name", {"code": "999", "name": "Autre"}),
            "pope.training.version": (version, None, {}),
            "pope.training.document": (self.company._pope_issue("house_rules"), None, {}),
            "pope.training.assessment": (
                self.env["pope.training.assessment"].create(objective),
                "result",
                objective,
            ),
            "pope.training.edition": (edition, "is_again", {"kind_id": kind.id, "event_id": session.id}),
            "pope.training.edition.line": (edition.line_ids, "error", {"edition_id": edition.id}),
            "pope.training.document.kind": (kind, "title", {**kind.copy_data()[0], "code": "other_test"}),
            "pope.training.settings": (self.env["pope.training.settings"], "morning_from", {}),
            "pope.training.program": (self.env["pope.training.program"].create(program), "name", program),
            "pope.training.slot": (
                known,
                "cancel_reason",
                {**slot, "date": "2026-03-13"},
            ),
        }
        self.assert_table(TABLE, "pope_training", {model: lambda s=sample: s for model, sample in samples.items()})

    def quality_samples(self):
        rule = self.env["pope.quality.evidence.rule"].create({"number": 9, "name": "Livret"})
        evidence = {"name": "Livret", "rule_id": self.env.ref("pope_training.evidence_rule_9_rules").id}
        result = {
            "program_id": self.env["pope.training.program"].create({"name": "Contes"}).id,
            "date_from": "2025-01-01",
            "date_to": "2025-12-31",
            "headcount": 2,
            "answer_count": 2,
            "positive_count": 1,
            "method": "Comptés",
        }
        standard = self.env.ref("pope_training.standard_v9")
        criterion, indicator = standard.criterion_ids[0], standard.criterion_ids[0].indicator_ids[0]
        board, Tile, Row = (self.env[f"pope.quality.board{part}"] for part in ("", ".tile", ".row"))
        kept = Tile.create({"board_id": board.create({}).id, "indicator_id": indicator.id})
        own = {"board_id": kept.board_id.id, "indicator_id": indicator.id}
        return {
            "pope.quality.standard": (standard, "source", {"name": "RNQ", "date_from": "2040-01-01"}),
            "pope.quality.criterion": (criterion, "name", {"standard_id": standard.id, "number": 8, "name": "Autre"}),
            "pope.quality.indicator": (
                indicator,
                "name",
                {"criterion_id": criterion.id, "number": 40, "name": "Autre"},
            ),
            "pope.quality.grading": (self.env.ref("pope_training.grading_1"), "source", {"number": 40}),
            "pope.quality.evidence.rule": (rule, "name", {"number": 9, "name": "Plan d'accès"}),
            "pope.quality.evidence": (self.env["pope.quality.evidence"].create(evidence), "name", evidence),
            "pope.training.result": (self.env["pope.training.result"].create(result), "method", result),
            "pope.quality.board": (board, "date", {}),
            "pope.quality.board.tile": (Tile, "severity", own),
            "pope.quality.board.row": (Row, "found_count", {"tile_id": kept.id, "rule_id": rule.id}),
        }

    def return_samples(self):
        year = {"date_from": "2019-01-01", "date_to": "2019-12-31"}
        bpf = self.env["pope.bpf"].create(year)
        form = self.env.ref("pope_training.bpf_form_17")
        account = {"bpf_id": bpf.id, "prefixes": "706", "line": "C1"}
        line = {"form_id": form.id, "sequence": 1, "code": "X", "frame": "X", "name": "X", "kind": "text"}
        return {
            "pope.bpf": (bpf, "gaps_reason", {"date_from": "2018-01-01", "date_to": "2018-12-31"}),
            "pope.bpf.line": (bpf.line_ids[0], "reason", {"bpf_id": bpf.id, "form_line_id": form.line_ids[0].id}),
            "pope.bpf.key": (bpf.key_ids[0], "rule", {"bpf_id": bpf.id, "name": "Loyer", "prefixes": "613"}),
            "pope.bpf.account": (self.env["pope.bpf.account"].create(account), "note", {**account, "prefixes": "708"}),
            "pope.bpf.form": (form, "notice", {"name": "Autre", "date_from": "2030-01-01"}),
            "pope.bpf.form.line": (form.line_ids[0], "note", line),
        }


@tagged("post_install", "-at_install")
class TestAccess(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_event = cls._new_user("event_user", "event.group_event_user")
        cls.user_desk = cls._new_user("event_desk", "event.group_event_registration_desk")
        cls.user_both = cls._new_user("pope_event", "pope_crm.group_pope_user,event.group_event_user")
        cls.user_employee = cls._new_user("pope_employee", "base.group_user")
        cls.user_portal = cls._new_user("pope_portal", "base.group_portal")
        cls.user_public = cls._new_user("pope_public", "base.group_public")

    def setUp(self):
        super().setUp()
        self.stock = self.create_event(False)
        self.stock_registration = self.register(self.stock, self.holders[1])
        self.registration = self.register(self.meeting, self.holders[0])
        self.enrolment = self.enrolments(self.registration)

    def seen(self, user, records):
        return records.with_user(user).search([("id", "in", records.ids)])

    def test_our_user_works_on_our_events_without_being_an_event_user(self):
        event = (
            self.env["event.event"]
            .with_user(self.user_pope)
            .create(
                {
                    "name": "Journée découverte",
                    "pope_kind": "discovery_day",
                    "date_begin": self.now,
                    "date_end": self.now,
                }
            )
        )
        registration = event.registration_ids.create({"event_id": event.id, "name": "Inès Moreau"})
        registration.action_set_done()
        event.action_set_done()
        self.assertTrue(event.stage_id.pipe_end)
        self.assertEqual(registration.pope_enrolment_ids.partner_id.name, "Inès Moreau")
        with self.assertRaises(AccessError):
            registration.unlink()
        registration.with_user(self.user_manager).unlink()
        event.with_user(self.user_manager).unlink()

    def test_our_user_sees_no_other_event(self):
        for user in (self.user_pope, self.user_manager):
            self.assertEqual(self.seen(user, self.stock | self.meeting), self.meeting)
            self.assertEqual(self.seen(user, self.stock_registration | self.registration), self.registration)
            types = self.env["event.type"].search([]) | self.env["event.type"].create({"name": "Salon"})
            self.assertEqual(self.seen(user, types), types.filtered("pope_kind"))
            for record, values in (
                (self.stock, {"name": "x"}),
                (self.stock, {"pope_kind": "training"}),
                (self.stock_registration, {"state": "done"}),
            ):
                with self.assertRaises(AccessError):
                    record.with_user(user).write(values)
            with self.assertRaises(UserError):
                self.meeting.with_user(user).pope_kind = False
            with self.assertRaises(AccessError):
                self.env["event.registration"].with_user(user).create({"event_id": self.stock.id, "name": "x"})

    def test_event_users_keep_every_event_and_see_no_enrolment(self):
        for user in (self.user_event, self.user_desk):
            self.assertEqual(self.seen(user, self.stock | self.meeting), self.stock | self.meeting)
            self.assertEqual(
                self.seen(user, self.stock_registration | self.registration),
                self.stock_registration | self.registration,
            )
            for model in ("pope.training.enrolment", "pope.training.program", "pope.training.enrol"):
                self.assertFalse(self.env[model].with_user(user).has_access("read"), model)
            with self.assertRaises(AccessError):
                self.registration.with_user(user).read(["pope_enrolment_ids"])
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).action_pope_close_meeting()
        self.stock.with_user(self.user_event).name = "Salon"

    def test_what_an_event_user_does_follows_on_our_side(self):
        project = self.create_project("Nadia", self.holders[1:2])
        registration = (
            self.env["event.registration"]
            .with_user(self.user_desk)
            .create(
                [
                    {"event_id": self.meeting.id, "name": "Nadia Benali", "email": "nadia.benali@example.org"},
                    {"event_id": self.meeting.id, "name": "Inès Moreau", "email": "ines.moreau@example.org"},
                ]
            )
        )
        enrolments = self.enrolments(registration)
        self.assertEqual(enrolments[0].partner_id, self.holders[1])
        self.assertEqual(enrolments[1].partner_id.name, "Inès Moreau")
        self.assertEqual(project.pope_meeting_date, self.meeting.date_begin)
        registration.action_cancel()
        self.assertFalse(project.pope_meeting_date)
        self.assertEqual(set(enrolments.mapped("state")), {"cancel"})

    def test_being_one_of_us_takes_nothing_from_an_event_user(self):
        self.assertEqual(self.seen(self.user_both, self.stock | self.meeting), self.stock | self.meeting)
        self.stock_registration.with_user(self.user_both).action_set_done()
        types = self.env["event.type"].search([])
        self.assertEqual(self.seen(self.user_both, types), types)

    def test_employees_portal_and_public_have_nothing(self):
        for user in (self.user_employee, self.user_portal, self.user_public):
            for model in (
                "event.registration",
                "pope.training.enrolment",
                "pope.training.program",
                "pope.training.enrol",
            ):
                self.assertFalse(self.env[model].with_user(user).has_access("read"), (user.login, model))

    def test_enrolments_are_made_by_registrations_only(self):
        for user in (self.user_pope, self.user_manager):
            self.enrolment.with_user(user).lead_id = self.create_project()
            with self.assertRaises(AccessError):
                self.enrolment.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.enrolment.with_user(user).create({"registration_id": self.stock_registration.id})

    def test_programmes_are_written_by_users_and_deleted_by_managers(self):
        program = self.env["pope.training.program"].with_user(self.user_pope).create({"name": "MAM", "code": "M1"})
        self.assertEqual(program.display_name, "[M1] MAM")
        session = self.create_event("training", pope_program_id=program.id)
        self.assertEqual(program.session_count, 1)
        self.assertEqual(self.env["event.event"].search(program.action_sessions()["domain"]), session)
        with self.assertRaises(AccessError):
            program.unlink()
        session.pope_program_id = False
        program.with_user(self.user_manager).unlink()

    def test_a_stock_event_stays_as_odoo_makes_it(self):
        self.assertFalse(self.stock.pope_kind)
        self.assertEqual(len(self.stock.event_mail_ids), 3)
        self.assertFalse(self.enrolments(self.stock))
        own, other = self.meeting.with_user(self.user_both), self.stock.with_user(self.user_both)
        self.assertEqual(own.get_formview_id(), self.env.ref("pope_training.event_event_view_form").id)
        self.assertNotEqual(other.get_formview_id(), own.get_formview_id())
        self.assertNotEqual(self.meeting.with_user(self.user_event).get_formview_id(), own.get_formview_id())
        default = self.env["event.event"].default_get(["event_type_id", "date_begin", "date_end"])
        self.assertFalse(default.get("event_type_id"))
        self.assertEqual((default["date_end"] - default["date_begin"]).days, 1)
        arch = self.env["event.event"].get_view(self.env.ref("event.view_event_form").id, "form")["arch"]
        self.assertNotIn("pope_", arch)

    def test_our_views_open(self):
        for xmlid in ("information_meeting", "discovery_day", "training"):
            action = self.env.ref(f"pope_training.event_event_action_{xmlid}")
            views = self.env["event.event"].with_user(self.user_pope).get_views([*action.views, (False, "search")])
            self.assertEqual(len(views["views"]), 5)
            events = self.env["event.event"].with_user(self.user_pope).search([])
            events.web_read({name: {} for name in views["models"]["event.event"]["fields"] if name.startswith("pope_")})
            self.assertTrue(action.help)


@tagged("post_install", "-at_install")
class TestCompanies(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Autre pôle"})
        cls.user_other = cls._new_user("pope_other", "pope_crm.group_pope_user")
        cls.user_other.write({"company_ids": [Command.set(cls.other_company.ids)], "company_id": cls.other_company.id})

    def test_two_companies_see_their_own(self):
        meeting = self.create_event("information_meeting", company_id=self.other_company.id, organizer_id=False)
        here, there = (self.enrolments(self.register(event, self.holders[0])) for event in (self.meeting, meeting))
        programs = self.env["pope.training.program"].create(
            [{"name": "Ici"}, {"name": "Là", "company_id": self.other_company.id}, {"name": "X", "company_id": False}]
        )
        for user, own, program in ((self.user_pope, here, programs[0]), (self.user_other, there, programs[1])):
            Enrolment = self.env["pope.training.enrolment"].with_user(user)
            self.assertEqual(Enrolment.search([("id", "in", (here | there).ids)]), own)
            Program = self.env["pope.training.program"].with_user(user)
            self.assertEqual(Program.search([("id", "in", programs.ids)]), program | programs[2])

    def test_two_companies_see_their_own_payers(self):
        scheme = self.env.ref("pope_training.scheme_particulier")
        lines = self.env["pope.training.financing"].create(
            [
                {
                    "enrolment_id": self.enrolments(
                        self.register(
                            self.create_event("training", company_id=company.id, organizer_id=False), self.holders[0]
                        )
                    ).id,
                    "scheme_id": scheme.id,
                }
                for company in (self.company, self.other_company)
            ]
        )
        for user, own in ((self.user_pope, lines[0]), (self.user_other, lines[1])):
            self.assertEqual(lines.with_user(user).search([("id", "in", lines.ids)]), own)

    def test_two_companies_see_their_own_agreements(self):
        agreements = self.env["pope.training.agreement"].create(
            [
                {
                    "event_id": self.create_event("training", company_id=company.id, organizer_id=False).id,
                    "company_id": company.id,
                    "partner_id": self.holders[0].id,
                }
                for company in (self.company, self.other_company)
            ]
        )
        for user, own in ((self.user_pope, agreements[0]), (self.user_other, agreements[1])):
            self.assertEqual(agreements.with_user(user).search([("id", "in", agreements.ids)]), own)

    def test_two_companies_see_their_own_evidence_and_results(self):
        rule = self.env.ref("pope_training.evidence_rule_9_rules")
        program = self.env["pope.training.program"].create({"name": "Contes", "company_id": False})
        counts = {"headcount": 2, "answer_count": 2, "positive_count": 1, "method": "Comptés"}
        result = {"program_id": program.id, "date_from": "2025-01-01", "date_to": "2025-12-31", **counts}
        both = self.company | self.other_company
        for records in (
            self.env["pope.quality.evidence"].create(
                [{"name": "Livret", "rule_id": rule.id, "company_id": company.id} for company in both]
            ),
            self.env["pope.training.result"].create([{**result, "company_id": company.id} for company in both]),
        ):
            for user, own in ((self.user_pope, records[0]), (self.user_other, records[1])):
                self.assertEqual(records.with_user(user).search([("id", "in", records.ids)]), own)

    def test_two_companies_see_their_own_returns(self):
        year = {"date_from": "2019-01-01", "date_to": "2019-12-31"}
        returns = self.env["pope.bpf"].create(
            [{**year, "company_id": company.id} for company in (self.company, self.other_company)]
        )
        returns.account_ids.create([{"bpf_id": bpf.id, "prefixes": "706", "line": "C1"} for bpf in returns])
        for user, own in ((self.user_pope, returns[0]), (self.user_other, returns[1])):
            for name in (None, "line_ids", "key_ids", "account_ids"):
                records, mine = (returns[name], own[name]) if name else (returns, own)
                self.assertEqual(records.with_user(user).search([("id", "in", records.ids)]), mine)

    def test_two_companies_see_their_own_papers(self):
        papers = self.env["pope.trainer.paper"].create(
            [
                {"partner_id": self.holders[0].id, "company_id": company.id}
                for company in (self.company, self.other_company)
            ]
        )
        for user, own in ((self.user_pope, papers[0]), (self.user_other, papers[1])):
            self.assertEqual(papers.with_user(user).search([("id", "in", papers.ids)]), own)

    def test_two_companies_see_their_own_quality(self):
        for model, values in {
            "pope.quality.audit": {"date": "2026-03-02"},
            "pope.quality.action": {"name": "Salle"},
            "pope.quality.feedback": {"name": "Salle"},
            "pope.quality.report": {"kind": "harassment"},
            "pope.quality.risk": {"name": "Salle"},
            "pope.quality.watch": {"name": "Décret"},
            "pope.staff.skill": {"name": "Secourisme", "partner_id": self.holders[0].id},
            "pope.trainer.review": {"partner_id": self.holders[0].id},
        }.items():
            here, there = self.env[model].create(
                [{**values, "company_id": company.id} for company in (self.company, self.other_company)]
            )
            for user, own in ((self.user_pope, here), (self.user_other, there)):
                user.sudo().group_ids |= self.env.ref("pope_crm.group_pope_sensitive")
                found = own.with_user(user).search([("id", "in", (here | there).ids)])
                self.assertEqual(found, own, model)

    def test_two_companies_see_their_own_half_days(self):
        sessions = [
            self.create_event("training", company_id=company.id, organizer_id=False)
            for company in (self.company, self.other_company)
        ]
        slots = self.env["pope.training.slot"].create(
            [{"event_id": session.id, "date": "2026-03-12", "half": "morning"} for session in sessions]
        )
        for user, own in ((self.user_pope, slots[0]), (self.user_other, slots[1])):
            self.assertEqual(slots.with_user(user).search([("id", "in", slots.ids)]), own)
            with self.assertRaises(UserError):
                own.with_user(user).create(
                    {"event_id": (sessions[1] if own == slots[0] else sessions[0]).id, "date": "2026-03-13"}
                )

    def test_the_mails_and_the_page_of_a_registration_are_those_of_its_company(self):
        meeting = self.create_event("information_meeting", company_id=self.other_company.id, organizer_id=False)
        for event in (self.meeting, meeting):
            self.register(event, self.holders[0])
        rows = self.env["pope.notification"].search([("enrolment_id", "!=", False), ("state", "=", "planned")])
        for user, event in ((self.user_pope, self.meeting), (self.user_other, meeting)):
            seen = self.env["pope.notification"].with_user(user).search([("id", "in", rows.ids)])
            self.assertTrue(seen)
            self.assertEqual(seen.sudo().event_id, event)
        page = rows.filtered(lambda row: row.event_id == meeting)[0]._meeting_page({})
        self.assertEqual((page["meetings"], page["own"]), (meeting, meeting))
        Enrolment = self.env["pope.training.enrolment"]
        with self.assertRaises(UserError):
            Enrolment._choose(self.holders[1], meeting, self.company, self.env["crm.lead"])
        Enrolment._give_up(self.holders[0], self.other_company)
        self.assertEqual(self.enrolments(self.meeting | meeting).mapped("state"), ["open", "cancel"])

    def test_a_meeting_of_all_companies_leaves_the_reminders_to_the_project(self):
        project = self.create_project()
        self.register(self.create_event("information_meeting", company_id=False), self.holders[0])
        rows = self.rows(project, "planned").filtered(lambda row: row.rule_id.kind == "reminder")
        self.assertEqual(set(rows.rule_id.mapped("source")), {"project"})

    def test_a_project_of_another_company_is_not_taken(self):
        project = self.create_project()
        meeting = self.create_event("information_meeting", company_id=self.other_company.id, organizer_id=False)
        self.assertFalse(self.enrolments(self.register(meeting, self.holders[0])).lead_id)
        self.assertFalse(project.pope_meeting_date)

    def test_a_contact_of_another_company_is_not_taken(self):
        private = self.env["res.partner"].create(
            {"name": "Inès Moreau", "email": "ines.moreau@example.org", "company_id": self.other_company.id}
        )
        person = self.enrolments(self.register(self.meeting, private)).partner_id
        self.assertTrue(person)
        self.assertNotEqual(person, private)


@tagged("post_install", "-at_install")
class TestUninstall(MeetingCase):
    def test_types_in_use_outlive_the_add_on(self):
        self.create_event("training", active=False)
        unused = self.env["event.type"].create({"name": "Sans usage", "pope_kind": "discovery_day"})
        shipped = {"module": "pope_training", "model": "event.type"}
        self.env["ir.model.data"].create({**shipped, "name": "event_type_unused", "res_id": unused.id})
        rows = self.env["ir.model.data"].search([(name, "=", value) for name, value in shipped.items()])
        self.assertEqual(len(rows), 4)
        uninstall_hook(self.env)
        left = rows.exists().mapped("name")
        self.assertIn("event_type_unused", left, "Odoo deletes it with the add-on")
        for used in ("event_type_training", "event_type_information_meeting"):
            self.assertNotIn(used, left)

    def test_what_was_sent_stays_and_what_waits_does_not_leave(self):
        self.register(self.meeting, self.holders[0])
        planned = [("enrolment_id", "!=", False), ("state", "=", "planned")]
        row = self.env["pope.notification"].search(planned, order="date_planned", limit=1)
        rule = row.rule_id
        self.dispatch(row.date_planned)
        waiting = self.env["pope.notification"].search(planned)
        self.assertEqual(row.state, "queued")
        row.write({"state": "sent"})
        uninstall_hook(self.env)
        self.assertEqual(set(waiting.mapped("state")), {"cancelled"})
        self.assertEqual((rule.active, rule.source, row.state), (False, "project", "sent"))
        self.assertFalse(rule.get_external_id()[rule.id])
        self.assertFalse(self.env["pope.notification.rule"].search([("source", "=", "enrolment")]))

    def test_the_shipped_types_send_no_mail_of_odoo(self):
        for kind in ("information_meeting", "training", "discovery_day"):
            event_type = self.env.ref(f"pope_training.event_type_{kind}")
            self.assertEqual(event_type.pope_kind, kind)
            self.assertFalse(event_type.event_type_mail_ids)
            self.assertFalse(self.create_event(kind).event_mail_ids)
