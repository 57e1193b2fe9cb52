from typing import NamedTuple

from odoo import api, models

from ..core.table_header import MAX_HOLDERS, holder_field


class Target(NamedTuple):
    """Something that a column of a file may hold."""

    name: str
    label: str
    read: str = "text"  # how its cells are read: see `_readers`
    field: str | None = None  # of the record that takes it as it is read
    per_holder: bool = False  # of a person: a row of projects has it for each holder


class Import(models.Model):
    """What a file may hold. Add-ons that bring a field add its target here and, if need be, the way to read it."""

    _inherit = "pope.import"

    @api.model
    def _import_targets(self, kind):
        """What the columns of a kind of file may go to, as a list of Target."""
        return self._contact_targets() if kind == "contacts" else self._project_targets()

    @api.model
    def _contact_targets(self):
        return [
            Target("ref", self.env._("Reference"), "ref"),
            Target("civility", self.env._("Title"), "choice", "pope_civility", per_holder=True),
            Target("last_name", self.env._("Last name"), per_holder=True),
            Target("first_name", self.env._("First name"), per_holder=True),
            Target("name", self.env._("First and last name"), per_holder=True),
            Target("email", self.env._("E-mail address"), "email", "email", per_holder=True),
            Target("phone", self.env._("Phone"), "phone", "phone", per_holder=True),
            Target("other_phones", self.env._("Other phones"), "phones", "pope_phone_ids", per_holder=True),
            Target("birth_name", self.env._("Birth name"), field="pope_birth_name"),
            Target("birth_date", self.env._("Birth date"), "date", "pope_birth_date", per_holder=True),
            Target("gender", self.env._("Gender"), "choice", "pope_gender"),
            Target("situation", self.env._("Situation at entry"), "choice", "pope_situation"),
            Target("diploma", self.env._("Highest diploma"), "choice", "pope_diploma_level"),
            Target("french", self.env._("French level"), "choice", "pope_french_level"),
            Target("organisation", self.env._("Organisation")),
            Target("siret", self.env._("SIRET of the organisation"), "siret"),
            Target("roles", self.env._("Roles"), "roles", "pope_role_ids"),
            Target("street", self.env._("Street"), field="street"),
            Target("zip", self.env._("Postal code"), "zip", "zip"),
            Target("town", self.env._("Town"), "town_or_city"),
            Target("note", self.env._("Note"), "note", "comment"),
        ]

    @api.model
    def _project_targets(self):
        targets = [
            Target("ref", self.env._("Reference"), "ref"),
            Target("name", self.env._("Name of the project"), field="name"),
            Target("structure_type", self.env._("Structure type"), "structure_type", "pope_structure_type_id"),
            Target("town", self.env._("Town"), "town", "pope_town_id"),
            Target("stage", self.env._("Stage"), "stage"),
            Target("reason", self.env._("Reason of the end")),
            Target("user", self.env._("Person in charge"), "user", "user_id"),
            Target("source", self.env._("How they heard of us"), field="pope_source"),
            Target("created_on", self.env._("First contact on"), "date"),
            Target("stage_on", self.env._("In this stage since"), "date"),
            Target("closed_on", self.env._("Ended on"), "date"),
            Target("places_planned", self.env._("Places planned"), "whole", "pope_places_planned"),
            Target("opening_target", self.env._("Target opening"), "date", "pope_opening_target"),
            Target("opened_on", self.env._("Opened on"), "date", "pope_opening_date"),
            Target("places", self.env._("Places"), "whole", "pope_places"),
            Target("childminders", self.env._("Childminders"), "whole", "pope_childminder_count"),
            Target("jobs", self.env._("Jobs (full-time equivalent)"), "number", "pope_job_count"),
            Target("attended", self.env._("Attended the meeting"), "boolean", "pope_meeting_attended"),
            Target("interview_on", self.env._("First interview on"), "date", "pope_interview_date"),
            Target("agreement_on", self.env._("Support agreement on"), "date", "pope_agreement_date"),
            Target("study_on", self.env._("Needs study on"), "date", "pope_study_date"),
            Target("filed_on", self.env._("Accreditation filed on"), "date", "pope_filed_date"),
            Target("association", self.env._("Association")),
            Target("siret", self.env._("SIRET of the association"), "siret"),
            Target("note", self.env._("Note"), "note", "description"),
        ]
        persons = [target for target in self._contact_targets() if target.per_holder]
        return targets + [
            target._replace(
                name=holder_field(number, target.name),
                label=self.env._("Holder %(number)s: %(field)s", number=number, field=target.label),
            )
            for number in range(1, MAX_HOLDERS + 1)
            for target in persons
        ]

    @api.model
    def _naming_targets(self, kind):
        """Of which a file needs one, to tell its rows from each other."""
        names = {"last_name", "name", "email"}
        if kind == "contacts":
            return names | {"organisation"}
        return {"name"} | {holder_field(number, name) for number in range(1, MAX_HOLDERS + 1) for name in names}

    @api.model
    def _selection_field_name(self):
        return [
            (f"{kind}/{target.name}", target.label)
            for kind in ("contacts", "projects")
            for target in self._import_targets(kind)
        ]
