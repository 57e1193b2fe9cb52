from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..xlsx import caf_summary


class FinancialSummary(models.Model):
    """What the CAF asks for each year."""

    _inherit = "pope.financial.summary"

    kind = fields.Selection(selection_add=[("caf", "CAF: income statement")], ondelete={"caf": "cascade"})
    opening_count = fields.Integer(string="Openings", compute="_compute_projects")
    holder_count = fields.Integer(string="Persons Accompanied", compute="_compute_projects")
    projects_html = fields.Html(string="Projects", compute="_compute_projects", sanitize=False)

    def _default_name(self, year):
        if self.kind != "caf":
            return super()._default_name(year)
        return self.env._("CAF summary %(year)s", year=year)

    def _kind_scope(self):
        return "company" if self.kind == "caf" else super()._kind_scope()

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_projects(self):
        for summary in self:
            projects = summary._figures()["projects"]
            summary.opening_count = len(projects["openings"])
            summary.holder_count = projects["holders"]
            summary.projects_html = self.env["ir.qweb"]._render("pope_crm.summary_projects", {"projects": projects})

    @api.model
    def _no_figures(self):
        return super()._no_figures() | {"projects": {"stages": [], "openings": [], "holders": 0}}

    def _compute_figures(self):
        if self.kind != "caf":
            return super()._compute_figures()
        return self._statement_figures() | {"projects": self._projects()}

    # --- Workbook ---

    def _workbook_writers(self):
        return super()._workbook_writers() | {"caf": caf_summary.write}

    def _workbook_data(self, figures, frozen_on=None):
        data = super()._workbook_data(figures, frozen_on)
        if self.kind != "caf":
            return data
        return data | {
            "statement": self._workbook_statement(figures),
            "projects": self._workbook_projects(figures["projects"]),
            "controls": self._workbook_controls(figures),
        }

    def _workbook_projects(self, projects):
        stages = [(stage["name"], stage["count"]) for stage in projects["stages"]]
        openings = [
            (o["name"], o["type"], o["town"], o["places"], fields.Date.to_date(o["date"] or False))
            for o in projects["openings"]
        ]
        return {
            "sheet": self.env._("Projects"),
            "figures": [
                (self.env._("Persons accompanied in the period"), projects["holders"]),
                (self.env._("Places opened in the period"), sum(o["places"] for o in projects["openings"])),
                (self.env._("Openings of the period"), len(projects["openings"])),
            ],
            "stages": {
                "title": self.env._("Projects by stage"),
                "columns": [self.env._("Stage"), self.env._("Projects")],
                "rows": stages,
                "total": self.env._("Total"),
            },
            "openings": {
                "title": self.env._("Openings"),
                "columns": [
                    self.env._("Place"),
                    self.env._("Type"),
                    self.env._("Town"),
                    self.env._("Places"),
                    self.env._("Opened on"),
                ],
                "rows": openings,
            },
        }

    # --- Projects ---

    def _instants(self):
        """First instant of the period and first one after it, as naive UTC."""
        zone = pytz.timezone(self.company_id._pope_zone())
        return [
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        ]

    def _openings_domain(self):
        """Projects that opened in the period, those that closed since included."""
        dated = Domain("pope_opening_date", ">=", self.date_from) & Domain("pope_opening_date", "<=", self.date_to)
        opened = Domain("stage_id.is_won", "=", True) & Domain("active", "in", [True, False])
        return self._projects_domain() & opened & dated

    def _projects_domain(self):
        return Domain("type", "=", "project") & Domain("company_id", "=", self.company_id.id)

    def _holders_domain(self):
        """Holders on a project of the company that was not closed before the period, at some time within it."""
        start, end = self._instants()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("lead_id.type", "=", "project")
            & Domain("lead_id.create_date", "<", end)
            & (Domain("lead_id.date_closed", "=", False) | Domain("lead_id.date_closed", ">=", start))
            & (Domain("date_entry", "=", False) | Domain("date_entry", "<=", self.date_to))
            & (Domain("date_exit", "=", False) | Domain("date_exit", ">=", self.date_from))
        )

    def _projects(self):
        Lead = self.env["crm.lead"]
        counts = dict(Lead._read_group(self._projects_domain(), ["stage_id"], ["__count"]))
        stages = self.env["crm.stage"].search(
            [("team_ids.pope_lead_type", "=", "project"), ("team_ids.company_id", "=", self.company_id.id)]
        )
        openings = Lead.search(self._openings_domain(), order="pope_opening_date, id")
        holders = self.env["pope.project.member"]._read_group(
            self._holders_domain(), [], ["partner_id:count_distinct"]
        )[0][0]
        return {
            "stages": [{"id": stage.id, "name": stage.name, "count": counts.get(stage, 0)} for stage in stages],
            "openings": [
                {
                    "name": lead.name,
                    "type": lead.pope_structure_type_id.name or "",
                    "town": lead.pope_town_id.name or "",
                    "places": lead.pope_places,
                    "date": str(lead.pope_opening_date),
                }
                for lead in openings
            ],
            "holders": holders,
        }

    def action_openings(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.crm_lead_action_project")
        return action | {"name": self.env._("Openings"), "domain": list(self._openings_domain())}

    def action_holders(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Persons accompanied"),
            "res_model": "pope.project.member",
            "view_mode": "list",
            "domain": list(self._holders_domain()),
            "context": {"group_by": "partner_id", "create": False},
        }
