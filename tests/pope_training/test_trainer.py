"""A trainer's file says what it holds and what it lacks, before an inspector does."""

from datetime import date, datetime

from odoo.tests import tagged

from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestTrainer(MeetingCase):
    def setUp(self):
        super().setUp()
        self.trainer = self.env["res.partner"].create(
            {"name": "Maïa Ollivier", "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids}
        )
        self.env["pope.trainer.paper"].search([]).unlink()  # of the demo

    def add(self, kind, **values):
        return (
            self.env["pope.trainer.paper"]
            .with_user(self.user_pope)
            .create({"partner_id": self.trainer.id, "kind": kind, "date": "2026-03-01", **values})
        )

    def gaps(self):
        return self.trainer.with_user(self.user_pope).with_context(lang="fr_FR").pope_trainer_gaps

    def test_a_trainer_needs_a_cv_and_a_subcontractor_more(self):
        self.assertEqual(self.gaps(), "CV")
        self.add("cv")
        self.assertFalse(self.gaps())
        self.trainer.pope_is_subcontractor = True
        self.assertIn("Contrat de sous-traitance", self.gaps())
        for kind in ("contract", "declaration", "insurance", "vigilance"):
            self.add(kind)
        self.assertFalse(self.gaps())

    def test_a_certificate_of_vigilance_holds_six_months(self):
        self.trainer.pope_is_subcontractor = True
        paper = self.add("vigilance")
        self.assertEqual(paper.date_expiry, date(2026, 9, 1))
        self.at(datetime(2026, 9, 2, 9, 0))
        self.env.invalidate_all()
        self.assertEqual(paper.standing, "expired")
        self.assertIn("URSSAF", self.gaps())

    def test_a_later_paper_takes_the_place_of_the_former(self):
        former = self.add("insurance", date_expiry="2026-03-20")
        diploma = self.add("diploma")
        self.add("insurance", date_expiry="2027-03-20")
        self.add("diploma")
        self.assertEqual((former.standing, diploma.standing), ("replaced", "holds"))

    def test_an_activity_before_it_expires_and_none_once_replaced(self):
        paper = self.add("insurance", date_expiry="2026-03-30")
        lasting = self.add("cv", date_expiry="2027-03-30")
        self.env["pope.trainer.paper"]._cron_remind()
        self.assertEqual(paper.activity_ids.user_id, self.user_pope)
        self.assertIn("Maïa Ollivier", paper.activity_ids.summary)
        self.assertFalse(lasting.activity_ids)
        self.add("insurance", date_expiry="2027-03-30")
        self.assertFalse(paper.activity_ids)

    def test_the_screen_of_trainers_opens(self):
        action = self.env.ref("pope_training.res_partner_action_trainer")
        self.assertIn("trainer", action.domain)
        views = self.env["res.partner"].with_user(self.user_pope).get_views([*action.views, (False, "search")])
        self.assertIn("pope_trainer_gaps", views["views"]["list"]["arch"])
        self.assertIn("pope_trainer_paper_ids", views["views"]["form"]["arch"])

    def test_the_list_of_trainers_costs_the_same_for_ten_and_for_a_hundred(self):
        role = self.env.ref("pope_crm.role_trainer").ids
        people = self.env["res.partner"].create([{"name": f"Formateur {n}", "pope_role_ids": role} for n in range(100)])
        self.env["pope.trainer.paper"].create([{"partner_id": person.id, "kind": "cv"} for person in people])
        counts = []
        for lot in (people[:1], people[:10], people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lot.with_user(self.user_pope).web_read({"pope_trainer_gaps": {}, "pope_trainer_expiry": {}})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
