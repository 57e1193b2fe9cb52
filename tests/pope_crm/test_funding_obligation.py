from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestFundingObligation(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forget_fundings()
        cls.funder = cls.env["res.partner"].create({"name": "Plaine Commune", "is_company": True})
        cls.company.write({"fiscalyear_last_day": 31, "fiscalyear_last_month": "12"})
        cls.scheme = cls.env["pope.funding.scheme"].create(
            {
                "name": "Contrat de Ville",
                "partner_id": cls.funder.id,
                "obligation_ids": [
                    Command.create({"name": "Compte rendu", "anchor": "year_end", "months": 6, "each_year": True})
                ],
            }
        )

    def award(self, scheme=None, **values):
        return self.env["pope.funding"].create(
            {
                "name": "Entrer dans les métiers",
                "partner_id": self.funder.id,
                "scheme_id": (scheme or self.scheme).id,
                "state": "awarded",
                "user_id": self.user_pope.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                **values,
            }
        )

    def due(self, funding, **values):
        return self.env["pope.funding.obligation"].create({"funding_id": funding.id, "name": "Bilan", **values})

    def reminders(self, record):
        return record.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref("pope_crm.activity_type_deadline")
        )

    # --- Born with their dates ---

    def test_the_financial_report_is_due_six_months_after_the_financial_year(self):
        funding = self.award()
        self.assertEqual(str(funding.obligation_ids.date_due), "2027-06-30")
        self.company.write({"fiscalyear_last_day": 31, "fiscalyear_last_month": "8"})
        # the action of 2026 ends in the year from September 2026 to August 2027
        self.assertEqual(str(funding.obligation_ids.date_due), "2028-02-29")
        school_year = self.award(date_from="2025-09-01", date_to="2026-08-31")
        self.assertEqual(str(school_year.obligation_ids.date_due), "2027-02-28")

    def test_obligations_are_born_when_the_file_is_awarded_and_once(self):
        funding = self.award(state="filed")
        self.assertFalse(funding.obligation_ids)
        funding.state = "awarded"
        self.assertEqual(len(funding.obligation_ids), 1)
        funding.state = "in_review"
        funding.state = "awarded"
        self.assertEqual(len(funding.obligation_ids), 1)
        self.assertEqual(funding.obligation_ids.user_id, self.user_pope)

    def test_an_action_over_several_years_reports_each_of_them(self):
        funding = self.award(date_from="2026-09-01", date_to="2028-08-31")
        self.assertEqual(
            [(row.name, str(row.date_due)) for row in funding.obligation_ids],
            [
                ("Compte rendu 2026", "2027-06-30"),
                ("Compte rendu 2027", "2028-06-30"),
                ("Compte rendu 2028", "2029-06-30"),
            ],
        )
        funding.date_to = "2029-03-31"
        self.assertEqual(len(funding.obligation_ids), 4, "a longer action has one more, and none twice")

    def test_each_anchor_gives_its_day_or_none_as_long_as_the_file_does_not_say_it(self):
        funding = self.award(date_agreement_to="2028-12-31")
        for values, expected in (
            ({"anchor": "action_end", "months": 3}, "2027-03-31"),
            ({"anchor": "action_end", "days": -15}, "2026-12-16"),
            ({"anchor": "agreement_end", "months": -6}, "2028-06-30"),
            ({"anchor": "fixed", "fixed_day": 31, "fixed_month": "3"}, "2027-03-31"),
            ({"anchor": "given", "date_due": "2026-05-04"}, "2026-05-04"),
        ):
            self.assertEqual(str(self.due(funding, **values).date_due), expected, values)
        evaluation = self.due(funding, anchor="agreement_end", months=-6)
        funding.date_agreement_to = False
        self.assertFalse(evaluation.date_due)
        self.assertIn("Bilan", funding.missing_note)
        funding.date_agreement_to = "2029-12-31"
        self.assertEqual(str(evaluation.date_due), "2029-06-30")

    def test_the_post_s_evaluation_comes_six_months_before_the_end(self):
        fonjep = self.award(self.env.ref("pope_crm.scheme_fonjep"), date_agreement_to="2028-12-31")
        evaluation = fonjep.obligation_ids.filtered(
            lambda row: row.scheme_obligation_id == self.env.ref("pope_crm.scheme_fonjep_due_evaluation")
        )
        self.assertEqual(str(evaluation.date_due), "2028-06-30")

    def test_what_is_due_with_the_next_application_follows_the_renewal(self):
        self.scheme.write({"window": "yearly", "date_closes": "2026-01-31"})
        funding = self.award(date_deadline="2026-01-31")
        past = self.due(funding, anchor="next_application")
        self.assertEqual(str(past.date_due), "2027-01-31")
        funding.action_renew()
        funding.renewal_ids.date_deadline = "2027-02-15"
        self.assertEqual(str(past.date_due), "2027-02-15")

    def test_a_date_is_written_by_hand_on_the_screen(self):
        funding = self.award()
        with Form(funding.obligation_ids.with_user(self.user_pope)) as form:
            form.anchor = "given"
            form.date_due = "2027-05-15"
        self.assertEqual(str(funding.obligation_ids.date_due), "2027-05-15")
        funding.date_to = "2027-12-31"
        first = funding.obligation_ids.filtered(lambda row: row.anchor == "given")
        self.assertEqual(str(first.date_due), "2027-05-15")

    # --- Reminders ---

    def test_activities_30_and_7_days_before_on_the_day_and_late_one_at_a_time(self):
        today = self.today()
        row = self.due(self.award(), anchor="given", date_due=today + timedelta(days=31))
        cron = self.env.ref("pope_crm.cron_funding_deadline")
        self.assertEqual((cron.code, cron.interval_type), ("model._cron_remind()", "days"))
        seen = []
        for days in (31, 30, 20, 7, 3, 0, -1, -9):
            row.date_due = today + timedelta(days=days)
            self.env[cron.model_id.model]._cron_remind()
            seen.append((days, row.reminded, len(self.reminders(row))))
        self.assertEqual(
            seen,
            [
                (31, False, 0),
                (30, "30", 1),
                (20, "30", 1),
                (7, "7", 1),
                (3, "7", 1),
                (0, "0", 1),
                (-1, "late", 1),
                (-9, "late", 1),
            ],
        )
        activity = self.reminders(row)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.user_pope, today))
        self.assertIn("En retard : Bilan", activity.summary)

    def test_done_by_a_person_it_comes_back_at_the_next_date_only(self):
        today = self.today()
        row = self.due(self.award(), anchor="given", date_due=today + timedelta(days=25))
        Deadline = self.env["pope.funding.deadline"]
        Deadline._cron_remind()
        self.reminders(row).action_done()
        Deadline._cron_remind()
        self.assertFalse(self.reminders(row))
        row.date_due = today + timedelta(days=6)
        Deadline._cron_remind()
        self.assertTrue(self.reminders(row))

    def test_what_is_sent_filed_or_given_up_reminds_no_more(self):
        today = self.today()
        funding = self.award()
        row = self.due(funding, anchor="given", date_due=today)
        other = self.due(funding, anchor="given", date_due=today)
        application = self.env["pope.funding"].create({"partner_id": self.funder.id, "date_deadline": today})
        self.env["pope.funding.deadline"]._cron_remind()
        self.assertTrue(self.reminders(row) and self.reminders(other) and self.reminders(application))
        row.with_user(self.user_pope).action_sent()
        self.assertEqual((row.state, row.date_sent), ("sent", today))
        self.assertFalse(self.reminders(row))
        row.with_user(self.user_pope).action_acknowledged()
        self.assertEqual(row.state, "acknowledged")
        application.with_user(self.user_pope).action_file()
        self.assertFalse(self.reminders(application))
        funding.state = "dropped"
        self.assertFalse(self.reminders(other))
        self.env["pope.funding.deadline"]._cron_remind()
        self.assertFalse(self.reminders(row | other) | self.reminders(application))

    def test_reminding_costs_the_same_for_10_and_100(self):
        funding, today = self.award(), self.today()

        def cost(count):
            rows = self.env["pope.funding.obligation"].create(
                [
                    {"funding_id": funding.id, "name": f"Bilan {number}", "anchor": "given", "date_due": today}
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["pope.funding.deadline"]._cron_remind()
            self.env.flush_all()
            spent = self.env.cr.sql_log_count - before
            self.assertEqual(len(self.reminders(rows)), count)
            rows.unlink()
            return spent

        cost(10)
        self.assertLessEqual(cost(100), cost(10) + 2)

    # --- All that is due, on one calendar ---

    def deadlines(self):
        return self.env["pope.funding.deadline"].with_user(self.user_pope).search([])

    def test_the_calendar_has_applications_and_reports_with_the_colours_of_the_house(self):
        today = self.today()
        funding = self.award(date_deadline=today - timedelta(days=90))
        for days in (-1, 5, 90):
            self.due(funding, anchor="given", date_due=today + timedelta(days=days), name=f"Bilan {days}")
        funding.obligation_ids.filtered(lambda row: row.name == "Bilan 90").state = "sent"
        funding.obligation_ids.filtered("scheme_obligation_id").unlink()
        self.env["pope.funding"].create(
            {"name": "À déposer", "partner_id": self.funder.id, "date_deadline": today + timedelta(days=50)}
        )
        self.assertEqual(
            {line.display_name: line.color for line in self.deadlines()},
            {
                "Bilan -1 – Entrer dans les métiers": 1,
                "Bilan 5 – Entrer dans les métiers": 3,
                "Application to file – À déposer": 4,
                "Bilan 90 – Entrer dans les métiers": 10,
                "Application to file – Entrer dans les métiers": 10,
            },
        )

    def test_a_dropped_or_refused_file_is_due_nothing(self):
        funding = self.award()
        self.assertTrue(self.deadlines())
        funding.state = "refused"
        self.assertFalse(self.deadlines())

    def test_done_from_the_calendar_is_done_on_the_record(self):
        application = self.env["pope.funding"].create({"partner_id": self.funder.id, "date_deadline": self.today()})
        funding = self.award()
        row = self.due(funding, anchor="given", date_due=self.today())
        lines = self.deadlines()
        for record in (application, row):
            line = lines.filtered(lambda line, record=record: (line.obligation_id or line.funding_id) == record)
            action = line.action_open()
            self.assertEqual((action["res_model"], action["res_id"]), (record._name, record.id))
        lines.filtered(lambda line: line.date == self.today()).action_done()
        self.assertEqual((application.state, row.state), ("filed", "sent"))
        self.assertEqual(funding.state, "awarded")

    def test_the_calendar_costs_the_same_for_10_and_100(self):
        funding, today = self.award(), self.today()
        self.env["pope.funding.obligation"].create(
            [
                {"funding_id": funding.id, "name": f"Bilan {number}", "anchor": "given", "date_due": today}
                for number in range(100)
            ]
        )

        def cost(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Deadline = self.env["pope.funding.deadline"].with_user(self.user_pope)
            found = Deadline.web_search_read([], {"name": {}, "display_name": {}, "date": {}}, limit=limit)
            self.assertEqual(len(found["records"]), limit)
            return self.env.cr.sql_log_count - before

        cost(100)
        self.assertEqual(cost(100), cost(10))

    def test_others_see_no_deadline(self):
        self.award()
        stranger = self._new_user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["pope.funding.deadline"].with_user(stranger).search([])

    def test_what_is_late_stands_on_the_home_page(self):
        self.env["mail.activity"].search([]).unlink()
        row = self.due(self.award(), anchor="given", date_due=self.today() - timedelta(days=2))
        self.due(row.funding_id, anchor="given", date_due=self.today() + timedelta(days=2))
        Todo = self.env["pope.todo"].with_user(self.user_pope)
        card = next(card for card in Todo.get_cards()["cards"] if card["model"] == "pope.funding.deadline")
        self.assertEqual((card["count"], card["color"], card["rows"][0]["title"]), (1, "danger", "Bilan"))
        line = self.env["pope.funding.deadline"].with_user(self.user_pope).browse(card["rows"][0]["id"])
        self.assertEqual(getattr(line, card["open_method"])()["res_id"], row.id)
        getattr(line, card["gesture"]["method"])()
        self.assertEqual(row.state, "sent")

    def test_the_year_s_report_of_a_file_awarded_late_is_of_the_year_of_its_action(self):
        funding = self.award(state="in_review", date_from="2025-01-01", date_to="2025-12-31")
        funding.state = "awarded"
        self.assertEqual(funding.obligation_ids.date_due, date(2026, 6, 30))
