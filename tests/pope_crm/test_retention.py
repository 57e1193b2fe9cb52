"""How long data are kept, who decides, and what is left of a person afterwards."""

import base64
from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users

from ..common import NotificationCase


class RetentionCase(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.old = datetime(2022, 1, 10, 9, 0)

    def create_person(self, first_name="Solène", last_name="Kervella", known=None, **values):
        """A person that the pole has known since a moment, by default for years."""
        person = self.Partner.create({"pope_first_name": first_name, "pope_last_name": last_name, **values})
        # by SQL: Odoo dates a record by itself
        self.env.cr.execute("UPDATE res_partner SET create_date = %s WHERE id = %s", (known or self.old, person.id))
        person.invalidate_recordset(["create_date"])
        return person

    def expired(self, *people):
        found = self.env["pope.retention.rule"]._expired()
        return [person in found for person in people]


@tagged("post_install", "-at_install")
class TestRule(RetentionCase):
    def setUp(self):
        super().setUp()
        self.at(self.now)

    def accompanied(self, person, stage=None, lost=True):
        project = self.create_project(holders=person)
        project.pope_member_ids.date_entry = self.old
        if lost:
            project._pope_close(self.env["crm.lost.reason"].search([("pope_outcome", "=", "abandoned")], limit=1))
        return project

    def test_who_was_accompanied_is_kept_two_years_and_others_three(self):
        accompanied, contact, recent = (
            self.create_person("Awa", "Sow"),
            self.create_person("Nadia", "Koné", known=datetime(2023, 6, 1)),
            self.create_person("Rose", "Kaba", known=datetime(2023, 2, 1)),
        )
        self.accompanied(accompanied)
        self.assertEqual(self.expired(accompanied, contact, recent), [True, False, True])
        rule = self.env["pope.retention.rule"]._expired()[accompanied]
        self.assertEqual(rule, self.env.ref("pope_crm.retention_accompanied"))

    def test_who_has_a_funding_in_person_is_kept_until_it_is_over(self):
        person, other = self.create_person("Aline", "Diop"), self.create_person("Ines", "Kone")
        funding = self.env["pope.funding"].create({"partner_id": self.company.partner_id.id, "person_id": person.id})
        for state in ("watch", "to_file", "filed", "in_review", "awarded"):
            funding.state = state
            self.assertEqual(self.expired(person, other), [False, True], state)
        for state in ("refused", "closed", "dropped"):
            funding.state = state
            self.assertEqual(self.expired(person, other), [True, True], state)

    def test_a_contact_by_the_person_starts_the_delay_again(self):
        person = self.create_person()
        self.assertEqual(self.expired(person), [True])
        person.pope_consent_ids = [Command.create({"date": "2025-01-01"})]
        self.assertEqual(self.expired(person), [False])

    def test_a_manager_s_delay_counts(self):
        person = self.create_person(known=datetime(2023, 6, 1))
        self.env.ref("pope_crm.retention_contact").with_user(self.user_manager).months = 24
        self.assertEqual(self.expired(person), [True])
        with self.assertRaises(AccessError):
            self.env.ref("pope_crm.retention_contact").with_user(self.user_pope).months = 1

    def test_the_longest_delay_of_several_kinds_counts(self):
        person = self.create_person(pope_role_ids=[Command.set(self.env.ref("pope_crm.role_fse").ids)])
        self.accompanied(person)
        self.assertEqual(self.expired(person), [False])
        self.at(datetime(2028, 2, 1, 9))
        self.assertEqual(self.expired(person), [True])

    def test_who_is_still_of_the_pole_s_life_is_not_proposed(self):
        for role in ("role_member", "role_volunteer", "role_pmi"):
            person = self.create_person(pope_role_ids=[Command.set(self.env.ref(f"pope_crm.{role}").ids)])
            self.assertEqual(self.expired(person), [False], role)
        person = self.create_person("Awa", "Sow")
        project = self.accompanied(person, lost=False)
        self.assertEqual(self.expired(person), [False], "the project is under way")
        self.env["pope.followup"].create({"lead_id": project.id, "months": 36})
        project.action_set_lost(lost_reason_id=self.env["crm.lost.reason"].search([], limit=1).id)
        self.assertEqual(self.expired(person), [False], "the place is followed up")

    def test_other_people_s_contacts_and_those_with_a_log_in_are_never_proposed(self):
        client = self.Partner.create({"name": "Un client"})
        employee = self._new_user("pope_employee", "base.group_user").partner_id
        employee.pope_first_name = "Employé"
        for partner in (client, employee):
            self.env.cr.execute("UPDATE res_partner SET create_date = %s WHERE id = %s", (self.old, partner.id))
        self.env.invalidate_all()
        self.assertEqual(self.expired(client, employee), [False, False])

    def test_a_filter_that_cannot_be_read_is_refused_with_its_name(self):
        rule = self.env.ref("pope_crm.retention_contact").with_context(lang="fr_FR")
        for domain in ("[('nothing', '=', 1)]", "[(", "__import__('os')"):
            with self.assertRaisesRegex(ValidationError, rule.name):
                rule.domain = domain

    def test_as_many_queries_for_a_hundred_persons_as_for_ten(self):
        counts = []
        for number in (10, 90):
            self.Partner.create([{"name": f"P {n}", "pope_first_name": "P"} for n in range(number)])
            self.env.cr.execute("UPDATE res_partner SET create_date = %s WHERE pope_first_name = 'P'", (self.old,))
            self.env.invalidate_all()
            self.env.user.tz  # noqa: B018 the reader's zone is read once
            before = self.env.cr.sql_log_count
            self.assertGreaterEqual(len(self.env["pope.retention.rule"]._expired()), number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestReview(RetentionCase):
    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.person, self.other = self.create_person(), self.create_person("Yann", "Le Bihan")
        self.env["pope.retention.review"].search([]).state = "done"  # what other tests or a demonstration left

    def propose(self):
        return self.env["pope.retention.review"]._cron_propose()

    def run_cron(self):
        """What the cron does, without its commits: tests/process kills it."""
        Line = self.env["pope.retention.review.line"]
        for line in Line.search(Line._to_do_domain()):
            line._anonymise()
        self.env["pope.retention.review"]._close_done()

    def test_a_list_is_made_told_to_managers_and_nothing_else_happens(self):
        review = self.propose()
        self.assertLessEqual(self.person | self.other, review.line_ids.partner_id)
        self.assertEqual(set(review.line_ids.mapped("decision")), {"anonymise"})
        self.assertIn(self.user_manager, review.activity_ids.user_id)
        self.assertNotIn(self.user_pope, review.activity_ids.user_id)
        self.run_cron()
        self.assertEqual(self.person.name, "Solène KERVELLA")
        self.assertFalse(self.propose(), "the list still waits")

    @users("pope_manager")
    def test_a_manager_decides_and_validates(self):
        review = self.propose().with_env(self.env)
        kept = review.line_ids.filtered(lambda line: line.partner_id == self.other)
        kept.write({"decision": "keep", "reason": "Revient en septembre"})
        review.action_validate()
        self.assertEqual((review.state, review.user_id), ("validated", self.env.user))
        self.assertFalse(self.person.pope_anonymised_date)
        self.run_cron()
        self.assertEqual(review.state, "done")
        self.assertEqual(self.person.pope_anonymised_date, self.now.date())
        self.assertEqual(self.other.name, "Yann LE BIHAN")
        self.assertEqual((review.done_count, review.keep_count), (review.anonymise_count, 1))
        with self.assertRaises(UserError):
            review.action_validate()
        self.at(datetime(2027, 3, 10, 9))
        self.assertEqual(self.propose().line_ids.partner_id & (self.person | self.other), self.other)

    def test_who_came_back_since_is_kept(self):
        review = self.propose()
        review.with_user(self.user_manager).action_validate()
        self.person.pope_consent_ids = [Command.create({"date": self.now.date()})]
        self.run_cron()
        self.assertEqual(self.person.name, "Solène KERVELLA")
        line = review.line_ids.filtered(lambda line: line.partner_id == self.person)
        self.assertEqual(line.decision, "keep")
        self.assertTrue(line.reason)

    def test_one_that_fails_says_why_and_keeps_no_other_back(self):
        review = self.propose()
        review.with_user(self.user_manager).action_validate()
        user = self._new_user("solene", "base.group_portal", partner_id=self.person.id)
        self.run_cron()
        line = review.line_ids.filtered(lambda line: line.partner_id == self.person)
        self.assertIn("log-in", line.error)
        self.assertEqual((self.person.name, review.state), (user.name, "validated"))
        self.assertTrue(self.other.pope_anonymised_date)
        user.unlink()
        review.with_user(self.user_manager).action_retry()
        self.run_cron()
        self.assertTrue(self.person.pope_anonymised_date)
        self.assertEqual(review.state, "done")

    def test_only_managers_see_the_lists(self):
        review = self.propose()
        for user in (self.user_pope, self.user_sensitive):
            with self.assertRaises(AccessError):
                review.with_user(user).read(["date"])
            with self.assertRaises(AccessError):
                review.line_ids.with_user(user).read(["partner_id"])
        with self.assertRaises(AccessError):
            review.with_user(self.user_manager).unlink()

    def test_with_nobody_to_propose_it_is_said(self):
        self.env["pope.retention.rule"].search([]).is_kept = True
        self.assertFalse(self.propose())
        with self.assertRaises(UserError):
            self.env["pope.retention.review"].with_user(self.user_manager).action_propose()


@tagged("post_install", "-at_install")
class TestAnonymise(RetentionCase):
    SECRETS = ("solène", "kervella", "le goff", "solene@example.org", "6 12 34 56 78", "7 81 22 33 44", "rue du port")

    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.prescriber = self.Partner.create({"name": "Mission locale", "is_company": True})
        self.person = self.create_person(
            pope_birth_name="Le Goff",
            pope_civility="mrs",
            email="solene@example.org",
            phone="06 12 34 56 78",
            street="3 rue du Port",
            zip="93200",
            city="Saint-Denis",
            comment="<p>Solène est fatiguée.</p>",
            function="Voisine de Mme Kervella",
            pope_gender="woman",
            pope_birth_date="1988-05-03",
            pope_situation="job_seeker",
            pope_diploma_level="3",
            pope_prescriber_id=self.prescriber.id,
            pope_role_ids=[Command.set(self.env.ref("pope_crm.role_holder").ids)],
            pope_phone_ids=[Command.create({"number": "07 81 22 33 44", "note": "sa sœur"})],
            pope_consent_ids=[Command.create({"date": "2022-02-01", "channel": "paper"})],
            pope_sensitive_ids=[Command.create({"date_consent": "2022-02-01", "disability": "yes"})],
            bank_ids=[Command.create({"acc_number": "FR7630006000011234567890189"})],
            child_ids=[Command.create({"type": "delivery", "name": "Chez Kervella", "street": "3 rue du Port"})],
        )
        self.project = self.create_project(
            "MAM de Solène Kervella",
            holders=self.person,
            partner_id=self.person.id,
            description="<p>Solène KERVELLA</p>",
        )
        self.project.action_pope_next_stage()
        self.env.cr.precommit.run()
        self.shared = self.create_project("MAM du Port", holders=self.person | self.holders[0])

    def texts_of(self, *records):
        """Every text that is stored on these records."""
        texts = []
        for group in records:
            for record in group.sudo():
                for name, field in record._fields.items():
                    if field.store and field.type in ("char", "text", "html"):
                        texts.append((f"{record}.{name}", str(record[name] or "")))
        return texts

    def held(self):
        """All the records where something of the person may stand."""
        Message, partners = self.env["mail.message"], self.person | self.person.child_ids
        threads = Message.search(
            [
                "|",
                *("&", ("model", "=", "res.partner"), ("res_id", "in", partners.ids)),
                *("&", ("model", "=", "crm.lead"), ("res_id", "in", (self.project | self.shared).ids)),
            ]
        )
        rows = self.env["pope.notification"].search([("partner_id", "=", self.person.id)])
        return (
            partners,
            self.project,
            self.shared,
            threads,
            self.env["mail.mail"].search([("mail_message_id", "in", threads.ids)]),
            self.env["mail.tracking.value"].search([("mail_message_id", "in", threads.ids)]),
            rows,
            self.env["pope.followup"].search([("lead_id", "in", (self.project | self.shared).ids)]),
            self.env["pope.lead.requirement"].search([("lead_id", "in", (self.project | self.shared).ids)]),
            self.env["mail.activity"].search([("res_model", "=", "crm.lead"), ("res_id", "in", self.project.ids)]),
            self.env["calendar.event"].search([("partner_ids", "in", self.person.ids)]),
            partners.with_context(active_test=False).bank_ids,
        )

    def assertUnknown(self):
        self.env.invalidate_all()
        for place, text in self.texts_of(*self.held()):
            for secret in self.SECRETS:
                self.assertNotIn(secret, text.lower(), place)

    def fill(self):
        """A person who has been known for years: mail in and out, notes, papers, meetings, answers."""
        self.dispatch()
        self.assertTrue(self.rows(self.project, "queued"))
        self.person.email = "kervella.solene@example.org"
        self.person.email = "solene@example.org"
        self.project.email_from = "les.kervella@example.org"
        self.env.cr.precommit.run()
        self.person.message_post(body="Appel avec Solène", author_id=self.user_pope.partner_id.id)
        self.project.message_post(body="Son mari est malade", message_type="comment")
        letter = self.project.message_post(
            body="Bonjour, c'est Solène",
            subject="Solène",
            message_type="email",
            author_id=self.person.id,
            email_from="Solène Kervella <solene@example.org>",
            incoming_email_to="pole@example.org, solene@example.org",
            attachments=[("cv de Solène.pdf", b"cv")],
        )
        self.shared.message_post(body="<p>Vu Solène KERVELLA, 06 12 34 56 78, et Awa Diallo</p>", subject="Kervella")
        self.shared.message_post(
            body="Réponse de Solène", message_type="email", author_id=self.person.id, email_from="solene@example.org"
        )
        self.shared.message_post(body="Chère Solène", partner_ids=self.person.ids, subject="Pour Solène Kervella")
        requirement = self.env["pope.stage.requirement"].create(
            {"name": "Diplôme", "stage_id": self.stage_contact.id, "kind": "paper", "scope": "holder"}
        )
        paper = self.env["ir.attachment"].create({"name": "diplome Kervella.pdf", "raw": b"diplome"})
        member = self.shared.pope_member_ids.filtered(lambda member: member.partner_id == self.person)
        self.env["pope.lead.requirement"].create(
            {
                "lead_id": self.shared.id,
                "requirement_id": requirement.id,
                "member_id": member.id,
                "attachment_ids": [Command.link(paper.id)],
                "note": "Nom de Solène Kervella mal écrit",
            }
        )
        followup = self.env["pope.followup"].create({"lead_id": self.project.id, "months": 3})
        followup._answer({"status": "open", "answered_by": "Solène", "difficulties": "Solène Kervella manque d'argent"})
        self.project.activity_schedule("mail.mail_activity_data_todo", summary="Rappeler Solène Kervella")
        self.env["calendar.event"].create(
            {
                "name": "Rendez-vous Solène KERVELLA",
                "start": "2022-03-01 09:00:00",
                "stop": "2022-03-01 10:00:00",
                "partner_ids": [Command.set(self.person.ids)],
            }
        )
        own = self.env["ir.attachment"].create(
            {"name": "photo Kervella.png", "raw": b"x", "res_model": "res.partner", "res_id": self.person.id}
        )
        return letter.attachment_ids | paper | own

    def test_names_addresses_messages_and_files_are_blanked(self):
        files = self.fill()
        self.person._pope_anonymise()
        self.assertUnknown()
        self.assertFalse(files.exists())
        self.assertFalse(self.person.pope_phone_ids or self.person.pope_sensitive_ids)
        self.assertFalse(self.person.email or self.person.phone or self.person.image_1920 or self.person.comment)
        self.assertIn(str(self.person.id), self.person.name)

    def test_what_is_counted_stays(self):
        self.fill()
        stage, entries = self.project.stage_id, self.project.pope_entry_count
        changes = self.env["mail.tracking.value"].search_count(
            [("mail_message_id.model", "=", "crm.lead"), ("field_id.name", "=", "stage_id")]
        )
        sent = self.env["pope.notification"].search_count([("partner_id", "=", self.person.id)])
        messages = self.env["mail.message"].search_count([("model", "=", "crm.lead")])
        last = self.person.pope_last_contact
        self.person._pope_anonymise()
        person = self.person
        self.assertEqual(
            (person.pope_gender, person.pope_birth_date, person.pope_birth_year, person.pope_town_id.insee_code),
            ("woman", False, 1985, "93066"),
        )
        self.assertEqual((person.pope_situation, person.pope_diploma_level), ("job_seeker", "3"))
        self.assertEqual(person.pope_prescriber_id, self.prescriber)
        self.assertEqual(person.pope_role_ids, self.env.ref("pope_crm.role_holder"))
        self.assertEqual((person.create_date, person.pope_last_contact), (self.old, last))
        self.assertEqual(self.project.pope_holder_ids, person)
        self.assertEqual((self.project.stage_id, self.project.pope_entry_count), (stage, entries))
        self.assertEqual(self.project.pope_followup_ids.mapped("status"), ["open"])
        self.assertEqual(
            changes,
            self.env["mail.tracking.value"].search_count(
                [("mail_message_id.model", "=", "crm.lead"), ("field_id.name", "=", "stage_id")]
            ),
        )
        self.assertEqual(self.env["pope.notification"].search_count([("partner_id", "=", person.id)]), sent)
        self.assertEqual(self.env["mail.message"].search_count([("model", "=", "crm.lead")]), messages)
        self.assertEqual(person.pope_consent_ids.mapped("date"), [date(2022, 2, 1)])

    def test_posted_entries_and_their_files_stay_as_they_were(self):
        account = self.env["account.account"].search([("account_type", "=", "income")], limit=1)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.person.id,
                "invoice_date": "2022-03-01",
                "invoice_line_ids": [
                    Command.create({"name": "Formation", "account_id": account.id, "price_unit": 100, "tax_ids": []})
                ],
            }
        )
        invoice.action_post()
        snapshot = self.env["ir.attachment"].create(
            {"name": "Facture.pdf", "raw": b"pdf", "res_model": "account.move", "res_id": invoice.id}
        )
        invoice.message_post(body="Votre facture", partner_ids=self.person.ids, attachment_ids=snapshot.ids)
        names = ["account_id", "debit", "credit", "partner_id", "parent_state"]
        lines = invoice.line_ids.read(names, load="")
        name = invoice.name
        self.person._pope_anonymise()
        self.assertEqual(
            lines, invoice.line_ids.read(["account_id", "debit", "credit", "partner_id", "parent_state"], load="")
        )
        self.assertEqual((invoice.name, invoice.state, invoice.amount_total), (name, "posted", 100))
        self.assertEqual(snapshot.exists().raw, b"pdf")

    def test_what_is_told_of_others_stays(self):
        self.fill()
        template = self.env["ir.attachment"].create(
            {"name": "kit.pdf", "raw": b"kit", "res_model": "mail.template", "res_id": 1}
        )
        self.project.message_post(body="Le kit", attachment_ids=template.ids)
        self.person._pope_anonymise()
        bodies = " ".join(self.shared.message_ids.mapped("body"))
        self.assertIn("Awa Diallo", bodies)
        self.assertEqual(self.shared.name, "MAM du Port")
        self.assertTrue(template.exists())
        self.assertEqual(self.holders[0].name, "Awa Diallo")

    def test_a_project_is_wholly_blanked_once_nobody_known_carries_it(self):
        note = self.shared.message_post(body="Le mari d'Awa cherche un emploi")
        self.person._pope_anonymise()
        self.assertIn("mari", note.body)
        self.holders[0]._pope_anonymise()
        self.assertFalse(note.body)

    def test_twice_changes_nothing_more(self):
        self.fill()
        self.person._pope_anonymise()
        self.env.invalidate_all()
        before = [self.texts_of(*self.held()), self.person.read(["pope_birth_year", "pope_town_id", "name"])]
        self.person._pope_anonymise()
        self.assertUnknown()
        after = [self.texts_of(*self.held()), self.person.read(["pope_birth_year", "pope_town_id", "name"])]
        self.assertEqual(before, after)

    def test_no_e_mail_leaves_nor_tells_of_it(self):
        self.dispatch()
        mails = self.env["mail.mail"].search_count([])
        self.person._pope_anonymise()
        self.env.cr.precommit.run()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        states = set(self.env["pope.notification"].search([("partner_id", "=", self.person.id)]).mapped("state"))
        self.assertFalse(states & {"planned", "to_approve", "queued"})
        self.assertUnknown()

    def test_who_has_a_log_in_and_organisations_are_refused(self):
        for partner in (self.user_pope.partner_id, self.prescriber):
            with self.assertRaises(UserError):
                partner._pope_anonymise()

    def test_only_a_manager_does_it(self):
        with self.assertRaises(AccessError):
            self.person.with_user(self.user_pope).action_pope_anonymise()
        self.person.with_user(self.user_manager).action_pope_anonymise()
        self.assertTrue(self.person.pope_anonymised_date)

    def test_an_image_and_texts_of_other_add_ons_go_as_well(self):
        pixel = base64.b64encode(
            base64.b64decode(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
            )
        )
        self.person.write({"image_1920": pixel, "website": "kervella.example.org", "ref": "Kervella 12"})
        self.person._pope_anonymise()
        self.assertFalse(self.person.image_1920 or self.person.website or self.person.ref)
