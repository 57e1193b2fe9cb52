from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class ResPartner(models.Model):
    """What the pole knows of its contacts; empty on everybody else."""

    _inherit = "res.partner"

    pope_first_name = fields.Char(string="First Name")
    pope_last_name = fields.Char(string="Last Name", help="The name in use.")
    pope_role_ids = fields.Many2many(
        "pope.partner.role", string="PôPE Roles", copy=False, groups="pope_crm.group_pope_user"
    )
    pope_town_id = fields.Many2one("pope.town", string="PôPE Town", index="btree_not_null")
    pope_member_ids = fields.One2many(
        "pope.project.member", "partner_id", string="Projects Held", groups="pope_crm.group_pope_user"
    )
    pope_project_count = fields.Integer(
        string="Projects", compute="_compute_pope_project_count", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_project_count(self):
        counts = dict(
            self.env["pope.project.member"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["lead_id:count_distinct"]
            )
        )
        for partner in self:
            partner.pope_project_count = counts.get(partner, 0)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._pope_name_values(vals) for vals in vals_list])

    def write(self, vals):
        if not {"pope_first_name", "pope_last_name"}.intersection(vals) or "name" in vals:
            return super().write(vals)
        result = super().write(vals)
        for partner in self.filtered(lambda partner: not partner.is_company):
            if name := self._pope_full_name(partner.pope_first_name, partner.pope_last_name):
                partner.name = name
        return result

    @api.model
    def _pope_full_name(self, first_name, last_name):
        """One name as it is shown and sorted: *Prénom NOM*; empty when neither is known."""
        return " ".join(part for part in ((first_name or "").strip(), (last_name or "").strip().upper()) if part)

    @api.model
    def _pope_name_values(self, vals):
        if vals.get("name") or vals.get("is_company"):
            return vals
        name = self._pope_full_name(vals.get("pope_first_name"), vals.get("pope_last_name"))
        return {**vals, "name": name} if name else vals

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
        by_phone = self.search(own & (Domain("phone", "in", forms) | Domain("phone_sanitized", "in", forms)))
        by_email = by_email.grouped("email_normalized")
        reached = {**by_phone.grouped("phone"), **by_phone.grouped("phone_sanitized")}

        def named(people, name):
            wanted_name = (name or "").strip().casefold()
            return people.filtered(lambda person: (person.name or "").strip().casefold() == wanted_name)

        found = {}
        for email, phone, name in wanted:
            people = by_email.get(emails[email], nobody)
            if len(people) > 1 or not people:
                people = people or nobody.union(*(reached.get(form, nobody) for form in phones.get(phone, ())))
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

    def action_pope_projects(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.crm_lead_action_project")
        action["domain"] = [("type", "=", "project"), ("pope_member_ids.partner_id", "in", self.ids)]
        action["context"] = {"default_type": "project", "default_partner_id": self[:1].id, "active_test": False}
        return action
