from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .pope_qualification import LEVELS


class Diploma(models.Model):
    """A diploma of a person, or what they know how to do without one, and its recognition in France."""

    _name = "pope.diploma"
    _description = "Diploma or Skill"
    _order = "partner_id, level desc, id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("is_company", "=", False)],
    )
    company_id = fields.Many2one(related="partner_id.company_id", store=True)
    currency_id = fields.Many2one("res.currency", default=lambda self: self.env.company.currency_id)
    kind = fields.Selection(
        [("diploma", "Diploma"), ("skill", "Skill without a diploma")], required=True, default="diploma"
    )
    name = fields.Char(string="Title or Skill", required=True)
    level = fields.Selection(LEVELS, help="In France; of a foreign diploma, the level that is likely or recognised.")
    country_id = fields.Many2one(
        "res.country", ondelete="restrict", default=lambda self: self.env.ref("base.fr", raise_if_not_found=False)
    )
    field = fields.Selection(
        [
            ("early_childhood", "Early childhood"),
            ("health", "Health and care"),
            ("social", "Social work"),
            ("teaching", "Teaching"),
            ("other", "Other"),
        ],
        string="Field of Study or Work",
    )
    year = fields.Integer(string="Year Obtained", aggregator=None)
    date_seen = fields.Date(string="Proof Seen On", help="The original or a copy was shown; it is not kept.")
    user_seen_id = fields.Many2one("res.users", string="Seen By", ondelete="restrict", readonly=True)
    recognition = fields.Selection(
        [
            ("none", "Not asked"),
            ("asked", "Asked"),
            ("given", "Statement of comparability"),
            ("refused", "Refused"),
        ],
        string="ENIC-NARIC",
        required=True,
        default="none",
        help="Of a foreign diploma, its recognition by the ENIC-NARIC centre.",
    )
    date_asked = fields.Date(string="Asked On")
    date_answer = fields.Date(string="Answered On")
    cost = fields.Monetary(string="Cost of the Request")
    level_recognised = fields.Selection(LEVELS)
    is_foreign = fields.Boolean(string="Foreign", compute="_compute_is_foreign", store=True)

    @api.depends("kind", "country_id")
    def _compute_is_foreign(self):
        for diploma in self:
            country = diploma.country_id.code
            diploma.is_foreign = diploma.kind == "diploma" and bool(country) and country != "FR"

    @api.constrains("year", "date_asked", "date_answer", "recognition", "cost")
    def _check_right(self):
        year = fields.Date.context_today(self).year
        for diploma in self:
            if diploma.year and not 1930 <= diploma.year <= year:
                raise ValidationError(self.env._("%(name)s: check the year.", name=diploma.name))
            if diploma.cost < 0:
                raise ValidationError(self.env._("%(name)s: a cost is not negative.", name=diploma.name))
            if diploma.date_asked and diploma.date_answer and diploma.date_answer < diploma.date_asked:
                raise ValidationError(self.env._("%(name)s: the answer comes after the request.", name=diploma.name))
            if diploma.recognition in ("given", "refused") and not diploma.date_answer:
                raise ValidationError(self.env._("%(name)s: when did the centre answer?", name=diploma.name))

    @api.model_create_multi
    def create(self, vals_list):
        diplomas = super().create([self._seen(vals) for vals in vals_list])
        diplomas._complete_profiles()
        return diplomas

    def write(self, vals):
        result = super().write(self._seen(vals))
        if {"level", "level_recognised", "country_id", "kind", "partner_id"}.intersection(vals):
            self._complete_profiles()
        return result

    @api.model
    def _seen(self, vals):
        """Who notes that a proof was seen has seen it."""
        return {**vals, "user_seen_id": vals["date_seen"] and self.env.uid} if "date_seen" in vals else vals

    def _complete_profiles(self):
        """The profile that funders count tells the highest diploma, and whether one is of another country."""
        order = [level for level, _label in LEVELS]
        for person, diplomas in self.filtered(lambda row: row.kind == "diploma").grouped("partner_id").items():
            levels = [diploma.level_recognised or diploma.level for diploma in diplomas]
            highest = max(filter(None, levels), key=order.index, default=None)
            known = person.pope_diploma_level
            if highest and (known not in order or order.index(highest) > order.index(known)):
                person.pope_diploma_level = highest
            if any(diplomas.mapped("is_foreign")) and not person.pope_has_foreign_diploma:
                person.pope_has_foreign_diploma = True


class ResPartner(models.Model):
    _inherit = "res.partner"

    pope_diploma_ids = fields.One2many(
        "pope.diploma", "partner_id", string="Diplomas and Skills", groups="pope_crm.group_pope_user"
    )

    def _pope_blank_related(self, neutral):
        """Of diplomas their level and country stay, which nobody is known by."""
        super()._pope_blank_related(neutral)
        for diploma in self.pope_diploma_ids:
            diploma.name = dict(diploma._fields["kind"]._description_selection(self.env))[diploma.kind]
        rows = self.env["pope.path.training"].search([("partner_id", "=", self.id)])
        self._pope_blank_texts(rows, ("note",), neutral)
        outcomes = self.env["pope.path.outcome"].search([("partner_id", "=", self.id)])
        outcomes.write({"employer": False, "comment": False})
        wishes = self.env["pope.host.wish"].search([("partner_id", "=", self.id)])
        self._pope_blank_texts(wishes, ("note",), neutral)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    pope_path_diploma_ids = fields.One2many(
        related="partner_id.pope_diploma_ids",
        readonly=False,
        string="Diplomas and Skills",
        groups="pope_crm.group_pope_user",
    )
