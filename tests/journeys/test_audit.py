"""An audit from its finding to the day it is lifted; the placement of a group, told and used."""

from odoo.tests import tagged

from ..pope_training.test_audit import AuditCase
from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestAuditJourney(JourneyCase, AuditCase):
    def setUp(self):
        super(JourneyCase, self).setUp()  # the browser lives today
        self.env["pope.quality.audit"].search([]).unlink()  # of the demo

    def test_from_a_minor_finding_to_the_day_it_is_lifted(self):
        audit = self.audit(date=self.today(), certifier_id=self.holders[2].id)
        audit.action_held()
        self.walk(
            f"/odoo/audits/{audit.id}",
            """
            await click("[name=finding_ids] .o_field_x2many_list_row_add a");
            await choose(".modal [name=indicator_id] input", "appréciations", "30");
            await write(".modal [name=description] textarea", "Les financeurs ne sont pas interrogés");
            await click(".modal .o_form_button_save");
            await find("[name=finding_ids] .o_data_row", "Les financeurs");
            await click(".o_form_button_save");
            await find(".o_form_status_indicator_buttons.invisible");
            """,
        )
        finding = audit.finding_ids
        self.assertEqual((finding.number, finding.severity, finding.state), (30, "minor", "open"))
        self.walk(
            f"/odoo/audits/{audit.id}",
            """
            await click("button[name=action_close]");
            await find(".modal, .o_notification", "encore ouverts");
            """,
        )
        self.walk(
            f"/odoo/pope.quality.finding/{finding.id}",
            """
            await click("button[name=action_improve]");
            await find("[name=name] input, [name=name] textarea", "Les financeurs");
            await click("button[name=action_done]");
            await find(".o_statusbar_status [aria-current], .o_arrow_button_current", "effet à vérifier");
            """,
        )
        self.assertEqual((finding.action_id.source, finding.action_id.state), ("audit", "done"))
        self.walk(
            f"/odoo/pope.quality.finding/{finding.id}",
            """
            await write("[name=proof] textarea", "Enquête envoyée aux six financeurs");
            await click("button[name=action_lift]");
            await find(".o_statusbar_status [aria-current], .o_arrow_button_current", "Levé");
            """,
        )
        self.assertEqual((finding.state, finding.date_lifted), ("lifted", self.today()))
        self.walk(
            f"/odoo/audits/{audit.id}",
            """
            await click("button[name=action_close]");
            await find(".o_statusbar_status [aria-current], .o_arrow_button_current", "Clos");
            """,
        )
        self.assertEqual(audit.state, "closed")
