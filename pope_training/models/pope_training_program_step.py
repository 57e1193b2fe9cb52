from odoo import fields, models

from .pope_notification_rule_step import STEPS

SWITCHES = {f"mail_{step}" for step, _label in STEPS}


class TrainingProgram(models.Model):
    """Which steps of its sessions write by themselves."""

    _inherit = "pope.training.program"

    mail_trainer = fields.Boolean(string="Page of the Trainer", default=True)
    mail_seal = fields.Boolean(string="Seal of What Was Signed", default=True)
    mail_assessment = fields.Boolean(string="Assessment of Learning", default=True)
    mail_trainer_survey = fields.Boolean(string="Survey of the Trainer", default=True)
    mail_insertion = fields.Boolean(string="Survey on the Job Found, after Six Months", default=True)

    def write(self, vals):
        result = super().write(vals)
        if SWITCHES.intersection(vals):
            self._replan_sessions()
        return result

    def _replan_sessions(self):
        """For the sessions that are not over, what the programme sends now is planned, and what it sends no more
        is taken back."""
        # sudo: whoever changes a programme changes the e-mails that depend on it
        events = self.env["event.event"].sudo()
        events = events.search([("pope_program_id", "in", self.ids), ("date_end", ">", self.env.cr.now())])
        enrolments = self.env["pope.training.enrolment"].sudo()
        enrolments.search([("event_id", "in", events.ids), ("date_first", "!=", False)])._replan()
        events._pope_replan_trainers()
