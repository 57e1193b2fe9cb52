"""From an award to the sessions and days that it paid for, to hours and persons, and back."""

from odoo.tests import tagged

from .test_path import PathCase


@tagged("post_install", "-at_install")
class TestFundingThread(PathCase):
    def setUp(self):
        super().setUp()
        self.funding = self.env["pope.funding"].create({"partner_id": self.holders[1].id, "state": "awarded"})
        self.session = self.create_event("training", days=-5)
        for event in (self.day, self.session):
            self.register(event, self.holders[0]).action_set_done()
        self.register(self.day, self.holders[2])
        self.day.pope_funding_ids = self.funding
        scheme = self.env["pope.training.scheme"].search([], limit=1)
        self.env["pope.training.financing"].create(
            {"enrolment_id": self.enrolments(self.session).id, "scheme_id": scheme.id, "funding_id": self.funding.id}
        )

    def test_from_the_award_to_days_sessions_hours_and_persons(self):
        slot = self.day._pope_ready_to_sign()
        slot.attendance_ids.filtered(lambda row: row.partner_id == self.holders[0]).action_present()
        funding = self.funding.with_user(self.user_pope)
        self.assertEqual(funding.pope_event_count, 2)
        action = funding.action_pope_events()
        events = self.env["event.event"].with_user(self.user_pope).search(action["domain"])
        self.assertEqual(events, self.day | self.session)
        day = events & self.day
        self.assertEqual((day.pope_present_count, day.pope_hours_given), (1, slot.hours))
        people = self.env["pope.training.enrolment"].with_user(self.user_pope)
        found = people.search(funding.action_pope_persons()["domain"])
        self.assertEqual(found.partner_id, self.holders[0], "who was awaited and did not come is not counted")

    def test_and_back_from_a_day_or_a_session_to_its_awards(self):
        for event in (self.day, self.session):
            action = event.with_user(self.user_pope).action_pope_fundings()
            self.assertEqual(self.env["pope.funding"].search(action["domain"]), self.funding)

    def test_an_award_that_pays_nothing_shows_nothing(self):
        other = self.env["pope.funding"].create({"partner_id": self.holders[1].id, "state": "awarded"})
        self.assertEqual((self.funding | other).mapped("pope_event_count"), [2, 0])
