from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST = 2000  # characters that the page of who trains takes in


class EventEvent(models.Model):
    """What the answers to the placement survey changed in the session: asked and not used, they prove nothing."""

    _inherit = "event.event"

    pope_placement_use = fields.Text(
        string="What Was Adapted",
        copy=False,
        tracking=True,
        groups="pope_crm.group_pope_user",
        help="What the trainer changed after reading what the trainees know and need: groups, rhythm, examples…",
    )
    pope_placement_date = fields.Date(
        string="Adapted On",
        compute="_compute_pope_placement_date",
        store=True,
        copy=False,
        groups="pope_crm.group_pope_user",
    )

    @api.depends("pope_placement_use")
    def _compute_pope_placement_date(self):
        """The day when it was said first."""
        for event in self:
            said = (event.pope_placement_use or "").strip()
            event.pope_placement_date = said and (event.pope_placement_date or fields.Date.context_today(event))

    @api.private
    def _pope_trainer_answer(self, partner, form, **trace):
        """Who trains may also say what they adapt, on the same page."""
        if "adapted" not in form:
            return super()._pope_trainer_answer(partner, form, **trace)
        text = form["adapted"].strip()
        if not text:
            raise ValidationError(self.env._("Say in a few words what you adapt."))
        self.pope_placement_use = text[:LONGEST]
        return "noted"


class QualityEvidenceRule(models.Model):
    _inherit = "pope.quality.evidence.rule"

    check = fields.Selection(
        selection_add=[("placement", "Placement answered before the first day, and used")],
        ondelete={"placement": "cascade"},
    )

    def _look_placement(self, facts):
        """Trainees who answered before the first day, in sessions that say what was adapted."""
        asked = facts["enrolments"]
        answers = self.env["survey.user_input"].search_fetch(
            [("pope_enrolment_id", "in", asked.ids), ("pope_kind", "=", "placement"), ("state", "=", "done")],
            ["pope_enrolment_id", "end_datetime"],
        )
        placed = answers.filtered(
            lambda answer: answer.end_datetime and answer.end_datetime <= answer.pope_enrolment_id.date_begin
        ).pope_enrolment_id
        day = facts["day"]
        used = asked.event_id.filtered(lambda event: event.pope_placement_date and event.pope_placement_date <= day)
        return asked.filtered(lambda trainee: trainee in placed and trainee.event_id in used), asked
