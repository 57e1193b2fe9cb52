"""The dashboard of the key figures opens, in French, with figures from our records."""

import json

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestDashboardJourney(JourneyCase):
    def test_the_dashboard_opens_from_the_key_figures(self):
        project = self.create_project("MAM des Goélands")
        self.env["pope.interaction"].create({"kind": "visit", "lead_id": project.id, "minutes": 90})
        self.walk(
            "/odoo/chiffres-cles",
            """
            await click(".o_pope_figures button", "Tableau de bord");
            await find(".o-spreadsheet canvas, .o_renderer canvas");
            await find(".o-scorecard, .o-figure canvas");
            for (let attempt = 0; attempt < 120 && document.querySelectorAll(".o-figure").length < 12; attempt++) {
                await pause();
            }
            if (document.querySelectorAll(".o-figure").length < 12) { throw new Error("figures are missing"); }
            await pause(1500);
            """,
        )

    def test_only_the_team_has_it_and_nobody_in_it_is_told_apart(self):
        dashboard = self.env.ref("pope_crm.dashboard_figures")
        self.assertEqual(dashboard.group_ids, self.env.ref("pope_crm.group_pope_user"))
        outsider = self._new_user("outsider", "base.group_user")
        found = self.env["spreadsheet.dashboard"].with_user(outsider).search([("id", "=", dashboard.id)])
        self.assertFalse(found)
        data = json.loads(dashboard.with_user(self.user_pope).spreadsheet_data)
        for pivot in data["pivots"].values():
            self.assertFalse(pivot["model"] == "pope.accompaniment" and pivot["rows"])
            fields = {measure["fieldName"] for measure in pivot["measures"]} - {"__count"}
            self.assertLessEqual(fields, set(self.env[pivot["model"]]._fields))
        for figure in data["sheets"][0]["figures"]:
            if meta := figure["data"].get("metaData"):
                names = {name.split(":")[0] for name in meta["groupBy"]} | ({meta["measure"]} - {"__count"})
                self.assertLessEqual(names, set(self.env[meta["resModel"]]._fields))
