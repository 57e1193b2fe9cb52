from odoo import fields, models


class NotificationEdit(models.TransientModel):
    _name = "pope.notification.edit"
    _description = "Read or Edit an E-mail Before It Leaves"

    notification_id = fields.Many2one("pope.notification", required=True, ondelete="cascade")
    state = fields.Selection(related="notification_id.state")
    partner_id = fields.Many2one(related="notification_id.partner_id")
    email = fields.Char(related="notification_id.email")
    subject = fields.Char(required=True)
    body = fields.Html(sanitize="email_outgoing")

    def action_save(self):
        self.notification_id._set_text(self.subject, self.body)

    def action_save_and_approve(self):
        self.action_save()
        self.notification_id.filtered(lambda row: row.state == "to_approve").action_approve()
