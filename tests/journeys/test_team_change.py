"""The people of a project change: one leaves, some leave for their own project, two projects become one."""

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestTeamChangeJourney(JourneyCase):
    def test_leave_split_and_reunite(self):
        project = self.create_project("MAM des Quatre Vents", holders=self.holders)
        self.walk(
            f"/odoo/projets/{project.id}",
            """
            await click(".o_notebook .nav-link", "Porteurs");
            const row = await find("[name=pope_member_ids] .o_data_row", "Chloé Martin");
            [...row.querySelectorAll("button")].find((button) => button.textContent.includes("Quitte")).click();
            await write(".modal [name=note] textarea", "Reprend un emploi.");
            await click(".modal button[name=action_leave]");
            await gone(".modal");
            await find("[name=pope_member_ids] .o_data_row", "Revient");

            await click("button[name=action_pope_split]");
            await click(".modal [name=member_ids] .form-check-label", "Nadia Benali");
            await write(".modal [name=name] input", "Micro-crèche du Ponant");
            await click(".modal button[name=action_split]");
            await gone(".modal");
            await find(".o_form_view [name=name] input, .o_form_view [name=name] textarea", "Micro-crèche du Ponant");
            await click(".o_notebook .nav-link", "Porteurs");
            await find("[name=pope_origin_id] a", "MAM des Quatre Vents");
            """,
        )
        new = project.pope_offshoot_ids
        self.assertEqual(new.pope_holder_ids, self.holders[1])
        self.assertEqual(project.pope_holder_ids, self.holders[0])
        self.assertEqual(set(self.rows(new).mapped("reason")), {"split"})
        self.walk(
            f"/odoo/projets/{new.id}",
            """
            await click(".o_notebook .nav-link", "Porteurs");
            await click("button[name=action_pope_merge]");
            const others = await find(".modal [name=lead_ids] input");
            others.focus();
            others.click();
            others.value = "Quatre Vents";
            others.dispatchEvent(new InputEvent("input", { bubbles: true }));
            await click(".o-autocomplete--dropdown-item a", "MAM des Quatre Vents");
            await find(".modal [name=lead_ids] .o_tag", "MAM des Quatre Vents");
            others.blur();
            const title = await find(".modal .modal-title");
            title.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
            await gone(".o-autocomplete--dropdown-menu");
            await write(".modal [name=lead_id] input", "Quatre");
            await click(".modal [name=lead_id] .o-autocomplete--dropdown-item a", "MAM des Quatre Vents");
            await click(".modal button[name=action_merge]");
            await gone(".modal");
            await find(".o_form_view [name=name] input, .o_form_view [name=name] textarea", "MAM des Quatre Vents");
            """,
        )
        self.assertFalse(new.exists())
        self.assertEqual(project.pope_holder_ids, self.holders[:2])
