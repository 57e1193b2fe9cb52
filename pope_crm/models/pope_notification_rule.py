from collections import defaultdict
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..core import working_time


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
        domain="[('model', '=', source_model), ('ttype', 'in', ('date', 'datetime'))]",
    )
    source_model = fields.Char(compute="_compute_source_model")
    delay_days = fields.Integer(help="Days after the date; before it when negative.")
    outcome = fields.Selection(
        [("abandoned", "Abandoned"), ("reoriented", "Reoriented")], help="Empty: whatever the reason."
    )
    structure_type_ids = fields.Many2many("pope.structure.type", string="Structure Types", help="Empty: all of them.")
    template_id = fields.Many2one(
        "mail.template", string="Text", required=True, ondelete="restrict", domain=[("model", "=", "pope.notification")]
    )
    recipients = fields.Selection(
        [
            ("holders", "The holders"),
            ("contact", "The contact of the project"),
            ("role", "Contacts of the project's town with a role"),
            ("own", "The recipient named by the record"),
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
    def _compute_source_model(self):
        for rule in self:
            rule.source_model = rule._source_models().get(rule.source)

    def _compute_notification_count(self):
        counts = dict(
            self.env["pope.notification"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "sent")], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.notification_count = counts.get(rule, 0)

    @api.model
    def _source_models(self):
        """Model of each source, by key of the field `source`."""
        return {"project": "crm.lead", "followup": "pope.followup"}

    @api.constrains("trigger", "stage_id", "date_field_id", "recipients", "role_id")
    def _check_complete(self):
        for rule in self:
            if rule.trigger == "entry" and not rule.stage_id:
                raise ValidationError(self.env._("Choose the stage whose entry sends “%(name)s”.", name=rule.name))
            if rule.trigger == "date" and not rule.date_field_id:
                raise ValidationError(self.env._("Choose the date that “%(name)s” is counted from.", name=rule.name))
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
        if self.recipients == "role":
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
                        person.pope_town_id in (person.pope_town_id.browse(), town)
                        and person.company_id in (company.browse(), company)
                    )
                )
                for record in records
            }
        return dict.fromkeys(records, self.env["res.partner"])

    def _applies_to(self, records):
        """Those of the records that the rule's conditions keep."""
        self.ensure_one()
        if self.company_id:
            records = records.filtered(lambda record: record.company_id == self.company_id)
        if self.structure_type_ids:
            records = records.filtered(lambda record: record.pope_structure_type_id in self.structure_type_ids)
        if self.outcome:
            records = records.filtered(
                lambda record: (record.lost_reason_id.pope_outcome or "abandoned").split("_")[0] == self.outcome
            )
        return records

    def _date_of(self, record):
        """The local day of the rule's date on a record, or False."""
        value = record[self.date_field_id.name]
        if isinstance(value, datetime):
            zone = record.company_id._pope_zone()
            return fields.Datetime.context_timestamp(record.with_context(tz=zone), value).date()
        return value

    @api.private
    def _plan(self, records, when=None, manual=False):
        """Write the rows of these rules for these records: one create, one cron trigger.

        :param when: moment the e-mails may leave (naive UTC); by default after the grace, or on the rule's date
        :param manual: sent by hand: a row of its own even where the rule already sent one, and no grace
        :return: the rows
        """
        now = self.env.cr.now()
        no_mail = self._no_mail_reason()
        values_by_key = {}
        for rule in self:
            kept = rule._applies_to(records)
            for record, people in rule._recipients(kept).items():
                moment, late = rule._moment(record, when, now)
                if moment is None:
                    continue
                for person in people:
                    email = email_normalize(person.email or "") or False
                    key = rule._key(record, email or f"contact {person.id}", manual)
                    if key in values_by_key:
                        continue
                    values = {
                        "rule_id": rule.id,
                        "company_id": record.company_id.id,
                        "partner_id": person.id,
                        "email": email,
                        "lang": person.lang,
                        "entry_number": record._pope_entry_number(),
                        "key": key,
                        "date_planned": moment,
                        "date_grace": now if manual else moment,
                        "state": "to_approve" if rule._wants_approval(record, person) and not manual else "planned",
                        **rule._source_values(record),
                    }
                    if no_mail and not (rule.source == "followup" and moment > now):
                        values.update(state="skipped", reason=no_mail, key=False)
                    elif late:
                        values.update(state="skipped", reason="late", key=False)
                    values_by_key[key] = values
        if not values_by_key:
            return self.env["pope.notification"]
        # sudo: whoever moves a card may plan its e-mails, nobody writes the rows by hand
        Notification = self.env["pope.notification"].sudo()
        existing = Notification.search_fetch([("key", "in", list(values_by_key))], ["key"]).mapped("key")
        rows = Notification.create([values for key, values in values_by_key.items() if key not in existing])
        if moments := rows.filtered(lambda row: row.state == "planned").mapped("date_planned"):
            self.env.ref("pope_crm.cron_dispatch")._trigger(at=min(moments))
        return rows

    def _moment(self, record, when, now):
        """When the e-mail may leave, and whether it is too late for it. None: there is no date to count from."""
        self.ensure_one()
        if when:
            return when, False
        if self.trigger != "date":
            return now + timedelta(minutes=record.company_id.pope_mail_grace if self.kind != "request" else 0), False
        day = self._date_of(record)
        if not day:
            return None, False
        day += timedelta(days=self.delay_days)
        if self.kind == "reminder":
            day = working_time.last_working_day(day)
        moment = record.company_id._pope_opening_of(day)
        today = fields.Date.context_today(record.with_context(tz=record.company_id._pope_zone()))
        # a reminder still leaves on its own day, and never once the date is past
        late = day < today and (self.late_policy == "skip" or (self.delay_days < 0 and self._date_of(record) < today))
        return max(moment, now), late

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
    def _for_trigger(self, trigger, source="project"):
        # sudo: the team's rules act whatever the rights of the person who moves a card
        return self.sudo().search([("source", "=", source), ("trigger", "=", trigger)])

    @api.model
    def _date_fields(self, source="project"):
        return set(self._for_trigger("date", source).date_field_id.mapped("name"))

    def _plan_for(self, records):
        """Plan each rule for the records that it concerns: those in its stage, or all of them without a stage."""
        if not self:
            return
        by_stage = defaultdict(self.browse)
        for rule in self:
            by_stage[rule.stage_id] |= rule
        for stage, rules in by_stage.items():
            concerned = records.filtered(lambda record, stage=stage: record.stage_id == stage) if stage else records
            if concerned:
                rules._plan(concerned)

    def _preview(self, record, person):
        """Subject and body_html as the person would receive them now; nothing is kept.

        A savepoint of Odoo's would empty all caches, among them the form on which the preview is asked for: here
        nothing waits to be written before the row nor after it, and only what leads to it is forgotten.
        """
        self.ensure_one()
        # sudo: nobody writes the ledger by hand, and this row is rolled back
        Notification = self.env["pope.notification"].sudo()
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            row = Notification.create(
                {
                    "rule_id": self.id,
                    "company_id": record.company_id.id,
                    "partner_id": person.id,
                    "email": person.email,
                    "lang": person.lang,
                    "date_planned": self.env.cr.now(),
                    "state": "cancelled",
                    **self._source_values(record),
                }
            )
            self.env.flush_all()
            return dict(row._render()[row.id])
        finally:
            savepoint.close()
            Notification.invalidate_model(flush=False)
            self.env["crm.lead"].invalidate_model(["pope_notification_ids"], flush=False)
            record.invalidate_recordset(flush=False)

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
