import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class RetentionRule(models.Model):
    """How long the data of a kind of persons are kept after their last contact."""

    _name = "pope.retention.rule"
    _description = "Retention Rule"
    _order = "sequence, id"

    name = fields.Char(string="Kind of Person", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    domain = fields.Char(string="Persons", required=True, default="[]")
    is_kept = fields.Boolean(
        string="Kept", help="As long as a person is of this kind, nothing is proposed for them, whatever the delay."
    )
    months = fields.Integer(
        string="Months after the Last Contact",
        default=36,
        aggregator=None,
        help="When a person is of several kinds, the longest delay counts.",
    )
    reason = fields.Text(translate=True, help="The text or recommendation that the delay comes from.")

    _months_positive = models.Constraint("CHECK (is_kept OR months > 0)", "A delay counts from one month on.")

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                self.env["res.partner"].search(rule._domain(), limit=1)
            except Exception as error:  # whatever is wrong with it, it is the text that a person must correct
                raise ValidationError(
                    self.env._("The persons of “%(name)s” cannot be found: check the filter.", name=rule.name)
                ) from error

    def _domain(self):
        self.ensure_one()
        return Domain(ast.literal_eval(self.domain or "[]"))

    @api.model
    def _expired(self):
        """The persons whose data may go today, by all the rules they come under.

        :return: dict partner → the rule with the longest delay
        """
        Partner = self.env["res.partner"].with_context(active_test=False)
        theirs = Partner._pope_people_domain() & Domain("pope_anonymised_date", "=", False)
        today = fields.Date.context_today(self)
        kept, expired = set(), {}
        for rule in self.search([("active", "=", True)], order="months desc, id"):
            people = Partner.search_fetch(theirs & rule._domain(), ["create_date"])
            if rule.is_kept:
                kept.update(people.ids)
                continue
            limit = fields.Date.subtract(today, months=rule.months)
            recent = set(Partner._pope_contacted(">=", limit))
            for partner in people:
                if partner.id in recent or partner.create_date.date() >= limit:
                    kept.add(partner.id)
                else:
                    expired.setdefault(partner, rule)
        return {partner: rule for partner, rule in expired.items() if partner.id not in kept}

    def action_people(self):
        """The persons of this kind today."""
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": list(self.env["res.partner"]._pope_people_domain() & self._domain()),
        }
