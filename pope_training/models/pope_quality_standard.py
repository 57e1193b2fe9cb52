from odoo import api, fields, models

CONDITIONS = [
    ("certifying", "Certifying trainings"),
    ("long", "Trainings of more than two days"),
    ("alternation", "Work-study trainings"),
    ("apprentices", "Apprenticeship"),
    ("subcontracting", "Subcontracting"),
    ("workplace", "Periods in a workplace"),
]
# which indicators are not looked at when the pole only works for other bodies
NOT_FOR_OTHERS = (1, 2, 3)
CATEGORIES = {"1": "for_training", "2": "for_assessment", "3": "for_vae", "4": "for_apprentices"}


class QualityStandard(models.Model):
    """A version of the national quality standard, with the dates between which audits use it."""

    _name = "pope.quality.standard"
    _description = "Quality Standard"
    _order = "date_from desc"

    name = fields.Char(required=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Through")
    source = fields.Char()
    criterion_ids = fields.One2many("pope.quality.criterion", "standard_id", string="Criteria")

    _once = models.UniqueIndex("(date_from)", "Another version begins on this day.")

    @api.model
    def _of(self, day):
        """The version that an audit of that day uses."""
        return self.search(
            [("date_from", "<=", day), "|", ("date_to", "=", False), ("date_to", ">=", day)],
            order="date_from desc",
            limit=1,
        )


class QualityCriterion(models.Model):
    """One of the seven criteria of a version of the standard."""

    _name = "pope.quality.criterion"
    _description = "Quality Criterion"
    _order = "standard_id, number"

    standard_id = fields.Many2one("pope.quality.standard", required=True, ondelete="cascade", index=True)
    number = fields.Integer(required=True, aggregator=None)
    name = fields.Char(required=True)
    indicator_ids = fields.One2many("pope.quality.indicator", "criterion_id", string="Indicators")

    _once = models.UniqueIndex("(standard_id, number)", "This version has this criterion already.")

    @api.depends("number", "name")
    def _compute_display_name(self):
        for criterion in self:
            criterion.display_name = f"{criterion.number}. {criterion.name}"


class QualityIndicator(models.Model):
    """An indicator of a version of the standard: to whom it applies."""

    _name = "pope.quality.indicator"
    _description = "Quality Indicator"
    _order = "standard_id, number"

    criterion_id = fields.Many2one("pope.quality.criterion", required=True, ondelete="cascade", index=True)
    standard_id = fields.Many2one(related="criterion_id.standard_id", store=True, index=True)
    number = fields.Integer(required=True, aggregator=None)
    name = fields.Char(required=True)
    for_training = fields.Boolean(string="Training")
    for_assessment = fields.Boolean(string="Skills Assessment")
    for_vae = fields.Boolean(string="VAE")
    for_apprentices = fields.Boolean(string="Apprenticeship")
    condition = fields.Selection(CONDITIONS)
    is_revised = fields.Boolean(string="New or Revised", help="Its text is not that of the version before.")

    _once = models.UniqueIndex("(standard_id, number)", "This version has this indicator already.")

    @api.depends("number", "name")
    def _compute_display_name(self):
        for indicator in self:
            indicator.display_name = f"{indicator.number}. {indicator.name}"

    def _applies(self, delivered):
        """Whether the indicator applies to what is delivered, and why.

        :param dict delivered: categories (types of action), for_others (all of it is ordered by other bodies), and for
            each condition the names of what fulfils it
        :return: (whether it applies, sentence)
        """
        self.ensure_one()
        if delivered["for_others"] and self.number in NOT_FOR_OTHERS:
            return False, self.env._("All sessions are held for other training bodies.")
        if not any(self[CATEGORIES[category]] for category in delivered["categories"]):
            return False, self.env._("The pole delivers no action of this kind.")
        if not self.condition:
            return True, self.env._("Applies to what the pole delivers.")
        label = dict(self._fields["condition"]._description_selection(self.env))[self.condition]
        found = delivered[self.condition]
        if not found:
            return False, self.env._("%(condition)s: none.", condition=label)
        names = ", ".join(found[:3])
        return True, self.env._("%(condition)s: %(names)s", condition=label, names=names)


class QualityGrading(models.Model):
    """What an indicator that is not met may be: corrected by the pole when the reading guide changes."""

    _name = "pope.quality.grading"
    _description = "Grading of an Indicator"
    _order = "number"
    _rec_name = "number"

    number = fields.Integer(string="Indicator", required=True, aggregator=None)
    severity = fields.Selection(
        [("both", "Minor or major"), ("major", "Major only"), ("unknown", "Not known yet")],
        string="When It Is Not Met",
        required=True,
        default="unknown",
    )
    is_new_entrant = fields.Boolean(
        string="Lighter for Newcomers", help="First audit: the process must exist, its use is checked at the next one."
    )
    source = fields.Char()
    date_source = fields.Date(string="Read On")

    _once = models.UniqueIndex("(number)", "This indicator has its grading already.")
