from odoo import fields, models

from .pope_notification import GONE

# what each step brings
DOCUMENTS = {"convocation": "convocation", "convocation_copy": "convocation", "certificate": "certificate"}


class Notification(models.Model):
    """The e-mail of a step brings its document, made as it leaves."""

    _inherit = "pope.notification"

    reason = fields.Selection(selection_add=[("no_document", "Waits for what its document lacks")])

    def _queue(self):
        waited = self.filtered(lambda row: row.reason in ("no_hours", "no_document"))
        waited.write({"reason": False, "reason_detail": False})
        for step, rows in self.filtered("enrolment_id").grouped("step").items():
            if step in DOCUMENTS:
                rows._bring(DOCUMENTS[step])
        return super()._queue()

    def _bring(self, code):
        """Issue the document for those of whom all is known; the one that went with a former e-mail is made again."""
        kind = self.env["pope.training.document.kind"]._of_code(code)
        if not kind:
            return
        told = [("step", "in", self.mapped("step")), ("state", "in", GONE)]
        former = self.search([("enrolment_id", "in", self.enrolment_id.ids), *told]).document_ids
        gone = {enrolment for enrolment, document in kind._current(self.enrolment_id).items() if document in former}
        again = self.enrolment_id.filtered(lambda enrolment: enrolment in gone)
        ready = again - again.browse(enrolment.id for enrolment in kind._gaps(again))
        documents = (self.enrolment_id - again)._pope_issue(code)
        (documents | kind._issue(ready) if ready else documents)._go_with(self)

    def _wait_for_hours(self):
        """A certificate waits until it can be made, and says what it lacks."""
        rows = self.filtered(
            lambda row: row.step == "certificate" and not row.is_manual and not row.enrolment_id._awaits_attendance()
        )
        waiting = self.browse()
        if rows and self.env["pope.training.document.kind"]._of_code("certificate"):
            for enrolment, lacks in rows.enrolment_id._pope_issue_gaps("certificate").items():
                late = rows.filtered(lambda row, enrolment=enrolment: row.enrolment_id == enrolment)
                late.write({"reason": "no_document", "reason_detail": lacks})
                waiting |= late
        waiting._wait_for_tomorrow()
        return super(Notification, self - waiting)._wait_for_hours()
