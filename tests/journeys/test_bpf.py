"""The training and financial return from its gaps to the day it is filed; the board of the quality standard."""

from odoo.tests import tagged

from ..pope_training.common import MeetingCase
from ..pope_training.test_bpf import BpfCase
from .common import JourneyCase


class QualityJourney(JourneyCase, BpfCase):
    def setUp(self):
        super(MeetingCase, self).setUp()  # the browser lives today
        self.sessions = self.live_a_year()


@tagged("post_install", "-at_install")
class TestBpfJourney(QualityJourney):
    def test_from_gaps_to_filed(self):
        bpf = self.create_return()
        enrolment = self.enrolment(self.sessions[0], self.holders[0])
        enrolment.bpf_status = False
        self.walk(
            f"/odoo/bpf/{bpf.id}",
            """
            await find("[name=gaps_html]", "Stagiaires sans statut");
            const link = await find("[name=gaps_html] a", "Awa Diallo");  // opens in a tab of its own
            if (!link.href.endsWith("/odoo/stagiaires/RECORD")) { throw new Error(link.href); }
            """.replace("RECORD", str(enrolment.id)),
        )
        self.walk(f"/odoo/stagiaires/{enrolment.id}", 'await find(".o_field_widget[name=bpf_status]");')
        enrolment.bpf_status = "a"
        self.walk(
            f"/odoo/bpf/{bpf.id}",
            """
            await find("[name=gaps_html]", "Rien ne manque");
            await find("[name=line_ids]", "Conseils régionaux");
            await click("[name=line_ids] button[name=action_awards]");
            await find(".o_list_view, .o_kanban_view", "Formation des professionnelles");
            """,
        )
        self.walk(
            f"/odoo/bpf/{bpf.id}",
            """
            await click("button[name=action_check]");
            await find(".o_statusbar_status [aria-current], .o_arrow_button_current", "Contrôlé");
            """,
        )
        self.assertEqual(bpf.state, "checked")
        self.walk(
            f"/odoo/bpf/{bpf.id}",
            """
            const files = new DataTransfer();
            files.items.add(new File(["%PDF-1.4"], "accuse.pdf", { type: "application/pdf" }));
            const input = (await find("[name=receipt_ids]")).querySelector("input[type=file]");
            input.files = files.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
            await find("[name=receipt_ids]", "accuse.pdf");
            await click("button[name=action_file]");
            await click(".modal-footer .btn-primary");
            await find(".o_statusbar_status [aria-current], .o_arrow_button_current", "Déclaré");
            """,
            login=self.user_manager.login,
        )
        self.assertEqual(
            (bpf.state, bpf.receipt_ids.name, bpf.filed_user_id), ("filed", "accuse.pdf", self.user_manager)
        )


@tagged("post_install", "-at_install")
class TestBoardJourney(QualityJourney):
    def test_a_tile_opens_what_proves_it(self):
        self.create_session(self.at_class, [(self.today(), "morning")], self.odile, self.holders[:1])
        self.walk(
            "/odoo/preuves",
            """
            await click(".o_menu_sections .dropdown-toggle, .o_menu_sections a", "Qualité");
            await click(".dropdown-item", "Tableau Qualiopi");
            await find("[name=tiles_html]", "Information du public");
            await find("[name=tiles_html] a", "Analyse du besoin");
            """,
        )
        board = self.env["pope.quality.board"].search([("create_uid", "=", self.user_pope.id)], limit=1)
        tile = board.tile_ids.filtered(lambda tile: tile.number == 4)
        self.assertIn(f"/odoo/pope.quality.board.tile/{tile.id}", board.tiles_html)
        self.walk(
            f"/odoo/pope.quality.board.tile/{tile.id}",
            """
            await find(".o_field_widget[name=row_ids]", "Besoins et aménagements");
            await click("button[name=action_missing]");
            await find(".o_data_row", "Awa Diallo");
            """,
        )
