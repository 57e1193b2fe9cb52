from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import NotificationCase


@tagged("post_install", "-at_install")
class TestLifeEvent(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.holders[0]
        cls.Event = cls.env["pope.life.event"]

    def life(self, person=None):
        self.env.invalidate_all()
        action = (person or self.person).with_user(self.user_pope).action_pope_life()
        return self.Event.with_user(self.user_pope).search(action["domain"])

    def test_one_line_tells_all_that_happened_in_order(self):
        self.at(self.now)
        intake = self.env["pope.intake"].create(
            {
                "source": "call",
                "name": self.person.name,
                "email": self.person.email,
                "date": self.now - timedelta(days=40),
                "team_id": self.team.id,
            }
        )
        intake.action_make_project()
        project = intake.lead_id
        project.pope_member_ids.date_entry = self.now - timedelta(days=30)
        project.write({"pope_meeting_date": self.now - timedelta(days=10), "pope_meeting_attended": True})
        self.env["pope.interaction"].create(
            {"lead_id": project.id, "kind": "call", "date": self.now - timedelta(days=3), "note": "Le bail"}
        )
        project.message_post(body="Bonjour", message_type="email", author_id=self.person.id)
        project.pope_checklist_ids.filtered("member_id")[:1].action_tick()
        mail = self.rows(project)[0]
        mail._set_sent()
        project.pope_opening_date = self.now + timedelta(days=300)
        project.pope_member_ids.date_exit = self.now + timedelta(days=400)
        events = self.life()
        self.assertEqual(
            set(events.mapped("kind")),
            {"known", "intake", "entry", "meeting", "interaction", "received", "sent", "paper", "opening", "exit"},
        )
        self.assertEqual(events.mapped("date"), sorted(events.mapped("date"), reverse=True))
        self.assertEqual(len(set(events.ids)), len(events))
        by_kind = {event.kind: event for event in events}
        self.assertIn("Awa Diallo", by_kind["interaction"].name)
        self.assertEqual(by_kind["opening"].name, project.name)
        self.assertEqual(by_kind["sent"].name, mail.display_name)
        for event in events:
            action = event.action_open()
            self.assertEqual((action["res_model"], action["res_id"]), (event.res_model, event.res_id))
        self.assertFalse(self.life(self.holders[1]))

    def test_an_exchange_of_three_is_in_each_life(self):
        project = self.create_project(holders=self.holders)
        noted = self.env["pope.interaction"].create({"lead_id": project.id, "kind": "visit", "minutes": 60})
        events = self.Event.search([("res_model", "=", "pope.interaction"), ("res_id", "=", noted.id)])
        self.assertEqual(events.partner_id, self.holders)
        self.assertEqual(len(set(events.ids)), 3)

    def test_what_is_planned_or_cancelled_did_not_happen(self):
        self.create_project()
        self.assertNotIn("sent", self.life().mapped("kind"))

    def test_a_contact_of_somebody_else_has_no_life_here(self):
        stranger = self.env["res.partner"].create({"name": "Cliente", "email": "cliente@example.org"})
        self.assertFalse(self.life(stranger))

    def test_merged_contacts_have_one_life(self):
        for person in self.holders[:2]:
            self.env["pope.interaction"].create({"kind": "call", "partner_ids": person.ids})
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(self.holders[:2].ids, self.holders[0])
        self.assertEqual(self.life().mapped("kind").count("interaction"), 2)

    def test_nobody_writes_it_and_others_do_not_read_it(self):
        self.create_project()
        event = self.life()[0]
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.Event.with_user(self.user_manager).has_access(operation))
        for group in ("base.group_portal", "base.group_public", "base.group_user"):
            user = self._new_user(f"x_{group}", group)
            with self.assertRaises(AccessError):
                event.with_user(user).read(["kind"])
        company = self.env["res.company"].create({"name": "Autre pôle"})
        stranger = self._new_user("x_other", "pope_crm.group_pope_user")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        seen = self.Event.with_user(stranger).search([("partner_id", "=", self.person.id)])
        self.assertLessEqual(set(seen.mapped("kind")), {"known"}, "a shared contact, and nothing of the other pole")

    def test_a_life_costs_the_same_for_10_and_100_events(self):
        def cost(count):
            person = self.env["res.partner"].create({"name": f"Vie {count}"})
            self.env["pope.interaction"].create(
                [
                    {"kind": "call", "partner_ids": person.ids, "date": self.today() - timedelta(days=n)}
                    for n in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.life(person).read(["date", "kind", "name", "lead_id"])
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(10), cost(100))
