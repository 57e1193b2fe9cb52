"""A session of the pole with its chart of accounts, an employer and somebody who pays for themselves."""

import io
from datetime import date, datetime

from odoo import Command
from odoo.tools.pdf import OdooPdfFileReader

from ..pope_crm.test_members import MemberCase
from .common import MeetingCase


class AgreementCase(MemberCase, MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.pole
        cls.pole.write({"email": "pole@example.org", "phone": "01 23 45 67 89"})
        cls.pole.partner_id.write(
            {"tz": "Europe/Paris", "street": "12 rue du Pôle", "zip": "93200", "city": "Saint-Denis", "lang": "fr_FR"}
        )

        director = cls.env["res.partner"].create({"name": "Inès Garnier"})
        cls.pole.write(
            {
                "pope_signatory_id": director.id,
                "pope_signatory_title": "directrice",
                "pope_mediator_name": "Médiation de la consommation",
                "pope_mediator_address": "1 place des Litiges, 75000 Paris",
                "pope_mediator_website": "https://mediation.example.org",
                "pope_declaration_number": "11 93 00000 93",
            }
        )

    def setUp(self):
        super().setUp()
        self.program = self.create_program("Vie commune", price=1000, company_id=self.pole.id)
        self.course = self.create_event("training", name="Vie commune", organizer_id=False, user_id=self.user_pope.id)
        self.course.pope_program_id = self.program
        # two days of seven hours: 27 and 28 April 2026
        self.slots = self.env["pope.training.slot"].create(
            [
                {"event_id": self.course.id, "date": day, "half": half}
                for day in ("2026-04-27", "2026-04-28")
                for half in ("morning", "afternoon")
            ]
        )
        self.awa_enrolment, self.nadia_enrolment = self.enrolments(self.register(self.course, *self.holders[:2]))
        self.employer = self.env["res.partner"].create(
            {
                "name": "Crèche du Canal",
                "is_company": True,
                "email": "contact@canal.example.org",
                "child_ids": [Command.create({"name": "Inès Moreau", "email": "ines@canal.example.org"})],
            }
        )

    def pay(self, enrolment, code, **values):
        scheme = self.env.ref(f"pope_training.scheme_{code}")
        return self.own("pope.training.financing", self.user_pope).create(
            {"enrolment_id": enrolment.id, "scheme_id": scheme.id, **values}
        )

    def propose(self):
        self.own("event.event", self.user_pope).browse(self.course.id).action_pope_propose_agreements()
        return self.own("pope.training.agreement", self.user_pope).search(
            [("event_id", "=", self.course.id)], order="id"
        )

    def contract(self, signed="2026-03-10", remote=True, amount=1000):
        """The contract of Awa, who pays for herself; signed that day unless told otherwise."""
        self.line = self.pay(self.awa_enrolment, "particulier", amount_granted=amount)
        contract = self.propose()
        contract._issue()
        if signed:
            contract._sign(date.fromisoformat(signed), is_remote=remote, channel="paper")
        return contract

    def day(self, day):
        self.at(datetime.fromisoformat(f"{day} 09:00"))

    def invoice(self, line, amount, hours=0):
        """A draft invoice of ours, as the accountant makes it."""
        return self.own("pope.training.financing").browse(line.id)._invoice({line: (amount, hours)})

    def pdf_words(self, document):
        """The text of its file, its words parted by one space."""
        reader = OdooPdfFileReader(io.BytesIO(document.sudo().attachment_id.raw), strict=False)
        text = " ".join(page.extract_text() for page in reader.pages)
        return " ".join(text.replace("’", "'").replace("\u202f", " ").replace("\xa0", " ").split())

    def attend(self, enrolment, *statuses):
        """What is noted at each half-day, in order."""
        rows = enrolment.attendance_ids.sorted("date_begin")
        for row, status in zip(rows, statuses, strict=False):
            minutes = int(status) if status.isdecimal() else 0
            row._set_status("late" if minutes else status, minutes, mode="device", author="Odile")
