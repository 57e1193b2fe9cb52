from collections import defaultdict
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize


class NotificationRule(models.Model):
    """What may be sent by itself: from which source, at what moment, to whom."""

    _name = "pope.notification.rule"
    _description = "Notification Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    source = fields.Selection(
        [("project", "Project"), ("followup", "Follow-up of an open place")], required=True, default="project"
    )
    trigger = fields.Selection(
        [
            ("entry", "Entering the stage"),
            ("lost", "Abandoned or reoriented"),
            ("restored", "Taken up again"),
            ("refused", "Accreditation of a holder refused"),
            ("date", "A date"),
        ],
        required=True,
        default="entry",
    )
    stage_id = fields.Many2one(
        "crm.stage",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("pope_is_own", "=", True)],
        help="With a date: the e-mail leaves only while the project is in this stage.",
    )
    date_field_id = fields.Many2one(
        "ir.model.fields",
        string="Date",
        ondelete="cascade",
        domain="[('id', 'in', date_choice_ids)]",
    )
    date_choice_ids = fields.Many2many("ir.model.fields", compute="_compute_date_choice_ids")
    delay_days = fields.Integer(help="Days after the date; before it when negative.")
    outcome = fields.Selection(
        [("abandoned", "Abandoned"), ("reoriented", "Reoriented")], help="Empty: whatever the reason."
    )
    structure_type_ids = fields.Many2many("pope.structure.type", string="Structure Types", help="Empty: all of them.")
    without_type = fields.Boolean(
        string="Also When the Type Is Not Known", help="For the text that suits any place, while nobody filled it in."
    )
    template_id = fields.Many2one(
        "mail.template", string="Text", required=True, ondelete="restrict", domain=[("model", "=", "pope.notification")]
    )
    recipients = fields.Selection(
        [
            ("holders", "The holders"),
            ("contact", "The contact of the project"),
            ("role", "Contacts of the project's town with a role"),
        ],
        required=True,
        default="holders",
    )
    role_id = fields.Many2one("pope.partner.role", ondelete="restrict")
    needs_approval = fields.Boolean(help="The e-mail waits until a person of the team approves it.")
    frequency = fields.Selection(
        [("once", "Once a project"), ("each_entry", "At each entry")], required=True, default="once"
    )
    kind = fields.Selection(
        [
            ("stage", "News of the project: one a day at most"),
            ("reminder", "Reminder of a date"),
            ("request", "Answer to a request: at once"),
        ],
        required=True,
        default="stage",
    )
    late_policy = fields.Selection(
        [("send", "Send at once"), ("skip", "Do not send")],
        string="When Too Late",
        required=True,
        default="send",
    )
    notification_count = fields.Integer(string="Sent", compute="_compute_notification_count")

    @api.depends("source")
    def _compute_date_choice_ids(self):
        for source, rules in self.grouped("source").items():
            # sudo: the list of fields belongs to administrators
            Fields = self.env["ir.model.fields"].sudo()
            model, names = self._source_dates().get(source, (False, []))
            rules.date_choice_ids = Fields.search([("model", "=", model), ("name", "in", names)])

    def _compute_notification_count(self):
        counts = dict(
            self.env["pope.notification"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "sent")], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.notification_count = counts.get(rule, 0)

    @api.model
    def _source_dates(self):
        """What rules may count from: source → model, and names of the dates whose change plans e-mails."""
        own = [
            name
            for name, field in self.env["crm.lead"]._fields.items()
            if name.startswith("pope_") and field.type in ("date", "datetime") and field.store and not field.compute
        ]
        return {"project": ("crm.lead", own), "followup": ("pope.followup", ["date_due"])}

    @api.constrains("source", "trigger", "stage_id", "date_field_id", "recipients", "role_id")
    def _check_complete(self):
        for rule in self:
            if rule.trigger == "entry" and not rule.stage_id:
                raise ValidationError(self.env._("Choose the stage whose entry sends “%(name)s”.", name=rule.name))
            if rule.trigger == "date" and not rule.date_field_id:
                raise ValidationError(self.env._("Choose the date that “%(name)s” is counted from.", name=rule.name))
            if rule.trigger == "date" and rule.date_field_id not in rule.date_choice_ids:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be counted from “%(date)s”: choose a date in the list.",
                        name=rule.name,
                        date=rule.date_field_id.display_name,
                    )
                )
            if rule.source == "followup" and (rule.trigger != "date" or rule.stage_id):
                raise ValidationError(
                    self.env._("“%(name)s” is about follow-ups: it needs a date, and no stage.", name=rule.name)
                )
            if rule.recipients == "role" and not rule.role_id:
                raise ValidationError(self.env._("Choose the role that receives “%(name)s”.", name=rule.name))

    # --- Planning ---

    def _recipients(self, records):
        """Who receives this rule's e-mail.

        :return: dict record → contacts
        """
        self.ensure_one()
        if self.recipients == "holders":
            return {record: record.pope_holder_ids for record in records}
        if self.recipients == "contact":
            return {record: record.partner_id for record in records}
        people = self.env["res.partner"].search(
            [
                ("pope_role_ids", "in", self.role_id.ids),
                ("pope_town_id", "in", [False, *records.pope_town_id.ids]),
                ("company_id", "in", [False, *records.company_id.ids]),
            ]
        )
        return {
            record: people.filtered(
                lambda person, town=record.pope_town_id, company=record.company_id: (
                    (not person.pope_town_id or person.pope_town_id == town)
                    and (not person.company_id or person.company_id == company)
                )
            )
            for record in records
        }

    def _applies_to(self, records):
        """Those of the records that the rule's conditions keep."""
        self.ensure_one()
        if self.company_id:
            records = records.filtered(lambda record: record.company_id == self.company_id)
        if self.source in self._lead_sources():
            records = records.filtered(lambda record: record.type == self.source)
        records = records.filtered(self._suits_type)
        if self.trigger == "lost" and self.outcome:
            records = records.filtered(
                lambda record: (record.lost_reason_id.pope_outcome or "abandoned").split("_")[0] == self.outcome
            )
        return records

    def _suits_type(self, record):
        """Whether the rule writes to that structure type."""
        if not self.structure_type_ids:
            return True
        kind = record.pope_structure_type_id
        return kind in self.structure_type_ids if kind else self.without_type

    def _date_value(self, record):
        # sudo: the list of fields belongs to administrators
        return record[self.sudo().date_field_id.name]

    def _date_of(self, record):
        """The local day of the rule's date on a record, or False."""
        value = self._date_value(record)
        return record.company_id._pope_day_of(value) if isinstance(value, datetime) else value

    @api.private
    def _plan(self, records, when=None, manual=False, upcoming=False, people=None):
        """Write the rows of these rules for these records: one create, one cron trigger.

        A rule that has nobody to write to leaves a row without a person: when it is due, an activity says so.

        :param when: moment the e-mails may leave (naive UTC); by default after the grace, or on the rule's date
        :param manual: sent by hand: a row of its own even where the rule already sent one, and no grace
        :param upcoming: nothing of a day that is over, not even to say that it is too late
        :param people: dict record → whom alone it concerns, among those that the rule writes to
        :return: the rows
        """
        now = self.env.cr.now()
        no_mail = self._no_mail_reason()
        nobody = self.env["res.partner"]
        values_by_key = {}
        for rule in self:
            kept = rule._applies_to(records)
            for record, everyone in rule._recipients(kept).items():
                readers = everyone & people[record] if people else everyone
                moment, late = rule._moment(record, when, now, upcoming)
                if moment is None:
                    continue
                # news of an open place, and the dates of projects that become one, are still to come
                to_come = rule.source == "followup" or (no_mail == "merged" and rule.trigger == "date")
                muted = no_mail and not (to_come and moment > now)
                reason = no_mail if muted else late and "late"
                for person in readers or ([] if manual or reason or people else [nobody]):
                    values = rule._row_values(record, person, moment, manual, reason)
                    values_by_key.setdefault(values["key"], values)
        if not values_by_key:
            return self.env["pope.notification"]
        # sudo: whoever moves a card may plan its e-mails, nobody writes the rows by hand
        Notification = self.env["pope.notification"].sudo()
        existing = Notification.search_fetch([("key", "in", list(values_by_key))], ["key"]).mapped("key")
        values_list = [values for key, values in values_by_key.items() if key not in existing]
        for values in values_list:
            values["key"] = values["state"] != "skipped" and values["key"]
        rows = Notification.create(values_list)
        if moments := rows.filtered(lambda row: row.state == "planned").mapped("date_planned"):
            self.env.ref("pope_crm.cron_dispatch")._trigger(at=min(moments))
        return rows

    def _row_values(self, record, person, moment, manual=False, reason=False):
        """What the ledger keeps of one e-mail; with a reason, it says why the e-mail does not leave."""
        email = email_normalize(person.email or "") or False
        asks = person and not manual and self._wants_approval(record, person)
        return {
            "rule_id": self.id,
            "company_id": record.company_id.id,
            "partner_id": person.id,
            "email": email,
            "lang": person.lang,
            "entry_number": record._pope_entry_number(),
            "key": self._key(record, email or (f"contact {person.id}" if person else "nobody"), manual),
            "is_manual": manual,
            "date_planned": moment,
            "date_grace": self.env.cr.now() if manual else moment,
            "state": "skipped" if reason else "to_approve" if asks else "planned",
            "reason": reason,
            **self._source_values(record),
        }

    def _moment(self, record, when, now, upcoming=False):
        """When the e-mail may leave, and whether it is too late for it. None: no date to count from, or a day over."""
        self.ensure_one()
        company = record.company_id
        if when:
            return when, False
        if self.trigger != "date":
            return now + timedelta(minutes=company.pope_mail_grace if self.kind != "request" else 0), False
        day = self._date_of(record)
        if not day:
            return None, False
        day += timedelta(days=self.delay_days)
        if self.kind == "reminder":
            day = company._pope_last_working_day(day)
        if upcoming and day < company._pope_day_of(now):
            return None, False
        return max(company._pope_opening_of(day), now), self._too_late(record, day, now)

    def _too_late(self, record, day, now):
        """Whether an e-mail meant for that day says nothing any more: it announces a date that is past, or its day is
        over and the rule does not send late."""
        today = record.company_id._pope_day_of(now)
        value = self._date_value(record)
        past = value and value < (now if isinstance(value, datetime) else today)
        return bool(past and self.delay_days < 0) or (self.late_policy == "skip" and day < today)

    @api.private
    def _replan(self, records, upcoming=False):
        """Bring what these dated rules plan up to date with the dates and the people that the records have now.

        :param upcoming: see `_plan`
        """
        if not (self and records):
            return
        # sudo: whoever changes a date or a holder changes the e-mails that depend on them
        rows = (
            self.env["pope.notification"]
            .sudo()
            .search(
                [
                    ("rule_id", "in", self.ids),
                    (self[:1]._source_field(), "in", records.ids),
                    ("state", "in", ("planned", "to_approve")),
                    ("is_manual", "=", False),
                ]
            )
        )
        moved = rows.filtered(lambda row: not row._counts_from_present_date())
        moved._cancel("date_changed")
        for reason, gone in (rows - moved).grouped(lambda row: row._wrong_person()).items():
            if reason:
                gone._cancel(reason)
        (rows - moved)._follow_address()
        self._plan_for(records, upcoming=upcoming)

    def _key(self, record, address, manual):
        """Text that makes a row unique: a retry, a double click or two workers never plan twice."""
        parts = [str(self.id), f"{record._name},{record.id}", address]
        if manual:
            serial = self.env["pope.notification"].sudo().search_count([("rule_id", "=", self.id)])
            parts.append(f"by hand {serial}")
        elif self.trigger == "date":
            parts.append(str(self._date_of(record)))
        elif self.frequency == "each_entry":
            parts.append(str(record._pope_entry_number()))
        return ":".join(parts)

    def _source_field(self):
        """Field of the ledger that holds the source's record."""
        return {"project": "lead_id", "followup": "followup_id"}[self.source]

    def _record_of(self, lead):
        """The record that this rule would write about for a project, as one looks at it now: itself, or its next
        follow-up."""
        if self.source == "followup":
            followups = lead.pope_followup_ids.sorted("date_due")
            return (followups.filtered(lambda followup: followup.state == "planned") or followups)[:1]
        return lead

    def _source_values(self, record):
        """What a row keeps of the record that it is about: itself, and its project."""
        if self.source == "followup":
            return {"followup_id": record.id, "lead_id": record.lead_id.id}
        return {self._source_field(): record.id}

    def _wants_approval(self, record, person):
        """A rule may ask for it; a known person's second project always does."""
        if self.needs_approval or self.recipients == "role":
            return True
        return self.source == "project" and self.trigger == "entry" and self._is_second_project(record, person)

    def _is_second_project(self, record, person):
        # sudo: whoever plans a mail; the projects of another company are none of this one's
        members = person.sudo().pope_member_ids.filtered(lambda member: member.company_id == record.company_id)
        others = members.lead_id.with_context(active_test=False) - record
        return any(
            other.create_date and other.create_date <= (record.create_date or self.env.cr.now()) for other in others
        )

    @api.model
    def _no_mail_reason(self):
        """Why what is done now must send nothing, or False."""
        if reason := self.env.context.get("pope_no_mail"):
            return reason
        return "imported" if self.env.context.get("import_file") or self.env.context.get("install_mode") else False

    @api.model
    def _lead_sources(self):
        """Sources that are pipelines of ours: each rule is for the records of its own."""
        return self.env["crm.lead"]._pope_lead_types()

    @api.model
    def _for_trigger(self, trigger, source=None):
        """The rules of a source; of every pipeline unless one is told."""
        sources = [source] if source else list(self._lead_sources())
        # sudo: the team's rules act whatever the rights of the person who moves a card
        return self.sudo().search([("source", "in", sources), ("trigger", "=", trigger)])

    @api.model
    def _date_fields(self, source=None):
        return set(self._for_trigger("date", source).date_field_id.mapped("name"))

    def _plan_for(self, records, upcoming=False):
        """Plan each rule for the records that it concerns: those in its stage, or all of them without a stage."""
        if not self:
            return
        by_stage = defaultdict(self.browse)
        for rule in self:
            by_stage[rule.stage_id] |= rule
        for stage, rules in by_stage.items():
            concerned = records.filtered(lambda record, stage=stage: record.stage_id == stage) if stage else records
            if concerned:
                rules._plan(concerned, upcoming=upcoming)

    def _preview(self, record, person):
        """Subject and body_html as the person would receive them now; nothing is written."""
        self.ensure_one()
        # sudo: templates are rendered with the rights of the sender of the mail, the cron
        row = self.env["pope.notification"].sudo().new(self._row_values(record, person, self.env.cr.now()))
        return dict(row._render()[row.id])

    def action_preview(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview or Send by Hand"),
            "res_model": "pope.notification.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_rule_id": self.id},
        }

    def action_notifications(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "pope.notification",
            "view_mode": "list,form",
            "domain": list(Domain("rule_id", "=", self.id)),
        }
