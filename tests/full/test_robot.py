"""Odoo's click-everywhere robot on all our menus, views and filters, in French, as each of our groups."""

from odoo.tests import tagged

from ..journeys.common import JourneyCase

ROBOT = "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader').startClickEverywhere('{menu}');"


@tagged("post_install", "-at_install")
class TestRobot(JourneyCase):
    allow_end_on_form = True

    def click_everywhere(self, login):
        user = self.env["res.users"].search([("login", "=", login)])
        # a screen with figures needs the right to see them
        user.group_ids += self.env.ref("account.group_account_readonly")
        apps = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        ours = [apps[app]["xmlid"] for app in apps["root"]["children"] if apps[app]["xmlid"].startswith("pope_")]
        self.assertTrue(ours)
        for menu in ours:
            self.browser_js(
                "/odoo",
                ROBOT.format(menu=menu),
                "odoo.isReady === true",
                login=login,
                timeout=1800,
                success_signal="clickbot test succeeded",
            )

    def test_as_a_member_of_the_team(self):
        self.click_everywhere("pope_user")

    def test_as_a_manager(self):
        self.click_everywhere("pope_manager")

    def test_as_one_who_sees_sensitive_data(self):
        self.click_everywhere("pope_sensitive")
