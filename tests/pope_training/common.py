"""The meetings and trainings that the tests of pope_training share."""

from datetime import timedelta

from odoo import Command

from ..common import NotificationCase


class MeetingCase(NotificationCase):
    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.meeting = self.create_event("information_meeting", days=16)

    @classmethod
    def create_event(cls, kind, days=16, **values):
        begin = cls.now + timedelta(days=days)
        event_type = cls.env.ref(f"pope_training.event_type_{kind}") if kind else cls.env["event.type"]
        return cls.env["event.event"].create(
            {
                "name": "Réunion d'information",
                "event_type_id": event_type.id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=2),
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def register(cls, event, *people, **values):
        """Registrations from persons, or from (name, email, phone)."""
        return cls.env["event.registration"].create(
            [
                {
                    "event_id": event.id,
                    **(
                        dict(zip(("name", "email", "phone"), person, strict=False))
                        if isinstance(person, tuple)
                        else {"name": person.name, "email": person.email, "phone": person.phone}
                    ),
                    **values,
                }
                for person in people
            ]
        )

    def enrolments(self, records):
        field = "event_id" if records._name == "event.event" else "registration_id"
        return self.env["pope.training.enrolment"].search([(field, "in", records.ids)], order="id")

    @classmethod
    def create_program(cls, name="Vie commune", **values):
        """A programme that says all that it must."""
        program = cls.env["pope.training.program"].create({"name": name, "duration_hours": 14, **values})
        texts = ("public", "prerequisites", "methods", "means", "trainer_profile", "placement", "assessment", "outcome")
        texts += ("access_terms", "price_terms", "funding_terms", "accessibility", "results")
        program.write(
            {
                **{text: f"Texte : {text}" for text in texts if not program[text]},
                "objectives": program.objectives or "<p>Décider à plusieurs</p>",
                "description": program.description or "<p>Deux journées</p>",
                "recognition": program.recognition or "statement",
                "disability_contact_id": cls.holders[0].id,
                "teaching_contact_id": cls.holders[1].id,
                "bpf_objective": "d",
                "nsf_id": cls.env.ref("pope_training.nsf_332").id,
            }
        )
        return program

    @classmethod
    def create_team(cls, company):
        """Another company's own pipeline."""
        return cls.env["crm.team"].create(
            {
                "name": "Autre pôle",
                "company_id": company.id,
                "pope_lead_type": "project",
                "use_opportunities": True,
                "member_ids": [Command.clear()],
            }
        )
