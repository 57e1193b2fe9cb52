from odoo import api, fields, models
from odoo.exceptions import UserError


class NotificationSend(models.TransientModel):
    """See what a rule would send for a project, and send it by hand."""

    _name = "pope.notification.send"
    _description = "Preview or Send by Hand"

    rule_id = fields.Many2one("pope.notification.rule", required=True, domain=[("source", "=", "project")])
    lead_id = fields.Many2one("crm.lead", string="Project", required=True, domain=[("type", "=", "project")])
    recipients = fields.Char(compute="_compute_preview")
    subject = fields.Char(compute="_compute_preview")
    body = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("rule_id", "lead_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.recipients = wizard.subject = wizard.body = False
            if not (wizard.rule_id and wizard.lead_id):
                continue
            lead = wizard.lead_id._origin or wizard.lead_id
            lead.check_access("read")
            people = wizard.rule_id._recipients(lead).get(lead)
            wizard.recipients = ", ".join(people.mapped("name")) if people else self.env._("Nobody")
            if people:
                values = wizard.rule_id._origin._preview(lead, people[0])
                wizard.subject, wizard.body = values["subject"], values["body_html"]

    def action_send(self):
        self.lead_id.check_access("write")
        rows = self.rule_id._plan(self.lead_id, when=self.env.cr.now(), manual=True)
        if not rows:
            raise UserError(self.env._("This e-mail has nobody to go to for this project."))
        return rows.sudo(False)._action_open()
