import logging
from collections import defaultdict
from datetime import timedelta

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..core import working_time

_logger = logging.getLogger(__name__)

LOT = 100
MAX_BOUNCES = 3
RETRY_MINUTES = (5, 30, 120)
TRIES = 5  # of one lot, when other processes were faster

BUTTON = Markup(
    '<a href="%s" style="background: #714b67; color: #ffffff; padding: 12px 20px; border-radius: 6px; '
    'text-decoration: none; display: inline-block;">%s</a>'
)

# Reasons a row did not leave or was taken back; other reasons are free text (an error).
REASONS = [
    ("imported", "Imported"),
    ("converted", "Converted from a sales opportunity"),
    ("copied", "Copied"),
    ("merged", "Merged"),
    ("split", "Split from another project"),
    ("restored", "Restored backup"),
    ("late", "Too late"),
    ("nobody", "Nobody to write to"),
    ("no_address", "No e-mail address"),
    ("invalid_address", "Invalid e-mail address"),
    ("blacklisted", "Asked to receive nothing"),
    ("bounced", "The address bounces"),
    ("moved", "Card moved on in time"),
    ("closed", "Project closed"),
    ("date_changed", "Date changed"),
    ("obsolete", "No longer true"),
    ("left", "Left the project"),
    ("by_hand", "By a person"),
    ("template", "Error in the text"),
    ("refused", "Refused by the mail server"),
    ("no_connection", "Mail server out of reach"),
    ("cut", "Cut before the answer"),
    ("found_sending", "Interrupted while leaving"),
]


class Notification(models.Model):
    """One e-mail to one person: the ledger and dispatcher of all automatic mail.

    At most once on the wire, and nothing lost silently: a row is marked and committed before its e-mail leaves, and a
    row whose fate is unknown is left to a person.
    """

    _name = "pope.notification"
    _description = "Automatic E-mail"
    _order = "date_planned desc, id desc"
    _rec_name = "subject"

    rule_id = fields.Many2one("pope.notification.rule", ondelete="restrict", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    lead_id = fields.Many2one("crm.lead", string="Project", ondelete="cascade", index="btree_not_null")
    followup_id = fields.Many2one("pope.followup", string="Follow-Up", ondelete="cascade", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", string="Person", ondelete="restrict", index=True)
    email = fields.Char(string="Address")
    lang = fields.Char(string="Language")
    entry_number = fields.Integer()
    key = fields.Char(copy=False, readonly=True)
    kind = fields.Selection(related="rule_id.kind", store=True)
    is_manual = fields.Boolean(string="Sent by Hand", readonly=True, help="A person chose to send it, as it is.")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("to_approve", "To Approve"),
            ("queued", "Queued"),
            ("sending", "Sending"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("in_doubt", "In Doubt"),
            ("skipped", "Not Sent"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        index=True,
    )
    reason = fields.Selection(REASONS)
    reason_detail = fields.Char(string="Detail")
    date_planned = fields.Datetime(string="Planned", required=True, index=True)
    date_grace = fields.Datetime(string="May Be Taken Back Until")
    date_sent = fields.Datetime(string="Sent On", readonly=True)
    subject = fields.Char()
    body = fields.Html(string="Text", sanitize="email_outgoing", help="Empty until it leaves, or is edited by hand.")
    is_edited = fields.Boolean(string="Edited by Hand")
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null", readonly=True)
    message_id = fields.Char(string="Message-ID", index="btree_not_null", readonly=True)
    attempts = fields.Integer(readonly=True)

    # What the texts may say
    first_name = fields.Char(compute="_compute_words")
    caller_sentence = fields.Char(compute="_compute_words")
    meeting_label = fields.Char(compute="_compute_words")
    meeting_place = fields.Char(compute="_compute_words")
    pole_address = fields.Char(compute="_compute_words")
    followup_link = fields.Html(string="Link to the Form", compute="_compute_words", sanitize=False)
    meeting_choice = fields.Html(
        string="When and Where, or Dates to Choose From", compute="_compute_words", sanitize=False
    )
    meeting_link = fields.Html(string="Link to Another Date", compute="_compute_words", sanitize=False)

    _key_unique = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This e-mail is planned already.")
    _due_idx = models.Index("(date_planned) WHERE state = 'planned'")

    @api.depends("subject", "rule_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.subject or row.rule_id.name

    @api.depends("lead_id", "followup_id", "partner_id", "lang")
    def _compute_words(self):
        """Whom to call, when and where the meeting is, where to answer, in the words of the recipient's language."""
        meetings = self._meetings()
        for row in self:
            lang = row.lang or row.partner_id.lang
            told = row.with_context(lang=lang)
            row.first_name = row.partner_id.pope_first_name or row.partner_id.name
            # sudo: the phone of the person in charge is in the mail anyway
            user = row.lead_id.sudo().user_id
            row.caller_sentence = told._caller_sentence(
                user.name or row.company_id.name, user.phone or row.company_id.phone
            )
            meeting, place = meetings[row]
            row.meeting_label = meeting and told.company_id._pope_moment_label(meeting)
            row.meeting_place = meeting and place
            row.meeting_choice = meeting and told._when_and_where(row.meeting_label, place)
            row.meeting_link = False
            row.pole_address = self._address_line(row.company_id.partner_id)
            label = told.env._("Give news of our place")
            row.followup_link = BUTTON % (row.followup_id.public_url, label) if row.followup_id else False

    def _meetings(self):
        """When and where the people of these e-mails are awaited at an information meeting.

        :return: dict row → (moment, or False; place in words)
        """
        venues = self.lead_id._pope_meeting_venues()
        places = {lead: self._address_line(venue) for lead, venue in venues.items()}
        return {row: (row.lead_id.pope_meeting_date, places.get(row.lead_id)) for row in self}

    @api.private
    def _when_and_where(self, label, place):
        lines = [(self.env._("When:"), label), (self.env._("Where:"), place)]
        items = Markup().join(Markup("<li>%s <b>%s</b></li>") % line for line in lines if line[1])
        return Markup("<ul>%s</ul>") % items

    @api.private
    def _address_line(self, partner):
        """Name and address as one tells somebody where to come."""
        town = " ".join(filter(None, (partner.zip, partner.city)))
        return ", ".join(filter(None, (partner.name, partner.street, partner.street2, town)))

    @api.private
    def _caller_sentence(self, name, phone):
        if phone:
            return self.env._("%(name)s answers you on %(phone)s", name=name, phone=phone)
        return self.env._("%(name)s answers you", name=name)

    @api.model
    def mail_allowed_qweb_expressions(self):
        """The words that the shipped texts use: who edits them needs no right on templates' code, and a text with
        nothing else is filled without being compiled for each recipient."""
        return (
            *super().mail_allowed_qweb_expressions(),
            "object.first_name",
            "object.caller_sentence",
            "object.meeting_label",
            "object.meeting_place",
            "object.pole_address",
            "object.lead_id.name",
            "object.company_id.name",
            "object.company_id.email_formatted",
            "object.lang",
            "object.followup_id.months",
            "object.followup_link",
            "object.meeting_choice",
            "object.meeting_link",
        )

    # --- Extension points ---

    def _source(self):
        """The record that the e-mail is about."""
        self.ensure_one()
        return self[self.rule_id._source_field()]

    def _thread(self):
        """The record whose discussion shows the e-mail."""
        return self.lead_id

    def _still_valid(self):
        """Whether what the e-mail says still holds when it is about to leave; if not, why."""
        self.ensure_one()
        rule, lead = self.rule_id, self.lead_id
        if self.is_manual:  # a person decided
            return True, False
        if not rule.active:
            return False, "obsolete"
        if not lead:
            return True, False
        if reason := self._wrong_person():
            return False, reason
        if lead.active == (rule.trigger == "lost") and not self._outlives_closing():
            return False, "obsolete" if lead.active else "closed"
        if not self.is_edited and not rule._suits_type(lead):
            return False, "obsolete"
        # sudo: whether an accreditation is refused, for whoever approves
        if rule.trigger == "refused" and self.sudo().partner_id.pope_accreditation_state != "refused":
            return False, "obsolete"
        if self.followup_id and self.followup_id.state != "planned":
            return False, "obsolete"
        if rule.trigger == "date":
            # a text that a person wrote does not depend on the stage
            if rule.stage_id and lead.stage_id != rule.stage_id and not self.is_edited:
                return False, "obsolete"
            now = self.env.cr.now()
            if rule._too_late(self._source(), self.company_id._pope_day_of(self.date_planned), now):
                return False, "late"
        return True, False

    def _outlives_closing(self):
        """Whether the e-mail leaves even though its project was ended."""
        return False

    def _wrong_person(self):
        """Why the row's person is not who the rule writes to now, or False."""
        holders = self.lead_id.pope_holder_ids
        if self.rule_id.recipients != "holders":
            return False
        if self.partner_id:
            return "left" if self.partner_id not in holders else False
        return "nobody" if holders and not self.email else False

    def _counts_from_present_date(self):
        """Whether the date that this row was planned from is still the date."""
        return (self.key or "").endswith(f":{self.rule_id._date_of(self._source())}")

    def _attachments(self):
        """Attachments that go with the e-mail."""
        return self.rule_id.template_id.attachment_ids

    @api.model
    def _of_leads(self, leads, states):
        # sudo: what happens to a project acts on its e-mails whatever the rights of who did it
        return self.sudo().search([("lead_id", "in", leads.ids), ("state", "in", states)])

    @api.model
    def _of_people(self, people, states):
        # sudo: what becomes of a person acts on their e-mails whatever the rights of who did it
        return self.sudo().search([("partner_id", "in", people.ids), ("state", "in", states)])

    # --- What a person does with a row ---

    def _cancel(self, reason="by_hand"):
        self._drop_mails()
        self.write({"state": "cancelled", "reason": reason, "key": False})

    @api.private
    def _cancel_repeats(self):
        """Of these rows, which now go to one person, take back those that would say the same thing again."""
        said, repeats = set(), self.browse()
        waiting = ("planned", "to_approve")
        for row in self.filtered("key").sorted(lambda row: (row.state in waiting, row.date_planned, row.id)):
            rule, source, _address, *rest = row.key.split(":")
            what = (rule, source, *rest)
            if what in said and row.state in waiting:
                repeats |= row
            said.add(what)
        repeats._cancel("merged")

    @api.private
    def _cancel_doubles(self, others):
        """Of two merged projects, an e-mail that both would send to an address leaves once, or not again."""
        waiting = ("planned", "to_approve")
        gone = ("queued", "sending", "sent", "in_doubt")

        def told(rows, states):
            return {(row.rule_id, row.email) for row in rows if row.email and row.state in states}

        here = told(self, waiting + gone)
        others.filtered(lambda row: row.state in waiting and (row.rule_id, row.email) in here)._cancel("merged")
        there = told(others, gone)
        self.filtered(
            lambda row: row.state in waiting and row.rule_id.frequency == "once" and (row.rule_id, row.email) in there
        )._cancel("merged")

    def _writable(self, states):
        """The rows of self that are in these states, open to the gestures below.

        Users hold no write access on the ledger: they change it by these gestures only.
        """
        self.check_access("read")
        if not self.env.user.has_group("pope_crm.group_pope_user"):
            raise UserError(self.env._("Only the team may do this."))
        rows = self.filtered(lambda row: row.state in states)
        if not rows:
            raise UserError(self.env._("None of these e-mails can be changed any more."))
        # sudo: access was checked just above
        return rows.sudo()

    def action_approve(self):
        """It leaves at once, or on its day when it is counted from a date."""
        rows = self._writable(("to_approve",))
        now = self.env.cr.now()
        dated = rows.filtered(lambda row: row.rule_id.trigger == "date" and row.date_planned > now)
        for moment, due in {**dated.grouped("date_planned"), now: rows - dated}.items():
            due.write({"state": "planned", "date_planned": moment, "date_grace": now})
            self.env.ref("pope_crm.cron_dispatch").sudo()._trigger(at=moment)  # sudo: crons belong to the system

    def action_cancel(self):
        self._writable(("planned", "to_approve", "queued", "failed"))._cancel()

    def action_mark_sent(self):
        """In doubt, and a person knows that it arrived."""
        self._writable(("in_doubt",)).write({"state": "sent", "date_sent": self.env.cr.now()})

    def action_mark_unsent(self):
        """In doubt, and a person knows that it did not arrive, or gives it up."""
        self._writable(("in_doubt",)).write({"state": "cancelled", "reason": "by_hand", "key": False})

    def action_plan_again(self):
        """In doubt since a backup was restored, and its date is to come: it cannot have left."""
        now = self.env.cr.now()
        rows = self._writable(("in_doubt",)).filtered(lambda row: row.reason == "restored" and row.date_planned > now)
        if not rows:
            raise UserError(
                self.env._("Only an e-mail of a restored backup whose date is to come can be planned again.")
            )
        rows.write({"state": "planned", "reason": False})
        # sudo: crons belong to the system
        self.env.ref("pope_crm.cron_dispatch").sudo()._trigger(at=min(rows.mapped("date_planned")))

    def action_send_again(self):
        """A new row for each e-mail: what was sent stays as it was."""
        rows = self._writable(("sent", "failed", "in_doubt", "skipped", "cancelled"))
        new = self.browse()
        now = self.env.cr.now()
        for serial, row in enumerate(rows, start=self.sudo().search_count([])):  # sudo: a serial of all rows
            new |= row.copy(
                {
                    "state": "planned",
                    "key": f"{row.rule_id.id}:{row.id}:by hand {serial}",
                    "date_planned": now,
                    "date_grace": now,
                    "is_manual": True,
                    "email": email_normalize(row._address() or "") or False,
                    "reason": False,
                    "reason_detail": False,
                    "attempts": 0,
                    "date_sent": False,
                    "message_id": False,
                    "mail_id": False,
                }
            )
        self.env.ref("pope_crm.cron_dispatch").sudo()._trigger()  # sudo: crons belong to the system
        return new.sudo(False)._action_open()

    def action_preview(self):
        """Open the e-mail as it would leave now, to read or to edit it."""
        self.ensure_one()
        subject, body = self.subject, self.body
        if not body:
            # sudo: templates are rendered with the rights of the sender of the mail, the cron
            values = self.sudo()._render()[self.id]
            subject, body = values["subject"], values["body_html"]
        edit = self.env["pope.notification.edit"].create({"notification_id": self.id, "subject": subject, "body": body})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mail"),
            "res_model": "pope.notification.edit",
            "res_id": edit.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.private
    def _set_text(self, subject, body):
        rows = self._writable(("planned", "to_approve"))
        rows.write({"subject": subject, "body": body, "is_edited": True})

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mails"),
            "res_model": "pope.notification",
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }

    @api.private
    def _readdress(self, person):
        """An e-mail that has not gone leaves for who took over."""
        email = email_normalize(person.email or "") or False
        key = self.key and self.key.replace(
            self.email or f"contact {self.partner_id.id}", email or f"contact {person.id}"
        )
        if key and self.search_count([("key", "=", key)], limit=1):
            self._cancel("obsolete")  # they receive it already
            return
        self.write({"partner_id": person.id, "email": email, "lang": person.lang, "key": key})

    @api.private
    def _follow_address(self):
        """What waits takes the address that its person has now: planned again, it would leave twice for it."""
        for row in self.filtered(lambda row: row.state in ("planned", "to_approve") and row.partner_id):
            if row.email != (email_normalize(row.partner_id.email or "") or False):
                row._readdress(row.partner_id)

    @api.private
    def _anonymise(self):
        """That an e-mail was planned or left stays counted; what it said and where it went is blanked."""
        self.filtered(lambda row: row.state in ("planned", "to_approve", "queued", "failed"))._cancel("obsolete")
        blank = {"subject": False, "body": False, "email": False, "key": False, "reason_detail": False}
        self._write_anyway({**blank, "is_edited": False})

    @api.private
    def _blank_texts(self, neutral):
        """Take a person's names out of what others were told.

        :param neutral: function that takes them out of a text
        """
        for row in self:
            changed = {name: neutral(row[name]) for name in ("subject", "body", "reason_detail") if row[name]}
            row._write_anyway({name: text for name, text in changed.items() if text != row[name]})

    def _write_anyway(self, vals):
        """Past the rule that what was sent stays as it was: nobody may be recognised in it any more."""
        super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The list of e-mails is kept: cancel an e-mail instead of deleting it."))

    def write(self, vals):
        if {"subject", "body", "email", "partner_id", "state"}.intersection(vals) and any(
            row.state == "sent" for row in self
        ):
            raise UserError(self.env._("What was sent stays as it was."))
        return super().write(vals)

    # --- Dispatcher ---

    @api.model
    def _due_domain(self):
        today = fields.Date.context_today(self)
        awake = Domain("lead_id", "=", False) | (
            Domain("lead_id.pope_mail_hold", "=", False)
            & (Domain("lead_id.pope_paused_until", "=", False) | Domain("lead_id.pope_paused_until", "<", today))
        )
        return (
            Domain("state", "=", "planned")
            & Domain("date_planned", "<=", self.env.cr.now())
            & (awake | Domain("kind", "=", "request"))
        )

    @api.model
    def _cron_dispatch(self):
        """Turn due rows into queued e-mails, in lots that commit."""
        self._wake_interrupted()
        self.env["ir.cron"]._commit_progress()
        tries = 0
        while tries < TRIES:
            try:
                due = self.with_context(active_test=False).search(
                    self._due_domain(), limit=LOT, order="date_planned, id"
                )
                locked = due.try_lock_for_update()
                if not locked:
                    break
                locked._dispatch()
                self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
                remaining = self.with_context(active_test=False).search_count(self._due_domain())
                if not self.env["ir.cron"]._commit_progress(len(locked), remaining=remaining):
                    break
                tries = 0
            except psycopg2.OperationalError:  # another process was faster: look again at what is left
                self.env.cr.rollback()
                tries += 1
            except Exception:
                self.env.cr.rollback()
                _logger.exception("E-mails could not be prepared, trying again later")
                tries = TRIES
        if tries == TRIES:
            self.env.ref("pope_crm.cron_dispatch")._trigger(at=self.env.cr.now() + timedelta(minutes=RETRY_MINUTES[0]))
            self.env["ir.cron"]._commit_progress()

    @api.private
    def _dispatch(self):
        """Prepare a lot; what makes one row fail must not keep the others back."""
        try:
            with self.env.cr.savepoint():
                self._prepare()
        except psycopg2.OperationalError:  # another process was faster: the whole lot begins again
            raise
        except Exception:
            _logger.info("A lot of %s e-mails could not be prepared, trying them one by one", len(self))
            for row in self:
                try:
                    with self.env.cr.savepoint():
                        row._prepare()
                except psycopg2.OperationalError:
                    raise
                except Exception as error:
                    row._set_failed("template", str(error)[:500])

    def _prepare(self):
        """Check each row again, then render and queue those that may leave now."""
        ready = self._drop_obsolete()._drop_unreachable()._wait_for_hours()._wait_for_their_day()
        if ready:
            ready._queue()

    def _drop_obsolete(self):
        dropped = defaultdict(self.browse)
        for row in self:
            valid, reason = row._still_valid()
            if not valid:
                dropped[reason] |= row
        for reason, rows in dropped.items():
            rows._cancel(reason)
        return self - self.browse().union(*dropped.values())

    def _drop_unreachable(self):
        """The address is read again: it may have been corrected, or blocked, since."""
        unreachable = defaultdict(self.browse)
        for row in self:
            address = row._address()
            email = email_normalize(address or "") or False
            if row.email != email:
                row.email = email
            if not address:
                unreachable["no_address" if row.partner_id else "nobody"] |= row
            elif not email:
                unreachable["invalid_address"] |= row
            elif row.partner_id.message_bounce >= MAX_BOUNCES:
                unreachable["bounced"] |= row
        blocked = set(
            # sudo: the list of those who asked to receive nothing belongs to administrators
            self.env["mail.blacklist"].sudo().search([("email", "in", self.mapped("email"))]).mapped("email")
        )
        for row in self:
            if row.email in blocked or row.partner_id.pope_opposition_date:
                unreachable["blacklisted"] |= row
        dropped = self.browse()
        for reason, rows in unreachable.items():
            (rows - dropped).write({"state": "skipped", "reason": reason, "key": False})
            dropped |= rows
        self._ask_person(dropped)
        return self - dropped

    def _address(self):
        """Where the row's person is reached today; an address alone is its own."""
        return self.partner_id.email if self.partner_id else self.email

    def _wait_for_hours(self):
        now = self.env.cr.now()
        ready = self.filtered(lambda row: row.rule_id.kind == "request")
        for company, rows in (self - ready).grouped("company_id").items():
            opening = company._pope_next_opening(now)
            if opening <= now:
                ready |= rows
            else:
                rows.date_planned = opening
                self.env.ref("pope_crm.cron_dispatch")._trigger(at=opening)
        return self & ready

    def _wait_for_their_day(self):
        """At most one stage e-mail a day and address, across projects: the next waits for the next working day."""
        stage_rows = self.filtered(lambda row: row.rule_id.kind == "stage")
        if not stage_rows:
            return self
        waiting = self.browse()
        for company, rows in stage_rows.grouped("company_id").items():
            today = company._pope_day_of(self.env.cr.now())
            midnight = working_time.opening_of(today, company._pope_zone(), 0)
            served = set(
                self.search_fetch(
                    [
                        ("kind", "=", "stage"),
                        ("email", "in", rows.mapped("email")),
                        "|",
                        ("state", "in", ("queued", "sending")),
                        "&",
                        ("state", "in", ("sent", "in_doubt")),
                        ("date_sent", ">=", midnight),
                    ],
                    ["email"],
                ).mapped("email")
            )
            late = self.browse()
            for row in rows.sorted(lambda row: (row.date_planned, row.id)):
                if row.email in served:
                    late |= row
                served.add(row.email)
            if late:
                opening = company._pope_opening_after(today)
                late.date_planned = opening
                self.env.ref("pope_crm.cron_dispatch")._trigger(at=opening)
                waiting |= late
        return self - waiting

    def _render(self):
        """Values of each row's e-mail, rendered by template and language: dict id → subject, body_html, …"""
        rendered = {}
        for template, rows in self.grouped(lambda row: row.rule_id.template_id).items():
            rendered.update(
                template._generate_template(list(rows._ids), ("subject", "body_html", "email_from", "reply_to"))
            )
        return rendered

    def _queue(self):
        rendered = self._render()
        note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        values_list = []
        for row in self:
            values = rendered[row.id]
            company_email = row.company_id.email_formatted
            thread = row._thread()
            values_list.append(
                {
                    "subject": row.subject if row.is_edited else values["subject"],
                    "body_html": row.body if row.is_edited else values["body_html"],
                    "body": row.body if row.is_edited else values["body_html"],
                    "email_from": values.get("email_from") or company_email,
                    "reply_to": values.get("reply_to") or company_email,
                    "email_to": row.email,
                    "model": thread._name if thread else False,
                    "res_id": thread.id,
                    "message_type": "email_outgoing",
                    "subtype_id": note,
                    "author_id": row.company_id.partner_id.id,
                    "auto_delete": True,
                    "is_notification": True,  # its message stays in the discussion, and answers find it
                    "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}),
                    "attachment_ids": row._attachments().ids,
                    "state": "outgoing",
                }
            )
        mails = self.env["mail.mail"].create(values_list)
        for row, mail in zip(self, mails, strict=True):
            row.write(
                {
                    "state": "queued",
                    "mail_id": mail.id,
                    "message_id": mail.message_id,
                    "subject": mail.subject,
                    "body": mail.body_html,
                }
            )

    # --- Sender: see mail_mail.py ---

    @api.model
    def _wake_interrupted(self):
        """A row found sending that no process holds was interrupted: nobody knows whether it arrived."""
        rows = self.search([("state", "=", "sending")])
        # held until the commit, so that no process sees the row both free and sending
        rows.filtered(lambda row: row._advisory_lock("xact_"))._set_in_doubt("found_sending")

    def _advisory_lock(self, scope=""):
        """Held by a process as long as it sends this row, across commits; a killed process lets go of it.

        :param scope: "xact_" to hold it until the end of the transaction only
        """
        self.ensure_one()
        function = SQL.identifier(f"pg_try_advisory_{scope}lock")
        self.env.cr.execute(SQL("SELECT %s(hashtext('pope_notification'), %s)", function, self.id))
        return self.env.cr.fetchone()[0]

    def _advisory_unlock(self):
        self.ensure_one()
        self.env.cr.execute("SELECT pg_advisory_unlock(hashtext('pope_notification'), %s)", (self.id,))

    def _set_in_doubt(self, reason, detail=False):
        self.mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception")).state = "cancel"
        self.write({"state": "in_doubt", "reason": reason, "reason_detail": detail, "date_sent": self.env.cr.now()})
        self._ask_person(self)

    def _set_retry(self, detail=False):
        """Nothing left: try again later, and give up after the last delay."""
        given_up = self.filtered(lambda row: row.attempts >= len(RETRY_MINUTES))
        if given_up:
            given_up._set_failed("no_connection", detail)
        for attempts, rows in (self - given_up).grouped("attempts").items():
            moment = self.env.cr.now() + timedelta(minutes=RETRY_MINUTES[attempts])
            rows._back_to_plan(moment, reason="no_connection", reason_detail=detail, attempts=attempts + 1)

    def _back_to_plan(self, moment, **values):
        """Nothing left: planned again for that moment, where hours, a hold, a pause or an end keep it back as ever."""
        self._drop_mails()
        self.write({"state": "planned", "date_planned": moment, "message_id": False, **values})
        self.env.ref("pope_crm.cron_dispatch")._trigger(at=moment)

    def _drop_mails(self):
        """What did not leave goes out of the queue, and out of the discussion where it would look sent."""
        mails = self.mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception"))
        if mails:
            mails.is_notification = False  # Odoo then deletes their messages too
            mails.unlink()

    def _set_failed(self, reason, detail=False):
        self.mail_id.filtered(lambda mail: mail.state == "outgoing").state = "exception"
        self.write({"state": "failed", "reason": reason, "reason_detail": detail})
        self._ask_person(self)

    def _set_sent(self):
        self.write({"state": "sent", "date_sent": self.env.cr.now(), "reason": False, "reason_detail": False})

    @api.model
    def _ask_person(self, rows):
        """One open activity a project, in the language of the person in charge: whom to call, or what to find out."""
        # the type is the pole's to remove: any type does
        activity_type = self.env.ref("pope_crm.activity_type_unreached", raise_if_not_found=False)
        by_lead = rows.filtered("lead_id").grouped("lead_id")
        if not by_lead:
            return
        # sudo: the activity is for the person in charge, whoever made the e-mail fail
        Activity = self.env["mail.activity"].sudo()
        asked = Activity.search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", [lead.id for lead in by_lead]),
                ("activity_type_id", "=", activity_type.id if activity_type else False),
                ("automated", "=", True),
            ]
        ).grouped("res_id")
        values_list = []
        for lead, lead_rows in by_lead.items():
            activity = asked.get(lead.id, Activity)[:1]
            user = activity.user_id or self._person_to_ask(lead)
            told = lead_rows.with_context(lang=user.lang)
            note = told._unreached_note()
            if activity:
                if note not in (activity.note or ""):
                    activity.note = (activity.note or Markup()) + note
                continue
            values_list.append(
                {
                    "activity_type_id": activity_type.id if activity_type else False,
                    "automated": True,
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": lead.id,
                    "summary": told.env._("An e-mail did not reach its person"),
                    "note": note,
                    "user_id": user.id,
                    "date_deadline": fields.Date.context_today(lead.with_context(tz=user.tz)),
                }
            )
        # an e-mail about each e-mail that fails would not help: To Do shows them
        Activity.with_context(mail_activity_quick_update=True).create(values_list)

    def _unreached_note(self):
        """The people whom these rows did not reach, and why, in the language of the context."""
        labels = dict(self._fields["reason"]._description_selection(self.env))
        unnamed = self.filtered(lambda row: not row.partner_id)
        people = ", ".join(f"{row.partner_id.name} ({labels.get(row.reason, '')})" for row in self - unnamed)
        texts = ", ".join(unnamed.rule_id.mapped("name"))
        note = Markup()
        if people:
            note += Markup("<p>%s</p>") % self.env._("Call: %(people)s", people=people)
        if texts:
            note += Markup("<p>%s</p>") % self.env._("Nobody to write to: %(texts)s", texts=texts)
        return note

    @api.model
    def _person_to_ask(self, lead):
        """Who looks after a project: the person in charge, the head of the team, a manager of the pole."""
        # sudo: groups belong to administrators
        managers = self.env.ref("pope_crm.group_pope_manager").sudo().all_user_ids
        for user in (lead.user_id, lead.team_id.user_id, *managers.sorted("id")):
            if user.active and user.has_group("pope_crm.group_pope_user") and lead.company_id in user.company_ids:
                return user
        return self.env.user

    def _record_outcome(self, outcome):
        """Write what the mail server answered.

        :param dict outcome: kind (sent, later, refused, cut, no_connection, or None: Odoo refused it before) and detail
        """
        kind, detail = outcome["kind"], outcome["detail"]
        if kind == "sent":
            self._set_sent()
        elif kind in ("later", "no_connection"):
            self._set_retry(detail)
        elif kind == "cut":
            self._set_in_doubt("cut", detail)
        else:
            self._set_failed("refused", detail or self.mail_id.failure_reason)
