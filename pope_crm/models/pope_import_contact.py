from odoo import models

from ..core.table_reader import fold
from ..core.table_values import name_key, names_agree
from .pope_import_people import ADDRESS
from .pope_import_plan import digest


class Import(models.Model):
    """A row is a contact: a person, or an organisation when it names nobody."""

    _inherit = "pope.import"

    def _identity_contacts(self, run, plan):
        """A reference; else the address or phone with the name; else the name with what tells namesakes apart."""
        values = plan.values
        if ref := values.get("ref"):
            return digest("contacts", "ref", fold(ref))
        organisation = fold(values.get("organisation"))
        if person := self._contact_person(run, plan):
            reach = person.key or f"{values.get('town', '')} {organisation}"
            return digest("contacts", reach, name_key(person.name))
        if organisation:
            return digest("contacts", values.get("siret") or values.get("town", ""), organisation)
        return None

    def _contact_person(self, run, plan):
        """The person of a row; an address without a name is the organisation's, if there is one."""
        person = self._person_of(run, plan)
        return person if person and (person.is_named or "organisation" not in plan.values) else None

    def _plan_contacts(self, run, plans):
        Partner = self.env["res.partner"]
        refs = [plan.values["ref"] for plan in plans if "ref" in plan.values]
        by_ref = Partner.search([("ref", "in", refs)], order="id").grouped("ref") if refs else {}
        for plan in plans:
            plan.organisation = self._organisation_of(plan, "organisation")
            person = self._contact_person(run, plan)
            main = person or plan.organisation
            if not main:
                plan.refuse(self.env._("Neither a name nor an e-mail address: nobody to import."))
                continue
            if person:
                plan.people = [person]
            else:
                main.vals |= self._contact_values(run, plan)
            ref, town = plan.values.get("ref"), plan.values.get("town")
            if ref:
                main.vals["ref"] = ref
            if town:
                main.vals["city" if isinstance(town, str) else "pope_town_id"] = town
            if person and plan.organisation:
                # the address beside an organisation is where it is, and its contacts have it from it
                plan.organisation.vals |= {part: main.vals.pop(part) for part in ADDRESS if part in main.vals}
            plan.label = main.name
            # a reference may be somebody else's, in use before us
            theirs = by_ref.get(ref, Partner).filtered(lambda each, main=main: names_agree(each.name, main.name))
            main.record = plan.seen.record or theirs[:1] or None
        rows = [plan for plan in plans if not plan.state]
        self._find_organisations(run, [plan.organisation for plan in rows if plan.organisation])
        self._find_people([person for plan in rows for person in plan.people])
        for plan in rows:
            main = (plan.people or [plan.organisation])[0]
            plan.record, plan.vals = main.record, main.vals
            changes = plan.people and plan.organisation and self._plan_parent(plan, main, plan.organisation)
            self._tell_outcome(plan, changes)

    def _plan_parent(self, plan, person, organisation):
        """The person belongs to the organisation, unless Odoo would then write its address over their own.

        :return: whether that will be written, once the organisation is made
        """
        if person.record and any(person.record[name] for name in ADDRESS):
            if not person.record.parent_id:
                plan.words.append(
                    self.env._("Has an address of their own: not attached to %(name)s.", name=organisation.name)
                )
            return False
        if organisation.record:
            person.vals["parent_id"] = organisation.record.id
        return not organisation.record and not (person.record and person.record.parent_id)

    def _apply_contacts(self, run, plans):
        self._apply_parties([plan.organisation for plan in plans if plan.organisation])
        for plan in plans:
            if plan.people and plan.organisation and not plan.people[0].record:
                plan.people[0].vals["parent_id"] = plan.organisation.record.id
        self._apply_parties([person for plan in plans for person in plan.people])
        for plan in plans:
            plan.record = (plan.people or [plan.organisation])[0].record
