from odoo import Command, api, fields, models
from odoo.tools import float_compare, html2plaintext, is_html_empty

from ..core.table_reader import fold
from ..core.table_values import name_key, names_agree, split_name
from .pope_import_plan import Party

ADDRESS = ("street", "zip", "city")


class Import(models.Model):
    """The persons and organisations that rows name: found, completed where they are empty, or made."""

    _inherit = "pope.import"

    # --- Who they are ---

    def _person_of(self, run, plan, prefix=""):
        """The person that some cells of a row name, or None."""
        first, last, full = (plan.values.get(f"{prefix}{name}") for name in ("first_name", "last_name", "name"))
        if last and not first and f"{prefix}first_name" not in run.targets:  # both names under "Nom"
            full, last = full or last, None
        vals = self._contact_values(run, plan, prefix)
        if full and not (first and last):
            civility, *split = split_name(full, run.headers.get(f"{prefix}name", ""))
            first, last = split if all(split) else (first, last)
            if civility:
                vals.setdefault("pope_civility", civility)
        name = self.env["res.partner"]._pope_full_name(first, last) or full
        if not (name or vals.get("email")):
            return None
        vals["name"] = name or vals["email"]
        if first and last:
            vals.update(pope_first_name=first, pope_last_name=last)
        return Party(plan, vals, vals.get("email") or vals.get("phone"), is_named=bool(name))

    def _organisation_of(self, plan, target):
        """The organisation that a row names, or None."""
        if not (name := plan.values.get(target)):
            return None
        vals = {"name": name, "is_company": True}
        if siret := plan.values.get("siret"):
            vals["company_registry"] = siret
        return Party(plan, vals, siret or fold(name))

    def _contact_values(self, run, plan, prefix=""):
        """What the cells of a row give to the fields of its contact; with a prefix, of one of its holders."""
        return {
            target.field: plan.values[f"{prefix}{target.name}"]
            for target in run.of_person[bool(prefix)]
            if f"{prefix}{target.name}" in plan.values
        }

    # --- Whether they are known ---

    def _find_people(self, people):
        """Find the persons of some rows; those that nobody is are new, once a lot.

        An address that two persons share is told: the second one is another person when the names say so.
        """
        Partner = self.env["res.partner"]
        wanted = [person for person in people if not person.record]
        found = Partner._pope_find_people({person.wanted for person in wanted}, self.company_id) if wanted else {}
        sharing = self._sharing({person.vals.get("email") for person in wanted if not found[person.wanted]})
        alone = {}
        for person in wanted:
            known = found[person.wanted]
            if known and person.is_named and not names_agree(known.name, person.name):
                person.plan.words.append(
                    self.env._("%(name)s has the address of %(other)s.", name=person.name, other=known.name)
                )
                known = Partner
            elif not known and (others := sharing.get(person.vals.get("email"))):
                close = others.filtered(lambda each, person=person: names_agree(each.name, person.name))
                known = others[:1] if not person.is_named else close if len(close) == 1 else Partner
            person.record = known or None
            if not known and not person.key:
                alone.setdefault(person.name, []).append(person)
        self._find_twins(wanted)
        namesakes = (
            Partner.search_fetch([("name", "in", list(alone)), ("is_company", "=", False)], ["name"]) if alone else ()
        )
        for name in {namesake.name for namesake in namesakes}:
            for person in alone[name]:
                person.plan.words.append(self.env._("Somebody is called %(name)s already: to be checked.", name=name))

    def _sharing(self, emails):
        """The persons who have one address together, by address."""
        emails.discard(None)
        if not emails:
            return {}
        domain = [("email_normalized", "in", list(emails)), ("is_company", "=", False)]
        return self.env["res.partner"].search(domain, order="id").grouped("email_normalized")

    def _find_organisations(self, run, organisations):
        """Find organisations by their number, then by their name."""
        Partner = self.env["res.partner"]
        numbers = {party.vals["company_registry"] for party in organisations if "company_registry" in party.vals}
        by_number = (
            Partner.search([("is_company", "=", True), ("company_registry", "in", list(numbers))]).grouped(
                "company_registry"
            )
            if numbers
            else {}
        )
        ids = {party: run.lookups.organisations.get(fold(party.name), ()) for party in organisations}
        known = Partner.browse(set().union(*ids.values()))
        for party in organisations:
            if party.record:
                continue
            number = party.vals.get("company_registry")
            same_name = Partner.browse(ids[party]).with_prefetch(known.ids)
            same_name = same_name.filtered(lambda each, number=number: not (number and each.company_registry))
            party.record = (by_number.get(number) or same_name)[:1] or None
        self._find_twins([party for party in organisations if not party.record])

    @api.model
    def _find_twins(self, parties):
        """A new one that a former row of the lot names: what reaches them is the same, and so may be their names."""
        new = {}
        for party in parties:
            if party.record or not party.key:
                continue
            same = new.setdefault(party.key, [])
            party.twin = next(
                (
                    other
                    for other in same
                    if not (party.is_named and other.is_named) or names_agree(party.name, other.name)
                ),
                None,
            )
            if not party.twin:
                same.append(party)

    # --- What is written ---

    def _apply_parties(self, parties):
        """Make the new ones, complete the others."""
        new = [party for party in parties if party.is_new()]
        Partner = self.env["res.partner"].with_context(tracking_disable=True)
        Partner.check_access("create")
        # the way that Odoo's own import creates contacts: what comes from their organisation is written once for all;
        # sudo: there are fields of accounting among it, which members cannot read
        made = Partner.sudo()._load_records_create(
            [{"lang": self.env.lang, **self._creation_values(party.vals)} for party in new]
        )
        for party, record in zip(new, made.with_env(self.env), strict=True):
            party.record = record
        fresh = set(new)
        for party in parties:
            party.record = party.found()
            if party not in fresh and (todo := self._completing_values(party.record, party.vals)[0]):
                # a name in use is not written anew from its two parts
                party.record.write({"name": party.record.name, **todo})

    @api.model
    def _creation_values(self, vals):
        return {field: self._as_written(value) for field, value in vals.items()}

    @api.model
    def _as_written(self, value):
        if isinstance(value, tuple):  # other phones
            return [Command.create({"number": number}) for number in value]
        return [Command.set(value)] if isinstance(value, list) else value

    def _completing_values(self, record, vals):
        """What the record lacks, and a sentence for each value that it holds otherwise: nothing is overwritten.

        :return: (values to write, sentences)
        """
        todo, kept = {}, []
        if record._name == "res.partner" and any(record[name] for name in ADDRESS):
            kept += self._kept_address(record.name, record, vals)
            vals = {name: value for name, value in vals.items() if name not in ADDRESS}
        for name, value in vals.items():
            field, current = record._fields[name], record[name]
            if name == "pope_phone_ids":
                known = set().union(*(record._pope_phone_forms(number) for number in record._pope_numbers()))
                if missing := tuple(number for number in value if not record._pope_phone_forms(number) & known):
                    todo[name] = self._as_written(missing)
            elif field.type == "many2many":
                if missing := set(value) - set(current.ids):
                    todo[name] = [Command.link(each) for each in missing]
            elif self._is_same(field, current, value):
                continue
            elif self._is_empty(field, current) or (str(field) == "res.partner.name" and current == record.email):
                todo[name] = value
            else:
                kept.append(
                    self.env._(
                        "%(field)s: “%(kept)s” is kept, not “%(told)s”.",
                        field=field._description_string(self.env),
                        kept=self._shown(field, current),
                        told=self._shown(field, record.env[field.comodel_name].browse(value))
                        if field.type == "many2one"
                        else self._shown(field, value),
                    )
                )
        return todo, kept

    def _kept_address(self, name, known, vals):
        """An address is one thing: where a part of it is known, another one is told and not written."""
        told = [vals[part] for part in ADDRESS if vals.get(part) and fold(vals[part]) != fold(known[part])]
        if not told:
            return []
        return [self.env._("%(name)s keeps its address, not “%(told)s”.", name=name, told=", ".join(told))]

    @api.model
    def _is_empty(self, field, value):
        return is_html_empty(value) if field.type == "html" else not value

    @api.model
    def _is_same(self, field, current, value):
        if not value or self._is_empty(field, current):
            return not value and self._is_empty(field, current)
        match field.type:
            case "many2one":
                return current.id == value
            case "float":
                return not float_compare(current, value, precision_digits=2)
            case "html":
                return fold(html2plaintext(current)) == fold(html2plaintext(value))
            case "char" if field.name == "name":
                return name_key(current) == name_key(value)
            case "char" if field.name == "phone":
                Partner = self.env["res.partner"]
                return bool(Partner._pope_phone_forms(current) & Partner._pope_phone_forms(value))
            case "char" | "text":
                return fold(current) == fold(value)
        return current == value

    @api.model
    def _shown(self, field, value):
        if field.type == "many2one":
            return value.display_name
        if field.type == "date":
            return fields.Date.to_date(value).strftime("%d/%m/%Y")
        return " ".join((html2plaintext(value) if field.type == "html" else str(value)).split())[:60]
