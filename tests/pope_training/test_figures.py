from datetime import date

from odoo.tests import tagged

from ..common import PopeCase
from .common import MeetingCase


@tagged("post_install", "-at_install")
class TestTrainingFigures(MeetingCase):
    """Meetings and trainings are acts of those who came."""

    def acts(self, *people):
        self.env.flush_all()
        return self.env["pope.accompaniment"].search([("partner_id", "in", [person.id for person in people])])

    def test_who_came_to_a_meeting_or_a_training_was_accompanied(self):
        awa, nadia, chloe = self.holders
        meeting = self.create_event("information_meeting", days=-20)
        training = self.create_event("training", days=-10)
        discovery = self.create_event("discovery_day", days=-5)
        self.register(meeting, awa, state="done")
        self.register(meeting, nadia)
        self.register(training, awa, state="done")
        self.register(discovery, chloe, state="done")
        acts = self.acts(*self.holders)
        self.assertEqual(acts.partner_id, awa, "registered is not present, and a discovery day is no accompaniment")
        self.assertEqual(sorted(acts.mapped("kind")), ["meeting", "training"])
        self.assertEqual(set(acts.mapped("first_date")), {date(2026, 2, 18)})
        self.assertEqual(acts.company_id, self.company)
        self.env["event.registration"].search([("event_id", "=", training.id)]).action_cancel()
        self.assertEqual(self.acts(awa).mapped("kind"), ["meeting"])

    def test_a_holder_who_was_absent_did_not_come_with_the_project(self):
        project = self.create_project(holders=self.holders[:2])
        project.pope_member_ids.date_entry = date(2026, 1, 5)
        meeting = self.create_event("information_meeting", days=-20)
        self.register(meeting, *self.holders[:2])
        self.assertEqual(self.env["pope.training.enrolment"].search([("event_id", "=", meeting.id)]).lead_id, project)
        self.env["event.registration"].search([("event_id", "=", meeting.id)], limit=1, order="id").action_set_done()
        project.write({"pope_meeting_attended": True, "pope_meeting_date": meeting.date_begin})
        acts = self.acts(*self.holders)
        self.assertEqual(acts.filtered(lambda act: act.kind == "meeting").partner_id, self.holders[0])
        self.assertEqual(len(set(acts.ids)), len(acts), "each act has its own number")


@tagged("post_install", "-at_install")
class TestDemoFigures(PopeCase):
    def test_the_demo_gives_the_public_figures_of_the_pole(self):
        if not self.env.ref("pope_crm.demo_opening_figure_accompanied", raise_if_not_found=False):
            self.skipTest("no demo data")
        groups = self.env["pope.figures"].with_user(self.user_pope).get_page()["groups"]
        page = {figure["code"]: figure for group in groups for figure in group["figures"]}
        self.assertEqual(page["people_since"]["value"], 250)
        since = [row["cells"][1]["value"] for row in page["openings"]["rows"]]
        self.assertEqual(since, [15, 2, 1, 1])
        self.assertEqual((page["employees"]["value"], page["volunteers"]["value"]), (2, 12))
        self.assertEqual(page["participants"]["value"], 280)
