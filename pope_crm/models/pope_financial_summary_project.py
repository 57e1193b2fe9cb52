import json

from odoo import api, fields, models
from odoo.tools import json_default

from .pope_budget import AMOUNTS
from .pope_budget import YEARS as FORECAST
from .pope_summary_line import PLAN, STATEMENT


class FinancialSummary(models.Model):
    """The file of one project that its holders bring to France Active: team, financing plan, three years, cash, grants
    and loans. Their association's money: nothing of it is in the books of the pole."""

    _inherit = "pope.financial.summary"

    kind = fields.Selection(
        selection_add=[("france_active_project", "France Active: file of a project")],
        ondelete={"france_active_project": "cascade"},
    )
    project_html = fields.Html(string="Project File", compute="_compute_project_html", sanitize=False)

    # --- The kind ---

    def _default_name(self, year):
        if self.kind != "france_active_project":
            return super()._default_name(year)
        return self.env._("France Active: %(project)s", project=self.lead_id.name or "")

    def _kind_scope(self):
        return "project" if self.kind == "france_active_project" else super()._kind_scope()

    @api.model
    def _no_figures(self):
        return super()._no_figures() | {
            "project": {},
            "team": [],
            "plan": {"rows": []},
            "forecast": {"rows": []},
            "project_grants": [],
            "project_loans": [],
        }

    def _compute_figures(self):
        if self.kind != "france_active_project":
            return super()._compute_figures()
        plan = self._budget_figures("plan", PLAN, AMOUNTS)
        figures = self._no_figures() | {
            "project": self._project_identity(),
            "team": self._project_team(),
            "plan": plan,
            "forecast": self._budget_figures("project", STATEMENT, FORECAST),
            "project_grants": self._project_grants(),
            "project_loans": self._project_loans(),
            "cash": self.lead_id._pope_cash_plan(),
        }
        figures["controls"] = self._project_controls(figures)
        # days as text: what is frozen is kept as JSON
        return json.loads(json.dumps(figures, default=json_default))

    # --- What it tells ---

    def _project_identity(self):
        lead = self.lead_id
        return {
            "name": lead.name,
            "type": lead.pope_structure_type_id.name or "",
            "town": lead.pope_town_id.name or "",
            "places": lead.pope_places,
            "opening": lead.pope_opening_date or lead.pope_opening_target or None,
            "holders": len(lead.pope_member_ids.filtered("is_present")),
        }

    def _project_team(self):
        members = self.lead_id.pope_member_ids.filtered("is_present")
        functions = dict(members._fields["function"]._description_selection(self.env))
        return [
            {
                "name": member.partner_id.name,
                "function": functions.get(member.function, ""),
                "since": member.date_entry or None,
                "accreditation": member.accreditation_date or None,
                "training": member.training_date or None,
                "first_aid": member.first_aid_date or None,
            }
            for member in members
        ]

    def _budget_figures(self, kind, sections, columns):
        """The last budget of that kind, on the lines of the form, totals added up."""
        budget = self.env["pope.budget"].search(
            [("kind", "=", kind), ("lead_id", "=", self.lead_id.id)], order="version desc, id desc", limit=1
        )
        lines = self.env["pope.summary.line"]._valid_on(self.date_to, sections) if budget else ()
        if not lines:
            return {"budget_id": budget.id or None, "rows": []}
        amounts = {column: dict.fromkeys(lines, 0.0) for column in columns}
        for line in budget.line_ids:
            for column in columns:
                if line.line_id in amounts[column]:
                    amounts[column][line.line_id] += line[column]
        components = lines._components()
        for column in columns:
            self._add_up(components, amounts[column])
        rows = [
            {
                "line_id": line.id,
                "code": line.code,
                "name": line.name,
                "section": line.section,
                "kind": line.kind,
                "heading": line.kind != "line" or not line.parent_id,
                "plus": plus.mapped("code"),
                "minus": minus.mapped("code"),
                **{column: self.currency_id.round(amounts[column][line]) for column in columns},
            }
            for line, (plus, minus) in components.items()
        ]
        used = {row["code"] for row in rows if row["kind"] in ("total", "result") or any(row[key] for key in columns)}
        return {"budget_id": budget.id, "rows": [row for row in rows if row["code"] in used]}

    def _project_grants(self):
        fundings = self.env["pope.funding"].search([("lead_id", "=", self.lead_id.id)], order="date_decision, id")
        states = dict(fundings._fields["state"]._description_selection(self.env))
        return [
            {
                "funding_id": funding.id,
                "funder": funding.partner_id.name,
                "purpose": funding.name,
                "state": states[funding.state],
                "asked": funding.amount_asked,
                **funding._money_on(self.date_as_of),
            }
            for funding in fundings
        ]

    def _project_loans(self):
        loans = self.env["pope.loan"].search(
            [("lead_id", "=", self.lead_id.id), ("state", "in", ("requested", "granted", "repaid"))],
            order="date_start, id",
        )
        return loans._schedule_as_of(self.date_as_of)

    def _project_controls(self, figures):
        """A plan finds its resources, and each schedule pays back its loan."""
        controls = []
        totals = {row["section"]: row for row in figures["plan"]["rows"] if row["kind"] == "total"}
        if len(totals) == 2:
            need, resource = totals["need"], totals["resource"]
            controls.append(self._pair("plan", need["code"], need["amount"], resource["amount"]))
        for loan in figures["project_loans"]:
            capital = sum(line["capital"] for line in loan["lines"])
            controls.append(self._pair("schedule", False, capital, loan["capital"]) | {"loan": loan["name"]})
        return controls

    def _pair(self, check, code, statement, ledger):
        return {
            "check": check,
            "year": "this_year",
            "code": code,
            "statement": self.currency_id.round(statement),
            "ledger": self.currency_id.round(ledger),
            "ok": self.currency_id.is_zero(statement - ledger),
        }

    # --- Screen ---

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_project_html(self):
        for summary in self:
            values = {"summary": summary, "figures": summary._figures(), "currency": summary.currency_id}
            shown = summary.kind == "france_active_project"
            summary.project_html = shown and self.env["ir.qweb"]._render("pope_crm.summary_project_file", values)

    def action_project_budgets(self):
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_budget_action")
        return action | {
            "domain": [("lead_id", "=", self.lead_id.id)],
            "context": {"default_lead_id": self.lead_id.id, "default_kind": "plan"},
        }

    def action_project_fundings(self):
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_funding_action")
        return action | {
            "domain": [("lead_id", "=", self.lead_id.id)],
            "context": {"default_lead_id": self.lead_id.id},
        }

    def action_project_loans(self):
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_loan_action")
        return action | {
            "domain": [("lead_id", "=", self.lead_id.id)],
            "context": {"default_lead_id": self.lead_id.id},
        }
