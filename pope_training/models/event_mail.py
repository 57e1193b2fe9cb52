from odoo import models


class EventMail(models.Model):
    _inherit = "event.mail"

    def execute(self):
        """Our rules write to the people of an information meeting: Odoo's own e-mails would say it a second time."""
        others = self.filtered(lambda scheduler: scheduler.event_id.pope_kind != "information_meeting")
        return super(EventMail, others).execute()
