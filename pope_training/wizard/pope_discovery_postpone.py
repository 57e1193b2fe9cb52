from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingPostpone(models.TransientModel):
    """A discovery day is postponed, or called off, by the same gesture; it moves as a whole unless it has half-days."""

    _inherit = "pope.training.postpone"

    is_whole = fields.Boolean(compute="_compute_is_whole")
    date_begin = fields.Datetime(
        string="Now Begins On", compute="_compute_date_begin", store=True, readonly=False, help="It lasts as long."
    )
    senders = fields.Char(string="Who Sent People, Told Too", compute="_compute_senders")

    @api.depends("event_id", "line_ids")
    def _compute_is_whole(self):
        for wizard in self:
            wizard.is_whole = wizard.event_id.pope_kind == "discovery_day" and not wizard.line_ids

    @api.depends("event_id")
    def _compute_date_begin(self):
        for wizard in self:
            wizard.date_begin = wizard.event_id.date_begin

    @api.depends("event_id")
    def _compute_senders(self):
        for wizard in self:
            senders = self.env["res.partner"].union(*wizard.event_id._pope_sent_people())
            wizard.senders = ", ".join(senders.sorted("name").mapped("name"))

    def _apply(self):
        if self.gesture == "cancel" or not self.is_whole:
            return super()._apply()
        if self.date_begin == self.event_id.date_begin:
            raise UserError(self.env._("Choose another date first."))
        if self.date_begin < self.env.cr.now():
            raise UserError(self.env._("Choose a date to come."))
        return self.event_id._pope_move_day(self.date_begin, self.reason)
