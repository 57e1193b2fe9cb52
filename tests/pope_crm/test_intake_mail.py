"""E-mail to the dedicated address, as the gateway hands it over: who waits, who is posted, who is left alone."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_intake import IntakeCase

ADDRESS = "contact@pole.example.org"
GATEWAY = "odoo.addons.mail.models.mail_thread"


class GatewayCase(IntakeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "pole.example.org", "bounce_alias": "rebond", "catchall_alias": "tout"}
        )
        cls.company.alias_domain_id = cls.domain
        cls.team.write({"alias_name": "contact", "alias_domain_id": cls.domain.id})
        cls.number = 0

    def arrive(self, sender="Lina Faure <lina.faure@example.org>", to=ADDRESS, body="Bonjour", model=None, **headers):
        """A message comes in by the gateway; gives back what was made or posted because of it."""
        type(self).number += 1
        head = {
            "From": sender,
            "To": to,
            "Subject": "Ouvrir une MAM",
            "Message-Id": f"<{self.number}.{id(self)}@example.org>",
            "Date": "Tue, 10 Mar 2026 10:00:00 +0100",
            "Content-Type": "text/plain; charset=utf-8",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        source = "\n".join(f"{name}: {value}" for name, value in head.items()) + f"\n\n{body}\n"
        last = self.env["mail.message"].search([], order="id desc", limit=1).id
        intakes = self.Intake.search([])
        with mute_logger(GATEWAY):
            self.env["mail.thread"].message_process(model, source)
        self.env.flush_all()
        posted = self.env["mail.message"].search([("id", ">", last), ("message_type", "=", "email")])
        return self.Intake.search([]) - intakes, posted

    def untouched(self):
        """What must not move when nobody has acted."""
        models = ("mail.mail", "pope.notification", "crm.lead", "res.partner", "pope.intake", "mail.message")
        return {name: self.env[name].with_context(active_test=False).search_count([]) for name in models}


@tagged("post_install", "-at_install")
class TestGateway(GatewayCase):
    def test_an_unknown_sender_waits_to_be_sorted(self):
        before = self.mails()
        intake, posted = self.arrive(body="Je voudrais ouvrir une MAM.\n\nMerci")
        self.assertEqual((intake.source, intake.state, intake.team_id), ("mail", "to_sort", self.team))
        self.assertEqual((intake.name, intake.email), ("Lina Faure", "lina.faure@example.org"))
        self.assertIn("Je voudrais ouvrir une MAM.", intake.message)
        self.assertEqual((posted.model, posted.res_id), ("pope.intake", intake.id))
        self.assertEqual(self.mails(), before, "nothing leaves")
        intake.with_user(self.user_pope).action_make_project()
        posted.invalidate_recordset()
        self.assertEqual((posted.model, posted.res_id), ("crm.lead", intake.lead_id.id), "the message moves along")
        self.assertEqual(posted.author_id, intake.partner_id)
        self.assertEqual(self.rows(intake.lead_id).state, "planned")

    def test_the_files_move_along(self):
        boundary = "limite"
        body = (
            f"--{boundary}\nContent-Type: text/plain\n\nVoici le plan\n--{boundary}\n"
            'Content-Type: image/png\nContent-Disposition: attachment; filename="plan.png"\n'
            f"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--{boundary}--"
        )
        intake, _posted = self.arrive(body=body, Content_Type=f'multipart/mixed; boundary="{boundary}"')
        intake.with_user(self.user_pope).action_make_project()
        file = self.env["ir.attachment"].search([("name", "=", "plan.png")], limit=1)
        self.assertEqual((file.res_model, file.res_id), ("crm.lead", intake.lead_id.id))

    def test_who_writes_twice_is_one_line(self):
        intake, _posted = self.arrive()
        again, posted = self.arrive(body="J'ai oublié mon numéro : 06 11 22 33 44")
        self.assertFalse(again)
        self.assertEqual(posted.res_id, intake.id)
        self.assertIn("06 11 22 33 44", intake.message)
        same, _posted = self.arrive(body="J'ai oublié mon numéro : 06 11 22 33 44")
        self.assertFalse(same)
        self.assertEqual(intake.message.count("06 11 22 33 44"), 1)

    def test_a_holder_is_posted_on_their_open_project(self):
        project = self.create_project(holders=self.holders[:2])
        outsider = self.env["res.partner"].create({"name": "Abonnée", "email": "abonnee@example.org"})
        project.message_unsubscribe(project.message_partner_ids.ids)
        before = self.mails()
        intake, posted = self.arrive("Nadia B. <NADIA.benali@example.org>", body="Le bail est signé")
        self.assertFalse(intake)
        self.assertEqual((posted.model, posted.res_id), ("crm.lead", project.id))
        self.assertEqual(posted.author_id, self.holders[1])
        self.assertIn("Le bail est signé", posted.body)
        self.assertEqual(self.mails(), before)
        self.assertNotIn(outsider, project.message_partner_ids)

    def test_between_two_projects_a_person_decides(self):
        self.create_project("Un")
        self.create_project("Deux")
        intake, _posted = self.arrive(self.holders[0].email_formatted)
        self.assertEqual((intake.partner_id, intake.lead_id.ids), (self.holders[0], []))

    def test_who_left_or_ended_is_sorted_again(self):
        project = self.create_project(holders=self.holders[:2])
        project.pope_member_ids[0].write({"date_entry": "2025-01-01", "date_exit": "2026-01-01"})
        intake, _posted = self.arrive(self.holders[0].email_formatted)
        self.assertEqual((intake.partner_id, intake.lead_id.ids), (self.holders[0], []))
        project._pope_close(self.env.ref("pope_crm.lost_reason_training"))
        intake, _posted = self.arrive(self.holders[1].email_formatted)
        self.assertTrue(intake)

    def test_an_opened_place_is_an_open_project_too(self):
        project = self.create_project(stage_id=self.stages[-2].id)
        project.write({"pope_opening_date": "2026-01-05", "pope_places": 16, "pope_childminder_count": 4})
        project.stage_id = self.stage_open
        _intake, posted = self.arrive(self.holders[0].email_formatted)
        self.assertEqual(posted.res_id, project.id)

    def test_a_project_of_another_company_is_not_meant(self):
        company = self.env["res.company"].create({"name": "Autre pôle"})
        team = self.team.copy({"name": "Autre équipe", "company_id": company.id})
        stage = self.stage_contact.copy({"team_ids": [Command.set(team.ids)]})
        self.create_project("Ailleurs", team_id=team.id, stage_id=stage.id, company_id=company.id, user_id=False)
        intake, _posted = self.arrive(self.holders[0].email_formatted)
        self.assertEqual(intake.company_id, self.company)
        self.assertFalse(intake.lead_id)

    def test_a_known_institution_makes_nothing_and_nothing_is_lost(self):
        town_hall = self.env["res.partner"].create(
            {"name": "Ville", "is_company": True, "pope_role_ids": self.env.ref("pope_crm.role_town_childhood").ids}
        )
        agent = self.env["res.partner"].create(
            {"name": "Agente", "email": "agente@ville.example.org", "parent_id": town_hall.id}
        )
        agent.message_subscribe(self.user_manager.partner_id.ids)
        before = self.untouched()
        intake, posted = self.arrive(agent.email_formatted, body="Appel à projets 2026")
        self.assertFalse(intake)
        self.assertEqual((posted.model, posted.res_id, posted.author_id), ("res.partner", agent.id, agent))
        self.assertIn("Appel à projets 2026", posted.body)
        after = self.untouched()
        self.assertEqual(after.pop("mail.message"), before.pop("mail.message") + 1)
        self.assertEqual(after, before, "no mail, no line, no project")

    def test_machines_lists_and_auto_responders_make_nothing(self):
        self.create_project()
        machines = [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated (vacation)"},
            {"Auto_Submitted": "Auto-Replied; owner-email=x"},
            {"X_Autoreply": "yes"},
            {"X_Autorespond": "absence"},
            {"Precedence": "bulk"},
            {"Precedence": "LIST"},
            {"Precedence": "junk"},
            {"Precedence": "auto_reply"},
            {"List_Id": "<lettre.example.org>"},
            {"List_Unsubscribe": "<mailto:stop@example.org>"},
            {"Return_Path": "<>"},
            {"X_Failed_Recipients": "a@example.org"},
        ]
        before = self.untouched()
        for sender in ("inconnue@example.org", self.holders[0].email_formatted):
            for headers in machines:
                self.arrive(sender, **headers)
                self.assertEqual(self.untouched(), before, f"{sender} {headers}")
        for sender in ("MAILER-DAEMON@example.org", "Postmaster <postmaster@example.org>"):
            self.arrive(sender)
            self.assertEqual(self.untouched(), before, sender)
        bounce = "--b\nContent-Type: text/plain\n\nUndelivered\n--b--"
        self.arrive("x@example.org", body=bounce, Content_Type='multipart/report; boundary="b"')
        self.assertEqual(self.untouched(), before)

    def test_a_person_who_says_they_are_no_machine_is_heard(self):
        intake, _posted = self.arrive(Auto_Submitted="no", Precedence="first-class", Return_Path="<a@example.org>")
        self.assertTrue(intake)

    def answer_to_welcome(self, forgotten):
        """The reference to put in an answer to a welcome mail, whose queue entry Odoo has forgotten or not."""
        self.at(self.now)
        project = self.create_project()
        self.dispatch()
        row = self.rows(project)
        self.assertEqual(row.state, "queued")
        reference = row.message_id
        if forgotten:
            row.mail_id.sudo().unlink()
            self.assertFalse(row.mail_id)
        return project, reference

    def check_auto_responder(self, forgotten):
        project, reference = self.answer_to_welcome(forgotten)
        for to in (ADDRESS, self.company.email, "tout@pole.example.org"):
            before, activities = self.untouched(), project.activity_ids
            self.arrive(
                self.holders[0].email_formatted,
                to=to,
                body="Je suis absente jusqu'au 20 mars.",
                Auto_Submitted="auto-replied",
                In_Reply_To=reference,
                References=reference,
            )
            self.assertEqual(self.untouched(), before, to)
            self.assertEqual(project.activity_ids, activities)

    def test_an_auto_responder_that_answers_the_welcome_mail_ends_there(self):
        self.check_auto_responder(forgotten=True)

    def test_an_auto_responder_that_is_faster_than_the_queue_ends_there_too(self):
        self.check_auto_responder(forgotten=False)

    def check_answer(self, forgotten):
        project, reference = self.answer_to_welcome(forgotten)
        self.create_project("Un deuxième projet, qui ferait hésiter")
        for to in (ADDRESS, self.company.email, "tout@pole.example.org"):
            intake, posted = self.arrive(
                self.holders[0].email_formatted, to=to, In_Reply_To=reference, References=f"<x@y> {reference}"
            )
            self.assertFalse(intake)
            self.assertEqual((posted.model, posted.res_id), ("crm.lead", project.id), to)

    def test_a_persons_answer_to_the_welcome_mail_is_posted_on_the_project(self):
        self.check_answer(forgotten=True)

    def test_a_persons_answer_is_posted_while_the_queue_still_knows_it(self):
        self.check_answer(forgotten=False)

    def test_mail_to_others_is_left_alone(self):
        sales = self.env["crm.team"].create(
            {"name": "Ventes", "use_opportunities": True, "alias_name": "ventes", "alias_domain_id": self.domain.id}
        )
        self.create_project()
        last = self.env["crm.lead"].search([], order="id desc", limit=1).id
        for headers in ({}, {"Precedence": "bulk"}):
            intake, _posted = self.arrive(self.holders[0].email_formatted, to="ventes@pole.example.org", **headers)
            self.assertFalse(intake)
        leads = self.env["crm.lead"].search([("id", ">", last)])
        self.assertEqual(leads.mapped("type"), ["opportunity"] * 2)
        self.assertEqual(leads.team_id, sales)

    def test_what_strangers_write_never_breaks_it(self):
        for sender, body, headers in (
            ('"" <>', "x", {}),
            ("pas une adresse", "x", {}),
            ("=?utf-8?q?=C3=89lodie_=22la=22_Noël?= <elodie@example.org>", "x" * 50_000, {}),
            ("a@example.org, b@example.org", "<script>alert(1)</script>", {"Content_Type": "text/html"}),
            ("x@example.org", "", {"Subject": ""}),
            ("y@example.org", "x", {"References": "<" * 500, "In_Reply_To": "\ufffd"}),
            ("z@example.org", "x", {"Auto_Submitted": "", "Return_Path": "a@example.org"}),
        ):
            intake, _posted = self.arrive(sender, body=body, **headers)
            self.assertEqual(intake.state, "to_sort", sender)
            self.assertTrue(intake.name)
            self.assertNotIn("<script", " ".join(intake.message_ids.mapped("body")))

    def test_the_team_of_projects_answers_at_its_address(self):
        self.assertEqual(self.team.alias_id.alias_model_id.model, "pope.intake")
        self.assertEqual(self.team.with_user(self.user_manager).alias_email, ADDRESS)
        self.team.with_user(self.user_manager).alias_name = "accueil"
        intake, _posted = self.arrive(to="accueil@pole.example.org")
        self.assertEqual(intake.team_id, self.team)
