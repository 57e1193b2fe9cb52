"""The list of a prescriber, then a day that moves: one gesture, and the e-mail is read before it leaves."""

from odoo.tests import tagged

from .test_path import PathJourneyCase


@tagged("post_install", "-at_install")
class TestDiscoveryChangeJourney(PathJourneyCase):
    def test_a_list_is_enrolled_and_the_day_moves(self):
        house = self.env["res.partner"].create(
            {"name": "Mission locale du Nord", "is_company": True, "email": "accueil@mission.example.org"}
        )
        day = self.create_day(9)
        before = day.date_begin
        self.walk(
            f"/odoo/journees-decouverte/{day.id}",
            """
            await click(".o_statusbar_buttons button", "Inscrire une liste");
            await choose(".modal .o_field_widget[name=prescriber_id] input", "Mission", "Mission locale du Nord");
            await write(".modal .o_field_widget[name=text] textarea",
                "Lina Faure; lina.faure@example.org\\nLina Faure; lina.faure@example.org\\nOmar Sy; 06 11 22 33 44");
            await find(".modal .o_field_widget[name=line_ids] .o_data_row", "deux fois dans la liste");
            await click(".modal button", "Inscrire ces personnes");
            await gone(".modal");
            await find(".o_field_x2many_list .o_data_row", "Omar Sy");
            await click(".o_statusbar_buttons button", "Reporter ou annuler");
            await find(".modal .o_field_widget[name=people]", "Lina Faure");
            await find(".modal .o_field_widget[name=unreached]", "Omar Sy");
            await find(".modal .o_field_widget[name=senders]", "Mission locale du Nord");
            await click(".modal .o_field_widget[name=gesture] label", "Annuler");
            await write(".modal .o_field_widget[name=reason] input", "Grève des transports");
            await click(".modal button", "Lire d'abord le message");
            await find(".modal .o_field_widget[name=body]", "n'aura pas lieu");
            await click(".modal button", "Faire et prévenir");
            await gone(".modal");
            await find(".ribbon", "Annul");
            """,
        )
        self.assertEqual((day.kanban_state, day.date_begin), ("cancel", before))
        rows = self.env["pope.notification"].search(
            [("event_id", "=", day.id), ("rule_id.trigger", "=", "discovery_called_off")]
        )
        self.assertEqual(rows.filtered("session_id").partner_id, house)
        self.assertEqual(len(rows.filtered("enrolment_id")), 2, "a person twice in the list is one")
