"""Career paths: the same engine as projects, and as closed towards sales."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import MeetingCase


class PathCase(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path_team = cls.env.ref("pope_training.team_paths")
        cls.path_stages = cls.env["crm.stage"].search([("team_ids", "in", cls.path_team.ids)])

    def setUp(self):
        super().setUp()
        self.day = self.create_event("discovery_day", days=-1, name="Découvrir les métiers")

    def paths(self, *people):
        domain = [("type", "=", "path")]
        if people:
            domain.append(("partner_id", "in", [person.id for person in people]))
        return self.env["crm.lead"].with_context(active_test=False).search(domain, order="id")

    @classmethod
    def create_path(cls, person, **values):
        return cls.env["crm.lead"].create(
            {"type": "path", "partner_id": person.id, "user_id": cls.user_pope.id, **values}
        )


@tagged("post_install", "-at_install")
class TestPathClosings(PathCase):
    """Each way from sales or projects into paths, and back, is closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._new_user("path_seller", "sales_team.group_sale_salesman_all_leads")
        cls.sales = cls.env["crm.team"].create(
            {
                "name": "Ventes 93",
                "use_leads": True,
                "company_id": cls.company.id,
                "member_ids": [Command.set(cls.seller.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.person = self.holders[0]
        self.path = self.create_path(self.person)
        self.project = self.create_project(partner_id=self.person.id)
        self.stock = self.opportunity("Affaire", partner_id=self.person.id)

    def opportunity(self, name, **values):
        return self.env["crm.lead"].create(
            {"name": name, "type": "opportunity", "team_id": self.sales.id, "user_id": self.seller.id, **values}
        )

    def test_a_path_starts_in_its_own_team_and_first_stage_and_holds_no_place(self):
        self.assertEqual((self.path.team_id, self.path.stage_id), (self.path_team, self.path_stages[0]))
        self.assertEqual(self.path.name, self.person.name)
        self.assertFalse(self.path.pope_member_ids)

    def test_team_computed_from_the_person_in_charge(self):
        self.path_team.user_id = self.user_pope
        for user in (self.seller, self.user_pope):
            self.path.user_id = user
            self.assertEqual(self.path.team_id, self.path_team)
        for team in (self.sales, self.team):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.path.team_id = team
        for lead in (self.stock, self.project):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                lead.team_id = self.path_team

    def test_the_first_won_stage_stays_that_of_sales(self):
        """Odoo's own tests, and code of others, take the first stage that is won."""
        self.assertFalse(self.env["crm.stage"].search([("is_won", "=", True)], limit=1).pope_is_own)

    def test_stages_of_the_other_pipelines_are_refused(self):
        for stage in (self.env.ref("crm.stage_lead1"), self.stage_meeting):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.path.stage_id = stage
        for lead in (self.stock, self.project):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                lead.stage_id = self.path_stages[1]
        board = self.env["crm.lead"].with_context(default_type="path", read_group_expand=True)
        groups = board.web_read_group([("type", "=", "path")], ["stage_id"], ["__count"])["groups"]
        self.assertEqual([group["stage_id"][0] for group in groups], self.path_stages.ids)

    def test_a_path_becomes_neither_an_opportunity_nor_a_project_by_its_type(self):
        for kind in ("opportunity", "project"):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.path.type = kind

    def test_duplicates_are_looked_for_among_paths_only(self):
        self.assertFalse(self.path.duplicate_lead_ids & (self.stock | self.project))
        for lead in (self.stock, self.project):
            self.assertNotIn(self.path, lead.duplicate_lead_ids)
            self.assertNotIn(self.path, lead._get_lead_duplicates(email=self.person.email))

    def test_paths_merge_with_paths_only_and_the_days_follow(self):
        for other in (self.stock, self.project):
            with self.assertRaises(UserError), self.cr.savepoint():
                (self.path | other).merge_opportunity()
        twin = self.create_path(self.holders[1])
        registration = self.register(self.day, self.holders[1])
        registration.action_set_done()
        kept = (self.path | twin).merge_opportunity()
        self.assertEqual((kept.type, kept.team_id), ("path", self.path_team))
        self.assertEqual(self.enrolments(registration).path_id, kept)

    def test_won_and_lost(self):
        self.env.ref("crm.stage_lead4").sequence = self.path.stage_id.sequence + 1
        (self.path | self.stock).action_set_won()
        self.assertEqual(self.path.stage_id, self.env.ref("pope_training.stage_path_done"))
        self.assertFalse(self.path.pope_followup_ids, "follow-ups are for places")
        self.assertEqual(self.stock.stage_id, self.env.ref("crm.stage_lead4"))
        other = self.create_path(self.holders[1])
        other._pope_close(self.env.ref("pope_training.lost_reason_path_training"))
        self.assertEqual((other.won_status, other.pope_outcome), ("lost", "reoriented_training"))

    def test_predictive_scoring_learns_nothing_from_paths(self):
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2026-01-01")
        Lead = self.env["crm.lead"].with_user(self.env.ref("base.user_admin"))

        def frequencies():
            rows = self.env["crm.lead.scoring.frequency"].search([])
            return {(row.team_id.id, row.variable, row.value): (row.won_count, row.lost_count) for row in rows}

        self.opportunity("Gagnée").action_set_won()
        Lead._cron_update_automated_probabilities()
        known = frequencies()
        self.create_path(self.holders[1]).with_user(self.user_pope).action_set_won()
        self.create_path(self.holders[2]).with_user(self.user_pope).action_set_lost()
        self.assertEqual(frequencies(), known)
        Lead._cron_update_automated_probabilities()
        self.assertEqual(frequencies(), known)
        self.assertEqual(self.path.probability, 50)

    def test_assignment_gives_no_path_away(self):
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        self.path_team.write(
            {"assignment_optout": False, "use_opportunities": True, "member_ids": [Command.set(self.seller.ids)]}
        )
        alone = self.create_path(self.holders[1], user_id=False)
        others = self.env["crm.team"].search([]) - self.sales - self.path_team
        others.assignment_optout = True
        self.env["crm.team"]._cron_assign_leads(force_quota=True)
        self.assertFalse(alone.user_id)
        self.assertEqual(alone.team_id, self.path_team)

    def test_who_sells_sees_no_path(self):
        Lead = self.env["crm.lead"].with_user(self.seller)
        self.assertFalse(Lead.search([("type", "=", "path")]))
        self.assertEqual(self.person.with_user(self.seller).opportunity_count, 1)
        self.assertEqual(
            self.env["crm.lead"].with_user(self.user_pope).search([("type", "=", "path")]) & self.path, self.path
        )

    def test_e_mails_of_projects_are_not_sent_for_paths(self):
        rules = self.env["pope.notification.rule"].search([("source", "=", "project")])
        lost = self.create_path(self.holders[1])
        lost._pope_close(self.env.ref("pope_training.lost_reason_path_no_news"))
        lost.action_restore()
        rows = self.env["pope.notification"].search([("lead_id", "in", (self.path | lost).ids)])
        self.assertFalse(rows.rule_id & rules)

    def test_a_person_has_one_open_path(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.create_path(self.person)
        self.path._pope_close(self.env.ref("pope_training.lost_reason_path_no_news"))
        self.create_path(self.person)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.path.action_restore()

    def test_the_clock_of_the_top_bar_counts_paths_apart(self):
        self.path.activity_schedule("mail.mail_activity_data_call", user_id=self.user_pope.id)
        groups = self.env["res.users"].with_user(self.user_pope)._get_activity_groups()
        mine = [group for group in groups if group.get("pope_action") == "pope_training.crm_lead_action_path"]
        self.assertEqual([group["today_count"] for group in mine], [1])


@tagged("post_install", "-at_install")
class TestPath(PathCase):
    def test_attendance_moves_the_path_and_plans_its_e_mail_once(self):
        registration = self.register(self.day, self.holders[0])
        path = self.paths(self.holders[0])
        self.assertEqual((path.stage_id, len(path)), (self.path_stages[0], 1))
        registration.with_user(self.user_pope).pope_is_present = True
        self.assertEqual(path.stage_id, self.env.ref("pope_training.stage_path_attended"))
        self.assertEqual(str(path.pope_path_attended_date), "2026-03-09")
        rows = path.pope_notification_ids.filtered(lambda row: row.rule_id.trigger == "entry")
        self.assertEqual([(row.partner_id, row.state) for row in rows], [(self.holders[0], "planned")])

    def test_a_second_day_makes_no_second_path(self):
        other = self.create_event("discovery_day", days=-3)
        for event in (self.day, other):
            self.register(event, self.holders[0]).action_set_done()
        path = self.paths(self.holders[0])
        self.assertEqual(len(path), 1)
        self.assertEqual(str(path.pope_path_attended_date), "2026-03-07")
        self.assertEqual(self.enrolments(self.day | other).path_id, path)

    def test_a_path_further_on_stays_where_it_is(self):
        path = self.create_path(self.holders[0], stage_id=self.path_stages[3].id)
        self.register(self.day, self.holders[0]).action_set_done()
        self.assertEqual(path.stage_id, self.path_stages[3])
        self.assertTrue(path.pope_path_positioned_date)

    def test_after_an_abandoned_path_a_new_one_opens(self):
        path = self.create_path(self.holders[0])
        path._pope_close(self.env.ref("pope_training.lost_reason_path_no_news"))
        self.register(self.day, self.holders[0]).action_set_done()
        self.assertEqual(len(self.paths(self.holders[0])), 2)

    def test_what_was_ticked_by_mistake_is_taken_back(self):
        registration = self.register(self.day, self.holders[0])
        registration.pope_is_present = True
        registration.pope_is_present = False
        path = self.paths(self.holders[0])
        self.assertFalse(path.pope_path_attended_date)
        self.assertEqual(path.stage_id, self.path_stages[0])

    def test_signed_attendance_moves_paths_when_the_half_day_is_closed(self):
        registration = self.register(self.day, self.holders[0])
        slot = self.day._pope_ready_to_sign()
        slot.attendance_ids.with_user(self.user_pope).action_present()
        slot._close("window")
        self.assertEqual(registration.state, "done")
        self.assertTrue(self.paths(self.holders[0]).pope_path_attended_date)

    def test_a_discovery_day_is_off_the_training_and_financial_return(self):
        bpf = self.env["pope.bpf"].create({"date_from": "2026-01-01", "date_to": "2026-12-31"})
        before = bpf._read_people(), bpf._read_trainers()
        self.register(self.day, self.holders[0])
        slot = self.day._pope_ready_to_sign()
        slot.trainer_id = self.holders[1]
        slot.attendance_ids.with_user(self.user_pope).action_present()
        slot._close("window")
        self.assertTrue(slot.attendance_ids.minutes_attended)
        self.assertEqual((bpf._read_people(), bpf._read_trainers()), before)

    def test_two_persons_with_one_mailbox_stay_two(self):
        mail = "famille.traore@example.org"
        self.register(self.day, ("Aminata Traoré", mail))
        self.register(self.day, ("Fatou Traoré", mail), ("Traoré Aminata", mail))
        people = self.enrolments(self.day).partner_id
        self.assertEqual(set(people.mapped("name")), {"Aminata Traoré", "Fatou Traoré"})
        self.assertEqual(self.paths(*people).partner_id, people)

    def test_a_person_holds_a_project_and_a_path(self):
        project = self.create_project()
        self.register(self.day, self.holders[0]).action_set_done()
        self.assertEqual(self.enrolments(self.day).partner_id, self.holders[0])
        self.assertEqual(self.paths(self.holders[0]).partner_id, project.pope_holder_ids)
        self.assertEqual(self.holders[0].pope_path_count, 1)

    def test_a_path_that_becomes_a_project_ends_there(self):
        path = self.create_path(self.holders[0], pope_town_id=self.town.id).with_user(self.user_pope)
        path.action_pope_path_project()
        project = path.pope_path_project_id
        self.assertEqual(
            (project.type, project.pope_holder_ids, project.pope_town_id), ("project", self.holders[0], self.town)
        )
        self.assertEqual((path.won_status, path.pope_outcome), ("lost", "reoriented_other"))
        other = self.create_path(self.holders[0])
        other.action_pope_path_project()
        self.assertEqual(other.pope_path_project_id, project, "the one that they carry already")

    def test_the_list_of_a_prescriber_is_seen_before_it_is_done(self):
        house = self.env["res.partner"].create({"name": "Maison de l'emploi", "is_company": True})
        self.register(self.day, self.holders[0])
        lines = ["Awa Diallo; awa.diallo@example.org", *["Lina Sy; lina@example.org"] * 2, "Mina Sy; lina@example.org"]
        wizard = (
            self.env["pope.training.enrol.list"]
            .with_user(self.user_pope)
            .create({"event_id": self.day.id, "text": "\n".join(lines), "prescriber_id": house.id})
        )
        self.assertEqual(wizard.line_ids.mapped("status"), ["already", "new", "already", "new"])
        before = len(self.paths())
        self.assertEqual(len(self.day.registration_ids), 1)
        wizard.action_enrol()
        self.assertEqual(len(self.day.registration_ids), 3)
        new = self.paths()[before:]
        self.assertEqual(set(new.mapped("name")), {"Lina Sy", "Mina Sy"})
        self.assertEqual(new.pope_path_prescriber_id, house)

    def test_ends_for_paths_have_their_own_reasons(self):
        path = self.create_path(self.holders[0])
        wizard = self.env["pope.project.close"].create(
            {"lead_ids": path.ids, "lost_reason_id": self.env.ref("pope_training.lost_reason_path_no_news").id}
        )
        self.assertTrue(wizard.for_paths)
        project = self.create_project()
        wizard = wizard.create(
            {"lead_ids": project.ids, "lost_reason_id": self.env.ref("pope_crm.lost_reason_rent").id}
        )
        self.assertFalse(wizard.for_paths)

    def test_attendance_costs_the_same_per_person_for_few_and_for_many(self):
        def queries(count):
            event = self.create_event("discovery_day", days=-1)
            names = [(f"Personne {count} {n}", f"p{n}.{count}@example.org") for n in range(count)]
            registrations = self.register(event, *names)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            registrations.action_set_done()
            self.env.flush_all()
            return (self.env.cr.sql_log_count - start) / count

        queries(5)
        few, many = queries(10), queries(60)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 6)
