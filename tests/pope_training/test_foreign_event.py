"""An event, a registration, a survey that are not ours are as without us: nothing required, no button, no e-mail."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .common import MeetingCase

OURS = {"pope_crm", "pope_training"}


@tagged("post_install", "-at_install")
class TestForeign(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "event.group_event_manager,survey.group_survey_manager,sales_team.group_sale_manager"
        cls.user_stock = new_test_user(cls.env, "stock_manager", groups=groups)

    def test_no_field_of_ours_is_required_of_a_model_that_is_not_ours(self):
        found = []
        for name, model in self.env.registry.items():
            if name.startswith("pope."):
                continue
            found += [
                f"{name}.{field.name}"
                for field in model._fields.values()
                if set(field._modules) and set(field._modules) <= OURS and field.required and not field.default
            ]
        self.assertEqual(found, [])

    def test_no_field_that_others_may_not_read_keeps_them_from_duplicating_a_record(self):
        found = []
        for name, model in self.env.registry.items():
            if name.startswith("pope."):
                continue
            found += [
                f"{name}.{field.name}"
                for field in model._fields.values()
                if set(field._modules) and set(field._modules) <= OURS and field.copy and field.groups
            ]
        self.assertEqual(found, [])

    def test_who_is_not_of_the_team_sees_no_field_and_no_button_of_ours_on_stock_screens(self):
        for model in ("event.event", "event.registration", "event.type", "survey.survey", "survey.user_input"):
            views = self.env["ir.ui.view"].search(
                [("model", "=", model), ("mode", "=", "primary"), ("type", "!=", "qweb")]
            )
            for view in views:
                if view.xml_id.split(".")[0] in OURS:
                    continue
                arch = self.env[model].with_user(self.user_stock).get_view(view.id, view.type)["arch"]
                seen = [word for word in arch.replace('"', " ").split() if word.startswith(("pope_", "action_pope"))]
                self.assertEqual(seen, [], view.xml_id)

    def test_an_event_that_is_not_ours_writes_to_nobody_by_us(self):
        Notification, Slot = self.env["pope.notification"], self.env["pope.training.slot"]
        before = Notification.search_count([]), Slot.search_count([])
        begin = self.now + timedelta(days=10)
        event = (
            self.env["event.event"]
            .with_user(self.user_stock)
            .create({"name": "Salon des métiers", "date_begin": begin, "date_end": begin + timedelta(hours=3)})
        )
        registration = (
            self.env["event.registration"]
            .with_user(self.user_stock)
            .create({"event_id": event.id, "name": "Zoé Marchand", "email": "zoe@example.org"})
        )
        registration.action_confirm()
        event.date_begin += timedelta(hours=1)
        registration.action_set_done()
        registration.action_cancel()
        self.env.flush_all()
        self.assertEqual((Notification.search_count([]), Slot.search_count([])), before)
        self.assertFalse(self.enrolments(event.sudo()))
        registration.unlink()
        event.copy().unlink()
        event.unlink()


@tagged("post_install", "-at_install")
class TestSubjects(MeetingCase):
    def test_no_subject_tells_who_somebody_is_or_their_code(self):
        """Subjects are read on locked screens and stand in the logs of mail servers."""
        data = self.env["ir.model.data"].search([("module", "=", "pope_training"), ("model", "=", "mail.template")])
        templates = self.env["mail.template"].browse(data.mapped("res_id"))
        self.assertTrue(templates)
        for template in templates.with_context(lang="fr_FR"):
            for word in ("partner_id", "person_name", "email", "sign_code", "link", "display_name"):
                self.assertNotIn(word, template.subject or "", template.name)
