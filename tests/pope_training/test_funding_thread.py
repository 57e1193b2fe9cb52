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

    def test_and_from_there_to_the_summaries_that_count_it(self):
        self.funding.write({"date_filed": "2026-02-01", "date_decision": "2026-02-20"})
        Summary = self.env["pope.financial.summary"]
        period = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        this_year = Summary.create({"kind": "caf", **period})
        last_year = Summary.create({"kind": "caf", "date_from": "2025-01-01", "date_to": "2025-12-31"})
        report = Summary.create({"kind": "cerfa_15059", "funding_id": self.funding.id, **period})
        self.assertIn(self.funding.id, [grant["funding_id"] for grant in this_year._grants()])
        for record in (self.funding, self.day, self.session):
            user = record.with_user(self.user_pope)
            action = user.action_summaries() if record == self.funding else user.action_pope_summaries()
            found = Summary.with_user(self.user_pope).search(action["domain"])
            self.assertEqual(found & (this_year | last_year | report), this_year | report)
            self.assertFalse(found.filtered(lambda summary: summary.date_to < self.today().replace(month=1, day=1)))

    def test_a_frozen_summary_counts_what_it_was_frozen_with(self):
        self.funding.write({"date_decision": "2026-02-20", "amount_awarded": 5000})
        period = {"date_from": "2026-01-01", "date_to": "2026-12-31", "date_as_of": "2026-03-09"}
        summary, draft = self.env["pope.financial.summary"].create([{"kind": "france_active", **period}] * 2)
        self.assertLessEqual({summary.id, draft.id}, {*self.funding.action_summaries()["domain"][0][2]})
        summary.action_freeze()
        self.funding.date_decision = "2026-04-01"
        told = self.funding.action_summaries()["domain"][0][2]
        self.assertEqual([summary.id in told, draft.id in told], [True, False])

    def test_a_grant_line_leads_to_its_award(self):
        self.funding.date_decision = "2026-02-20"
        summary = self.env["pope.financial.summary"].create(
            {"kind": "caf", "date_from": "2026-01-01", "date_to": "2026-12-31"}
        )
        self.assertIn(f'href="/odoo/financements/{self.funding.id}"', summary.activity_html)

    def test_an_award_that_pays_nothing_shows_nothing(self):
        other = self.env["pope.funding"].create({"partner_id": self.holders[1].id, "state": "awarded"})
        self.assertEqual((self.funding | other).mapped("pope_event_count"), [2, 0])
