"""The e-mails of a session as the team sees them; a trainee answers on a phone; the trainer reads it before day one."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import JourneyCase


class SessionMixin:
    def session_to_come(self):
        """A session in twenty days, of two half-days, with one trainee and one trainer.

        :return: the session, the trainee's enrolment, the trainer
        """
        trainer = self.env["res.partner"].create(
            {
                "name": "Léa Roux",
                "email": "lea.roux@example.org",
                "lang": "fr_FR",
                "pope_role_ids": self.env.ref("pope_crm.role_trainer").ids,
            }
        )
        begin = fields.Datetime.now() + timedelta(days=20)
        session = self.env["event.event"].create(
            {
                "name": "Vie d'équipe",
                "event_type_id": self.env.ref("pope_training.event_type_training").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=7),
                "company_id": self.company.id,
                "pope_program_id": self.env["pope.training.program"].create({"name": "Vie d'équipe"}).id,
            }
        )
        self.env["pope.training.slot"].create(
            [
                {"event_id": session.id, "date": begin.date(), "half": half, "trainer_id": trainer.id}
                for half in ("morning", "afternoon")
            ]
        )
        self.env["event.registration"].create(
            {"event_id": session.id, "name": self.holders[0].name, "email": self.holders[0].email}
        )
        return session, self.env["pope.training.enrolment"].search([("event_id", "=", session.id)]), trainer

    def leave(self, rows):
        """These e-mails leave now, whatever the hour of the test."""
        rows._queue()
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestSessionMailJourney(SessionMixin, JourneyCase):
    def test_the_team_sees_who_gets_what_and_when(self):
        session, enrolment, _trainer = self.session_to_come()
        self.walk(
            f"/odoo/sessions/{session.id}",
            """
            await click("button[name=action_pope_mails]", "Envois");
            await click(".o_group_header", "convocation (1)");
            await find(".o_data_row", "Awa Diallo");
            await find(".o_data_row", "Prévu");
            await click(".o_data_row button[name=action_send_now]");
            """,
        )
        row = enrolment.notification_ids.filtered(lambda row: row.step == "convocation")
        self.assertTrue(row.is_manual)
        self.walk(
            f"/odoo/sessions/{session.id}",
            """
            await click("button[name=action_pope_hold_mails]");
            await click(".modal button", "Ok");
            await find("button[name=action_pope_free_mails]", "Reprendre les envois");
            """,
        )
        self.assertTrue(session.pope_mail_hold)
        self.walk("/odoo/enquetes", 'await find(".o_list_view, .o_view_nocontent");')
        self.walk("/odoo/enquetes-financeurs", 'await find(".o_list_view, .o_view_nocontent");')


@tagged("post_install", "-at_install")
class TestSurveyJourney(SessionMixin, JourneyCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_a_trainee_answers_on_a_phone_and_the_trainer_reads_it(self):
        session, enrolment, trainer = self.session_to_come()
        asked = enrolment.notification_ids.filtered(lambda row: row.step == "placement" and not row.rule_id.is_again)
        self.leave(asked)
        placement = enrolment.answer_ids.filtered(lambda answer: answer.pope_kind == "placement")
        self.walk(
            placement.get_start_url(),
            """
            await click("button[value=start]");
            await click("label", "Un peu");
            await click(".o_survey_question_scale label, .o_survey_choice_btn", "4");
            await write("textarea", "J'ai gardé trois enfants");
            await click("button[value=finish], button[type=submit]");
            await click(".modal button", "Soumettre");
            await find(".o_survey_finished", "Merci, votre réponse est notée");
            if (document.documentElement.scrollWidth > 360) { throw new Error("wider than the phone"); }
            """,
            login=None,
        )
        self.assertEqual((placement.state, placement.pope_score), ("done", 75))
        trainers = self.env["pope.notification"].search([("session_id", "=", session.id), ("step", "=", "trainer")])
        self.leave(trainers)
        self.assertEqual(trainers.state, "queued")
        address = session._pope_trainer_url(trainer).split(session.get_base_url())[-1]
        self.walk(
            address,
            """
            await find(".placement li", "Awa Diallo");
            await find(".placement li", "J'ai gardé trois enfants");
            if (document.documentElement.scrollWidth > 360) { throw new Error("wider than the phone"); }
            """,
            login=None,
        )
