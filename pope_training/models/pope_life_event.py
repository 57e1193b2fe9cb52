from odoo import api, fields, models
from odoo.tools import SQL


class LifeEvent(models.Model):
    """The meetings, discovery days and trainings of a person, in the line of what they and the pole did."""

    _inherit = "pope.life.event"

    _depends = {
        "pope.training.enrolment": [
            *("partner_id", "date_begin", "state", "pope_kind", "lead_id", "company_id", "event_id")
        ]
    }

    kind = fields.Selection(
        selection_add=[
            ("registered", "Signed up"),
            ("training", "Training attended"),
            ("discovery", "Discovery day attended"),
        ]
    )

    @api.model
    def _life_queries(self):
        queries = super()._life_queries()
        # who was ticked at the meeting itself needs no date on the project to tell it again
        queries["meeting"] = SQL(
            """%s WHERE NOT EXISTS (
                   SELECT FROM pope_training_enrolment came
                    WHERE came.partner_id = told.partner_id AND came.lead_id = told.lead_id
                      AND came.state = 'done' AND came.pope_kind = 'information_meeting')""",
            self._life_columns(queries["meeting"]),
        )
        queries["enrolment"] = SQL(
            """SELECT %s, enrolment.partner_id, enrolment.date_begin,
                      CASE WHEN enrolment.state = 'open' THEN 'registered'
                           WHEN enrolment.pope_kind = 'training' THEN 'training'
                           WHEN enrolment.pope_kind = 'discovery_day' THEN 'discovery'
                           ELSE 'meeting' END,
                      enrolment.lead_id, enrolment.company_id, 'event.event', enrolment.event_id
                 FROM pope_training_enrolment enrolment
                WHERE enrolment.partner_id IS NOT NULL AND enrolment.date_begin IS NOT NULL
                  AND enrolment.state IN ('open', 'done')""",
            self._life_id("enrolment", 10),
        )
        return queries
