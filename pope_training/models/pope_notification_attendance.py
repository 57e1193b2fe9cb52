from odoo import api, fields, models
from odoo.tools import consteq, hmac

from odoo.addons.pope_crm.models.pope_notification import BUTTON


class Notification(models.Model):
    """E-mails that let somebody sign attendance: their own link, and a code where they asked for one."""

    _inherit = "pope.notification"

    sign_link = fields.Html(string="Link to Sign", compute="_compute_sign_link", sanitize=False)
    sign_code = fields.Char(string="Code to Sign", compute="_compute_sign_link")
    sign_event = fields.Char(compute="_compute_sign_link")

    @api.model
    def mail_allowed_qweb_expressions(self):
        words = ("object.sign_link", "object.sign_code", "object.sign_event")
        return (*super().mail_allowed_qweb_expressions(), *words)

    @api.depends("enrolment_id", "lang")
    def _compute_sign_link(self):
        for row in self:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            row.sign_event = told.event_id.name
            saved = row._origin and row.enrolment_id
            row.sign_link = BUTTON % (row.enrolment_id._sign_url(), told.env._("I sign here")) if saved else False
            row.sign_code = saved and row.rule_id.trigger == "sign_code" and row._origin._code()

    def _code(self):
        """Six digits, that nobody finds without the secret of the database."""
        # sudo: the secret of the database signs
        return f"{int(hmac(self.sudo().env, 'pope.training.code', str(self.id)), 16) % 10**6:06}"

    @api.private
    def _is_code(self, text):
        self.ensure_one()
        # whatever the keyboard: the digits of other scripts are digits too
        digits = "".join(str(int(character)) for character in text if character.isdecimal())
        return len(digits) == 6 and consteq(self._code(), digits)
