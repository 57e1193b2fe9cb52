import logging
from email.utils import getaddresses, parseaddr

from odoo import api, models
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import unfold_references

from ..core.form_text import clean

_logger = logging.getLogger(__name__)

TEXT_LENGTH = 4000
MACHINES = ("mailer-daemon", "postmaster")
MACHINE_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Mail-Autoreply", "X-Failed-Recipients")
LIST_HEADERS = ("List-Id", "List-Post", "List-Unsubscribe")
BULK = ("bulk", "list", "junk", "auto_reply")


class Intake(models.Model):
    """What arrives at a dedicated address: each message goes where a person would put it, or waits for one."""

    _inherit = "pope.intake"

    @api.model
    @api.private
    def _answered_route(self, message_dict):
        """Where an answer to an automatic e-mail of ours belongs: Odoo forgets what it sent, our list does not."""
        if message_dict.get("is_bounce"):
            return None
        references = unfold_references(message_dict["references"] or message_dict["in_reply_to"])
        if not references:
            return None
        # sudo: the gateway acts for nobody in particular
        row = self.env["pope.notification"].sudo().search([("message_id", "in", references)], limit=1)
        thread = row._thread() if row else None
        if not thread:
            return None
        user = self.env["mail.thread"]._mail_find_user_for_gateway(message_dict["email_from"])
        return (thread._name, thread.id, None, user.id or self.env.uid, self.env["mail.alias"])

    @api.model
    @api.private
    def _sort_routes(self, message, message_dict, routes):
        """Where a message really goes, of where Odoo would put it; what is not for us is left alone."""
        kept = []
        for route in routes:
            model, thread_id = route[:2]
            if not self._is_ours(model, thread_id):
                kept.append(route)
            elif self._is_automatic(message):
                _logger.info("Automatic message %s ignored", message_dict["message_id"])
            elif model == self._name and not thread_id:
                kept += self._new_routes(message_dict, route)
            else:
                kept.append(route)
        return kept

    @api.model
    def _is_ours(self, model, thread_id):
        if model == self._name:
            return True
        return model == "crm.lead" and thread_id and bool(self.env[model].sudo().browse(thread_id)._pope_own())

    @api.model
    @api.private
    def _is_automatic(self, message):
        """An auto-responder, a mailing list or a machine: nobody who waits for an answer."""

        def header(name):
            return str(message.get(name) or "").strip().lower()

        if header("Auto-Submitted").split(";")[0].strip() not in ("", "no"):
            return True
        if any(name in message for name in MACHINE_HEADERS + LIST_HEADERS):
            return True
        if header("Precedence") in BULK or message.get_content_type() == "multipart/report":
            return True
        if "Return-Path" in message and header("Return-Path").strip("<> ") == "":
            return True
        senders = [address for _name, address in getaddresses([str(message.get("From") or "")])]
        return any(address.split("@")[0].lower() in MACHINES for address in senders)

    @api.model
    def _new_routes(self, message_dict, route):
        """Of a message to a dedicated address: to the sender's project, to the institution's page, or to sort."""
        email = email_normalize(message_dict["email_from"] or "")
        # sudo: the gateway acts for nobody in particular
        people = self.env["res.partner"].sudo().search([("email_normalized", "=", email or "no address")])
        team = self.env["crm.team"].sudo().browse((route[2] or {}).get("team_id"))
        projects = self.env["crm.lead"].union(*(person._pope_main_project(team.company_id) for person in people))
        if len(projects) == 1:
            return [(projects._name, projects.id, None, route[3], self.env["mail.alias"])]
        if institution := people.filtered(lambda person: person._pope_is_institution())[:1]:
            self._keep_on_page(institution, message_dict)
            return []
        return [route]

    @api.model
    def _keep_on_page(self, institution, message_dict):
        """A known institution makes no project and is answered by nobody: its message stands on its page."""
        page = institution.with_user(self.env.ref("base.user_root"))
        page.with_context(mail_post_autofollow_author_skip=True).message_post(
            author_id=institution.id,
            subtype_xmlid="mail.mt_note",
            **{
                name: message_dict[name]
                for name in ("body", "subject", "email_from", "message_type", "message_id", "date", "attachments")
                if name in message_dict
            },
        )

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """An unknown sender, or one whose project nobody can guess: one line to sort, however often they write."""
        name, address = parseaddr(msg_dict.get("email_from") or "")
        parts = (clean(msg_dict.get("subject") or ""), clean(html2plaintext(msg_dict.get("body") or "")))
        text = "\n\n".join(filter(None, parts))[:TEXT_LENGTH]
        values = {
            **(custom_values or {}),
            "source": "mail",
            "name": clean(name) or address or self.env._("Nobody's name"),
            "email": address,
            "message": text,
        }
        email = email_normalize(address)
        waiting = email and self.search(
            [
                ("state", "=", "to_sort"),
                ("source", "=", "mail"),
                ("email_normalized", "=", email),
                ("team_id", "=", values.get("team_id")),
            ],
            limit=1,
        )
        if not waiting:
            return self.create(values)
        if text not in (waiting.message or ""):
            waiting.message = "\n\n".join(filter(None, (waiting.message, text)))
        return waiting
