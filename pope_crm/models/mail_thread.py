from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Answers to our automatic e-mails and messages to our addresses go where `pope.intake` says."""
        Intake = self.env["pope.intake"]
        if answered := Intake._answered_route(message_dict):
            routes = [answered]
        else:
            routes = super().message_route(
                message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
            )
        return Intake._sort_routes(message, message_dict, routes)
