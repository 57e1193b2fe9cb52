import smtplib

from odoo import models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def send_email(self, message, *args, **kwargs):
        """Keep what the server answered, for who passes a dict as `pope_smtp_outcome`: Odoo only keeps a sentence."""
        outcome = self.env.context.get("pope_smtp_outcome")
        if outcome is None:
            return super().send_email(message, *args, **kwargs)
        try:
            message_id = super().send_email(message, *args, **kwargs)
        except smtplib.SMTPServerDisconnected as error:
            # smtplib's words for a session that was closed before this message began
            outcome["kind"] = "no_connection" if "connect() first" in str(error) else "cut"
            outcome["detail"] = str(error)
            raise
        except Exception as error:
            cause = error.__context__ or error
            code = getattr(cause, "smtp_code", None)
            if isinstance(cause, smtplib.SMTPRecipientsRefused):
                code = max((answer[0] for answer in cause.recipients.values()), default=None)
            if code is not None:
                outcome["kind"] = "later" if 400 <= code < 500 else "refused"
            elif isinstance(cause, OSError):
                outcome["kind"] = "cut"
            else:
                outcome["kind"] = "refused"
            outcome["detail"] = str(cause)[:500]
            raise
        outcome["kind"] = "sent"
        return message_id
