from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize, email_normalize_all


class ResPartner(models.Model):
    """What a person agreed to, whether they still wish to hear from the pole, and when they last did something."""

    _inherit = "res.partner"

    pope_consent_ids = fields.One2many(
        "pope.consent", "partner_id", string="Information and Consents", groups="pope_crm.group_pope_user"
    )
    pope_sensitive_ids = fields.One2many(
        "pope.person.sensitive",
        "partner_id",
        string="Sensitive Data",
        groups="pope_crm.group_pope_sensitive",
        exportable=False,
    )
    pope_opposition_date = fields.Date(
        string="Receives Nothing Since",
        copy=False,
        readonly=True,
        groups="pope_crm.group_pope_user",
        help="The person asked to receive no e-mail any more.",
    )
    pope_last_contact = fields.Date(
        string="Last Contact",
        compute="_compute_pope_last_contact",
        search="_search_pope_last_contact",
        groups="pope_crm.group_pope_user",
        help="When the person last wrote, came, answered or was met; what the pole sends does not count.",
    )

    pope_is_known = fields.Boolean(
        string="Of the Pole",
        compute="_compute_pope_is_known",
        search="_search_pope_is_known",
        groups="pope_crm.group_pope_user",
        help="A person whom the pole knows: holder, met, informed, or with a role.",
    )

    def _compute_pope_is_known(self):
        known = self.filtered_domain(self._pope_people_domain())
        for partner in self:
            partner.pope_is_known = partner in known

    def _search_pope_is_known(self, operator, value):
        return self._pope_people_domain() if operator == "in" and True in value else NotImplemented

    @api.model
    def _pope_people_domain(self):
        """The persons whose data are the pole's to keep or not: not others' contacts, nor those with a log-in."""
        known = (
            Domain("pope_role_ids", "!=", False)
            | Domain("pope_member_ids", "!=", False)
            | Domain("pope_consent_ids", "!=", False)
            | Domain("pope_first_name", "!=", False)
        )
        return Domain("is_company", "=", False) & Domain("user_ids", "=", False) & known

    # --- Last contact ---

    @api.model
    def _pope_last_contact_sources(self):
        """What counts as done by a person, for the models that know it to extend.

        :return: list of (model, field of its persons, field of its date, domain)
        """
        own = [("type", "in", list(self.env["crm.lead"]._pope_lead_types()))]
        return [
            ("mail.message", "author_id", "date", [("message_type", "in", ("email", "comment"))]),
            ("pope.project.member", "partner_id", "date_entry", []),
            ("pope.followup", "answered_partner_id", "date_answer", [("state", "=", "answered")]),
            ("pope.consent", "partner_id", "date", []),
            ("crm.lead", "partner_id", "pope_meeting_date", [*own, ("pope_meeting_attended", "=", True)]),
        ]

    @api.model
    def _pope_contacts(self, domain_of):
        """The date of the last act of each person up to today, one query a source: dict id → day.

        :param domain_of: domain of the acts to look at, from the names of their fields of persons and date
        """
        tomorrow = fields.Date.add(fields.Date.context_today(self), days=1)
        last = {}
        for model, person, date, domain in self._pope_last_contact_sources():
            # sudo: only a day comes out, and what a person did counts wherever the reader may look
            rows = (
                self.env[model]
                .sudo()
                .with_context(active_test=False)
                ._read_group(
                    Domain(domain) & Domain(date, "<", tomorrow) & Domain(domain_of(person, date)),
                    [person],
                    [f"{date}:max"],
                )
            )
            for partner, moment in rows:
                local = isinstance(moment, datetime) and fields.Datetime.context_timestamp(self, moment).date()
                day = local or moment
                last[partner.id] = max(day, last.get(partner.id, day))
        return last

    def _compute_pope_last_contact(self):
        last = self._pope_contacts(lambda person, date: [(person, "in", self.ids)])
        for partner in self:
            partner.pope_last_contact = last.get(partner._origin.id, False)

    def _search_pope_last_contact(self, operator, value):
        # Odoo asks for the right to read a field that is computed when it is read, not when it is searched
        self._check_field_access(self._fields["pope_last_contact"], "read")
        if operator in ("in", "not in") and set(value) == {False}:
            return [("id", "not in" if operator == "in" else "in", self._pope_contacted())]
        if operator in (">", ">="):
            return [("id", "in", self._pope_contacted(operator, value))]
        if operator in ("<", "<="):
            later = self._pope_contacted(">=" if operator == "<" else ">", value)
            return [("id", "in", self._pope_contacted()), ("id", "not in", later)]
        return NotImplemented

    @api.model
    def _pope_contacted(self, operator=None, day=None):
        """Ids of the persons who ever did something, or did on those days."""
        return list(
            self._pope_contacts(
                lambda person, date: [(person, "!=", False), *([(date, operator, day)] if operator else [])]
            )
        )

    # --- Opposition ---

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.browse(
            partner.id for partner, vals in zip(partners, vals_list, strict=True) if vals.get("pope_opposition_date")
        )._pope_enforce_opposition()
        return partners

    def write(self, vals):
        if "pope_opposition_date" in vals and not vals["pope_opposition_date"]:
            self._pope_check_may_lift()
        result = super().write(vals)
        if vals.get("pope_opposition_date") or vals.get("email"):
            self._pope_enforce_opposition()
        return result

    def action_pope_oppose(self):
        self.check_access("write")
        people = self.filtered(lambda partner: not partner.pope_opposition_date)
        people.pope_opposition_date = fields.Date.context_today(self)

    def action_pope_lift_opposition(self):
        """A person wishes to hear from the pole again: the address of another who does not stays blocked."""
        self._pope_check_may_lift()
        self.pope_opposition_date = False
        addresses = self._pope_addresses()
        everybody = set().union(*addresses.values())
        still = self.search([("pope_opposition_date", "!=", False), ("email_normalized", "in", list(everybody))])
        blocked = set().union(*still._pope_addresses().values())
        # sudo: the list of blocked addresses belongs to administrators
        Blacklist = self.env["mail.blacklist"].sudo()
        Blacklist.search([("email", "in", list(everybody - blocked))]).active = False
        note = self.env._("Wishes to receive e-mails again: their addresses are free.")
        self._message_log_batch(bodies=dict.fromkeys(self.ids, note))

    def _pope_check_may_lift(self):
        opposed = self.sudo().filtered("pope_opposition_date")  # sudo: only whether there is one
        if opposed and not (self.env.su or self.env.user.has_group("pope_crm.group_pope_manager")):
            raise AccessError(self.env._("A manager gives a person's addresses free again, on their word."))

    def _pope_addresses(self):
        """Every address that a person is written to at: dict partner → set of normalized addresses."""
        addresses = defaultdict(set)
        for partner in self:
            addresses[partner].update(email_normalize_all(partner.email or ""))
        # sudo: an address of theirs counts on every project and e-mail, whatever the reader may see
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        for lead in leads.search([("partner_id", "in", self.ids), ("type", "in", list(leads._pope_lead_types()))]):
            addresses[lead.partner_id].add(email_normalize(lead.email_from or ""))
        for person, email in (
            self.env["pope.notification"]  # sudo: see above
            .sudo()
            ._read_group([("partner_id", "in", self.ids), ("email", "!=", False)], ["partner_id", "email"])
        ):
            addresses[person].add(email)
        return {partner: found - {False} for partner, found in addresses.items()}

    def _pope_leave_queues(self):
        """Out of what others write: as a follower, and as a recipient of what waits to leave."""
        theirs = [Command.unlink(person.id) for person in self]
        # sudo: the wish holds for what anybody wrote
        self.env["mail.followers"].sudo().search([("partner_id", "in", self.ids)]).unlink()
        self.env["mail.scheduled.message"].sudo().search([("partner_ids", "in", self.ids)]).partner_ids = theirs
        mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing"), ("recipient_ids", "in", self.ids)])
        mails.recipient_ids = theirs
        mails.filtered(lambda mail: not mail.recipient_ids and not mail.email_to).cancel()

    def _pope_enforce_opposition(self):
        """Whoever asked to receive nothing receives nothing, at any address they have, had or take."""
        # sudo: the wish holds whoever writes the address
        people = self.sudo().filtered("pope_opposition_date")
        if not people:
            return
        addresses = people._pope_addresses()
        everybody = set().union(*addresses.values())
        Blacklist = self.env["mail.blacklist"].sudo()  # sudo: the list of blocked addresses belongs to administrators
        known = set(Blacklist.search([("email", "in", list(everybody))]).mapped("email"))
        new = everybody - known
        if new:
            Blacklist.create([{"email": email} for email in sorted(new)]).active = True
        rows = self.env["pope.notification"]._of_people(people, ("planned", "to_approve", "queued", "failed"))
        cancelled = rows.grouped("partner_id")
        rows._cancel("blacklisted")
        people._pope_leave_queues()
        others = self.sudo().search([("email_normalized", "in", list(new)), ("id", "not in", people.ids)])
        notes = {}
        for person in people:
            mine = addresses.get(person, set()) & new
            count = len(cancelled.get(person, ()))
            if not mine and not count:
                continue
            shared = others.filtered(lambda other, mine=mine: other.email_normalized in mine)
            notes[person.id] = self.env._(
                "Asked to receive nothing: addresses blocked: %(addresses)s; planned e-mails cancelled: %(count)s.",
                addresses=", ".join(sorted(mine)) or "–",
                count=count,
            )
            if shared:
                notes[person.id] += " " + self.env._(
                    "They share a mailbox with %(others)s, who receive nothing there either.",
                    others=", ".join(shared.mapped("name")),
                )
        if notes:
            people.browse(notes)._message_log_batch(bodies=notes)
