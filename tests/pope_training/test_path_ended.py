"""Who is asked for news once a path ended: the reason says, a training entered too, and nobody against their wish."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_path_training import PathTrainingCase

WAITING = ("planned", "to_approve", "queued")


@tagged("post_install", "-at_install")
class TestEndedPath(PathTrainingCase):
    def setUp(self):
        super().setUp()
        self.register(self.day, self.holders[0]).action_set_done()
        self.path = self.paths(self.holders[0])
        self.outcome = self.path.pope_path_outcome_ids[0]

    def reason(self, name):
        return self.env.ref(f"pope_training.lost_reason_path_{name}")

    def waiting(self):
        """The e-mails that ask, not gone yet."""
        return self.path.pope_path_outcome_ids.notification_ids.filtered(lambda row: row.state in WAITING)

    def test_who_is_reoriented_is_asked_and_who_gave_up_is_not(self):
        reasons = self.env["crm.lost.reason"].search([("pope_for_paths", "=", True)])
        asked = reasons.filtered("pope_ask_news")
        self.assertEqual(asked, self.reason("job") | self.reason("training"))
        self.path._pope_close(self.reason("job"))
        self.assertEqual(len(self.waiting()), 4)
        row = self.waiting().sorted("date_planned")[0]
        self.at(row.date_planned)
        row._dispatch()
        self.assertEqual(row.state, "queued")
        self.assertIn(f"/pope/parcours/{self.outcome.access_token}", row.body)

    def test_the_answer_of_who_is_reoriented_counts(self):
        self.path._pope_close(self.reason("training"))
        self.outcome._answer({"situation": "job"})
        report = self.env["pope.path.report"].search([("lead_id", "=", self.path.id)])
        self.assertEqual(report.date_job_6, self.outcome.date_due)

    def test_the_team_chooses_who_is_asked(self):
        self.reason("personal").with_user(self.user_manager).pope_ask_news = True
        self.reason("job").with_user(self.user_manager).pope_ask_news = False
        self.path._pope_close(self.reason("personal"))
        self.assertEqual(len(self.waiting()), 4)
        self.path.action_unarchive()
        self.path._pope_close(self.reason("job"))
        self.assertFalse(self.waiting())

    def test_who_entered_a_training_is_asked_whatever_the_reason(self):
        self.path._pope_close(self.reason("personal"))
        self.assertFalse(self.waiting())
        self.train(self.path, date_entered=self.today())
        self.assertEqual(len(self.waiting()), 4)

    def test_nobody_is_asked_against_their_wish(self):
        values = {"lead_ids": self.path.ids, "outcome": "reoriented", "lost_reason_id": self.reason("job").id}
        self.env["pope.project.close"].with_user(self.user_pope).create({**values, "no_news": True}).action_close()
        self.assertTrue(self.path.pope_path_no_news)
        self.assertFalse(self.waiting())
        self.path.with_user(self.user_pope).pope_path_no_news = False
        self.assertEqual(len(self.waiting()), 4)
        self.path.with_user(self.user_pope).pope_path_no_news = True
        self.assertFalse(self.waiting())

    def test_the_list_of_late_news_shows_who_is_asked(self):
        view = self.env.ref("pope_training.pope_path_outcome_view_search").get_combined_arch()
        domain = etree.fromstring(view).xpath("//filter[@name='late']")[0].get("domain")
        self.outcome.lead_id.pope_path_attended_date = "2025-08-01"

        def late():
            found = self.env["pope.path.outcome"].with_user(self.user_pope).search(safe_eval(domain))
            self.assertEqual(self.outcome.is_awaited, self.outcome in found)
            return self.outcome in found

        self.assertTrue(late())
        self.path._pope_close(self.reason("personal"))
        self.assertFalse(late())
        self.train(self.path, date_entered=self.today())
        self.assertTrue(late())
        self.path.pope_path_no_news = True
        self.assertFalse(late())

    def test_a_path_taken_up_again_is_asked_again_once(self):
        self.path._pope_close(self.reason("personal"))
        self.path.action_unarchive()
        self.assertEqual(len(self.waiting()), 4)

    def test_of_somebody_forgotten_nothing_is_asked(self):
        self.path._pope_close(self.reason("job"))
        self.path.partner_id._pope_anonymise()
        self.assertFalse(self.waiting())
        self.path._pope_replan_news()
        self.assertFalse(self.waiting())

    def test_reasons_of_projects_and_of_sales_ask_nothing(self):
        others = self.env["crm.lost.reason"].with_context(active_test=False).search([("pope_for_paths", "=", False)])
        self.assertFalse(others.filtered("pope_ask_news"))
