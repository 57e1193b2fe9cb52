from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from ..xlsx import caf_summary

# groups of key figures that tell how things stand today, whatever the year
NOT_OF_A_YEAR = ("_group_projects", "_group_stages")


class FinancialSummary(models.Model):
    """What the CAF asks for each year: who we are, the income statement, grants, activity, contributions in kind and
    what opened, with a control of each total."""

    _inherit = "pope.financial.summary"

    kind = fields.Selection(selection_add=[("caf", "CAF: income statement")], ondelete={"caf": "cascade"})
    agreement_number = fields.Char(
        help="Of the agreement with the CAF. Empty: the numbers of its funding files of the period.",
    )
    opening_count = fields.Integer(string="Openings", compute="_compute_projects")
    holder_count = fields.Integer(string="Project Holders", compute="_compute_projects")
    grant_count = fields.Integer(string="Grants", compute="_compute_projects")
    projects_html = fields.Html(string="Projects", compute="_compute_projects", sanitize=False)
    activity_html = fields.Html(string="Activity", compute="_compute_projects", sanitize=False)

    def _default_name(self, year):
        if self.kind != "caf":
            return super()._default_name(year)
        return self.env._("CAF summary %(year)s", year=year)

    def _kind_scope(self):
        return "company" if self.kind == "caf" else super()._kind_scope()

    def _asks_comments(self):
        return True if self.kind == "caf" else super()._asks_comments()

    @api.depends("live_figures", "frozen_figures", "state")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_projects(self):
        for summary in self:
            figures = summary._figures()
            values = {"projects": figures["projects"], "grants": figures["grants"], "currency": summary.currency_id}
            values |= {"activity": figures["activity"], "words": summary._figure_words, "summary": summary}
            summary.opening_count = len(figures["projects"]["openings"])
            summary.holder_count = figures["projects"]["holders"]
            summary.grant_count = len(figures["grants"])
            summary.projects_html = self.env["ir.qweb"]._render("pope_crm.summary_projects", values)
            summary.activity_html = self.env["ir.qweb"]._render("pope_crm.summary_activity", values)

    @api.model
    def _no_figures(self):
        return super()._no_figures() | {
            "identity": {},
            "projects": {"stages": [], "openings": [], "holders": 0},
            "grants": [],
            "activity": [],
            "in_kind": {"hours": 0.0, "rate": 0.0, "amount": 0.0},
        }

    def _compute_figures(self):
        if self.kind != "caf":
            return super()._compute_figures()
        figures, grants = self._statement_figures(), self._grants()
        return figures | {
            "controls": [*figures["controls"], self._grants_control(grants)],
            "identity": self._identity(),
            "grants": grants,
            "activity": self._activity(),
            "in_kind": self._in_kind(),
            "projects": self._projects(),
        }

    def _identity(self):
        """The association, as its papers name it."""
        company = self.company_id
        # sudo: the numbers of agreements, which the summary tells
        files = self.env["pope.funding"].sudo().search(self._grants_domain() & Domain("file_number", "!=", False))
        numbers = {file.file_number: None for file in files if file._funder_kind() == "family_fund"}
        place = " ".join(filter(None, (company.zip, company.city)))
        return {
            "name": company.name,
            "siret": company.company_registry or "",
            "rna": company.pope_rna or "",
            "address": ", ".join(filter(None, (company.street, company.street2, place))),
            "agreement": ", ".join(numbers),
        }

    def _activity(self):
        """The key figures of the period, as they may leave the house: small counts of persons are hidden."""
        period = (str(self.date_from), str(self.date_to))
        Figures = self.env["pope.figures"].with_company(self.company_id).with_context(pope_figures_period=period)
        Figures.env["pope.accompaniment"].check_access("read")
        makers = [make for make in Figures._groups() if make.__name__ not in NOT_OF_A_YEAR]
        made = [dict(zip(("title", "figures"), make(self.date_to.year), strict=True)) for make in makers]
        tables, mark = Figures._outgoing_tables({"groups": made}), self.env._("hidden")
        groups = []
        for group in made:
            told = [Figures._outgoing(figure, tables, mark) for figure in group["figures"]]
            rows = [
                {key: figure[key] for key in ("label", "value", "detail", "definition")}
                for figure in told
                if figure["value"] is not None
            ]
            if rows:
                groups.append({"title": group["title"], "rows": rows})
        return groups

    def _figure_words(self, value):
        return value if isinstance(value, str) else self.env["pope.figures"]._number_words(value)

    def _in_kind(self):
        """The hours that volunteers gave and what they are worth; nobody is named."""
        # sudo: the sum of the hours, not whose they are
        hours = self.env["pope.volunteer.time"].sudo()._hours_between(self.company_id, self.date_from, self.date_to)
        rate = self.company_id.pope_volunteer_rate
        total = round(hours.total(), 2) if hours else 0.0
        return {"hours": total, "rate": rate, "amount": self.currency_id.round(total * rate)}

    def _recipients(self):
        """Who handles our files at the CAF, else the CAF itself."""
        if self.kind != "caf":
            return super()._recipients()
        files = self.env["pope.funding"].search(self._grants_domain())
        files = files.filtered(lambda file: file._funder_kind() == "family_fund")
        return files.contact_id or files.partner_id

    # --- Workbook ---

    def _workbook_writers(self):
        return super()._workbook_writers() | {"caf": caf_summary.write}

    def _workbook_data(self, figures, frozen_on=None):
        data = super()._workbook_data(figures, frozen_on)
        if self.kind != "caf":
            return data
        return data | {
            "identity": self._workbook_identity(figures, data),
            "statement": self._workbook_statement(figures),
            "grants": self._workbook_grants(figures["grants"]),
            "activity": self._workbook_activity(figures),
            "in_kind": self._workbook_in_kind(figures),
            "openings": self._workbook_openings(figures["projects"]["openings"]),
            "controls": self._workbook_controls(figures),
        }

    def _workbook_identity(self, figures, data):
        identity = figures["identity"]
        if self.agreement_number:
            identity = identity | {"agreement": self.agreement_number}
        labels = {
            "name": self.env._("Association"),
            "siret": self.env._("SIRET"),
            "rna": self.env._("RNA Number"),
            "address": self.env._("Address"),
            "agreement": self.env._("Agreement Number"),
        }
        rows = [(label, identity.get(key) or "") for key, label in labels.items()]
        rows += [
            (self.env._("First day of the period"), self.date_from),
            (self.env._("Last day of the period"), self.date_to),
            (self.env._("State of the summary"), data["status"]),
            *((self.env._("Source"), words) for words, _warnings in self._source_words(figures)),
        ]
        if self.notes:
            rows.append((self.env._("Notes"), self.notes))
        return {"sheet": self.env._("Identity"), "rows": rows, "signature": self._workbook_signature()}

    def _workbook_activity(self, figures):
        stages = [[stage["name"], stage["count"]] for stage in figures["projects"]["stages"]]
        return {
            "sheet": self.env._("Activity"),
            "columns": [self.env._("Figure"), self.env._("Value"), self.env._("Detail"), self.env._("Definition")],
            "groups": [
                {
                    "title": group["title"],
                    "rows": [[row[key] for key in ("label", "value", "detail", "definition")] for row in group["rows"]],
                }
                for group in figures["activity"]
            ],
            "tables": [
                {
                    "title": self.env._("Projects by stage"),
                    "columns": [self.env._("Stage"), self.env._("Projects")],
                    "rows": stages,
                    "total": self.env._("Total"),
                    "summed": [1],
                }
            ],
        }

    def _workbook_in_kind(self, figures):
        rows, in_kind = {row["code"]: row for row in figures["rows"]}, figures["in_kind"]
        names = self._line_names(figures)
        told = [(self.env._("Volunteering noted"), in_kind["hours"], in_kind["rate"], None, in_kind["amount"])]
        told += [
            (names[row["code"]], None, None, row["code"], row["this_year"])
            for row in figures["rows"]
            if row["shown"] and row["section"] in ("in_kind_expense", "in_kind_income")
        ]
        grants, charges, uses = (rows.get(code, {}).get("this_year", 0.0) for code in ("p74", "total_c", "k86"))
        return {
            "sheet": self.env._("Contributions in kind"),
            "columns": [self.env._("Contribution"), self.env._("Hours"), self.env._("Rate"), self.env._("Amount")],
            "rows": told,
            "title": self.env._("Co-funding rate: grants over charges"),
            "rates": [
                (self.env._("Without contributions in kind"), None, grants / charges if charges else None),
                (
                    self.env._("With contributions in kind (86 and 87)"),
                    "k86",
                    grants / (charges + uses) if charges and charges + uses else None,
                ),
            ],
        }

    def _workbook_openings(self, openings):
        states = dict(self.env["crm.lead"]._fields["pope_district_state"]._description_selection(self.env))
        return {
            "sheet": self.env._("Open structures"),
            "columns": [
                self.env._("Type"),
                self.env._("Town"),
                self.env._("QPV"),
                self.env._("Places"),
                self.env._("Childminders"),
                self.env._("Jobs (full-time equivalent)"),
                self.env._("Opened on"),
            ],
            # places are told by their type and town: names of places are often those of persons
            "rows": [
                [
                    opening["type"],
                    opening["town"],
                    states.get(opening.get("district"), ""),
                    opening["places"],
                    opening.get("childminders", 0),
                    opening.get("jobs", 0.0),
                    fields.Date.to_date(opening["date"] or False),
                ]
                for opening in openings
            ],
            "total": self.env._("Total"),
            "summed": [3, 4, 5],
        }

    # --- Paper ---

    def _report_sections(self, data):
        if self.kind != "caf":
            return super()._report_sections(data)
        sections = [
            self._report_table(data["identity"]["sheet"], data["identity"] | {"columns": []}),
            self._report_statement(data["statement"]),
            self._report_table(data["grants"]["sheet"], data["grants"]),
            self._report_activity(data["activity"]),
            *(self._report_table(table["title"], table) for table in data["activity"]["tables"]),
            self._report_in_kind(data["in_kind"]),
            self._report_table(data["openings"]["sheet"], data["openings"]),
            *self._report_controls(data["controls"]),
        ]
        return [section for section in sections if section["rows"]]

    def _report_activity(self, part):
        rows = []
        for group in part["groups"]:
            rows.append({"cells": [group["title"], "", ""], "strong": True})
            for label, value, detail, _definition in group["rows"]:
                rows.append({"cells": [label, self._figure_words(value), detail]})
        return {"title": part["sheet"], "columns": part["columns"][:3], "rows": rows, "right": []}

    def _report_in_kind(self, part):
        rows = []
        for label, hours, rate, _code, amount in part["rows"]:
            worked = "" if hours is None else formatLang(self.env, hours, digits=2)
            worth = "" if rate is None else self._report_text(float(rate))
            rows.append({"cells": [label, worked, worth, self._report_text(float(amount))]})
        rows.append({"cells": [part["title"], "", "", ""], "strong": True})
        rows += [{"cells": [label, "", "", self._report_share(share)]} for label, _code, share in part["rates"]]
        return {"title": part["sheet"], "columns": part["columns"], "rows": rows, "right": [1, 2, 3]}

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
                    "district": lead.pope_district_state,
                    "places": lead.pope_places,
                    "childminders": lead.pope_childminder_count,
                    "jobs": lead.pope_job_count,
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
            "name": self.env._("Project holders"),
            "res_model": "pope.project.member",
            "view_mode": "list",
            "domain": list(self._holders_domain()),
            "context": {"group_by": "partner_id", "create": False},
        }
