import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..core import person_names

NAME_PARTS = {"pope_first_name", "pope_last_name"}


class ResPartner(models.Model):
    """What the pole knows of its contacts; empty on everybody else."""

    _inherit = "res.partner"

    pope_civility = fields.Selection([("mrs", "Ms"), ("mr", "Mr")], string="Title")
    pope_first_name = fields.Char(string="First Name")
    pope_last_name = fields.Char(string="Last Name", help="The name in use.")
    pope_birth_name = fields.Char(
        string="Birth Name", help="When it differs from the name in use.", groups="pope_crm.group_pope_user", copy=False
    )
    pope_name_proposal = fields.Char(
        string="Name Taken Apart", compute="_compute_pope_name_proposal", groups="pope_crm.group_pope_user"
    )
    pope_phone_ids = fields.One2many(
        "pope.partner.phone", "partner_id", string="Other Phones", groups="pope_crm.group_pope_user"
    )
    pope_any_phone = fields.Char(
        string="Any Phone",
        compute="_compute_pope_any_phone",
        search="_search_pope_any_phone",
        groups="pope_crm.group_pope_user",
    )
    pope_role_ids = fields.Many2many("pope.partner.role", string="PôPE Roles")
    pope_town_id = fields.Many2one("pope.town", string="PôPE Town", index="btree_not_null")
    pope_member_ids = fields.One2many(
        "pope.project.member", "partner_id", string="Projects Held", groups="pope_crm.group_pope_user"
    )
    pope_project_count = fields.Integer(
        string="Projects", compute="_compute_pope_project_count", groups="pope_crm.group_pope_user"
    )

    @api.depends("name", "is_company", "pope_first_name", "pope_last_name")
    def _compute_pope_name_proposal(self):
        for partner in self:
            parts = partner._pope_split_name()
            partner.pope_name_proposal = parts and f"{parts.first_name} · {parts.last_name}"

    @api.depends("phone", "pope_phone_ids.number")
    def _compute_pope_any_phone(self):
        for partner in self:
            numbers = [partner.phone, *partner.pope_phone_ids.mapped("number")]
            partner.pope_any_phone = " · ".join(filter(None, numbers))

    def _search_pope_any_phone(self, operator, value):
        """Find a number however it is written: "06 12", "0033612" and "+33 6 12" are one beginning."""
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str):
            return NotImplemented
        typed = Domain("phone", operator, value) | Domain("pope_phone_ids.number", operator, value)
        digits = re.sub(r"\D", "", value).lstrip("0")
        if len(digits) < 3 or re.search(r"[^\W\d]", value):
            return typed
        return (
            typed
            | Domain("phone_sanitized", "like", digits)
            | Domain("pope_phone_ids.number_sanitized", "like", digits)
        )

    def _compute_pope_project_count(self):
        counts = dict(
            self.env["pope.project.member"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["lead_id:count_distinct"]
            )
        )
        for partner in self:
            partner.pope_project_count = counts.get(partner, 0)

    # --- Names ---

    @api.onchange(*NAME_PARTS)
    def _onchange_pope_name_parts(self):
        if not self.is_company and ((self.pope_first_name and self.pope_last_name) or not self.name):
            self.name = self._pope_full_name(self.pope_first_name, self.pope_last_name) or self.name

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._pope_name_values(vals) for vals in vals_list])

    def write(self, vals):
        """Keep the name and its parts true of each other, whichever of them is written."""
        vals = self._pope_clean_values(vals)
        parts_written = NAME_PARTS.intersection(vals)
        if "name" in vals and not parts_written:
            renamed = self.filtered(
                lambda partner: (
                    (partner.pope_first_name or partner.pope_last_name)
                    and person_names.clean(vals["name"])
                    not in (partner.name, self._pope_full_name(partner.pope_first_name, partner.pope_last_name))
                )
            )
            result = super().write(vals)
            if renamed:
                parts = person_names.split_name(vals["name"])
                new = {
                    "pope_first_name": parts and parts.first_name,
                    "pope_last_name": parts and parts.last_name,
                }
                super(ResPartner, renamed).write(new)
            return result
        result = super().write(vals)
        if parts_written and "name" not in vals:
            people = self.filtered(lambda partner: not partner.is_company)
            for name, partners in people.grouped(
                lambda partner: self._pope_full_name(partner.pope_first_name, partner.pope_last_name)
            ).items():
                if name:
                    super(ResPartner, partners).write({"name": name})
        return result

    @api.model
    def _pope_full_name(self, first_name, last_name):
        """One name as it is shown and sorted: *Prénom NOM*; empty when neither is known."""
        return person_names.full_name(first_name, last_name)

    @api.model
    def _pope_clean_values(self, vals):
        """What is typed, as it is kept."""
        cleaned = {name: person_names.clean(vals[name]) for name in NAME_PARTS if vals.get(name)}
        if "pope_first_name" in cleaned:
            cleaned["pope_first_name"] = person_names.tidy_first_name(cleaned["pope_first_name"])
        return {**vals, **cleaned}

    @api.model
    def _pope_name_values(self, vals):
        vals = self._pope_clean_values(vals)
        if vals.get("name") or vals.get("is_company"):
            return vals
        name = self._pope_full_name(vals.get("pope_first_name"), vals.get("pope_last_name"))
        return {**vals, "name": name} if name else vals

    def _pope_split_name(self):
        """The parts of a whole name that is not taken apart yet, when there is no doubt, or None."""
        if self.is_company or self.pope_first_name or self.pope_last_name:
            return None
        return person_names.split_name(self.name)

    def action_pope_split_name(self):
        """Take apart the names that leave no doubt; the others are left as they are."""
        count = 0
        for partner in self:
            if parts := partner._pope_split_name():
                count += 1
                partner.write(
                    {
                        "pope_civility": partner.pope_civility or parts.civility,
                        "pope_first_name": parts.first_name,
                        "pope_last_name": parts.last_name,
                    }
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": self.env._(
                    "%(count)s of %(total)s names taken apart; where there was a doubt, nothing was changed.",
                    count=count,
                    total=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # --- Known persons ---

    @api.model
    @api.private
    def _pope_find_person(self, email=None, phone=None, name=None):
        """The one known person of that address, or of that phone and name; empty when nobody or several are."""
        wanted = (email, phone, name)
        return self._pope_find_people([wanted])[wanted]

    @api.model
    @api.private
    def _pope_find_people(self, wanted, company=None):
        """Find many persons at once.

        :param wanted: tuples of address, phone and name
        :param company: when given, persons that belong to another company are nobody
        :return: the person of each tuple, as `_pope_find_person` tells it; of several that share an address,
            the one who has the name
        """
        nobody = self.browse()
        own = Domain("is_company", "=", False)
        if company:
            own &= Domain("company_id", "in", [company.id, False])
        emails = {email: email_normalize(email or "") for email, _phone, _name in wanted}
        # a number is the same number however it is written
        phones = {phone: self._pope_phone_forms(phone) for _email, phone, name in wanted if phone and name}
        forms = set().union(*phones.values())
        by_email = self.search(own & Domain("email_normalized", "in", list(filter(None, emails.values()))))
        by_email = by_email.grouped("email_normalized")
        reached = defaultdict(self.browse)
        for person in self.search(own & self._pope_phone_domain(forms)):
            for number in person._pope_numbers():
                reached[number] |= person

        def named(people, name):
            key = person_names.sort_key(name)
            return people.filtered(lambda person: person_names.sort_key(person.name) == key)

        found = {}
        for email, phone, name in wanted:
            people = by_email.get(emails[email], nobody)
            if len(people) > 1 or not people:
                people = people or nobody.union(*(reached[form] for form in phones.get(phone, ()) if form in reached))
                people = named(people, name)
            found[email, phone, name] = people if len(people) == 1 else nobody
        return found

    @api.model
    def _pope_phone_forms(self, phone):
        """A phone number as it was typed and as it is dialled from anywhere."""
        return {phone, self._phone_format(number=phone, country=self.env.company.country_id) or phone}

    def _get_contact_opportunities_domain(self):
        """What Odoo counts and shows as sales opportunities of a contact: projects have a count of their own."""
        own_types = list(self.env["crm.lead"]._pope_lead_types())
        return [*super()._get_contact_opportunities_domain(), ("type", "not in", own_types)]

    @api.model
    def _pope_phone_domain(self, forms):
        """Whose number, main or other, is one of these."""
        forms = list(forms)
        return (
            Domain("phone", "in", forms)
            | Domain("phone_sanitized", "in", forms)
            | Domain("pope_phone_ids.number", "in", forms)
            | Domain("pope_phone_ids.number_sanitized", "in", forms)
        )

    def _pope_numbers(self):
        """Every number of a person, in each of its forms."""
        others = self.pope_phone_ids
        numbers = {self.phone, self.phone_sanitized, *others.mapped("number"), *others.mapped("number_sanitized")}
        return numbers - {False}

    def action_pope_projects(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.crm_lead_action_project")
        action["domain"] = [("type", "=", "project"), ("pope_member_ids.partner_id", "in", self.ids)]
        action["context"] = {"default_type": "project", "default_partner_id": self[:1].id, "active_test": False}
        return action
