from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..core import person_names

BAND = 5  # years of birth that an anonymised person is one of
PERSONAL_TYPES = {"char", "text", "html", "binary", "image", "json", "properties"}
STATISTIC_TYPES = ("many2one", "selection", "boolean", "integer", "float", "date", "datetime")
NEUTRAL_FIELDS = {"name", "lang", "tz"}
# discussions that tell of a person
THREADS = ("res.partner", "crm.lead", "pope.followup", "pope.intake", "pope.membership")


class ResPartner(models.Model):
    """A person who is not known any more: what was counted stays, what tells who it was goes.

    Everything happens in one transaction a person. Doing it twice changes nothing more.
    """

    _inherit = "res.partner"

    pope_anonymised_date = fields.Date(
        string="Anonymised On", copy=False, readonly=True, groups="pope_crm.group_pope_user"
    )

    def action_pope_anonymise(self):
        if not self.env.user.has_group("pope_crm.group_pope_manager"):
            raise AccessError(self.env._("Only a manager may anonymise a person."))
        self.check_access("write")
        for partner in self:
            partner._pope_anonymise()

    @api.private
    def _pope_anonymise(self):
        self.ensure_one()
        # sudo: what is told of a person goes, wherever it stands; nothing of it is shown
        person = self.sudo().with_context(
            tracking_disable=True, mail_notrack=True, dont_notify=True, active_test=False, pope_no_mail="by_hand"
        )
        if person.is_company:
            raise UserError(self.env._("%(name)s is an organisation: only persons are anonymised.", name=person.name))
        if person.user_ids:
            raise UserError(
                self.env._("%(name)s has a log-in: ask an administrator to remove it first.", name=person.name)
            )
        kept = person._pope_statistics()
        pattern = person_names.pattern(person._pope_naming_texts())
        label = person.with_context(lang=self.env.company.partner_id.lang)._pope_neutral_name()

        def neutral(text):
            return pattern.sub(label, text) if pattern and text else text

        person._pope_blank_addresses(label)
        person._pope_blank_projects(neutral)
        person._pope_blank_related(neutral)
        person._pope_blank_messages(neutral)
        day = kept["pope_anonymised_date"] or fields.Date.context_today(self)
        person.write({**person._pope_differing(kept), "pope_anonymised_date": day})
        # the address is gone, what was known of it goes on holding
        person.pope_district_answer_id.address_key = person._pope_address_key()
        self.env.invalidate_all()

    def _pope_neutral_name(self):
        return self.env._("Anonymised person %(number)s", number=self.id)

    def _pope_statistics(self):
        """What figures are made of, as it is before anything is blanked: the end of `_pope_anonymise` restores it."""
        if not self.pope_town_id and (self.zip or self.city):
            self.pope_town_id = self.env["pope.town"]._find(self.zip) or self.env["pope.town"]._find(self.city)
        return {
            **self.read(self._pope_own_fields(), load="")[0],
            "pope_birth_date": False,
            "pope_birth_year": self.pope_birth_year // BAND * BAND,
            "pope_civility": False,
        }

    @api.model
    def _pope_own_fields(self, kinds=STATISTIC_TYPES):
        """The stored fields of ours that hold one value, and by default no text."""
        return [
            name
            for name, field in self._fields.items()
            if name.startswith("pope_") and field.store and field.type in kinds
        ]

    def _pope_differing(self, values):
        now = self.read(list(values), load="")[0]
        return {name: value for name, value in values.items() if now[name] != value}

    def _pope_naming_texts(self):
        """The texts that tell who a person is: their names in either order, their addresses and numbers."""
        first_name, last_names = self.pope_first_name, [self.pope_last_name, self.pope_birth_name]
        texts = [self.name, self.email, self.email_normalized, *last_names, *self._pope_addresses().get(self, ())]
        words = (self.name or "").split()
        texts.append(" ".join(reversed(words)) if len(words) == 2 else False)
        if first_name:
            texts += [f"{first_name} {last}" for last in last_names if last]
            texts += [f"{last} {first_name}" for last in last_names if last]
        for number in self._pope_numbers():
            texts += [
                number,
                self._phone_format(number=number, force_format="NATIONAL"),
                self._phone_format(number=number, force_format="INTERNATIONAL"),
            ]
        return [text for text in texts if text]

    def _pope_blank_addresses(self, label):
        """The contact itself, and the addresses that hang on it."""
        for bank in self.bank_ids:
            bank.write({"acc_number": f"{label} {bank.id}", "acc_holder_name": False, "active": False})
        self.pope_phone_ids.unlink()
        self.pope_sensitive_ids.unlink()
        personal = {
            name: False
            for name, field in self._fields.items()
            if field.type in PERSONAL_TYPES
            and field.store
            and not field.related
            and not (field.compute and field.readonly)
            and name not in NEUTRAL_FIELDS
        }
        self._pope_with_addresses().write({**personal, "name": label, "category_id": [Command.clear()]})

    def _pope_with_addresses(self):
        """Themselves and their other addresses, which are contacts to Odoo."""
        return self | self.child_ids.filtered(lambda child: child.type != "contact")

    def _pope_blank_projects(self, neutral):
        """What their projects tell of them; all of it when nobody else who is known carries the project."""
        leads = self.env["crm.lead"].search([("partner_id", "=", self.id)])
        leads.write(dict.fromkeys(leads._pope_contact_fields(), False))
        leads |= self.pope_member_ids.lead_id
        theirs = leads.filtered(
            lambda lead: all(
                person == self or person.pope_anonymised_date
                for person in (lead.pope_member_ids.partner_id | lead.partner_id)
                if not person.is_company
            )
        )
        self._pope_blank_texts(leads - theirs, ("name", "description", "email_cc", "contact_name"), neutral)
        self._pope_blank_texts(theirs, ("name", "email_cc"), neutral)
        theirs.description = False
        own_rows = self.env["pope.lead.requirement"].search(
            ["|", ("member_id.partner_id", "=", self.id), ("lead_id", "in", theirs.ids)]
        )
        own_rows.attachment_ids.unlink()
        own_rows.note = False
        opinions = theirs.pope_opinion_ids
        opinions.attachment_ids.unlink()
        opinions.note = False
        theirs.pope_premises_ids.note = False
        followups = leads.pope_followup_ids
        told = followups.filtered(lambda followup: followup.answered_partner_id == self or followup.lead_id in theirs)
        told.write({"answered_by": False, "difficulties": False})
        self._pope_blank_texts(followups - told, ("answered_by", "difficulties"), neutral)
        own_fundings = self.env["pope.funding"].search([("person_id", "=", self.id)])
        own_fundings.paper_ids.attachment_ids.unlink()
        own_fundings.obligation_ids.attachment_ids.unlink()
        fundings = leads.pope_funding_ids | own_fundings
        self._pope_blank_texts(fundings, ("name", "notes", *fundings._sheet_texts()), neutral)
        self._pope_blank_texts(fundings.paper_ids, ("note",), neutral)
        self._pope_blank_texts(fundings.obligation_ids, ("note",), neutral)
        self._pope_blank_budgets(leads, fundings, neutral)
        for records in (leads, followups, fundings, fundings.obligation_ids):
            activities = self.env["mail.activity"].search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)]
            )
            self._pope_blank_texts(activities, ("summary", "note"), neutral)
            self.env.add_to_compute(activities._fields["res_name"], activities)  # it keeps the name of a project
        leads.pope_notification_ids._blank_texts(neutral)
        events = self.env["calendar.event"].search([("partner_ids", "in", self.ids)])
        self._pope_blank_texts(events, ("name", "description", "location"), neutral)
        self._pope_blank_threads(leads, theirs, neutral)
        self._pope_blank_threads(followups, theirs.pope_followup_ids, neutral)

    @api.model
    def _pope_blank_budgets(self, leads, fundings, neutral):
        """Names in the budgets of these projects and files, and in the reports that were not sent yet."""
        budgets = leads.pope_budget_ids | self.env["pope.budget"].search([("funding_id", "in", fundings.ids)])
        self._pope_blank_texts(budgets, ("name", "notes"), neutral)
        self._pope_blank_texts(budgets.line_ids, ("note",), neutral)
        reports = self.env["pope.financial.summary"].search([("funding_id", "in", fundings.ids)])
        self._pope_blank_texts(reports, ("name",), neutral)
        drafts = reports.filtered(lambda report: report.state == "draft")
        self._pope_blank_texts(drafts, ("notes", *drafts._cerfa_fields()), neutral)
        self._pope_blank_texts(drafts.share_ids, ("name", "rule"), neutral)

    @api.model
    def _pope_blank_threads(self, records, own, neutral):
        """Discussions: of those that are the person's own everything, of the others what names them."""
        messages = self.env["mail.message"].search([("model", "=", records._name), ("res_id", "in", records.ids)])
        owned = messages.filtered(lambda message: message.res_id in own.ids)
        owned._pope_blank()
        messages._pope_blank_changes(neutral, whole=owned)
        self._pope_blank_texts(messages - owned, ("subject", "body"), neutral)
        self.env["ir.attachment"].search([("res_model", "=", records._name), ("res_id", "in", own.ids)]).unlink()

    def _pope_blank_related(self, neutral):
        """What other models tell of a person, for the add-ons that bring some to extend.

        :param neutral: function that takes the person's names, addresses and numbers out of a text
        """
        rows = self.env["pope.notification"].search([("partner_id", "=", self.id)])
        sent = [message_id for message_id in rows.mapped("message_id") if message_id]
        self.env["mail.message"].search([("message_id", "in", sent)])._pope_blank()
        rows._anonymise()

    def _pope_blank_messages(self, neutral):
        """Their own discussion, what they wrote anywhere, and what was written to them."""
        Message = self.env["mail.message"]
        contacts = self._pope_with_addresses()
        own = Message.search([("model", "=", "res.partner"), ("res_id", "in", contacts.ids)])
        own._pope_blank_changes(neutral, whole=own)
        written = Message.search([("author_id", "=", self.id)])
        received = Message.search(
            ["|", ("partner_ids", "in", self.ids), ("notification_ids.res_partner_id", "in", self.ids)]
        )
        alone = received.filtered(lambda message: message.partner_ids | message.notified_partner_ids == self)
        (own | written | alone)._pope_blank()
        self._pope_blank_texts(received - alone, ("subject", "body"), neutral)
        self.env["mail.notification"].search([("res_partner_id", "=", self.id)]).unlink()
        self.env["mail.followers"].search([("partner_id", "=", self.id)]).unlink()
        documents = [("res_model", "=", "res.partner"), ("res_id", "in", contacts.ids)]
        self.env["mail.activity"].search(documents).unlink()
        self.env["ir.attachment"].search(documents).unlink()
        self.env["mail.scheduled.message"].search(
            ["|", ("partner_ids", "in", self.ids), "&", ("model", "=", "res.partner"), ("res_id", "in", contacts.ids)]
        ).unlink()

    @api.model
    def _pope_blank_texts(self, records, names, neutral):
        """Take a person's names out of texts that others are told of as well."""
        for record in records:
            changed = {name: neutral(record[name]) for name in names if record[name]}
            changed = {name: text for name, text in changed.items() if text != record[name]}
            if changed:
                record.write(changed)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _pope_contact_fields(self):
        """The fields that tell who the contact of a project is and where they are reached."""
        return ("contact_name", "email_from", "phone", "function", "website", "street", "street2", "zip", "city")


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _pope_blank(self):
        """A message stays, with its date, its author and its changes of stage; its words, addresses and files go."""
        # files of a mail's model or of an invoice belong to others
        self.attachment_ids.filtered(lambda file: file.res_model in (*THREADS, "mail.message", False)).unlink()
        self.write(
            {
                "body": "",
                **dict.fromkeys(
                    (
                        "subject",
                        "email_from",
                        "reply_to",
                        "incoming_email_to",
                        "incoming_email_cc",
                        "outgoing_email_to",
                    ),
                    False,
                ),
            }
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "in", self.ids)])
        mails.filtered(lambda mail: mail.state == "outgoing").state = "cancel"
        mails.write(
            {
                "recipient_ids": [Command.clear()],
                **dict.fromkeys(
                    ("body_html", "email_to", "email_cc", "headers", "references", "failure_reason"), False
                ),
            }
        )

    def _pope_blank_changes(self, neutral, whole):
        """Of the changes that messages tell, those of names, addresses and texts go; dates and stages stay.

        :param whole: messages whose texts go all; of the others, only what names the person
        """
        changes = self.env["mail.tracking.value"].search(
            Domain("mail_message_id", "in", self.ids)
            & (
                Domain("field_id.ttype", "in", ("char", "text", "html"))
                | Domain("field_id.relation", "=", "res.partner")
                | Domain("field_id", "=", False)
            )
        )
        texts = ("old_value_char", "new_value_char", "old_value_text", "new_value_text")
        changes.filtered(
            lambda change: (
                change.mail_message_id in whole or any(change[name] != neutral(change[name]) for name in texts)
            )
        ).unlink()
