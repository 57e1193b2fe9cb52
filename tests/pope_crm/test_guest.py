"""Our add-ons are guests: people who work on the same contacts and opportunities without being of the pole."""

from odoo.tests import Form, tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestGuest(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._new_user("employee", "base.group_user,base.group_partner_manager")
        cls.accountant = cls._new_user("accountant", "account.group_account_invoice,base.group_partner_manager")
        # of events too: event_crm lets nobody else copy an opportunity
        cls.seller = cls._new_user(
            "guest_seller",
            "sales_team.group_sale_salesman_all_leads,event.group_event_registration_desk,base.group_partner_manager",
        )
        cls.person = cls.holders[0]
        cls.person.pope_role_ids = cls.env["pope.partner.role"].search([], limit=2)
        cls.person.pope_town_id = cls.town
        cls.create_project()
        cls.deal = cls.env["crm.lead"].create(
            {"name": "Affaire", "type": "opportunity", "partner_id": cls.person.id, "user_id": cls.seller.id}
        )

    def shown(self, record):
        """The name, and every field of ours that this user is shown."""
        return ["name", *(name for name in record.fields_get() if name.startswith("pope_"))]

    def test_a_contact_is_read_changed_and_copied_as_before(self):
        for user in (self.employee, self.accountant, self.seller):
            with self.subTest(user=user.login):
                person = self.person.with_user(user)
                self.assertEqual(person.read(self.shown(person))[0]["name"], "Awa Diallo")
                with Form(person) as form:
                    form.name = "Awa Diallo"
                    form.email = "awa@example.org"
                self.assertEqual(person.email, "awa@example.org")
                self.assertIn("Awa Diallo", person.copy().name)

    def test_an_opportunity_is_read_changed_and_copied_as_before(self):
        deal = self.deal.with_user(self.seller)
        self.assertEqual(deal.read(self.shown(deal))[0]["name"], "Affaire")
        with Form(deal) as form:
            form.name = "Affaire suivie"
        copy = deal.copy()
        self.assertEqual(copy.type, "opportunity")
        deal.action_set_won()
        copy.action_set_lost()
        self.assertFalse(copy.active)

    def test_what_we_know_of_a_contact_is_for_our_group(self):
        """Roles and town say little; the projects a person carries are nobody else's business."""
        names = self.env["res.partner"].with_user(self.employee).fields_get()
        self.assertNotIn("pope_member_ids", names)
        self.assertIn("pope_member_ids", self.env["res.partner"].with_user(self.user_pope).fields_get())
        self.assertFalse(
            [
                name
                for name in self.env["crm.lead"].with_user(self.seller).fields_get()
                if name
                in (
                    "pope_member_ids",
                    "pope_notification_ids",
                    "pope_followup_ids",
                    "pope_funding_ids",
                    "pope_checklist_ids",
                )
            ]
        )
