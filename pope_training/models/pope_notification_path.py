from odoo import api, fields, models
from odoo.exceptions import ValidationError


class NotificationRule(models.Model):
    """Career paths have e-mails of their own, sent to their person; discovery days a confirmation and a reminder."""

    _inherit = "pope.notification.rule"

    source = fields.Selection(selection_add=[("path", "Career path")], ondelete={"path": "cascade"})
    trigger = fields.Selection(
        selection_add=[("discovery", "Registered at a discovery day")], ondelete={"discovery": "cascade"}
    )

    @api.model
    def _enrolment_triggers(self):
        return (*super()._enrolment_triggers(), "discovery")

    @api.constrains("source", "trigger", "recipients", "stage_id")
    def _check_path(self):
        for rule in self:
            own = rule.source == "path"
            if own and (rule.recipients != "contact" or rule.trigger == "refused"):
                raise ValidationError(
                    self.env._("“%(name)s”: what happens to a career path is told to its person.", name=rule.name)
                )
            pipeline = rule.stage_id.team_ids.mapped("pope_lead_type")
            if rule.stage_id and rule.source in self._lead_sources() and rule.source not in pipeline:
                raise ValidationError(
                    self.env._("“%(name)s”: choose a stage of the pipeline that it writes for.", name=rule.name)
                )

    @api.model
    def _source_dates(self):
        """The dates of paths are counted from for paths, and those of projects for projects."""
        dates = super()._source_dates()
        model, names = dates["project"]
        own = [name for name in names if name.startswith("pope_path_")]
        shared = [name for name in names if name not in own]
        enrolments, meeting = dates["enrolment"]
        return {
            **dates,
            "project": (model, shared),
            "path": (model, own),
            "enrolment": (enrolments, [*meeting, "date_discovery"]),
        }

    def _source_field(self):
        return "lead_id" if self.source == "path" else super()._source_field()


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    date_discovery = fields.Datetime(
        string="Awaited at a Discovery Day",
        compute="_compute_date_discovery",
        store=True,
        help="Empty when the registration or the day is called off.",
    )

    @api.depends(
        "state",
        "registration_id.active",
        "event_id.pope_kind",
        "event_id.date_begin",
        "event_id.active",
        "event_id.kanban_state",
    )
    def _compute_date_discovery(self):
        for enrolment in self:
            enrolment.date_discovery = enrolment._is_enrolled() and enrolment.event_id._pope_day_at()

    def _still_wants(self, trigger):
        if trigger == "discovery":
            return bool(self.date_discovery and self.date_discovery > self.env.cr.now())
        return super()._still_wants(trigger)
