from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .pope_attendance import HERE

# the documents that tell what was followed: nothing is told before it is known
AFTERWARDS = ("certificate", "statement")
TELL_HOURS = ("certificate", "statement", "attendance")


class TrainingEnrolment(models.Model):
    """What is told of a trainee in their documents."""

    _name = "pope.training.enrolment"
    _inherit = ["pope.training.enrolment", "pope.training.document.source"]

    document_ids = fields.One2many("pope.training.document", "enrolment_id", string="Documents")
    document_count = fields.Integer(string="Number of Documents", compute="_compute_document_count")

    def _compute_document_count(self):
        counts = dict(
            self.env["pope.training.document"]._read_group(
                [("enrolment_id", "in", self.ids), ("state", "=", "issued")], ["enrolment_id"], ["__count"]
            )
        )
        for enrolment in self:
            enrolment.document_count = counts.get(enrolment, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_without_documents(self):
        # sudo: documents hold the registration wherever the user may look
        if told := self.sudo().filtered("document_ids"):
            raise UserError(
                self.env._("%(name)s has documents: cancel the registration instead.", name=told[0].display_name)
            )

    def action_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_document_action")
        return {**action, "domain": [("enrolment_id", "=", self.id)], "context": {}}

    # --- As a source of documents ---

    @api.model
    def _pope_document_words(self):
        return {
            **super()._pope_document_words(),
            **self._pope_words_through("event_id"),
            "date_to": (self.env._("last day"), "event_id", lambda enrolment: enrolment._last_day_words()),
            "person_name": (self.env._("the trainee"), "partner_id", lambda enrolment: enrolment._person_words()),
            "employer_name": (self.env._("employer"), "", lambda enrolment: enrolment.employer_id.name),
            "hours_followed": (
                self.env._("hours followed"),
                "event_id",
                lambda enrolment: enrolment.event_id._pope_hours_words(enrolment.hours_attended),
            ),
            "hours_missed": (
                self.env._("hours missed"),
                "event_id",
                lambda enrolment: enrolment.event_id._pope_hours_words(enrolment._hours_missed()),
            ),
            "attendance_list": (self.env._("attendance"), "event_id", lambda enrolment: enrolment._attendance_words()),
        }

    def _person_words(self):
        person = self.partner_id
        title = {"mrs": "Mme", "mr": "M."}.get(person.pope_civility)
        return " ".join(filter(None, (title, person.name)))

    def _rows_held(self):
        return self.attendance_ids.filtered(lambda row: row.slot_id.state == "planned").sorted("date_begin")

    def _hours_missed(self):
        """Of the half-days that are over."""
        known = self._rows_held().filtered(lambda row: row.status != "todo")
        return sum(known.slot_id.mapped("hours")) - sum(known.mapped("minutes_attended")) / 60

    def _attendance_words(self):
        """Each half-day that is known, with what was followed of it."""
        statuses = dict(self.env["pope.attendance"]._fields["status"]._description_selection(self.env))
        label = self.event_id._pope_hours_label
        rows = Markup().join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (
                row.slot_id.display_name,
                statuses[row.status],
                label(row.minutes_attended / 60) if row.status in HERE else label(0),
            )
            for row in self._rows_held()
            if row.status != "todo"
        )
        head = (self.env._("Half-Day"), self.env._("Attendance"), self.env._("Hours followed"))
        table = rows and Markup("<table><tr><th>%s</th><th>%s</th><th>%s</th></tr>") % head + rows + Markup("</table>")
        if table and self.date_left:
            left = self.env._("Left the training after %(day)s.", day=self._pope_document_day(self.date_left))
            table += Markup("<p>%s</p>") % left
        return table

    def _pope_document_gaps(self, kind):
        gaps = super()._pope_document_gaps(kind)
        if kind.code == "certificate" and self.bpf_status == "a" and not self.employer_id:
            gaps.append((self.env._("employer of this employee"), self))
        if kind.code in AFTERWARDS:
            # sudo: attendance is read wherever the user may look
            unknown = self.sudo()._rows_held().filtered(lambda row: row.status == "todo")
            partial = self.env.context.get("pope_partial")
            if partial:
                unknown = unknown.filtered(lambda row: row.slot_id.date_end <= self.env.cr.now())
            if not partial and not self._is_over_for():
                gaps.append((self.env._("the session is not over"), self.event_id))
            elif unknown:
                gaps.append((self.env._("attendance of %(count)s half-days", count=len(unknown)), self.event_id))
            elif not self.hours_attended:
                gaps.append((self.env._("nothing was followed: there is nothing to certify"), self.event_id))
        return gaps

    def _pope_document_link(self):
        return "enrolment_id"

    def _pope_document_values(self):
        return {
            **super()._pope_document_values(),
            "event_id": self.event_id.id,
            "partner_id": self.partner_id.id,
            "hours": self.hours_attended,
            "is_partial": bool(self.env.context.get("pope_partial")) and not self._is_over_for(),
        }


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_documents(self):
        # sudo: documents hold the registration wherever the user may look
        self.sudo()._pope_enrolments()._unlink_without_documents()
