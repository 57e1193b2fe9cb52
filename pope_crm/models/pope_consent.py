from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Consent(models.Model):
    """What a person was told of the use of their data, and what they agreed to, with its date and channel."""

    _name = "pope.consent"
    _description = "Information and Consent"
    _order = "date desc, id desc"
    _rec_name = "purpose"

    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="cascade", index=True)
    purpose = fields.Selection(
        [
            ("support", "Being accompanied"),
            ("news", "News of the pole"),
            ("image", "Photographs"),
            ("sensitive", "Sensitive data"),
        ],
        string="For",
        required=True,
        default="support",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    channel = fields.Selection(
        [
            ("meeting", "Face to face"),
            ("phone", "By phone"),
            ("form", "Form on line"),
            ("email", "By e-mail"),
            ("paper", "On paper"),
        ],
        required=True,
        default="meeting",
    )
    notice_shown = fields.Boolean(default=True, help="The person read or heard how their data are used.")
    answer = fields.Selection(
        [("informed", "Only informed"), ("given", "Agrees"), ("refused", "Refuses")],
        required=True,
        default="given",
    )
    date_withdrawn = fields.Date(string="Withdrawn On")
    state = fields.Selection(
        [("informed", "Informed"), ("given", "Agrees"), ("refused", "Refuses"), ("withdrawn", "Withdrawn")],
        compute="_compute_state",
        store=True,
    )

    @api.depends("answer", "date_withdrawn")
    def _compute_state(self):
        for consent in self:
            consent.state = "withdrawn" if consent.date_withdrawn else consent.answer

    @api.constrains("date", "date_withdrawn", "answer")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        for consent in self:
            if consent.date > today:
                raise ValidationError(self.env._("A consent cannot be given in the future."))
            if consent.date_withdrawn and (consent.answer != "given" or consent.date_withdrawn < consent.date):
                raise ValidationError(self.env._("Only a consent that was given can be withdrawn, and later."))

    def action_withdraw(self):
        self.filtered(lambda consent: consent.state == "given").date_withdrawn = fields.Date.context_today(self)
