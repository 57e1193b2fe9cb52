from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..core import person_names


class ResPartner(models.Model):
    """Persons that look like one being typed: told before saving, never refused, since people share."""

    _inherit = "res.partner"

    pope_similar_note = fields.Html(
        string="Known Already?",
        compute="_compute_pope_similar_note",
        sanitize=False,
        groups="pope_crm.group_pope_user",
    )

    @api.depends("name", "is_company", "email", "phone", "pope_phone_ids.number", "street", "zip", "pope_birth_date")
    def _compute_pope_similar_note(self):
        similar = self._pope_similar()
        for partner in self:
            partner.pope_similar_note = self._pope_similar_html(similar[partner])

    def _pope_similar(self):
        """Other persons that have an address, a number, a home, or name and birth date in common with each of self.

        :return: dict partner → list of (other, whether the name is the same, what is in common as words)
        """
        words = {
            "email": self.env._("same e-mail address"),
            "phone": self.env._("same phone number"),
            "home": self.env._("same address"),
            "birth": self.env._("same name and birth date"),
        }
        traits = {partner: partner._pope_traits() for partner in self if not partner.is_company}
        wanted = set().union(*traits.values())
        domain = Domain.OR(
            [
                Domain("email_normalized", "in", [value for kind, value in wanted if kind == "email"]),
                self._pope_phone_domain([value for kind, value in wanted if kind == "phone"]),
                Domain("pope_birth_date", "in", [value[0] for kind, value in wanted if kind == "birth"]),
                *(
                    Domain("street", "=ilike", street) & Domain("zip", "=", code)
                    for street, code in (value for kind, value in wanted if kind == "home")
                ),
            ]
        )
        others = self.search(Domain("is_company", "=", False) & Domain("type", "=", "contact") & domain)
        known = [(other, other._pope_traits()) for other in others]
        found = {partner: [] for partner in self}
        for partner, own in traits.items():
            key = person_names.sort_key(partner.name)
            for other, theirs in known:
                common = {kind for kind, _value in own & theirs}
                if common and other != partner._origin:
                    same_name = bool(key) and person_names.sort_key(other.name) == key
                    found[partner].append((other, same_name, [words[kind] for kind in words if kind in common]))
        return found

    def _pope_traits(self):
        """What tells a person from another, as a set of (kind, value)."""
        traits = {("phone", number) for phone in self._pope_numbers() for number in self._pope_phone_forms(phone)}
        if email := email_normalize(self.email or ""):
            traits.add(("email", email))
        if self.street and self.zip:
            traits.add(("home", (self.street.strip().lower(), self.zip.strip())))
        if self.pope_birth_date and self.name:
            traits.add(("birth", (self.pope_birth_date, person_names.sort_key(self.name))))
        return traits

    @api.model
    def _pope_similar_html(self, similar):
        """What `_pope_similar` found for one person, with links that leave the screen as it is; False for nothing."""
        if not similar:
            return False
        lines = Markup().join(
            Markup('<li><a href="/odoo/personnes/%s" target="_blank">%s</a>%s – %s</li>')
            % (
                other.id,
                other.name,
                f" ({other.pope_town_id.name or other.city})" if other.pope_town_id or other.city else "",
                ", ".join(common),
            )
            for other, _same_name, common in similar
        )
        if any(same_name for _other, same_name, _common in similar):
            advice = self.env._("Probably the same person: open the known one instead of making another.")
        else:
            advice = self.env._(
                "The same person under another name, or people who share it (a couple, a MAM)? "
                "If they share a mailbox, an e-mail for both arrives there once."
            )
        return Markup('<ul class="mb-1">%s</ul>%s') % (lines, advice)
