from odoo import fields, models
from odoo.tools import SQL


class Accompaniment(models.Model):
    """Information meetings and trainings: whoever was present was accompanied."""

    _inherit = "pope.accompaniment"

    _depends = {
        "event.registration": ["active"],
        "pope.training.enrolment": ["company_id", "date_begin", "lead_id", "partner_id", "pope_kind", "state"],
    }

    kind = fields.Selection(selection_add=[("training", "Training followed")])

    def _act_queries(self):
        return [*super()._act_queries(), self._enrolment_query()]

    def _enrolment_query(self):
        """An event of all companies is an act of the project's company."""
        return SQL(
            """
            SELECT 3, enrolment.id,
                   CASE enrolment.pope_kind WHEN 'training' THEN 'training' ELSE 'meeting' END,
                   enrolment.partner_id, enrolment.date_begin::date, enrolment.lead_id,
                   COALESCE(enrolment.company_id, lead.company_id), NULL::integer
              FROM pope_training_enrolment enrolment
              JOIN event_registration registration
                ON registration.id = enrolment.registration_id AND registration.active
         LEFT JOIN crm_lead lead ON lead.id = enrolment.lead_id
             WHERE enrolment.state = 'done' AND enrolment.pope_kind IN ('information_meeting', 'training')
               AND enrolment.partner_id IS NOT NULL
            """
        )

    def _meeting_query(self, condition=None):
        """Where it is known who came to the project's meeting, the others did not."""
        unknown = SQL(
            """
            NOT EXISTS (SELECT FROM pope_training_enrolment came
                         WHERE came.lead_id = lead.id AND came.state = 'done'
                           AND came.pope_kind = 'information_meeting')
            """
        )
        return super()._meeting_query(SQL("%s AND %s", condition, unknown) if condition else unknown)
