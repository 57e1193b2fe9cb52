"""Odoo's click-everywhere robot on all our menus, views and filters, in French, as each group; a record of each."""

import ast
import json

from odoo.tests import tagged

from ..journeys.common import WORDS, JourneyCase

ROBOT = "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader').startClickEverywhere('{menu}');"
OPEN = """
const opened = odoo.__WOWL_DEBUG__.root.env.services.action;
const calm = () => { if (seen(".o_error_dialog")) { throw new Error(document.querySelector(".modal").innerText); } };
for (const [model, view, record] of %s) {
    console.log(`Opening ${model}`);
    await opened.doAction(
        { type: "ir.actions.act_window", res_model: model, res_id: record, views: [[view, "form"]] },
        { clearBreadcrumbs: true },
    );
    await find(".o_form_view");
    calm();
    for (const tab of document.querySelectorAll(".o_form_view .o_notebook .nav-link")) {
        tab.click();
        await pause(200);
        calm();
    }
}
"""


@tagged("post_install", "-at_install")
class TestRobot(JourneyCase):
    allow_end_on_form = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # screens with figures need the right to see them
        (cls.user_pope + cls.user_manager + cls.user_sensitive).group_ids += cls.env.ref(
            "account.group_account_readonly"
        )

    def menus(self, user):
        """All menus of our apps that a user sees, by id."""
        seen = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        apps = [app for app in seen["root"]["children"] if seen[app]["xmlid"].startswith("pope_")]
        return apps, {menu: values for menu, values in seen.items() if menu != "root" and values["app_id"] in apps}

    def click_everywhere(self, user):
        apps, menus = self.menus(user)
        self.assertTrue(apps)
        for app in apps:
            self.browser_js(
                "/odoo",
                ROBOT.format(menu=menus[app]["xmlid"]),
                "odoo.isReady === true",
                login=user.login,
                timeout=1800,
                success_signal="clickbot test succeeded",
            )

    def test_as_a_member_of_the_team(self):
        self.click_everywhere(self.user_pope)

    def test_as_a_manager(self):
        self.click_everywhere(self.user_manager)

    def test_as_one_who_sees_sensitive_data(self):
        self.click_everywhere(self.user_sensitive)

    def test_a_record_of_each_screen_opens_with_all_its_tabs(self):
        for user in (self.user_pope, self.user_manager):
            _apps, menus = self.menus(user)
            records = []
            for menu in menus.values():
                if menu["action_model"] != "ir.actions.act_window":
                    continue
                action = self.env["ir.actions.act_window"].browse(menu["action_id"])
                form = next((view for view, kind in action.views if kind == "form"), None)
                domain = ast.literal_eval(action.domain or "[]") if "uid" not in (action.domain or "") else []
                record = self.env[action.res_model].with_user(user).search(domain, limit=1)
                if form is not None and record:
                    records.append([action.res_model, form, record.id])
            self.assertGreater(len({model for model, _view, _record in records}), 5)
            self.browser_js(
                "/odoo",
                WORDS % (OPEN % json.dumps(records)),
                "odoo.isReady === true",
                login=user.login,
                timeout=600,
            )
