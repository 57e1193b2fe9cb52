from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

FIRST = 30  # days before: the first activity


class ReminderMixin(models.AbstractModel):
    """What has a due date: an activity 30 and 7 days before, on the day, and once it is late.

    Only the last one stays; none is left when the thing is done.
    """

    _name = "pope.reminder.mixin"
    _description = "Reminders Before a Due Date"
    _inherit = ["mail.activity.mixin"]

    reminded = fields.Selection(
        [("30", "30 days before"), ("7", "7 days before"), ("0", "On the day"), ("late", "Late")],
        readonly=True,
        copy=False,
    )

    @api.model
    def _due_field(self):
        """Name of the field that holds the due date."""
        raise NotImplementedError

    @api.model
    def _open_domain(self):
        """What still has to be done."""
        raise NotImplementedError

    def _due_name(self):
        """What is due, in words."""
        return self.display_name

    def _due_user(self):
        return self.user_id or self.env.user

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_crm.activity_type_deadline")

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._forget_reminders()
        return result

    def _reminder_level(self, today):
        due = self[self._due_field()]
        if not due or due > today + timedelta(days=FIRST):
            return False
        left = (due - today).days
        return "late" if left < 0 else "0" if not left else "7" if left <= 7 else "30"

    @api.model
    def _remind(self):
        """Make the activities of today and take away those that they replace."""
        today = fields.Date.context_today(self)
        soon = Domain(self._due_field(), "<=", today + timedelta(days=FIRST))
        found = self.search(Domain(self._open_domain()) & (soon | Domain("reminded", "!=", False)))
        levels = {record: record._reminder_level(today) for record in found}
        changed = found.filtered(lambda record: levels[record] != (record.reminded or False))
        changed._drop_reminders()
        due = changed.filtered(lambda record: levels[record])
        activity_type, model_id = self._due_activity_type(), self.env["ir.model"]._get_id(self._name)
        for lang, group in due.grouped(lambda record: record._due_user().lang or self.env.user.lang).items():
            records = group.with_context(lang=lang)
            # no e-mail for each: the day's list shows them
            activities = records.env["mail.activity"].with_context(mail_activity_quick_update=True)
            made = activities.create(
                [
                    {
                        "res_model_id": model_id,
                        "res_id": record.id,
                        "activity_type_id": activity_type.id,
                        "summary": record._reminder_summary(levels[record]),
                        "date_deadline": today,
                        "user_id": record._due_user().id,
                    }
                    for record in records
                ]
            )
            # the name of what is due is kept in the language of who reads it, not in that of what flushes later
            made.flush_recordset(["res_name"])
        for level, records in changed.grouped(levels.get).items():
            records.reminded = level

    def _reminder_summary(self, level):
        name, day = self._due_name(), format_date(self.env, self[self._due_field()])
        if level == "late":
            return self.env._("Late: %(name)s was due on %(day)s", name=name, day=day)
        return self.env._("%(name)s, due on %(day)s", name=name, day=day)

    def _drop_reminders(self):
        self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self._due_activity_type().id),
            ]
        ).unlink()

    def _forget_reminders(self):
        """Reminders of what has not to be done any more."""
        over = self.filtered("reminded")
        over -= over.filtered_domain(self._open_domain())
        if over:
            over._drop_reminders()
            over.reminded = False
