"""What follows a discovery day: trainings, diplomas, news after some months, employers."""

from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_path import PathCase


class PathTrainingCase(PathCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cap = cls.env.ref("pope_training.qualification_cap_aepe")

    def train(self, path, **values):
        return self.env["pope.path.training"].create({"lead_id": path.id, "qualification_id": self.cap.id, **values})


@tagged("post_install", "-at_install")
class TestQualifyingTraining(PathTrainingCase):
    def test_who_enters_a_training_and_has_its_diploma_moves_on(self):
        path = self.create_path(self.holders[0])
        row = self.train(path)
        self.assertEqual((row.state, path.stage_id), ("targeted", self.path_stages[0]))
        row.date_applied = "2026-03-01"
        self.assertEqual(row.state, "applied")
        row.date_entered = "2026-03-09"
        self.assertEqual((row.state, path.stage_id.pope_path_step), ("entered", "training"))
        row.write({"result": "obtained", "date_result": "2026-03-10"})
        self.assertEqual((row.state, path.stage_id.pope_path_step), ("over", "done"))

    def test_an_entry_to_come_moves_nobody_yet(self):
        path = self.create_path(self.holders[0])
        self.train(path, date_entered="2026-09-01")
        self.assertEqual(path.stage_id, self.path_stages[0])

    def test_dates_that_cannot_be_right_are_refused(self):
        path = self.create_path(self.holders[0])
        wrong = (
            {"date_entered": "2026-03-05", "date_result": "2026-03-01", "result": "failed"},
            {"result": "obtained"},
            {"date_result": "2026-03-01"},
            {"date_applied": "2026-05-01"},
        )
        for values in wrong:
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.train(path, **values)


@tagged("post_install", "-at_install")
class TestDiploma(PathTrainingCase):
    def diploma(self, **values):
        return self.env["pope.diploma"].create(
            {"partner_id": self.holders[0].id, "name": "Licence de psychologie", **values}
        )

    def test_the_profile_tells_the_highest_diploma_and_foreign_ones(self):
        person = self.holders[0]
        self.diploma(level="6", country_id=self.env.ref("base.dz").id)
        self.assertEqual((person.pope_diploma_level, person.pope_has_foreign_diploma), ("6", True))
        self.diploma(level="3")
        self.assertEqual(person.pope_diploma_level, "6")

    def test_a_skill_without_a_diploma_changes_no_profile(self):
        self.diploma(kind="skill", name="Dix ans de garde d'enfants", country_id=self.env.ref("base.dz").id)
        self.assertFalse(self.holders[0].pope_has_foreign_diploma)

    def test_the_level_recognised_counts(self):
        row = self.diploma(
            level="6", country_id=self.env.ref("base.dz").id, recognition="asked", date_asked="2026-01-10"
        )
        row.write({"recognition": "given", "date_answer": "2026-03-01", "level_recognised": "7"})
        self.assertEqual(self.holders[0].pope_diploma_level, "7")

    def test_who_notes_the_proof_has_seen_it(self):
        row = self.diploma().with_user(self.user_pope)
        row.date_seen = date(2026, 3, 10)
        self.assertEqual((row.date_seen, row.user_seen_id), (date(2026, 3, 10), self.user_pope))

    def test_what_cannot_be_right_is_refused(self):
        wrong = (
            {"year": 2050},
            {"cost": -1},
            {"recognition": "given"},
            {"date_asked": "2026-02-01", "date_answer": "2026-01-01"},
        )
        for values in wrong:
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.diploma(**values)

    def test_of_who_is_anonymised_level_and_country_stay(self):
        row = self.diploma(level="6", country_id=self.env.ref("base.dz").id)
        path = self.create_path(self.holders[0], pope_path_attended_date="2026-01-10")
        path.pope_path_outcome_ids[0].write({"situation": "job", "employer": "Crèche Awa Diallo"})
        self.train(path, note="Awa Diallo a un contrat")
        self.holders[0].with_user(self.user_manager).action_pope_anonymise()
        self.assertEqual((row.level, row.country_id.code), ("6", "DZ"))
        self.assertNotIn("psychologie", row.name)
        self.assertFalse(path.pope_path_outcome_ids[0].employer)
        self.assertNotIn("Diallo", path.pope_path_training_ids.note)
        self.assertNotIn("Diallo", path.name)


@tagged("post_install", "-at_install")
class TestOutcome(PathTrainingCase):
    def setUp(self):
        super().setUp()
        self.register(self.day, self.holders[0]).action_set_done()
        self.path = self.paths(self.holders[0])
        self.outcome = self.path.pope_path_outcome_ids[0]

    def test_who_came_is_asked_at_six_and_twelve_months(self):
        outcomes = self.path.pope_path_outcome_ids
        self.assertEqual(outcomes.mapped("months"), [6, 12])
        self.assertEqual(outcomes.mapped("date_due"), [date(2026, 9, 9), date(2027, 3, 9)])
        rows = outcomes.notification_ids
        self.assertEqual(len(rows), 4)
        self.assertEqual(set(rows.mapped("state")), {"planned"})
        self.assertEqual(rows.partner_id, self.holders[0])

    def test_who_only_registered_is_not_asked(self):
        self.register(self.create_event("discovery_day", days=3), self.holders[1])
        self.assertFalse(self.paths(self.holders[1]).pope_path_outcome_ids)

    def test_the_mail_has_the_link_and_goes_away_once_answered(self):
        row = self.outcome.notification_ids.sorted("date_planned")[0]
        self.at(row.date_planned)
        row._dispatch()
        self.assertEqual(row.state, "queued")
        self.assertIn(f"/pope/parcours/{self.outcome.access_token}", row.body)
        self.outcome._answer({"situation": "job", "contract": "permanent", "wants_call": "1"})
        self.assertEqual((self.outcome.state, self.outcome.contract), ("answered", "permanent"))
        reminder = self.outcome.notification_ids - row
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(len(self.path.activity_ids), 1)

    def test_what_the_team_noted_is_not_changed_by_a_link(self):
        self.outcome.write({"situation": "training", "comment": "Au téléphone"})
        self.outcome.action_mark_answered()
        with self.assertRaises(ValidationError):
            self.outcome._answer({"situation": "job"})
        self.assertEqual((self.outcome.situation, self.outcome.comment), ("training", "Au téléphone"))

    def test_a_correction_does_not_make_the_news_younger(self):
        self.outcome._answer({"situation": "job"})
        day = self.outcome.date_answer
        self.at(self.now + timedelta(days=3))
        self.outcome._answer({"situation": "training"})
        self.assertEqual((self.outcome.situation, self.outcome.date_answer), ("training", day))

    def test_a_day_that_was_earlier_moves_what_is_asked(self):
        self.register(self.create_event("discovery_day", days=-31), self.holders[0]).action_set_done()
        self.assertEqual(self.outcome.date_due, date(2026, 8, 7))
        planned = self.outcome.notification_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual(len(planned), 2)

    def test_what_is_no_answer_is_told(self):
        with self.assertRaises(ValidationError):
            self.outcome._answer({"situation": "rich"})
        with self.assertRaises(UserError):
            self.outcome.action_mark_answered()

    def test_a_link_too_old_unknown_or_of_somebody_forgotten_opens_nothing(self):
        Outcome = self.env["pope.path.outcome"].with_user(self.env.ref("base.public_user"))
        token = self.outcome.access_token
        self.assertEqual(Outcome._find_by_token(token), self.outcome)
        for wrong in ("", "x", "é" * 20, token[:-1]):
            self.assertFalse(Outcome._find_by_token(wrong))
        self.at(self.now.replace(year=2027, month=2))
        self.assertFalse(Outcome._find_by_token(token))

    def test_an_abandoned_path_is_asked_nothing(self):
        self.path._pope_close(self.env.ref("pope_training.lost_reason_path_no_news"))
        self.assertEqual(set(self.outcome.notification_ids.mapped("state")), {"cancelled"})

    def test_by_hand_the_link_leaves_at_once(self):
        self.outcome.with_user(self.user_pope).action_send_now()
        self.assertEqual(len(self.outcome.notification_ids.filtered("is_manual")), 1)

    def test_merged_paths_keep_what_was_answered(self):
        twin = self.create_path(self.holders[1], pope_path_attended_date="2026-03-01")
        twin.pope_path_outcome_ids[0]._answer({"situation": "training"})
        kept = (self.path | twin).merge_opportunity()
        self.assertEqual(kept.pope_path_outcome_ids.mapped("months"), [6, 12])
        self.assertEqual(kept.pope_path_outcome_ids[0].situation, "training")


@tagged("post_install", "-at_install")
class TestHost(PathTrainingCase):
    def setUp(self):
        super().setUp()
        self.env["pope.host.offer"].search([]).active = False  # of the demo
        self.other_town = self.env["pope.town"].search([("id", "!=", self.town.id)], limit=1)
        self.path = self.create_path(self.holders[0], pope_town_id=self.town.id)
        self.house = self.env["res.partner"].create(
            {"name": "Micro-crèche Les Lucioles", "is_company": True, "pope_town_id": self.town.id}
        )
        self.wish = self.env["pope.host.wish"].create({"lead_id": self.path.id})

    def offer(self, **values):
        return self.env["pope.host.offer"].create({"name": "Deux semaines", "partner_id": self.house.id, **values})

    def matches(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["pope.host.match"].with_user(self.user_pope).search([("lead_id", "=", self.path.id)])

    def test_the_same_town_and_kind_meet(self):
        offer = self.offer()
        self.assertEqual((offer.town_id, self.wish.town_id), (self.town, self.town))
        self.assertEqual(self.matches().offer_id, offer)
        offer.town_id = self.other_town
        self.assertFalse(self.matches())
        self.wish.town_id = False
        self.assertTrue(self.matches(), "anywhere")
        offer.kind = "job"
        self.assertFalse(self.matches())

    def test_the_level_asked_is_had(self):
        self.offer(level="3")
        self.assertFalse(self.matches())
        self.holders[0].pope_diploma_level = "undisclosed"
        self.assertFalse(self.matches())
        self.holders[0].pope_diploma_level = "4"
        self.assertTrue(self.matches())

    def test_a_place_taken_is_offered_no_more(self):
        offer = self.offer()
        self.matches().action_place()
        self.assertEqual(self.wish.offer_id, offer)
        second = self.create_path(self.holders[1], pope_town_id=self.town.id)
        self.env["pope.host.wish"].create({"lead_id": second.id})
        self.assertFalse(self.env["pope.host.match"].search([("lead_id", "=", second.id)]))

    def test_what_is_over_meets_nobody(self):
        offer = self.offer(date_until=self.today())
        # the database's own day
        offer.date_until = "2020-01-01"
        self.assertFalse(self.matches())
        offer.date_until = False
        self.path._pope_close(self.env.ref("pope_training.lost_reason_path_job"))
        self.assertFalse(self.matches())
