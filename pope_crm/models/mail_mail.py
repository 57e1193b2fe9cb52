import smtplib

import psycopg2

from odoo import models, modules


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _pope_rows(self):
        # sudo: the queue works for everyone
        return self.env["pope.notification"].sudo().search([("mail_id", "in", self.ids)]) if self else None

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        """E-mails of our ledger leave one at a time, each marked and committed before it leaves.

        Without auto_commit they are left to the queue, which has it.
        """
        options = {
            "raise_exception": raise_exception,
            "smtp_session": smtp_session,
            "alias_domain_id": alias_domain_id,
            "mail_server": mail_server,
        }
        rows = self._pope_rows()
        if not rows or modules.module.current_test:
            return super()._send(auto_commit=auto_commit, post_send_callback=post_send_callback, **options)
        others = self - rows.mail_id
        if others:
            super(MailMail, others)._send(auto_commit=auto_commit, post_send_callback=post_send_callback, **options)
        if not auto_commit:
            return True

        def leave(mail, outcome):
            super(MailMail, mail.with_context(pope_smtp_outcome=outcome))._send(auto_commit=False, **options)

        # each of ours begins in a transaction of its own
        self.env.cr.commit()  # pylint: disable=invalid-commit
        for row, mail_id in [(row, row.mail_id.id) for row in rows]:
            connected = self.browse(mail_id)._pope_send_one(row, leave)
            if post_send_callback:
                post_send_callback([mail_id])
            self.env.cr.commit()  # pylint: disable=invalid-commit
            if not connected:
                self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
                break
        return True

    def _pope_send_one(self, row, leave):
        """Send the e-mail of one row, between two commits; False when the connection is lost.

        :param leave: sends one mail and fills the outcome it is given
        """
        # What left must be known even if this process is killed the moment after: that is what the commits are for.
        # pylint: disable=invalid-commit
        if not row._advisory_lock():
            return True
        outcome = {"kind": None, "detail": False}
        try:
            if not self._pope_begin(row):
                self.env.cr.commit()
                return True
            try:
                leave(self, outcome)
            except smtplib.SMTPServerDisconnected:
                self.env.cr.rollback()
            except psycopg2.Error as error:
                # the database failed, before the server answered or after: its answer, if any, is known
                self.env.cr.rollback()
                outcome = outcome if outcome["kind"] else {"kind": "later", "detail": str(error)[:500]}
            self._pope_end(row, outcome)
            return outcome["kind"] not in ("cut", "no_connection")
        except psycopg2.Error:  # another process was faster: this row is its own
            self.env.cr.rollback()
            return True
        finally:
            row._advisory_unlock()

    def _pope_begin(self, row):
        """Mark the row as sending, in a commit of its own; False when it must not leave now."""
        # pylint: disable=invalid-commit
        self.env.invalidate_all()
        outgoing = self.exists().filtered(lambda mail: mail.state == "outgoing")
        if not (outgoing and row.exists()):  # taken back while the queue ran
            return False
        if row.state == "sending":
            row._set_in_doubt("found_sending")
            return False
        if row.state != "queued":
            # put back into Odoo's queue by hand, while the list of e-mails says that it is over
            outgoing.state = "sent" if row.state == "sent" else "cancel"
            return False
        now = self.env.cr.now()
        if row.kind != "request" and row.company_id._pope_next_opening(now) > now:
            row._back_to_plan(now)  # the queue was late
            return False
        row.state = "sending"
        self.env.cr.commit()
        return True

    def _pope_end(self, row, outcome):
        """Write what the server answered, even if another process changes the row at the same moment."""
        for last in (False, False, True):
            try:
                row._record_outcome(outcome)
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return
            except psycopg2.Error:
                self.env.cr.rollback()
                if last:
                    raise

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """No connection at all: nothing left, and the queue tries again later."""
        result = super()._postprocess_sent_message(
            success_pids=success_pids,
            success_emails=success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        if failure_type == "mail_smtp" and (rows := self._pope_rows()):
            rows.filtered(lambda row: row.state == "queued")._set_retry(failure_reason)
        return result
