from collections import Counter, defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

SURVIVAL_MONTHS = (12, 36)
OPENING_VIEWS = ("pope_crm.crm_lead_view_list_opening", "pope_crm.crm_lead_view_form_project")
OPENING_MEASURES = {
    "places": "pope_places",
    "childminders": "pope_childminder_count",
    "jobs": "pope_job_count",
}


class Figures(models.AbstractModel):
    """The year's figures: each is counted when it is asked for, says how, and opens the records that make it.

    A group is a method that returns a title and its figures; other add-ons add theirs by extending `_groups`.
    Figures are those of the current company. The number of queries does not depend on the number of records.
    """

    _name = "pope.figures"
    _description = "Key Figures"

    @api.model
    @api.readonly
    def get_page(self, year=False):
        """The figures of a year.

        :param int year: this year when empty
        :return: dict: year, years (those that may be chosen), company, groups (list of dicts: title, figures)
        """
        self.env["pope.accompaniment"].check_access("read")
        year = self._check_year(year)
        return {
            "year": year,
            "years": self._years(),
            "company": self.env.company.name,
            "groups": [dict(zip(("title", "figures"), make(year), strict=True)) for make in self._groups()],
        }

    @api.model
    def _groups(self):
        """Methods that each make one group of figures from a year, in the order of the page."""
        return [
            self._group_people,
            self._group_accompaniment,
            self._group_openings,
            self._group_survival,
            self._group_projects,
            self._group_stages,
            self._group_pole,
        ]

    @api.model
    def _check_year(self, year):
        year = year or fields.Date.context_today(self).year
        if not isinstance(year, int) or not 1901 <= year <= 9998:
            raise UserError(self.env._("Choose a year in the list."))
        return year

    @api.model
    def _years(self):
        """From the first act or published total to this year, the last one first."""
        today = fields.Date.context_today(self)
        ours = [("company_id", "=", self.env.company.id)]
        ((first_act,),) = self.env["pope.accompaniment"]._read_group(ours, [], ["date:min"])
        ((first_total,),) = self.env["pope.opening.figure"]._read_group(ours, [], ["date:min"])
        first = min(day.year for day in (first_act, first_total, today) if day)
        return list(range(today.year, first - 1, -1))

    # --- What figures are made of ---

    @api.model
    def _figure(self, code, label, definition, value, model=None, domain=None, **options):
        """One figure.

        :param str definition: what it counts, in words that a funder understands
        :param value: a number, or a text; None when nothing is known
        :param model, domain: the records that it counts
        :param options: detail, words that stand beside it; people, whether it counts persons; known, the fewest
            persons that could be deduced from it; total_of, the code of the table whose total it is; views, as in
            `_figure_views`; rows, columns and corner for a table, made of `_cell`s
        """
        figure = {"code": code, "label": label, "definition": definition, "detail": False, "people": False}
        return {**figure, **self._cell(value, model, domain, label, options.pop("views", None)), **options}

    @api.model
    def _cell(self, value, model=None, domain=None, title="", views=None):
        """A value and the window on the records that make it."""
        if not model:
            return {"value": value, "action": False}
        views = views or self._figure_views().get(model, (False, False))
        list_id, form_id = (view and self.env["ir.model.data"]._xmlid_to_res_id(view) for view in views)
        return {
            "value": value,
            "action": {
                "type": "ir.actions.act_window",
                "name": title,
                "res_model": model,
                "views": [(list_id or False, "list"), (form_id or False, "form")],
                "domain": domain,
                # closed projects, and persons who left, count as well
                "context": {"active_test": False, "create": False},
            },
        }

    @api.model
    def _figure_views(self):
        """The list and the form of a model whose first ones are not ours."""
        return {"crm.lead": ("pope_crm.crm_lead_view_list_project", "pope_crm.crm_lead_view_form_project")}

    @api.model
    def _bounds(self, year):
        """First and last day of the year; of a financial year that the context tells, for summaries."""
        if period := self.env.context.get("pope_figures_period"):
            return period
        return fields.Date.to_string(date(year, 1, 1)), fields.Date.to_string(date(year, 12, 31))

    @api.model
    def _ours(self, *conditions):
        return [("company_id", "=", self.env.company.id), *conditions]

    @api.model
    def _within(self, field, year):
        start, end = self._bounds(year)
        return [(field, ">=", start), (field, "<=", end)]

    @api.model
    def _accompanied(self, *conditions):
        """Persons with an act of accompaniment that meets the conditions."""
        return [("pope_accompaniment_ids", "any", self._ours(*conditions))]

    @api.model
    def _published(self, year):
        """Totals older than the tool that count up to a day of the year or before, by figure and structure type."""
        _start, end = self._bounds(year)
        totals = self.env["pope.opening.figure"].search(self._ours(("date", "<=", end)))
        return {(total.figure, total.structure_type_id): total for total in totals}

    @api.model
    def _since(self, field, year, total):
        """Up to the end of the year, less what a published total counts already."""
        _start, end = self._bounds(year)
        later = [(field, ">", fields.Date.to_string(total.date))] if total else []
        return [(field, "<=", end), *later]

    @api.model
    def _published_words(self, total):
        return total and self.env._(
            "of which %(value)s from “%(origin)s”, up to %(date)s",
            value=self._number_words(total.value),
            date=format_date(self.env, total.date),
            origin=total.source,
        )

    @api.model
    def _number_words(self, number):
        return formatLang(self.env, number, digits=0 if float(number).is_integer() else 2)

    # --- Persons ---

    @api.model
    def _group_people(self, year):
        Partner = self.env["res.partner"].with_context(active_test=False)
        total = self._published(year).get(("accompanied", self.env["pope.structure.type"]))
        new = self._accompanied(*self._within("first_date", year))
        active = self._accompanied(*self._within("date", year))
        since = self._accompanied(*self._since("first_date", year, total))
        contacts = self._first_contacts(year)
        homes = Partner._read_group(active, ["pope_town_id", "pope_district_state"], ["__count"])
        # new persons and those since the beginning in one look: each has one first day
        start, end = map(fields.Date.to_date, self._bounds(year))
        firsts = self.env["pope.accompaniment"]._read_group(
            self._ours(("first_date", "<=", end)), ["first_date:day"], ["partner_id:count_distinct"]
        )
        known = sum(count for day, count in firsts if not total or day > total.date)
        came = sum(count for day, count in firsts if day >= start)
        act = self.env._(
            "A person is accompanied by an exchange held, an information meeting attended, a project that came to "
            "Diagnosis or beyond, or a training followed; never by a first contact or an e-mail alone. A person counts "
            "once, whatever their acts and their projects; who works for an authority, a funder or a partner does not "
            "count."
        )
        return self.env._("Persons"), [
            self._figure(
                "people_new",
                self.env._("New persons accompanied in the year"),
                self.env._("Distinct persons whose very first act of accompaniment is in the year.") + " " + act,
                came,
                "res.partner",
                new,
                people=True,
            ),
            self._figure(
                "people_active",
                self.env._("Persons accompanied in the year"),
                self.env._("Distinct persons with at least one act of accompaniment in the year.") + " " + act,
                sum(count for _town, _state, count in homes),
                "res.partner",
                active,
                people=True,
                total_of="people_homes",
            ),
            self._figure(
                "people_since",
                self.env._("Persons accompanied since the beginning"),
                self.env._(
                    "Distinct persons whose first act of accompaniment is in the year or before, added to the total "
                    "that was published before the tool; persons whose first act is within that total are not added "
                    "again. The list shows those that the tool adds."
                )
                + " "
                + act,
                known + (int(total.value) if total else 0),
                "res.partner",
                since,
                detail=self._published_words(total),
                people=True,
                # few new persons would be told by the total of last year's figure
                known=min(known, came or known),
            ),
            self._figure(
                "first_contacts",
                self.env._("First contacts of the year"),
                self.env._(
                    "Distinct persons who joined a project in the year and none before, by the day they joined, "
                    "whether they were accompanied or not."
                ),
                Partner.search_count(contacts),
                "res.partner",
                contacts,
                people=True,
            ),
            self._figure_homes(homes, active),
        ]

    @api.model
    def _first_contacts(self, year):
        """Extended by the add-ons through which people come first."""
        start, end = self._bounds(year)
        joined = self._ours(("date_entry", ">=", start), ("date_entry", "<=", end))
        before = self._ours(("date_entry", "<", start))
        return [
            ("is_company", "=", False),
            ("pope_member_ids", "any", joined),
            ("pope_member_ids", "not any", before),
        ]

    @api.model
    def _figure_homes(self, homes, active):
        """Persons accompanied in the year, by the town they live in and by QPV."""
        states = dict(self.env["res.partner"]._fields["pope_district_state"]._description_selection(self.env))
        by_town = defaultdict(Counter)
        for town, state, count in homes:
            by_town[town][state] += count
        columns = Counter()
        rows = []
        for town, counts in sorted(by_town.items(), key=lambda item: (not item[0], -item[1].total(), item[0].name)):
            columns.update(counts)
            here = [*active, ("pope_town_id", "=", town.id)]
            name = town.name or self.env._("Town not known")
            rows.append(
                {
                    "label": name,
                    "cells": [
                        self._cell(counts[state], "res.partner", [*here, ("pope_district_state", "=", state)], name)
                        for state in states
                    ]
                    + [self._cell(counts.total(), "res.partner", here, name)],
                }
            )
        cells = [
            self._cell(columns[state], "res.partner", [*active, ("pope_district_state", "=", state)], label)
            for state, label in states.items()
        ]
        total = self._cell(columns.total(), "res.partner", active, self.env._("Persons accompanied in the year"))
        rows.append({"label": self.env._("Total"), "cells": [*cells, total], "strong": True})
        checked = columns["in"] + columns["out"]
        return self._figure(
            "people_homes",
            self.env._("Where the persons accompanied in the year live"),
            self.env._(
                "Persons accompanied in the year, by the town of their present address and by whether it is in a "
                "priority district (QPV). An address that nobody checked is neither in nor out: shares are out of the "
                "addresses checked."
            ),
            self._share_words(columns["in"], checked, columns["unchecked"]),
            people=True,
            corner=self.env._("Town"),
            columns=[*states.values(), self.env._("Total")],
            rows=rows,
        )

    @api.model
    def _share_words(self, inside, checked, unchecked):
        if not checked:
            return self.env._("No address checked (%(unchecked)s not checked)", unchecked=unchecked)
        return self.env._(
            "%(percent)s %% in a QPV: %(inside)s out of %(checked)s addresses checked (%(unchecked)s not checked)",
            percent=round(100 * inside / checked),
            inside=inside,
            checked=checked,
            unchecked=unchecked,
        )

    # --- Hours ---

    @api.model
    def _group_accompaniment(self, year):
        Accompaniment = self.env["pope.accompaniment"]
        exchanges = self._ours(*self._within("date", year))
        ((count, hours),) = self.env["pope.interaction"]._read_group(exchanges, [], ["__count", "hours:sum"])
        acts = self._ours(*self._within("date", year))
        towns = [town.id for (town,) in Accompaniment._read_group([*acts, ("town_id", "!=", False)], ["town_id"])]
        return self.env._("Accompaniment"), [
            self._figure(
                "exchanges",
                self.env._("Exchanges held in the year"),
                self.env._("Appointments, calls, visits and meetings noted, each once however many people took part."),
                count,
                "pope.interaction",
                exchanges,
            ),
            self._figure(
                "hours",
                self.env._("Hours of accompaniment in the year"),
                self.env._(
                    "Duration of the exchanges of the year, each once however many people took part. Preparation, "
                    "information meetings and trainings are not in it."
                ),
                round(hours or 0.0, 2),
                "pope.interaction",
                exchanges,
            ),
            self._figure(
                "towns",
                self.env._("Towns reached in the year"),
                self.env._(
                    "Distinct towns of the acts of accompaniment of the year: that of the project, or the one where "
                    "the person lives when there is no project."
                ),
                len(towns),
                "pope.town",
                [("id", "in", towns)],
            ),
        ]

    # --- Openings ---

    @api.model
    def _opened(self, *conditions):
        return self._ours(("type", "=", "project"), ("won_status", "=", "won"), *conditions)

    @api.model
    def _group_openings(self, year):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        Type = self.env["pope.structure.type"]
        published = self._published(year)
        totals = {kind: total for (figure, kind), total in published.items() if figure == "openings"}
        opened = self._opened(*self._within("pope_opening_date", year))
        measures = [f"{name}:sum" for name in OPENING_MEASURES.values()]
        groups = Lead._read_group(opened, ["pope_structure_type_id"], ["__count", *measures])
        in_year = {kind: count for kind, count, *_sums in groups}
        before = self._since("pope_opening_date", year, None)
        # what is within the published total of its type is not added again
        added = Domain("pope_structure_type_id", "not in", [kind.id for kind in totals]) | Domain.OR(
            Domain("pope_structure_type_id", "=", kind.id) & Domain("pope_opening_date", ">", total.date)
            for kind, total in totals.items()
        )
        since = dict(Lead._read_group(added & Domain(self._opened(*before)), ["pope_structure_type_id"], ["__count"]))
        rows = []
        for kind in sorted({*in_year, *since, *totals}, key=lambda kind: (not kind, kind.sequence, kind.id)):
            total = totals.get(kind)
            name = kind.name or self.env._("Type not known")
            of_kind = ("pope_structure_type_id", "=", kind.id)
            here = self._opened(of_kind, *self._since("pope_opening_date", year, total))
            rows.append(
                {
                    "label": name,
                    "detail": self._published_words(total),
                    "cells": [
                        self._cell(in_year.get(kind, 0), "crm.lead", [*opened, of_kind], name, OPENING_VIEWS),
                        self._cell(
                            since.get(kind, 0) + (int(total.value) if total else 0),
                            "crm.lead",
                            here,
                            name,
                            OPENING_VIEWS,
                        ),
                    ],
                }
            )
        sums = {name: sum(group[2 + index] or 0 for group in groups) for index, name in enumerate(OPENING_MEASURES)}
        places = Lead._read_group(self._opened(*before), ["pope_district_state"], ["__count"])
        shares = dict(places)
        figures = [
            self._figure(
                "openings",
                self.env._("Places that opened"),
                self.env._(
                    "Projects in the last stage, by the day they opened. Since the beginning: up to the end of the "
                    "year, added to the total published before the tool for the type; the list shows those that the "
                    "tool adds."
                ),
                sum(in_year.values()),
                "crm.lead",
                opened,
                views=OPENING_VIEWS,
                detail=self.env._("%(count)s since the beginning", count=sum(row["cells"][1]["value"] for row in rows)),
                corner=self.env._("Type"),
                columns=[self.env._("In the year"), self.env._("Since the beginning")],
                rows=rows,
            )
        ]
        words = {
            "places": (
                self.env._("Childcare places opened"),
                self.env._("Places of the projects that opened in the year, as typed at the opening."),
            ),
            "childminders": (
                self.env._("Childminders at work in what opened"),
                self.env._("Childminders of the projects that opened in the year."),
            ),
            "jobs": (
                self.env._("Jobs created (full-time equivalent)"),
                self.env._("Jobs of the projects that opened in the year, childminders not counted."),
            ),
        }
        for code, (label, definition) in words.items():
            field = OPENING_MEASURES[code]
            total = published.get((code, Type))
            ((later,),) = Lead._read_group(
                self._opened(*self._since("pope_opening_date", year, total)), [], [f"{field}:sum"]
            )
            count = (later or 0) + (total.value if total else 0)
            detail = self.env._("%(count)s since the beginning", count=self._number_words(count))
            figures.append(
                self._figure(
                    code,
                    label,
                    definition + " " + self.env._("Since the beginning: with the total published before the tool."),
                    round(sums[code], 2),
                    "crm.lead",
                    [*opened, (field, ">", 0)],
                    views=OPENING_VIEWS,
                    detail=", ".join(filter(None, (detail, self._published_words(total)))),
                )
            )
        inside = self._opened(*before, ("pope_district_state", "=", "in"))
        figures.append(
            self._figure(
                "places_district",
                self.env._("Open places located in a QPV"),
                self.env._(
                    "Projects of the tool that opened in the year or before whose chosen premises are in a priority "
                    "district, out of those whose premises were checked. Not to be added to the persons who live "
                    "in one."
                ),
                shares.get("in", 0),
                "crm.lead",
                inside,
                views=OPENING_VIEWS,
                detail=self._share_words(
                    shares.get("in", 0), shares.get("in", 0) + shares.get("out", 0), shares.get("unchecked", 0)
                ),
            )
        )
        return self.env._("Openings"), figures

    # --- Survival ---

    @api.model
    def _group_survival(self, year):
        _start, end = self._bounds(year)
        limit = min(end, fields.Date.to_string(fields.Date.context_today(self)))
        due = self._ours(("months", "in", SURVIVAL_MONTHS), ("state", "!=", "withdrawn"), ("date_due", "<=", limit))
        counts = Counter()
        for months, state, status, count in self.env["pope.followup"]._read_group(
            due, ["months", "state", "status"], ["__count"]
        ):
            counts[months, "due"] += count
            if state == "answered" and status:
                counts[months, "known"] += count
                counts[months, "open"] += count * (status != "closed")
        rows = []
        for months in SURVIVAL_MONTHS:
            here = [*due, ("months", "=", months)]
            known = [*here, ("state", "=", "answered"), ("status", "!=", False)]
            name = self.env._("M+%(months)s", months=months)
            cells = {"open": [*known, ("status", "!=", "closed")], "known": known, "due": here}
            rows.append(
                {
                    "label": name,
                    "cells": [
                        self._cell(counts[months, key], "pope.followup", domain, name) for key, domain in cells.items()
                    ],
                }
            )
        return self.env._("Survival"), [
            self._figure(
                "survival",
                self.env._("Places still open"),
                self.env._(
                    "Follow-ups whose day came by the end of the year. Known: those that were answered, by the form or "
                    "by phone. Still open: the place is open, here or at another address. The rate is out of the "
                    "answers known: a place that did not answer is neither open nor closed."
                ),
                " · ".join(self._survival_words(row["label"], row["cells"]) for row in rows),
                corner=self.env._("After the opening"),
                columns=[self.env._("Still open"), self.env._("Answers known"), self.env._("Due")],
                rows=rows,
            )
        ]

    @api.model
    def _survival_words(self, label, cells):
        still, known, _due = (cell["value"] for cell in cells)
        return f"{label} : {round(100 * still / known)} %" if known else f"{label} : —"

    # --- Projects ---

    @api.model
    def _group_projects(self, year):
        """As they are now, whatever the year: the past is in the time by stage."""
        ongoing = self._ours(("type", "=", "project"), ("active", "=", True), ("won_status", "=", "pending"))
        groups = self.env["crm.lead"]._read_group(ongoing, ["stage_id", "pope_structure_type_id"], ["__count"])
        kinds = self.env["pope.structure.type"].union(*(kind for _stage, kind, _count in groups)).sorted()
        columns = [*kinds, *({kind for _stage, kind, _count in groups} - set(kinds))]
        by_stage = defaultdict(Counter)
        for stage, kind, count in groups:
            by_stage[stage][kind] += count
        rows = []
        for stage, counts in by_stage.items():
            here = [*ongoing, ("stage_id", "=", stage.id)]
            rows.append(
                {
                    "label": stage.name,
                    "cells": [
                        self._cell(
                            counts[kind], "crm.lead", [*here, ("pope_structure_type_id", "=", kind.id)], stage.name
                        )
                        for kind in columns
                    ]
                    + [self._cell(counts.total(), "crm.lead", here, stage.name)],
                }
            )
        return self.env._("Projects today"), [
            self._figure(
                "projects",
                self.env._("Ongoing projects"),
                self.env._("Projects that are neither open, nor abandoned, nor reoriented, as they stand today."),
                sum(count for _stage, _kind, count in groups),
                "crm.lead",
                ongoing,
                corner=self.env._("Stage"),
                columns=[*(kind.name or self.env._("Type not known") for kind in columns), self.env._("Total")],
                rows=rows,
            )
        ]

    @api.model
    def _group_stages(self, year):
        """Conversion and time by stage, over every project up to the end of the year."""
        last = fields.Date.to_date(self._bounds(year)[1])
        end = f"{last + timedelta(days=1)} 00:00:00"
        projects = self._ours(("type", "=", "project"), ("create_date", "<", end))
        # sudo: the stages of a pipeline are the same for everyone
        stages = (
            self.env["crm.stage"].sudo().search([("team_ids", "any", self._ours(("pope_lead_type", "=", "project")))])
        )
        reached, days = self._stage_facts(end)
        rows = []
        for index, stage in enumerate(stages):
            here = sum(reached[other.id] for other in stages[index:])
            further = sum(reached[other.id] for other in stages[index + 1 :])
            last = index + 1 == len(stages)
            percent = f"{round(100 * further / here)} %" if here and not last else "—"
            came = [*projects, ("pope_furthest_stage_id", "in", stages[index:].ids)]
            went = [*projects, ("pope_furthest_stage_id", "in", stages[index + 1 :].ids)]
            cells = [
                self._cell(here, "crm.lead", came, stage.name),
                self._cell("—") if last else self._cell(further, "crm.lead", went, stage.name),
                self._cell(percent),
                self._cell(days.get(stage.id, "—")),
            ]
            rows.append({"label": stage.name, "cells": cells})
        return self.env._("Conversion and time by stage"), [
            self._figure(
                "stages",
                self.env._("Projects that entered a stage, and went further"),
                self.env._(
                    "Every project received by the end of the year. A project reached a stage when it was there, or "
                    "further, one day, even if it was abandoned or moved back since. Median time: days between "
                    "entering and leaving the stage, from the moves noted in the tool; a project that was brought in "
                    "at a stage has no time in those before, and time in the present stage is not counted yet."
                ),
                self.env["crm.lead"].with_context(active_test=False).search_count(projects),
                "crm.lead",
                projects,
                corner=self.env._("Stage"),
                columns=[
                    self.env._("Reached it"),
                    self.env._("Went further"),
                    self.env._("Conversion"),
                    self.env._("Median days"),
                ],
                rows=rows,
            )
        ]

    @api.model
    def _stage_facts(self, end):
        """The furthest stage of each project, counted by stage, and the median days spent in each stage.

        Odoo's own time by stage (duration_tracking) reads one project at a time and gives no median.
        """
        Lead = self.env["crm.lead"]
        Lead.check_access("read")
        Lead.flush_model(["company_id", "create_date", "stage_id", "type"])
        self.env["crm.stage"].flush_model(["sequence"])
        self.env["mail.tracking.value"].flush_model()
        self.env["mail.message"].flush_model(["model", "res_id"])
        field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        rows = self.env.execute_query(
            SQL(
                """
                WITH project AS (
                    SELECT id, stage_id, create_date FROM crm_lead
                     WHERE type = 'project' AND company_id = %(company)s AND create_date < %(end)s
                ), move AS (
                    SELECT project.id AS lead_id, value.old_value_integer AS stage_id,
                           value.create_date - COALESCE(
                               LAG(value.create_date) OVER (PARTITION BY project.id ORDER BY value.id),
                               project.create_date) AS spent
                      FROM project
                      JOIN mail_message message ON message.model = 'crm.lead' AND message.res_id = project.id
                      JOIN mail_tracking_value value
                        ON value.mail_message_id = message.id AND value.field_id = %(field)s
                ), furthest AS (
                    SELECT DISTINCT ON (been.lead_id) been.stage_id
                      FROM (SELECT lead_id, stage_id FROM move UNION SELECT id, stage_id FROM project) been
                      JOIN crm_stage stage ON stage.id = been.stage_id
                  ORDER BY been.lead_id, stage.sequence DESC, stage.id DESC
                )
                SELECT 'reached', stage_id, COUNT(*)::numeric FROM furthest GROUP BY stage_id
             UNION ALL
                SELECT 'days', stage_id,
                       ROUND((EXTRACT(EPOCH FROM PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY spent)) / 86400)::numeric)
                  FROM (SELECT lead_id, stage_id, SUM(spent) AS spent FROM move GROUP BY lead_id, stage_id) stay
              GROUP BY stage_id
                """,
                company=self.env.company.id,
                end=end,
                field=field.id,
            )
        )
        facts = defaultdict(Counter)
        for fact, stage_id, number in rows:
            facts[fact][stage_id] = int(number)
        return facts["reached"], facts["days"]

    # --- The pole ---

    @api.model
    def _figures_volunteers(self, year):
        """Nothing in a year of which nothing was noted."""
        company = self.env.company
        Time = self.env["pope.volunteer.time"]
        volunteers, hours, members = Time._counts(company, year)
        if self.env.context.get("pope_figures_period"):
            persons = Time._hours_between(company, *map(fields.Date.to_date, self._bounds(year)))
            volunteers, hours = len(persons), persons.total()
        given = self._ours(("year", "=", year), ("hours", ">", 0))
        full_time = company.pope_full_time_hours and hours / company.pope_full_time_hours
        figures = []
        if volunteers:
            figures += [
                self._figure(
                    "volunteers",
                    self.env._("Volunteers of the pole"),
                    self.env._("Distinct persons who gave hours in the year, as noted month by month."),
                    volunteers,
                    "pope.volunteer.time",
                    given,
                ),
                self._figure(
                    "volunteer_hours",
                    self.env._("Hours of volunteering"),
                    self.env._(
                        "Hours noted in the year. The full-time equivalent divides them by the hours of a full-time "
                        "year, as written in the figures for applications."
                    ),
                    round(hours, 2),
                    "pope.volunteer.time",
                    given,
                    detail=full_time
                    and self.env._("%(number)s full-time equivalent", number=self._number_words(round(full_time, 2))),
                ),
            ]
        if members:
            figures.append(
                self._figure(
                    "members",
                    self.env._("Members of the pole"),
                    self.env._("Persons and organisations whose fee of the year is paid."),
                    members,
                    "pope.membership",
                    self._ours(("year", "=", year), ("state", "=", "paid")),
                )
            )
        return figures

    @api.model
    def _group_pole(self, year):
        """Its volunteers and members; then totals that no record of the tool gives."""
        figures = self._figures_volunteers(year)
        counted = {figure["code"] for figure in figures}
        published = self._published(year)
        for code, label in (
            ("employees", self.env._("Employees of the pole")),
            ("volunteers", self.env._("Volunteers of the pole")),
        ):
            total = published.get((code, self.env["pope.structure.type"]))
            if total and code not in counted:
                figures.append(
                    self._figure(
                        code,
                        label,
                        self.env._("Typed by a manager, with its date and its source: the tool does not count it."),
                        total.value,
                        "pope.opening.figure",
                        [("id", "=", total.id)],
                        detail=f"{format_date(self.env, total.date)}, {total.source}",
                    )
                )
        return self.env._("The pole"), figures
