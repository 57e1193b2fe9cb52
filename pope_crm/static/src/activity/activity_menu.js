import {ActivityMenu} from "@mail/core/web/activity_menu";
import {patch} from "@web/core/utils/patch";

patch(ActivityMenu.prototype, {
    /** The activities of projects open our own screen: Odoo opens the sales team's for every record of that model. */
    openActivityGroup(group, filter = "all", newWindow) {
        if (!group.pope_action) {
            return super.openActivityGroup(...arguments);
        }
        this.dropdown.close();
        const wanted = filter === "all" ? ["overdue", "today"] : [filter];
        const additionalContext = {force_search_count: 1, active_test: false};
        for (const name of wanted) {
            additionalContext[`search_default_activities_${name}`] = 1;
        }
        this.action.doAction(group.pope_action, {
            additionalContext,
            clearBreadcrumbs: true,
            newWindow,
            viewType: "list",
        });
    },
});
