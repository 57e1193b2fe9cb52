from odoo import fields, models


class IntakeIgnore(models.TransientModel):
    """Nothing to follow: why, and whether the address is ignored from now on."""

    _name = "pope.intake.ignore"
    _description = "Ignore a First Contact"

    intake_ids = fields.Many2many(
        "pope.intake", string="To Ignore", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    reason = fields.Selection(
        [
            ("spam", "Spam"),
            ("off_topic", "Not for us"),
            ("duplicate", "Came twice"),
            ("answered", "Answered, nothing to follow"),
        ],
        required=True,
    )
    is_blocked = fields.Boolean(
        string="Ignore This Address From Now On", help="What comes from it is kept under “Ignored” by itself."
    )

    def action_ignore(self):
        self.intake_ids._ignore(self.reason, self.is_blocked)
