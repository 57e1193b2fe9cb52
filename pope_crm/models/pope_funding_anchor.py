from odoo import api, fields, models

MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class FundingAnchor(models.AbstractModel):
    """From which day, and how long after or before it, something is due to a funder."""

    _name = "pope.funding.anchor"
    _description = "Anchor of a Due Date"

    anchor = fields.Selection(
        [
            ("year_end", "End of the Financial Year"),
            ("action_end", "End of the Action"),
            ("agreement_end", "End of the Agreement"),
            ("fixed", "A Day of the Year"),
            ("next_application", "The Next Application"),
            ("given", "A Date Written by Hand"),
        ],
        string="Counted From",
        required=True,
        default="year_end",
    )
    months = fields.Integer(string="± Months", help="Months after it; a minus sign for months before.")
    days = fields.Integer(string="± Days", help="Days after it; a minus sign for days before.")
    fixed_day = fields.Integer(string="On the", default=30)
    fixed_month = fields.Selection(MONTHS, string="Of", default="6")
    delay = fields.Char(compute="_compute_delay")

    _fixed_day_valid = models.Constraint(
        "CHECK (fixed_day IS NULL OR (fixed_day >= 1 AND fixed_day <= 31))", "A day of the month lies between 1 and 31."
    )

    @api.model
    def _anchor_fields(self):
        return ("anchor", "months", "days", "fixed_day", "fixed_month")

    @api.depends("anchor", "months", "days", "fixed_day", "fixed_month")
    @api.depends_context("lang")
    def _compute_delay(self):
        """The rule in words: “6 months after the end of the financial year”."""
        anchors, months = (
            dict(self._fields[name]._description_selection(self.env)) for name in ("anchor", "fixed_month")
        )
        for record in self:
            amounts = [
                (abs(record.months), self.env._("%(count)s months", count=abs(record.months))),
                (abs(record.days), self.env._("%(count)s days", count=abs(record.days))),
            ]
            words = " ".join(text for count, text in amounts if count)
            anchor = anchors.get(record.anchor, "")
            if record.anchor == "fixed":
                anchor = f"{record.fixed_day} {months.get(record.fixed_month, '')}"
            if not words or record.anchor == "given":
                record.delay = anchor
            elif record.months < 0 or (not record.months and record.days < 0):
                record.delay = self.env._("%(delay)s before: %(anchor)s", delay=words, anchor=anchor)
            else:
                record.delay = self.env._("%(delay)s after: %(anchor)s", delay=words, anchor=anchor)
