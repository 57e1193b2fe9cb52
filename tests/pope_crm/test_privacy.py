"""What may be asked of a person, who reads it, what they agreed to, and what they did last."""

from datetime import date, datetime

from psycopg2.errors import NotNullViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..common import NotificationCase

PROFILE = (
    "pope_birth_name",
    "pope_gender",
    "pope_birth_date",
    "pope_birth_year",
    "pope_situation",
    "pope_diploma_level",
    "pope_has_foreign_diploma",
    "pope_french_level",
    "pope_prescriber_id",
    "pope_phone_ids",
    "pope_consent_ids",
    "pope_opposition_date",
    "pope_last_contact",
)


class PrivacyCase(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {
                "pope_first_name": "Solène",
                "pope_last_name": "Kervella",
                "email": "solene@example.org",
                "lang": "fr_FR",
                "pope_gender": "undisclosed",
                "pope_sensitive_ids": [Command.create({"date_consent": "2026-01-05", "disability": "yes"})],
            }
        )
        cls.sensitive = cls.person.pope_sensitive_ids


@tagged("post_install", "-at_install")
class TestProfile(PrivacyCase):
    def test_the_profile_is_read_by_our_group_only(self):
        employee = self._new_user("pope_employee", "base.group_user")
        self.assertFalse(set(PROFILE) & set(self.person.with_user(employee).fields_get()))
        self.assertEqual(set(PROFILE) - set(self.person.with_user(self.user_pope).fields_get()), set())
        for name in PROFILE:
            with self.assertRaises(AccessError, msg=name):
                self.person.with_user(employee).read([name])
            with self.assertRaises(AccessError, msg=name):
                self.env["res.partner"].with_user(employee).search([(name, "!=", False)])

    def test_everyone_may_keep_an_answer_to_themselves(self):
        for name in ("pope_gender", "pope_situation", "pope_diploma_level", "pope_french_level"):
            self.person[name] = "undisclosed"
        for name in ("disability", "minimum_income", "third_country", "housing_exclusion"):
            self.sensitive[name] = "undisclosed"
        self.assertNotIn("nationality", self.env["res.partner"]._fields)


@tagged("post_install", "-at_install")
class TestSensitive(PrivacyCase):
    def test_nothing_of_it_reaches_others_by_any_way(self):
        partners, path = self.env["res.partner"], "pope_sensitive_ids.disability"
        for user in (self.user_pope, self.user_manager, self._new_user("pope_employee", "base.group_user")):
            # the right to export at all is a group of its own, and no way round ours
            user.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
            Model = self.env["pope.person.sensitive"].with_user(user)
            people = partners.with_user(user)
            project = self.create_project(holders=self.person)
            ways = {
                "read": lambda user=user: self.sensitive.with_user(user).read(["disability"]),
                "search": lambda Model=Model: Model.search([]),
                "group": lambda Model=Model: Model.formatted_read_group([], ["disability"], ["__count"]),
                "export": lambda user=user: self.sensitive.with_user(user).export_data(["disability"]),
                "create": lambda Model=Model: Model.create({"partner_id": self.person.id}),
                "path": lambda people=people: people.search([(path, "=", "yes")]),
                "any": lambda people=people: people.search(
                    [("pope_sensitive_ids", "any", [("disability", "=", "yes")])]
                ),
                "parent": lambda people=people: people.search([(f"child_ids.{path}", "=", "yes")]),
                "count": lambda people=people: people.search_count([(path, "=", "yes")]),
                "order": lambda people=people: people.search([], order="pope_sensitive_ids"),
                "by": lambda people=people: people.formatted_read_group([], ["pope_sensitive_ids"], ["__count"]),
                "person": lambda people=people: people.browse(self.person.id).read(["pope_sensitive_ids"]),
                "filter": lambda people=people: people.browse(self.person.id).filtered_domain([(path, "=", "yes")]),
                "export of the person": lambda people=people: people.browse(self.person.id).export_data(
                    ["name", "pope_sensitive_ids/disability"]
                ),
                "project": lambda user=user: (
                    self.env["crm.lead"].with_user(user).search([(f"pope_member_ids.partner_id.{path}", "=", "yes")])
                ),
                "export of the project": lambda user=user, project=project: project.with_user(user).export_data(
                    ["pope_member_ids/partner_id/pope_sensitive_ids/disability"]
                ),
            }
            for name, way in ways.items():
                with self.assertRaises(UserError if "export" in name else AccessError, msg=f"{user.login}: {name}"):
                    way()

    def test_the_small_group_reads_and_writes_it(self):
        row = self.sensitive.with_user(self.user_sensitive)
        row.minimum_income = "no"
        self.assertEqual(row.read(["disability"])[0]["disability"], "yes")
        people = self.env["res.partner"].with_user(self.user_sensitive)
        self.assertEqual(people.search([("pope_sensitive_ids.disability", "=", "yes")]).ids, self.person.ids)
        counted = row.formatted_read_group([("id", "=", row.id)], ["disability"], ["__count"])
        self.assertEqual(counted[0]["__count"], 1)

    def test_no_generic_export_carries_it_even_for_the_small_group(self):
        with self.assertRaises(UserError):
            self.sensitive.with_user(self.user_sensitive).export_data(["partner_id", "disability"])
        with self.assertRaises(UserError):
            self.person.with_user(self.user_sensitive).export_data(["name", "pope_sensitive_ids/disability"])

    def test_nothing_is_written_without_the_day_of_an_explicit_consent(self):
        Model = self.env["pope.person.sensitive"].with_user(self.user_sensitive)
        with mute_logger("odoo.sql_db"), self.assertRaises(NotNullViolation):
            Model.create({"partner_id": self.person.id, "date_consent": False, "disability": "yes"})
        with self.assertRaises(ValidationError):
            Model.create({"partner_id": self.person.id, "date_consent": "2999-01-01", "disability": "yes"})

    def test_no_discussion_keeps_a_copy_of_an_answer(self):
        self.env.cr.precommit.run()
        before = self.env["mail.message"].search_count([])
        self.sensitive.with_user(self.user_sensitive).disability = "no"
        self.env.flush_all()
        self.env.cr.precommit.run()  # where Odoo writes the changes of a record into its discussion
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_the_form_shows_the_answers_to_the_small_group_only(self):
        for user, seen in ((self.user_pope, False), (self.user_manager, False), (self.user_sensitive, True)):
            arch = self.env["res.partner"].with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("pope_sensitive_ids" in arch, seen, user.login)
            self.assertIn("pope_consent_ids", arch)
        employee = self._new_user("pope_employee", "base.group_user")
        arch = self.env["res.partner"].with_user(employee).get_view(view_type="form")["arch"]
        self.assertNotIn('name="pope_', arch)

    def test_another_company_s_persons_are_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Un autre pôle"})
        self.person.company_id = other
        self.person.pope_consent_ids = [Command.create({})]
        self.assertFalse(
            self.env["pope.person.sensitive"]
            .with_user(self.user_sensitive)
            .search([("partner_id", "=", self.person.id)])
        )
        self.assertFalse(
            self.env["pope.consent"].with_user(self.user_pope).search([("partner_id", "=", self.person.id)])
        )


@tagged("post_install", "-at_install")
class TestConsent(PrivacyCase):
    @users("pope_user")
    def test_a_consent_has_its_day_and_channel_and_may_be_withdrawn(self):
        consent = self.env["pope.consent"].create(
            {"partner_id": self.person.id, "channel": "form", "date": "2026-02-01", "purpose": "news"}
        )
        self.assertEqual((consent.state, consent.notice_shown), ("given", True))
        self.at(datetime(2026, 3, 10, 9))
        consent.action_withdraw()
        self.assertEqual((consent.state, consent.date_withdrawn), ("withdrawn", date(2026, 3, 10)))
        self.assertEqual(self.person.pope_consent_ids.ids, consent.ids)
        with self.assertRaises(AccessError):
            consent.unlink()

    @users("pope_user")
    def test_only_what_was_given_is_withdrawn_and_never_before(self):
        Consent = self.env["pope.consent"]
        refused = Consent.create({"partner_id": self.person.id, "answer": "refused"})
        refused.action_withdraw()
        self.assertEqual(refused.state, "refused")
        with self.assertRaises(ValidationError):
            Consent.create({"partner_id": self.person.id, "date": "2026-02-01", "date_withdrawn": "2026-01-01"})


@tagged("post_install", "-at_install")
class TestOpposition(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.project = self.create_project(holders=self.person | self.holders[0])

    def blocked(self, email):
        return bool(self.env["mail.blacklist"].search([("email", "=", email)]))

    def test_one_button_stops_all_mail(self):
        self.project.message_subscribe(self.person.ids)
        self.project.sudo().write({"partner_id": self.person.id, "email_from": "mam.du.port@example.org"})
        self.person.with_user(self.user_pope).action_pope_oppose()
        self.assertTrue(self.blocked("solene@example.org") and self.blocked("mam.du.port@example.org"))
        mine = self.rows(self.project).filtered(lambda row: row.partner_id == self.person)
        self.assertEqual((set(mine.mapped("state")), set(mine.mapped("reason"))), ({"cancelled"}, {"blacklisted"}))
        self.assertEqual(self.rows(self.project, "planned").partner_id, self.holders[0])
        self.assertNotIn(self.person, self.project.message_partner_ids)
        self.assertIn("mam.du.port@example.org, solene@example.org", self.person.message_ids[0].body)

    def test_no_mail_leaves_later_nor_to_a_new_address(self):
        self.person.action_pope_oppose()
        self.person.email = "nouvelle@example.org"
        self.assertTrue(self.blocked("nouvelle@example.org"))
        self.env["mail.blacklist"].search([]).unlink()
        self.project.stage_id = self.stage_diagnosis
        self.dispatch()
        states = {
            (row.partner_id, row.state)
            for row in self.rows(self.project)
            if row.rule_id.stage_id == self.stage_diagnosis
        }
        self.assertIn((self.person, "skipped"), states)
        self.assertIn((self.holders[0], "queued"), states)

    def test_who_shares_the_mailbox_is_named(self):
        self.person.email = self.holders[1].email
        self.person.action_pope_oppose()
        self.assertIn(self.holders[1].name, self.person.message_ids[0].body)

    def test_twice_says_and_does_nothing_more(self):
        self.person.action_pope_oppose()
        messages = len(self.person.message_ids)
        self.person.action_pope_oppose()
        self.assertEqual(len(self.person.message_ids), messages)

    def test_only_a_manager_undoes_it_and_not_for_others(self):
        other = self.env["res.partner"].create({"name": "Yann", "email": self.person.email})
        (self.person | other).action_pope_oppose()
        for undo in (
            lambda person: person.action_pope_lift_opposition(),
            lambda person: person.write({"pope_opposition_date": False}),
        ):
            with self.assertRaises(AccessError):
                undo(self.person.with_user(self.user_pope))
        self.person.with_user(self.user_manager).action_pope_lift_opposition()
        self.assertFalse(self.person.pope_opposition_date)
        self.assertTrue(self.blocked("solene@example.org"), "the other still receives nothing")
        other.with_user(self.user_manager).action_pope_lift_opposition()
        self.assertFalse(self.blocked("solene@example.org"))


@tagged("post_install", "-at_install")
class TestLastContact(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.at(self.now)

    def mail(self, moment, author=None, **values):
        return self.env["mail.message"].create(
            {
                "message_type": "email",
                "model": "res.partner",
                "res_id": self.person.id,
                "author_id": (author or self.person).id,
                "date": moment,
                **values,
            }
        )

    def last(self, person=None):
        self.env.invalidate_all()
        return (person or self.person).with_user(self.user_pope).pope_last_contact

    def test_what_the_person_did_counts_and_what_we_sent_does_not(self):
        self.assertFalse(self.last())
        project = self.create_project(holders=self.person)
        project.pope_member_ids.date_entry = "2025-01-10"
        self.assertEqual(self.last(), date(2025, 1, 10))
        self.mail("2025-04-02 10:00:00")
        self.assertEqual(self.last(), date(2025, 4, 2))
        self.dispatch()
        self.assertTrue(self.rows(project, "queued"))
        self.mail("2026-02-01 10:00:00", author=self.user_pope.partner_id, partner_ids=self.person.ids)
        self.mail("2026-02-01 10:00:00", author=self.company.partner_id, message_type="email_outgoing")
        self.assertEqual(self.last(), date(2025, 4, 2))
        self.person.pope_consent_ids = [Command.create({"date": "2025-05-06"})]
        self.assertEqual(self.last(), date(2025, 5, 6))

    def test_a_follow_up_answered_counts_for_who_answered(self):
        project = self.create_project(holders=self.person | self.holders[1])
        project.pope_member_ids.date_entry = "2023-01-10"
        followup = self.env["pope.followup"].create({"lead_id": project.id, "months": 3})
        followup._answer({"status": "open", "answered_by": "solene"})
        self.assertEqual(followup.answered_partner_id, self.person)
        self.assertEqual(self.last(), self.now.date())
        self.assertEqual(self.last(self.holders[1]), date(2023, 1, 10))

    def test_what_is_to_come_is_no_contact_yet(self):
        self.create_project(holders=self.person).pope_member_ids.date_entry = "2026-09-01"
        self.assertFalse(self.last())

    @users("pope_user")
    def test_people_are_found_by_their_last_contact(self):
        people = self.env["res.partner"]
        for days in ("2022-01-01", "2024-06-01", "2026-03-01", False):
            person = people.create({"name": f"Personne {days}"})
            people |= person
            if days:
                self.mail(f"{days} 10:00:00", author=person)
        old, middle, recent, never = people
        for operator, value, found in (
            ("<", "2024-06-01", old),
            ("<=", "2024-06-01", old | middle),
            (">", "2024-06-01", recent),
            (">=", date(2024, 6, 1), middle | recent),
            ("=", False, never),
            ("!=", False, old | middle | recent),
        ):
            domain = [("pope_last_contact", operator, value), ("id", "in", people.ids)]
            self.assertEqual(people.search(domain), found, f"{operator} {value}")

    def test_as_many_queries_for_ten_persons_as_for_a_hundred(self):
        people = self.env["res.partner"].create([{"name": f"Personne {number}"} for number in range(100)])
        for person in people:
            self.mail("2026-01-01 10:00:00", author=person)
        counts = []
        self.assertTrue(people[0].pope_last_contact)  # the zone of the reader is read once
        for group in (people[:10], people):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(group.mapped("pope_last_contact")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
