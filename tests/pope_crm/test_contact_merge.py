"""Two contacts that were one person: Odoo's merge loses nothing of ours, and the person is once where once is right."""

from odoo import Command
from odoo.tests import tagged

from ..common import NotificationCase


@tagged("post_install", "-at_install")
class TestContactMerge(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls._new_user("secretary", "base.group_user,base.group_partner_manager")
        cls.awa, cls.twin = cls.env["res.partner"].create(
            [
                {"name": "Awa Diallo", "email": "awa@example.org", "lang": "fr_FR"},
                {"name": "A. Diallo", "email": "awa@example.org", "lang": "fr_FR", "phone": "+33 6 12 34 56 78"},
            ]
        )

    def setUp(self):
        super().setUp()
        self.at(self.now)

    def merge(self, kept, *others):
        partners = kept.union(*others)
        Wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.secretary)
        wizard = Wizard.with_context(active_model="res.partner", active_ids=partners.ids).create({})
        wizard.dst_partner_id = kept
        wizard.action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(partners.exists(), kept)

    def ask(self, project, member):
        """The first two lines that each holder is asked for."""
        lines = project.pope_checklist_ids.filtered(lambda line: line.member_id == member)[:2]
        lines.action_tick()
        return lines.row_id

    def test_two_who_share_a_project(self):
        project = self.create_project(holders=self.awa | self.twin | self.holders[1])
        first, second = project.pope_member_ids[:2]
        first.write({"date_entry": "2026-02-01", "accreditation_filed_date": "2026-02-10", "function": "childminder"})
        second.write(
            {
                "date_entry": "2026-01-05",
                "accreditation_state": "granted",
                "accreditation_date": "2026-03-01",
                "training_date": "2026-02-20",
            }
        )
        mine, theirs = self.ask(project, first), self.ask(project, second)
        requirement = (mine | theirs).requirement_id[0]
        paper, other = (rows.filtered(lambda row: row.requirement_id == requirement) for rows in (mine, theirs))
        paper.write({"state": "asked", "note": "À relancer"})
        requirement.kind = "paper"
        file = self.env["ir.attachment"].create(
            {"name": "diplome.pdf", "raw": b"diplome", "res_model": other._name, "res_id": other.id}
        )
        other.write({"attachment_ids": [Command.link(file.id)], "note": "Reçu"})
        rows = self.rows(project)
        count = len(rows)
        self.merge(self.awa, self.twin)

        member = project.pope_member_ids.filtered(lambda row: row.partner_id == self.awa).ensure_one()
        self.assertEqual(project.pope_holder_ids, self.awa | self.holders[1])
        self.assertEqual((member.accreditation_state, member.function), ("granted", "childminder"))
        self.assertEqual(
            [str(member[name]) for name in ("date_entry", "accreditation_filed_date", "accreditation_date")],
            ["2026-01-05", "2026-02-10", "2026-03-01"],
        )
        kept = project.pope_requirement_row_ids.filtered(lambda row: row.member_id == member)
        self.assertEqual(set(kept.requirement_id._ids), set((mine | theirs).exists().requirement_id._ids))
        done = kept.filtered(lambda row: row.requirement_id == requirement)
        self.assertEqual((len(done), done.state), (1, "done"), "done for one of both is done")
        self.assertEqual((done.attachment_ids, file.raw), (file, b"diplome"))
        self.assertEqual(set(done.note.split(" – ")), {"À relancer", "Reçu"})
        self.assertEqual(len(self.rows(project)), count, "no e-mail is lost")
        self.assertEqual(self.rows(project).partner_id, self.awa | self.holders[1])
        # the project lives on
        project.pope_member_ids = [Command.create({"partner_id": self.holders[2].id})]
        project.stage_id = self.stage_meeting
        self.dispatch()
        self.assertEqual(len(self.rows(project, "queued").filtered(lambda row: row.partner_id == self.awa)), 1)

    def test_a_person_who_was_two_gets_each_mail_once(self):
        self.twin.email = "a.diallo@example.org"
        project = self.create_project(holders=self.awa | self.twin)
        self.assertEqual(len(self.rows(project, "planned")), 2)
        self.twin.email = self.awa.email
        self.merge(self.awa, self.twin)
        self.assertEqual(self.rows(project, "cancelled").reason, "merged")
        self.dispatch()
        self.assertEqual(len(self.rows(project, "queued")), 1)
        # what one of both had received is not sent again to the other address
        other = self.env["res.partner"].create({"name": "Awa D.", "email": "awa.d@example.org"})
        late = self.create_project("Second", holders=self.awa | other)
        late_rows = self.rows(late)
        late_rows.filtered(lambda row: row.partner_id == self.awa).write({"state": "sent"})
        other.email = self.awa.email
        self.merge(self.awa, other)
        self.assertEqual(set(late_rows.mapped("state")), {"sent", "cancelled"})

    def test_two_who_each_hold_a_project(self):
        one = self.create_project("Un", holders=self.awa, partner_id=self.awa.id)
        two = self.create_project("Deux", holders=self.twin, partner_id=self.twin.id)
        role = self.env["pope.partner.role"].search([("is_authority", "=", True)], limit=1)
        self.twin.pope_role_ids = role
        self.twin.pope_town_id = self.town
        premises = self.env["pope.premises"].create({"name": "A", "lead_id": two.id, "owner_id": self.twin.id})
        opinion = self.env["pope.authority.opinion"].create(
            {"lead_id": one.id, "role_id": role.id, "partner_id": self.twin.id}
        )
        funding = self.env["pope.funding"].create({"partner_id": self.twin.id, "lead_id": two.id})
        rows = self.rows(one) | self.rows(two)
        self.merge(self.awa, self.twin)
        for project in one | two:
            self.assertEqual(project.pope_holder_ids, self.awa)
        self.assertEqual(self.awa.with_user(self.user_pope).pope_project_count, 2)
        self.assertEqual(rows.partner_id, self.awa)
        self.assertEqual(set(rows.mapped("state")), {"planned"})
        self.assertEqual((premises.owner_id, opinion.partner_id, funding.partner_id), (self.awa,) * 3)
        self.assertEqual((self.awa.pope_role_ids, self.awa.pope_town_id), (role, self.town))

    def test_who_left_and_came_back_keeps_both_stays(self):
        project = self.create_project(holders=self.awa | self.twin)
        project.pope_member_ids[0].write({"date_entry": "2025-01-01", "date_exit": "2025-06-30"})
        self.merge(self.awa, self.twin)
        self.assertEqual(project.pope_member_ids.partner_id, self.awa)
        self.assertEqual(len(project.pope_member_ids), 2)

    def test_merging_projects_keeps_what_a_shared_holder_did_on_each(self):
        one, two = (self.create_project(name, holders=self.awa) for name in ("Un", "Deux"))
        asked = one.pope_checklist_ids.filtered("member_id").requirement_id[:3]

        def tick(project, requirements):
            project.pope_checklist_ids.filtered(
                lambda line: line.member_id and line.requirement_id in requirements
            ).action_tick()

        tick(one, asked[:2])
        tick(two, asked[1:])
        two.pope_member_ids.training_date = "2026-02-20"
        kept = (one | two).with_user(self.user_manager).merge_opportunity()
        member = kept.pope_member_ids.ensure_one()
        self.assertEqual(str(member.training_date), "2026-02-20")
        self.assertEqual(kept.pope_requirement_row_ids.requirement_id, asked)
        self.assertEqual(kept.pope_requirement_row_ids.member_id, member)
