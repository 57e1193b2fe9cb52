from odoo import api, fields, models
from odoo.exceptions import UserError


class ContactReplace(models.TransientModel):
    """X replaces Y at the PMI, the CAF or a town."""

    _name = "pope.contact.replace"
    _description = "Replace a Contact"

    partner_id = fields.Many2one("res.partner", string="Who Leaves", required=True, ondelete="cascade")
    new_partner_id = fields.Many2one("res.partner", string="Who Takes Over", required=True, ondelete="cascade")
    archive = fields.Boolean(
        string="Archive Who Leaves", default=True, help="What they said and received stays where it is."
    )
    opinion_count = fields.Integer(string="Opinions Awaited", compute="_compute_counts")
    project_count = fields.Integer(string="Open Projects", compute="_compute_counts")
    notification_count = fields.Integer(string="E-mails Not Yet Gone", compute="_compute_counts")

    @api.depends("partner_id")
    def _compute_counts(self):
        for wizard in self:
            opinions, rows = wizard.partner_id._pope_waiting_on()
            wizard.opinion_count = len(opinions)
            wizard.notification_count = len(rows)
            wizard.project_count = len(opinions.lead_id | rows.lead_id)

    def action_replace(self):
        self.ensure_one()
        if self.archive and self.partner_id.with_context(active_test=False).user_ids.filtered("active"):
            raise UserError(self.env._("%(name)s has a log-in and cannot be archived.", name=self.partner_id.name))
        leads = self.partner_id._pope_replace_by(self.new_partner_id, self.archive)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(name)s takes over: %(count)s open projects updated.",
                    name=self.new_partner_id.name,
                    count=len(leads),
                ),
                "next": {
                    "type": "ir.actions.act_window",
                    "res_model": "res.partner",
                    "res_id": self.new_partner_id.id,
                    "views": [[False, "form"]],
                },
            },
        }
