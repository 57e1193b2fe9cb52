"""Two contacts that were one person, enrolled at the same events: Odoo's merge loses no registration, no enrolment."""

from odoo.tests import tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestContactMerge(MeetingCase):
    def test_two_who_share_a_project_and_an_event(self):
        awa = self.holders[0]
        twin = awa.copy({"name": "A. Diallo", "email": awa.email})
        project = self.create_project(holders=awa | twin)
        training = self.create_event("training", days=30)
        registrations = self.register(self.meeting, awa, partner_id=awa.id)
        registrations |= self.register(self.meeting, twin, partner_id=twin.id)
        registrations |= self.register(training, twin, partner_id=twin.id)
        enrolments = self.enrolments(registrations)
        self.assertEqual(enrolments.partner_id, awa | twin)
        registrations[1].action_set_done()
        rows = self.rows(project)
        Wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = Wizard.with_context(active_model="res.partner", active_ids=(awa | twin).ids).create({})
        wizard.dst_partner_id = awa
        wizard.action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(registrations.exists(), registrations)
        self.assertEqual(enrolments.exists(), enrolments)
        self.assertEqual(rows.exists(), rows)
        self.assertEqual((enrolments.partner_id, registrations.partner_id, rows.partner_id), (awa, awa, awa))
        self.assertEqual(set(registrations.mapped("state")), {"open", "done"})
        self.assertEqual(project.pope_holder_ids, awa)
        self.assertEqual(awa.with_user(self.user_pope).pope_enrolment_count, 3)
        self.assertEqual(project.with_user(self.user_pope).pope_enrolment_count, 3)
