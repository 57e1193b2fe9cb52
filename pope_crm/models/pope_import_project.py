from datetime import datetime, time

from odoo import Command, fields, models
from odoo.tools import plaintext2html

from ..core.table_header import MAX_HOLDERS, holder_field
from ..core.table_reader import fold
from ..core.table_values import name_key, names_agree
from .pope_import_plan import closing_word, digest

PAST = ("created_on", "stage_on", "closed_on")  # what cannot be to come
EVENTS = ("stage_on", "interview_on", "agreement_on", "study_on", "filed_on", "opened_on", "closed_on")
NOON = time(12)  # of a day without an hour: the same day everywhere in France


class Import(models.Model):
    """A row is a project with up to six holders."""

    _inherit = "pope.import"

    def _identity_projects(self, run, plan):
        """A reference; else the name and the town; without a name, the first holder, the town and the type."""
        values, parts = plan.values, ["projects", self.team_id.id]
        if ref := values.get("ref"):
            return digest(*parts, "ref", fold(ref))
        if name := fold(values.get("name")):
            return digest(*parts, values.get("town"), name)
        if holders := self._holders_of(run, plan):
            who = holders[0].key, name_key(holders[0].name)
            return digest(*parts, values.get("town"), values.get("structure_type"), *who)
        return None

    def _holders_of(self, run, plan):
        people = (self._person_of(run, plan, holder_field(number, "")) for number in range(1, MAX_HOLDERS + 1))
        return [person for person in people if person]

    # --- Working out ---

    def _plan_projects(self, run, plans):
        for plan in plans:
            plan.people = self._holders_of(run, plan)
            plan.organisation = self._organisation_of(plan, "association")
            plan.label = plan.values.get("name") or (plan.people[0].name if plan.people else plan.label)
            if not plan.people and "name" not in plan.values:
                plan.refuse(self.env._("Neither the name of a project nor a holder."))
            elif future := [name for name in PAST if plan.values.get(name, fields.Date.today()) > fields.Date.today()]:
                header = next(header for _place, target, header in run.columns if target.name == future[0])
                plan.refuse(self._about(header, self.env._("this day is to come")))
        rows = [plan for plan in plans if not plan.state]
        self._find_organisations(run, [plan.organisation for plan in rows if plan.organisation])
        self._find_projects(run, rows)
        self._find_people([person for plan in rows for person in plan.people])
        self._choose_projects(rows)
        self._find_projects_by_holder(rows)
        for plan in [plan for plan in rows if not plan.state]:
            plan.vals = {target.field: plan.values[target.name] for target in run.of_row if target.name in plan.values}
            if plan.organisation and plan.organisation.record:
                plan.vals["pope_association_id"] = plan.organisation.record.id
            changes = False
            if plan.record:
                self._tell_stage(run, plan)
                association, contact = plan.record.pope_association_id, plan.record.partner_id
                changes = (
                    self._added_holders(plan)
                    or (plan.organisation and not plan.organisation.record and not association)
                    or (plan.people and not contact)
                )
            elif not plan.seen.number:
                self._plan_new_project(run, plan)
            if not plan.state:
                self._tell_outcome(plan, changes)

    def _find_projects(self, run, plans):
        """The projects that rows are already: as they were imported, or by their name and town."""
        Lead = self.env["crm.lead"].with_context(active_test=False)
        ids = {
            plan: plan.seen.record.ids
            if plan.seen.record
            else run.lookups.projects_named(plan.values.get("name"), plan.values.get("town"))
            for plan in plans
        }
        leads = {lead.id: lead for lead in Lead.browse(set().union(*ids.values()))}
        for plan, its_ids in ids.items():
            plan.candidates = [leads[lead_id] for lead_id in its_ids]
            if len(its_ids) == 1:
                plan.record = plan.candidates[0]
                for person in plan.people:
                    self._recognise_member(plan.record, person)

    def _choose_projects(self, plans):
        """Of several projects of one name and town, the one that a holder of the row carries."""
        for plan in plans:
            if len(plan.candidates) > 1:
                people = {person.record for person in plan.people if person.record}
                theirs = [lead for lead in plan.candidates if people.intersection(lead.pope_member_ids.partner_id)]
                if len(theirs) != 1:
                    plan.refuse(
                        self.env._("%(count)s projects have this name and town already.", count=len(plan.candidates))
                    )
                else:
                    plan.record = theirs[0]

    def _recognise_member(self, lead, person):
        """A holder of the project who has that name; or whose name agrees, and whom the row reaches, if anybody."""
        members = lead.pope_member_ids.partner_id
        named = members.filtered(lambda each: name_key(each.name) == name_key(person.name))
        close = members.filtered(
            lambda each: names_agree(each.name, person.name) and (not person.key or person.reaches(each))
        )
        person.record = named[:1] or (close if len(close) == 1 else None) or None

    def _find_projects_by_holder(self, plans):
        """A row without a name is the project of its first holder, when they have one in the row's town."""
        nameless = [
            plan for plan in plans if not (plan.record or plan.state or "name" in plan.values) and plan.people[0].record
        ]
        if not nameless:
            return
        Member = self.env["pope.project.member"].with_context(active_test=False)
        people = [plan.people[0].record.id for plan in nameless]
        members = Member.search([("partner_id", "in", people), ("lead_id.team_id", "=", self.team_id.id)])
        carried = {person: theirs.lead_id for person, theirs in members.grouped("partner_id").items()}
        for plan in nameless:
            town = plan.values.get("town")
            leads = carried.get(plan.people[0].record, self.env["crm.lead"]).filtered(
                lambda lead, town=town: not (town and lead.pope_town_id) or lead.pope_town_id.id == town
            )
            if len(leads) == 1:
                plan.record = leads

    def _added_holders(self, plan):
        members = plan.record.pope_member_ids.partner_id
        return [person for person in plan.people if not person.found() or person.found() not in members]

    def _tell_stage(self, run, plan):
        """The stage of a project that exists is never moved by a file."""
        stage = plan.values.get("stage")
        if isinstance(stage, int) and stage != plan.record.stage_id.id:
            plan.words.append(
                self.env._(
                    "Stage: “%(kept)s” is kept, not “%(told)s”.",
                    kept=plan.record.stage_id.name,
                    told=run.lookups.stages.browse(stage).name,
                )
            )

    def _plan_new_project(self, run, plan):
        values = plan.values
        stage = values.get("stage")
        plan.vals.setdefault("name", self._project_name(plan))
        plan.vals.setdefault("user_id", self.in_charge_id.id)
        plan.vals |= {
            "type": "project",
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
            "stage_id": stage if isinstance(stage, int) else run.lookups.stages[:1].id,
            "pope_late_entry": 1,  # old news are no reason to call everybody at once
        }
        if plan.vals["stage_id"] in run.lookups.accompanied and (first := self._first_day(plan)):
            plan.vals["pope_accompanied_date"] = values.get("interview_on") or first
        if plan.vals["stage_id"] in run.lookups.opened:
            self._plan_opening(run, plan)
        elif isinstance(stage, str) or "reason" in values or "closed_on" in values:
            self._plan_end(run, plan)

    def _project_name(self, plan):
        if "name" in plan.values:
            return plan.values["name"]
        kind = self.env["pope.structure.type"].browse(plan.values.get("structure_type"))
        return f"{kind.name} – {plan.people[0].name}" if kind else plan.people[0].name

    def _plan_opening(self, run, plan):
        needed = run.lookups.opening_fields[plan.vals.get("pope_structure_type_id", False)]
        labels = self.env["crm.lead"].fields_get(needed, ["string"])
        if gaps := ", ".join(labels[name]["string"] for name in needed if not plan.vals.get(name)):
            if not self.takes_incomplete:
                plan.refuse(
                    self.env._(
                        "Open, without: %(figures)s. Fill in the row, or tick “Take Open Places Without Figures”.",
                        figures=gaps,
                    )
                )
                return
            plan.vals["pope_to_complete"] = True
            plan.words.append(self.env._("To be completed: %(figures)s.", figures=gaps))

    def _plan_end(self, run, plan):
        """A project that was abandoned or reoriented, for one of our reasons."""
        said, told = plan.values.get("stage"), plan.values.get("reason")
        said = said if isinstance(said, str) else ""
        reason = run.lookups.find("reason", told) or run.lookups.find("reason", said)
        if closing_word(said) == "reoriented" and not (run.lookups.outcomes.get(reason) or "").startswith("reoriented"):
            names = ", ".join(run.lookups.reasons_of("reoriented"))
            plan.refuse(self.env._("Reoriented: tell the reason, one of: %(reasons)s.", reasons=names))
            return
        plan.vals |= {"active": False, "probability": 0, "lost_reason_id": reason or False}
        if told and not reason:
            plan.vals["description"] = (plan.vals.get("description") or "") + plaintext2html(told)
            plan.words.append(self.env._("“%(reason)s” is none of our reasons: kept in the notes.", reason=told))

    # --- Writing ---

    def _apply_projects(self, run, plans):
        self._apply_parties([plan.organisation for plan in plans if plan.organisation])
        self._apply_parties([person for plan in plans for person in plan.people])
        for plan in plans:
            if plan.organisation:
                plan.vals["pope_association_id"] = plan.organisation.record.id
            if plan.people and not (plan.record and plan.record.partner_id):
                plan.vals["partner_id"] = plan.people[0].record.id
        new = [plan for plan in plans if not plan.record]
        # no log and no subscription one by one: both are written below, for all of them
        Lead = self.env["crm.lead"].with_context(pope_no_holder=True, tracking_disable=True)
        made = Lead.create(
            [
                self._creation_values(plan.vals)
                | {
                    "pope_member_ids": [
                        Command.create({"partner_id": person_id, "date_entry": self._first_day(plan)})
                        for person_id in dict.fromkeys(person.record.id for person in plan.people)
                    ]
                }
                for plan in new
            ]
        )
        made = made.with_env(self.env)
        for plan, lead in zip(new, made, strict=True):
            plan.record = lead
        for user, leads in made.grouped("user_id").items():
            leads.message_subscribe(user.partner_id.ids)
        self._date_projects(new)
        self._complete_projects([plan for plan in plans if plan.state != "created"])

    def _first_day(self, plan):
        """The first contact, or the first day that the row tells."""
        days = [plan.values[name] for name in EVENTS if name in plan.values]
        today = fields.Date.today()
        return plan.values.get("created_on") or min((day for day in days if day <= today), default=False)

    def _date_projects(self, plans):
        """Projects are as old as the file says, not as their import."""
        leads, dates = self.env["crm.lead"], []
        for plan in plans:
            first = self._first_day(plan)
            values, lead = plan.values, plan.record
            ended = values.get("opened_on") if lead.stage_id.is_won else values.get("closed_on")
            stage = values.get("stage_on") or ended or first
            days = {
                "create_date": first,
                "date_open": lead.user_id and first,
                "date_last_stage_update": stage,
                "date_closed": lead.won_status != "pending" and (ended or stage),
            }
            if days := {name: datetime.combine(value, NOON) for name, value in days.items() if value}:
                leads |= lead
                dates.append(days)
        # the day of creation is nobody's to write: the ORM has no other way in
        leads.flush_recordset()
        leads._write_multi(dates)
        names = ["create_date", "date_open", "date_last_stage_update", "date_closed"]
        leads.invalidate_recordset(names, flush=False)
        leads.modified(names)

    def _complete_projects(self, plans):
        members = []
        for plan in plans:
            lead = plan.record
            if todo := self._completing_values(lead, plan.vals)[0]:
                lead.write(todo)
            members += [
                {"lead_id": lead.id, "partner_id": person.record.id, "date_entry": self._first_day(plan)}
                for person in self._added_holders(plan)
            ]
        self.env["pope.project.member"].create(
            list({(vals["lead_id"], vals["partner_id"]): vals for vals in members}.values())
        )
